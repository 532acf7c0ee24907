"""Comparison across languages: facts, names and clauses, never wording.

What cannot be compared is named in `UNCHECKED` and shown to the operator; no finding there means nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bridge.base.text import fold
from bridge.relay import across_facts, across_roles
from bridge.relay.across_changes import Difference, differences
from bridge.relay.across_clauses import clause_findings, same_sentence
from bridge.relay.across_days import nights, parts, parts_swapped
from bridge.relay.across_heard import as_meant, begun_names
from bridge.relay.across_names import name_differences
from bridge.relay.across_numbers import unit_after
from bridge.relay.across_opposites import opposite_findings
from bridge.relay.across_pair import Pair
from bridge.relay.across_read import read_across
from bridge.relay.across_sentences import sentence_findings
from bridge.relay.across_words import Layout, layout
from bridge.relay.align import courtesies
from bridge.relay.cleaned import Line, ways
from bridge.relay.concepts import meanings
from bridge.relay.facts import Finding, is_number, number_kind
from bridge.relay.meaning import Judge
from bridge.relay.numerals import spans
from bridge.relay.tables import TABLES, Phrase, Tables
from bridge.relay.tokens import Text, Token, read
from bridge.relay.weighing import settled, weighed

UNCHECKED = ("wording between the facts", "shades of meaning", "who does what to whom, beyond ours and yours")


def compare_across(
    sealed: str, heard: str, sealed_language: str, heard_language: str, *, complete: bool, judge: Judge | None = None
) -> tuple[list[Finding], tuple[str, ...], int]:
    """Findings, what was not checked, and how many words of the sealed text have been said.

    Args:
        judge: weighs what is no plain fact once all has been said; until then doubts are not shown where it is given.
    """
    pair, best = found_across(sealed, heard, (sealed_language, heard_language), complete=complete)
    if judge is not None:
        best = weighed(pair, best, judge) if complete else settled(pair, best)
    return best, UNCHECKED, len(pair.sealed.words) if complete else 0


def found_across(
    sealed: str, heard: str, languages: tuple[str, str], *, complete: bool = True
) -> tuple[Pair, list[Finding]]:
    """The likeliest reading of what was heard, beside the sealed text, and what the tables find in the two."""
    ours = read_across(sealed, languages[0])
    judged = [
        (pair, _judge(pair, complete=complete))
        for said in as_meant(heard, languages[1], ours)
        for theirs, lines in (readings(said, languages[1], ours),)
        for pair in (Pair(ours, theirs, line) for line in lines)
    ]
    return min(judged, key=lambda one: sum(2 if f.certain or f.kind in _FIGURES else 1 for f in one[1]))


_FIGURES = frozenset(("number", "unit", "time"))
"""Kinds that weigh as much as what is certain where readings are compared: a reading explains every figure or none."""


def readings(heard: str, language: str, sealed: Text | None = None) -> tuple[Text, list[Line]]:
    """A heard text, and every plausible reading of it without what its speaker took back; the likeliest first.

    Args:
        sealed: what it is compared with; courtesies at its ends that are sealed belong to the message.
    """
    text = read_across(heard, language, dropped=_fillers(language) - begun_names(heard, language))
    lines = {
        line: None
        for trimmed in (_trimmed(text, sealed), _trimmed(text, sealed, loosely=True))
        for line in ways(trimmed.tokens, language)
    }
    return text, list(lines)


def _fillers(language: str) -> frozenset[Phrase]:
    """Hesitations, and fillers that carry no meaning of their own."""
    tables = TABLES[language]
    idle = {phrase for phrase in tables.speech["filler"] if len(phrase) > 1 or not _means(phrase[0], tables)}
    return tables.speech["hesitation"] | idle


def _means(word: str, tables: Tables) -> bool:
    return word in tables.concepts or word in tables.phrases or word in tables.common


def _trimmed(text: Text, sealed: Text | None = None, *, loosely: bool = False) -> Text:
    """The text without what is said before and after a message; an opening "please" belongs to the message.

    Args:
        loosely: also words that may belong to either (we, now, a name), next to what does not.
    """
    phrases = courtesies(text, phrases_only=True)
    polite = [
        in_phrase or (one and token.tag == "" and "neg" not in token.marks)
        for in_phrase, one, token in zip(phrases, courtesies(text), text.tokens, strict=True)
    ]
    free = [
        is_polite or token.is_light or token.key in _OPEN or token.tag == "name"
        for is_polite, token in zip(polite, text.tokens, strict=True)
    ]
    first, last = 0, len(text.tokens)
    inner = free if loosely else polite
    while last > first and (
        inner[last - 1] or text.tokens[last - 1].is_light or text.tokens[last - 1].key == "modal:ask"
    ):
        last -= 1
    if (
        len(text.tokens) - last <= _FEW
        and not any(phrases[last:])
        and not _is_polite(text.tokens[last:], text.language)
    ):
        last = len(text.tokens)  # the message's own: a verb of being at the end of a Persian sentence, to go back
    while first < last and inner[first]:
        first += 1
    if first <= _FEW and not any(phrases[:first]) and not _is_polite(text.tokens[:first], text.language):
        first = 0
    # What is cut ends in words of talk: "your" alone is the message's own first word.
    while first > 0 and not (polite[first - 1] or text.tokens[first - 1].tag == "name"):
        first -= 1
    asks = loosely and _is_polite(text.tokens[last : last + 1], text.language)  # "please", to have it read back
    while last < len(text.tokens) and not (asks or polite[last] or text.tokens[last].tag == "name"):
        last += 1
    while text.language == "fa" and last < len(polite) and text.tokens[last].is_light and not phrases[last]:
        last += 1  # the verb of being, of what stands before it
    if sealed is not None:
        first, last = _with_sealed(text, (first, last), phrases, sealed)
    return replace(text, tokens=text.tokens[first:last])


def _with_sealed(text: Text, kept: tuple[int, int], in_phrase: Sequence[bool], sealed: Text) -> tuple[int, int]:
    """What is kept of a text, with words of talk next to it that the sealed text has at the same end: the search is
    over, east of the well, thank you for the water. A phrase of courtesy stays out, but for thanks that begin both.
    """
    first, last = kept
    opening, closing = (_edge(sealed.tokens[::step], sealed.language) for step in (1, -1))
    own = [meanings(token, text.language) for token in text.tokens]
    begin, end = first, last
    while begin > 0 and not in_phrase[begin - 1]:
        begin -= 1
    while end < len(own) and not in_phrase[end]:
        end += 1
    begin = next((at for at in range(begin, first) if own[at] & opening), first)
    thanks = _THANKS & _edge(sealed.tokens, sealed.language, 1)
    begin = next((at for at in range(first) if own[at] & thanks), begin)
    found = next((at + 1 for at in reversed(range(last, end)) if own[at] & closing), last)
    return begin, end if found > last and end - found <= 1 else found


def _edge(tokens: Sequence[Token], language: str, reach: int = 10) -> frozenset[str]:
    """Meanings of the first words of some that carry any."""
    content = [token for token in tokens[: 2 * reach] if not token.is_light][:reach]
    return frozenset().union(*(meanings(token, language) for token in content))


_THANKS = meanings(read("thank", "en").tokens[0], "en")


def _is_polite(tokens: Sequence[Token], language: str) -> bool:
    """Whether one of the words is said around messages only: over, thanks."""
    return any((token.text,) in TABLES[language].speech["courtesy"] for token in tokens)


_FEW = 2
"""Words at an end that may be the message's own although talk has them, too."""
_OPEN = frozenset(("actor:us", "actor:you", "order:now", "order:then", "order:after", "quant:all", "quant:other"))
"""Classes of words that talk about the talk has too."""


