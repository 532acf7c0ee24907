"""A heard text without what its speaker took back: repetitions and corrected parts removed, every plausible way.

For comparisons that have no wording to align with. Token places stay those of the heard text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from bridge.relay.numerals import Span, spans
from bridge.relay.ordinary import is_ordinary
from bridge.relay.skips import WEAK_MARKERS, phrases_in, replaces, same_block, says_same
from bridge.relay.tables import TABLES
from bridge.relay.tokens import Token

Line = tuple[Token, ...]
_MOST_WAYS = 12
_LONGEST = 14


def ways(tokens: Sequence[Token], language: str) -> list[Line]:
    """Plausible meant texts, the likeliest first; at least one."""
    plain = _without_repeats(_without_asides(tuple(tokens), language), language, digits=False)
    found: list[Line] = []
    _correct(plain, language, found)
    bare = _without_repeats(plain, language, digits=True)
    if len(bare) < len(plain):  # 0640 said zero six zero six four zero, or 0606; both are tried
        _correct(bare, language, found)
    return found


def _without_repeats(tokens: Line, language: str, *, digits: bool) -> Line:
    while (shorter := _less_one_repeat(tokens, language, digits=digits)) is not None:
        tokens = shorter
    return tokens


def _less_one_repeat(tokens: Line, language: str, *, digits: bool) -> Line | None:
    numbers = spans(tokens, language)
    marked = _less_a_marked(tokens, numbers, language)
    if marked is not None:
        return marked
    texts = [token.text for token in tokens]
    for at, (one, then) in enumerate(pairwise(texts)):
        if then.startswith(f"{one} ") and not tokens[at].is_light:  # miles nautical miles, in one word or two
            return tokens[:at] + tokens[at + 1 :]
        if one.endswith(f" {then}") and not tokens[at + 1].is_light:  # on Friday Friday
            return tokens[: at + 1] + tokens[at + 2 :]
    for size in range(min(_LONGEST, len(texts) // 2), 0, -1):
        for at in range(len(texts) - 2 * size + 1):
            if same_block(texts, at, size) and (
                not _is_time(tokens, at, at + 2 * size)
                if digits
                else not _all_digits(tokens[at : at + size], numbers, at)
            ):
                cut = at + size if texts[at] != texts[at + size] else at
                return tokens[:cut] + tokens[cut + size :]
    return None


def _is_time(tokens: Line, start: int, end: int) -> bool:
    """Whether a block said twice lies in the four digits of a time: ten ten Zulu, two two zero zero Zulu."""
    while start > 0 and tokens[start - 1].text in _DIGITS:
        start -= 1
    while end < len(tokens) and tokens[end].text in _DIGITS:
        end += 1
    digits = sum(len(token.text) if token.is_figure else 1 for token in tokens[start:end])
    told = end < len(tokens) and tokens[end].tag == "zone"
    return told and digits == 4 and all(t.is_figure or t.text in _DIGITS for t in tokens[start:end])


_DIGITS = frozenset(word for tables in TABLES.values() for word, value in tables.numbers.unit.items() if value < 10)


def _less_a_marked(tokens: Line, numbers: Mapping[int, tuple[Span, ...]], language: str) -> Line | None:
    """Without a marker of repetition, and what was said again after it."""
    markers = sorted(phrases_in(tokens, TABLES[language].speech["repeat"]), key=lambda row: row[0] - row[1])
    for at, end, phrase in markers:
        again = (size for size in range(min(_LONGEST, at), 0, -1) if says_same(tokens, numbers, at - size, at, end))
        size = next(again, 0) or _begun(tokens, at, end)
        if size or len(phrase) > 1 or phrase[0] in _SURE_REPEATS:
            return tokens[: at - size] + tokens[end:]
    return None


def _begun(tokens: Line, at: int, end: int) -> int:
    """How many words before a marker begin the one phrase after it: kilometres per, again kilometres per hour."""
    for size in range(min(3, at), 0, -1):
        if end < len(tokens) and tokens[end].text.startswith(" ".join(t.text for t in tokens[at - size : at]) + " "):
            return size
    return 0


def _without_asides(tokens: Line, language: str) -> Line:
    """Fillers inside a number go: one two right seven, one hundred now and ten."""
    numbers = spans(tokens, language)
    fillers = TABLES[language].speech["filler"] | _INSIDE
    joins = TABLES[language].numbers.words.get("and", frozenset())
    goes_on = [at in numbers or ((token.text,) in joins and at + 1 in numbers) for at, token in enumerate(tokens)] + [
        False
    ]
    return tuple(
        token
        for at, token in enumerate(tokens)
        if not ((token.text,) in fillers and at - 1 in numbers and goes_on[at + 1] and at not in numbers)
    )


_INSIDE = frozenset((("now",),))
"""Words that say something of their own, but not inside a number."""


_SURE_REPEATS = frozenset(("repeat", "repeating", "تکرار", "اکرر", "نکرر", "اعید", "مجددا"))


def _all_digits(block: Sequence[Token], numbers: Mapping[int, tuple[Span, ...]], at: int) -> bool:
    """Whether the block may be part of a number that really has the same digits twice."""
    return all(at + offset in numbers for offset in range(len(block)))


def _correct(tokens: Line, language: str, found: list[Line]) -> None:
    """Add the readings of some tokens. Where no marker is plain, what was said comes first; it is never left out, since
    a message may speak of slips and errors, too."""
    if len(found) >= _MOST_WAYS or tokens in found:
        return
    numbers = spans(tokens, language)
    corrected: list[Line] = []
    is_plain = False
    for at, end, phrase in _longest(tokens, language):
        weak = phrase in WEAK_MARKERS[language]
        # A marker's first word may be a number's last, too: هزار نه، اشتباه گفتم.
        before = spans(tokens[:at], language) if at in numbers or _runs_over(numbers, at) else numbers
        sizes = [
            size
            for size in _sizes(tokens, {**numbers, **before}, at, end)
            if not weak or _like_for_like(tokens, numbers, at - size, end, at, language)
        ]
        corrected += [tokens[: at - size] + tokens[end:] for size in sizes]
        is_plain = is_plain or (bool(sizes) and not weak)
    if not is_plain:
        found.append(tokens)
    for one in corrected:
        _correct(one, language, found)
    if is_plain:
        found.append(tokens)


def _runs_over(numbers: Mapping[int, tuple[Span, ...]], at: int) -> bool:
    """Whether a number that begins before a place is read on beyond it."""
    return any(start < at < span.end for start, read in numbers.items() for span in read)


def _like_for_like(
    tokens: Line, numbers: Mapping[int, tuple[Span, ...]], start: int, after: int, marker: int, language: str
) -> bool:
    """Whether what stands after a weak marker replaces what stands before it. An ordinary word there is no name said
    anew: "from a fire, not from a shell" and «لا تنزل» deny something, and a denial is never taken for a slip."""
    if not replaces(tokens, numbers, start, after, marker, language):
        return False
    first, then = tokens[start], tokens[after]
    if (start in numbers and after in numbers) or (first.tag and first.tag == then.tag):
        return True
    if first.text == then.text:
        return not first.is_light
    return not (is_ordinary(first, language) or is_ordinary(then, language))


def _longest(tokens: Line, language: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """Correction markers, of those that overlap the longest."""
    found = sorted(phrases_in(tokens, TABLES[language].speech["correction"]), key=lambda row: row[0] - row[1])
    kept: list[tuple[int, int, tuple[str, ...]]] = []
    for row in found:
        if all(row[1] <= other[0] or other[1] <= row[0] for other in kept):
            kept.append(row)
    return sorted(kept)


def _sizes(tokens: Line, numbers: Mapping[int, tuple[Span, ...]], at: int, end: int) -> Iterator[int]:
    """How many tokens before the marker may be taken back, the likeliest first."""
    if end >= len(tokens):
        return
    given: set[int] = set()
    longest = range(min(_LONGEST, at), 0, -1)
    if end in numbers:
        reach = [size for size in longest if any(span.end == at for span in numbers.get(at - size, ()))]
        reach += [size for size in longest if any(span.end == at - 1 for span in numbers.get(at - size, ()))]
        given.update(reach[:2])
        yield from reach[:2]
    same = [size for size in longest if tokens[at - size].text == tokens[end].text][-1:]
    tagged = [size for size in longest if tokens[end].tag and tokens[at - size].tag == tokens[end].tag][-1:]
    for size in (*same, *tagged, 1, 2):
        if size not in given and size <= at:
            given.add(size)
            yield size
