"""An operator's act: what is read, what is refused and how, and whose name stands in the event."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.dialplan import Dialplan, load
from bridge.base.wire import canonical
from bridge.desk.acts import ALLOWED, Act, ActError, answer, ladder, parse, record, refusal, slip_record, typed_slip
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.records import to_fields
from bridge.relay.returns import Tracer
from bridge.relay.serials import Serial
from bridge.relay.slip import render
from tests.relay.relay_samples import NOON, message
from tests.station.plans import write_plan

GOOD: dict[str, Any] = {
    "id": "A-1",
    "person": "op-a",
    "role": "operator",
    "console": "A",
    "act": "Edited",
    "subject": "taking/1",
    "fields": {"text": "Speed 9 knots."},
}


@pytest.fixture
def plan(tmp_path: Path) -> Dialplan:
    return load(write_plan(tmp_path, "127.20.1"))


def act(**changes: Any) -> Act:
    return parse(json.dumps({**GOOD, **changes}).encode())


def code(line: bytes) -> str:
    with pytest.raises(ActError) as caught:
        parse(line)
    return caught.value.code


def test_an_act_becomes_its_event(plan: Dialplan) -> None:
    """By the person who acts; the signature is kept beside it."""
    read = act()
    assert record(read, NOON, plan, "us").event == ev.Edited("Speed 9 knots.", "op-a")
    assert read.signature() == {"id": "A-1", "person": "op-a", "role": "operator", "console": "A"}


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b"[" * 100_000,
        *(json.dumps({name: GOOD[name] for name in GOOD if name != left}).encode() for left in list(GOOD)[:5]),
        json.dumps({**GOOD, "more": 1}).encode(),
        json.dumps({**GOOD, "fields": []}).encode(),
        json.dumps({**GOOD, "subject": 1}).encode(),
        json.dumps({**GOOD, "person": ""}).encode(),
        json.dumps({**GOOD, "person": "op a"}).encode(),
        json.dumps({**GOOD, "id": "x" * 65}).encode(),
        json.dumps({**GOOD, "subject": "\ud800"}).encode(),
    ],
)
def test_what_is_no_act(line: bytes) -> None:
    """Whatever is not of the form is refused with one code."""
    assert code(line) == "bad-act"


@given(st.binary(max_size=80))
def test_any_bytes_are_an_act_or_refused(line: bytes) -> None:
    """Nothing but the documented error."""
    try:
        parse(line)
    except ActError:
        return


@pytest.mark.parametrize(
    ("name", "fields", "why"),
    [
        ("Compared", {}, "unknown-act"),
        ("Heard", {}, "unknown-act"),
        ("SlipAccepted", {}, "unknown-act"),
        ("DeadlinePassed", {}, "unknown-act"),
        ("Edited", {"text": "x", "by": "op-z"}, "bad-field"),
        ("Edited", {}, "bad-field"),
        ("Edited", {"text": 9}, "bad-field"),
        ("Edited", {"text": "x", "more": "y"}, "bad-field"),
        ("SpanMarked", {"span": {"leg": "a", "from_sample": 2, "to_sample": 1}}, "bad-field"),
        ("Confirmed", {"how": "digit", "leg": "a", "digit": "1"}, "bad-field"),
        ("Opened", {"leg": "a", "side": "ir"}, "bad-field"),
        ("Opened", {"leg": "a", "cites": "nonsense"}, "bad-field"),
    ],
)
def test_acts_that_nobody_can_do(plan: Dialplan, name: str, fields: dict[str, Any], why: str) -> None:
    """What a machine says, what the desk fills in, and what is of another form."""
    with pytest.raises(ActError) as caught:
        record(act(act=name, fields=fields), NOON, plan, "us")
    assert caught.value.code == why
    assert refusal("A-1", caught.value)["result"] == "refused"


def test_a_draft_that_no_seal_could_take(plan: Dialplan) -> None:
    """Ten thousand words, and what nobody can see: refused with a code and a sentence; blanks and joiners are not."""
    for text, why in (
        ("word " * 10_000, "too-long"),
        ("speed \u202e9", "character"),
        ("speed\u00009", "character"),
        ("سرعت \u200f9", "character"),
        ("one\u2028two", "character"),
    ):
        with pytest.raises(ActError) as caught:
            record(act(fields={"text": text}), NOON, plan, "us")
        assert caught.value.code == why and str(caught.value)
    kept = "a\tb\r\nc می\u200cروند"
    assert record(act(fields={"text": kept}), NOON, plan, "us").event == ev.Edited(kept, "op-a")


def test_no_machine_event_is_an_act() -> None:
    """Only events that name a person, and five that may."""
    nameless = {name for name, kind in ALLOWED.items() if not issubclass(kind, ev.Act)}
    assert nameless == {"Opened", "LegJoined", "Confirmed", "Rejected", "CallAnswered"}


def test_opening_takes_from_the_dialplan_what_it_knows(plan: Dialplan) -> None:
    """Sides, language and exercise need not be said and cannot be said wrongly."""
    event = record(act(act="Opened", fields={"leg": "x/side-1", "cites": "IR-0003", "kind": "REPLY"}), NOON, plan, "us")
    assert isinstance(event.event, ev.Opened)
    assert (event.event.side, event.event.to_side, event.event.language) == ("us", "ir", "en")
    assert (event.event.cites, event.event.exercise) == (Serial("ir", 3), False)


def test_a_spoken_answer_names_who_reports_it(plan: Dialplan) -> None:
    """With the audio in which it was said."""
    fields = {"how": "spoken", "leg": "a", "span": {"leg": "a", "from_sample": 0, "to_sample": 9}}
    event = record(act(act="Confirmed", fields=fields), NOON, plan, "us").event
    assert isinstance(event, ev.Confirmed) and event.by == "op-a"


def slip(text: str) -> Act:
    return act(act="SlipTyped", subject="", fields={"text": text})


def test_a_typed_slip_says_itself_what_it_is(plan: Dialplan) -> None:
    """A message begins a giving with the ladder of the dialplan; a tracer asks about one."""
    sealed = message()
    read = slip(render(sealed))
    made = slip_record(read, typed_slip(read), NOON, plan, "ir", "")
    assert made.subject == "giving/US-0007"
    assert made.event == gv.SlipAccepted(sealed, ladder(plan, "ir"), "op-a")
    assert [one.contact for one in ladder(plan, "ir")] == ["watch"]
    tracer = Tracer(sealed.serial, 1, sealed.dtg, "en")
    read = slip(render(tracer))
    made = slip_record(read, typed_slip(read), NOON, plan, "ir", "")
    assert made.event == gv.TracerTaken(tracer, "op-a")
    assert canonical(to_fields(made))


def test_a_slip_that_differs_says_where() -> None:
    """The place goes back to whoever typed it; nothing is put right."""
    with pytest.raises(ActError) as caught:
        typed_slip(slip(render(message()).replace("course 140", "course 150")))
    assert caught.value.code == "slip-differs"
    (place,) = caught.value.differences
    assert (place.found, place.expected) == ("5", "4")
    assert canonical(refusal("A-1", caught.value))


@pytest.mark.parametrize("fields", [{}, {"text": 1}, {"text": "a", "more": "b"}])
def test_a_slip_is_one_text(fields: dict[str, Any]) -> None:
    """Nothing else beside it."""
    with pytest.raises(ActError) as caught:
        typed_slip(act(act="SlipTyped", subject="", fields=fields))
    assert caught.value.code == "bad-field"


def test_answers_can_be_written() -> None:
    """In the one form of everything that leaves a process."""
    assert canonical(answer("A-1", "done", seq=4))
