"""Clock times and broken numbers said in words: half past two, two and a half, a dozen, 3 p.m., الثالثة إلا ربعا.

It adds readings to those of `numerals`; it decides nothing. A clock idiom reads as hour and minute, four digits.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any

from bridge.relay.numerals import Span, atoms
from bridge.relay.tables import LANGUAGES, Phrase, split
from bridge.relay.tokens import Token

_PLACES = {"half": "5", "quarter": "25", "three_quarters": "75"}
_NOON = 12


@dataclass(frozen=True, slots=True)
class _Idioms:
    before_hour: Mapping[Phrase, int]
    after_hour: Mapping[Phrase, int]
    past: tuple[Phrase, ...]
    to: tuple[Phrase, ...]
    am: tuple[Phrase, ...]
    pm: tuple[Phrase, ...]
    hours: tuple[Phrase, ...]
    broken: Mapping[Phrase, str]
    half_of: tuple[Phrase, ...]
    one: tuple[Phrase, ...]
    dozen: tuple[Phrase, ...]


def _phrases(raw: object) -> tuple[Phrase, ...]:
    found = {split(str(way)) for way in raw} if isinstance(raw, list) else set()
    return tuple(sorted(found, key=lambda phrase: (-len(phrase), phrase)))


def _load(language: str) -> _Idioms:
    text = resources.files("bridge.relay").joinpath("tables", language, "clock.toml").read_text("utf-8")
    raw: dict[str, dict[str, Any]] = tomllib.loads(text)
    broken = {way: places for name, places in _PLACES.items() for way in _phrases(raw["broken"][name])}
    return _Idioms(
        {split(way): minutes for way, minutes in raw["before_hour"].items()},
        {split(way): minutes for way, minutes in raw["after_hour"].items()},
        _phrases(raw["minutes"]["past"]),
        _phrases(raw["minutes"]["to"]),
        _phrases(raw["half_day"]["am"]),
        _phrases(raw["half_day"]["pm"]),
        _phrases(raw["hours"]["said"]),
        broken,
        _phrases(raw["broken"]["half_of"]),
        _phrases(raw["broken"]["one"]),
        _phrases(raw["broken"]["dozen"]),
    )


_IDIOMS: Mapping[str, _Idioms] = MappingProxyType({language: _load(language) for language in LANGUAGES})


class _Line:
    """Tokens that can be asked which phrase starts where."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self._words = [tuple(token.text.split(" ")) for token in tokens]

    def end(self, at: int, phrase: Phrase) -> int:
        """The token after the phrase that starts at token `at`; 0 if it does not stand there."""
        if at >= len(self._words) or self._words[at][0] != phrase[0]:
            return 0
        said: Phrase = ()
        while at < len(self._words) and len(said) < len(phrase):
            said += self._words[at]
            at += 1
        return at if said == phrase else 0

    def ends(self, at: int, phrases: Iterable[Phrase]) -> Iterator[int]:
        for phrase in phrases:
            end = self.end(at, phrase)
            if end:
                yield end


def with_idioms(
    tokens: Sequence[Token], numbers: Mapping[int, tuple[Span, ...]], language: str
) -> Mapping[int, tuple[Span, ...]]:
    """The readings of `numbers` and those of idioms, by the token where they start."""
    known = _IDIOMS[language]
    line = _Line(tokens)
    found: dict[int, tuple[Span, ...]] = dict(numbers)
    for start in range(len(tokens)):
        plain = numbers.get(start, ())
        new = [*_broken(line, start, plain, known, language), *_clock(line, start, numbers, known)]
        if new:
            seen = {(span.end, span.value) for span in plain}
            found[start] = (*plain, *(span for span in new if (span.end, span.value) not in seen))
    return found


def _broken(line: _Line, start: int, plain: Sequence[Span], known: _Idioms, language: str) -> Iterator[Span]:
    """Two and a half, a day and a half, half a knot, a dozen, 1.2 million."""
    whole = [(span.end, span.value) for span in plain if span.value.isdigit()]
    ones = [(end, "1") for end in line.ends(start, known.one)]
    grown = [(span.end, span.value) for span in plain if "." in span.value]
    for at, value in (*whole, *ones):
        for phrase, places in known.broken.items():
            end = line.end(at, phrase)
            if end:
                grown.append((end, f"{int(value)}.{places}"))
                yield Span(end, f"{int(value)}.{places}")
        for end in line.ends(at, known.dozen):
            yield Span(end, str(int(value) * 12))
    for end in line.ends(start, known.half_of):
        if any(token.key == "quant:and_half" for token in line.tokens[start:end]):
            continue
        yield Span(end, "0.5")
        for last in line.ends(end, known.dozen):
            yield Span(last, "6")
    for at, value in grown:
        yield from _scaled(line, at, value, language)


