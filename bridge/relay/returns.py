"""What goes back over the gap about a message: the return slip with its outcome, and the tracer that asks for one.

A return says what happened to a message at the far station, stage by stage: receipt is not acknowledgement, and neither
is a reply. It carries no statement of a party; a reply is a message of its own.
"""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass

from bridge.base.wire import Value, canonical
from bridge.relay.message import DTG_FORM, VERSION
from bridge.relay.sealed_text import NOT_STATED, VALUE_LIMIT, TextError, require
from bridge.relay.serials import Serial

NUMBER_LIMIT = 9999


class Stage(enum.Enum):
    """How far a message has come. Stored: never rename."""

    UNDER_WAY = "UNDER WAY"
    """Here, not yet heard by the addressee's side."""
    RECEIPT = "RECEIPT"
    """Heard and read back. No agreement."""
    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"
    """An authorised officer will comply."""
    CLOSED = "CLOSED"


class Outcome(enum.Enum):
    """How a message ended. Stored: never rename, never reuse."""

    OPEN = "OPEN"
    """Not ended yet."""
    ACKNOWLEDGED = "ACKNOWLEDGED"
    RECEIPT_ONLY = "RECEIPT ONLY"
    """Read back and receipted; nobody acknowledged."""
    RECEIVE_ONLY = "RECEIVE ONLY"
    """The addressee's side listens and says nothing: said in full and compared, not read back."""
    REFUSED = "REFUSED"
    NOT_AUTHORISED = "NOT AUTHORISED TO ANSWER"
    NO_ANSWER = "NO ANSWER"
    OVERTAKEN = "OVERTAKEN"
    """A later message cites and replaces or cancels it."""
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"
    """The originator took it back before the seal."""
    HUNG_UP = "HUNG UP"
    """The originator was gone before the seal."""
    CANNOT_SAY = "CANNOT SAY"


class ReplyState(enum.Enum):
    """What the addressee's side said about an answer."""

    NOT_STATED = NOT_STATED
    OWED = "OWED"
    REFUSED = "REFUSED"
    NOT_NEEDED = "NOT NEEDED"
    GIVEN = "GIVEN"


@dataclass(frozen=True, slots=True)
class Person:
    """An officer as he named himself."""

    name: str = NOT_STATED
    role: str = NOT_STATED


NOBODY = Person()


@dataclass(frozen=True, slots=True)
class Return:
    """One return slip. Several may go back for one message; each has the next number. Valid once built."""

    cites: Serial
    number: int
    dtg: str
    stage: Stage
    outcome: Outcome
    heard_by: Person
    acknowledged_by: Person
    """NOT STATED unless an authorised officer acknowledged."""
    reply: ReplyState
    language: str
    text: str = NOT_STATED
    """A remark, for instance the reason of a refusal."""
    given_by: Person = NOBODY
    """Who of the addressee's side gave what the slip says; NOT STATED where nobody of it did."""
    authority: str = NOT_STATED
    """On whose authority he gave it."""

    def __post_init__(self) -> None:
        """Check everything.

        Raises:
            TextError: a field that cannot be carried.
        """
        require(self.text, self.language)
        require(self.authority, self.language, VALUE_LIMIT)
        for person in (self.heard_by, self.acknowledged_by, self.given_by):
            require(person.name, self.language, VALUE_LIMIT)
            require(person.role, self.language, VALUE_LIMIT)
        _check_numbered(self.number, self.dtg)
        named = self.acknowledged_by.name != NOT_STATED
        if named != (self.outcome is Outcome.ACKNOWLEDGED or self.stage is Stage.ACKNOWLEDGEMENT):
            raise TextError(
                f"{self.stage.value}, {self.outcome.value}: an acknowledgement names its officer, nothing else does"
            )
        if (self.stage is Stage.CLOSED) != (self.outcome is not Outcome.OPEN):
            raise TextError(f"{self.stage.value} with outcome {self.outcome.value}")

    def fields(self) -> dict[str, Value]:
        return {
            "v": VERSION,
            "cites": str(self.cites),
            "number": self.number,
            "dtg": self.dtg,
            "stage": self.stage.value,
            "outcome": self.outcome.value,
            "heard_by": self.heard_by.name,
            "heard_by_role": self.heard_by.role,
            "acknowledged_by": self.acknowledged_by.name,
            "acknowledged_by_role": self.acknowledged_by.role,
            "given_by": self.given_by.name,
            "given_by_role": self.given_by.role,
            "authority": self.authority,
            "reply": self.reply.value,
            "language": self.language,
            "text": self.text,
        }

    def digest(self) -> bytes:
        return hashlib.sha256(b"return" + canonical(self.fields())).digest()


@dataclass(frozen=True, slots=True)
class Tracer:
    """Asks the far station what became of a message. Valid once built."""

    cites: Serial
    number: int
    dtg: str
    language: str
    text: str = NOT_STATED

    def __post_init__(self) -> None:
        """Check everything.

        Raises:
            TextError: a field that cannot be carried.
        """
        require(self.text, self.language)
        _check_numbered(self.number, self.dtg)

    def fields(self) -> dict[str, Value]:
        return {
            "v": VERSION,
            "cites": str(self.cites),
            "number": self.number,
            "dtg": self.dtg,
            "language": self.language,
            "text": self.text,
        }

    def digest(self) -> bytes:
        return hashlib.sha256(b"tracer" + canonical(self.fields())).digest()


def _check_numbered(number: int, dtg: str) -> None:
    if not 1 <= number <= NUMBER_LIMIT:
        raise TextError(f"number {number}, expected 1 to {NUMBER_LIMIT}")
    if not DTG_FORM.fullmatch(dtg):
        raise TextError(f"date-time group {dtg[:20]!r}, expected a form like 231435Z NOV 26")
