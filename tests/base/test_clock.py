"""Times: one form, read back exactly; the pair of clocks; the date-time group."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base import clock
from bridge.base.clock import NS, Instant, ManualClock, Sync, SystemClock, dtg, kernel_sync, parse_utc, utc_text

pytestmark = pytest.mark.pure


@given(st.integers(-(2**60), 2**62))
def test_utc_is_read_back_to_the_microsecond(utc_ns: int) -> None:
    """One form, always Z, and no rounding to a later moment."""
    text = utc_text(utc_ns)
    assert text.endswith("Z")
    assert parse_utc(text) == utc_ns // 1000 * 1000


@pytest.mark.parametrize(
    "text", ["2026-11-23T10:05:12Z", "2026-11-23 10:05:12.000000Z", "2026-11-23T10:05:12.000000+00:00", ""]
)
def test_other_forms_are_refused(text: str) -> None:
    """Two spellings of one time would give two hashes."""
    with pytest.raises(ValueError, match="does not match"):
        parse_utc(text)


def test_date_time_group() -> None:
    """As on a message form."""
    assert dtg(parse_utc("2026-11-23T14:35:59.999999Z")) == "231435Z NOV 26"
    assert dtg(parse_utc("2027-01-02T00:00:00.000000Z")) == "020000Z JAN 27"


def test_manual_clock_moves_both() -> None:
    """UTC and monotonic time advance together, to the nanosecond."""
    made = ManualClock(utc_ns=10 * NS, mono_ns=3 * NS)
    moved = made.advance(0.25)
    assert moved == made.now() == Instant(10 * NS + NS // 4, 3 * NS + NS // 4, Sync.SYNCHRONISED)
    assert (moved.seconds, moved.utc) == (3.25, "1970-01-01T00:00:10.250000Z")


def test_system_clock_reads_this_host() -> None:
    """Both values lie between two readings of the host's own clocks."""
    before = (time.time_ns(), time.monotonic_ns())
    now = SystemClock().now()
    after = (time.time_ns(), time.monotonic_ns())
    assert before[0] <= now.utc_ns <= after[0]
    assert before[1] <= now.mono_ns <= after[1]
    assert now.sync in Sync


@pytest.mark.parametrize(
    ("result", "status", "expected"),
    [
        (0, 0x0001, Sync.SYNCHRONISED),
        (5, 0x0040, Sync.UNSYNCHRONISED),
        (-1, 0, Sync.UNKNOWN),
    ],
)
def test_what_the_kernel_says(result: int, status: int, expected: Sync) -> None:
    """Flag STA_UNSYNC decides; a kernel that refuses leaves it unknown."""

    def adjtimex(answer: clock._Timex) -> int:
        answer.status = status
        return result

    assert kernel_sync(adjtimex) is expected
    assert kernel_sync() in Sync
