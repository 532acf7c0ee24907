"""Taking, pair by pair and rule by rule; time is an argument."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from bridge.base.errors import MoveError
from bridge.base.terms import Precedence
from bridge.relay import events as ev
from bridge.relay.commands import (
    AnnounceNightMode,
    Blocker,
    KeepMessage,
    PrintSlip,
    RaiseOverdue,
    SayReadBack,
    SendTracer,
    ShowDifference,
    TellOriginator,
)
from bridge.relay.events import Answer, Event, HeaderField, Slot
from bridge.relay.message import Identity, Kind
from bridge.relay.precedence import Hop, Limit
from bridge.relay.returns import NOBODY, Outcome, ReplyState, Return, Stage
from bridge.relay.sealed_text import EXERCISE_MARKS, NOT_STATED
from bridge.relay.serials import Serial, Serials
from bridge.relay.slip_check import read
from bridge.relay.spans import Span
from bridge.relay.taking import SLOT_LIMIT, Notice, Taking
from bridge.relay.taking_states import MOVES, State
from tests.relay.relay_samples import LEG, MINUTE, NOON, READ_BACK, SAID, SLOTS, TEXTS, opened, road_to_confirmation
from tests.relay.taking_samples import CLOSING, EVENTS, LATE, NO, RECEIPT, TO_SEAL, blockers, taking, taking_in

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("state", "event"), list(itertools.product(State, EVENTS)), ids=lambda x: getattr(x, "name", type(x).__name__)
)
def test_every_pair(state: State, event: Event) -> None:
    """Each state takes the events of its row and refuses all others unchanged."""
    made = taking_in(state)
    if type(event) in MOVES[state]:
        made.handle(event, LATE)
        assert made.state is MOVES[state][type(event)]
    else:
        with pytest.raises(MoveError, match=state.name):
            made.handle(event, LATE)
        assert made.state is state


def test_every_event_is_tried() -> None:
    """The table names no event that the pairs above do not try."""
    assert {kind for row in MOVES.values() for kind in row} == {type(event) for event in EVENTS}


@pytest.mark.parametrize("state", State)
def test_something_is_always_waited_for(state: State) -> None:
    """Before its end a message has a deadline in every state; after it, none."""
    assert (taking_in(state).wake_at is None) is (state in (State.NEW, State.CLOSED))


def test_the_whole_way() -> None:
    """From the first word to the originator who has been told."""
    made = taking(*road_to_confirmation())
    kept, slip = made.handle(ev.SealOrdered("op-a"), NOON)
    assert isinstance(kept, KeepMessage) and isinstance(slip, PrintSlip)
    assert kept.message.text == TEXTS["en"]
    assert kept.sha256 == kept.message.digest().hex()
    assert kept.message.dtg == "231200Z NOV 26"
    assert (kept.message.serial, slip.serial) == (Serial("us", 1), Serial("us", 1))
    assert read(slip.text).sheet == kept.message
    made.handle(ev.SlipCarried("op-a"), NOON)
    assert made.handle(ev.ReturnTaken(RECEIPT, "op-a"), NOON) == [TellOriginator(RECEIPT)]
    made.handle(ev.OriginatorTold("op-a"), NOON)
    assert blockers(made, ev.Filed("op-a")) == (Blocker.NOT_RETURNED,)
    made.handle(ev.ReturnTaken(CLOSING, "op-a"), NOON)
    assert blockers(made, ev.Filed("op-a")) == (Blocker.NOT_RETURNED,)
    made.handle(ev.OriginatorTold("op-a"), NOON)
    made.handle(ev.Filed("op-a"), NOON)
    assert (made.outcome, made.returns) == (Outcome.REFUSED, (RECEIPT, CLOSING))


def test_the_header_says_what_was_stated_and_no_more() -> None:
    """Fields nobody gave say NOT STATED; given ones stand there in sealable form."""
    stated = [
        ev.HeaderStated(HeaderField.NAME, "J.  Smith", "op-a"),
        ev.HeaderStated(HeaderField.RANK, "OF-6", "op-a"),
        ev.HeaderStated(HeaderField.TIER, "2", "op-a"),
        ev.IdentityChecked(Identity.BOTH, "op-a"),
    ]
    road = road_to_confirmation()
    made = taking(road[0], *stated, *road[1:], ev.SealOrdered("op-a"))
    assert made.message is not None
    who = made.message.originator
    assert (who.name, who.role, who.authority, who.rank, who.tier) == ("J. Smith", NOT_STATED, NOT_STATED, "OF-6", "2")
    assert (made.message.addressee, made.message.identity) == (NOT_STATED, Identity.BOTH)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (HeaderField.NAME, "Ж"),
        (HeaderField.NAME, ""),
        (HeaderField.ROLE, "x" * 81),
        (HeaderField.RANK, "Colonel"),
        (HeaderField.TIER, "0"),
        (HeaderField.CODED, "12"),
        (HeaderField.REPLY, "a|b"),
    ],
)
def test_a_value_that_cannot_be_sealed_is_refused_when_stated(field: HeaderField, value: str) -> None:
    """Not at the seal, when the originator has gone."""
    assert blockers(taking(opened()), ev.HeaderStated(field, value, "op-a")) == (Blocker.STATED,)


@pytest.mark.parametrize(
    ("kind", "cites"), [(Kind.CORRECTION, Serial("us", 1, True)), (Kind.REPLY, Serial("ir", 1, True))]
)
def test_a_message_that_cites_another_states_its_header(kind: Kind, cites: Serial) -> None:
    """In an exercise, too, and whether it cites a message of its own side or of the other."""
    start = ev.Opened("us", "ir", "en", kind, cites, Precedence.FLASH, True, LEG)
    serials = Serials()
    serials.take("us", True)
    made = taking(start, ev.HeaderStated(HeaderField.ROLE, "Watch officer", "op-a"), serials=serials)
    assert made.header == {HeaderField.ROLE: "Watch officer"}


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_an_exercise_is_marked(language: str) -> None:
    """In the text read back, in the text sealed and in the serial."""
    start = ev.Opened("us", "ir", language, Kind.STATEMENT, None, Precedence.ROUTINE, True, LEG)
    edited = ev.Edited(TEXTS[language], "op-a")
    made = taking(start, ev.SpanMarked(SAID, "a"), ev.Played(SAID, "a"), edited, ev.SlotsFound(1, ()))
    (said,) = made.handle(ev.ReadBackStarted("a"), NOON)
    assert isinstance(said, SayReadBack) and said.text.startswith(EXERCISE_MARKS[language])
    for event in (ev.ReadBackSaid(READ_BACK, "a"), ev.Confirmed(Answer.DIGIT, LEG, "1"), ev.SealOrdered("a")):
        made.handle(event, NOON)
    assert made.message is not None
    assert (made.message.text, str(made.message.serial)) == (said.text, "EXERCISE-US-0001")


def test_machine_text_stays_beside_the_human_text() -> None:
    """What the recogniser returned is kept as it came, whatever a person writes, and each text has its author."""
    heard = ev.Heard(SAID, "to vessels", "moonshine")
    made = taking(opened(), heard, ev.Edited("Two vessels", "op-a"), ev.Edited("Two vessels.", "op-b"))
    assert made.heard == (heard,)
    assert [(draft.version, draft.text, draft.by) for draft in made.drafts] == [
        (1, "Two vessels", "op-a"),
        (2, "Two vessels.", "op-b"),
    ]


def test_what_the_seal_needs() -> None:
    """Everything that is missing is named at once."""
    late = Span(LEG, 96000, 96001)
    made = taking(
        *road_to_confirmation(Precedence.FLASH), ev.SpanMarked(late, "op-a"), ev.NewerFound((Serial("ir", 4),))
    )
    assert made.coverage_permille == 999
    assert blockers(made, ev.SealOrdered("op-a")) == (Blocker.NOT_HEARD, Blocker.TWO_PERSONS, Blocker.NEWER)
    assert Notice.NEWER in made.notices()
    for event in (ev.Played(late, "op-a"), ev.ReleaseGiven("op-b"), ev.NewerNoted("op-a"), ev.SealOrdered("op-a")):
        made.handle(event, NOON)
    assert made.state is State.SEALED


def test_no_span_marked() -> None:
    """Without marked audio there is nothing that was heard."""
    road = [event for event in road_to_confirmation() if not isinstance(event, ev.SpanMarked)]
    assert blockers(taking(*road), ev.SealOrdered("op-a")) == (Blocker.NO_SPAN,)


def test_an_open_slot_stops_the_seal() -> None:
    """An item neither heard nor typed, or typed otherwise, is open; typed alike in other digits it is not."""
    road = [event for event in road_to_confirmation() if event != ev.SlotHeard("number-1", "op-a")]
    made = taking(*road)
    assert blockers(made, ev.SealOrdered("op-a")) == (Blocker.SLOT_OPEN,)
    typed = made.handle(ev.SlotTyped("number-1", "19 knots", "op-a"), NOON)
    assert typed == [ShowDifference("number-1", "9 knots", "19 knots")]
    made.handle(ev.SlotHeard("of-another-draft", "op-a"), NOON)
    assert blockers(made, ev.SealOrdered("op-a")) == (Blocker.SLOT_OPEN,)
    made.handle(ev.SlotTyped("number-1", "۹ Knots", "op-a"), NOON)
    made.handle(ev.SealOrdered("op-a"), NOON)


def test_a_new_draft_opens_changed_slots_only() -> None:
    """An item that stands as before need not be heard again; a changed one, or one under an old name, must."""
    made = taking(*road_to_confirmation()[:8], ev.Edited("other", "op-a"))
    assert blockers(made, ev.ReadBackStarted("op-a")) == (Blocker.SLOTS_UNKNOWN,)
    assert blockers(made, ev.SlotsFound(1, SLOTS)) == (Blocker.SLOTS_UNKNOWN,)
    made.handle(ev.SlotsFound(2, (Slot("number-1", "number", "19 knots"), SLOTS[1])), NOON)
    assert made.checked == {"time-1"}


def test_an_edit_takes_the_confirmation_back() -> None:
    """What was confirmed is what was read back; a new text needs a new read-back and a new release."""
    made = taking(*road_to_confirmation(), ev.ReleaseGiven("op-b"), ev.Edited("Other.", "op-a"))
    assert (made.state, made.confirmed, made.released_by) == (State.DRAFTING, None, "")


@pytest.mark.parametrize(
    "answer",
    [
        ev.Confirmed(Answer.DIGIT, LEG, "2"),
        ev.Confirmed(Answer.DIGIT, LEG, ""),
        ev.Confirmed(Answer.DIGIT, READ_BACK.leg, "1"),
        ev.Confirmed(Answer.SPOKEN, LEG, "", None, "op-a"),
        ev.Confirmed(Answer.SPOKEN, LEG, "", SAID, ""),
        ev.Confirmed(Answer.SPOKEN, LEG, "", READ_BACK, "op-a"),
        ev.Rejected(Answer.DIGIT, LEG, "1"),
    ],
)
def test_only_the_originator_answers(answer: Event) -> None:
    """Another leg, another key, or a yes without his audio and an operator's name is no answer."""
    assert blockers(taking_in(State.AWAITING), answer) == (Blocker.NOT_THE_ORIGINATOR,)


