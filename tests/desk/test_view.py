"""What the page shows of a message: every state has its section, and what it says may be done is what can be done."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from bridge.base.clock import ManualClock, Sync
from bridge.base.dialplan import Dialplan, load
from bridge.base.errors import MoveError, Theirs
from bridge.base.wire import Entry, Fields, Value, canonical
from bridge.desk.acts import ALLOWED
from bridge.desk.alarms import Alarms, Look
from bridge.desk.picture import Picture
from bridge.desk.scene import Scene
from bridge.desk.spoken import Spoken
from bridge.desk.trail import Trail
from bridge.desk.view import CLOSED_KEPT, View
from bridge.desk.view_may import may
from bridge.desk.view_message import Shelf, message
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.events import Event
from bridge.relay.giving_events import Match, Part
from bridge.relay.giving_states import State as GivingState
from bridge.relay.records import Record, kind_of, to_fields
from bridge.relay.replay import Relay
from bridge.relay.returns import Outcome
from bridge.relay.serials import Serial
from bridge.relay.taking_states import State as TakingState
from tests.relay import giving_samples, taking_samples
from tests.relay.relay_samples import MINUTE, NOON, SAID, SLOTS, TEXTS
from tests.station.plans import write_plan

pytestmark = pytest.mark.pure
TAKING, GIVING = "taking/1", "giving/US-0007"
OF_A_LEG = ("LegJoined", "CallAnswered")
"""Acts that the desk itself lets through for a leg that is there only."""
CLOCK = ManualClock()
ROADS: list[tuple[str, str, list[Event]]] = [
    *((TAKING, state.value, road) for state, road in taking_samples.ROADS.items() if road),
    *((GIVING, state.value, road) for state, road in giving_samples.ROADS.items() if road),
]
SAMPLES: dict[str, list[Event]] = {TAKING: taking_samples.EVENTS, GIVING: giving_samples.EVENTS}


@pytest.fixture
def plan(tmp_path: Path) -> Dialplan:
    return load(write_plan(tmp_path, "127.20.1"))


class Desk:
    """Messages and what is kept beside them, from the same records."""

    def __init__(self, subject: str, road: list[Event]) -> None:
        self.subject = subject
        self.relay = Relay("us" if subject == TAKING else "ir")
        self.trail, self.scene = Trail(), Scene()
        self.seq = 0
        for event in road:
            self.take(event)

    def take(self, event: Event) -> None:
        record = Record(self.subject, NOON, event)
        data = json.loads(canonical(to_fields(record)))
        if by := getattr(event, "by", ""):
            data["act"] = {"id": "A-1", "person": by, "role": "operator", "console": "A"}
        self.relay.handle(record)
        self.seq += 1
        self.trail.take(Entry(self.seq, CLOCK.now().utc, 1, "unknown", kind_of(record), data))

    def section(self) -> dict[str, Any]:
        shelf = Shelf(self.relay, self.scene, self.trail.of, {})
        found: dict[str, Any] = json.loads(canonical(message(shelf, self.subject, NOON)))
        return found

    def may(self) -> dict[str, dict[str, Any]]:
        rows: list[Any] = json.loads(canonical(may(self.relay, self.scene, self.subject, NOON)))
        return {row["act"]: row for row in rows}


@pytest.mark.parametrize(("subject", "state", "road"), ROADS, ids=lambda value: str(value)[:20])
def test_every_state_has_its_section(subject: str, state: str, road: list[Event]) -> None:
    """It can be written down, names its state and half, and has the same keys as every other."""
    section = Desk(subject, road).section()
    assert (section["subject"], section["state"]) == (subject, state)
    assert section["half"] == subject.partition("/")[0]
    assert section.keys() == Desk(*ROADS[0][::2]).section().keys()


@pytest.mark.parametrize(("subject", "state", "road"), ROADS, ids=lambda value: str(value)[:20])
def test_what_can_be_done_is_listed_as_open(subject: str, state: str, road: list[Event]) -> None:
    """No act that the machine takes is missing or shown as blocked; its value is among the choices."""
    desk = Desk(subject, road)
    rows = desk.may()
    for event in SAMPLES[subject]:
        name = type(event).__name__
        if name not in ALLOWED or name in OF_A_LEG:
            continue
        try:
            desk.relay.check(Record(subject, NOON, event))
        except (MoveError, Theirs):
            continue
        assert rows[name]["blocked"] == []
        for field, values in rows[name].get("choices", {}).items():
            assert getattr(getattr(event, field), "value", getattr(event, field)) in values


@pytest.mark.parametrize(("subject", "state", "road"), ROADS, ids=lambda value: str(value)[:20])
def test_what_is_blocked_cannot_be_done(subject: str, state: str, road: list[Event]) -> None:
    """Whatever the list shows as blocked, or does not show, the machine refuses."""
    desk = Desk(subject, road)
    rows = desk.may()
    for event in SAMPLES[subject]:
        name = type(event).__name__
        if name in ALLOWED and name not in OF_A_LEG and (name not in rows or rows[name]["blocked"]):
            with pytest.raises((MoveError, Theirs)):
                desk.relay.check(Record(subject, NOON, event))


def test_the_list_says_what_is_missing() -> None:
    """The seal needs the originator's yes and a person who has heard; both stand beside the act."""
    desk = Desk(TAKING, taking_samples.ROADS[TakingState.CONFIRMED])
    assert desk.may()["SealOrdered"]["blocked"] == []
    desk.take(ev.Edited("Speed 9 knots.", "op-a"))
    assert "SealOrdered" not in desk.may()
    assert desk.may()["ReadBackStarted"]["blocked"] == [{"blocker": "slots-unknown", "detail": "draft 2"}]
    outcomes = ["OVERTAKEN", "EXPIRED", "WITHDRAWN", "HUNG UP", "CANNOT SAY"]
    assert desk.may()["Ended"]["choices"]["outcome"] == outcomes


