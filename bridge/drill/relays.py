"""Plays the exercises of the relay over both stations: calls, people, consoles, and the slip as text between them.

Nothing here joins the stations: each console knows one data folder, and what goes from one to the other is a string
that the script reads from one screen and types at the other.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bridge.base.dialplan import Side, SipUri
from bridge.base.wire import Value
from bridge.drill.console import Console
from bridge.drill.crew import Crew, Talk, await_entry, talk
from bridge.drill.giving_script import Giver, Saying
from bridge.drill.operator import unheard
from bridge.drill.play import CALL_LIMIT_S, LIFT_S, Played
from bridge.drill.relay_script import Phrase, RelayScenario, Statement
from bridge.drill.stage import Stage
from bridge.drill.stations import Station
from bridge.drill.taking_script import Words, confirm, draft, seal, take_return

LADDER_LIMIT_S = 90.0
"""Longest wait for an officer: a whole ladder of silent telephones rings less than a minute."""


@dataclass(slots=True)
class Outcome:
    """What one exercise left: `evidence` and `sheet` read the rest from the record."""

    scenario: RelayScenario
    played: Played
    calls: Mapping[str, set[str]]
    subjects: dict[str, str] = field(default_factory=dict)
    """Message of this exercise by its place: `calling taking`, `called giving`; a second one has `2` behind it."""
    corrected: tuple[str, ...] = ()
    """Sentences that the recogniser heard otherwise than the operator."""
    refused: tuple[str, ...] = ()
    """Acts that a desk refused, with the code, in order."""
    typed: str = ""
    """What the operator typed of words that no recogniser knows, with the machine's verdict."""


