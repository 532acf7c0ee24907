"""One party's call on one line, as a state machine without I/O.

Feed it what happened (`Event`) and the time; it returns what to do (`Command`). It never reads a clock, opens a
socket or logs. Which legs talk to each other is decided by `exchange`, who may call at all by `admission`.

    outbound  IDLE -> CALLING -> RINGING ----> UP -> JOINED -> CLEARING -> ENDED
    inbound   IDLE -> OFFERED -> ANSWERING --> UP -> JOINED -> CLEARING -> ENDED

CLEARING is ours only: we asked to end and wait for the far side's last word. JOINED means that a person heard the
party, so that its end is a conversation's end. Times are monotonic seconds. A leg is our side of one SIP dialog
(RFC 3261, section 12); it ends exactly once, with exactly one `Report`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from bridge.base.errors import MoveError
from bridge.base.terms import Outcome
from bridge.lines.outcome import HUNG_UP_WITHIN_S, of_refusal

CLEAR_LIMIT_S = 4.0
"""Longest wait for the far side to confirm our hang-up: eight times T1. RFC 3261 9.1 would wait 64 times T1 (32 s);
the operator must see an end sooner."""


class State(enum.Enum):
    IDLE = "idle"
    CALLING = "calling"
    RINGING = "ringing"
    OFFERED = "offered"
    ANSWERING = "answering"
    UP = "up"
    JOINED = "joined"
    CLEARING = "clearing"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on the leg."""


@dataclass(frozen=True, slots=True)
class Dialled(Event):
    """We want to call this party."""

    ring_s: float
    """Longest ring before we give up."""


@dataclass(frozen=True, slots=True)
class Offered(Event):
    """The far side sent INVITE and was admitted."""


@dataclass(frozen=True, slots=True)
class Accepted(Event):
    """We answer the far side's INVITE."""

    half_open_s: float
    """Longest wait for its ACK (RFC 3261 13.3.1.4 would wait 32 s)."""


@dataclass(frozen=True, slots=True)
class Alerted(Event):
    """180 or 183 came back."""


@dataclass(frozen=True, slots=True)
class Confirmed(Event):
    """200 and ACK are through: the dialog is up."""


@dataclass(frozen=True, slots=True)
class Joined(Event):
    """A person at the desk hears the party."""


@dataclass(frozen=True, slots=True)
class HungUp(Event):
    """We want the leg to end."""

    outcome: Outcome | None = None
    """What to record; None lets the leg judge."""


@dataclass(frozen=True, slots=True)
class Released(Event):
    """The dialog is over: BYE, CANCEL or a final response of 300 to 699."""

    status: int
    """SIP status; 200 for BYE, 487 for CANCEL."""


@dataclass(frozen=True, slots=True)
class TimedOut(Event):
    """Our own limit passed. Made by `wake`, never by the edge."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something the edge must do."""


@dataclass(frozen=True, slots=True)
class StartTrack(Command):
    """Start this party's track. Sent before the first ring and before the answer, not at it."""


@dataclass(frozen=True, slots=True)
class SendInvite(Command):
    pass


@dataclass(frozen=True, slots=True)
class SendAnswer(Command):
    """Send 200."""


@dataclass(frozen=True, slots=True)
class HangUp(Command):
    """Send CANCEL, BYE or a final response, whichever the dialog needs."""


@dataclass(frozen=True, slots=True)
class Report(Command):
    outcome: Outcome
    talk_s: float
    """Seconds from confirmation to the first wish to end; 0 if never up."""
    status: int
    """Last SIP status seen, 0 if none."""


MOVES: dict[State, dict[type[Event], State]] = {
    State.IDLE: {Dialled: State.CALLING, Offered: State.OFFERED},
    State.CALLING: {
        Alerted: State.RINGING,
        Confirmed: State.UP,
        HungUp: State.CLEARING,
        Released: State.ENDED,
        TimedOut: State.CLEARING,
    },
    State.RINGING: {
        Alerted: State.RINGING,
        Confirmed: State.UP,
        HungUp: State.CLEARING,
        Released: State.ENDED,
        TimedOut: State.CLEARING,
    },
    State.OFFERED: {Accepted: State.ANSWERING, HungUp: State.CLEARING, Released: State.ENDED},
    State.ANSWERING: {
        Confirmed: State.UP,
        HungUp: State.CLEARING,
        Released: State.ENDED,
        TimedOut: State.CLEARING,
    },
    State.UP: {Joined: State.JOINED, HungUp: State.CLEARING, Released: State.ENDED},
    State.JOINED: {Joined: State.JOINED, HungUp: State.CLEARING, Released: State.ENDED},
    State.CLEARING: {
        Alerted: State.CLEARING,
        Confirmed: State.CLEARING,
        Joined: State.CLEARING,
        HungUp: State.CLEARING,
        Released: State.ENDED,
        TimedOut: State.ENDED,
    },
    State.ENDED: {},
}
"""Every legal move. Docs and tests read this table; nothing else changes state."""


