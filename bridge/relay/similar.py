"""How alike two words of one language are, as a recogniser or another speaker might confuse them.

It judges words, not facts: a confusion of east and west is `CONFLICT` because both are directions, whatever they
sound like. Costs are for the alignment, relations for the judgement.
"""

from __future__ import annotations

import enum

from bridge.base.text import fold
from bridge.relay import tokens_ar, tokens_fa
from bridge.relay.concepts import concepts
from bridge.relay.likeness import same_sound, sounds_alike
from bridge.relay.opposites import are_opposites, are_small_opposites
from bridge.relay.tables import PARTS, TABLES
from bridge.relay.tokens import Token
from bridge.relay.tokens_en import NEGATIVE_PREFIXES
from bridge.relay.vocabulary import is_known

_MAA, _AL = fold("ما"), fold("ال")


class Relation(enum.Enum):
    SAME = "same"
    LIKE = "like"
    """Another spelling, a homophone, a synonym: taken for the same."""
    NEAR = "near"
    """Could be a mishearing, could be another word."""
    MARK = "mark"
    """Same word with another owner or negated."""
    TURN = "turn"
    """Small words that turn the sense: and, or; will, has."""
    CONFLICT = "conflict"
    """Two values of one class of fact."""
    OTHER = "other"


COST = {
    Relation.SAME: 0.0,
    Relation.LIKE: 0.2,
    Relation.NEAR: 0.75,
    Relation.MARK: 0.5,
    Relation.TURN: 0.5,
    Relation.CONFLICT: 0.8,
    Relation.OTHER: 1.4,
}
_TOLD_APART = frozenset(("neg", "us", "you"))
WEAK = frozenset(
    ("dir:to", "dir:from", "modal:will", "cond:because", "actor:them", "order:again", "quant:same", "zone:local")
)
"""Classes that ordinary words carry: losing one is no loss of a fact."""


def is_weak(token: Token) -> bool:
    """Whether losing the token is no loss of a fact; Persian says the future by خواه alone."""
    return token.key in WEAK and not token.text.startswith("خواه")


def relation(sealed: Token, heard: Token, language: str) -> Relation:
    """How `heard` relates to `sealed`."""
    if sealed.key == heard.key:
        if sealed.tag == "date" and _is_other_part(sealed.text, heard.text, language):
            return Relation.CONFLICT  # this morning and this evening are both today
        if language == "ar" and not sealed.tag and sealed.text != heard.text:
            if tokens_ar.is_counted(sealed.text) != tokens_ar.is_counted(heard.text):
                return Relation.NEAR  # two engineers, or one
        if sealed.is_name and _is_other_name(sealed.text, heard.text):
            return Relation.NEAR
        return Relation.MARK if _marks_differ(sealed, heard) else Relation.SAME
    if sealed.tag and sealed.tag == heard.tag:
        return _same_class(sealed, heard, language)
    if sealed.is_figure or heard.is_figure:
        return Relation.OTHER
    pair = (sealed.text, sealed.key, sealed.is_light, heard.text, heard.key, heard.is_light, language)
    found = _KNOWN_PAIRS.get(pair)
    if found is None:
        if len(_KNOWN_PAIRS) >= _MOST_PAIRS:
            _KNOWN_PAIRS.clear()
        found = _KNOWN_PAIRS[pair] = _by_words(sealed, heard, language)
    return found


_AFTER_NOON = {"noon": "afternoon"}
"""Arabic says this afternoon by what comes after noon."""


def _is_other_part(one: str, other: str, language: str) -> bool:
    """Whether both name a part of the day, and not the same."""
    known = PARTS[language]
    said = [
        {_AFTER_NOON.get(known[word], known[word]) for word in text.split(" ") if word in known}
        for text in (one, other)
    ]
    return bool(said[0] and said[1]) and said[0] != said[1]


def _is_other_name(one: str, other: str) -> bool:
    """Whether an s makes two names of two words: Stavro, Stavros; no plural of one."""
    short, long = sorted((one, other), key=len)
    return long == short + "s" and not is_known(short, "en")


_MOST_PAIRS = 200_000
_KNOWN_PAIRS: dict[tuple[str, str, bool, str, str, bool, str], Relation] = {}
"""Answers of `_by_words`, which depend on these seven alone; a stream asks the same ones again and again."""


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
    if _turns(sealed, heard, language):
        return Relation.TURN
    if opposite(sealed.text, heard.text, language):
        return Relation.MARK
    if are_opposites(sealed.text, heard.text, language):
        return Relation.CONFLICT
    tagged = (sealed.tag and not is_weak(sealed)) or (heard.tag and not is_weak(heard))
    if set(sealed.forms[:3]) & set(heard.forms[:3]) and not tagged:
        return Relation.MARK if _marks_differ(sealed, heard) else Relation.LIKE
    if (sealed.is_light and heard.is_light) or _same_word(sealed, heard, language):
        return Relation.LIKE
    return _by_sound(sealed, heard, language, tagged=bool(tagged))


def _same_word(one: Token, other: Token, language: str) -> bool:
    """Whether two forms are one word by the habits of the language."""
    if language == "fa":
        spoken = tokens_fa.colloquial(one.text) & tokens_fa.colloquial(other.text)
        return bool(spoken) and not _marks_differ(one, other)
    if language == "ar":
        if one.text.removeprefix(_AL) == other.text.removeprefix(_AL):
            return True  # a recogniser drops the article
        return _MAA in (one.text, other.text) and "neg:not" in (one.key, other.key)  # ما denies verbs, too
    return False


def _by_sound(sealed: Token, heard: Token, language: str, *, tagged: bool) -> Relation:
    alike = sounds_alike(sealed.text, heard.text, language)
    if _marks_differ(sealed, heard) and alike >= 0.5:
        return Relation.MARK
    if same_sound(sealed.text, heard.text, language):
        both = is_known(sealed.text, language) and is_known(heard.text, language)
        return Relation.NEAR if tagged or (both and alike < 1) else Relation.LIKE
    if alike >= 0.55 or _share_concept(sealed, heard, language):
        return Relation.NEAR
    return Relation.OTHER


_PAST = {
    "en": frozenset("has have had was were did been".split()),
    "fa": frozenset("شد شدند شده بود بودند".split()),
    "ar": frozenset(map(fold, ("قد", "كان", "كانت", "تم"))),
}


def _turns(one: Token, other: Token, language: str) -> bool:
    """Whether two small words make two different sentences: and, or; has been, will be."""
    if are_small_opposites(one.text, other.text, language):
        return True
    past = _PAST[language]
    return (one.key == "modal:will" and other.text in past) or (other.key == "modal:will" and one.text in past)


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
