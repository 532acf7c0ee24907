"""Pairs of words of one language that turn a sentence round: open and close, on and off.

It knows pairs by word and by stem; it decides nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from types import MappingProxyType, ModuleType

from bridge.relay import tokens_ar, tokens_en, tokens_fa
from bridge.relay.tables import LANGUAGES, split

_MODULES: Mapping[str, ModuleType] = {"en": tokens_en, "fa": tokens_fa, "ar": tokens_ar}
Pairs = frozenset[frozenset[str]]


def _load(language: str) -> tuple[Pairs, Pairs]:
    """Small words as they stand, other words with their stems."""
    text = resources.files("bridge.relay").joinpath("tables", language, "opposites.toml").read_text("utf-8")
    raw = tomllib.loads(text)
    small = frozenset(frozenset(split(line)) for line in raw["small"])
    return small, frozenset(pair for line in raw["words"] for pair in _forms(split(line), language))


def _forms(pair: tuple[str, ...], language: str) -> Iterator[frozenset[str]]:
    if len(pair) == 2:
        yield frozenset(pair)
        yield frozenset(_MODULES[language].stem(word) for word in pair)


_PAIRS: Mapping[str, tuple[Pairs, Pairs]] = MappingProxyType({language: _load(language) for language in LANGUAGES})


def are_small_opposites(one: str, other: str, language: str) -> bool:
    return frozenset((one, other)) in _PAIRS[language][0]


def are_opposites(one: str, other: str, language: str) -> bool:
    """Whether the folded words, or their stems, are a pair."""
    pairs = _PAIRS[language][1]
    if frozenset((one, other)) in pairs:
        return True
    stem = _MODULES[language].stem
    return frozenset((stem(one), stem(other))) in pairs
