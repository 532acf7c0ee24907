"""Messages that nobody hears, as they are drilled: real calls on both stations, and an outcome that goes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.drill.relay_runs import kinds, play, verdicts
from tests.drill.runs import Run

pytestmark = [pytest.mark.call, pytest.mark.long, pytest.mark.timeout(900)]


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
