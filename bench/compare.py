"""Measure the comparison on pairs with known labels: rates with 95 % Wilson bounds per language pair and kind."""

from __future__ import annotations

import json
import math
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.pairs import across_triples, generate, strangers
from bridge.desk.judge import MeaningJudge
from bridge.relay.fidelity import Comparison, Verdict, compare
from bridge.relay.meaning import Judge

HELD_PAIRS, HELD_SEED = 300, 31
"""Pairs of each direction, and the seed that the figures in docs/measurements/compare.md were made with."""
STRANGERS = 200
"""Pairs of each language from `pairs.strangers`."""
ACROSS = ("hands", "form", "blind", "second_blind", "fifth_b")
BLIND = frozenset(ACROSS)
"""Sets across languages; of these nobody reads a pair."""
TRIPLES, TRIPLES_SEED = 112, 11
"""Pairs of each direction from `pairs.across_triples`, and their seed."""
SAMPLE = Path(__file__).resolve().parents[2] / "shared" / "fidelity" / "sample.jsonl"


@dataclass(frozen=True, slots=True)
class Pair:
    id: str
    sealed_language: str
    heard_language: str
    sealed: str
    heard: str
    label: str
    kind: str
    noise: tuple[str, ...]
    detail: str


def load(path: Path) -> list[Pair]:
    return read(json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())


def read(rows: Iterable[Mapping[str, Any]]) -> list[Pair]:
    return [
        Pair(
            row["id"],
            row["sealed_language"],
            row["heard_language"],
            row["sealed"],
            row["heard"],
            row["label"],
            row["kind"],
            tuple(row["noise"]),
            row["detail"],
        )
        for row in rows
    ]


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % bounds of a rate."""
    if not total:
        return 0.0, 1.0
    z, rate = 1.96, hits / total
    middle = (rate + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(rate * (1 - rate) / total + z * z / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def share(hits: int, total: int) -> str:
    low, high = wilson(hits, total)
    return f"{hits:4d}/{total:<4d} {100 * hits / max(1, total):5.1f} % [{100 * low:.1f}, {100 * high:.1f}]"


Judged = tuple[Pair, Comparison]


def report(judged: Sequence[Judged]) -> None:
    groups = sorted({(pair.sealed_language, pair.heard_language) for pair, _ in judged})
    for group in groups:
        mine = [(p, r) for p, r in judged if (p.sealed_language, p.heard_language) == group]
        altered = [r.verdict for p, r in mine if p.label == "altered"]
        faithful = [r.verdict for p, r in mine if p.label == "faithful"]
        flagged = sum(v in (Verdict.ALTERED, Verdict.CHECK) for v in altered)
        print(f"{group[0]}-{group[1]}")
        print(f"  alterations flagged   {share(flagged, len(altered))}")
        print(f"  faithful altered      {share(faithful.count(Verdict.ALTERED), len(faithful))}")
        print(f"  faithful check        {share(faithful.count(Verdict.CHECK), len(faithful))}")
        for label in ("altered", "faithful"):
            _kinds([(p, r) for p, r in mine if p.label == label], label)


def _kinds(judged: Sequence[Judged], label: str) -> None:
    total = Counter(pair.kind for pair, _ in judged)
    wrong: Counter[str] = Counter()
    for pair, result in judged:
        flagged = result.verdict in (Verdict.ALTERED, Verdict.CHECK)
        wrong[pair.kind] += flagged != (label == "altered")
    for kind, count in sorted(total.items()):
        if wrong[kind]:
            print(
                f"    {label:8s} {kind:20s} {'missed' if label == 'altered' else 'raised'} {share(wrong[kind], count)}"
            )


def show_errors(judged: Iterable[Judged]) -> None:
    for pair, result in judged:
        flagged = result.verdict in (Verdict.ALTERED, Verdict.CHECK)
        if flagged == (pair.label == "altered"):
            continue
        print(f"\n{pair.id} {pair.label} {pair.kind} {','.join(pair.noise)} | {pair.detail} -> {result.verdict.value}")
        print(f"  S {pair.sealed}\n  H {pair.heard}")
        for finding in result.findings:
            print(f"    {finding.kind}{'' if finding.certain else '?'}: {finding.sealed!r} / {finding.heard!r}")


def measure(name: str, pairs: Sequence[Pair], *, errors: bool, judge: Judge) -> None:
    began = time.perf_counter()
    judged = [(p, compare(p.sealed, p.heard, p.sealed_language, p.heard_language, judge=judge)) for p in pairs]
    took = time.perf_counter() - began
    if errors:
        show_errors(judged)
    print(f"\n{name}: {len(pairs)} pairs, {1000 * took / max(1, len(pairs)):.1f} ms a pair")
    report(judged)


def main(arguments: Sequence[str]) -> None:
    errors = "--errors" in arguments
    judge = MeaningJudge()
    paths = [Path(argument) for argument in arguments if not argument.startswith("-")]
    if not paths:
        for split in ("blind", "late"):
            pairs = read(strangers.pairs(split, STRANGERS, HELD_SEED))
            measure(f"strangers, {split}: one language", pairs, errors=errors and split != "blind", judge=judge)
        for split in ACROSS:
            pairs = read(across_triples.pairs(split, TRIPLES, TRIPLES_SEED))
            measure(f"{split}: across languages", pairs, errors=errors and split not in BLIND, judge=judge)
        pairs = read(generate.pairs("held", HELD_PAIRS, HELD_SEED))
        measure("hold-out of the generator", pairs, errors=errors, judge=judge)
        if SAMPLE.exists():
            paths = [SAMPLE]
        else:
            print("no sample beside the repository")
    for path in paths:
        measure(path.name, load(path), errors=errors, judge=judge)


if __name__ == "__main__":
    main(sys.argv[1:])
