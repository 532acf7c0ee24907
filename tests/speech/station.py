"""A station's data folder for tests of the speech room: a line journal, tracks that grow, a speech journal to read."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from bridge.base.audio import Samples, header, read_wav
from bridge.base.clock import Clock
from bridge.base.wire import Entry, Follower, Journal
from bridge.speech.resample import resample
from bridge.speech.results import Final, read_final

RATE = 8000
CALL = "us-20261123T100512Z-3f9a"
STEP_BYTES = 4096
"""What a recorder writes at a time: 256 ms."""
SHARED = Path(__file__).parents[3] / "shared" / "speech"


def spoken(seconds: float = 20.0) -> Samples:
    """Read English at telephone rate, from the recogniser's own package: half a second of silence, then speech."""
    spec = find_spec("moonshine_voice")
    assert spec is not None and spec.submodule_search_locations
    samples, rate_hz = read_wav(Path(spec.submodule_search_locations[0]) / "assets" / "two_cities.wav")
    speech = telephone_rate(samples[: round(seconds * rate_hz)], rate_hz)
    return np.concatenate([silence(0.5), speech, silence(1.0)])


def telephone_rate(samples: Samples, rate_hz: int) -> Samples:
    return np.clip(np.rint(resample(samples, rate_hz, RATE) * 32767), -32768, 32767).astype(np.int16)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), dtype=np.int16)


class Station:
    """The line's half of a data folder, played by the test."""

    def __init__(self, data: Path, clock: Clock) -> None:
        self.data = data
        self.line = Journal(data / "journal" / "line.jsonl", clock)

    def open(self, role: str = "side", number: int = 1, language: str = "en", path: str = "") -> Growing:
        leg = f"{CALL}/{role}-{number}"
        path = path or f"2026/11/23/{leg}.wav"
        file = self.data / "recordings" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        self.line.append(
            "TrackOpened",
            {
                "call": CALL,
                "leg": leg,
                "role": role,
                "path": path,
                "rate_hz": RATE,
                "t0_mono_ns": "1",
                "t0_utc": "2026-11-23T10:05:12.000000Z",
                "language": language,
            },
        )
        return Growing(self, leg, file)

    def heard(self, kind: str = "", leg: str = "") -> list[Entry]:
        """Entries of the speech journal."""
        return [
            entry
            for entry in Follower(self.data / "journal" / "speech.jsonl").read()
            if kind in ("", entry.kind) and leg in ("", entry.data.get("leg"))
        ]

    def finals(self, leg: str = "") -> list[Final]:
        return [read_final(entry) for entry in self.heard("Final", leg)]


class Growing:
    """One track, written in the recorder's steps."""

    def __init__(self, station: Station, leg: str, file: Path) -> None:
        self.station = station
        self.leg = leg
        self.file = file
        self.samples = 0
        file.write_bytes(header(RATE, 0))

    def write(self, samples: Samples) -> None:
        with self.file.open("ab") as file:
            file.write(samples.astype("<i2").tobytes())
        self.samples += samples.size

    def close(self, samples: int | None = None) -> None:
        self.station.line.append("TrackClosed", {"leg": self.leg, "samples": samples or self.samples})


def steps(samples: Samples) -> Iterator[Samples]:
    """The samples as a recorder writes them."""
    size = STEP_BYTES // 2
    for at in range(0, samples.size, size):
        yield samples[at : at + size]
