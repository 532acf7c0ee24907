"""Reads positions, holds two forms of one position against each other, and measures from a known point.

Two forms of one position must agree (degrees, minutes, seconds; degrees and minutes; decimal degrees; a grid
reference): a slip in one form is not repeated in the other. Hemisphere letters are required, because without them
nobody knows which number is which. Local digits are read as Latin ones. It plots nothing and knows no coastline.

Distances are great circles on a sphere of the Earth's mean radius (IUGG, 6371.0088 km). Against the WGS84 ellipsoid
that is off by at most 0.6 % of the distance: 60 m in 10 km. Bearings are initial ones, true, to the full degree.
"""

from __future__ import annotations

import enum
import math
import re
from dataclasses import dataclass, field

from bridge.base.errors import Theirs
from bridge.base.text import fold, fold_digits
from bridge.relay import grid

EARTH_M = 6_371_008.8
METRES_PER_DEGREE = 110_574
"""Shortest degree of a WGS84 meridian, at the equator."""
ERROR_PERMILLE = 6
"""Largest error of a distance against WGS84."""
JUMP_M = 5000
"""A reported object that is farther than this from its last report is asked about again."""
MICRO = 1_000_000
TEXT_LIMIT = 80
_TURNED = 1.1
"""How much more of a meridian a grid square may cover than its side: it is turned against north by up to 5 degrees."""
_TOKEN = re.compile(r"\s*(?:([NSEWnsew])|([0-9]{1,3}(?:\.[0-9]{1,6})?)(?![0-9.]))\s*")
_SIGNS = re.compile(r"[°º'’′\"”″,;]|(?<=[0-9°º])-(?=[0-9])")


class PositionError(Theirs):
    """A text that is no position in a known form."""

    code = "position"


class Form(enum.Enum):
    """How a position was said."""

    DECIMAL = "decimal degrees"
    MINUTES = "degrees and minutes"
    SECONDS = "degrees, minutes and seconds"
    MGRS = "grid reference (MGRS)"
    UTM = "grid reference (UTM)"


GRIDS = frozenset((Form.MGRS, Form.UTM))


@dataclass(frozen=True, slots=True)
class Position:
    """A point on the Earth. Integers, so that it can be recorded."""

    latitude_udeg: int
    """Millionths of a degree, north positive: 0.11 m each."""
    longitude_udeg: int
    """Millionths of a degree, east positive."""
    form: Form
    unit_udeg: int
    """What one step of the last digit said is worth, at least 1: how exactly it was said."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether two forms are one position."""

    agrees: bool
    apart_m: int
    reason: str


@dataclass(frozen=True, slots=True)
class Away:
    """Where a position lies, seen from another."""

    distance_m: int
    error_m: int
    """The distance is right to within this, against WGS84."""
    bearing_deg: int
    """True, 0 to 359; 0 for no distance."""


@dataclass(frozen=True, slots=True)
class Jump:
    """An object is reported farther from its last report than it can be without being asked about."""

    name: str
    apart_m: int
    since_s: int
    """Seconds between the two reports."""
    knots: int
    """Speed that would explain it; 0 where no time passed."""


def parse_position(text: str) -> Position:
    """Read `25°34'30"N 056°12'18"E`, `25-34.5N 056-12.3E`, `N25.5750 E056.2050`, `40R DP 20152 28858` and the like.

    Raises:
        PositionError: another form, a number out of range, or no hemisphere letters.
    """
    reference = " ".join(fold_digits(text[: TEXT_LIMIT + 1]).split())
    if grid.is_grid(reference):
        return _of_grid(reference)
    numbers: list[list[str]] = [[]]
    letters: list[str] = []
    for letter, number in _tokens(text):
        if letter:
            letters.append(letter.upper())
            numbers.append([])
        else:
            numbers[-1].append(number)
    groups = numbers[1:] if not numbers[0] else numbers[:-1]
    if len(letters) != 2 or len(groups) != 2 or (numbers[0] and numbers[-1]):
        raise PositionError(f"{text[:TEXT_LIMIT]!r}: expected two groups of numbers with N or S and E or W")
    if len(groups[0]) != len(groups[1]):
        raise PositionError(f"{text[:TEXT_LIMIT]!r}: latitude and longitude are in different forms")
    pairs = zip(letters, groups, strict=True)
    found = {_axis(letter): _coordinate(group, letter) for letter, group in pairs}
    if found.keys() != {"NS", "EW"}:
        raise PositionError(f"{text[:TEXT_LIMIT]!r}: expected one latitude and one longitude")
    (latitude, unit), (longitude, other) = found["NS"], found["EW"]
    return Position(latitude, longitude, list(Form)[len(groups[0]) - 1], max(unit, other))


def _of_grid(reference: str) -> Position:
    try:
        point = grid.parse_grid(reference)
    except grid.GridError as error:
        raise PositionError(str(error)) from error
    across = point.side_m * _TURNED / (METRES_PER_DEGREE * math.cos(math.radians(point.latitude_deg))) * MICRO
    form = Form.UTM if grid.UTM.fullmatch(reference) else Form.MGRS
    return Position(round(point.latitude_deg * MICRO), round(point.longitude_deg * MICRO), form, math.ceil(across))


def _tokens(text: str) -> list[tuple[str, str]]:
    plain = _SIGNS.sub(" ", fold_digits(text[: TEXT_LIMIT + 1]))
    if len(text) > TEXT_LIMIT:
        raise PositionError(f"{len(text)} characters, expected at most {TEXT_LIMIT}")
    found, at = [], 0
    while at < len(plain):
        token = _TOKEN.match(plain, at)
        if not token:
            raise PositionError(f"{text!r}: cannot be read from {plain[at : at + 10]!r} on")
        found.append((token[1] or "", token[2] or ""))
        at = token.end()
    return found


