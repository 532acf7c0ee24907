"""Whom to ring next: contacts of ascending authority, or the operators' handsets, one after the other.

It decides the order and when it is exhausted. Ring times are the leg's (`leg.Dialled`), outcomes come from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.base.dialplan import Contact, Handset, SipUri


@dataclass(frozen=True, slots=True)
class Rung:
    """One place to ring."""

    id: str
    tier: int
    """Authority tier; 0 for a handset."""
    uri: SipUri
    number: int
    """From 1, the order on the ladder."""


def climb_from(contacts: Sequence[Contact], tier: int, highest: int = 0) -> tuple[Rung, ...]:
    """All contacts of this tier and above, lowest tier first, the dialplan's order within a tier.

    Args:
        highest: the last tier to be rung; 0: up to the top.
    """
    chosen = sorted((c for c in contacts if tier <= c.tier <= (highest or c.tier)), key=lambda c: c.tier)
    return tuple(Rung(c.id, c.tier, c.uri, n) for n, c in enumerate(chosen, 1))


def only(contacts: Sequence[Contact], contact: str) -> tuple[Rung, ...]:
    """One named contact; empty if the dialplan does not know it."""
    return tuple(Rung(c.id, c.tier, c.uri, 1) for c in contacts if c.id == contact)


def handsets(sets: Sequence[Handset]) -> tuple[Rung, ...]:
    return tuple(Rung(h.id, 0, h.uri, n) for n, h in enumerate(sets, 1))


class Ladder:
    """Position on the rungs. Owned by one exchange, or by its bell.

    With `is_endless`, the last rung is followed by the first: operators' handsets ring until the caller has gone.
    """

    def __init__(self, rungs: tuple[Rung, ...], *, is_endless: bool = False) -> None:
        self.rungs = rungs
        self.is_endless = is_endless
        self._climbed = 0

    @property
    def rounds(self) -> int:
        """How often the last rung has been given out."""
        return self._climbed // len(self.rungs) if self.rungs else 0

    @property
    def is_at_the_top(self) -> bool:
        """The rung given out last is the last one."""
        return self.rounds > 0 and self._climbed % len(self.rungs) == 0

    def climb(self) -> Rung | None:
        """The next rung; None when exhausted."""
        if not self.rungs or (self._climbed >= len(self.rungs) and not self.is_endless):
            return None
        rung = self.rungs[self._climbed % len(self.rungs)]
        self._climbed += 1
        return rung
