"""A higher call comes in: who hears the tone, who is let go, and who must not be. Played on paper."""

from __future__ import annotations

import pytest

from bridge.base.terms import Precedence
from bridge.lines.events import Announce, Tone
from tests.lines.desk import HANDSET_B, Desk

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


@pytest.mark.parametrize("precedence", [ROUTINE, IMMEDIATE])
def test_an_equal_or_lower_call_preempts_nothing(precedence: Precedence) -> None:
    desk = Desk()
    talking(desk, IMMEDIATE)
    side = desk.caller(precedence)
    desk.hears(side)
    assert desk.edge.announced[side] == ["engaged"]
    assert desk.board.wake_at is None


def test_a_protected_relay_waits_for_the_operators_act() -> None:
    """Never cut in mid-sentence; the caller holds, is told after its time, and the operator decides."""
    desk = Desk()
    low, operator = talking(desk)
    desk.command("protect", call="c1")
    high = desk.caller(FLASH)
    assert desk.ever("PreemptionWarned")[0]["protected"] is True
    desk.hears_all(high)
    desk.passes(19.9)
    assert desk.edge.tones == warned(low, operator) | {(high, "waiting")}
    desk.passes(0.1)
    assert desk.ordered(Announce) == [Announce(high, "nobody", "fa")]
    desk.hears_all(high)
    assert desk.command("preempt", call="c1")["result"] == "done"
    assert desk.edge.links == both_ways(high, operator)


def test_a_lower_call_that_ends_by_itself_frees_its_operators_handset() -> None:
    """He put down to take the higher one: the handset rings for it, and nobody's goodbye ends the higher call."""
    desk = Desk()
    low, operator = talking(desk)
    high = desk.caller(FLASH)
    desk.leaves(operator)
    desk.passes(TONE_S - 1)
    assert desk.dialled == [] and high in desk.edge.legs
    assert desk.ever("AlarmCleared")
    desk.leaves(low)
    (again,) = [leg for leg in desk.edge.legs if leg != high]
    desk.lifts(again)
    assert (high, again) in desk.edge.links


def test_a_lower_call_whose_operator_is_lost_gives_its_handset_to_the_higher_caller() -> None:
    desk = Desk()
    low, operator = talking(desk)
    high = desk.caller(FLASH)
    desk.leaves(operator, 503)
    assert not {tone for tone in desk.edge.tones if tone[1] == "preempt"}
    (again,) = [leg for leg in desk.edge.legs if leg not in (low, high)]
    desk.lifts(again)
    assert (high, again) in desk.edge.links
    assert low in desk.edge.legs


def test_a_second_operator_who_takes_the_higher_caller_saves_the_lower_call() -> None:
    desk = Desk(handsets=2)
    low, operator = talking(desk)
    high = desk.caller(FLASH)
    other = desk.operator(HANDSET_B)
    desk.hears_all(high)
    assert desk.edge.links == both_ways(low, operator) | both_ways(high, other)
    assert not desk.passes(60)


def test_nobody_is_warned_without_a_talk_to_end() -> None:
    """A tone belongs to a conversation; a ladder is simply stopped."""
    desk = Desk()
    desk.operator()
    desk.command("call", tier="1", precedence="IMMEDIATE")
    desk.caller(FLASH)
    assert not [order for order in desk.orders if isinstance(order, Tone) and order.name == "preempt"]
    assert desk.ever("LadderEnded")[0]["result"] == "stopped"