def test_whoever_released_a_flash_may_not_say_it() -> None:
    """The second person is named as the one who may not."""
    desk = Desk(GIVING, giving_samples.ROADS[GivingState.ANSWERED])
    assert desk.may()["RelayStarted"] == {"act": "RelayStarted", "blocked": [], "not_for": ["op-a"]}
    with pytest.raises(Theirs):
        desk.relay.check(Record(GIVING, NOON, gv.RelayStarted("op-a")))


@pytest.mark.parametrize(
    ("match", "complete", "is_open"),
    [(Match.EQUIVALENT, False, True), (Match.ALTERED, False, False), (Match.CHECK, True, False), (None, False, True)],
)
def test_an_act_that_compares_first_is_open_until_a_difference_is(
    match: Match | None, complete: bool, is_open: bool
) -> None:
    """`RelayFinished` has all of it compared itself; a difference or a doubt found already is in its way."""
    desk = Desk(GIVING, giving_samples.WAY[:7])
    if match is not None:
        desk.take(giving_samples.compared(Part.RELAY, match, complete))
    assert (desk.may()["RelayFinished"]["blocked"] == []) is is_open


def test_legs_that_could_be_joined_are_choices() -> None:
    """A leg of the side that is up; nothing else, and not the one that is known."""
    desk = Desk(GIVING, giving_samples.ROADS[GivingState.READY])
    assert desk.may()["CallAnswered"]["blocked"] == [{"blocker": "no-leg", "detail": ""}]
    for name, role in (("ir-1/side-1", "side"), ("ir-1/operator-1", "operator")):
        for kind in ("Invited", "Answered"):
            data = {"leg": name, "call": "ir-1", "role": role}
            desk.scene.take(Entry(1, CLOCK.now().utc, 1, "unknown", kind, data))
    assert desk.may()["CallAnswered"] == {"act": "CallAnswered", "blocked": [], "choices": {"leg": ["ir-1/side-1"]}}


def test_a_taking_in_words() -> None:
    """Header, draft, items, coverage and read-back as the machine holds them."""
    desk = Desk(TAKING, taking_samples.ROADS[TakingState.DRAFTING])
    desk.take(ev.HeaderStated(ev.HeaderField.NAME, "J. Smith", "op-a"))
    section = desk.section()
    assert section["header"]["name"] == "J. Smith" and section["header"]["authority"] is None
    assert section["draft"] == {"version": 1, "text": TEXTS["en"], "sealable": TEXTS["en"], "by": "op-a"}
    assert [slot["state"] for slot in section["slots"]] == ["heard"] * len(SLOTS)
    span = {"leg": SAID.leg, "from_sample": SAID.from_sample, "to_sample": SAID.to_sample}
    assert section["coverage"] == {"wanted": [span], "played": [span], "missing": [], "permille": 1000}
    assert section["read_back"] == {"state": "none", "text": ""}
    assert section["deadlines"][0]["hop"] == "taking"
    desk.take(ev.ReadBackStarted("op-a"))
    assert desk.section()["read_back"] == {"state": "being-said", "text": TEXTS["en"]}


