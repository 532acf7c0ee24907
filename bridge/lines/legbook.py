"""All legs of one line: turns what happened to a dialog into entries and orders, and remembers which legs ended.

It runs the leg machines and names the legs. Who hears whom is `exchange`'s, who may call `admission`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from bridge.base.errors import MoveError
from bridge.base.terms import Outcome, Precedence, Role
from bridge.base.wire import Value
from bridge.lines import leg as machine
from bridge.lines.admission import RESERVED, SLOTS
from bridge.lines.events import (
    Admitted,
    Answer,
    CallerOffered,
    Forget,
    Invite,
    OpenTrack,
    Order,
    Release,
    Write,
)
from bridge.lines.ladder import Rung


@dataclass(slots=True)
class LegRecord:
    """One leg and what is known about it. Changed by the book alone."""

    name: str
    call: str
    """The call it belongs to now; an operator may be moved."""
    role: Role
    precedence: Precedence
    rung: Rung | None
    """Where it was dialled; None if the far end called."""
    machine: machine.Leg
    began_at: float
    has_rung: bool = False
    """Its far end said that it rings."""
    release: Release | None = None
    """How we ended it, if we did: status and reason for the wire."""


@dataclass(frozen=True, slots=True)
class Over:
    """A leg has ended; the exchange that owns it must hear of it."""

    record: LegRecord
    outcome: Outcome


class LegBook:
    """Owned by the board, one thread."""

    def __init__(self, language: str, half_open_s: float) -> None:
        self._language = language
        self._half_open_s = half_open_s
        self._legs: dict[str, LegRecord] = {}
        self._numbers: dict[tuple[str, Role], int] = {}
        self.over: list[Over] = []
        """Legs that ended and have not been told to their exchange; the board empties it."""

    def __contains__(self, name: str) -> bool:
        return name in self._legs

    def __len__(self) -> int:
        """Slots in use."""
        return len(self._legs)

    def get(self, name: str) -> LegRecord | None:
        return self._legs.get(name)

    def has_legs(self, call: str) -> bool:
        return any(record.call == call for record in self._legs.values())

    def has_operator_of(self, call: str) -> bool:
        return any(record.call == call and record.role is Role.OPERATOR for record in self._legs.values())

    @property
    def has_operator(self) -> bool:
        """A slot is an operator's, be he only rung or just leaving."""
        return any(record.role is Role.OPERATOR for record in self._legs.values())

    @property
    def has_room(self) -> bool:
        return len(self._legs) < SLOTS

    @property
    def has_room_for_operator(self) -> bool:
        """One operator always has a place; a second one not in the slot kept for a higher precedence."""
        return len(self._legs) < (SLOTS - RESERVED if self.has_operator else SLOTS)

    def move(self, name: str, to_call: str) -> list[Order]:
        """The leg belongs to another call from now on."""
        record = self._legs[name]
        moved = Write("LegMoved", {"leg": name, "from_call": record.call, "to_call": to_call})
        record.call = to_call
        return [moved]

    @property
    def wake_at(self) -> float | None:
        return min((r.machine.wake_at for r in self._legs.values() if r.machine.wake_at is not None), default=None)

    def offered(self, call: str, role: Role, precedence: Precedence, offer: CallerOffered, now: float) -> _Made:
        """Take an admitted INVITE in as a new leg of `call`."""
        record = self._new(call, role, precedence, None, now)
        invited = Write(
            "Invited",
            {
                "call": call,
                "leg": record.name,
                "role": role.value,
                "precedence": precedence.value,
                "source": offer.source,
                "user": offer.user or "",
                "sip_call_id": offer.sip_call_id,
            },
        )
        orders = self._step(record, machine.Offered(), now)
        return record, [invited, Admitted(offer.ticket, record.name), *orders]

    def dial(self, call: str, role: Role, rung: Rung, precedence: Precedence, ring_s: float, now: float) -> _Made:
        """Ring one contact or handset as a new leg of `call`."""
        record = self._new(call, role, precedence, rung, now)
        dialled = Write(
            "Dialled",
            {
                "call": call,
                "leg": record.name,
                "role": role.value,
                "precedence": precedence.value,
                "contact": rung.id,
                "tier": rung.tier,
                "rung": rung.number,
            },
        )
        return record, [dialled, *self._step(record, machine.Dialled(ring_s), now)]

    def accept(self, name: str, now: float) -> list[Order]:
        return self._step(self._legs[name], machine.Accepted(self._half_open_s), now)

    def is_up(self, name: str) -> bool:
        record = self._legs.get(name)
        return record is not None and record.machine.is_up

    def joined(self, name: str, now: float) -> None:
        """A person at the desk hears this leg from now on."""
        self._step(self._legs[name], machine.Joined(), now)

    def hang_up(
        self, name: str, now: float, outcome: Outcome | None = None, *, status: int = 0, reason: str = ""
    ) -> list[Order]:
        """End a leg; harmless if it is ending or gone."""
        record = self._legs.get(name)
        if record is None or record.machine.is_over:
            return []
        record.release = Release(name, status, reason)
        return self._step(record, machine.HungUp(outcome), now)

    def alerted(self, name: str, status: int, now: float) -> list[Order]:
        record = self._legs.get(name)
        if record is not None:
            record.has_rung = True
        return self._far(name, machine.Alerted(), now, Write("Alerted", {"leg": name, "status": status}))

    def confirmed(self, name: str, now: float) -> list[Order]:
        record = self._legs.get(name)
        after_ms = 0 if record is None else round((now - record.began_at) * 1000)
        return self._far(name, machine.Confirmed(), now, Write("Answered", {"leg": name, "after_ms": after_ms}))

    def released(self, name: str, status: int, detail: str, now: float) -> list[Order]:
        return self._far(name, machine.Released(status), now, None, detail)

    def wake(self, now: float) -> list[Order]:
        orders: list[Order] = []
        for record in list(self._legs.values()):
            orders += self._translate(record, record.machine.wake(now), "own timer")
        return orders

    def _new(self, call: str, role: Role, precedence: Precedence, rung: Rung | None, now: float) -> LegRecord:
        number = self._numbers.get((call, role), 0) + 1
        self._numbers[call, role] = number
        name = f"{call}/{role.value}-{number}"
        record = LegRecord(name, call, role, precedence, rung, machine.Leg(), now)
        self._legs[name] = record
        return record

    def forget_call(self, call: str) -> None:
        """A call is over for good: its numbers are not needed any more."""
        for key in [key for key in self._numbers if key[0] == call]:
            del self._numbers[key]

    def _step(self, record: LegRecord, event: machine.Event, now: float) -> list[Order]:
        return self._translate(record, record.machine.handle(event, now), "")

    def _far(self, name: str, event: machine.Event, now: float, entry: Write | None, detail: str = "") -> list[Order]:
        """An event the far side caused: one that does not fit is written down, never our crash."""
        record = self._legs.get(name)
        if record is None:
            return []  # its last word after we closed the books: the record already says how it ended
        try:
            commands = record.machine.handle(event, now)
        except MoveError as error:
            return [Write("EventRefused", {"leg": name, "code": error.code, "event": type(event).__name__})]
        return [*([entry] if entry else []), *self._translate(record, commands, detail)]

    def _translate(self, record: LegRecord, commands: list[machine.Command], detail: str) -> list[Order]:
        orders: list[Order] = []
        for command in commands:
            match command:
                case machine.Report():
                    orders += self._report(record, command, detail)
                case machine.StartTrack():
                    orders.append(OpenTrack(record.name, record.role, self._language))
                case machine.SendInvite():
                    assert record.rung is not None
                    orders.append(Invite(record.name, record.rung.uri, record.precedence))
                case machine.SendAnswer():
                    orders.append(Answer(record.name, record.precedence))
                case _:
                    assert isinstance(command, machine.HangUp)
                    orders.append(record.release or Release(record.name))
        return orders

    def _report(self, record: LegRecord, report: machine.Report, detail: str) -> list[Order]:
        del self._legs[record.name]
        self.over.append(Over(record, report.outcome))
        ended: dict[str, Value] = {
            "call": record.call,
            "leg": record.name,
            "role": record.role.value,
            "outcome": report.outcome.value,
            "status": report.status,
            "detail": detail,
            "talk_ms": round(report.talk_s * 1000),
        }
        orders: list[Order] = [Write("LegEnded", ended), Forget(record.name)]
        if record.rung is not None and record.role is Role.SIDE:
            attempt: dict[str, Value] = {
                "call": record.call,
                "leg": record.name,
                "contact": record.rung.id,
                "tier": record.rung.tier,
                "rung": record.rung.number,
                "outcome": report.outcome.value,
                "status": report.status,
            }
            orders.insert(1, Write("AttemptEnded", attempt))
        return orders


_Made = tuple[LegRecord, list[Order]]
