"""The clock port: UTC for records, monotonic time for intervals, and whether UTC can be trusted.

It does not set or discipline any clock. Two stations never share one, so an `Instant` leaves its host
only as UTC with `sync` beside it.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import enum
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

NS = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STA_UNSYNC = 0x0040
"""Kernel flag "clock unsynchronised", adjtimex(2)."""


class Sync(enum.Enum):
    """State of the host's clock discipline as the kernel reports it."""

    SYNCHRONISED = "synchronised"
    UNSYNCHRONISED = "unsynchronised"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment on one host."""

    utc_ns: int
    """Nanoseconds since 1970-01-01 UTC."""
    mono_ns: int
    """CLOCK_MONOTONIC in nanoseconds: the same for all processes of one boot, meaningless elsewhere."""
    sync: Sync = Sync.UNKNOWN

    @property
    def utc(self) -> str:
        return utc_text(self.utc_ns)

    @property
    def seconds(self) -> float:
        """Monotonic seconds, for machines and timers."""
        return self.mono_ns / NS


class Clock(Protocol):
    def now(self) -> Instant: ...


class SystemClock:
    """The host's clocks. Any thread may call it."""

    def now(self) -> Instant:
        # Read the pair back to back: a switch between the two reads would shift every sample time of a track.
        return Instant(time.time_ns(), time.monotonic_ns(), kernel_sync())


class ManualClock:
    """A clock that moves when told, for tests and replays."""

    def __init__(self, utc_ns: int = 1_795_428_312 * NS, mono_ns: int = NS) -> None:
        self._instant = Instant(utc_ns, mono_ns, Sync.SYNCHRONISED)

    def now(self) -> Instant:
        return self._instant

    def advance(self, seconds: float) -> Instant:
        step = round(seconds * NS)
        self._instant = Instant(self._instant.utc_ns + step, self._instant.mono_ns + step, self._instant.sync)
        return self._instant


def utc_text(utc_ns: int) -> str:
    """RFC 3339 in UTC with microseconds and `Z`, the one form of times in records."""
    moment = _EPOCH + timedelta(microseconds=utc_ns // 1000)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_utc(text: str) -> int:
    """Nanoseconds since 1970 of a time in the form of `utc_text`.

    Raises:
        ValueError: another form.
    """
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def dtg(utc_ns: int) -> str:
    """Date-time group of a moment, `231435Z NOV 26`: day, hour, minute, zone, month, year."""
    moment = _EPOCH + timedelta(microseconds=utc_ns // 1000)
    month = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()[moment.month - 1]
    return f"{moment:%d%H%M}Z {month} {moment:%y}"


class _Timex(ctypes.Structure):
    """struct timex of adjtimex(2); only `modes` and `status` are read, the rest is room for the kernel."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("room", ctypes.c_byte * 256),
    )


_libc = ctypes.CDLL(ctypes.util.find_library("c") or None, use_errno=True)


def _adjtimex(answer: _Timex) -> int:
    """adjtimex(2); -1 where the system has none or refuses."""
    return int(_libc.adjtimex(ctypes.byref(answer))) if hasattr(_libc, "adjtimex") else -1


def kernel_sync(adjtimex: Callable[[_Timex], int] = _adjtimex) -> Sync:
    """Ask the kernel whether its clock is disciplined; UNKNOWN where it will not say (some containers)."""
    answer = _Timex()
    if adjtimex(answer) < 0:
        return Sync.UNKNOWN
    return Sync.UNSYNCHRONISED if answer.status & _STA_UNSYNC else Sync.SYNCHRONISED
