"""The least bad way to say that a heard text is a sealed one, both in one language.

It costs differences and finds the cheapest path; what a difference means is judged in `facts`. Words match words,
number runs match number runs by any reading, spelled letters match codes; repeated and corrected parts are skipped.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bridge.relay.idioms import with_idioms
from bridge.relay.likeness import same_sound
from bridge.relay.numerals import Span, canonical, letter_spans, spans, spans_once
from bridge.relay.similar import COST, Relation, is_weak, relation
from bridge.relay.skips import Skip, phrases_in, skips
from bridge.relay.tables import TABLES
from bridge.relay.tokens import Text, Token

DOUBT = "doubt"
"""A digit said twice in a number that has it once."""
_MOST_SPACES = 5
"""Inside the phrases of tokens that may be one word."""
_INFINITE = float("inf")
OMIT, ADD, NUMBER, CODE, JOINED = "omit", "add", "number", "code", "joined"
NUMBER_CONFLICT, CODE_CONFLICT = "number conflict", "code conflict"


_TALK = {
    name: tables.talk | {phrase[0] for phrase in tables.speech["courtesy"] if len(phrase) == 1}
    for name, tables in TABLES.items()
}
_AROUND = {name: tables.speech["courtesy"] | tables.speech["filler"] for name, tables in TABLES.items()}


@dataclass(frozen=True, slots=True)
class Step:
    """Sealed tokens [sealed_from, sealed_to) against heard tokens [heard_from, heard_to)."""

    kind: str
    sealed_from: int
    sealed_to: int
    heard_from: int
    heard_to: int


@dataclass(frozen=True, slots=True)
class _Side:
    text: Text
    numbers: Mapping[int, tuple[Span, ...]]
    letters: Mapping[int, tuple[Span, ...]]

    @property
    def tokens(self) -> tuple[Token, ...]:
        return self.text.tokens


@dataclass(frozen=True, slots=True)
class _Frame:
    sealed: _Side
    heard: _Side
    skips: Mapping[int, list[Skip]]
    omit: Sequence[float]
    add: Sequence[float]
    courtesy: Sequence[bool]


def side(text: Text, *, heard: bool = False) -> _Side:
    numbers = with_idioms(text.tokens, spans(text.tokens, text.language), text.language)
    if heard:
        once = spans_once(text.tokens, text.language)
        numbers = {at: (*numbers.get(at, ()), *once.get(at, ())) for at in {*numbers, *once}}
    return _Side(text, numbers, letter_spans(text.tokens, text.language))


def courtesies(text: Text, *, phrases_only: bool = False) -> list[bool]:
    """Which tokens are, or stand in a phrase of, words said around a message."""
    tables = TABLES[text.language]
    words = _TALK[text.language]
    found = [
        not phrases_only
        and (token.tag in ("", "modal", "order", "quant") or token.key in ("actor:us", "actor:you"))
        and (_is_talk(token.text.split(" "), words, tables.light) or not words.isdisjoint(token.forms[:2]))
        for token in text.tokens
    ]
    for start, end, phrase in phrases_in(text.tokens, _AROUND[text.language]):
        if len(phrase) > 1:
            found[start:end] = [True] * (end - start)
    return found


def _is_talk(said: Sequence[str], words: frozenset[str], light: frozenset[str]) -> bool:
    return any(word in words for word in said) and all(word in words or word in light for word in said)


def weight(token: Token, is_number: bool) -> float:
    """What it costs to lose or invent the token."""
    if token.is_sign:
        return 0.1
    if token.is_light or is_weak(token):
        return 0.3
    return 1.2 if is_number or token.is_figure else 1.0


def align(sealed: Text, heard: Text, *, complete: bool = True) -> list[Step]:
    """Steps from the first token to the last; with `complete=False` the end of the sealed text may be unsaid."""
    language = heard.language
    one, other = side(sealed), side(heard, heard=True)
    frame = _Frame(
        one,
        other,
        skips(heard.tokens, other.numbers, language),
        [weight(token, at in one.numbers) for at, token in enumerate(sealed.tokens)],
        [weight(token, at in other.numbers) for at, token in enumerate(heard.tokens)],
        courtesies(heard),
    )
    return _cheapest(frame, complete)


def _cheapest(frame: _Frame, complete: bool) -> list[Step]:
    """Dijkstra's way through rows (sealed) and columns (heard): texts that are alike meet few of the places."""
    rows, columns = len(frame.sealed.tokens), len(frame.heard.tokens)
    cost: dict[tuple[int, int], float] = {(0, 0): 0.0}
    back: dict[tuple[int, int], tuple[str, int, int]] = {}
    left: list[tuple[float, int, int, int]] = [(0.0, 0, 0, 0)]
    ends: list[tuple[int, float]] = []
    while left:
        here, _, i, j = heapq.heappop(left)
        if ends and here > ends[0][1]:
            break
        if here > cost[i, j]:
            continue
        if j == columns and (i == rows or not complete):
            ends.append((i, here))
            if complete:
                break
        for kind, di, dj, price in _edges(frame, i, j):
            if here + price < cost.get((di, dj), _INFINITE):
                cost[di, dj] = here + price
                back[di, dj] = (kind, i, j)
                heapq.heappush(left, (here + price, -di - dj, di, dj))
    steps: list[Step] = []
    i, j = min(ends)[0], columns
    while (came := back.get((i, j))) is not None:
        steps.append(Step(came[0], came[1], i, came[2], j))
        i, j = came[1], came[2]
    return steps[::-1]


