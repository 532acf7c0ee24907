"""The operator's script at the addressee's station: say it, have it corrected and read back, take the receipt.

He says what the scenario makes him say, and does what the desk's screen makes a careful operator do (`operator`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.base.wire import Value
from bridge.drill.console import LOOK_S, ActRefusedError, Console
from bridge.drill.crew import PAUSE_S, TURN_S, Talk
from bridge.drill.operator import Ears, Next, at_the_end, first_wrong, while_saying
from bridge.drill.play import CALL_LIMIT_S, Line
from bridge.drill.relay_script import FORGOTTEN, Phrase

LOOK_AFTER_S = 0.5
"""How long the operator looks at the screen after a sentence; the desk compares within a tenth of a second."""
ASK_AGAIN_S = 1.0
CHECKER_S = 15.0
"""How long a hearing that nobody understands waits for the second engine."""
TRIES = 6
FINISHES = {"relay": "RelayFinished", "read-back": "ReceiptGiven"}
BEGINS = {"relay": "RelayStarted", "read-back": "ReadBackBegun"}


@dataclass(slots=True)
class Saying:
    """One part of a giving: who says the message, and how."""

    part: str
    """`relay` or `read-back`."""
    role: str
    """Of the leg on which it is said."""
    phrases: tuple[Phrase, ...]
    """The sentences as sealed."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """What is said in place of a sentence at first; `FORGOTTEN` leaves it out."""
    wrong: set[int] = field(default_factory=set)
    """Sentences that were said otherwise and not corrected yet: what a person on the line knows."""
    said: int = 0
    """How many sentences have been begun."""
    lines: list[Line] = field(default_factory=list)

    @property
    def ears(self) -> Ears:
        return Ears(bool(self.wrong))


class Giver:
    """One giving by one operator. Owned by one thread."""

    def __init__(self, talk: Talk, console: Console, subject: str, voice: Mapping[str, Phrase]) -> None:
        self.talk = talk
        self.console = console
        self.subject = subject
        self._voice = voice

    def relay(self, saying: Saying) -> None:
        """Say the message until the desk takes it as said.

        Raises:
            ActRefusedError: it never does.
        """
        self._begin_relay()
        self._say_all(saying)
        self._finish(saying, {})

    def read_back(self, saying: Saying, person: Mapping[str, Value]) -> None:
        """Have it read back, every item ticked, and take the receipt.

        Raises:
            ActRefusedError: the desk never takes it.
        """
        self.console.done(BEGINS["read-back"], self.subject)
        self._say_all(saying)
        self._tick()
        self._finish(saying, {"person": dict(person)})

    def _begin_relay(self) -> None:
        """A message that crosses this one is shown, and noted, before a word is said."""
        answer = self.console.act(BEGINS["relay"], self.subject)
        newer = self.console.view(self.subject).newer if answer.code == "not-ready" else ()
        if newer:
            self.console.tell(self.console.person, f"notes that {', '.join(newer)} crosses this one")
            self.console.done("NewerNoted", self.subject)
        if not answer.is_done:
            self.console.done(BEGINS["relay"], self.subject)

    def _tick(self) -> None:
        """Each critical item of the read-back, as the operator has heard it."""
        for item, _ in self.console.view(self.subject).slots:
            self.console.done("SlotHeard", self.subject, slot=item)

    # -- saying ----------------------------------------------------------------------------------------------------

    def _say_all(self, saying: Saying) -> None:
        for number, phrase in enumerate(saying.phrases):
            key = saying.instead.get(phrase.key, phrase.key)
            saying.said = number + 1
            if key != phrase.key:
                saying.wrong.add(number)
            if key == FORGOTTEN:
                continue
            self._say(saying, phrase if key == phrase.key else self._voice[f"{phrase.speaker}-{key}"])
            if number + 1 < len(saying.phrases) and self._screen_says_stop(saying):
                self._correct(saying)

    def _say(self, saying: Saying, phrase: Phrase, pause_s: float = PAUSE_S) -> None:
        says = self.talk.operator_says if saying.role == "operator" else self.talk.other_says
        saying.lines.append(says(phrase, pause_s))

    def _screen_says_stop(self, saying: Saying) -> bool:
        """Look at the screen after a sentence; of his own words he waits until the machine has heard them."""
        if saying.role == "operator":
            self.talk.until_heard(saying.role, saying.lines[-1])
        limit = time.monotonic() + LOOK_AFTER_S
        while True:
            found = while_saying(self.console.view(self.subject), saying.part, saying.ears)
            if found is Next.CORRECT or time.monotonic() > limit:
                return found is Next.CORRECT
            time.sleep(LOOK_S)

    def _correct(self, saying: Saying) -> None:
        """CORRECTION, I SAY AGAIN, and the sentence that the screen points at with all that came after it.

        Where that is the first one, the part is begun anew: marks in the middle of a message would be an addition.
        """
        differences = self.console.view(self.subject).of(saying.part)
        place = first_wrong(differences, [one.written for one in saying.phrases[: saying.said]])
        what = differences[0].sealed or differences[0].heard if differences else ""
        if saying.role != "operator":
            self.talk.operator_says(self._voice["operator-wrong"])
        if place == 0:
            self.console.done(BEGINS[saying.part], self.subject)
            self.console.tell(self.console.person, f"has it said again from the beginning: {what}")
        else:
            self.console.done("CorrectedAloud", self.subject, part=saying.part, finding=what[:80] or "said again")
            self.console.tell(self.console.person, f"has it corrected aloud: {what}")
            self._say(saying, self._voice[f"{saying.phrases[0].speaker}-again"], TURN_S)
        for number in range(place, saying.said):
            self._say(saying, saying.phrases[number], TURN_S / 2 if number == place else PAUSE_S)
            saying.wrong.discard(number)
        if place == 0 and saying.part == "read-back":
            self._tick()
        self.talk.until_heard(saying.role, saying.lines[-1])

    # -- the end of a part -----------------------------------------------------------------------------------------

    def _finish(self, saying: Saying, fields: Mapping[str, Value]) -> None:
        """Say that it was all, and do what the desk then asks for."""
        waits_until = 0.0
        for _ in range(TRIES):
            if saying.lines:
                self.talk.until_heard(saying.role, saying.lines[-1])
            answer = self._try(saying, fields)
            if answer:
                return
            view = self.console.view(self.subject)
            now = time.monotonic()
            waits_until = waits_until or now + CHECKER_S
            step = at_the_end(view, saying.part, saying.ears, waited=now > waits_until)
            while step is Next.WAIT:
                time.sleep(ASK_AGAIN_S)
                if self._try(saying, fields):
                    return
                waited = time.monotonic() > waits_until
                step = at_the_end(self.console.view(self.subject), saying.part, saying.ears, waited=waited)
            if step is Next.JUDGE:
                self._judge(saying)
            elif step in (Next.CORRECT, Next.SAY_AGAIN):
                self._correct(saying)
        raise ActRefusedError(f"{self.subject}: {saying.part} was not taken as sealed after {TRIES} tries")

    def _try(self, saying: Saying, fields: Mapping[str, Value]) -> bool:
        """The act that ends the part; False where the desk needs more."""
        limit = time.monotonic() + CALL_LIMIT_S
        while True:
            answer = self.console.act(FINISHES[saying.part], self.subject, by="", **fields)
            if answer.code != "not-settled" or time.monotonic() > limit:
                break
            time.sleep(LOOK_S)
        if not answer.is_done and answer.code != "not-ready":
            raise ActRefusedError(f"{self.subject}: {answer.code}, {answer.detail}")
        return answer.is_done

    def _judge(self, saying: Saying) -> None:
        """He has listened to what the machine is not sure of."""
        span = self.talk.span(saying.role, saying.lines[0], saying.lines[-1])
        self.console.done("Judged", self.subject, part=saying.part, span=dict(span))
        self.console.tell(self.console.person, f"has listened: the {saying.part} is as sealed")