def test_answers() -> None:
    """Spoken with audio, or by key from the leg on which he came back."""
    made = taking_in(State.AWAITING)
    made.handle(ev.Rejected(Answer.SPOKEN, LEG, "", SAID, "op-a"), NOON)
    assert (made.state, made.confirmed) == (State.DRAFTING, None)
    for event in (ev.LegJoined("again/side-1"), ev.ReadBackStarted("op-a"), ev.ReadBackSaid(READ_BACK, "op-a")):
        made.handle(event, NOON)
    made.handle(ev.Confirmed(Answer.DIGIT, "again/side-1", "1"), NOON)
    assert made.state is State.CONFIRMED


def test_keys() -> None:
    """1 accepts, 2 refuses; any other key is no answer."""
    assert ev.pressed(LEG, "1") == ev.Confirmed(Answer.DIGIT, LEG, "1")
    assert ev.pressed(LEG, "2") == NO
    assert [ev.pressed(LEG, key) for key in "03456789*#"] == [None] * 10


@pytest.mark.parametrize(
    "event", [event for event in EVENTS if isinstance(event, ev.Act)], ids=lambda e: type(e).__name__
)
def test_every_act_names_who_did_it(event: ev.Act) -> None:
    """Nothing that a person does is without a name."""
    with pytest.raises(ev.UnsignedError):
        dataclasses.replace(event, by="")  # type: ignore[call-arg]


