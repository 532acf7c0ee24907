"""Giving, pair by pair and rule by rule; time is an argument."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from bridge.base.errors import MoveError
from bridge.base.terms import Outcome as CallOutcome
from bridge.base.terms import Precedence
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.commands import (
    AskForPrincipal,
    Blocker,
    CallTier,
    Command,
    CorrectAloud,
    ListenAgain,
    PrintReturn,
    RaiseOverdue,
    SayMessage,
    ShowParity,
)
from bridge.relay.events import Event
from bridge.relay.fidelity import Verdict
from bridge.relay.giving import RETRY_PART, Giving
from bridge.relay.giving_events import Match, Part
from bridge.relay.giving_states import MOVES, State
from bridge.relay.message import Message, Originator
from bridge.relay.precedence import Hop, Limit
from bridge.relay.ranks import Judgement
from bridge.relay.returns import NOBODY, Outcome, Person, ReplyState, Stage
from bridge.relay.said import Said
from bridge.relay.sealed_text import NOT_STATED
from bridge.relay.serials import Serial
from bridge.relay.slip_check import read
from tests.relay.giving_samples import (
    EVENTS,
    FAR,
    LADDER,
    LATE,
    OFFICER,
    ROADS,
    SEALED,
    SPAN,
    WAY,
    blockers,
    compared,
    fitting,
    giving,
    giving_in,
)
from tests.relay.relay_samples import MINUTE, NOON, SLOTS

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("state", "event"), list(itertools.product(State, EVENTS)), ids=lambda x: getattr(x, "name", type(x).__name__)
)
def test_every_pair(state: State, event: Event) -> None:
    """Each state takes the events of its row and refuses all others unchanged."""
    made, event = giving_in(state), fitting(state, event)
    if isinstance(event, gv.Judged) and state is State.READING_BACK:
        made.handle(compared(Part.READ_BACK, Match.CHECK), NOON)
    if type(event) in MOVES[state]:
        made.handle(event, LATE)
        assert made.state is MOVES[state][type(event)]
    else:
        with pytest.raises(MoveError, match=state.name):
            made.handle(event, LATE)
        assert made.state is state


def test_the_verdicts_are_the_comparisons() -> None:
    """The machine knows the verdicts of the comparison by the same words, all of them."""
    assert [match.value for match in Match] == [verdict.value for verdict in Verdict]


def test_every_event_is_tried() -> None:
    """The table names no event that the pairs above do not try."""
    assert {kind for row in MOVES.values() for kind in row} == {type(event) for event in EVENTS}


@pytest.mark.parametrize("state", State)
def test_something_is_always_waited_for(state: State) -> None:
    """Before its end a message has a deadline in every state; after it, none."""
    assert (giving_in(state).wake_at is None) is (state in (State.NEW, State.CLOSED))


def test_the_whole_way() -> None:
    """From the slip to the reply, with what is asked for at each step and what goes back."""
    made = Giving()
    done: list[Command] = [command for event in WAY for command in made.handle(event, NOON)]
    prints = [command for command in done if isinstance(command, PrintReturn)]
    assert [command for command in done if not isinstance(command, PrintReturn | ShowParity)] == [
        CallTier(1, ("watch", "deputy"), Precedence.FLASH),
        AskForPrincipal(NOT_STATED, 1),
        SayMessage(SEALED),
        ListenAgain(1),
    ]
    assert [(slip.slip.number, slip.slip.stage, slip.slip.outcome) for slip in prints] == [
        (1, Stage.RECEIPT, Outcome.OPEN),
        (2, Stage.RECEIPT, Outcome.OPEN),
        (3, Stage.ACKNOWLEDGEMENT, Outcome.OPEN),
        (4, Stage.CLOSED, Outcome.ACKNOWLEDGED),
    ]
    assert [slip.slip.reply for slip in prints] == [
        ReplyState.NOT_STATED,
        ReplyState.OWED,
        ReplyState.OWED,
        ReplyState.GIVEN,
    ]
    assert all(read(slip.text).sheet == slip.slip for slip in prints)
    last = prints[-1].slip
    assert (last.heard_by, last.acknowledged_by, last.reply) == (
        OFFICER,
        Person("B. Karimi", "Operations"),
        ReplyState.GIVEN,
    )
    assert prints[0].slip.acknowledged_by == NOBODY
    assert made.reply_serial == Serial("ir", 1)


def of(tier: str, rank: str = "OF-5", precedence: Precedence = Precedence.FLASH) -> Message:
    return dataclasses.replace(SEALED, originator=Originator(rank=rank, tier=tier), precedence=precedence)


@pytest.mark.parametrize(("stated", "asked"), [("1", 1), ("2", 2), ("3", 2), (NOT_STATED, 1)])
def test_the_tier_is_the_originators(stated: str, asked: int) -> None:
    """His own tier, the nearest above that somebody holds, the top, or the watch if he stated none."""
    (call,) = Giving().handle(gv.SlipAccepted(of(stated), LADDER, "op-b"), NOON)
    assert isinstance(call, CallTier) and call.tier == asked


@pytest.mark.parametrize(
    ("contact", "judgement"), [("watch", Judgement.FINE), ("deputy", Judgement.NOTE), ("director", Judgement.WARN)]
)
def test_parity_is_shown_and_stops_nothing(contact: str, judgement: Judgement) -> None:
    """Also a FLASH to another tier goes through; a stranger on the line is not judged."""
    made = giving(*WAY[:2])
    shown = made.handle(gv.CallAnswered(contact, FAR), NOON)[1]
    assert isinstance(shown, ShowParity) and shown.parity.judgement is judgement
    for event in WAY[3:15]:
        made.handle(event, NOON)
    assert made.state is State.RECEIPTED
    assert made.handle(gv.PersonNamed(OFFICER, "", "op-b"), NOON) == []


def test_another_tier_by_choice() -> None:
    """An operator may ask for another tier, if somebody holds it; during a talk nobody is rung."""
    made = giving_in(State.READY)
    assert made.handle(gv.TierChosen(2, "op-b"), NOON) == [CallTier(2, ("director",), Precedence.FLASH)]
    assert blockers(made, gv.TierChosen(7, "op-b")) == (Blocker.STATED,)
    assert giving_in(State.ANSWERED).handle(gv.TierChosen(2, "op-b"), NOON) == []


def test_the_ladder_climbs_rests_and_begins_again() -> None:
    """Nobody of a tier: the next at once. Nobody at all: a tenth of the hop's limit later, from the first again."""
    made = giving_in(State.CALLING)
    assert made.handle(gv.LadderEnded(), NOON) == [CallTier(2, ("director",), Precedence.FLASH)]
    made.handle(gv.CallStarted(2), NOON)
    assert made.handle(gv.LadderEnded(), NOON) == []
    rest = 10 * MINUTE // RETRY_PART
    assert (made.wake_at, made.wake(NOON + rest - 1)) == (NOON + rest, [])
    assert made.wake(NOON + rest) == [CallTier(1, ("watch", "deputy"), Precedence.FLASH)]
    assert made.wake(NOON + rest) == []


