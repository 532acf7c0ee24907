"""Compares what is being said of a sealed message with its text, from what the recognisers heard on one leg.

The comparison itself is `relay.fidelity`; here is decided which words are put to it and what a machine may not say:
that something is missing where it heard nothing at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.base.terms import LANGUAGES
from bridge.desk.scene import LegScene
from bridge.relay.facts import Finding
from bridge.relay.fidelity import Verdict, compare, fuse
from bridge.relay.giving_events import Compared, Match, Part
from bridge.relay.message import Message


@dataclass(frozen=True, slots=True)
class Spoken:
    """One comparison: the event that it is, and what the operator is shown of it."""

    event: Compared
    findings: tuple[Finding, ...] = ()
    spoken_until: int = 0
    """Words of the sealed text that have been said so far."""


def compare_spoken(message: Message, part: Part, leg: LegScene | None, since_ns: int, *, complete: bool) -> Spoken:
    """Compare what was said on a leg since a moment.

    Args:
        leg: None where nobody is there: nothing was heard.
        complete: all of it has been said; changeable words do not count then.
    """
    sha256 = message.digest().hex()
    heard = _heard(leg, since_ns, complete=complete) if leg is not None else []
    if leg is None or leg.language not in LANGUAGES or not any(heard):
        return Spoken(Compared(part, sha256, Match.CHECK, 0, complete))
    pair = message.language, leg.language
    if len(heard) == 1:
        found = compare(message.text, heard[0], *pair, complete=complete)
    else:
        found = fuse(message.text, heard, *pair, complete=complete)
    verdict = found.verdict
    if leg.is_deaf and verdict is Verdict.ALTERED and not any(one.certain and one.heard for one in found.findings):
        verdict = Verdict.CHECK  # part of the audio has no text: what seems left out was perhaps said
    event = Compared(part, sha256, Match(verdict.value), len(found.findings), complete)
    return Spoken(event, found.findings, found.spoken_until)


def _heard(leg: LegScene, since_ns: int, *, complete: bool) -> list[str]:
    """What one recogniser heard, or two; the second counts where it heard anything."""
    finals = leg.since(since_ns)
    going_on = "" if complete else leg.saying_since(since_ns)
    first = _joined([one.text for one in finals], going_on)
    if all(one.checked is None for one in finals):
        return [first]
    return [first, _joined([one.text if one.checked is None else one.checked for one in finals], going_on)]


def _joined(texts: Sequence[str], going_on: str) -> str:
    return " ".join(text for text in (*texts, going_on) if text)


def is_settled(leg: LegScene | None, since_ns: int) -> bool:
    """Whether no recogniser is still at work on words that were said."""
    return leg is None or not leg.saying_since(since_ns)
