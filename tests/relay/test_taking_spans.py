"""Audio spans and deadlines, which both halves of a message build on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.terms import Precedence
from bridge.relay.precedence import NS_PER_MINUTE, Deadline, Hop, Limit, Step, first_tier, limits_words, next_tier
from bridge.relay.spans import Span, SpanError, coverage_permille, uncovered, union

pytestmark = pytest.mark.pure

SPANS = st.lists(
    st.builds(
        lambda leg, at, length: Span(leg, at, at + length),
        st.sampled_from("ab"),
        st.integers(0, 40),
        st.integers(1, 20),
    ),
    max_size=6,
)


def samples(spans: list[Span] | tuple[Span, ...]) -> set[tuple[str, int]]:
    return {(span.leg, at) for span in spans for at in range(span.from_sample, span.to_sample)}


@given(SPANS, SPANS)
def test_spans_are_sets_of_samples(wanted: list[Span], covered: list[Span]) -> None:
    """Union, remainder and coverage say what counting every sample says."""
    assert samples(union(wanted)) == samples(wanted)
    left = uncovered(wanted, covered)
    assert samples(left) == samples(wanted) - samples(covered)
    total = len(samples(wanted))
    assert coverage_permille(wanted, covered) == ((total - len(samples(left))) * 1000 // total if total else 0)
    assert list(union(wanted)) == sorted(union(wanted))


@pytest.mark.parametrize(("leg", "start", "end"), [("a", 1, 1), ("a", 2, 1), ("a", -1, 1), ("", 0, 1)])
def test_spans_that_cannot_be(leg: str, start: int, end: int) -> None:
    """A span has a leg and a length."""
    with pytest.raises(SpanError):
        Span(leg, start, end)


@pytest.mark.parametrize(
    ("precedence", "minutes"),
    [(Precedence.FLASH, 10), (Precedence.IMMEDIATE, 30), (Precedence.PRIORITY, 180), (Precedence.ROUTINE, 360)],
)
def test_handling_times(precedence: Precedence, minutes: int) -> None:
    """The hop's limit, then again after every further half of it."""
    first = Deadline(Hop.GIVING, precedence, 0)
    assert first.at() == minutes * NS_PER_MINUTE
    assert first.next().at() == first.at() * 3 // 2
    assert first.next().next().at() == first.at() * 2
    other = Limit(Hop.GIVING, precedence, 8), Limit(Hop.TAKING, precedence, 1)
    assert (first.at(other), first.next().at(other)) == (8 * NS_PER_MINUTE, 12 * NS_PER_MINUTE)


@pytest.mark.parametrize("hop", Hop)
def test_every_deadline_alarms(hop: Hop) -> None:
    """Giving and acknowledging climb, waiting for a return traces, everything alarms."""
    steps = Deadline(hop, Precedence.FLASH, 0).steps()
    assert steps[0] is Step.ALARM
    assert (Step.CLIMB in steps) is (hop in (Hop.GIVING, Hop.ACKNOWLEDGING))
    assert (Step.TRACE in steps) is (hop is Hop.RETURNING)


@pytest.mark.parametrize(
    ("current", "tiers", "following"),
    [(1, (1, 2, 4), 2), (2, (1, 2, 4), 4), (4, (1, 2, 4), 4), (9, (1,), 1), (3, (), 3)],
)
def test_next_tier(current: int, tiers: tuple[int, ...], following: int) -> None:
    """The next that somebody holds; the top where none is above."""
    assert next_tier(current, tiers) == following


@pytest.mark.parametrize(("stated", "asked"), [("1", 1), ("2", 3), ("9", 3), ("NOT STATED", 1)])
def test_first_tier(stated: str, asked: int) -> None:
    """The originator's own, the next held above it, the top, or the lowest where he stated none."""
    assert first_tier(stated, (3, 1)) == asked


def test_word_limit_is_for_speed() -> None:
    """FLASH and IMMEDIATE messages are short; the others may be long."""
    assert [limits_words(precedence) for precedence in Precedence] == [False, False, True, True]
