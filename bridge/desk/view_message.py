"""The section of one message: its machine's state in the words of the page, beside what the record says of it.

Pure, and the same for the same record: a restart in between shows nothing else. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bridge.base.clock import utc_text
from bridge.base.wire import Value
from bridge.desk.scene import Scene
from bridge.desk.spoken import Spoken
from bridge.desk.trail import SHOWN, Way
from bridge.desk.view_may import may
from bridge.relay.checkwords import LIST_LANGUAGES
from bridge.relay.events import HeaderField, Slot
from bridge.relay.giving import Giving
from bridge.relay.giving_events import Part
from bridge.relay.message import NONE, Message
from bridge.relay.precedence import Deadline
from bridge.relay.records import plain
from bridge.relay.replay import Machine, Relay, giving_subject
from bridge.relay.returns import NOBODY, Return
from bridge.relay.sealed_text import NOT_STATED
from bridge.relay.slip import check_words, render
from bridge.relay.spans import Span, uncovered, union
from bridge.relay.taking import Taking
from bridge.relay.taking_states import State as TakingState

_READ = {TakingState.READING: "being-said", TakingState.AWAITING: "said", TakingState.CONFIRMED: "confirmed"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a section is made from."""

    relay: Relay
    scene: Scene
    ways: Mapping[str, Way]
    shown: Mapping[str, Mapping[str, Value]]
    """The last command of each kind, by subject."""
    seq: int = 0
    """Of the desk's last entry: messages change with none but it."""
    spoken: Mapping[str, Spoken] = field(default_factory=dict)
    """How far what is being said has come, by subject; only what is news of it is an entry."""


def message(shelf: Shelf, subject: str, now: int) -> dict[str, Value]:
    """One section.

    Args:
        now: UTC nanoseconds; only what is allowed may depend on it.
    """
    machine, way = shelf.relay.machines[subject], shelf.ways.get(subject, Way())
    own = _taking(machine) if isinstance(machine, Taking) else _giving(machine, way, shelf)
    newer = [str(serial) for serial in machine.newer]
    return {
        **_NOTHING,
        "subject": subject,
        "state": machine.state.value,
        "outcome": machine.outcome.value,
        "slots": _slots(machine, way),
        "released_by": machine.released_by,
        "night_mode": machine.night_mode_by,
        "newer": {"serials": [*newer], "noted": machine.newer_noted},
        "deadlines": _deadlines(machine),
        "may": may(shelf.relay, shelf.scene, subject, now),
        "history": [step.value() for step in way.steps[-SHOWN:]],
        **own,
        **_slips(machine, way, shelf.shown.get(subject, {})),
    }


_NOTHING: dict[str, Value] = dict.fromkeys(
    (
        *("kind", "precedence", "serial", "cites", "language", "leg", "header", "draft", "slots", "coverage"),
        *("read_back", "confirmed", "sealed", "ladder", "tier", "contact", "person", "parity", "parts", "receipt"),
        *("acknowledged", "reply", "return_slip", "identity", "attempts", "principal_asked_by"),
    )
) | {"legs": [], "heard": [], "warnings": [], "tracers": [], "exercise": False}
"""Every key is there in every section, null where it has no meaning."""


def deadline_of(machine: Machine) -> Deadline | None:
    """The running deadline. The machines keep it to themselves because nobody else moves it; here it is shown."""
    found = vars(machine)["_deadline"]
    return found if isinstance(found, Deadline) else None


def _deadlines(machine: Machine) -> list[Value]:
    late = deadline_of(machine)
    if late is None:
        return []
    at, since = utc_text(late.at(machine.limits)), utc_text(late.since)
    return [{"hop": late.hop.value, "at_utc": at, "since_utc": since, "passed": late.passed}]


def _slots(machine: Machine, way: Way) -> Value:
    if machine.slots is None:
        return None
    done = machine.checked if isinstance(machine, Taking) else machine.said.ticked
    return [_slot(slot, way.ticks.get(slot.id, "heard") if slot.id in done else "open") for slot in machine.slots]


def _slot(slot: Slot, state: str) -> Value:
    return {"id": slot.id, "kind": slot.kind, "text": slot.text, "state": state}


def _spans(spans: Iterable[Span]) -> list[Value]:
    return [plain(span) for span in spans]


def _sealed(sealed: Message) -> dict[str, Value]:
    return {
        "text": sealed.text,
        "sha256": sealed.digest().hex(),
        "check_words": {language: list(check_words(sealed, language)) for language in LIST_LANGUAGES},
        "dtg": sealed.dtg,
        "serial": str(sealed.serial),
        "slip": render(sealed),
    }


# -- taking --------------------------------------------------------------------------------------------------------


