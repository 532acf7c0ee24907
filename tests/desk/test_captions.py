"""Captions: growing, settled, checked, and never a silent change of a word that was firm."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.base.clock import ManualClock
from bridge.base.errors import WireError
from bridge.base.wire import Entry, Value
from bridge.desk.captions import KEPT, Captions

pytestmark = pytest.mark.pure
LEG = "us-1/side-1"


class Book:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.captions = Captions()
        t0 = self.clock.now().utc
        self.take("TrackOpened", leg=LEG, language="en", rate_hz=8000, t0_utc=t0)

    def take(self, kind: str, **data: Value) -> None:
        self.captions.take(Entry(1, self.clock.now().utc, 1, "unknown", kind, data))

    def partial(self, text: str, firm: int, heard_to: int = 8000, number: int = 1) -> None:
        known: dict[str, Value] = {"leg": LEG, "utterance": number, "from_sample": 0, "heard_to_sample": heard_to}
        self.take("Partial", **known, text=text, firm_words=firm)

    def final(self, text: str, number: int = 1) -> None:
        words: list[Value] = [{"word": "x"}]
        known: dict[str, Value] = {"leg": LEG, "utterance": number, "from_sample": 4000, "to_sample": 8000}
        self.take("Final", **known, text=text, words=words, engine="moonshine", unclear=False)

    def shown(self, number: int = 1) -> Any:
        return self.captions.sections[f"caption/{LEG}/{number}"]


def test_a_caption_grows_and_settles() -> None:
    """Firm words while it grows; all of it with the engine's words once it is final."""
    book = Book()
    book.partial("speed nine", 1)
    shown = book.shown()
    assert (shown["text"], shown["firm_words"], shown["final"], shown["language"]) == ("speed nine", 1, False, "en")
    book.final("speed nine knots")
    shown = book.shown()
    assert (shown["firm_words"], shown["final"], shown["engine"], shown["words"]) == (
        3,
        True,
        "moonshine",
        [{"word": "x"}],
    )
    assert shown["revised"] == []
    book.partial("speed", 1)
    assert book.shown() is shown, "a late partial replaces nothing"


def test_when_it_was_said() -> None:
    """The moment of its first sample, not of the entry."""
    book = Book()
    book.clock.advance(5)
    book.final("one")
    assert book.shown()["heard_utc"] == "2026-11-23T10:05:12.500000Z"


@pytest.mark.parametrize(
    ("before", "firm", "after", "was", "now"),
    [
        ("speed nine knots", 2, "speed five knots", "nine", "five"),
        ("speed nine knots", 3, "speed knots", "nine", ""),
        ("speed knots", 2, "speed nine knots", "", "nine"),
        ("turn to port", 3, "turn to starboard at once", "port", "starboard"),
        ("سرعت نه گره", 2, "سرعت ده گره", "نه", "ده"),
    ],
)
def test_a_firm_word_never_changes_silently(before: str, firm: int, after: str, was: str, now: str) -> None:
    """The old text and the new one stand side by side."""
    book = Book()
    book.partial(before, firm)
    book.final(after)
    (revised,) = book.shown()["revised"]
    assert (revised["was"], revised["now"]) == (was, now)


@pytest.mark.parametrize(
    ("before", "firm", "after"),
    [
        ("speed nine nots", 2, "speed nine knots course"),
        ("speed nine", 2, "Speed, nine!"),
        ("speed nine", 2, "speed nine knots course one four zero"),
        ("", 0, "speed"),
    ],
)
def test_what_was_not_firm_may_change(before: str, firm: int, after: str) -> None:
    """New words, words that were not firm, a comma: nothing is struck."""
    book = Book()
    book.partial(before, firm)
    book.final(after)
    assert book.shown()["revised"] == []


