"""Every plausible reading of spoken numbers and spelled letters, as strings of digits and letters.

It decides nothing: a run of number words may be read in several ways ("twenty one hundred": 2100; "three six":
36), and all of them are offered with the place where they end. Leading zeros are kept; a decimal point is ".".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bridge.base.text import fold
from bridge.relay.tables import TABLES, Tables
from bridge.relay.tokens import Token

LONGEST_RUN = 16
"""Tokens looked at from one start; a DTG said digit by digit with "zulu" has 9."""
_MOST_READINGS = 120
_PARTICLES_AR = "لبكف"
"""Prepositions written onto the number: لثلاث, بخمس."""
_AND_AR = ("و", "ف")
"""Written before them: ولثلاثة."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One word of a number. Kind: f(igure) u(nit) t(ens) h(undreds) k (scale) & (and) . (point) x (double)."""

    kind: str
    value: int
    text: str = ""
    ordinal: bool = False
    joined: bool = False
    """Arabic: a leading و stands before it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens [start, end) can be read as `value`."""

    end: int
    value: str
    is_clock: bool = False
    """Only plausible as hour and minute."""
    is_doubt: bool = False
    """A digit said twice was taken for one."""


def atoms(token: Token, language: str) -> tuple[Atom, ...]:
    """What the token can be inside a number; empty if nothing."""
    if token.is_figure:
        return (Atom("f", 0, token.text),)
    return _atoms(token.text, "and" in token.marks, language, free=not token.tag)


@lru_cache(maxsize=4096)
def _atoms(text: str, joined: bool, language: str, *, free: bool) -> tuple[Atom, ...]:
    tables = TABLES[language]
    found = _known(text, tables, joined=False)
    if not found and joined:
        found = _known(text[1:], tables, joined=True)
        if not found and text[1:3] == "ال":
            found = _known(text[3:], tables, joined=True)
    if not found and language == "ar" and text.startswith("ال"):
        found = _known(text[2:], tables, joined=False)
    if not found and language == "ar" and text[1:3] == "ال" and text[0] in (*_PARTICLES_AR, *_AND_AR):
        found = _known(text[3:], tables, joined=False)
    if not found and free and language == "ar" and len(text) > 3 and text[0] in _PARTICLES_AR:
        found = _known(text[1:], tables, joined=False)
    if not found and free and language == "ar" and text.startswith(_AND_AR) and text[1:2] in tuple(_PARTICLES_AR):
        found = _known(text[2:], tables, joined=False)
    if not found and text in tables.digit_homophones:
        meant = tables.digit_homophones[text]
        found = tuple(atom for word in meant for atom in _known(word, tables, joined=False))
    return found


_NTH_FA = fold("مین")


def _known(text: str, tables: Tables, *, joined: bool) -> tuple[Atom, ...]:
    numbers = tables.numbers
    for kind, values in (("u", numbers.unit), ("t", numbers.tens), ("h", numbers.hundreds), ("k", numbers.scale)):
        if text in values:
            return (Atom(kind, values[text], joined=joined),)
    if text in numbers.dual:
        return (Atom("d", numbers.dual[text], joined=joined),)
    bare = "\u0627\u0644" + text if tables.language == "ar" else text
    if tables.language == "fa" and text.endswith(_NTH_FA) and text[:-2] in numbers.ordinal:
        text = bare = text[:-2]  # سومین, سوم
    if text in numbers.ordinal or bare in numbers.ordinal:
        value = numbers.ordinal.get(text) or numbers.ordinal[bare]
        kind = "u" if value < 20 else "t" if value < 100 else "h"
        return (Atom(kind, value, ordinal=True, joined=joined),)
    if text.endswith("s") and text[:-1] in numbers.unit and tables.language == "en":
        return (Atom("u", numbers.unit[text[:-1]]),)
    for name, kind in (("and", "&"), ("point", "."), ("double", "x"), ("triple", "x")):
        if (text,) in numbers.words.get(name, ()):
            return (Atom(kind, 3 if name == "triple" else 2),)
    return ()


