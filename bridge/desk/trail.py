"""What the record says of each message beside its machine: who did what when, and what the comparisons found.

Pure: entries of the desk in, rows out; the same entries give the same rows. Results that come many times a second are
not rows: the words themselves and the comparisons of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.base.wire import Entry, Value
from bridge.relay.records import ACT, PREFIX

DIFFERENCES = "DifferencesFound"
SHOWN = 100
"""Rows of one message on the page, the newest; the ledger has all."""
_TOO_MANY = frozenset(("Heard", "Compared", "Played", "SlotsFound", "DeadlinePassed", "LimitsSet"))


@dataclass(frozen=True, slots=True)
class Step:
    seq: int
    """Of the entry in the desk's own count."""
    utc: str
    act: str
    person: str = ""
    """Empty where a machine or a key of a telephone did it."""
    console: str = ""

    def value(self) -> Value:
        return {"seq": self.seq, "utc": self.utc, "act": self.act, "person": self.person, "console": self.console}


@dataclass(slots=True)
class Way:
    """One message's."""

    steps: list[Step] = field(default_factory=list)
    ticks: dict[str, str] = field(default_factory=dict)
    """How each critical item was checked last: `heard` or `typed`."""
    found: dict[str, Mapping[str, Value]] = field(default_factory=dict)
    """By part, what its last comparison found."""
    tracers: list[Value] = field(default_factory=list)

    def last(self, act: str) -> Step | None:
        return next((step for step in reversed(self.steps) if step.act == act), None)


@dataclass(slots=True)
class Trail:
    """Owned by the thread that owns the ledger."""

    of: dict[str, Way] = field(default_factory=dict)

    def forget(self) -> None:
        """The record is read from its beginning."""
        self.of.clear()

    def take(self, entry: Entry) -> None:
        """Add one entry; one that is of no message changes nothing."""
        match entry.data:
            case {"subject": str(subject), "event": dict(event)} if entry.kind.startswith(PREFIX):
                self._take(self.of.setdefault(subject, Way()), entry, event)
            case {"subject": str(subject), "part": str(part)} if entry.kind == DIFFERENCES:
                self.of.setdefault(subject, Way()).found[part] = entry.data

    def _take(self, way: Way, entry: Entry, event: Mapping[str, Value]) -> None:
        act = entry.kind.removeprefix(PREFIX)
        match event:
            case {"slot": str(slot)}:
                way.ticks[slot] = "typed" if act == "SlotTyped" else "heard"
            case {"tracer": dict(tracer)}:
                way.tracers.append({"number": tracer.get("number"), "utc": entry.utc})
        if act in _TOO_MANY:
            return
        signature = entry.data.get(ACT)
        by = signature if isinstance(signature, dict) else {}
        way.steps.append(Step(entry.seq, entry.utc, act, str(by.get("person", "")), str(by.get("console", ""))))
