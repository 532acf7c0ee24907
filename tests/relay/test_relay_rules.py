"""No sequence of events, in any order and with any mistake, breaks the rules of the relay.

A machine of random steps drives one whole station: statements of its own side and messages for it, thousands of events
of which many are refused. The rules are judged from the list of accepted events alone, not from the machines' fields.
"""

from __future__ import annotations

import dataclasses
import json

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bridge.base.errors import MoveError
from bridge.base.wire import Value, canonical
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.commands import KeepMessage, NotReadyError, PrintReturn
from bridge.relay.events import Answer, Event
from bridge.relay.giving import Giving
from bridge.relay.giving_events import Match, Part
from bridge.relay.giving_states import MOVES as GIVING_MOVES
from bridge.relay.giving_states import State as GivingState
from bridge.relay.message import Kind
from bridge.relay.records import Record, from_fields, kind_of, to_fields
from bridge.relay.replay import ConflictError, Relay, RepeatedError, SubjectError, giving_subject, replay
from bridge.relay.returns import Outcome, Person, ReplyState
from bridge.relay.sealed_text import NOT_STATED
from bridge.relay.serials import Serial
from bridge.relay.slip_check import read
from bridge.relay.taking_states import MOVES as TAKING_MOVES
from bridge.relay.taking_states import State as TakingState
from tests.relay import test_giving, test_taking
from tests.relay.relay_samples import LEG, MINUTE, NOON, SAID, SLOTS, TEXTS, message, opened

TAKINGS = ("taking/1", "taking/2")
FOR_US = [dataclasses.replace(message(), serial=Serial("us", number), dtg="231130Z NOV 26") for number in (1, 2)]
GIVINGS = tuple(giving_subject(one.serial) for one in FOR_US)
_OWN = dataclasses.replace(opened(), side="ir", to_side="us")
TAKING_EVENTS: list[Event] = [
    *(event for event in test_taking.EVENTS if not isinstance(event, ev.Opened | ev.ReturnTaken | ev.DeadlinePassed)),
    _OWN,
    dataclasses.replace(_OWN, kind=Kind.REPLY, cites=Serial("us", 1)),
    ev.Edited(TEXTS["en"], "op-a"),
    ev.Edited("Ж", "op-a"),
    *(ev.SlotsFound(version, SLOTS) for version in (2, 3)),
    ev.SlotHeard("time-1", "op-a"),
    ev.ReleaseGiven("op-a"),
    ev.Confirmed(Answer.SPOKEN, LEG, "", SAID, "op-a"),
    ev.Confirmed(Answer.DIGIT, "another/side-1", "1"),
    ev.NewerFound(tuple(one.serial for one in FOR_US)),
]
GIVING_EVENTS: list[Event] = [
    *(event for event in test_giving.EVENTS if not isinstance(event, gv.SlipAccepted | gv.Compared | gv.TracerTaken)),
    *(
        test_giving.compared(part, match, complete)
        for part in Part
        for match in Match
        for complete in (True, match is Match.CHECK)
    ),
    gv.Judged(Part.READ_BACK, SAID, "op-b"),
    gv.CorrectedAloud(Part.READ_BACK, "speed", "op-b"),
    gv.Acknowledged(Person(), "", True, "op-b"),
    gv.Acknowledged(test_giving.OFFICER, "", False, "op-b"),
    gv.ReplyStated(ReplyState.OWED, "op-b"),
    *(ev.Ended(outcome, "", "op-b") for outcome in (Outcome.RECEIVE_ONLY, Outcome.NO_ANSWER, Outcome.ACKNOWLEDGED)),
    ev.NewerFound((Serial("us", 2), Serial("ir", 1), Serial("ir", 2))),
]
ENDS = ev.Ended | ev.LegJoined | gv.CallEnded
_REFUSALS = (MoveError, NotReadyError, SubjectError, RepeatedError, ConflictError)


