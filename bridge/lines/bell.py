"""Rings the operators' handsets, one after the other, until one is lifted or nobody needs an operator any more.

It rings for one call and can be moved to a more urgent one with the handset that is ringing. What a caller is told
meanwhile is `exchange`'s.
"""

from __future__ import annotations

from bridge.base.terms import Precedence, Role
from bridge.lines.events import Order
from bridge.lines.ladder import Ladder, Rung
from bridge.lines.legbook import LegBook, LegRecord

PAUSE_S = 1.0
"""Pause after a round that nobody could have heard: a handset that is busy or unreachable fails within milliseconds,
and ringing it again at once would flood it and the record. One second longer with each round."""
PAUSE_LIMIT_S = 4.0
"""Longest pause: the caller must not wait much longer than a ring after the handset was put back."""


class Bell:
    """Owned by one exchange at a time; times are monotonic seconds."""

    def __init__(self, book: LegBook, handsets: tuple[Rung, ...], ring_s: float, *, is_endless: bool) -> None:
        """
        Args:
            ring_s: how long one handset rings.
            is_endless: after the last handset comes the first again.
        """
        self._book = book
        self._ring_s = ring_s
        self._ladder = Ladder(handsets, is_endless=is_endless)
        self.leg: str | None = None
        """The handset that is ringing."""
        self.again_at: float | None = None
        """When `ring` must be called; None if it need not."""
        self._has_rung = False

    def ring(self, call: str, precedence: Precedence, now: float) -> list[Order] | None:
        """Ring the next handset; None if all have been rung."""
        self.again_at = None
        if not self._book.has_room_for_operator:
            self.again_at = now + PAUSE_S
            return []
        rung = self._ladder.climb()
        if rung is None:
            return None
        record, orders = self._book.dial(call, Role.OPERATOR, rung, precedence, self._ring_s, now)
        self.leg = record.name
        return orders

    def failed(self, record: LegRecord, now: float) -> None:
        """The ringing handset was not lifted. Afterwards `again_at` says when to ring the next one: `now`, or later."""
        self.leg = None
        self._has_rung = self._has_rung or record.has_rung
        is_quick = now - record.began_at < PAUSE_S
        pause_s = min(PAUSE_S * self._ladder.rounds, PAUSE_LIMIT_S)
        self.again_at = now + (pause_s if is_quick and self._ladder.is_at_the_top and self._ladder.is_endless else 0.0)

    @property
    def is_useless(self) -> bool:
        """Every handset was tried and not one has rung: waiting longer helps nobody."""
        return self._ladder.is_at_the_top and not self._has_rung

    def serve(self, *, is_endless: bool) -> None:
        """It rings for another kind of call now."""
        self._ladder.is_endless = is_endless

    def stop(self, now: float) -> list[Order]:
        self.again_at = None
        leg, self.leg = self.leg, None
        return self._book.hang_up(leg, now) if leg is not None else []
