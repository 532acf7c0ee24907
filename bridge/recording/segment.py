"""Segments: the SHA-256 of every ten seconds of a track's samples, taken while it grows and checked afterwards.

A segment is closed once and never again; from then on any changed byte of it is found. Only sample bytes are hashed:
the header changes while a file grows. The last segment may be shorter. What a hash proves, and to whom, is the
ledger's business.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bridge.base.audio import SAMPLE_BYTES
from bridge.recording.wav import CHUNK_BYTES, named_bytes, opened

SEGMENT_S = 10


@dataclass(frozen=True, slots=True)
class Segment:
    start: int
    """First sample."""
    end: int
    """Sample after the last."""
    sha256: str
    """Of the samples' bytes as they lie in the file, 16-bit little-endian; 64 lower-case hexadecimal digits."""


class Segmenter:
    """Cuts a stream of PCM bytes into segments. Holds a hash, never the bytes.

    Args:
        rate_hz: samples a second.
        start: sample with which the stream begins: the end of the last closed segment.
    """

    def __init__(self, rate_hz: int, start: int = 0) -> None:
        self._size = SEGMENT_S * rate_hz * SAMPLE_BYTES
        self._start = start
        self._hash = hashlib.sha256()
        self._fill = 0

    def feed(self, data: bytes) -> list[Segment]:
        """Take the next bytes, whole samples; return the segments they closed."""
        closed: list[Segment] = []
        view = memoryview(data)
        while len(view):
            part = view[: self._size - self._fill]
            self._hash.update(part)
            self._fill += len(part)
            view = view[len(part) :]
            if self._fill == self._size:
                closed.append(self._close())
        return closed

    def finish(self) -> list[Segment]:
        """Close what is left: one segment or none."""
        return [self._close()] if self._fill else []

    def _close(self) -> Segment:
        segment = Segment(self._start, self._start + self._fill // SAMPLE_BYTES, self._hash.hexdigest())
        self._start, self._fill, self._hash = segment.end, 0, hashlib.sha256()
        return segment


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of checking a file against its segments."""

    good: int
    """Segments whose bytes are unchanged."""
    altered: tuple[Segment, ...]
    """Those whose bytes are others than when they were closed, or are not there."""
    uncovered: int
    """Samples behind the last segment, which no hash protects."""

    @property
    def is_sound(self) -> bool:
        return not self.altered and not self.uncovered


def verify(path: Path, segments: Iterable[Segment]) -> Verdict:
    """Hash the file again and compare.

    Raises:
        AudioError: not 16-bit mono PCM.
        OSError: the file cannot be read.
    """
    _, size, form = named_bytes(path)
    good, end, altered = 0, 0, []
    with opened(path, os.O_RDONLY) as fd:
        for segment in segments:
            end = segment.end
            start_byte, end_byte = segment.start * SAMPLE_BYTES, segment.end * SAMPLE_BYTES
            if end_byte <= size and _hash(fd, form.data_at + start_byte, end_byte - start_byte) == segment.sha256:
                good += 1
            else:
                altered.append(segment)
    return Verdict(good, tuple(altered), max(0, size // SAMPLE_BYTES - end))


def _hash(fd: int, offset: int, count: int) -> str:
    digest = hashlib.sha256()
    while count > 0 and (data := os.pread(fd, min(CHUNK_BYTES, count), offset)):
        digest.update(data)
        offset, count = offset + len(data), count - len(data)
    return digest.hexdigest()