def _scaled(line: _Line, at: int, value: str, language: str) -> Iterator[Span]:
    if at >= len(line.tokens):
        return
    known = atoms(line.tokens[at], language)
    if known and known[0].kind == "k":
        whole, _, places = value.partition(".")
        scaled = int(whole + places) * known[0].value
        if scaled % 10 ** len(places) == 0:
            yield Span(at + 1, str(scaled // 10 ** len(places)))


def _clock(line: _Line, start: int, numbers: Mapping[int, tuple[Span, ...]], known: _Idioms) -> Iterator[Span]:
    for end, hour, minute, is_idiom in _with_minutes(line, _times(line, start, numbers, known)):
        mornings, evenings = list(line.ends(end, known.am)), list(line.ends(end, known.pm))
        if is_idiom and not mornings and not evenings:  # half past six in the evening is no 0630
            yield Span(end, f"{hour:02d}{minute:02d}", is_clock=True)
        for last in mornings:
            yield Span(last, f"{hour % _NOON:02d}{minute:02d}", is_clock=True)
        for last in evenings:
            yield Span(last, f"{hour % _NOON + _NOON if hour <= _NOON else hour:02d}{minute:02d}", is_clock=True)


def _with_minutes(line: _Line, times: Iterator[tuple[int, int, int, bool]]) -> Iterator[tuple[int, int, int, bool]]:
    """Each time, and with its word for minutes where that follows: two and fifteen minutes, in the morning."""
    for end, hour, minute, is_idiom in times:
        yield end, hour, minute, is_idiom
        if minute and end < len(line.tokens) and line.tokens[end].key == "unit:min":
            yield end + 1, hour, minute, is_idiom


def _times(
    line: _Line, start: int, numbers: Mapping[int, tuple[Span, ...]], known: _Idioms
) -> Iterator[tuple[int, int, int, bool]]:
    """(end, hour, minute, whether the words themselves show a clock time)"""
    for span in numbers.get(start, ()):
        if not span.value.isdigit() or len(span.value) > 4:
            continue
        if len(span.value) > 2:
            yield from _four_digits(line, span, known)
        else:
            yield from _hour(line, span.end, int(span.value), known)
            yield from _minutes(line, numbers, span.end, int(span.value), known)
    for phrase, minutes in known.before_hour.items():
        middle = line.end(start, phrase)
        if middle:
            yield from _at_hour(numbers, middle, minutes)


def _hour(line: _Line, at: int, hour: int, known: _Idioms) -> Iterator[tuple[int, int, int, bool]]:
    if hour > 24:
        return
    yield at, hour, 0, False
    for phrase, minutes in known.after_hour.items():
        end = line.end(at, phrase)
        if end:
            yield end, *_moved(hour, minutes), True


def _minutes(
    line: _Line, numbers: Mapping[int, tuple[Span, ...]], at: int, minutes: int, known: _Idioms
) -> Iterator[tuple[int, int, int, bool]]:
    if not 0 < minutes < 60:
        return
    for phrases, sign in ((known.past, 1), (known.to, -1)):
        for middle in line.ends(at, phrases):
            yield from _at_hour(numbers, middle, sign * minutes)


def _four_digits(line: _Line, span: Span, known: _Idioms) -> Iterator[tuple[int, int, int, bool]]:
    hour, minute = int(span.value[:-2]), int(span.value[-2:])
    if hour > 24 or minute > 59:
        return
    yield span.end, hour, minute, False
    for end in line.ends(span.end, known.hours):
        yield end, hour, minute, True


def _at_hour(numbers: Mapping[int, tuple[Span, ...]], at: int, minutes: int) -> Iterator[tuple[int, int, int, bool]]:
    for span in numbers.get(at, ()):
        if span.value.isdigit() and len(span.value) <= 2 and int(span.value) <= 24:
            yield span.end, *_moved(int(span.value), minutes), True


def _moved(hour: int, minutes: int) -> tuple[int, int]:
    """The hour and minute that many minutes after the full hour; before it if negative."""
    return ((hour - 1) % 24, 60 + minutes) if minutes < 0 else (hour, minutes)
