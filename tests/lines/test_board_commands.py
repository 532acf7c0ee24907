"""What the desk commands the line: answered, done once, refused where it cannot be done."""

from __future__ import annotations

import pytest

from bridge.base.terms import Precedence
from bridge.lines import events as ev
from bridge.lines.admission import SLOTS
from bridge.lines.board import REMEMBERED
from bridge.lines.events import Connect, Disconnect, Finished, Release, SendDigits, SetHold, Write
from tests.lines.desk import Desk
from tests.lines.test_board import talking

pytestmark = pytest.mark.pure

ROUTINE, IMMEDIATE, FLASH = Precedence.ROUTINE, Precedence.IMMEDIATE, Precedence.FLASH


def test_a_command_is_answered_before_it_is_carried_out() -> None:
    desk = Desk()
    desk.command("call", id="x-1", tier="1")
    assert desk.orders[0] == Write(
        "CommandAnswered",
        {"command": "call", "id": "x-1", "result": "done", "code": "", "detail": "", "call": "c1"},
    )


def test_the_same_command_twice_is_done_once() -> None:
    desk = Desk()
    desk.command("call", id="same", tier="1")
    assert desk.command("call", id="same", tier="1") == {}
    assert len(desk.edge.legs) == 1


def test_command_ids_are_remembered_for_a_while_and_not_for_ever() -> None:
    desk = Desk()
    desk.command("fire", id="first")
    for number in range(REMEMBERED - 1):
        desk.command("fire", id=f"n-{number}")
    assert desk.command("fire", id="first") == {}
    desk.command("fire", id="one-more")
    assert desk.command("fire", id="first")["code"] == "unknown-command"


@pytest.mark.parametrize(
    ("name", "fields", "code"),
    [
        ("fire", {}, "unknown-command"),
        ("call", {}, "bad-field"),
        ("call", {"tier": "9"}, "no-contact"),
        ("call", {"contact": "nobody"}, "no-contact"),
        ("call", {"tier": "1"}, "line-engaged"),
        ("call", {"tier": "1", "call": "c9"}, "no-call"),
        ("call", {"tier": "1", "call": "c1"}, "call-engaged"),
        ("ring-operator", {}, "no-call"),
        ("ring-operator", {"call": "c1"}, "call-engaged"),
        ("ring-operator", {"call": "c9"}, "no-call"),
        ("hang-up", {"call": "c9"}, "no-call"),
        ("hang-up", {"leg": "c9/side-1"}, "no-leg"),
        ("digits", {"leg": "c9/side-1", "digits": "1"}, "no-leg"),
        ("hold", {"leg": "c9/side-1"}, "no-leg"),
        ("mute", {"leg": "c9/side-1"}, "no-leg"),
        ("protect", {"call": "c9"}, "no-call"),
        ("preempt", {"call": "c1"}, "nothing-waits"),
        ("preempt", {"call": "c9"}, "nothing-waits"),
        ("add", {"call": "c9", "role": "monitor", "uri": "sip:m@127.8.5.1"}, "no-call"),
    ],
)
def test_a_command_that_cannot_be_done_is_refused_and_changes_nothing(
    name: str, fields: dict[str, str], code: str
) -> None:
    """One call is talking meanwhile."""
    desk = Desk()
    talking(desk)
    answer = desk.command(name, **fields)
    assert (answer["result"], answer["code"]) == ("refused", code)
    assert len(desk.orders) == 1


def test_hanging_up_a_call_ends_all_its_legs() -> None:
    desk = Desk()
    side, handset = talking(desk)
    assert desk.command("hang-up", call="c1")["result"] == "done"
    assert desk.ordered(Release) == [Release(side), Release(handset)]
    assert desk.command("hang-up", call="c1")["result"] == "done"
    assert not desk.ordered(Release)


@pytest.mark.parametrize("who", [0, 1])
def test_hanging_up_the_side_or_the_operator_ends_the_call(who: int) -> None:
    desk = Desk()
    legs = talking(desk)
    assert desk.command("hang-up", leg=legs[who])["leg"] == legs[who]
    assert len(desk.ordered(Release)) == 2
    for leg in legs:
        desk.leaves(leg)
        assert desk.outcome(leg) == "answered"


def test_hanging_up_an_attempt_climbs_on() -> None:
    desk = Desk()
    desk.operator()
    desk.command("call", tier="1")
    (watch,) = desk.dialled
    desk.command("hang-up", leg=watch)
    desk.leaves(watch, 487)
    assert desk.outcome(watch) == "cancelled"
    assert [data["contact"] for data in desk.written("Dialled")] == ["deputy"]


