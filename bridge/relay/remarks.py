"""What an operator is shown beside a message: its positions measured, jumps, parity, how fixed words are said.

Made anew from the messages each time it is asked for; nothing of it is kept and nothing of it stops anything. Warnings
are plain values with a `kind`:

    position    a point: its forms, distance and bearing from the agreed point, whether two forms agree
    jump        an object is farther from its last report than agreed
    parity      the officer on the line is not of the originator's standing
    coded       what is said of a coded text in the line's language, or why it cannot be
    say-as      how a fixed name, term or form of address is said in the line's language
    return      who gave what the last return slip says, in what role, on whose authority; what he did not state
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import cast

from bridge.base.clock import NS
from bridge.base.dialplan_messages import Locked, Names
from bridge.base.wire import Value
from bridge.relay import positions
from bridge.relay.agreed import Agreed
from bridge.relay.authority import doubts
from bridge.relay.coded import CodedError
from bridge.relay.giving import Giving
from bridge.relay.giving_states import State as GivingState
from bridge.relay.locked import find
from bridge.relay.message import NONE, Kind, Message, utc_s
from bridge.relay.positions import Reports
from bridge.relay.ranks import Judgement
from bridge.relay.replay import Machine, Relay
from bridge.relay.returns import Return
from bridge.relay.sightings import Sighting, sightings
from bridge.relay.taking import Taking

Warned = dict[str, Value]
_SUPERSEDES = (Kind.CORRECTION, Kind.CANCELLATION)


def remarks(relay: Relay, agreed: Agreed, language: str) -> dict[str, list[Warned]]:
    """Warnings of every message that has some, by subject.

    Args:
        language: spoken on this station's line.
    """
    found = {subject: list(_of(machine, agreed, language)) for subject, machine in relay.machines.items()}
    for subject, jump in _jumps(relay, agreed):
        found[subject].append(jump)
    return {subject: warned for subject, warned in found.items() if warned}


def with_warnings(relay: Relay, agreed: Agreed, language: str) -> dict[str, Value]:
    """All that is known of the messages, each with its warnings beside it."""
    state = relay.snapshot()
    warned = remarks(relay, agreed, language)
    machines = cast(dict[str, dict[str, Value]], state["machines"])
    for subject, machine in machines.items():
        machine["warnings"] = cast(list[Value], warned.get(subject, []))
    return state


def _of(machine: Machine, agreed: Agreed, language: str) -> Iterator[Warned]:
    text, spoken = _text(machine)
    for one in _seen(text, spoken, agreed):
        yield _position(one, agreed)
    if isinstance(machine, Giving):
        if machine.message is not None:
            yield from _of_giving(machine, machine.message, agreed, language)
    elif machine.returns:
        yield _return(machine.returns)


def _return(slips: Sequence[Return]) -> Warned:
    last = slips[-1]
    given: Warned = {"by": last.given_by.name, "role": last.given_by.role, "authority": last.authority}
    said: Warned = {"number": last.number, "stage": last.stage.value, "outcome": last.outcome.value}
    return {"kind": "return", **said, **given, "doubts": [one.value for one in doubts(slips)]}


def _text(machine: Machine) -> tuple[str, str]:
    """The words of a message and their language, sealed or not."""
    if isinstance(machine, Giving):
        return (machine.message.text, machine.message.language) if machine.message else ("", "")
    return (machine.text, machine.opened.language) if machine.opened else ("", "")


def _seen(text: str, language: str, agreed: Agreed) -> tuple[Sighting, ...]:
    return _remembered(text, language, tuple(one.model_dump_json() for one in agreed.locked if one.kind == "object"))


@functools.lru_cache(maxsize=1024)
def _remembered(text: str, language: str, objects: tuple[str, ...]) -> tuple[Sighting, ...]:
    """A text says the same each time it is asked for."""
    return tuple(sightings(text, language, [Locked.model_validate_json(one) for one in objects]))


def _position(one: Sighting, agreed: Agreed) -> Warned:
    warned: Warned = {"kind": "position", "forms": list(one.forms), "name": one.name, "chars": list(one.chars)}
    if one.position is None:
        return {**warned, "problem": one.problem}
    if one.agreement is not None:
        warned |= {"agrees": one.agreement.agrees, "apart_m": one.agreement.apart_m, "reason": one.agreement.reason}
    else:
        warned |= {"agrees": None, "reason": f"in {one.position.form.value} only: ask for another form"}
    if agreed.reference is not None:
        away = positions.away(one.position, agreed.reference.position)
        measured: Warned = {"distance_m": away.distance_m, "error_m": away.error_m, "bearing_deg": away.bearing_deg}
        warned |= {"reference": _names(agreed.reference.name), **measured}
    return warned


def _names(names: Names) -> Value:
    return {"en": names.en, "ar": names.ar, "fa": names.fa}


def _of_giving(giving: Giving, message: Message, agreed: Agreed, language: str) -> Iterator[Warned]:
    parity = giving.parity
    if giving.leg and parity is not None and parity.judgement is not Judgement.FINE:
        judged: Warned = {"judgement": parity.judgement.value, "reason": parity.reason}
        yield {"kind": "parity", **judged, "offers_ladder": parity.offers_ladder}
    if giving.state is GivingState.CLOSED:
        return
    if message.coded != NONE:
        yield _coded(message, agreed, language)
    elif language != message.language:
        for place in find(message.text, (message.language,), [one for one in agreed.locked if one.kind != "code"]):
            yield {"kind": "say-as", "sealed": place.spelling, "say": place.locked.of(language)[0]}


def _coded(message: Message, agreed: Agreed, language: str) -> Warned:
    try:
        said, back = agreed.coded.to_relay(message, language), agreed.coded.to_read_back(message, language)
    except CodedError as error:
        return {"kind": "coded", "code": message.coded, "problem": str(error)}
    return {"kind": "coded", "code": message.coded, "say": said, "read_back": back}


def _jumps(relay: Relay, agreed: Agreed) -> Iterator[tuple[str, Warned]]:
    """Reports in the order of their times; one that a later message takes back counts for nobody."""
    messages = {subject: one.message for subject, one in relay.machines.items() if one.message is not None}
    gone = {one.cites for one in messages.values() if one.kind in _SUPERSEDES}
    sealed = sorted((utc_s(one.dtg), subject) for subject, one in messages.items() if one.serial not in gone)
    drafts = [
        (one.drafts[-1].at // NS, subject)
        for subject, one in relay.machines.items()
        if isinstance(one, Taking) and one.message is None and one.drafts
    ]
    reports = Reports(agreed.jump_m)
    for at, subject in (*sealed, *sorted(drafts)):
        for one in _seen(*_text(relay.machines[subject]), agreed):
            jump = reports.report(one.name, one.position, at * NS) if one.name and one.position else None
            if jump is not None:
                measured: Warned = {"apart_m": jump.apart_m, "since_s": jump.since_s, "knots": jump.knots}
                yield subject, {"kind": "jump", "name": jump.name, "forms": list(one.forms), **measured}