def _axis(letter: str) -> str:
    return "NS" if letter in "NS" else "EW"


def _coordinate(numbers: list[str], letter: str) -> tuple[int, int]:
    """Signed millionths of a degree, and what the last digit is worth."""
    if not 1 <= len(numbers) <= 3 or any("." in number for number in numbers[:-1]):
        raise PositionError(
            f"{' '.join(numbers)} {letter}: expected degrees, minutes, seconds, decimals in the last only"
        )
    whole, _, decimals = numbers[-1].partition(".")
    part = 60 ** (len(numbers) - 1)
    value = sum(int(number) * MICRO / 60**at for at, number in enumerate(numbers[:-1]))
    value += int(whole + decimals) * MICRO / 10 ** len(decimals) / part
    limit = 90 if letter in "NS" else 180
    if any(float(number) >= 60 for number in numbers[1:]) or value > limit * MICRO:
        raise PositionError(
            f"{' '.join(numbers)} {letter}: out of range, expected up to {limit} degrees and 59 minutes"
        )
    unit = max(1, round(MICRO / 10 ** len(decimals) / part))
    return round(value) * (-1 if letter in "SW" else 1), unit


def say(position: Position, form: Form) -> str:
    """The position in a form, as exactly as that form usually is: tenths of a second, thousandths of a minute, metres.

    Raises:
        PositionError: a grid reference nearer to a pole than the grid reaches.
    """
    if form in GRIDS:
        say_grid = grid.say_utm if form is Form.UTM else grid.say_mgrs
        try:
            return say_grid(position.latitude_udeg / MICRO, position.longitude_udeg / MICRO)
        except grid.GridError as error:
            raise PositionError(str(error)) from error
    return f"{_say(position.latitude_udeg, form, 'NS', 2)} {_say(position.longitude_udeg, form, 'EW', 3)}"


def _say(udeg: int, form: Form, letters: str, width: int) -> str:
    letter = letters[udeg < 0]
    size = abs(udeg)
    match form:
        case Form.DECIMAL:
            return f"{size // MICRO:0{width}}.{size % MICRO:06}{letter}"
        case Form.MINUTES:
            thousandths = (size * 60 * 1000 + MICRO // 2) // MICRO
            degrees, rest = divmod(thousandths, 60_000)
            return f"{degrees:0{width}}°{rest // 1000:02}.{rest % 1000:03}'{letter}"
        case _:
            tenths = (size * 36_000 + MICRO // 2) // MICRO
            degrees, rest = divmod(tenths, 36_000)
            return f"{degrees:0{width}}°{rest // 600:02}'{rest % 600 // 10:02}.{rest % 10}\"{letter}"


def agree(one: Position, other: Position) -> Agreement:
    """Judge two forms of what should be one position: each coordinate within half a step of both last digits.

    The same form twice is no agreement: a number misheard once is easily misheard twice. Both grid forms have the same
    digits and count as one.
    """
    apart = away(one, other).distance_m
    if one.form is other.form or {one.form, other.form} <= GRIDS:
        form = "a grid" if one.form in GRIDS else one.form.value
        return Agreement(False, apart, f"both in {form}: ask for another form")
    room = (one.unit_udeg + other.unit_udeg + 1) // 2 + 1
    latitude = abs(one.latitude_udeg - other.latitude_udeg)
    longitude = abs(one.longitude_udeg - other.longitude_udeg)
    longitude = min(longitude, 360 * MICRO - longitude)
    if max(latitude, longitude) <= room:
        return Agreement(True, apart, f"{one.form.value} and {other.form.value} agree")
    which = "latitude" if latitude > room else "longitude"
    return Agreement(False, apart, f"{which} differs: the two forms are {apart} m apart")


def away(position: Position, reference: Position) -> Away:
    """Distance and bearing of a position from a reference point, such as the dialplan's."""
    lat_1, lat_2 = (math.radians(one.latitude_udeg / MICRO) for one in (reference, position))
    east = math.radians((position.longitude_udeg - reference.longitude_udeg) / MICRO)
    half = math.sin((lat_2 - lat_1) / 2) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin(east / 2) ** 2
    distance = round(2 * EARTH_M * math.asin(min(1.0, math.sqrt(half))))
    y = math.sin(east) * math.cos(lat_2)
    x = math.cos(lat_1) * math.sin(lat_2) - math.sin(lat_1) * math.cos(lat_2) * math.cos(east)
    bearing = round(math.degrees(math.atan2(y, x))) % 360 if distance else 0
    return Away(distance, math.ceil(distance * ERROR_PERMILLE / 1000), bearing)


@dataclass
class Reports:
    """The last position of each object that was reported."""

    jump_m: int = JUMP_M
    """From which distance on a report is asked about again."""
    _last: dict[str, tuple[Position, int]] = field(default_factory=dict)

    def report(self, name: str, position: Position, at: int) -> Jump | None:
        """Note a report, and say if it jumps from the last one of the same object.

        Args:
            name: The object, as the parties call it.
            position: Where it is said to be.
            at: UTC nanoseconds.
        """
        before = self._last.get(fold(name))
        self._last[fold(name)] = position, at
        if before is None:
            return None
        apart = away(position, before[0]).distance_m
        since = abs(at - before[1]) // 1_000_000_000
        return (
            Jump(name, apart, since, round(apart / since * 3600 / 1852) if since else 0)
            if apart > self.jump_m
            else None
        )