def test_two_persons_release_a_flash() -> None:
    """The second person is another one; night mode is declared and announced."""
    made = taking(*road_to_confirmation(Precedence.FLASH), ev.ReleaseGiven("op-a"))
    assert blockers(made, ev.SealOrdered("op-a")) == (Blocker.TWO_PERSONS,)
    assert made.handle(ev.NightModeDeclared("op-a", "one on watch"), NOON) == [AnnounceNightMode(LEG)]
    made.handle(ev.SealOrdered("op-a"), NOON)


def test_limits_warn() -> None:
    """Too long for FLASH and more items than four: said, and sealed all the same."""
    slots = tuple(Slot(f"s{n}", "number", str(n)) for n in range(SLOT_LIMIT + 1))
    road = road_to_confirmation(Precedence.IMMEDIATE)
    road[4] = ev.Edited("word " * 201, "op-a")
    road[5] = ev.SlotsFound(1, slots)
    road[6:8] = [ev.SlotHeard(slot.id, "op-a") for slot in slots]
    made = taking(*road)
    assert made.notices() == (Notice.TOO_LONG, Notice.SPLIT)
    made.handle(ev.SealOrdered("op-a"), NOON)
    assert taking(*road_to_confirmation(Precedence.IMMEDIATE)).notices() == ()


