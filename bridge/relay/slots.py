"""Critical items of a text, with their places: what an operator ticks off when a message is read back.

It lists; it does not compare. A slot is a number with its unit, a time, a position, a name, or a word that turns a
sentence round (negation, modality, condition, hedge).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.relay.facts import is_number, number_kind
from bridge.relay.numerals import Span, spans
from bridge.relay.tables import LANGUAGES, TABLES
from bridge.relay.tokens import Text, Token, read

_WORDS = {
    "neg": "negation",
    "modal": "modality",
    "cond": "condition",
    "hedge": "hedge",
    "name": "name",
    "order": "order",
    "dir": "direction",
    "date": "date",
}
_QUIET = frozenset(
    ("modal:will", "cond:because", "dir:from", "dir:to", "order:again", "order:now", "hedge:certain", "order:aside")
)
_SPEEDS = frozenset(("unit:kn", "unit:kmh", "unit:mph", "unit:ms", "unit:mach"))
_LENGTHS = frozenset(f"unit:{unit}" for unit in ("nm", "mile", "km", "m", "ft", "yard", "cm", "mm", "fathom", "fl"))
_SPANS_OF_TIME = frozenset(f"unit:{unit}" for unit in ("hour", "min", "sec", "day", "week", "month", "year"))
DTG_DIGITS = 6
"""Day, hour and minute of a date-time group: 231435Z."""
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9]|2400")
"""Hour and minute as they are written together: 1430."""
_OF_THE_HOUR = frozenset(("unit:min", "quant:half", "quant:quarter"))


@dataclass(frozen=True, slots=True)
class Slot:
    """One critical item."""

    kind: str
    """number, time, date, dtg, duration, position, bearing, distance, speed, call-sign, name, negation, modality,
    condition, hedge, order, direction."""
    text: str
    chars: tuple[int, int]
    """Half-open character indices in the text."""


def slots(text: str, language: str) -> list[Slot]:
    """Critical items in the order of the text.

    Raises:
        ValueError: a language without tables.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} has no tables, expected one of {', '.join(LANGUAGES)}")
    found = read(text, language)
    return [Slot(kind, text[start:end], (start, end)) for kind, start, end in _found(found)]


def _found(text: Text) -> Iterator[tuple[str, int, int]]:
    tokens = text.tokens
    numbers = spans(tokens, text.language)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.is_code and not token.tag and at + 1 < len(tokens) and tokens[at + 1].is_figure:
            yield "call-sign", token.char[0], tokens[at + 1].char[1]
            at += 2
        elif at in numbers and _begins_number(text, at, numbers[at]):
            kind, end = _number(text, at, numbers[at])
            yield kind, token.char[0], tokens[end - 1].char[1]
            at = end
        elif token.tag == "date" and at + 1 < len(tokens) and tokens[at + 1].is_figure:
            yield "date", token.char[0], tokens[at + 1].char[1]
            at += 2
        else:
            kind = _word(token)
            if kind:
                yield kind, *token.char
            at += 1


def _word(token: Token) -> str:
    if token.is_name:
        return "name"
    if "neg" in token.marks:
        return "negation"
    return "" if token.key in _QUIET else _WORDS.get(token.tag, "")


def _begins_number(text: Text, at: int, read_as: Sequence[Span]) -> bool:
    """By itself, or as the "one" of "one four three zero"; the "to" of "to four" is no digit."""
    token = text.tokens[at]
    if is_number(token, text.language):
        return True
    if token.tag or token.text in TABLES[text.language].digit_homophones:
        return False
    return max(span.end for span in read_as) > at + 1 and is_number(text.tokens[at + 1], text.language)


def _number(text: Text, at: int, read_as: Sequence[Span]) -> tuple[str, int]:
    """Kind of the number at `at` and the token after its unit, zone or direction."""
    tokens = text.tokens
    end = at + 1 if tokens[at].is_figure else max(span.end for span in read_as)
    kind = number_kind(text, at, end)
    after = tokens[end] if end < len(tokens) else None
    if kind == "number" and _follows_hour(tokens, at):
        return "time", end + (after is not None and after.key in _OF_THE_HOUR)
    if after is None:
        return kind, end
    if after.tag == "zone":
        return ("dtg" if len(tokens[at].text) == DTG_DIGITS else "time"), end + 1
    if after.tag == "date":
        return "date", end + 1
    if after.key in ("unit:deg", "unit:min") and kind == "position":
        return kind, _position_end(tokens, end)
    if after.key == "unit:hour" and any(span.end == end and _CLOCK.fullmatch(span.value) for span in read_as):
        return "time", end + 1
    if after.tag == "unit":
        return _measure(after.key), end + 1
    return kind, end


def _follows_hour(tokens: Sequence[Token], at: int) -> bool:
    """The hour's word stands before it and has no number of its own: ساعت ۱۴۳۰."""
    if not at or tokens[at - 1].key != "unit:hour":
        return False
    return at < 2 or not tokens[at - 2].is_figure


def _measure(unit: str) -> str:
    if unit in _SPEEDS:
        return "speed"
    if unit in _SPANS_OF_TIME:
        return "duration"
    return "distance" if unit in _LENGTHS else "bearing" if unit == "unit:deg" else "number"


def _position_end(tokens: Sequence[Token], end: int) -> int:
    """Past degrees, minutes and the point of the compass."""
    while end < len(tokens) and (
        tokens[end].key in ("unit:deg", "unit:min", "unit:sec") or tokens[end].is_figure or tokens[end].is_light
    ):
        end += 1
    return end + 1 if end < len(tokens) and tokens[end].tag == "dir" else end
