"""Compares a typed slip with its own words and says where it differs, down to the character where that can be known.

The hash says only that something differs. Where: a line whose own word fails holds the difference; if one change of
one character (another, one lost, one too many, two neighbours swapped) in each failing line makes line word and
check words agree, that is the change, to a probability of 2**-20 and better. It is shown, never made: a person looks at
the slip and types it again.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

from bridge.relay.checkwords import nearest, words_of
from bridge.relay.sealed_text import TextError, alphabet
from bridge.relay.sheets import BUILD_ERRORS, Sheet
from bridge.relay.slip import WIDTH, Line, TypedSlip, line_word, parse, render

BUILT_CHARACTERS = 2_000_000
"""Length of all messages together that are built while looking for the place: about half a second."""
LINE_SEARCHED = WIDTH + 8
HEADER_SEARCHED = 1000
"""Characters of a failing part beyond which no place in it is looked for: nothing that was printed is that long, or
hardly, and a hostile slip must not keep the desk busy."""
LINES_SEARCHED = 3
"""Failing lines among which a combination is looked for; beyond that the slip is to be typed again."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a typed slip is not what was sealed."""

    what: str
    line: int
    """Line of the typed slip, from 1; 0 if it cannot be known."""
    column: int = 0
    """Column in that line, from 1; 0 if it cannot be known."""
    found: str = ""
    expected: str = ""
    """What stands there in the sealed slip, if known; both empty if not."""


@dataclass(frozen=True, slots=True)
class SlipCheck:
    """The answer of `check`: a sheet only if nothing differs."""

    sheet: Sheet | None
    differences: tuple[Difference, ...]
    computed: tuple[str, ...]
    """Check words of what was typed; empty if it cannot be a message at all."""

    @property
    def agrees(self) -> bool:
        return self.sheet is not None


def read(text: str, search: bool = True) -> SlipCheck:
    """Parse and check a typed slip; `search` looks for the place of a difference, which may take a second.

    Raises:
        SlipError: the text has not the shape of a slip.
    """
    return check(parse(text), search)


def check(slip: TypedSlip, search: bool = True) -> SlipCheck:
    """Compute the words of what was typed and compare. Never raises."""
    failing = [line for number, line in _parts(slip) if line_word(line.content, number, slip.language) != line.word]
    try:
        sheet = slip.sheet()
    except BUILD_ERRORS as error:
        return SlipCheck(None, (search and _locate(slip, failing)) or (_unbuildable(slip, error, failing),), ())
    computed = words_of(sheet.digest(), slip.language)
    if computed != slip.words:
        found = (search and _locate(slip, failing)) or _lines_only(slip, failing, computed)
        return SlipCheck(None, found, computed)
    different = _first_unlike(slip.text, render(sheet, slip.language))
    return SlipCheck(None, (different,), computed) if different else SlipCheck(sheet, (), computed)


def _parts(slip: TypedSlip) -> Iterator[tuple[int, Line]]:
    return enumerate((slip.header, *slip.lines))


def _unbuildable(slip: TypedSlip, error: Exception, failing: list[Line]) -> Difference:
    letters = _letters(slip) + "\n"
    for _, line in _parts(slip):
        odd = next((at for at, character in enumerate(line.content) if character not in letters), None)
        if odd is not None:
            return Difference(str(error), *_place(line, odd), line.content[odd])
    return Difference(str(error), failing[0].at if len(failing) == 1 else 0)


def _lines_only(slip: TypedSlip, failing: list[Line], computed: tuple[str, ...]) -> tuple[Difference, ...]:
    if failing:
        return tuple(Difference("this part differs from what was sealed", line.at) for line in failing)
    last = slip.text.count("\n") + 1
    pairs = [(typed, word) for typed, word in zip(slip.words, computed, strict=True) if typed != word]
    wrong = [f"{typed} is typed, {word} is computed{_perhaps(typed, word, slip.language)}" for typed, word in pairs]
    return (Difference(f"check words differ though every line agrees: {'; '.join(wrong)}", last),)