def test_items_say_how_they_were_checked() -> None:
    """Heard, typed, or open: a new draft that has another item opens it."""
    desk = Desk(TAKING, taking_samples.TO_SEAL[:6])
    assert [slot["state"] for slot in desk.section()["slots"]] == ["open", "open"]
    desk.take(ev.SlotTyped(SLOTS[0].id, SLOTS[0].text, "op-a"))
    desk.take(ev.SlotTyped(SLOTS[1].id, "something else", "op-a"))
    assert [slot["state"] for slot in desk.section()["slots"]] == ["typed", "open"]
    desk.take(ev.Edited("x", "op-a"))
    assert desk.section()["slots"] is None


def test_a_sealed_message_has_its_slip_and_words() -> None:
    """The slip is the text to be carried; check words in the three languages."""
    sealed = Desk(TAKING, taking_samples.ROADS[TakingState.SEALED]).section()["sealed"]
    assert sealed["slip"].startswith("HOTLINE SLIP 1 MESSAGE\nSERIAL: US-0001\n")
    assert {language: len(words) for language, words in sealed["check_words"].items()} == {"en": 5, "ar": 5, "fa": 5}


def test_receipt_acknowledgement_and_reply_are_three_things() -> None:
    """Each with its person and moment; the return slip names the stage."""
    receipted = Desk(GIVING, giving_samples.ROADS[GivingState.RECEIPTED]).section()
    assert receipted["receipt"]["person"]["name"] == "A. Rad" and receipted["receipt"]["utc"] == CLOCK.now().utc
    assert receipted["acknowledged"] is None
    assert receipted["return_slip"]["stage"] == "RECEIPT"
    closed = Desk(GIVING, giving_samples.WAY).section()
    assert closed["acknowledged"]["person"]["name"] == "B. Karimi"
    assert closed["reply"] == {"state": "GIVEN", "serial": "IR-0001"}
    assert (closed["outcome"], closed["may"], closed["deadlines"]) == (Outcome.ACKNOWLEDGED.value, [], [])


def test_differences_of_each_part_stand_by_themselves() -> None:
    """What the read-back found does not hide what the relay found; saying it again clears both."""
    desk = Desk(GIVING, giving_samples.ROADS[GivingState.READING_BACK])
    for part, until in ((Part.RELAY, 20), (Part.READ_BACK, 7)):
        found: list[Value] = [{"class": "number"}]
        data: Fields = {"subject": GIVING, "part": part.value, "spoken_until": until, "findings": found}
        desk.trail.take(Entry(9, CLOCK.now().utc, 1, "unknown", "DifferencesFound", data))
    parts = desk.section()["parts"]
    assert (parts["relay"]["spoken_until"], parts["read-back"]["spoken_until"]) == (20, 7)
    assert parts["relay"]["judged"] and not parts["read-back"]["judged"]
    desk.take(gv.RelayStarted("op-b"))
    assert desk.section()["parts"] == {"relay": None, "read-back": None}


def test_a_tracer_that_was_sent_and_a_return_that_came() -> None:
    """Beside the message whose they are."""
    desk = Desk(TAKING, taking_samples.ROADS[TakingState.RETURNED])
    shown: dict[str, Fields] = {TAKING: {"SendTracer": {"tracer": {"number": 2}, "text": "slip"}}}
    shelf = Shelf(desk.relay, desk.scene, desk.trail.of, shown)
    section: Any = message(shelf, TAKING, NOON)
    assert section["tracers"] == [{"number": 2, "text": "slip"}]
    assert section["return_slip"]["told"] and section["return_slip"]["slip"].startswith("HOTLINE SLIP 1 RETURN")
    assert desk.may()["SlipTyped"] == {"act": "SlipTyped", "blocked": []}


