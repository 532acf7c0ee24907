"""Everything the edge sees and the desk commands, and what must hold whatever happens."""

from __future__ import annotations

import pytest

from bridge.base.terms import Health, Precedence
from bridge.lines import events as ev
from bridge.lines.admission import SLOTS
from bridge.lines.board import REMEMBERED
from bridge.lines.events import Announce, Connect, Disconnect, Finished, Happened, Release, SendDigits, SetHold, Write
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


# -- commands ------------------------------------------------------------------------------------------------------


def test_a_command_is_answered_before_it_is_carried_out() -> None:
    desk = Desk()
    desk.command("call", id="x-1", tier="1")
    assert desk.orders[0] == Write(
        "CommandAnswered",
        {"command": "call", "id": "x-1", "result": "done", "code": "", "detail": "", "call": "c1"},
    )


def test_the_same_command_twice_is_done_once() -> None:
    desk = Desk()
    desk.command("call", id="same", tier="1")
    assert desk.command("call", id="same", tier="1") == {}
    assert len(desk.edge.legs) == 1


def test_command_ids_are_remembered_for_a_while_and_not_for_ever() -> None:
    desk = Desk()
    desk.command("fire", id="first")
    for number in range(REMEMBERED - 1):
        desk.command("fire", id=f"n-{number}")
    assert desk.command("fire", id="first") == {}
    desk.command("fire", id="one-more")
    assert desk.command("fire", id="first")["code"] == "unknown-command"


@pytest.mark.parametrize(
    ("name", "fields", "code"),
    [
        ("fire", {}, "unknown-command"),
        ("call", {}, "bad-field"),
        ("call", {"tier": "9"}, "no-contact"),
        ("call", {"contact": "nobody"}, "no-contact"),
        ("call", {"tier": "1"}, "line-engaged"),
        ("call", {"tier": "1", "call": "c9"}, "no-call"),
        ("call", {"tier": "1", "call": "c1"}, "call-engaged"),
        ("ring-operator", {}, "no-call"),
        ("ring-operator", {"call": "c1"}, "call-engaged"),
        ("ring-operator", {"call": "c9"}, "no-call"),
        ("hang-up", {"call": "c9"}, "no-call"),
        ("hang-up", {"leg": "c9/side-1"}, "no-leg"),
        ("digits", {"leg": "c9/side-1", "digits": "1"}, "no-leg"),
        ("hold", {"leg": "c9/side-1"}, "no-leg"),
        ("mute", {"leg": "c9/side-1"}, "no-leg"),
        ("protect", {"call": "c9"}, "no-call"),
        ("preempt", {"call": "c1"}, "nothing-waits"),
        ("preempt", {"call": "c9"}, "nothing-waits"),
        ("add", {"call": "c9", "role": "monitor", "uri": "sip:m@127.8.5.1"}, "no-call"),
    ],
)
def test_a_command_that_cannot_be_done_is_refused_and_changes_nothing(
    name: str, fields: dict[str, str], code: str
) -> None:
    """One call is talking meanwhile."""
    desk = Desk()
    talking(desk)
    answer = desk.command(name, **fields)
    assert (answer["result"], answer["code"]) == ("refused", code)
    assert len(desk.orders) == 1


def test_hanging_up_a_call_ends_all_its_legs() -> None:
    desk = Desk()
    side, handset = talking(desk)
    assert desk.command("hang-up", call="c1")["result"] == "done"
    assert desk.ordered(Release) == [Release(side), Release(handset)]
    assert desk.command("hang-up", call="c1")["result"] == "done"
    assert not desk.ordered(Release)


@pytest.mark.parametrize("who", [0, 1])
def test_hanging_up_the_side_or_the_operator_ends_the_call(who: int) -> None:
    desk = Desk()
    legs = talking(desk)
    assert desk.command("hang-up", leg=legs[who])["leg"] == legs[who]
    assert len(desk.ordered(Release)) == 2
    for leg in legs:
        desk.leaves(leg)
        assert desk.outcome(leg) == "answered"


def test_hanging_up_an_attempt_climbs_on() -> None:
    desk = Desk()
    desk.operator()
    desk.command("call", tier="1")
    (watch,) = desk.dialled
    desk.command("hang-up", leg=watch)
    desk.leaves(watch, 487)
    assert desk.outcome(watch) == "cancelled"
    assert [data["contact"] for data in desk.written("Dialled")] == ["deputy"]


