"""What the telephony edge tells the board, and what the board orders: the whole conversation between the two.

Frozen data without decisions. Legs and calls are named as in docs/design/journals.md. Lists of orders are carried out
in order: an entry that stands before an act is on the disk before the act.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.base.dialplan import SipUri
from bridge.base.terms import AlarmPriority, Health, Precedence, Role
from bridge.base.wire import Fields


@dataclass(frozen=True, slots=True)
class Happened:
    """Something the edge saw."""


@dataclass(frozen=True, slots=True)
class CallerOffered(Happened):
    """An INVITE came in. The edge keeps the dialog under `ticket` until `Admitted` or `Refused` comes back."""

    ticket: int
    fresh_call: str
    """A call name that is not taken, used if this caller starts a call."""
    source: str
    user: str | None
    sip_call_id: str
    precedence: Precedence | None
    """None: only namespaces we do not know (RFC 4412)."""
    precedence_required: bool = False


@dataclass(frozen=True, slots=True)
class CallerLost(Happened):
    """The SIP stack itself turned a caller away (no slot, no port, an offer that would crash it)."""

    status: int
    code: str
    source: str


@dataclass(frozen=True, slots=True)
class LegAlerted(Happened):
    leg: str
    status: int


@dataclass(frozen=True, slots=True)
class LegConfirmed(Happened):
    leg: str


@dataclass(frozen=True, slots=True)
class LegReleased(Happened):
    leg: str
    status: int
    detail: str = ""
    """Reason header (RFC 3326) of the far end, cleaned; or what our own device said."""


@dataclass(frozen=True, slots=True)
class MediaStarted(Happened):
    leg: str


@dataclass(frozen=True, slots=True)
class MediaLost(Happened):
    leg: str
    since_mono_ns: int


@dataclass(frozen=True, slots=True)
class MediaReturned(Happened):
    leg: str
    since_mono_ns: int


@dataclass(frozen=True, slots=True)
class MediaDead(Happened):
    """No audio packet for the dialplan's `dead_media_s`."""

    leg: str


@dataclass(frozen=True, slots=True)
class HoldChanged(Happened):
    leg: str
    held: bool


@dataclass(frozen=True, slots=True)
class AnnouncementOver(Happened):
    leg: str
    name: str


@dataclass(frozen=True, slots=True)
class DigitHeard(Happened):
    leg: str
    digit: str


@dataclass(frozen=True, slots=True)
class RecordingFailed(Happened):
    """The recorder could not be opened."""

    leg: str


@dataclass(frozen=True, slots=True)
class TrackJudged(Happened):
    """The follower of the track judges its audio otherwise than before."""

    leg: str
    was: Health
    now: Health


@dataclass(frozen=True, slots=True)
class TrunkAnswered(Happened):
    """OPTIONS was answered (any status) or not (0)."""

    status: int
    after_ms: int


@dataclass(frozen=True, slots=True)
class Commanded(Happened):
    """The desk asks for something. Fields as in docs/design/journals.md; the edge checked only that they are text."""

    id: str
    command: str
    fresh_call: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StopAsked(Happened):
    """The process is told to end: end every call, then `Finished`."""


@dataclass(frozen=True, slots=True)
class Order:
    """Something the edge must do."""


@dataclass(frozen=True, slots=True)
class Write(Order):
    """Append one entry to the journal, durably, before the next order."""

    kind: str
    data: Fields


@dataclass(frozen=True, slots=True)
class Admitted(Order):
    """The pending dialog `ticket` is leg `leg` from now on."""

    ticket: int
    leg: str


@dataclass(frozen=True, slots=True)
class Refused(Order):
    ticket: int
    status: int


@dataclass(frozen=True, slots=True)
class OpenTrack(Order):
    leg: str
    role: Role
    language: str


@dataclass(frozen=True, slots=True)
class Invite(Order):
    leg: str
    uri: SipUri
    precedence: Precedence


@dataclass(frozen=True, slots=True)
class Answer(Order):
    leg: str
    precedence: Precedence


@dataclass(frozen=True, slots=True)
class Release(Order):
    """End the dialog with CANCEL, BYE or `status`, whichever it needs."""

    leg: str
    status: int = 0
    reason: str = ""
    """Value of a Reason header (RFC 3326), empty for none."""


@dataclass(frozen=True, slots=True)
class Forget(Order):
    """The leg is over for the board: close its track and drop the dialog when the stack lets go of it."""

    leg: str


@dataclass(frozen=True, slots=True)
class Announce(Order):
    """Play an announcement to one leg; `AnnouncementOver` follows, also when it could not be played."""

    leg: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Tone(Order):
    """Start or stop a tone to one leg: `waiting` (ringing at the desk) or `preempt` (about to be ended)."""

    leg: str
    name: str
    on: bool


@dataclass(frozen=True, slots=True)
class Connect(Order):
    """`to` hears `source`."""

    source: str
    to: str


@dataclass(frozen=True, slots=True)
class Disconnect(Order):
    source: str
    to: str


@dataclass(frozen=True, slots=True)
class SendDigits(Order):
    leg: str
    digits: str


@dataclass(frozen=True, slots=True)
class SetHold(Order):
    leg: str
    held: bool


@dataclass(frozen=True, slots=True)
class Finished(Order):
    """Every leg has ended; the process may leave."""


def alarm(name: str, priority: AlarmPriority, call: str = "", leg: str = "") -> Write:
    return Write("AlarmRaised", {"alarm": name, "priority": priority.value, "call": call, "leg": leg})
