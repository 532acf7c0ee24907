"""How giving ends, what becomes of the answer, and what goes back."""

from __future__ import annotations

import dataclasses

import pytest

from bridge.base.terms import Outcome as CallOutcome
from bridge.base.terms import Precedence
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.commands import (
    AnnounceNightMode,
    Blocker,
    PrintReturn,
)
from bridge.relay.giving_states import ENDS, State
from bridge.relay.returns import NOBODY, NUMBER_LIMIT, Outcome, ReplyState, Stage
from bridge.relay.sealed_text import NOT_STATED
from bridge.relay.serials import Serial
from tests.relay.giving_samples import (
    FAR,
    LADDER,
    OFFICER,
    ROADS,
    SEALED,
    TRACER,
    WAY,
    blockers,
    giving,
    giving_in,
)
from tests.relay.relay_samples import NOON

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("state", "outcome"),
    [(state, outcome) for state in ENDS for outcome in Outcome],
    ids=lambda value: str(value.name),
)
def test_outcomes(state: State, outcome: Outcome) -> None:
    """Each state has its outcomes; the return slip names them with the reason."""
    made = giving_in(state)
    ended = ev.Ended(outcome, "As  he said.", "op-b")
    said = outcome is Outcome.RECEIVE_ONLY and state in (State.SAID, State.READING_BACK)
    called = outcome is not Outcome.NO_ANSWER or state is State.CALLING
    if (outcome in ENDS[state] or said) and called:
        (command,) = made.handle(ended, NOON)
        assert isinstance(command, PrintReturn)
        assert (command.slip.outcome, command.slip.stage, command.slip.text) == (outcome, Stage.CLOSED, "As he said.")
        assert command.slip.heard_by == (OFFICER if said or state is State.RECEIPTED else NOBODY)
        assert made.outcome is outcome
    else:
        assert blockers(made, ended) == (Blocker.OUTCOME,)


def test_receive_only_after_the_line_was_closed() -> None:
    """Said in full and as sealed, then he hung up: that he heard it stays true."""
    made = giving_in(State.SAID)
    made.handle(gv.CallEnded(CallOutcome.ANSWERED), NOON)
    (command,) = made.handle(ev.Ended(Outcome.RECEIVE_ONLY, "", "op-b"), NOON)
    assert isinstance(command, PrintReturn)
    assert (command.slip.heard_by, command.slip.text) == (OFFICER, NOT_STATED)


def test_a_reply_is_owed_refused_or_given() -> None:
    """A message is filed only when it is known what becomes of the answer; a reply cites what it answers."""
    made = giving(*WAY[:17])
    assert blockers(made, ev.Filed("op-b")) == (Blocker.OUTCOME,)
    assert blockers(made, gv.ReplyStated(ReplyState.GIVEN, "op-b")) == (Blocker.OUTCOME,)
    assert blockers(made, gv.ReplyTaken(Serial("ir", 1), Serial("us", 8))) == (Blocker.OUTCOME,)
    made.handle(gv.ReplyStated(ReplyState.NOT_NEEDED, "op-b"), NOON)
    made.handle(ev.Filed("op-b"), NOON)
    assert made.outcome is Outcome.ACKNOWLEDGED


def test_two_persons_relay_a_flash() -> None:
    """The second person is another one; night mode is declared and announced, at once or when somebody answers."""
    made = giving(*WAY[:5], ev.ReleaseGiven("op-b"))
    assert blockers(made, gv.RelayStarted("op-b")) == (Blocker.TWO_PERSONS,)
    night = ev.NightModeDeclared("op-b", "one on watch")
    assert made.handle(night, NOON) == [AnnounceNightMode(FAR)]
    made.handle(gv.RelayStarted("op-b"), NOON)
    early = giving(WAY[0])
    assert early.handle(night, NOON) == []
    assert early.handle(gv.CallAnswered("watch", FAR), NOON)[0] == AnnounceNightMode(FAR)
    slower = dataclasses.replace(SEALED, precedence=Precedence.PRIORITY)
    priority = giving(gv.SlipAccepted(slower, LADDER, "op-b"), *WAY[1:5])
    priority.handle(gv.RelayStarted("op-b"), NOON)


def test_receipt_only() -> None:
    """Filed without an acknowledgement it was a receipt and nothing more."""
    made = giving(*ROADS[State.RECEIPTED])
    made.handle(ev.Filed("op-b"), NOON)
    assert made.outcome is Outcome.RECEIPT_ONLY


def test_a_newer_message_is_noted_before_the_relay() -> None:
    """A later message that crosses this one is seen first."""
    made = giving(*WAY[:6], ev.NewerFound((Serial("us", 8),)))
    assert blockers(made, gv.RelayStarted("op-b")) == (Blocker.NEWER,)
    made.handle(ev.NewerNoted("op-b"), NOON)
    made.handle(gv.RelayStarted("op-b"), NOON)


def test_a_tracer_is_answered_at_any_stage() -> None:
    """With how far the message has come; one about another message is refused."""
    for state, stage in ((State.READY, Stage.UNDER_WAY), (State.ACKNOWLEDGED, Stage.ACKNOWLEDGEMENT)):
        made = giving_in(state)
        (command,) = made.handle(gv.TracerTaken(TRACER, "op-b"), NOON)
        assert isinstance(command, PrintReturn) and command.slip.stage is stage
        assert made.state is state
        other = dataclasses.replace(TRACER, cites=Serial("us", 8))
        assert blockers(made, gv.TracerTaken(other, "op-b")) == (Blocker.OUTCOME,)


def test_tracers_never_use_up_the_numbers() -> None:
    """The last return numbers are kept for receipt, acknowledgement and outcome."""
    made = giving_in(State.READY)
    first = made.handle(gv.TracerTaken(TRACER, "op-b"), NOON)[0]
    assert isinstance(first, PrintReturn)
    made.returns = (first.slip,) * (NUMBER_LIMIT - 3)
    assert blockers(made, gv.TracerTaken(TRACER, "op-b")) == (Blocker.OUTCOME,)
    made.handle(ev.Ended(Outcome.EXPIRED, "", "op-b"), NOON)
