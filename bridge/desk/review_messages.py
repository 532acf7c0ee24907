"""The messages of the record as its reader has them: the list, and one message with columns and whole history.

Pure: entries of the ledger in, the machines replayed. It moves nothing: what it shows is what the entries say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.base.clock import utc_text
from bridge.base.errors import BridgeError
from bridge.base.wire import Entry, Value
from bridge.desk.review_calls import Event
from bridge.desk.review_columns import Books, Window, of_giving, of_taking
from bridge.desk.scene import Scene
from bridge.desk.trail import DIFFERENCES, Trail, Way
from bridge.desk.view_message import Shelf, carried, message
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.giving import Giving
from bridge.relay.giving_events import Part
from bridge.relay.giving_states import State as GivingState
from bridge.relay.message import Message
from bridge.relay.records import Record, from_entry
from bridge.relay.replay import Machine, Relay
from bridge.relay.spans import Span
from bridge.relay.taking import Taking

HISTORY_LIMIT = 2000
GIST_LIMIT = 120
"""Characters of the text in the list."""
_SAYING = {GivingState.RELAYING: Part.RELAY, GivingState.READING_BACK: Part.READ_BACK}
_BEGINS: dict[type[ev.Event], Part] = {gv.RelayStarted: Part.RELAY, gv.ReadBackBegun: Part.READ_BACK}
_TOO_MANY = frozenset(("Heard", "Compared", "Played", "SlotsFound", "DeadlinePassed", "LimitsSet", "SlotHeard"))


@dataclass(slots=True)
class Course:
    """One message beside its machine."""

    number: int
    """From 1, in the order in which they came to this station."""
    began: int
    last: int
    """UTC nanoseconds."""
    legs: list[str] = field(default_factory=list)
    windows: dict[Part, Window] = field(default_factory=dict)
    reading: Span | None = None
    """Where the operator read the text to the originator, the last time."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a new entry of a message was: for calls and for the index."""

    subject: str
    leg: str
    event: Event | None
    is_exercise: bool
    sealed: Message | None
    """Of an entry that sealed it, or that took its slip."""


@dataclass(slots=True)
class Messages:
    """Owned by whoever reads the ledger."""

    side: str
    relay: Relay = field(init=False)
    scene: Scene = field(default_factory=Scene)
    trail: Trail = field(default_factory=Trail)
    courses: dict[str, Course] = field(default_factory=dict)
    trouble: str = ""
    """Why messages are shown only up to some entry, as a code."""

    def __post_init__(self) -> None:
        self.relay = Relay(self.side)

    def take_line(self, entry: Entry) -> None:
        """An entry of line or speech: who is on the line."""
        self.scene.take(entry)

    def take(self, seq: int, entry: Entry) -> Taken | None:
        """An entry of the desk; None where it is of no message.

        Args:
            seq: its number in the ledger.
        """
        self.trail.take(entry)
        if self.trouble:
            return None
        try:
            record = from_entry(entry)
            if record is None:
                self._compared(entry)
                return None
            self.relay.handle(record)
        except BridgeError as error:
            self.trouble = f"messages-{error.code}"
            return None
        return self._follow(seq, entry, record)

    def _follow(self, seq: int, entry: Entry, record: Record) -> Taken:
        subject, machine = record.subject, self.relay.machines[record.subject]
        course = self.courses.setdefault(subject, Course(len(self.courses) + 1, record.at, record.at))
        course.last = record.at
        leg = _leg(machine, record)
        if leg and leg not in course.legs:
            course.legs.append(leg)
        if isinstance(machine, Giving):
            self._watch(machine, course, record)
        if isinstance(record.event, ev.ReadBackSaid):
            course.reading = record.event.span
        sealed = isinstance(record.event, ev.SealOrdered | gv.SlipAccepted)
        return Taken(
            subject,
            leg or (course.legs[-1] if course.legs else ""),
            _event(seq, entry, subject),
            _is_exercise(machine),
            machine.message if sealed else None,
        )

    def _watch(self, giving: Giving, course: Course, record: Record) -> None:
        """Note when each part was said, and by whom."""
        part = _BEGINS.get(type(record.event))
        if part is not None:
            speaker = self.scene.operator_of(giving.leg) if part is Part.RELAY else None
            leg = (speaker.leg if speaker else "") if part is Part.RELAY else giving.leg
            earlier = course.windows[part].earlier + 1 if part in course.windows else 0
            course.windows[part] = Window(leg, record.at, earlier=earlier)
        going_on = _SAYING.get(giving.state)
        for one, window in course.windows.items():
            if window.until_ns is None and one is not going_on:
                window.until_ns = record.at

        match record.event:
            case gv.Compared(part=one, match=match, is_complete=complete) if one in course.windows:
                course.windows[one].match, course.windows[one].is_complete = match.value, complete
            case gv.Judged(part=one, by=by) if one in course.windows:
                course.windows[one].judged_by = by

    def _compared(self, entry: Entry) -> None:
        """Keep what a comparison found."""
        match entry.data:
            case {"subject": str(subject), "part": str(name), "findings": list(rows)} if entry.kind == DIFFERENCES:
                part = next((one for one in Part if one.value == name), None)
                course = self.courses.get(subject)
                if part is not None and course is not None and part in course.windows:
                    course.windows[part].compared(entry.utc, [row for row in rows if isinstance(row, dict)])

    # -- as the page has it --------------------------------------------------------------------------------------

    def row(self, subject: str, calls: list[str]) -> dict[str, Value]:
        """One line of the list.

        Args:
            calls: those on which it was taken or given.
        """
        machine, course = self.relay.machines[subject], self.courses[subject]
        about = _taking_row(machine) if isinstance(machine, Taking) else _giving_row(machine, course)
        return {
            "number": course.number,
            "subject": subject,
            "state": machine.state.value,
            "outcome": machine.outcome.value,
            "began_utc": utc_text(course.began),
            "last_utc": utc_text(course.last),
            "exercise": _is_exercise(machine),
            "calls": [*calls],
            **about,
        }

    def whole(self, subject: str, calls: list[str], books: Books, now_ns: int) -> dict[str, Value]:
        """One message: its line of the list, its section as the live page has it, columns, history."""
        machine, course = self.relay.machines[subject], self.courses[subject]
        way = self.trail.of.get(subject, Way())
        section = message(Shelf(self.relay, self.scene, self.trail.of, {}), subject, now_ns)
        # What could be done now is the live page's business.
        kept = {name: worth for name, worth in section.items() if name not in ("may", "history", "warnings")}
        if isinstance(machine, Taking):
            columns = of_taking(machine, books, course.reading)
        else:
            columns = of_giving(machine, books, course.windows)
        history: list[Value] = [step.value() for step in way.steps[-HISTORY_LIMIT:]]
        return {**self.row(subject, calls), "message": kept, "columns": columns, "history": history}


