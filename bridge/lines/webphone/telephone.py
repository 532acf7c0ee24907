"""The page's telephone as a state machine: when it rings, what a lost page means, and when it hangs up.

    ABSENT <-> IDLE -> RINGING -> LIFTED -> UP -> ENDING          above: a page is there
                         |          |        |      |
                  RINGING_ALONE -> (LIFTED_ALONE) UP_ALONE -> ENDING_ALONE      below: it has left

Nobody is asked while no page is there: the line hears 480 at once and rings the next handset. A page that leaves may
come back, because browsers are reloaded; the call waits for it. Pure: events and monotonic seconds in, commands out.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

from bridge.base.errors import MoveError
from bridge.lines.webphone.words import Idle, Over, Ringing, Telling, Up, Why

RETURN_LIMIT_S = 10.0
"""How long a call that is up waits for its page: longer than a reload of the browser, shorter than a caller's patience
with silence."""
PAGE_LOST = 'SIP ;cause=480 ;text="page lost"'
"""Tells the line that nobody has hung up: it must not hang up on the caller either, but ring the next handset."""
RING_RETURN_LIMIT_S = 3.0
"""How long a ringing call does; the next handset must get its turn."""


class State(enum.Enum):
    ABSENT = "absent"
    """No page, no call."""
    IDLE = "idle"
    RINGING = "ringing"
    RINGING_ALONE = "ringing-alone"
    LIFTED = "lifted"
    """200 is sent, ACK has not come."""
    LIFTED_ALONE = "lifted-alone"
    UP = "up"
    UP_ALONE = "up-alone"
    """The far ends hear silence."""
    ENDING = "ending"
    """Hung up, the stack has not confirmed it."""
    ENDING_ALONE = "ending-alone"


@dataclass(frozen=True, slots=True)
class Invited:
    """The line rings this handset."""

    ticket: int
    """The stack's number of the dialog; commands name it."""
    leg: str
    precedence: str


@dataclass(frozen=True, slots=True)
class Lifted:
    """The operator answers."""


@dataclass(frozen=True, slots=True)
class HungUp:
    """The operator hangs up, or declines."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """ACK came."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The dialog is over, whoever ended it."""


@dataclass(frozen=True, slots=True)
class PageCame:
    """A page has the telephone."""


@dataclass(frozen=True, slots=True)
class PageLeft:
    """None has it any more."""


@dataclass(frozen=True, slots=True)
class TimeCame:
    """The moment `wake_at` passed. Made by `wake`, never by the edge."""


Event: TypeAlias = Invited | Lifted | HungUp | Confirmed | Ended | PageCame | PageLeft | TimeCame


@dataclass(frozen=True, slots=True)
class Alert:
    """Send 180."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Send 200."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Refuse:
    """Turn a second INVITE, or one in vain, away; it is not the telephone's call."""

    ticket: int
    status: int


@dataclass(frozen=True, slots=True)
class Release:
    """End the telephone's call: with this status where it has not been answered, else with BYE and this reason."""

    ticket: int
    status: int
    reason: str = ""
    """Value of a Reason header (RFC 3326). Empty where the operator put the telephone down."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell the page that has the telephone."""

    telling: Telling


Command: TypeAlias = Alert | Answer | Refuse | Release | Tell

MOVES: dict[State, dict[type[Event], State]] = {
    State.ABSENT: {Invited: State.ABSENT, PageCame: State.IDLE},
    State.IDLE: {Invited: State.RINGING, PageLeft: State.ABSENT},
    State.RINGING: {
        Invited: State.RINGING,
        Lifted: State.LIFTED,
        HungUp: State.ENDING,
        Ended: State.IDLE,
        PageLeft: State.RINGING_ALONE,
    },
    State.RINGING_ALONE: {
        Invited: State.RINGING_ALONE,
        Ended: State.ABSENT,
        PageCame: State.RINGING,
        TimeCame: State.ENDING_ALONE,
    },
    State.LIFTED: {
        Invited: State.LIFTED,
        Confirmed: State.UP,
        HungUp: State.ENDING,
        Ended: State.IDLE,
        PageLeft: State.LIFTED_ALONE,
    },
    State.LIFTED_ALONE: {
        Invited: State.LIFTED_ALONE,
        Confirmed: State.UP_ALONE,
        Ended: State.ABSENT,
        PageCame: State.LIFTED,
        TimeCame: State.ENDING_ALONE,
    },
    State.UP: {Invited: State.UP, HungUp: State.ENDING, Ended: State.IDLE, PageLeft: State.UP_ALONE},
    State.UP_ALONE: {
        Invited: State.UP_ALONE,
        Ended: State.ABSENT,
        PageCame: State.UP,
        TimeCame: State.ENDING_ALONE,
    },
    State.ENDING: {Invited: State.ENDING, Confirmed: State.ENDING, Ended: State.IDLE, PageLeft: State.ENDING_ALONE},
    State.ENDING_ALONE: {
        Invited: State.ENDING_ALONE,
        Confirmed: State.ENDING_ALONE,
        Ended: State.ABSENT,
        PageCame: State.ENDING,
    },
}
"""Every legal move; nothing else changes state."""

