"""WAV files that grow, are cut off or are something else; levels."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.audio import (
    SILENCE_DBFS,
    GrowingWav,
    header,
    parse_form,
    peak_dbfs,
    read_form,
    read_wav,
    rms_dbfs,
    write_wav,
)
from bridge.base.errors import AudioError

TONE = (10_000 * np.sin(2 * np.pi * 1000 * np.arange(800) / 8000)).astype(np.int16)
WHOLE = header(8000, TONE.nbytes) + TONE.astype("<i2").tobytes()


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)


def wave(*chunks: bytes) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


FORMAT = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)


def test_written_and_read(tmp_path: Path) -> None:
    """What is written comes back, with its rate."""
    path = tmp_path / "a.wav"
    write_wav(path, TONE, 8000)
    samples, rate = read_wav(path)
    assert rate == 8000
    assert np.array_equal(samples, TONE)
    assert path.read_bytes() == WHOLE


def test_a_file_that_grows(tmp_path: Path) -> None:
    """Its length follows the size on disk, whatever the header says, and never counts half a sample."""
    path = tmp_path / "a.wav"
    track = GrowingWav(path)
    assert (track.length(), track.read(0, 9).size) == (0, 0)
    open_header = header(8000, 0)
    for size in (0, 11, 43):
        path.write_bytes(open_header[:size])
        assert (track.length(), track.read(0, 9).size) == (0, 0)
    path.write_bytes(open_header + WHOLE[44:144])
    assert track.length() == 50
    path.write_bytes(open_header + WHOLE[44:247])
    assert track.length() == 101
    assert np.array_equal(track.read(90, 100), TONE[90:101])
    assert track.read(101, 5).size == 0
    assert track.read(500, 5).size == 0


def test_a_header_that_names_less_than_is_there(tmp_path: Path) -> None:
    """A finished file ends where its header says; what follows the audio is no audio."""
    path = tmp_path / "a.wav"
    path.write_bytes(WHOLE + b"LIST" + bytes(40))
    assert read_wav(path)[0].size == TONE.size


def test_a_recording_that_was_never_closed(tmp_path: Path) -> None:
    """Its header names no length: all that is there counts."""
    path = tmp_path / "a.wav"
    path.write_bytes(header(8000, 0) + WHOLE[44:])
    assert read_wav(path)[0].size == TONE.size


def test_other_chunks_are_stepped_over() -> None:
    """Also one of odd length, which has a byte of padding."""
    form = parse_form(wave(chunk(b"LIST", b"abc"), chunk(b"fmt ", FORMAT + b"\0\0"), chunk(b"data", b"\1\0")))
    assert form is not None
    assert (form.rate_hz, form.data_bytes) == (8000, 2)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"OggS" + bytes(60), "expected RIFF"),
        (b"RIFF\0\0\0\0AVI " + bytes(60), "expected RIFF"),
        (wave(chunk(b"data", b"\0\0")), "data before format"),
        (wave(chunk(b"fmt ", FORMAT[:10])), "format chunk of 10 bytes"),
        (wave(chunk(b"fmt ", FORMAT))[:30], "format chunk of 16 bytes"),
        (wave(chunk(b"fmt ", struct.pack("<HHIIHH", 3, 1, 8000, 16000, 2, 16))), "format 3"),
        (wave(chunk(b"fmt ", struct.pack("<HHIIHH", 1, 2, 8000, 16000, 2, 16))), "2 channel"),
        (wave(chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 8))), "8 bit"),
        (wave(chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 0, 16000, 2, 16))), "0 Hz"),
        (wave(chunk(b"fmt ", FORMAT), chunk(b"junk", bytes(9000))), "no data chunk"),
        (wave(chunk(b"fmt ", FORMAT), b"junk\xff\xff\xff\xff"), "no data chunk"),
    ],
)
def test_what_is_no_recording_of_ours(tmp_path: Path, raw: bytes, text: str) -> None:
    """Said with the file's name, what was found and what was expected."""
    path = tmp_path / "b.wav"
    path.write_bytes(raw)
    with pytest.raises(AudioError, match=text) as caught:
        read_form(path)
    assert "b.wav" in str(caught.value)


def test_an_empty_file_is_no_finished_recording(tmp_path: Path) -> None:
    """Some recorders left 44 bytes; fewer hold not even a header."""
    path = tmp_path / "c.wav"
    path.write_bytes(b"RIFF")
    with pytest.raises(AudioError, match="4 bytes hold no WAV header"):
        read_wav(path)
    with pytest.raises(FileNotFoundError):
        read_wav(tmp_path / "none.wav")


@given(st.binary(max_size=120), st.integers(0, 44))
def test_no_header_breaks_the_reader(raw: bytes, kept: int) -> None:
    """Any bytes give a form, None or the documented error."""
    try:
        form = parse_form(WHOLE[:kept] + raw)
    except AudioError as error:
        assert error.code == "audio"
    else:
        assert form is None or 4000 <= form.rate_hz <= 96000


@pytest.mark.parametrize(
    ("samples", "rms", "peak"),
    [
        (np.full(100, -32768, dtype=np.int16), 0.0, 0.0),
        (np.full(100, 16384, dtype=np.int16), -6.02, -6.02),
        (TONE, 20 * np.log10(10_000 / 32768) - 3.01, 20 * np.log10(10_000 / 32768)),
        (np.zeros(100, dtype=np.int16), SILENCE_DBFS, SILENCE_DBFS),
        (np.zeros(0, dtype=np.int16), SILENCE_DBFS, SILENCE_DBFS),
    ],
)
def test_levels(samples: np.typing.NDArray[np.int16], rms: float, peak: float) -> None:
    """Decibels below full scale; digital silence has a floor instead of minus infinity."""
    assert rms_dbfs(samples) == pytest.approx(rms, abs=0.02)
    assert peak_dbfs(samples) == pytest.approx(peak, abs=0.02)
