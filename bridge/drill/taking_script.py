"""The operator's script at the originator's station: hear, draft, read back, have it confirmed, seal, let the slip go.

He acts through his console only; what he hears he hears on the telephone. The machine's rules are not known here: an
act that it refuses ends the exercise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.base.wire import Value
from bridge.drill.console import Console
from bridge.drill.crew import PAUSE_S, Talk
from bridge.drill.operator import corrected, raw_draft
from bridge.drill.play import CALL_LIMIT_S, Line
from bridge.drill.relay_script import Phrase, Statement

HEADER = {"role": "Watch officer", "rank": "OF-5", "tier": "1", "addressee": "Officer in charge"}
"""As the originators of the exercise state it."""


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one message in the voices that say it."""

    originator: tuple[Phrase, ...]
    operator: tuple[Phrase, ...]

    @property
    def written(self) -> tuple[str, ...]:
        return tuple(one.written for one in self.originator)

    @property
    def language(self) -> str:
        return self.originator[0].language


@dataclass(frozen=True, slots=True)
class Drafted:
    """A statement heard and written down, its items heard."""

    subject: str
    words: Words
    corrected: tuple[str, ...]
    """Sentences that the recogniser heard otherwise."""


def draft(talk: Talk, console: Console, subject: str, words: Words, statement: Statement, cites: str) -> Drafted:
    """From the originator's first word to a draft whose items are all heard.

    Raises:
        ActRefusedError, PartyError, StationError: it did not go as scripted.
    """
    fields: dict[str, Value] = {"leg": talk.legs["side"], "precedence": "FLASH", "kind": statement.kind}
    if cites:
        fields["cites"] = cites
    console.done_when(("no-leg",), "Opened", subject, fields)
    lines = [talk.other_says(phrase, PAUSE_S) for phrase in words.originator]
    span = talk.span("side", lines[0], lines[-1])
    finals: list[str] = []
    if talk.until_heard("side", lines[-1]):
        finals = _finals(console, subject, span)
    for field, value in HEADER.items():
        console.done("HeaderStated", subject, field=field, value=value)
    # What he heard while it was said counts as heard: his console was open all the time.
    console.done("SpanMarked", subject, span=dict(span))
    console.done("Played", subject, span=dict(span))
    wrong = corrected(finals, words.written, words.language)
    if finals:
        console.done("Edited", subject, text=raw_draft(finals))
    # Numbers are written in figures, so that they are read back digit by digit; what was misheard is written anew.
    console.done("Edited", subject, text=" ".join(words.written))
    for item, _ in console.view(subject).slots:
        console.done("SlotHeard", subject, slot=item)
    return Drafted(subject, words, wrong)


def _finals(console: Console, subject: str, span: dict[str, str | int]) -> list[str]:
    """What the machine heard of the message, as the screen shows it once all of it is there."""
    first, last = int(span["from_sample"]), int(span["to_sample"])
    slack = 4000
    view = console.await_view(
        subject,
        "all that was heard",
        lambda v: any(h.leg == span["leg"] and h.to_sample >= last - slack for h in v.heard),
        CALL_LIMIT_S,
    )
    return [h.text for h in view.heard if h.leg == span["leg"] and h.to_sample > first]


def confirm(talk: Talk, console: Console, drafted: Drafted, begin: Phrase, press: Phrase) -> None:
    """Read back, and the originator's key on his own telephone."""
    subject = drafted.subject
    console.done("ReadBackStarted", subject)
    talk.operator_says(begin)
    lines: Sequence[Line] = [talk.operator_says(phrase, PAUSE_S) for phrase in drafted.words.operator]
    console.done("ReadBackSaid", subject, span=dict(talk.span("operator", lines[0], lines[-1])))
    talk.operator_says(press)
    talk.crew[talk.other].digits("1")
    talk.crew.say(talk.other, "presses 1")
    console.await_view(subject, "confirmed", lambda v: v.state == "confirmed", CALL_LIMIT_S)


def seal(console: Console, subject: str) -> str:
    """A second person releases it, the operator seals it; returns the slip as it is printed.

    Where another message crosses this one, the warning is read and noted first.
    """
    console.done("ReleaseGiven", subject, by=console.second)
    answer = console.act("SealOrdered", subject)
    if answer.code == "not-ready":
        view = console.await_view(subject, "the message that crosses", lambda v: bool(v.newer), CALL_LIMIT_S)
        console.tell(console.person, f"notes that {', '.join(view.newer)} crosses this one")
        console.done("NewerNoted", subject)
        console.done("SealOrdered", subject)
    elif not answer.is_done:
        console.done("SealOrdered", subject)
    slip = console.view(subject).slip
    console.done("SlipCarried", subject)
    console.tell(console.person, "seals it; the slip leaves the station in a person's hand")
    return slip


def take_return(console: Console, text: str) -> str:
    """Type a return slip; the subject of the message that it is about."""
    subject = console.done("SlipTyped", text=text).subject
    console.tell(console.person, "types the return slip; its check words agree")
    return subject
