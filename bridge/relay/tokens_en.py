"""English words for the comparison: contractions, inflection, and what a word's shape says (negation, person)."""

from __future__ import annotations

from functools import lru_cache

from bridge.relay.tables import TABLES

_TABLES = TABLES["en"]
_NEGATIVE = {"can't": "can", "won't": "will", "shan't": "shall", "cannot": "can"}
_TAILS = {"'re": "are", "'ve": "have", "'ll": "will", "'m": "am", "'d": "would"}
_BARE = {  # a recogniser may leave the apostrophe out
    "dont": ("do", "not"),
    "doesnt": ("does", "not"),
    "didnt": ("did", "not"),
    "cant": ("can", "not"),
    "wont": ("will", "not"),
    "isnt": ("is", "not"),
    "arent": ("are", "not"),
    "wasnt": ("was", "not"),
    "werent": ("were", "not"),
    "shouldnt": ("should", "not"),
    "mustnt": ("must", "not"),
    "havent": ("have", "not"),
    "hasnt": ("has", "not"),
    "wouldnt": ("would", "not"),
    "couldnt": ("could", "not"),
    "im": ("i", "am"),
    "ive": ("i", "have"),
    "youre": ("you", "are"),
    "theyre": ("they", "are"),
    "theyll": ("they", "will"),
    "weve": ("we", "have"),
    "youll": ("you", "will"),
    "thats": ("that", "is"),
    "theres": ("there", "is"),
}
_SUBJECTS = frozenset("it he she that there what who where here this how when which".split())
NEGATIVE_PREFIXES = ("un", "in", "im", "non", "dis", "il", "ir", "de")
_IRREGULAR = {
    "men": "man",
    "women": "woman",
    "feet": "foot",
    "children": "child",
    "vessels": "vessel",
    "fired": "fire",
    "firing": "fire",
    "fell": "fall",
    "fallen": "fall",
    "flew": "fly",
    "flown": "fly",
    "sent": "send",
    "kept": "keep",
    "held": "hold",
    "left": "left",
    "lost": "lose",
    "met": "meet",
    "went": "go",
    "gone": "go",
    "goes": "go",
    "came": "come",
    "took": "take",
    "taken": "take",
    "gave": "give",
    "given": "give",
    "saw": "see",
    "seen": "see",
    "sank": "sink",
    "sunk": "sink",
    "shot": "shoot",
    "struck": "strike",
    "began": "begin",
    "begun": "begin",
    "broke": "break",
    "broken": "break",
    "dying": "die",
    "lying": "lie",
    "knives": "knife",
    "made": "make",
    "found": "find",
    "told": "tell",
    "said": "say",
    "brought": "bring",
    "withdrew": "withdraw",
    "withdrawn": "withdraw",
    "led": "lead",
    "laid": "lay",
    "heard": "hear",
    "built": "build",
}


def expand(word: str) -> tuple[str, ...]:
    """A folded word as the words it contracts, colloquial and American forms replaced."""
    if word in _BARE:
        return _BARE[word]
    if word in _NEGATIVE:
        return (_NEGATIVE[word], "not")
    if word.endswith("n't"):
        return (word[:-3], "not")
    for tail, meant in _TAILS.items():
        if word.endswith(tail):
            return (word[: -len(tail)], meant)
    if word.endswith("'s"):
        return (word[:-2], "is") if word[:-2] in _SUBJECTS else ((word[:-2], "us") if word == "let's" else (word[:-2],))
    return _TABLES.replaced.get(word, (word.replace("'", ""),))


@lru_cache(maxsize=32768)
def stem(word: str) -> str:
    """The word without number, tense and -ly; good enough to compare, not to print."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for tail, keep, least in (
        ("iness", "y", 4),
        ("ies", "y", 2),
        ("ied", "y", 2),
        ("sses", "ss", 2),
        ("shes", "sh", 2),
        ("ches", "ch", 2),
        ("xes", "x", 2),
        ("ing", "", 3),
        ("ed", "", 3),
        ("ly", "", 4),
        ("es", "", 3),
        ("s", "", 3),
    ):
        if word.endswith(tail) and len(word) - len(tail) >= least and not word.endswith("ss"):
            return _undouble(word[: -len(tail)] + keep)
    return _undouble(word)


def _undouble(word: str) -> str:
    if len(word) > 3 and word[-1] == word[-2] and word[-1] in "bdgklmnprt":
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


@lru_cache(maxsize=32768)
def forms(word: str) -> tuple[str, ...]:
    """Spellings under which tables may know the word, the likeliest first."""
    return (word,)


@lru_cache(maxsize=32768)
def marks(word: str) -> frozenset[str]:
    """Facts in the word's own shape; English says them in words of their own."""
    return frozenset()
