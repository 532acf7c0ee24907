"""Arabic words for the comparison: attached particles, article, case and number endings, possessive endings.

It knows shapes, not meanings; several analyses of a word are possible and all are offered.
"""

from __future__ import annotations

from functools import lru_cache

from bridge.base.text import fold
from bridge.relay.tables import TABLES

_TABLES = TABLES["ar"]
_ARTICLE = fold("ال")
_LEADS = tuple(fold(p) for p in ("و", "ف", "ب", "ل", "ك", "س"))
_OURS, _YOURS = fold("نا"), fold("كم")
_THEIRS = tuple(fold(s) for s in ("هم", "ها", "هن", "ه"))
_ENDINGS = tuple(fold(s) for s in ("تين", "تان", "ات", "ون", "ين", "ان", "وا", "ية", "ة", "ا", "ي", "ى", "ت", "ن"))
_FOR_THE = fold("لل")
_AND_SO = fold("وف")
_AND = (fold("و"), fold("ف"))
_COUNTED = (fold("ان"), fold("ين"))
_FUTURE = tuple(fold(s) for s in ("سي", "ست", "سن", "سأ"))
_NOT_OURS = frozenset(
    fold(w) for w in ("هنا", "أنا", "إننا", "ميناء", "مينا", "لنا", "بنا", "منا", "عنا", "دنا", "قنا", "سينا")
)
_WE_CAN = frozenset(map(fold, ("نستطيع", "نقدر", "نتمكن", "ونستطيع", "سنتمكن")))
_YOU_CAN = frozenset(map(fold, ("تستطيعون", "تقدرون", "تتمكنون", "تستطيعوا", "تتمكنوا")))
_NOT_YOURS = frozenset(fold(w) for w in ("حكم", "كم", "تحكم", "لكم", "بكم", "منكم", "تراكم", "متحكم", "محكم"))


def expand(word: str) -> tuple[str, ...]:
    """A folded word with colloquial forms replaced by the written ones."""
    return _TABLES.replaced.get(word, (word,))


def _bare(word: str) -> str:
    """Without article; و, ف, ب, ل, ك before an article go with it."""
    if word.startswith(_FOR_THE) and len(word) > 4:
        return word[2:]
    for lead in ("", *_LEADS[:5]):
        if word.startswith(lead + _ARTICLE) and len(word) - len(lead) > 4:
            return word[len(lead) + 2 :]
    return word


def owner(word: str) -> tuple[str, str]:
    """The word without a possessive or object ending, and whose it is: `us`, `you`, `them` or nobody."""
    if word.endswith(_OURS) and len(word) > 4 and word not in _NOT_OURS:
        return word[:-2], "us"
    if word.endswith(_YOURS) and len(word) > 4 and word not in _NOT_YOURS:
        return word[:-2], "you"
    for tail in _THEIRS[:3]:
        if word.endswith(tail) and len(word) > 4:
            return word[: -len(tail)], "them"
    return word, ""


@lru_cache(maxsize=32768)
def stem(word: str) -> str:
    """The word without particles, article, owner and the commonest endings."""
    base = _bare(word)
    if base == word and len(word) > 4 and word[0] in _AND_SO:
        base = word[1:]
    if base.startswith(_FUTURE) and len(base) > 4:
        base = base[1:]
    base = owner(base)[0]
    for tail in _ENDINGS:
        if base.endswith(tail) and len(base) - len(tail) >= 3:
            base = base[: -len(tail)]
            break
    return base


def is_counted(word: str) -> bool:
    """Whether the ending says two or more: مهندسان, مهندسين."""
    return len(word) > 5 and word.endswith(_COUNTED)


@lru_cache(maxsize=32768)
def forms(word: str) -> tuple[str, ...]:
    """Spellings under which tables may know the word, the likeliest first."""
    found = [word]
    bare = _bare(word)
    found.append(bare)
    if len(word) > 3 and word[0] in _LEADS:
        found.append(word[1:])
        if word[0] in _AND and word[1:].startswith(_FUTURE) and len(word) > 4:
            found.append(word[2:])  # وسنرد is وسوف نرد
    for base in tuple(found):
        if base.endswith(fold("ا")) and len(base) > 3:
            found.append(base[:-1])
        owned = owner(base)[0]
        if owned != base:
            # The feminine ending opens before an owner: قافلت+نا is قافله.
            found.extend((owned, owned[:-1] + fold("ة")) if owned.endswith(fold("ت")) else (owned,))
    if bare == word and len(word) > 2 and word not in _TABLES.numbers.unit:
        found.append(_ARTICLE + word)  # a recogniser drops the article
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=32768)
def marks(word: str) -> frozenset[str]:
    """Facts in the word's own shape: `us`, `you` for owners; `and` for a leading و; `will` for س."""
    found = set()
    who = owner(word)[1]
    if who in ("us", "you"):
        found.add(who)
    elif word in _WE_CAN:
        found.add("us")
    elif word in _YOU_CAN:
        found.add("you")
    if len(word) > 2 and word[0] == fold("و"):
        found.add("and")
    return frozenset(found)
