"""The records of a station: their form, what two messages have to do with each other, and replay."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.clock import ManualClock
from bridge.base.errors import MoveError
from bridge.base.terms import Outcome as CallOutcome
from bridge.base.terms import Precedence
from bridge.base.wire import Entry, Value, canonical
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.commands import Blocker, NotReadyError, PrintReturn, RaiseOverdue
from bridge.relay.events import Event
from bridge.relay.giving import Giving
from bridge.relay.message import Kind, Message, moment
from bridge.relay.precedence import Hop
from bridge.relay.records import KINDS, PREFIX, Record, RecordError, from_entry, from_fields, kind_of, plain, to_fields
from bridge.relay.replay import ConflictError, Relay, RepeatedError, SubjectError, giving_subject, replay
from bridge.relay.returns import Outcome, ReplyState
from bridge.relay.serials import Serial
from bridge.relay.taking import Taking
from tests.relay import giving_samples, taking_samples
from tests.relay.relay_samples import MINUTE, NOON, message, road_to_confirmation

pytestmark = pytest.mark.pure

ALL_EVENTS: list[Event] = [*taking_samples.EVENTS, *giving_samples.EVENTS, *road_to_confirmation()]


def entry_of(record: Record, seq: int = 1) -> Entry:
    """The record as it comes back from a ledger: through its canonical bytes."""
    now = ManualClock().now()
    data: dict[str, Value] = json.loads(canonical(to_fields(record)))
    return Entry(seq, now.utc, now.mono_ns, now.sync.value, kind_of(record), data)


@pytest.mark.parametrize("event", ALL_EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_has_a_canonical_form(event: Event) -> None:
    """Each event comes back from its bytes as it was."""
    record = Record("taking/1", NOON, event)
    assert from_entry(entry_of(record)) == record


def test_every_kind_is_tried() -> None:
    """No event is without a form that the test above tries."""
    assert set(KINDS) == {type(event).__name__ for event in ALL_EVENTS}


def test_who_acted_is_kept_beside_the_record() -> None:
    """The desk's attribution is no part of the event."""
    record = Record("taking/1", NOON, ev.SealOrdered("op-a"))
    entry = entry_of(record)
    signed = dataclasses.replace(entry, data={**entry.data, "act": {"id": "7", "person": "op-a"}})
    assert from_entry(signed) == record


def test_other_entries_are_passed_over() -> None:
    """A ledger holds more than messages."""
    now = ManualClock().now()
    assert from_entry(Entry(1, now.utc, 1, "unknown", "LegEnded", {})) is None
    assert replay("us", [Entry(1, now.utc, 1, "unknown", "LegEnded", {})]).machines == {}


GOOD = {"subject": "taking/1", "at": "5", "event": {"leg": "a"}}


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("MessageUnheardOf", GOOD),
        ("LegJoined", GOOD),
        ("MessageLegJoined", {**GOOD, "more": 1}),
        ("MessageLegJoined", {**GOOD, "at": 5}),
        ("MessageLegJoined", {**GOOD, "at": "٥"}),
        ("MessageLegJoined", {**GOOD, "at": "5" * 21}),
        ("MessageLegJoined", {**GOOD, "event": {}}),
        ("MessageLegJoined", {**GOOD, "event": "leg"}),
        ("MessageLegJoined", {**GOOD, "event": {"leg": 1}}),
        ("MessageNewerFound", {**GOOD, "event": {"serials": "US-0001"}}),
        ("MessageNewerFound", {**GOOD, "event": {"serials": [{"side": "US", "number": 1, "exercise": False}]}}),
        ("MessageNewerFound", {**GOOD, "event": {"serials": [{"side": "us", "number": True, "exercise": False}]}}),
        ("MessageSpanMarked", {**GOOD, "event": {"span": {"leg": "a", "from_sample": 2, "to_sample": 1}, "by": "x"}}),
        ("MessagePrecedenceStated", {**GOOD, "event": {"precedence": "URGENT", "by": "op"}}),
        ("MessagePrecedenceStated", {**GOOD, "event": {"precedence": ["FLASH"], "by": "op"}}),
        ("MessageSealOrdered", {**GOOD, "event": {"by": ""}}),
    ],
)
def test_damaged_records(kind: str, data: dict[str, Value]) -> None:
    """Whatever is no event gives the documented error."""
    with pytest.raises(RecordError):
        from_fields(kind, data)


VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(ALL_EVENTS), st.data())
def test_hostile_records(event: Event, data: st.DataObject) -> None:
    """An event with any value in any field: an event of that kind, or the documented error."""
    fields = plain(event)
    assert isinstance(fields, dict)
    if fields:
        fields = {**fields, data.draw(st.sampled_from(sorted(fields))): data.draw(VALUES)}
    kind = PREFIX + type(event).__name__
    try:
        found = from_fields(kind, {"subject": "taking/1", "at": "1", "event": fields})
    except RecordError:
        return
    assert type(found.event) is type(event)
    assert plain(found.event) == fields


