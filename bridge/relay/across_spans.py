"""Spans of time said without a figure (half an hour, ساعتين), each as a figure and its unit, across languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bridge.base.text import fold
from bridge.relay.facts import is_number
from bridge.relay.tables import SPANS
from bridge.relay.tokens import Token

_LONGEST = 4
_AND = frozenset((fold("و"), "and"))


def spans_of_time(tokens: Sequence[Token], language: str) -> list[Token]:
    """The tokens, a span of time being a figure and a unit.

    Six and a half hours is no half an hour: nothing is taken after a number or a word for and.
    """
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        end, figure, unit = _span(tokens, at, language)
        if figure:
            first, last = tokens[at], tokens[end - 1]
            number = replace(first, text=figure, key=figure, tag="", forms=(), marks=frozenset())
            found.append(replace(number, is_figure=True, is_light=False))
            found.append(replace(last, key=f"unit:{unit}", tag="unit", forms=(), marks=frozenset(), is_light=False))
            at = end
        else:
            found.append(tokens[at])
            at += 1
    return found


def _span(tokens: Sequence[Token], at: int, language: str) -> tuple[int, str, str]:
    """(end, figure, unit) of the longest span that begins here; no figure if none does."""
    before = tokens[at - 1] if at else None
    if before is not None and (before.text in _AND or before.is_figure or is_number(before, language)):
        return at, "", ""
    for end in range(min(len(tokens), at + _LONGEST), at, -1):
        said = SPANS[language].get(" ".join(token.text for token in tokens[at:end]))
        if said:
            figure, _, unit = said.partition(" ")
            return end, figure, unit
    return at, "", ""
