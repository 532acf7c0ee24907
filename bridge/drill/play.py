"""The exercise itself: who calls, lifts and speaks when, over real SIP and RTP, on both stations one after the other.

It judges nothing; what happened is in the journals, the tracks and the phones' own events, and `evidence` reads it
there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bridge.base.dialplan import Dialplan, Side, SipUri
from bridge.base.terms import Precedence
from bridge.base.wire import Entry
from bridge.drill.party import Party, Setup, Told
from bridge.drill.script import Cast, Scenario, Sentence
from bridge.drill.stations import Station

LIFT_S = 1.0
"""How long a simulated person takes to lift."""
PAUSE_S = 0.9
"""Pause between two sentences of one speaker; longer than the silence that ends an utterance."""
TURN_S = 0.5
"""Pause before another speaker answers."""
CALL_LIMIT_S = 20.0
"""Longest wait for anything in a call to happen: far above every limit that is judged, so that a miss is measured."""
SETTLE_LIMIT_S = 20.0

Say = Callable[[str, str], None]
"""Takes who and what happened, for the person who watches."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence as it was said."""

    sentence: Sentence
    side: str
    """Station on whose line it was said."""
    start_ns: int
    role: str = ""
    """Of the leg on which it was said; empty where the sentence says it."""
    listener: str = ""
    """Whose phone hears it; empty where there is one only."""
    leg: str = ""


@dataclass(slots=True)
class Played:
    """Everything the drill itself knows, for `evidence`."""

    lines: list[Line] = field(default_factory=list)
    events: dict[str, list[Told]] = field(default_factory=dict)
    """What each party's phone told, by its part."""
    heard: dict[str, Path] = field(default_factory=dict)
    """What each of them heard, as WAV."""
    asked_ns: int = 0
    """When the operator asked the second station to call."""
    began_ns: int = 0
    ended_ns: int = 0


