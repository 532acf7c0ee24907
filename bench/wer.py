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
from collections.abc import Sequence
from dataclasses import dataclass

from bridge.speech.agreement import align
from bridge.speech.spoken import said

_SAME = {
    "oh": "zero",
    "o": "zero",
    "splendors": "splendours",
    "color": "colour",
    "neighbor's": "neighbour's",
    "flavor": "flavour",
    "meters": "metres",
}


def normalise(text: str) -> list[str]:
    """Words as they are said, the same for reference and hypothesis."""
    return [_SAME.get(word, word) for word in said(text)]


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
    spoken, heard = normalise(reference), normalise(hypothesis)
    steps = align(spoken, heard)
    return Score(
        len(spoken),
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
