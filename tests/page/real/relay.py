"""A whole relay at two real pages by keyboard: each step is named once it is on the screen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from bridge.base.dialplan import Side, SipUri
from bridge.drill.crew import PAUSE_S, TURN_S, Crew, Talk, await_entry, talk
from bridge.drill.play import CALL_LIMIT_S
from bridge.drill.relay_script import Phrase
from tests.page.real.house import House
from tests.page.real.seat import LIMIT_S, Seat

SENTENCES = ("away", "patrol")
LIFT_S = 0.5
OFFICER = ("Deputy chief of watch", "Watch")
SYMBOLS = """(all => all.length > 0 && all.every(one => one.complete && one.naturalWidth > 0))(
  [...document.querySelectorAll('.symbols img')])"""
CHECKING = ("Edited", "SpanMarked", "next-slot", "SlotHeard", "play-missing")


@dataclass(slots=True)
class Relay:
    """One message from the first word to the file. Owned by the test."""

    house: House
    us: Seat
    ir: Seat
    lead: Seat
    sentences: tuple[str, ...] = SENTENCES
    wrong: str = ""
    """What the operator says at first in place of the second sentence; empty: he says it as sealed."""
    slip: str = ""
    returned: str = ""
    took: dict[str, float] = field(default_factory=dict)
    crew: Crew = field(init=False)
    _stack: ExitStack = field(init=False)

    def steps(self) -> Iterator[tuple[str, Seat]]:
        """Each step's name and the page on which it is seen."""
        with ExitStack() as self._stack:
            self.crew = Crew(self.house.heard, self.house.stage.say)
            here = self._called()
            yield "call", self.us
            yield from self._taken(here)
            yield from self._sealed()
            here.hang_up("officer")
            yield from self._called_out()
            far = self._answered()
            yield "answered", self.ir
            yield from self._relayed(far)
            yield from self._read_back(far)
            far.hang_up("second-contact")
            yield from self._filed()

    def _phrases(self, speaker: str) -> list[Phrase]:
        return [self.house.voice[f"{speaker}-{key}"] for key in self.sentences]

    # -- taking ----------------------------------------------------------------------------------------------------

    def _called(self) -> Talk:
        """The originator calls with FLASH and is answered."""
        stage = self.house.stage
        side = self.house.plan.side("us")
        phones = {
            "officer": (side, SipUri(user="officer", host=stage.cast.caller_host)),
            "operator": (side, side.handsets[0].uri),
        }
        self.crew.start(self._stack, phones)
        self.crew["operator"].answer_mode("answer", after_s=LIFT_S)
        station = stage.stations["us"]
        line = side.line
        self.crew["officer"].call(f"sip:{line.user}@{line.host}:{line.port}", {"Resource-Priority": "dsn.flash"})
        self.crew.watch("officer", "answered", "is connected")
        invited = await_entry(station, "Invited", lambda e: e.kind == "Invited")
        here = talk(self.crew, station, invited.text("call"), "operator", "officer")
        self.us.until(lambda: self.us.page.is_visible(".leg[data-role=side]"), "the caller's leg")
        return here

    def _taken(self, here: Talk) -> Iterator[tuple[str, Seat]]:
        us = self.us
        here.other_says(self.house.voice["originator-intro"])
        us.act("Opened")
        us.await_state("taking", "hearing")
        lines = [here.other_says(phrase, PAUSE_S) for phrase in self._phrases("originator")]
        heard = here.until_heard("side", lines[-1])
        assert heard, "the recogniser hears the originator"
        us.until(lambda: us.page.query_selector(".caption[data-final=true][data-role=side]"), "captions")
        yield "captions", us
        self._headed()
        us.tab_to(".draft-box button")
        us.press("Enter")
        yield "filled", us
        us.write("#draft-text", " ".join(one.written for one in self._phrases("originator")))
        us.await_state("taking", "drafting")
        yield "drafted", us
        yield from self._checked()
        us.act("ReadBackStarted", twice=True)
        us.await_state("taking", "reading")
        here.operator_says(self.house.voice["operator-read-back"])
        for phrase in self._phrases("operator"):
            here.operator_says(phrase, PAUSE_S)
        yield "reading", us
        us.act("ReadBackSaid")
        us.await_state("taking", "awaiting")
        here.operator_says(self.house.voice["operator-press"])
        yield "awaiting", us
        self.crew["officer"].digits("1")
        us.await_state("taking", "confirmed")
        yield "confirmed", us

    def _headed(self) -> None:
        us = self.us
        us.write("#header-role", "Watch officer")
        us.write("#header-authority", "Chief of watch")
        us.write("#header-addressee", "Officer in charge")
        us.choose("#header-rank", "OF-5")
        us.choose("#header-tier", "1")

    def _checked(self) -> Iterator[tuple[str, Seat]]:
        """Each item played and found as written, then what was not played yet."""
        us = self.us
        shown = False
        deadline = time.monotonic() + 3 * LIMIT_S
        while us.main() != "ReadBackStarted" or us.is_off():
            assert time.monotonic() < deadline, us.told()
            now = us.main()
            if now not in CHECKING or us.is_off():
                us.page.wait_for_timeout(25)
                continue
            if now == "SlotHeard" and not shown:
                shown = True
                yield "checking", us
            self._next(us, now)
        yield "checked", us

    def _sealed(self) -> Iterator[tuple[str, Seat]]:
        """Alone on watch, said so; sealed; the slip leaves in a person's hand."""
        us = self.us
        us.write("#end-reason", "Night watch of one")
        us.push("NightModeDeclared", twice=True)
        us.act("SealOrdered", twice=True)
        us.await_state("taking", "sealed")
        us.until(lambda: us.page.is_visible(".slip-text") and us.evaluate(SYMBOLS), "the slip")
        yield "sealed", us
        self.slip = str(us.evaluate("document.querySelector('.slip-text').textContent"))
        us.act("SlipCarried", twice=True)
        us.await_state("taking", "carried")
        yield "carried", us

    # -- giving ----------------------------------------------------------------------------------------------------

    def _called_out(self) -> Iterator[tuple[str, Seat]]:
        """The slip is typed; the first contact does not lift, the second one does."""
        side = self.house.plan.side("ir")
        names = ("first-contact", "second-contact", "third-contact")
        phones: dict[str, tuple[Side, SipUri]] = {"operator-called": (side, side.handsets[0].uri)}
        phones |= {name: (side, one.uri) for name, one in zip(names, side.contacts, strict=False)}
        self.crew.start(self._stack, phones)
        self.crew["operator-called"].answer_mode("answer", after_s=LIFT_S)
        self.crew["second-contact"].answer_mode("answer", after_s=LIFT_S)
        ir = self.ir
        ir.write("#slip-typed", self.slip)
        ir.until(lambda: ir.page.get_attribute(".verdict", "data-agrees") == "true", "check words that agree")
        yield "slip", ir
        ir.act("SlipTyped", twice=True)
        ir.await_state("giving", "calling")
        yield "calling", ir

    def _answered(self) -> Talk:
        ir, station = self.ir, self.house.stage.stations["ir"]
        ir.await_state("giving", "answered")
        dialled = await_entry(
            station, "the officer's leg", lambda e: e.kind == "Answered" and "/side-" in e.text("leg"), CALL_LIMIT_S
        )
        return talk(self.crew, station, dialled.text("leg").partition("/")[0], "operator-called", "second-contact")

    def _relayed(self, far: Talk) -> Iterator[tuple[str, Seat]]:
        ir, voice = self.ir, self.house.voice
        far.operator_says(voice["operator-ask"])
        ir.act("PrincipalAsked")
        far.other_says(voice["officer-here"])
        ir.write("#officer-name", OFFICER[0])
        ir.write("#officer-role", OFFICER[1])
        ir.choose("#officer-contact", "deputy")
        ir.push("PersonNamed")
        ir.until(lambda: OFFICER[0] in ir.page.inner_text(".facts"), "the officer's name")
        yield "named", ir
        self.lead.push("ReleaseGiven", twice=True)
        ir.until(lambda: self.lead.account.name in ir.facts(), "who released it")
        ir.act("RelayStarted", twice=True)
        ir.await_state("giving", "relaying")
        yield from self._say(far)
        ir.until(lambda: ir.page.get_attribute(".match", "data-match") in ("verbatim", "equivalent"), "as sealed")
        yield "relayed", ir
        self._finish("RelayFinished", "said")
        far.operator_says(voice["operator-please"])

    def _say(self, far: Talk) -> Iterator[tuple[str, Seat]]:
        """The message; what is said wrongly is corrected aloud once the screen stops the operator."""
        ir = self.ir
        spoken = self._phrases("operator")
        for number, phrase in enumerate(spoken):
            said = self.house.voice[f"operator-{self.wrong}"] if self.wrong and number == 1 else phrase
            self._said(far, said)
            if number == 0:
                yield "relaying", ir
        if not self.wrong:
            return
        ir.until(lambda: ir.page.get_attribute(".match", "data-match") in ("altered", "check"), "a difference")
        yield "altered", ir
        ir.push("CorrectedAloud", twice=True)
        far.operator_says(self.house.voice["operator-again"], TURN_S)
        for phrase in spoken[1:]:
            self._said(far, phrase)

    def _said(self, far: Talk, phrase: Phrase) -> None:
        far.until_heard("operator", far.operator_says(phrase, PAUSE_S))

    def _read_back(self, far: Talk) -> Iterator[tuple[str, Seat]]:
        ir, voice = self.ir, self.house.voice
        ir.act("ReadBackBegun")
        ir.await_state("giving", "reading-back")
        for phrase in self._phrases("officer"):
            line = far.other_says(phrase, PAUSE_S)
        far.until_heard("side", line)
        yield "reading-back", ir
        self._tick()
        yield "ticked", ir
        self._finish("ReceiptGiven", "receipted", twice=True)
        yield "receipted", ir
        far.other_says(voice["officer-comply"])
        ir.write("#officer-authority", "Chief of watch")
        ir.tab_to("#officer-listed")
        ir.press("Space")
        ir.act("Acknowledged", twice=True)
        ir.await_state("giving", "acknowledged")
        yield "acknowledged", ir

    def _tick(self) -> None:
        ir = self.ir
        ir.until(lambda: ir.main() in CHECKING, "items to be ticked")
        while ir.main() in CHECKING:
            self._next(ir, ir.main())

    def _next(self, seat: Seat, name: str) -> None:
        """One press, and what came of it: another thing to do, an item less, or more of the audio heard."""

        def screen() -> tuple[str, ...]:
            heard = seat.page.query_selector(".cover-line .heard")
            return seat.page.inner_text(".slot-box .count"), heard.inner_text() if heard else "", seat.main()

        before = screen()
        seat.press("F9")
        seat.until(lambda: screen() != before, f"what comes after {name}")

    def _finish(self, act: str, state: str, *, twice: bool = False) -> None:
        """End a part; where the machine is unsure, the operator says what he heard."""
        ir = self.ir
        ir.until(lambda: ir.main() in (act, "Judged") and not ir.is_off(), act)
        if ir.main() == "Judged":
            ir.act("Judged", twice=ir.page.locator("#work .finding").count() > 0)
        deadline = time.monotonic() + LIMIT_S
        while not ir.is_at("giving", state):
            assert time.monotonic() < deadline, ir.told()
            # Repeated while the last words are being settled; the answer comes before the state that it speaks of.
            if ir.main() == act and not ir.is_off():
                ir.act(act, twice=twice)
            ir.page.wait_for_timeout(1500)

    def _filed(self) -> Iterator[tuple[str, Seat]]:
        """What the officer says of a reply; the return slip goes back; both halves are filed."""
        us, ir = self.us, self.ir
        ir.choose("#officer-reply", "NOT NEEDED")
        ir.push("ReplyStated")
        ir.act("Filed", twice=True)
        ir.until(lambda: ir.page.is_visible(".slip-text") and ir.evaluate(SYMBOLS), "the return slip")
        yield "return-slip", ir
        self.returned = str(ir.evaluate("document.querySelector('.slip-text').textContent"))
        us.act("take-slip")
        us.page.keyboard.insert_text(self.returned)
        us.until(lambda: us.page.get_attribute("#work .form .verdict", "data-agrees") == "true", "an agreeing return")
        yield "return-typed", us
        us.act("SlipTyped", twice=True)
        us.await_state("taking", "returned")
        yield "returned", us
        us.act("OriginatorTold")
        us.act("Filed", twice=True)
        us.await_state("taking", "closed")
        yield "filed", us
