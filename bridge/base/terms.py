"""The field's words as types: precedence, role, outcome and the marks of a track.

It decides nothing. Values are stored in journals and ledgers: never renumber, never reuse, only add.
"""

from __future__ import annotations

import enum


class Precedence(enum.Enum):
    """How fast a call or message must be handled (RFC 4412, namespace `dsn`): speed, not importance."""

    ROUTINE = "ROUTINE"
    PRIORITY = "PRIORITY"
    IMMEDIATE = "IMMEDIATE"
    FLASH = "FLASH"

    @property
    def rank(self) -> int:
        """0 for ROUTINE to 3 for FLASH; compare ranks, not names."""
        return list(Precedence).index(self)

    def outranks(self, other: Precedence) -> bool:
        return self.rank > other.rank


class Role(enum.Enum):
    """Who is at the far end of a leg."""

    SIDE = "side"
    OPERATOR = "operator"
    MONITOR = "monitor"
    INTERPRETER = "interpreter"


class Direction(enum.Enum):
    IN = "in"
    """The far end called the desk."""
    OUT = "out"
    """The desk called the far end."""


class Outcome(enum.Enum):
    """Why a leg ended. Every ended leg has exactly one."""

    ANSWERED = "answered"
    """Both ends were connected and the call ended by a hang-up."""
    NO_ANSWER = "no-answer"
    """It rang, or was left ringing, and nobody lifted in time."""
    BUSY = "busy"
    REFUSED = "refused"
    """The far end declined (SIP 403, 603) or we refused the caller."""
    HUNG_UP = "hung-up"
    """The far end gave up before anybody was connected."""
    TECHNICAL = "technical"
    """A fault of a device, trunk or network: no person decided this."""
    CANNOT_SAY = "cannot-say"
    """What happened is not known, for instance because our own process died."""
    CANCELLED = "cancelled"
    """We ended our own attempt before it was answered."""
    PREEMPTED = "pre-empted"
    """Ended for a call of higher precedence (RFC 4411)."""


class GapKind(enum.Enum):
    """Why a span of a track holds no speech of the party. The samples are there, as silence."""

    NO_RTP = "no-rtp"
    HOLD = "hold"
    STALL = "stall"
    """Our own clock stood still: the span is missing from the file and was padded."""
    LOST = "lost"
    """Not written before a process died: the span lies after the last sample."""
    BEFORE_MEDIA = "before-media"
    """From the first sample to the first audio of the far end: ringing."""


class Health(enum.Enum):
    """What a track's audio says about the recording, judged by samples alone."""

    GOOD = "good"
    SILENT = "silent"
    STUCK = "stuck"
    CLIPPED = "clipped"
    QUIET = "quiet"
    MISSING = "missing"


class AlarmPriority(enum.Enum):
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


LANGUAGES = ("en", "ar", "fa")
"""Languages of screens, announcements and word tables. Recognisers may know more."""
