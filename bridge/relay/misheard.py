"""Which differences between a sealed and a heard text are explained by how a recogniser hears and writes.

Two things are: another way to write figures ("6.15 Zulu" for 0615Z), and a word that sounds like the sealed one and
carries no fact against it. What carries a fact is never explained away by its sound: numbers, negations, units,
directions, owners and degrees of obligation differ in meaning, however alike they sound.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bridge.base.text import fold
from bridge.relay.concepts import meanings
from bridge.relay.facts import FACTS, Finding, is_number
from bridge.relay.numerals import canonical, spans
from bridge.relay.sound import Likeness, likeness
from bridge.relay.tokens import Token, read

ALIKE = 0.55
"""Share of a word's sounds from which it counts as heard; chosen on `bench.relays`, messages of `dev`."""
WHOLE = 0.8
"""From here on the sealed word was heard, whatever stands beside it."""
SAME_SOUNDS = 0.95
"""From here on two words cannot be told apart by ear: wounded and "winded"."""
HALF = 0.4
ZONE_ALIKE = 0.6
CORRECTED_WITHIN = 9
"""Words after a wrong number within which its correction is over."""
_ZULU = re.compile(r"\d{4}z\W*", re.IGNORECASE)
_DECIMAL = re.compile(r"\d[.,]\d")
_POINTED = re.compile(r"\d+(?:[.,]\d+)+")
_ZONE = re.compile(r"\W*zu", re.IGNORECASE)
LANGUAGE = "en"


def as_said(sealed: str, heard: str, language: str) -> str:
    """The heard text with figures apart that a recogniser has put a point between; places of words stay.

    Nobody says a point where the sealed text has none, and a time of day is written as one: 6.15 Zulu, 0.0930. Where a
    point could have been said (1.2 for 12), it stays.
    """
    if language != LANGUAGE or _DECIMAL.search(sealed):
        return heard
    words = heard.split()
    shown = [_apart(word, words[at + 1] if at + 1 < len(words) else "") for at, word in enumerate(words)]
    return " ".join(shown)


def _apart(word: str, after: str) -> str:
    def pieces(match: re.Match[str]) -> str:
        parts = re.split("[.,]", match.group())
        if parts[0] == "0" and len(parts) == 2 and len(parts[1]) == 4:
            return parts[1]  # 0.0930: the zero is written twice
        thousands = len(parts[0]) < 4 and all(len(part) == 3 for part in parts[1:]) and "," in match.group()
        is_time = parts[0].startswith("0") or len(parts) > 2 or bool(_ZONE.match(word[match.end() :] or after))
        return "-".join(parts) if is_time and not thousands else match.group()

    return _POINTED.sub(pieces, word)


def standing(findings: Sequence[Finding], sealed: str, heard: str, language: str) -> list[Finding]:
    """The findings that hearing does not explain; what it may explain is doubtful."""
    if language != LANGUAGE or not findings:
        return list(findings)
    alike = likeness(sealed, heard)
    zeroed = {finding.sealed_span for finding in findings if _has_zeros(finding)}
    left = [one for one in findings if one.sealed_span not in zeroed and not _is_explained(one, alike)]
    doubtful = [one.certain and _is_doubtful(one, sealed, heard, alike) for one in left]
    return [replace(one, certain=False) if doubts else one for one, doubts in zip(left, doubtful, strict=True)]


def other_words(
    found: Sequence[Finding], standing: Sequence[Finding], sealed: str, heard: str, language: str
) -> list[Finding]:
    """Of the findings that do not stand, words of other meaning: what sounds alike may have been said instead.

    Both words are in the tables, with no meaning in common; a word of nearly the same sounds is no other one.
    """
    if language != LANGUAGE or not found:
        return []
    stands = {one.sealed_span for one in standing}
    excused = [one for one in found if one.sealed_span not in stands and one.sealed and one.heard]
    excused = [one for one in excused if not _is_zone(one) and not _has_zeros(one)]
    if not excused:
        return []
    alike = likeness(sealed, heard)
    return [
        one
        for one in excused
        if min(alike.of_sealed(*one.sealed_span), alike.of_heard(*one.span)) < SAME_SOUNDS
        and _mean_different(one.sealed, one.heard)
    ]


