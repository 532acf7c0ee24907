"""Words that say one thing in different ways, given one key by what stands around them.

Above and more than before an amount, at a distance of and so far from, please in its forms: how a faithful speaker
rewords within one language. It compares nothing; a word it makes light is one whose loss changes nothing there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from bridge.base.text import fold
from bridge.relay.facts import COMPASS
from bridge.relay.numerals import is_quantity
from bridge.relay.tokens import Token

_BOUNDS = {"dir:above": "quant:atleast", "dir:below": "quant:atmost"}
_BOUNDS_AR = {fold(word): "quant:atleast" for word in ("يتجاوز", "تتجاوز", "يفوق", "تفوق")} | {
    fold("دون"): "quant:atmost"
}
_DISTANT = frozenset(map(fold, ("على بعد", "وعلى بعد", "على مسافة", "وعلى مسافة", "مسافة")))
_TOWARD, _IF, _YOU_DID = fold("نحو"), fold("إن"), fold("تم")
_ONE, _TIME, _AT_ONCE = fold("واحدة"), fold("مرة"), fold("في الحال")
_NOBODY = frozenset(map(fold, ("هیچ‌کس", "هیچ‌کسی", "کسی", "کس")))
_NO_FA, _SOMEBODY = fold("هیچ"), fold("کسی")
_NEAR = 8
"""Tokens within which the verb follows that denies."""
_DAYS = frozenset(("date:today", "date:tomorrow", "date:yesterday"))
_PARTS = frozenset(("date:morning", "date:noon", "date:afternoon", "date:evening", "date:night"))


def in_place(tokens: Sequence[Token], at: int, language: str) -> Token:
    """The token at `at` as its neighbours show it to be meant."""
    token = _bounded(tokens, at, language)
    if token.key == "modal:ask":
        return replace(token, marks=token.marks - {"us", "you"})  # we ask, be so kind: please
    if token.key == "dir:toward" and _next_key(tokens, at) in COMPASS:
        return _light(token)
    return {"en": _english, "fa": _persian, "ar": _arabic}[language](tokens, at, token)


def days_last(tokens: Sequence[Token]) -> list[Token]:
    """Tomorrow morning as the morning of tomorrow."""
    found = list(tokens)
    for at in range(len(found) - 1):
        if found[at].key in _DAYS and found[at + 1].key in _PARTS:
            found[at], found[at + 1] = found[at + 1], found[at]
    return found


def _light(token: Token) -> Token:
    return replace(token, key=token.text, tag="", is_light=True)


def _next_key(tokens: Sequence[Token], at: int) -> str:
    return next((token.key for token in islice(tokens, at + 1, at + 3) if not token.is_light), "")


def _before_amount(tokens: Sequence[Token], at: int, language: str) -> bool:
    return at + 1 < len(tokens) and is_quantity(tokens[at + 1], language)


def _bounded(tokens: Sequence[Token], at: int, language: str) -> Token:
    token = tokens[at]
    key = _BOUNDS.get(token.key) or (_BOUNDS_AR.get(token.text) if language == "ar" else None)
    if key is None or not _before_amount(tokens, at, language):
        return token
    if at and (tokens[at - 1].tag == "neg" or "neg" in tokens[at - 1].marks):
        return token  # does not exceed
    return replace(token, key=key, tag="quant", is_light=False, marks=frozenset())


def _english(tokens: Sequence[Token], at: int, token: Token) -> Token:
    if token.key == "dir:away" and at and tokens[at - 1].tag == "unit":
        return _light(token)  # four miles away from: four miles from
    if token.text == "within" and at + 1 < len(tokens) and tokens[at + 1].tag == "actor":
        return replace(token, text="inside", key="dir:inside", tag="dir", forms=("inside",))
    return token


def _persian(tokens: Sequence[Token], at: int, token: Token) -> Token:
    denied = any("neg" in near.marks for near in islice(tokens, at + 1, at + 1 + _NEAR))
    if token.text in _NOBODY and denied:
        return replace(token, key=_SOMEBODY, tag="", is_light=False)  # nobody was, not anybody was
    if token.text == _NO_FA and denied and at + 1 < len(tokens) and tokens[at + 1].text in _NOBODY:
        return _light(token)
    if token.key == "cond:until" and _next_key(tokens, at) == "order:before":
        return _light(token)
    return token


def _arabic(tokens: Sequence[Token], at: int, token: Token) -> Token:
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.text in _DISTANT:
        return replace(token, key=fold("مسافة"), tag="", is_light=False)
    if token.text == _TOWARD and _before_amount(tokens, at, "ar"):
        return replace(token, key="hedge:approx", tag="hedge", is_light=False)
    if token.text == _AT_ONCE:
        return replace(token, key="order:now", tag="order")
    if token.text == _ONE and at and tokens[at - 1].text == _TIME:
        return replace(token, is_light=True)  # once, one time
    if token.text == _IF and not token.tag and after is not None and len(after.text) > 4:
        # إن عثرتم: a verb of the past addressed to you says that this is if, not that.
        return replace(token, key="cond:if", tag="cond", is_light=False) if after.text.endswith(_YOU_DID) else token
    return token
