"""How much of an English text was heard as it sounds, word by word: for telling a mishearing from other words.

A recogniser that mishears writes words that sound like what was said: Khasab as "cossab", "forces find" as "force is
find". Spelling is turned into sounds by rule, both texts are aligned sound by sound across word borders, and each word
gets the share of its sounds that the other text has there. It knows nothing of meaning: what may sound alike and mean
another thing (fifteen and fifty, can and can't) is for the caller to keep apart.

The price of a changed sound follows the classes of Zobel and Dart (1996): sounds made at the same place are cheap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bridge.base.text import fold

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_ONES += ["seventeen", "eighteen", "nineteen"]
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_SPELLING = tuple(
    (re.compile(pattern), sounds)
    for pattern, sounds in (
        ("^kn", "n"),
        ("^wr", "r"),
        ("^wh", "w"),
        ("^x", "s"),
        ("^ps", "s"),
        ("tch", "X"),
        ("[st]ion", "Xan"),
        ("sch", "sk"),
        ("ch|sh", "X"),
        ("ph", "f"),
        ("th", "0"),
        ("kh|ck|q|cq", "k"),
        ("^gh", "g"),
        ("[ou]ght", "at"),
        ("gh", ""),
        ("d?g(?=[eiy])", "J"),
        ("j", "J"),
        ("c(?=[eiy])", "s"),
        ("c", "k"),
        ("x", "ks"),
        ("z", "s"),
        ("v", "f"),
        ("mb$", "m"),
        ("(?<=[^aeiouy])e$", ""),
        ("[aeiouy]+", "a"),
        ("aw(?=[^a]|$)", "a"),
        (r"(.)\1+", r"\1"),
    )
)
_PLACES = ("pb", "td", "kg", "f0", "s0", "sX", "sJ", "XJ", "mn", "lr", "pf", "bf", "t0", "tX", "dJ", "kX", "gJ", "wl")
_NEAR = frozenset(frozenset(pair) for pair in _PLACES)
_VOWEL = "a"
_FAINT = frozenset("hw")
_WEIGHT = {_VOWEL: 0.3, "h": 0.3, "w": 0.4}
LONGEST_SOUNDS = 1500
"""Sounds of one text that are aligned, about 350 words; a longer text has no likeness at all."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of each whitespace-separated word of two texts was found in the other one, 0 to 1."""

    sealed: tuple[float, ...]
    heard: tuple[float, ...]

    def of_sealed(self, first: int, last: int) -> float:
        """Of the sealed words [first, last), the least; 1 for none."""
        return min(self.sealed[first:last], default=1.0)

    def of_heard(self, first: int, last: int) -> float:
        return min(self.heard[first:last], default=1.0)


@lru_cache(maxsize=8192)
def sounds(word: str) -> str:
    """The sounds of one written word; figures as they are read out."""
    made = []
    for part in re.findall(r"\d+|[^\W\d_]+", fold(word).replace("'", "")):
        if part.isdigit():
            made.append("".join(_spelled(name) for name in _read_out(part)))
        else:
            made.append(_spelled(part))
    return "".join(made)


def _spelled(part: str) -> str:
    for pattern, given in _SPELLING:
        part = pattern.sub(given, part)
    return part


def _read_out(figures: str) -> list[str]:
    value = int(figures)
    if len(figures) > 2 or (figures[0] == "0" and len(figures) > 1):
        return [_ONES[int(figure)] for figure in figures]
    if value < len(_ONES):
        return [_ONES[value]]
    return [_TENS[value // 10], *([_ONES[value % 10]] if value % 10 else [])]


def likeness(sealed: str, heard: str) -> Likeness:
    """Align two texts by their sounds."""
    ours, theirs = sealed.split(), heard.split()
    one, of_one = _laid_out(ours)
    other, of_other = _laid_out(theirs)
    if len(one) > LONGEST_SOUNDS or len(other) > LONGEST_SOUNDS:
        return Likeness((0.0,) * len(ours), (0.0,) * len(theirs))
    lost, made = [0.0] * len(ours), [0.0] * len(theirs)
    for i, j, price in _steps(one, other):
        if i is not None:
            lost[of_one[i]] += price
        if j is not None:
            made[of_other[j]] += price
    return Likeness(_shares(ours, lost), _shares(theirs, made))


def _laid_out(words: Sequence[str]) -> tuple[str, list[int]]:
    each = [sounds(word) for word in words]
    return "".join(each), [index for index, sound in enumerate(each) for _ in sound]


def _shares(words: Sequence[str], prices: Iterable[float]) -> tuple[float, ...]:
    return tuple(
        max(0.0, 1.0 - price / (sum(_weight(sound) for sound in sounds(word)) or 1.0))
        for word, price in zip(words, prices, strict=True)
    )


def _weight(sound: str) -> float:
    return _WEIGHT.get(sound, 1.0)


@lru_cache(maxsize=4096)
def _change(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one == _VOWEL or other == _VOWEL:
        return 0.6 if {one, other} & _FAINT else 1.3
    if frozenset((one, other)) in _NEAR:
        return 0.4
    return 0.7 if {one, other} & _FAINT else 1.0


def _steps(one: str, other: str) -> list[tuple[int | None, int | None, float]]:
    """The cheapest way from one row of sounds to the other: places, None where one has no sound, and the price."""
    rows, columns = len(one), len(other)
    costs = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for j in range(columns):
        costs[0][j + 1] = costs[0][j] + _weight(other[j])
    weights = [_weight(sound) for sound in other]
    for i, sound in enumerate(one):
        above, line = costs[i], costs[i + 1]
        weight = _weight(sound)
        line[0] = left = above[0] + weight
        changes = {given: _change(sound, given) for given in set(other)}
        for j, given in enumerate(other):
            left = min(above[j] + changes[given], above[j + 1] + weight, left + weights[j])
            line[j + 1] = left
    return _traced(one, other, costs)


def _traced(one: str, other: str, costs: Sequence[Sequence[float]]) -> list[tuple[int | None, int | None, float]]:
    steps: list[tuple[int | None, int | None, float]] = []
    i, j = len(one), len(other)
    while i or j:
        here = costs[i][j]
        if i and j:
            price = _change(one[i - 1], other[j - 1])
            if abs(costs[i - 1][j - 1] + price - here) < 1e-9:
                i, j = i - 1, j - 1
                steps.append((i, j, price))
                continue
        if i and abs(costs[i - 1][j] + _weight(one[i - 1]) - here) < 1e-9:
            i -= 1
            steps.append((i, None, _weight(one[i])))
        else:
            j -= 1
            steps.append((None, j, _weight(other[j])))
    return steps
