"""The phases of a call and which may follow which. `exchange` moves between them.

side calls      GREETING -> HOLDING -> STATEMENT       (handsets ring all the while)
desk calls      WAITING or GATHERING -> SEEKING        (the ladder climbs)
both            -> TALKING -> CLOSING -> ENDED
"""

from __future__ import annotations

import enum


class Phase(enum.Enum):
    NEW = "new"
    GREETING = "greeting"
    """The side hears that the line is recorded; handsets ring."""
    HOLDING = "holding"
    """The side waits for an operator."""
    STATEMENT = "statement"
    """The side was told that nobody is free and may speak its statement."""
    WAITING = "waiting"
    """An operator is up alone."""
    GATHERING = "gathering"
    """The desk wants to call; no operator has lifted yet."""
    SEEKING = "seeking"
    """The ladder climbs."""
    TALKING = "talking"
    CLOSING = "closing"
    ENDED = "ended"


MOVES: dict[Phase, frozenset[Phase]] = {
    Phase.NEW: frozenset({Phase.GREETING, Phase.WAITING, Phase.GATHERING}),
    Phase.GREETING: frozenset({Phase.HOLDING, Phase.STATEMENT, Phase.TALKING, Phase.CLOSING}),
    Phase.HOLDING: frozenset({Phase.STATEMENT, Phase.TALKING, Phase.CLOSING}),
    Phase.STATEMENT: frozenset({Phase.TALKING, Phase.CLOSING}),
    Phase.WAITING: frozenset({Phase.SEEKING, Phase.CLOSING}),
    Phase.GATHERING: frozenset({Phase.SEEKING, Phase.CLOSING}),
    Phase.SEEKING: frozenset({Phase.WAITING, Phase.TALKING, Phase.CLOSING}),
    Phase.TALKING: frozenset({Phase.HOLDING, Phase.SEEKING, Phase.CLOSING}),
    Phase.CLOSING: frozenset({Phase.ENDED}),
    Phase.ENDED: frozenset(),
}
"""Every legal change of phase."""

HAS_CALLER = frozenset({Phase.GREETING, Phase.HOLDING, Phase.STATEMENT})
"""A side is on the line and no operator is with it."""
