"""Is audio still arriving? Counts and nanoseconds in, findings out."""

from __future__ import annotations

import pytest

from bridge.lines.watch import Finding, MediaWatch, Seen

pytestmark = pytest.mark.pure

SECOND = 1_000_000_000


def watch() -> MediaWatch:
    return MediaWatch(silence_s=1.0, dead_s=60.0)


def feed(watched: MediaWatch, *steps: tuple[float, int], expected: bool = True) -> list[Seen]:
    """Take (second, packets) pairs; return everything found."""
    return [seen for at, packets in steps for seen in watched.feed(packets, round(at * SECOND), expected=expected)]


def test_the_first_packet_starts_the_audio_once() -> None:
    watched = watch()
    assert feed(watched, (0, 0), (0.5, 0), (1, 3), (1.1, 8)) == [Seen(Finding.STARTED, SECOND)]


def test_audio_that_never_starts_is_lost_after_five_seconds() -> None:
    """Answered and silent is a fault that somebody must hear of; a slow connection is not."""
    watched = watch()
    assert feed(watched, (0, 0), (4.9, 0)) == []
    assert feed(watched, (5, 0), (6, 0)) == [Seen(Finding.LOST, 0)]
    assert feed(watched, (9, 1)) == [Seen(Finding.STARTED, 9 * SECOND), Seen(Finding.RETURNED, 9 * SECOND)]


def test_a_gap_is_found_at_its_limit_and_named_by_its_last_packet() -> None:
    watched = watch()
    feed(watched, (0, 1), (5, 250))
    assert feed(watched, (5.999, 250)) == []
    assert feed(watched, (6, 250)) == [Seen(Finding.LOST, 5 * SECOND)]
    assert feed(watched, (7, 250)) == []


def test_audio_that_returns_is_named_by_its_first_packet() -> None:
    watched = watch()
    feed(watched, (0, 1), (2, 1))
    assert feed(watched, (3, 2), (3.1, 7)) == [Seen(Finding.RETURNED, 3 * SECOND)]
    assert feed(watched, (4.1, 7)) == [Seen(Finding.LOST, round(3.1 * SECOND))]


def test_a_minute_without_a_packet_is_death_once() -> None:
    watched = watch()
    feed(watched, (0, 1), (1, 1))
    assert feed(watched, (59.9, 1)) == []
    assert feed(watched, (60, 1)) == [Seen(Finding.DEAD, 0)]
    assert feed(watched, (61, 1)) == []


def test_a_leg_that_never_sent_audio_dies_too() -> None:
    assert feed(watch(), (0, 0), (60, 0)) == [Seen(Finding.LOST, 0), Seen(Finding.DEAD, 0)]


def test_a_dead_leg_that_speaks_again_can_die_again() -> None:
    watched = watch()
    feed(watched, (0, 1), (1, 1), (60, 1))
    assert feed(watched, (70, 2)) == [Seen(Finding.RETURNED, 70 * SECOND)]
    assert feed(watched, (130, 2)) == [Seen(Finding.LOST, 70 * SECOND), Seen(Finding.DEAD, 70 * SECOND)]


def test_silence_on_hold_is_no_fault() -> None:
    watched = watch()
    feed(watched, (0, 1))
    assert feed(watched, (100, 1), (200, 1), expected=False) == []
    assert feed(watched, (200.5, 1)) == []
    assert feed(watched, (201, 1)) == [Seen(Finding.LOST, 200 * SECOND)]


def test_a_hold_during_a_loss_does_not_end_the_leg_at_the_resume() -> None:
    """A phone stops sending, then tells us of the hold: the minutes on hold are not dead ones."""
    watched = watch()
    feed(watched, (0, 1), (1.5, 1))
    feed(watched, (2, 1), (300, 1), expected=False)
    assert feed(watched, (300.1, 1)) == []
    assert feed(watched, (300.2, 2)) == [Seen(Finding.RETURNED, round(300.2 * SECOND))]


def test_a_stream_made_anew_counts_from_nothing() -> None:
    """Fewer packets than before are a new stream; none yet are no arrival."""
    watched = watch()
    feed(watched, (0, 500))
    assert feed(watched, (0.5, 0)) == []
    assert feed(watched, (1, 0)) == [Seen(Finding.LOST, 0)]
    assert feed(watched, (1.2, 3)) == [Seen(Finding.RETURNED, round(1.2 * SECOND))]
