"""Exercises of the relay as `hotline drill` plays them, and what they must show on any host."""

from __future__ import annotations

import json
from typing import Any

from bridge.ledger.store import Store, sqlite_url
from tests.drill.runs import Run, assert_stations_share_nothing

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
