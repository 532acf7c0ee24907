"""Finds the positions in a message's text, which of them mean one point, and whose position it is.

Positions stand in figures with hemisphere letters or words of the three languages. Two of them side by side in
different forms mean one point and must agree. The object is the fixed name, call-sign or name of a vessel in its
sentence, the nearest before it; where there is none, nobody's movement can be followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.base.dialplan_messages import Locked
from bridge.base.text import fold_digits
from bridge.relay.locked import LATIN, find
from bridge.relay.positions import Agreement, Position, PositionError, agree, parse_position
from bridge.relay.sealed_text import EXERCISE_MARKS
from bridge.relay.tables import LANGUAGES
from bridge.relay.tokens import Token, read

_SAME = frozenset(
    "or that is i.e equals in the grid mgrs utm degrees decimal minutes seconds position "
    "یا یعنی برابر با است در شبکه موقعیت او أو أي ای هو هي یعادل يعادل في الشبكة الموقع".split()
)
"""Words between two forms of one point; any other word says that it is another point."""
_SAID = (
    ("°", "degrees?|درجه|درجة|درجات|درجتان|درجتين"),
    ("'", "minutes?|دقیقه|دقيقة|دقائق|دقيقتان|دقيقتين"),
    ('"', "seconds?|ثانیه|ثانية|ثوان"),
    ("N", "north|شمالی|شمال|شمالا|شمالي"),
    ("S", "south|جنوبی|جنوب|جنوبا|جنوبي"),
    ("E", "east|شرقی|شرق|شرقا|شرقي"),
    ("W", "west|غربی|غرب|غربا|غربي"),
    ("", "و(?=\\s?[0-9])|and(?=\\s[0-9])"),
)
_WORDS = [(re.compile(rf"(?<!\w)(?:{words})[\u064b-\u0652]*(?!\w)"), sign) for sign, words in _SAID[:-1]]
_WORDS.append((re.compile(rf"(?<!\w)(?:{_SAID[-1][1]})"), ""))
_NUMBER = r"[0-9]{1,3}(?:\.[0-9]{1,6})?"
_GROUP = rf"{_NUMBER}(?:[-°'’\s]+{_NUMBER}){{0,2}}[°'’\"”\s]*"
_MGRS = r"[0-9]{1,2}[C-HJ-NP-X]\s?[A-HJ-NP-Z][A-HJ-NP-V]\s?(?:[0-9]{2,5}\s[0-9]{2,5}|[0-9]{4,10})(?!\w|\.[0-9])"
_UTM = r"[0-9]{1,2}\s?[C-HJ-NP-X]\s+[0-9]{6}(?:\s?m)?\s?E?,?\s+[0-9]{1,8}(?:\s?m)?\s?N?(?!\w|\.[0-9])"
_PLACE = re.compile(
    rf"(?<![\w.-])(?:{_MGRS}|{_UTM}|{_GROUP}[NSEW][\s,،]*{_GROUP}[NSEW](?!\w)|[NSEW]\s?{_GROUP}[\s,،]*[NSEW]\s?{_GROUP}(?<=[0-9°'\"]))"
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One point that a text names."""

    chars: tuple[int, int]
    """Half-open character indices of all its forms."""
    forms: tuple[str, ...]
    """As they stand in the text."""
    position: Position | None
    """In its first form; None if it cannot be read."""
    problem: str = ""
    """Why it cannot be read."""
    agreement: Agreement | None = None
    """Of two forms; None if there is one only."""
    name: str = ""
    """Whose position it is; empty if the text does not say."""


def sightings(text: str, language: str, locked: Sequence[Locked] = ()) -> list[Sighting]:
    """All points of a text in order; none for a language without tables."""
    if language not in LANGUAGES:
        return []
    found = list(_joined(text, list(_places(text))))
    if not found:
        return []
    names = _Names(text, language, locked, [one[0] for one in found])
    return [Sighting(*one[:5], names.of(one[0])) for one in found]


_Place = tuple[tuple[int, int], tuple[str, ...], Position | None, str, Agreement | None]


