"""Whatever happens, in whatever order: the line raises nothing, forgets nobody and comes to its end."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bridge.base.terms import Precedence
from bridge.lines import events as ev
from bridge.lines.admission import SLOTS
from bridge.lines.events import Finished
from bridge.lines.phase import Phase
from tests.lines.desk import HANDSET_A, HANDSET_B, OFFICER, STRANGER, Desk

pytestmark = pytest.mark.pure

ROUTINE, IMMEDIATE, FLASH = Precedence.ROUTINE, Precedence.IMMEDIATE, Precedence.FLASH
PRECEDENCES = st.sampled_from([ROUTINE, IMMEDIATE, FLASH, None])
STATUSES = st.sampled_from([200, 408, 480, 486, 487, 503, 603, 0])
SOURCES = st.sampled_from([OFFICER, OFFICER, OFFICER, HANDSET_A, HANDSET_B, STRANGER])


class AnyLine(RuleBasedStateMachine):
    """Any order of events, on one line with two handsets. The edge on paper checks every order as it comes."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(exercise=True, handsets=2)
        self.made: set[str] = set()
        """Every leg that was ever admitted or dialled."""
        self.is_stopping = False

    @initialize(scene=st.sampled_from(["", "waiting", "talking", "gathering", "seeking", "third"]))
    def a_scene(self, scene: str) -> None:
        """Most orders of events never leave the lobby: begin further in."""
        desk = self.desk
        if scene in ("waiting", "seeking"):
            desk.operator()
        if scene in ("gathering", "seeking"):
            desk.command("call", tier="1")
        if scene in ("talking", "third"):
            side = desk.caller()
            desk.lifts(desk.dialled[0])
            desk.hears_all(side)
        if scene == "third":
            desk.command("add", call="c1", role="interpreter", uri="sip:third@127.8.5.1")

    def a_leg(self, data: st.DataObject) -> str:
        living = sorted(self.desk.edge.legs)
        return data.draw(st.sampled_from(living or ["gone/side-1"]), label="leg")

    def a_call(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.desk.board.switch.calls) or ["gone"]), label="call")

    @rule(precedence=PRECEDENCES, source=SOURCES)
    def somebody_calls(self, precedence: Precedence | None, source: str) -> None:
        self.desk.offer(precedence, source=source)

    @rule(precedence=PRECEDENCES)
    def a_party_calls_and_is_up(self, precedence: Precedence | None) -> None:
        leg = self.desk.offer(precedence)
        if leg:
            self.desk.lifts(leg)

    @rule(data=st.data())
    def somebody_lifts(self, data: st.DataObject) -> None:
        """A telephone that we ring is answered, and the announcements are heard."""
        book = self.desk.board.switch.book
        ringing = [leg for leg in sorted(self.desk.edge.legs) if (record := book.get(leg)) and record.rung]
        for leg in ringing and [data.draw(st.sampled_from(ringing), label="lifted")]:
            self.desk.lifts(leg)

    @rule(data=st.data())
    def everything_is_heard(self, data: st.DataObject) -> None:
        self.desk.hears_all(self.a_leg(data))

    @rule(data=st.data())
    def a_leg_rings(self, data: st.DataObject) -> None:
        self.desk.rings(self.a_leg(data))

    @rule(data=st.data())
    def a_leg_is_up(self, data: st.DataObject) -> None:
        self.desk.lifts(self.a_leg(data))

    @rule(data=st.data(), status=STATUSES)
    def a_leg_is_over(self, data: st.DataObject, status: int) -> None:
        self.desk.leaves(self.a_leg(data), status)

    @rule(data=st.data())
    def an_announcement_is_over(self, data: st.DataObject) -> None:
        leg = self.a_leg(data)
        if self.desk.edge.announced.get(leg):
            self.desk.hears(leg)

    @rule(data=st.data(), kind=st.sampled_from([ev.MediaDead, ev.MediaStarted, ev.RecordingFailed]))
    def audio(self, data: st.DataObject, kind: type[ev.MediaDead | ev.MediaStarted | ev.RecordingFailed]) -> None:
        self.desk.happens(kind(self.a_leg(data)))

    @rule(seconds=st.sampled_from([0.0, 0.3, 1.0, 2.5, 8.0, 30.0]))
    def time_passes(self, seconds: float) -> None:
        self.desk.passes(seconds)

    @rule(tier=st.sampled_from("12"), precedence=st.sampled_from(["ROUTINE", "FLASH"]))
    def the_desk_calls(self, tier: str, precedence: str) -> None:
        self.desk.command("call", tier=tier, precedence=precedence)

    @rule(data=st.data(), name=st.sampled_from(["ring-operator", "hang-up", "protect", "release", "preempt"]))
    def a_command_for_a_call(self, data: st.DataObject, name: str) -> None:
        self.desk.command(name, call=self.a_call(data))

    @rule(data=st.data(), name=st.sampled_from(["hang-up", "hold", "resume", "mute", "unmute"]))
    def a_command_for_a_leg(self, data: st.DataObject, name: str) -> None:
        self.desk.command(name, leg=self.a_leg(data))

    @rule(data=st.data(), role=st.sampled_from(["monitor", "interpreter"]))
    def a_third_is_added(self, data: st.DataObject, role: str) -> None:
        self.desk.command("add", call=self.a_call(data), role=role, uri="sip:third@127.8.5.1")

    @precondition(lambda self: len(self.desk.entries) > 60)
    @rule()
    def the_line_stops(self) -> None:
        self.desk.happens(ev.StopAsked())
        self.is_stopping = True

    @invariant()
    def the_line_is_in_order(self) -> None:
        switch, edge = self.desk.board.switch, self.desk.edge
        self.made |= edge.legs.keys()
        assert len(edge.legs) <= SLOTS
        assert set(edge.calls.values()) <= set(switch.calls)
        for call in switch.calls.values():
            assert switch.book.has_legs(call.name) or call.wake_at is not None, f"{call.name} waits for nothing"
        assert self.desk.board.wake_at is None or self.desk.board.wake_at > self.desk.now - 1e-9

    @invariant()
    def the_last_slot_is_kept(self) -> None:
        """Four legs are up only for a call of higher precedence, or while one of them is being given up."""
        switch = self.desk.board.switch
        if len(self.desk.edge.legs) == SLOTS:
            ranks = {call.precedence.rank for call in switch.calls.values()}
            records = [record for leg in self.desk.edge.legs if (record := switch.book.get(leg))]
            assert len(ranks) > 1 or any(record.machine.is_over for record in records)

    @invariant()
    def nobody_is_forgotten(self) -> None:
        """A caller without an operator is rung for, heard by the machine, or about to be told."""
        switch = self.desk.board.switch
        for call in switch.calls.values():
            if call.phase in (Phase.GREETING, Phase.HOLDING) and not self.is_stopping:
                assert call.nobody_at is not None
        talking = [call for call in switch.calls.values() if call.phase is Phase.TALKING]
        for call in talking:
            assert call.side is not None and call.operator is not None
            is_muted = (call.side, call.operator) not in self.desk.edge.links
            assert not is_muted or self.desk.ever("CommandAnswered", command="mute", leg=call.side)
        if any(call.phase is Phase.STATEMENT for call in switch.calls.values()) and not self.is_stopping:
            busy = [call for call in switch.calls.values() if call.phase not in (Phase.STATEMENT, Phase.HOLDING)]
            assert busy or any(call.is_ringing for call in switch.calls.values())

    @invariant()
    def the_end_comes_once(self) -> None:
        if self.is_stopping:
            assert self.desk.edge.has_finished is (not self.desk.board.switch.calls)

    def teardown(self) -> None:
        """Whatever state it is in: after a stop every leg ends once and the line finishes."""
        desk = self.desk
        desk.happens(ev.StopAsked())
        desk.passes(10.0)
        assert desk.edge.has_finished
        assert not desk.edge.legs and not desk.edge.links and not desk.edge.tones
        ended = [str(data["leg"]) for data in desk.ever("LegEnded")]
        assert sorted(ended) == sorted(set(ended)) == sorted(self.made | desk.edge.ended)
        assert {alarm for alarm, _, _ in desk.edge.alarms} <= {"no-operator", "recording-lost"}
        assert desk.board.wake_at is None
        assert Finished() not in desk.happens(ev.StopAsked())


AnyLine.TestCase.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
test_any_order_of_events = AnyLine.TestCase
