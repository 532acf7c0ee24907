"""Sentences of the sealed text that have no counterpart in the heard one, and heard words that have none here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.relay.facts import Finding

if TYPE_CHECKING:
    from bridge.relay.across import Pair


def clause_findings(pair: Pair) -> list[Finding]:
    """Clauses omitted and added."""
    return []
