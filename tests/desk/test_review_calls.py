"""A call as the line wrote it: every leg on one time, with holds, losses and stalls at their places."""

from __future__ import annotations

import pytest

from bridge.base.clock import NS, parse_utc, utc_text
from bridge.base.wire import Entry, Value
from bridge.desk.review_axis import axis, row, track
from bridge.desk.review_calls import EVENTS_LIMIT, Calls

pytestmark = pytest.mark.pure

START = parse_utc("2026-11-23T10:00:00.000000Z")
CALL, LEG = "us-1", "us-1/side-1"


class Told:
    """Entries of a line, each at its second."""

    def __init__(self) -> None:
        self.book = Calls()
        self.seq = 0

    def say(self, after_s: float, kind: str, **data: Value) -> None:
        self.seq += 1
        at = round(after_s * NS)
        self.book.take(self.seq, "line", Entry(self.seq, utc_text(START + at), NS + at, "unknown", kind, data))

    def recorded(self, leg: str = LEG, role: str = "side") -> None:
        self.say(0, "Invited", call=CALL, leg=leg, role=role, precedence="FLASH", source="127.0.1.21")
        track: dict[str, Value] = {"rate_hz": 8000, "language": "en", "t0_utc": utc_text(START)}
        self.say(0, "TrackOpened", call=CALL, leg=leg, role=role, **track)

    def track(self, leg: str = LEG, length: int = 80_000) -> dict[str, Value]:
        return track(self.book.legs[leg], lambda name: length)


def at(after_s: float) -> str:
    return utc_text(START + round(after_s * NS))


def test_gaps_lie_where_they_were() -> None:
    """Ringing, a hold, a loss from its first missing moment, one that still lasts."""
    told = Told()
    told.recorded()
    told.say(2, "MediaStarted", leg=LEG)
    told.say(3, "HoldStarted", leg=LEG)
    told.say(4, "MediaLost", leg=LEG, since_mono_ns=str(NS + round(3.5 * NS)))
    told.say(5, "HoldEnded", leg=LEG)
    told.say(6, "MediaReturned", leg=LEG, since_mono_ns=str(NS + round(5.5 * NS)))
    told.say(7, "HoldStarted", leg=LEG)
    assert told.track()["gaps"] == [
        {"kind": "before-media", "from_utc": at(0), "to_utc": at(2)},
        {"kind": "hold", "from_utc": at(3), "to_utc": at(5)},
        {"kind": "no-rtp", "from_utc": at(3.5), "to_utc": at(5.5)},
        {"kind": "hold", "from_utc": at(7), "to_utc": None},
    ]


def test_a_stall_moves_what_comes_after_it() -> None:
    """Sample n was heard at t0 plus n and all that was missing before it; the track is two even pieces."""
    told = Told()
    told.recorded()
    told.say(9, "TrackStalled", leg=LEG, at_sample=16_000, missing_samples=8000)
    told.say(10, "TrackClosed", leg=LEG, samples=72_000)
    found = told.track()
    assert found["pieces"] == [
        {"from_sample": 0, "to_sample": 16_000, "from_utc": at(0)},
        {"from_sample": 16_000, "to_sample": 72_000, "from_utc": at(3)},
    ]
    assert found["gaps"] == [{"kind": "stall", "from_utc": at(2), "to_utc": at(3)}]
    assert (found["to_utc"], found["samples"]) == (at(10), 72_000)
    assert [told.book.legs[LEG].utc(sample) for sample in (0, 15_999, 16_000)] == [at(0), at(1.999875), at(3)]


def test_a_track_that_nobody_closed() -> None:
    """It is as long as its file; one that was found after a crash says that its end is lost."""
    told = Told()
    told.recorded()
    assert (told.track()["samples"], told.track()["to_utc"]) == (80_000, at(10))
    told.say(99, "LineStarted", side="us")
    assert told.track()["outcome"] == "cannot-say"
    told.say(99, "TrackRecovered", leg=LEG, samples=40_000)
    found = told.track()
    assert (found["samples"], found["recovered"], found["to_utc"]) == (40_000, True, at(5))
    assert found["gaps"] == [{"kind": "lost", "from_utc": at(5), "to_utc": None}]


