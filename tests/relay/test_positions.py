"""Positions read, held against each other and measured."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bridge.relay.positions import (
    EARTH_M,
    GRIDS,
    JUMP_M,
    Form,
    Position,
    PositionError,
    Reports,
    agree,
    away,
    parse_position,
    say,
)

pytestmark = pytest.mark.pure

NS = 1_000_000_000
SOHAR = parse_position("24.3600N 056.7500E")


@pytest.mark.parametrize(
    ("text", "form", "latitude", "longitude"),
    [
        ("25°34'30\"N 056°12'18\"E", Form.SECONDS, 25_575_000, 56_205_000),
        ("25 34 30 N 056 12 18 E", Form.SECONDS, 25_575_000, 56_205_000),
        ("25-34.5N 056-12.3E", Form.MINUTES, 25_575_000, 56_205_000),
        ("25°34.5'N, 056°12.3'E", Form.MINUTES, 25_575_000, 56_205_000),
        ("N25.5750 E056.2050", Form.DECIMAL, 25_575_000, 56_205_000),
        ("056.2050E 25.5750N", Form.DECIMAL, 25_575_000, 56_205_000),
        ("۲۵.۵۷۵۰N ۰۵۶.۲۰۵۰E", Form.DECIMAL, 25_575_000, 56_205_000),
        ("25.5s 56.25w", Form.DECIMAL, -25_500_000, -56_250_000),
        ("90N 180E", Form.DECIMAL, 90_000_000, 180_000_000),
        ("40R DP 20152 28858", Form.MGRS, 25_575_002, 56_205_000),
        ("40RDP2015228858", Form.MGRS, 25_575_002, 56_205_000),
        ("۴۰R DP ۲۰۱۵۲ ۲۸۸۵۸", Form.MGRS, 25_575_002, 56_205_000),
        ("40R DP 20 28", Form.MGRS, 25_571_783, 56_208_480),
        ("40R 420153 2828858", Form.UTM, 25_574_997, 56_205_005),
        ("40R 420153mE 2828858mN", Form.UTM, 25_574_997, 56_205_005),
        ("56H LH 34435 50816", Form.MGRS, -33_869_999, 151_209_998),
    ],
)
def test_forms(text: str, form: Form, latitude: int, longitude: int) -> None:
    """Three forms, letters before or after, either order, local digits, degree signs or hyphens."""
    found = parse_position(text)
    assert (found.form, found.latitude_udeg, found.longitude_udeg) == (form, latitude, longitude)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25.5750, 56.2050",
        "-25.5N 56.2E",
        "25.5N 56.2N",
        "25.5N",
        "25.5N 56.2E 3",
        "N 25.5 E 56.2 N",
        "N E",
        "N 25.5N 56.2E",
        "25 34.5N 56.2E",
        "25.5 34N 56.2 12E",
        "91N 056E",
        "25N 181E",
        "25 60N 056 12E",
        "25 34 60N 056 12 18E",
        "90 00.1N 056 12.0E",
        "253430N 0561218E",
        "1 2 3 4N 1 2 3 4E",
        "25.5.5N 56.2E",
        "25.1234567N 56.2E",
        "25.5N 56.2E" + " " * 80,
        "25,5N 56,2E north",
        "40R DP 2015 288",
        "40R DP 2 2",
        "40R DP 20152 28858 1",
        "40R SP 20152 28858",
        "40Q DP 20152 28858",
        "61R DP 20152 28858",
        "0R DP 20152 28858",
        "40I DP 20152 28858",
        "40R 020153 2828858",
        "40S 420153 2828858",
        "40R 420153 28288580",
    ],
)
def test_what_is_no_position(text: str) -> None:
    """Without letters, out of range, mixed or unreadable: the documented error."""
    with pytest.raises(PositionError):
        parse_position(text)


@given(st.text(alphabet="0123456789 .°'\"-,NSEWnsew۵xRDPQ", max_size=40))
def test_strange_positions(text: str) -> None:
    """Any text gives a position in range or the documented error."""
    try:
        found = parse_position(text)
    except PositionError:
        return
    assert abs(found.latitude_udeg) <= 90_000_000 and abs(found.longitude_udeg) <= 180_000_000


POINTS = st.builds(
    Position,
    st.integers(-89_999_000, 89_999_000),
    st.integers(-179_999_000, 179_999_000),
    st.just(Form.DECIMAL),
    st.just(1),
)


@given(POINTS, st.sampled_from(Form), st.sampled_from(Form))
def test_what_is_said_is_read(point: Position, one: Form, other: Form) -> None:
    """Two forms of one point agree, whatever the two forms; the same form twice does not count."""
    assume(abs(point.latitude_udeg) < 79_900_000 or not {one, other} & GRIDS)
    first, second = parse_position(say(point, one)), parse_position(say(point, other))
    assert abs(first.latitude_udeg - point.latitude_udeg) <= first.unit_udeg
    assert agree(first, second).agrees is (one is not other and not {one, other} <= GRIDS)


@pytest.mark.parametrize(
    ("one", "other", "agrees", "reason"),
    [
        ("25°34'30\"N 056°12'18\"E", "25.5750N 056.2050E", True, "agree"),
        ("25°34'30\"N 056°12'18\"E", "25-34.5N 056-12.3E", True, "agree"),
        ("25°34'30\"N 056°12'18\"E", "25.5755N 056.2050E", False, "latitude differs"),
        ("25-34.5N 056-12.3E", "25.5750N 056.2150E", False, "longitude differs"),
        ("25-34.5N 056-12.3E", "25-34.5N 056-12.3E", False, "another form"),
        ("00.0000N 180.0000E", "00-00.0N 180-00.0W", True, "agree"),
        ("25-34.5N 056-12.3E", "40R DP 20152 28858", True, "agree"),
        ("25-34.5N 056-12.3E", "40R DP 20 28", True, "agree"),
        ("25.5750N 056.2050E", "40R 420153 2828858", True, "agree"),
        ("25-34.5N 056-12.3E", "40R DP 21152 28858", False, "longitude differs"),
        ("25-34.5N 056-12.3E", "40R DP 20152 82858", False, "latitude differs"),
        ("40R DP 20152 28858", "40R 420153 2828858", False, "both in a grid"),
    ],
)
def test_agreement(one: str, other: str, agrees: bool, reason: str) -> None:
    """Within half a step of both last digits; otherwise it is said which coordinate differs."""
    found = agree(parse_position(one), parse_position(other))
    assert found.agrees is agrees
    assert reason in found.reason


@pytest.mark.parametrize("form", [Form.MGRS, Form.UTM])
def test_no_grid_at_the_poles(form: Form) -> None:
    """Said as such; degrees still are."""
    pole = parse_position("85.0N 010.0E")
    with pytest.raises(PositionError, match="nearer to a pole"):
        say(pole, form)


def test_how_far_apart_two_forms_are() -> None:
    """A slip of one hundredth of a degree of longitude at 25.6 north is a kilometre."""
    found = agree(parse_position("25-34.5N 056-12.3E"), parse_position("25.5750N 056.2150E"))
    assert 1000 < found.apart_m < 1006


@pytest.mark.parametrize(
    ("text", "distance_m", "bearing"),
    [
        ("24.3600N 056.7500E", 0, 0),
        ("25.3600N 056.7500E", 111_195, 0),
        ("23.3600N 056.7500E", 111_195, 180),
        ("24.3600N 057.7500E", 101_296, 90),
        ("24.3600N 055.7500E", 101_296, 270),
    ],
)
def test_distance_and_bearing(text: str, distance_m: int, bearing: int) -> None:
    """A degree north is a 360th of the circle; a degree east shrinks with the cosine of the latitude."""
    found = away(parse_position(text), SOHAR)
    assert abs(found.distance_m - distance_m) <= 3
    assert found.bearing_deg == bearing
    assert found.error_m == math.ceil(found.distance_m * 6 / 1000)


def test_against_the_ellipsoid() -> None:
    """A degree of the WGS84 meridian is 110,574 m at the equator and 111,694 m at the pole: inside the stated error."""
    for latitude, ellipsoid_m in ((0, 110_574), (89, 111_694)):
        one = Position(latitude * 1_000_000, 0, Form.DECIMAL, 1)
        found = away(Position((latitude + 1) * 1_000_000, 0, Form.DECIMAL, 1), one)
        assert abs(found.distance_m - ellipsoid_m) <= found.error_m


@given(POINTS, POINTS)
def test_distances_are_symmetric_and_on_the_earth(one: Position, other: Position) -> None:
    """There and back are as far; nothing is farther than half round the Earth."""
    there, back = away(one, other), away(other, one)
    assert abs(there.distance_m - back.distance_m) <= 1
    assert 0 <= there.distance_m <= math.pi * EARTH_M + 1
    assert 0 <= there.bearing_deg <= 359


def test_a_jump_is_asked_about() -> None:
    """More than 5 km from the last report of the same object, under any spelling of its name."""
    reports = Reports()
    assert reports.report("Vessel A", SOHAR, 0) is None
    near = parse_position("24.4049N 056.7500E")
    assert away(near, SOHAR).distance_m < JUMP_M
    assert reports.report("vessel  a", near, 600 * NS) is None
    assert reports.report("Vessel B", parse_position("25.5N 056.7E"), 600 * NS) is None
    jump = reports.report("Vessel A", parse_position("24.4859N 056.7500E"), 1200 * NS)
    assert jump is not None
    assert (jump.name, jump.since_s, jump.knots) == ("Vessel A", 600, 29)
    assert 8990 < jump.apart_m < 9020
    at_once = reports.report("Vessel A", SOHAR, 1200 * NS)
    assert at_once is not None and at_once.knots == 0
