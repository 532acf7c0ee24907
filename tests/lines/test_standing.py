"""An alarm is cleared once, and at the latest with its leg or call."""

from __future__ import annotations

import pytest

from bridge.base.terms import AlarmPriority
from bridge.lines.events import Forget, Order, Write, alarm
from bridge.lines.standing import Standing

pytestmark = pytest.mark.pure


def raised(name: str, call: str = "", leg: str = "") -> Write:
    return alarm(name, AlarmPriority.HIGH, call, leg)


def cleared(name: str, call: str = "", leg: str = "") -> Write:
    return Write("AlarmCleared", {"alarm": name, "call": call, "leg": leg})


def leg_ended(leg: str) -> Write:
    return Write("LegEnded", {"call": "c", "leg": leg})


def settled(standing: Standing, *orders: Order) -> list[Order]:
    return standing.settle(list(orders))


def test_a_clearing_without_an_alarm_is_left_out() -> None:
    standing = Standing()
    assert settled(standing, cleared("operator-lost", "c", "l"), Forget("l")) == [Forget("l")]
    assert settled(standing, raised("x"), cleared("x"), cleared("x")) == [raised("x"), cleared("x")]


def test_an_alarm_raised_again_is_written_again_and_cleared_once() -> None:
    standing = Standing()
    assert settled(standing, raised("x"), raised("x"), cleared("x")) == [raised("x"), raised("x"), cleared("x")]


def test_a_legs_alarms_end_with_the_leg() -> None:
    standing = Standing()
    settled(standing, raised("audio-missing", leg="l"), raised("caller-unattended", "c", "l"), raised("a", leg="m"))
    assert settled(standing, leg_ended("l"), Forget("l")) == [
        leg_ended("l"),
        cleared("audio-missing", leg="l"),
        cleared("caller-unattended", "c", "l"),
        Forget("l"),
    ]
    assert settled(standing, leg_ended("l")) == [leg_ended("l")]


def test_a_calls_alarms_end_with_the_call() -> None:
    standing = Standing()
    ended = Write("CallEnded", {"call": "c"})
    settled(standing, raised("higher-call-waits", "c"), raised("trunk-down"), raised("x", "d"))
    assert settled(standing, ended) == [ended, cleared("higher-call-waits", "c")]


def test_a_call_that_found_no_operator_alarms_until_one_comes() -> None:
    """The call ends in the same moment: the alarm would be gone before anybody saw it."""
    standing = Standing()
    ended = Write("CallEnded", {"call": "c"})
    assert settled(standing, raised("no-operator", "c"), ended) == [raised("no-operator", "c"), ended]
    came = standing.operator_came()
    assert came == [cleared("no-operator", "c")]
    assert standing.settle(came) == came
    assert standing.operator_came() == []
