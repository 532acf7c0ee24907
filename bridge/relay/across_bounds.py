"""Bounds said with a negative (no less than, لا يقل عن, کمتر از ... نباشد), each as one bound, across languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bridge.base.text import fold
from bridge.relay.facts import is_number
from bridge.relay.tokens import Token

_TURNED = {"quant:atleast": "quant:atmost", "quant:atmost": "quant:atleast"}
_FEWER = frozenset(map(fold, ("يقل", "تقل", "تنقص", "ينقص")))
_MORE = frozenset(map(fold, ("يزيد", "تزيد", "يتجاوز", "تتجاوز", "يتعدى", "تتعدى", "يفوق", "تفوق")))
_OF = frozenset(map(fold, ("عن", "على")))
_APART = 4
"""Tokens between an Arabic verb of more or less and what it is more or less than."""
_BEFORE = 1
_AFTER = 6
"""Tokens before or after a bound in which a negative turns it around."""
_REACH = 3
"""Tokens after a bound in which its number stands."""


def bounds(tokens: Sequence[Token], language: str) -> list[Token]:
    """The tokens, a bound and the negative that turns it around being the other bound and a light word."""
    found = list(tokens)
    for at in range(len(found)):
        if language == "ar" and _is_parted(found, at):
            key = "quant:atmost" if found[at].text in _FEWER else "quant:atleast"
            found[at] = replace(found[at], key=key, tag="quant", is_light=False)
        if found[at].key not in _TURNED or not _is_compared(found[at]) or not _has_number(found, at, language):
            continue
        place = _negative(found, at, language)
        if place is not None:
            found[at] = replace(found[at], key=_TURNED[found[at].key], forms=())
            found[place] = replace(found[place], key=found[place].text, tag="", marks=frozenset(), is_light=True)
    return found


def _is_compared(token: Token) -> bool:
    """Whether the bound is a comparison, which a negative turns around; at least is none."""
    return token.text.startswith(_COMPARED) or token.text in _FEWER | _MORE


_COMPARED = tuple(
    map(fold, "more less fewer over exceed greater بیش کمتر أكثر لأكثر أقل لأقل يزيد تزيد يقل تقل".split())
)


def _is_parted(tokens: Sequence[Token], at: int) -> bool:
    """Whether a verb of more or less has its preposition further on: لا يقل العمق عن."""
    if tokens[at].text not in _FEWER | _MORE:
        return False
    if tokens[at].text in (fold("يتجاوز"), fold("تتجاوز")):
        return True
    return any(near.text in _OF for near in tokens[at + 1 : at + 1 + _APART])


def _has_number(tokens: Sequence[Token], at: int, language: str) -> bool:
    near = tokens[at + 1 : at + 1 + _REACH + 2 * (tokens[at].text in _FEWER | _MORE)]
    return any(token.is_figure or is_number(token, language) for token in near)


def _negative(tokens: Sequence[Token], at: int, language: str) -> int | None:
    """The negative that belongs to the bound; Persian says it with the verb at the end."""
    if {"no", "not", fold("لا"), fold("لن"), fold("لم"), fold("نه")} & set(tokens[at].text.split(" ")):
        return None  # part of the phrase
    if language == "fa":
        places = range(at + 1, min(len(tokens), at + 1 + _AFTER))
        return next((place for place in places if tokens[place].text in _IS_NOT), None)
    places = range(at - 1, max(-1, at - 1 - _BEFORE), -1)
    place = next((place for place in places if _is_negative(tokens[place])), None)
    return place if place is not None and tokens[place].sentence == tokens[at].sentence else None


_IS_NOT = frozenset(map(fold, ("نباشد", "نیست", "نیستند", "نباشند", "نبود", "نشود", "نمی‌شود", "نخواهد بود")))
"""Persian verbs that only close the sentence of the bound."""


def _is_negative(token: Token) -> bool:
    return token.tag == "neg" or ("neg" in token.marks and token.tag in ("", "modal"))
