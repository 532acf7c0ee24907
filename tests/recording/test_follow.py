"""One track followed on a real file, step by step, with a clock that moves when told."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from bridge.base.audio import Samples, header, read_wav
from bridge.base.clock import NS, Instant, ManualClock
from bridge.base.errors import AudioError, StorageError
from bridge.base.terms import GapKind, Health
from bridge.base.wire import Fields
from bridge.recording import sidecar as sidecars
from bridge.recording.follow import Followed, TrackSpec
from bridge.recording.sidecar import Sidecar, Statistics, TrackState
from bridge.recording.wav import repair

RATE = 8000
CALL = "us-20261123T100512Z-3f9a"
LEG = f"{CALL}/side-1"


class Desk:
    """A track, the file that a recorder writes for it, and what was said about it."""

    def __init__(self, root: Path) -> None:
        self.clock = ManualClock()
        self.said: list[tuple[str, Fields]] = []
        self.wav = root / "2026" / "11" / "23" / CALL / "side-1.wav"
        spec = TrackSpec("us", CALL, LEG, "side", self.wav.relative_to(root), RATE, self.clock.now(), "en")
        self.track = Followed(spec, root, lambda kind, fields: self.said.append((kind, fields)), self.clock)
        self.rng = np.random.default_rng(1)
        self.audio: list[bytes] = []

    @property
    def now(self) -> Instant:
        return self.clock.now()

    def write(self, samples: Samples) -> None:
        if not self.wav.exists():
            self.wav.parent.mkdir(parents=True, exist_ok=True)
            self.wav.write_bytes(header(RATE, 0)[:4] + bytes(4) + header(RATE, 0)[8:])
        with self.wav.open("ab") as file:
            file.write(samples.astype("<i2").tobytes())
        self.audio.append(samples.astype("<i2").tobytes())

    def noise(self, seconds: float) -> Samples:
        return np.round(self.rng.normal(0, 2000, round(seconds * RATE))).astype(np.int16)

    def run(self, seconds: float, samples: Samples | None = None, step: bool = True) -> None:
        """Time passes in quarters of a second while the recorder writes."""
        data = self.noise(seconds) if samples is None else samples
        for part in np.array_split(data, round(seconds * 4)):
            self.clock.advance(0.25)
            if part.size:
                self.write(part)
            if step:
                self.track.step()

    def stand(self, seconds: float) -> None:
        """Time passes and nothing is written."""
        self.run(seconds, np.zeros(0, dtype=np.int16))

    def of(self, kind: str) -> list[Fields]:
        return [fields for said, fields in self.said if said == kind]

    def sidecar(self) -> Sidecar:
        return sidecars.read(sidecars.beside(self.wav))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_segments_are_told_as_they_close(desk: Desk) -> None:
    """Every ten seconds one segment with the hash of its samples; the rest at the end."""
    desk.run(25)
    told = desk.of("SegmentClosed")
    assert [(f["from"], f["to"]) for f in told] == [(0, 80000), (80000, 160000)]
    desk.track.finish(desk.now)
    told = desk.of("SegmentClosed")
    pcm = b"".join(desk.audio)
    assert [f["sha256"] for f in told] == [
        hashlib.sha256(pcm[2 * int(str(f["from"])) : 2 * int(str(f["to"]))]).hexdigest() for f in told
    ]
    assert told[-1]["to"] == 200000
    assert desk.of("TrackClosed") == [{"leg": LEG, "samples": 200000}]


def test_header_names_the_length_while_it_grows(desk: Desk) -> None:
    """Within a second and a look, a player sees what is there."""
    desk.run(5)
    samples, rate = read_wav(desk.wav)
    assert rate == RATE
    assert 5 * RATE - 1.25 * RATE <= samples.size <= 5 * RATE
    desk.track.finish(desk.now)
    assert read_wav(desk.wav)[0].size == 5 * RATE


def test_sidecar_is_there_before_the_file(desk: Desk) -> None:
    desk.track.step()
    assert not desk.wav.exists()
    sidecar = desk.sidecar()
    assert (sidecar.state, sidecar.leg, sidecar.samples) == (TrackState.OPEN, LEG, 0)
    assert sidecar.path == f"2026/11/23/{CALL}/side-1.wav"


def test_closed_sidecar_holds_everything(desk: Desk) -> None:
    desk.run(4)
    desk.track.gap_started(GapKind.HOLD, desk.now.mono_ns)
    desk.run(10, np.zeros(10 * RATE, dtype=np.int16))
    desk.track.gap_ended(GapKind.HOLD, desk.now.mono_ns)
    desk.run(2)
    desk.track.count(Statistics(800, 3, 1200))
    desk.track.finish(desk.now)
    sidecar = desk.sidecar()
    assert sidecar.state is TrackState.CLOSED
    assert sidecar.samples == 16 * RATE
    assert [(g.kind, g.from_sample, g.to_sample) for g in sidecar.gaps] == [(GapKind.HOLD, 4 * RATE, 14 * RATE)]
    assert [s.end for s in sidecar.segments] == [80000, 128000]
    assert sidecar.statistics == Statistics(800, 3, 1200)
    assert sidecar.health == ()
    assert desk.of("HealthChanged") == []


def test_silence_is_told_within_ten_seconds(desk: Desk) -> None:
    desk.run(3)
    began = desk.now.mono_ns
    while not desk.of("HealthChanged"):
        desk.run(0.25, np.zeros(RATE // 4, dtype=np.int16))
        assert desk.now.mono_ns - began <= 10 * NS
    assert desk.of("HealthChanged") == [{"leg": LEG, "was": "good", "now": "silent", "at_sample": 3 * RATE}]
    assert [c.now for c in desk.sidecar().health] == [Health.SILENT]


def test_file_that_stops_growing_is_told_within_ten_seconds(desk: Desk) -> None:
    desk.run(20)
    desk.stand(5)
    assert [f["now"] for f in desk.of("HealthChanged")] == ["missing"]
    assert desk.track.health is Health.MISSING


def test_file_that_never_comes_is_told_within_ten_seconds(desk: Desk) -> None:
    desk.stand(6)
    assert [f["now"] for f in desk.of("HealthChanged")] == ["missing"]
    desk.track.finish(desk.now)
    assert desk.of("TrackClosed") == [{"leg": LEG, "samples": 0}]
    assert desk.sidecar().samples == 0


def test_header_without_samples_is_missing(desk: Desk) -> None:
    """The 44-byte file of a dead recorder."""
    desk.write(np.zeros(0, dtype=np.int16))
    desk.stand(6)
    assert [f["now"] for f in desk.of("HealthChanged")] == ["missing"]


def test_stalled_clock_is_a_gap(desk: Desk) -> None:
    """Three seconds that were never written: the samples after them keep their true time."""
    desk.run(12)
    desk.stand(3)
    desk.run(5)
    desk.track.finish(desk.now)
    (told,) = desk.of("TrackStalled")
    assert told == {"leg": LEG, "at_sample": 12 * RATE, "missing_samples": 3 * RATE}
    sidecar = desk.sidecar()
    assert [(s.at, s.missing) for s in sidecar.stalls] == [(12 * RATE, 3 * RATE)]
    (gap,) = sidecar.gaps
    assert (gap.kind, gap.to_ns) == (GapKind.STALL, sidecar.t0.mono_ns + 15 * NS)


def test_stall_at_the_end_is_told(desk: Desk) -> None:
    desk.run(12)
    desk.clock.advance(4)
    desk.track.finish(desk.now)
    assert [f["missing_samples"] for f in desk.of("TrackStalled")] == [4 * RATE]


def test_changed_announced_rate_is_refused(desk: Desk) -> None:
    desk.wav.parent.mkdir(parents=True)
    desk.wav.write_bytes(header(16000, 0) + bytes(9000))
    with pytest.raises(AudioError, match="16000 Hz, announced 8000 Hz"):
        desk.track.step()
    assert desk.sidecar().state is TrackState.OPEN


def test_shortened_file_is_refused(desk: Desk) -> None:
    desk.run(5)
    with desk.wav.open("r+b") as file:
        file.truncate(1000)
    with pytest.raises(AudioError, match="1000 bytes, had"):
        desk.track.step()


def test_removed_file_is_refused(desk: Desk) -> None:
    desk.run(5)
    desk.wav.unlink()
    with pytest.raises(FileNotFoundError):
        desk.track.step()
    with pytest.raises(FileNotFoundError):
        desk.track.finish(desk.now)
    assert desk.sidecar().state is TrackState.CLOSED
    assert desk.sidecar().segments[-1].end == 5 * RATE


def test_sidecar_is_tried_again(desk: Desk) -> None:
    """A disk that refused once gets the same sidecar at the next look."""
    desk.run(1)
    blocked = sidecars.beside(desk.wav).with_name("side-1.json.new")
    blocked.mkdir()
    desk.track.gap_started(GapKind.NO_RTP, desk.now.mono_ns)
    with pytest.raises(StorageError):
        desk.track.step()
    assert desk.sidecar().gaps == ()
    blocked.rmdir()
    desk.track.step()
    assert [g.kind for g in desk.sidecar().gaps] == [GapKind.NO_RTP]


def test_sidecar_is_left_alone_when_nothing_changes(desk: Desk) -> None:
    desk.run(2)
    path = sidecars.beside(desk.wav)
    before = path.stat().st_ino
    desk.run(3)
    assert path.stat().st_ino == before


def test_backlog_is_taken_in_turns(desk: Desk) -> None:
    """After a long stop of the follower one look takes a minute of audio at most, and nothing is lost."""
    desk.track.step()
    desk.run(150, step=False)
    desk.track.step()
    assert len(desk.of("SegmentClosed")) == 6
    desk.track.step()
    desk.track.step()
    assert len(desk.of("SegmentClosed")) == 15
    assert desk.of("TrackStalled") == []


def test_finish_twice_says_once(desk: Desk) -> None:
    desk.run(2)
    desk.track.finish(desk.now)
    desk.track.finish(desk.now)
    assert len(desk.of("TrackClosed")) == 1


def test_odd_last_byte_is_not_a_sample(desk: Desk) -> None:
    desk.run(1)
    with desk.wav.open("ab") as file:
        file.write(b"\x01")
    desk.track.finish(desk.now)
    assert desk.of("TrackClosed") == [{"leg": LEG, "samples": RATE}]
    assert read_wav(desk.wav)[0].size == RATE


def test_gap_told_twice_is_one(desk: Desk) -> None:
    """The line may say again what it said: the first beginning and the first end stand, nothing is rewritten."""
    desk.run(1)
    start = desk.now.mono_ns
    desk.track.gap_started(GapKind.HOLD, start)
    desk.run(1)
    desk.track.gap_started(GapKind.HOLD, desk.now.mono_ns)
    desk.track.gap_ended(GapKind.HOLD, desk.now.mono_ns)
    desk.run(1)
    before = sidecars.beside(desk.wav).stat().st_ino
    desk.track.gap_ended(GapKind.HOLD, desk.now.mono_ns)
    desk.track.step()
    assert sidecars.beside(desk.wav).stat().st_ino == before
    assert [(g.from_ns, g.to_sample) for g in desk.sidecar().gaps] == [(start, 2 * RATE)]


def test_complete_only_when_the_recorder_has_closed_its_file(desk: Desk) -> None:
    """Our own repair looks like a closed file; only lengths that we did not write are the recorder's last word."""
    assert not desk.track.is_complete()
    desk.write(np.zeros(0, dtype=np.int16))
    assert not desk.track.is_complete()
    desk.run(3)
    desk.clock.advance(2)
    desk.track.step()
    assert read_wav(desk.wav)[0].size == 3 * RATE
    assert not desk.track.is_complete()
    desk.write(desk.noise(0.3))
    assert not desk.track.is_complete()
    repair(desk.wav)
    assert desk.track.is_complete()
