"""Hearing what was recorded: exactly those samples, entered before they leave, and no file of the asker's choice."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from bridge.base.audio import header
from bridge.desk.hearing import AUDIO_LIMIT_S, PEAKS_LIMIT_S, is_below, permille
from bridge.desk.ports import Sound
from tests.desk.page_rig import Station, wav

LEG = "us-20261123T120000Z-0001/side-1"


@pytest.fixture
def station(tmp_path: Path) -> Station:
    made = Station()
    made.sounds[LEG] = wav(tmp_path / "side-1.wav", struct.pack("<8000h", *range(8000)))
    return made


def test_a_span_of_a_growing_track(station: Station) -> None:
    """Bit for bit, with a header that names its length; who heard it is entered, with the very samples."""
    answer = station.client().get(f"/api/audio/{LEG}?from=100&to=300")
    assert answer.status_code == 200 and answer.headers["content-type"] == "audio/wav"
    assert answer.content == header(8000, 400) + struct.pack("<200h", *range(100, 300))
    assert station.noted == [
        (
            "Listened",
            {
                "leg": LEG,
                "from_sample": 100,
                "to_sample": 300,
                "person": "op-a",
                "role": "operator",
                "console": "A",
                "session": "s-1",
            },
        )
    ]


def test_as_far_as_it_is_recorded(station: Station) -> None:
    """More than is there is what is there; later there is more."""
    assert len(station.client().get(f"/api/audio/{LEG}").content) == 44 + 16000
    assert len(station.client().get(f"/api/audio/{LEG}?from=7990&to=9999").content) == 44 + 20
    assert station.noted[1][1]["to_sample"] == 8000
    with station.sounds[LEG].path.open("ab") as file:
        file.write(struct.pack("<100h", *range(100)))
    assert len(station.client().get(f"/api/audio/{LEG}?from=7990&to=9999").content) == 44 + 220


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{LEG}?from=8000", 416, "not-there"),
        (f"{LEG}?from=200&to=100", 416, "not-there"),
        (f"{LEG}?from=-1", 422, "bad-field"),
        (f"{LEG}?from=1e3", 422, "bad-field"),
        (f"{LEG}?from=" + "9" * 17, 422, "bad-field"),
        (f"{LEG}?from=٣", 422, "bad-field"),
        ("us-1/side-9", 404, "no-such-thing"),
        ("..%2f..%2fetc%2fpasswd", 404, "no-such-thing"),
        ("/etc/passwd", 404, "no-such-thing"),
    ],
)
def test_what_cannot_be_heard(station: Station, path: str, status: int, code: str) -> None:
    """A leg that nobody named, or samples that are none: nothing is entered, because nothing was heard."""
    answer = station.client().get(f"/api/audio/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert station.noted == []


@pytest.mark.parametrize(("path", "limit_s"), [("audio", AUDIO_LIMIT_S), ("peaks", PEAKS_LIMIT_S)])
def test_no_more_than_a_request_may_hold(station: Station, tmp_path: Path, path: str, limit_s: int) -> None:
    """A longer span is asked for in parts."""
    long = tmp_path / "long.wav"
    station.sounds[LEG] = wav(long, b"")
    with long.open("r+b") as file:
        file.truncate(44 + (limit_s * 8000 + 1) * 2)  # a sparse file: no disk is filled
    answer = station.client().get(f"/api/{path}/{LEG}?n=9")
    assert (answer.status_code, answer.json()["code"]) == (422, "too-long")
    assert station.noted == []


def test_nothing_leaves_that_was_not_entered(station: Station) -> None:
    """While the ledger takes nothing, nobody hears anything."""
    station.is_full = True
    answer = station.client().get(f"/api/audio/{LEG}")
    assert (answer.status_code, answer.json()["code"]) == (503, "storage")


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no audio at all, but long enough to be read as a head......"])
def test_a_track_that_is_none(station: Station, tmp_path: Path, content: bytes) -> None:
    """Not begun, or something else: refused, never a crash."""
    path = tmp_path / "odd.wav"
    path.write_bytes(content)
    station.sounds[LEG] = Sound(path, 8000)
    assert station.client().get(f"/api/audio/{LEG}").status_code in (404, 416)
    station.sounds[LEG] = Sound(tmp_path / "gone.wav", 8000)
    assert station.client().get(f"/api/audio/{LEG}").status_code == 416


def test_peaks_are_the_largest_samples(station: Station) -> None:
    """In thousandths of full scale, one for each part of the span; no hearing."""
    answer = station.client().get(f"/api/peaks/{LEG}?from=0&to=8000&n=4").json()
    assert answer == {"from": 0, "to": 8000, "rate_hz": 8000, "peaks": [61, 122, 183, 244]}
    assert station.noted == []
    assert station.client().get(f"/api/peaks/{LEG}?from=0&to=3&n=6").json()["peaks"] == [0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("count", ["", "&n=0", "&n=4001", "&n=x"])
def test_peaks_have_a_number(station: Station, count: str) -> None:
    """As many as a screen has columns."""
    assert station.client().get(f"/api/peaks/{LEG}?from=0{count}").status_code == 422


def test_full_scale_is_a_thousand() -> None:
    """On both sides of zero; nothing for no samples."""
    assert permille(np.array([-32768], dtype=np.int16)) == 1000
    assert permille(np.array([32767], dtype=np.int16)) == 999
    assert permille(np.zeros(0, dtype=np.int16)) == 0


def test_a_recording_lies_below_its_folder(tmp_path: Path) -> None:
    """Whatever the journal says, and wherever links lead."""
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / "link").symlink_to(tmp_path)
    assert is_below(tmp_path / "recordings" / "2026" / "x.wav", tmp_path / "recordings")
    assert not is_below(tmp_path / "recordings" / ".." / "x.wav", tmp_path / "recordings")
    assert not is_below(tmp_path / "recordings" / "link" / "x.wav", tmp_path / "recordings")
