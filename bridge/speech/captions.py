"""Which words of a growing utterance are firm: those that two results in a row agree on, from the left.

The text shown is always the engine's own, as it returned it. A firm word that a later result contradicts is said to
be revised, by place; it never changes silently. Words are compared folded, so a new comma is no contradiction.
"""

from __future__ import annotations

from dataclasses import replace

from bridge.base.text import words as folded_words
from bridge.speech.results import UNKNOWN, Final


class Captions:
    """Firm words of one utterance. Owned by one thread."""

    def __init__(self) -> None:
        self.firm_words = 0
        self.revised_from = UNKNOWN
        """First word of the last result that was firm before and is another now."""
        self._last: list[str] = []

    def show(self, text: str) -> int:
        """Take the next result; return how many of its words are firm."""
        heard = [_folded(word) for word in text.split()]
        agreed = _agreed(self._last, heard)
        self.revised_from = agreed if agreed < self.firm_words else UNKNOWN
        self.firm_words = agreed
        self._last = heard
        return agreed

    def settle(self, final: Final) -> Final:
        """The final as it came, with the place of the first firm word that it changes."""
        heard = [_folded(word) for word in final.text.split()]
        agreed = min(self.firm_words, _agreed(self._last, heard))
        return replace(final, revised_from=agreed if agreed < self.firm_words else UNKNOWN)


def _folded(word: str) -> str:
    return " ".join(folded_words(word)) or word


def _agreed(one: list[str], other: list[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
