"""Numbers messages per direction without gaps, and notices a gap or a doubled number in what arrives.

A serial is `US-0007`: the side that speaks and a number from 1. Exercises have numbers of their own,
`EXERCISE-US-0007`, so that a drill leaves no hole in the live ones. It stores nothing: replaying the ledger's entries
gives the same counters.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field

from bridge.base.errors import Theirs

EXERCISE = "EXERCISE"
LIMIT = 999_999
_FORM = re.compile(r"(EXERCISE-)?([A-Z]{2,8})-([0-9]{4,6})")


class SerialError(Theirs):
    """Not a serial, or a number that cannot be given out."""

    code = "serial"


@dataclass(frozen=True, slots=True, order=True)
class Serial:
    """One message's number."""

    side: str
    """The side that speaks, as the dialplan names it: `us`."""
    number: int
    exercise: bool = False

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z]{2,8}", self.side) or self.side == EXERCISE.lower():
            raise SerialError(f"side {self.side!r}, expected 2 to 8 lower-case letters")
        if not 1 <= self.number <= LIMIT:
            raise SerialError(f"number {self.number}, expected 1 to {LIMIT}")

    def __str__(self) -> str:
        return f"{EXERCISE + '-' if self.exercise else ''}{self.side.upper()}-{self.number:04}"


def parse_serial(text: str) -> Serial:
    """Read the form that `str` gives, and no other.

    Raises:
        SerialError: another form.
    """
    found = _FORM.fullmatch(text)
    if not found:
        raise SerialError(f"{text[:40]!r}, expected a serial like US-0007 or EXERCISE-US-0007")
    serial = Serial(found[2].lower(), int(found[3]), bool(found[1]))
    if str(serial) != text:
        raise SerialError(f"{text[:40]!r}, expected {serial}")
    return serial


class Arrival(enum.Enum):
    """What an arriving serial says."""

    NEW = "new"
    REPEATED = "repeated"
    """The same message once more: the slip was carried or typed twice."""
    CONFLICT = "conflict"
    """The same serial with other content: one of the two is not what was sealed."""


@dataclass
class Serials:
    """All counters of one station. Owned by the desk process."""

    _last: dict[tuple[str, bool], int] = field(default_factory=dict)
    _seen: dict[Serial, str] = field(default_factory=dict)

    def take(self, side: str, exercise: bool) -> Serial:
        """Give out the next number of a direction. Called once per seal, by the machine that seals.

        Raises:
            SerialError: the numbers are used up.
        """
        serial = Serial(side, self._last.get((side, exercise), 0) + 1, exercise)
        self._last[side, exercise] = serial.number
        return serial

    def last(self, side: str, exercise: bool) -> int:
        """The number given out last; 0 if none."""
        return self._last.get((side, exercise), 0)

    def look(self, serial: Serial, digest: str) -> Arrival:
        """What a serial that came over the gap is, with the hash of what it numbers. Notes nothing."""
        known = self._seen.get(serial)
        if known is None:
            return Arrival.NEW
        return Arrival.REPEATED if known == digest else Arrival.CONFLICT

    def arrive(self, serial: Serial, digest: str) -> Arrival:
        """As `look`, and a new one is noted."""
        arrival = self.look(serial, digest)
        self._seen.setdefault(serial, digest)
        return arrival

    def missing(self) -> tuple[Serial, ...]:
        """Serials below one that arrived that have not arrived: slips still on the way, or lost."""
        highest: dict[tuple[str, bool], int] = {}
        for serial in self._seen:
            key = serial.side, serial.exercise
            highest[key] = max(highest.get(key, 0), serial.number)
        return tuple(
            missing
            for (side, exercise), top in sorted(highest.items())
            for number in range(1, top)
            if (missing := Serial(side, number, exercise)) not in self._seen
        )
