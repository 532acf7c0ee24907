"""What can be done for a message as it stands: every act of its state, and for each what is still in its way.

Pure. It asks the machines by a dry run and decides nothing: an act that needs fields is tried with plausible ones, and
what a field can be is listed where the machine is choosy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.base.errors import MoveError, Theirs
from bridge.base.wire import Value
from bridge.desk.acts import ALLOWED, SLIP_TYPED
from bridge.desk.owed import PARTS, allowed
from bridge.desk.scene import Scene
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.commands import Blocker, NotReadyError
from bridge.relay.events import Event
from bridge.relay.giving import Giving
from bridge.relay.giving_events import Match, Part
from bridge.relay.records import Record
from bridge.relay.replay import Machine, Relay
from bridge.relay.returns import Outcome, Person, ReplyState
from bridge.relay.spans import Span
from bridge.relay.taking import Taking

SOMEBODY = "-"
"""Stands for a person who has done nothing to this message yet."""
_PERSON = Person(SOMEBODY, SOMEBODY)
_SPAN = Span(SOMEBODY, 0, 1)
_BY_ALONE: tuple[type[Event], ...] = (
    *(ev.ReadBackStarted, ev.SealOrdered, ev.SlipCarried, ev.OriginatorTold, ev.Filed, ev.NewerNoted, ev.ReleaseGiven),
    *(gv.PrincipalAsked, gv.RelayStarted, gv.RelayFinished, gv.ReadBackBegun),
)
_ENDS_PART = {gv.RelayFinished: Part.RELAY, gv.ReceiptGiven: Part.READ_BACK}
_TYPED = (ev.ReturnTaken, gv.TracerTaken)
"""Events that come in as a typed slip."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One dry run: the event, and under which choice it stands."""

    event: Event
    field: str = ""
    choice: str | int = ""


def may(relay: Relay, scene: Scene, subject: str, now: int) -> list[Value]:
    """Rows of `{"act", "blocked", "choices"?, "not_for"?}`, in the order of the state table.

    Args:
        now: UTC nanoseconds.
    """
    machine = relay.machines[subject]
    names = {kind: name for name, kind in ALLOWED.items()}
    rows: list[Value] = []
    is_slip_listed = False
    for kind in allowed(machine):
        if kind in _TYPED:
            if not is_slip_listed:
                rows.append({"act": SLIP_TYPED, "blocked": []})
            is_slip_listed = True
        elif kind in names:
            rows.append(_row(relay, scene, subject, kind, now))
    return rows


def _row(relay: Relay, scene: Scene, subject: str, kind: type[Event], now: int) -> dict[str, Value]:
    machine = relay.machines[subject]
    row: dict[str, Value] = {"act": kind.__name__, "blocked": []}
    tries = list(_tries(machine, scene, kind, SOMEBODY))
    if not tries:
        if kind in (ev.LegJoined, gv.CallAnswered):
            row["blocked"] = [{"blocker": "no-leg", "detail": ""}]
        return row
    found = [(one, _blocked(relay, subject, one.event, now)) for one in tries]
    open_ones = [one for one, blocked in found if not blocked]
    if tries[0].field:
        row["choices"] = {tries[0].field: [one.choice for one in open_ones]}
    if not open_ones:
        row["blocked"] = _plain(found[0][1])
    elif released := machine.released_by:
        again = next(_tries(machine, scene, kind, released))
        if _blocked(relay, subject, again.event, now) and not again.field:
            row["not_for"] = [released]
    return row


def _tries(machine: Machine, scene: Scene, kind: type[Event], by: str) -> Iterator[Tried]:
    """Events of a kind that could be entered; none where no field matters."""
    if kind in _BY_ALONE:
        yield Tried(kind(by))  # type: ignore[call-arg]  # all of these have the one field
    elif kind is ev.Ended:
        yield from (Tried(ev.Ended(one, SOMEBODY, by), "outcome", one.value) for one in _outcomes(machine))
    elif kind in (ev.LegJoined, gv.CallAnswered):
        yield from _legs(machine, scene, kind)
    elif isinstance(machine, Giving):
        yield from _of_giving(machine, kind, by)


def _outcomes(machine: Machine) -> Sequence[Outcome]:
    return [one for one in Outcome if one is not Outcome.OPEN]


def _legs(machine: Machine, scene: Scene, kind: type[Event]) -> Iterator[Tried]:
    known = machine.legs if isinstance(machine, Taking) else frozenset((machine.leg,))
    for leg in scene.legs.values():
        if leg.role == "side" and leg.is_up and leg.leg not in known:
            event = ev.LegJoined(leg.leg) if kind is ev.LegJoined else gv.CallAnswered(leg.contact, leg.leg)
            yield Tried(event, "leg", leg.leg)


def _of_giving(giving: Giving, kind: type[Event], by: str) -> Iterator[Tried]:
    if kind is gv.TierChosen:
        tiers = sorted({one.tier for one in giving.ladder})
        yield from (Tried(gv.TierChosen(tier, by), "tier", tier) for tier in tiers)
    elif kind is gv.ReplyStated:
        yield from (Tried(gv.ReplyStated(one, by), "reply", one.value) for one in ReplyState)
    elif kind is gv.Judged:
        yield from (Tried(gv.Judged(part, _SPAN, by), "part", part.value) for part in Part)
    elif kind is gv.CorrectedAloud:
        yield from (Tried(gv.CorrectedAloud(part, SOMEBODY, by), "part", part.value) for part in Part)
    elif kind is gv.ReceiptGiven:
        yield Tried(gv.ReceiptGiven(_PERSON, by))
    elif kind is gv.PersonNamed:
        yield Tried(gv.PersonNamed(_PERSON, "", by))
    elif kind is gv.Acknowledged:
        yield Tried(gv.Acknowledged(_PERSON, SOMEBODY, True, by))


_Blocked = Sequence[tuple[str, str]]


def _blocked(relay: Relay, subject: str, event: Event, now: int) -> _Blocked:
    """What is in the way; the names of the machines' own blockers, or an error's code."""
    try:
        relay.check(Record(subject, now, event))
    except NotReadyError as error:
        found = [(one.value, detail) for one, detail in error.blocked]
        return [one for one in found if not _is_compared_first(relay.machines[subject], event, one)]
    except (MoveError, Theirs) as error:
        return [(error.code, str(error))]
    return []


def _is_compared_first(machine: Machine, event: Event, blocked: tuple[str, str]) -> bool:
    """Whether the act itself has this part compared in full before it is taken: nothing is open before that."""
    part = _ENDS_PART.get(type(event))
    if part is None or blocked != (Blocker.NOT_COMPARED.value, part.value) or not isinstance(machine, Giving):
        return False
    found = machine.said.comparison(part)
    open_difference = found is not None and (found.is_complete or found.match is Match.ALTERED)
    return PARTS.get(machine.state) is part and not open_difference


def _plain(blocked: _Blocked) -> list[Value]:
    return [{"blocker": name, "detail": detail} for name, detail in blocked]
