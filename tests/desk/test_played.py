"""Only what a person was given can have been played."""

from __future__ import annotations

import json

import pytest

from bridge.base.clock import ManualClock
from bridge.base.wire import Entry, Value
from bridge.desk.acts import ActError, parse
from bridge.desk.played import Given

pytestmark = pytest.mark.pure
LEG = "us-1/side-1"


def given(*spans: tuple[str, str, int, int]) -> Given:
    """Audio of legs that was given to persons."""
    book = Given()
    for person, leg, begin, end in spans:
        data: dict[str, Value] = {"person": person, "leg": leg, "from_sample": begin, "to_sample": end}
        book.take(Entry(1, ManualClock().now().utc, 1, "unknown", "Listened", data))
    return book


def says(book: Given, begin: int, end: int, *, person: str = "op-a", act: str = "Played", leg: str = LEG) -> str:
    """The refusal's code; empty if it may go on."""
    span = {"leg": leg, "from_sample": begin, "to_sample": end}
    who = {"id": "a-1", "person": person, "role": "operator", "console": "A"}
    try:
        book.check(parse(json.dumps({**who, "act": act, "subject": "taking/1", "fields": {"span": span}}).encode()))
    except ActError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("begin", "end", "code"), [(0, 100, ""), (20, 80, ""), (0, 101, "not-played"), (150, 160, "not-played")]
)
def test_within_what_was_given(begin: int, end: int, code: str) -> None:
    """To the sample."""
    assert says(given(("op-a", LEG, 0, 100)), begin, end) == code


def test_pieces_count_together() -> None:
    """Given one after the other, in any order; a hole stays a hole."""
    pieces = ("op-a", LEG, 50, 100), ("op-a", LEG, 0, 50)
    assert says(given(*pieces), 0, 100) == ""
    assert says(given(*pieces, ("op-a", LEG, 120, 200)), 0, 200) == "not-played"


def test_somebody_elses_ear_and_another_leg_do_not_count() -> None:
    """Each hears for himself."""
    assert says(given(("op-b", LEG, 0, 100)), 0, 100) == "not-played"
    assert says(given(("op-a", "us-1/operator-1", 0, 100)), 0, 100) == "not-played"
    assert says(Given(), 0, 100) == "not-played"


def test_other_acts_go_on() -> None:
    """Marking what the message is needs no ear; a span that is none is refused elsewhere."""
    assert says(Given(), 0, 100, act="SpanMarked") == ""
    assert says(Given(), 100, 0) == ""


def test_a_record_read_again_is_counted_again() -> None:
    """And other entries are none of it."""
    book = given(("op-a", LEG, 0, 100))
    book.take(Entry(2, ManualClock().now().utc, 1, "unknown", "Listened", {"person": "op-a", "leg": LEG}))
    data: dict[str, Value] = {"person": "op-a", "leg": LEG, "from_sample": 100, "to_sample": 200}
    book.take(Entry(3, ManualClock().now().utc, 1, "unknown", "MarkerSet", data))
    assert says(book, 0, 100) == "" and says(book, 0, 200) == "not-played"
    book.forget()
    assert says(book, 0, 100) == "not-played"
