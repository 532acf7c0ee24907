"""One call: which of its legs ring, who is told what, and who hears whom.

It decides for one call only; slots, pre-emption and which call gets the operator are `switch`'s, which handset rings
is `bell`'s. Content first: the side is answered, recorded and heard whether or not anybody at the desk is free.
Its phases and their order are in `phase`.
"""

from __future__ import annotations

from bridge.base.dialplan import Timers
from bridge.base.terms import AlarmPriority, Outcome, Precedence, Role
from bridge.lines.bell import PAUSE_S, Bell
from bridge.lines.events import Announce, Order, Tone, Write, alarm
from bridge.lines.ladder import Ladder, Rung
from bridge.lines.legbook import LegBook, LegRecord
from bridge.lines.links import Links
from bridge.lines.phase import MOVES, Phase

_PUT_DOWN = frozenset({Outcome.ANSWERED, Outcome.CANCELLED, Outcome.PREEMPTED})
"""Outcomes of an operator's leg that end the call. With any other one the side has lost its operator."""


class Exchange:
    """One call. Owned by the board, one thread; times are monotonic seconds."""

    def __init__(
        self,
        name: str,
        precedence: Precedence,
        book: LegBook,
        timers: Timers,
        sets: tuple[Rung, ...],
        told: tuple[str, ...],
    ) -> None:
        """
        Args:
            sets: the operators' handsets in ringing order.
            told: announcements every side hears at the start, in this order.
        """
        self.name = name
        self.precedence = precedence
        self.phase = Phase.NEW
        self.side: str | None = None
        self.operator: str | None = None
        self.others: list[str] = []
        """Monitors and interpreters."""
        self.is_protected = False
        """A relay is being said: pre-emption waits for the operator."""
        self.nobody_at: float | None = None
        """When the side is told that nobody answers."""
        self._book = book
        self._timers = timers
        self._sets = sets
        self._told = told
        self._untold: list[str] = []
        self._bell: Bell | None = None
        self._ladder: Ladder | None = None
        self._attempt: str | None = None
        self._climb_at: float | None = None
        """When the ladder goes on, if no slot was free."""
        self.links = Links()
        self._language = ""

    # -- beginnings ------------------------------------------------------------------------------------------------

    def arrive(self, record: LegRecord, language: str, now: float) -> list[Order]:
        """The side called: answer, tell, and hear it from now on."""
        self.side = record.name
        self._language = language
        self._go(Phase.GREETING)
        self.nobody_at = now + self._timers.nobody_after_s
        return [*self._book.accept(record.name, now), *self._greet()]

    def lift(self, record: LegRecord, now: float) -> list[Order]:
        """An operator called the desk: he joins whoever waits, or waits himself."""
        orders = self._book.accept(record.name, now)
        if self.phase is Phase.NEW:
            self._go(Phase.WAITING)
            self.operator = record.name
            return orders
        return orders + self.take_operator(record.name, now)

    def seek(self, rungs: tuple[Rung, ...], language: str, now: float) -> list[Order]:
        """The desk calls the side: climb these rungs, ringing the operator first if none is up."""
        self._ladder = Ladder(rungs)
        self._language = language
        if self.operator is None:
            self._go(Phase.GATHERING)
            return self.ring(now)
        self._go(Phase.SEEKING)
        return self._climb(now)

    def ring(self, now: float) -> list[Order]:
        """Ring the operators' handsets, in order, until somebody lifts or nobody needs one any more."""
        is_endless = self.phase is not Phase.GATHERING
        self._bell = Bell(self._book, self._sets, self._timers.handset_ring_s, is_endless=is_endless)
        return self._ring_next(now)

    # -- what happens ----------------------------------------------------------------------------------------------

    def confirmed(self, record: LegRecord, now: float) -> list[Order]:
        """A leg of this call is up."""
        if self._bell is not None and record.name == self._bell.leg:
            self._bell = None
            return self.take_operator(record.name, now)
        if record.name == self._attempt:
            self._attempt = None
            self.side = record.name
            found = Write("LadderEnded", {"call": self.name, "result": "answered", "contact": _contact(record)})
            return [found, *self._greet(), *self._meet(now)]
        if record.name in self.others:
            return self._admit_other(record)
        if self.phase is Phase.TALKING:
            self._join(now)
        return []

    def announced(self, leg: str, name: str) -> list[Order]:
        """An announcement to `leg` is over."""
        if leg != self.side or self.phase is Phase.CLOSING or name not in self._untold[:1]:
            return []
        self._untold.pop(0)
        if self._untold:
            return [Announce(leg, self._untold[0], self._language)]
        if self.phase is Phase.GREETING:
            self._go(Phase.HOLDING)
        waits: list[Order] = [Tone(leg, "waiting", on=True)] if self.phase is Phase.HOLDING else []
        return waits + self._voices()

    def leg_over(self, record: LegRecord, outcome: Outcome, now: float) -> list[Order]:
        """A leg of this call has ended."""
        name = record.name
        self.links.forget(name)
        if name in self.others:
            self.others.remove(name)
        orders: list[Order] = []
        if self._bell is not None and name == self._bell.leg:
            self._bell.failed(record, now)
            orders = self._bell_failed(self._bell, now)
        elif name == self._attempt:
            self._attempt = None
            orders = self._climb(now)
        elif name == self.side:
            orders = self._side_gone(outcome, now)
        elif name == self.operator:
            orders = self._operator_gone(outcome, now)
        return orders

    def lost(self, leg: str, now: float) -> list[Order]:
        """A leg is being ended as a fault: nobody waits for its last word, which may take seconds."""
        if leg == self.operator and self.phase is Phase.TALKING:
            return [*self.links.cut(leg), *self._operator_gone(Outcome.TECHNICAL, now)]
        return self.close(now) if leg in (self.side, self.operator) else []

    def wake(self, now: float) -> list[Order]:
        """Tell the call the time. Early or repeated calls do nothing."""
        orders: list[Order] = []
        if self._bell is not None and self._bell.again_at is not None and now >= self._bell.again_at:
            orders += self._ring_next(now)
        if self._climb_at is not None and now >= self._climb_at:
            orders += self._climb(now)
        if self.nobody_at is not None and now >= self.nobody_at:
            orders += self.nobody("nobody")
        return orders

    @property
    def wake_at(self) -> float | None:
        again_at = None if self._bell is None else self._bell.again_at
        return min((at for at in (self.nobody_at, again_at, self._climb_at) if at is not None), default=None)

    def nobody(self, announcement: str) -> list[Order]:
        """Tell the side that no operator is free: its statement is taken all the same."""
        self.nobody_at = None
        if self.phase not in (Phase.GREETING, Phase.HOLDING):
            return []
        assert self.side is not None
        waiting = self.phase is Phase.HOLDING
        self._go(Phase.STATEMENT)
        raised = alarm("caller-unattended", AlarmPriority.HIGH, self.name, self.side)
        if self._untold:
            self._untold.append(announcement)
            return [raised]
        self._untold = [announcement]
        quiet: list[Order] = [Tone(self.side, "waiting", on=False)] if waiting else []
        return [raised, *quiet, Announce(self.side, announcement, self._language)]

    # -- the operator ----------------------------------------------------------------------------------------------

    def take_operator(self, leg: str, now: float) -> list[Order]:
        """An operator is with this call from now on."""
        self.operator = leg
        orders = self._stop_ringing(now)
        if self.phase is Phase.GATHERING:
            self._go(Phase.SEEKING)
            return orders + self._climb(now)
        return orders + self._meet(now)

    def give_operator(self, now: float) -> tuple[str | None, list[Order]]:
        """Hand the operator, if there is one, to another call; the ladder stops."""
        leg, self.operator = self.operator, None
        return leg, [*self._stop_ladder(now), *(self.links.cut(leg) if leg is not None else [])]

    def give_bell(self) -> Bell | None:
        """Hand the ringing handsets to another call."""
        bell, self._bell = self._bell, None
        return bell

    def take_bell(self, bell: Bell) -> None:
        """Whoever lifts is this caller's operator."""
        self._bell = bell
        bell.serve(is_endless=True)

    def warn(self, *, on: bool) -> list[Order]:
        """Sound the pre-emption tone to everybody in this call; never silently."""
        return [Tone(leg, "preempt", on=on) for leg in (self.side, self.operator) if leg is not None]

    def close(self, now: float, outcome: Outcome | None = None, *, status: int = 0, reason: str = "") -> list[Order]:
        """End every leg."""
        if self.phase is Phase.CLOSING:
            return []
        orders = [*self._stop_ladder(now), *self._stop_ringing(now)]
        self._go(Phase.CLOSING)
        self.nobody_at = None
        for leg in filter(None, [self.side, self.operator, *self.others]):
            orders += self._book.hang_up(leg, now, outcome, status=status, reason=reason)
        return orders

    def finish(self) -> list[Order]:
        """Its last leg is gone."""
        self._go(Phase.ENDED)
        return [Write("CallEnded", {"call": self.name})]

    @property
    def is_ringing(self) -> bool:
        return self._bell is not None

    # -- further legs ----------------------------------------------------------------------------------------------

    def add(self, role: Role, rung: Rung, now: float) -> tuple[str, list[Order]]:
        """Ring a monitor (hears, is not heard) or an interpreter (hears and is heard)."""
        ring_s = self._timers.ring_s(self.precedence)
        record, orders = self._book.dial(self.name, role, rung, self.precedence, ring_s, now)
        self.others.append(record.name)
        return record.name, orders

    # -- inside ----------------------------------------------------------------------------------------------------

    def _go(self, phase: Phase) -> None:
        if phase not in MOVES[self.phase]:
            raise AssertionError(f"{self.phase.name} -> {phase.name}")
        self.phase = phase

    def _greet(self) -> list[Order]:
        assert self.side is not None
        self._untold = list(self._told)
        return [Announce(self.side, self._untold[0], self._language)]

    def _meet(self, now: float) -> list[Order]:
        """Side and operator are both here: the operator hears at once, is heard when the side has been told."""
        assert self.side is not None and self.operator is not None
        orders: list[Order] = [Tone(self.side, "waiting", on=False)] if self.phase is Phase.HOLDING else []
        for alarm_name in ("caller-unattended", "operator-lost"):
            orders.append(Write("AlarmCleared", {"alarm": alarm_name, "call": self.name, "leg": self.side}))
        self._go(Phase.TALKING)
        self.nobody_at = None
        self._join(now)
        orders += [*self.links.connect(self.side, self.operator), *self._voices()]
        for record in self._others_up():
            orders += self._admit_other(record)
        return orders

    def _join(self, now: float) -> None:
        """Each hears the other only when both are through; one may still be waiting for its ACK."""
        assert self.side is not None and self.operator is not None
        if self._book.is_up(self.side) and self._book.is_up(self.operator):
            self._book.joined(self.side, now)
            self._book.joined(self.operator, now)

    def _voices(self) -> list[Order]:
        """The side hears operator and interpreter once it has been told all it must be told."""
        if self.side is None or self._untold:
            return []
        orders = [] if self.operator is None else self.links.connect(self.operator, self.side)
        for record in self._others_up():
            if record.role is Role.INTERPRETER:
                orders += self.links.connect(record.name, self.side)
        return orders

    def _others_up(self) -> list[LegRecord]:
        return [record for name in self.others if (record := self._book.get(name)) and record.machine.is_up]

    def _admit_other(self, record: LegRecord) -> list[Order]:
        orders: list[Order] = []
        for leg in filter(None, (self.side, self.operator)):
            orders += self.links.connect(leg, record.name)
        if record.role is Role.INTERPRETER and self.operator is not None:
            orders += self.links.connect(record.name, self.operator)
        return orders + self._voices()

    def _climb(self, now: float) -> list[Order]:
        assert self._ladder is not None
        self._climb_at = None
        if not self._book.has_room:
            self._climb_at = now + PAUSE_S
            return []
        rung = self._ladder.climb()
        if rung is None:
            self._ladder = None
            self._go(Phase.WAITING)
            return [Write("LadderEnded", {"call": self.name, "result": "exhausted", "contact": ""})]
        ring_s = self._timers.ring_s(self.precedence)
        record, orders = self._book.dial(self.name, Role.SIDE, rung, self.precedence, ring_s, now)
        self._attempt = record.name
        return orders

    def _stop_ladder(self, now: float) -> list[Order]:
        attempt, self._attempt = self._attempt, None
        self._climb_at = None
        if self._ladder is None or self.phase not in (Phase.SEEKING, Phase.GATHERING):
            return []
        self._ladder = None
        ended = Write("LadderEnded", {"call": self.name, "result": "stopped", "contact": ""})
        return [ended, *(self._book.hang_up(attempt, now) if attempt else [])]

    def _ring_next(self, now: float) -> list[Order]:
        assert self._bell is not None
        orders = self._bell.ring(self.name, self.precedence, now)
        if orders is not None:
            return orders
        self._bell = None
        raised = alarm("no-operator", AlarmPriority.HIGH, self.name)
        return [raised, *self.close(now, Outcome.CANCELLED)]

    def _bell_failed(self, bell: Bell, now: float) -> list[Order]:
        told = self.nobody("nobody") if bell.is_useless else []
        is_due = bell.again_at is not None and now >= bell.again_at
        return [*told, *(self._ring_next(now) if is_due else [])]

    def _stop_ringing(self, now: float) -> list[Order]:
        bell, self._bell = self._bell, None
        return bell.stop(now) if bell is not None else []

    def _side_gone(self, outcome: Outcome, now: float) -> list[Order]:
        self.side = None
        self._untold = []
        if self._ladder is not None and outcome is Outcome.HUNG_UP and self.phase is Phase.TALKING:
            # Lifted and put down before a word: the next on the ladder, as if it had not been answered.
            self._go(Phase.SEEKING)
            return self._climb(now)
        return self.close(now)

    def _operator_gone(self, outcome: Outcome, now: float) -> list[Order]:
        self.operator = None
        if self.phase is not Phase.TALKING or outcome in _PUT_DOWN or self.side is None:
            return self.close(now)
        # A fault, or a handset lifted and put back at once: that is no reason to hang up on the side.
        self._go(Phase.HOLDING)
        self.nobody_at = now + self._timers.nobody_after_s
        raised = alarm("operator-lost", AlarmPriority.HIGH, self.name, self.side)
        waits: list[Order] = [] if self._untold else [Tone(self.side, "waiting", on=True)]
        return [raised, *waits, *self.ring(now)]


def _contact(record: LegRecord) -> str:
    return record.rung.id if record.rung is not None else ""