class Exercise:
    """One exercise of the relay. Owned by one thread."""

    def __init__(self, stage: Stage, scenario: RelayScenario, heard: Path) -> None:
        self.stage = stage
        self.scenario = scenario
        self.crew = Crew(heard, self._say)
        stage.crews.append(self.crew)
        self.outcome = Outcome(scenario, self.crew.played, self.crew.calls)
        cast = stage.cast
        self.consoles = {
            side: Console(stage.stations[side], f"op-{letter}", f"sup-{letter}", self._say)
            for side, letter in ((cast.calling, "a"), (cast.called, "b"))
        }
        contacts = stage.plan.side(cast.called).contacts
        second = contacts[1]
        self.officer = {"name": second.name.en, "role": second.role.en}
        self.contact = second.id

    def _say(self, who: str, what: str) -> None:
        self.stage.say(who, what)

    def run(self) -> Outcome:
        """Play it to its end.

        Raises:
            BridgeError: something that must happen did not.
        """
        self.crew.played.began_ns = time.monotonic_ns()
        try:
            match self.scenario.plot:
                case "nobody":
                    self._nobody()
                case "second":
                    self._second()
                case "reply":
                    self._reply()
                case "crossing":
                    self._crossing()
                case _:
                    self._one()
        finally:
            self.crew.played.ended_ns = time.monotonic_ns()
            acted = sorted((a for c in self.consoles.values() for a in c.acted), key=lambda one: one.mono_ns)
            self.outcome.refused = tuple(f"{one.name}: {one.code}" for one in acted if one.code)
        return self.outcome

    # -- plots -----------------------------------------------------------------------------------------------------

    def _one(self) -> None:
        with self._called_in() as here:
            slip, _ = self._taken(here, self.scenario.statement, "calling")
        self._given_to_the_ladder(slip)

    def _nobody(self) -> None:
        with self._called_in() as here:
            slip, _ = self._taken(here, self.scenario.statement, "calling")
        console = self.consoles[self.stage.cast.called]
        with self.stage.desk(self.stage.cast.called) as station, self._phones_of_the_called():
            station.line.look()
            mark = len(station.line.entries)  # the desk is this exercise's own from here on
            self.crew.played.asked_ns = time.monotonic_ns()
            subject = self._typed(slip)
            count = len(self.scenario.attempts)
            console.await_view(subject, f"{count} attempts", lambda v: len(v.attempts) >= count, LADDER_LIMIT_S)
            console.await_view(subject, "the ladder's end", lambda v: v.state == "ready", LADDER_LIMIT_S)
            console.done("Ended", subject, outcome="NO ANSWER", reason="Nobody of two tiers answered.")
            self._say(console.person, "ends it: nobody of two tiers answered")
            station.line.look()
            for dialled in (e for e in station.line.entries[mark:] if e.kind == "Dialled"):
                self.crew.call_of(station.side, dialled.text("call"))
            self._handset_is_free(self.stage.cast.called)
        self._returned(console.view(subject).returned)

    def _second(self) -> None:
        """A correction or cancellation, said in the same call and given in the same talk as what it cites."""
        second = self.scenario.second
        assert second is not None, "the plot has a second message"
        with self._called_in() as here:
            slip, serial = self._taken(here, self.scenario.statement, "calling")
            here.other_says(self.stage.voice["originator-more"])
            later, _ = self._taken(here, second, "calling", cites=serial, number="2")
        with self._answered(slip) as (giver, subject):
            self._given(giver, self.scenario.statement)
            giver.talk.operator_says(self.stage.voice["operator-another"])
            again = self._typed(later, "giving 2", giver.talk)
            follower = Giver(giver.talk, giver.console, again, self.stage.voice)
            self._given(follower, second)
        for one in (subject, again):
            self._closed(one)

    def _reply(self) -> None:
        """The addressee's side answers in the same talk; its slip goes the other way."""
        second = self.scenario.second
        assert second is not None, "the plot has a second message"
        with self._called_in() as here:
            slip, serial = self._taken(here, self.scenario.statement, "calling")
        with self._answered(slip) as (giver, subject):
            self._given(giver, self.scenario.statement)
            giver.talk.other_says(self.stage.voice["officer-answer"])
            answer, _ = self._taken(giver.talk, second, "called", cites=serial, originator="officer")
        giver.console.done("Filed", subject)
        mine = self._returned(giver.console.view(subject).returned)
        self._given_back(answer, second, mine)

    def _given_back(self, slip: str, statement: Statement, mine: str) -> None:
        """A message of the called side to whoever is on duty at the other one, who is told of the return slip, too."""
        cast = self.stage.cast
        own = self.stage.plan.side(cast.calling)
        console = self.consoles[cast.calling]
        phones = {"operator-2": (own, own.handsets[0].uri), "own-contact": (own, own.contacts[0].uri)}
        with self.stage.desk(cast.calling) as station, ExitStack() as stack:
            self.crew.start(stack, phones)
            for name in phones:
                self.crew[name].answer_mode("answer", after_s=LIFT_S)
            subject = console.done("SlipTyped", text=slip).subject
            self.outcome.subjects["calling giving"] = subject
            with self._on_the_line(station, subject, "operator-2", "own-contact") as far:
                console.done("OriginatorTold", mine)
                console.done("Filed", mine)
                receiver = Giver(far, console, subject, self.stage.voice)
                self._given(receiver, statement, person={"name": own.contacts[0].name.en, "role": "Watch"})
        console.done("ReplyStated", subject, reply="NOT NEEDED")
        console.done("Filed", subject)
        take_return(self.consoles[cast.called], console.view(subject).returned)

    def _crossing(self) -> None:
        """Both sides speak at the same time: each message is sealed before the other one has been heard."""
        second = self.scenario.second
        assert second is not None, "the plot has a second message"
        cast = self.stage.cast
        with self._called_in() as here:
            slip, _ = self._taken(here, self.scenario.statement, "calling")
        called = self.stage.plan.side(cast.called)
        phones = {
            "operator-called": (called, called.handsets[0].uri),
            "second-contact": (called, called.contacts[1].uri),
        }
        with self.stage.desk(cast.called) as station, ExitStack() as stack:
            self.crew.start(stack, phones)
            self.crew["operator-called"].answer_mode("answer", after_s=LIFT_S)
            self.crew.played.asked_ns = time.monotonic_ns()
            far = self._call_in(station, "second-contact", "operator-called")
            # The slip arrives while the other side's officer is speaking: its message is then still unread.
            subject = self._typed(slip, on=None)
            theirs, _ = self._taken(far, second, "called", originator="officer")
            console = self.consoles[cast.called]
            console.done("CallAnswered", subject, leg=far.legs["side"], contact="")
            giver = Giver(far, console, subject, self.stage.voice)
            self._given(giver, self.scenario.statement)
            far.hang_up("second-contact")
        self._given_back(theirs, second, self._closed(subject))

    # -- taking ----------------------------------------------------------------------------------------------------

    @contextmanager
    def _called_in(self) -> Iterator[Talk]:
        """The originator calls his desk with FLASH and is answered; he hangs up at the end."""
        cast = self.stage.cast
        side = self.stage.plan.side(cast.calling)
        phones = {
            "officer": (side, SipUri(user="officer", host=cast.caller_host)),
            "operator": (side, side.handsets[0].uri),
        }
        with self.stage.desk(cast.calling) as station, ExitStack() as stack:
            self.crew.start(stack, phones)
            self.crew["operator"].answer_mode("answer", after_s=LIFT_S)
            here = self._call_in(station, "officer", "operator")
            here.other_says(self.stage.voice["originator-intro"])
            yield here
            here.hang_up("officer")

    def _call_in(self, station: Station, caller: str, operator: str) -> Talk:
        line = self.stage.plan.side(station.side).line
        station.line.look()
        mark = len(station.line.entries)
        self._say(caller, f"calls the desk of {station.side} with FLASH")
        self.crew[caller].call(f"sip:{line.user}@{line.host}:{line.port}", {"Resource-Priority": "dsn.flash"})
        self.crew.watch(caller, "answered", "is connected to the desk")
        self.crew.watch(operator, "answered", "lifts")
        invited = await_entry(station, "Invited", lambda e: e.kind == "Invited" and e in station.line.entries[mark:])
        self.crew.call_of(station.side, invited.text("call"))
        return talk(self.crew, station, invited.text("call"), operator, caller)

    def _taken(
        self,
        here: Talk,
        statement: Statement,
        side: str,
        *,
        cites: str = "",
        number: str = "",
        originator: str = "originator",
    ) -> tuple[str, str]:
        """One message from the first word to its slip; the slip's text and the serial on it."""
        voice, console = self.stage.voice, self.consoles[here.station.side]
        subject = f"taking/x-{secrets.token_hex(6)}"
        self.outcome.subjects[f"{side} taking {number}".strip()] = subject
        words = Words(
            tuple(voice[f"{originator}-{key}"] for key in statement.keys),
            tuple(voice[f"operator-{key}"] for key in statement.keys),
        )
        drafted = draft(here, console, subject, words, statement, cites)
        self.outcome.corrected += drafted.corrected
        self._say(console.person, f"has a draft; sentences written anew from the audio: {len(drafted.corrected)}")
        confirm(here, console, drafted, voice["operator-read-back"], voice["operator-press"])
        slip = seal(console, subject)
        return slip, next(line[8:] for line in slip.splitlines() if line.startswith("SERIAL: "))

    # -- giving ----------------------------------------------------------------------------------------------------

    def _typed(self, slip: str, place: str = "giving", on: Talk | None = None) -> str:
        """Type a slip at the called side's station; with somebody on the line already, he is who gets it."""
        console = self.consoles[self.stage.cast.called]
        subject = console.done("SlipTyped", text=slip).subject
        self.outcome.subjects[f"called {place}"] = subject
        self._say(console.person, "types the slip; its check words agree")
        if on is not None:
            console.done("CallAnswered", subject, leg=on.legs["side"], contact=self.contact)
        return subject

    @contextmanager
    def _phones_of_the_called(self) -> Iterator[None]:
        called = self.stage.plan.side(self.stage.cast.called)
        names = ("first-contact", "second-contact", "third-contact")
        phones: dict[str, tuple[Side, SipUri]] = {"operator-called": (called, called.handsets[0].uri)}
        phones |= {name: (called, one.uri) for name, one in zip(names, called.contacts, strict=False)}
        silent = self.scenario.plot == "nobody"
        with ExitStack() as stack:
            self.crew.start(stack, phones)
            self.crew["operator-called"].answer_mode("answer", after_s=LIFT_S)
            self.crew["first-contact"].answer_mode(self.scenario.first_contact)
            self.crew["second-contact"].answer_mode("ring" if silent else "answer", after_s=LIFT_S)
            yield

    @contextmanager
    def _answered(self, slip: str) -> Iterator[tuple[Giver, str]]:
        """The slip typed, the ladder climbed, an officer on the line; he hangs up at the end."""
        side = self.stage.cast.called
        with self.stage.desk(side) as station, self._phones_of_the_called():
            self.crew.played.asked_ns = time.monotonic_ns()
            subject = self._typed(slip)
            with self._on_the_line(station, subject, "operator-called", "second-contact") as far:
                yield Giver(far, self.consoles[side], subject, self.stage.voice), subject

    @contextmanager
    def _on_the_line(self, station: Station, subject: str, operator: str, officer: str) -> Iterator[Talk]:
        console = self.consoles[station.side]
        calling = console.await_view(subject, "an officer on the line", lambda v: v.state == "answered", LADDER_LIMIT_S)
        call = calling.leg.partition("/")[0]
        self.crew.call_of(station.side, call)
        self._say(officer, "lifts")
        far = talk(self.crew, station, call, operator, officer)
        yield far
        far.hang_up(officer)

    def _english(self, statement: Statement) -> tuple[Phrase, ...]:
        return tuple(self.stage.voice[f"operator-{key}"] for key in statement.keys)

    def _given_to_the_ladder(self, slip: str) -> None:
        with self._answered(slip) as (giver, subject):
            if self.scenario.plot == "refusal":
                self._refused(giver)
            else:
                self._given(giver, self.scenario.statement)
        if self.scenario.plot == "refusal":
            self._returned(giver.console.view(subject).returned)
        else:
            self._closed(subject)

    def _refused(self, giver: Giver) -> None:
        """He does not take it: an outcome like any other."""
        giver.talk.operator_says(self.stage.voice["operator-ask"])
        giver.console.done("PrincipalAsked", giver.subject)
        giver.talk.other_says(self.stage.voice["officer-refuse"])
        giver.console.done(
            "Ended", giver.subject, outcome=self.scenario.outcome, reason="Says he may not take a message."
        )
        self._say(giver.console.person, "enters the refusal")

    def _given(
        self,
        giver: Giver,
        statement: Statement,
        *,
        person: Mapping[str, str] | None = None,
    ) -> None:
        """Ask, say, have it read back, receipt, acknowledgement."""
        voice, console, subject = self.stage.voice, giver.console, giver.subject
        tail = "" if self.scenario.spoken == "en" else f"-{self.scenario.spoken}"
        who: dict[str, Value] = {**(person or self.officer)}
        giver.talk.operator_says(voice[f"operator-ask{tail}"])
        console.done("PrincipalAsked", subject)
        giver.talk.other_says(voice[f"officer-here{tail}"])
        console.done("PersonNamed", subject, person=who, contact=self.contact if person is None else "")
        console.done("ReleaseGiven", subject, by=console.second)
        first = statement == self.scenario.statement
        operator = tuple(voice[f"operator-{key}{tail}"] for key in statement.keys)
        giver.relay(Saying("relay", "operator", operator, self.scenario.operator_says if first else {}))
        self._say(console.person, "has said it as sealed")
        if tail:
            self.outcome.typed = unheard([one.written for one in self._english(statement)], operator)
            self._say(console.person, "types what was said from the audio: no recogniser knows the language")
        giver.talk.operator_says(voice[f"operator-please{tail}"])
        officer = tuple(voice[f"officer-{key}{tail}"] for key in statement.keys)
        instead = self.scenario.officer_says if first else {}
        giver.read_back(Saying("read-back", "side", officer, instead), who)
        self._say(console.person, "enters the receipt: read back as sealed")
        giver.talk.other_says(voice[f"officer-comply{tail}"])
        console.done("Acknowledged", subject, person=who, authority="Chief of watch", is_authorised=True)
        self._say(console.person, f"enters the acknowledgement of {who['name']}")

    # -- the way back ----------------------------------------------------------------------------------------------

    def _closed(self, subject: str) -> str:
        """The called side owes no answer: filed, and the closing return goes back; the message that it is about."""
        console = self.consoles[self.stage.cast.called]
        console.done("ReplyStated", subject, reply="NOT NEEDED")
        console.done("Filed", subject)
        return self._returned(console.view(subject).returned)

    def _returned(self, slip: str) -> str:
        return take_return(self.consoles[self.stage.cast.calling], slip)

    def _handset_is_free(self, side: str) -> None:
        """Let the operator's own leg of a ladder that reached nobody go."""
        handset = self.crew["operator-called"]
        handset.hang_up()
        self.crew.watch("operator-called", "ended", "is off the line")
        for call in self.crew.calls.get(side, set()):
            self.stage.stations[side].wait_for(self.stage.stations[side].line, "CallEnded", CALL_LIMIT_S, call=call)
