"""One call from its first ring to its end, played on paper."""

from __future__ import annotations

import itertools

import pytest

from bridge.base.terms import Precedence, Role
from bridge.lines.events import (
    Announce,
    Answer,
    Disconnect,
    Invite,
    MediaDead,
    OpenTrack,
    Order,
    Release,
    Tone,
    Write,
)
from bridge.lines.exchange import Exchange
from bridge.lines.phase import MOVES, Phase
from tests.lines.desk import HANDSET_B, Desk

pytestmark = pytest.mark.pure


def place(orders: list[Order], wanted: Order | str) -> int:
    """Where an order, or the first entry of this kind, stands."""
    for index, order in enumerate(orders):
        if order == wanted or (isinstance(order, Write) and order.kind == wanted):
            return index
    raise AssertionError(f"{wanted} is not among {orders}")


def talking(desk: Desk) -> tuple[str, str]:
    """A side called, heard everything and talks with an operator since second 1."""
    side = desk.caller()
    (handset,) = desk.dialled
    desk.hears_all(side)
    desk.until(1.0)
    desk.lifts(handset)
    assert both_ways(side, handset) <= desk.edge.links
    return side, handset


def called_out(desk: Desk, **fields: str) -> tuple[str, str]:
    """An operator is up and the ladder's first contact rings."""
    operator = desk.operator()
    assert desk.command("call", **(fields or {"tier": "1"}))["result"] == "done"
    (contact,) = desk.dialled
    return operator, contact


def both_ways(one: str, other: str) -> set[tuple[str, str]]:
    return {(one, other), (other, one)}


# -- the table -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after"), list(itertools.product(Phase, Phase)), ids=lambda phase: phase.name)
def test_every_change_of_phase(before: Phase, after: Phase) -> None:
    """A change that the table does not name is a bug and changes nothing."""
    desk = Desk()
    call = Exchange("c", Precedence.ROUTINE, desk.board.switch.book, desk.plan.timers, (), ())
    call.phase = before
    if after in MOVES[before]:
        call._go(after)
        assert call.phase is after
    else:
        with pytest.raises(AssertionError, match=before.name):
            call._go(after)
        assert call.phase is before


def test_every_phase_has_a_row_and_only_the_end_has_none_after_it() -> None:
    assert set(MOVES) == set(Phase)
    assert [phase for phase, after in MOVES.items() if not after] == [Phase.ENDED]


# -- the side calls ------------------------------------------------------------------------------------------------


def test_a_caller_is_recorded_answered_told_and_rung_for() -> None:
    """Ringdown: written down before it is answered, recorded before it is answered, told first that it is recorded."""
    desk = Desk()
    side = desk.offer()
    orders = desk.orders
    handset = desk.dialled[0]
    answer = place(orders, Answer(side, Precedence.ROUTINE))
    assert place(orders, "Invited") < place(orders, OpenTrack(side, Role.SIDE, "en")) < answer
    assert answer < place(orders, Announce(side, "recorded", "fa"))
    assert place(orders, "Dialled") < next(i for i, order in enumerate(orders) if isinstance(order, Invite))
    assert handset == "c1/operator-1"


def test_an_exercise_is_called_one_before_anything_else() -> None:
    desk = Desk(exercise=True)
    side = desk.caller()
    assert desk.edge.announced[side] == ["exercise"]
    desk.hears(side)
    assert desk.edge.announced[side] == ["recorded"]


def test_an_operator_hears_at_once_and_is_heard_when_the_side_has_been_told() -> None:
    """Not a word of the side is missed, and nobody speaks over the announcement."""
    desk = Desk()
    side = desk.caller()
    (handset,) = desk.dialled
    desk.lifts(handset)
    assert desk.edge.links == {(side, handset)}
    desk.hears(side)
    assert desk.edge.links == both_ways(side, handset)


def test_a_told_side_hears_that_the_desk_is_being_rung() -> None:
    desk = Desk()
    side = desk.caller()
    (handset,) = desk.dialled
    assert not desk.edge.tones
    desk.hears(side)
    assert desk.edge.tones == {(side, "waiting")}
    desk.lifts(handset)
    assert not desk.edge.tones
    assert desk.edge.links == both_ways(side, handset)


def test_the_end_of_another_announcement_is_not_the_end_of_ours() -> None:
    """`recorded` is still being said when an announcement of the recorder's is over."""
    desk = Desk()
    side = desk.caller()
    (handset,) = desk.dialled
    desk.lifts(handset)
    desk.edge.announced[side].insert(0, "not-recorded")
    desk.hears(side)
    assert desk.edge.links == {(side, handset)}
    desk.edge.announced[handset] = ["recorded"]
    desk.hears(handset)
    assert desk.edge.links == {(side, handset)}


