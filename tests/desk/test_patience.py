"""Whoever guesses waits; whoever mistypes does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.clock import NS
from bridge.desk.patience import FORGOTTEN_S, FREE_OF_ADDRESS, FREE_OF_NAME, KEYS, LONGEST_S, Patience

pytestmark = pytest.mark.pure


def test_mistyping_is_free_and_guessing_is_not() -> None:
    """The third failure makes wait, each further one twice as long, up to the longest."""
    patience = Patience()
    waits = [patience.failed("op-a", "127.0.0.1", 0) for _ in range(FREE_OF_NAME + 12)]
    assert waits[: FREE_OF_NAME - 1] == [0] * (FREE_OF_NAME - 1)
    assert waits[FREE_OF_NAME - 1 : FREE_OF_NAME + 3] == [2, 4, 8, 16]
    assert max(waits) == LONGEST_S


def test_somebody_elsewhere_locks_nobody_out() -> None:
    """Failures count for the name at the address."""
    patience = Patience()
    for _ in range(10):
        patience.failed("op-a", "127.0.0.9", 0)
    assert patience.wait_s("op-a", "127.0.0.1", 0) == 0


def test_many_names_from_one_place_are_slow_too() -> None:
    """A list of names does not get round it."""
    patience = Patience()
    for number in range(FREE_OF_ADDRESS):
        patience.failed(f"name-{number}", "127.0.0.9", 0)
    assert patience.wait_s("another", "127.0.0.9", 0) > 0


def test_it_ends_and_is_forgotten() -> None:
    """Waiting counts in whole seconds, rounded up, and success forgets the name."""
    patience = Patience()
    for _ in range(FREE_OF_NAME):
        patience.failed("op-a", "127.0.0.1", 0)
    assert patience.wait_s("op-a", "127.0.0.1", NS // 2) == 2
    assert patience.wait_s("op-a", "127.0.0.1", 2 * NS) == 0
    patience.succeeded("op-a", "127.0.0.1")
    assert patience.failed("op-a", "127.0.0.1", 3 * NS) == 0
    for _ in range(FREE_OF_NAME):
        patience.failed("op-b", "127.0.0.2", 0)
    assert patience.failed("op-b", "127.0.0.2", (FORGOTTEN_S + 1) * NS) == 0


@given(st.lists(st.text(max_size=3), max_size=30))
def test_it_never_waits_longer_than_the_longest(names: list[str]) -> None:
    """Whatever is tried."""
    patience = Patience()
    for name in names * 3:
        assert 0 <= patience.failed(name, "127.0.0.1", 0) <= LONGEST_S


def test_memory_is_bounded() -> None:
    """Names without end make the oldest forgotten, not the store full."""
    patience = Patience()
    for number in range(KEYS + 100):
        patience.failed(str(number), "127.0.0.1", 0)
    assert len(patience._counts) == KEYS