def _leg(machine: Machine, record: Record) -> str:
    """The leg that an event is about, or on which the message is just now."""
    own = getattr(record.event, "leg", "")
    if isinstance(own, str) and own:
        return own
    if isinstance(machine, Giving):
        return machine.leg
    return machine.opened.leg if machine.opened else ""


def _is_exercise(machine: Machine) -> bool:
    if machine.message is not None:
        return machine.message.serial.exercise
    return isinstance(machine, Taking) and machine.opened is not None and machine.opened.exercise


def _event(seq: int, entry: Entry, subject: str) -> Event | None:
    kind = entry.kind.removeprefix("Message")
    if kind in _TOO_MANY:
        return None
    signature = entry.data.get("act")
    by: Mapping[str, Value] = signature if isinstance(signature, dict) else {}
    about: dict[str, Value] = {"subject": subject}
    about |= {name: by[name] for name in ("person", "console") if by.get(name)}
    return Event(seq, entry.utc, "desk", kind, "", about)


def _taking_row(taking: Taking) -> dict[str, Value]:
    opened, sealed = taking.opened, taking.message
    assert opened is not None  # a machine is kept only once a message was opened
    return {
        "half": "taking",
        "kind": opened.kind.value,
        "precedence": taking.precedence.value,
        "serial": str(sealed.serial) if sealed else None,
        "cites": str(opened.cites) if opened.cites else None,
        "language": opened.language,
        "from_side": opened.side,
        "to_side": opened.to_side,
        "gist": _gist(sealed.text if sealed else taking.drafts[-1].text if taking.drafts else ""),
        "match": {},
    }


def _giving_row(giving: Giving, course: Course) -> dict[str, Value]:
    sealed = giving.message
    assert sealed is not None  # a machine is kept only once a slip was accepted
    return {
        **carried(sealed),
        "from_side": sealed.serial.side,
        "to_side": sealed.to_side,
        "gist": _gist(sealed.text),
        "match": {part.value: window.match for part, window in course.windows.items() if window.match},
    }


def _gist(text: str) -> str:
    """The beginning, in whole words."""
    if len(text) <= GIST_LIMIT:
        return text
    return text[:GIST_LIMIT].rpartition(" ")[0] + " …"
