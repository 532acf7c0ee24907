"""The desk calls a side and adds third legs. Played on paper."""

from __future__ import annotations

import pytest

from bridge.lines.events import (
    Connect,
    Release,
)
from tests.lines.desk import Desk

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


def called_out(desk: Desk, **fields: str) -> tuple[str, str]:
    """An operator is up and the ladder's first contact rings."""
    operator = desk.operator()
    assert desk.command("call", **(fields or {"tier": "1"}))["result"] == "done"
    (contact,) = desk.dialled
    return operator, contact


def both_ways(one: str, other: str) -> set[tuple[str, str]]:
    return {(one, other), (other, one)}


def add(desk: Desk, role: str) -> str:
    return str(desk.command("add", call="c1", role=role, uri="sip:third@127.8.5.1")["leg"])


def test_a_silent_phone_system_is_technical_and_climbed_past() -> None:
    desk = Desk()
    _, watch = called_out(desk)
    desk.leaves(watch, 408)
    assert desk.outcome(watch) == "technical"
    assert len(desk.dialled) == 1


def test_after_an_exhausted_ladder_the_operator_may_call_another_tier() -> None:
    desk = Desk()
    operator, director = called_out(desk, tier="2")
    desk.leaves(director, 603)
    assert operator in desk.edge.legs
    assert desk.command("call", tier="1", precedence="FLASH")["call"] == "c1"
    assert desk.written("Dialled")[0]["precedence"] == "FLASH"
    assert desk.written("Dialled")[0]["contact"] == "watch"


def test_one_contact_alone_can_be_called() -> None:
    desk = Desk()
    _, contact = called_out(desk, contact="director", precedence="IMMEDIATE")
    desk.leaves(contact, 486)
    assert desk.written("LadderEnded")[0]["result"] == "exhausted"


def test_an_operator_who_lifts_another_handset_stops_the_ringing_one() -> None:
    desk = Desk()
    desk.command("call", tier="1")
    (handset,) = desk.dialled
    operator = desk.operator()
    assert Release(handset) in desk.orders
    (contact,) = desk.dialled
    desk.leaves(handset, 487)
    desk.lifts(contact)
    assert (contact, operator) in desk.edge.links


def test_a_contact_whose_answer_crosses_the_end_is_hung_up() -> None:
    desk = Desk()
    operator, contact = called_out(desk)
    desk.leaves(operator)
    desk.lifts(contact)
    assert desk.orders[-1] == Release(contact)
    assert not desk.edge.announced.get(contact)


def test_a_monitor_hears_both_and_is_heard_by_nobody() -> None:
    desk = Desk()
    side, handset = talking(desk)
    monitor = add(desk, "monitor")
    desk.lifts(monitor)
    assert desk.edge.links == both_ways(side, handset) | {(side, monitor), (handset, monitor)}


def test_an_interpreter_hears_and_is_heard() -> None:
    desk = Desk()
    side, handset = talking(desk)
    interpreter = add(desk, "interpreter")
    desk.lifts(interpreter)
    assert desk.edge.links == both_ways(side, handset) | both_ways(side, interpreter) | both_ways(handset, interpreter)
    desk.passes(10)
    desk.leaves(interpreter)
    assert desk.edge.links == both_ways(side, handset)


def test_a_third_that_does_not_answer_disturbs_nobody() -> None:
    desk = Desk()
    side, handset = talking(desk)
    monitor = add(desk, "monitor")
    desk.leaves(monitor, 486)
    assert desk.edge.links == both_ways(side, handset)
    assert desk.edge.legs.keys() == {side, handset}


def test_a_monitor_stays_while_the_side_waits_for_an_operator() -> None:
    desk = Desk()
    side, handset = talking(desk)
    desk.passes(60)
    monitor = add(desk, "monitor")
    desk.leaves(handset, 503)
    desk.lifts(monitor)
    assert desk.edge.links == {(side, monitor)}
    (again,) = [leg for leg in desk.edge.legs if leg not in (side, monitor)]
    desk.lifts(again)
    assert desk.edge.links == both_ways(side, again) | {(side, monitor), (again, monitor)}


def test_the_end_of_a_call_ends_its_third_leg() -> None:
    desk = Desk()
    side, handset = talking(desk)
    monitor = add(desk, "monitor")
    desk.lifts(monitor)
    desk.passes(60)
    desk.leaves(side)
    assert {order.leg for order in desk.ordered(Release) if isinstance(order, Release)} == {handset, monitor}


def test_links_are_drawn_once() -> None:
    """An announcement that ends during a talk connects nobody a second time."""
    desk = Desk()
    side, _ = talking(desk)
    desk.edge.announced[side] = ["recorded"]
    desk.hears(side)
    assert not desk.ordered(Connect)
