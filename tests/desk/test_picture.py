"""The picture of the line, from entries alone."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.wire import Entry, Fields
from bridge.desk.picture import CAPTIONS_KEPT, LEGS_KEPT, Picture

pytestmark = pytest.mark.pure
LEG = "us-20261123T100512Z-3f9a/side-1"
CALL, ROLE = "us-20261123T100512Z-3f9a", "side"


def picture(*steps: tuple[str, Fields]) -> Picture:
    made = Picture()
    for number, (kind, data) in enumerate(steps, 1):
        made.take(Entry(number, f"2026-11-23T10:00:{number % 60:02}.000000Z", number, "unknown", kind, data))
    return made


INVITED = ("Invited", {"leg": LEG, "call": CALL, "role": ROLE})


def test_a_call_from_ring_to_end() -> None:
    """State, hold, health and outcome of a leg follow the journal."""
    states = []
    steps: list[tuple[str, Fields]] = [
        INVITED,
        ("Answered", {"leg": LEG}),
        ("HoldStarted", {"leg": LEG}),
        ("HoldEnded", {"leg": LEG}),
        ("HealthChanged", {"leg": LEG, "was": "good", "now": "silent"}),
        ("LegEnded", {"leg": LEG, "outcome": "answered"}),
    ]
    for count in range(1, len(steps) + 1):
        leg = picture(*steps[:count]).legs[LEG]
        states.append((leg.state, leg.holds, leg.health, leg.outcome))
    assert states == [
        ("ringing", False, "", ""),
        ("up", False, "", ""),
        ("up", True, "", ""),
        ("up", False, "", ""),
        ("up", False, "silent", ""),
        ("ended", False, "silent", "answered"),
    ]


def test_line_and_trunk() -> None:
    """Both are unknown until the journal says something."""
    assert (Picture().line, Picture().trunk) == ("unknown", "unknown")
    assert picture(("LineStarted", {}), ("TrunkUp", {})).trunk == "up"
    down = picture(("LineStarted", {}), ("TrunkUp", {}), ("TrunkDown", {}), ("LineStopped", {}))
    assert (down.line, down.trunk) == ("stopped", "down")


def test_a_new_line_process_knows_nothing_of_the_old_legs() -> None:
    """After a crash open legs ended in a way that nobody can say; ended ones keep their outcome; alarms are gone."""
    ended = "us-20261123T100512Z-3f9a/side-2"
    made = picture(
        INVITED,
        ("Invited", {"leg": ended, "call": CALL, "role": ROLE}),
        ("LegEnded", {"leg": ended, "outcome": "busy"}),
        ("AlarmRaised", {"alarm": "recording-lost", "priority": "HIGH", "leg": LEG, "call": CALL}),
        ("LineStarted", {}),
    )
    assert {name: (leg.state, leg.outcome) for name, leg in made.legs.items()} == {
        LEG: ("ended", "cannot-say"),
        ended: ("ended", "busy"),
    }
    assert made.alarms == {}


def test_alarms_stay_until_cleared() -> None:
    """One alarm of one leg is one line, however often it is raised."""
    raised = ("AlarmRaised", {"alarm": "recording-lost", "priority": "HIGH", "leg": LEG, "call": CALL})
    other = ("AlarmRaised", {"alarm": "clock-off", "priority": "MEDIUM"})
    made = picture(raised, raised, other)
    assert [alarm["alarm"] for alarm in made.alarms.values()] == ["recording-lost", "clock-off"]
    cleared = ("AlarmCleared", {"alarm": "recording-lost", "leg": LEG})
    assert list(picture(raised, other, cleared, cleared).alarms) == [("clock-off", "")]


def words(kind: str, utterance: str, text: str) -> tuple[str, Fields]:
    return kind, {"leg": LEG, "utterance": utterance, "text": text}


def test_a_final_replaces_its_partials_and_is_never_replaced() -> None:
    """A late partial changes nothing; the language comes from the track."""
    opened: tuple[str, Fields] = ("TrackOpened", {"leg": LEG, "language": "fa"})
    made = picture(
        opened,
        words("Partial", "1", "two"),
        words("Partial", "1", "two vessels"),
        words("Partial", "2", "next"),
        words("Final", "1", "two vessels at sea"),
        words("Partial", "1", "two"),
    )
    assert [(c.text, c.is_final, c.language) for c in made.captions] == [
        ("next", False, "fa"),
        ("two vessels at sea", True, "fa"),
    ]


def test_words_are_left_out_of_a_snapshot_on_request() -> None:
    """A page that anybody can reach carries no word of a party."""
    made = picture(INVITED, words("Final", "1", "two vessels"))
    assert made.snapshot(with_captions=False)["captions"] == []
    assert "vessels" not in str(made.snapshot(with_captions=False))
    assert "two vessels" in str(made.snapshot(with_captions=True))


def test_old_legs_and_words_are_forgotten_open_ones_never() -> None:
    """A picture of a year is no larger than one of a day."""
    steps: list[tuple[str, Fields]] = [INVITED]
    for number in range(3 * LEGS_KEPT):
        leg = f"{CALL}/side-{number + 2}"
        steps.append(("Invited", {"leg": leg, "call": CALL, "role": ROLE}))
        steps.append(("TrackOpened", {"leg": leg, "language": "en"}))
        steps.append(("LegEnded", {"leg": leg, "outcome": "busy"}))
    steps += [words("Final", str(number), "x") for number in range(2 * CAPTIONS_KEPT)]
    made = picture(*steps)
    assert len(made.legs) <= LEGS_KEPT + 1
    assert LEG in made.legs
    assert len(made.captions) == CAPTIONS_KEPT


def test_a_leg_that_began_before_the_picture() -> None:
    """It is shown with what is known of it."""
    made = picture(("Answered", {"leg": LEG}))
    assert (made.legs[LEG].call, made.legs[LEG].state) == (CALL, "up")


KINDS = (
    "LineStarted TrunkUp AlarmRaised AlarmCleared Invited Dialled TrackOpened Answered HealthChanged LegEnded".split()
)
FIELD = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
NAMES = st.sampled_from("leg call role alarm priority outcome now text utterance language".split())


@given(st.lists(st.tuples(st.sampled_from([*KINDS, "Partial", "Final", "Unheard"]), st.dictionaries(NAMES, FIELD))))
def test_no_entry_breaks_the_picture(steps: list[tuple[str, Fields]]) -> None:
    """Whatever fields an entry has, the picture goes on and can be shown."""
    assert set(picture(*steps).snapshot(with_captions=True)) == set(Picture().snapshot(with_captions=True))


def test_newest_entry_whatever_the_order() -> None:
    """Two journals interleave; the newest time wins."""
    made = Picture()
    for number, second in itertools.zip_longest(range(2), (9, 3)):
        made.take(Entry(number or 0, f"2026-11-23T10:00:0{second}.000000Z", 0, "unknown", "X", {}))
    assert made.newest_utc == "2026-11-23T10:00:09.000000Z"
