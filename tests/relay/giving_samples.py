"""What the tests of giving start from: a message, the events of its way, and a machine in each state."""

from __future__ import annotations

import dataclasses

import pytest

from bridge.base.terms import Outcome as CallOutcome
from bridge.base.terms import Precedence
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.commands import (
    Blocker,
    NotReadyError,
)
from bridge.relay.events import Event
from bridge.relay.giving import Giving
from bridge.relay.giving_events import Match, Part
from bridge.relay.giving_states import State
from bridge.relay.precedence import Hop, Limit
from bridge.relay.returns import Outcome, Person, ReplyState, Tracer
from bridge.relay.serials import Serial
from bridge.relay.spans import Span
from tests.relay.relay_samples import MINUTE, NOON, SLOTS, message

SEALED = message()
SHA = SEALED.digest().hex()
LADDER = (
    gv.Candidate("watch", 1, "OF-5"),
    gv.Candidate("deputy", 1, "OF-6"),
    gv.Candidate("director", 2, "OF-6"),
)
OFFICER = Person("A. Rad", "Watch")
FAR = "ir-20261123T120100Z-0001/side-1"


def compared(part: Part, match: Match = Match.EQUIVALENT, is_complete: bool = True, sha256: str = SHA) -> gv.Compared:
    return gv.Compared(part, sha256, match, 0 if match in (Match.VERBATIM, Match.EQUIVALENT) else 1, is_complete)


SPAN = Span(FAR, 0, 100)
TRACER = Tracer(SEALED.serial, 1, SEALED.dtg, "en")
EVENTS: list[Event] = [
    gv.SlipAccepted(SEALED, LADDER, "op-b"),
    gv.TierChosen(2, "op-b"),
    gv.CallStarted(1),
    gv.AttemptEnded("watch", CallOutcome.NO_ANSWER),
    gv.CallAnswered("watch", FAR),
    gv.LadderEnded(),
    gv.CallEnded(CallOutcome.ANSWERED),
    gv.PrincipalAsked("op-b"),
    gv.PersonNamed(OFFICER, "watch", "op-b"),
    gv.RelayStarted("op-b"),
    compared(Part.RELAY, Match.CHECK),
    gv.CorrectedAloud(Part.RELAY, "speed", "op-b"),
    gv.Judged(Part.RELAY, SPAN, "op-b"),
    gv.RelayFinished("op-b"),
    gv.ReadBackBegun("op-b"),
    gv.ReceiptGiven(OFFICER, "op-b"),
    gv.Acknowledged(OFFICER, "General Staff", True, "op-b"),
    gv.ReplyStated(ReplyState.REFUSED, "op-b"),
    gv.ReplyTaken(Serial("ir", 1), SEALED.serial),
    gv.TracerTaken(TRACER, "op-b"),
    ev.NewerFound(()),
    ev.NewerNoted("op-b"),
    ev.ReleaseGiven("op-a"),
    ev.SlotsFound(1, SLOTS[:1]),
    ev.SlotHeard(SLOTS[0].id, "op-b"),
    ev.NightModeDeclared("op-b", "one on watch"),
    ev.DeadlinePassed(),
    ev.LimitsSet((Limit(Hop.GIVING, Precedence.FLASH, 4),)),
    ev.Ended(Outcome.CANNOT_SAY, "", "op-b"),
    ev.Filed("op-b"),
]
WAY: list[Event] = [
    gv.SlipAccepted(SEALED, LADDER, "op-b"),
    gv.CallStarted(1),
    gv.CallAnswered("watch", FAR),
    gv.PrincipalAsked("op-b"),
    gv.PersonNamed(OFFICER, "watch", "op-b"),
    ev.ReleaseGiven("op-a"),
    gv.RelayStarted("op-b"),
    compared(Part.RELAY, Match.CHECK),
    gv.Judged(Part.RELAY, SPAN, "op-b"),
    gv.RelayFinished("op-b"),
    gv.ReadBackBegun("op-b"),
    compared(Part.READ_BACK),
    ev.SlotsFound(1, SLOTS[:1]),
    ev.SlotHeard(SLOTS[0].id, "op-b"),
    gv.ReceiptGiven(OFFICER, "op-b"),
    gv.ReplyStated(ReplyState.OWED, "op-b"),
    gv.Acknowledged(Person("B. Karimi", "Operations"), "General Staff", True, "op-b"),
    gv.ReplyTaken(Serial("ir", 1), SEALED.serial),
    ev.Filed("op-b"),
]
ROADS = {
    State.NEW: WAY[:0],
    State.READY: WAY[:1],
    State.CALLING: [*WAY[:2], gv.AttemptEnded("watch", CallOutcome.BUSY)],
    State.ANSWERED: WAY[:6],
    State.RELAYING: WAY[:9],
    State.SAID: WAY[:10],
    State.READING_BACK: WAY[:14],
    State.RECEIPTED: [*WAY[:15], gv.ReplyStated(ReplyState.REFUSED, "op-b")],
    State.ACKNOWLEDGED: WAY[:18],
    State.CLOSED: WAY,
}
LATE = NOON + 1000 * MINUTE


def giving(*events: Event) -> Giving:
    made = Giving()
    for event in events:
        made.handle(event, NOON)
    return made


def giving_in(state: State) -> Giving:
    made = giving(*ROADS[state])
    assert made.state is state
    return made


def blockers(made: Giving, event: Event, now: int = NOON) -> tuple[Blocker, ...]:
    before = made.state, made.wake_at, made.returns, made.said
    with pytest.raises(NotReadyError) as caught:
        made.handle(event, now)
    assert (made.state, made.wake_at, made.returns, made.said) == before
    return caught.value.blockers


def fitting(state: State, event: Event) -> Event:
    """The event with what its state asks for."""
    if state is State.READING_BACK and isinstance(event, gv.Compared | gv.Judged | gv.CorrectedAloud):
        return dataclasses.replace(event, part=Part.READ_BACK)
    return event
