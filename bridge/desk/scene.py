"""What line and speech have said so far, as the messages need it: who is on the line, what was heard, which keys.

Pure: entries in, looked at by `owed`. It judges nothing and forgets nothing; the same entries in the same order give
the same scene. Only partial results, which no ledger keeps, are missing after a restart.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.base.clock import NS, parse_utc
from bridge.base.errors import WireError
from bridge.base.wire import Entry

RATE_HZ = 8000
_FREES = frozenset(("LineStarted", "CallEnded", "LadderEnded", "Answered"))
"""A call has ended, a ladder too, or an operator has lifted and waits."""

CHECK_WAIT_NS = 8 * NS
"""How long the second engine is waited for. It needs 0.3 to 1.5 s; a busy host gives it little."""


@dataclass(slots=True)
class Utterance:
    from_sample: int
    to_sample: int
    text: str
    engine: str
    checked: str | None = None
    """What the second engine heard; None while it has not."""
    settled_ns: int = 0
    """When the first engine was done with it, UTC; 0 where nobody else is going to hear it."""


@dataclass(slots=True)
class LegScene:
    """One leg. Ticks count what was taken by the desk, in order."""

    leg: str
    call: str
    role: str
    contact: str = ""
    language: str = ""
    rate_hz: int = RATE_HZ
    t0_ns: int = 0
    """UTC of the first sample."""
    path: str = ""
    """Of the recording, below the folder of recordings."""
    checker: str = ""
    """The engine that hears each utterance once more; empty where none does, or where it has failed."""
    answered_tick: int = 0
    ended: str = ""
    """Outcome; empty while the leg is there."""
    finals: dict[int, Utterance] = field(default_factory=dict)
    partial: tuple[int, Utterance] | None = None
    """Number and changeable text of the utterance that goes on."""
    text_tick: int = 0
    """When what was heard last changed."""
    digits: list[tuple[int, str]] = field(default_factory=list)
    is_deaf: bool = False
    """No recogniser hears it, or one gave up on it."""

    @property
    def is_up(self) -> bool:
        return self.answered_tick > 0 and not self.ended

    def since(self, moment_ns: int) -> list[Utterance]:
        """Settled utterances that ended after a moment, in order."""
        found = (self.finals[number] for number in sorted(self.finals))
        return [one for one in found if self._ended_ns(one) > moment_ns]

    def saying_since(self, moment_ns: int) -> str:
        """Text of the utterance that goes on; empty if none does."""
        return self.partial[1].text if self.partial and self._ended_ns(self.partial[1]) > moment_ns else ""

    def unchecked_since(self, moment_ns: int, now_ns: int) -> bool:
        """Whether the second engine is still to be waited for, of utterances that ended after a moment."""
        return any(
            one.checked is None and 0 <= now_ns - one.settled_ns < CHECK_WAIT_NS
            for one in self.since(moment_ns)
            if one.settled_ns
        )

    def _ended_ns(self, one: Utterance) -> int:
        return self.t0_ns + one.to_sample * NS // self.rate_hz


@dataclass(frozen=True, slots=True)
class Attempt:
    tick: int
    contact: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What the line said to a command."""

    tick: int = 0
    result: str = ""
    call: str = ""
    code: str = ""
    detail: str = ""
    leg: str = ""


