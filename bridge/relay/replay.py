"""All messages of one station, kept by events alone: the same records give the same state.

It leads each event to its message, keeps the serials, and enforces what two messages have to do with each other: a
message cites what is known, a crossing one is noted before anything is said or carried, a sealed reply is known to the
message it answers. The desk calls `check`, writes the record down durably, then calls `handle`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from bridge.base.errors import Theirs
from bridge.base.wire import Entry, Value
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.commands import Blocker, Command, NotReadyError
from bridge.relay.giving import Giving
from bridge.relay.giving_states import State as GivingState
from bridge.relay.message import Kind, Message, moment
from bridge.relay.records import Record, from_entry, plain
from bridge.relay.returns import Outcome
from bridge.relay.serials import Arrival, Serial, Serials
from bridge.relay.taking import Taking

Machine: TypeAlias = Taking | Giving

_TAKING = re.compile(r"taking/[a-z0-9-]{1,40}")
_UNREAD = (
    GivingState.READY,
    GivingState.CALLING,
    GivingState.ANSWERED,
    GivingState.RELAYING,
    GivingState.SAID,
    GivingState.READING_BACK,
)
"""The addressee's side has not got the message yet."""


class SubjectError(Theirs):
    """An event for a message that is not here, or a name that none can have."""

    code = "no-such-message"


class RepeatedError(Theirs):
    """The same slip once more. Nothing is wrong and nothing is to be done."""

    code = "slip-repeated"


class ConflictError(Theirs):
    """Another message under a serial that is taken: one of the two is not what was sealed."""

    code = "serial-conflict"


def giving_subject(serial: Serial) -> str:
    return f"giving/{serial}"


