"""What a judge of meaning is asked about two texts in two languages, and how its answer becomes findings.

Tables compare facts; a judge (a language model at an edge) compares what is left: negations, conditions, contraries,
sentences too many or too few. It is shown words, never numbers: those are compared exactly, elsewhere. Nothing it
says is certain: its findings are to be checked by a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bridge.base.text import fold
from bridge.relay.facts import is_number
from bridge.relay.numerals import spans
from bridge.relay.tables import TABLES
from bridge.relay.tokens import Text, Token

NUMBER = "#"
"""Stands for every number from three on: the judge is not asked about them."""
_SMALL = frozenset(
    fold(word)
    for words in (
        "one two a an 1 2 single یک دو یکی واحد واحدة اثنان اثنين اثنتان اثنتين نه الاثنين",
        "أحد أحدا إحدى لأحد بأحد",
    )
    for word in words.split()
)
_WORDS_TOO = frozenset(map(fold, "سد سفر شست وأثنى وأثنت".split()))
"""Words that sound or look like a number: a dam, a journey, a thumb, and praised."""
_LIKE_DIGITS = frozenset("mine to too for fore won ate free tin tens owe".split())
"""Words a digit may be heard as, and that say something of their own beside a number: a mine 6 miles away."""
_EDGES = re.compile(r"^[^\w°%#]+|[^\w°%]+$")
_SPELLING: Mapping[str, Mapping[int, str | int | None]] = {
    "fa": str.maketrans("يىكۀة", "ییکهه", "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0640"),
    "ar": str.maketrans("یک", "يك", "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0640"),
    "en": str.maketrans("’", "'"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One word as the judge sees it, and the half-open range of words of the text that it stands for."""

    text: str
    start: int
    end: int


class Judge(Protocol):
    """Compares two texts by meaning. Deterministic: the same words give the same answer."""

    def judge(self, sealed: Sequence[str], heard: Sequence[str]) -> Opinion | None:
        """Words of both texts in, an opinion out; None where it has none."""
        ...


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a judge says of two texts."""

    altered: float
    """How likely the two do not say the same, 0 to 1."""
    sealed: tuple[float, ...]
    """For each sealed word, how likely the heard text lacks it or says it otherwise, 0 to 1."""
    heard: tuple[float, ...]
    """For each heard word, how likely the sealed text lacks it or says it otherwise, 0 to 1."""


def shown(text: Text, tokens: Sequence[Token]) -> list[Shown]:
    """The words of some tokens of a text, spelled as its language is, each number from three on as one sign."""
    figures = _figures(tokens, text.language)
    figures |= _codes(tokens, figures, text.language)
    found: list[Shown] = []
    for at, token in enumerate(tokens):
        if found and found[-1].start == token.start and found[-1].end == token.end:
            if at in figures:
                found[-1] = Shown(NUMBER, token.start, token.end)  # الـ27: the article and the number
            continue  # isn't: two tokens of one word
        if at in figures:
            if found and found[-1].text == NUMBER:
                found[-1] = Shown(NUMBER, found[-1].start, token.end)
            else:
                found.append(Shown(NUMBER, token.start, token.end))
            continue
        words = (_EDGES.sub("", word) for word in text.words[token.start : token.end])
        said = spelled(" ".join(words), text.language)
        if said:
            found.append(Shown(said, token.start, token.end))
    return found


def spelled(said: str, language: str) -> str:
    """Words as a judge sees them: in small letters, spelled in one way, without vowel signs."""
    return " ".join(said.lower().translate(_SPELLING[language]).replace("\u200c", " ").split())


def _figures(tokens: Sequence[Token], language: str) -> set[int]:
    """Places of the tokens that say a number from three on."""
    places: set[int] = set()
    for start, readings in spans(tokens, language).items():
        end = max(reading.end for reading in readings)
        alone = tokens[start]
        if end - start > 1 or _is_figure(alone, language) or _is_icao(tokens, start, language):
            first, last = start, end
            while language == "en" and first < last and tokens[first].text in _LIKE_DIGITS:
                first += 1
            while language == "en" and first < last and tokens[last - 1].text in _LIKE_DIGITS:
                last -= 1
            places.update(range(first, last))
    return places


def _is_icao(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Whether a word by itself is an ICAO digit: fife knots, and tree batteries, but not a tree."""
    word = tokens[at].text
    if language != "en" or word not in ("fife", "fower", "niner", "tree"):
        return False
    before, after = (tokens[one].text if 0 <= one < len(tokens) else "" for one in (at - 1, at + 1))
    return word != "tree" or (after.endswith("s") and after not in _NOT_COUNTED and before not in ("a", "the", "palm"))


_NOT_COUNTED = frozenset("is was has its as this us".split())
"""Words that end like a plural."""


def _codes(tokens: Sequence[Token], figures: set[int], language: str) -> set[int]:
    """Places of letters spelled out before a number: a call sign is compared exactly, as its number is."""
    known = TABLES[language].letters
    found: set[int] = set()
    start = 0
    while start < len(tokens):
        end, count = start, 0
        while end < len(tokens) and _is_letter(tokens[end].text):
            words = tuple(tokens[end].text.split(" "))
            two = (*words, *tokens[end + 1].text.split(" ")) if end + 1 < len(tokens) else words
            size = 2 if two in known and two != words else 1 if words in known else 0
            if not size:
                break
            end, count = end + size, count + 1
        if count > 1 and end in figures:
            found.update(range(start, end))
        start = max(end, start + 1)
    return found


def _is_letter(word: str) -> bool:
    """Whether it can hardly be anything but a letter beside another: no see, be, or Persian ای."""
    return len(word) == 1 or word in _NATO if word.isascii() else len(word) > 2


_NATO = frozenset(
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa "
    "quebec romeo sierra tango uniform victor whiskey whisky xray x-ray yankee zulu".split()
)


def _is_figure(token: Token, language: str) -> bool:
    """Whether a number word by itself is surely a number, and not one or two, which articles and duals say as well."""
    if not token.is_figure and (token.tag or token.text in _SMALL or token.text in _WORDS_TOO):
        return False  # وليست, الأحد: the table of classes knows better
    return token.is_figure or language != "en" or is_number(token, language)
