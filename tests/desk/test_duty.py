"""The duty log: whose shift it is, what is handed over, and what cannot be entered."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.base.wire import Value
from bridge.desk.duty import KINDS, TESTS, TEXT_LIMIT, TYPED_KEPT, TYPED_LIMIT, Duty, DutyError

pytestmark = pytest.mark.pure
UTC = "2026-11-23T10:00:00.000000Z"
GOOD: dict[str, Value] = {"results": dict.fromkeys(TESTS, "good")}


def entered(duty: Duty, kind: str, person: str, fields: dict[str, Value] | None = None, open_now: Any = ()) -> None:
    given = fields or {}
    duty.check(kind, person, given, open_now)
    more: dict[str, Value] = {"open": list(open_now), "overdue": []} if kind == "HandoverGiven" else {}
    duty.take(kind, {"person": person, **given, **more}, UTC)


def refused(duty: Duty, kind: str, person: str, fields: dict[str, Value] | None = None, open_now: Any = ()) -> str:
    with pytest.raises(DutyError) as caught:
        duty.check(kind, person, fields or {}, open_now)
    return caught.value.code


def test_a_shift_from_its_beginning_to_the_hand_over() -> None:
    """One person at a time; the next one has read what is open."""
    duty = Duty()
    entered(duty, "ShiftBegun", "op-a")
    assert refused(duty, "ShiftBegun", "op-b") == "shift-taken"
    assert refused(duty, "SelfTested", "op-b", GOOD) == "not-your-shift"
    entered(duty, "SelfTested", "op-a", GOOD)
    entered(duty, "HandoverGiven", "op-a", {"note": "M-03 waits"}, ["taking/1"])
    assert refused(duty, "HandoverTaken", "op-a", {"read": ["taking/1"]}, ["taking/1"]) == "same-person"
    assert refused(duty, "HandoverTaken", "op-b", {"read": []}, ["taking/1"]) == "not-read"
    entered(duty, "HandoverTaken", "op-b", {"read": ["taking/1"]}, ["taking/1"])
    shown: Any = duty.snapshot()
    assert (shown["shift"]["person"], shown["shift"]["tests"], shown["handover"]) == ("op-b", {}, None)


def test_a_message_opened_since_the_hand_over_was_written_is_read_too() -> None:
    """What counts is what is open when the other takes over."""
    duty = Duty()
    entered(duty, "ShiftBegun", "op-a")
    entered(duty, "HandoverGiven", "op-a", {"note": ""}, [])
    assert refused(duty, "HandoverTaken", "op-b", {"read": []}, ["giving/US-0001"]) == "not-read"


def test_nobody_walks_away_from_open_messages_without_a_word() -> None:
    """A reason is asked for, never a block."""
    duty = Duty()
    entered(duty, "ShiftBegun", "op-a")
    assert refused(duty, "ShiftEnded", "op-a", {"reason": ""}, ["taking/1"]) == "open-messages"
    entered(duty, "ShiftEnded", "op-a", {"reason": "evacuated"}, ["taking/1"])
    assert duty.shift is None


def test_night_mode_is_for_one_person_alone() -> None:
    """Whoever is signed in counts; sessions of the same person are one person."""
    duty = Duty()
    for session, person in (("s-1", "op-a"), ("s-2", "op-a"), ("s-3", "lead")):
        duty.take("SignedIn", {"session": session, "person": person}, UTC)
    assert refused(duty, "NightBegun", "op-a", {"reason": "crew of one"}) == "not-alone"
    duty.take("SignedOut", {"session": "s-3", "person": "lead"}, UTC)
    entered(duty, "NightBegun", "op-a", {"reason": "crew of one"})
    shown: Any = duty.snapshot()
    assert shown["night"] == {"since": UTC, "person": "op-a", "reason": "crew of one"}
    entered(duty, "NightEnded", "lead")
    assert duty.snapshot()["night"] is None


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("NoteMade", {"text": "right \u202e left"}),
        ("NoteMade", {"text": "bell \x07"}),
        ("NoteMade", {"text": "x" * (TEXT_LIMIT + 1)}),
        ("NoteMade", {"text": " "}),
        ("NoteMade", {"text": 3}),
        ("NoteMade", {}),
        ("NoteMade", {"text": "a", "person": "another"}),
        ("SelfTested", {"results": {"heard": "good"}}),
        ("SelfTested", {"results": dict.fromkeys(TESTS, "perfect")}),
        ("MarkerSet", {"leg": "us/side-1", "sample": -1, "text": ""}),
        ("MarkerSet", {"leg": "us/side-1", "sample": True, "text": ""}),
        ("HandoverTaken", {"read": "taking/1"}),
        ("SaidAgainAsked", {"subject": "../x y"}),
        ("FieldTyped", {"subject": "slip", "field": "slip-typed", "value": "x" * (TYPED_LIMIT + 1), "over": ""}),
        ("FieldTyped", {"subject": "slip", "field": "slip-typed", "value": "right \u202e left", "over": ""}),
        ("FieldTyped", {"subject": "slip", "field": "a b", "value": "", "over": ""}),
    ],
)
def test_what_is_not_in_the_expected_form_is_refused(kind: str, fields: dict[str, Value]) -> None:
    """Control and direction-override characters, lengths, types, fields too many or too few."""
    assert refused(Duty(), kind, "op-a", fields) == "bad-field"


def test_what_stands_in_a_field_is_kept_and_is_no_line_of_the_log() -> None:
    """By place, the newest value of each field; of the newest places alone."""
    duty = Duty()
    for name, value in (("officer-name", "A. R"), ("officer-name", "A. Rad"), ("officer-role", "Watch\nofficer")):
        entered(duty, "FieldTyped", "op-a", {"subject": "giving/US-1", "field": name, "value": value, "over": ""})
    shown: Any = duty.snapshot()
    held = {"officer-name": {"value": "A. Rad", "over": ""}, "officer-role": {"value": "Watch\nofficer", "over": ""}}
    assert shown["typed"] == {"giving/US-1": held} and not duty.log
    for number in range(TYPED_KEPT):
        entered(duty, "FieldTyped", "op-a", {"subject": f"taking/{number}", "field": "x", "value": "", "over": ""})
    assert "giving/US-1" not in duty.typed and len(duty.typed) == TYPED_KEPT


def test_only_what_the_log_knows_is_entered() -> None:
    """What the station enters by itself is nothing for a person."""
    assert "SignedIn" not in KINDS
    assert refused(Duty(), "SignedIn", "op-a", {}) == "unknown-entry"
