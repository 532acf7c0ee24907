"""How alike two words of one language are, as a recogniser or another speaker might confuse them.

It judges words, not facts: a confusion of east and west is `CONFLICT` because both are directions, whatever they
sound like. Costs are for the alignment, relations for the judgement.
"""

from __future__ import annotations

import enum

from bridge.base.text import fold
from bridge.relay.concepts import concepts
from bridge.relay.likeness import same_sound, sounds_alike
from bridge.relay.tables import TABLES
from bridge.relay.tokens import Token
from bridge.relay.tokens_en import NEGATIVE_PREFIXES
from bridge.relay.vocabulary import is_known

_MAA = fold("ما")


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
    if language == "ar" and _MAA in (sealed.text, heard.text) and "neg:not" in (sealed.key, heard.key):
        return Relation.LIKE  # ما before a verb is a negation, too
    alike = sounds_alike(sealed.text, heard.text, language)
    if _marks_differ(sealed, heard) and alike >= 0.5:
        return Relation.MARK
    if same_sound(sealed.text, heard.text, language):
        both = is_known(sealed.text, language) and is_known(heard.text, language)
        return Relation.NEAR if tagged or (both and alike < 1) else Relation.LIKE
    if alike >= 0.55 or _share_concept(sealed, heard, language):
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
