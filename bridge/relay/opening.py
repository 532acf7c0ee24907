"""Whether a statement can be opened at all: its kind, what it cites, and between whom it is."""

from __future__ import annotations

from bridge.relay.commands import Blocker
from bridge.relay.events import Opened


def unopenable(event: Opened) -> list[tuple[Blocker, str]]:
    """What keeps a statement from being opened; empty if nothing does."""
    kind, cites = event.kind, event.cites
    if kind.must_cite != (cites is not None):
        return [(Blocker.STATED, f"{kind.value} cites {cites}")]
    if event.side == event.to_side or (cites and cites.exercise != event.exercise):
        return [(Blocker.STATED, f"from {event.side} to {event.to_side}, cites {cites}")]
    return [] if event.leg else [(Blocker.STATED, "no leg of the originator")]
