"""How alike two words of one language are, as a recogniser or another speaker might confuse them.

It judges words, not facts: a confusion of east and west is `CONFLICT` because both are directions, whatever they
sound like. Costs are for the alignment, relations for the judgement.
"""

from __future__ import annotations

import enum
from functools import lru_cache

from bridge.relay.concepts import concepts
from bridge.relay.tables import TABLES
from bridge.relay.tokens import Token
from bridge.relay.tokens_en import NEGATIVE_PREFIXES


class Relation(enum.Enum):
    SAME = "same"
    LIKE = "like"
    """Another spelling, a homophone, a synonym: taken for the same."""
    NEAR = "near"
    """Could be a mishearing, could be another word."""
    MARK = "mark"
    """Same word with another owner or negated."""
    CONFLICT = "conflict"
    """Two values of one class of fact."""
    OTHER = "other"


COST = {
    Relation.SAME: 0.0,
    Relation.LIKE: 0.2,
    Relation.NEAR: 0.75,
    Relation.MARK: 0.5,
    Relation.CONFLICT: 0.8,
    Relation.OTHER: 1.4,
}
_TOLD_APART = frozenset(("neg", "us", "you"))
WEAK = frozenset(
    ("dir:to", "dir:from", "modal:will", "cond:because", "actor:them", "order:again", "quant:same", "zone:local")
)
"""Classes that ordinary words carry: losing one is no loss of a fact."""
_SOUNDS: dict[str, dict[int, str] | dict[int, int]] = {
    "en": str.maketrans(
        {"c": "k", "q": "k", "z": "s", "v": "f", "d": "t", "b": "p", "g": "k", "j": "k", "m": "n", "x": "k"}
    ),
    "fa": str.maketrans("ثصذضظطغح", "سسزززتقه"),
    "ar": str.maketrans("ثصذضظطغ", "سسدددتق"),
}
_SPOKEN: dict[str, dict[int, int]] = {
    "en": {},
    "fa": str.maketrans("ثصذضظطغحع", "سسزززتقها"),
    "ar": str.maketrans("ثصذظطى", "سسزضتی"),
}
"""Letters that sound alike in the language: words equal under them sound the same."""
_SILENT = {"en": "aeiouyhw'", "fa": "اویهع", "ar": "اویهء"}


def relation(sealed: Token, heard: Token, language: str) -> Relation:
    """How `heard` relates to `sealed`."""
    if sealed.key == heard.key:
        return Relation.MARK if _marks_differ(sealed, heard) else Relation.SAME
    if sealed.tag and sealed.tag == heard.tag:
        return _same_class(sealed, heard, language)
    if sealed.is_figure or heard.is_figure:
        return Relation.OTHER
    return _by_words(sealed, heard, language)


def _marks_differ(sealed: Token, heard: Token) -> bool:
    return (sealed.marks ^ heard.marks) & _TOLD_APART != frozenset()


def _same_class(sealed: Token, heard: Token, language: str) -> Relation:
    if _homophones(sealed.text, heard.text, language):
        return Relation.LIKE
    pair = {sealed.key, heard.key}
    if pair in ({"modal:may", "modal:might"}, {"cond:if", "cond:when"}, {"cond:if", "cond:provided"}):
        return Relation.NEAR
    return Relation.CONFLICT


def _by_words(sealed: Token, heard: Token, language: str) -> Relation:
    if _homophones(sealed.text, heard.text, language):
        return Relation.LIKE
    tagged = (sealed.tag and sealed.key not in WEAK) or (heard.tag and heard.key not in WEAK)
    if set(sealed.forms[:3]) & set(heard.forms[:3]) and not tagged:
        return Relation.MARK if _marks_differ(sealed, heard) else Relation.LIKE
    if sealed.is_light and heard.is_light:
        return Relation.LIKE
    if opposite(sealed.text, heard.text, language):
        return Relation.MARK
    if _share_concept(sealed, heard, language) and not tagged:
        return Relation.LIKE
    alike = sounds_alike(sealed.text, heard.text, language)
    if _marks_differ(sealed, heard) and alike >= 0.5:
        return Relation.MARK
    if alike >= 0.8:
        return Relation.NEAR if tagged else Relation.LIKE
    if alike >= 0.55:
        return Relation.NEAR
    return Relation.OTHER


def _homophones(one: str, other: str, language: str) -> bool:
    lines = TABLES[language].homophones
    return bool(lines.get(one, frozenset()) & lines.get(other, frozenset()))


def _share_concept(one: Token, other: Token, language: str) -> bool:
    return bool(concepts(one, language) & concepts(other, language))


def opposite(one: str, other: str, language: str) -> bool:
    """Whether one word is the other with a negative prefix: armed, unarmed; کنید, نکنید."""
    short, long = sorted((one, other), key=len)
    if language == "en":
        return any(long == prefix + short for prefix in NEGATIVE_PREFIXES)
    if language == "fa":
        swapped = {one[:1], other[:1]} == {"ب", "ن"} and one[1:] == other[1:]  # بروید, نروید
        return swapped or long in ("ن" + short, "نا" + short, "بی" + short, "غیر" + short)
    return False


@lru_cache(maxsize=65536)
def sounds_alike(one: str, other: str, language: str) -> float:
    """0 to 1; 1 for words that sound the same to a recogniser."""
    if one == other:
        return 1.0
    if one.translate(_SPOKEN[language]) == other.translate(_SPOKEN[language]):
        return 1.0
    letters = _ratio(one, other)
    if min(len(one), len(other)) < 3:
        return letters if letters > 0.6 else 0.0
    first, second = _skeleton(one, language), _skeleton(other, language)
    if first == second and len(first) >= 2 and letters >= 0.5:
        return max(0.9, letters)
    if letters >= 0.75 and min(len(one), len(other)) >= 4:
        return max(letters, 0.8)
    return letters


def _skeleton(word: str, language: str) -> str:
    sounds = word.translate(_SOUNDS[language])
    kept = "".join(letter for letter in sounds if letter not in _SILENT[language])
    single = [letter for at, letter in enumerate(kept) if at == 0 or kept[at - 1] != letter]
    return "".join(single)


def _ratio(one: str, other: str) -> float:
    longest = max(len(one), len(other))
    if abs(len(one) - len(other)) * 2 > longest:
        return 0.0
    return 1.0 - edits(one, other) / longest


def edits(one: str, other: str) -> int:
    """Fewest insertions, deletions, changes and swaps of neighbours."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before = before, row
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
