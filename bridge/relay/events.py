"""What can happen to a message, on its way to the seal (`Taking*`) and on its way to the officer (`Giving*`).

Every event is one ledger entry: strings, integers, enums and tuples only, so that it has a canonical form
(`replay`). `by` names the operator who acted; an event without it came from a machine or a line. The events of giving
are in `giving_events`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from bridge.base.errors import Ours
from bridge.base.terms import Precedence
from bridge.relay.message import Identity, Kind
from bridge.relay.precedence import Limit
from bridge.relay.returns import Outcome, Return
from bridge.relay.serials import Serial
from bridge.relay.spans import Span


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""


class UnsignedError(Ours):
    """An act without the operator who did it."""

    code = "unsigned"


@dataclass(frozen=True, slots=True)
class Act(Event):
    """Something a person at the desk did. Every one has a field `by`, and it is never empty.

    Raises:
        UnsignedError: nobody is named.
    """

    def __post_init__(self) -> None:
        if not getattr(self, "by", ""):
            raise UnsignedError(f"{type(self).__name__} names nobody who did it")


class HeaderField(enum.Enum):
    """What an originator can state about himself and his message."""

    NAME = "name"
    ROLE = "role"
    AUTHORITY = "authority"
    RANK = "rank"
    TIER = "tier"
    ADDRESSEE = "addressee"
    REPLY = "reply"
    CODED = "coded"


class Answer(enum.Enum):
    """How the originator accepted or refused the read-back."""

    DIGIT = "digit"
    """He pressed a key: 1 accepts, 2 refuses."""
    SPOKEN = "spoken"
    """An operator says so and names the audio in which he does."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One critical item of a draft, as the comparison found it."""

    id: str
    """Stays the same while the same item stands in later drafts."""
    kind: str
    text: str
    """As it stands in the draft."""


@dataclass(frozen=True, slots=True)
class Opened(Event):
    """Somebody of a side begins a statement."""

    side: str
    to_side: str
    language: str
    kind: Kind
    cites: Serial | None
    precedence: Precedence
    exercise: bool
    leg: str
    """The originator's leg."""


@dataclass(frozen=True, slots=True)
class LegJoined(Event):
    """The originator is back on another leg, after a lost call."""

    leg: str


@dataclass(frozen=True, slots=True)
class Heard(Event):
    """A recogniser's final result. It is kept as it came; nothing ever edits it."""

    span: Span
    text: str
    engine: str


@dataclass(frozen=True, slots=True)
class SpanMarked(Act):
    """This audio of the originator is the message."""

    span: Span
    by: str


@dataclass(frozen=True, slots=True)
class Played(Act):
    """A person heard this audio, live or again."""

    span: Span
    by: str


@dataclass(frozen=True, slots=True)
class HeaderStated(Act):
    field: HeaderField
    value: str
    by: str


@dataclass(frozen=True, slots=True)
class PrecedenceStated(Act):
    precedence: Precedence
    by: str


@dataclass(frozen=True, slots=True)
class IdentityChecked(Act):
    identity: Identity
    by: str


@dataclass(frozen=True, slots=True)
class Edited(Act):
    """A person wrote the draft. The whole text, beside the machine's and never over it."""

    text: str
    by: str


@dataclass(frozen=True, slots=True)
class SlotsFound(Event):
    """The critical items of one draft."""

    version: int
    """Of the draft they were found in; others are not taken."""
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class SlotHeard(Act):
    """A person has listened to the audio of this item and it is as in the draft."""

    slot: str
    by: str


@dataclass(frozen=True, slots=True)
class SlotTyped(Act):
    """A person has typed this item once more."""

    slot: str
    value: str
    by: str


@dataclass(frozen=True, slots=True)
class ReadBackStarted(Act):
    by: str


@dataclass(frozen=True, slots=True)
class ReadBackSaid(Act):
    """The whole sealable text has been said to the originator."""

    span: Span
    """Of the operator's leg."""
    by: str


@dataclass(frozen=True, slots=True)
class Confirmed(Event):
    """The originator accepted the read-back."""

    how: Answer
    leg: str
    """The originator's."""
    digit: str = ""
    span: Span | None = None
    """Where he says so; with `Answer.SPOKEN` only."""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Rejected(Event):
    """The originator refused the read-back: key 2, or "negative"."""

    how: Answer
    leg: str
    digit: str = ""
    span: Span | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseGiven(Act):
    """A second person has read the confirmed text and releases it."""

    by: str


@dataclass(frozen=True, slots=True)
class NightModeDeclared(Act):
    """One person alone is on watch."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class NewerFound(Event):
    """Messages that this one crosses: unread ones of the other side, or later ones that cite what it is about."""

    serials: tuple[Serial, ...]


@dataclass(frozen=True, slots=True)
class NewerNoted(Act):
    """A person has read the warning and goes on."""

    by: str


@dataclass(frozen=True, slots=True)
class SealOrdered(Act):
    by: str


@dataclass(frozen=True, slots=True)
class SlipCarried(Act):
    """The slip has left the station in a person's hand."""

    by: str


@dataclass(frozen=True, slots=True)
class ReturnTaken(Act):
    """A return slip came back whose check words agree."""

    slip: Return
    by: str


@dataclass(frozen=True, slots=True)
class OriginatorTold(Act):
    """The originator's side has been told what the last return slip says."""

    by: str


@dataclass(frozen=True, slots=True)
class Filed(Act):
    """Nothing is left to do for this message."""

    by: str


@dataclass(frozen=True, slots=True)
class Ended(Act):
    """The message goes no further. It stays in the record with this outcome."""

    outcome: Outcome
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class LimitsSet(Event):
    """The dialplan's deadlines for this message from now on. In the record, because a replay must not depend on what
    the dialplan says later."""

    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class DeadlinePassed(Event):
    """Made by `wake`, never by an edge."""


def pressed(leg: str, digit: str) -> Confirmed | Rejected | None:
    """What a key of the originator says about the read-back: 1 accepts, 2 refuses, others say nothing."""
    match digit:
        case "1":
            return Confirmed(Answer.DIGIT, leg, digit)
        case "2":
            return Rejected(Answer.DIGIT, leg, digit)
    return None
