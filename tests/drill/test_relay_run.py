"""The relay as it is drilled: real calls, real recognisers, both stations, from the first word to the return slip."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.drill.relay_runs import caught, kinds, play, verdicts
from tests.drill.runs import Run

pytestmark = [pytest.mark.call, pytest.mark.long, pytest.mark.timeout(900)]


def test_what_is_changed_is_caught(drill: Callable[..., Run]) -> None:
    """A wrong number is found while it is said, a wrong read-back while it is read; both end acknowledged."""
    run = drill()
    told = play(run, "number-changed", "wrong-read-back")
    for one in told.values():
        assert verdicts(one) == [("relay", True), ("read-back", True)]
        assert one["sheet"]["outcome"] == "ACKNOWLEDGED"
    for name, part in (("number-changed", "relay"), ("wrong-read-back", "read-back")):
        assert (part, True) in [(part, "1430" in sealed) for part, sealed in caught(told[name])]
    assert [(a["contact"], a["outcome"]) for a in told["number-changed"]["attempts"]] == [
        ("watch", "busy"),
        ("deputy", "answered"),
    ]
    here, there = kinds(run, "us"), kinds(run, "ir")
    assert here.count("MessageSealOrdered") == here.count("MessageReturnTaken") == 2
    assert there.count("MessageSlipAccepted") == there.count("MessageAcknowledged") == 2
    assert there.count("MessageCorrectedAloud") >= 2
    assert "MessageSlipAccepted" not in here and "MessageOpened" not in there