class Relay:
    """The messages of one station. Owned by the desk process."""

    def __init__(self, side: str) -> None:
        self.side = side
        """The side this station serves."""
        self.serials = Serials()
        self.machines: dict[str, Machine] = {}

    @property
    def wake_at(self) -> int | None:
        """When `due` has something next, UTC nanoseconds."""
        return min((one.wake_at for one in self.machines.values() if one.wake_at is not None), default=None)

    def due(self, now: int) -> list[Record]:
        """Deadlines that have passed: to be written down and handled like any other event."""
        return [
            Record(subject, now, ev.DeadlinePassed())
            for subject, machine in self.machines.items()
            if machine.wake_at is not None and machine.wake_at <= now
        ]

    def check(self, record: Record) -> None:
        """Say whether an event can be taken, and change nothing.

        Raises:
            MoveError, NotReadyError: as the machines say.
            SubjectError: no such message.
            RepeatedError, ConflictError: a slip that was taken before, or another under its serial.
        """
        self._machine(record).check(record.event, record.at)
        self._check_relations(record)

    def handle(self, record: Record) -> list[Command]:
        """Take one event; return the commands in order. Raises what `check` raises, and is then unchanged."""
        self.check(record)
        machine = self._machine(record)
        commands = machine.handle(record.event, record.at)
        self.machines[record.subject] = machine
        match record.event:
            case gv.SlipAccepted(message):
                self.serials.arrive(message.serial, message.digest().hex())
            case ev.SealOrdered() if isinstance(machine, Taking) and machine.message:
                commands += self._answered(machine.message, record.at)
        return commands

    def sealed(self) -> Iterator[Message]:
        """Messages sealed here."""
        return (one.message for one in self.machines.values() if isinstance(one, Taking) and one.message)

    def taking_of(self, serial: Serial) -> str:
        """The subject of a message sealed here.

        Raises:
            SubjectError: none has this serial.
        """
        for subject, machine in self.machines.items():
            if isinstance(machine, Taking) and machine.message and machine.message.serial == serial:
                return subject
        raise SubjectError(f"no message {serial} was sealed here")

    def crossing(self, subject: str) -> tuple[Serial, ...]:
        """Messages that somebody should know of before this one is sealed, carried or said.

        For one being taken: what has arrived for its originator and was not given to him yet. For one being given:
        what cites it and arrived later, and what the addressee's side has sealed since.

        Raises:
            SubjectError: no such message.
        """
        machine = self.machines.get(subject)
        if machine is None:
            raise SubjectError(f"no message {subject[:60]!r}")
        if isinstance(machine, Taking):
            return tuple(self._unread(machine))
        return tuple(self._overtaking(machine.message)) if machine.message else ()

    def _unread(self, taking: Taking) -> Iterator[Serial]:
        for other in self._givings():
            if other.state in _UNREAD and other.message and taking.opened and _is_near(other.message, taking):
                yield other.message.serial

    def _overtaking(self, message: Message) -> Iterator[Serial]:
        arrived = (other.message for other in self._givings() if other.message)
        yield from (one.serial for one in arrived if one.cites == message.serial)
        same_mode = (own for own in self.sealed() if own.serial.exercise == message.serial.exercise)
        others = (own for own in same_mode if own.cites != message.serial)
        yield from (own.serial for own in others if moment(own.dtg) > moment(message.dtg))

    def _givings(self) -> Iterator[Giving]:
        return (one for one in self.machines.values() if isinstance(one, Giving))

    def _machine(self, record: Record) -> Machine:
        """The machine an event is for; a new one, not yet among the others, for an event that begins a message."""
        subject, event = record.subject, record.event
        known = self.machines.get(subject)
        match event:
            case ev.Opened() if known is None:
                if not _TAKING.fullmatch(subject):
                    raise SubjectError(f"subject {subject[:60]!r}, expected taking/ and a short name")
                return Taking(self.serials)
            case gv.SlipAccepted(message):
                return self._arriving(subject, message)
        if known is None:
            raise SubjectError(f"no message {subject[:60]!r}")
        return known

    def _arriving(self, subject: str, message: Message) -> Giving:
        if subject != giving_subject(message.serial):
            raise SubjectError(f"subject {subject[:60]!r}, expected {giving_subject(message.serial)}")
        match self.serials.look(message.serial, message.digest().hex()):
            case Arrival.REPEATED:
                raise RepeatedError(f"{message.serial} was taken before")
            case Arrival.CONFLICT:
                raise ConflictError(f"{message.serial} was taken before with another content")
        return Giving()

    def _check_relations(self, record: Record) -> None:
        event = record.event
        match event:
            case ev.Opened(side=side, cites=cites):
                if side != self.side:
                    raise NotReadyError((Blocker.STATED, f"from {side}, this station serves {self.side}"))
                if cites is not None and not self._is_known(cites):
                    raise NotReadyError((Blocker.STATED, f"cites {cites}, which is not known here"))
            case gv.SlipAccepted(message) if message.to_side != self.side:
                raise NotReadyError((Blocker.STATED, f"to {message.to_side}, this station serves {self.side}"))
            case ev.SealOrdered() | ev.SlipCarried() | gv.RelayStarted() if record.subject in self.machines:
                self._check_crossing(record.subject)

    def _check_crossing(self, subject: str) -> None:
        unseen = [serial for serial in self.crossing(subject) if serial not in self.machines[subject].newer]
        if unseen:
            raise NotReadyError((Blocker.NEWER, ", ".join(map(str, unseen))))

    def _is_known(self, serial: Serial) -> bool:
        return giving_subject(serial) in self.machines or any(own.serial == serial for own in self.sealed())

    def _answered(self, message: Message, now: int) -> list[Command]:
        """Tell the message that a sealed reply answers; one that is closed already needs nothing."""
        answered = self.machines.get(giving_subject(message.cites)) if message.cites else None
        event = gv.ReplyTaken(message.serial, message.cites) if message.cites else None
        if message.kind is not Kind.REPLY or event is None or not isinstance(answered, Giving):
            return []
        after = (GivingState.RECEIPTED, GivingState.ACKNOWLEDGED)
        return answered.handle(event, now) if answered.state in after else []

    def open_messages(self) -> dict[str, Machine]:
        """Messages without an outcome, for the hand-over of a watch."""
        return {subject: one for subject, one in self.machines.items() if one.outcome is Outcome.OPEN}

    def snapshot(self) -> dict[str, Value]:
        """Everything that is known, in canonical values: equal for equal states."""
        return {
            "side": self.side,
            "missing": [str(serial) for serial in self.serials.missing()],
            "machines": {
                subject: {name: plain(value) for name, value in vars(machine).items() if name != "_serials"}
                for subject, machine in self.machines.items()
            },
        }


def _is_near(message: Message, taking: Taking) -> bool:
    """Whether an unread message is of the same mode and not the one being answered."""
    opened = taking.opened
    return opened is not None and opened.exercise == message.serial.exercise and opened.cites != message.serial


def replay(side: str, entries: Iterable[Entry | Record]) -> Relay:
    """The state after a ledger's entries, or after any beginning of them. Entries of other kinds are passed over.

    Raises:
        RecordError: an entry of our kind that is not one.
        MoveError, NotReadyError, SubjectError, RepeatedError, ConflictError: an entry that was never taken; the
            record is not this station's.
    """
    relay = Relay(side)
    for entry in entries:
        record = entry if isinstance(entry, Record) else from_entry(entry)
        if record is not None:
            relay.handle(record)
    return relay
