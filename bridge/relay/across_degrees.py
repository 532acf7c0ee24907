"""Ways to order, allow, ask, doubt and set a condition, each read as one token of its class, across languages.

The table knows phrases that one language alone need not know: there both texts hold the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bridge.base.text import fold
from bridge.relay.tables import DEGREES, Phrase
from bridge.relay.tokens import Token

UNSURE = "unsure"
"""Mark of a token whose phrase may also mean something else."""
_LIGHT = "light"
_LEADS = tuple(map(fold, ("و", "ف")))


def _by_first(phrases: Mapping[Phrase, tuple[str, bool]]) -> Mapping[str, tuple[Phrase, ...]]:
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        if phrase:
            found.setdefault(phrase[0], []).append(phrase)
    return {word: tuple(sorted(rows, key=len, reverse=True)) for word, rows in found.items()}


_FIRST = {language: _by_first(phrases) for language, phrases in DEGREES.items()}


def degrees(tokens: Sequence[Token], language: str) -> list[Token]:
    """The tokens, each phrase of the table being one token of its class."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        phrase, end = _longest(tokens, at, language)
        if end:
            found.append(_as_one(tokens[at:end], *DEGREES[language][phrase]))
        else:
            found.append(tokens[at])
        at = end or at + 1
    return found


def _longest(tokens: Sequence[Token], at: int, language: str) -> tuple[Phrase, int]:
    """The longest phrase that begins at the token and ends with a token, and where; 0 for none."""
    words: list[str] = []
    ends: dict[int, int] = {}
    for place in range(at, min(len(tokens), at + _MOST)):
        if tokens[place].is_figure or (place > at and tokens[place].sentence != tokens[at].sentence):
            break
        words.extend(tokens[place].text.split(" "))
        ends[len(words)] = place + 1
    if not words:
        return (), 0
    least = len(tokens[at].text.split(" "))
    for first in (words[0], words[0][1:]) if language == "ar" and words[0].startswith(_LEADS) else (words[0],):
        said = (first, *words[1:])
        for phrase in _FIRST[language].get(first, ()):
            if len(phrase) >= least and len(phrase) in ends and said[: len(phrase)] == phrase:
                return phrase, ends[len(phrase)]
    return (), 0


_MOST = 6


def _as_one(group: Sequence[Token], key: str, is_sure: bool) -> Token:
    first, last = group[0], group[-1]
    text = " ".join(token.text for token in group)
    light = key == _LIGHT
    return replace(
        first,
        text=text,
        key=text if light else key,
        tag="" if light else key.partition(":")[0],
        end=last.end,
        char=(first.char[0], last.char[1]),
        forms=(text,),
        marks=_marks(group, key, is_sure=is_sure),
        is_light=light,
        is_name=False,
        is_code=False,
    )


def _marks(group: Sequence[Token], key: str, *, is_sure: bool) -> frozenset[str]:
    """Owners stay; a negative stays where it denies the thought: we do not believe."""
    found = {mark for token in group for mark in token.marks if mark != "neg"}
    if key == _THOUGHT and any(token.tag == "neg" or "neg" in token.marks for token in group):
        found.add("neg")
    return frozenset(found if is_sure else found | {UNSURE})


_THOUGHT = "hedge:believe"