def test_a_strange_object_has_no_form() -> None:
    """A float or an unknown object is refused, not printed somehow."""
    for value in (1.5, object(), b"x"):
        with pytest.raises(RecordError):
            plain(value)


def far_message(number: int = 7, **changes: object) -> Message:
    made = message()
    return dataclasses.replace(made, serial=Serial("us", number), **changes)  # type: ignore[arg-type]


def arrival(sealed: Message, at: int = NOON) -> Record:
    return Record(giving_subject(sealed.serial), at, gv.SlipAccepted(sealed, giving_samples.LADDER, "op-b"))


def own_road(name: str, kind: Kind = Kind.STATEMENT, cites: Serial | None = None, at: int = NOON) -> list[Record]:
    """A message of the station's own side, up to the originator's yes."""
    first, *rest = road_to_confirmation()
    assert isinstance(first, ev.Opened)
    start = dataclasses.replace(first, side="ir", to_side="us", kind=kind, cites=cites)
    return [Record(f"taking/{name}", at, event) for event in (start, *rest)]


def seal(name: str, at: int = NOON) -> Record:
    return Record(f"taking/{name}", at, ev.SealOrdered("op-a"))


def given_way(sealed: Message) -> list[Record]:
    """All events of the example of giving, for another message."""
    sha = sealed.digest().hex()
    subject = giving_subject(sealed.serial)
    fitted = [dataclasses.replace(e, sha256=sha) if isinstance(e, gv.Compared) else e for e in giving_samples.WAY[1:16]]
    return [arrival(sealed), *(Record(subject, NOON, event) for event in fitted)]


def refused(relay: Relay, record: Record) -> tuple[Blocker, ...]:
    before = relay.snapshot()
    with pytest.raises(NotReadyError) as caught:
        relay.handle(record)
    assert relay.snapshot() == before
    return caught.value.blockers


def test_a_reply_is_known_to_what_it_answers() -> None:
    """A sealed reply makes the answered message GIVEN, by itself."""
    sealed = far_message()
    relay = replay("ir", [*given_way(sealed), *own_road("1", Kind.REPLY, sealed.serial), seal("1")])
    answered = relay.machines[giving_subject(sealed.serial)]
    assert isinstance(answered, Giving)
    assert (answered.reply, answered.reply_serial) == (ReplyState.GIVEN, Serial("ir", 1))
    assert [str(own.serial) for own in relay.sealed()] == ["IR-0001"]
    assert relay.taking_of(Serial("ir", 1)) == "taking/1"
    assert set(relay.open_messages()) == {"taking/1", giving_subject(sealed.serial)}


def test_a_reply_to_what_was_not_receipted_or_is_closed() -> None:
    """The reply is sealed all the same; the other message is left as it is."""
    sealed = far_message()
    relay = replay("ir", [arrival(sealed), *own_road("1", Kind.REPLY, sealed.serial), seal("1")])
    answered = relay.machines[giving_subject(sealed.serial)]
    assert isinstance(answered, Giving) and answered.reply is ReplyState.NOT_STATED


def test_slips_that_come_twice() -> None:
    """The same slip again is told from another message under its serial; neither changes anything."""
    relay = replay("ir", [arrival(far_message())])
    before = relay.snapshot()
    with pytest.raises(RepeatedError):
        relay.handle(arrival(far_message()))
    with pytest.raises(ConflictError):
        relay.handle(arrival(far_message(reply="By noon.")))
    assert relay.snapshot() == before


def test_a_missing_slip_is_noticed() -> None:
    """The serials below an arrived one that did not arrive."""
    relay = replay("ir", [arrival(far_message(3)), arrival(far_message(1))])
    assert relay.serials.missing() == (Serial("us", 2),)
    assert relay.snapshot()["missing"] == ["US-0002"]


def test_messages_of_another_station() -> None:
    """A slip for the other side, a statement of the other side, a reply to something unknown."""
    relay = Relay("ir")
    assert refused(Relay("us"), arrival(far_message())) == (Blocker.STATED,)
    first = road_to_confirmation()[0]
    assert refused(relay, Record("taking/1", NOON, first)) == (Blocker.STATED,)
    assert refused(relay, own_road("1", Kind.REPLY, Serial("us", 7))[0]) == (Blocker.STATED,)


@pytest.mark.parametrize(
    "record",
    [
        Record("taking/unknown", NOON, ev.SealOrdered("op-a")),
        Record("giving/US-0001", NOON, gv.RelayStarted("op-b")),
        dataclasses.replace(own_road("1")[0], subject="giving/IR-0001"),
        dataclasses.replace(own_road("1")[0], subject="taking/../x"),
        dataclasses.replace(arrival(far_message(7)), subject="giving/US-0008"),
    ],
)
def test_unknown_subjects(record: Record) -> None:
    """An event for a message that is not here, or a name that none can have."""
    with pytest.raises(SubjectError):
        Relay("ir").handle(record)


def test_subjects_asked_for() -> None:
    """A serial or subject that is not here."""
    with pytest.raises(SubjectError):
        Relay("ir").taking_of(Serial("ir", 1))
    with pytest.raises(SubjectError):
        Relay("ir").crossing("taking/1")


