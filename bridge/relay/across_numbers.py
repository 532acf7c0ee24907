"""Numbers, units and call signs of a sealed text, looked for in a text of another language.

A sealed figure is found where any reading of the heard words gives it; what is left on either side is reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bridge.base.text import fold
from bridge.relay.facts import is_number
from bridge.relay.idioms import with_idioms
from bridge.relay.numerals import Span, atoms, canonical, is_quantity, letter_spans, spans
from bridge.relay.tables import TABLES
from bridge.relay.tokens import Token

_SAID_FOR_WORDS = frozenset(("two", "four", "eight", "ten", "won"))
"""What a recogniser writes for to, for, ate, then, one."""
_OF_UNITS = frozenset(("cubic", "square", "more", "full", "good", "extra", "further"))
"""Words that stand between a number and its unit."""
_CUBED = ("مکعب", "مربع")
_OCLOCK = frozenset(map(fold, ("الساعة", "والساعة", "فالساعة")))
"""Before the next number: between 2200 and 0500."""
_WORDS_FIRST = frozenset(("to", "too", "for", "fore", "won", "ate", "mine", "free", "tin", "owe"))
"""Words that a recogniser may write for a number, and that are words far more often."""
SMALL = 2
"""Numbers up to this are often said by the form of a word (dual, a, another)."""


_SCALES = {
    fold(word): scale
    for words, scale in (("thousand هزار ألف آلاف", 1000), ("million ملیون میلیون مليون ملايين", 1000000))
    for word in words.split()
}
"""Words that make a figure so many times as much: 80 thousand."""


@dataclass(slots=True)
class NumberMatch:
    """Which heard tokens say which sealed number."""

    pairs: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    """Token ranges: sealed, heard."""
    missing: list[tuple[int, int]] = field(default_factory=list)
    extra: list[tuple[int, int]] = field(default_factory=list)
    grown: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    """Token ranges of a sealed number, and of a longer heard one of which it is a part: 60 and sixty two."""
    codes_missing: list[int] = field(default_factory=list)
    sealed_used: set[int] = field(default_factory=set)
    heard_used: set[int] = field(default_factory=set)


def match_numbers(
    sealed: Sequence[Token], heard: Sequence[Token], sealed_language: str, heard_language: str
) -> NumberMatch:
    result = NumberMatch()
    theirs = with_idioms(heard, spans(heard, heard_language), heard_language)
    _match_codes(result, sealed, heard, heard_language)
    ours = list(_sealed_numbers(sealed, sealed_language, result))
    for figures in (True, False):
        for start, end, value in sorted(ours, key=lambda row: (-len(row[2]), row[0])):
            if sealed[start].is_figure is figures:
                _place(result, sealed, (start, end, value), theirs, heard)
    result.grown = list(_grown(result, sealed, theirs, heard, heard_language))
    for _, place in result.grown:
        result.heard_used.update(range(*place))
    placed = {pair[0] for pair in result.pairs}
    result.missing = [(start, end) for start, end, _ in ours if (start, end) not in placed]
    result.extra = [
        place
        for place in _extra(result, heard, heard_language, theirs)
        if (heard_language == "ar" and place[1] in result.heard_used)  # one and ninety
        or not _said_by_homophone(
            result, place, with_idioms(sealed, spans(sealed, sealed_language), sealed_language), theirs
        )
    ]
    return result


def _grown(
    result: NumberMatch,
    sealed: Sequence[Token],
    theirs: Mapping[int, tuple[Span, ...]],
    heard: Sequence[Token],
    language: str,
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Pairs whose heard number goes on before or after what says the sealed one, in words no other number needs."""
    for own, (first, last) in result.pairs:
        wanted = _wanted(sealed[own[0]].text, own[0], sealed)
        for start, read in theirs.items():
            longer = [span for span in read if start <= first < span.end and span.end >= last]
            right = {span.end for span in longer if canonical(span.value) in wanted}
            for end in sorted({span.end for span in longer} - right, reverse=True):
                more = [*range(start, first), *range(last, end)]
                if (
                    more
                    and not result.heard_used & set(more)
                    and _belongs(heard, (start, end), (first, last), language)
                ):
                    yield own, (start, end)
                    break
            else:
                continue
            break