@dataclass(slots=True)
class Scene:
    """Owned by the thread that owns the relay."""

    tick: int = 0
    legs: dict[str, LegScene] = field(default_factory=dict)
    attempts: dict[str, list[Attempt]] = field(default_factory=dict)
    ladders: dict[str, tuple[int, str]] = field(default_factory=dict)
    """How the last ladder of a call ended, and when."""
    calls_ended: set[str] = field(default_factory=set)
    answers: dict[str, Answered] = field(default_factory=dict)
    """By the command's id."""
    freed_tick: int = 0
    """When the line last became able to take a call that it could not take before."""

    def take(self, entry: Entry) -> None:
        """Add one entry; one whose fields are not what its kind promises changes nothing but the tick."""
        self.tick += 1
        try:
            self._take_line(entry)
            self._take_leg(entry)
            self._take_words(entry)
        except (WireError, ValueError, KeyError):
            return  # it is in the ledger as it stands; the messages have no use for it

    def is_up(self, leg: str) -> bool:
        return leg in self.legs and self.legs[leg].is_up

    def operator_of(self, leg: str) -> LegScene | None:
        """The operator who talks with a leg."""
        known = self.legs.get(leg)
        if known is None:
            return None
        found = (one for one in self.legs.values() if one.call == known.call and one.role == "operator")
        return next((one for one in reversed(list(found)) if one.is_up), None)

    def side_up(self, call: str, after: int) -> LegScene | None:
        """The side's leg of a call that was answered after a tick and is there."""
        found = (one for one in self.legs.values() if one.call == call and one.role == "side")
        return next((one for one in found if one.is_up and one.answered_tick > after), None)

    def _take_line(self, entry: Entry) -> None:
        if entry.kind in _FREES:
            self.freed_tick = self.tick
        match entry.kind:
            case "LineStarted":
                # Legs of a process that is gone are gone, too.
                for leg in self.legs.values():
                    leg.ended = leg.ended or "cannot-say"
                    self.calls_ended.add(leg.call)
            case "CommandAnswered":
                made = (str(entry.data.get(name, "")) for name in ("call", "code", "detail", "leg"))
                self.answers[entry.text("id")] = Answered(self.tick, entry.text("result"), *made)
            case "AttemptEnded":
                attempt = Attempt(self.tick, entry.text("contact"), entry.text("outcome"))
                self.attempts.setdefault(entry.text("call"), []).append(attempt)
            case "LadderEnded":
                self.ladders[entry.text("call")] = self.tick, entry.text("result")
            case "CallEnded":
                self.calls_ended.add(entry.text("call"))
            case "LegMoved":
                self.legs[entry.text("leg")].call = entry.text("to_call")

    def _take_leg(self, entry: Entry) -> None:
        match entry.kind:
            case "Invited" | "Dialled":
                name = entry.text("leg")
                contact = str(entry.data.get("contact", ""))
                self.legs[name] = LegScene(name, entry.text("call"), entry.text("role"), contact)
            case "TrackOpened":
                leg = self._leg(entry)
                leg.language, leg.rate_hz = entry.text("language"), max(1, entry.number("rate_hz"))
                leg.t0_ns, leg.path = parse_utc(entry.text("t0_utc")), str(entry.data.get("path", ""))
            case "Answered":
                self._leg(entry).answered_tick = self.tick
            case "LegEnded":
                self._leg(entry).ended = entry.text("outcome")
            case "DigitHeard":
                self._leg(entry).digits.append((self.tick, entry.text("digit")))

    def _take_words(self, entry: Entry) -> None:
        match entry.kind:
            case "Partial":
                self._changeable(self._leg(entry), entry)
            case "Final":
                self._settled(self._leg(entry), entry)
            case "TrackFollowed":
                self._leg(entry).checker = str(entry.data.get("checker", ""))
            case "EngineFailed" if "checked" in entry.data:
                leg = self._leg(entry)
                leg.checker, leg.finals[entry.number("checked")].settled_ns = "", 0
            case "Checked":
                leg = self._leg(entry)
                leg.finals[entry.number("utterance")].checked = entry.text("text")
                leg.text_tick = self.tick
            case "NoRecognizer" | "EngineFailed" if "checked" not in entry.data:
                leg = self._leg(entry)
                leg.is_deaf, leg.partial = True, None
            case "TrackTranscribed":
                self._leg(entry).partial = None
            case "SpeechStarted":
                for leg in self.legs.values():
                    leg.partial = None

    def _changeable(self, leg: LegScene, entry: Entry) -> None:
        number = entry.number("utterance")
        if number not in leg.finals:
            span = entry.number("from_sample"), entry.number("heard_to_sample")
            leg.partial, leg.text_tick = (number, Utterance(*span, entry.text("text"), "")), self.tick

    def _settled(self, leg: LegScene, entry: Entry) -> None:
        number = entry.number("utterance")
        span = entry.number("from_sample"), entry.number("to_sample")
        settled_ns = parse_utc(entry.utc) if leg.checker else 0
        leg.finals[number] = Utterance(*span, entry.text("text"), entry.text("engine"), settled_ns=settled_ns)
        leg.text_tick = self.tick
        if leg.partial and leg.partial[0] <= number:
            leg.partial = None

    def _leg(self, entry: Entry) -> LegScene:
        """The leg an entry speaks of.

        Raises:
            WireError: nobody has announced it.
        """
        name = entry.text("leg")
        if name not in self.legs:
            raise WireError(f"entry {entry.seq} ({entry.kind}): leg is not known")
        return self.legs[name]
