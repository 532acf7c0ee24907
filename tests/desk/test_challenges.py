"""A challenge counts once, soon, and for what it was given out."""

from __future__ import annotations

import pytest

from bridge.base.clock import NS
from bridge.desk.challenges import KEPT, KEPT_OF_ADDRESS, LASTS_S, Challenges

pytestmark = pytest.mark.pure


def number(count: int) -> bytes:
    return count.to_bytes(4, "big")


def test_it_counts_once() -> None:
    """And brings back for whom it was."""
    challenges = Challenges()
    challenges.give(b"a", "make s-1", "127.0.0.1", 0, b"handle")
    found = challenges.take(b"a", "make s-1", NS)
    assert found is not None and found.handle == b"handle"
    assert challenges.take(b"a", "make s-1", NS) is None
    assert challenges.take(b"b", "make s-1", NS) is None


def test_it_counts_for_its_purpose_alone() -> None:
    """Whoever tries it for another has used it up."""
    challenges = Challenges()
    challenges.give(b"a", "make s-1", "127.0.0.1", 0)
    assert challenges.take(b"a", "sign-in", 0) is None
    assert challenges.take(b"a", "make s-1", 0) is None


def test_it_counts_for_two_minutes() -> None:
    """Not at their end any more."""
    challenges = Challenges()
    for value in (b"a", b"b"):
        challenges.give(value, "sign-in", "127.0.0.1", 0)
    assert challenges.take(b"a", "sign-in", LASTS_S * NS - 1) is not None
    assert challenges.take(b"b", "sign-in", LASTS_S * NS) is None


def test_whoever_asks_on_and_on_costs_himself_his_own() -> None:
    """The oldest of one address go; another's stays."""
    challenges = Challenges()
    challenges.give(b"other", "sign-in", "127.0.0.2", 0)
    for count in range(KEPT_OF_ADDRESS + 1):
        challenges.give(number(count), "sign-in", "127.0.0.1", 0)
    assert challenges.take(number(0), "sign-in", 0) is None
    assert challenges.take(number(1), "sign-in", 0) is not None
    assert challenges.take(b"other", "sign-in", 0) is not None


def test_a_crowd_cannot_fill_the_memory() -> None:
    """The oldest of all go; those that are over go first."""
    challenges = Challenges()
    for count in range(KEPT + 1):
        challenges.give(number(count), "sign-in", f"127.0.{count // 8}.1", 0)
    assert challenges.take(number(0), "sign-in", 0) is None
    assert challenges.take(number(1), "sign-in", 0) is not None
    challenges.give(b"late", "sign-in", "127.0.0.1", LASTS_S * NS)
    assert challenges.take(number(2), "sign-in", 0) is None
