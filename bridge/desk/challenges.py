"""Challenges that were given out to be signed: each counts once, soon, and for what it was given out.

Pure: whoever gives one out has made it up. Kept in memory alone: after a restart nobody is waiting for an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.base.clock import NS

LASTS_S = 120
"""As long as a person may take to find the device and touch it."""
KEPT = 256
KEPT_OF_ADDRESS = 16
"""The oldest go first: whoever asks on and on costs himself his own."""


@dataclass(frozen=True, slots=True)
class Challenge:
    purpose: str
    """What may be done with the answer, and by whom."""
    address: str
    handle: bytes
    """For whom a passkey is made; empty where none is made."""
    until_ns: int


@dataclass(slots=True)
class Challenges:
    """Owned by one event loop. Times are monotonic nanoseconds."""

    _open: dict[bytes, Challenge] = field(default_factory=dict)

    def give(self, value: bytes, purpose: str, address: str, now_ns: int, handle: bytes = b"") -> None:
        """Note one that is given out."""
        self._open = {one: kept for one, kept in self._open.items() if kept.until_ns > now_ns}
        of_address = [one for one, kept in self._open.items() if kept.address == address]
        for oldest in of_address[: max(0, len(of_address) - KEPT_OF_ADDRESS + 1)]:
            del self._open[oldest]
        while len(self._open) >= KEPT:
            del self._open[next(iter(self._open))]
        self._open[value] = Challenge(purpose, address, handle, now_ns + LASTS_S * NS)

    def take(self, value: bytes, purpose: str, now_ns: int) -> Challenge | None:
        """Use one up; None if it is not known, was used, is too old or was given out for something else."""
        found = self._open.pop(value, None)
        if found is None or found.purpose != purpose or found.until_ns <= now_ns:
            return None
        return found
