"""The timeline: samples and times, gaps, stalls. Pure."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.clock import NS
from bridge.base.errors import MoveError
from bridge.base.terms import GapKind
from bridge.recording.pace import Stall
from bridge.recording.track import Gap, Piece, Track

pytestmark = pytest.mark.pure
RATE = 8000
T0 = 5 * NS
RATES = st.sampled_from([8000, 11025, 16000, 44100, 48000])


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    steps = draw(st.lists(st.tuples(st.integers(1, 10**7), st.integers(1, 10**7)), max_size=6))
    at, stalls = 0, []
    for step, missing in steps:
        at += step
        stalls.append(Stall(at - 1, missing))
    return Track(draw(RATES), draw(st.integers(0, 10**17)), stalls)


@given(tracks(), st.integers(0, 10**9))
def test_sample_and_time_are_inverse(track: Track, sample: int) -> None:
    """The time of a sample leads back to it, at every rate and across stalls."""
    assert track.sample_at(track.mono_at(sample)) == sample


@given(tracks(), st.integers(0, 10**9), st.integers(0, 10**9))
def test_later_samples_are_later(track: Track, one: int, other: int) -> None:
    assert (track.mono_at(one) < track.mono_at(other)) == (one < other)


@given(tracks(), st.integers(0, 10**15), st.integers(0, 10**15))
def test_later_times_never_lead_back(track: Track, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert track.sample_at(track.t0_ns + low) <= track.sample_at(track.t0_ns + high)


@given(tracks(), st.integers(0, 10**15))
def test_time_of_the_sample_at_a_time_is_close(track: Track, after_ns: int) -> None:
    """Outside stalls the answer is the sample being heard; inside one it is the first sample after it."""
    at_ns = track.t0_ns + after_ns
    sample = track.sample_at(at_ns)
    in_stall = any(g.from_ns <= at_ns < (g.to_ns or 0) for g in track.gaps)
    assert in_stall or 0 <= at_ns - track.mono_at(sample) <= NS // track.rate_hz + 1
    assert not in_stall or track.mono_at(sample) >= at_ns


def test_stall_shifts_what_follows() -> None:
    """After two seconds that never reached the file, sample 8000 was heard at 3 s."""
    track = Track(RATE, T0, [Stall(8000, 16000)])
    assert track.mono_at(7999) < T0 + NS
    assert track.mono_at(8000) == T0 + 3 * NS
    assert track.sample_at(T0 + NS) == track.sample_at(T0 + 3 * NS - 1) == 8000
    assert track.sample_at(T0 + 4 * NS) == 16000
    assert track.missing == 16000
    assert track.gaps == (Gap(GapKind.STALL, T0 + NS, T0 + 3 * NS, 8000, 8000),)


def test_stalls_at_one_place_are_one() -> None:
    track = Track(RATE, T0, [Stall(10, 5), Stall(10, 7), Stall(20, 1)])
    assert track.stalls == (Stall(10, 12), Stall(20, 1))
    assert track.missing == 13


def test_time_before_the_start_is_sample_zero() -> None:
    assert Track(RATE, T0).sample_at(0) == 0


def test_gap_opens_and_closes() -> None:
    track = Track(RATE, T0)
    assert track.open(GapKind.HOLD, T0 + NS)
    assert track.gaps == (Gap(GapKind.HOLD, T0 + NS, None, 8000, None),)
    assert not track.open(GapKind.HOLD, T0 + 2 * NS)
    assert track.close(GapKind.HOLD, T0 + 3 * NS)
    assert not track.close(GapKind.HOLD, T0 + 4 * NS)
    assert not track.close(GapKind.NO_RTP, T0 + 4 * NS)
    assert track.gaps == (Gap(GapKind.HOLD, T0 + NS, T0 + 3 * NS, 8000, 24000),)


def test_gap_before_the_start_begins_with_it() -> None:
    track = Track(RATE, T0)
    track.open(GapKind.BEFORE_MEDIA, 0)
    assert track.gaps[0].from_ns == T0


def test_gaps_of_a_kind_that_touch_are_one() -> None:
    """100 ms apart is one gap, more is two."""
    track = Track(RATE, T0)
    for start, end in ((1, 2), (2.1, 3), (3.2, 4)):
        assert track.open(GapKind.NO_RTP, T0 + int(start * NS))
        assert track.close(GapKind.NO_RTP, T0 + int(end * NS))
    assert [(g.from_ns, g.to_ns) for g in track.gaps] == [
        (T0 + NS, T0 + 3 * NS),
        (T0 + int(3.2 * NS), T0 + 4 * NS),
    ]


def test_gap_without_length_is_none() -> None:
    track = Track(RATE, T0)
    track.open(GapKind.NO_RTP, T0 + NS)
    assert track.close(GapKind.NO_RTP, T0 + NS)
    assert track.gaps == ()


@pytest.mark.parametrize("kind", [GapKind.STALL, GapKind.LOST])
def test_found_kinds_are_not_told(kind: GapKind) -> None:
    with pytest.raises(MoveError, match=kind.value):
        Track(RATE, T0).open(kind, T0)


def test_missing_packets_end_the_ringing() -> None:
    """Audio that is missed was expected: silence is no longer excused by ringing."""
    track = Track(RATE, T0)
    track.open(GapKind.BEFORE_MEDIA, T0)
    track.open(GapKind.NO_RTP, T0 + 2 * NS)
    assert [(g.kind, g.to_sample) for g in track.gaps] == [(GapKind.BEFORE_MEDIA, 16000), (GapKind.NO_RTP, None)]
    assert track.is_excused(T0 + NS)
    assert not track.is_excused(T0 + 2 * NS)


def test_pieces_cut_at_the_edges_of_a_hold() -> None:
    track = Track(RATE, T0)
    track.open(GapKind.NO_RTP, T0)
    track.close(GapKind.NO_RTP, T0 + 9 * NS)
    track.open(GapKind.HOLD, T0 + NS)
    track.close(GapKind.HOLD, T0 + 2 * NS)
    assert track.pieces(0, 24000) == [Piece(0, 8000, False), Piece(8000, 16000, True), Piece(16000, 24000, False)]
    track.open(GapKind.HOLD, T0 + 4 * NS)
    assert track.pieces(24000, 40000) == [Piece(24000, 32000, False), Piece(32000, 40000, True)]
    assert track.pieces(40000, 41000) == [Piece(40000, 41000, True)]
    assert track.pieces(5, 5) == []


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 100)), max_size=20), st.integers(0, 10**6), st.integers(0, 9999)
)
def test_pieces_cover_everything_once(events: list[tuple[bool, int]], start: int, count: int) -> None:
    track = Track(RATE, T0)
    at = T0
    for is_open, step in events:
        at += step * NS // 10
        (track.open if is_open else track.close)(GapKind.HOLD, at)
    pieces = track.pieces(start, start + count)
    assert sum(p.end - p.start for p in pieces) == count
    assert all(a.end == b.start for a, b in pairwise(pieces))


def feed(track: Track, start_s: float, end_s: float, behind_s: float = 0.0) -> list[Stall]:
    """Look four times a second at a file that grows in step with the clock, some time behind."""
    found = []
    for tick in range(round(start_s * 4), round(end_s * 4)):
        now = T0 + tick * NS // 4
        length = max(0, round((tick / 4 - behind_s - 0.25) * RATE))
        if stall := track.observe(length, now, now):
            found.append(stall)
    return found


def test_stall_moves_a_hold_that_began_after_it() -> None:
    """A hold is a time; its samples follow when the stall before it is settled."""
    track = Track(RATE, T0)
    feed(track, 0, 10)
    track.open(GapKind.HOLD, T0 + 14 * NS)
    assert track.gaps[0].from_sample == 14 * RATE
    (stall,) = feed(track, 13, 18, behind_s=3)
    assert stall.missing == 3 * RATE
    track.close(GapKind.HOLD, T0 + 15 * NS)
    hold = next(g for g in track.gaps if g.kind is GapKind.HOLD)
    assert (hold.from_sample, hold.to_sample) == (11 * RATE, 12 * RATE)


def test_finish_closes_open_gaps_at_the_last_sample() -> None:
    track = Track(RATE, T0)
    feed(track, 0, 4)
    track.open(GapKind.HOLD, T0 + NS)
    assert track.finish(T0 + 4 * NS) is None
    assert track.gaps == (Gap(GapKind.HOLD, T0 + NS, T0 + track.length * NS // RATE, 8000, track.length),)


def test_finish_finds_a_stall_that_reaches_the_end() -> None:
    """The recorder stopped writing at 4 s; the call ended at 10 s."""
    track = Track(RATE, T0)
    feed(track, 0, 4)
    stall = track.finish(T0 + 10 * NS)
    assert stall is not None
    assert stall.at == track.length
    assert abs(stall.missing - 6 * RATE) <= RATE // 4
    assert track.stalls == (stall,)


def test_lost_end_is_marked() -> None:
    track = Track(RATE, T0)
    track.length = 16000
    track.open(GapKind.HOLD, T0 + NS)
    track.lose(T0 + 5 * NS)
    assert track.gaps == (
        Gap(GapKind.HOLD, T0 + NS, T0 + 2 * NS, 8000, 16000),
        Gap(GapKind.LOST, T0 + 2 * NS, T0 + 5 * NS, 16000, 16000),
    )


def test_lost_end_never_lies_before_its_beginning() -> None:
    track = Track(RATE, T0)
    track.length = 16000
    track.lose(0)
    assert track.gaps == (Gap(GapKind.LOST, T0 + 2 * NS, T0 + 2 * NS, 16000, 16000),)


def test_gaps_are_taken_over() -> None:
    """A track read back has the same gaps; its stalls are not doubled."""
    track = Track(RATE, T0, [Stall(8000, 4000)])
    track.open(GapKind.HOLD, T0 + NS)
    track.close(GapKind.HOLD, T0 + 2 * NS)
    track.open(GapKind.NO_RTP, T0 + 3 * NS)
    again = Track(RATE, T0, track.stalls)
    again.restore(track.gaps)
    assert again.gaps == track.gaps


def test_finish_leaves_closed_gaps_as_they_are() -> None:
    track = Track(RATE, T0)
    feed(track, 0, 8)
    track.open(GapKind.HOLD, T0 + NS)
    track.close(GapKind.HOLD, T0 + 2 * NS)
    before = track.gaps
    track.finish(T0 + 8 * NS)
    assert track.gaps == before
