"""Numbers without gaps, and what is noticed about numbers that arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.relay.serials import LIMIT, Arrival, Serial, SerialError, Serials, parse_serial

pytestmark = pytest.mark.pure

SERIALS = st.builds(
    Serial,
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=8).filter(lambda side: side != "exercise"),
    st.integers(1, LIMIT),
    st.booleans(),
)


@given(SERIALS)
def test_text_and_back(serial: Serial) -> None:
    """A serial is read back from the form in which it is printed."""
    assert parse_serial(str(serial)) == serial


@pytest.mark.parametrize(
    "text", ["", "us-0007", "US-7", "US-0000", "US-00007", "EXERCISE US-0007", "US-٠٠٠٧", "US-0007 "]
)
def test_other_forms_are_refused(text: str) -> None:
    """One form only: two spellings of one serial would be two serials to a reader."""
    with pytest.raises(SerialError):
        parse_serial(text)


@pytest.mark.parametrize(("side", "number"), [("US", 1), ("u", 1), ("us", 0), ("us", LIMIT + 1), ("exercise", 1)])
def test_impossible_serials(side: str, number: int) -> None:
    """A side as the dialplan names it, and a number from 1."""
    with pytest.raises(SerialError):
        Serial(side, number)


def test_numbers_follow_each_other_per_direction_and_mode() -> None:
    """Live and exercise, one side and the other, are counted apart."""
    serials = Serials()
    taken = [str(serials.take(*which)) for which in [("us", False), ("us", True), ("ir", False), ("us", False)]]
    assert taken == ["US-0001", "EXERCISE-US-0001", "IR-0001", "US-0002"]
    assert serials.last("us", False) == 2
    assert serials.last("ir", True) == 0


def test_numbers_end() -> None:
    """After the last number there is an error and no wrap-around."""
    serials = Serials({("us", False): LIMIT})
    with pytest.raises(SerialError):
        serials.take("us", False)
    assert serials.last("us", False) == LIMIT


def test_arrivals() -> None:
    """The same slip twice is told from another message with the same serial, and holes are named."""
    serials = Serials()
    assert serials.arrive(Serial("us", 3), "aa") is Arrival.NEW
    assert serials.arrive(Serial("us", 3), "aa") is Arrival.REPEATED
    assert serials.arrive(Serial("us", 3), "bb") is Arrival.CONFLICT
    serials.arrive(Serial("us", 1), "cc")
    serials.arrive(Serial("us", 1, exercise=True), "dd")
    assert serials.missing() == (Serial("us", 2),)


@given(st.lists(st.tuples(st.sampled_from(["us", "ir"]), st.booleans()), max_size=60))
def test_no_gap_in_any_order(takes: list[tuple[str, bool]]) -> None:
    """However the directions are mixed, each has 1, 2, 3 and so on."""
    serials = Serials()
    given_out = [serials.take(*which) for which in takes]
    for which in set(takes):
        numbers = [serial.number for serial in given_out if (serial.side, serial.exercise) == which]
        assert numbers == list(range(1, len(numbers) + 1))
