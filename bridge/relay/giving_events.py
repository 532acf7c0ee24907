"""What can happen to a message at the addressee's station, from the slip that is accepted to the return slip.

As in `events`: every event is one ledger entry, and `by` names the operator who acted.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from bridge.base.terms import Outcome as CallOutcome
from bridge.relay.events import Act, Event
from bridge.relay.message import Message
from bridge.relay.returns import Person, ReplyState, Tracer
from bridge.relay.serials import Serial
from bridge.relay.spans import Span


class Part(enum.Enum):
    """What was compared with the sealed text."""

    RELAY = "relay"
    """The operator saying it."""
    READ_BACK = "read-back"
    """The far officer repeating it."""


class Match(enum.Enum):
    """Verdict of the comparison, in its own words (`fidelity`)."""

    VERBATIM = "verbatim"
    EQUIVALENT = "equivalent"
    CHECK = "check"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact of the ladder, as the dialplan has it at this moment."""

    contact: str
    tier: int
    rank: str


@dataclass(frozen=True, slots=True)
class SlipAccepted(Act):
    """A slip was typed or scanned and all its words agree."""

    message: Message
    ladder: tuple[Candidate, ...]
    """In ringing order."""
    by: str


@dataclass(frozen=True, slots=True)
class TierChosen(Act):
    """An operator asks for another tier than the originator's."""

    tier: int
    by: str


@dataclass(frozen=True, slots=True)
class CallStarted(Event):
    """The line is climbing the ladder."""

    tier: int


@dataclass(frozen=True, slots=True)
class AttemptEnded(Event):
    """One contact was tried in vain."""

    contact: str
    outcome: CallOutcome


@dataclass(frozen=True, slots=True)
class CallAnswered(Event):
    contact: str
    """Empty where the side called the desk itself."""
    leg: str


@dataclass(frozen=True, slots=True)
class LadderEnded(Event):
    """Nobody of the tier answered."""


@dataclass(frozen=True, slots=True)
class CallEnded(Event):
    """The leg of the addressee's side ended."""

    outcome: CallOutcome


@dataclass(frozen=True, slots=True)
class PrincipalAsked(Act):
    """The operator asked for the addressee, or for an officer of the originator's standing."""

    by: str


@dataclass(frozen=True, slots=True)
class PersonNamed(Act):
    """Who is on the line, as he says it. Whoever is on duty may take the message."""

    person: Person
    contact: str
    """Of the ladder, if he is one of it; else empty."""
    by: str


@dataclass(frozen=True, slots=True)
class RelayStarted(Act):
    by: str


@dataclass(frozen=True, slots=True)
class Compared(Event):
    """The desk's comparison of what was said with what was sealed."""

    part: Part
    sha256: str
    """Of the sealed message it was compared with."""
    match: Match
    findings: int
    is_complete: bool
    """Whether the whole sealed text was covered."""


@dataclass(frozen=True, slots=True)
class CorrectedAloud(Act):
    """The operator said CORRECTION and the item again; what was compared before counts no longer."""

    part: Part
    finding: str
    by: str


@dataclass(frozen=True, slots=True)
class Judged(Act):
    """A person has listened to what the machine was not sure of, and it is as sealed."""

    part: Part
    span: Span
    by: str


@dataclass(frozen=True, slots=True)
class RelayFinished(Act):
    """All of it has been said."""

    by: str


@dataclass(frozen=True, slots=True)
class ReadBackBegun(Act):
    by: str


@dataclass(frozen=True, slots=True)
class ReceiptGiven(Act):
    """ROGER: the officer has read it back and says he has it. No agreement."""

    person: Person
    by: str


@dataclass(frozen=True, slots=True)
class Acknowledged(Act):
    """WILCO, by an officer who says on whose authority."""

    person: Person
    authority: str
    is_authorised: bool
    """By the parties' list, as the operator checked it."""
    by: str


@dataclass(frozen=True, slots=True)
class ReplyStated(Act):
    """What the addressee's side said about an answer."""

    reply: ReplyState
    by: str


@dataclass(frozen=True, slots=True)
class ReplyTaken(Event):
    """A message of the addressee's side was sealed that cites this one."""

    serial: Serial
    cites: Serial


@dataclass(frozen=True, slots=True)
class TracerTaken(Act):
    """The originator's station asks what became of the message."""

    tracer: Tracer
    by: str
