"""Whom to ring next: contacts of ascending authority, or the operators' handsets, one after the other.

It decides the order and when it is exhausted. Ring times are the leg's (`leg.Dialled`), outcomes come from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.base.dialplan import Contact, Handset, SipUri
from bridge.base.terms import Outcome


@dataclass(frozen=True, slots=True)
class Rung:
    """One place to ring."""

    id: str
    tier: int
    """Authority tier; 0 for a handset."""
    uri: SipUri
    number: int
    """From 1, the order on the ladder."""


def climb_from(contacts: Sequence[Contact], tier: int) -> tuple[Rung, ...]:
    """All contacts of this tier and above, lowest tier first, the dialplan's order within a tier."""
    chosen = sorted((c for c in contacts if c.tier >= tier), key=lambda c: c.tier)
    return tuple(Rung(c.id, c.tier, c.uri, n) for n, c in enumerate(chosen, 1))


def only(contacts: Sequence[Contact], contact: str) -> tuple[Rung, ...]:
    """One named contact; empty if the dialplan does not know it."""
    return tuple(Rung(c.id, c.tier, c.uri, 1) for c in contacts if c.id == contact)


def handsets(sets: Sequence[Handset]) -> tuple[Rung, ...]:
    return tuple(Rung(h.id, 0, h.uri, n) for n, h in enumerate(sets, 1))


class Ladder:
    """Position on the rungs. Owned by one exchange.

    With `endless`, the last rung is followed by the first: operators' handsets ring until the caller has gone.
    """

    def __init__(self, rungs: tuple[Rung, ...], *, endless: bool = False) -> None:
        self.rungs = rungs
        self._endless = endless
        self._next = 0
        self.rounds = 0
        """Completed rounds."""
        self.nobody_rang = True
        """True while no rung has even rung: busy or unreachable, so waiting longer helps nobody."""

    def climb(self) -> Rung | None:
        """The next rung; None when exhausted."""
        if not self.rungs or (self._next >= len(self.rungs) and not self._endless):
            return None
        rung = self.rungs[self._next % len(self.rungs)]
        self._next += 1
        return rung

    def failed(self, outcome: Outcome) -> None:
        """The current rung did not answer."""
        if outcome in (Outcome.NO_ANSWER, Outcome.REFUSED, Outcome.HUNG_UP):
            self.nobody_rang = False
        if self._next % len(self.rungs) == 0:
            self.rounds += 1