def test_deadlines_of_the_dialplan() -> None:
    """The receipt is due, and the ladder rests, as the dialplan says; what it does not name takes the usual time."""
    made = giving_in(State.CALLING)
    limits = Limit(Hop.GIVING, Precedence.FLASH, 20), Limit(Hop.ACKNOWLEDGING, Precedence.ROUTINE, 1)
    made.handle(ev.LimitsSet(limits), NOON)
    assert made.wake_at == NOON + 20 * MINUTE
    made.handle(gv.CallStarted(2), NOON)
    made.handle(gv.LadderEnded(), NOON)
    assert made.wake_at == NOON + 20 * MINUTE // RETRY_PART
    later = giving_in(State.RECEIPTED)
    later.handle(ev.LimitsSet(limits), NOON)
    assert later.wake_at == NOON + 10 * MINUTE


def test_deadlines_climb() -> None:
    """Ten minutes without a receipt: alarm and the next tier; then every five again."""
    made = giving_in(State.READY)
    assert blockers(made, ev.DeadlinePassed()) == (Blocker.NOT_DUE,)
    assert made.wake(NOON + 10 * MINUTE) == [
        RaiseOverdue(Hop.GIVING, 10),
        CallTier(2, ("director",), Precedence.FLASH),
    ]
    assert made.wake(NOON + 15 * MINUTE)[0] == RaiseOverdue(Hop.GIVING, 15)


