"""All legs of a line: names, entries before acts, and what is left when one ends."""

from __future__ import annotations

import pytest

from bridge.base.dialplan import SipUri
from bridge.base.terms import Outcome, Precedence, Role
from bridge.base.wire import Fields
from bridge.lines.events import Admitted, Answer, CallerOffered, Forget, Invite, OpenTrack, Order, Release, Write
from bridge.lines.ladder import Rung
from bridge.lines.legbook import LegBook, LegRecord

pytestmark = pytest.mark.pure

ROUTINE = Precedence.ROUTINE
WATCH = Rung("watch", 1, SipUri(user="watch", host="127.8.1.11"), 2)
OFFER = CallerOffered(7, "", "127.8.1.21", "desk", "id-7", ROUTINE)


def book() -> LegBook:
    return LegBook("en", half_open_s=4.0)


def dialled(legs: LegBook, role: Role = Role.SIDE, call: str = "c", now: float = 0.0) -> LegRecord:
    return legs.dial(call, role, WATCH, ROUTINE, 8.0, now)[0]


def up(legs: LegBook, role: Role = Role.SIDE, call: str = "c") -> LegRecord:
    record = dialled(legs, role, call)
    legs.confirmed(record.name, 0.0)
    return record


def kinds(orders: list[Order]) -> list[str]:
    return [order.kind if isinstance(order, Write) else type(order).__name__ for order in orders]


def test_a_caller_is_written_down_before_it_is_taken_in() -> None:
    record, orders = book().offered("c", Role.SIDE, ROUTINE, OFFER, 0.0)
    assert record.name == "c/side-1"
    fields = {
        "call": "c",
        "leg": "c/side-1",
        "role": "side",
        "precedence": "ROUTINE",
        "source": "127.8.1.21",
        "user": "desk",
        "sip_call_id": "id-7",
    }
    assert orders == [Write("Invited", fields), Admitted(7, "c/side-1"), OpenTrack("c/side-1", Role.SIDE, "en")]


def test_an_attempt_is_written_down_and_recorded_before_it_rings() -> None:
    _, orders = book().dial("c", Role.SIDE, WATCH, ROUTINE, 8.0, 0.0)
    fields: Fields = {
        "call": "c",
        "leg": "c/side-1",
        "role": "side",
        "precedence": "ROUTINE",
        "contact": "watch",
        "tier": 1,
        "rung": 2,
    }
    assert orders == [
        Write("Dialled", fields),
        OpenTrack("c/side-1", Role.SIDE, "en"),
        Invite("c/side-1", WATCH.uri, ROUTINE),
    ]


def test_legs_are_numbered_by_call_and_role_and_never_twice() -> None:
    legs = book()
    names = [dialled(legs, role).name for role in (Role.SIDE, Role.SIDE, Role.OPERATOR)]
    assert names == ["c/side-1", "c/side-2", "c/operator-1"]
    legs.released("c/side-2", 486, "", 1.0)
    assert dialled(legs).name == "c/side-3"
    dialled(legs, call="d")
    legs.forget_call("c")
    assert dialled(legs, call="d").name == "d/side-2"


def test_an_accepted_caller_is_answered_with_its_precedence() -> None:
    legs = book()
    legs.offered("c", Role.SIDE, Precedence.FLASH, OFFER, 0.0)
    assert legs.accept("c/side-1", 0.5) == [Answer("c/side-1", Precedence.FLASH)]
    assert legs.wake_at == 4.5


def test_the_end_of_an_attempt_is_two_entries_and_then_the_leg_is_forgotten() -> None:
    legs = book()
    name = dialled(legs).name
    orders = legs.released(name, 486, "Q.850;cause=17", 3.0)
    assert kinds(orders) == ["LegEnded", "AttemptEnded", "Forget"]
    assert orders[0] == Write(
        "LegEnded",
        {
            "call": "c",
            "leg": name,
            "role": "side",
            "outcome": "busy",
            "status": 486,
            "detail": "Q.850;cause=17",
            "talk_ms": 0,
        },
    )
    assert orders[2] == Forget(name)
    assert name not in legs and len(legs) == 0
    (over,) = legs.over
    assert (over.record.name, over.outcome) == (name, Outcome.BUSY)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.MONITOR])
