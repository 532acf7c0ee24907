"""Everything the edge sees, and what must hold whatever happens."""

from __future__ import annotations

import pytest

from bridge.base.terms import Health, Precedence
from bridge.lines import events as ev
from bridge.lines.events import Announce, Happened, Release, Write
from tests.lines.desk import OFFICER, Desk

pytestmark = pytest.mark.pure

ROUTINE, IMMEDIATE, FLASH = Precedence.ROUTINE, Precedence.IMMEDIATE, Precedence.FLASH


def talking(desk: Desk) -> tuple[str, str]:
    """A side and an operator have talked for a minute; the call is `c1`."""
    side = desk.caller()
    (handset,) = desk.dialled
    desk.hears_all(side)
    desk.lifts(handset)
    desk.passes(60)
    return side, handset


def both_ways(one: str, other: str) -> set[tuple[str, str]]:
    return {(one, other), (other, one)}


# -- dialogs and audio ---------------------------------------------------------------------------------------------


def test_a_far_end_that_breaks_the_order_is_written_down() -> None:
    """A ring after the answer or a second answer changes nothing."""
    desk = Desk()
    side, handset = talking(desk)
    links = set(desk.edge.links)
    assert desk.rings(side) == [
        Write("EventRefused", {"leg": side, "code": "no-such-move", "event": "Alerted"}),
    ]
    assert desk.lifts(handset)[0] == Write(
        "EventRefused", {"leg": handset, "code": "no-such-move", "event": "Confirmed"}
    )
    assert desk.edge.links == links


@pytest.mark.parametrize(
    "event",
    [
        ev.LegAlerted("x", 180),
        ev.LegConfirmed("x"),
        ev.LegReleased("x", 200),
        ev.AnnouncementOver("x", "recorded"),
        ev.MediaStarted("x"),
        ev.MediaLost("x", 1),
        ev.MediaReturned("x", 1),
        ev.MediaDead("x"),
        ev.HoldChanged("x", True),
        ev.DigitHeard("x", "1"),
        ev.TrackJudged("x", Health.GOOD, Health.SILENT),
    ],
    ids=lambda event: type(event).__name__,
)
def test_the_last_words_of_a_leg_that_has_ended_change_nothing(event: Happened) -> None:
    """The record already says how it ended."""
    assert Desk().happens(event) == []


def test_audio_is_written_down_and_its_absence_alarms() -> None:
    desk = Desk()
    side, _ = talking(desk)
    assert desk.happens(ev.MediaStarted(side)) == [Write("MediaStarted", {"leg": side})]
    desk.happens(ev.MediaLost(side, 2**60))
    assert desk.written("MediaLost") == [{"leg": side, "since_mono_ns": str(2**60)}]
    assert desk.edge.alarms == {("audio-missing", "", side)}
    desk.happens(ev.MediaReturned(side, 7))
    assert desk.written("MediaReturned") == [{"leg": side, "since_mono_ns": "7"}]
    assert not desk.edge.alarms


def test_a_side_without_audio_is_ended_as_a_fault() -> None:
    """Everybody is let go at once; nobody waits for the dead end's last word."""
    desk = Desk()
    side, handset = talking(desk)
    desk.happens(ev.MediaDead(side))
    assert desk.ordered(Release) == [Release(side), Release(handset)]
    desk.leaves(handset)
    desk.passes(4.0)
    assert (desk.outcome(side), desk.outcome(handset)) == ("technical", "answered")
    assert not desk.edge.alarms


def test_an_operator_without_audio_is_replaced_at_once() -> None:
    """The dead handset may take seconds to be given up; the side is rung for in the same moment."""
    desk = Desk()
    side, handset = talking(desk)
    desk.happens(ev.MediaDead(handset))
    assert desk.ordered(Release) == [Release(handset)]
    (again,) = desk.dialled
    assert not desk.edge.links
    desk.lifts(again)
    desk.leaves(handset, 408)
    assert desk.outcome(handset) == "technical"
    assert desk.edge.links == both_ways(side, again)
    assert desk.happens(ev.MediaDead(handset)) == []


def test_holds_and_digits_of_a_party_are_written_down() -> None:
    desk = Desk()
    side, _ = talking(desk)
    assert desk.happens(ev.HoldChanged(side, True)) == [Write("HoldStarted", {"leg": side})]
    assert desk.happens(ev.HoldChanged(side, False)) == [Write("HoldEnded", {"leg": side})]
    assert desk.happens(ev.DigitHeard(side, "#")) == [Write("DigitHeard", {"leg": side, "digit": "#"})]