@pytest.mark.parametrize("state", [State.CALLING, State.ANSWERED, State.RELAYING, State.READING_BACK])
def test_no_climb_into_a_live_talk(state: State) -> None:
    """While telephones ring or somebody is on the line the alarm comes alone."""
    assert giving_in(state).wake(NOON + 10 * MINUTE) == [RaiseOverdue(Hop.GIVING, 10)]


def test_the_acknowledgement_has_its_own_deadline() -> None:
    """After the receipt the clock starts anew; without the line the next tier is called for the acknowledgement."""
    made = giving(*ROADS[State.RECEIPTED])
    made.handle(gv.CallEnded(CallOutcome.ANSWERED), NOON + 5 * MINUTE)
    assert made.wake(NOON + 10 * MINUTE)[0] == RaiseOverdue(Hop.ACKNOWLEDGING, 10)
    made.handle(gv.CallStarted(2), NOON + 11 * MINUTE)
    made.handle(gv.CallAnswered("director", FAR), NOON + 12 * MINUTE)
    made.handle(gv.Acknowledged(OFFICER, "", True, "op-b"), NOON + 13 * MINUTE)
    assert made.wake(NOON + 23 * MINUTE) == [RaiseOverdue(Hop.REPLYING, 10)]


def test_a_lost_line_means_to_say_it_again() -> None:
    """What was compared on a lost line counts no longer, and the same tier is called at once."""
    made = giving_in(State.READING_BACK)
    made.handle(gv.CallEnded(CallOutcome.TECHNICAL), NOON)
    assert (made.state, made.said, made.leg, made.person) == (State.READY, Said(), "", NOBODY)
    assert made.wake(NOON + 1) == [CallTier(1, ("watch", "deputy"), Precedence.FLASH)]
    made.handle(gv.CallAnswered("", FAR), NOON)
    assert blockers(made, gv.RelayStarted("op-b")) == (Blocker.NOBODY_NAMED,)


@pytest.mark.parametrize(
    "comparison",
    [
        compared(Part.RELAY, Match.ALTERED),
        compared(Part.RELAY, Match.CHECK),
        compared(Part.RELAY, Match.VERBATIM, is_complete=False),
    ],
)
def test_not_said_as_sealed(comparison: gv.Compared) -> None:
    """An alteration, a doubt or a missing end keeps the relay open."""
    made = giving(*WAY[:7])
    assert blockers(made, gv.RelayFinished("op-b")) == (Blocker.NOT_COMPARED,)
    made.handle(comparison, NOON)
    assert blockers(made, gv.RelayFinished("op-b")) == (Blocker.NOT_COMPARED,)


def test_an_alteration_is_corrected_aloud_and_compared_again() -> None:
    """No ear overrules an alteration; a correction alone does not close it, the next comparison does."""
    made = giving(*WAY[:7])
    assert made.handle(compared(Part.RELAY, Match.ALTERED), NOON) == [CorrectAloud(1)]
    assert blockers(made, gv.Judged(Part.RELAY, SPAN, "op-b")) == (Blocker.NOT_COMPARED,)
    made.handle(gv.CorrectedAloud(Part.RELAY, "speed", "op-b"), NOON)
    assert blockers(made, gv.RelayFinished("op-b")) == (Blocker.NOT_COMPARED,)
    made.handle(compared(Part.RELAY, Match.VERBATIM), NOON)
    made.handle(gv.RelayFinished("op-b"), NOON)


