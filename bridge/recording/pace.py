"""Decides whether the time of a track stood still, and how many samples are missing from its file.

The recorder writes in steps of 4096 bytes and holds back up to two of them, so a sound file is always a little
behind: its ordinary lag. The rule, with lag = what should be there by now - what is there:

    lag > 1.0 s                            the file is behind, from the length it had when it was last in pace
    it grows again for 4.0 s, or its lag   missing = smallest lag since it grew again - smallest ordinary lag before
    rises by another 1.0 s, or it ends
    missing < 0.5 s                        it caught up: no stall

Four seconds, because pjsua2 fills a 4000-byte buffer into one of 4096: what is held back at a write changes from write
to write and is smallest once in 16 writes (3.84 s at 8000 Hz). pjsua2's clock makes up for delays below 0.5 s and drops
longer ones, which is why a smaller difference is never missing time. Where in the held-back samples the clock stopped
cannot be known: `at` is early by at most 8192 bytes.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from bridge.base.clock import NS

BEHIND_S = 1.0
MISSING_S = 0.5
SETTLE_S = 4.0
STEP_SAMPLES = 2048
"""One write of the recorder: 4096 bytes of 16-bit samples. Taken as the ordinary lag until one was measured."""
_KEPT_LAGS = 20
"""Writes seen in about 5 s: long enough for the smallest lag, short enough to follow a drifting clock."""


@dataclass(frozen=True, slots=True)
class Stall:
    """Time that is missing from the file."""

    at: int
    """First sample after it."""
    missing: int
    """Samples that would have been there."""


class Pace:
    """Compares the growth of one file with the clock. Owned by its track."""

    def __init__(self, rate_hz: int, t0_ns: int) -> None:
        self._rate_hz = rate_hz
        self._t0_ns = t0_ns
        self._length = 0
        self._missing = 0
        self._lags: deque[int] = deque(maxlen=_KEPT_LAGS)
        self._at: int | None = None
        """Where the file fell behind; None while it is in pace."""
        self._since: list[int] = []
        """Lags measured since it grew again."""
        self._settle_ns = 0

    def observe(self, length: int, written_ns: int, now_ns: int) -> Stall | None:
        """As `Track.observe`; `length` never shrinks."""
        grew, before = length > self._length, self._length
        self._length = length
        lag = self._lag(length, written_ns if grew else now_ns)
        if self._at is None:
            if lag <= BEHIND_S * self._rate_hz:
                if grew:
                    self._lags.append(lag)
                return None
            self._at = before
        if self._since and lag > min(self._since) + BEHIND_S * self._rate_hz:
            stall = self._decide()
            self._at = before
            return stall
        if grew:
            if not self._since:
                self._settle_ns = now_ns + round(SETTLE_S * NS)
            self._since.append(lag)
        return self._decide() if self._since and now_ns >= self._settle_ns else None

    def settle(self, length: int, end_ns: int) -> Stall | None:
        """The file is complete at `end_ns`: decide now. A file that never grew again lacks all up to the end."""
        lag = self._lag(length, end_ns)
        if self._at is None and lag > BEHIND_S * self._rate_hz:
            self._at = length
        if self._at is None:
            return None
        if not self._since:
            self._since.append(lag)
        return self._decide()

    def _decide(self) -> Stall | None:
        at = self._at
        assert at is not None
        missing = min(self._since) - min(self._lags, default=STEP_SAMPLES)
        self._at, self._since = None, []
        if missing < MISSING_S * self._rate_hz:
            return None
        self._missing += missing
        return Stall(at, missing)

    def _lag(self, length: int, at_ns: int) -> int:
        return max(0, at_ns - self._t0_ns) * self._rate_hz // NS - self._missing - length