def _judge(pair: Pair, *, complete: bool) -> list[Finding]:
    both = layout(pair)
    found = [
        *_numbers(pair),
        *_words(pair, both),
        *_roles(pair, both),
        *name_differences(pair, both),
        *clause_findings(pair, both),
        *opposite_findings(pair, both),
        *sentence_findings(pair, both),
    ]
    if not complete:
        found = [finding for finding in found if finding.heard]
    return sorted(found, key=lambda finding: (finding.span, finding.sealed_span))


def _numbers(pair: Pair) -> list[Finding]:
    match, tokens = pair.numbers, pair.sealed.tokens
    found: list[Finding] = []
    extra = list(match.extra)
    for start, end in match.missing:
        kind = number_kind(pair.sealed, start, end)
        if extra:
            alike = [place for place in extra if _same_role(pair, end, place[1])]
            place = (alike or extra)[0]
            extra.remove(place)
            found.append(pair.finding(kind, (start, end), place, certain=bool(alike)))
        elif not (tokens[start].text == "2" and tokens[start].is_figure and _dual(pair)):
            found.append(pair.finding(kind, (start, end), None, certain=False))
    for own, whole in match.grown:
        found.append(pair.finding(number_kind(pair.sealed, *own), own, whole, certain=True))
    found.extend(pair.finding("number", None, place, certain=False) for place in extra if not _unsaid(pair, place))
    found.extend(pair.finding("call-sign", (at, at + 1), None, certain=False) for at in match.codes_missing)
    found.extend(_units(pair))
    return found


