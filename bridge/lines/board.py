"""The line as a whole: everything the edge sees and the desk commands goes in here, orders come out, entries first.

Which call gets a slot or the operator is `switch`'s, one call is `exchange`'s, one leg `leg`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from bridge.base.dialplan import Dialplan
from bridge.base.terms import AlarmPriority, Health, Outcome, Role
from bridge.base.wire import Value
from bridge.lines import events as ev
from bridge.lines.admission import RESERVED, SLOTS
from bridge.lines.commands import Command, CommandRefusedError, read
from bridge.lines.events import Happened, Order, Write, alarm
from bridge.lines.exchange import Exchange
from bridge.lines.ladder import Rung, climb_from, only
from bridge.lines.legbook import LegRecord
from bridge.lines.phase import HAS_CALLER, Phase
from bridge.lines.standing import Standing
from bridge.lines.switch import Switch

HEALTH_ALARMS = {
    Health.SILENT: ("track-silent", AlarmPriority.MEDIUM),
    Health.STUCK: ("track-stuck", AlarmPriority.HIGH),
    Health.CLIPPED: ("track-level", AlarmPriority.LOW),
    Health.QUIET: ("track-level", AlarmPriority.LOW),
}
"""What a track's audio raises. A missing track is raised as `recording-lost` by its follower, which also knows when
it is back."""
REMEMBERED = 1000
"""Command ids kept to do each once. A desk repeats a lost command within seconds, not after a thousand others."""


class Board:
    """One line's switchboard. Owned by the line's thread; times are monotonic seconds."""

    def __init__(self, plan: Dialplan, side: str) -> None:
        self.switch = Switch(plan, side)
        self._is_trunk_up: bool | None = None
        self._done: dict[str, None] = {}
        self._standing = Standing()
        self._handlers: dict[str, Callable[[Command, str, float], _Obeyed]] = {
            "call": self._call_out,
            "ring-operator": self._ring_operator,
            "hang-up": self._hang_up,
            "digits": self._send_digits,
            "hold": self._hold,
            "resume": self._hold,
            "mute": self._mute,
            "unmute": self._mute,
            "protect": self._protect,
            "release": self._protect,
            "announce": self._announce,
            "preempt": self._preempt,
            "add": self._add,
        }

    @property
    def wake_at(self) -> float | None:
        return self.switch.wake_at

    def handle(self, event: Happened, now: float) -> list[Order]:
        """Take one event; return what to do, in order. Raises nothing that a far end could cause."""
        return self._standing.settle(self.switch.settled(self._dispatch(event, now), now))

    def wake(self, now: float) -> list[Order]:
        """Tell the line the time. Early or repeated calls do nothing."""
        return self._standing.settle(self.switch.settled(self.switch.wake(now), now))

    # -- events ----------------------------------------------------------------------------------------------------

    def _dispatch(self, event: Happened, now: float) -> list[Order]:
        match event:
            case ev.CallerOffered():
                return self.switch.offered(event, now)
            case ev.Commanded():
                return self._commanded(event, now)
            case ev.TrunkAnswered(status, after_ms):
                return self._trunk(status, after_ms)
            case ev.StopAsked():
                return self.switch.stop(now)
            case ev.CallerLost(status, code, source):
                return [Write("CallerRefused", {"status": status, "code": code, "source": source, "user": ""})]
            case ev.LegAlerted() | ev.LegConfirmed() | ev.LegReleased():
                return self._dialog(event, now)
        return self._media(event, now)

    def _dialog(self, event: ev.LegAlerted | ev.LegConfirmed | ev.LegReleased, now: float) -> list[Order]:
        match event:
            case ev.LegAlerted(leg, status):
                return self.switch.book.alerted(leg, status, now)
            case ev.LegReleased(leg, status, detail):
                return self.switch.book.released(leg, status, detail, now)
            case _:
                return self._confirmed(event.leg, now)

    def _confirmed(self, leg: str, now: float) -> list[Order]:
        orders = self.switch.book.confirmed(leg, now)
        record, call = self.switch.book.get(leg), self.switch.owner(leg)
        if record is None or call is None or not record.machine.is_up:
            return orders
        came = self._standing.operator_came() if record.role is Role.OPERATOR else []
        return [*orders, *came, *call.confirmed(record, now)]

    def _media(self, event: Happened, now: float) -> list[Order]:
        match event:
            case ev.RecordingFailed(leg):
                return [alarm("recording-lost", AlarmPriority.HIGH, leg=leg), *self._tell_not_recorded(leg)]
            case ev.TrackJudged(leg, was, health):
                return self._if_living(leg, lambda _: self._judged(leg, was, health))
            case ev.AnnouncementOver(leg, name):
                over = Write("AnnouncementEnded", {"leg": leg, "name": name, "language": self.switch.side.language})
                return self._if_living(leg, lambda call: [over, *call.announced(leg, name)])
            case ev.DigitHeard(leg, digit):
                return self._if_living(leg, lambda _: [Write("DigitHeard", {"leg": leg, "digit": digit})])
            case ev.HoldChanged(leg, held):
                return self._if_living(leg, lambda _: [Write("HoldStarted" if held else "HoldEnded", {"leg": leg})])
            case ev.MediaStarted(leg) | ev.MediaLost(leg) | ev.MediaReturned(leg) | ev.MediaDead(leg):
                return self._if_living(leg, lambda call: self._audio(event, call, now))
        raise AssertionError(f"no answer to {type(event).__name__}")

    def _if_living(self, leg: str, answer: Callable[[Exchange], list[Order]]) -> list[Order]:
        """The edge may speak of a leg in the turn in which it ended: its record is closed, its alarms are cleared."""
        call = self.switch.owner(leg)
        return answer(call) if call is not None else []

    def _audio(self, event: _Audio, call: Exchange, now: float) -> list[Order]:
        match event:
            case ev.MediaStarted(leg):
                return [Write("MediaStarted", {"leg": leg})]
            case ev.MediaLost(leg, since):
                lost = Write("MediaLost", {"leg": leg, "since_mono_ns": str(since)})
                return [lost, alarm("audio-missing", AlarmPriority.MEDIUM, leg=leg)]
            case ev.MediaReturned(leg, since):
                back = Write("MediaReturned", {"leg": leg, "since_mono_ns": str(since)})
                return [back, Write("AlarmCleared", {"alarm": "audio-missing", "call": "", "leg": leg})]
            case _:
                raised = alarm("audio-dead", AlarmPriority.HIGH, leg=event.leg)
                ended = self.switch.book.hang_up(event.leg, now, Outcome.TECHNICAL)
                return [raised, *ended, *call.lost(event.leg, now)]

    def _judged(self, leg: str, was: Health, health: Health) -> list[Order]:
        orders: list[Order] = []
        if was in HEALTH_ALARMS:
            orders.append(Write("AlarmCleared", {"alarm": HEALTH_ALARMS[was][0], "call": "", "leg": leg}))
        if health in HEALTH_ALARMS:
            orders.append(alarm(*HEALTH_ALARMS[health], leg=leg))
        if health is Health.MISSING:  # a stuck track may be a true tone of a phone system: only the desk is told
            orders += self._tell_not_recorded(leg)
        return orders

    def _tell_not_recorded(self, leg: str) -> list[Order]:
        """A party must never believe that it is recorded when it is not."""
        record = self.switch.book.get(leg)
        if record is None or record.role is not Role.SIDE or record.machine.is_over:
            return []
        return [ev.Announce(leg, "not-recorded", self.switch.side.language)]

    def _trunk(self, status: int, after_ms: int) -> list[Order]:
        was_up, self._is_trunk_up = self._is_trunk_up, status > 0
        if self._is_trunk_up is was_up:
            return []
        if not self._is_trunk_up:
            return [Write("TrunkDown", {"status": 0, "after_ms": after_ms}), alarm("trunk-down", AlarmPriority.HIGH)]
        cleared = Write("AlarmCleared", {"alarm": "trunk-down", "call": "", "leg": ""})
        return [Write("TrunkUp", {"status": status, "after_ms": after_ms}), cleared]

    # -- commands --------------------------------------------------------------------------------------------------

    def _commanded(self, event: ev.Commanded, now: float) -> list[Order]:
        if event.id in self._done:
            return []  # done before; its answer stands in the journal
        self._done[event.id] = None
        if len(self._done) > REMEMBERED:
            del self._done[next(iter(self._done))]
        fields: dict[str, Value] = {"command": event.command, "id": event.id}
        try:
            command = read(event.command, event.fields)
            made, orders = self._handlers[command.name](command, event.fresh_call, now)
        except CommandRefusedError as error:
            return [Write("CommandAnswered", {**fields, "result": "refused", "code": error.code, "detail": str(error)})]
        return [Write("CommandAnswered", {**fields, "result": "done", "code": "", "detail": "", **made}), *orders]

    def _call_out(self, command: Command, fresh_call: str, now: float) -> _Obeyed:
        contacts = self.switch.side.contacts
        climbed = climb_from(contacts, command.tier, command.highest)
        rungs = only(contacts, command.contact) if command.contact else climbed
        if not rungs:
            raise CommandRefusedError("no-contact", "the dialplan has no such contact or tier")
        if self.switch.is_stopping:
            raise CommandRefusedError("stopping", "the line is ending")
        waiting = (c for c in self.switch.calls.values() if c.phase is Phase.WAITING)
        call = self._call(command.call) if command.call else next(waiting, None)
        if call is None:
            if self.switch.calls:
                raise CommandRefusedError("line-engaged", "another call is on the line; end it first")
            call = self.switch.open(fresh_call, command.precedence)
        elif call.phase is not Phase.WAITING:
            raise CommandRefusedError("call-engaged", f"the call is {call.phase.value}; expected a waiting operator")
        call.precedence = command.precedence
        return {"call": call.name}, call.seek(rungs, self.switch.side.language, now)

    def _ring_operator(self, command: Command, _fresh_call: str, now: float) -> _Obeyed:
        call = self._call(command.call) if command.call else self._waiting()
        if call.phase not in HAS_CALLER:
            raise CommandRefusedError("call-engaged", f"the call is {call.phase.value}; expected a waiting caller")
        if call.is_ringing:
            return {"call": call.name}, []
        if any(other.is_ringing for other in self.switch.calls.values()):
            raise CommandRefusedError("call-engaged", "the handsets are ringing for another call")
        if not self.switch.book.has_room_for_operator:
            raise CommandRefusedError("no-slot", "3 legs are up and the fourth is kept for a higher precedence")
        return {"call": call.name}, call.ring(now)

    def _hang_up(self, command: Command, _fresh_call: str, now: float) -> _Obeyed:
        if not command.leg:
            return {"call": command.call}, self._call(command.call).close(now)
        leg, call = self._leg(command.leg)
        if leg.name in (call.side, call.operator):
            return {"leg": leg.name}, call.close(now)  # a call is over with either of the two
        return {"leg": leg.name}, self.switch.book.hang_up(leg.name, now)

    def _send_digits(self, command: Command, _fresh_call: str, _now: float) -> _Obeyed:
        leg = self._leg(command.leg, up=True)[0].name
        sent = Write("DigitsSent", {"leg": leg, "digits": command.digits})
        return {"leg": leg}, [sent, ev.SendDigits(leg, command.digits)]

    def _hold(self, command: Command, _fresh_call: str, _now: float) -> _Obeyed:
        leg = self._leg(command.leg, up=True)[0].name
        return {"leg": leg}, [ev.SetHold(leg, command.name == "hold")]

    def _mute(self, command: Command, _fresh_call: str, _now: float) -> _Obeyed:
        record, call = self._leg(command.leg)
        act = call.links.mute if command.name == "mute" else call.links.unmute
        return {"leg": record.name}, act(record.name)

    def _protect(self, command: Command, _fresh_call: str, now: float) -> _Obeyed:
        call = self._call(command.call)
        self.switch.protect(call, now, on=command.name == "protect")
        return {"call": call.name}, []

    def _announce(self, command: Command, _fresh_call: str, _now: float) -> _Obeyed:
        record, _ = self._leg(command.leg, up=True)
        if record.role is not Role.SIDE:
            raise CommandRefusedError("no-leg", "announcements are for a side's leg")
        return {"leg": record.name}, [ev.Announce(record.name, command.announcement, self.switch.side.language)]

    def _preempt(self, command: Command, _fresh_call: str, now: float) -> _Obeyed:
        waits = self.switch.preemption
        if waits is None or waits.lower is not self._call(command.call):
            raise CommandRefusedError("nothing-waits", "no call of higher precedence waits for this one")
        return {"call": command.call}, self.switch.carry_out(now)

    def _add(self, command: Command, _fresh_call: str, now: float) -> _Obeyed:
        call = self._call(command.call)
        if call.phase is not Phase.TALKING:
            raise CommandRefusedError("call-engaged", f"the call is {call.phase.value}; expected one that is talking")
        if len(self.switch.book) >= SLOTS - RESERVED:
            raise CommandRefusedError("no-slot", "3 legs are up and the fourth is kept for a higher precedence")
        assert command.uri is not None  # `read` lets no `add` through without one
        leg, orders = call.add(command.role, Rung(command.role.value, 0, command.uri, 1), now)
        return {"call": call.name, "leg": leg}, orders

    def _call(self, name: str) -> Exchange:
        if name not in self.switch.calls:
            raise CommandRefusedError("no-call", "no such call is up")
        return self.switch.calls[name]

    def _waiting(self) -> Exchange:
        call = next((c for c in self.switch.calls.values() if c.phase in HAS_CALLER), None)
        if call is None:
            raise CommandRefusedError("no-call", "no caller waits for an operator")
        return call

    def _leg(self, name: str, *, up: bool = False) -> tuple[LegRecord, Exchange]:
        record, call = self.switch.book.get(name), self.switch.owner(name)
        if record is None or call is None or (up and not record.machine.is_up):
            raise CommandRefusedError("no-leg", "no such leg is up")
        return record, call


_Audio: TypeAlias = ev.MediaStarted | ev.MediaLost | ev.MediaReturned | ev.MediaDead
_Obeyed: TypeAlias = tuple[dict[str, Value], list[Order]]
