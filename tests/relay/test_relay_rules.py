"""No sequence of events, in any order and with any mistake, breaks the rules of the relay.

A machine of random steps drives one whole station: statements of its own side and messages for it, thousands of events
of which many are refused. The rules are judged from the list of accepted events alone, not from the machines' fields.
"""

from __future__ import annotations

import dataclasses
import json
import random

import pytest
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
from bridge.relay.giving_states import State as GivingState
from bridge.relay.message import Kind
from bridge.relay.records import Record, from_fields, kind_of, to_fields
from bridge.relay.replay import ConflictError, Relay, RepeatedError, SubjectError, giving_subject, replay
from bridge.relay.returns import Outcome, Person, ReplyState
from bridge.relay.sealed_text import NOT_STATED
from bridge.relay.serials import Serial
from bridge.relay.slip_check import read
from bridge.relay.spans import Span
from bridge.relay.taking import Taking
from bridge.relay.taking_states import State as TakingState
from tests.relay import giving_samples, taking_samples
from tests.relay.relay_samples import LEG, MINUTE, NOON, SAID, SLOTS, TEXTS, message, opened

SEEDS = st.integers(0, 2**32 - 1)
TAKINGS = ("taking/1", "taking/2")
FOR_US = [dataclasses.replace(message(), serial=Serial("us", number), dtg="231130Z NOV 26") for number in (1, 2)]
GIVINGS = tuple(giving_subject(one.serial) for one in FOR_US)
_OWN = dataclasses.replace(opened(), side="ir", to_side="us")
LATER = Span(LEG, 96000, 100000)
FALSE = [
    ev.Confirmed(Answer.DIGIT, "another/side-1", "1"),
    ev.Confirmed(Answer.DIGIT, LEG, "2"),
    ev.Confirmed(Answer.DIGIT, LEG, ""),
    ev.Confirmed(Answer.SPOKEN, LEG, "1", None, "op-a"),
    ev.Confirmed(Answer.SPOKEN, LEG, "", SAID, ""),
]
"""What is no confirmation of the originator."""
TAKING_EVENTS: list[Event] = [
    *(
        event
        for event in taking_samples.EVENTS
        if not isinstance(event, ev.Opened | ev.ReturnTaken | ev.DeadlinePassed)
    ),
    _OWN,
    dataclasses.replace(_OWN, kind=Kind.REPLY, cites=Serial("us", 1)),
    ev.Edited(TEXTS["en"], "op-a"),
    ev.Edited("Ж", "op-a"),
    *(ev.SlotsFound(version, SLOTS) for version in (2, 3)),
    ev.SlotHeard("time-1", "op-a"),
    ev.ReleaseGiven("op-a"),
    ev.Confirmed(Answer.SPOKEN, LEG, "", SAID, "op-a"),
    *FALSE,
    ev.SpanMarked(LATER, "op-a"),
    ev.Played(LATER, "op-a"),
    ev.NewerFound(tuple(one.serial for one in FOR_US)),
]
ROAD: list[Event] = [
    *taking_samples.TO_SEAL[:10],
    ev.NewerFound(tuple(one.serial for one in FOR_US)),
    ev.NewerNoted("op-a"),
    *FALSE,
    *taking_samples.TO_SEAL[10:],
]
"""A statement up to its seal, with everything that is no confirmation tried before the real one."""
GIVING_EVENTS: list[Event] = [
    *(
        event
        for event in giving_samples.EVENTS
        if not isinstance(event, gv.SlipAccepted | gv.Compared | gv.TracerTaken)
    ),
    *(
        giving_samples.compared(part, match, complete)
        for part in Part
        for match in Match
        for complete in (True, match is Match.CHECK)
    ),
    ev.SlotsFound(1, SLOTS),
    ev.SlotsFound(1, SLOTS),
    ev.SlotHeard(SLOTS[1].id, "op-b"),
    gv.ReadBackBegun("op-b"),
    gv.Judged(Part.READ_BACK, SAID, "op-b"),
    gv.CorrectedAloud(Part.READ_BACK, "speed", "op-b"),
    gv.Acknowledged(Person(), "", True, "op-b"),
    gv.Acknowledged(giving_samples.OFFICER, "", False, "op-b"),
    gv.ReplyStated(ReplyState.OWED, "op-b"),
    *(ev.Ended(outcome, "", "op-b") for outcome in (Outcome.RECEIVE_ONLY, Outcome.NO_ANSWER, Outcome.ACKNOWLEDGED)),
    ev.NewerFound((Serial("us", 2), Serial("ir", 1), Serial("ir", 2))),
]
ENDS = ev.Ended | gv.CallEnded
_REFUSALS = (MoveError, NotReadyError, SubjectError, RepeatedError, ConflictError)


