"""Who hears whom: links are drawn once, cut once, and come back after a mute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.lines.events import Connect, Disconnect, Order, Write
from bridge.lines.links import Links

pytestmark = pytest.mark.pure


def on(source: str, to: str) -> list[Order]:
    return [Write("Linked", {"from": source, "to": to}), Connect(source, to)]


def off(source: str, to: str) -> list[Order]:
    return [Write("Unlinked", {"from": source, "to": to}), Disconnect(source, to)]


def test_a_link_is_written_down_before_it_is_drawn() -> None:
    assert Links().connect("a", "b") == on("a", "b")


def test_a_link_has_a_direction_and_is_drawn_once() -> None:
    links = Links()
    links.connect("a", "b")
    assert links.connect("a", "b") == []
    assert links.connect("b", "a") == on("b", "a")


def test_nobody_hears_a_muted_leg_and_it_goes_on_hearing() -> None:
    links = Links()
    links.connect("a", "b")
    links.connect("b", "a")
    links.connect("a", "c")
    assert links.mute("a") == [*off("a", "b"), *off("a", "c")]
    assert links.mute("a") == []


def test_unmuting_restores_what_was_there_and_what_came_meanwhile() -> None:
    links = Links()
    links.connect("a", "b")
    links.mute("a")
    assert links.connect("a", "c") == []
    assert links.unmute("a") == [*on("a", "b"), *on("a", "c")]
    assert links.unmute("a") == []


def test_a_cut_leg_neither_hears_nor_is_heard() -> None:
    links = Links()
    for source, to in (("a", "b"), ("b", "a"), ("b", "c")):
        links.connect(source, to)
    assert links.cut("a") == [*off("a", "b"), *off("b", "a")]
    assert links.cut("a") == []
    assert links.connect("a", "b") == on("a", "b")


def test_cutting_a_muted_leg_disconnects_nothing_twice() -> None:
    links = Links()
    links.connect("a", "b")
    links.connect("b", "a")
    links.mute("a")
    assert links.cut("a") == off("b", "a")


def test_a_forgotten_leg_leaves_no_link_and_no_mute() -> None:
    """Its device has dropped the links itself: nothing is ordered."""
    links = Links()
    links.connect("a", "b")
    links.mute("a")
    links.forget("a")
    assert links.mute("b") == []
    assert links.connect("a", "b") == on("a", "b")


LEGS = st.sampled_from("abcd")
STEPS = st.lists(st.tuples(st.sampled_from(["connect", "cut", "mute", "unmute"]), LEGS, LEGS), max_size=30)


@given(STEPS)
def test_what_is_drawn_is_always_what_is_wished(steps: list[tuple[str, str, str]]) -> None:
    """A connect is never ordered for a drawn link, a disconnect never for one that is not there, none from a mute."""
    links, drawn, muted = Links(), set[tuple[str, str]](), set[str]()
    for act, one, other in steps:
        orders = links.connect(one, other) if act == "connect" else getattr(links, act)(one)
        if act == "mute":
            muted.add(one)
        elif act == "unmute":
            muted.discard(one)
        for order in orders:
            if isinstance(order, Connect):
                assert (order.source, order.to) not in drawn
                drawn.add((order.source, order.to))
            elif isinstance(order, Disconnect):
                drawn.remove((order.source, order.to))
        assert not {source for source, _ in drawn} & muted
