"""The states of a message at the addressee's station, every legal move between them and how it can end in each.

It decides nothing else.
"""

from __future__ import annotations

import enum

from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.events import Event
from bridge.relay.precedence import Hop
from bridge.relay.returns import Outcome, Stage


class State(enum.Enum):
    NEW = "new"
    READY = "ready"
    """The slip is here; nobody is on the line."""
    CALLING = "calling"
    ANSWERED = "answered"
    RELAYING = "relaying"
    SAID = "said"
    """Said in full and compared; the read-back is asked for."""
    READING_BACK = "reading-back"
    RECEIPTED = "receipted"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


def _row(here: State, **moves: State) -> dict[type[Event], State]:
    """The moves that every open state has, and its own."""
    row: dict[type[Event], State] = dict.fromkeys(
        (ev.NewerFound, ev.NewerNoted, ev.DeadlinePassed, ev.LimitsSet, gv.TracerTaken, gv.TierChosen), here
    )
    if here not in (State.RECEIPTED, State.ACKNOWLEDGED):
        row |= {ev.ReleaseGiven: here, ev.NightModeDeclared: here, ev.SlotsFound: here}
    row[ev.Ended] = State.CLOSED
    return row | {getattr(gv, name): target for name, target in moves.items()}


_ON_THE_LINE = ("PrincipalAsked", "PersonNamed")


def _talking(here: State, **moves: State) -> dict[type[Event], State]:
    """As `_row`, while somebody is on the line; when the line is lost the message is to be said again whole."""
    return _row(here, CallEnded=State.READY, **dict.fromkeys(_ON_THE_LINE, here), **moves)


def _after(here: State, **moves: State) -> dict[type[Event], State]:
    """As `_row`, after the receipt: calls come and go, the receipt stands."""
    calls = ("CallStarted", "AttemptEnded", "LadderEnded", "CallAnswered", "CallEnded", *_ON_THE_LINE)
    return _row(here, **dict.fromkeys((*calls, "ReplyStated", "ReplyTaken"), here), **moves) | {ev.Filed: State.CLOSED}


MOVES: dict[State, dict[type[Event], State]] = {
    State.NEW: {gv.SlipAccepted: State.READY},
    State.READY: _row(State.READY, CallStarted=State.CALLING, CallAnswered=State.ANSWERED),
    State.CALLING: _row(
        State.CALLING,
        CallStarted=State.CALLING,
        AttemptEnded=State.CALLING,
        CallAnswered=State.ANSWERED,
        LadderEnded=State.READY,
    ),
    State.ANSWERED: _talking(State.ANSWERED, RelayStarted=State.RELAYING),
    State.RELAYING: _talking(
        State.RELAYING,
        Compared=State.RELAYING,
        CorrectedAloud=State.RELAYING,
        Judged=State.RELAYING,
        RelayStarted=State.RELAYING,
        RelayFinished=State.SAID,
    ),
    State.SAID: _talking(State.SAID, RelayStarted=State.RELAYING, ReadBackBegun=State.READING_BACK),
    State.READING_BACK: _talking(
        State.READING_BACK,
        Compared=State.READING_BACK,
        CorrectedAloud=State.READING_BACK,
        Judged=State.READING_BACK,
        RelayStarted=State.RELAYING,
        ReadBackBegun=State.READING_BACK,
        ReceiptGiven=State.RECEIPTED,
    )
    | {ev.SlotHeard: State.READING_BACK},
    State.RECEIPTED: _after(State.RECEIPTED, Acknowledged=State.ACKNOWLEDGED),
    State.ACKNOWLEDGED: _after(State.ACKNOWLEDGED),
    State.CLOSED: {},
}
"""Every legal move. Docs and tests read this table; nothing else changes state."""
del MOVES[State.ACKNOWLEDGED][ev.Ended]  # acknowledged messages are filed, never ended otherwise

_UNSAID = {Outcome.OVERTAKEN, Outcome.EXPIRED, Outcome.CANNOT_SAY}
ENDS: dict[State, frozenset[Outcome]] = {
    State.READY: frozenset(_UNSAID | {Outcome.NO_ANSWER}),
    State.CALLING: frozenset(_UNSAID | {Outcome.NO_ANSWER}),
    State.ANSWERED: frozenset(_UNSAID | {Outcome.REFUSED, Outcome.NOT_AUTHORISED}),
    State.RELAYING: frozenset(_UNSAID | {Outcome.REFUSED, Outcome.NOT_AUTHORISED}),
    State.SAID: frozenset(_UNSAID | {Outcome.REFUSED, Outcome.NOT_AUTHORISED}),
    State.READING_BACK: frozenset(_UNSAID | {Outcome.REFUSED, Outcome.NOT_AUTHORISED}),
    State.RECEIPTED: frozenset(_UNSAID | {Outcome.REFUSED, Outcome.NOT_AUTHORISED, Outcome.RECEIPT_ONLY}),
}
"""Outcomes that can end a message in each state. RECEIVE ONLY can, until the receipt, once it was said as sealed."""
STAGES = {State.RECEIPTED: Stage.RECEIPT, State.ACKNOWLEDGED: Stage.ACKNOWLEDGEMENT, State.CLOSED: Stage.CLOSED}
HOPS = {State.RECEIPTED: Hop.ACKNOWLEDGING, State.ACKNOWLEDGED: Hop.REPLYING}