@pytest.mark.parametrize("text", ["", "   ", "Ж", "a | b", "x" * 57, "word " * 2000])
def test_a_text_that_cannot_be_sealed_is_not_read_back(text: str) -> None:
    """Said before the read-back, with the reason."""
    made = taking(opened(), ev.Edited(text, "op-a"), ev.SlotsFound(1, ()))
    assert blockers(made, ev.ReadBackStarted("op-a")) == (Blocker.TEXT,)


def test_nothing_drafted() -> None:
    """Without a draft there is no text and everything is missing."""
    made = taking(opened())
    assert made.text == "" == Taking(Serials()).text
    assert Blocker.NO_DRAFT in [blocker for blocker, _ in made.missing()]


@pytest.mark.parametrize(
    "event",
    [
        ev.Opened("us", "ir", "en", Kind.REPLY, None, Precedence.FLASH, False, LEG),
        ev.Opened("us", "ir", "en", Kind.STATEMENT, Serial("ir", 1), Precedence.FLASH, False, LEG),
        ev.Opened("us", "ir", "en", Kind.REPLY, Serial("ir", 1, True), Precedence.FLASH, False, LEG),
        ev.Opened("us", "us", "en", Kind.STATEMENT, None, Precedence.FLASH, False, LEG),
        ev.Opened("us", "ir", "en", Kind.STATEMENT, None, Precedence.FLASH, False, ""),
    ],
)
def test_what_cannot_be_opened(event: Event) -> None:
    """A reply without what it answers, a drill that cites the live record, a message to oneself."""
    assert blockers(Taking(Serials()), event) == (Blocker.STATED,)


def test_a_correction_is_a_message_of_its_own() -> None:
    """It cites the old one, which stays as it was."""
    serials = Serials()
    first = taking(*TO_SEAL, serials=serials).message
    start = ev.Opened("us", "ir", "en", Kind.CORRECTION, Serial("us", 1), Precedence.PRIORITY, False, LEG)
    second = taking(start, *TO_SEAL[1:], serials=serials).message
    assert first is not None and second is not None
    assert (second.serial, second.cites, first.serial) == (Serial("us", 2), first.serial, Serial("us", 1))


@pytest.mark.parametrize(
    ("state", "outcome", "allowed"),
    [
        (State.DRAFTING, Outcome.HUNG_UP, True),
        (State.DRAFTING, Outcome.ACKNOWLEDGED, False),
        (State.CARRIED, Outcome.WITHDRAWN, False),
        (State.CARRIED, Outcome.EXPIRED, True),
    ],
)
def test_outcomes(state: State, outcome: Outcome, allowed: bool) -> None:
    """A sealed message cannot be withdrawn, and nothing is acknowledged by ending it."""
    made = taking_in(state)
    if allowed:
        made.handle(ev.Ended(outcome, "", "op-a"), NOON)
        assert (made.state, made.outcome) == (State.CLOSED, outcome)
    else:
        assert blockers(made, ev.Ended(outcome, "", "op-a")) == (Blocker.OUTCOME,)