def test_the_checker_marks_and_edits_nothing() -> None:
    """Its text and marks stand beside; for an utterance that is not known nothing is shown."""
    book = Book()
    book.final("speed nine")
    marks: list[Value] = [{"from_word": 1, "to_word": 2, "heard": "five"}]
    book.take("Checked", leg=LEG, utterance=1, text="speed five", marks=marks)
    shown = book.shown()
    assert (shown["text"], shown["checked"], shown["marks"]) == ("speed nine", "speed five", marks)
    book.take("Checked", leg=LEG, utterance=7, text="x", marks=[])
    assert len(book.captions.sections) == 1


def test_only_the_newest_are_kept() -> None:
    """The page shows a day's end, not a day."""
    book = Book()
    for number in range(1, KEPT + 3):
        book.final("x", number)
    assert len(book.captions.sections) == KEPT
    assert f"caption/{LEG}/2" not in book.captions.sections


def test_captions_behind_the_voice_are_late() -> None:
    """More than 2 s from the sample to the text; measured lately, on a leg that is there."""
    book = Book()
    book.clock.advance(2.5)
    book.partial("one", 0, heard_to=8000)
    now = book.clock.now().utc_ns
    assert list(book.captions.late(now)) == []
    book.clock.advance(1)
    book.partial("one two", 0, heard_to=8000)
    now = book.clock.now().utc_ns
    assert list(book.captions.late(now)) == [LEG]
    assert list(book.captions.late(now + 11 * 10**9)) == []
    book.take("LegEnded", leg=LEG)
    assert list(book.captions.late(now)) == []


def test_captions_that_have_caught_up_are_not_late() -> None:
    """Once the utterance is settled; what was measured before says nothing then."""
    book = Book()
    book.clock.advance(3.5)
    book.partial("one", 0, heard_to=8000)
    now = book.clock.now().utc_ns
    assert list(book.captions.late(now)) == [LEG]
    book.final("one")
    assert list(book.captions.late(now)) == []


def test_what_a_stall_swallowed_is_no_delay() -> None:
    """Samples after it were said later by what is missing."""
    book = Book()
    book.take("TrackStalled", leg=LEG, at_sample=4000, missing_samples=24000)
    book.clock.advance(4.5)
    book.partial("one", 0, heard_to=8000)
    assert list(book.captions.late(book.clock.now().utc_ns)) == []


def test_how_far_a_recogniser_has_come() -> None:
    """By what was written of a leg: never back, and a failure that is settled counts as heard."""
    book = Book()
    track = book.captions.tracks[LEG]
    assert (track.heard_to, track.has_recognizer) == (0, None)
    book.take("NoRecognizer", leg=LEG, language="en")
    assert track.has_recognizer is False
    book.take("TrackFollowed", leg=LEG, from_sample=800)
    assert (track.heard_to, track.has_recognizer) == (800, True)
    book.partial("one", 0, heard_to=9000)
    book.final("one")
    assert track.heard_to == 9000
    book.take("EngineFailed", leg=LEG, code="engine")
    assert track.heard_to == 9000
    book.take("EngineFailed", leg=LEG, code="engine", utterance=2, from_sample=9000, to_sample=12000)
    assert track.heard_to == 12000
    book.take("TrackFollowed", leg="other/side-1", from_sample=1)
    assert list(book.captions.tracks) == [LEG]


def test_a_leg_that_was_not_announced() -> None:
    """Its words are shown with the entry's own moment, and no delay can be told."""
    book = Book()
    book.take("Partial", leg="other/side-1", utterance=1, from_sample=0, heard_to_sample=9, text="x", firm_words=0)
    shown: Any = book.captions.sections["caption/other/side-1/1"]
    assert (shown["heard_utc"], shown["language"]) == (book.clock.now().utc, "")


@pytest.mark.parametrize("kind", ["TrackOpened", "Partial", "Final", "Checked", "LegEnded"])
def test_an_entry_of_another_form_changes_nothing(kind: str) -> None:
    """It is said, and nothing is shown of it."""
    book = Book()
    with pytest.raises(WireError):
        book.take(kind)
    assert book.captions.sections == {}
