"""Follows one track while its recorder writes: reads what is new, hashes it, judges it, repairs the header, keeps the
sidecar.

One look every quarter of a second, in the keeper's thread. It decides nothing about audio or time (health, track,
pace) and never touches the recorder. What it tells is told before the sidecar says so: after a crash in between, the
recovery tells a segment again with the same values, and none is ever left out.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bridge.base.audio import SAMPLE_BYTES, Samples
from bridge.base.clock import NS, Clock, Instant
from bridge.base.errors import AudioError
from bridge.base.terms import GapKind, Health
from bridge.base.wire import Fields
from bridge.recording import sidecar as sidecars
from bridge.recording.health import Change, Growth, Judge
from bridge.recording.segment import Segment, Segmenter
from bridge.recording.sidecar import Sidecar, Statistics, TrackState
from bridge.recording.track import Track
from bridge.recording.wav import Tail, named_bytes, opened, repair_lengths

REPAIR_NS = NS
"""A player sees the file as at most this much shorter than it is."""
TAKE_S = 60
"""Audio taken in one look; more has piled up only after a long stop, and the other tracks must have their turn."""
_FRESH_NS = 2 * NS
"""A file time further back, or in the future, comes from a clock that was set: the look's own time is used."""

Say = Callable[[str, Fields], None]


@dataclass(frozen=True, slots=True)
class TrackSpec:
    """What the line process knows of a track when it makes the recorder."""

    side: str
    call: str
    leg: str
    role: str
    path: Path
    """Of the WAV file: absolute, or relative to the recordings folder."""
    rate_hz: int
    t0: Instant
    language: str


