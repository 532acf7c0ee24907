"""What a scripted operator does next while a message is said: decided from the desk's screen and his own ears.

Pure. The verdicts are the desk's; his ears know only what was really said (`Ears`), as a person's would.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from bridge.base.text import words
from bridge.drill.relay_script import Phrase
from bridge.drill.view import Difference, View
from bridge.relay.fidelity import Verdict, compare
from bridge.relay.sealed_text import EXERCISE_MARKS

MARKS = 3
"""EXERCISE EXERCISE EXERCISE before every text of an exercise."""
SAME = (Verdict.VERBATIM, Verdict.EQUIVALENT)


class Next(enum.Enum):
    """What is to be done about a part of a message."""

    GO_ON = "go-on"
    WAIT = "wait"
    """The machine hears something that was not said; its second engine may know better."""
    CORRECT = "correct"
    """Said otherwise than sealed: corrected aloud."""
    SAY_AGAIN = "say-again"
    """Said as sealed, heard otherwise: that part is said again."""
    JUDGE = "judge"
    """Said as sealed, and the machine is not sure: a person has listened."""


@dataclass(frozen=True, slots=True)
class Ears:
    """What a person on the line knows of one part: where it was said otherwise than sealed, and not corrected yet."""

    wrong: bool


def while_saying(view: View, part: str, ears: Ears) -> Next:
    """Between two sentences. A doubt waits for the end; an alteration that the screen shows does not."""
    if view.match(part) == "altered" or (view.match(part) == "check" and ears.wrong):
        return Next.CORRECT if ears.wrong else Next.WAIT
    return Next.GO_ON


def at_the_end(view: View, part: str, ears: Ears, *, waited: bool) -> Next:
    """All has been said and the desk does not take it as said."""
    match view.match(part):
        case "verbatim" | "equivalent":
            return Next.GO_ON
        case "check":
            return Next.CORRECT if ears.wrong else Next.JUDGE
        case "altered" if ears.wrong:
            return Next.CORRECT
    return Next.SAY_AGAIN if waited else Next.WAIT


def first_wrong(differences: Sequence[Difference], written: Sequence[str]) -> int:
    """Which sentence of the message the first difference lies in; the last one where nothing says."""
    if not differences:
        return len(written) - 1
    place = min(differences, key=lambda one: (not one.certain, one.sealed_from)).sealed_from
    end = MARKS
    for number, sentence in enumerate(written):
        end += len(sentence.split())
        if place < end:
            return number
    return len(written) - 1


def raw_draft(finals: Sequence[str]) -> str:
    """The machine's text as a first draft: what was heard, without the marks that the desk sets itself."""
    text = " ".join(finals).split()
    at = 0
    while at < len(text) and words(text[at]) == ["exercise"]:
        at += 1
    return " ".join(text[at:])


def corrected(finals: Sequence[str], written: Sequence[str], language: str) -> tuple[str, ...]:
    """The sentences that the recogniser heard otherwise than the operator did: he writes those from the audio.

    A sentence counts as heard where some stretch of the machine's text says the same as the operator's.
    """
    heard = raw_draft(finals)
    return tuple(one for one in written if not _is_in(one, heard, language))


def _is_in(sentence: str, heard: str, language: str) -> bool:
    tokens = heard.split()
    size = len(sentence.split())
    stretches = {
        " ".join(tokens[start : start + length])
        for length in range(max(1, size - 2), size + 5)
        for start in range(max(1, len(tokens) - length + 1))
    }
    return any(compare(sentence, one, language, language).verdict in SAME for one in stretches)


def unheard(written: Sequence[str], said: Sequence[Phrase]) -> str:
    """What the comparison says of words that the operator typed from the audio, and what it cannot check in them."""
    first = said[0].language
    sealed, typed = " ".join(written), " ".join(one.text for one in said)
    found = compare(f"{EXERCISE_MARKS['en']} {sealed}", typed, "en", first)
    doubts = ", ".join(one.kind for one in found.findings) or "no difference"
    return (
        f"typed from the audio in {first}: {found.verdict.value}, {doubts}; "
        f"not checked by the machine: {'; '.join(found.unchecked)}"
    )