class Station(RuleBasedStateMachine):
    """Station "ir": its own statements and two messages from "us"."""

    def __init__(self) -> None:
        super().__init__()
        self.relay = Relay("ir")
        self.now = NOON
        self.accepted: list[Record] = []
        self.snapshots = [canonical(self.relay.snapshot())]

    def take(self, subject: str, event: Event) -> None:
        record = Record(subject, self.now, event)
        before = canonical(self.relay.snapshot())
        try:
            commands = self.relay.handle(record)
        except _REFUSALS:
            assert canonical(self.relay.snapshot()) == before
            return
        self.accepted.append(record)
        self.snapshots.append(canonical(self.relay.snapshot()))
        for command in commands:
            if isinstance(command, PrintReturn):
                assert read(command.text, search=False).sheet == command.slip
            if isinstance(command, KeepMessage):
                self.judge_seal(subject, command)
        if isinstance(event, gv.ReceiptGiven | gv.Acknowledged | ev.Ended):
            self.judge_delivery(subject, event)

    def history(self, subject: str) -> list[Event]:
        return [record.event for record in self.accepted if record.subject == subject]

    def judge_seal(self, subject: str, command: KeepMessage) -> None:
        """Sealed only what the originator confirmed after the last change and the last read-back."""
        events = self.history(subject)
        last = max(at for at, event in enumerate(events) if isinstance(event, ev.Confirmed))
        confirmed = events[last]
        assert isinstance(confirmed, ev.Confirmed) and confirmed.leg != "another/side-1"
        undone = ev.Edited | ev.Rejected | ev.ReadBackStarted | ev.HeaderStated | ev.PrecedenceStated
        assert not any(isinstance(event, undone) for event in events[last:])
        said = max(at for at, event in enumerate(events) if isinstance(event, ev.ReadBackSaid))
        edit = max(at for at, event in enumerate(events) if isinstance(event, ev.Edited))
        assert edit < said < last
        drafts = [event.text for event in events if isinstance(event, ev.Edited)]
        assert command.message.text == drafts[-1]

    def judge_delivery(self, subject: str, event: Event) -> None:
        events = self.history(subject)
        match event:
            case gv.ReceiptGiven():
                assert self.is_compared(events, Part.RELAY, gv.RelayStarted)
                assert self.is_compared(events, Part.READ_BACK, gv.ReadBackBegun)
            case gv.Acknowledged(person, _, is_authorised, _):
                assert person.name != NOT_STATED and is_authorised
                assert any(isinstance(one, gv.ReceiptGiven) for one in events)
            case ev.Ended(outcome):
                assert outcome is not Outcome.ACKNOWLEDGED
                if outcome is Outcome.RECEIVE_ONLY:
                    finished = max(at for at, one in enumerate(events) if isinstance(one, gv.RelayFinished))
                    assert self.is_compared(events[:finished], Part.RELAY, gv.RelayStarted)

    @staticmethod
    def is_compared(events: list[Event], part: Part, begin: type[Event]) -> bool:
        """Whether, since the part began, the last word on it is that it is as sealed."""
        verdict = None
        for event in events:
            match event:
                case gv.CallEnded():
                    verdict = None
                case gv.Compared(which, sha256, found, _, is_complete) if which is part:
                    assert sha256 == test_giving.SHA or sha256 in SHAS
                    verdict = found if is_complete else None
                case gv.Judged(which) if which is part and verdict is Match.CHECK:
                    verdict = Match.EQUIVALENT
                case gv.CorrectedAloud(which) if which is part:
                    verdict = None
                case gv.ReceiptGiven() if begin is not gv.ReceiptGiven:
                    break
            if isinstance(event, begin):
                verdict = None
        return verdict in (Match.VERBATIM, Match.EQUIVALENT)

    @initialize(second=st.booleans())
    def slips_arrive(self, second: bool) -> None:
        for sealed in FOR_US[: 2 if second else 1]:
            self.take(giving_subject(sealed.serial), gv.SlipAccepted(sealed, test_giving.LADDER, "op-b"))

    @rule(data=st.data(), subject=st.sampled_from(TAKINGS), straight=st.booleans())
    def something_is_taken(self, data: st.DataObject, subject: str, straight: bool) -> None:
        """An event for a statement: mostly one that its state has a move for."""
        machine = self.relay.machines.get(subject)
        state = machine.state if machine else TakingState.NEW
        assert isinstance(state, TakingState)
        likely = [
            event for event in TAKING_EVENTS if type(event) in TAKING_MOVES[state] and not isinstance(event, ENDS)
        ]
        self.take(subject, data.draw(st.sampled_from(likely if straight and likely else TAKING_EVENTS)))

    @rule(data=st.data(), which=st.integers(0, 1), straight=st.booleans())
    def something_is_given(self, data: st.DataObject, which: int, straight: bool) -> None:
        """An event for an arrived message: mostly one that its state has a move for."""
        machine = self.relay.machines.get(GIVINGS[which])
        state = machine.state if machine else GivingState.NEW
        assert isinstance(state, GivingState)
        likely = [
            event for event in GIVING_EVENTS if type(event) in GIVING_MOVES[state] and not isinstance(event, ENDS)
        ]
        event = data.draw(st.sampled_from(likely if straight and likely else GIVING_EVENTS))
        if isinstance(event, gv.Compared):
            event = dataclasses.replace(event, sha256=data.draw(st.sampled_from(SHAS)))
        self.take(GIVINGS[which], event)

    @rule(data=st.data(), subject=st.sampled_from(TAKINGS), upto=st.integers(1, 11))
    def the_usual_way(self, data: st.DataObject, subject: str, upto: int) -> None:
        """A run of the usual road, so that the far states are reached often."""
        for event in test_taking.TO_SEAL[:upto]:
            fitted = _OWN if isinstance(event, ev.Opened) else event
            if isinstance(event, ev.SlotsFound):
                machine = self.relay.machines.get(subject)
                fitted = ev.SlotsFound(len(getattr(machine, "drafts", ())), SLOTS)
            self.take(subject, fitted)
        self.take(subject, data.draw(st.sampled_from(TAKING_EVENTS)))
        self.take(subject, ev.SealOrdered("op-a"))

    @rule(data=st.data(), which=st.integers(0, 1), upto=st.integers(1, 16))
    def the_usual_delivery(self, data: st.DataObject, which: int, upto: int) -> None:
        sha = FOR_US[which].digest().hex()
        for event in test_giving.WAY[1:upto]:
            self.take(
                GIVINGS[which], dataclasses.replace(event, sha256=sha) if isinstance(event, gv.Compared) else event
            )
        self.take(GIVINGS[which], data.draw(st.sampled_from(GIVING_EVENTS)))

    @rule(minutes=st.integers(0, 400))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE
        while due := self.relay.due(self.now):
            for record in due:
                self.take(record.subject, record.event)

    @invariant()
    def no_deadline_is_lost(self) -> None:
        """Every open message waits for something, and a deadline that passed has been acted on."""
        for machine in self.relay.machines.values():
            ended = machine.state in (TakingState.CLOSED, GivingState.CLOSED)
            assert (machine.wake_at is None) is ended
            assert (machine.outcome is Outcome.OPEN) is not ended

    @invariant()
    def serials_have_no_gap(self) -> None:
        numbers = sorted(sealed.serial.number for sealed in self.relay.sealed())
        assert numbers == list(range(1, len(numbers) + 1))
        assert self.relay.serials.last("ir", False) == len(numbers)

    @invariant()
    def acknowledged_means_acknowledged(self) -> None:
        for machine in self.relay.machines.values():
            if isinstance(machine, Giving) and machine.outcome is Outcome.ACKNOWLEDGED:
                assert machine.acknowledged is not None and machine.acknowledged.is_authorised

    def teardown(self) -> None:
        """Any beginning of the record, read back from its bytes, gives the state that was there then."""
        records = []
        for record in self.accepted:
            data: dict[str, Value] = json.loads(canonical(to_fields(record)))
            records.append(from_fields(kind_of(record), data))
        again = Relay("ir")
        assert canonical(again.snapshot()) == self.snapshots[0]
        for record, expected in zip(records, self.snapshots[1:], strict=True):
            again.handle(record)
            assert canonical(again.snapshot()) == expected
        assert canonical(replay("ir", records).snapshot()) == self.snapshots[-1]


SHAS = [one.digest().hex() for one in FOR_US]
Station.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestNoSequenceBreaksTheRules = Station.TestCase