class Followed:
    """One track being followed. Owned by the keeper's thread."""

    def __init__(self, spec: TrackSpec, root: Path, say: Say, clock: Clock) -> None:
        self.spec = spec
        self.wav = root / spec.path
        self._shown = self.wav.relative_to(root).as_posix() if self.wav.is_relative_to(root) else self.wav.as_posix()
        self._say = say
        self._clock = clock
        self._tail = Tail(self.wav, spec.rate_hz)
        self._track = Track(spec.rate_hz, spec.t0.mono_ns)
        self._judge = Judge(spec.rate_hz)
        self._growth = Growth(spec.rate_hz, spec.t0.mono_ns)
        self._segmenter = Segmenter(spec.rate_hz)
        self._segments: list[Segment] = []
        self._changes: list[Change] = []
        self._statistics: Statistics | None = None
        self._state = TrackState.OPEN
        self._heard = 0
        """Samples read, hashed and judged."""
        self._repaired_ns = 0
        self._repaired_to = 0
        self._is_kept = False
        """Whether the sidecar on disk says all that is known."""

    @property
    def health(self) -> Health:
        return self._judge.state

    def gap_started(self, kind: GapKind, at_ns: int) -> None:
        if self._track.open(kind, at_ns):
            self._is_kept = False

    def gap_ended(self, kind: GapKind, at_ns: int) -> None:
        if self._track.close(kind, at_ns):
            self._is_kept = False

    def count(self, statistics: Statistics) -> None:
        """Take RTP figures; they reach the disk with the next change worth keeping."""
        self._statistics = statistics

    def step(self) -> None:
        """Look once.

        Raises:
            AudioError: the file is not the recording it should be.
            OSError, StorageError: the disk refused. Another step carries on where this one stopped.
        """
        now = self._clock.now()
        try:
            samples = self._look(now)
            self._take(min(samples, self._heard + TAKE_S * self.spec.rate_hz))
            if samples > self._repaired_to and now.mono_ns - self._repaired_ns >= REPAIR_NS:
                self._repair(now, samples)
        finally:
            self._watch(now)
            self.keep()

    def is_complete(self) -> bool:
        """Whether the recorder has closed its file: the header names all that is there, and not by our hand.

        pjsua2 drops a recorder at the next tick of its clock, about 10 ms after it was asked to, and only then writes
        what it held back, up to half a second of sound. False as well where that was nothing: the caller waits no
        longer than it must.
        """
        try:
            named, there, _ = named_bytes(self.wav)
        except (AudioError, OSError):
            return False
        return 0 < there == named != self._repaired_to * SAMPLE_BYTES

    def finish(self, ended: Instant) -> None:
        """Read to the end and close the track; the recorder was dropped at `ended`. May be repeated.

        Raises:
            AudioError, OSError, StorageError: as `step`; what could be done is done.
        """
        try:
            samples = self._look(ended)
            self._take(samples)
            self._repair(ended, samples)
        finally:
            if self._state is TrackState.OPEN:
                self._state = TrackState.CLOSED
                for segment in self._segmenter.finish():
                    self._closed(segment)
                stall = self._track.finish(ended.mono_ns)
                if stall is not None:
                    self._tell_stall(stall.at, stall.missing)
                self._is_kept = False
                try:
                    self.keep()  # before the word: who hears that the track is closed may read its sidecar at once
                finally:
                    self._say("TrackClosed", {"leg": self.spec.leg, "samples": self._heard})
            self.keep()

    def keep(self) -> None:
        """Write the sidecar if something changed.

        Raises:
            StorageError: the disk refused; the next call tries again.
        """
        if not self._is_kept:
            self.wav.parent.mkdir(parents=True, exist_ok=True)
            sidecars.write(sidecars.beside(self.wav), self.sidecar())
            self._is_kept = True

    def sidecar(self) -> Sidecar:
        spec, track = self.spec, self._track
        return Sidecar(
            state=self._state,
            side=spec.side,
            call=spec.call,
            leg=spec.leg,
            role=spec.role,
            language=spec.language,
            path=self._shown,
            rate_hz=spec.rate_hz,
            t0=spec.t0,
            samples=self._heard,
            gaps=track.gaps,
            stalls=track.stalls,
            segments=tuple(self._segments),
            health=tuple(self._changes),
            statistics=self._statistics,
        )

    def _look(self, now: Instant) -> int:
        """Samples on disk; 0 while there is no file."""
        try:
            look = self._tail.look()
        except FileNotFoundError:
            if self._heard:
                raise  # it was there: somebody took it away
            self._track.observe(0, now.mono_ns, now.mono_ns)
            return 0
        age_ns = now.utc_ns - look.written_utc_ns
        written_ns = now.mono_ns - (age_ns if 0 <= age_ns <= _FRESH_NS else 0)
        stall = self._track.observe(look.samples, written_ns, now.mono_ns)
        if stall is not None:
            self._tell_stall(stall.at, stall.missing)
        return look.samples

    def _take(self, up_to: int) -> None:
        for data in self._tail.take(up_to):
            samples: Samples = np.frombuffer(data, dtype="<i2")
            for piece in self._track.pieces(self._heard, self._heard + samples.size):
                part = samples[piece.start - self._heard : piece.end - self._heard]
                self._changed(self._judge.hear(part, piece.is_excused))
            self._heard += len(data) // SAMPLE_BYTES
            closed = self._segmenter.feed(data)
            if closed:
                self._sync()
            for segment in closed:
                self._closed(segment)

    def _watch(self, now: Instant) -> None:
        is_growing = self._growth.observe(self._track.length, now.mono_ns, self._track.is_excused(now.mono_ns))
        self._changed(self._judge.grows(is_growing, self._track.length))

    def _sync(self) -> None:
        """Bring the samples to the disk before anybody is told their hash."""
        with opened(self.wav, os.O_RDONLY) as fd:
            os.fdatasync(fd)

    def _repair(self, now: Instant, samples: int) -> None:
        if self._tail.form is None:
            return
        with opened(self.wav, os.O_RDWR) as fd:
            repair_lengths(fd, self._tail.form)
        self._repaired_ns, self._repaired_to = now.mono_ns, samples

    def _closed(self, segment: Segment) -> None:
        self._segments.append(segment)
        self._is_kept = False
        self._say("SegmentClosed", segment_fields(self.spec.leg, segment))

    def _changed(self, changes: list[Change]) -> None:
        for change in changes:
            self._changes.append(change)
            self._is_kept = False
            self._say(
                "HealthChanged",
                {
                    "leg": self.spec.leg,
                    "was": change.was.value,
                    "now": change.now.value,
                    "at_sample": change.at_sample,
                },
            )

    def _tell_stall(self, at: int, missing: int) -> None:
        self._is_kept = False
        self._say("TrackStalled", {"leg": self.spec.leg, "at_sample": at, "missing_samples": missing})


def segment_fields(leg: str, segment: Segment) -> Fields:
    """What the journal says of a closed segment."""
    return {"leg": leg, "from": segment.start, "to": segment.end, "sha256": segment.sha256}