def test_digits_are_written_down_and_sent() -> None:
    desk = Desk()
    side, _ = talking(desk)
    desk.command("digits", leg=side, digits="12#")
    assert desk.orders[1:] == [Write("DigitsSent", {"leg": side, "digits": "12#"}), SendDigits(side, "12#")]


def test_digits_to_a_leg_that_is_not_up_are_refused() -> None:
    desk = Desk()
    desk.command("call", tier="1")
    assert desk.command("digits", leg="c1/operator-1", digits="1")["code"] == "no-leg"


def test_hold_and_resume_are_ordered() -> None:
    desk = Desk()
    side, _ = talking(desk)
    desk.command("hold", leg=side)
    assert desk.orders[1:] == [SetHold(side, True)]
    desk.command("resume", leg=side)
    assert desk.orders[1:] == [SetHold(side, False)]


def test_a_muted_leg_is_heard_by_nobody_until_it_is_unmuted() -> None:
    desk = Desk()
    side, handset = talking(desk)
    desk.command("mute", leg=handset)
    assert desk.ordered(Disconnect) == [Disconnect(handset, side)]
    assert desk.edge.links == {(side, handset)}
    desk.command("unmute", leg=handset)
    assert desk.ordered(Connect) == [Connect(handset, side)]


def test_ringing_the_operator_again_is_harmless() -> None:
    desk = Desk()
    desk.offer()
    assert desk.command("ring-operator")["result"] == "done"
    assert desk.command("ring-operator", call="c1")["result"] == "done"
    assert len(desk.edge.legs) == 2


def test_handsets_ring_for_one_call_at_a_time() -> None:
    desk = Desk(handsets=2)
    desk.caller(FLASH)
    desk.caller(ROUTINE)
    assert desk.command("ring-operator", call="c2")["code"] == "call-engaged"


def test_a_second_operator_is_not_rung_in_the_kept_slot() -> None:
    desk = Desk(handsets=2)
    talking(desk)
    desk.caller()
    assert desk.command("ring-operator", call="c2")["code"] == "no-slot"


def test_the_desk_may_ring_without_waiting_for_a_handset_that_does_not_end() -> None:
    """The board waits for the last word of the handset that was put down; the operator sees that it is free."""
    desk = Desk()
    side, handset = talking(desk)
    desk.command("hang-up", call="c1")
    desk.leaves(side)
    desk.offer()
    assert not desk.dialled
    assert desk.command("ring-operator")["result"] == "done"
    assert len(desk.dialled) == 1
    assert handset in desk.edge.legs


def test_a_relay_is_protected_and_released_and_preempted_by_the_desk() -> None:
    desk = Desk()
    side, handset = talking(desk)
    assert desk.command("protect", call="c1")["result"] == "done"
    higher = desk.caller(FLASH)
    assert desk.board.switch.preemption is not None and desk.board.switch.preemption.due_at is None
    assert desk.command("preempt", call=higher.partition("/")[0])["code"] == "nothing-waits"
    assert desk.command("release", call="c1")["result"] == "done"
    assert desk.command("preempt", call="c1")["result"] == "done"
    assert (higher, handset) in desk.edge.links
    assert desk.ordered(Release)[0] == Release(side, 486, 'preemption ;cause=1 ;text="UA Preemption"')


def test_a_stopping_line_calls_nobody() -> None:
    desk = Desk()
    assert desk.happens(ev.StopAsked()) == [Finished()]
    assert desk.command("call", tier="1")["code"] == "stopping"


def test_a_third_leg_does_not_take_the_kept_slot() -> None:
    desk = Desk()
    talking(desk)
    assert desk.command("add", call="c1", role="monitor", uri="sip:m@127.8.5.1")["leg"] == "c1/monitor-1"
    assert desk.command("add", call="c1", role="interpreter", uri="sip:i@127.8.5.2")["code"] == "no-slot"
    assert len(desk.edge.legs) == SLOTS - 1


def test_nobody_is_added_to_a_call_that_does_not_talk() -> None:
    desk = Desk()
    desk.caller()
    answer = desk.command("add", call="c1", role="monitor", uri="sip:m@127.8.5.1")
    assert answer["code"] == "call-engaged"
    assert "greeting" in str(answer["detail"])