def _mean_different(sealed: str, heard: str) -> bool:
    ours, theirs = _meanings(sealed), _meanings(heard)
    return bool(ours and theirs) and not ours & theirs


def _meanings(text: str) -> set[str]:
    return {name for token in read(text, LANGUAGE).tokens for name in meanings(token, LANGUAGE)}


def _is_doubtful(finding: Finding, sealed: str, heard: str, alike: Likeness) -> bool:
    """Whether it was perhaps not said: the word sounds like a plain one, or the sealed number is said at once, too."""
    if finding.heard.lower().startswith("i'm"):
        return True  # taken for a.m. of a clock time
    if _is_teen_for_ten(finding) or _is_cut(finding, sealed, heard) or _is_called_alike(finding, heard):
        return True
    if finding.sealed and not finding.heard and finding.kind != "clause":
        return alike.of_sealed(*finding.sealed_span) >= WHOLE  # ordered a tanker: in order to tank
    if finding.sealed and finding.heard and not _facts(finding.sealed) & _facts(finding.heard):
        found, made = alike.of_sealed(*finding.sealed_span), alike.of_heard(*finding.span)
        return found >= ALIKE and made >= HALF
    if not finding.sealed:  # the second of two sayings of a number, or a wrong one that was put right at once
        place, after = finding.sealed_span[0], finding.span[1]
        coming = _numbers(sealed, place, place + 2) & _numbers(heard, after, after + CORRECTED_WITHIN)
        again = _readings(finding.heard) & _numbers(sealed, place - 2, finding.sealed_span[1] + 2)
        return bool(again or (coming and _readings(finding.heard)))
    # The sealed number is said within a few words: a correction whose announcement was misheard.
    return bool(_readings(finding.sealed) & _numbers(heard, finding.span[1], finding.span[1] + CORRECTED_WITHIN))


def _is_teen_for_ten(finding: Finding) -> bool:
    """Eighteen and eighty: no ear tells them apart on a telephone, so it is said again, digit by digit."""
    ours, theirs = _readings(finding.sealed), _readings(finding.heard)
    return any(
        str(tens * 10) in one and str(10 + tens) in other
        for tens in range(3, 10)
        for one, other in ((ours, theirs), (theirs, ours))
    )


def _is_cut(finding: Finding, sealed: str, heard: str) -> bool:
    """A number that lost a figure at one end, with an odd word there instead: "craft were one seven" for craft 417."""
    ours, theirs = re.sub(r"\D", "", finding.sealed), _readings(finding.heard)
    words, others = sealed.split(), heard.split()
    (first, last), (start, end) = finding.sealed_span, finding.span
    if len(ours) < 3:
        return False
    if ours[1:] in theirs:
        return 0 < start and (first == 0 or fold(words[first - 1]) != fold(others[start - 1]))
    if ours[:-1] in theirs:
        return end < len(others) and (last == len(words) or fold(words[last]) != fold(others[end]))
    return False


def _is_called_alike(finding: Finding, heard: str) -> bool:
    """A call sign of which the figures were heard: its letters are what is misheard first."""
    if finding.kind != "call-sign":
        return False
    figures = re.sub(r"\D", "", finding.sealed.partition(" ")[0])
    near = _numbers(heard, finding.span[0] - 1, finding.span[1] + 2)
    return len(figures) > 1 and any(value.endswith(figures) for value in near)


def _numbers(text: str, first: int, last: int) -> set[str]:
    """Every reading of every number that begins in the words [first, last)."""
    tokens = read(" ".join(text.split()[max(0, first) : last]), LANGUAGE).tokens
    return {canonical(span.value) for each in spans(tokens, LANGUAGE).values() for span in each}


