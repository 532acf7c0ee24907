"""Messages that the judge never learns from, and how it does on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from bench.judge.material import load
from bench.pairs import across_triples
from bridge.relay.across import readings
from bridge.relay.across_read import read_across
from bridge.relay.meaning import shown

if TYPE_CHECKING:
    from bench.judge.network import Network

SPLITS = ("blind", "second_blind", "fourth_b", "fifth_b")
COUNT, SEED = 26, 7
NUMERIC = frozenset(("number_changed", "digits_transposed", "fifteen_fifty", "time_changed"))


FOLDER = Path(__file__).parent / "held"
"""Messages of hands that wrote for figures only, and the last ones of the hand that wrote in the form of the sample."""


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    older = (one.id for split in SPLITS for one in across_triples.load(split))
    return frozenset((*older, *(one.name for one in load(sorted(FOLDER.glob("*.txt"))))))


def is_held(name: str) -> bool:
    return name in _names()


@dataclass(frozen=True, slots=True)
class Question:
    """A pair as the judge sees it."""

    sealed: tuple[str, ...]
    heard: tuple[str, ...]
    altered: bool
    kind: str


def question(row: dict[str, Any]) -> Question:
    text = read_across(row["sealed"], row["sealed_language"])
    heard, lines = readings(row["heard"], row["heard_language"])
    own, said = shown(text, text.tokens), shown(heard, lines[0])
    words = tuple(one.text for one in own), tuple(one.text for one in said)
    return Question(*words, row["label"] == "altered", row["kind"])


@lru_cache(maxsize=1)
def questions() -> tuple[tuple[str, tuple[Question, ...]], ...]:
    found = []
    for split in SPLITS:
        rows = list(across_triples.pairs(split, COUNT, SEED))
        found.append((split, tuple(question(dict(row)) for row in rows if row["kind"] not in NUMERIC)))
    return tuple(found)


def scores(net: Network, coder: Any, examples: Sequence[Question]) -> list[float]:
    order = sorted(range(len(examples)), key=lambda at: len(examples[at].sealed) + len(examples[at].heard))
    found = [0.0] * len(examples)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), 16):
            places = order[start : start + 16]
            sealed, _ = coder.texts([examples[at].sealed for at in places])
            heard, _ = coder.texts([examples[at].heard for at in places])
            one, other = net.encode(*sealed), net.encode(*heard)
            pair = (net.judge(one, other)[0] + net.judge(other, one)[0]) / 2
            for at, value in zip(places, torch.sigmoid(pair.float()).tolist(), strict=True):
                found[at] = value
    return found


def report(net: Network, coder: Any) -> None:
    """For each set: area under the curve, and what is found where one in ten faithful pairs is raised."""
    net.eval()
    for name, examples in questions():
        said = scores(net, coder, examples)
        bad = sorted(s for s, e in zip(said, examples, strict=True) if e.altered)
        good = sorted(s for s, e in zip(said, examples, strict=True) if not e.altered)
        area = sum(sum(b > g for g in good) for b in bad) / (len(bad) * len(good))
        limit = good[int(len(good) * 0.9)]
        missed = Counter(e.kind for s, e in zip(said, examples, strict=True) if e.altered and s <= limit)
        print(
            f"    {name:13s} area {area:.3f} found at 10 % raised {sum(b > limit for b in bad) / len(bad):.3f} "
            f"(limit {limit:.2f}) missed {dict(missed.most_common(7))}",
            flush=True,
        )
    net.train()
