"""What the tests of taking start from: the events of a statement, and a machine in each state."""

from __future__ import annotations

import pytest

from bridge.base.terms import Precedence
from bridge.relay import events as ev
from bridge.relay.commands import (
    Blocker,
    NotReadyError,
)
from bridge.relay.events import Answer, Event, HeaderField
from bridge.relay.message import Identity
from bridge.relay.precedence import Hop, Limit
from bridge.relay.returns import NOBODY, Outcome, Person, ReplyState, Return, Stage
from bridge.relay.serials import Serial, Serials
from bridge.relay.taking import Taking
from bridge.relay.taking_states import State
from tests.relay.relay_samples import LEG, MINUTE, NOON, READ_BACK, SAID, SLOTS, opened, road_to_confirmation

RECEIPT = Return(
    Serial("us", 1),
    1,
    "231210Z NOV 26",
    Stage.RECEIPT,
    Outcome.OPEN,
    Person("A. Rad"),
    NOBODY,
    ReplyState.NOT_STATED,
    "en",
)
CLOSING = Return(
    Serial("us", 1),
    2,
    "231215Z NOV 26",
    Stage.CLOSED,
    Outcome.REFUSED,
    Person("A. Rad"),
    NOBODY,
    ReplyState.REFUSED,
    "en",
)
NO = ev.Rejected(Answer.DIGIT, LEG, "2")
EVENTS: list[Event] = [
    opened(),
    ev.LegJoined("us-20261123T120500Z-0001/side-1"),
    ev.Heard(SAID, "two vessels", "moonshine"),
    ev.SpanMarked(SAID, "op-a"),
    ev.Played(SAID, "op-a"),
    ev.HeaderStated(HeaderField.NAME, "J. Smith", "op-a"),
    ev.PrecedenceStated(Precedence.IMMEDIATE, "op-a"),
    ev.IdentityChecked(Identity.CHALLENGED, "op-a"),
    ev.Edited("Two vessels.", "op-a"),
    ev.SlotsFound(1, SLOTS),
    ev.SlotHeard("number-1", "op-a"),
    ev.SlotTyped("number-1", "9 knots", "op-a"),
    ev.ReadBackStarted("op-a"),
    ev.ReadBackSaid(READ_BACK, "op-a"),
    ev.Confirmed(Answer.DIGIT, LEG, "1"),
    NO,
    ev.ReleaseGiven("op-b"),
    ev.NightModeDeclared("op-a", "one on watch"),
    ev.NewerFound(()),
    ev.NewerNoted("op-a"),
    ev.SealOrdered("op-a"),
    ev.SlipCarried("op-a"),
    ev.ReturnTaken(CLOSING, "op-a"),
    ev.OriginatorTold("op-a"),
    ev.Filed("op-a"),
    ev.Ended(Outcome.CANNOT_SAY, "", "op-a"),
    ev.DeadlinePassed(),
    ev.LimitsSet((Limit(Hop.GIVING, Precedence.FLASH, 4),)),
]
TO_SEAL = [*road_to_confirmation(), ev.SealOrdered("op-a")]
ROADS: dict[State, list[Event]] = {
    State.NEW: [],
    State.HEARING: TO_SEAL[:1],
    State.DRAFTING: TO_SEAL[:8],
    State.READING: TO_SEAL[:9],
    State.AWAITING: TO_SEAL[:10],
    State.CONFIRMED: TO_SEAL[:11],
    State.SEALED: TO_SEAL,
    State.CARRIED: [*TO_SEAL, ev.SlipCarried("op-a")],
    State.RETURNED: [*TO_SEAL, ev.SlipCarried("op-a"), ev.ReturnTaken(CLOSING, "op-a"), ev.OriginatorTold("op-a")],
    State.CLOSED: [opened(), ev.Ended(Outcome.WITHDRAWN, "", "op-a")],
}
LATE = NOON + 1000 * MINUTE


def taking(*events: Event, serials: Serials | None = None) -> Taking:
    made = Taking(serials or Serials())
    for event in events:
        made.handle(event, NOON)
    return made


def taking_in(state: State) -> Taking:
    made = taking(*ROADS[state])
    assert made.state is state
    return made


def blockers(made: Taking, event: Event) -> tuple[Blocker, ...]:
    before = made.state, made.wake_at, made.drafts
    with pytest.raises(NotReadyError) as caught:
        made.handle(event, NOON)
    assert (made.state, made.wake_at, made.drafts) == before
    return caught.value.blockers
