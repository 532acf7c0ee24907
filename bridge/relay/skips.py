"""Parts of a heard text that are not meant: repetitions, false starts, and what a spoken correction replaces.

It proposes; the alignment chooses. A skip goes from one token to a later one at a cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bridge.relay.likeness import sounds_alike
from bridge.relay.numerals import Span
from bridge.relay.tables import TABLES, Phrase, split
from bridge.relay.tokens import Token
from bridge.relay.vocabulary import is_known

LONGEST = 14
_AFTER_NUMBER = 5
"""Tokens that may stand between a wrong number and the word that takes it back: its unit, its zone."""
WEAK_MARKERS = {
    "en": frozenset(
        map(
            split,
            (
                "no",
                "no no",
                "negative",
                "i mean",
                "rather",
                "actually",
                "wrong",
                "cancel",
                "pardon",
                "wait",
                "hold on",
                "make it",
                "change to",
                "should be",
                "it should be",
                "that should be",
                "go back",
                "error",
                "in error",
                "incorrect",
                "ignore that",
                "nope",
                "start again",
                "not quite",
                "or better",
                "my fault",
                "correct to",
                "wrong number",
                "wrong word",
            ),
        )
    ),
    "fa": frozenset(
        map(
            split,
            (
                "نه",
                "نه نه",
                "یعنی",
                "خیر",
                "نخیر",
                "نه خیر",
                "غلط",
                "اشتباه",
                "لغو",
                "صبر کنید",
                "یک لحظه",
                "بلکه",
                "منظور",
                "درست نیست",
                "درست نبود",
                "حذف شود",
                "سهواً",
                "نادیده بگیرید",
                "صحیح آن",
            ),
        )
    ),
    "ar": frozenset(
        map(
            split,
            (
                "لا",
                "لا لا",
                "بل",
                "لا بل",
                "كلا",
                "خطأ",
                "الصحيح",
                "ألغ",
                "يعني",
                "لحظة",
                "انتظر",
                "انتظروا",
                "غلط",
                "إنما",
                "وإنما",
                "هذا خطأ",
                "سهوا",
                "سهو",
                "تجاهلوا",
                "احذفوا ذلك",
                "إعادة",
            ),
        )
    ),
}
"""Words that also mean something else; they correct only where like replaces like."""


_FILLERS = {name: tables.speech["filler"] | tables.speech["hesitation"] for name, tables in TABLES.items()}


@dataclass(frozen=True, slots=True)
class Skip:
    to: int
    cost: float
    kind: str
    """`repeat`, `doubt` (a digit said twice) or `corrected`."""


def skips(tokens: Sequence[Token], numbers: Mapping[int, tuple[Span, ...]], language: str) -> dict[int, list[Skip]]:
    """Skips by the token where they start."""
    found: dict[int, list[Skip]] = {}
    for at, skip in (
        *_repeats(tokens, language),
        *_marked(tokens, numbers, language),
        *_unmarked(tokens, numbers, language),
        *_fillers(tokens, numbers, language),
    ):
        found.setdefault(at, []).append(skip)
    return found


def _repeats(tokens: Sequence[Token], language: str) -> Iterator[tuple[int, Skip]]:
    """Blocks said twice. Between the copies any stretch of the block's length can go: two-five-degrees one five degrees
    one-eight restarts in the middle of a number."""
    texts = [token.text for token in tokens]
    digits = TABLES[language].numbers.unit
    for at in range(len(texts)):
        for size in range(1, min(LONGEST, (len(texts) - at) // 2) + 1):
            if not same_block(texts, at, size):
                continue
            doubt = size == 1 and digits.get(texts[at], 10) < 10
            cost, kind = (0.45, "doubt") if doubt else (0.15, "repeat")
            exact = texts[at] == texts[at + size]
            for start in range(at if exact else at + size, at + size + 1):
                if start + size <= len(texts) and (start == at or exact or start == at + size):
                    yield start, Skip(start + size, cost, kind)
        if at + 1 < len(texts) and len(texts[at]) >= 2 and texts[at + 1].startswith(texts[at]):
            if texts[at] != texts[at + 1]:
                yield at, Skip(at + 1, 0.4, "repeat")


def same_block(texts: Sequence[str], at: int, size: int) -> bool:
    """Whether the block repeats; a phrase token at its edge may be met by the part that was said."""
    first, second = texts[at : at + size], texts[at + size : at + 2 * size]
    if first == second:
        return True
    if first[1:-1] != second[1:-1]:
        return False
    if size == 1:
        return second[0].startswith(first[0] + " ")
    starts = first[0] == second[0] or first[0].endswith(" " + second[0])
    ends = first[-1] == second[-1] or second[-1].startswith(first[-1] + " ")
    return starts and ends


def _words_at(tokens: Sequence[Token], at: int, phrase: Phrase) -> int:
    """Where the phrase that starts at token `at` ends; 0 if it does not stand there."""
    words: list[str] = []
    end = at
    while end < len(tokens) and len(words) < len(phrase):
        words.extend(tokens[end].text.split(" "))
        end += 1
    return end if tuple(words) == phrase else 0


@lru_cache(maxsize=32)
def _by_first(phrases: frozenset[Phrase]) -> Mapping[str, tuple[Phrase, ...]]:
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], []).append(phrase)
    return {word: tuple(group) for word, group in found.items()}


def phrases_in(tokens: Sequence[Token], phrases: frozenset[Phrase]) -> Iterator[tuple[int, int, Phrase]]:
    """(first token, end, phrase) of every phrase that stands in the tokens."""
    by_first = _by_first(phrases)
    for at, token in enumerate(tokens):
        for phrase in by_first.get(token.text.split(" ")[0], ()):
            end = _words_at(tokens, at, phrase)
            if end:
                yield at, end, phrase


def _marked(
    tokens: Sequence[Token], numbers: Mapping[int, tuple[Span, ...]], language: str
) -> Iterator[tuple[int, Skip]]:
    speech = TABLES[language].speech
    for at, end, phrase in phrases_in(tokens, speech["correction"]):
        weak = phrase in WEAK_MARKERS[language]
        for size in range(1, min(LONGEST, at) + 1):
            if not weak or replaces(tokens, numbers, at - size, end, at, language):
                yield at - size, Skip(end, 0.35 + 0.02 * size, "corrected")
    for at, end, _ in phrases_in(tokens, speech["repeat"]):
        for size in range(1, min(LONGEST, at) + 1):
            if says_same(tokens, numbers, at - size, at, end):
                yield at - size, Skip(end, 0.15, "repeat")
                yield at, Skip(end + size, 0.15, "repeat")
        yield at, Skip(end, 0.3, "repeat")


def _fillers(
    tokens: Sequence[Token], numbers: Mapping[int, tuple[Span, ...]], language: str
) -> Iterator[tuple[int, Skip]]:
    """Fillers that the sealed text has elsewhere, so that they were not left out beforehand."""
    for at, end, _ in phrases_in(tokens, _FILLERS[language]):
        if all(not token.tag for token in tokens[at:end]):
            yield at, Skip(end, 0.3 * (end - at), "repeat")
    for at, token in enumerate(tokens):
        if token.text == "now" and language == "en":
            yield at, Skip(at + 1, 0.5, "repeat")  # a filler as often as not
        if token.text == "oh" and at - 1 not in numbers and at + 1 not in numbers:
            yield at, Skip(at + 1, 0.3, "repeat")


def _unmarked(
    tokens: Sequence[Token], numbers: Mapping[int, tuple[Span, ...]], language: str
) -> Iterator[tuple[int, Skip]]:
    """A number, a word or two about the speaking, and a number again: a correction in words that no table has."""
    tables = TABLES[language]
    markers = {phrase[0] for phrase in tables.speech["correction"] if len(phrase) == 1}
    said_of_speech = tables.courtesy_words | tables.talk | markers
    for start, read in numbers.items():
        for end in {span.end for span in read}:
            for gap in (1, 2, 3):
                between = tokens[end : end + gap]
                again = end + gap
                if again not in numbers or any(at in numbers for at in range(end, again)):
                    continue
                if any(token.tag not in ("", "modal") for token in between) or between[0].is_light:
                    continue
                known = all(token.is_light or token.text in said_of_speech for token in between)
                yield start, Skip(again, 0.6, "corrected" if known else "doubt")


def replaces(
    tokens: Sequence[Token],
    numbers: Mapping[int, tuple[Span, ...]],
    start: int,
    after: int,
    marker: int,
    language: str = "en",
) -> bool:
    """Whether the words before the marker are of the kind of those after it."""
    if after >= len(tokens):
        return False
    if start in numbers and after in numbers:
        return any(span.end >= marker - _AFTER_NUMBER for span in numbers[start])
    first, then = tokens[start], tokens[after]
    if first.tag and first.tag == then.tag and first.tag in ("dir", "date", "name", "unit", "order", "quant", "actor"):
        return True
    if first.text == then.text or _sounds_begun(first, then, language):
        return True
    size = marker - start  # starboard engine, no, port engine
    return 2 <= size <= 4 and tokens[marker - 1].text == tokens[min(after + size, len(tokens)) - 1].text


def _sounds_begun(first: Token, then: Token, language: str) -> bool:
    """Two words of no class that sound somewhat alike: a name said wrong, and right."""
    if first.tag or then.tag or first.is_light or then.is_light:
        return False
    if not is_known(first.text, language) and not is_known(then.text, language):
        return True
    return sounds_alike(first.text, then.text, language) >= 0.5


def says_same(
    tokens: Sequence[Token], numbers: Mapping[int, tuple[Span, ...]], start: int, stop: int, again: int
) -> bool:
    size = stop - start
    texts = [token.text for token in (*tokens[start:stop], *tokens[again : again + size])]
    if len(texts) == 2 * size and same_block(texts, 0, size):
        return True
    values = {span.value.lstrip("0") for span in numbers.get(start, ()) if span.end == stop}
    return any(span.value.lstrip("0") in values for span in numbers.get(again, ()))
