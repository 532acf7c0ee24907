"""The slip: what is printed, read and refused, and where a difference is shown."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.relay.message import Kind
from bridge.relay.returns import Outcome, Person, ReplyState, Return, Stage, Tracer
from bridge.relay.sealed_text import NOT_STATED, TextError, alphabet, compose, require
from bridge.relay.serials import Serial
from bridge.relay.sheets import Sheet
from bridge.relay.slip import SlipError, check_words, parse, render
from bridge.relay.slip_check import read
from tests.relay.relay_samples import TEXTS, message

pytestmark = pytest.mark.pure

RETURN = Return(
    Serial("us", 7),
    2,
    "231502Z NOV 26",
    Stage.CLOSED,
    Outcome.ACKNOWLEDGED,
    Person("A. Karimi", "Watch"),
    Person("B. Rad", NOT_STATED),
    ReplyState.OWED,
    "fa",
    "پاسخ داده خواهد شد.",
)
TRACER = Tracer(Serial("us", 7, True), 1, "231502Z NOV 26", "en")
SHEETS: list[Sheet] = [
    *(message(language, exercise=exercise) for language in TEXTS for exercise in (False, True)),
    message(kind=Kind.CANCELLATION, cites=Serial("us", 6)),
    RETURN,
    TRACER,
]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: f"{type(sheet).__name__}-{sheet.language}")
@pytest.mark.parametrize("words", ["en", "ar", "fa"])
def test_what_is_printed_is_read(sheet: Sheet, words: str) -> None:
    """Every sheet comes back whole, with check words from any list."""
    answer = read(render(sheet, words))
    assert answer.sheet == sheet
    assert answer.differences == ()
    assert answer.computed == check_words(sheet, words)


def test_the_printed_form() -> None:
    """The form itself: a published form never changes."""
    lines = render(message("en", "Two boats. No boarding.")).split("\n")
    assert lines[:3] == ["HOTLINE SLIP 1 MESSAGE", "SERIAL: US-0007", "KIND: STATEMENT"]
    assert lines[-3].startswith("01 Two boats. No boarding. | ")
    assert lines[-2:] == [
        "SLIP ENDS, 1 LINES",
        "CHECK WORDS EN: " + " ".join(check_words(message("en", "Two boats. No boarding."))),
    ]


def test_exercise_is_marked() -> None:
    """An exercise is marked on its second line, in its serial and in its text; without the line it is refused."""
    slip = render(message(exercise=True))
    assert slip.split("\n")[1:3] == ["EXERCISE EXERCISE EXERCISE", "SERIAL: EXERCISE-US-0007"]
    assert "01 EXERCISE EXERCISE EXERCISE " in slip
    answer = read(slip.replace("EXERCISE EXERCISE EXERCISE\n", ""))
    assert answer.sheet is None
    assert answer.differences[0].line == 2


def test_what_nobody_sees_is_folded() -> None:
    """Line ends, blanks at line ends, empty lines around and the case of the words do not matter."""
    slip = render(message())
    body, last = slip.rsplit(": ", 1)
    typed = "\r\n\n" + body.replace("\n", "  \r\n") + ": " + last.upper() + " \n\n"
    assert read(typed).agrees


@pytest.mark.parametrize("sheet", [SHEETS[1], SHEETS[5], TRACER], ids=["en", "fa", "tracer"])
def test_every_single_change_is_found(sheet: Sheet) -> None:
    """At every place: no character lost, swapped with its neighbour, doubled or changed passes."""
    slip = render(sheet, "en")
    choose = random.Random(7)
    letters = alphabet(sheet.language)
    for at in range(len(slip)):
        other = choose.choice([c for c in letters if c != slip[at]])
        for changed in (
            slip[:at] + slip[at + 1 :],
            slip[:at] + slip[at : at + 2][::-1] + slip[at + 2 :],
            slip[:at] + other + slip[at:],
            slip[:at] + other + slip[at + 1 :],
        ):
            if changed != slip and _as_seen(changed) != _as_seen(slip):
                assert not _is_taken(changed, sheet), (at, changed)


def _as_seen(slip: str) -> list[str]:
    """A slip as a reader sees it, with the case of the words folded, which are said and not read."""
    lines = [line.rstrip() for line in slip.strip().split("\n")]
    return [_said(line, " | ") if " | " in line else _said(line, "CHECK WORDS EN:") for line in lines]


def _said(line: str, mark: str) -> str:
    before, found, words = line.partition(mark)
    return before + found + words.lower() if found else line


def _is_taken(typed: str, sheet: Sheet) -> bool:
    """Whether a slip passes, and with the words of the sheet it was printed from."""
    try:
        answer = read(typed, search=False)
    except SlipError:
        return False
    assert answer.agrees is not bool(answer.differences)
    return answer.agrees and answer.computed == check_words(sheet, parse(typed).language)


TYPOS = [
    ("speed 9 ", "speed 19 ", "1", ""),
    ("speed 9 ", "speed  ", "", "9"),
    ("course 140", "course 410", "41", "14"),
    ("PRECEDENCE: FLASH", "PRECEDENCE: FLSAH", "SA", "AS"),
    ("RANK: OF-5", "RANK: OF-6", "6", "5"),
    ("SERIAL: US-0007", "SERIAL: US-0008", "8", "7"),
    ("LANGUAGE: en", "LANGUAGE: em", "m", "n"),
    ("No boarding", "Now boarding", "w", ""),
]


@pytest.mark.parametrize(("printed", "typed", "found", "expected"), TYPOS, ids=[typo[1] for typo in TYPOS])
def test_the_place_of_a_slip_of_the_pen(printed: str, typed: str, found: str, expected: str) -> None:
    """One change is shown at its character, with what stood there in the sealed slip."""
    slip = render(message())
    assert printed in slip
    damaged = slip.replace(printed, typed)
    answer = read(damaged)
    assert not answer.agrees
    (difference,) = answer.differences
    line, column = difference.line - 1, difference.column - 1
    lines = damaged.split("\n")
    assert (difference.found, difference.expected) == (found, expected)
    mended = lines[line][:column] + expected + lines[line][column + len(found) :]
    assert read("\n".join([*lines[:line], mended, *lines[line + 1 :]])).agrees


def test_two_lines_differ() -> None:
    """One change in each of two lines: both places are shown."""
    damaged = render(message()).replace("speed 9", "speed 8").replace("1430Z", "1530Z")
    assert [(d.found, d.expected) for d in read(damaged).differences] == [("8", "9"), ("5", "4")]


def test_too_much_differs_to_name_characters() -> None:
    """Two changes in one line: the line is shown, no character is made up."""
    damaged = render(message()).replace("course 140, speed 9", "course 150, speed 8")
    (difference,) = read(damaged).differences
    assert damaged.split("\n")[difference.line - 1].startswith("01 ")
    assert (difference.found, difference.expected) == ("", "")


def test_lines_exchanged() -> None:
    """Two lines of text in another order are shown as those two."""
    lines = render(message()).split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("01 "))
    lines[at], lines[at + 1] = "01" + lines[at + 1][2:], "02" + lines[at][2:]
    assert [difference.line for difference in read("\n".join(lines)).differences] == [at + 1, at + 2]


def test_a_wrong_word_is_named() -> None:
    """A check word that was misheard is shown beside the one computed; a line word likewise."""
    slip = render(message())
    words = check_words(message())
    other = "zebra" if words[2] != "zebra" else "yellow"
    (difference,) = read(slip.replace(words[2], other)).differences
    assert difference.line == slip.count("\n") + 1
    assert f"{other} is typed, {words[2]} is computed" in difference.what
    line = slip.split("\n")[17]
    bare = line.rpartition(" ")[0]
    answer = read(slip.replace(line, f"{bare} qqq"))
    assert (answer.sheet, answer.differences[0].line) == (None, 18)


def test_a_misspelt_word_is_recognised_but_not_taken() -> None:
    """One letter wrong in a check word: said to be a slip of the pen, and still refused."""
    slip = render(message())
    word = check_words(message())[0]
    (difference,) = read(slip.replace(f"EN: {word}", f"EN: {word}q")).differences
    assert "perhaps a slip of the pen" in difference.what


def test_an_impossible_character_is_placed() -> None:
    """A letter that cannot stand in the language is named with its place, even where nothing else helps."""
    damaged = render(message()).replace("vessels", "vessеls").replace("island", "islаnd").replace("turn", "tuгn")
    differences = read(damaged).differences
    assert {difference.found for difference in differences} <= {"е", "а", "г"}
    assert all(difference.column for difference in differences)


def test_an_impossible_character_among_other_differences() -> None:
    """Where no search can help, the character that cannot be is shown; where there is none, the value that cannot."""
    slip = render(message()).replace("speed 9", "speed 8")
    (difference,) = read(slip.replace("course", "соurse")).differences
    assert (difference.found, difference.line, difference.column) == ("с", 19, 39)
    (difference,) = read(slip.replace("PRECEDENCE: FLASH", "PRECEDENCE: URGENT")).differences
    assert (difference.line, "URGENT" in difference.what) == (0, True)


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda slip: slip.replace("HOTLINE", "HOTLIME"), 1),
        (lambda slip: slip.replace("SLIP 1 MESSAGE", "SLIP 1 MASSAGE"), 1),
        (lambda slip: slip.replace("KIND:", "KNID:"), 3),
        (lambda slip: slip.replace("TIER: 1\n", ""), 12),
        (lambda slip: slip.replace("HEADER ENDS", "HEADER END"), 18),
        (lambda slip: slip.replace("\n02 ", "\n03 "), 20),
        (lambda slip: slip.replace("SLIP ENDS, 3", "SLIP ENDS, 4"), 22),
        (lambda slip: slip.replace("WORDS EN", "WORDS DE"), 23),
        (lambda slip: slip + " walnut", 23),
        (lambda slip: slip.rsplit("\n", 1)[0], 23),
        (lambda slip: slip.split("\n01 ")[0] + "\nSLIP ENDS, 0 LINES", 19),
        (lambda slip: slip.split("\nSLIP ENDS")[0], 22),
        (lambda slip: slip.replace("vessels", "vessels\u202e"), 19),
        (lambda slip: slip.replace("vessels", "ves\x00sels"), 19),
        (lambda slip: slip.replace("vessels", "ves\tsels"), 19),
    ],
)
def test_other_shapes_are_refused(damage: Callable[[str], str], line: int) -> None:
    """A text of another shape is refused with the number of the line."""
    with pytest.raises(SlipError) as caught:
        read(damage(render(message())))
    assert caught.value.line == line
    assert caught.value.column > 0


def test_a_hostile_slip_is_not_searched() -> None:
    """Parts longer than any printed one, or too many failing lines, are named without looking for a character."""
    slip = render(TRACER).replace("LANGUAGE: en", "LANGUAGE: " + "e" * 9000)
    (difference,) = read(slip).differences
    assert (difference.line, difference.column) == (3, 0)
    failing = render(message("en", " ".join([TEXTS["en"]] * 4)))
    for one, other in (("knots", "knobs"), ("island", "inland"), ("140", "410")):
        failing = failing.replace(one, other)
    differences = read(failing).differences
    assert len(differences) > 3
    assert all(difference.column == 0 for difference in differences)


def test_too_many_possibilities() -> None:
    """One change in each of three lines of a long message: the three lines are named, no character."""
    slip = render(message("en", " ".join([TEXTS["en"]] * 12)))
    lines = slip.split("\n")
    for at in (20, 24, 28):
        lines[at] = lines[at][:4] + "x" + lines[at][4:]
    assert [(one.line, one.column) for one in read("\n".join(lines)).differences] == [(21, 0), (25, 0), (29, 0)]


def test_too_long() -> None:
    """A text far longer than any slip is refused before anything is read."""
    with pytest.raises(SlipError, match="20001 characters"):
        parse("x" * 20001)


@given(st.text(max_size=400))
def test_strange_text(text: str) -> None:
    """Any text at all gives the documented error."""
    with pytest.raises(SlipError):
        read(text)


@settings(max_examples=150)
@given(st.sampled_from(SHEETS), st.data())
def test_hostile_slips(sheet: Sheet, data: st.DataObject) -> None:
    """Slips with strange pieces put in anywhere: the documented error or differences, and never the sheet."""
    slip = render(sheet, "en")
    piece = data.draw(
        st.one_of(st.text(min_size=1, max_size=30), st.sampled_from([" | ", "\n", ": ", "\u200c", "\u202e", "01 "]))
    )
    start = data.draw(st.integers(0, len(slip)))
    end = data.draw(st.integers(start, min(len(slip), start + 40)))
    damaged = slip[:start] + piece + slip[end:]
    if _as_seen(damaged.replace("\r\n", "\n")) != _as_seen(slip):
        assert not _is_taken(damaged, sheet)


PLAIN = st.sampled_from(["en", "ar", "fa"]).flatmap(
    lambda language: st.tuples(
        st.just(language),
        st.lists(st.text(alphabet(language).replace(" ", ""), min_size=1, max_size=20), min_size=1, max_size=30),
    )
)


@given(PLAIN)
def test_any_sealable_text_survives(drawn: tuple[str, list[str]]) -> None:
    """Whatever can be sealed is printed and read back the same."""
    language, words = drawn
    text = compose(" ".join(words), language)
    try:
        require(text, language)
    except TextError:
        return
    sheet = message(language, text)
    assert read(render(sheet)).sheet == sheet