def _same_role(pair: Pair, end: int, stop: int) -> bool:
    """Whether a sealed and a heard number are of the same unit, or both of none."""
    return unit_after(pair.sealed.tokens, end) == unit_after(pair.line, stop)


def _unsaid(pair: Pair, place: tuple[int, int]) -> bool:
    """Whether the sealed text may say the heard one or two by the form of a word: ساعة, ساعتين."""
    if pair.heard.language == "ar" and place[1] in pair.numbers.heard_used:
        return False  # part of another number: one and ninety
    dual = pair.sealed.language == "ar" and any(map(_is_dual, pair.sealed.tokens))
    read = spans(pair.line, pair.heard.language).get(place[0], ())
    values = {span.value for span in read if span.end == place[1] == place[0] + 1}
    return ("2" in values and dual) or ("1" in values and not dual)


def _dual(pair: Pair) -> bool:
    """Whether an Arabic dual may say the two."""
    return pair.heard.language == "ar" and any(map(_is_dual, pair.line))


def _is_dual(token: Token) -> bool:
    """Whether the word may be an Arabic dual; plurals in ين look alike."""
    return len(token.text) > 4 and token.text.endswith(("ان", "ین", "انا", "تا", "تی"))


def _units(pair: Pair) -> list[Finding]:
    found: list[Finding] = []
    for (start, end), (first, last) in pair.numbers.pairs:
        ours, theirs = unit_after(pair.sealed.tokens, end), unit_after(pair.line, last)
        if ours == theirs or not ours:
            continue
        if theirs:
            found.append(pair.finding("unit", (start, end + 1), (first, last + 1), certain=True))
        elif ours not in _UNSAID_UNITS and ours not in {t.key for t in pair.line} and not _is_heads(pair, end):
            found.append(pair.finding("unit", (start, end + 1), (first, last), certain=False))
    return found + _dual_units(pair)


def _dual_units(pair: Pair) -> list[Finding]:
    """Two days by the Arabic word alone, and two of something else in the other text."""
    if "ar" not in (pair.sealed.language, pair.heard.language) or pair.sealed.language == pair.heard.language:
        return []
    sides = (pair.sealed.language, pair.sealed.tokens), (pair.heard.language, pair.line)
    ours, theirs = (_twos(tokens, language) for language, tokens in sides)
    if len(ours) != 1 or len(theirs) != 1 or ours.keys() == theirs.keys():
        return []
    (mine,), (said,) = ours.values(), theirs.values()
    return [pair.finding("unit", mine, said, certain=True)]


def _twos(tokens: Sequence[Token], language: str) -> dict[str, tuple[int, int]]:
    """Units of which a text has two, and where."""
    read = spans(tokens, language)
    if language == "ar":
        duals = {t.key: (at, at + 1) for at, t in enumerate(tokens) if t.tag == "unit" and t.text.endswith(_DUAL)}
        counted = any(span.value == "2" and span.end == at + 1 for at, found in read.items() for span in found)
        return {} if counted or "unit:tonne" in duals else duals  # طنين is a hum, too
    twos = [(at, span.end) for at, found in read.items() for span in found if span.value == "2" and span.end == at + 1]
    return {
        unit: (at, end + 1)
        for at, end in twos
        for unit in (unit_after(tokens, end),)
        if unit and not (at and (tokens[at - 1].is_figure or is_number(tokens[at - 1], language)))
    }


_DUAL = fold("ين")
_UNSAID_UNITS = ("unit:deg", "unit:min", "unit:hour", "unit:year")


