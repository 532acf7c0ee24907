"""What line and speech have said, as the messages need it: entries in, a scene out."""

from __future__ import annotations

import pytest

from bridge.base.clock import NS, ManualClock
from bridge.base.wire import Entry, Value
from bridge.desk.items import items
from bridge.desk.scene import CHECK_WAIT_NS, Scene
from bridge.desk.spoken import compare_spoken, is_settled
from bridge.relay.giving_events import Match, Part
from tests.relay.relay_samples import TEXTS, message

pytestmark = pytest.mark.pure

CALL = "us-20261123T120000Z-0001"
SIDE, OPERATOR = f"{CALL}/side-1", f"{CALL}/operator-1"
CLOCK = ManualClock()
T0_NS = CLOCK.now().utc_ns
SEALED = message(text="Speed 9 knots, course 140. They will turn south.")


def scene_of(*entries: tuple[str, dict[str, Value]]) -> Scene:
    scene = Scene()
    for number, (kind, data) in enumerate(entries, 1):
        scene.take(Entry(number, CLOCK.now().utc, 1, "unknown", kind, data))
    return scene


def leg(name: str, language: str = "en") -> list[tuple[str, dict[str, Value]]]:
    role = name.partition("/")[2].partition("-")[0]
    return [
        ("Invited", {"leg": name, "call": CALL, "role": role}),
        ("TrackOpened", {"leg": name, "language": language, "rate_hz": 8000, "t0_utc": CLOCK.now().utc}),
        ("Answered", {"leg": name}),
    ]


def final(number: int, text: str, name: str = OPERATOR) -> tuple[str, dict[str, Value]]:
    span: dict[str, Value] = {"from_sample": number * 8000, "to_sample": number * 8000 + 4000}
    return "Final", {"leg": name, "utterance": number, "text": text, "engine": "moonshine", **span}


def partial(number: int, text: str, name: str = OPERATOR) -> tuple[str, dict[str, Value]]:
    span: dict[str, Value] = {"from_sample": number * 8000, "heard_to_sample": number * 8000 + 4000}
    return "Partial", {"leg": name, "utterance": number, "text": text, **span}


def compared(scene: Scene, *, complete: bool, since_s: int = 0) -> Match:
    since = T0_NS + since_s * 1_000_000_000
    return compare_spoken(SEALED, Part.RELAY, scene.legs[OPERATOR], since, complete=complete).event.match


def test_who_is_on_the_line() -> None:
    """Operator and side of one call find each other while they are there."""
    scene = scene_of(*leg(SIDE), *leg(OPERATOR))
    found = scene.operator_of(SIDE)
    assert found is not None and found.leg == OPERATOR
    up = scene.side_up(CALL, 0)
    assert up is not None and up.leg == SIDE
    assert scene.side_up(CALL, scene.tick) is None
    assert scene.operator_of("nobody") is None
    gone = scene_of(*leg(SIDE), *leg(OPERATOR), ("LegEnded", {"leg": OPERATOR, "outcome": "answered"}))
    assert gone.operator_of(SIDE) is None


def test_a_leg_that_is_moved() -> None:
    """An operator taken to a higher call is of that call."""
    scene = scene_of(*leg(OPERATOR), ("LegMoved", {"leg": OPERATOR, "from_call": CALL, "to_call": "other"}))
    assert scene.legs[OPERATOR].call == "other"


def test_a_line_that_starts_again_has_no_legs() -> None:
    """What was up belonged to a process that is gone."""
    scene = scene_of(*leg(SIDE), ("LineStarted", {}))
    assert scene.legs[SIDE].ended == "cannot-say"
    assert scene.calls_ended == {CALL}


@pytest.mark.parametrize(
    "entry",
    [
        ("Final", {}),
        ("Final", {"leg": "nobody", "utterance": 1}),
        ("Checked", {"leg": SIDE, "utterance": 7, "text": "x"}),
        ("TrackOpened", {"leg": SIDE, "language": "en", "rate_hz": 8000, "t0_utc": "noon"}),
        ("LegMoved", {"leg": "nobody", "to_call": "x"}),
        ("CommandAnswered", {"id": 5}),
    ],
)
def test_entries_of_another_form(entry: tuple[str, dict[str, Value]]) -> None:
    """They change nothing but that something was there."""
    scene, plain = scene_of(*leg(SIDE), entry), scene_of(*leg(SIDE))
    assert (scene.legs, scene.tick) == (plain.legs, plain.tick + 1)


def test_what_goes_on_counts_while_it_goes_on() -> None:
    """A partial counts until its final; a late one after it counts no more; all of it is not settled meanwhile."""
    said = "speed nine knots course one four zero they will turn"
    going = scene_of(*leg(OPERATOR), partial(1, said))
    assert compared(going, complete=False) in (Match.VERBATIM, Match.EQUIVALENT)
    assert not is_settled(going.legs[OPERATOR], T0_NS, T0_NS)
    late = scene_of(*leg(OPERATOR), final(1, said), partial(1, "speed five"))
    assert is_settled(late.legs[OPERATOR], T0_NS, T0_NS)
    assert compared(late, complete=True) is Match.ALTERED
    assert is_settled(None, 0, 0)


