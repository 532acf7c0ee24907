"""A side without an operator: nobody lifts, or he is lost. Played on paper."""

from __future__ import annotations

import pytest

from bridge.lines.events import (
    Announce,
    Tone,
    Write,
)
from tests.lines.desk import HANDSET_A, Desk

pytestmark = pytest.mark.pure


def talking(desk: Desk) -> tuple[str, str]:
    """A side called, heard everything and talks with an operator since second 1."""
    side = desk.caller()
    (handset,) = desk.dialled
    desk.hears_all(side)
    desk.until(1.0)
    desk.lifts(handset)
    assert both_ways(side, handset) <= desk.edge.links
    return side, handset


def both_ways(one: str, other: str) -> set[tuple[str, str]]:
    return {(one, other), (other, one)}


def test_a_side_is_told_that_nobody_answers_and_may_speak() -> None:
    """At the limit of the dialplan, loud at the desk; the handset goes on ringing and who lifts later is with it."""
    desk = Desk()
    side = desk.caller()
    (handset,) = desk.dialled
    desk.rings(handset)
    desk.hears_all(side)
    desk.until(8.0)
    desk.leaves(handset, 487)  # one ring is over, the next begins
    (again,) = desk.dialled
    desk.rings(again)
    desk.until(16.0)
    desk.leaves(again, 487)
    (third,) = desk.dialled
    orders = desk.until(20.0)
    assert orders == [
        Write("AlarmRaised", {"alarm": "caller-unattended", "priority": "HIGH", "call": "c1", "leg": side}),
        Tone(side, "waiting", on=False),
        Announce(side, "nobody", "fa"),
    ]
    desk.hears_all(side)
    assert not desk.edge.tones  # it speaks its statement
    desk.until(22.0)
    desk.lifts(third)
    assert desk.edge.links == both_ways(side, third)
    assert desk.written("AlarmCleared") == [{"alarm": "caller-unattended", "call": "c1", "leg": side}]


def test_the_next_handset_is_rung_at_once() -> None:
    """A busy first handset costs the caller nothing; only a round that nobody heard is followed by a pause."""
    desk = Desk(handsets=2)
    side = desk.caller()
    desk.leaves(desk.dialled[0], 486)
    (second,) = desk.dialled
    assert not desk.ever("AlarmRaised")
    desk.rings(second)
    desk.leaves(second, 603)
    assert not desk.dialled and not desk.ever("AlarmRaised")  # somebody was there and said no: he may lift later
    desk.passes(1.0)
    assert len(desk.dialled) == 1
    assert side in desk.edge.legs


def test_a_statement_that_ends_unheard_clears_its_alarm() -> None:
    desk = Desk()
    side = desk.caller()
    desk.leaves(desk.dialled[0], 486)
    desk.passes(0.5)
    desk.leaves(side)
    assert not desk.edge.alarms
    assert desk.ever("CallEnded") == [{"call": "c1"}]


@pytest.mark.parametrize(("after_s", "status"), [(60.0, 503), (60.0, 408), (60.0, 0), (1.0, 200)])
def test_a_side_whose_operator_is_lost_is_kept(after_s: float, status: int) -> None:
    """A fault of the handset, or a hand that lifts and puts back: no reason to hang up on the side."""
    desk = Desk()
    side, handset = talking(desk)
    desk.passes(after_s)
    desk.leaves(handset, status)
    assert ("operator-lost", "c1", side) in desk.edge.alarms
    assert desk.edge.tones == {(side, "waiting")}
    (again,) = desk.dialled
    desk.lifts(again)
    assert not desk.edge.tones and not desk.edge.alarms
    assert desk.edge.links == both_ways(side, again)


def test_an_operator_lost_during_the_announcement_brings_the_tone_after_it() -> None:
    desk = Desk()
    side = desk.caller()
    desk.lifts(desk.dialled[0])
    desk.leaves("c1/operator-1", 503)
    assert not desk.edge.tones
    desk.hears(side)
    assert desk.edge.tones == {(side, "waiting")}


def test_an_operator_who_never_acknowledges_is_lost_too() -> None:
    """He lifted, but his telephone does not hear us."""
    desk = Desk()
    side = desk.caller()
    (handset,) = desk.dialled
    late = desk.offer(source=HANDSET_A)
    desk.leaves(handset, 487)
    desk.until(4.0)
    desk.leaves(late, 408)
    assert desk.outcome(late) == "technical"
    assert ("operator-lost", "c1", side) in desk.edge.alarms
    assert len(desk.dialled) == 1
