"""Several calls on one line: slots, who gets the operator, pre-emption."""

from __future__ import annotations

import pytest

from bridge.base.terms import Precedence
from bridge.lines.events import Finished, Invite, Refused, Release, StopAsked
from tests.lines.desk import HANDSET_A, HANDSET_B, OFFICER, STRANGER, Desk

pytestmark = pytest.mark.pure

ROUTINE, IMMEDIATE, FLASH = Precedence.ROUTINE, Precedence.IMMEDIATE, Precedence.FLASH
TONE_S = 3.0


def talking(desk: Desk, precedence: Precedence = ROUTINE) -> tuple[str, str]:
    """A side and an operator have talked for a minute."""
    side = desk.caller(precedence)
    (handset,) = desk.dialled
    desk.hears_all(side)
    desk.lifts(handset)
    desk.passes(60)
    return side, handset


def both_ways(one: str, other: str) -> set[tuple[str, str]]:
    return {(one, other), (other, one)}


def warned(*legs: str) -> set[tuple[str, str]]:
    return {(leg, "preempt") for leg in legs}


# -- admission -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "user", "precedence", "status", "code"),
    [
        (STRANGER, "desk", ROUTINE, 403, "stranger"),
        (OFFICER, "nobody\r\nX: y", ROUTINE, 404, "unknown-user"),
        (OFFICER, "desk", None, 417, "unknown-resource-priority"),
    ],
)
def test_who_is_not_admitted_is_written_down_and_turned_away(
    source: str, user: str, precedence: Precedence | None, status: int, code: str
) -> None:
    desk = Desk()
    assert desk.offer(precedence, source=source, user=user, required=True) == ""
    (refused,) = desk.written("CallerRefused")
    assert (refused["status"], refused["code"], refused["source"]) == (status, code, source)
    assert "\n" not in str(refused["user"])
    assert desk.ordered(Refused) == [Refused(1, status)]
    assert not desk.edge.legs


def test_the_fourth_slot_is_kept_for_a_higher_call_and_a_fifth_is_refused() -> None:
    desk = Desk()
    talking(desk)
    desk.command("add", call="c1", role="monitor", uri="sip:third@127.8.5.1")
    assert desk.offer(ROUTINE) == ""
    assert desk.written("CallerRefused")[0]["code"] == "no-slot"
    assert desk.offer(IMMEDIATE)
    assert len(desk.edge.legs) == 4
    assert desk.offer(FLASH) == ""
    assert desk.ordered(Refused) == [Refused(5, 486)]


def test_waiting_callers_do_not_take_the_operators_place() -> None:
    """Two wait and the handset is being tried again: a third would lock out whoever could hear them."""
    desk = Desk()
    first = desk.caller()
    desk.leaves("c1/operator-1", 486)
    desk.caller()
    assert desk.offer(ROUTINE) == ""
    operator = desk.operator()
    desk.hears_all(first)
    assert desk.edge.links == both_ways(first, operator)


def test_a_higher_third_caller_is_taken_and_the_handset_still_rings() -> None:
    desk = Desk()
    desk.caller()
    desk.leaves("c1/operator-1", 486)
    desk.caller()
    desk.caller(FLASH)
    desk.passes(1.0)
    assert [data["call"] for data in desk.written("Dialled")] == ["c3"]
    assert len(desk.edge.legs) == 4


# -- one operator, several callers ---------------------------------------------------------------------------------


def test_a_second_caller_is_heard_by_the_machine_while_the_operator_is_engaged() -> None:
    """It is answered, recorded, told and may speak; the handset rings for it when the first call is over."""
    desk = Desk()
    first, handset = talking(desk)
    second = desk.caller()
    assert ("caller-unattended", "c2", second) in desk.edge.alarms
    desk.hears(second)
    assert desk.edge.announced[second] == ["engaged"]
    desk.hears(second)
    desk.leaves(first)
    assert not desk.dialled  # the handset has not been put down yet
    desk.leaves(handset)
    (again,) = desk.dialled
    desk.lifts(again)
    assert desk.edge.links == both_ways(second, again)
    assert not desk.edge.alarms


def test_the_handset_that_rings_rings_for_the_more_urgent_caller() -> None:
    desk = Desk()
    routine = desk.caller()
    (handset,) = desk.dialled
    desk.rings(handset)
    flash = desk.caller(FLASH)
    assert desk.written("LegMoved") == [{"leg": handset, "from_call": "c1", "to_call": "c2"}]
    assert not desk.ordered(Invite)
    desk.hears_all(flash)
    desk.hears_all(routine)
    desk.lifts(handset)
    assert desk.edge.links == both_ways(flash, handset)
    assert desk.edge.announced[routine] == ["engaged"]


