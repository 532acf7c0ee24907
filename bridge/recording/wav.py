"""The WAV file of a track on disk: follows it while the recorder writes, and repairs the lengths in its header.

The recorder keeps both lengths at 0 until it closes the file, so a killed process would leave a file that players call
empty. Writing the lengths in place, through a second file descriptor, needs no agreement with the recorder: it writes
the same eight bytes itself at the end, from its own count, and appends everywhere else. Samples are never touched. Data
is taken to be the last chunk, as every recorder of ours writes it.

RIFF/WAVE after "Multimedia Programming Interface and Data Specifications 1.0" (1991): RIFF length at offset 4, length
of the data chunk in the four bytes before its first sample, both little-endian.
"""

from __future__ import annotations

import os
import stat
import struct
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.base.audio import SAMPLE_BYTES, WavForm, header, parse_form
from bridge.base.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD_BYTES = 4096
HEADER_BYTES = 44
"""Shortest header of 16-bit PCM."""
CHUNK_BYTES = 65536
"""Read at once; a track is never in memory as a whole."""
LIMIT_BYTES = 0xFFFF_FFFE
"""Largest even chunk length that four bytes can name; 37 h at 16000 Hz. Beyond it, only the file's length is right."""
_LENGTH = struct.Struct("<I")


@dataclass(frozen=True, slots=True)
class Look:
    """A file at one moment."""

    samples: int
    """Whole samples on disk."""
    written_utc_ns: int
    """When it was last written to."""


@contextmanager
def opened(path: Path, flags: int) -> Iterator[int]:
    """A file descriptor of a regular file.

    Raises:
        AudioError: a pipe, device or folder lies there; a pipe would hold the reader for ever.
        OSError: it cannot be opened.
    """
    fd = os.open(path, flags | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise AudioError(f"{path.name}: not a regular file")
        yield fd
    finally:
        os.close(fd)


class Tail:
    """Reads the samples of one growing file once, in order. Owned by one thread; holds no descriptor between calls."""

    def __init__(self, path: Path, rate_hz: int) -> None:
        self.path = path
        self.form: WavForm | None = None
        """None until the header is on disk."""
        self._rate_hz = rate_hz
        self._taken = 0
        self._size = 0

    def look(self) -> Look:
        """Read the length, and the header once.

        Raises:
            AudioError: another kind of file, another rate than was announced, or it became shorter.
            OSError: it cannot be read; FileNotFoundError while the recorder has not made it.
        """
        with opened(self.path, os.O_RDONLY) as fd:
            if self.form is None:
                self.form = _form(fd, self.path.name)
            state = os.fstat(fd)
        if state.st_size < self._size:
            raise AudioError(f"{self.path.name}: {state.st_size} bytes, had {self._size} before")
        self._size = state.st_size
        if self.form is None:
            return Look(0, state.st_mtime_ns)
        if self.form.rate_hz != self._rate_hz:
            raise AudioError(f"{self.path.name}: {self.form.rate_hz} Hz, announced {self._rate_hz} Hz")
        return Look(max(0, state.st_size - self.form.data_at) // SAMPLE_BYTES, state.st_mtime_ns)

    def take(self, up_to: int, start: int = 0) -> Iterator[bytes]:
        """The PCM bytes not yet taken, up to sample `up_to`, in pieces of at most `CHUNK_BYTES`.

        Args:
            up_to: sample after the last one wanted.
            start: skip what lies before this sample.

        Raises:
            AudioError, OSError: as `look`. What was given out before stays taken.
        """
        if self.form is None:
            return
        self._taken = max(self._taken, start * SAMPLE_BYTES)
        with opened(self.path, os.O_RDONLY) as fd:
            while self._taken < up_to * SAMPLE_BYTES:
                want = min(CHUNK_BYTES, up_to * SAMPLE_BYTES - self._taken)
                data = os.pread(fd, want, self.form.data_at + self._taken)
                if len(data) < want:
                    raise AudioError(f"{self.path.name}: {len(data)} of {want} bytes at sample {self._taken // 2}")
                self._taken += want
                yield data


def repair(path: Path, rate_hz: int = 0) -> bool:
    """Make the header name what is on disk; return whether it did not before.

    Args:
        path: a file of one of our recorders, alive or dead.
        rate_hz: if given, a file too short to hold a header is made into an empty one of this rate. Only for dead
            recorders: a living one has its header still in memory.

    Raises:
        AudioError: not 16-bit mono PCM, not a regular file, or a header cut off and no rate given.
        OSError: it cannot be written.
    """
    with opened(path, os.O_RDWR) as fd:
        form = _form(fd, path.name)
        if form is None:
            size = os.fstat(fd).st_size
            if not rate_hz or size >= HEADER_BYTES:
                raise AudioError(f"{path.name}: {size} bytes hold no WAV header")
            os.ftruncate(fd, 0)
            os.pwrite(fd, header(rate_hz, 0), 0)
            return True
        return repair_lengths(fd, form)


def repair_lengths(fd: int, form: WavForm) -> bool:
    """As `repair`, for a file whose form is known. An odd last byte is left outside both lengths.

    Raises:
        OSError: it cannot be written.
    """
    size = os.fstat(fd).st_size
    data = min(max(0, size - form.data_at) // SAMPLE_BYTES * SAMPLE_BYTES, LIMIT_BYTES)
    wanted = {4: min(form.data_at + data - 8, LIMIT_BYTES), form.data_at - 4: data}
    changed = False
    for offset, length in wanted.items():
        if os.pread(fd, 4, offset) != _LENGTH.pack(length):
            os.pwrite(fd, _LENGTH.pack(length), offset)
            changed = True
    return changed


def named_bytes(path: Path) -> tuple[int, int, WavForm]:
    """What the header names and what is there: data bytes named, data bytes on disk, form.

    Raises:
        AudioError: not 16-bit mono PCM, not a regular file, or no whole header.
        OSError: it cannot be read.
    """
    with opened(path, os.O_RDONLY) as fd:
        form = _form(fd, path.name)
        size = os.fstat(fd).st_size
    if form is None:
        raise AudioError(f"{path.name}: {size} bytes hold no WAV header")
    return form.data_bytes, max(0, size - form.data_at), form


def _form(fd: int, name: str) -> WavForm | None:
    head = os.pread(fd, HEAD_BYTES, 0)
    if len(head) >= HEADER_BYTES:
        return parse_form(head, name)
    if not (b"RIFF".startswith(head[:4]) and b"WAVE".startswith(head[8:12])):
        raise AudioError(f"{name}: starts with {head[:4]!r}, expected RIFF and WAVE")
    return None