class Drill:
    """One run. Owned by one thread; `stack` ends what it starts."""

    def __init__(self, plan: Dialplan, cast: Cast, scenario: Scenario, say: Say, stack: ExitStack) -> None:
        self.played = Played()
        self.stations: dict[str, Station] = {}
        self._plan = plan
        self._cast = cast
        self._scenario = scenario
        self._say = say
        self._stack = stack
        self._parties: dict[str, Party] = {}

    def start(self, dialplan: Path, data: Path, heard: Path) -> None:
        """Start both stations and every party's phone.

        Raises:
            BridgeError: one of them does not come up.
        """
        for side in (self._cast.calling, self._cast.called):
            self.stations[side] = self._stack.enter_context(Station(side, dialplan, data / side))
        calling, called = self._plan.side(self._cast.calling), self._plan.side(self._cast.called)
        first, second = called.contacts[:2]
        phones = {
            "officer": (calling, SipUri(user="officer", host=self._cast.caller_host)),
            "operator": (calling, calling.handsets[0].uri),
            "operator-called": (called, called.handsets[0].uri),
            "first-contact": (called, first.uri),
            "second-contact": (called, second.uri),
        }
        trunks = {f"trunk of {name}": (side, side.line.trunk) for name, side in self._plan.sides.items()}
        phones |= {name: (side, uri) for name, (side, uri) in trunks.items() if uri is not None}
        with ThreadPoolExecutor(len(phones)) as pool:
            started = [pool.submit(self._phone, name, side, uri, heard) for name, (side, uri) in phones.items()]
        for future in started:
            future.result()
        for name in ("operator", "operator-called", "second-contact"):
            self._parties[name].answer_mode("answer", after_s=LIFT_S)
        self._parties["first-contact"].answer_mode(self._scenario.first_contact)
        for station in self.stations.values():
            station.wait_until_up()
            self._say(f"station {station.side}", "line and speech are up")

    def ask_to_end(self) -> None:
        """Let both stations end at the same time; the stack waits for each."""
        for station in self.stations.values():
            station.ask_to_end()

    def run(self, sentences: Sequence[Sentence]) -> None:
        """Play the whole exercise.

        Raises:
            BridgeError: something that must happen did not, within a limit far above what is judged.
        """
        self.played.began_ns = time.monotonic_ns()
        try:
            self._inbound([s for s in sentences if s.line == "calling"])
            self._outbound([s for s in sentences if s.line == "called"])
            self._settle()
        finally:
            self.played.ended_ns = time.monotonic_ns()
            self.played.events = {name: list(party.events) for name, party in self._parties.items()}

    def _inbound(self, sentences: Sequence[Sentence]) -> None:
        """A FLASH call from the first side; an operator answers."""
        station, line = self.stations[self._cast.calling], self._plan.side(self._cast.calling).line
        officer, operator = self._parties["officer"], self._parties["operator"]
        self._say("officer", f"calls the desk of {self._cast.calling} with FLASH")
        officer.call(f"sip:{line.user}@{line.host}:{line.port}", {"Resource-Priority": "dsn.flash"})
        self._watch(officer, "answered", "is connected to the desk")
        self._watch(operator, "incoming", "handset rings")
        self._watch(operator, "answered", "lifts")
        self._until_linked(station)
        self._speak(station, operator, officer, sentences)
        self._end(station, officer, [officer, operator])

    def _outbound(self, sentences: Sequence[Sentence]) -> None:
        """The desk calls the other side; the first contact does not answer, the second one does."""
        station = self.stations[self._cast.called]
        operator, first, second = (self._parties[n] for n in ("operator-called", "first-contact", "second-contact"))
        self._say("operator", f"asks the desk of {self._cast.called} to call tier 1 with FLASH")
        self.played.asked_ns = time.monotonic_ns()
        station.command("call", tier="1", precedence=Precedence.FLASH.value)
        self._watch(operator, "answered", "lifts the other handset")
        self._watch(first, "incoming", "phone rings")
        attempt = station.wait_for(station.line, "AttemptEnded", CALL_LIMIT_S, rung=1)
        self._say("first contact", f"attempt ended: {attempt.text('outcome')}")
        self._watch(second, "incoming", "phone rings")
        self._watch(second, "answered", "lifts")
        self._until_linked(station)
        self._speak(station, operator, second, sentences)
        self._end(station, second, [operator, second])

    def _settle(self) -> None:
        """Wait until every track is closed and transcribed to its end."""
        for station in self.stations.values():
            for opened in station.line.of("TrackOpened"):
                leg = opened.text("leg")
                station.wait_for(station.line, "TrackClosed", SETTLE_LIMIT_S, leg=leg)
                self._until_transcribed(station, leg)
            self._say(f"station {station.side}", "every track is closed and transcribed")

    def _until_transcribed(self, station: Station, leg: str) -> None:
        def is_done(entry: Entry) -> bool:
            return entry.kind in ("TrackTranscribed", "NoRecognizer") and entry.text("leg") == leg

        station.wait_until(station.speech, f"the end of {leg}", SETTLE_LIMIT_S, is_done)

    def _phone(self, name: str, side: Side, uri: SipUri, heard: Path) -> None:
        """Start one phone; several threads do it at once, because each takes a third of a second."""
        file = heard / f"{name}.wav"
        setup = Setup(bind=uri.host, user=uri.user, port=uri.port, hear=file, transport=side.line.transport)
        party = Party(setup)
        self._stack.callback(party.close)
        self._parties[name] = party
        self.played.heard[name] = file

    def _watch(self, party: Party, event: str, words: str) -> None:
        party.wait_for(event, CALL_LIMIT_S)
        self._say(party.setup.user, words)

    def _until_linked(self, station: Station) -> None:
        """Both parties hear each other: the announcements to the side are over."""
        station.wait_until(
            station.line,
            "Linked from operator to side",
            CALL_LIMIT_S,
            lambda e: e.kind == "Linked" and "/operator-" in e.text("from") and "/side-" in e.text("to"),
        )

    def _speak(self, station: Station, operator: Party, officer: Party, said: Sequence[Sentence]) -> None:
        before = None
        for sentence in said:
            party = operator if sentence.speaker == "operator" else officer
            # A person draws breath; no condition stands for it.
            time.sleep(PAUSE_S if party is before else TURN_S)
            before, mark = party, party.mark()
            party.say(sentence.file)
            self._say("operator" if party is operator else party.setup.user, f'says "{sentence.text}"')
            told = party.wait_for("said", len(sentence.words) * 2 + CALL_LIMIT_S, after=mark)
            start_ns = int(str(told.fields["start_mono_ns"]))
            self.played.lines.append(Line(sentence, station.side, start_ns))

    def _end(self, station: Station, who: Party, both: Sequence[Party]) -> None:
        time.sleep(PAUSE_S)  # the last words are still on their way
        who.hang_up()
        for party in both:
            self._watch(party, "ended", "is off the line")
        station.wait_for(station.line, "CallEnded", CALL_LIMIT_S)