def test_a_leg_without_a_track() -> None:
    """An attempt that nobody answered has its times and no sound."""
    told = Told()
    told.say(1, "Dialled", call=CALL, leg=LEG, role="side", contact="watch", tier=2, precedence="FLASH")
    told.say(9, "LegEnded", call=CALL, leg=LEG, role="side", outcome="no-answer", status=408, detail="", talk_ms=0)
    found = told.track()
    assert (found["pieces"], found["samples"], found["tier"]) == ([], 0, 2)
    assert (found["from_utc"], found["to_utc"], found["t0_utc"]) == (at(1), at(9), None)


def test_a_line_of_the_list() -> None:
    """Who called whom, how it went, what was tried; the leg that was answered says how the call ended."""
    told = Told()
    for number, (outcome, contact) in enumerate((("busy", "watch"), ("answered", "deputy")), 1):
        leg = f"us-1/side-{number}"
        told.say(number, "Dialled", call=CALL, leg=leg, role="side", contact=contact, tier=1, precedence="FLASH")
        about: dict[str, Value] = {"call": CALL, "leg": leg, "contact": contact, "tier": 1, "rung": number}
        told.say(number, "AttemptEnded", **about, outcome=outcome, status=200)
        told.say(9, "LegEnded", call=CALL, leg=leg, role="side", outcome=outcome, status=1, detail="", talk_ms=70)
    told.say(9, "LadderEnded", call=CALL, result="answered", contact="deputy")
    told.say(10, "CallEnded", call=CALL)
    found = row(told.book, told.book.calls[CALL], exercise=True)
    assert {name: found[name] for name in ("direction", "contact", "outcome", "talk_ms", "ladder", "exercise")} == {
        **{"direction": "out", "contact": "deputy", "outcome": "answered", "talk_ms": 70},
        **{"ladder": "answered", "exercise": True},
    }
    assert (found["began_utc"], found["ended_utc"]) == (at(1), at(10))
    attempts = found["attempts"]
    assert isinstance(attempts, list) and [one["outcome"] for one in attempts if isinstance(one, dict)] == [
        "busy",
        "answered",
    ]


def test_an_operator_who_is_taken_to_a_higher_call() -> None:
    """Its leg is on both calls."""
    told = Told()
    told.recorded("us-1/operator-1", "operator")
    told.say(3, "LegMoved", leg="us-1/operator-1", from_call=CALL, to_call="us-2")
    assert [call.legs for call in told.book.calls.values()] == [["us-1/operator-1"], ["us-1/operator-1"]]
    assert told.book.legs["us-1/operator-1"].call == "us-2"


def test_one_axis_for_all() -> None:
    """From the first sample or entry to the last."""
    told = Told()
    told.recorded()
    told.recorded("us-1/operator-2", "operator")
    told.say(30, "CallEnded", call=CALL)
    found = axis(told.book, told.book.calls[CALL], {LEG: 80_000, "us-1/operator-2": 160_000}.__getitem__)
    assert (found["from_utc"], found["to_utc"]) == (at(0), at(30))
    tracks = found["tracks"]
    assert isinstance(tracks, list) and [one["to_utc"] for one in tracks if isinstance(one, dict)] == [at(10), at(20)]


def test_what_is_not_as_its_kind_promises_is_left_out() -> None:
    """Nothing breaks, nothing is made up."""
    told = Told()
    told.recorded()
    for kind in ("TrackOpened", "TrackClosed", "LegEnded", "TrackStalled", "HealthChanged", "LegMoved", "CallEnded"):
        told.say(1, kind, leg=LEG, call="nobody", rate_hz=0, samples="x", t0_utc="then", outcome=3)
        told.say(1, kind, leg="nobody/side-1")
    found = told.track()
    assert (found["rate_hz"], found["outcome"], found["gaps"], found["health"]) == (8000, "open", [], [])


def test_a_call_has_an_end_of_events() -> None:
    """The rest is counted; hashes and words are no events."""
    told = Told()
    told.recorded()
    told.say(1, "SegmentClosed", leg=LEG, sha256="00")
    for _ in range(EVENTS_LIMIT):
        told.say(1, "DigitHeard", leg=LEG, digit="1", secret="not shown")
    call = told.book.calls[CALL]
    assert (len(call.events), call.left_out) == (EVENTS_LIMIT, 2)
    assert call.events[-1].about == {"digit": "1"}