@pytest.mark.parametrize(
    "entry",
    [
        ("SpeechStarted", {}),
        ("TrackTranscribed", {"leg": OPERATOR}),
        ("EngineFailed", {"leg": OPERATOR, "engine": "x", "code": "engine"}),
        final(2, "x"),
    ],
)
def test_what_nobody_will_finish_is_not_waited_for(entry: tuple[str, dict[str, Value]]) -> None:
    """A recogniser that started again, gave up or came to the end leaves no words open."""
    scene = scene_of(*leg(OPERATOR), partial(1, "speed"), entry)
    assert is_settled(scene.legs[OPERATOR], T0_NS, T0_NS)


FOLLOWED: tuple[str, dict[str, Value]] = ("TrackFollowed", {"leg": OPERATOR, "checker": "whisper"})
CHECKED: tuple[str, dict[str, Value]] = ("Checked", {"leg": OPERATOR, "utterance": 1, "text": "speed nine"})
CHECK_FAILED: tuple[str, dict[str, Value]] = (
    "EngineFailed",
    {"leg": OPERATOR, "engine": "whisper", "code": "engine", "checked": 1},
)


def test_the_second_engine_is_waited_for() -> None:
    """Not for ever, not for what was said before, and only where there is one."""
    scene = scene_of(*leg(OPERATOR), FOLLOWED, final(1, "speed nine"))
    one = scene.legs[OPERATOR]
    assert not is_settled(one, T0_NS, T0_NS)
    assert not is_settled(one, T0_NS, T0_NS + CHECK_WAIT_NS - 1)
    assert is_settled(one, T0_NS, T0_NS + CHECK_WAIT_NS)
    assert is_settled(one, T0_NS + 2 * NS, T0_NS)
    assert is_settled(one, T0_NS, T0_NS - 1), "a clock that was set back holds nobody up"
    alone = scene_of(*leg(OPERATOR), ("TrackFollowed", {"leg": OPERATOR, "checker": ""}), final(1, "speed nine"))
    assert is_settled(alone.legs[OPERATOR], T0_NS, T0_NS)


@pytest.mark.parametrize("entry", [CHECKED, CHECK_FAILED])
def test_a_check_that_came_or_failed_is_not_waited_for(entry: tuple[str, dict[str, Value]]) -> None:
    """Nor, once one has failed, is any later one of the leg."""
    scene = scene_of(*leg(OPERATOR), FOLLOWED, final(1, "speed nine"), entry)
    assert is_settled(scene.legs[OPERATOR], T0_NS, T0_NS)
    later = scene_of(*leg(OPERATOR), FOLLOWED, final(1, "speed nine"), entry, final(2, "knots"))
    assert is_settled(later.legs[OPERATOR], T0_NS, T0_NS) is (entry is CHECK_FAILED)


def test_words_from_before_do_not_count() -> None:
    """What was said before the relay began is no part of it."""
    talk = final(1, "good morning sir this line is clear")
    scene = scene_of(*leg(OPERATOR), talk, final(20, "speed nine knots course one four zero they will turn south"))
    assert compared(scene, complete=True, since_s=10) in (Match.VERBATIM, Match.EQUIVALENT)


def test_two_hearings_are_one_judgement() -> None:
    """What one engine misheard and the other heard as sealed is no alteration; what both heard is one."""
    wrong = "speed five knots course one four zero they will turn south"
    right = "speed nine knots course one four zero they will turn south"
    for second, expected in ((right, False), (wrong, True)):
        checked: tuple[str, dict[str, Value]] = ("Checked", {"leg": OPERATOR, "utterance": 1, "text": second})
        scene = scene_of(*leg(OPERATOR), final(1, wrong), checked)
        assert (compared(scene, complete=True) is Match.ALTERED) is expected


def test_a_deaf_machine_proves_nothing() -> None:
    """Nothing heard, no recogniser, a language without tables, nobody there: a person listens."""
    assert compared(scene_of(*leg(OPERATOR)), complete=True) is Match.CHECK
    assert compared(scene_of(*leg(OPERATOR, "ru"), final(1, "девять узлов")), complete=True) is Match.CHECK
    assert compare_spoken(SEALED, Part.RELAY, None, 0, complete=True).event.match is Match.CHECK
    deaf: tuple[str, dict[str, Value]] = ("NoRecognizer", {"leg": OPERATOR, "language": "en"})
    assert compared(scene_of(*leg(OPERATOR), deaf, final(1, "speed nine knots")), complete=True) is Match.CHECK
    assert compared(scene_of(*leg(OPERATOR), deaf, final(1, "speed five knots")), complete=True) is Match.ALTERED


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_items_have_ids_that_stay(language: str) -> None:
    """Each another; the same in another draft; the marks of an exercise are none."""
    found = items(TEXTS[language], language)
    assert len({one.id for one in found}) == len(found) > 5
    assert items("Then. " + TEXTS[language], language)[-1] == found[-1]
    assert items("x 9", "ru") == ()


def test_two_items_alike() -> None:
    """The second of its like is another item."""
    assert len({one.id for one in items("Speed 9 knots and speed 9 knots.", "en")}) == 2
    assert items("EXERCISE EXERCISE EXERCISE Speed 9 knots.", "en") == items("Speed 9 knots.", "en")