def test_a_return_of_another_message() -> None:
    """A return slip that cites another serial does not belong here."""
    other = Return(Serial("us", 2), 1, CLOSING.dtg, Stage.RECEIPT, Outcome.OPEN, NOBODY, NOBODY, ReplyState.OWED, "en")
    assert blockers(taking_in(State.CARRIED), ev.ReturnTaken(other, "op-a")) == (Blocker.NOT_RETURNED,)


def test_a_newer_message_is_noted_before_the_slip_goes() -> None:
    """A message of the other side that came after the seal is seen before ours leaves."""
    made = taking(*TO_SEAL, ev.NewerFound((Serial("ir", 9),)))
    assert blockers(made, ev.SlipCarried("op-a")) == (Blocker.NEWER,)
    made.handle(ev.NewerNoted("op-a"), NOON)
    made.handle(ev.SlipCarried("op-a"), NOON)


def test_deadlines() -> None:
    """Ten minutes at FLASH per hop, then again every five until something is done; needless calls do nothing."""
    made = taking(opened(Precedence.FLASH))
    assert made.wake(NOON + 10 * MINUTE - 1) == []
    assert blockers(made, ev.DeadlinePassed()) == (Blocker.NOT_DUE,)
    assert made.wake(NOON + 10 * MINUTE) == [RaiseOverdue(Hop.TAKING, 10)]
    assert made.wake(NOON + 10 * MINUTE) == []
    assert made.wake(NOON + 15 * MINUTE) == [RaiseOverdue(Hop.TAKING, 15)]
    made.handle(ev.PrecedenceStated(Precedence.ROUTINE, "op-a"), NOON + 16 * MINUTE)
    assert made.wake_at == NOON + 360 * MINUTE


def test_deadlines_of_the_dialplan() -> None:
    """A step takes what the dialplan gives it, from its beginning; other steps and precedences take the usual time."""
    made = taking(opened(Precedence.FLASH))
    made.handle(ev.LimitsSet((Limit(Hop.TAKING, Precedence.FLASH, 4),)), NOON + MINUTE)
    assert made.wake(NOON + 4 * MINUTE) == [RaiseOverdue(Hop.TAKING, 4)]
    assert made.wake_at == NOON + 6 * MINUTE
    made.handle(ev.PrecedenceStated(Precedence.ROUTINE, "op-a"), NOON + 5 * MINUTE)
    assert made.wake_at == NOON + 360 * MINUTE
    made.handle(ev.LimitsSet((Limit(Hop.TAKING, Precedence.ROUTINE, 1),)), NOON + 6 * MINUTE)
    assert made.wake_at == NOON + 6 * MINUTE + 1


def test_a_message_without_an_answer_is_traced() -> None:
    """A carried message of which nothing is heard gets numbered tracers."""
    made = taking_in(State.CARRIED)
    for number, minutes in ((1, 180), (2, 270)):
        overdue, sent = made.wake(NOON + minutes * MINUTE)
        assert overdue == RaiseOverdue(Hop.RETURNING, minutes)
        assert isinstance(sent, SendTracer) and read(sent.text).sheet == sent.tracer
        assert (sent.tracer.cites, sent.tracer.number) == (Serial("us", 1), number)


def test_the_hop_follows_the_state() -> None:
    """After a receipt the next return is waited for; after the closing one only the telling."""
    made = taking_in(State.CARRIED)
    made.handle(ev.ReturnTaken(RECEIPT, "op-a"), NOON)
    assert made.wake(NOON + 180 * MINUTE) == [RaiseOverdue(Hop.TELLING, 180)]
    made.handle(ev.OriginatorTold("op-a"), NOON + 181 * MINUTE)
    assert made.wake(NOON + 361 * MINUTE)[0] == RaiseOverdue(Hop.RETURNING, 180)
