"""PCM as this house keeps it: 16-bit signed little-endian mono in WAV files that may still be growing.

It reads headers and samples and measures levels. It does not judge (recording/health) and does not repair
(recording/wav). RIFF/WAVE after "Multimedia Programming Interface and Data Specifications 1.0" (1991).
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from bridge.base.errors import AudioError

Samples: TypeAlias = npt.NDArray[np.int16]
"""int16, one channel, shape (n,); index 0 is the earliest."""

SAMPLE_BYTES = 2
FULL_SCALE = 32768
SILENCE_DBFS = -96.0
"""Reported for digital silence instead of minus infinity."""
_CHUNK_HEAD = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
_HEAD_LIMIT_BYTES = 4096
"""Where the data chunk must have begun; longer headers are not written by any recorder we know."""


@dataclass(frozen=True, slots=True)
class WavForm:
    """Where the samples of a WAV file lie."""

    rate_hz: int
    data_at: int
    """Offset of the first sample in bytes."""
    data_bytes: int
    """Length that the header names; 0 while a recorder is still writing."""


def read_form(path: Path) -> WavForm | None:
    """Read the header; None while the file is too short to hold one (a recorder has not flushed yet).

    Raises:
        AudioError: not RIFF/WAVE, or not 16-bit mono PCM.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_LIMIT_BYTES)
    return parse_form(head, path.name)


def parse_form(head: bytes, name: str = "audio") -> WavForm | None:
    """As `read_form`, from the first bytes of a file.

    Raises:
        AudioError: not RIFF/WAVE, or not 16-bit mono PCM.
    """
    if len(head) < 12:
        return None
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise AudioError(f"{name}: starts with {head[:4]!r}, expected RIFF and WAVE")
    at, rate = 12, 0
    while at + _CHUNK_HEAD.size <= len(head):
        chunk, size = _CHUNK_HEAD.unpack_from(head, at)
        at += _CHUNK_HEAD.size
        if chunk == b"data":
            if not rate:
                raise AudioError(f"{name}: data before format")
            return WavForm(rate, at, size)
        if chunk == b"fmt ":
            if size < _FORMAT.size or at + _FORMAT.size > len(head):
                raise AudioError(f"{name}: format chunk of {size} bytes, expected at least {_FORMAT.size}")
            code, channels, rate, _, _, bits = _FORMAT.unpack_from(head, at)
            if (code, channels, bits) != (1, 1, 16) or not 4000 <= rate <= 96000:
                raise AudioError(
                    f"{name}: format {code}, {channels} channel(s), {bits} bit, {rate} Hz; expected 16-bit mono PCM"
                )
        at += size + (size & 1)
    if len(head) >= _HEAD_LIMIT_BYTES or at > _HEAD_LIMIT_BYTES:
        raise AudioError(f"{name}: no data chunk in the first {_HEAD_LIMIT_BYTES} bytes")
    return None


class GrowingWav:
    """Samples of a WAV file that a recorder is still writing; also works on a finished one.

    Lengths come from the file's size, never from the header, which stays 0 until the recorder closes it.
    Owned by one thread.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.form: WavForm | None = None

    def length(self) -> int:
        """Samples on disk by now; 0 while there is no file or no header.

        Raises:
            AudioError: the file is something else.
        """
        try:
            if self.form is None:
                self.form = read_form(self.path)
            size = self.path.stat().st_size
        except FileNotFoundError:
            return 0
        return 0 if self.form is None else max(0, size - self.form.data_at) // SAMPLE_BYTES

    def read(self, start: int, count: int) -> Samples:
        """Up to `count` samples from sample `start`; fewer at the end of what is there.

        Raises:
            AudioError: the file is something else.
        """
        available = min(count, self.length() - start)
        if available <= 0 or self.form is None:
            return np.zeros(0, dtype=np.int16)
        with self.path.open("rb") as file:
            file.seek(self.form.data_at + start * SAMPLE_BYTES)
            data = file.read(available * SAMPLE_BYTES)
        return np.frombuffer(data[: len(data) // SAMPLE_BYTES * SAMPLE_BYTES], dtype="<i2")


def read_wav(path: Path) -> tuple[Samples, int]:
    """A whole file and its rate in hertz.

    Raises:
        AudioError: not 16-bit mono PCM, or cut off inside the header.
        OSError: the file cannot be read.
    """
    track = GrowingWav(path)
    path.stat()
    length = track.length()
    if track.form is None:
        raise AudioError(f"{path.name}: {path.stat().st_size} bytes hold no WAV header")
    if track.form.data_bytes:
        length = min(length, track.form.data_bytes // SAMPLE_BYTES)
    return track.read(0, length), track.form.rate_hz


def write_wav(path: Path, samples: Samples, rate_hz: int) -> None:
    """Write a finished 16-bit mono file (for fixtures, voices and announcements, not for recordings)."""
    data = samples.astype("<i2").tobytes()
    path.write_bytes(header(rate_hz, len(data)) + data)


def header(rate_hz: int, data_bytes: int) -> bytes:
    """The 44-byte header of 16-bit mono PCM."""
    form = _FORMAT.pack(1, 1, rate_hz, rate_hz * SAMPLE_BYTES, SAMPLE_BYTES, 16)
    return (
        _CHUNK_HEAD.pack(b"RIFF", 36 + data_bytes)
        + b"WAVE"
        + _CHUNK_HEAD.pack(b"fmt ", len(form))
        + form
        + _CHUNK_HEAD.pack(b"data", data_bytes)
    )


def rms_dbfs(samples: Samples) -> float:
    """Root mean square in dB below full scale, 0 for a full-scale square wave, `SILENCE_DBFS` for none."""
    if samples.size == 0:
        return SILENCE_DBFS
    mean = float(np.mean(np.square(samples.astype(np.float64))))
    return max(SILENCE_DBFS, 10 * math.log10(mean / FULL_SCALE**2)) if mean else SILENCE_DBFS


def peak_dbfs(samples: Samples) -> float:
    """Highest sample in dB below full scale; `SILENCE_DBFS` for none."""
    peak = int(np.max(np.abs(samples.astype(np.int32)))) if samples.size else 0
    return max(SILENCE_DBFS, 20 * math.log10(peak / FULL_SCALE)) if peak else SILENCE_DBFS
