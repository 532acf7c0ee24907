"""The slip: a sealed message as plain text that a person can read, carry and type, with words that prove it unchanged.

    HOTLINE SLIP 1 MESSAGE
    SERIAL: US-0007
    KIND: STATEMENT
    ...
    HEADER ENDS | maple
    01 Two vessels at 25-34.5N 056-12.3E, course 140, speed 9 knots. | window
    02 They will turn south at 1430Z. | velvet
    SLIP ENDS, 2 LINES
    CHECK WORDS EN: walnut pebble canyon hammock violin

The five check words at the end are those of the message's hash (`checkwords`, `message`); the receiving station
builds the message from what was typed and computes them itself. The word at the end of a line covers that line alone:
it proves nothing more, but it says where to look.

Whitespace: one space between words, none at line ends, no empty line inside. Lines of text are numbered and broken
after the last word that fits in `WIDTH` characters, so a line break can stand nowhere else. Only what no reader can see
is folded in a typed slip: the kind of line end, blanks at the end of a line, empty lines before and after. Check words
and line words may be in capitals. Everything else must be exactly what `render` prints for the same message, or
`slip_check` says where it differs. Nothing is guessed: a slip that differs is corrected by a person and checked again.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from bridge.base.errors import Theirs
from bridge.relay.checkwords import COUNT, LIST_LANGUAGES, words_of
from bridge.relay.sealed_text import TextError
from bridge.relay.sheets import LABELS, Sheet, build, serial_of, title_of, values_of

WIDTH = 56
"""Characters of text on one line; with number and word it fits a narrow printer."""
SLIP_LIMIT = 20_000
"""Characters of a typed slip; the longest that `render` makes has about 12,000."""
TITLE = "HOTLINE SLIP 1 "
EXERCISE_LINE = "EXERCISE EXERCISE EXERCISE"
HEADER_ENDS = "HEADER ENDS"
CHECK_WORDS = "CHECK WORDS "
_NUMBERED = re.compile(r"([0-9]{2,3}) (.+) \| (\S+)")
_ENDS = re.compile(r"SLIP ENDS, ([0-9]{1,3}) LINES")
_FINAL = re.compile(r"CHECK WORDS ([A-Z]{2}): (\S+(?: \S+)*)")


class SlipError(Theirs):
    """A typed text whose shape is not a slip's. `line` and `column` count from 1; 0 where no place can be named."""

    code = "slip"

    def __init__(self, what: str, line: int = 0, column: int = 0) -> None:
        super().__init__(f"line {line}, column {column}: {what}" if line else what)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Line:
    """One checked part of a typed slip."""

    at: int
    """Line of the slip, from 1, where `content` begins."""
    content: str
    word: str
    """Its line word as typed, in lower case."""
    column: int = 0
    """Columns of the slip before `content`."""


@dataclass(frozen=True, slots=True)
class TypedSlip:
    """A text that has the shape of a slip; whether it agrees with its words is not known yet."""

    title: str
    header: Line
    """All header lines with their line breaks."""
    lines: tuple[Line, ...]
    language: str
    """Of the check words."""
    words: tuple[str, ...]
    text: str
    """The whole slip as typed, line ends folded."""

    def sheet(self, header: str | None = None, lines: tuple[str, ...] | None = None) -> Sheet:
        """What the slip says, or would say with another header or other lines.

        Raises:
            TextError, SerialError: something that cannot be sealed.
        """
        values = {}
        for line in (header if header is not None else self.header.content).split("\n"):
            label, _, value = line.partition(": ")
            values[label] = value
        if tuple(values) != LABELS[self.title]:
            raise TextError("header labels are not those of this slip")
        return build(self.title, values, " ".join(lines or tuple(line.content for line in self.lines)))


def line_word(content: str, number: int, language: str) -> str:
    """The word of one line of text, or of the header as line 0."""
    digest = hashlib.sha256(f"line {number}\n{content}".encode()).digest()
    return words_of(digest, language, 1)[0]


def check_words(sheet: Sheet, language: str | None = None) -> tuple[str, ...]:
    """The five words to say for a sheet, from the list of its own language or another."""
    return words_of(sheet.digest(), language or sheet.language)


