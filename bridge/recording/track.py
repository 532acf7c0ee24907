"""One party's timeline: which sample was heard when, and which spans hold no speech of the party and why.

The file only grows and is never rewritten, so time that never reached it cannot be put in. It is kept beside the
file as stalls: from sample `at` on, every sample was heard `missing` samples later than the count says.

    file     |0 ........ at|at ............ n|        mono_at(n) = t0 + (n + all missing up to n) / rate
    time     |0 ........ at|  missing  |.......|

Gaps are kept in monotonic time, the truth of the event, and turned into samples when asked: a stall that is settled
after a hold began then moves the hold's samples by itself. No file, no clock, no judging of audio (health).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from bridge.base.clock import NS
from bridge.base.errors import MoveError
from bridge.base.terms import GapKind
from bridge.recording.pace import Pace, Stall

MERGE_NS = NS // 10
"""Spans of one kind closer than this are one: a lost packet on each side of a late one is one loss to a reader."""
EXCUSED = frozenset({GapKind.HOLD, GapKind.BEFORE_MEDIA})
"""Kinds during which silence, or a file that stands still, is as it should be."""
FOUND = frozenset({GapKind.STALL, GapKind.LOST})
"""Kinds found in the file; nobody tells us of them."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One span without speech of the party."""

    kind: GapKind
    from_ns: int
    to_ns: int | None
    """None while it lasts."""
    from_sample: int
    to_sample: int | None
    """Half open; equal to `from_sample` where the file holds none of the span (stall, loss)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Samples `start` to `end` (half open) that lie wholly inside or wholly outside an excused span."""

    start: int
    end: int
    is_excused: bool


@dataclass(slots=True)
class _Span:
    kind: GapKind
    from_ns: int
    to_ns: int | None


