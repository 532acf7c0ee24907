"""The sidecar: one JSON file beside each WAV with all that the samples cannot say themselves.

    {"v": 1, "state": "open" | "closed" | "recovered", "side", "call", "leg", "role", "language", "path",
     "rate_hz", "t0_mono_ns", "t0_utc", "t0_sync", "t0_from": "recorder" | "file-time", "samples",
     "gaps": [{"kind", "from", "to", "from_mono_ns", "to_mono_ns"}],       to: null while it lasts
     "stalls": [{"at", "missing"}],                                        see track
     "segments": [{"from", "to", "sha256"}],
     "health": [{"was", "now", "at_sample"}],
     "statistics": {"received", "lost", "jitter_us"} | null}

Sample n was heard at t0 + (n + missing of all stalls with at <= n) / rate. Spans are half open and count samples;
times are decimal strings of nanoseconds. Canonical (base/wire), replaced whole, read back with every rule checked: a
sidecar may come from a damaged disk or from somebody who wants the record to say something else.
"""

from __future__ import annotations

import enum
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from bridge.base.clock import Instant, Sync, parse_utc
from bridge.base.errors import AudioError, WireError
from bridge.base.terms import GapKind, Health
from bridge.base.wire import Fields, Value, canonical, write_atomically
from bridge.recording.health import Change
from bridge.recording.pace import Stall
from bridge.recording.segment import Segment
from bridge.recording.track import Gap
from bridge.recording.wav import opened

VERSION = 1
LIMIT_BYTES = 16 * 1024 * 1024
"""A track of a week has 60,480 segments of about 110 bytes; anything longer is damage."""
LARGEST = 2**53 - 1
"""Largest integer of RFC 8785."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NS = re.compile(r"[0-9]{1,20}")
_T = TypeVar("_T")
_E = TypeVar("_E", bound=enum.Enum)


class TrackState(enum.Enum):
    OPEN = "open"
    CLOSED = "closed"
    RECOVERED = "recovered"
    """Found open after a crash: the end is where the disk's knowledge ends."""