def test_a_side_that_gives_up_ends_everything() -> None:
    """The handset stops ringing; the outcome says that nobody spoke with it."""
    desk = Desk()
    side = desk.caller()
    (handset,) = desk.dialled
    desk.rings(handset)
    desk.leaves(side)
    assert Release(handset) in desk.orders
    desk.leaves(handset, 487)
    assert desk.written("CallEnded") == [{"call": "c1"}]
    assert (desk.outcome(side), desk.outcome(handset)) == ("hung-up", "cancelled")


def test_a_caller_that_never_acknowledges_is_reaped() -> None:
    desk = Desk()
    side = desk.offer()
    (handset,) = desk.dialled
    desk.until(desk.plan.timers.half_open_s)
    assert Release(side) in desk.orders
    desk.leaves(side, 408)
    desk.leaves(handset, 487)
    assert desk.outcome(side) == "technical"
    assert not desk.board.switch.calls


def test_an_operator_who_lifted_before_the_last_word_of_the_handshake_has_talked() -> None:
    """The ACK may come after the operator: the talk is a talk all the same, and its end ends the call."""
    desk = Desk()
    side = desk.offer()
    (handset,) = desk.dialled
    desk.lifts(handset)
    desk.passes(0.2)
    desk.lifts(side)
    desk.passes(60)
    desk.leaves(handset)
    desk.leaves(side)
    assert (desk.outcome(handset), desk.outcome(side)) == ("answered", "answered")
    assert not desk.board.switch.calls


@pytest.mark.parametrize("who", [0, 1])
def test_whoever_puts_down_ends_the_call(who: int) -> None:
    desk = Desk()
    legs = talking(desk)
    desk.passes(30)
    desk.leaves(legs[who])
    assert desk.ordered(Release) == [Release(legs[1 - who])]
    desk.leaves(legs[1 - who])
    assert {desk.outcome(leg) for leg in legs} == {"answered"}
    assert desk.written("CallEnded") == [{"call": "c1"}]


# -- nobody is there -----------------------------------------------------------------------------------------------


def test_a_side_that_is_still_being_told_hears_of_nobody_afterwards() -> None:
    desk = Desk()
    side = desk.caller()
    desk.leaves(desk.dialled[0], 486)
    assert desk.edge.announced[side] == ["recorded"]
    desk.hears(side)
    assert desk.edge.announced[side] == ["nobody"]
    assert not desk.edge.tones
    desk.hears(side)
    assert desk.edge.announced[side] == []


@pytest.mark.parametrize("status", [486, 480, 603, 408, 503])
def test_if_no_handset_rings_the_side_is_told_at_once(status: int) -> None:
    """Waiting longer would help nobody. The handset is tried again, with a growing pause and not in a flood."""
    desk = Desk()
    side = desk.caller()
    desk.hears_all(side)
    (handset,) = [leg for leg in desk.edge.legs if leg != side]
    desk.leaves(handset, status)
    assert desk.ordered(Announce) == [Announce(side, "nobody", "fa")]
    tried_at = []
    while desk.now < 20:
        desk.passes(0.1)
        for leg in desk.dialled:
            tried_at.append(round(desk.now))
            desk.leaves(leg, status)
    assert tried_at == [1, 3, 6, 10, 14, 18]


# -- the desk calls ------------------------------------------------------------------------------------------------


def test_an_operator_lifts_and_the_ladder_climbs_past_every_failure() -> None:
    """Silence, busy and refusal are each written down with the rung, then the next is rung."""
    desk = Desk()
    _, watch = called_out(desk)
    desk.rings(watch)
    desk.passes(8.0)
    desk.leaves(watch, 487)
    (deputy,) = desk.dialled
    desk.leaves(deputy, 486)
    (director,) = desk.dialled
    desk.leaves(director, 603)
    assert desk.written("LadderEnded") == [{"call": "c1", "result": "exhausted", "contact": ""}]
    attempts = [(data["contact"], data["tier"], data["rung"], data["outcome"]) for data in desk.ever("AttemptEnded")]
    assert attempts == [("watch", 1, 1, "no-answer"), ("deputy", 1, 2, "busy"), ("director", 2, 3, "refused")]


def test_a_called_side_is_told_and_heard_like_one_that_calls() -> None:
    desk = Desk()
    operator, contact = called_out(desk)
    desk.lifts(contact)
    orders = desk.orders
    assert place(orders, "LadderEnded") < place(orders, Announce(contact, "recorded", "fa"))
    assert desk.written("LadderEnded") == [{"call": "c1", "result": "answered", "contact": "watch"}]
    assert desk.edge.links == {(contact, operator)}
    desk.hears(contact)
    assert desk.edge.links == both_ways(contact, operator)


def test_a_contact_that_puts_down_at_once_is_climbed_past() -> None:
    """Nobody was spoken to: as if it had not been answered."""
    desk = Desk()
    operator, watch = called_out(desk)
    desk.lifts(watch)
    desk.passes(1.9)
    desk.leaves(watch)
    assert desk.outcome(watch) == "hung-up"
    (deputy,) = desk.dialled
    desk.lifts(deputy)
    desk.passes(2.0)
    desk.leaves(deputy)
    assert desk.outcome(deputy) == "answered"
    assert Release(operator) in desk.orders


