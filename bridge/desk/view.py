"""Everything that the page shows of a station, as named sections: line, alarms, legs, captions, messages, duty.

Pure: picture, messages and time in, plain values out. It remembers what is dear to make anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.base.clock import parse_utc
from bridge.base.dialplan import Dialplan
from bridge.base.wire import Value
from bridge.desk.alarms import Alarms, Look
from bridge.desk.picture import Ladder, LegPicture, Picture
from bridge.desk.view_message import Shelf, message
from bridge.relay.agreed import Agreed, agreed
from bridge.relay.remarks import Warned, remarks
from bridge.relay.replay import Machine, Relay
from bridge.relay.returns import Outcome

CLOSED_KEPT = 20
"""Messages that have ended stay on the page until so many newer ones have, too."""


@dataclass(slots=True)
class View:
    """Owned by the thread that owns picture and messages."""

    plan: Dialplan
    side: str
    _closed: dict[str, dict[str, Value]] = field(default_factory=dict)
    """Sections of messages that change no more."""
    _open: dict[str, Value] = field(default_factory=dict)
    """Sections of all messages as they were made last."""
    _made_at: tuple[object, ...] = ()
    _agreed: Agreed = field(init=False)
    _remarks: dict[str, list[Warned]] = field(default_factory=dict)
    _remarked_at: tuple[Relay, int] | None = None

    def __post_init__(self) -> None:
        self._agreed = agreed(self.plan)

    def sections(
        self, picture: Picture, shelf: Shelf, alarms: Alarms, look: Look, duty: Mapping[str, Value], now_ns: int
    ) -> dict[str, Value]:
        """All sections as things stand.

        Args:
            now_ns: UTC nanoseconds.
        """
        machines = shelf.relay.machines
        found: dict[str, Value] = {"station": self._station(picture, look), "duty": dict(duty)}
        found |= {f"leg/{name}": self._leg(leg) for name, leg in picture.legs.items()}
        found |= {f"ladder/{call}": _ladder(call, ladder) for call, ladder in picture.ladders.items()}
        found |= picture.words.sections
        found |= alarms.sections(picture, machines, look, now_ns)
        return found | self._messages(picture, shelf, now_ns)

    def forget(self) -> None:
        """The messages were read anew."""
        self._closed.clear()
        self._made_at = ()
        self._remarked_at = None

    def _messages(self, picture: Picture, shelf: Shelf, now_ns: int) -> dict[str, Value]:
        """Messages change with an entry of the desk, who is on the line, and how far what is said has come."""
        said = ((subject, one.event.part, one.spoken_until) for subject, one in shelf.spoken.items())
        state = shelf.seq, *said, *((leg.leg, leg.state, leg.call) for leg in picture.legs.values())
        if state != self._made_at:
            self._made_at, self._open = state, {}
            for subject in _on_page(shelf.relay.machines):
                self._open[f"message/{subject}"] = self._message(shelf, subject, now_ns)
                self._open[f"asked/{subject}"] = dict(shelf.shown.get(subject, {}))
        return self._open

    def _message(self, shelf: Shelf, subject: str, now_ns: int) -> dict[str, Value]:
        known = self._closed.get(subject)
        if known is None:
            remarked = self._remarked(shelf).get(subject, [])
            known = {**message(shelf, subject, now_ns), "remarks": [*remarked]}
            if shelf.relay.machines[subject].outcome is not Outcome.OPEN:
                self._closed[subject] = known
        return known

    def _remarked(self, shelf: Shelf) -> dict[str, list[Warned]]:
        """What is measured in messages changes with an entry only, and not with each word that is said."""
        if self._remarked_at != (shelf.relay, shelf.seq):
            self._remarked_at = shelf.relay, shelf.seq
            self._remarks = remarks(shelf.relay, self._agreed, self.plan.side(self.side).line_language)
        return self._remarks

    def _station(self, picture: Picture, look: Look) -> dict[str, Value]:
        far: Value = None if picture.far_desk is None else {**picture.far_desk}
        return {
            "theatre": self.plan.theatre,
            "side": self.side,
            "exercise": self.plan.exercise,
            "line": "up" if look.line_listens and picture.line == "started" else "down",
            "trunk": picture.trunk,
            "trunk_since": picture.trunk_since,
            "ledger": look.trouble or "ok",
            "ledger_entries": look.entries,
            "disk_days": look.disk_days,
            "clock": look.clock.value,
            "last_call_utc": picture.last_call_utc,
            "far_desk": far,
        }

    def _leg(self, leg: LegPicture) -> dict[str, Value]:
        return {
            "leg": leg.leg,
            "call": leg.call,
            "role": leg.role,
            "contact": leg.contact,
            "contact_name": self._name(leg.contact),
            "state": leg.state,
            "since": leg.since,
            "precedence": leg.precedence,
            "health": leg.health,
            "holds": leg.holds,
            "muted": leg.muted,
            "language": leg.language,
            "rate_hz": leg.rate_hz,
            "t0_utc": leg.t0_utc,
            "t0_ns": str(parse_utc(leg.t0_utc)) if leg.t0_utc else "",
            "outcome": leg.outcome,
        }

    def _name(self, contact: str) -> Value:
        """A contact's display name in the three languages; null for one that the dialplan does not know."""
        found = next((one for one in self.plan.side(self.side).contacts if one.id == contact), None)
        return None if found is None else {language: found.name.of(language) for language in ("en", "ar", "fa")}


def _ladder(call: str, ladder: Ladder) -> dict[str, Value]:
    return {"call": call, "tier": ladder.tier, "attempts": [*ladder.attempts], "result": ladder.result}


def _on_page(machines: Mapping[str, Machine]) -> list[str]:
    """All that are open, and the newest that have ended."""
    ended = [subject for subject, one in machines.items() if one.outcome is not Outcome.OPEN]
    left = set(ended[: max(0, len(ended) - CLOSED_KEPT)])
    return [subject for subject in machines if subject not in left]
