"""What the machines ask of the desk. None of them is done before the event that caused it is durably written."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from bridge.base.errors import Theirs
from bridge.base.terms import Precedence
from bridge.relay.message import Message
from bridge.relay.precedence import Hop
from bridge.relay.ranks import Parity
from bridge.relay.returns import Return, Tracer
from bridge.relay.serials import Serial


@dataclass(frozen=True, slots=True)
class Command:
    """Something the desk must do."""


@dataclass(frozen=True, slots=True)
class SayReadBack(Command):
    """Show the sealable text for the operator to say to the originator."""

    text: str


@dataclass(frozen=True, slots=True)
class KeepMessage(Command):
    """Enter the sealed message in the ledger. Never changed afterwards."""

    message: Message
    sha256: str


@dataclass(frozen=True, slots=True)
class PrintSlip(Command):
    """Print or show a slip to be carried."""

    text: str
    serial: Serial


@dataclass(frozen=True, slots=True)
class AnnounceNightMode(Command):
    """Tell the party that one person alone is on watch."""

    leg: str


@dataclass(frozen=True, slots=True)
class RaiseOverdue(Command):
    """Alarm: a step is overdue."""

    hop: Hop
    minutes: int
    """Since the step began."""


@dataclass(frozen=True, slots=True)
class SendTracer(Command):
    """Ask the far station by a tracer slip what became of the message."""

    tracer: Tracer
    text: str
    """The slip to be carried."""


@dataclass(frozen=True, slots=True)
class ShowDifference(Command):
    """A critical item was typed otherwise than it stands in the draft."""

    slot: str
    stands: str
    typed: str


@dataclass(frozen=True, slots=True)
class TellOriginator(Command):
    """Tell the originator's side what a return slip says."""

    slip: Return


class Blocker(enum.Enum):
    """Why a step cannot be taken yet. The page shows it beside the button."""

    NO_DRAFT = "no-draft"
    TEXT = "text"
    """The draft cannot be sealed as it stands; see the detail."""
    SLOTS_UNKNOWN = "slots-unknown"
    """The critical items of this draft have not been looked for."""
    SLOT_OPEN = "slot-open"
    """A critical item was neither heard nor typed."""
    NO_SPAN = "no-span"
    """Nobody has marked which audio is the message."""
    NOT_HEARD = "not-heard"
    """Part of the message's audio was not heard by a person."""
    NOT_CONFIRMED = "not-confirmed"
    TWO_PERSONS = "two-persons"
    """A FLASH needs a second person or declared night mode."""
    NEWER = "newer"
    """A newer message crosses this one and nobody has noted it."""
    NOT_THE_ORIGINATOR = "not-the-originator"
    """An answer from another leg, by another key, or without audio."""
    NOT_RETURNED = "not-returned"
    """The last return slip is not a closing one, or nobody was told of it."""
    OUTCOME = "outcome"
    """This outcome cannot be here."""
    NOT_DUE = "not-due"
    STATED = "stated"
    """A value that cannot stand in the header."""
    NOT_COMPARED = "not-compared"
    """What was said has not been compared in full, or a difference is open."""
    NOT_AUTHORISED = "not-authorised"
    """Only an authorised officer who is named acknowledges."""
    ON_THE_LINE = "on-the-line"
    """Somebody is on the line: the talk ends first."""
    NOBODY_NAMED = "nobody-named"


class NotReadyError(Theirs):
    """A step that the rules do not allow yet. The machine is unchanged."""

    code = "not-ready"

    def __init__(self, *blocked: tuple[Blocker, str]) -> None:
        super().__init__(
            "; ".join(f"{blocker.value}: {detail}" if detail else blocker.value for blocker, detail in blocked)
        )
        self.blockers = tuple(blocker for blocker, _ in blocked)
        self.blocked = blocked


@dataclass(frozen=True, slots=True)
class CallTier(Command):
    """Climb the ladder of the addressee's side at this tier."""

    tier: int
    contacts: tuple[str, ...]
    """Of that tier, in ringing order."""
    precedence: Precedence


@dataclass(frozen=True, slots=True)
class ShowParity(Command):
    """Show how the officer on the line compares with the originator. Nothing waits for it."""

    parity: Parity


@dataclass(frozen=True, slots=True)
class AskForPrincipal(Command):
    """Ask for the addressee; if nobody better comes, whoever is on duty takes the message."""

    addressee: str
    tier: int


@dataclass(frozen=True, slots=True)
class SayMessage(Command):
    """Show the sealed text for the operator to say on this line."""

    message: Message


@dataclass(frozen=True, slots=True)
class CorrectAloud(Command):
    """Something was said otherwise than sealed: stop, say CORRECTION and the item again."""

    findings: int


@dataclass(frozen=True, slots=True)
class ListenAgain(Command):
    """The comparison is not sure: a person listens, or the item is said once more."""

    findings: int


@dataclass(frozen=True, slots=True)
class PrintReturn(Command):
    """Print a return slip to be carried back."""

    slip: Return
    text: str