def _is_heads(pair: Pair, at: int) -> bool:
    """Persian تن counts tonnes and people."""
    return pair.sealed.language == "fa" and pair.sealed.tokens[at].text == "تن"


def _words(pair: Pair, both: Layout) -> list[Finding]:
    used_ours, used_theirs = frozenset(pair.numbers.sealed_used), frozenset(pair.numbers.heard_used)
    sealed, line = pair.sealed.tokens, pair.line
    months = frozenset(at for at in range(len(line)) if across_facts.is_month_may(line, at, used_theirs))
    own_months = frozenset(at for at in range(len(sealed)) if across_facts.is_month_may(sealed, at, used_ours))
    ours = across_facts.count(sealed, pair.sealed.language, used_ours | own_months)
    theirs = across_facts.count(line, pair.heard.language, used_theirs | months)
    found: list[Finding] = []
    differing = _telling(pair, both, differences(ours, theirs))
    for one in differing:
        kind = across_facts.KINDS[one.group]
        place = (one.place, one.place + 1)
        certain = any(
            other.is_lost != one.is_lost
            and one.sure
            and other.sure
            and across_facts.KINDS[other.group] == kind
            and {one.group, other.group} != _NEAR_DUTIES
            and same_sentence(pair, both, *((one.place, other.place) if one.is_lost else (other.place, one.place)))
            for other in differing
        )
        found.append(
            pair.finding(kind, place if one.is_lost else None, None if one.is_lost else place, certain=certain)
        )
    found.extend(_parts(pair, both))
    own_keys, heard_keys = across_facts.keys(sealed, used_ours), across_facts.keys(line, used_theirs)
    for kind, lost, made in across_facts.key_differences(nights(own_keys, heard_keys), nights(heard_keys, own_keys)):
        at, there = _find(sealed, lost), _find(line, made)
        if at is None and there is None:
            continue  # a night that was counted as its day
        if "date:may" in (lost, made) and any(token.text == "مه" for token in (*sealed, *line)):
            continue  # May, or fog
        facing = at is not None and there is not None and same_sentence(pair, both, at[0], there[0])
        if lost in across_facts.LOOSE_PLACES and not facing:
            continue
        certain = kind != "number" and lost not in across_facts.LOOSE_PLACES and facing
        found.append(pair.finding(kind, at, there, certain=certain))
    return found


def _parts(pair: Pair, both: Layout) -> list[Finding]:
    """The morning said for a later part of the day, or the other way round."""
    turned = parts_swapped(parts(pair.sealed.tokens, pair.sealed.language), parts(pair.line, pair.heard.language))
    if turned is None:
        return []
    at, there = turned
    certain = same_sentence(pair, both, at, there)
    return [pair.finding("time", (at, at + 1), (there, there + 1), certain=certain)]


_NEAR_DUTIES = {"must", "should"}
"""باید says both, and ينبغي nearly both: which of them is meant is for a person to say."""


def _telling(pair: Pair, both: Layout, differing: list[Difference]) -> list[Difference]:
    """Without may that is rendered by perhaps or probably, and should that is rendered by probably."""
    doubts = [one for one in differing if one.group in ("may", "should", "hedge")]
    swapped = {
        one
        for one in doubts
        for other in doubts
        if one.group != other.group
        and "hedge" in (one.group, other.group)
        and one.is_lost != other.is_lost
        and same_sentence(pair, both, *((one.place, other.place) if one.is_lost else (other.place, one.place)))
    }
    return [one for one in differing if one not in swapped]


def _find(tokens: tuple[Token, ...], key: str) -> tuple[int, int] | None:
    for at, token in enumerate(tokens):
        if key and (token.key == key or (key == "date:may" and token.text == "may")):
            return at, at + 1
    return None


def _roles(pair: Pair, both: Layout) -> list[Finding]:
    ours = across_roles.owned(pair.sealed.tokens, pair.sealed.language)
    theirs = across_roles.owned(pair.line, pair.heard.language)
    return [
        pair.finding(
            "role",
            (one.at, one.at + 1),
            (other.at, other.at + 1),
            certain=certain and same_sentence(pair, both, one.at, other.at),
        )
        for one, other, certain in across_roles.swapped(ours, theirs)
        if certain or same_sentence(pair, both, one.at, other.at)
    ]
