"""Word errors of a hypothesis against a reference: normalising, counting, and an interval for the total.

Both texts go through the same normalisation, so a spelling that nobody says counts for nothing on either side:

    case and punctuation dropped, hyphens split words         "Ill-disposed," = "ill disposed"
    digits read out: one by one, or as a number where the number is plain ("25" = "twenty five", "94821" = "nine four
    eight two one" because five digits without a comma are a row of digits)
    "3:2" = "three two", "mr" = "mister", "dr" = "doctor", "oh" = "zero", "em" stays
    British and American endings of the reference set's own words ("splendours", "colour") folded

No I/O.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bridge.base.text import words as folded_words
from bridge.speech.agreement import align

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third", "20th": "twentieth"}
_SAME = {
    "mr": "mister",
    "mrs": "missus",
    "dr": "doctor",
    "oh": "zero",
    "o": "zero",
    "splendors": "splendours",
    "color": "colour",
    "neighbor's": "neighbour's",
    "flavor": "flavour",
    "meters": "metres",
}
LONGEST_NUMBER_DIGITS = 3
"""Digits that are read as one number; longer rows are digit strings (telephone, serial, position)."""


def normalise(text: str) -> list[str]:
    """Words as they are said, the same for reference and hypothesis."""
    said: list[str] = []
    for word in folded_words(re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)):
        if word.isdecimal():
            said += _number(word)
        elif word in _ORDINALS:
            said.append(_ORDINALS[word])
        else:
            said.append(_SAME.get(word, word))
    return said


def _number(digits: str) -> list[str]:
    if len(digits) > LONGEST_NUMBER_DIGITS or (digits[0] == "0" and len(digits) > 1):
        return [_ONES[int(digit)] for digit in digits]
    value = int(digits)
    if value >= 100:
        rest = _number(str(value % 100)) if value % 100 else []
        return [_ONES[value // 100], "hundred", *rest]
    if value < 20:
        return [_ONES[value]]
    return [_TENS[value // 10], *([_ONES[value % 10]] if value % 10 else [])]


@dataclass(frozen=True, slots=True)
class Score:
    """Errors of one utterance."""

    words: int
    """In the reference."""
    substituted: int
    deleted: int
    inserted: int

    @property
    def errors(self) -> int:
        return self.substituted + self.deleted + self.inserted


def score(reference: str, hypothesis: str) -> Score:
    """Count the fewest word errors."""
    said, heard = normalise(reference), normalise(hypothesis)
    steps = align(said, heard)
    return Score(
        len(said),
        sum(not s.same and s.left is not None and s.right is not None for s in steps),
        sum(s.right is None for s in steps),
        sum(s.left is None for s in steps),
    )


def rate(scores: Sequence[Score]) -> float:
    """Word error rate in percent over all words."""
    total = sum(item.words for item in scores)
    return 100 * sum(item.errors for item in scores) / total if total else 0.0


def interval(scores: Sequence[Score], rounds: int = 2000, seed: int = 1) -> tuple[float, float]:
    """95 % bootstrap interval of the rate over utterances (Bisani and Ney 2004)."""
    chance = random.Random(seed)
    rates = sorted(rate(chance.choices(scores, k=len(scores))) for _ in range(rounds))
    return rates[round(0.025 * (rounds - 1))], rates[round(0.975 * (rounds - 1))]
