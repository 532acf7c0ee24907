"""Names of a sealed text, looked for in a text of another language and script."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from bridge.relay.across_pair import Pair
from bridge.relay.concepts import concepts, is_listed
from bridge.relay.facts import Finding, is_number
from bridge.relay.tables import TABLES
from bridge.relay.tokens import Token
from bridge.relay.tokens_en import stem
from bridge.relay.tokens_fa import is_light_verb
from bridge.relay.translit import firm_sounds, may_be_one

_COMMON_ENDINGS = (
    "ing", "ed", "tion", "sion", "ment", "ness", "ly", "ful", "able", "ible", "ous", "ive", "ity", "ance", "ence",
    "ism",
    "ship", "ward", "wards", "less", "ally", "ists", "ers", "ment", "ments", "ions", "ies", "ght",
)  # fmt: skip


def is_unknown(token: Token, language: str) -> bool:
    """Whether no table knows the word: it may be a name."""
    if token.tag or token.is_light or token.is_figure or token.is_code or len(token.text) < 3:
        return False
    if is_number(token, language) or is_listed(token, language):
        return False
    if language == "fa" and (is_light_verb(token.text) or token.text.startswith(("می", "نمی"))):
        return False
    tables = TABLES[language]
    if language == "en":
        known = any(word in tables.common or stem(word) in _common_stems() for word in _without_prefix(token.text))
        return not known and not (len(token.text) > 6 and token.text.endswith(_COMMON_ENDINGS))
    return token.text not in tables.common


_PREFIXES = (
    "dis",
    "un",
    "re",
    "mis",
    "over",
    "under",
    "out",
    "fore",
    "non",
    "pre",
    "sub",
    "super",
    "inter",
    "anti",
    "counter",
    "mid",
)


def _without_prefix(word: str) -> list[str]:
    return [
        word,
        *(word[len(prefix) :] for prefix in _PREFIXES if word.startswith(prefix) and len(word) > len(prefix) + 3),
    ]


_STEMS: set[str] = set()


def _common_stems() -> set[str]:
    if not _STEMS:
        _STEMS.update(stem(word) for word in TABLES["en"].common)
    return _STEMS


def name_differences(pair: Pair) -> list[Finding]:
    """Listed names by key, other names by their consonants."""
    found: list[Finding] = []
    used_ours, used_theirs = pair.numbers.sealed_used, pair.numbers.heard_used
    ours = [(at, t) for at, t in enumerate(pair.sealed.tokens) if t.tag == "name" and at not in used_ours]
    theirs = [(at, t) for at, t in enumerate(pair.line) if t.tag == "name" and at not in used_theirs]
    own, heard = Counter(t.key for _, t in ours), Counter(t.key for _, t in theirs)
    lost = [(at, t) for at, t in ours if own[t.key] and not heard[t.key] and not _sounds(t, pair.line)]
    made = [(at, t) for at, t in theirs if not own[t.key] and not _sounds(t, pair.sealed.tokens)]
    for at, _ in lost:
        other = made.pop(0)[0] if made else None
        place = (other, other + 1) if other is not None else None
        found.append(pair.finding("name", (at, at + 1), place, certain=place is not None))
    found.extend(pair.finding("name", None, (at, at + 1), certain=False) for at, _ in made)
    found.extend(_by_sound(pair))
    return found


def _sounds(name: Token, tokens: tuple[Token, ...]) -> bool:
    """Whether any word of the other text may write the name."""
    first = name.text.split(" ")[-1]
    return any(may_be_one(first, form) for token in tokens if _may_name(token, first) for form in _spellings(token))


def _may_name(token: Token, name: str) -> bool:
    """Whether the word of the other text can be the name: no particle, no word of another class, about as long."""
    if token.tag == "name" or token.is_name or token.is_code:
        return True
    if token.tag or token.is_light:
        return False
    return abs(len(token.text) - len(name)) <= 4 or firm_sounds(name) >= 3


def _spellings(token: Token) -> tuple[str, ...]:
    last = token.text.split(" ")[-1]
    return (last, *token.forms, *((last[2:],) if last.startswith("ال") and len(last) > 3 else ()))


def _by_sound(pair: Pair) -> list[Finding]:
    """Capitalised words of an English sealed text; unknown words of an English heard text."""
    if pair.sealed.language == "en":
        return [
            pair.finding("name", (at, at + 1), None, certain=False)
            for at, token in enumerate(pair.sealed.tokens)
            if token.is_name and not token.is_code and not token.tag and at not in pair.numbers.sealed_used
            and not concepts(token, "en") and len(token.text) > 2
            and not _sounds(token, pair.line)
        ]  # fmt: skip
    if pair.heard.language == "en":
        return _torn(pair) + [
            pair.finding("name", None, (at, at + 1), certain=False)
            for at, token in enumerate(pair.line)
            if is_unknown(token, "en")
            and at not in pair.numbers.heard_used
            and _where_names_stand(pair.line, at)
            and not _sounds(token, pair.sealed.tokens)
        ]
    return []


_BEFORE_WORDS = frozenset(
    (
        "a an the be been being is are was were will not very more most do does did has have had can may our "
        "your their his "
        "her its this that these those no any some every each another must should might would could"
    ).split()
)


@lru_cache(maxsize=1)
def _english_parts() -> frozenset[str]:
    """Three-letter parts of the English words that the tables know, ends marked."""
    tables = TABLES["en"]
    words = {word for way in (*tables.concepts, *tables.common) for word in way.split(" ")} | set(tables.light)
    return frozenset(part for word in words for part in _parts(word))


def _parts(word: str) -> list[str]:
    marked = f"^{word}$"
    return [marked[at : at + 3] for at in range(len(marked) - 2)]


def looks_foreign(word: str) -> bool:
    """Whether the word has letters beside each other that no known English word has."""
    return any(part not in _english_parts() for part in _parts(word))


def _where_names_stand(line: tuple[Token, ...], at: int) -> bool:
    """Whether a name may stand here: not first, not after an article or an auxiliary verb, unless it looks like one."""
    return (at > 0 and line[at - 1].text not in _BEFORE_WORDS) or looks_foreign(line[at].text)


def _torn(pair: Pair) -> list[Finding]:
    """Unknown sealed words beside one that was heard by its sound: the other half of a name was heard otherwise."""
    found: list[Finding] = []
    tokens, language = pair.sealed.tokens, pair.sealed.language
    open_words = [is_unknown(token, language) and at not in pair.numbers.sealed_used for at, token in enumerate(tokens)]
    english = tuple(token for token in pair.line if len(token.text) > 2 and not token.is_light)
    heard = [
        is_open and firm_sounds(token.text) > 1 and _sounds(token, english)
        for is_open, token in zip(open_words, tokens, strict=True)
    ]
    for at, is_open in enumerate(open_words):
        verb = language == "ar" and tokens[at].text[0] in "یتن"
        if is_open and not verb and not heard[at] and not _sounds(tokens[at], english):
            beside = [near for near in (at - 1, at + 1) if 0 <= near < len(tokens) and heard[near]]
            if beside:
                found.append(pair.finding("name", (min(at, *beside), max(at, *beside) + 1), None, certain=False))
    return found
