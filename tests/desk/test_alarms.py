"""Every alarm with one thing to do, there as long as it is so, and who has seen it."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.base.clock import ManualClock, Sync
from bridge.base.wire import Entry, Value
from bridge.desk.alarms import ACKNOWLEDGED, ACTIONS, UNKNOWN, Alarms, Look
from bridge.desk.picture import Picture
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.giving_events import Match, Part
from bridge.relay.replay import Machine
from tests.relay.giving_samples import WAY, compared, giving
from tests.relay.relay_samples import MINUTE, NOON

pytestmark = pytest.mark.pure
CLOCK = ManualClock()
SOUND = Look(line_listens=True, disk_days=41, clock=Sync.SYNCHRONISED)


def entry(kind: str, **data: Value) -> Entry:
    return Entry(1, CLOCK.now().utc, 1, "unknown", kind, data)


def up() -> Picture:
    picture = Picture()
    picture.take(entry("LineStarted"))
    return picture


def alarms_of(
    picture: Picture, look: Look = SOUND, machines: dict[str, Machine] | None = None, book: Alarms | None = None
) -> dict[str, Any]:
    found: dict[str, Any] = (book or Alarms()).sections(picture, machines or {}, look, CLOCK.now().utc_ns)
    return {name: (value["priority"], value["action"]) for name, value in found.items()}


def test_a_sound_station_has_none() -> None:
    """Silence in a quiet shift."""
    assert alarms_of(up()) == {}


@pytest.mark.parametrize(
    ("look", "alarm"),
    [
        (Look(False, "", 1, 41, Sync.SYNCHRONISED), {"alarm/line-down": ("HIGH", "report-otherwise")}),
        (Look(True, "ledger: storage", 1, 41, Sync.UNKNOWN), {"alarm/record-stuck": ("HIGH", "write-by-hand")}),
        (Look(True, "", 1, 41, Sync.UNSYNCHRONISED), {"alarm/clock-off": ("MEDIUM", "set-clock")}),
        (Look(True, "", 1, 13, Sync.UNKNOWN), {"alarm/disk-low": ("LOW", "free-disk")}),
        (Look(True, "", 1, 14, Sync.UNKNOWN), {}),
    ],
)
def test_what_the_desk_sees_of_its_station(look: Look, alarm: dict[str, Any]) -> None:
    """Each by itself; a clock that nobody knows of is none."""
    assert alarms_of(up(), look) == alarm


def test_a_line_that_has_stopped() -> None:
    """Its own journal says so."""
    picture = up()
    picture.take(entry("LineStopped"))
    assert list(alarms_of(picture)) == ["alarm/line-down"]


def test_alarms_of_the_line_keep_their_moment() -> None:
    """Named by leg or call; one that nobody has heard of asks to look."""
    picture = up()
    picture.take(entry("AlarmRaised", alarm="track-silent", priority="MEDIUM", leg="c/side-1", call="c"))
    picture.take(entry("AlarmRaised", alarm="new-one", priority="LOW", leg="", call="c"))
    found: dict[str, Any] = Alarms().sections(picture, {}, SOUND, CLOCK.now().utc_ns + 10**9)
    assert found["alarm/track-silent/c/side-1"]["since"] == CLOCK.now().utc
    assert found["alarm/new-one/c"]["action"] == UNKNOWN


def test_a_difference_in_what_is_being_said() -> None:
    """HIGH while it is being said; gone once it is corrected."""
    machine = giving(*WAY[:7], compared(Part.RELAY, Match.ALTERED, is_complete=False))
    assert alarms_of(up(), machines={"giving/US-0007": machine}) == {
        "alarm/relay-differs/giving/US-0007": ("HIGH", "correct-aloud")
    }
    machine.handle(gv.CorrectedAloud(Part.RELAY, "speed", "op-b"), NOON)
    assert alarms_of(up(), machines={"giving/US-0007": machine}) == {}


@pytest.mark.parametrize(
    ("road", "alarm", "action"),
    [(WAY[:1], "overdue", "next-step"), (WAY[:15], "acknowledgement-due", "ask-acknowledgement")],
)
def test_a_step_that_takes_too_long(road: list[ev.Event], alarm: str, action: str) -> None:
    """Since its deadline first passed, however often it has passed again."""
    machine = giving(*road)
    for minutes in (11, 16):
        machine.handle(ev.DeadlinePassed(), NOON + minutes * MINUTE)
        found: dict[str, Any] = Alarms().sections(up(), {"m": machine}, SOUND, NOON + 20 * MINUTE)
        shown = found[f"alarm/{alarm}/m"]
        assert (shown["priority"], shown["action"]) == ("MEDIUM", action)
        assert shown["since"] == "2026-11-23T12:10:00.000000Z"


def test_captions_that_lag() -> None:
    """The leg is named."""
    picture = up()
    picture.take(
        entry("TrackOpened", leg="c/side-1", language="en", rate_hz=8000, t0_utc="2026-11-23T10:05:00.000000Z")
    )
    text: dict[str, Value] = {"leg": "c/side-1", "utterance": 1, "text": "x", "firm_words": 0}
    picture.take(entry("Partial", **text, from_sample=0, heard_to_sample=8000))
    assert alarms_of(picture) == {"alarm/captions-late/c/side-1": ("MEDIUM", "listen")}


def test_voice_without_captions() -> None:
    """Each leg once, whoever has found it."""
    look = Look(True, "", 1, 41, Sync.SYNCHRONISED, frozenset(("c/side-1", "c/operator-1")))
    assert list(alarms_of(up(), look)) == ["alarm/captions-late/c/operator-1", "alarm/captions-late/c/side-1"]


def test_whoever_has_seen_it_is_named_while_it_stands() -> None:
    """It stays; when it comes again later nobody has seen it yet."""
    book, picture = Alarms(), up()
    low = Look(True, "", 1, 3, Sync.UNKNOWN)
    alarms_of(picture, low, book=book)
    since = book.stands("disk-low")
    assert since is not None and book.stands("other") is None
    book.take(entry(ACKNOWLEDGED, alarm="disk-low", since=since, person="op-a"))
    book.take(entry("SignedIn", alarm="disk-low", since=since, person="op-b"))

    def seen(now_ns: int) -> Any:
        found: dict[str, Any] = book.sections(picture, {}, low, now_ns)
        return found["alarm/disk-low"]["acknowledged_by"]

    assert seen(CLOCK.now().utc_ns + 10**9) == "op-a"
    book.sections(picture, {}, SOUND, CLOCK.now().utc_ns + 2 * 10**9)
    assert seen(CLOCK.now().utc_ns + 3 * 10**9) == ""
    book.forget()


def test_every_alarm_of_the_line_has_something_to_do() -> None:
    """No action is a word that means nothing."""
    assert all(action and action != UNKNOWN for action in ACTIONS.values())