def view(relay: Relay) -> dict[str, dict[str, object]]:
    """All that the machines and the counters hold, as it is now. Values never change, only the dictionaries do."""

    def copied(held: dict[str, object]) -> dict[str, object]:
        return {
            name: dict(value) if isinstance(value, dict) else value
            for name, value in held.items()
            if name != "_serials"
        }

    return {"serials": copied(vars(relay.serials)), **{key: copied(vars(one)) for key, one in relay.machines.items()}}


class Station(RuleBasedStateMachine):
    """Station "ir": its own statements and two messages from "us"."""

    def __init__(self) -> None:
        super().__init__()
        self.relay = Relay("ir")
        self.now = NOON
        self.accepted: list[Record] = []
        self.snapshots = [view(self.relay)]

    def take(self, subject: str, event: Event) -> None:
        record = Record(subject, self.now, event)
        try:
            commands = self.relay.handle(record)
        except _REFUSALS:
            assert view(self.relay) == self.snapshots[-1]
            return
        self.accepted.append(record)
        self.snapshots.append(view(self.relay))
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
        assert confirmed not in FALSE
        marked = {event.span for event in events if isinstance(event, ev.SpanMarked)}
        assert marked and marked <= {event.span for event in events if isinstance(event, ev.Played)}
        found = next(event for event in reversed(events) if isinstance(event, ev.SlotsFound))
        checked = {event.slot for event in events if isinstance(event, ev.SlotHeard | ev.SlotTyped)}
        assert {slot.id for slot in found.slots} <= checked
        undone = ev.Edited | ev.Rejected | ev.ReadBackStarted | ev.HeaderStated | ev.PrecedenceStated
        assert not any(isinstance(event, undone) for event in events[last:])
        said = max(at for at, event in enumerate(events) if isinstance(event, ev.ReadBackSaid))
        edit = max(at for at, event in enumerate(events) if isinstance(event, ev.Edited))
        assert edit < said < last
        drafts = [event.text for event in events if isinstance(event, ev.Edited)]
        assert command.message.text == drafts[-1]

    def judge_delivery(self, subject: str, event: Event) -> None:
        if subject not in GIVINGS:
            return
        events, sha = self.history(subject), SHAS[GIVINGS.index(subject)]
        match event:
            case gv.ReceiptGiven():
                started = next(one for one in reversed(events) if isinstance(one, gv.RelayStarted))
                second = {one.by for one in events if isinstance(one, ev.ReleaseGiven)} - {started.by}
                assert second or any(isinstance(one, ev.NightModeDeclared) for one in events)
                again = max(at for at, one in enumerate(events) if isinstance(one, gv.ReadBackBegun))
                found = next(one for one in reversed(events) if isinstance(one, ev.SlotsFound))
                ticked = {one.slot for one in events[again:] if isinstance(one, ev.SlotHeard)}
                assert {slot.id for slot in found.slots} <= ticked
                assert self.is_compared(events[:-1], Part.RELAY, gv.RelayStarted, sha)
                assert self.is_compared(events[:-1], Part.READ_BACK, gv.ReadBackBegun, sha)
            case gv.Acknowledged(person, _, is_authorised, _):
                assert person.name != NOT_STATED and is_authorised
                assert any(isinstance(one, gv.ReceiptGiven) for one in events)
            case ev.Ended(outcome):
                assert outcome is not Outcome.ACKNOWLEDGED
                if outcome is Outcome.RECEIVE_ONLY:
                    finished = max(at for at, one in enumerate(events) if isinstance(one, gv.RelayFinished))
                    assert self.is_compared(events[:finished], Part.RELAY, gv.RelayStarted, sha)

    @staticmethod
    def is_compared(events: list[Event], part: Part, begin: type[Event], sha: str) -> bool:
        """Whether, since the part began, the last word on it is that it is as sealed."""
        verdict = None
        for event in events:
            match event:
                case gv.CallEnded():
                    verdict = None
                case gv.Compared(which, sha256, found, _, is_complete) if which is part:
                    assert sha256 == sha
                    verdict = found if is_complete else None
                case gv.Judged(which) if which is part and verdict is Match.CHECK:
                    verdict = Match.EQUIVALENT
                case gv.CorrectedAloud(which) if which is part:
                    verdict = None
            if isinstance(event, begin):
                verdict = None
        return verdict in (Match.VERBATIM, Match.EQUIVALENT)

    @initialize(second=st.booleans())
    def slips_arrive(self, second: bool) -> None:
        for sealed in FOR_US[: 2 if second else 1]:
            self.take(giving_subject(sealed.serial), gv.SlipAccepted(sealed, giving_samples.LADDER, "op-b"))

    @rule(seed=SEEDS, subject=st.sampled_from(TAKINGS))
    def a_statement_with_faults(self, seed: int, subject: str) -> None:
        """The usual road of a statement, with steps left out and others put in."""
        chance = random.Random(seed)
        for usual in [*ROAD, *ROAD[8:]]:
            while chance.random() < 0.2:
                self.take(subject, self.fitted(subject, chance.choice(TAKING_EVENTS)))
            if chance.random() < 0.93:
                self.take(subject, self.fitted(subject, usual))

    @rule(seed=SEEDS, which=st.integers(0, 1))
    def a_delivery_with_faults(self, seed: int, which: int) -> None:
        """The usual road of a delivery, with steps left out and others put in."""
        chance = random.Random(seed)
        for usual in [*giving_samples.WAY[1:15], *giving_samples.WAY[10:]]:
            while chance.random() < 0.25:
                event = chance.choice(GIVING_EVENTS)
                if chance.random() < 0.9 or not isinstance(event, ENDS):
                    self.take(GIVINGS[which], self.of_message(event, chance.choice([which, which, which, 0, 1])))
            if chance.random() < 0.93:
                self.take(GIVINGS[which], self.of_message(usual, which))

    @rule(seed=SEEDS)
    def anything_at_all(self, seed: int) -> None:
        """Twenty events without any sense."""
        chance = random.Random(seed)
        for _ in range(20):
            if chance.random() < 0.5:
                self.take(chance.choice(TAKINGS), chance.choice(TAKING_EVENTS))
            else:
                self.take(chance.choice(GIVINGS), self.of_message(chance.choice(GIVING_EVENTS), chance.randrange(2)))

    def fitted(self, subject: str, event: Event) -> Event:
        """The event as this station would have it: its own side, the draft in force."""
        if isinstance(event, ev.Opened):
            return dataclasses.replace(event, side="ir", to_side="us")
        machine = self.relay.machines.get(subject)
        if isinstance(event, ev.SlotsFound) and isinstance(machine, Taking):
            return dataclasses.replace(event, version=len(machine.drafts))
        return event

    @staticmethod
    def of_message(event: Event, which: int) -> Event:
        return dataclasses.replace(event, sha256=SHAS[which]) if isinstance(event, gv.Compared) else event

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
        assert view(again) == self.snapshots[0]
        for record, expected in zip(records, self.snapshots[1:], strict=True):
            again.handle(record)
            assert view(again) == expected
        assert canonical(replay("ir", records).snapshot()) == canonical(self.relay.snapshot())