class Track:
    """Timeline of one leg. Owned by the keeper's thread.

    Args:
        rate_hz: samples a second.
        t0_ns: monotonic time of sample 0.
        stalls: known ones in order of `at`, when a track is read back.
    """

    def __init__(self, rate_hz: int, t0_ns: int, stalls: Iterable[Stall] = ()) -> None:
        self.rate_hz = rate_hz
        self.t0_ns = t0_ns
        self.length = 0
        """Samples in the file as last observed."""
        self._spans: list[_Span] = []
        self._stalls: list[Stall] = []
        self._ats: list[int] = []
        self._shifts: list[int] = [0]
        for stall in stalls:
            self._add(stall)
        self._pace = Pace(rate_hz, t0_ns)

    @property
    def stalls(self) -> tuple[Stall, ...]:
        return tuple(self._stalls)

    @property
    def missing(self) -> int:
        """Samples that never reached the file, in all stalls."""
        return self._shifts[-1]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """All spans in order of their beginning."""
        told = [self._gap(span) for span in self._spans]
        return tuple(sorted([*told, *self._stall_gaps()], key=lambda gap: (gap.from_ns, gap.kind.value)))

    def mono_at(self, sample: int) -> int:
        """First whole nanosecond of monotonic time not before the sample was heard."""
        return self._time(sample + self._shifts[bisect_right(self._ats, sample)])

    def sample_at(self, mono_ns: int) -> int:
        """The sample being heard at a time; 0 before the start, the first one after it inside a stall."""
        place = max(0, mono_ns - self.t0_ns) * self.rate_hz // NS
        for stall, before in zip(self._stalls, self._shifts, strict=False):
            if place < stall.at + before:
                return place - before
            if place < stall.at + before + stall.missing:
                return stall.at
        return place - self.missing

    def observe(self, length: int, written_ns: int, now_ns: int) -> Stall | None:
        """Take the file's length; return a stall that has just been settled.

        Args:
            length: samples in the file.
            written_ns: when the last of them was written.
            now_ns: when the file was looked at.
        """
        self.length = max(self.length, length)
        stall = self._pace.observe(self.length, written_ns, now_ns)
        return self._add(stall) if stall else None

    def open(self, kind: GapKind, at_ns: int) -> bool:
        """Begin a span; False if one of this kind is already open (the earlier beginning stands).

        Raises:
            MoveError: a kind that is found, not told.
        """
        if kind in FOUND:
            raise MoveError(f"{kind.value} is found in the file and cannot be begun from outside")
        if kind is GapKind.NO_RTP:
            # Audio that is missed was expected: without this, an answered call that never carried a packet would
            # count as ringing for ever and its silence would raise no alarm.
            self.close(GapKind.BEFORE_MEDIA, at_ns)
        at_ns = max(at_ns, self.t0_ns)
        last = self._last(kind)
        if last is not None and last.to_ns is None:
            return False
        if last is not None and last.to_ns is not None and at_ns - last.to_ns <= MERGE_NS:
            last.to_ns = None
            return True
        self._spans.append(_Span(kind, at_ns, None))
        return True

    def close(self, kind: GapKind, at_ns: int) -> bool:
        """End the open span of a kind; False if there is none. A span without length is dropped."""
        last = self._last(kind)
        if last is None or last.to_ns is not None:
            return False
        if at_ns <= last.from_ns:
            self._spans.remove(last)
        else:
            last.to_ns = at_ns
        return True

    def restore(self, gaps: Iterable[Gap]) -> None:
        """Take over the told spans of a track that is read back; stalls come from the constructor."""
        self._spans = [_Span(gap.kind, gap.from_ns, gap.to_ns) for gap in gaps if gap.kind is not GapKind.STALL]

    def is_excused(self, mono_ns: int) -> bool:
        """Whether silence at this moment is as it should be."""
        return any(
            span.kind in EXCUSED and span.from_ns <= mono_ns and (span.to_ns is None or mono_ns < span.to_ns)
            for span in self._spans
        )

    def pieces(self, start: int, end: int) -> list[Piece]:
        """Cut samples `start` to `end` at the edges of excused spans; nothing is left out."""
        covers = [
            (self.sample_at(span.from_ns), end if span.to_ns is None else self.sample_at(span.to_ns))
            for span in self._spans
            if span.kind in EXCUSED
        ]
        edges = sorted({start, end, *(edge for cover in covers for edge in cover if start < edge < end)})
        return [Piece(a, b, any(low <= a and b <= high for low, high in covers)) for a, b in pairwise(edges)]

    def finish(self, end_ns: int) -> Stall | None:
        """Close what is open: the track ended at `end_ns`. Returns a stall that reaches to the end."""
        stall = self._pace.settle(self.length, end_ns)
        if stall is not None:
            self._add(stall)
        self._close_all()
        return stall

    def lose(self, until_ns: int) -> None:
        """Mark the end as lost: a process died after the last sample that reached the disk.

        Args:
            until_ns: latest moment up to which anything can have been lost.
        """
        self._close_all()
        start = self.mono_at(self.length)
        self._spans.append(_Span(GapKind.LOST, start, max(start, until_ns)))

    def _close_all(self) -> None:
        end_ns = self.mono_at(self.length)
        for span in list(self._spans):
            if span.to_ns is None:
                self.close(span.kind, end_ns)

    def _add(self, stall: Stall) -> Stall:
        if self._ats and self._ats[-1] == stall.at:
            stall = Stall(stall.at, self._stalls.pop().missing + stall.missing)
            self._ats.pop()
            self._shifts.pop()
        self._stalls.append(stall)
        self._ats.append(stall.at)
        self._shifts.append(self._shifts[-1] + stall.missing)
        return stall

    def _last(self, kind: GapKind) -> _Span | None:
        return next((span for span in reversed(self._spans) if span.kind is kind), None)

    def _gap(self, span: _Span) -> Gap:
        start = self.sample_at(span.from_ns)
        if span.kind is GapKind.LOST:
            return Gap(span.kind, span.from_ns, span.to_ns, start, start)
        return Gap(
            span.kind, span.from_ns, span.to_ns, start, None if span.to_ns is None else self.sample_at(span.to_ns)
        )

    def _stall_gaps(self) -> list[Gap]:
        return [
            Gap(GapKind.STALL, self._time(stall.at + before), self.mono_at(stall.at), stall.at, stall.at)
            for stall, before in zip(self._stalls, self._shifts, strict=False)
        ]

    def _time(self, place: int) -> int:
        # Rounded up, so that rounding down in sample_at gives the same sample back at any rate.
        return self.t0_ns - (-place * NS // self.rate_hz)
