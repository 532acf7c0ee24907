"""The states of a message at its originator's station and every legal move between them. It decides nothing else."""

from __future__ import annotations

import enum

from bridge.relay import events as ev
from bridge.relay.events import Event


class State(enum.Enum):
    NEW = "new"
    HEARING = "hearing"
    DRAFTING = "drafting"
    READING = "reading"
    AWAITING = "awaiting"
    CONFIRMED = "confirmed"
    SEALED = "sealed"
    CARRIED = "carried"
    RETURNED = "returned"
    CLOSED = "closed"


def _row(here: State, **moves: State) -> dict[type[Event], State]:
    """The moves that every state before the seal has, and its own."""
    stay = (ev.LegJoined, ev.Heard, ev.SpanMarked, ev.Played, ev.SlotHeard, ev.SlotTyped, ev.IdentityChecked)
    row: dict[type[Event], State] = dict.fromkeys((*stay, ev.NightModeDeclared, ev.DeadlinePassed, ev.LimitsSet), here)
    row |= {ev.Ended: State.CLOSED, ev.NewerFound: here, ev.NewerNoted: here, ev.Edited: State.DRAFTING}
    return row | {getattr(ev, name): target for name, target in moves.items()}


MOVES: dict[State, dict[type[Event], State]] = {
    State.NEW: {ev.Opened: State.HEARING},
    State.HEARING: _row(State.HEARING, HeaderStated=State.HEARING, PrecedenceStated=State.HEARING),
    State.DRAFTING: _row(
        State.DRAFTING,
        HeaderStated=State.DRAFTING,
        PrecedenceStated=State.DRAFTING,
        SlotsFound=State.DRAFTING,
        ReadBackStarted=State.READING,
    ),
    State.READING: _row(State.READING, ReadBackSaid=State.AWAITING, Rejected=State.DRAFTING),
    State.AWAITING: _row(
        State.AWAITING, Confirmed=State.CONFIRMED, Rejected=State.DRAFTING, ReadBackStarted=State.READING
    ),
    State.CONFIRMED: _row(
        State.CONFIRMED, ReleaseGiven=State.CONFIRMED, SealOrdered=State.SEALED, Rejected=State.DRAFTING
    ),
    State.SEALED: {
        ev.SlipCarried: State.CARRIED,
        ev.NewerFound: State.SEALED,
        ev.NewerNoted: State.SEALED,
        ev.DeadlinePassed: State.SEALED,
        ev.LimitsSet: State.SEALED,
        ev.Ended: State.CLOSED,
    },
    State.CARRIED: {
        ev.SlipCarried: State.CARRIED,
        ev.ReturnTaken: State.RETURNED,
        ev.DeadlinePassed: State.CARRIED,
        ev.LimitsSet: State.CARRIED,
        ev.Ended: State.CLOSED,
    },
    State.RETURNED: {
        ev.SlipCarried: State.RETURNED,
        ev.ReturnTaken: State.RETURNED,
        ev.OriginatorTold: State.RETURNED,
        ev.DeadlinePassed: State.RETURNED,
        ev.LimitsSet: State.RETURNED,
        ev.Filed: State.CLOSED,
        ev.Ended: State.CLOSED,
    },
    State.CLOSED: {},
}
"""Every legal move. Docs and tests read this table; nothing else changes state."""
