"""Compares the standing of two officers: authority tier first, then NATO code (STANAG 2116). It never blocks a call.

    same tier, same code        FINE
    same tier, one code off     NOTE
    two codes off, other tier   WARN, and the ladder is offered
    tier or code not stated     UNKNOWN

Which title is which code is the parties' affair: the tables are data that they sign. Two published tables for Iranian
titles differ by a full grade from Sartip up; while both are given, the wider gap counts and the comparison says so.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bridge.base.text import fold

CODES = tuple(f"OF-{number}" for number in range(1, 11))
TABLES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "us": {
            "Colonel": "OF-5",
            "Brigadier General": "OF-6",
            "Major General": "OF-7",
            "Lieutenant General": "OF-8",
            "General": "OF-9",
        },
        "us-navy": {"Captain": "OF-5", "RDML": "OF-6", "RADM": "OF-7", "VADM": "OF-8", "ADM": "OF-9"},
        "om": {"عقيد": "OF-5", "عميد": "OF-6", "لواء": "OF-7", "فريق": "OF-8", "فريق أول": "OF-9"},
        "ir-by-ordinal": {
            "سرهنگ": "OF-5",
            "سرتیپ دوم": "OF-6",
            "سرتیپ": "OF-7",
            "سرلشکر": "OF-8",
            "سپهبد": "OF-9",
        },
        "ir-by-title": {"سرهنگ": "OF-5", "سرتیپ": "OF-6", "سرلشکر": "OF-7", "سپهبد": "OF-8"},
    }
)
"""Open sources' tables, by name: a proposal for the parties, not truth."""


class Judgement(enum.Enum):
    FINE = "fine"
    NOTE = "note"
    WARN = "warn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """An officer's tier and every code his rank can mean."""

    tier: int | None
    codes: tuple[str, ...] = ()
    """More than one while the tables in force differ; none if not stated."""


@dataclass(frozen=True, slots=True)
class Parity:
    """What is shown before a relay."""

    judgement: Judgement
    reason: str
    offers_ladder: bool = False
    """Whether somebody of the originator's standing should be asked for; the call goes on all the same."""


def codes_of(rank: str, tables: Mapping[str, Mapping[str, str]] = TABLES) -> tuple[str, ...]:
    """Every code that a title or code can mean, lowest first; empty for one that stands in no table."""
    if rank in CODES:
        return (rank,)
    found = {
        code
        for table in tables.values()
        for title, code in table.items()
        if fold(title) == fold(rank) and code in CODES
    }
    return tuple(sorted(found, key=CODES.index))


def standing(tier: str | int, rank: str, tables: Mapping[str, Mapping[str, str]] = TABLES) -> Standing:
    """The standing that a tier (NOT STATED allowed) and a title or code say."""
    text = str(tier)
    return Standing(int(text) if text.isascii() and text.isdecimal() else None, codes_of(rank, tables))


def compare(originator: Standing, addressee: Standing) -> Parity:
    """Judge two officers who are to exchange a message. The order of the two does not matter."""
    if originator.tier is None or addressee.tier is None:
        return Parity(Judgement.UNKNOWN, "authority tier not stated")
    if originator.tier != addressee.tier:
        reason = f"tier {originator.tier} and tier {addressee.tier}"
        return Parity(Judgement.WARN, reason, offers_ladder=True)
    if not originator.codes or not addressee.codes:
        return Parity(Judgement.UNKNOWN, f"same tier {originator.tier}; rank not stated or in no table")
    gaps = {abs(CODES.index(one) - CODES.index(other)) for one in originator.codes for other in addressee.codes}
    widest = max(gaps)
    reason = f"same tier {originator.tier}; {_in_words(widest)}"
    if len(gaps) > 1:
        reason += f" ({_in_words(min(gaps))} by another table)"
    if widest > 1:
        return Parity(Judgement.WARN, reason, offers_ladder=True)
    return Parity(Judgement.NOTE if widest else Judgement.FINE, reason)


def _in_words(gap: int) -> str:
    return "same code" if not gap else f"{gap} code{'s' if gap > 1 else ''} apart"
