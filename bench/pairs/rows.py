"""What all makers of pairs share: the row that a pair is, and the command that prints rows."""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from typing import TypeAlias

from bench.pairs import spoken

Row: TypeAlias = dict[str, object]
Pairs: TypeAlias = Callable[[str, int, int], Iterator[Row]]
"""Rows of a split, so many of each language or direction, from a seed."""
_FIGURES = re.compile(r"(?<![A-Z]-)(?<![\d])\d+")


def row(
    languages: tuple[str, str],
    texts: tuple[str, str],
    *,
    kind: str,
    noise: str,
    detail: str,
    msg: str,
) -> Row:
    """A pair in the form of the sample pairs.

    Args:
        languages, texts: of the sealed and of the heard one.
        kind: of the alteration; empty for a faithful pair, which is of the kind of its noise.
    """
    return {
        "sealed_language": languages[0],
        "heard_language": languages[1],
        "sealed": texts[0],
        "heard": texts[1],
        "label": "altered" if kind else "faithful",
        "kind": kind or noise,
        "noise": [noise],
        "detail": detail,
        "msg": msg,
    }


def own_digits(sealed: str, language: str, rng: random.Random) -> str:
    """A Persian text with Persian digits, every other time."""
    if language == "fa" and rng.random() < 0.5:
        return _FIGURES.sub(lambda match: match.group().translate(spoken.DIGITS_FA), sealed)
    return sealed


def print_pairs(pairs: Pairs, arguments: list[str] | None = None) -> None:
    """Print the rows that SPLIT COUNT SEED ask for, one a line."""
    split, count, seed = arguments or sys.argv[1:]
    for one in pairs(split, int(count), int(seed)):
        print(json.dumps(one, ensure_ascii=False))
