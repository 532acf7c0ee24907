"""Voice without a text: late after two seconds, however little the recogniser says about it."""

from __future__ import annotations

import pytest

from bridge.desk.voiced import CALM_S, Voiced

pytestmark = pytest.mark.pure
RATE = 8000


def grown(*looks: tuple[float, int]) -> Voiced:
    voiced = Voiced(RATE)
    for at, length in looks:
        voiced.grow(length, at)
    return voiced


def test_what_was_there_two_seconds_ago_is_due() -> None:
    """Not while captions may still come."""
    assert grown((0.0, 100), (1.9, 900)).due == 0
    assert grown((0.0, 100), (1.0, 500), (2.0, 900)).due == 100
    assert grown((0.0, 100), (1.0, 500), (2.9, 900), (3.0, 900)).due == 500
    assert grown((0.0, 100), (60.0, 900)).due == 100


def test_silence_is_never_late() -> None:
    """However long it lasts."""
    assert not grown(*((float(at), at * RATE) for at in range(100))).is_late(0)


def test_it_is_over_when_the_captions_have_caught_up() -> None:
    """The part that has no text yet counts until the last of it has one."""
    voiced = grown((100.0, 7 * RATE))
    for second in range(1, 7):
        voiced.add(second * RATE, RATE)
    assert voiced.is_late(2 * RATE)
    assert voiced.is_late(5 * RATE)
    voiced.grow(8 * RATE, 100.0 + CALM_S)
    assert not voiced.is_late(6 * RATE)
    assert not voiced.is_late(0), "what has had a text is forgotten"


def test_captions_that_catch_up_and_fall_back_are_one_alarm() -> None:
    """In time again only after a while without a relapse."""
    voiced = grown((100.0, 7 * RATE))
    voiced.add(RATE, RATE)
    assert voiced.is_late(0)
    voiced.grow(8 * RATE, 104.0)
    assert voiced.is_late(RATE)
    voiced.add(2 * RATE, RATE)
    assert voiced.is_late(RATE)
    for at, is_late in ((108.9, True), (109.0, False)):
        voiced.grow(9 * RATE, at)
        assert voiced.is_late(2 * RATE) is is_late


@pytest.mark.parametrize(("looks", "is_late"), [(1, False), (2, False), (3, True)])
def test_a_click_is_no_voice(looks: int, is_late: bool) -> None:
    """A tenth of a second each time; three tenths are a word."""
    voiced = Voiced(RATE)
    for look in range(looks):
        voiced.add(RATE * (look + 1), RATE // 10)
    voiced.grow(RATE * 10, 100.0)
    assert voiced.is_late(0) is is_late
