"""The calls of one line: slots, which call gets the operator, and pre-emption.

One call is `exchange`'s, one leg `leg`'s; what the edge saw and what the desk commands come through `board`.
RFC 4412 (precedence), RFC 4411 (reason of a pre-emption).
"""

from __future__ import annotations

from dataclasses import dataclass

from bridge.base.dialplan import Dialplan
from bridge.base.terms import AlarmPriority, Outcome, Precedence, Role
from bridge.base.wire import Value
from bridge.lines import events as ev
from bridge.lines import headers
from bridge.lines.admission import Refuse, Request, decide
from bridge.lines.events import Order, Write, alarm
from bridge.lines.exchange import Exchange
from bridge.lines.ladder import handsets
from bridge.lines.legbook import LegBook
from bridge.lines.phase import HAS_CALLER, Phase

_ENGAGED = frozenset({Phase.TALKING, Phase.SEEKING, Phase.GATHERING})
"""The desk is busy with such a call."""


@dataclass(slots=True)
class Preemption:
    """A higher call has come in; the lower one hears the tone."""

    lower: Exchange
    higher: Exchange
    due_at: float | None
    """When the lower call ends; None while a protected relay waits for the operator."""

    def announced(self) -> list[Order]:
        entry: dict[str, Value] = {
            "call": self.lower.name,
            "for_call": self.higher.name,
            "protected": self.lower.is_protected,
        }
        return [Write("PreemptionWarned", entry), alarm("higher-call-waits", AlarmPriority.HIGH, self.higher.name)]

    def cleared(self) -> Order:
        return Write("AlarmCleared", {"alarm": "higher-call-waits", "call": self.higher.name, "leg": ""})


