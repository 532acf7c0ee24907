"""Says what one track on disk is worth: its length, its gaps, its health, and whether its bytes are unchanged.

It prints nothing and repairs nothing; whatever is wrong with the files is named, never raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bridge.base.audio import SAMPLE_BYTES
from bridge.base.errors import AudioError, WireError
from bridge.base.wire import Fields
from bridge.recording import sidecar as sidecars
from bridge.recording.health import Change
from bridge.recording.segment import verify
from bridge.recording.sidecar import Sidecar, TrackState
from bridge.recording.track import Gap
from bridge.recording.wav import named_bytes


@dataclass(frozen=True, slots=True)
class Description:
    path: Path
    leg: str
    """Empty without a sidecar."""
    state: str
    """`open`, `closed`, `recovered`, or empty without a sidecar."""
    t0_utc: str
    rate_hz: int
    samples: int
    """In the file."""
    missing_samples: int
    """In stalls: time that never reached the file."""
    gaps: tuple[Gap, ...]
    health: tuple[Change, ...]
    segments: int
    segments_good: int
    problems: tuple[str, ...]
    """One sentence each; empty if file and sidecar agree."""

    @property
    def length_ms(self) -> int:
        """Time from the first sample to the last, stalls included."""
        return (self.samples + self.missing_samples) * 1000 // self.rate_hz if self.rate_hz else 0

    @property
    def is_sound(self) -> bool:
        return not self.problems

    def fields(self) -> Fields:
        """The same for a program that reads JSON."""
        return {
            "path": self.path.as_posix(),
            "leg": self.leg,
            "state": self.state,
            "t0_utc": self.t0_utc,
            "rate_hz": self.rate_hz,
            "samples": self.samples,
            "missing_samples": self.missing_samples,
            "length_ms": self.length_ms,
            "gaps": [{"kind": g.kind.value, "from": g.from_sample, "to": g.to_sample} for g in self.gaps],
            "health": [{"was": c.was.value, "now": c.now.value, "at_sample": c.at_sample} for c in self.health],
            "segments": self.segments,
            "segments_good": self.segments_good,
            "problems": list(self.problems),
        }


def describe(path: Path) -> Description:
    """Describe a WAV file with its sidecar. Reads the whole file; never raises for what it finds there."""
    problems: list[str] = []
    rate_hz = samples = 0
    try:
        named, size, form = named_bytes(path)
        rate_hz, samples = form.rate_hz, size // SAMPLE_BYTES
        if named != samples * SAMPLE_BYTES:
            problems.append(f"the header names {named} bytes of audio, {size} are there")
    except (AudioError, OSError) as error:
        problems.append(f"the file cannot be read: {_text(error)}")
    try:
        sidecar = sidecars.read(sidecars.beside(path))
    except FileNotFoundError:
        return _alone(path, rate_hz, samples, [*problems, "there is no sidecar"])
    except (WireError, OSError) as error:
        return _alone(path, rate_hz, samples, [*problems, f"the sidecar cannot be read: {_text(error)}"])
    good = 0
    if rate_hz:
        problems += _disagreements(sidecar, rate_hz, samples)
        good, altered = _altered(path, sidecar)
        problems += altered
    return Description(
        path,
        sidecar.leg,
        sidecar.state.value,
        sidecar.t0.utc,
        rate_hz or sidecar.rate_hz,
        samples,
        sum(stall.missing for stall in sidecar.stalls),
        sidecar.gaps,
        sidecar.health,
        len(sidecar.segments),
        good,
        tuple(problems),
    )


def _disagreements(sidecar: Sidecar, rate_hz: int, samples: int) -> list[str]:
    found = []
    if rate_hz != sidecar.rate_hz:
        found.append(f"the file has {rate_hz} Hz, the sidecar says {sidecar.rate_hz} Hz")
    if sidecar.state is not TrackState.OPEN and samples != sidecar.samples:
        found.append(f"the file has {samples} samples, the sidecar says {sidecar.samples}")
    return found


def _altered(path: Path, sidecar: Sidecar) -> tuple[int, list[str]]:
    """How many segments are unchanged, and what is wrong with the others."""
    try:
        verdict = verify(path, sidecar.segments)
    except (AudioError, OSError) as error:
        return 0, [f"the samples cannot be read: {_text(error)}"]
    found = [f"samples {bad.start} to {bad.end} are not the ones recorded" for bad in verdict.altered]
    if verdict.uncovered and sidecar.state is not TrackState.OPEN:
        found.append(f"{verdict.uncovered} samples at the end belong to no segment")
    return verdict.good, found


def _alone(path: Path, rate_hz: int, samples: int, problems: list[str]) -> Description:
    return Description(path, "", "", "", rate_hz, samples, 0, (), (), 0, 0, tuple(problems))


def _text(error: Exception) -> str:
    return (error.strerror or "unknown") if isinstance(error, OSError) else str(error)