def test_a_handset_that_does_not_answer_is_no_attempt_of_the_ladder(role: Role) -> None:
    legs = book()
    assert kinds(legs.released(dialled(legs, role).name, 486, "", 3.0)) == ["LegEnded", "Forget"]


def test_talk_is_counted_in_milliseconds() -> None:
    legs = book()
    record = up(legs)
    legs.joined(record.name, 0.0)
    (ended, *_) = legs.released(record.name, 200, "", 61.2345)
    assert isinstance(ended, Write) and ended.data["talk_ms"] == 61_234


def test_answers_and_rings_are_written_down() -> None:
    legs = book()
    name = dialled(legs, now=1.0).name
    assert legs.alerted(name, 183, 1.5) == [Write("Alerted", {"leg": name, "status": 183})]
    assert legs.confirmed(name, 3.25) == [Write("Answered", {"leg": name, "after_ms": 2250})]
    assert legs.is_up(name) and not legs.is_up("gone")


def test_it_remembers_whether_a_far_end_rang() -> None:
    legs = book()
    quiet, ringing = dialled(legs), dialled(legs)
    legs.alerted(ringing.name, 180, 0.0)
    assert (quiet.has_rung, ringing.has_rung) == (False, True)


def test_what_the_state_does_not_allow_is_written_down() -> None:
    legs = book()
    name = up(legs).name
    assert legs.confirmed(name, 1.0) == [
        Write("EventRefused", {"leg": name, "code": "no-such-move", "event": "Confirmed"})
    ]


def test_the_last_words_of_a_gone_leg_are_nothing() -> None:
    legs = book()
    assert legs.alerted("x", 180, 0.0) == legs.confirmed("x", 0.0) == legs.released("x", 200, "", 0.0) == []
    assert legs.hang_up("x", 0.0) == []
    assert legs.get("x") is None


def test_hanging_up_carries_status_and_reason_and_is_done_once() -> None:
    legs = book()
    name = up(legs).name
    release = Release(name, 486, "preemption")
    assert legs.hang_up(name, 1.0, Outcome.PREEMPTED, status=486, reason="preemption") == [release]
    assert legs.hang_up(name, 2.0) == []
    assert legs.over == []


def test_an_answer_that_crosses_the_hang_up_is_released_with_the_same_words() -> None:
    legs = book()
    name = dialled(legs).name
    release = Release(name, 486, "preemption")
    legs.hang_up(name, 1.0, Outcome.PREEMPTED, status=486, reason="preemption")
    assert legs.confirmed(name, 1.1)[-1] == release


def test_own_timers_end_legs_too() -> None:
    legs = book()
    dialled(legs)
    assert legs.wake(7.9) == []
    assert legs.wake(8.0) == [Release("c/side-1")]
    (ended, *_) = legs.wake(12.0)
    assert isinstance(ended, Write)
    assert (ended.data["outcome"], ended.data["detail"]) == ("technical", "own timer")
    assert legs.wake_at is None


def test_a_moved_leg_ends_with_the_call_it_was_moved_to() -> None:
    legs = book()
    name = up(legs, Role.OPERATOR).name
    assert legs.move(name, "d") == [Write("LegMoved", {"leg": name, "from_call": "c", "to_call": "d"})]
    assert (legs.has_legs("c"), legs.has_legs("d")) == (False, True)
    (ended, *_) = legs.released(name, 200, "", 1.0)
    assert isinstance(ended, Write) and ended.data["call"] == "d"


def test_one_operator_always_has_a_place_and_a_second_one_not_in_the_kept_slot() -> None:
    legs = book()
    for _ in range(3):
        dialled(legs)
    assert (legs.has_operator, legs.has_room_for_operator, legs.has_room) == (False, True, True)
    dialled(legs, Role.OPERATOR)
    assert (legs.has_operator, legs.has_room_for_operator, legs.has_room) == (True, False, False)
    legs.released("c/side-1", 486, "", 0.0)
    assert (legs.has_room_for_operator, legs.has_room) == (False, True)
    legs.released("c/side-2", 486, "", 0.0)
    assert legs.has_room_for_operator
    assert (legs.has_operator_of("c"), legs.has_operator_of("d")) == (True, False)
