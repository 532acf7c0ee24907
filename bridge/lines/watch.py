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
    """Monotonic: of the first packet, of the last one before the gap (or of the resume, if none came since), or of
    the first one after it."""


START_LIMIT_NS = 5_000_000_000
"""How long an answered leg may take to its first packet: an alarm within 10 s, and no false one while a phone system
is still connecting its own far end."""


class MediaWatch:
    """One leg's packets. Owned by the line's thread."""

    def __init__(self, silence_s: float, dead_s: float) -> None:
        self._silence_ns = round(silence_s * 1e9)
        self._dead_ns = round(dead_s * 1e9)
        self._packets = 0
        self._since_ns: int | None = None
        """From when silence counts: the last packet, or the moment since when packets are expected again."""
        self._has_started = False
        self._is_lost = False
        self._is_dead = False

    def feed(self, packets: int, now_ns: int, *, expected: bool) -> list[Seen]:
        """Take the number of packets received by now.

        Args:
            packets: total so far; a smaller number than before means that the stream was made anew.
            expected: False while the leg is on hold or not up: silence is no fault then.
        """
        if self._since_ns is None:
            self._since_ns = now_ns
        if packets != self._packets:
            return self._arrived(packets, now_ns)
        if not expected:
            # A hold counts for nothing: its silence must not end the leg in the moment it is resumed.
            self._since_ns = now_ns
            return []
        return self._missing(self._since_ns, now_ns)

    def _arrived(self, packets: int, now_ns: int) -> list[Seen]:
        fresh = packets > 0
        self._packets = packets
        if not fresh:
            return []
        self._since_ns, self._is_dead = now_ns, False
        found = [] if self._has_started else [Seen(Finding.STARTED, now_ns)]
        if self._is_lost:
            found.append(Seen(Finding.RETURNED, now_ns))
        self._has_started, self._is_lost = True, False
        return found

    def _missing(self, since_ns: int, now_ns: int) -> list[Seen]:
        found = []
        silent_ns = now_ns - since_ns
        limit_ns = self._silence_ns if self._has_started else max(self._silence_ns, START_LIMIT_NS)
        if silent_ns >= limit_ns and not self._is_lost:
            self._is_lost = True
            found.append(Seen(Finding.LOST, since_ns))
        if silent_ns >= self._dead_ns and not self._is_dead:
            self._is_dead = True
            found.append(Seen(Finding.DEAD, since_ns))
        return found
