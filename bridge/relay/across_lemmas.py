"""Forms under which a word table may know an inflected word, the least changed first.

It knows shapes only; wrong forms are offered too and simply stand in no table.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bridge.base.text import fold
from bridge.relay import tokens_en, tokens_fa


def _folded(words: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words.split())


_LEADS_AR = ("", *_folded("و ف ب ل ك س ال وال فال بال كال لل ول فل وب فب ولل وس فس ا وا فا"))
_TAILS_AR = (
    "",
    *_folded("ة ه ها هم هن نا كم ك ي ا ان ين ون ات وا تا ت تم تين تان ته تها تهم تنا تكم اته اتها اتنا اتكم اتهم"),
    *_folded("وه وها وهم تموه تموها تموهم يه يها ني ية يا هما ين يين يون ية ياً اً انا"),
)
_IMPERFECT_AR = _folded("ي ت ن أ")
_LEADS_FA = ("", *_folded("می نمی ن ب بی نا"))
_TAILS_FA = (
    "",
    *_folded("ی ای یی ه م ت ش د ند یم ید ها های هایی ان یان گان ات تر ترین مان تان شان یش یم یت"),
    *_folded("هایمان هایتان هایشان هایم هایت هایش هایی اند ام ایم اید است شده نده ندگان ن یدن یده یدند یدیم یدید"),
    *_folded("هاند هام هایم هاید هاست هست هی انی یانی انمان انتان انشان شان اش اشان ۀ"),
)
_LEAST = {"ar": 2, "fa": 2, "en": 3}
_ENGLISH_ENDS = (
    ("ied", "y"), ("ies", "y"), ("ier", "y"), ("iest", "y"), ("ily", "y"), ("ing", ""), ("ing", "e"), ("ed", ""),
    ("ed", "e"), ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e"), ("est", ""), ("ly", ""), ("es", ""), ("s", ""),
    ("ment", ""), ("ments", ""), ("ion", ""), ("ion", "e"), ("ions", ""), ("ions", "e"), ("ation", ""),
    ("ation", "e"), ("ness", ""), ("al", ""), ("ful", ""), ("able", ""), ("able", "e"), ("or", "e"), ("or", ""),
    ("ors", "e"), ("ors", ""), ("ist", ""), ("ists", ""), ("ity", ""), ("ity", "e"), ("ive", "e"), ("ives", "e"),
)  # fmt: skip
_PREFIXES_EN = ("re", "un", "over", "under", "out", "fore", "mid", "non", "anti", "counter")


@lru_cache(maxsize=16384)
def lemmas(word: str, language: str) -> tuple[str, ...]:
    """The word itself first, then what is left without particles, prefixes and endings."""
    found = {"ar": _arabic, "fa": _persian, "en": _english}[language](word)
    least = _LEAST[language]
    return tuple(dict.fromkeys(form for form in found if form == word or len(form) >= least))


def _arabic(word: str) -> Iterator[str]:
    """Particles, article, then owner, number and person; a verb of the present loses its first letter too."""
    yield word
    for lead in _LEADS_AR:
        if not word.startswith(lead):
            continue
        bare = word[len(lead) :]
        for tail in _TAILS_AR:
            if tail and not bare.endswith(tail):
                continue
            base = bare[: len(bare) - len(tail)]
            yield base
            if base.endswith(fold("ت")) or tail:
                yield base + fold("ة")
            if base.endswith(fold("ی")) or base.endswith(fold("و")):
                yield base[:-1] + fold("ا")
            if base[:1] in _IMPERFECT_AR and len(base) > 3 and "ال" not in lead:
                yield base[1:]
                yield fold("أ") + base[1:]
                yield fold("ی") + base[1:]


def _persian(word: str) -> Iterator[str]:
    yield word
    yield tokens_fa.affirmed(word)
    for lead in _LEADS_FA:
        if not word.startswith(lead):
            continue
        bare = word[len(lead) :]
        for tail in _TAILS_FA:
            if tail and not bare.endswith(tail):
                continue
            base = bare[: len(bare) - len(tail)]
            yield base
            if base.endswith(fold("ا")) or base.endswith(fold("و")):
                yield base + fold("ی")
            if base.startswith(fold("ی")) and lead:
                yield fold("آ") + base[1:]
            if base.endswith(fold("ه")):
                yield base[:-1]


def _english(word: str) -> Iterator[str]:
    yield word
    yield tokens_en.stem(word)
    for tail, kept in _ENGLISH_ENDS:
        if word.endswith(tail) and len(word) - len(tail) >= 3:
            base = word[: len(word) - len(tail)]
            yield base + kept
            if len(base) > 3 and base[-1] == base[-2]:
                yield base[:-1]
    for lead in _PREFIXES_EN:
        if word.startswith(lead) and len(word) - len(lead) > 3:
            yield word[len(lead) :]
            yield tokens_en.stem(word[len(lead) :])
