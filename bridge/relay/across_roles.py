"""Whose: ours and yours with the thing owned, compared across languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.base.text import fold
from bridge.relay.concepts import concepts, meanings
from bridge.relay.tables import WIDE
from bridge.relay.tokens import Token

_WINDOW = 4
_OWNERS = {"our": "us", "my": "us", "your": "you"}
_ALONE = {"ours": "us", "yours": "you"}


@dataclass(frozen=True, slots=True)
class Owned:
    owner: str
    """`us`, `you`, or `own` where the subject owns it."""
    things: frozenset[str]
    """Concepts that may be owned; empty if unknown."""
    at: int


def _things(token: Token, language: str) -> frozenset[str]:
    """What the token names; the wide glossary only where the narrow table has nothing."""
    found = concepts(token, language) or meanings(token, language)
    return frozenset(name for name in found if WIDE not in name)


def owned(tokens: Sequence[Token], language: str) -> list[Owned]:
    """Owners and what they own, in order."""
    return {"en": _english, "fa": _persian, "ar": _arabic}[language](tokens)


def _english(tokens: Sequence[Token]) -> list[Owned]:
    found: list[Owned] = []
    for at, token in enumerate(tokens):
        if token.text in _OWNERS:
            things: set[str] = set()
            for near in tokens[at + 1 : at + 1 + _WINDOW]:
                if near.tag in ("modal", "neg", "actor", "cond"):
                    break
                things |= _things(near, "en")
            found.append(Owned(_OWNERS[token.text], frozenset(things), at))
        elif token.text in _ALONE:
            before = tokens[max(0, at - 3) : at]
            found.append(Owned(_ALONE[token.text], frozenset().union(*(_things(near, "en") for near in before)), at))
    return found


_OWNS = tuple(map(fold, ("مان", "تان", "مون", "تون")))
"""Endings of owned things; the others are of verbs."""
_THEIRS = {fold("ما"): "us", fold("شما"): "you", fold("ماست"): "us", fold("شماست"): "you"}


def _persian(tokens: Sequence[Token]) -> list[Owned]:
    found: list[Owned] = []
    for at, token in enumerate(tokens):
        if token.text == fold("خود") and (at + 1 == len(tokens) or tokens[at + 1].text not in _THEIRS):
            found.append(Owned("own", frozenset(), at))
        if token.text in _THEIRS:
            before = _owned_before(tokens, at)
            if before is not None:
                found.append(Owned(_THEIRS[token.text], before, at))
        elif ("us" in token.marks or "you" in token.marks) and token.text.endswith(_OWNS) and _things(token, "fa"):
            found.append(Owned("us" if "us" in token.marks else "you", _things(token, "fa"), at))
    return found


def _owned_before(tokens: Sequence[Token], at: int) -> frozenset[str] | None:
    """Concepts of the two words before ما or شما; None after a preposition (to us, with you)."""
    near = at - 1
    while near >= 0 and tokens[near].text == fold("خود"):
        near -= 1
    if near >= 0 and tokens[at].text.endswith(_IS) and (tokens[near].is_light or tokens[near].key == "dir:from"):
        return frozenset()  # it is of yours
    if near < 0 or tokens[near].sentence != tokens[at].sentence:
        return None  # the subject of its sentence
    if near >= 0 and (tokens[near].is_light or tokens[near].key in ("dir:from", "dir:to") or tokens[near].text == _AT):
        return None
    things: set[str] = set()
    for token in reversed(tokens[max(0, near - 1) : near + 1]):
        if token.tag == "actor" or token.is_light:
            break
        things |= _things(token, "fa")
    return frozenset(things)


_AT = fold("نزد")
_IS = fold("ست")
_HAVING = frozenset(
    map(fold, ("لدينا", "لديكم", "عندنا", "عندكم", "معنا", "معكم", "إلينا", "إليكم", "بيننا", "بينكم", "نحن", "أنتم"))
)


def _arabic(tokens: Sequence[Token]) -> list[Owned]:
    found: list[Owned] = []
    for at, token in enumerate(tokens):
        if token.text in _HAVING or token.tag == "modal":
            continue
        if token.tag == "actor" and token.key in ("actor:us", "actor:you"):
            things = frozenset().union(*(_things(near, "ar") for near in tokens[max(0, at - _WINDOW) : at]))
            if token.text in (fold("جانبكم"), fold("جانبنا"), fold("طرفكم"), fold("طرفنا")):
                things = frozenset(("side_party",))
            found.append(Owned(token.key.partition(":")[2], things, at))
        elif ("us" in token.marks or "you" in token.marks) and not _is_deed(token):
            things = _things(token, "ar")
            found.append(Owned("us" if "us" in token.marks else "you", things, at))
    return found


def _is_deed(token: Token) -> bool:
    """Whether the word is what we do to you: نناديكم."""
    return token.text.startswith(fold("ن")) and token.text.endswith(fold("كم")) and len(token.text) > _SHORT


_SHORT = 5


def swapped(ours: Sequence[Owned], theirs: Sequence[Owned]) -> list[tuple[Owned, Owned, bool]]:
    """(sealed, heard, is certain) where the same thing changed its owner."""
    free = [one for one in theirs if one.owner != "own"]
    own = len(theirs) - len(free) + sum(one.owner == "own" for one in ours)
    left: list[Owned] = []
    for one in ours:
        if one.owner == "own":
            continue
        same = next((o for o in free if o.owner == one.owner and o.things & one.things), None)
        if same is not None:
            free.remove(same)
        else:
            left.append(one)
    found: list[tuple[Owned, Owned, bool]] = []
    rest: list[Owned] = []
    for one in left:  # the same thing with another owner
        other = next((o for o in free if o.owner != one.owner and o.things & one.things), None)
        if other is not None:
            free.remove(other)
            found.append((one, other, True))
        else:
            rest.append(one)
    for one in rest:  # an owner of something that the tables do not know
        same = next((o for o in free if o.owner == one.owner), None)
        other = next((o for o in free if o.owner != one.owner and not (o.things and one.things)), None)
        if same is not None:
            free.remove(same)
        elif own:
            own -= 1
        elif other is not None:
            free.remove(other)
            found.append((one, other, False))
    return found