def test_what_crosses_is_noted_before_the_seal() -> None:
    """A message that has come meanwhile stands beside the act."""
    desk = Desk(TAKING, taking_samples.ROADS[TakingState.CONFIRMED])
    arrived = dataclasses.replace(giving_samples.SEALED, serial=Serial("ir", 7), to_side="us")
    accepted = gv.SlipAccepted(arrived, giving_samples.LADDER, "op-b")
    desk.relay.handle(Record("giving/IR-0007", NOON, accepted))
    assert desk.may()["SealOrdered"]["blocked"] == [{"blocker": "newer", "detail": "IR-0007"}]


def test_how_far_the_operator_has_come_is_shown_as_he_goes_on(plan: Dialplan) -> None:
    """Though no entry says so: the same comparison of more words is no news."""
    desk = Desk(GIVING, [*giving_samples.WAY[:7], giving_samples.compared(Part.RELAY, is_complete=False)])
    view, until = View(plan, "ir"), []
    for words in (3, 3, 9):
        event = giving_samples.compared(Part.RELAY, is_complete=False)
        spoken = {GIVING: Spoken(event, (), words)}
        shelf = Shelf(desk.relay, desk.scene, desk.trail.of, {}, desk.seq, spoken)
        found: Any = view.sections(Picture(), shelf, Alarms(), Look(), {}, NOON)
        until.append(found["message/giving/US-0007"])
    assert [one["parts"]["relay"]["spoken_until"] for one in until] == [3, 3, 9]
    assert until[0] is until[1]


def test_tracers_and_history() -> None:
    """Who did what, without what comes many times a second; tracers that came in."""
    desk = Desk(GIVING, giving_samples.WAY[:7])
    desk.take(gv.TracerTaken(giving_samples.TRACER, "op-b"))
    section = desk.section()
    assert section["tracers"] == [{"number": 1, "utc": CLOCK.now().utc}]
    acts = [row["act"] for row in section["history"]]
    assert acts[0] == "SlipAccepted" and acts[-1] == "TracerTaken" and "Compared" not in acts
    assert section["history"][-1]["person"] == "op-b"


def test_a_deadline_that_passed_is_counted() -> None:
    """Since when it runs, when it passes next, how often it has."""
    desk = Desk(GIVING, giving_samples.ROADS[GivingState.READY])
    machine = desk.relay.machines[GIVING]
    machine.handle(ev.DeadlinePassed(), NOON + 11 * MINUTE)
    (late,) = desk.section()["deadlines"]
    assert (late["hop"], late["passed"], late["since_utc"]) == ("giving", 1, "2026-11-23T12:00:00.000000Z")
    assert late["at_utc"] == "2026-11-23T12:15:00.000000Z"


def sections(desk: Desk, picture: Picture, view: View) -> dict[str, Any]:
    shown: dict[str, Fields] = {desk.subject: {"PrintSlip": {"text": "x"}}}
    shelf = Shelf(desk.relay, desk.scene, desk.trail.of, shown, desk.seq)
    look = Look(True, "", 9, 41, Sync.SYNCHRONISED)
    found: dict[str, Any] = view.sections(picture, shelf, Alarms(), look, {"shift": None}, NOON)
    canonical(found)
    return found


def heard(*entries: tuple[str, Fields]) -> Picture:
    picture = Picture()
    for number, (kind, data) in enumerate(entries, 1):
        picture.take(Entry(number, CLOCK.now().utc, 1, "unknown", kind, data))
    return picture