class Leg:
    """State of one leg. Owned by one thread, the poll thread of its line."""

    def __init__(self) -> None:
        self.state = State.IDLE
        self.wake_at: float | None = None
        """When `wake` must be called; None if no timer runs."""
        self._up_at: float | None = None
        self._report: Report | None = None

    @property
    def is_up(self) -> bool:
        return self.state in (State.UP, State.JOINED)

    @property
    def is_over(self) -> bool:
        return self.state in (State.CLEARING, State.ENDED)

    def handle(self, event: Event, now: float) -> list[Command]:
        """Take one event at monotonic time `now`; return the commands in order.

        Raises:
            MoveError: `MOVES` has no entry; the leg is unchanged. The edge decides: our event is a bug, the far
                side's is answered in protocol and written down.
        """
        before = self.state
        target = MOVES[before].get(type(event))
        if target is None:
            raise MoveError(f"{type(event).__name__} is not allowed in {before.name}")
        self.state = target
        match event:
            case Dialled(ring_s):
                self.wake_at = now + ring_s
                return [StartTrack(), SendInvite()]
            case Offered():
                return [StartTrack()]
            case Accepted(half_open_s):
                self.wake_at = now + half_open_s
                return [SendAnswer()]
            case Confirmed() if target is State.CLEARING:
                # Their 200 crossed our CANCEL: end the dialog it made (RFC 3261 9.1, 15).
                return [HangUp()]
            case Confirmed():
                self.wake_at, self._up_at = None, now
            case HungUp(outcome) if before is not State.CLEARING:
                return self._clear(outcome or self._judged_end(before, now), now)
            case TimedOut():
                return self._expire(before, now)
            case Released(status):
                return self._end(self._judged_release(before, status, now), status, now)
        return []

    def wake(self, now: float) -> list[Command]:
        """Tell the leg the time. Early or needless calls do nothing."""
        if self.wake_at is None or now < self.wake_at:
            return []
        return self.handle(TimedOut(), now)

    def _expire(self, before: State, now: float) -> list[Command]:
        if before is State.CLEARING:
            return self._end(Outcome.TECHNICAL, 0, now)
        return self._clear(_EXPIRED[before], now)

    def _judged_end(self, before: State, now: float) -> Outcome:
        """Outcome when we end it."""
        return Outcome.ANSWERED if before in (State.UP, State.JOINED) else Outcome.CANCELLED

    def _judged_release(self, before: State, status: int, now: float) -> Outcome:
        """Outcome when the far side, or the stack in its place, ended it."""
        if before in (State.CALLING, State.RINGING):
            return of_refusal(status)
        if status not in _BY_A_PERSON:
            # A timer or a transport of the stack ended the dialog: 408, 5xx. Nobody put the telephone down.
            return Outcome.TECHNICAL if status else Outcome.CANNOT_SAY
        if before is State.JOINED and not self._is_short(now):
            return Outcome.ANSWERED
        # It left before a person at the desk heard it, or at once.
        return Outcome.HUNG_UP

    def _is_short(self, now: float) -> bool:
        return self._talk_s(now) < HUNG_UP_WITHIN_S

    def _clear(self, outcome: Outcome, now: float) -> list[Command]:
        self._report = Report(outcome, self._talk_s(now), 0)
        self.wake_at = now + CLEAR_LIMIT_S
        return [HangUp()]

    def _end(self, outcome: Outcome, status: int, now: float) -> list[Command]:
        self.wake_at = None
        if self._report is not None:
            return [Report(self._report.outcome, self._report.talk_s, status)]
        return [Report(outcome, self._talk_s(now), status)]

    def _talk_s(self, now: float) -> float:
        return 0.0 if self._up_at is None else now - self._up_at


_BY_A_PERSON = (200, 487)
"""Status of a dialog that its far end ended itself: BYE, CANCEL."""
_EXPIRED = {
    State.CALLING: Outcome.TECHNICAL,  # not even ringing: their phone system is silent, no person decided this
    State.RINGING: Outcome.NO_ANSWER,
    State.ANSWERING: Outcome.TECHNICAL,
}
