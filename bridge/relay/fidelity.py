"""Does what was heard say what was sealed: the comparison, in one language and across languages.

Pure: texts in, a verdict with findings out. It does not hear, does not correct and does not edit either text.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bridge.base.text import fold
from bridge.relay.across import compare_across
from bridge.relay.facts import Finding
from bridge.relay.meaning import Judge
from bridge.relay.misheard import as_said, is_same_addition, is_same_value, other_words, standing
from bridge.relay.tables import LANGUAGES
from bridge.relay.within import compare_within


class Verdict(enum.Enum):
    VERBATIM = "verbatim"
    """Word for word, digit sets and case aside."""
    EQUIVALENT = "equivalent"
    """Other words or forms, the same facts."""
    CHECK = "check"
    """A slot could not be settled: have it said again."""
    ALTERED = "altered"
    """A fact was heard with another value, lost or added."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names that both sides fixed beforehand: each a set of spellings in any language."""

    known: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    verdict: Verdict
    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...]
    """What was not compared, in words for the operator; never empty across languages."""
    spoken_until: int
    """Words of the sealed text that have been said so far."""


def compare(
    sealed: str,
    heard: str,
    sealed_language: str,
    heard_language: str,
    *,
    complete: bool = True,
    names: Names | None = None,
    judge: Judge | None = None,
) -> Comparison:
    """Compare a sealed text with what was heard.

    Args:
        complete: False while it is still being said; what comes later is then not an omission.
        names: fixed names; a name heard under another spelling of the same set is the same name.
        judge: asked about meaning where the languages differ; without it tables alone decide.

    Raises:
        ValueError: a language without tables.
    """
    for language in (sealed_language, heard_language):
        if language not in LANGUAGES:
            raise ValueError(f"language {language!r} has no tables, expected one of {', '.join(LANGUAGES)}")
    if names is not None:
        sealed, heard = _named(sealed, names), _named(heard, names)
    if sealed_language != heard_language:
        findings, unchecked, until = compare_across(
            sealed, heard, sealed_language, heard_language, complete=complete, judge=judge
        )
        return Comparison(_verdict(findings, verbatim=False), tuple(findings), unchecked, until)
    findings, verbatim, until = compare_within(sealed, heard, sealed_language, complete=complete)
    return Comparison(_verdict(findings, verbatim=verbatim), tuple(findings), (), until)


def _named(text: str, names: Names) -> str:
    """The text with every known spelling of a fixed name replaced by the first of its set."""
    words = text.split()
    for spellings in names.known:
        first = min(spellings)
        forms = {tuple(fold(spelling).split()): first for spelling in spellings}
        at = 0
        while at < len(words):
            for form, shown in forms.items():
                if tuple(fold(word.strip(".,;:!?،؛؟")) for word in words[at : at + len(form)]) == form:
                    tail = words[at + len(form) - 1][-1]
                    words[at : at + len(form)] = [shown + (tail if tail in ".,;:!?،؛؟" else "")]
                    break
            at += 1
    return " ".join(words)


def _verdict(findings: Sequence[Finding], *, verbatim: bool) -> Verdict:
    if any(finding.certain for finding in findings):
        return Verdict.ALTERED
    if findings:
        return Verdict.CHECK
    return Verdict.VERBATIM if verbatim else Verdict.EQUIVALENT


def hear(
    sealed: str,
    heard: str,
    sealed_language: str,
    heard_language: str,
    *,
    complete: bool = True,
    judge: Judge | None = None,
) -> Comparison:
    """Compare with what one recogniser heard: as `compare`, without what its hearing and writing explain.

    Raises:
        ValueError: a language without tables.
    """
    return _hear(sealed, heard, sealed_language, heard_language, complete=complete, judge=judge)[0]


def _hear(
    sealed: str, heard: str, sealed_language: str, heard_language: str, *, complete: bool, judge: Judge | None
) -> tuple[Comparison, tuple[Finding, ...]]:
    """As `hear`, and other words that hearing explains as long as nobody else heard them, too."""
    if sealed_language != heard_language:
        return compare(sealed, heard, sealed_language, heard_language, complete=complete, judge=judge), ()
    heard = as_said(sealed, heard, heard_language)
    found = compare(sealed, heard, sealed_language, heard_language, complete=complete)
    kept = tuple(standing(found.findings, sealed, heard, heard_language))
    others = tuple(other_words(found.findings, kept, sealed, heard, heard_language))
    verdict = _verdict(kept, verbatim=found.verdict is Verdict.VERBATIM)
    return replace(found, verdict=verdict, findings=kept), others


def fuse(
    sealed: str,
    heard: Sequence[str],
    sealed_language: str,
    heard_language: str,
    *,
    complete: bool = True,
    judge: Judge | None = None,
) -> Comparison:
    """Judge one utterance heard by several recognisers.

    A slot is fine if any heard the sealed value; altered only when all heard the same other value; otherwise it is
    to be checked. With one recogniser nothing is ever called altered: one machine's hearing proves no alteration.
    Another word that sounds like the sealed one is to be checked where all wrote it: destroyed and deployed.

    Raises:
        ValueError: nothing was heard, or a language without tables.
    """
    if not heard:
        raise ValueError("no hearing to judge, expected at least one")
    hearings = [_hear(sealed, one, sealed_language, heard_language, complete=complete, judge=judge) for one in heard]
    results = [result for result, _ in hearings]
    first, others = results[0], [result.findings for result in results[1:]]
    kept: list[Finding] = []
    for finding in first.findings:
        rivals = [[rival for rival in found if _is_rival(finding, rival)] for found in others]
        if all(rivals):
            agreed = bool(rivals) and all(any(_says_same(finding, rival) for rival in each) for each in rivals)
            kept.append(replace(finding, certain=finding.certain and agreed))
    kept += _written_by_all([words for _, words in hearings], kept)
    verbatim = any(result.verdict is Verdict.VERBATIM for result in results)
    until = max(result.spoken_until for result in results)
    return Comparison(_verdict(kept, verbatim=verbatim), tuple(kept), first.unchecked, until)


def _written_by_all(hearings: Sequence[Sequence[Finding]], kept: Sequence[Finding]) -> list[Finding]:
    """Words in place of the sealed ones that every recogniser wrote alike, where nothing else is flagged."""
    if len(hearings) < 2:
        return []
    written = [{(one.sealed_span, fold(one.heard)) for one in words} for words in hearings[1:]]
    agreed = [one for one in hearings[0] if all((one.sealed_span, fold(one.heard)) in each for each in written)]
    return [replace(one, certain=False) for one in agreed if not any(_is_rival(one, other) for other in kept)]


def _is_rival(finding: Finding, other: Finding) -> bool:
    """Whether another recogniser's finding lies at the same place of the sealed text."""
    (start, end), (first, last) = finding.sealed_span, other.sealed_span
    if start < end and first < last:
        return first < end and start < last
    if start == end and first == last and not is_same_addition(finding, other):
        return False
    return first <= end + 1 and start <= last + 1  # what was added stands between words, not always the same two


def _says_same(finding: Finding, other: Finding) -> bool:
    return finding.certain and other.certain and is_same_value(finding.heard, other.heard)