def test_the_whole_page(plan: Dialplan) -> None:
    """Station, duty, legs with their names, ladders, captions, messages and what they ask for, by name."""
    leg: Fields = {"call": "us-1", "leg": "us-1/side-1", "role": "side", "contact": "watch", "tier": 2}
    track: Fields = {
        "leg": "us-1/side-1",
        "language": "en",
        "rate_hz": 8000,
        "t0_utc": CLOCK.now().utc,
        "path": "x.wav",
    }
    final: Fields = {"leg": "us-1/side-1", "utterance": 1, "from_sample": 0, "to_sample": 9, "text": "x", "engine": "e"}
    ended: Fields = {"call": "us-1", "result": "answered", "contact": "watch"}
    busy: Fields = {"call": "us-1", "contact": "deputy", "outcome": "busy", "status": 486}
    muted: Fields = {"id": "a", "command": "mute", "result": "done", "leg": "us-1/side-1"}
    picture = heard(
        *(("LineStarted", {}), ("TrunkUp", {}), ("Dialled", leg), ("TrackOpened", track), ("AttemptEnded", busy)),
        *(("LadderEnded", ended), ("Answered", leg), ("Final", final), ("CommandAnswered", muted)),
    )
    found = sections(Desk(TAKING, taking_samples.TO_SEAL), picture, View(plan, "us"))
    assert sorted(found) == [
        "asked/taking/1",
        "caption/us-1/side-1/1",
        "duty",
        "ladder/us-1",
        "leg/us-1/side-1",
        "message/taking/1",
        "station",
    ]
    assert (found["station"]["line"], found["station"]["trunk"], found["station"]["ledger"]) == ("up", "up", "ok")
    shown = found["leg/us-1/side-1"]
    assert (shown["contact_name"]["en"], shown["muted"], shown["state"]) == ("Watch", True, "up")
    assert shown["t0_ns"] == str(CLOCK.now().utc_ns)
    assert found["ladder/us-1"] == {
        "call": "us-1",
        "tier": 2,
        "attempts": [
            {"contact": "watch", "outcome": "answered", "status": 200},
            {"contact": "deputy", "outcome": "busy", "status": 486},
        ],
        "result": "answered",
    }
    assert found["station"]["far_desk"] == {"contact": "watch", "outcome": "answered", "utc": CLOCK.now().utc}


def test_messages_that_have_ended_make_room(plan: Dialplan) -> None:
    """The newest stay, open ones always do; what has ended is made once."""
    desk = Desk(TAKING, taking_samples.ROADS[TakingState.CLOSED])
    view = View(plan, "us")
    first = sections(desk, Picture(), view)["message/taking/1"]
    assert sections(desk, Picture(), view)["message/taking/1"] is first
    for number in range(2, CLOSED_KEPT + 3):
        desk.subject = f"taking/{number}"
        for event in taking_samples.ROADS[TakingState.CLOSED][: 1 if number == 2 else 2]:
            desk.take(event)
    names = [name for name in sections(desk, Picture(), view) if name.startswith("message/")]
    assert "message/taking/1" not in names
    assert {"message/taking/2", "message/taking/3"} <= set(names)
    assert len(names) == CLOSED_KEPT + 1
    open_one = sections(desk, Picture(), view)["message/taking/2"]
    view.forget()
    assert sections(desk, Picture(), view)["message/taking/2"] is not open_one


def test_a_message_is_made_anew_when_something_changed(plan: Dialplan) -> None:
    """By an entry of the desk or a leg of the line; words that are heard cost nothing."""
    desk, view = Desk(TAKING, taking_samples.TO_SEAL[:2]), View(plan, "us")
    invited: tuple[str, Fields] = ("Invited", {"call": "us-1", "leg": "us-1/side-1", "role": "side"})
    final: Fields = {"leg": "us-1/side-1", "utterance": 1, "from_sample": 0, "to_sample": 9, "text": "x", "engine": "e"}
    first = sections(desk, heard(invited), view)["message/taking/1"]
    assert sections(desk, heard(invited, ("Final", final)), view)["message/taking/1"] is first
    second = sections(desk, heard(invited, ("Answered", invited[1])), view)["message/taking/1"]
    assert second is not first
    desk.take(ev.Edited("x", "op-a"))
    third = sections(desk, heard(invited, ("Answered", invited[1])), view)["message/taking/1"]
    assert third["draft"]["text"] == "x"


def test_an_entry_of_no_message_is_no_step() -> None:
    """The trail keeps messages only."""
    trail = Trail()
    trail.take(Entry(1, CLOCK.now().utc, 1, "unknown", "SignedIn", {"session": "s"}))
    trail.take(Entry(2, CLOCK.now().utc, 1, "unknown", "MessageEdited", {"subject": 5}))
    assert trail.of == {}
    desk = Desk(TAKING, taking_samples.TO_SEAL)
    desk.trail.forget()
    assert desk.trail.of == {}