def test_the_pause_between_two_rings_is_inherited_too() -> None:
    desk = Desk()
    desk.caller()
    desk.leaves("c1/operator-1", 486)
    desk.caller(FLASH)
    assert not desk.written("LegMoved") and not desk.dialled
    desk.passes(1.0)
    assert desk.dialled == ["c2/operator-1"]


def test_equal_callers_are_heard_in_the_order_of_their_calls() -> None:
    desk = Desk()
    first = desk.caller()
    (handset,) = desk.dialled
    second = desk.caller()
    assert not desk.dialled
    desk.hears_all(first)
    desk.lifts(handset)
    assert desk.edge.links == both_ways(first, handset)
    desk.hears(second)
    assert desk.edge.announced[second] == ["engaged"]


def test_a_caller_who_comes_while_a_call_ends_is_rung_for_and_not_told_engaged() -> None:
    desk = Desk()
    first, handset = talking(desk)
    desk.leaves(handset)
    second = desk.offer(ROUTINE)
    assert desk.edge.announced[second] == ["recorded"] and not desk.edge.alarms
    assert len(desk.dialled) == 1
    desk.leaves(first)


def test_a_free_operator_hears_the_caller_at_once() -> None:
    """He lifted to call the side; the side is faster."""
    desk = Desk()
    operator = desk.operator()
    side = desk.caller()
    assert desk.ever("LegMoved") == [{"leg": operator, "from_call": "c1", "to_call": "c2"}]
    assert desk.ever("CallEnded") == [{"call": "c1"}]
    desk.hears_all(side)
    assert desk.edge.links == both_ways(side, operator)
    desk.passes(60)
    desk.leaves(operator)
    assert desk.ever("LegEnded", leg=operator)[0]["call"] == "c2"


def test_the_side_that_we_try_to_reach_is_heard_when_it_calls() -> None:
    """The ladder stops: whom we ring is on the line."""
    desk = Desk()
    operator = desk.operator()
    desk.command("call", tier="1")
    (contact,) = desk.dialled
    side = desk.caller()
    assert desk.ever("LadderEnded") == [{"call": "c1", "result": "stopped", "contact": ""}]
    assert (side, operator) in desk.edge.links
    desk.leaves(contact, 487)
    assert desk.ever("CallEnded") == [{"call": "c1"}]


def test_a_caller_takes_over_the_handset_that_rings_for_a_call_of_ours() -> None:
    desk = Desk()
    desk.command("call", tier="1")
    (handset,) = desk.dialled
    side = desk.caller()
    assert desk.ever("LegMoved") == [{"leg": handset, "from_call": "c1", "to_call": "c2"}]
    assert desk.ever("CallEnded") == [{"call": "c1"}]
    for _ in range(3):  # it rings on for a caller, though it would have rung once for the desk
        desk.rings(handset)
        desk.passes(8.0)
        desk.leaves(handset, 487)
        (handset,) = desk.dialled
    desk.lifts(handset)
    assert (side, handset) in desk.edge.links


def test_a_lower_caller_does_not_stop_a_flash_ladder_and_is_heard_after_it() -> None:
    desk = Desk()
    operator = desk.operator()
    desk.command("call", contact="watch", precedence="FLASH")
    (contact,) = desk.dialled
    side = desk.caller()
    desk.hears(side)
    assert desk.edge.announced[side] == ["engaged"]
    desk.leaves(contact, 486)  # exhausted: the operator is free
    assert (side, operator) in desk.edge.links


def test_a_lower_caller_does_not_take_the_handset_that_rings_for_a_flash() -> None:
    desk = Desk()
    desk.command("call", tier="1", precedence="FLASH")
    (handset,) = desk.dialled
    side = desk.caller()
    assert not desk.ever("LegMoved")
    desk.lifts(handset)
    assert [data["contact"] for data in desk.written("Dialled")] == ["watch"]
    assert ("caller-unattended", "c2", side) in desk.edge.alarms


def test_an_operator_who_calls_gets_the_most_urgent_caller() -> None:
    desk = Desk(handsets=2)
    low, high = desk.caller(ROUTINE), desk.caller(FLASH)
    operator = desk.operator(HANDSET_B)
    desk.hears_all(high)
    assert desk.edge.links == both_ways(high, operator)
    assert low in desk.edge.legs


def test_a_second_operator_without_anybody_to_hear_is_refused() -> None:
    desk = Desk(handsets=2)
    talking(desk)
    assert desk.offer(source=HANDSET_B) == ""
    assert desk.written("CallerRefused")[0]["code"] == "operator-engaged"


def test_an_operator_may_lift_again_while_his_last_call_ends() -> None:
    """The side's dead telephone takes seconds to be given up; the desk need not wait for it."""
    desk = Desk()
    desk.caller()
    (handset,) = desk.dialled
    desk.lifts(handset)
    desk.command("hang-up", call="c1")
    assert desk.operator(HANDSET_A)


