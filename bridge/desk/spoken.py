"""Compares what is being said of a sealed message with its text, from what the recognisers heard on one leg.

The comparison itself is `relay.fidelity`; here is decided which words are put to it and what a machine may not say:
that something is missing where it heard nothing at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.base.terms import LANGUAGES
from bridge.desk.scene import LegScene
from bridge.relay.agreed import NOTHING, Agreed
from bridge.relay.coded import CodedError
from bridge.relay.facts import Finding
from bridge.relay.fidelity import Comparison, Verdict, fuse, hear
from bridge.relay.giving_events import Compared, Match, Part
from bridge.relay.locked import as_sealed, missed
from bridge.relay.meaning import Judge
from bridge.relay.message import Message


@dataclass(frozen=True, slots=True)
class Spoken:
    """One comparison: the event that it is, and what the operator is shown of it."""

    event: Compared
    findings: tuple[Finding, ...] = ()
    spoken_until: int = 0
    """Words of the sealed text that have been said so far."""


def compare_spoken(
    message: Message,
    part: Part,
    leg: LegScene | None,
    since_ns: int,
    *,
    complete: bool,
    agreed: Agreed = NOTHING,
    judge: Judge | None = None,
) -> Spoken:
    """Compare what was said on a leg since a moment.

    Args:
        leg: None where nobody is there: nothing was heard.
        complete: all of it has been said; changeable words do not count then.
        agreed: coded texts and fixed names of the dialplan.
        judge: asked about meaning where another language is spoken than was sealed.
    """
    sha256 = message.digest().hex()
    heard = _heard(leg, since_ns, complete=complete) if leg is not None else []
    if leg is None or leg.language not in LANGUAGES or not any(heard):
        return Spoken(Compared(part, sha256, Match.CHECK, 0, complete))
    sealed, language = to_say(message, part, leg.language, agreed)
    pair = language, leg.language
    meant = [as_sealed(sealed, one, language, agreed.locked) for one in heard] if language == leg.language else heard
    if len(heard) == 1:
        found = hear(sealed, meant[0], *pair, complete=complete, judge=judge)
    else:
        found = fuse(sealed, meant, *pair, complete=complete, judge=judge)
    verdict, findings = found.verdict, found.findings
    if verdict is Verdict.VERBATIM and meant != heard:
        verdict = Verdict.EQUIVALENT
    if language != leg.language:
        verdict, findings = _with_names(found, missed(sealed, heard, pair, agreed.locked, complete=complete))
    if leg.is_deaf and verdict is Verdict.ALTERED and not any(one.certain and one.heard for one in findings):
        verdict = Verdict.CHECK  # part of the audio has no text: what seems left out was perhaps said
    event = Compared(part, sha256, Match(verdict.value), len(findings), complete)
    return Spoken(event, findings, found.spoken_until)


def to_say(message: Message, part: Part, language: str, agreed: Agreed) -> tuple[str, str]:
    """What is to be said on a line, and its language: a coded text in the line's own, anything else as sealed."""
    if language not in LANGUAGES:
        return message.text, message.language
    try:
        if part is Part.RELAY:
            return agreed.coded.to_relay(message, language), language
        return agreed.coded.to_read_back(message, language), language
    except CodedError:
        return message.text, message.language  # none, or not as agreed here: it is compared as it was sealed


def _with_names(found: Comparison, names: Sequence[Finding]) -> tuple[Verdict, tuple[Finding, ...]]:
    """A comparison with the fixed names that were missed, in place of its own doubts about their words."""
    spans = [one.sealed_span for one in names]
    own = [one for one in found.findings if one.certain or not any(_covers(span, one.sealed_span) for span in spans)]
    findings = (*own, *names)
    if not names:
        return found.verdict, found.findings
    return (Verdict.ALTERED if any(one.certain for one in findings) else Verdict.CHECK), findings


def _covers(name: tuple[int, int], place: tuple[int, int]) -> bool:
    """Whether a finding speaks of words of a name alone."""
    return name[0] <= place[0] < place[1] <= name[1]


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


def is_settled(leg: LegScene | None, since_ns: int, now_ns: int) -> bool:
    """Whether no recogniser is still at work on words that were said; the second is waited for a while only."""
    return leg is None or not (leg.saying_since(since_ns) or leg.unchecked_since(since_ns, now_ns))
