"""The desk's answer as an operator's screen, from messages that the relay's own machines hold."""

from __future__ import annotations

from typing import cast

import pytest

from bridge.base.errors import WireError
from bridge.base.terms import Precedence
from bridge.base.wire import Value
from bridge.desk.items import items
from bridge.drill.view import Difference, View, view_of
from bridge.relay import events as ev
from bridge.relay.message import Kind
from bridge.relay.records import Record
from bridge.relay.replay import Relay
from bridge.relay.spans import Span

pytestmark = pytest.mark.pure
SUBJECT = "taking/x-1"


def relay() -> Relay:
    made = Relay("us")
    events = (
        ev.Opened("us", "ir", "en", Kind.STATEMENT, None, Precedence.FLASH, True, "leg/side-1"),
        ev.Heard(Span("leg/side-1", 800, 16000), "Speed nine knots.", "moonshine"),
        ev.Edited("Speed 9 knots.", "op-a"),
        ev.SlotsFound(1, items("EXERCISE EXERCISE EXERCISE Speed 9 knots.", "en")),
    )
    for at, event in enumerate(events, 1):
        made.handle(Record(SUBJECT, at, event))
    return made


def test_a_message_being_taken() -> None:
    """State, what was heard and where, critical items, and what is shown to be read back."""
    shown: Value = {SUBJECT: {"SayReadBack": {"text": "EXERCISE Speed 9 knots."}, "PrintSlip": {"text": "SLIP"}}}
    view = view_of(relay().snapshot(), shown, SUBJECT)
    assert view is not None
    assert (view.state, view.outcome, view.text, view.slip) == ("drafting", "OPEN", "EXERCISE Speed 9 knots.", "SLIP")
    assert [(h.text, h.leg, h.from_sample, h.to_sample) for h in view.heard] == [
        ("Speed nine knots.", "leg/side-1", 800, 16000)
    ]
    assert [text for _, text in view.slots] == ["9 knots"]
    assert view.match("relay") == ""


def test_no_such_message() -> None:
    """A subject that the desk does not know is shown as none."""
    assert view_of(relay().snapshot(), {}, "taking/x-2") is None


def giving(match: str) -> View | None:
    said: Value = {"compared": [{"part": "relay", "match": match}], "judged": [], "ticked": []}
    machine: Value = {
        "state": "relaying", "outcome": "OPEN", "leg": "call/side-2", "slots": None, "said": said,
        "attempts": [{"contact": "watch", "outcome": "busy"}], "newer": [{"side": "ir", "number": 2, "exercise": True}],
    }  # fmt: skip
    found: Value = {
        "kind": "number",
        "sealed": "9",
        "heard": "5",
        "sealed_span": [4, 5],
        "span": [4, 5],
        "certain": True,
    }
    shown: Value = {"giving/1": {"DifferencesFound": {"part": "relay", "findings": [found]}}}
    return view_of({"machines": {"giving/1": machine}}, shown, "giving/1")


def test_a_message_being_given() -> None:
    """Who is on the line, who was tried, what crosses, and the differences while they stand."""
    view = giving("altered")
    assert view is not None
    assert (view.leg, view.attempts, view.newer) == ("call/side-2", ("watch",), ("EXERCISE-IR-0002",))
    assert view.of("relay") == (Difference("number", "9", "5", 4, True),)
    assert view.of("read-back") == ()


def test_differences_go_when_it_is_as_sealed() -> None:
    """The desk still holds the last findings; the screen shows none of a part that is right by now."""
    view = giving("verbatim")
    assert view is not None and view.of("relay") == ()


@pytest.mark.parametrize("broken", [None, [], {"machines": []}, {"machines": {SUBJECT: {"state": 1}}}, {}])
def test_another_form_is_refused(broken: object) -> None:
    """What is not the desk's answer is no screen."""
    with pytest.raises((WireError, KeyError)):
        view_of(cast(Value, broken), {}, SUBJECT)