def test_opened_twice() -> None:
    """A second beginning of one message is no move."""
    relay = replay("ir", own_road("1")[:1])
    with pytest.raises(MoveError):
        relay.handle(own_road("1")[0])


def test_an_unread_message_is_noted_before_the_seal() -> None:
    """What has arrived for the originator is named first; the message being answered, and a drill, are not meant."""
    sealed, drill = far_message(), message(exercise=True)
    relay = replay("ir", [arrival(sealed), arrival(drill), *own_road("1")])
    assert relay.crossing("taking/1") == (sealed.serial,)
    assert refused(relay, seal("1")) == (Blocker.NEWER,)
    relay.handle(Record("taking/1", NOON, ev.NewerFound((sealed.serial,))))
    assert refused(relay, seal("1")) == (Blocker.NEWER,)
    relay.handle(Record("taking/1", NOON, ev.NewerNoted("op-a")))
    relay.handle(seal("1"))
    relay.handle(arrival(far_message(8)))
    assert refused(relay, Record("taking/1", NOON, ev.SlipCarried("op-a"))) == (Blocker.NEWER,)


def test_a_later_message_is_noted_before_the_relay() -> None:
    """A cancellation that overtook the message, or what the addressee's side has said since, is named first."""
    sealed = far_message()
    before = own_road("1", at=NOON - 60 * MINUTE)
    cancelled = far_message(8, kind=Kind.CANCELLATION, cites=sealed.serial)
    earlier = [*before, seal("1", NOON - 60 * MINUTE)]
    way = given_way(dataclasses.replace(sealed, dtg="231130Z NOV 26"))[:6]
    relay = replay("ir", [*earlier, *own_road("2"), seal("2"), *way, arrival(cancelled)])
    subject = giving_subject(sealed.serial)
    assert relay.crossing(subject) == (cancelled.serial, Serial("ir", 2))
    relayed = Record(subject, NOON, gv.RelayStarted("op-b"))
    assert refused(relay, relayed) == (Blocker.NEWER,)
    relay.handle(Record(subject, NOON, ev.NewerFound(relay.crossing(subject))))
    relay.handle(Record(subject, NOON, ev.NewerNoted("op-b")))
    relay.handle(relayed)
    assert relay.crossing(giving_subject(cancelled.serial)) == ()


def test_deadlines_of_all_messages() -> None:
    """The earliest wakes; what is due is handed out as records; closed messages wait for nothing."""
    relay = replay("ir", [arrival(far_message()), *own_road("1")])
    assert relay.wake_at == NOON + 10 * MINUTE
    assert relay.due(NOON + 10 * MINUTE - 1) == []
    (record,) = relay.due(NOON + 10 * MINUTE)
    assert relay.handle(record)[0] == RaiseOverdue(Hop.GIVING, 10)
    relay.handle(Record("giving/US-0007", NOON, ev.Ended(Outcome.EXPIRED, "", "op-b")))
    assert relay.wake_at == NOON + 180 * MINUTE
    assert Relay("ir").wake_at is None


def test_machine_kinds() -> None:
    """Each subject is led to its own half."""
    relay = replay("ir", [arrival(far_message()), *own_road("1")])
    assert isinstance(relay.machines["taking/1"], Taking)
    assert isinstance(relay.machines["giving/US-0007"], Giving)


@pytest.mark.parametrize(
    ("early", "late"),
    [("231459Z NOV 26", "231500Z NOV 26"), ("312359Z JAN 27", "010000Z FEB 27"), ("010000Z DEC 26", "010000Z JAN 27")],
)
def test_date_time_groups_sort(early: str, late: str) -> None:
    """By year, month, day, hour and minute, whatever the letters."""
    assert moment(early) < moment(late)


def test_prefixes_of_a_whole_exchange() -> None:
    """Any beginning of the record gives the state that was there then."""
    sealed = far_message()
    records = [*given_way(sealed), *own_road("1", Kind.REPLY, sealed.serial), seal("1")]
    records.append(Record(giving_subject(sealed.serial), NOON + MINUTE, gv.CallEnded(CallOutcome.ANSWERED)))
    live = Relay("ir")
    snapshots = [live.snapshot()]
    prints = 0
    for record in records:
        prints += sum(isinstance(command, PrintReturn) for command in live.handle(record))
        snapshots.append(live.snapshot())
    assert prints == 2
    entries = [entry_of(record, seq) for seq, record in enumerate(records, 1)]
    for length, expected in enumerate(snapshots):
        assert replay("ir", entries[:length]).snapshot() == expected
    assert len({canonical(one) for one in snapshots}) > len(records) - 3


def test_precedence_counts_for_own_messages() -> None:
    """A statement at ROUTINE waits six hours."""
    start = own_road("1")[0]
    assert isinstance(start.event, ev.Opened)
    routine = dataclasses.replace(start, event=dataclasses.replace(start.event, precedence=Precedence.ROUTINE))
    assert replay("ir", [routine]).wake_at == NOON + 360 * MINUTE