def _places(text: str) -> Iterator[_Place]:
    """Each form by itself. Words become signs of the same length, so that the places stay."""
    plain = fold_digits(text)
    for pattern, sign in _WORDS:
        plain = pattern.sub(lambda met, sign=sign: sign.ljust(len(met[0])), plain)  # type: ignore[misc]
    for met in _PLACE.finditer(plain):
        start, end = met.start(), met.start() + len(met[0].rstrip())
        while (
            end < len(text) and text[end - 1].isalpha() and (text[end].isalpha() or "\u064b" <= text[end] <= "\u0652")
        ):
            end += 1  # the rest of a word that became one sign
        yield _read(text, plain, start, end)


def _read(text: str, plain: str, start: int, end: int) -> _Place:
    """A number that belongs to something before it ("course 140 25-34.5N") is left out where that makes it readable."""
    problem = ""
    at = start
    while at < end:
        try:
            position = parse_position(" ".join(plain[at:end].split()))
        except PositionError as error:
            problem = problem or str(error)
            gap = re.match(rf"{_NUMBER}\s+(?=[0-9])", plain[at:end])
            if gap is None:
                break
            at += gap.end()
        else:
            return (at, end), (text[at:end].strip(),), position, "", None
    return (start, end), (text[start:end].strip(),), None, problem, None


def _joined(text: str, places: Sequence[_Place]) -> Iterator[_Place]:
    """Two forms side by side are one point; the same form twice are two points."""
    at = 0
    while at < len(places):
        chars, forms, position, problem, _ = places[at]
        after = places[at + 1] if at + 1 < len(places) else None
        other = after[2] if after else None
        if (
            after
            and position
            and other
            and other.form is not position.form
            and _is_beside(text[chars[1] : after[0][0]])
        ):
            yield (chars[0], after[0][1]), (*forms, *after[1]), position, "", agree(position, other)
            at += 2
        else:
            yield chars, forms, position, problem, None
            at += 1


def _is_beside(between: str) -> bool:
    return all(word.strip(",،:()=.").casefold() in _SAME | {""} for word in between.split())


class _Names:
    """The things in a text that can have a position."""

    def __init__(self, text: str, language: str, locked: Sequence[Locked], places: Sequence[tuple[int, int]]) -> None:
        body = text.removeprefix(EXERCISE_MARKS[language])
        self._shift = len(text) - len(body)
        self._tokens = read(body, language).tokens
        named = [*_fixed(body, language, locked), *self._spoken(body)]
        bare = [(start - self._shift, end - self._shift) for start, end in places]
        self._named = [one for one in named if not any(a < one[0][1] and one[0][0] < b for a, b in bare)]

    def _spoken(self, body: str) -> Iterator[tuple[tuple[int, int], str]]:
        """Call-signs, and names of which the sentence says where they are."""
        tokens = self._tokens
        at = 0
        while at < len(tokens):
            end = at + 1
            if tokens[at].is_code and end < len(tokens) and tokens[end].is_figure and not tokens[at].tag:
                end += 1
                yield _span(tokens, at, end), body[slice(*_span(tokens, at, end))]
            elif tokens[at].is_name:
                while end < len(tokens) and tokens[end].is_name:
                    end += 1
                after = tokens[end] if end < len(tokens) else None
                if after is None or after.is_light or after.tag or after.is_figure:
                    yield _span(tokens, at, end), body[slice(*_span(tokens, at, end))]
            at = end

    def of(self, chars: tuple[int, int]) -> str:
        """The nearest before a place in its sentence, else the nearest after; empty if there is none."""
        start, end = chars[0] - self._shift, chars[1] - self._shift
        sentence = next((one.sentence for one in self._tokens if one.char[1] > start), -1)
        near = [(span, name) for span, name in self._named if self._sentence(span) == sentence]
        before = [one for one in near if one[0][1] <= start]
        after = [one for one in near if one[0][0] >= end]
        return max(before)[1] if before else min(after)[1] if after else ""

    def _sentence(self, span: tuple[int, int]) -> int:
        return next((one.sentence for one in self._tokens if one.char[1] > span[0]), -1)


def _span(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    return tokens[start].char[0], tokens[end - 1].char[1]


def _fixed(body: str, language: str, locked: Sequence[Locked]) -> Iterator[tuple[tuple[int, int], str]]:
    """Fixed names of objects, each by the name it has in Latin letters, so that one thing has one name."""
    words = [met.span() for met in re.finditer(r"\S+", body)]
    for place in find(body, (language, LATIN), [one for one in locked if one.kind == "object"]):
        yield (words[place.words[0]][0], words[place.words[1] - 1][1]), place.locked.of(LATIN)[0]