def _edges(frame: _Frame, i: int, j: int) -> Iterator[tuple[str, int, int, float]]:
    """(kind, next sealed, next heard, price); every edge goes forward in rows or columns."""
    sealed, heard = frame.sealed.tokens, frame.heard.tokens
    rows, columns = len(sealed), len(heard)
    if i < rows:
        yield OMIT, i + 1, j, frame.omit[i]
    if j < columns:
        edge = i in (0, rows) and frame.courtesy[j]
        yield ADD, i, j + 1, 0.1 if edge else frame.add[j]
        for skip in frame.skips.get(j, ()):
            yield skip.kind, i, skip.to, skip.cost
    if i < rows and j < columns:
        found = relation(sealed[i], heard[j], frame.heard.text.language)
        yield found.value, i + 1, j + 1, _price(found, sealed[i], heard[j])
        yield from _number_edges(frame, i, j)
        yield from _letter_edges(frame, i, j)
        yield from _joined_edges(frame, i, j)


def _price(found: Relation, sealed: Token, heard: Token) -> float:
    if found is Relation.OTHER and (sealed.is_light or heard.is_light):
        return 1.15
    if found is Relation.LIKE and sealed.is_light and heard.is_light:
        return 0.25
    return COST[found]


def _number_edges(frame: _Frame, i: int, j: int) -> Iterator[tuple[str, int, int, float]]:
    ours, theirs = frame.sealed.numbers.get(i, ()), frame.heard.numbers.get(j, ())
    if not ours or not theirs:
        return
    by_value: dict[str, list[tuple[int, bool]]] = {}
    for span in theirs:
        by_value.setdefault(canonical(span.value), []).append((_past_minutes(frame, span), span.is_doubt))
    for span in ours:
        end = _past_minutes(frame, span, sealed=True)
        for value in _values(frame, i, span):
            for stop, doubt in by_value.get(value, ()):
                yield (DOUBT, end, stop, 0.45) if doubt else (NUMBER, end, stop, 0.0)
    longest = max((span for span in theirs if not span.is_doubt), key=lambda span: span.end)
    own = max(ours, key=lambda span: span.end)
    yield NUMBER_CONFLICT, own.end, longest.end, 1.0
    if ours[0].end != own.end or theirs[0].end != longest.end:
        yield NUMBER_CONFLICT, ours[0].end, theirs[0].end, 1.0


def _past_minutes(frame: _Frame, span: Span, *, sealed: bool = False) -> int:
    """A clock idiom takes its word for minutes with it."""
    tokens = frame.sealed.tokens if sealed else frame.heard.tokens
    clock = span.is_clock or (len(span.value) == 4 and span.value.isdigit() and span.value < "2400" and not sealed)
    if clock and span.end < len(tokens) and tokens[span.end].key == "unit:min":
        return span.end + 1
    return span.end


def _values(frame: _Frame, i: int, span: Span) -> Iterator[str]:
    """What may be said for the sealed number: itself, and 21 for 2100 where it is a time."""
    yield canonical(span.value)
    tokens = frame.sealed.tokens
    if len(span.value) == 4 and span.value.isdigit() and span.value.endswith("00") and span.value < "2401":
        around = (*tokens[max(0, i - 2) : i], *tokens[span.end : span.end + 2])
        if any(token.tag == "zone" or token.key == "unit:hour" or token.text in _CLOCK_WORDS for token in around):
            yield canonical(span.value[:2])


_CLOCK_WORDS = frozenset(("ساعت", "الساعه", "ساعه", "at", "by", "until", "before", "after", "from"))


def _letter_edges(frame: _Frame, i: int, j: int) -> Iterator[tuple[str, int, int, float]]:
    token = frame.sealed.tokens[i]
    ours, theirs = frame.sealed.letters.get(i, ()), frame.heard.letters.get(j, ())
    if not ours or not theirs or not (token.is_code or len(ours) > 1 or _before_number(frame, i)):
        return
    ends: dict[str, list[int]] = {}
    for span in theirs:
        ends.setdefault(span.value, []).append(span.end)
    for span in ours:
        for stop in ends.get(span.value, ()):
            if stop - j > 1 or span.end - i > 1 or token.is_code:
                yield CODE, span.end, stop, 0.05
    if token.is_code and len(token.text) > 1:
        longest = max(theirs, key=lambda span: span.end)
        yield CODE_CONFLICT, i + 1, longest.end, 1.0


def _before_number(frame: _Frame, i: int) -> bool:
    return i + 1 in frame.sealed.numbers


def _joined_edges(frame: _Frame, i: int, j: int) -> Iterator[tuple[str, int, int, float]]:
    """One word written as two or a phrase not quite met, on either side."""
    language = frame.heard.text.language
    sealed, heard = frame.sealed.tokens, frame.heard.tokens
    for size in (2, 3):
        if j + size <= len(heard) and _joins(heard[j : j + size], sealed[i], language):
            yield JOINED, i + 1, j + size, 0.15
        if i + size <= len(sealed) and _joins(sealed[i : i + size], heard[j], language):
            yield JOINED, i + size, j + 1, 0.15


def _joins(parts: Sequence[Token], whole: Token, language: str) -> bool:
    """Whether the parts are the whole; words that carry facts join only letter by letter, names by sound."""
    if abs(sum(len(token.text) for token in parts) - len(whole.text)) > _MOST_SPACES:
        return False
    both, one = "".join(token.text for token in parts).replace(" ", ""), whole.text.replace(" ", "")
    if abs(len(both) - len(one)) > 1 or any(token.is_figure for token in (*parts, whole)):
        return False
    if any(token.tag not in ("", "name") for token in (*parts, whole)):
        return both == one
    return both[0] == one[0] and same_sound(one, both, language)
