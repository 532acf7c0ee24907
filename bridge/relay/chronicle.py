"""Every message of a station from its ledger: what it is, when each step began, what was found, who had it when.

Pure: entries of the desk in, chronicles out. The state is that of the machines, replayed; nothing is judged anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bridge.base.clock import utc_text
from bridge.base.wire import Entry
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.giving import Giving
from bridge.relay.giving_states import State as GivingState
from bridge.relay.message import NONE
from bridge.relay.precedence import Hop
from bridge.relay.records import Record, from_entry
from bridge.relay.replay import Machine, Relay
from bridge.relay.returns import Stage
from bridge.relay.sealed_text import NOT_STATED
from bridge.relay.taking_states import State as TakingState

_TAKING_HOPS = {TakingState.SEALED: Hop.CARRYING, TakingState.CARRIED: Hop.RETURNING}
_RECEIPTED = (GivingState.RECEIPTED, GivingState.ACKNOWLEDGED, GivingState.CLOSED)
_GIVING_HOPS = {GivingState.RECEIPTED: Hop.ACKNOWLEDGING, GivingState.ACKNOWLEDGED: Hop.REPLYING}


@dataclass(frozen=True, slots=True)
class Step:
    """A state that the message came into."""

    state: str
    utc: str


@dataclass(frozen=True, slots=True)
class Held:
    """Who had the message: one hop of its way."""

    hop: str
    since_utc: str
    until_utc: str = ""
    """Empty while it lasts."""
    passed: int = 0
    """How often its deadline passed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the last comparison of a part found."""

    part: str
    match: str
    findings: int
    is_complete: bool
    judged_by: str = ""
    """Whose ear decided where the machine was not sure."""


@dataclass(slots=True)
class Chronicle:
    """One message at this station."""

    subject: str
    half: str
    serial: str = ""
    """Empty until it is sealed."""
    kind: str = ""
    cites: str = ""
    precedence: str = ""
    from_side: str = ""
    to_side: str = ""
    dtg: str = ""
    originator: str = NOT_STATED
    authority: str = NOT_STATED
    coded: str = NONE
    language: str = ""
    exercise: bool = False
    state: str = ""
    outcome: str = ""
    reply: str = ""
    heard_by: str = NOT_STATED
    acknowledged_by: str = NOT_STATED
    answered_under: str = NOT_STATED
    """On whose authority it was acknowledged."""
    steps: list[Step] = field(default_factory=list)
    tracer: list[Held] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)


def chronicles(entries: Iterable[Entry]) -> list[Chronicle]:
    """All messages in the order in which they came to this station.

    Args:
        entries: the desk's own, in order; of other kinds than a message's are passed over.

    Raises:
        RecordError, MoveError, NotReadyError, SubjectError, RepeatedError, ConflictError: the record is not one that a
            station wrote.
    """
    relay: Relay | None = None
    found: dict[str, Chronicle] = {}
    for entry in entries:
        record = from_entry(entry)
        if record is None:
            continue
        if relay is None:
            relay = Relay(_side(record))
        relay.handle(record)
        _follow(found.setdefault(record.subject, _begun(record)), relay.machines[record.subject], record)
    for subject, one in found.items():
        assert relay is not None  # nothing is found without one
        _describe(one, relay.machines[subject])
    return list(found.values())


def _side(record: Record) -> str:
    """The side that the station serves, as its first message says it."""
    match record.event:
        case ev.Opened(side=side):
            return side
        case gv.SlipAccepted(message=message):
            return message.to_side
    return ""


def _begun(record: Record) -> Chronicle:
    return Chronicle(record.subject, record.subject.partition("/")[0])


def _follow(one: Chronicle, machine: Machine, record: Record) -> None:
    """Note what an event changed."""
    utc = utc_text(record.at)
    if not one.steps or one.steps[-1].state != machine.state.value:
        one.steps.append(Step(machine.state.value, utc))
    if isinstance(machine, Giving) and (machine.said.compared or machine.state not in _RECEIPTED):
        one.verdicts = _verdicts(machine)  # a talk that ends after the receipt takes nothing back
    hop = hop_of(machine)
    held = one.tracer[-1] if one.tracer and not one.tracer[-1].until_utc else None
    if held is not None and (hop is None or held.hop != hop.value):
        one.tracer[-1] = Held(held.hop, held.since_utc, utc, held.passed)
        held = None
    if held is None and hop is not None:
        one.tracer.append(Held(hop.value, utc))
    elif held is not None and isinstance(record.event, ev.DeadlinePassed):
        one.tracer[-1] = Held(held.hop, held.since_utc, "", held.passed + 1)


def hop_of(machine: Machine) -> Hop | None:
    """What is being waited for; None once the message has its outcome."""
    if isinstance(machine, Giving):
        return None if machine.state is GivingState.CLOSED else _GIVING_HOPS.get(machine.state, Hop.GIVING)
    if machine.state is TakingState.CLOSED:
        return None
    if machine.state is TakingState.RETURNED:
        waits = machine.told and machine.returns[-1].stage is not Stage.CLOSED
        return Hop.RETURNING if waits else Hop.TELLING
    return _TAKING_HOPS.get(machine.state, Hop.TAKING)


def _describe(one: Chronicle, machine: Machine) -> None:
    """What the machine says at the end of the record."""
    one.state, one.outcome = machine.state.value, machine.outcome.value
    if isinstance(machine, Giving):
        one.heard_by, one.reply = machine.heard_by.name, machine.reply.value
        if machine.acknowledged is not None:
            one.acknowledged_by = machine.acknowledged.person.name
            one.answered_under = machine.acknowledged.authority
    elif machine.opened is not None:
        opened = machine.opened
        one.kind, one.precedence, one.language = opened.kind.value, machine.precedence.value, opened.language
        one.from_side, one.to_side, one.exercise = opened.side, opened.to_side, opened.exercise
        one.cites = str(opened.cites) if opened.cites else ""
        if machine.returns:
            last = machine.returns[-1]
            one.heard_by, one.acknowledged_by, one.reply = (
                last.heard_by.name,
                last.acknowledged_by.name,
                last.reply.value,
            )
    message = machine.message
    if message is not None:
        one.serial, one.dtg, one.coded = str(message.serial), message.dtg, message.coded
        one.kind, one.precedence, one.language = message.kind.value, message.precedence.value, message.language
        one.from_side, one.to_side, one.exercise = message.serial.side, message.to_side, message.serial.exercise
        one.cites = str(message.cites) if message.cites else ""
        one.originator, one.authority = message.originator.name, message.originator.authority


def _verdicts(giving: Giving) -> list[Verdict]:
    judged = {each.part: each.by for each in giving.said.judged}
    return [
        Verdict(each.part.value, each.match.value, each.findings, each.is_complete, judged.get(each.part, ""))
        for each in giving.said.compared
    ]