class T0From(enum.Enum):
    """Where the time of sample 0 comes from."""

    RECORDER = "recorder"
    FILE_TIME = "file-time"
    """Worked out from the file's last change, because no sidecar was left: right to about a second, no evidence."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """RTP of the leg, as the line process last counted it."""

    received: int
    lost: int
    jitter_us: int


@dataclass(frozen=True, slots=True)
class Sidecar:
    state: TrackState
    side: str
    call: str
    leg: str
    role: str
    language: str
    path: str
    """Of the WAV file, relative to the recordings folder."""
    rate_hz: int
    t0: Instant
    t0_from: T0From = T0From.RECORDER
    samples: int = 0
    gaps: tuple[Gap, ...] = ()
    stalls: tuple[Stall, ...] = ()
    segments: tuple[Segment, ...] = ()
    health: tuple[Change, ...] = ()
    statistics: Statistics | None = None


def beside(wav: Path) -> Path:
    """Where the sidecar of a WAV file lies."""
    return wav.with_suffix(".json")


def write(path: Path, sidecar: Sidecar) -> None:
    """Replace the sidecar; durable on return.

    Raises:
        StorageError: the disk refused.
        WireError: a number beyond the form's limits.
    """
    write_atomically(path, encode(sidecar))


def read(path: Path) -> Sidecar:
    """Read a sidecar with all checks.

    Raises:
        WireError: not one of ours.
        OSError: it cannot be read.
    """
    try:
        with opened(path, os.O_RDONLY) as fd, os.fdopen(fd, "rb", closefd=False) as file:
            return decode(file.read(LIMIT_BYTES + 1))
    except AudioError as error:
        raise WireError(str(error)) from error


def encode(sidecar: Sidecar) -> bytes:
    """Canonical bytes.

    Raises:
        WireError: a number beyond the form's limits.
    """
    stats = sidecar.statistics
    fields: dict[str, Value] = {
        "v": VERSION,
        "state": sidecar.state.value,
        "side": sidecar.side,
        "call": sidecar.call,
        "leg": sidecar.leg,
        "role": sidecar.role,
        "language": sidecar.language,
        "path": sidecar.path,
        "rate_hz": sidecar.rate_hz,
        "t0_mono_ns": str(sidecar.t0.mono_ns),
        "t0_utc": sidecar.t0.utc,
        "t0_sync": sidecar.t0.sync.value,
        "t0_from": sidecar.t0_from.value,
        "samples": sidecar.samples,
        "gaps": [
            {
                "kind": gap.kind.value,
                "from": gap.from_sample,
                "to": gap.to_sample,
                "from_mono_ns": str(gap.from_ns),
                "to_mono_ns": None if gap.to_ns is None else str(gap.to_ns),
            }
            for gap in sidecar.gaps
        ],
        "stalls": [{"at": stall.at, "missing": stall.missing} for stall in sidecar.stalls],
        "segments": [{"from": s.start, "to": s.end, "sha256": s.sha256} for s in sidecar.segments],
        "health": [{"was": c.was.value, "now": c.now.value, "at_sample": c.at_sample} for c in sidecar.health],
        "statistics": None
        if stats is None
        else {"received": stats.received, "lost": stats.lost, "jitter_us": stats.jitter_us},
    }
    return canonical(fields)


def decode(content: bytes) -> Sidecar:
    """Read canonical bytes back.

    Raises:
        WireError: too long, not JSON, another version, or a rule broken; the text names the field.
    """
    if len(content) > LIMIT_BYTES:
        raise WireError(f"sidecar longer than {LIMIT_BYTES} bytes")
    try:
        raw = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise WireError(f"sidecar is not JSON: {error}") from error
    if not isinstance(raw, dict) or raw.get("v") != VERSION or raw["v"] is True:
        raise WireError(f"not a sidecar of version {VERSION}")
    sidecar = Sidecar(
        state=_member(raw, "state", TrackState),
        side=_text(raw, "side"),
        call=_text(raw, "call"),
        leg=_text(raw, "leg"),
        role=_text(raw, "role"),
        language=_text(raw, "language"),
        path=_text(raw, "path"),
        rate_hz=_count(raw, "rate_hz", 4000, 96000),
        t0=Instant(_utc(raw), _ns(raw, "t0_mono_ns"), _member(raw, "t0_sync", Sync)),
        t0_from=_member(raw, "t0_from", T0From),
        samples=_count(raw, "samples"),
        gaps=_rows(raw, "gaps", _gap),
        stalls=_rows(raw, "stalls", lambda row: Stall(_count(row, "at"), _count(row, "missing", 1))),
        segments=_rows(raw, "segments", _segment),
        health=_rows(raw, "health", _change),
        statistics=_statistics(raw),
    )
    _check_order(sidecar)
    return sidecar


def _check_order(sidecar: Sidecar) -> None:
    end = 0
    for segment in sidecar.segments:
        if segment.start != end or segment.end <= segment.start:
            raise WireError(f"sidecar: segment from {segment.start} to {segment.end} follows {end}")
        end = segment.end
    if end > sidecar.samples:
        raise WireError(f"sidecar: segments up to {end}, but {sidecar.samples} samples")
    ats = [stall.at for stall in sidecar.stalls]
    if any(a >= b for a, b in pairwise(ats)):
        raise WireError("sidecar: stalls are not in order")
    for gap in sidecar.gaps:
        if (gap.to_ns is None) != (gap.to_sample is None):
            raise WireError(f"sidecar: gap {gap.kind.value} has one end of two")
        if gap.to_ns is not None and gap.to_sample is not None:
            if gap.to_ns < gap.from_ns or gap.to_sample < gap.from_sample:
                raise WireError(f"sidecar: gap {gap.kind.value} ends before it begins")


def _gap(row: Fields) -> Gap:
    return Gap(
        _member(row, "kind", GapKind),
        _ns(row, "from_mono_ns"),
        None if row.get("to_mono_ns") is None else _ns(row, "to_mono_ns"),
        _count(row, "from"),
        None if row.get("to") is None else _count(row, "to"),
    )


def _segment(row: Fields) -> Segment:
    digest = _text(row, "sha256")
    if not _SHA256.fullmatch(digest):
        raise WireError("sidecar: sha256 is not 64 hexadecimal digits")
    return Segment(_count(row, "from"), _count(row, "to"), digest)


def _change(row: Fields) -> Change:
    return Change(_member(row, "was", Health), _member(row, "now", Health), _count(row, "at_sample"))


def _statistics(raw: Fields) -> Statistics | None:
    match raw.get("statistics"):
        case None:
            return None
        case dict(row):
            return Statistics(_count(row, "received"), _count(row, "lost"), _count(row, "jitter_us"))
    raise WireError("sidecar: statistics is not an object")


def _rows(raw: Fields, key: str, make: Callable[[Fields], _T]) -> tuple[_T, ...]:
    rows = raw.get(key)
    if not isinstance(rows, list):
        raise WireError(f"sidecar: {key} is not a list")
    made: list[_T] = []
    for row in rows:
        if not isinstance(row, dict):
            raise WireError(f"sidecar: {key} holds something that is not an object")
        made.append(make(row))
    return tuple(made)


def _text(raw: Fields, key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or len(value) > 1000 or not value.isprintable():
        raise WireError(f"sidecar: {key} is not a printable string of at most 1000 characters")
    return value


def _count(raw: Fields, key: str, least: int = 0, most: int = LARGEST) -> int:
    value = raw.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise WireError(f"sidecar: {key} is {str(value)[:40]}, expected {least} to {most}")
    return value


def _ns(raw: Fields, key: str) -> int:
    value = _text(raw, key)
    if not _NS.fullmatch(value):
        raise WireError(f"sidecar: {key} is not a decimal number of nanoseconds")
    return int(value)


def _utc(raw: Fields) -> int:
    try:
        return parse_utc(_text(raw, "t0_utc"))
    except ValueError as error:
        raise WireError(f"sidecar: t0_utc is not a time: {error}") from error


def _member(raw: Fields, key: str, kind: type[_E]) -> _E:
    try:
        return kind(_text(raw, key))
    except ValueError as error:
        raise WireError(f"sidecar: {key} is none of {', '.join(item.value for item in kind)}") from error
