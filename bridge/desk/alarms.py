"""Every alarm of a station: those that the line raised and those that only the desk can see, each with one thing to do.

Pure: how things stand goes in, alarms come out; what is no longer so is no longer there. Whoever has acknowledged an
alarm is named; it stays until it is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bridge.base.clock import Sync, utc_text
from bridge.base.terms import AlarmPriority
from bridge.base.wire import Entry, Value
from bridge.desk.owed import PARTS
from bridge.desk.picture import Picture
from bridge.desk.view_message import deadline_of
from bridge.relay.giving import Giving
from bridge.relay.giving_events import Match
from bridge.relay.precedence import Hop
from bridge.relay.replay import Machine

ACKNOWLEDGED = "AlarmAcknowledged"
DAYS_WARNED = 14
"""Fewer busy days of duty than this on the disk are an alarm."""
HIGH, MEDIUM, LOW = AlarmPriority.HIGH, AlarmPriority.MEDIUM, AlarmPriority.LOW
ACTIONS = {
    "recording-lost": "write-by-hand",
    "track-stuck": "write-by-hand",
    "audio-dead": "call-back",
    "caller-unattended": "lift",
    "operator-lost": "lift",
    "no-operator": "see-handsets",
    "trunk-down": "report-otherwise",
    "line-fault": "report-otherwise",
    "higher-call-waits": "end-or-release",
    "audio-missing": "say-again",
    "track-silent": "ask-caller",
    "track-level": "ask-distance",
    "line-down": "report-otherwise",
    "record-stuck": "write-by-hand",
    "relay-differs": "correct-aloud",
    "captions-late": "listen",
    "overdue": "next-step",
    "acknowledgement-due": "ask-acknowledgement",
    "clock-off": "set-clock",
    "disk-low": "free-disk",
}
"""The one thing to do about each."""
UNKNOWN = "look"
_DUE = {Hop.ACKNOWLEDGING: "acknowledgement-due"}


@dataclass(frozen=True, slots=True)
class Look:
    """What the desk has found about its station beside the journals."""

    line_listens: bool = False
    """Whether the line process takes commands right now."""
    trouble: str = ""
    """Why the record does not grow, in codes; empty: it does."""
    entries: int = 0
    """Length of the ledger."""
    disk_days: int = 0
    clock: Sync = Sync.UNKNOWN
    unheard: frozenset[str] = frozenset()
    """Legs with voice that has had no captions for too long."""


@dataclass(frozen=True, slots=True)
class Alarm:
    alarm: str
    priority: str
    about: str = ""
    """Leg, call or message; empty: the station."""
    leg: str = ""
    call: str = ""
    since: str = ""
    """UTC; empty: since it was first seen."""

    @property
    def id(self) -> str:
        return f"{self.alarm}/{self.about}" if self.about else self.alarm


@dataclass(slots=True)
class Alarms:
    """Owned by the thread that owns the ledger."""

    _since: dict[str, str] = field(default_factory=dict)
    """When a standing alarm was first seen."""
    _acknowledged: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By id: since when it stood, and who acknowledged it."""

    def forget(self) -> None:
        """The record is read from its beginning."""
        self._acknowledged.clear()

    def take(self, entry: Entry) -> None:
        """Note an acknowledgement, as the ledger has it."""
        match entry.data:
            case {"alarm": str(name), "since": str(since), "person": str(person)} if entry.kind == ACKNOWLEDGED:
                self._acknowledged[name] = since, person

    def stands(self, name: str) -> str | None:
        """Since when an alarm stands; None if it does not."""
        return self._since.get(name)

    def sections(self, picture: Picture, machines: Mapping[str, Machine], look: Look, now_ns: int) -> dict[str, Value]:
        """All that stand, by section name."""
        found = {one.id: one for one in standing(picture, machines, look, now_ns)}
        self._since = {name: one.since or self._since.get(name, utc_text(now_ns)) for name, one in found.items()}
        return {f"alarm/{name}": self._value(one) for name, one in found.items()}

    def _value(self, one: Alarm) -> dict[str, Value]:
        since = self._since[one.id]
        known = self._acknowledged.get(one.id)
        return {
            "alarm": one.alarm,
            "priority": one.priority,
            "about": one.about,
            "leg": one.leg,
            "call": one.call,
            "since": since,
            "action": ACTIONS.get(one.alarm, UNKNOWN),
            "acknowledged_by": known[1] if known and known[0] == since else "",
        }


def standing(picture: Picture, machines: Mapping[str, Machine], look: Look, now_ns: int) -> Iterator[Alarm]:
    """Every alarm as things stand now."""
    for raised in picture.alarms.values():
        leg, call = str(raised["leg"]), str(raised["call"])
        yield Alarm(str(raised["alarm"]), str(raised["priority"]), leg or call, leg, call, str(raised["utc"]))
    yield from _of_station(picture, look)
    for name in sorted(look.unheard.union(picture.words.late(now_ns))):
        yield Alarm("captions-late", MEDIUM.value, name, name, name.partition("/")[0])
    for subject, machine in machines.items():
        yield from _of_message(subject, machine)


def _of_station(picture: Picture, look: Look) -> Iterator[Alarm]:
    if not look.line_listens or picture.line != "started":
        yield Alarm("line-down", HIGH.value)
    if look.trouble:
        yield Alarm("record-stuck", HIGH.value)
    if look.clock is Sync.UNSYNCHRONISED:
        yield Alarm("clock-off", MEDIUM.value)
    if look.disk_days < DAYS_WARNED:
        yield Alarm("disk-low", LOW.value)


def _of_message(subject: str, machine: Machine) -> Iterator[Alarm]:
    late = deadline_of(machine)
    if late is not None and late.passed:
        # Since its first passing: acknowledging it must hold when it passes again.
        first = type(late)(late.hop, late.precedence, late.since).at(machine.limits)
        yield Alarm(_DUE.get(late.hop, "overdue"), MEDIUM.value, subject, since=utc_text(first))
    if isinstance(machine, Giving) and (part := PARTS.get(machine.state)) is not None:
        compared = machine.said.comparison(part)
        if compared is not None and compared.match is Match.ALTERED:
            yield Alarm("relay-differs", HIGH.value, subject, machine.leg, machine.leg.partition("/")[0])