def test_a_lost_recording_is_loud_and_the_side_is_told() -> None:
    """A party must never believe that it is recorded when it is not."""
    desk = Desk()
    side, handset = talking(desk)
    desk.happens(ev.RecordingFailed(side))
    assert desk.ordered(Announce) == [Announce(side, "not-recorded", "fa")]
    assert ("recording-lost", "", side) in desk.edge.alarms
    desk.happens(ev.RecordingFailed(handset))
    assert not desk.ordered(Announce)
    assert ("recording-lost", "", handset) in desk.edge.alarms
    desk.leaves(side)
    desk.happens(ev.RecordingFailed(handset))
    assert not desk.ordered(Announce)
    assert [type(order) for order in desk.happens(ev.RecordingFailed("gone"))] == [Write]


@pytest.mark.parametrize(
    ("health", "alarm"),
    [
        (Health.SILENT, "track-silent"),
        (Health.STUCK, "track-stuck"),
        (Health.CLIPPED, "track-level"),
        (Health.QUIET, "track-level"),
    ],
)
def test_a_bad_track_alarms_until_it_is_good_again(health: Health, alarm: str) -> None:
    desk = Desk()
    _, handset = talking(desk)
    desk.happens(ev.TrackJudged(handset, Health.GOOD, health))
    assert desk.edge.alarms == {(alarm, "", handset)}
    assert not desk.ordered(Announce)
    desk.happens(ev.TrackJudged(handset, health, Health.GOOD))
    assert not desk.edge.alarms


def test_a_side_is_told_that_one_person_is_alone_on_watch() -> None:
    """What the desk asks for is said to the side, in its language, and to nobody else."""
    desk = Desk()
    side, handset = talking(desk)
    assert desk.command("announce", leg=side, announcement="night")["result"] == "done"
    assert desk.ordered(Announce) == [Announce(side, "night", "fa")]
    assert desk.command("announce", leg=handset, announcement="night")["code"] == "no-leg"
    assert desk.command("announce", leg=side, announcement="recorded")["code"] == "bad-field"
    assert desk.ordered(Announce) == []


@pytest.mark.parametrize(("health", "is_told"), [(Health.MISSING, True), (Health.STUCK, False), (Health.SILENT, False)])
def test_a_side_whose_track_holds_nothing_is_told(health: Health, is_told: bool) -> None:
    desk = Desk()
    side, _ = talking(desk)
    desk.happens(ev.TrackJudged(side, Health.GOOD, health))
    assert desk.ordered(Announce) == [Announce(side, "not-recorded", "fa")] * is_told


def test_a_caller_whom_the_stack_turned_away_is_written_down() -> None:
    assert Desk().happens(ev.CallerLost(488, "dtls-offer", OFFICER)) == [
        Write("CallerRefused", {"status": 488, "code": "dtls-offer", "source": OFFICER, "user": ""})
    ]


def test_the_trunk_is_reported_when_it_changes() -> None:
    desk = Desk()
    desk.happens(ev.TrunkAnswered(200, 12))
    assert desk.orders == [Write("TrunkUp", {"status": 200, "after_ms": 12})]
    assert desk.happens(ev.TrunkAnswered(404, 10)) == []  # any answer is a living trunk
    desk.happens(ev.TrunkAnswered(0, 6000))
    assert desk.written("TrunkDown") == [{"status": 0, "after_ms": 6000}]
    assert desk.edge.alarms == {("trunk-down", "", "")}
    assert desk.happens(ev.TrunkAnswered(0, 6000)) == []
    desk.happens(ev.TrunkAnswered(200, 9))
    assert not desk.edge.alarms


def test_a_trunk_that_is_down_from_the_beginning_alarms() -> None:
    desk = Desk()
    desk.happens(ev.TrunkAnswered(0, 6000))
    assert desk.edge.alarms == {("trunk-down", "", "")}


def test_an_unknown_event_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="Happened"):
        Desk().happens(Happened())


def test_waking_early_or_without_need_does_nothing() -> None:
    desk = Desk()
    assert desk.board.wake(5.0) == []
    desk.offer()
    assert desk.board.wake_at == desk.plan.timers.half_open_s
    assert desk.board.wake(desk.plan.timers.half_open_s - 0.1) == []
