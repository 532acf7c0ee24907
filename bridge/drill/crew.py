"""The people of one exercise: their telephones, what they say, and what the station's recogniser makes of it.

It decides nothing; the scripts are `taking_script` and `giving_script`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bridge.base.clock import NS
from bridge.base.dialplan import Side, SipUri
from bridge.base.wire import Entry
from bridge.drill.party import Party, Setup
from bridge.drill.play import CALL_LIMIT_S, Line, Played, Say
from bridge.drill.relay_script import Phrase
from bridge.drill.stations import Station

PAUSE_S = 0.55
"""Between two sentences; with the silence at their ends it is longer than what ends an utterance."""
TURN_S = 0.3
SETTLE_S = 20.0
"""Longest wait for the recogniser: after it the operator goes on, and the comparison says what is missing."""
LATE_S = 0.35
"""A final may end this much before the last word's end as the script times it."""


class Crew:
    """The phones of one exercise. Owned by one thread."""

    def __init__(self, heard: Path, say: Say) -> None:
        self.played = Played()
        self.calls: dict[str, set[str]] = {}
        """By station: the calls of this exercise."""
        self._heard = heard
        self.say = say
        self._parties: dict[str, Party] = {}

    def __getitem__(self, name: str) -> Party:
        return self._parties[name]

    def start(self, stack: ExitStack, phones: Mapping[str, tuple[Side, SipUri]]) -> None:
        """Start phones, several at once; `stack` ends them.

        Raises:
            PartyError: one does not come up.
        """
        with ThreadPoolExecutor(len(phones)) as pool:
            started = {name: pool.submit(self._phone, stack, name, *where) for name, where in phones.items()}
        for future in started.values():
            future.result()

    def _phone(self, stack: ExitStack, name: str, side: Side, uri: SipUri) -> None:
        file = self._heard / f"{name}.wav"
        party = Party(Setup(bind=uri.host, user=uri.user, port=uri.port, hear=file, transport=side.line.transport))
        stack.callback(self._leave, name, party)
        self._parties[name], self.played.heard[name] = party, file

    def _leave(self, name: str, party: Party) -> None:
        party.close()
        self.played.events[name] = list(party.events)

    def close(self) -> None:
        """End the phones that are still there; any thread may."""
        for party in list(self._parties.values()):
            party.close()

    def call_of(self, side: str, call: str) -> None:
        self.calls.setdefault(side, set()).add(call)

    def watch(self, name: str, event: str, what: str, limit_s: float = CALL_LIMIT_S) -> None:
        self[name].wait_for(event, limit_s)
        self.say(self[name].setup.user, what)


@dataclass(slots=True)
class Talk:
    """A call that an operator and somebody of a side have on one line. Owned by one thread."""

    crew: Crew
    station: Station
    call: str
    operator: str
    """Name of his phone."""
    other: str
    """Name of the side's phone."""
    legs: dict[str, str] = field(default_factory=dict)
    """Leg of `operator` and of `side`."""

    def operator_says(self, phrase: Phrase, pause_s: float = TURN_S) -> Line:
        return self._says(self.operator, self.other, "operator", phrase, pause_s)

    def other_says(self, phrase: Phrase, pause_s: float = TURN_S) -> Line:
        return self._says(self.other, self.operator, "side", phrase, pause_s)

    def _says(self, who: str, listener: str, role: str, phrase: Phrase, pause_s: float) -> Line:
        time.sleep(pause_s)  # a person draws breath; no condition stands for it
        party = self.crew[who]
        mark = party.mark()
        party.say(phrase.file)
        name = "operator" if role == "operator" else party.setup.user
        self.crew.say(name, f'says "{phrase.text}"')
        told = party.wait_for("said", 30 + CALL_LIMIT_S, after=mark)
        line = Line(phrase, self.station.side, int(str(told.fields["start_mono_ns"])), role, listener, self.legs[role])
        self.crew.played.lines.append(line)
        return line

    def span(self, role: str, first: Line, last: Line) -> dict[str, str | int]:
        """The stretch of a track between two sentences, as an act names it."""
        end_ns = last.start_ns + _length_ns(last)
        leg = self.legs[role]
        return {"leg": leg, "from_sample": self._sample(leg, first.start_ns), "to_sample": self._sample(leg, end_ns)}

    def _sample(self, leg: str, mono_ns: int) -> int:
        opened = next(e for e in self.station.line.of("TrackOpened") if e.data.get("leg") == leg)
        return max(0, (mono_ns - int(opened.text("t0_mono_ns"))) * opened.number("rate_hz") // NS)

    def until_heard(self, role: str, line: Line) -> bool:
        """Wait until the recogniser has settled what was said; False where it does not, or nobody hears this leg."""
        leg = self.legs[role]
        end_ns = line.start_ns + _spoken_ns(line)
        wanted = self._sample(leg, end_ns - round(LATE_S * NS))
        limit = time.monotonic() + SETTLE_S
        while time.monotonic() < limit and not self.station.has_ended:
            told = [e for e in self.station.speech.of("Final", "NoRecognizer") if e.data.get("leg") == leg]
            if any(e.kind == "NoRecognizer" for e in told):
                return False
            if any(e.number("to_sample") >= wanted for e in told):
                return True
            time.sleep(0.03)
        return False

    def hang_up(self, who: str) -> None:
        """One side ends the call; both are off the line after it, and every word of theirs is transcribed.

        Whoever carries a slip takes longer than that; the telephones that start next would take the processor from it.
        """
        time.sleep(TURN_S)  # the last words are still on their way
        self.crew[who].hang_up()
        for name in (self.operator, self.other):
            self.crew.watch(name, "ended", "is off the line")
        self.station.wait_for(self.station.line, "CallEnded", CALL_LIMIT_S, call=self.call)
        for leg in self.legs.values():
            self.station.wait_until_transcribed(leg, SETTLE_S)


def await_entry(station: Station, what: str, wanted: Callable[[Entry], bool], limit_s: float = CALL_LIMIT_S) -> Entry:
    return station.wait_until(station.line, what, limit_s, wanted)


def talk(crew: Crew, station: Station, call: str, operator: str, other: str) -> Talk:
    """The call as soon as both hear each other: the announcements to the side are over."""
    linked = await_entry(
        station,
        f"operator and side of {call} linked",
        lambda e: (
            e.kind == "Linked"
            and e.text("from").startswith(f"{call}/operator-")
            and e.text("to").startswith(f"{call}/side-")
        ),
        3 * CALL_LIMIT_S,
    )
    return Talk(crew, station, call, operator, other, {"operator": linked.text("from"), "side": linked.text("to")})


def _spoken_ns(line: Line) -> int:
    words = line.sentence.words
    return words[-1].to_sample * NS // line.sentence.rate_hz if words else _length_ns(line)


def _length_ns(line: Line) -> int:
    # 16 bit mono behind a header of 44 bytes
    return (line.sentence.file.stat().st_size - 44) // 2 * NS // line.sentence.rate_hz
