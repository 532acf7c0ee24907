"""Learn how much the judge and each kind of finding weigh, and where to stop: `bridge/relay/tables/judge.toml`.

Usage: python -m bench.judge.weigh RAISED CERTAIN PAIRS.jsonl... > judge.toml
RAISED: the share of faithful pairs that may be raised by what is weighed here, as 0.1; CERTAIN: the share that may be
called altered. The pairs must be of messages that neither the tables nor the judge were made with. Weights are never
below zero: nothing found makes a text look more faithful.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.compare import Pair, load
from bridge.desk.judge import MeaningJudge
from bridge.relay.across import found_across
from bridge.relay.weighing import case, features

ROUNDS, RATE, SHRINK = 6000, 0.03, 0.002
GROUPS = [
    *"name rare clause contrary modality condition hedge negation order role direction bound slight".split(),
    "name unread",
    "name facing",
]
NAMES = [
    "one",
    "pair",
    "sealed",
    "heard",
    *GROUPS,
    *(f"{group} {how}" for group in GROUPS for how in ("shared", "sure")),
]


def row(pair: Pair, judge: MeaningJudge) -> tuple[dict[str, float], bool]:
    """Features of a pair, and whether its facts alone have settled it."""
    asked = case(*found_across(pair.sealed, pair.heard, (pair.sealed_language, pair.heard_language)))
    opinion = judge.judge([one.text for one in asked.ours], [one.text for one in asked.theirs])
    if opinion is None:
        raise ValueError(f"pair {pair.id} is longer than the judge reads")
    return features(asked, opinion), bool(asked.facts)


def learned(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic regression by gradient, weights but the first not below zero."""
    weights = np.zeros(x.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (chance - y) / len(y) + SHRINK * np.r_[0.0, weights[1:]]
        weights -= RATE * 10 * slope
        weights[1:] = np.maximum(weights[1:], 0)
    return weights


def limits(
    rows: Sequence[dict[str, float]], weighed: NDArray[np.float64], raised: float, certain: float
) -> tuple[float, float]:
    """Of faithful pairs, what a share of them exceeds; and what another share does where tables doubt something."""
    whole = sorted(float(value) for value in weighed)
    doubted = sorted(
        float(value) if any(name in row for name in GROUPS) else whole[0]
        for row, value in zip(rows, weighed, strict=True)
    )
    return _above(whole, raised), _above(doubted, certain)


def _above(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * (1 - share)))]


def main(arguments: Sequence[str]) -> None:
    raised, certain, *paths = arguments
    judge = MeaningJudge()
    rows = [(*row(pair, judge), pair.label == "altered") for path in paths for pair in load(Path(path))]
    left = [(counted, altered) for counted, settled, altered in rows if not settled]
    x = np.array([[counted.get(name, 0.0) for name in NAMES] for counted, _ in left])
    y = np.array([float(altered) for _, altered in left])
    weights = learned(x, y)
    faithful = [counted for counted, altered in left if not altered]
    limit, above = limits(faithful, x[y == 0] @ weights, float(raised), float(certain))
    weights[0] -= limit
    found = np.mean((x[y == 1] @ weights) > 0)
    print(
        f"# Of {len(rows)} pairs {len(left)} had no fact to settle them; of their alterations {found:.1%} weigh enough."
    )
    print("# Weights of `bridge/relay/weighing.py`, learned by `python -m bench.judge.weigh`.")
    print(f"altered = {above - limit:.4f}\n[weights]")
    for name, value in zip(NAMES, weights, strict=True):
        print(f'"{name}" = {value:.4f}')


if __name__ == "__main__":
    main(sys.argv[1:])