def test_digits_are_written_down_and_sent() -> None:
    desk = Desk()
    side, _ = talking(desk)
    desk.command("digits", leg=side, digits="12#")
    assert desk.orders[1:] == [Write("DigitsSent", {"leg": side, "digits": "12#"}), SendDigits(side, "12#")]


def test_digits_to_a_leg_that_is_not_up_are_refused() -> None:
    desk = Desk()
    desk.command("call", tier="1")
    assert desk.command("digits", leg="c1/operator-1", digits="1")["code"] == "no-leg"


def test_hold_and_resume_are_ordered() -> None:
    desk = Desk()
    side, _ = talking(desk)
    desk.command("hold", leg=side)
    assert desk.orders[1:] == [SetHold(side, True)]
    desk.command("resume", leg=side)
    assert desk.orders[1:] == [SetHold(side, False)]


def test_a_muted_leg_is_heard_by_nobody_until_it_is_unmuted() -> None:
    desk = Desk()
    side, handset = talking(desk)
    desk.command("mute", leg=handset)
    assert desk.ordered(Disconnect) == [Disconnect(handset, side)]
    assert desk.edge.links == {(side, handset)}
    desk.command("unmute", leg=handset)
    assert desk.ordered(Connect) == [Connect(handset, side)]


def test_ringing_the_operator_again_is_harmless() -> None:
    desk = Desk()
    desk.offer()
    assert desk.command("ring-operator")["result"] == "done"
    assert desk.command("ring-operator", call="c1")["result"] == "done"
    assert len(desk.edge.legs) == 2


def test_handsets_ring_for_one_call_at_a_time() -> None:
    desk = Desk(handsets=2)
    desk.caller(FLASH)
    desk.caller(ROUTINE)
    assert desk.command("ring-operator", call="c2")["code"] == "call-engaged"


def test_a_second_operator_is_not_rung_in_the_kept_slot() -> None:
    desk = Desk(handsets=2)
    talking(desk)
    desk.caller()
    assert desk.command("ring-operator", call="c2")["code"] == "no-slot"


def test_the_desk_may_ring_without_waiting_for_a_handset_that_does_not_end() -> None:
    """The board waits for the last word of the handset that was put down; the operator sees that it is free."""
    desk = Desk()
    side, handset = talking(desk)
    desk.command("hang-up", call="c1")
    desk.leaves(side)
    desk.offer()
    assert not desk.dialled
    assert desk.command("ring-operator")["result"] == "done"
    assert len(desk.dialled) == 1
    assert handset in desk.edge.legs


def test_a_relay_is_protected_and_released_and_preempted_by_the_desk() -> None:
    desk = Desk()
    side, handset = talking(desk)
    assert desk.command("protect", call="c1")["result"] == "done"
    higher = desk.caller(FLASH)
    assert desk.board.switch.preemption is not None and desk.board.switch.preemption.due_at is None
    assert desk.command("preempt", call=higher.partition("/")[0])["code"] == "nothing-waits"
    assert desk.command("release", call="c1")["result"] == "done"
    assert desk.command("preempt", call="c1")["result"] == "done"
    assert (higher, handset) in desk.edge.links
    assert desk.ordered(Release)[0] == Release(side, 486, 'preemption ;cause=1 ;text="UA Preemption"')


def test_a_stopping_line_calls_nobody() -> None:
    desk = Desk()
    assert desk.happens(ev.StopAsked()) == [Finished()]
    assert desk.command("call", tier="1")["code"] == "stopping"


def test_a_third_leg_does_not_take_the_kept_slot() -> None:
    desk = Desk()
    talking(desk)
    assert desk.command("add", call="c1", role="monitor", uri="sip:m@127.8.5.1")["leg"] == "c1/monitor-1"
    assert desk.command("add", call="c1", role="interpreter", uri="sip:i@127.8.5.2")["code"] == "no-slot"
    assert len(desk.edge.legs) == SLOTS - 1


def test_nobody_is_added_to_a_call_that_does_not_talk() -> None:
    desk = Desk()
    desk.caller()
    answer = desk.command("add", call="c1", role="monitor", uri="sip:m@127.8.5.1")
    assert answer["code"] == "call-engaged"
    assert "greeting" in str(answer["detail"])
