"""The numbered sections: newest version only, removals included, from any number on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.wire import Value
from bridge.desk.feed import GONE_KEPT, Feed, Publisher


def test_only_what_changes_gets_a_number() -> None:
    """The same value again is no change, however it was made."""
    feed = Feed()
    assert feed.put({"a": {"x": 1}, "b": 2}) == 2
    assert feed.put({"a": {"x": 1}, "b": 3}) == 1
    assert feed.put({"c": None}) == 0
    assert (feed.n, feed.number("a"), feed.number("b"), feed.number("c")) == (3, 1, 3, 0)
    assert (feed.value("a"), feed.value("none")) == ({"x": 1}, None)


def test_a_publisher_takes_back_what_it_names_no_more() -> None:
    """Its own names only."""
    feed = Feed()
    one, other = Publisher(feed), Publisher(feed)
    one.show({"a": 1, "b": 2})
    other.show({"c": 3})
    one.show({"a": 1})
    assert feed.state() == (4, {"a": 1, "c": 3})
    assert [(change.name, change.value) for change in feed.changes(3)[1]] == [("b", None)]


def test_numbers_of_another_run_mean_nothing() -> None:
    """Whoever knows this run and a number of it lacks only what changed since."""
    feed = Feed("boot")
    feed.put({"a": 1})
    assert feed.boot == "boot" and Feed().boot != Feed().boot
    assert feed.knows("boot", 1) and feed.knows("boot", 0)
    assert not feed.knows("boot", 2) and not feed.knows("other", 1)


def test_removals_are_remembered_for_a_while() -> None:
    """Whoever was away longer is sent everything."""
    feed = Feed()
    feed.put({f"x{number}": 1 for number in range(GONE_KEPT + 2)})
    before = feed.n
    feed.put({f"x{number}": None for number in range(GONE_KEPT)})
    assert feed.knows(feed.boot, before)
    feed.put({f"x{GONE_KEPT}": None})
    assert not feed.knows(feed.boot, before)
    assert feed.knows(feed.boot, before + 1)


def test_readers_are_told_until_they_stop() -> None:
    """Once for each set of changes, not at all where nothing changed."""
    feed = Feed()
    told: list[int] = []
    stop = feed.listen(lambda: told.append(feed.n))
    assert feed.has_readers
    feed.put({"a": 1, "b": 2})
    feed.put({"a": 1})
    stop()
    feed.put({"a": 2})
    assert told == [2]
    assert not feed.has_readers


Step = dict[str, Value]
STEPS = st.lists(st.dictionaries(st.sampled_from("abcde"), st.one_of(st.none(), st.integers(0, 2))), max_size=12)


@pytest.mark.pure
@given(STEPS, st.integers(0, 12))
def test_from_any_number_on_a_reader_ends_with_the_same(steps: list[Step], away: int) -> None:
    """State by one moment and the changes since are the state now, each section sent once."""
    feed = Feed()
    for step in steps[:away]:
        feed.put(step)
    n, known = feed.state()
    for step in steps[away:]:
        feed.put(step)
    now, changes = feed.changes(n)
    assert [one.n for one in changes] == sorted({one.n for one in changes})
    assert len({one.name for one in changes}) == len(changes)
    for change in changes:
        if change.value is None:
            known.pop(change.name, None)
        else:
            known[change.name] = change.value
    assert (now, known) == feed.state()
