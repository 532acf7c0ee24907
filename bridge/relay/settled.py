"""Tokens of one text put into the order and the classes that comparing within one language needs.

What depends on neighbours: two days and a half, $5, يومين, a clock word before an hour, a one that is part of a number.
It compares nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bridge.base.text import fold
from bridge.relay.in_place import days_last, in_place
from bridge.relay.numerals import atoms, is_quantity
from bridge.relay.tables import TABLES
from bridge.relay.tokens import Text, Token

_DUALS = tuple(fold(tail) for tail in ("تين", "تان", "ين", "ان"))
_DUAL_UNITS = frozenset(
    fold(word)
    for word in (
        "ميلين ميلان كيلومترين كيلومتران مترين متران قدمين قدمان عقدتين عقدتان ساعتين ساعتان دقيقتين دقيقتان ثانيتين "
        "ثانيتان يومين يومان أسبوعين أسبوعان شهرين شهران سنتين سنتان عامين عامان درجتين درجتان طنين طنان لترين لتران "
        "برميلين برميلان"
    ).split()
)
_CLOCK_WORDS = frozenset(fold(word) for word in ("ساعت", "الساعة", "ساعة", "ساعته"))
_HALF_EN = ("and", "a", "half")


def settle(text: Text) -> Text:
    """The text for comparing."""
    tokens = list(text.tokens)
    if text.language == "ar":
        tokens = [part for token in tokens for part in _opened_dual(token)]
    tokens = _currency_last(tokens, text.language)
    tokens = days_last(_halves_first(tokens, text.language))
    tokens = [in_place(tokens, at, text.language) for at in range(len(tokens))]
    tokens = [_seen(tokens, at, text.language) for at in range(len(tokens))]
    return replace(text, tokens=tuple(tokens))


def _opened_dual(token: Token) -> Iterator[Token]:
    """يومين is two of a unit."""
    first = token.text.split(" ")[0]
    if token.tag == "unit" and (first in _DUAL_UNITS or first[1:] in _DUAL_UNITS):
        two = fold("اثنين")
        yield replace(token, text=two, key=two, tag="", forms=(two,))
    yield token


def _currency_last(tokens: list[Token], language: str) -> list[Token]:
    """$1.2 million as 1.2 million dollars."""
    found = list(tokens)
    for at, sign in enumerate(tokens):
        end = at + 1
        while sign.text in "$€£" and end < len(found) and is_quantity(found[end], language):
            end += 1
        if end > at + 1:
            found[at:end] = [*found[at + 1 : end], sign]
    return found


def _halves_first(tokens: list[Token], language: str) -> list[Token]:
    """Two days and a half as two and a half days: the number before its unit."""
    found = list(tokens)
    for at in range(1, len(found) - 1):
        unit = found[at]
        if unit.tag != "unit" or not (is_quantity(found[at - 1], language) or found[at - 1].text in ("a", "an")):
            continue
        size = _half_size(found, at + 1, language)
        if size:
            end, char = found[at + size].end, (unit.char[0], found[at + size].char[1])
            group = (*found[at + 1 : at + 1 + size], unit)
            moved = [replace(token, start=unit.start, end=end, char=char) for token in group]
            found[at : at + 1 + size] = moved
            after = at + 1 + size
            if language == "ar" and after < len(found) and found[after].key == unit.key:
                del found[after]  # يومين ونصف اليوم
    return found


def _half_size(tokens: Sequence[Token], at: int, language: str) -> int:
    """Tokens of the half that is added to what stands before; 0 for none."""
    words = tuple(token.text for token in tokens[at : at + 3])
    if language == "en":
        return 3 if words == _HALF_EN else 0
    if language == "fa":
        return 2 if words[:2] == ("و", "نیم") else 0
    return 1 if words[:1] and re.fullmatch("و(?:ال)?(?:نصفا?|ربعا?)", words[0]) else 0


def _seen(tokens: Sequence[Token], at: int, language: str) -> Token:
    token = tokens[at]
    before = tokens[at - 1] if at else None
    if token.text in _CLOCK_WORDS and at + 1 < len(tokens) and is_quantity(tokens[at + 1], language):
        if before is None or not is_quantity(before, language):
            return replace(token, key="clock", tag="", is_light=True)
    if before is not None and (token.key == "quant:half" or token.text == "نیم") and _is_added(tokens, at, language):
        return replace(token, key="quant:and_half", tag="quant")
    if token.key == "quant:third" and at + 1 < len(tokens) and tokens[at + 1].tag == "date":
        return replace(token, text="third", key="third", tag="", forms=("third",))  # the third of September
    if token.is_light and before is not None and is_quantity(token, language):
        if _goes_on(tokens, at, language) or (before.text,) in TABLES[language].speech["correction"]:
            return replace(token, is_light=False)
    return token


_DISTANT = tuple(map(fold, ("على بعد", "وعلى بعد", "على مسافة", "وعلى مسافة", "مسافة")))
_TOWARD, _IF, _THAT_MANY = fold("نحو"), fold("إن"), fold("تم")


def _is_added(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Whether the half at `at` is added to what stands before: and a half, و نیم, ونصف."""
    words = tuple(token.text for token in tokens[max(0, at - 2) : at])
    if language == "en":
        return words == ("and", "a")
    return words[-1:] == ("و",) or (language == "ar" and "and" in tokens[at].marks)


def _goes_on(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Whether the light number word at `at` continues a number: twenty one, بیست و یک."""
    before = at - 1
    if language == "fa" and tokens[before].text == "و" and before:
        before -= 1
        kinds = "thk"
    else:
        kinds = "futhk"
    token = tokens[before]
    found = atoms(token, language)
    return token.is_figure or (bool(found) and found[0].kind in kinds and not token.is_light)