def _belongs(heard: Sequence[Token], whole: tuple[int, int], part: tuple[int, int], language: str) -> bool:
    """Whether words before and after a number surely belong to it: two digits or more, one that is joined to it, what
    a hundred is counted by, and twenty one."""
    before, after = range(whole[0], part[0]), range(part[1], whole[1])
    if before and heard[whole[0]].text in _WORDS_FIRST:
        return False
    said = [at for at in (*before, *after) if heard[at].is_figure or is_quantity(heard[at], language)]
    following = heard[whole[1]] if whole[1] < len(heard) else None
    told = following is not None and (following.tag == "zone" or following.key == "unit:min")
    if len(said) > 1 or told:
        return True  # what stands before Zulu is one time
    joins = TABLES[language].numbers.words.get("and", frozenset())
    if any((heard[at].text,) in joins for at in after):
        return bool(said) or (following is not None and following.text not in _AFTER_NOT)
    if any("and" in heard[at].marks for at in (*before, *after, whole[1] - 1)):
        return bool(said)
    kinds = [atom.kind for at in (part[0], part[1] - 1) for atom in atoms(heard[at], language)[:1]]
    if len(kinds) < 2 or not said:
        return False
    return kinds[0] in "kh" if before else language == "en" and kinds[1] == "t"


_AFTER_NOT = frozenset(map(fold, "بیشتر کمتر زودتر دیرتر فقط برای از به در با بیش تنها".split()))
"""Words after which نه before them is not, and not nine: دویست و نه بیشتر."""


def _said_by_homophone(
    result: NumberMatch,
    place: tuple[int, int],
    ours: Mapping[int, tuple[Span, ...]],
    theirs: Mapping[int, tuple[Span, ...]],
) -> bool:
    """Whether a sealed word that also means something else says the number: Persian نه is nine and no."""
    values = {canonical(span.value) for span in theirs[place[0]] if span.end == place[1]}
    for at, read in ours.items():
        alone = (span for span in read if span.end == at + 1 or span.is_clock)
        one = next((span for span in alone if canonical(span.value) in values), None)
        if one is not None and at not in result.sealed_used:
            result.pairs.append(((at, one.end), place))
            result.sealed_used.update(range(at, one.end))
            result.heard_used.update(range(*place))
            return True
    return False


def _match_codes(result: NumberMatch, sealed: Sequence[Token], heard: Sequence[Token], language: str) -> None:
    found = letter_spans(heard, language)
    for at, token in enumerate(sealed):
        if not token.is_code or token.tag or not (at + 1 < len(sealed) and sealed[at + 1].is_figure):
            continue
        result.sealed_used.add(at)
        places = [(start, span.end) for start, read in found.items() for span in read if span.value == token.text]
        if places:
            start, end = max(places, key=lambda place: place[1] - place[0])
            result.heard_used.update(range(start, end))
        else:
            result.codes_missing.append(at)


def _sealed_numbers(sealed: Sequence[Token], language: str, result: NumberMatch) -> Iterator[tuple[int, int, str]]:
    read = spans(sealed, language)
    at = 0
    while at < len(sealed):
        token = sealed[at]
        scale = _SCALES.get(sealed[at + 1].text, 0) if token.text.isdigit() and at + 1 < len(sealed) else 0
        if scale:
            yield at, at + 2, str(int(token.text) * scale)
            at += 1
        elif token.is_figure:
            yield at, at + 1, token.text
        elif at in read and is_number(token, language):
            span = max(_written(read[at], at, sealed, language), key=lambda span: span.end)
            if span.value.isdigit() and int(span.value) > SMALL:
                yield at, span.end, span.value
            at = span.end
            continue
        at += 1


