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
from bridge.lines.exchange import HAS_CALLER, Exchange, Phase
from bridge.lines.ladder import handsets
from bridge.lines.legbook import LegBook


@dataclass(slots=True)
class Preemption:
    """A higher call has come in; the lower one hears the tone."""

    lower: Exchange
    higher: Exchange
    due_at: float | None
    """When the lower call ends; None while a protected relay waits for the operator."""


class Switch:
    """All calls of one line. Owned by the board; times are monotonic seconds."""

    def __init__(self, plan: Dialplan, side: str) -> None:
        self.plan = plan
        self.side = plan.side(side)
        self.calls: dict[str, Exchange] = {}
        self.book = LegBook(self.side.line_language, plan.timers.half_open_s)
        self.owner: dict[str, Exchange] = {}
        """Which call a leg belongs to; changes when an operator is moved."""
        self.preemption: Preemption | None = None
        self.is_stopping = False
        self._told = ("exercise", "recorded") if plan.exercise else ("recorded",)

    @property
    def wake_at(self) -> float | None:
        times = [self.book.wake_at, *(call.wake_at for call in self.calls.values())]
        if self.preemption is not None:
            times.append(self.preemption.due_at)
        return min((at for at in times if at is not None), default=None)

    def wake(self, now: float) -> list[Order]:
        orders = self.book.wake(now)
        for call in list(self.calls.values()):
            orders += call.wake(now)
        if self.preemption is not None and self.preemption.due_at is not None and now >= self.preemption.due_at:
            orders += self.carry_out(now)
        return orders

    def stop(self, now: float) -> list[Order]:
        """End every call; nothing new is admitted."""
        self.is_stopping = True
        return [order for call in list(self.calls.values()) for order in call.close(now)]

    def protect(self, call: Exchange, now: float, *, on: bool) -> None:
        """A relay is being said (or is over): pre-emption of this call waits for the operator (or its tone)."""
        call.is_protected = on
        if self.preemption is not None and self.preemption.lower is call:
            self.preemption.due_at = None if on else now + self.plan.timers.preempt_tone_s

    # -- callers ---------------------------------------------------------------------------------------------------

    def offered(self, offer: ev.CallerOffered, now: float) -> list[Order]:
        request = Request(offer.source, offer.user, offer.precedence, offer.precedence_required)
        highest = max((c.precedence for c in self.calls.values()), key=lambda p: p.rank, default=None)
        verdict = decide(request, self.side, len(self.book), highest)
        if isinstance(verdict, Refuse):
            return _refusal(offer, verdict)
        if self.is_stopping:
            return _refusal(offer, Refuse(503, "stopping"))
        if verdict.role is Role.OPERATOR:
            return self._operator_calls(offer, verdict.precedence, now)
        return self._side_calls(offer, verdict.precedence, now)

    def _side_calls(self, offer: ev.CallerOffered, precedence: Precedence, now: float) -> list[Order]:
        call = self.open(offer.fresh_call, precedence)
        record, orders = self.book.offered(call.name, Role.SIDE, precedence, offer, now)
        self.owner[record.name] = call
        orders += call.arrive(record, self.side.language, now)
        return orders + self._find_operator(call, now)

    def _find_operator(self, call: Exchange, now: float) -> list[Order]:
        """Who hears this caller: the waiting operator, one taken from a lower call, or whoever lifts."""
        busy = next(
            (c for c in self.calls.values() if c is not call and (c.operator or c.phase is Phase.GATHERING)), None
        )
        if busy is None:
            return call.ring(now)
        if busy.phase is Phase.WAITING:
            return self._move_operator(busy, call, now)
        if busy.phase in (Phase.SEEKING, Phase.GATHERING) and not busy.precedence.outranks(call.precedence):
            # The party we are trying to reach is calling us: hear it instead of ringing on.
            return self._move_operator(busy, call, now)
        if call.precedence.outranks(busy.precedence) and self.preemption is None:
            return self._preempt(busy, call, now)
        return call.nobody("engaged")

    def _operator_calls(self, offer: ev.CallerOffered, precedence: Precedence, now: float) -> list[Order]:
        waiting = [c for c in self.calls.values() if c.phase in HAS_CALLER or c.phase is Phase.GATHERING]
        call = max(waiting, key=lambda c: c.precedence.rank, default=None)
        if call is None:
            if any(c.operator for c in self.calls.values()):
                return _refusal(offer, Refuse(486, "operator-engaged"))
            call = self.open(offer.fresh_call, precedence)
        record, orders = self.book.offered(call.name, Role.OPERATOR, precedence, offer, now)
        self.owner[record.name] = call
        return orders + call.lift(record, now)

    def _move_operator(self, old: Exchange, new: Exchange, now: float) -> list[Order]:
        leg, orders = old.give_operator(now)
        if leg is None:
            return [*orders, *old.close(now), *new.ring(now)]
        self.owner[leg] = new
        moved: Order = Write("LegMoved", {"leg": leg, "from_call": old.name, "to_call": new.name})
        return [*orders, moved, *new.take_operator(leg, now), *old.close(now)]

    # -- pre-emption -----------------------------------------------------------------------------------------------

    def _preempt(self, lower: Exchange, higher: Exchange, now: float) -> list[Order]:
        """Tone first; the lower call ends when the tone has sounded, a protected relay only by the operator's act."""
        due = None if lower.is_protected else now + self.plan.timers.preempt_tone_s
        self.preemption = Preemption(lower, higher, due)
        raised = alarm("higher-call-waits", AlarmPriority.HIGH, higher.name)
        entry: dict[str, Value] = {"call": lower.name, "for_call": higher.name, "protected": lower.is_protected}
        return [Write("PreemptionWarned", entry), raised, *lower.warn(on=True)]

    def carry_out(self, now: float) -> list[Order]:
        doing, self.preemption = self.preemption, None
        assert doing is not None
        orders = doing.lower.warn(on=False)
        orders.append(Write("AlarmCleared", {"alarm": "higher-call-waits", "call": doing.higher.name, "leg": ""}))
        leg, freed = doing.lower.give_operator(now)
        orders += freed
        if leg is not None:
            self.owner[leg] = doing.higher
            orders.append(Write("LegMoved", {"leg": leg, "from_call": doing.lower.name, "to_call": doing.higher.name}))
            orders += doing.higher.take_operator(leg, now)
        reason = headers.reason_preemption(1)
        return orders + doing.lower.close(now, Outcome.PREEMPTED, status=486, reason=reason)

    # -- after every event -----------------------------------------------------------------------------------------

    def open(self, name: str, precedence: Precedence) -> Exchange:
        sets = handsets(self.side.handsets)
        call = Exchange(name, precedence, self.book, self.plan.timers, sets, self._told)
        self.calls[name] = call
        return call

    def settled(self, orders: list[Order], now: float) -> list[Order]:
        """Tell the calls which legs ended, close calls without legs, give a free operator to who waits."""
        self._adopt()
        while self.book.over:
            over = self.book.over.pop(0)
            owner = self.owner.pop(over.record.name, None) or self.calls.get(over.record.call)
            if owner is not None:
                orders += owner.leg_over(over.record, over.outcome, now)
            self._adopt()
        for call in [c for c in self.calls.values() if c.phase is Phase.CLOSING and not self._has_legs(c)]:
            orders += self._end(call)
        if not self.calls and self.is_stopping:
            orders.append(ev.Finished())
        return orders + ([] if self.is_stopping else self._serve_waiting(now))

    def _adopt(self) -> None:
        """Legs that a call made itself belong to it."""
        for call in self.calls.values():
            for leg in call.legs:
                self.owner[leg] = call

    def _has_legs(self, call: Exchange) -> bool:
        return any(owner is call for owner in self.owner.values())

    def _end(self, call: Exchange) -> list[Order]:
        del self.calls[call.name]
        self.book.forget_call(call.name)
        if self.preemption is not None and call in (self.preemption.lower, self.preemption.higher):
            quiet = self.preemption.lower.warn(on=False) if call is self.preemption.higher else []
            cleared = Write(
                "AlarmCleared", {"alarm": "higher-call-waits", "call": self.preemption.higher.name, "leg": ""}
            )
            self.preemption = None
            return [*call.finish(), cleared, *quiet]
        return call.finish()

    def _serve_waiting(self, now: float) -> list[Order]:
        if self.preemption is not None or any(
            c.operator or c.phase in (Phase.GATHERING, Phase.CLOSING) for c in self.calls.values()
        ):
            return []
        waiting = [c for c in self.calls.values() if c.phase in HAS_CALLER]
        call = max(waiting, key=lambda c: c.precedence.rank, default=None)
        if call is None or call.is_ringing:
            return []
        return self.settled(call.ring(now), now)


def _refusal(offer: ev.CallerOffered, why: Refuse) -> list[Order]:
    entry: dict[str, Value] = {
        "status": why.status,
        "code": why.code,
        "source": offer.source,
        "user": headers.clean(offer.user or ""),
    }
    return [Write("CallerRefused", entry), ev.Refused(offer.ticket, why.status)]
