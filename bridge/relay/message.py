"""One sealed message: who says what to whom, in which words, fixed by a hash. Cannot be changed, only cited.

The hash is SHA-256 over the RFC 8785 form of `fields()`. The slip carries every field, so both stations compute the
same hash from what they hold. A header field that nobody gave says NOT STATED; a made-up value would be believed.
"""

from __future__ import annotations

import enum
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bridge.base.terms import Precedence
from bridge.base.wire import Value, canonical
from bridge.relay.sealed_text import EXERCISE_MARKS, NOT_STATED, VALUE_LIMIT, TextError, require
from bridge.relay.serials import Serial

VERSION = 1
NONE = "NONE"
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DTG_FORM = re.compile(
    r"(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9]Z (JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC) [0-9]{2}"
)
_RANK = re.compile(r"OF-([1-9]|10)")
_CODED = re.compile(r"[A-Z]{1,8} [0-9]{1,4}")


class Kind(enum.Enum):
    """What a message is to the one it cites. The old text always stays."""

    STATEMENT = "STATEMENT"
    REPLY = "REPLY"
    CORRECTION = "CORRECTION"
    CANCELLATION = "CANCELLATION"
    SUSPENSION = "SUSPENSION"
    """The side will not use the line; without such a message the line counts as open."""
    RESUMPTION = "RESUMPTION"

    @property
    def must_cite(self) -> bool:
        return self in (Kind.REPLY, Kind.CORRECTION, Kind.CANCELLATION)


class Identity(enum.Enum):
    """How the station knows that the originator is who he says. A voice is never one of them."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    CHALLENGED = "CHALLENGE ANSWERED"
    CALLED_BACK = "CALLED BACK ON THE CIRCUIT"
    BOTH = "CHALLENGED AND CALLED BACK"


@dataclass(frozen=True, slots=True)
class Originator:
    """Who speaks, as he stated it. NOT STATED is a value like any other."""

    name: str = NOT_STATED
    role: str = NOT_STATED
    authority: str = NOT_STATED
    """On whose authority he speaks."""
    rank: str = NOT_STATED
    """NATO code, `OF-5`."""
    tier: str = NOT_STATED
    """Authority tier of the dialplan, `1` to `9`."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sealed message. Valid once built."""

    serial: Serial
    kind: Kind
    cites: Serial | None
    precedence: Precedence
    dtg: str
    """Moment of the seal, `231435Z NOV 26`."""
    to_side: str
    originator: Originator
    identity: Identity
    addressee: str
    """For whom the originator asked; often NOT STATED."""
    reply: str
    """What the originator said about a reply, in his words or NOT STATED."""
    coded: str
    """`ALPHA 12` where the text is a pre-agreed one, else NONE."""
    language: str
    text: str

    def __post_init__(self) -> None:
        """Check everything.

        Raises:
            TextError: a field that cannot be sealed.
        """
        require(self.text, self.language)
        who = self.originator
        for value in (who.name, who.role, who.authority, self.addressee, self.reply):
            require(value, self.language, VALUE_LIMIT)
        if who.rank != NOT_STATED and not _RANK.fullmatch(who.rank):
            raise TextError(f"rank {who.rank[:20]!r}, expected OF-1 to OF-10 or {NOT_STATED}")
        if who.tier != NOT_STATED and not re.fullmatch(r"[1-9]", who.tier):
            raise TextError(f"tier {who.tier[:20]!r}, expected 1 to 9 or {NOT_STATED}")
        if not DTG_FORM.fullmatch(self.dtg):
            raise TextError(f"date-time group {self.dtg[:20]!r}, expected a form like 231435Z NOV 26")
        if self.coded != NONE and not _CODED.fullmatch(self.coded):
            raise TextError(f"coded message {self.coded[:20]!r}, expected a form like ALPHA 12 or {NONE}")
        self._check_relations()

    def _check_relations(self) -> None:
        if not re.fullmatch(r"[a-z]{2,8}", self.to_side) or self.to_side == self.serial.side:
            raise TextError(f"to side {self.to_side[:12]!r}, expected the side other than {self.serial.side}")
        if self.kind.must_cite != (self.cites is not None):
            raise TextError(
                f"{self.kind.value} cites {self.cites}, expected {'a serial' if self.kind.must_cite else 'none'}"
            )
        if self.cites and (self.cites.exercise != self.serial.exercise or self.cites == self.serial):
            raise TextError(f"{self.serial} cannot cite {self.cites}")
        if self.cites and self.cites.side not in (self.serial.side, self.to_side):
            raise TextError(f"cites {self.cites}, expected a serial of {self.serial.side} or {self.to_side}")
        if self.serial.exercise and not self.text.startswith(EXERCISE_MARKS[self.language]):
            raise TextError(f"an exercise text begins with {EXERCISE_MARKS[self.language]}")

    def fields(self) -> dict[str, Value]:
        """Everything that is sealed, as strings and integers."""
        who = self.originator
        return {
            "v": VERSION,
            "serial": str(self.serial),
            "kind": self.kind.value,
            "cites": str(self.cites) if self.cites else NONE,
            "precedence": self.precedence.value,
            "dtg": self.dtg,
            "to_side": self.to_side,
            "originator": who.name,
            "role": who.role,
            "authority": who.authority,
            "rank": who.rank,
            "tier": who.tier,
            "identity": self.identity.value,
            "addressee": self.addressee,
            "reply": self.reply,
            "coded": self.coded,
            "language": self.language,
            "text": self.text,
        }

    def digest(self) -> bytes:
        """SHA-256 of the canonical form: what the ledger keeps and the check words are taken from."""
        return hashlib.sha256(canonical(self.fields())).digest()


def utc_s(dtg: str) -> int:
    """Seconds since 1970 of a date-time group. Its form allows 31 FEB, which is then a day of March."""
    year, month, day, hour, minute = moment(dtg)
    first = datetime(2000 + year, month + 1, 1, hour, minute, tzinfo=UTC)
    return int(first.timestamp()) + (day - 1) * 86_400


def moment(dtg: str) -> tuple[int, ...]:
    """A date-time group as something that sorts: year, month, day, hour, minute. Years are those of this century."""
    clock, month, year = dtg.split(" ")
    return int(year), MONTHS.index(month), int(clock[:2]), int(clock[2:4]), int(clock[4:6])