def _perhaps(typed: str, word: str, language: str) -> str:
    return " (perhaps a slip of the pen)" if nearest(typed, language) == word else ""


def _first_unlike(typed: str, printed: str) -> Difference | None:
    """Where a typed slip is not what is printed for the same message; words count without case."""
    for at, (one, other) in enumerate(itertools.zip_longest(typed.split("\n"), printed.split("\n"), fillvalue=""), 1):
        if one == other or (_bare(one) == _bare(other) and _words(one) == _words(other)):
            continue
        column = next(
            (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
        )
        what = "differs from the slip of this message"
        return Difference(what, at, column + 1, one[column : column + 1], other[column : column + 1])
    return None


def _bare(line: str) -> str:
    """A line without its words, the part in which case counts."""
    bar = line.rpartition(" | ")
    return bar[0] if bar[1] else line.partition(": ")[0]


def _words(line: str) -> str:
    bar = line.rpartition(" | ")
    if bar[1]:
        return bar[2].lower()
    label, _, value = line.partition(": ")
    return value.lower() if label.startswith("CHECK WORDS ") else value


def _letters(slip: TypedSlip) -> str:
    """Characters that the text may have been meant to have; all of them if the language itself is unreadable."""
    value = slip.header.content.rpartition("LANGUAGE: ")[2]
    try:
        return alphabet(value)
    except TextError:
        return "".join(sorted(set(alphabet("ar") + alphabet("fa"))))


def _locate(slip: TypedSlip, failing: list[Line]) -> tuple[Difference, ...]:
    """The one set of single changes, one a failing line, that makes all words agree; empty if none was found."""
    if not failing or len(failing) > LINES_SEARCHED or not all(_is_searched(slip, line) for line in failing):
        return ()
    letters = _letters(slip)
    wanted = [
        [edit for edit in _edits(line.content, letters) if line_word(edit[2], number, slip.language) == line.word]
        for number, line in _parts(slip)
        if line in failing
    ]
    places = [number for number, line in _parts(slip) if line in failing]
    if math.prod(map(len, wanted)) * len(slip.text) > BUILT_CHARACTERS:
        return ()
    for edits in itertools.product(*wanted):
        contents = [line.content for _, line in _parts(slip)]
        for number, edit in zip(places, edits, strict=True):
            contents[number] = edit[2]
        if _agrees(slip, contents):
            return tuple(_difference(line, edit) for line, edit in zip(failing, edits, strict=True))
    return ()


def _is_searched(slip: TypedSlip, line: Line) -> bool:
    return len(line.content) <= (HEADER_SEARCHED if line is slip.header else LINE_SEARCHED)


def _agrees(slip: TypedSlip, contents: list[str]) -> bool:
    try:
        sheet = slip.sheet(contents[0], tuple(contents[1:]))
    except BUILD_ERRORS:
        return False
    return words_of(sheet.digest(), slip.language) == slip.words


def _edits(content: str, letters: str) -> Iterator[tuple[int, str, str]]:
    """Every text one change away: index, what is meant to stand there, and the whole."""
    for at in range(len(content) + 1):
        head, here, tail = content[:at], content[at : at + 1], content[at + 1 :]
        for letter in letters:
            yield at, letter + here, head + letter + here + tail
            if here and letter != here:
                yield at, letter, head + letter + tail
        if here:
            yield at, "", head + tail
        if tail and tail[0] != here:
            yield at, tail[0] + here, head + tail[0] + here + tail[1:]


def _difference(line: Line, edit: tuple[int, str, str]) -> Difference:
    at, meant, whole = edit
    removed = len(line.content) + len(meant) - len(whole)
    found = line.content[at : at + removed]
    row, column = _place(line, at)
    return Difference("one change away from what was sealed", row, column, found, meant)


def _place(line: Line, at: int) -> tuple[int, int]:
    """Line and column of the slip where character `at` of a part stands."""
    before = line.content[:at]
    return line.at + before.count("\n"), at - (before.rfind("\n") + 1) + 1 + line.column