def _has_zeros(finding: Finding) -> bool:
    """A time of day with the word zulu heard as more zeros: 07200 for 0720Z. A time has four figures."""
    time = _ZULU.fullmatch(finding.sealed)
    return bool(time) and re.sub(r"\D", "", finding.heard) in (finding.sealed[:4] + "0", finding.sealed[:4] + "00")


def _is_explained(finding: Finding, alike: Likeness) -> bool:
    if _is_zone(finding):
        return True
    if finding.kind == "clause" or _carries_against(finding):
        return False
    found, made = alike.of_sealed(*finding.sealed_span), alike.of_heard(*finding.span)
    if not finding.heard:
        return found >= WHOLE
    if not finding.sealed:  # its sounds are those of the sealed words around it, divided otherwise
        return made >= WHOLE and not _facts(finding.heard)
    return min(found, made) >= ALIKE or (found >= WHOLE and not _facts(finding.sealed) | _facts(finding.heard))


def _is_zone(finding: Finding) -> bool:
    """The word zulu after a time, misheard as another word or as one more zero."""
    if not _ZULU.fullmatch(finding.sealed) or len(finding.heard.split()) != 1 or re.search(r"\d", finding.heard):
        return False
    tokens = read(finding.heard, LANGUAGE).tokens
    if any(token.tag or (is_number(token, LANGUAGE) and token.text != "zero") for token in tokens):
        return False
    alike = likeness("zulu", finding.heard)
    return alike.of_sealed(0, 1) >= ZONE_ALIKE and alike.of_heard(0, 1) >= HALF


def _carries_against(finding: Finding) -> bool:
    ours, theirs = _facts(finding.sealed), _facts(finding.heard)
    if finding.kind == "negation" or "neg" in ours | theirs:
        return True
    if "actor" in ours or not finding.heard:
        return bool(ours)  # ours and yours are too short, and too much alike, to be known by their sounds
    return bool(ours and theirs)


def is_same_value(one: str, other: str) -> bool:
    """Whether two recognisers heard the same, figures or words: "six twenty five" and 6-25."""
    first, second = _value(one), _value(other)
    if first == second or _readings(one) & _readings(other):
        return True
    (number, unit), (rival, its_unit) = _measured(one), _measured(other)
    return bool(unit) and unit == its_unit and bool(_readings(number) & _readings(rival))


def _measured(text: str) -> tuple[str, str]:
    """A number and the unit behind it: "1630 hours"; no unit where none ends the text."""
    words = text.split()
    tokens = read(words[-1], LANGUAGE).tokens if len(words) > 1 else []
    if len(tokens) != 1 or tokens[0].tag != "unit":
        return text, ""
    return " ".join(words[:-1]), tokens[0].key


def is_same_addition(one: Finding, other: Finding) -> bool:
    """Whether two recognisers heard the same added words: a fact in either, or words that sound alike in part."""
    if one.kind != "addition" or other.kind != "addition":
        return True
    alike = likeness(one.heard, other.heard)
    return max(*alike.sealed, *alike.heard) >= HALF


def _value(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in read(text, LANGUAGE).tokens if not token.is_light)


def _readings(text: str) -> set[str]:
    """Numbers that a few words can be read as, all of them."""
    tokens = read(text, LANGUAGE).tokens
    return {canonical(span.value) for span in spans(tokens, LANGUAGE).get(0, ()) if span.end == len(tokens)}


def _facts(text: str) -> set[str]:
    """Classes of the facts in a few words."""
    tokens = read(text, LANGUAGE).tokens
    return {_class(token) for token in tokens if _class(token)} | {"neg" for token in tokens if "neg" in token.marks}


def _class(token: Token) -> str:
    return "number" if is_number(token, LANGUAGE) else token.tag if token.tag in FACTS else ""
