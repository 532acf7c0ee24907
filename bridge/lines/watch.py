"""Is audio still arriving on a leg? Judged by packet counts, because SIP keeps a dead call up for ever.

Pure: counts and times in, findings out. pjsua2 has no RTP time-out of its own; a leg whose far end is gone stays
CONFIRMED until somebody hangs up.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Finding(enum.Enum):
    STARTED = "started"
    LOST = "lost"
    RETURNED = "returned"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Seen:
    finding: Finding
    since_ns: int
    """Monotonic: of the first packet, the last one before the gap, or the first one after it."""


class MediaWatch:
    """One leg's packets. Owned by the line's thread."""

    def __init__(self, silence_s: float, dead_s: float) -> None:
        self._silence_ns = round(silence_s * 1e9)
        self._dead_ns = round(dead_s * 1e9)
        self._packets = 0
        self._last_ns: int | None = None
        self._has_started = False
        self._is_lost = False
        self._is_dead = False

    def feed(self, packets: int, now_ns: int, *, expected: bool) -> list[Seen]:
        """Take the number of packets received by now.

        Args:
            packets: total so far; a smaller number than before means that the stream was made anew.
            expected: False while the leg is on hold or not up: silence is no fault then.
        """
        if self._last_ns is None:
            self._last_ns = now_ns
        if packets != self._packets:
            return self._arrived(packets, now_ns)
        if not expected:
            self._last_ns = now_ns if not self._is_lost else self._last_ns
            return []
        return self._missing(now_ns - self._last_ns)

    def _arrived(self, packets: int, now_ns: int) -> list[Seen]:
        fresh = packets > 0
        self._packets = packets
        if not fresh:
            return []
        self._last_ns, self._is_dead = now_ns, False
        if not self._has_started:
            self._has_started, self._is_lost = True, False
            return [Seen(Finding.STARTED, now_ns)]
        if self._is_lost:
            self._is_lost = False
            return [Seen(Finding.RETURNED, now_ns)]
        return []

    def _missing(self, silent_ns: int) -> list[Seen]:
        assert self._last_ns is not None
        found = []
        if silent_ns >= self._silence_ns and not self._is_lost and self._has_started:
            self._is_lost = True
            found.append(Seen(Finding.LOST, self._last_ns))
        if silent_ns >= self._dead_ns and not self._is_dead:
            self._is_dead = True
            found.append(Seen(Finding.DEAD, self._last_ns))
        return found
