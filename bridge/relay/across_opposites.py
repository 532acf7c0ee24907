"""Contraries (open, close) and things of one kind (falcon, eagle): sealed was the one, and heard was the other.

The table tells which words are contraries of which; a word that may also mean something else only excuses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bridge.base.text import fold
from bridge.relay import tokens_en
from bridge.relay.across_clauses import same_sentence
from bridge.relay.across_lemmas import lemmas
from bridge.relay.across_pair import Pair
from bridge.relay.across_words import Layout
from bridge.relay.facts import Finding
from bridge.relay.tables import CONTRARIES, LANGUAGES, split
from bridge.relay.tokens import Token

_LONGEST = 3
_REACH = {"en": (2, 0), "fa": (0, 2), "ar": (1, 0)}
"""Tokens before and after a word in which a negative belongs to it."""


@dataclass(frozen=True, slots=True)
class _Sense:
    """One of several things of which one is never another."""

    pair: int
    side: int
    sure: bool


def _senses(language: str) -> Mapping[str, frozenset[_Sense]]:
    found: dict[str, set[_Sense]] = {}
    column = ("en", "fa", "ar").index(language)
    for pair, sides in enumerate(CONTRARIES):
        for side, columns in enumerate(sides):
            for way in columns[column].split(","):
                sense = _Sense(pair, side, "?" not in way)
                for form in _forms(" ".join(split(way.replace("?", ""))), language):
                    found.setdefault(form, set()).add(sense)
    return {form: frozenset(senses) for form, senses in found.items()}


def _forms(way: str, language: str) -> tuple[str, ...]:
    return (way, tokens_en.stem(way)) if language == "en" and " " not in way else (way,)


_SENSES = {language: _senses(language) for language in LANGUAGES}


@lru_cache(maxsize=16384)
def _of_word(word: str, language: str) -> frozenset[_Sense]:
    """Senses of the least changed form of the word that the table has."""
    table = _SENSES[language]
    least = max(2, len(word) // 2)
    forms = (form for form in lemmas(word, language) if len(form) >= least and not _is_turned(word, form))
    return next((table[form] for form in forms if form in table), frozenset())


def _is_turned(word: str, form: str) -> bool:
    """Whether the form lacks a negative prefix of the word: unhurt, hurt."""
    return word.startswith("un") and not form.startswith("un")


@dataclass(slots=True)
class _Places:
    """Tokens of one text that stand for a side of a pair."""

    sure: list[int]
    all: list[int]


def _places(tokens: Sequence[Token], language: str, used: set[int]) -> dict[tuple[int, int], _Places]:
    found: dict[tuple[int, int], _Places] = {}
    table = _SENSES[language]
    words = [token.text for token in tokens]
    taken = 0
    for at, token in enumerate(tokens):
        if at in used or at < taken or (token.is_light and " " in token.text):
            continue
        phrase = frozenset[_Sense]()
        for end in range(min(len(words), at + _LONGEST), at + 1, -1):
            phrase = table.get(" ".join(words[at:end]), frozenset())
            if phrase:
                taken = end
                break
        for sense in phrase or _of_token(token, language):
            places = found.setdefault((sense.pair, sense.side), _Places([], []))
            places.all.append(at)
            if sense.sure:
                places.sure.append(at)
    return found


def _of_token(token: Token, language: str) -> frozenset[_Sense]:
    if token.text in _SENSES[language]:
        return _SENSES[language][token.text]
    if " " in token.text:
        return frozenset().union(*(_of_word(word, language) for word in token.text.split(" ")))
    return _of_word(token.text, language)


def opposite_findings(pair: Pair, both: Layout) -> list[Finding]:
    """Words of the sealed text that the heard text replaces by their contrary; at most one finding a word."""
    ours = _places(pair.sealed.tokens, pair.sealed.language, pair.numbers.sealed_used)
    theirs = _places(pair.line, pair.heard.language, pair.numbers.heard_used)
    found: list[Finding] = []
    seen: set[int] = set()
    for mine, other in _exchanged(ours, theirs):
        if mine in seen or not same_sentence(pair, both, mine, other):
            continue
        ours_denied = _is_denied(pair.sealed.tokens, mine, pair.sealed.language)
        if ours_denied != _is_denied(pair.line, other, pair.heard.language):
            continue
        seen.add(mine)
        found.append(pair.finding("substitution", (mine, mine + 1), (other, other + 1), certain=False))
    return found


_NONE = _Places([], [])


def _exchanged(
    ours: Mapping[tuple[int, int], _Places], theirs: Mapping[tuple[int, int], _Places]
) -> Iterator[tuple[int, int]]:
    """Sealed and heard tokens of pairs of which the one side was lost and the other made."""
    for (number, side), mine in ours.items():
        lost = len(theirs.get((number, side), _NONE).all)
        if len(mine.all) <= lost:
            continue
        for (group, value), said in theirs.items():
            made = len(ours.get((group, value), _NONE).all)
            if group != number or value == side or len(said.all) <= made:
                continue
            if len(mine.sure) > lost:
                yield from ((one, other) for one in mine.sure for other in said.all)
            elif len(said.sure) > made:
                yield from ((one, other) for one in mine.all for other in said.sure)


def _is_denied(tokens: Sequence[Token], at: int, language: str) -> bool:
    before, after = _REACH[language]
    near = tokens[max(0, at - before) : at + 1 + after]
    return any(token.text in _NOT or token.key == "neg:not" or "neg" in token.marks for token in near)


_NOT = frozenset(map(fold, ("not", "no", "لا", "لم", "لن", "ليس", "غير", "عدم", "نه", "نیست")))