def _taking(taking: Taking) -> dict[str, Value]:
    opened = taking.opened
    assert opened is not None  # a machine is kept only once a message was opened
    draft = taking.drafts[-1] if taking.drafts else None
    return {
        "half": "taking",
        "kind": opened.kind.value,
        "precedence": taking.precedence.value,
        "serial": str(taking.message.serial) if taking.message else None,
        "cites": str(opened.cites) if opened.cites else None,
        "exercise": opened.exercise,
        "language": opened.language,
        "leg": opened.leg,
        "legs": [*sorted(taking.legs)],
        "header": {field.value: taking.header.get(field) for field in HeaderField},
        "identity": taking.identity.value,
        "draft": None
        if draft is None
        else {"version": draft.version, "text": draft.text, "sealable": taking.text, "by": draft.by},
        "heard": [plain(one) for one in taking.heard],
        "coverage": {
            "wanted": _spans(union(taking.marked)),
            "played": _spans(union(taking.played)),
            "missing": _spans(uncovered(taking.marked, taking.played)),
            "permille": taking.coverage_permille,
        },
        "read_back": _read_back(taking),
        "confirmed": plain(taking.confirmed),
        "sealed": _sealed(taking.message) if taking.message else None,
        "warnings": _warnings(taking),
    }


def _read_back(taking: Taking) -> Value:
    state = _READ.get(taking.state, "confirmed" if taking.message else "none")
    return {"state": state, "text": "" if state == "none" else taking.text}


def _warnings(taking: Taking) -> list[Value]:
    detail = {"newer": ", ".join(map(str, taking.newer)), "split": str(len(taking.slots or ()))}
    return [{"code": one.value, "detail": detail.get(one.value, "")} for one in taking.notices()]


# -- giving --------------------------------------------------------------------------------------------------------


def carried(sealed: Message) -> dict[str, Value]:
    """What a message that came by its slip says of itself, wherever it is shown."""
    return {
        "half": "giving",
        "kind": sealed.kind.value,
        "precedence": sealed.precedence.value,
        "serial": str(sealed.serial),
        "cites": str(sealed.cites) if sealed.cites else None,
        "language": sealed.language,
    }


def _giving(giving: Giving, way: Way, shelf: Shelf) -> dict[str, Value]:
    sealed = giving.message
    assert sealed is not None  # a machine is kept only once a slip was accepted
    here = shelf.scene.legs.get(giving.leg)
    spoken = shelf.spoken.get(giving_subject(sealed.serial))
    return {
        **carried(sealed),
        "exercise": sealed.serial.exercise,
        "leg": giving.leg or None,
        "legs": [giving.leg] if giving.leg else [],
        "header": _header(sealed),
        "identity": sealed.identity.value,
        "sealed": _sealed(sealed),
        "warnings": [{"code": "newer", "detail": ", ".join(map(str, giving.newer))}] if giving.newer else [],
        "ladder": plain(giving.ladder),
        "attempts": plain(giving.attempts),
        "tier": giving.tier,
        "contact": here.contact if here is not None else None,
        "person": plain(giving.person) if giving.person != NOBODY else None,
        "principal_asked_by": giving.principal_asked_by,
        "parity": plain(giving.parity),
        "parts": {part.value: _part(giving, part, way, spoken) for part in Part},
        "receipt": _done(way, "ReceiptGiven", person=plain(giving.heard_by)) if giving.heard_by != NOBODY else None,
        "acknowledged": None
        if giving.acknowledged is None
        else _done(
            way,
            "Acknowledged",
            person=plain(giving.acknowledged.person),
            authority=giving.acknowledged.authority,
            authorised=giving.acknowledged.is_authorised,
        ),
        "reply": {
            "state": giving.reply.value,
            "serial": str(giving.reply_serial) if giving.reply_serial else None,
        },
    }


def _header(sealed: Message) -> dict[str, Value]:
    who = sealed.originator
    stated = (who.name, who.role, who.authority, who.rank, who.tier, sealed.addressee, sealed.reply, sealed.coded)
    pairs = zip(HeaderField, stated, strict=True)
    return {field.value: None if value in (NOT_STATED, NONE) else value for field, value in pairs}


def _part(giving: Giving, part: Part, way: Way, spoken: Spoken | None) -> Value:
    """A comparison as it stands; null where nothing was compared or it counts no longer."""
    compared = giving.said.comparison(part)
    if compared is None:
        return None
    found = way.found.get(part.value, {})
    until = found.get("spoken_until", 0)
    if spoken is not None and spoken.event.part is part and not compared.is_complete:
        until = spoken.spoken_until
    return {
        "match": compared.match.value,
        "complete": compared.is_complete,
        "spoken_until": until,
        "findings": found.get("findings", []),
        "judged": any(one.part is part for one in giving.said.judged),
    }


def _done(way: Way, act: str, **fields: Value) -> dict[str, Value]:
    step = way.last(act)
    return {**fields, "by": step.person if step else "", "utc": step.utc if step else ""}


def _slips(machine: Machine, way: Way, shown: Mapping[str, Value]) -> dict[str, Value]:
    """The last return slip, the one given back or the one taken, and the tracers sent or taken."""
    last = machine.returns[-1] if machine.returns else None
    tracer = shown.get("SendTracer")
    sent: list[Value] = [{"number": _number(tracer), "text": tracer.get("text")}] if isinstance(tracer, dict) else []
    told: dict[str, Value] = {"told": machine.told} if isinstance(machine, Taking) else {}
    return {
        "return_slip": None if last is None else {**_return(last), **told},
        "tracers": [*way.tracers, *sent],
    }


def _number(tracer: Mapping[str, Value]) -> Value:
    inner = tracer.get("tracer")
    return inner.get("number") if isinstance(inner, dict) else None


def _return(slip: Return) -> dict[str, Value]:
    return {**slip.fields(), "slip": render(slip)}
