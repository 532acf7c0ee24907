"""Grid references, MGRS and UTM, to and from degrees on WGS84: the second form in which a position is often given.

Transverse Mercator by Krueger's series in the third flattening to the fourth order (Karney 2011, equations 35 and 36):
exact to well below a millimetre inside a zone. Letters and squares after NGA.STND.0037. The polar caps (UPS) are none
of it. A square names an area; it stands for its middle.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_A, _F = 6_378_137.0, 1 / 298.257223563
_N = _F / (2 - _F)
_RADIUS = _A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_SCALE, _EAST, _SOUTH = 0.9996, 500_000.0, 10_000_000.0
_E = 2 * math.sqrt(_N) / (1 + _N)
_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440,
    61 * _N**3 / 240 - 103 * _N**4 / 140,
    49561 * _N**4 / 161280,
)
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4397 * _N**4 / 161280,
)
_DELTA = (
    2 * _N - 2 * _N**2 / 3 - 2 * _N**3 + 116 * _N**4 / 45,
    7 * _N**2 / 3 - 8 * _N**3 / 5 - 227 * _N**4 / 45,
    56 * _N**3 / 15 - 136 * _N**4 / 35,
    4279 * _N**4 / 630,
)
_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_COLUMNS = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")
"""Letters of the 100 km columns by zone modulo 3, from 100 km east on."""
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_EVEN_SHIFT = 5
"""Rows of even zones begin with F at the equator."""
MGRS = re.compile(r"([0-9]{1,2})([C-HJ-NP-X])\s?([A-HJ-NP-Z])([A-HJ-NP-V])\s?([0-9]{1,5})\s?([0-9]{1,5})")
UTM = re.compile(r"([0-9]{1,2})\s?([C-HJ-NP-X])\s+([0-9]{6})(?:\s?m)?\s?E?,?\s+([0-9]{1,8})(?:\s?m)?\s?N?")


class GridError(ValueError):
    """A reference that names no place; the text says why."""


@dataclass(frozen=True, slots=True)
class Point:
    """What a reference names."""

    latitude_deg: float
    longitude_deg: float
    side_m: int
    """Side of the square that it names; 1 for UTM."""


def is_grid(text: str) -> bool:
    """Whether a text has the form of a reference."""
    return bool(MGRS.fullmatch(text) or UTM.fullmatch(text))


def parse_grid(text: str) -> Point:
    """Read `40R DP 12345 67890`, `40RDP1234567890` or `40R 412345 2867890`.

    Raises:
        GridError: another form, or a square that is not there.
    """
    utm = UTM.fullmatch(text)
    if utm:
        east, north = float(utm[3]), float(utm[4])
        return _point(int(utm[1]), utm[2], east, north, 1)
    found = MGRS.fullmatch(text)
    if not found:
        raise GridError(f"{text[:40]!r} is no grid reference")
    zone, digits = int(found[1]), found[5] + found[6]
    if len(digits) % 2 or not 4 <= len(digits) <= 10:
        raise GridError(f"{len(digits)} digits, expected 4, 6, 8 or 10")
    half = len(digits) // 2
    side = 10 ** (5 - half)
    columns = _COLUMNS[zone % 3]
    if found[3] not in columns:
        raise GridError(f"square {found[3]}{found[4]} is not in zone {zone}")
    east = (columns.index(found[3]) + 1) * 100_000 + int(digits[:half]) * side + side / 2
    shift = 0 if zone % 2 else _EVEN_SHIFT
    north = (_ROWS.index(found[4]) - shift) % 20 * 100_000 + int(digits[half:]) * side + side / 2
    return _nearest(zone, found[2], east, north, side)


def _nearest(zone: int, band: str, east: float, north: float, side: int) -> Point:
    """Rows come again every 2000 km; the band says which is meant."""
    for turn in range(5):
        try:
            return _point(zone, band, east, north + turn * 2_000_000, side)
        except GridError:
            continue
    raise GridError(f"the square is not in band {band} of zone {zone}")


def _point(zone: int, band: str, east: float, north: float, side: int) -> Point:
    if not 1 <= zone <= 60:
        raise GridError(f"zone {zone}, expected 1 to 60")
    if not 100_000 <= east < 900_000 or not 0 <= north < _SOUTH:
        raise GridError(f"{east:.0f} m east and {north:.0f} m north are outside a zone")
    latitude, longitude = _to_degrees(zone, band < "N", east, north)
    lowest = _BANDS.index(band) * 8 - 80
    highest = 84 if band == "X" else lowest + 8
    # A square may lie across the edge of its band.
    slack = side / 110_000
    if not lowest - slack <= latitude <= highest + slack:
        raise GridError(f"{latitude:.2f} degrees is not in band {band}, {lowest} to {highest}")
    return Point(latitude, (longitude + 180) % 360 - 180, side)


def _to_degrees(zone: int, is_south: bool, east: float, north: float) -> tuple[float, float]:
    xi = (north - (_SOUTH if is_south else 0)) / (_SCALE * _RADIUS)
    eta = (east - _EAST) / (_SCALE * _RADIUS)
    xi_, eta_ = xi, eta
    for j, beta in enumerate(_BETA, 1):
        xi_ -= beta * math.sin(2 * j * xi) * math.cosh(2 * j * eta)
        eta_ -= beta * math.cos(2 * j * xi) * math.sinh(2 * j * eta)
    chi = math.asin(math.sin(xi_) / math.cosh(eta_))
    latitude = chi + sum(delta * math.sin(2 * j * chi) for j, delta in enumerate(_DELTA, 1))
    away = math.atan2(math.sinh(eta_), math.cos(xi_))
    return math.degrees(latitude), math.degrees(away) + zone * 6 - 183


def to_utm(latitude_deg: float, longitude_deg: float) -> tuple[int, str, float, float]:
    """Zone, band, metres east and north.

    Raises:
        GridError: nearer to a pole than the grid reaches.
    """
    if not -80 <= latitude_deg < 84:
        raise GridError(f"{latitude_deg:.2f} degrees is nearer to a pole than the grid reaches")
    band = _BANDS[min(19, int((latitude_deg + 80) // 8))]
    zone = _zone(latitude_deg, (longitude_deg + 180) % 360 - 180)
    sine = math.sin(math.radians(latitude_deg))
    turn = math.radians((longitude_deg - (zone * 6 - 183) + 180) % 360 - 180)
    t = math.sinh(math.atanh(sine) - _E * math.atanh(_E * sine))
    xi = math.atan2(t, math.cos(turn))
    eta = math.atanh(math.sin(turn) / math.hypot(1, t))
    x, y = eta, xi
    for j, alpha in enumerate(_ALPHA, 1):
        x += alpha * math.cos(2 * j * xi) * math.sinh(2 * j * eta)
        y += alpha * math.sin(2 * j * xi) * math.cosh(2 * j * eta)
    north = _SCALE * _RADIUS * y
    if band < "N":
        north = min(north + _SOUTH, _SOUTH - 1)  # the last metre before the equator has no name of its own
    return zone, band, _EAST + _SCALE * _RADIUS * x, max(0.0, north)


def _zone(latitude: float, longitude: float) -> int:
    """With the wider zones of south-west Norway and Svalbard."""
    zone = min(60, int((longitude + 180) // 6) + 1)
    if 56 <= latitude < 64 and 3 <= longitude < 12:
        return 32
    if latitude >= 72 and 0 <= longitude < 42:
        return next(number for number, edge in ((31, 9), (33, 21), (35, 33), (37, 42)) if longitude < edge)
    return zone


def say_mgrs(latitude_deg: float, longitude_deg: float) -> str:
    """To the metre, `40R DP 12345 67890`.

    Raises:
        GridError: nearer to a pole than the grid reaches.
    """
    zone, band, east, north = to_utm(latitude_deg, longitude_deg)
    column = _COLUMNS[zone % 3][int(east // 100_000) - 1]
    shift = 0 if zone % 2 else _EVEN_SHIFT
    row = _ROWS[(int(north // 100_000) + shift) % 20]
    return f"{zone}{band} {column}{row} {int(east % 100_000):05} {int(north % 100_000):05}"


def say_utm(latitude_deg: float, longitude_deg: float) -> str:
    """To the metre, `40R 412345 2867890`.

    Raises:
        GridError: nearer to a pole than the grid reaches.
    """
    zone, band, east, north = to_utm(latitude_deg, longitude_deg)
    return f"{zone}{band} {round(east):06} {round(north):07}"
