"""Findings between a sealed and a heard text of one language.

Every plausible way to take the heard words is tried, and the least bad one judged. What a verdict is made of the
findings is decided in `fidelity`.
"""

from __future__ import annotations

from collections.abc import Sequence

from bridge.base.text import fold
from bridge.relay.align import Step, align
from bridge.relay.facts import Finding, judge
from bridge.relay.settled import settle
from bridge.relay.tables import TABLES, Phrase, Tables
from bridge.relay.tokens import Text, read

UNSETTLED_WORDS = 2
"""Last words of a stream that may still change."""
_MOST_FINDINGS = 12
"""Texts with more differences than that are not two readings of one."""
Judged = tuple[list[Finding], bool, int]
"""Findings, whether the texts are the same word for word, and words of the sealed text said so far."""


def compare_within(sealed: str, heard: str, language: str, *, complete: bool = True) -> Judged:
    """Findings of the likeliest way to take what was heard; with `complete=False` the end may be unsaid."""
    ours = settle(read(sealed, language))
    fillers = _not_meant(ours, language)
    best = _judged(ours, heard, fillers, complete=complete)
    markers = fillers & TABLES[language].speech["correction"]
    if 0 < len(best[0]) <= _MOST_FINDINGS and _holds_any(heard, markers):  # "i mean" fills a pause or corrects
        best = min(best, _judged(ours, heard, fillers - markers, complete=complete), key=_badness)
    return best


def _badness(judged: Judged) -> tuple[int, int]:
    return sum(finding.certain for finding in judged[0]), len(judged[0])


def _holds_any(text: str, phrases: frozenset[Phrase]) -> bool:
    padded = f" {fold(text)} "
    return any(f" {' '.join(phrase)} " in padded for phrase in phrases)


def _judged(ours: Text, heard: str, fillers: frozenset[Phrase], *, complete: bool) -> Judged:
    theirs = settle(read(heard, ours.language, dropped=fillers, once_for=ours))
    steps = align(ours, theirs, complete=complete)
    findings = judge(ours, theirs, steps)
    if not complete:
        settled = len(theirs.words) - UNSETTLED_WORDS
        findings = [finding for finding in findings if finding.span[1] <= settled]
    verbatim = [token.text for token in ours.tokens] == [token.text for token in theirs.tokens]
    return findings, verbatim, _spoken_until(ours, steps)


def _not_meant(sealed: Text, language: str) -> frozenset[Phrase]:
    """Hesitations and fillers that the sealed text does not hold itself."""
    said = " " + " ".join(token.text for token in sealed.tokens) + " "
    tables = TABLES[language]
    spelled = {letter for token in sealed.tokens if token.is_code for letter in token.text}
    return frozenset(
        phrase
        for phrase in tables.speech["hesitation"] | tables.speech["filler"]
        if not any(f" {' '.join(form)} " in said for form in (phrase, _written(phrase, tables)))
        and not spelled & set(tables.letters.get(phrase, ()))
    )


def _written(phrase: Phrase, tables: Tables) -> Phrase:
    """The phrase with colloquial words replaced, as the tokens of a text have them."""
    return tuple(part for word in phrase for part in tables.replaced.get(word, (word,)))


def _spoken_until(sealed: Text, steps: Sequence[Step]) -> int:
    last = max((step.sealed_to for step in steps if step.heard_to > step.heard_from), default=0)
    return sealed.tokens[last - 1].end if last else 0