def is_quantity(token: Token, language: str) -> bool:
    """Whether the token is a figure or a word that is a number and nothing else."""
    if token.is_figure:
        return True
    found = atoms(token, language)
    return bool(found) and found[0].kind in "futhkd" and token.text not in TABLES[language].digit_homophones


def spans(tokens: Sequence[Token], language: str) -> dict[int, tuple[Span, ...]]:
    """Readings of every number run, by the token where they start."""
    found: dict[int, tuple[Span, ...]] = {}
    line = [atoms(token, language) for token in tokens]
    for start in range(len(tokens)):
        if line[start] and line[start][0].kind not in "&.":
            read = _read_from(line, start, language)
            if read:
                found[start] = read
    return found


def spans_once(tokens: Sequence[Token], language: str) -> dict[int, tuple[Span, ...]]:
    """Readings of number runs in which a part was said twice at once, taken once: two thousand six two thousand six."""
    found: dict[int, tuple[Span, ...]] = {}
    line = [atoms(token, language) for token in tokens]
    for at in range(len(tokens)):
        if line[at] and (at == 0 or not line[at - 1]):
            found.update(_run_once(tokens, line, at, language))
    return found


def _run_once(
    tokens: Sequence[Token], line: Sequence[tuple[Atom, ...]], start: int, language: str
) -> Iterator[tuple[int, tuple[Span, ...]]]:
    end = start
    while end < len(line) and end - start < LONGEST_RUN and line[end]:
        end += 1
    texts = [token.text for token in tokens[start:end]]
    read: dict[int, list[Span]] = {}
    for size in range(1, len(texts) // 2 + 1):
        for at in range(len(texts) - 2 * size + 1):
            begun = size == 1 and texts[at + 1] != texts[at] and texts[at + 1].startswith(texts[at])
            if begun or texts[at : at + size] == texts[at + size : at + 2 * size]:
                cut = start + at + (0 if begun else size)
                doubt = all(atom.kind in "fu" and atom.value < 10 for group in line[cut : cut + size] for atom in group)
                short = [*line[start:cut], *line[cut + size : end]]
                for first in range(start, max(cut, start + 1)):
                    for span in _read_from(short, first - start, language) if line[first][0].kind not in "&." else ():
                        if span.end + start >= cut:
                            stop = span.end + start + size
                            read.setdefault(first, []).append(Span(stop, span.value, span.is_clock, doubt))
    yield from ((first, tuple(spans)) for first, spans in read.items())


def _read_from(line: Sequence[tuple[Atom, ...]], start: int, language: str) -> tuple[Span, ...]:
    end = start
    while end < len(line) and end - start < LONGEST_RUN and line[end]:
        end += 1
    run = [atom for group in line[start:end] for atom in group]
    places = [index for index, group in enumerate(line[start:end], start) for _ in group]
    results: dict[tuple[int, str], Span] = {}
    for stop, value, clock in _runs(run, language):
        if stop == len(run) or places[stop] != places[stop - 1]:
            place = places[stop - 1] + 1
            if (place, value) not in results:
                results[(place, value)] = Span(place, value, clock)
        if len(results) >= _MOST_READINGS:
            break
    return tuple(results.values())


def _runs(run: Sequence[Atom], language: str) -> Iterator[tuple[int, str, bool]]:
    """(end, value, is_clock) of every way to read a prefix of the run."""
    stack = [(0, "")]
    seen: set[tuple[int, str]] = set()
    while stack:
        at, text = stack.pop()
        for stop, value in _steps(run, at, language):
            grown = text + value
            if (stop, grown) in seen or len(grown) > 14:
                continue
            seen.add((stop, grown))
            yield stop, grown, False
            if text and _kind(run, stop) == "k" and run[stop].value >= 1000 and _is_count(grown):
                yield stop + 1, str(int(grown) * run[stop].value), False  # eight zero thousand
            yield from _cut_short(run, at, stop, text)
            stack.append((stop, grown))
            yield from _decimals(run, stop, grown)
            yield from _clock(run, stop, text, value, language)


def _is_count(digits: str) -> bool:
    return digits.isdigit() and len(digits) <= 3 and digits[0] != "0"


def _cut_short(run: Sequence[Atom], at: int, stop: int, text: str) -> Iterator[tuple[int, str, bool]]:
    """The same number without its last word, where another number follows at once: 240, 70; nothing is joined to it."""
    if stop - at < 2 or run[stop - 1].kind != "u" or not 0 < run[stop - 1].value < 10 or run[stop - 2].kind != "t":
        return
    for end, value in _cardinal(run[: stop - 1], at, "en"):
        if end == stop - 1:
            yield end, text + str(value), False


def _steps(run: Sequence[Atom], at: int, language: str) -> Iterator[tuple[int, str]]:
    """One number that starts at `at`: a figure, a doubled digit, or a cardinal."""
    if at >= len(run):
        return
    atom = run[at]
    if at and atom.joined and not run[at - 1].joined and run[at - 1].kind == "u" and atom.kind == "t":
        return  # خمسة وأربعين is 45 and never 5, 40
    if atom.kind == "x" and at + 1 < len(run) and run[at + 1].kind == "u" and run[at + 1].value < 10:
        yield at + 2, str(run[at + 1].value) * atom.value
        return
    if atom.kind == "f":
        yield at + 1, atom.text
        if at + 1 < len(run) and run[at + 1].kind in "hk" and "." not in atom.text:
            scale = run[at + 1].value
            yield at + 2, str(int(atom.text) * scale)
        if at + 2 < len(run) and run[at + 1].kind == "k":
            for stop, value in _below_thousand(run, _past_and(run, at + 2), language):
                yield stop, str(int(atom.text.partition(".")[0]) * run[at + 1].value + value)
        return
    seen = set()
    for stop, value in _cardinal(run, at, language):
        if (stop, value) not in seen:
            seen.add((stop, value))
            yield stop, str(value)


def _past_and(run: Sequence[Atom], at: int) -> int:
    return at + 1 if at < len(run) and run[at].kind == "&" else at


def _kind(run: Sequence[Atom], at: int) -> str:
    return run[at].kind if at < len(run) else ""


def _below_hundred(run: Sequence[Atom], at: int, language: str) -> Iterator[tuple[int, int]]:
    kind = _kind(run, at)
    if kind == "u":
        yield from _unit_first(run, at, language)
    elif kind == "t":
        after = at + 1
        joint = _past_and(run, after) if language == "fa" else after
        if language != "ar" and _kind(run, joint) == "u" and 0 < run[joint].value < 10:
            yield joint + 1, run[at].value + run[joint].value
            if joint > after:
                yield after, run[at].value  # بیست و چهار دقیقه may be 20:04
        else:
            yield after, run[at].value


def _unit_first(run: Sequence[Atom], at: int, language: str) -> Iterator[tuple[int, int]]:
    value = run[at].value
    if language == "ar" and value < 10 and value > 0:
        after = at + 1
        if _kind(run, after) == "u" and run[after].value == 10 and not run[after].joined:
            yield after + 1, value + 10
        joint = _past_and(run, after)
        if _kind(run, joint) == "t" and (joint > after or run[joint].joined):
            yield joint + 1, value + run[joint].value
        if _kind(run, after) == "u" and run[after].value == 10 and _kind(run, after + 1) == "t":
            yield after + 2, value + 10 + run[after + 1].value
    yield at + 1, value


def _below_thousand(run: Sequence[Atom], at: int, language: str) -> Iterator[tuple[int, int]]:
    if _kind(run, at) == "h":
        yield from _with_rest(run, at + 1, run[at].value, language)
        return
    for stop, value in _below_hundred(run, at, language):
        if language == "en" and _kind(run, stop) == "k" and run[stop].value == 100:
            yield from _with_rest(run, stop + 1, value * 100, language)
            continue
        if language == "ar" and 3 <= value <= 9 and _kind(run, stop) == "h" and run[stop].value == 100:
            if not run[stop].joined:
                yield from _with_rest(run, stop + 1, value * 100, language)
                continue
        yield stop, value


def _with_rest(run: Sequence[Atom], at: int, base: int, language: str) -> Iterator[tuple[int, int]]:
    """A hundred with what follows it, and the bare hundred when something else follows."""
    joint = _past_and(run, at)
    grown = False
    if joint < len(run) and run[joint].kind in "ut" and base % 100 == 0:
        for stop, value in _below_hundred(run, joint, language):
            if value:
                grown = True
                yield stop, base + value
    if not grown or joint > at or (joint < len(run) and run[joint].joined):
        yield at, base


def _cardinal(run: Sequence[Atom], at: int, language: str) -> Iterator[tuple[int, int]]:
    kind = _kind(run, at)
    if kind == "k":
        starts: list[tuple[int, int]] = [(at, 1)]  # a bare hundred or thousand
    elif kind == "d":
        yield from _after_scale(run, at + 1, run[at].value, 1000, language)
        return
    else:
        starts = list(_below_thousand(run, at, language))
    for stop, value in starts:
        if value and _kind(run, stop) == "k" and (run[stop].value >= 1000 or kind == "k"):
            yield from _after_scale(run, stop + 1, value * run[stop].value, run[stop].value, language)
        else:
            yield stop, value


def _after_scale(run: Sequence[Atom], at: int, base: int, scale: int, language: str) -> Iterator[tuple[int, int]]:
    joint = _past_and(run, at)
    grown = False
    if joint < len(run) and run[joint].kind in "uthd":
        for stop, value in _cardinal(run, joint, language):
            if 0 < value < scale:
                grown = True
                yield stop, base + value
    if not grown or joint > at:
        yield at, base


def _decimals(run: Sequence[Atom], at: int, whole: str) -> Iterator[tuple[int, str, bool]]:
    if _kind(run, at) != "." or "." in whole:
        return
    places = ""
    stop = at + 1
    run = run[: next((place for place in range(stop, len(run)) if run[place].kind in "hk"), len(run))]  # 1.2 million
    while stop < len(run) and run[stop].kind in "fut":
        step = next(_steps(run, stop, "en"), None)
        if step is None or "." in step[1]:
            return
        places += step[1]
        stop = step[0]
        yield stop, f"{whole}.{places}", False


def _clock(run: Sequence[Atom], at: int, before: str, hour: str, language: str) -> Iterator[tuple[int, str, bool]]:
    """Hour AND minute: نه و بیست [دقیقه] is 0920."""
    if before or language == "en" or not hour.isdigit() or int(hour) > 24:
        return
    joint = _past_and(run, at)
    if joint >= len(run) or (joint == at and not run[joint].joined):
        return
    if joint == at:
        run = [*run[:joint], Atom(run[joint].kind, run[joint].value), *run[joint + 1 :]]
    for stop, value in _below_hundred(run, joint, language):
        if value < 60:
            yield stop, f"{int(hour):02d}{value:02d}", True


def letter_spans(tokens: Sequence[Token], language: str) -> dict[int, tuple[Span, ...]]:
    """Readings of spelled letters, by the token where they start."""
    tables = TABLES[language]
    found: dict[int, tuple[Span, ...]] = {}
    for start in range(len(tokens)):
        read: list[Span] = []
        stack = [(start, "")]
        while stack and len(read) < 40:
            at, text = stack.pop()
            if at - start > 9 or len(text) >= 8:
                continue
            for stop, letters in _letters(tokens, at, tables):
                read.append(Span(stop, text + letters))
                stack.append((stop, text + letters))
        if read:
            found[start] = tuple(read)
    return found


def _letters(tokens: Sequence[Token], at: int, tables: Tables) -> Iterator[tuple[int, str]]:
    if at >= len(tokens):
        return
    text = tokens[at].text
    if text.isascii() and text.isalpha() and len(text) <= 4:
        yield at + 1, text
    known = tables.letters
    words = tuple(text.split(" "))
    if words in known:
        for letter in known[words]:
            yield at + 1, letter
    if at + 1 < len(tokens):
        pair = (*words, *tokens[at + 1].text.split(" "))
        for letter in known.get(pair, ()):
            yield at + 2, letter


def canonical(value: str) -> str:
    """The number without leading zeros and without zeros after the point."""
    whole, point, places = value.partition(".")
    whole = whole.lstrip("0") or "0"
    places = places.rstrip("0")
    return f"{whole}.{places}" if point and places else whole
