"""What a track on disk is worth: everything wrong with it is named."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.base.audio import header
from bridge.base.clock import SystemClock
from bridge.base.terms import GapKind, Health
from bridge.base.wire import canonical
from bridge.recording import sidecar as sidecars
from bridge.recording.describe import _altered, describe
from bridge.recording.health import Change
from bridge.recording.pace import Stall
from bridge.recording.segment import Segmenter
from bridge.recording.sidecar import Sidecar, TrackState
from bridge.recording.track import Gap

RATE = 8000
DATA = os.urandom(2 * 15 * RATE)


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    path = tmp_path / "side-1.wav"
    path.write_bytes(header(RATE, len(DATA)) + DATA)
    segmenter = Segmenter(RATE)
    sidecars.write(
        sidecars.beside(path),
        Sidecar(
            TrackState.CLOSED, "us", "c", "c/side-1", "side", "en", "side-1.wav", RATE, SystemClock().now(),
            samples=15 * RATE, segments=(*segmenter.feed(DATA), *segmenter.finish()),
            health=(Change(Health.GOOD, Health.QUIET, 4),),
            stalls=(Stall(100, RATE),), gaps=(Gap(GapKind.STALL, 0, 1, 100, 100),),
        ),
    )  # fmt: skip
    return path


def test_sound_track(wav: Path) -> None:
    found = describe(wav)
    assert found.is_sound
    assert (found.leg, found.state, found.rate_hz, found.samples) == ("c/side-1", "closed", RATE, 15 * RATE)
    assert (found.segments, found.segments_good) == (2, 2)
    assert (found.missing_samples, found.length_ms) == (RATE, 16_000)
    assert [gap.kind for gap in found.gaps] == [GapKind.STALL]


def test_description_in_json(wav: Path) -> None:
    found = json.loads(canonical(describe(wav).fields()))
    assert found["gaps"] == [{"kind": "stall", "from": 100, "to": 100}]
    assert found["health"] == [{"was": "good", "now": "quiet", "at_sample": 4}]
    assert (found["length_ms"], found["segments_good"], found["problems"]) == (16_000, 2, [])


def test_file_cut_while_it_is_described(wav: Path) -> None:
    """The header was read, then the file went away: named, not raised."""
    sidecar = sidecars.read(sidecars.beside(wav))
    wav.unlink()
    assert _altered(wav, sidecar) == (0, ["the samples cannot be read: No such file or directory"])


def harm_sample(wav: Path) -> None:
    raw = bytearray(wav.read_bytes())
    raw[44 + 2 * 12 * RATE] ^= 1
    wav.write_bytes(raw)


def harm_sidecar(wav: Path, **changes: object) -> None:
    path = sidecars.beside(wav)
    sidecars.write(path, replace(sidecars.read(path), **changes))  # type: ignore[arg-type]


def harm_header(wav: Path) -> None:
    wav.write_bytes(header(RATE, 0) + DATA)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (harm_sample, ["samples 80000 to 120000 are not the ones recorded"]),
        (harm_header, ["the header names 0 bytes of audio, 240000 are there"]),
        (
            lambda wav: wav.write_bytes(header(RATE, len(DATA) + 2) + DATA + bytes(2)),
            ["has 120001 samples", "1 samples"],
        ),
        (lambda wav: os.truncate(wav, 44 + 2 * 10 * RATE), ["header names", "80000 samples", "80000 to 120000"]),
        (lambda wav: wav.write_bytes(header(16000, len(DATA)) + DATA), ["16000 Hz, the sidecar says 8000 Hz"]),
        (lambda wav: wav.unlink(), ["cannot be read: No such file"]),
        (lambda wav: wav.write_bytes(b"x" * 99), ["cannot be read: side-1.wav: starts with"]),
        (lambda wav: sidecars.beside(wav).unlink(), ["there is no sidecar"]),
        (lambda wav: sidecars.beside(wav).write_bytes(b"{"), ["the sidecar cannot be read: sidecar is not JSON"]),
        (lambda wav: harm_sidecar(wav, samples=130_000), ["has 120000 samples, the sidecar says 130000"]),
    ],
)
def test_everything_wrong_is_named(wav: Path, harm: object, words: list[str]) -> None:
    assert callable(harm)
    harm(wav)
    found = describe(wav)
    assert not found.is_sound
    assert len(found.problems) == len(words)
    for problem, word in zip(found.problems, words, strict=True):
        assert word in problem


def test_open_track_is_not_blamed_for_growing(wav: Path) -> None:
    """While it is recorded, the end is not yet hashed and the sidecar is behind."""
    path = sidecars.beside(wav)
    sidecar = sidecars.read(path)
    sidecars.write(path, replace(sidecar, state=TrackState.OPEN, samples=80_000, segments=sidecar.segments[:1]))
    assert describe(wav).problems == ()


def test_nothing_at_all(tmp_path: Path) -> None:
    found = describe(tmp_path / "nothing.wav")
    assert len(found.problems) == 2
    assert found.length_ms == 0
