"""Words of which one side of a sentence has the one and the other its opposite: open and close, thank and blame."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.relay.across_pair import Pair
from bridge.relay.across_words import Layout, Word
from bridge.relay.concepts import word_meanings
from bridge.relay.facts import Finding
from bridge.relay.tables import OPPOSITES


def _sides() -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Meanings of either side of each pair, without those that both have."""
    for one, other in OPPOSITES:
        first = frozenset().union(*(word_meanings(word, "en") for word in one.split("/")))
        second = frozenset().union(*(word_meanings(word, "en") for word in other.split("/")))
        yield first - second, second - first
        yield second - first, first - second


_SIDES = tuple(_sides())


def opposite_findings(pair: Pair, both: Layout) -> list[Finding]:
    """Lonely words that face their opposite in the same sentence; at most one a word."""
    found: list[Finding] = []
    for mine in both.sealed:
        if mine.met or not mine.concepts:
            continue
        for theirs in both.heard:
            if not theirs.met and theirs.segment == mine.segment and _are_opposite(mine, theirs):
                found.append(
                    pair.finding("substitution", (mine.at, mine.at + 1), (theirs.at, theirs.at + 1), certain=False)
                )
                break
    return found


def _are_opposite(mine: Word, theirs: Word) -> bool:
    return any(
        mine.concepts & ours and theirs.concepts & other and not (mine.concepts & other or theirs.concepts & ours)
        for ours, other in _SIDES
    )
