"""The calls of the record: legs with their tracks and gaps, attempts, and everything that happened on each.

Pure: entries of the ledger in, calls out. All of it is what the line wrote down; a track's file is not looked at.
Sample n of a track was heard at t0 + (n + what stalls took before it) / rate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bridge.base.clock import NS, parse_utc, utc_text
from bridge.base.errors import WireError
from bridge.base.wire import Entry, Value

OPEN = "open"
"""In place of an outcome until a leg has ended."""
EVENTS_LIMIT = 3000
"""Of one call; the ledger has all."""
DETAIL_LIMIT = 200
_QUIET = frozenset(("Partial", "Final", "Checked", "SegmentClosed"))
"""Words have a place of their own, hashes are the verifier's."""
_SHOWN = (
    *("role", "contact", "tier", "precedence", "outcome", "status", "detail", "name", "language", "digit", "digits"),
    *("alarm", "priority", "was", "now", "result", "code", "engine", "command", "from", "to", "samples", "at_sample"),
    *("missing_samples", "rtp_lost", "rtp_received", "after_ms", "talk_ms", "from_call", "to_call", "user"),
)
"""Fields that say something to a reader."""


@dataclass(slots=True)
class Span:
    """A time in which a track holds no speech of the party. UTC nanoseconds; no end: it lasts, or nobody knows."""

    kind: str
    from_ns: int
    to_ns: int | None = None


@dataclass(slots=True)
class Leg:
    leg: str
    call: str
    role: str
    direction: str
    began_ns: int
    contact: str = ""
    source: str = ""
    """Address that it came from, where the far end called."""
    tier: int = 0
    precedence: str = ""
    answered_ns: int | None = None
    ended_ns: int | None = None
    outcome: str = OPEN
    status: int = 0
    detail: str = ""
    talk_ms: int = 0
    language: str = ""
    rate_hz: int = 0
    t0_ns: int | None = None
    samples: int | None = None
    """Length of the closed track; None while it grows, or where nobody closed it."""
    is_recovered: bool = False
    gaps: list[Span] = field(default_factory=list)
    stalls: list[tuple[int, int]] = field(default_factory=list)
    """First sample after it, and how many are missing."""
    health: list[tuple[int, str]] = field(default_factory=list)
    measured: dict[str, Value] | None = None

    def utc_ns(self, sample: int) -> int | None:
        """When a sample was heard; None for a leg without a track."""
        if self.t0_ns is None:
            return None
        missing = sum(count for at, count in self.stalls if at <= sample)
        return self.t0_ns + (sample + missing) * NS // self.rate_hz

    def utc(self, sample: int) -> str:
        moment = self.utc_ns(sample)
        return "" if moment is None else utc_text(moment)


@dataclass(frozen=True, slots=True)
class Event:
    seq: int
    utc: str
    source: str
    kind: str
    leg: str
    about: dict[str, Value]

    def value(self) -> Value:
        return {
            **{"seq": self.seq, "utc": self.utc, "source": self.source, "kind": self.kind, "leg": self.leg},
            "about": self.about,
        }


@dataclass(slots=True)
class Call:
    number: int
    """From 1, in the order in which they began."""
    call: str
    began_ns: int
    legs: list[str] = field(default_factory=list)
    attempts: list[dict[str, Value]] = field(default_factory=list)
    ladder: str = ""
    ended_ns: int | None = None
    events: list[Event] = field(default_factory=list)
    left_out: int = 0
    """Events beyond the limit."""
    subjects: list[str] = field(default_factory=list)
    """Messages that were taken or given on it."""
    is_exercise: bool = False


