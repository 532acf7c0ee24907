"""Entries of the lexicon for the judge's network: words, names and marked places that mean the same in three languages.

An entry is a row: English, Persian, Arabic, each as a judge sees it, empty where unknown. They come in handfuls whose
entries are easily confused: contraries, the two sides of a marked place, names that begin or end alike.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from bench.judge.material import LANGUAGES, Marked
from bridge.relay.meaning import spelled
from bridge.relay.tables import CONTRARIES, meanings

Entry: TypeAlias = tuple[str, ...]
Ways: TypeAlias = tuple[tuple[str, ...], ...]
"""By language, the ways to say one thing."""
NEAR, TABLES, NAMES, OTHERS = 0.35, 0.25, 0.2, 0.2
"""Shares of handfuls: contraries and marked places; the tables' meanings; names in order; everything else."""
LONGEST = 6
"""Words of a side of a marked place that is still an entry."""


def _ways(row: Sequence[str]) -> Ways:
    return tuple(
        tuple(said for way in column.replace("?", "").split(",") if (said := spelled(way, code)))
        for code, column in zip(LANGUAGES, row, strict=True)
    )


def _sides(messages: Sequence[Marked]) -> Iterator[tuple[Ways, Ways]]:
    """Both sides of each marked place that both say something, and nothing long."""
    for one in messages:
        for slot in one.slots:
            found: tuple[list[tuple[str, ...]], list[tuple[str, ...]]] = ([], [])
            for code in LANGUAGES:
                piece = next((p for sentence in one.sentences[code] for p in sentence if p.slot == slot), None)
                for side, ways in zip(piece.sides if piece else ("", ""), found, strict=True):
                    said = spelled(side.strip(" .,;:،؛؟?!"), code)
                    ways.append((said,) if 0 < len(said.split()) <= LONGEST else ())
            if all(ways for side in found for ways in side):
                yield tuple(found[0]), tuple(found[1])


class Entries:
    """Handfuls of entries without end; the same seed gives the same ones."""

    def __init__(self, path: Path, messages: Sequence[Marked], seed: int) -> None:
        self._rng = random.Random(seed)
        rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
        listed = [tuple(spelled(said, code) for said, code in zip(row, LANGUAGES, strict=True)) for row in rows]
        names, self._others = [one for one in listed if one[1]], [one for one in listed if not one[1]]
        self._orders = [sorted(names), sorted(names, key=lambda one: one[0][::-1])]
        self._meanings = [_ways(row) for row in meanings()]
        sides = [tuple(_ways(side) for side in thing) for thing in CONTRARIES]
        self._near: list[tuple[Ways, ...]] = [*sides, *_sides(messages)]

    def handful(self, size: int) -> list[Entry]:
        """`size` entries at most."""
        kinds: list[Callable[[int], list[Entry]]] = [self._contrary, self._meant, self._named, self._other]
        (kind,) = self._rng.choices(kinds, (NEAR, TABLES, NAMES, OTHERS))
        return kind(size)

    def _contrary(self, size: int) -> list[Entry]:
        found: list[Entry] = []
        while len(found) < size:
            found += [self._one(ways) for ways in self._rng.choice(self._near)]
        return found[:size]

    def _meant(self, size: int) -> list[Entry]:
        return [self._one(ways) for ways in self._rng.sample(self._meanings, size)]

    def _named(self, size: int) -> list[Entry]:
        order = self._rng.choice(self._orders)
        start = self._rng.randrange(len(order) - 2 * size)
        return self._rng.sample(order[start : start + 2 * size], size)

    def _other(self, size: int) -> list[Entry]:
        return self._rng.sample(self._others, size)

    def _one(self, ways: Ways) -> Entry:
        return tuple(self._rng.choice(one) if one else "" for one in ways)