def wrap(text: str) -> list[str]:
    """Lines of at most `WIDTH` characters, broken at spaces as late as possible."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= WIDTH:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


def header_text(sheet: Sheet) -> str:
    return "\n".join(f"{label}: {value}" for label, value in values_of(sheet).items())


def render(sheet: Sheet, language: str | None = None) -> str:
    """The slip of a sheet, with words from the list of `language` or of the sheet's own.

    Raises:
        CheckWordsError: there is no list in that language.
    """
    words = language or sheet.language
    header = header_text(sheet)
    text = wrap(sheet.text)
    mark = [EXERCISE_LINE] if serial_of(sheet).exercise else []
    return "\n".join(
        [
            TITLE + title_of(sheet),
            *mark,
            header,
            f"{HEADER_ENDS} | {line_word(header, 0, words)}",
            *(f"{n:02} {line} | {line_word(line, n, words)}" for n, line in enumerate(text, 1)),
            f"SLIP ENDS, {len(text)} LINES",
            f"{CHECK_WORDS}{words.upper()}: {' '.join(words_of(sheet.digest(), words))}",
        ]
    )


def parse(text: str) -> TypedSlip:
    """Read the shape of a typed, pasted or scanned slip.

    Raises:
        SlipError: the shape is another; says the line and, where it can be known, the column.
    """
    if len(text) > SLIP_LIMIT:
        raise SlipError(f"{len(text)} characters, expected at most {SLIP_LIMIT}")
    lines = _typed_lines(text)
    title = lines[0].removeprefix(TITLE)
    if title not in LABELS or not lines[0].startswith(TITLE):
        expected = [TITLE + name for name in LABELS]
        raise SlipError(f"expected {', '.join(expected)}", 1, _first_difference(lines[0], expected[0]))
    start = 2 if len(lines) > 1 and lines[1] == EXERCISE_LINE else 1
    header, at = _header(lines, start, title)
    numbered = _numbered_lines(lines, at)
    language, words = _final_lines(lines, at + len(numbered), len(numbered))
    return TypedSlip(title, header, numbered, language, words, "\n".join(lines))


def _typed_lines(text: str) -> list[str]:
    """Fold what cannot be seen; everything else stays as typed."""
    lines = [line.rstrip(" \t") for line in text.replace("\r\n", "\n").strip(" \t\n").split("\n")]
    for at, line in enumerate(lines, 1):
        for column, character in enumerate(line, 1):
            if character != "\u200c" and not character.isprintable():
                raise SlipError(f"character U+{ord(character):04X} is not allowed in a slip", at, column)
    return lines


def _header(lines: list[str], start: int, title: str) -> tuple[Line, int]:
    at = start
    for label in LABELS[title]:
        found = lines[at] if at < len(lines) else ""
        if not found.startswith(f"{label}: "):
            raise SlipError(f"expected {label}: and a value", at + 1, _first_difference(found, f"{label}: "))
        at += 1
    found = lines[at] if at < len(lines) else ""
    ends, bar, word = found.partition(" | ")
    if ends != HEADER_ENDS or not bar or not word or " " in word:
        raise SlipError(f"expected {HEADER_ENDS} | and a word", at + 1, _first_difference(found, f"{HEADER_ENDS} | "))
    return Line(start + 1, "\n".join(lines[start:at]), word.lower()), at + 1


def _numbered_lines(lines: list[str], start: int) -> tuple[Line, ...]:
    numbered: list[Line] = []
    for at in range(start, len(lines)):
        if lines[at].startswith("SLIP"):
            break
        found = _NUMBERED.fullmatch(lines[at])
        if not found or found[1] != f"{len(numbered) + 1:02}":
            raise SlipError(f"expected {len(numbered) + 1:02}, a line of text, | and a word", at + 1, 1)
        numbered.append(Line(at + 1, found[2], found[3].lower(), len(found[1]) + 1))
    if not numbered:
        raise SlipError("expected a line of text that begins with 01", start + 1, 1)
    return tuple(numbered)


def _final_lines(lines: list[str], at: int, count: int) -> tuple[str, tuple[str, ...]]:
    ends = _ENDS.fullmatch(lines[at]) if at < len(lines) else None
    if not ends or ends[1] != str(count):
        raise SlipError(f"expected SLIP ENDS, {count} LINES", at + 1, 1)
    final = _FINAL.fullmatch(lines[at + 1]) if at + 2 == len(lines) else None
    if not final or final[1].lower() not in LIST_LANGUAGES:
        lists = ", ".join(name.upper() for name in LIST_LANGUAGES)
        raise SlipError(f"expected as last line {CHECK_WORDS}and one of {lists}, a colon and {COUNT} words", at + 2, 1)
    words = tuple(final[2].lower().split(" "))
    if len(words) != COUNT:
        raise SlipError(f"{len(words)} check words, expected {COUNT}", at + 2, 1)
    return final[1].lower(), words


def _first_difference(found: str, expected: str) -> int:
    """Column, from 1, where `found` stops being the beginning of a line that starts with `expected`."""
    pairs = enumerate(zip(found, expected, strict=False), 1)
    return next((at for at, (a, b) in pairs if a != b), min(len(found), len(expected)) + 1)
