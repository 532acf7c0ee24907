"""The picture of one line as the journals tell it: is it up, who is on it, what is alarming, what was heard.

It reads no file and no clock: entries go in, a picture comes out. It judges nothing; a word or state that it does not
know is shown as it stands.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from bridge.base.errors import WireError
from bridge.base.wire import Entry, Value
from bridge.desk.captions import Captions

CAPTIONS_KEPT = 200
LEGS_KEPT = 40
"""Ended legs stay in the picture until this many are there."""
LADDERS_KEPT = 8
"""Calls whose attempts are shown, the newest."""
SHOWN_ONLY = frozenset({"Partial"})
"""Kinds that are shown but not kept in the ledger: they are replaced within a second."""


@dataclass(slots=True)
class LegPicture:
    leg: str
    call: str
    role: str
    state: str
    since: str
    outcome: str = ""
    health: str = ""
    holds: bool = False
    contact: str = ""
    precedence: str = ""
    muted: bool = False
    language: str = ""
    rate_hz: int = 0
    t0_utc: str = ""
    path: str = ""
    """Of its recording, below the folder of recordings; empty while there is none."""


@dataclass(slots=True)
class Ladder:
    """How the contacts of one call were tried."""

    tier: int = 0
    attempts: list[dict[str, Value]] = field(default_factory=list)
    result: str = ""

    def end(self, contact: str, outcome: str, status: Value) -> None:
        """Say how the last attempt on a contact ended; one that talked has ended twice and stands once."""
        ended: dict[str, Value] = {"contact": contact, "outcome": outcome, "status": status}
        for at in range(len(self.attempts) - 1, -1, -1):
            if self.attempts[at]["contact"] == contact:
                self.attempts[at] = ended
                return
        self.attempts.append(ended)


@dataclass(slots=True)
class Caption:
    leg: str
    utterance: str
    text: str
    language: str
    is_final: bool
    utc: str


@dataclass(slots=True)
class Picture:
    """Owned by the thread that follows the journals; `snapshot` makes what others may have."""

    line: str = "unknown"
    """`started`, `stopped` or `unknown`, as the line's own journal says."""
    trunk: str = "unknown"
    trunk_since: str = ""
    newest_utc: str = ""
    last_call_utc: str = ""
    far_desk: dict[str, Value] | None = None
    """How the last attempt to reach somebody of the side ended."""
    legs: dict[str, LegPicture] = field(default_factory=dict)
    alarms: dict[tuple[str, str], dict[str, Value]] = field(default_factory=dict)
    captions: deque[Caption] = field(default_factory=lambda: deque(maxlen=CAPTIONS_KEPT))
    words: Captions = field(default_factory=Captions)
    ladders: dict[str, Ladder] = field(default_factory=dict)
    _languages: dict[str, str] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Add one entry. One whose fields are not what its kind promises changes nothing but the time."""
        self.newest_utc = max(self.newest_utc, entry.utc)
        try:
            self._take_line(entry)
            self._take_leg(entry)
            self._take_ladder(entry)
            self._take_words(entry)
            self.words.take(entry)
        except (WireError, ValueError):
            return  # the entry is in the ledger as it stands; a picture has no place for it

    def _take_line(self, entry: Entry) -> None:
        match entry.kind:
            case "LineStarted":
                # A new process knows nothing of the legs and alarms of the one before.
                self.line, self.trunk, self.trunk_since = "started", "unknown", entry.utc
                self.alarms.clear()
                for leg in self.legs.values():
                    if leg.state != "ended":
                        leg.state, leg.outcome = "ended", "cannot-say"
            case "LineStopped":
                self.line = "stopped"
            case "TrunkUp" | "TrunkDown":
                trunk = "up" if entry.kind == "TrunkUp" else "down"
                self.trunk_since = self.trunk_since if trunk == self.trunk else entry.utc
                self.trunk = trunk
            case "AlarmRaised":
                alarm = {name: entry.data.get(name, "") for name in ("alarm", "priority", "leg", "call")}
                self.alarms[_alarm_key(entry)] = alarm | {"utc": entry.utc}
            case "AlarmCleared":
                self.alarms.pop(_alarm_key(entry), None)

    def _take_leg(self, entry: Entry) -> None:
        match entry.kind:
            case "Invited" | "Dialled":
                self._begin_leg(entry)
            case "TrackOpened":
                self._open_track(entry)
            case "Answered":
                self._leg(entry).state = "up"
                self._leg(entry).since = entry.utc
            case "HoldStarted" | "HoldEnded":
                self._leg(entry).holds = entry.kind == "HoldStarted"
            case "LegMoved":
                self._leg(entry).call = entry.text("to_call")
            case "CommandAnswered" if entry.data.get("result") == "done":
                if (word := entry.text("command")) in ("mute", "unmute"):
                    self._leg(entry).muted = word == "mute"
            case "HealthChanged":
                self._leg(entry).health = entry.text("now")
            case "LegEnded":
                leg = self._leg(entry)
                leg.state, leg.outcome, leg.since = "ended", entry.text("outcome"), entry.utc

    def _begin_leg(self, entry: Entry) -> None:
        name = entry.text("leg")
        self.legs.pop(name, None)
        leg = LegPicture(name, entry.text("call"), entry.text("role"), "ringing", entry.utc)
        leg.contact, leg.precedence = (str(entry.data.get(one, "")) for one in ("contact", "precedence"))
        self.legs[name] = leg
        if leg.role == "side":
            self.last_call_utc = entry.utc
        self._forget_old_legs()

    def _open_track(self, entry: Entry) -> None:
        leg = self._leg(entry)
        leg.language = self._languages[leg.leg] = entry.text("language")
        leg.path = str(entry.data.get("path", ""))
        leg.rate_hz, leg.t0_utc = entry.number("rate_hz"), entry.text("t0_utc")

    def _take_ladder(self, entry: Entry) -> None:
        if entry.kind not in ("Dialled", "AttemptEnded", "LadderEnded") or entry.data.get("role") == "operator":
            return
        ladder = self.ladders.setdefault(entry.text("call"), Ladder())
        contact = entry.text("contact")
        match entry.kind:
            case "Dialled":
                ladder.tier, ladder.result = entry.number("tier") if "tier" in entry.data else ladder.tier, ""
                ladder.attempts.append({"contact": contact, "outcome": "ringing", "status": 0})
            case "AttemptEnded":
                ladder.end(contact, entry.text("outcome"), entry.data.get("status", 0))
                self.far_desk = {"contact": contact, "outcome": entry.text("outcome"), "utc": entry.utc}
            case "LadderEnded":
                ladder.result = entry.text("result")
                if contact:
                    ladder.end(contact, ladder.result, 200)
                    self.far_desk = {"contact": contact, "outcome": ladder.result, "utc": entry.utc}
        while len(self.ladders) > LADDERS_KEPT:
            del self.ladders[next(iter(self.ladders))]

    def _take_words(self, entry: Entry) -> None:
        if entry.kind not in ("Partial", "Final"):
            return
        name, utterance = entry.text("leg"), str(entry.data.get("utterance", ""))
        is_final = entry.kind == "Final"
        for caption in list(self.captions):
            if (caption.leg, caption.utterance) == (name, utterance):
                if caption.is_final and not is_final:
                    return  # a late partial never replaces a settled text
                self.captions.remove(caption)
        language = self._languages.get(name, "")
        self.captions.append(Caption(name, utterance, entry.text("text"), language, is_final, entry.utc))

    def _leg(self, entry: Entry) -> LegPicture:
        """The leg an entry speaks of; a stand-in for one that began before the picture did."""
        name = entry.text("leg")
        return self.legs.setdefault(name, LegPicture(name, name.partition("/")[0], "", "unknown", entry.utc))

    def _forget_old_legs(self) -> None:
        ended = [name for name, leg in self.legs.items() if leg.state == "ended"]
        for name in ended[: max(0, len(self.legs) - LEGS_KEPT)]:
            del self.legs[name]
            self._languages.pop(name, None)

    def snapshot(self, *, with_captions: bool) -> dict[str, Value]:
        """A copy as plain values, newest leg first."""
        legs: list[Value] = [
            {
                "leg": leg.leg,
                "call": leg.call,
                "role": leg.role,
                "state": leg.state,
                "since": leg.since,
                "outcome": leg.outcome,
                "health": leg.health,
                "holds": leg.holds,
            }
            for leg in reversed(self.legs.values())
        ]
        captions: list[Value] = [
            {"leg": c.leg, "text": c.text, "language": c.language, "final": c.is_final, "utc": c.utc}
            for c in (self.captions if with_captions else ())
        ]
        return {
            "line": self.line,
            "trunk": self.trunk,
            "newest_utc": self.newest_utc,
            "legs": legs,
            "alarms": list(self.alarms.values()),
            "captions": captions,
        }


def _alarm_key(entry: Entry) -> tuple[str, str]:
    return entry.text("alarm"), str(entry.data.get("leg", ""))