SHAS = [one.digest().hex() for one in FOR_US]
Station.TestCase.settings = settings(max_examples=60, stateful_step_count=8, deadline=None)
TestNoSequenceBreaksTheRules = Station.TestCase


@pytest.mark.parametrize("seed", range(120))
def test_long_walks(seed: int) -> None:
    """The same rules on long walks from fixed seeds, which reach the far states more often than short ones."""
    chance = random.Random(seed)
    station = Station()
    station.slips_arrive(chance.random() < 0.7)
    for _ in range(8):
        match chance.randrange(7):
            case 0 | 1 | 2:
                station.a_statement_with_faults(chance.randrange(2**32), chance.choice(TAKINGS))
            case 3 | 4:
                station.a_delivery_with_faults(chance.randrange(2**32), chance.randrange(2))
            case 5:
                station.anything_at_all(chance.randrange(2**32))
            case 6:
                station.time_passes(chance.randrange(400))
        station.no_deadline_is_lost()
        station.serials_have_no_gap()
        station.acknowledged_means_acknowledged()
    station.teardown()


def test_the_walks_reach_everything() -> None:
    """All events that matter are accepted somewhere in the walks: the rules were not judged on nothing."""
    reached: set[str] = set()
    for seed in range(60):
        chance = random.Random(seed)
        station = Station()
        station.slips_arrive(True)
        for number in range(4):
            station.a_statement_with_faults(chance.randrange(2**32), TAKINGS[number % 2])
            station.a_delivery_with_faults(chance.randrange(2**32), number % 2)
        reached |= {type(record.event).__name__ for record in station.accepted}
    assert {
        "SealOrdered",
        "Rejected",
        "ReceiptGiven",
        "Acknowledged",
        "CallEnded",
        "CorrectedAloud",
        "Filed",
    } <= reached