_PATIENCE_S = {
    State.RINGING_ALONE: RING_RETURN_LIMIT_S,
    State.LIFTED_ALONE: RETURN_LIMIT_S,
    State.UP_ALONE: RETURN_LIMIT_S,
}
_NO_PAGE, _BUSY, _DECLINED = 480, 486, 486
"""RFC 3261 21.4: 480 temporarily unavailable; 486 also for an operator who declines, because the line must ask the
next one, and 603 would say that nobody wants the call."""


class Telephone:
    """One telephone with at most one call. Owned by the process's thread."""

    def __init__(self) -> None:
        self.state = State.ABSENT
        self.wake_at: float | None = None
        self._call = Invited(-1, "", "")
        self._why = Why.FAR_END
        """What the page is told at the end of this call."""

    @property
    def leg(self) -> str:
        """The line's name of the last call's leg; empty if unknown."""
        return self._call.leg

    @property
    def has_page(self) -> bool:
        return self.state in (State.IDLE, State.RINGING, State.LIFTED, State.UP, State.ENDING)

    @property
    def has_sound(self) -> bool:
        """What the page says goes to the line, and the other way round."""
        return self.state in (State.LIFTED, State.UP)

    def picture(self) -> Telling:
        """What a page that has just come must know."""
        match self.state:
            case State.RINGING | State.RINGING_ALONE:
                return Ringing(self._call.leg, self._call.precedence)
            case State.LIFTED | State.LIFTED_ALONE | State.UP | State.UP_ALONE:
                return Up(self._call.leg, self._call.precedence)
        return Idle()

    def handle(self, event: Event, now: float) -> list[Command]:
        """Take one event.

        Raises:
            MoveError: the state does not allow it; nothing changed.
        """
        was = self.state
        if type(event) not in MOVES[was]:
            raise MoveError(f"{type(event).__name__} in {was.name}")
        self.state = MOVES[was][type(event)]
        if self.state is not was:
            patience_s = _PATIENCE_S.get(self.state)
            # Answered while alone: it still is the same page that is missing, since the same moment.
            if not (was is State.LIFTED_ALONE and self.state is State.UP_ALONE):
                self.wake_at = None if patience_s is None else now + patience_s
        if isinstance(event, Invited):
            return self._invited(event, was)
        return self._moved(event, was)

    def wake(self, now: float) -> list[Command]:
        """Do what is due; early or repeated calls do nothing."""
        if self.wake_at is None or now < self.wake_at:
            return []
        return self.handle(TimeCame(), now)

    def _invited(self, event: Invited, was: State) -> list[Command]:
        if was is State.ABSENT:
            return [Refuse(event.ticket, _NO_PAGE)]
        if was is not State.IDLE:
            return [Refuse(event.ticket, _BUSY)]
        self._call, self._why = event, Why.FAR_END
        return [Alert(event.ticket), Tell(self.picture())]

    def _moved(self, event: Event, was: State) -> list[Command]:
        ticket = self._call.ticket
        match event:
            case Lifted():
                return [Answer(ticket)]
            case Confirmed() if self.state is State.UP:
                return [Tell(self.picture())]
            case HungUp():
                self._why = Why.HUNG_UP
                return [Release(ticket, _DECLINED)]
            case TimeCame():
                self._why = Why.PAGE_LOST
                return [Release(ticket, _NO_PAGE, PAGE_LOST)]
            case Ended() if self.state is State.IDLE:
                why = Why.MISSED if was is State.RINGING else self._why
                return [Tell(Over(why))]
        return []