@dataclass(slots=True)
class Calls:
    """Owned by whoever reads the ledger."""

    calls: dict[str, Call] = field(default_factory=dict)
    legs: dict[str, Leg] = field(default_factory=dict)

    def take(self, seq: int, source: str, entry: Entry) -> None:
        """Add an entry of line or speech; one that is not what its kind promises changes nothing more.

        Args:
            seq: its number in the ledger.
        """
        try:
            take = _TAKERS.get(entry.kind)
            if take is not None:
                take(self, entry)
            if entry.kind not in _QUIET:
                self._note(seq, source, entry)
        except (WireError, ValueError, KeyError):
            return  # the ledger has it as it stands; the list has no place for it

    def attach(self, leg: str, subject: str, event: Event | None, is_exercise: bool) -> None:
        """Say that a message was worked on while this leg was there."""
        known = self.legs.get(leg)
        if known is None:
            return
        call = self.calls[known.call]
        call.is_exercise |= is_exercise
        if subject not in call.subjects:
            call.subjects.append(subject)
        if event is not None:
            _add(call, event)

    def _note(self, seq: int, source: str, entry: Entry) -> None:
        leg = str(entry.data.get("leg") or entry.data.get("from") or "")
        leg = leg if leg in self.legs else ""
        name = str(entry.data.get("call") or "") or (self.legs[leg].call if leg else "")
        call = self.calls.get(name)
        if call is not None:
            _add(call, Event(seq, entry.utc, source, entry.kind, leg, _about(entry)))

    # -- one kind each ---------------------------------------------------------------------------------------------

    def begin(self, entry: Entry) -> None:
        name, began = entry.text("call"), parse_utc(entry.utc)
        direction = "in" if entry.kind == "Invited" else "out"
        leg = Leg(entry.text("leg"), name, entry.text("role"), direction, began)
        leg.contact, leg.source, leg.precedence = (
            str(entry.data.get(key, "")) for key in ("contact", "source", "precedence")
        )
        tier = entry.data.get("tier")
        leg.tier = tier if isinstance(tier, int) else 0
        call = self.calls.setdefault(name, Call(len(self.calls) + 1, name, began))
        if leg.leg not in call.legs:
            call.legs.append(leg.leg)
        self.legs[leg.leg] = leg

    def open_track(self, entry: Entry) -> None:
        leg, rate = self._leg(entry), entry.number("rate_hz")
        if rate < 1:
            raise ValueError("rate")
        leg.t0_ns, leg.rate_hz, leg.language = parse_utc(entry.text("t0_utc")), rate, entry.text("language")

    def close_track(self, entry: Entry) -> None:
        leg = self._leg(entry)
        leg.samples = entry.number("samples")
        if entry.kind == "TrackRecovered":
            leg.is_recovered = True
            end = leg.utc_ns(leg.samples)
            if end is not None:
                leg.gaps.append(Span("lost", end))

    def answer(self, entry: Entry) -> None:
        self._leg(entry).answered_ns = parse_utc(entry.utc)

    def media(self, entry: Entry) -> None:
        leg, now = self._leg(entry), parse_utc(entry.utc)
        if leg.t0_ns is not None and leg.t0_ns < now and not any(one.kind == "before-media" for one in leg.gaps):
            leg.gaps.append(Span("before-media", leg.t0_ns, now))

    def gap_begins(self, entry: Entry) -> None:
        kind = "hold" if entry.kind == "HoldStarted" else "no-rtp"
        self._leg(entry).gaps.append(Span(kind, _since(entry)))

    def gap_ends(self, entry: Entry) -> None:
        kind = "hold" if entry.kind == "HoldEnded" else "no-rtp"
        for gap in reversed(self._leg(entry).gaps):
            if gap.kind == kind and gap.to_ns is None:
                gap.to_ns = _since(entry)
                return

    def stall(self, entry: Entry) -> None:
        leg, at, missing = self._leg(entry), entry.number("at_sample"), entry.number("missing_samples")
        begin = leg.utc_ns(at)
        leg.stalls.append((at, missing))
        leg.stalls.sort()
        if begin is not None:
            leg.gaps.append(Span("stall", begin, begin + missing * NS // leg.rate_hz))

    def judge(self, entry: Entry) -> None:
        self._leg(entry).health.append((entry.number("at_sample"), entry.text("now")))

    def measure(self, entry: Entry) -> None:
        self._leg(entry).measured = {
            name: entry.number(name) for name in ("rtp_received", "rtp_lost", "jitter_us") if name in entry.data
        }

    def end_leg(self, entry: Entry) -> None:
        leg = self._leg(entry)
        leg.ended_ns, leg.outcome = parse_utc(entry.utc), entry.text("outcome")
        leg.status, leg.talk_ms, leg.detail = entry.number("status"), entry.number("talk_ms"), entry.text("detail")

    def end_call(self, entry: Entry) -> None:
        self.calls[entry.text("call")].ended_ns = parse_utc(entry.utc)

    def move(self, entry: Entry) -> None:
        leg, to = self._leg(entry), entry.text("to_call")
        leg.call = to
        call = self.calls.setdefault(to, Call(len(self.calls) + 1, to, parse_utc(entry.utc)))
        if leg.leg not in call.legs:
            call.legs.append(leg.leg)

    def attempt(self, entry: Entry) -> None:
        about: dict[str, Value] = {"utc": entry.utc, "leg": str(entry.data.get("leg", ""))}
        for name in ("contact", "tier", "rung", "outcome", "status"):
            about[name] = entry.data.get(name)
        self.calls[entry.text("call")].attempts.append(about)

    def end_ladder(self, entry: Entry) -> None:
        self.calls[entry.text("call")].ladder = entry.text("result")

    def restart(self, entry: Entry) -> None:
        """What was open belonged to a process that is gone: how it ended nobody can say."""
        for leg in self.legs.values():
            if leg.outcome == OPEN:
                leg.outcome = "cannot-say"

    def _leg(self, entry: Entry) -> Leg:
        return self.legs[entry.text("leg")]


_TAKERS: dict[str, Callable[[Calls, Entry], None]] = {
    "Invited": Calls.begin,
    "Dialled": Calls.begin,
    "TrackOpened": Calls.open_track,
    "TrackClosed": Calls.close_track,
    "TrackRecovered": Calls.close_track,
    "Answered": Calls.answer,
    "MediaStarted": Calls.media,
    "HoldStarted": Calls.gap_begins,
    "HoldEnded": Calls.gap_ends,
    "MediaLost": Calls.gap_begins,
    "MediaReturned": Calls.gap_ends,
    "TrackStalled": Calls.stall,
    "HealthChanged": Calls.judge,
    "LegMeasured": Calls.measure,
    "LegEnded": Calls.end_leg,
    "CallEnded": Calls.end_call,
    "LegMoved": Calls.move,
    "AttemptEnded": Calls.attempt,
    "LadderEnded": Calls.end_ladder,
    "LineStarted": Calls.restart,
}


def _since(entry: Entry) -> int:
    """UTC of the moment that an entry is about, which is earlier than the entry where `since_mono_ns` says so."""
    now, since = parse_utc(entry.utc), entry.data.get("since_mono_ns")
    if isinstance(since, str) and since.isascii() and since.isdecimal() and len(since) <= 20:
        return now - max(0, entry.mono_ns - int(since))
    return now


def _about(entry: Entry) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name in _SHOWN:
        worth = entry.data.get(name)
        if isinstance(worth, str | int) and worth != "":
            found[name] = worth[:DETAIL_LIMIT] if isinstance(worth, str) else worth
    return found


def _add(call: Call, event: Event) -> None:
    if len(call.events) < EVENTS_LIMIT:
        call.events.append(event)
    else:
        call.left_out += 1