def _written(read: Sequence[Span], at: int, sealed: Sequence[Token], language: str) -> Sequence[Span]:
    """Readings of a number in words that end before figures begin: Albatross Six for 40 seconds."""
    homophones = TABLES[language].digit_homophones
    apart = [
        span
        for span in read
        if not any(token.is_figure for token in sealed[at : span.end]) and sealed[span.end - 1].text not in homophones
    ]
    return apart if any(token.is_figure for span in read for token in sealed[at : span.end]) and apart else read


def _wanted(value: str, at: int, tokens: Sequence[Token]) -> set[str]:
    """Canonical values that say the number; an hour alone says 2100."""
    found = {canonical(value)}
    clock = len(value) == 4 and value.isdigit() and value < "2401" and tokens[at].is_figure
    if clock and value.endswith("00"):
        found.add(canonical(value[:2]))
    return found


def _place(
    result: NumberMatch,
    sealed: Sequence[Token],
    number: tuple[int, int, str],
    theirs: Mapping[int, tuple[Span, ...]],
    heard: Sequence[Token],
) -> None:
    start, end, value = number
    wanted = _wanted(value, start, sealed)
    best: tuple[float, int, int] | None = None
    unit = unit_after(sealed, end)
    for at, read in theirs.items():
        for span in read:
            if canonical(span.value) not in wanted or result.heard_used & set(range(at, span.end)):
                continue
            if not span.is_clock and any(token.text in _WORDS_FIRST for token in heard[at : span.end]):
                continue
            stop = span.end
            if span.is_clock and stop < len(heard) and heard[stop].key == "unit:min":
                stop += 1
            same_unit = unit_after(heard, stop) == unit
            # Nearness in the text breaks ties: numbers keep their order in most translations.
            far = abs(at / max(1, len(heard)) - start / max(1, len(sealed)))
            exact = canonical(span.value) == canonical(value)
            begins = at - 1 not in theirs or not any(one.end > at for one in theirs[at - 1])
            score = 2.0 * same_unit + 1.0 * exact + 0.5 * begins + 0.1 * (stop - at) - far
            if best is None or score > best[0]:
                best = (score, at, stop)
    if best is not None:
        result.pairs.append(((start, end), (best[1], best[2])))
        result.sealed_used.update(range(start, end))
        result.heard_used.update(range(best[1], best[2]))


def unit_after(tokens: Sequence[Token], end: int) -> str:
    """The unit of the number that ends at `end`; empty if none."""
    for at, token in enumerate(tokens[end : end + 2], end):
        if token.tag == "unit" and token.text not in _OCLOCK:
            cubed = at + 1 < len(tokens) and tokens[at + 1].text.startswith(_CUBED)
            return "" if cubed else token.key
        if token.text not in _OF_UNITS or token.text == "cubic":
            return ""  # a cubic metre is no metre
    return ""


def _extra(
    result: NumberMatch, heard: Sequence[Token], language: str, theirs: Mapping[int, tuple[Span, ...]]
) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(heard):
        if at in result.heard_used or at not in theirs or not is_number(heard[at], language):
            at += 1
            continue
        free = [span for span in theirs[at] if not result.heard_used & set(range(at, span.end))]
        span = max(free, key=lambda span: span.end, default=None)
        if span is None:
            at += 1
            continue
        whole = span.value.partition(".")[0]
        homophone = language == "en" and span.end == at + 1 and heard[at].text in _SAID_FOR_WORDS
        homophone = homophone and not unit_after(heard, span.end)
        touching = bool({at - 1, span.end} & result.heard_used)
        if (int(whole) > SMALL and not homophone) or heard[at].is_figure or (touching and heard[at].tag == ""):
            yield at, span.end
        at = span.end