def test_without_an_operator_the_handsets_ring_first() -> None:
    desk = Desk()
    assert desk.command("call", tier="1")["call"] == "c1"
    (handset,) = desk.written("Dialled")
    assert handset["role"] == "operator"
    desk.lifts(str(handset["leg"]))
    assert [data["contact"] for data in desk.written("Dialled")] == ["watch"]


def test_a_call_that_no_operator_lifts_for_ends_with_an_alarm() -> None:
    """Every handset once: the desk asked for the call and sees that nobody came. Who comes later clears the alarm."""
    desk = Desk(handsets=2)
    desk.command("call", tier="1")
    desk.leaves(desk.dialled[0], 486)
    (second,) = desk.dialled
    desk.rings(second)
    desk.passes(8.0)
    desk.leaves(second, 487)
    assert desk.edge.alarms == {("no-operator", "c1", "")}
    assert desk.written("CallEnded") == [{"call": "c1"}]
    assert desk.written("LadderEnded")[0]["result"] == "stopped"
    desk.operator()
    assert not desk.edge.alarms


def test_an_operator_who_puts_down_stops_the_ladder() -> None:
    desk = Desk()
    operator, contact = called_out(desk)
    desk.leaves(operator)
    assert desk.written("LadderEnded") == [{"call": "c1", "result": "stopped", "contact": ""}]
    assert Release(contact) in desk.orders
    desk.leaves(contact, 487)
    assert desk.outcome(contact) == "cancelled"


# -- the operator is lost ------------------------------------------------------------------------------------------


def test_a_side_whose_operator_does_not_come_back_is_told() -> None:
    desk = Desk()
    side, handset = talking(desk)
    desk.passes(60)
    desk.leaves(handset, 503)
    desk.rings(desk.dialled[0])
    desk.passes(20)
    assert desk.ordered(Announce) == [Announce(side, "nobody", "fa")]


# -- further legs --------------------------------------------------------------------------------------------------


def add(desk: Desk, role: str) -> str:
    return str(desk.command("add", call="c1", role=role, uri="sip:third@127.8.5.1")["leg"])


def test_an_interpreter_is_linked_to_the_next_contact_too_and_waits_for_the_announcement() -> None:
    """The first contact put down at once; the interpreter stays for the second."""
    desk = Desk()
    operator, watch = called_out(desk)
    desk.lifts(watch)
    interpreter = add(desk, "interpreter")
    desk.leaves(watch)
    (deputy,) = desk.dialled
    desk.lifts(interpreter)
    assert desk.edge.links == both_ways(operator, interpreter)
    desk.lifts(deputy)
    assert desk.edge.links == both_ways(operator, interpreter) | {(deputy, operator), (deputy, interpreter)}
    desk.hears(deputy)
    assert {(operator, deputy), (interpreter, deputy)} <= desk.edge.links


# -- one leg is given up, or handed over ---------------------------------------------------------------------------


def test_a_call_lets_go_of_a_dead_leg_at_once() -> None:
    """A dead side ends the call, a dead operator is replaced, a dead monitor concerns nobody."""
    desk = Desk()
    side, handset = talking(desk)
    monitor = add(desk, "monitor")
    desk.lifts(monitor)
    desk.happens(MediaDead(monitor))
    assert len(desk.ordered(Release)) == 1
    desk.leaves(monitor, 408)
    desk.happens(MediaDead(handset))
    assert (desk.edge.links, len(desk.dialled)) == (set(), 1)
    desk.leaves(handset, 408)
    desk.happens(MediaDead(side))
    assert len(desk.ordered(Release)) == 2


def test_an_operator_and_a_ringing_handset_can_be_handed_over() -> None:
    """Links are cut before; whoever lifts is the other caller's."""
    desk = Desk()
    side = desk.caller()
    (handset,) = desk.dialled
    higher = desk.caller(Precedence.FLASH)
    desk.lifts(handset)
    assert desk.edge.links == {(higher, handset)}
    highest = desk.board.switch.calls["c2"]
    assert highest.warn(on=True) == [Tone(higher, "preempt", on=True), Tone(handset, "preempt", on=True)]
    leg, orders = highest.give_operator(desk.now)
    assert leg == handset
    assert orders == [Write("Unlinked", {"from": higher, "to": handset}), Disconnect(higher, handset)]
    assert side in desk.edge.legs


def test_a_ladder_waits_for_a_slot() -> None:
    """Two lower callers, a ringing handset and an operator who lifts another: the attempt waits until one has gone."""
    desk = Desk(handsets=2)
    desk.command("call", tier="1", precedence="FLASH")
    (handset,) = desk.dialled
    desk.caller()
    desk.caller()
    desk.operator(HANDSET_B)
    assert len(desk.edge.legs) == 4 and not desk.dialled
    desk.leaves(handset, 487)
    desk.passes(1.0)
    assert [data["contact"] for data in desk.written("Dialled")] == ["watch"]
