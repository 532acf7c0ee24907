"""How long each step of a message may take, and what happens when it has taken longer.

Handling time per hop: FLASH 10 min, IMMEDIATE 30 min, PRIORITY 3 h, ROUTINE 6 h (domain rules, after US Navy
procedure). A deadline that passed comes back after every further half of its time until the step is done: it is never
switched off by being ignored. It decides what to ask for, not whom to call.

Times are UTC nanoseconds, not monotonic ones: a ROUTINE hop outlives a restart of the host, and the ledger from which
the state is rebuilt knows UTC alone.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from bridge.base.dialplan_messages import HANDLING_MINUTES, STEPS, Deadlines
from bridge.base.terms import Precedence

NS_PER_MINUTE = 60_000_000_000
WORD_LIMIT = 200
"""Words of a FLASH or IMMEDIATE message; more is warned of, never refused."""


class Hop(enum.Enum):
    """What is being waited for. Stored: never rename."""

    TAKING = "taking"
    """From the first word to the seal."""
    CARRYING = "carrying"
    """From the seal until the slip has left the station."""
    RETURNING = "returning"
    """From the carrying until a return slip is back."""
    TELLING = "telling"
    """From a return slip until the originator has been told."""
    GIVING = "giving"
    """From the arrival of the slip to the receipt."""
    ACKNOWLEDGING = "acknowledging"
    REPLYING = "replying"


@dataclass(frozen=True, slots=True)
class Limit:
    """Time for one step at one precedence, other than the usual handling time."""

    hop: Hop
    precedence: Precedence
    minutes: int


class Step(enum.Enum):
    """What a passed deadline asks for."""

    ALARM = "alarm"
    CLIMB = "climb"
    """Try the next tier of the ladder."""
    TRACE = "trace"
    """Send a tracer over the gap."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One running deadline."""

    hop: Hop
    precedence: Precedence
    since: int
    """When the step began, UTC nanoseconds."""
    passed: int = 0
    """How often it has passed."""

    def at(self, limits: Iterable[Limit] = ()) -> int:
        """When it passes next, UTC nanoseconds."""
        limit = limit_ns(self.precedence, self.hop, limits)
        return self.since + limit + self.passed * (limit // 2)

    def next(self) -> Deadline:
        return Deadline(self.hop, self.precedence, self.since, self.passed + 1)

    def with_precedence(self, precedence: Precedence) -> Deadline:
        """The same step at another speed, counted from the same beginning."""
        return Deadline(self.hop, precedence, self.since)

    def steps(self) -> tuple[Step, ...]:
        """What is asked for now that it has passed."""
        match self.hop:
            case Hop.GIVING | Hop.ACKNOWLEDGING:
                return Step.ALARM, Step.CLIMB
            case Hop.RETURNING:
                return Step.ALARM, Step.TRACE
            case _:
                return (Step.ALARM,)


def limit_ns(precedence: Precedence, hop: Hop, limits: Iterable[Limit] = ()) -> int:
    """Handling time of one hop in nanoseconds."""
    given = (one.minutes for one in limits if one.hop is hop and one.precedence is precedence)
    return next(given, HANDLING_MINUTES[precedence]) * NS_PER_MINUTE


def limits_of(deadlines: Deadlines) -> tuple[Limit, ...]:
    """What a dialplan gives otherwise than the usual handling time, in the order of the steps."""
    return tuple(
        Limit(Hop(step), precedence, minutes)
        for step in STEPS
        for precedence, usual in HANDLING_MINUTES.items()
        if (minutes := deadlines.minutes(step, precedence)) != usual
    )


def next_tier(current: int, tiers: Iterable[int]) -> int:
    """The lowest tier above `current` that somebody holds; the highest there is if none is above."""
    held = sorted(set(tiers))
    return next((tier for tier in held if tier > current), held[-1] if held else current)


def first_tier(stated: str, tiers: Iterable[int]) -> int:
    """The tier to ask for: the originator's own, or the next that somebody holds; the lowest if he stated none."""
    held = sorted(set(tiers))
    return next_tier(int(stated) - 1, held) if stated.isdecimal() else held[0]


def limits_words(precedence: Precedence) -> bool:
    """Whether the limit of `WORD_LIMIT` words holds."""
    return precedence.rank >= Precedence.IMMEDIATE.rank