def test_a_correction_keeps_the_other_ticks() -> None:
    """An item corrected aloud in the read-back is compared again; what was ticked stays ticked."""
    made = giving_in(State.READING_BACK)
    made.handle(gv.CorrectedAloud(Part.READ_BACK, "time", "op-b"), NOON)
    assert (made.said.comparison(Part.READ_BACK), made.said.ticked) == (None, frozenset({SLOTS[0].id}))


def test_saying_it_again_forgets_both_comparisons() -> None:
    """SAY AGAIN: the relay and the read-back begin anew."""
    made = giving_in(State.READING_BACK)
    made.handle(gv.RelayStarted("op-b"), NOON)
    assert made.said == Said()


def test_no_receipt_without_a_compared_read_back() -> None:
    """ROGER alone is nothing: the read-back is compared and each critical item ticked, in every read-back anew."""
    made = giving(*WAY[:11])
    assert blockers(made, WAY[14]) == (Blocker.NOT_COMPARED, Blocker.SLOTS_UNKNOWN)
    made.handle(compared(Part.READ_BACK), NOON)
    made.handle(ev.SlotsFound(1, SLOTS), NOON)
    made.handle(ev.SlotHeard(SLOTS[0].id, "op-b"), NOON)
    assert blockers(made, WAY[14]) == (Blocker.SLOT_OPEN,)
    made.handle(gv.ReadBackBegun("op-b"), NOON)
    assert blockers(made, WAY[14]) == (Blocker.NOT_COMPARED, Blocker.SLOT_OPEN, Blocker.SLOT_OPEN)
    for event in (compared(Part.READ_BACK), *(ev.SlotHeard(slot.id, "op-b") for slot in SLOTS), WAY[14]):
        made.handle(event, NOON)


@pytest.mark.parametrize(
    "comparison",
    [compared(Part.RELAY, sha256="0" * 64), compared(Part.READ_BACK)],
)
def test_a_comparison_of_something_else(comparison: gv.Compared) -> None:
    """With another text, or of the other part, it is none."""
    assert blockers(giving_in(State.RELAYING), comparison) == (Blocker.NOT_COMPARED,)


@pytest.mark.parametrize(
    ("person", "is_authorised"), [(Person(), True), (Person(role="Watch"), True), (OFFICER, False)]
)
def test_only_a_named_authorised_officer_acknowledges(person: Person, is_authorised: bool) -> None:
    """WILCO of a nameless or unauthorised officer is none."""
    made = giving_in(State.RECEIPTED)
    assert blockers(made, gv.Acknowledged(person, "", is_authorised, "op-b")) == (Blocker.NOT_AUTHORISED,)


@pytest.mark.parametrize(
    "event",
    [
        gv.PersonNamed(Person("Ж"), "", "op-b"),
        gv.ReceiptGiven(Person("A", "x" * 81), "op-b"),
        ev.Ended(Outcome.REFUSED, "a|b", "op-b"),
    ],
)
def test_names_that_cannot_be_printed(event: Event) -> None:
    """Said when they are entered, not when the return slip is due."""
    assert blockers(giving_in(State.READING_BACK), event) == (Blocker.STATED,)


@pytest.mark.parametrize("event", [gv.CorrectedAloud(Part.RELAY, "speed", "op-b"), gv.Judged(Part.RELAY, SPAN, "op-b")])
def test_what_was_said_before_the_read_back_stands(event: Event) -> None:
    """During the read-back the relay is neither corrected nor judged any more; SAY AGAIN begins it anew."""
    assert blockers(giving_in(State.READING_BACK), event) == (Blocker.NOT_COMPARED,)


def test_an_acknowledgement_with_an_unprintable_name() -> None:
    """The officer is named in letters that the slip can carry."""
    event = gv.Acknowledged(Person("Ж"), "", True, "op-b")
    assert blockers(giving_in(State.RECEIPTED), event) == (Blocker.STATED,)


def test_an_empty_ladder() -> None:
    """A message for a side without contacts is refused at once."""
    assert blockers(Giving(), gv.SlipAccepted(SEALED, (), "op-b")) == (Blocker.STATED,)
