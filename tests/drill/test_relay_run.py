"""The relay as it is drilled: real calls, real recognisers, both stations, from the first word to the return slip."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bridge.ledger.store import Store, sqlite_url
from tests.drill.runs import Run, assert_stations_share_nothing

pytestmark = [pytest.mark.call, pytest.mark.timeout(900)]
FUNCTIONAL = {
    "attempts not as scripted",
    "legs without FLASH",
    "parts not as sealed in the end",
    "outcome not as scripted",
}
"""Figures that no load excuses. Times and torn audio are for the drill on a quiet host: other tests run beside this."""


def play(run: Run, *names: str) -> dict[str, dict[str, Any]]:
    """Exercises side by side; each as it was told, by name."""
    run.hurry()
    run.options += ["--scenario", ",".join(names), "--json"]
    out, errors = run.start().communicate(timeout=800)
    run.assert_nothing_left()
    assert list(run.temporary.iterdir()) == []
    assert out, errors
    told = {one["scenario"]: one for one in json.loads(out)["scenarios"]}
    assert list(told) == list(names)
    for one in told.values():
        missed = {check["name"] for check in one["checks"] if not check["passed"]}
        assert not {name for name in missed if name in FUNCTIONAL or name.endswith("before the leg ended")}, one
    assert run.process is not None
    assert run.process.returncode == int(not all(one["passed"] for one in told.values()))
    assert_stations_share_nothing(run)
    return told


def verdicts(one: dict[str, Any]) -> list[tuple[str, bool]]:
    return [(verdict["part"], verdict["as_sealed"]) for verdict in one["sheet"]["verdicts"]]


def caught(one: dict[str, Any]) -> list[tuple[str, str]]:
    """What was planted and found, with the text that was sealed."""
    return [(catch["part"], catch["sealed"]) for catch in one["sheet"]["catches"] if catch["after_s"] is not None]


def kinds(run: Run, side: str) -> list[str]:
    store = Store(sqlite_url(run.data / side / "ledger.db"))
    try:
        return [one.kind for one in store.read() if one.source == "desk"]
    finally:
        store.close()


def test_faithful_and_altered(drill: Callable[..., Run]) -> None:
    """Said as sealed: acknowledged. A wrong number is found while it is said, a wrong read-back while it is read."""
    run = drill()
    told = play(run, "faithful", "number-changed", "wrong-read-back")
    for one in told.values():
        assert verdicts(one) == [("relay", True), ("read-back", True)]
        assert one["sheet"]["outcome"] == "ACKNOWLEDGED"
    assert caught(told["faithful"]) == []
    for name, part in (("number-changed", "relay"), ("wrong-read-back", "read-back")):
        assert (part, True) in [(part, "1430" in sealed) for part, sealed in caught(told[name])]
    assert [(a["contact"], a["outcome"]) for a in told["faithful"]["attempts"]] == [
        ("watch", "no-answer"),
        ("deputy", "answered"),
    ]
    here, there = kinds(run, "us"), kinds(run, "ir")
    assert here.count("MessageSealOrdered") == here.count("MessageReturnTaken") == 3
    assert there.count("MessageSlipAccepted") == there.count("MessageAcknowledged") == 3
    assert there.count("MessageCorrectedAloud") >= 2
    assert "MessageSlipAccepted" not in here and "MessageOpened" not in there


def test_nobody_and_refusal(drill: Callable[..., Run]) -> None:
    """Two silent tiers and an officer who may not take it are outcomes that go back like any other."""
    run = drill()
    told = play(run, "nobody-answers", "refusal")
    assert told["nobody-answers"]["sheet"]["outcome"] == "NO ANSWER"
    tried = [(a["contact"], a["tier"], a["outcome"]) for a in told["nobody-answers"]["attempts"]]
    assert list(dict.fromkeys(tried)) == [
        ("watch", 1, "no-answer"),
        ("deputy", 1, "no-answer"),
        ("director", 2, "no-answer"),
    ]
    assert told["refusal"]["sheet"]["outcome"] == "NOT AUTHORISED TO ANSWER"
    assert [verdicts(one) for one in told.values()] == [[], []]
    assert "MessageRelayStarted" not in kinds(run, "ir")