def test_a_second_operator_does_not_take_the_kept_slot_for_an_equal_caller() -> None:
    """A second caller is unattended, but its operator would leave no slot for a FLASH."""
    desk = Desk(handsets=2)
    talking(desk)
    desk.caller()
    assert desk.offer(source=HANDSET_B) == ""
    assert desk.written("CallerRefused")[0]["code"] == "no-slot"
    assert desk.offer(FLASH)


# -- pre-emption ---------------------------------------------------------------------------------------------------


def test_a_flash_preempts_a_routine_call_with_a_tone_and_a_reason() -> None:
    """Both hear the tone, then the lower side gets BYE with the reason and the operator hears the higher one."""
    desk = Desk()
    low, operator = talking(desk)
    high = desk.caller(FLASH)
    assert desk.edge.tones == warned(low, operator)
    assert desk.ever("PreemptionWarned") == [{"call": "c1", "for_call": "c2", "protected": False}]
    assert ("higher-call-waits", "c2", "") in desk.edge.alarms
    desk.hears_all(high)
    assert not desk.passes(TONE_S - 0.1)
    desk.passes(0.1)
    (release,) = desk.ordered(Release)
    assert release == Release(low, 486, 'preemption ;cause=1 ;text="UA Preemption"')
    assert desk.edge.links == both_ways(high, operator)
    assert not desk.edge.tones and not desk.edge.alarms
    desk.leaves(low)
    assert desk.outcome(low) == "pre-empted"
    assert desk.written("CallEnded") == [{"call": "c1"}]


def test_a_released_relay_is_preempted_after_the_tone() -> None:
    desk = Desk()
    low, operator = talking(desk)
    desk.command("protect", call="c1")
    high = desk.caller(FLASH)
    desk.passes(10)
    desk.command("release", call="c1")
    desk.passes(1)
    desk.command("release", call="c1")  # pressed twice: the time does not begin again
    desk.passes(TONE_S - 1)
    assert (high, operator) in desk.edge.links
    assert desk.outcome_is_open(low)


def test_protecting_stops_a_tone_that_already_sounds_from_ending_the_call() -> None:
    desk = Desk()
    talking(desk)
    desk.caller(FLASH)
    desk.passes(1)
    desk.command("protect", call="c1")
    assert not desk.ordered(Release)
    desk.passes(10)
    assert ("higher-call-waits", "c2", "") in desk.edge.alarms


def test_a_still_higher_caller_takes_the_first_ones_place() -> None:
    """One tone, one pre-emption, and the highest gets the operator."""
    desk = Desk()
    _, operator = talking(desk)
    middle = desk.caller(IMMEDIATE)
    desk.passes(1)
    high = desk.caller(FLASH)
    assert {alarm for alarm, _, _ in desk.edge.alarms} == {"higher-call-waits", "caller-unattended"}
    assert ("higher-call-waits", "c3", "") in desk.edge.alarms
    desk.passes(TONE_S - 1)
    assert (high, operator) in desk.edge.links
    assert middle in desk.edge.legs


def test_a_higher_caller_who_gives_up_stops_the_tone() -> None:
    desk = Desk()
    low, operator = talking(desk)
    high = desk.caller(FLASH)
    desk.leaves(high)
    assert not desk.edge.tones and not desk.edge.alarms
    assert not desk.passes(60)
    assert desk.edge.links == both_ways(low, operator)


# -- the end -------------------------------------------------------------------------------------------------------


def test_stopping_an_idle_line_finishes_at_once_and_once() -> None:
    desk = Desk()
    assert desk.happens(StopAsked()) == [Finished()]
    assert desk.happens(StopAsked()) == []


def test_stopping_ends_every_call_and_finishes_with_the_last_leg() -> None:
    desk = Desk()
    low, operator = talking(desk)
    high = desk.caller(FLASH)
    desk.happens(StopAsked())
    assert desk.ordered(Release) == [Release(leg) for leg in (low, operator, high)]
    assert not desk.edge.tones & warned(low, operator)
    desk.leaves(low)
    desk.leaves(high)
    assert not desk.ordered(Finished)
    desk.leaves(operator)
    assert desk.orders[-1] == Finished()
    assert not desk.happens(StopAsked())


def test_a_stopping_line_takes_nobody_in_and_calls_nobody() -> None:
    desk = Desk()
    talking(desk)
    desk.happens(StopAsked())
    assert desk.offer(ROUTINE) == ""
    assert desk.written("CallerRefused")[0]["code"] == "stopping"
    assert desk.offer(source=STRANGER) == ""
    assert desk.written("CallerRefused")[0]["code"] == "stranger"
    assert desk.command("call", tier="1")["code"] == "stopping"


def test_a_party_that_never_confirms_the_end_does_not_hold_up_the_stop() -> None:
    desk = Desk()
    talking(desk)
    desk.happens(StopAsked())
    assert desk.passes(4.0)[-1] == Finished()
