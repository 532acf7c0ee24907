"""What the desk's commands do to calls and slots. Played on paper."""

from __future__ import annotations

import pytest

from bridge.base.terms import Precedence
from bridge.lines import events as ev
from bridge.lines.events import Release
from tests.lines.desk import Desk

pytestmark = pytest.mark.pure

ROUTINE, IMMEDIATE, FLASH = Precedence.ROUTINE, Precedence.IMMEDIATE, Precedence.FLASH


def talking(desk: Desk) -> tuple[str, str]:
    """A side and an operator have talked for a minute; the call is `c1`."""
    side = desk.caller()
    (handset,) = desk.dialled
    desk.hears_all(side)
    desk.lifts(handset)
    desk.passes(60)
    return side, handset


def both_ways(one: str, other: str) -> set[tuple[str, str]]:
    return {(one, other), (other, one)}


def test_a_monitor_without_audio_is_ended_alone() -> None:
    desk = Desk()
    talking(desk)
    monitor = str(desk.command("add", call="c1", role="monitor", uri="sip:m@127.8.5.1")["leg"])
    desk.lifts(monitor)
    desk.happens(ev.MediaDead(monitor))
    assert desk.ordered(Release) == [Release(monitor)]


def test_a_waiting_operator_without_audio_ends_his_call() -> None:
    desk = Desk()
    operator = desk.operator()
    desk.happens(ev.MediaDead(operator))
    desk.passes(4.0)
    assert desk.ever("CallEnded") == [{"call": "c1"}]


def test_a_call_can_be_made_from_a_named_waiting_call() -> None:
    desk = Desk()
    desk.operator()
    assert desk.command("call", call="c1", contact="watch")["call"] == "c1"
