"""The file beside the file: written canonically, read back with every rule."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.base.clock import NS, Instant, Sync
from bridge.base.errors import StorageError, WireError
from bridge.base.terms import GapKind, Health
from bridge.recording.health import Change
from bridge.recording.pace import Stall
from bridge.recording.segment import Segment
from bridge.recording.sidecar import (
    LIMIT_BYTES,
    Sidecar,
    Statistics,
    T0From,
    TrackState,
    beside,
    decode,
    encode,
    read,
    write,
)
from bridge.recording.track import Gap

Raw: TypeAlias = dict[str, object]
CALL = "us-20261123T100512Z-3f9a"
FULL = Sidecar(
    state=TrackState.CLOSED,
    side="us",
    call=CALL,
    leg=f"{CALL}/side-1",
    role="side",
    language="en",
    path=f"2026/11/23/{CALL}/side-1.wav",
    rate_hz=8000,
    t0=Instant(1_795_428_312_000_001_000, 2**60, Sync.SYNCHRONISED),
    samples=200_000,
    gaps=(
        Gap(GapKind.HOLD, 2**60 + NS, 2**60 + 2 * NS, 8000, 16000),
        Gap(GapKind.NO_RTP, 2**60 + 3 * NS, None, 24000, None),
    ),
    stalls=(Stall(80, 9000), Stall(90_000, 4000)),
    segments=(Segment(0, 80_000, "a" * 64), Segment(80_000, 160_000, "0" * 64)),
    health=(Change(Health.GOOD, Health.SILENT, 5), Change(Health.SILENT, Health.GOOD, 90)),
    statistics=Statistics(10, 2, 300),
)
EMPTY = replace(FULL, state=TrackState.OPEN, samples=0, gaps=(), stalls=(), segments=(), health=(), statistics=None)


@pytest.mark.parametrize("sidecar", [FULL, EMPTY, replace(EMPTY, t0_from=T0From.FILE_TIME)])
def test_what_is_written_is_read(tmp_path: Path, sidecar: Sidecar) -> None:
    path = beside(tmp_path / "side-1.wav")
    assert path.name == "side-1.json"
    write(path, sidecar)
    assert read(path) == sidecar
    assert path.read_bytes() == encode(sidecar)


def test_form_is_stable() -> None:
    """The first form, byte for byte: sidecars of old recordings must be readable for ever."""
    assert encode(replace(EMPTY, t0=Instant(0, 7))).decode() == (
        '{"call":"us-20261123T100512Z-3f9a","gaps":[],"health":[],"language":"en",'
        '"leg":"us-20261123T100512Z-3f9a/side-1","path":"2026/11/23/us-20261123T100512Z-3f9a/side-1.wav",'
        '"rate_hz":8000,"role":"side","samples":0,"segments":[],"side":"us","stalls":[],"state":"open",'
        '"statistics":null,"t0_from":"recorder","t0_mono_ns":"7","t0_sync":"unknown",'
        '"t0_utc":"1970-01-01T00:00:00.000000Z","v":1}'
    )


def change(key: str, value: object) -> Callable[[Raw], None]:
    return lambda raw: raw.__setitem__(key, value)


def drop(key: str) -> Callable[[Raw], None]:
    return lambda raw: raw.__delitem__(key)


def row(key: str, **fields: object) -> Callable[[Raw], None]:
    def act(raw: Raw) -> None:
        rows = raw[key]
        assert isinstance(rows, list)
        rows[0] = {**rows[0], **fields}

    return act


@pytest.mark.parametrize(
    ("harm", "word"),
    [
        (change("v", 2), "version"),
        (change("v", True), "version"),
        (drop("v"), "version"),
        (change("state", "half-open"), "state"),
        (change("side", 5), "side"),
        (change("side", "x" * 1001), "side"),
        (change("leg", "a\nb"), "leg"),
        (change("leg", "\ud800"), "leg"),
        (drop("call"), "call"),
        (change("rate_hz", 0), "rate_hz"),
        (change("rate_hz", 8000.0), "rate_hz"),
        (change("rate_hz", True), "rate_hz"),
        (change("t0_mono_ns", "-1"), "t0_mono_ns"),
        (change("t0_mono_ns", "١"), "t0_mono_ns"),
        (change("t0_mono_ns", 1), "t0_mono_ns"),
        (change("t0_utc", "yesterday"), "t0_utc"),
        (change("t0_sync", "yes"), "t0_sync"),
        (change("t0_from", ""), "t0_from"),
        (change("samples", 2**53), "samples"),
        (change("samples", 159_999), "159999 samples"),
        (change("gaps", None), "gaps"),
        (change("gaps", [3]), "gaps"),
        (row("gaps", kind="tea"), "kind"),
        (row("gaps", to=None), "one end"),
        (row("gaps", to_mono_ns=None), "one end"),
        (row("gaps", to=7999), "before it begins"),
        (row("gaps", to_mono_ns="1"), "before it begins"),
        (row("stalls", missing=0), "missing"),
        (row("stalls", at=90_000), "stalls"),
        (row("segments", sha256="A" * 64), "sha256"),
        (row("segments", **{"from": 1}), "segment from 1"),
        (row("segments", to=0), "segment from 0 to 0"),
        (row("segments", to=79_999), "follows 79999"),
        (row("health", now="fine"), "now"),
        (row("health", at_sample=-1), "at_sample"),
        (change("statistics", 1), "statistics"),
        (change("statistics", {"received": 1}), "lost"),
    ],
)
def test_every_broken_rule_is_found(harm: Callable[[Raw], None], word: str) -> None:
    raw = json.loads(encode(FULL))
    harm(raw)
    with pytest.raises(WireError, match=word):
        decode(json.dumps(raw).encode())


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b"9" * 5000, b"null"])
def test_other_content_is_refused(content: bytes) -> None:
    with pytest.raises(WireError):
        decode(content)


def test_too_long_is_refused() -> None:
    with pytest.raises(WireError, match="longer than"):
        decode(b" " * (LIMIT_BYTES + 1))


@given(st.integers(0, len(encode(FULL)) - 1), st.integers(0, 255))
@settings(max_examples=500, deadline=None)
def test_one_changed_byte_is_read_or_refused(at: int, value: int) -> None:
    """Nothing but the documented error comes out, and what is accepted can be written again."""
    raw = bytearray(encode(FULL))
    raw[at] = value
    try:
        encode(decode(bytes(raw)))
    except WireError:
        pass


def test_pipe_in_the_place_of_a_sidecar(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "side-1.json")
    with pytest.raises(WireError, match="not a regular file"):
        read(tmp_path / "side-1.json")


def test_number_beyond_the_form_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(WireError):
        write(tmp_path / "a.json", replace(FULL, samples=2**60))
    assert list(tmp_path.iterdir()) == []


def test_full_disk_leaves_the_old_one(tmp_path: Path) -> None:
    """The device that is always full takes the place of the new file."""
    path = tmp_path / "a.json"
    write(path, EMPTY)
    (tmp_path / "a.json.new").symlink_to("/dev/full")
    with pytest.raises(StorageError, match="No space left"):
        write(path, FULL)
    assert read(path) == EMPTY