class Switch:
    """All calls of one line. Owned by the board; times are monotonic seconds."""

    def __init__(self, plan: Dialplan, side: str) -> None:
        self.plan = plan
        self.side = plan.side(side)
        self.calls: dict[str, Exchange] = {}
        self.book = LegBook(self.side.line_language, plan.timers.half_open_s)
        self.preemption: Preemption | None = None
        self.is_stopping = False
        self._has_finished = False
        self._told = ("exercise", "recorded") if plan.exercise else ("recorded",)

    @property
    def wake_at(self) -> float | None:
        times = [self.book.wake_at, *(call.wake_at for call in self.calls.values())]
        if self.preemption is not None:
            times.append(self.preemption.due_at)
        return min((at for at in times if at is not None), default=None)

    def wake(self, now: float) -> list[Order]:
        # Legs first: a call must not speak to one that has just been given up.
        orders = self.settled(self.book.wake(now), now)
        for call in list(self.calls.values()):
            orders += call.wake(now)
        if self.preemption is not None and self.preemption.due_at is not None and now >= self.preemption.due_at:
            orders += self.carry_out(now)
        return orders

    def owner(self, leg: str) -> Exchange | None:
        """The call that a leg belongs to now."""
        record = self.book.get(leg)
        return self.calls.get(record.call) if record is not None else None

    def stop(self, now: float) -> list[Order]:
        """End every call; nothing new is admitted."""
        self.is_stopping = True
        return [order for call in list(self.calls.values()) for order in call.close(now)]

    def protect(self, call: Exchange, now: float, *, on: bool) -> None:
        """A relay is being said (or is over): pre-emption of this call waits for the operator (or its tone)."""
        call.is_protected = on
        doing = self.preemption
        if doing is None or doing.lower is not call:
            return
        if on:
            doing.due_at = None
        elif doing.due_at is None:
            doing.due_at = now + self.plan.timers.preempt_tone_s

    # -- callers ---------------------------------------------------------------------------------------------------

    def offered(self, offer: ev.CallerOffered, now: float) -> list[Order]:
        request = Request(offer.source, offer.user, offer.precedence, offer.precedence_required)
        highest = max((c.precedence for c in self.calls.values()), key=lambda p: p.rank, default=None)
        book = self.book
        is_wanted = self.preemption is not None or any(c.is_ringing for c in self.calls.values())
        verdict = decide(request, self.side, len(book), highest, has_operator=book.has_operator, is_wanted=is_wanted)
        if isinstance(verdict, Refuse):
            return _refusal(offer, verdict)
        if self.is_stopping:
            return _refusal(offer, Refuse(503, "stopping"))
        if verdict.role is Role.OPERATOR:
            return self._operator_calls(offer, verdict.precedence, now)
        call = self.open(offer.fresh_call, verdict.precedence)
        record, orders = book.offered(call.name, Role.SIDE, verdict.precedence, offer, now)
        return orders + call.arrive(record, self.side.language, now)

    def _operator_calls(self, offer: ev.CallerOffered, precedence: Precedence, now: float) -> list[Order]:
        waiting = [c for c in self.calls.values() if c.phase in HAS_CALLER or c.phase is Phase.GATHERING]
        call = max(waiting, key=lambda c: c.precedence.rank, default=None)
        if call is None:
            if any(c.operator and c.phase is not Phase.CLOSING for c in self.calls.values()):
                return _refusal(offer, Refuse(486, "operator-engaged"))
            call = self.open(offer.fresh_call, precedence)
        record, orders = self.book.offered(call.name, Role.OPERATOR, precedence, offer, now)
        return orders + call.lift(record, now)

    # -- who hears the callers -------------------------------------------------------------------------------------

    def _serve(self, now: float) -> list[Order]:
        """Who hears the callers that wait: a free operator, whoever lifts, or one taken from a lower call.

        Asked after every event; it orders nothing where nothing has changed.
        """
        waiting = sorted((c for c in self.calls.values() if c.phase in HAS_CALLER), key=lambda c: -c.precedence.rank)
        if not waiting:
            return []
        first = waiting[0]
        free = self._free_for(first)
        if free is not None:
            return self._hand_over(free, first, now)
        engaged = [c for c in self.calls.values() if c.phase in _ENGAGED]
        orders = self._ring_for(first, now, is_engaged=bool(engaged))
        if not engaged:
            return orders
        orders += self._preempt_for(first, now)
        for call in waiting:
            if not call.is_ringing and not (self.preemption is not None and self.preemption.higher is call):
                orders += call.nobody("engaged")
        return orders

    def _free_for(self, call: Exchange) -> Exchange | None:
        """A call whose operator can hear this caller at once."""
        for other in self.calls.values():
            if other.phase is Phase.WAITING:
                return other
            if other.phase in (Phase.SEEKING, Phase.GATHERING) and not other.precedence.outranks(call.precedence):
                # The party that we are trying to reach is calling us: hear it instead of ringing on.
                return other
        return None

    def _hand_over(self, old: Exchange, new: Exchange, now: float) -> list[Order]:
        leg, orders = old.give_operator(now)
        if leg is not None:
            orders += [*self.book.move(leg, new.name), *new.take_operator(leg, now)]
        else:
            orders += self._move_bell(old, new)
        return [*orders, *old.close(now)]

    def _ring_for(self, call: Exchange, now: float, *, is_engaged: bool) -> list[Order]:
        ringing = next((c for c in self.calls.values() if c.is_ringing), None)
        if ringing is not None:
            return self._move_bell(ringing, call) if call.precedence.outranks(ringing.precedence) else []
        if is_engaged or self._is_laying_down:
            return []
        return call.ring(now)

    @property
    def _is_laying_down(self) -> bool:
        """A handset of a call that is ending has not been heard of yet: ringing it now would find it busy."""
        return any(c.phase is Phase.CLOSING and self.book.has_operator_of(c.name) for c in self.calls.values())

    def _move_bell(self, old: Exchange, new: Exchange) -> list[Order]:
        """The handset that rings rings for the more urgent caller now."""
        bell = old.give_bell()
        assert bell is not None
        new.take_bell(bell)
        return self.book.move(bell.leg, new.name) if bell.leg is not None else []

    # -- pre-emption -----------------------------------------------------------------------------------------------

    def _preempt_for(self, higher: Exchange, now: float) -> list[Order]:
        """Tone first; the lower call ends when the tone has sounded, a protected relay only by the operator's act."""
        talking = [c for c in self.calls.values() if c.phase is Phase.TALKING]
        lower = min(talking, key=lambda c: c.precedence.rank, default=None)
        if self.preemption is not None:
            if not higher.precedence.outranks(self.preemption.higher.precedence):
                return []
            cleared = self.preemption.cleared()
            self.preemption.higher = higher
            return [cleared, *self.preemption.announced()]
        if lower is None or not higher.precedence.outranks(lower.precedence):
            return []
        due_at = None if lower.is_protected else now + self.plan.timers.preempt_tone_s
        self.preemption = Preemption(lower, higher, due_at)
        return [*self.preemption.announced(), *lower.warn(on=True)]

    def carry_out(self, now: float) -> list[Order]:
        """The operator goes to the higher call, the lower one ends."""
        doing, self.preemption = self.preemption, None
        assert doing is not None
        orders = [*doing.lower.warn(on=False), doing.cleared()]
        leg, freed = doing.lower.give_operator(now)
        assert leg is not None
        orders += [*freed, *self.book.move(leg, doing.higher.name), *doing.higher.take_operator(leg, now)]
        reason = headers.reason_preemption(1)
        return orders + doing.lower.close(now, Outcome.PREEMPTED, status=486, reason=reason)

    def _review(self) -> list[Order]:
        """Nobody need be pre-empted when the lower call has ended or the higher caller has an operator, or has gone."""
        doing = self.preemption
        if doing is None or (doing.lower.phase is Phase.TALKING and doing.higher.phase in HAS_CALLER):
            return []
        self.preemption = None
        return [*doing.lower.warn(on=False), doing.cleared()]

    # -- after every event -----------------------------------------------------------------------------------------

    def open(self, name: str, precedence: Precedence) -> Exchange:
        sets = handsets(self.side.handsets)
        call = Exchange(name, precedence, self.book, self.plan.timers, sets, self._told)
        self.calls[name] = call
        return call

    def settled(self, orders: list[Order], now: float) -> list[Order]:
        """Tell the calls which legs ended, close calls without legs, give a free operator to who waits."""
        while True:
            fresh = [*self._tell_over(now), *self._review(), *self._end_empty()]
            if not self.is_stopping:
                fresh += self._serve(now)
            if not fresh:
                break
            orders += fresh
        if self.is_stopping and not self.calls and not self._has_finished:
            self._has_finished = True
            orders.append(ev.Finished())
        return orders

    def _tell_over(self, now: float) -> list[Order]:
        orders: list[Order] = []
        while self.book.over:
            over = self.book.over.pop(0)
            orders += self.calls[over.record.call].leg_over(over.record, over.outcome, now)
        return orders

    def _end_empty(self) -> list[Order]:
        orders: list[Order] = []
        for call in list(self.calls.values()):
            if call.phase is Phase.CLOSING and not self.book.has_legs(call.name):
                del self.calls[call.name]
                self.book.forget_call(call.name)
                orders += call.finish()
        return orders


def _refusal(offer: ev.CallerOffered, why: Refuse) -> list[Order]:
    entry: dict[str, Value] = {
        "status": why.status,
        "code": why.code,
        "source": offer.source,
        "user": headers.clean(offer.user or ""),
    }
    return [Write("CallerRefused", entry), ev.Refused(offer.ticket, why.status)]
