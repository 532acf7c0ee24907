"""Parts of a heard text that are not meant: repetitions, false starts, and what a spoken correction replaces.

It proposes; the alignment chooses. A skip goes from one token to a later one at a cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bridge.relay.numerals import Span
from bridge.relay.tables import TABLES, Phrase, split
from bridge.relay.tokens import Token

LONGEST = 14
_WEAK_MARKERS = {
    "en": frozenset(
        map(split, ("no", "no no", "negative", "i mean", "rather", "actually", "wrong", "cancel", "pardon"))
    ),
    "fa": frozenset(map(split, ("نه", "نه نه", "یعنی", "خیر", "نخیر", "نه خیر", "غلط", "اشتباه", "لغو"))),
    "ar": frozenset(map(split, ("لا", "لا لا", "بل", "لا بل", "كلا", "خطأ", "الصحيح", "ألغ", "يعني"))),
}
"""Words that also mean something else; they correct only where like replaces like."""


@dataclass(frozen=True, slots=True)
class Skip:
    to: int
    cost: float
    kind: str
    """`repeat`, `doubt` (a digit said twice) or `corrected`."""


def skips(tokens: Sequence[Token], numbers: Mapping[int, tuple[Span, ...]], language: str) -> dict[int, list[Skip]]:
    """Skips by the token where they start."""
    found: dict[int, list[Skip]] = {}
    for at, skip in (*_repeats(tokens, numbers), *_marked(tokens, numbers, language)):
        found.setdefault(at, []).append(skip)
    return found


def _repeats(tokens: Sequence[Token], numbers: Mapping[int, tuple[Span, ...]]) -> Iterator[tuple[int, Skip]]:
    texts = [token.text for token in tokens]
    for at in range(len(texts)):
        for size in range(1, min(LONGEST, (len(texts) - at) // 2) + 1):
            if texts[at] == texts[at + size] and texts[at : at + size] == texts[at + size : at + 2 * size]:
                doubt = size == 1 and at in numbers
                yield at, Skip(at + size, 0.45 if doubt else 0.15, "doubt" if doubt else "repeat")
        if at + 1 < len(texts) and len(texts[at]) >= 2 and texts[at + 1].startswith(texts[at]):
            if texts[at] != texts[at + 1]:
                yield at, Skip(at + 1, 0.4, "repeat")


def _words_at(tokens: Sequence[Token], at: int, phrase: Phrase) -> int:
    """Where the phrase that starts at token `at` ends; 0 if it does not stand there."""
    words: list[str] = []
    end = at
    while end < len(tokens) and len(words) < len(phrase):
        words.extend(tokens[end].text.split(" "))
        end += 1
    return end if tuple(words) == phrase else 0


def _markers(tokens: Sequence[Token], phrases: frozenset[Phrase]) -> Iterator[tuple[int, int, Phrase]]:
    by_first: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        by_first.setdefault(phrase[0], []).append(phrase)
    for at, token in enumerate(tokens):
        for phrase in by_first.get(token.text.split(" ")[0], ()):
            end = _words_at(tokens, at, phrase)
            if end:
                yield at, end, phrase


def _marked(
    tokens: Sequence[Token], numbers: Mapping[int, tuple[Span, ...]], language: str
) -> Iterator[tuple[int, Skip]]:
    speech = TABLES[language].speech
    for at, end, phrase in _markers(tokens, speech["correction"]):
        weak = phrase in _WEAK_MARKERS[language]
        for size in range(1, min(LONGEST, at) + 1):
            if not weak or _replaces(tokens, numbers, at - size, end, at):
                yield at - size, Skip(end, 0.35 + 0.02 * size, "corrected")
    for at, end, _ in _markers(tokens, speech["repeat"]):
        for size in range(1, min(LONGEST, at) + 1):
            if _says_same(tokens, numbers, at - size, at, end):
                yield at - size, Skip(end, 0.15, "repeat")
        yield at, Skip(end, 0.3, "repeat")


def _replaces(
    tokens: Sequence[Token], numbers: Mapping[int, tuple[Span, ...]], start: int, after: int, marker: int
) -> bool:
    """Whether the words before the marker are of the kind of those after it."""
    if after >= len(tokens):
        return False
    if start in numbers and after in numbers:
        return any(span.end >= marker for span in numbers[start])
    first, then = tokens[start], tokens[after]
    if first.tag and first.tag == then.tag and first.tag in ("dir", "date", "name", "unit", "order", "quant", "actor"):
        return True
    return first.text == then.text


def _says_same(
    tokens: Sequence[Token], numbers: Mapping[int, tuple[Span, ...]], start: int, stop: int, again: int
) -> bool:
    size = stop - start
    if [token.key for token in tokens[start:stop]] == [token.key for token in tokens[again : again + size]]:
        return True
    values = {span.value.lstrip("0") for span in numbers.get(start, ()) if span.end == stop}
    return any(span.value.lstrip("0") in values for span in numbers.get(again, ()))
