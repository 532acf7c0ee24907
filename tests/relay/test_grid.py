"""Grid references against points computed by two other programs, and back and forth everywhere."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.relay.grid import GridError, parse_grid, say_mgrs, say_utm, to_utm

pytestmark = pytest.mark.pure

KNOWN = [
    (24.36, 56.75, "40R DM 74643 94107", 474643.41, 2694107.30),
    (26.5, 56.5, "40R DQ 50174 31154", 450174.51, 2931154.61),
    (25.575, 56.205, "40R DP 20152 28858", 420152.54, 2828858.30),
    (-33.87, 151.21, "56H LH 34435 50816", 334435.71, 6250816.40),
    (60.39, 5.32, "32V KN 97230 00510", 297230.22, 6700510.18),
    (78.22, 15.65, "33X WG 14813 83004", 514813.53, 8683004.15),
    (0.0, 0.0, "31N AA 66021 00000", 166021.44, 0.0),
    (0.0001, -0.0001, "30N ZF 33967 00011", 833967.41, 11.07),
    (-0.0001, 179.9999, "60M ZE 33967 99988", 833967.41, 9999988.93),
    (83.9, -70.0, "19X DP 88136 17033", 488136.73, 9317033.10),
]
"""Made with NGA's GEOTRANS and with PyGeodesy, which agree. Among them both sides of the equator and of the date line,
the wide zones of Norway and Svalbard, and the ends of the grid."""


@pytest.mark.parametrize(("latitude", "longitude", "mgrs", "east", "north"), KNOWN)
def test_known_points(latitude: float, longitude: float, mgrs: str, east: float, north: float) -> None:
    """To the centimetre forth, to the metre back."""
    _, _, found_east, found_north = to_utm(latitude, longitude)
    assert abs(found_east - east) < 0.006 and abs(found_north - north) < 0.006
    assert say_mgrs(latitude, longitude) == mgrs
    back = parse_grid(mgrs)
    assert metres(back.latitude_deg, back.longitude_deg, latitude, longitude) < 0.75


def metres(latitude: float, longitude: float, other: float, far: float) -> float:
    east = (longitude - far + 180) % 360 - 180
    return math.hypot((latitude - other) * 111_700, east * 111_700 * math.cos(math.radians(other)))


@given(st.floats(-79.99, 83.99), st.floats(-180, 179.9999))
def test_there_and_back_everywhere(latitude: float, longitude: float) -> None:
    """Whatever zone, band, wide zone and side of the equator."""
    for text in (say_mgrs(latitude, longitude), say_utm(latitude, longitude)):
        back = parse_grid(text)
        assert metres(back.latitude_deg, back.longitude_deg, latitude, longitude) < 1.5
        assert back.side_m == 1


@pytest.mark.parametrize(("digits", "side"), [("20152 28858", 1), ("2015 2885", 10), ("201 288", 100), ("20 28", 1000)])
def test_a_square_stands_for_its_middle(digits: str, side: int) -> None:
    """Fewer digits, a larger square; the point lies inside it."""
    found = parse_grid(f"40R DP {digits}")
    assert found.side_m == side
    assert metres(found.latitude_deg, found.longitude_deg, 25.575, 56.205) <= 1.1 * side


@pytest.mark.parametrize("text", ["", "40R", "40R DP 20152", "25-34.5N 056-12.3E", "40R DPX 20152 28858"])
def test_what_is_no_reference(text: str) -> None:
    """Another form is said to be one."""
    with pytest.raises(GridError):
        parse_grid(text)


@pytest.mark.parametrize("latitude", [-80.01, 84.0, 90.0])
def test_the_poles_have_none(latitude: float) -> None:
    """Nearer than the grid reaches."""
    with pytest.raises(GridError, match="nearer to a pole"):
        to_utm(latitude, 10.0)
