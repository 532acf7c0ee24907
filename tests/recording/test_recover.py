"""After a kill: every track opens in ordinary players, its end is marked, nothing is told that is not on the disk."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bridge.base.audio import header
from bridge.base.clock import NS, Instant, SystemClock
from bridge.base.terms import GapKind
from bridge.base.wire import Fields
from bridge.recording import sidecar as sidecars
from bridge.recording.describe import describe
from bridge.recording.recover import OPEN_LIST, OpenList, Recovered, recover
from bridge.recording.segment import Segmenter
from bridge.recording.sidecar import Sidecar, T0From, TrackState
from bridge.recording.track import Gap

RATE = 8000
CALL = "us-20261123T100512Z-3f9a"
RECORDER = Path(__file__).with_name("recorder_process.py")
LINE = f"""
import subprocess, sys, threading
from pathlib import Path
sys.path.insert(0, {str(Path.cwd())!r})
from bridge.base.clock import SystemClock
from bridge.base.wire import Journal
from bridge.recording.keeper import Keeper, TrackSpec
root, clock = Path(sys.argv[1]), SystemClock()
wav = root / "2026/11/23" / {CALL!r} / "side-1.wav"
wav.parent.mkdir(parents=True)
journal = Journal(root / "line.jsonl", clock)
keeper = Keeper(root, journal.append, clock)
keeper.start()
t0 = clock.now()
keeper.opened(TrackSpec("us", {CALL!r}, {CALL + "/side-1"!r}, "side", wav, 8000, t0, "en"))
sys.path.insert(0, {str(RECORDER.parent)!r})
import recorder_process
recorder_process.main(str(wav), 8000, 600, float(sys.argv[2]))
"""
"""A line process in one piece: recorder and keeper die together."""


class Said(list[tuple[str, Fields]]):
    def __call__(self, kind: str, fields: Fields) -> None:
        self.append((kind, fields))

    def of(self, kind: str) -> list[Fields]:
        return [fields for said, fields in self if said == kind]


def wav_in(root: Path, name: str = "side-1", day: str = "2026/11/23") -> Path:
    path = root / day / CALL / f"{name}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def killed(root: Path, seconds_ahead: float, alive_s: float) -> Path:
    """Run a line process, kill it in mid-write, return its track."""
    child = subprocess.Popen([sys.executable, "-c", LINE, str(root), str(seconds_ahead)])
    wav = root / "2026/11/23" / CALL / "side-1.wav"
    try:
        deadline = time.monotonic() + 20
        while not (wav.exists() and wav.stat().st_size > 8192 and sidecars.beside(wav).exists()):
            assert time.monotonic() < deadline and child.poll() is None
            time.sleep(0.01)
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(alive_s)
    finally:
        child.kill()
        child.wait()
    return wav


def played(wav: Path) -> tuple[int, float]:
    """Samples as sox counts them, seconds as ffmpeg decodes them."""
    for tool in ("soxi", "sox", "ffmpeg"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed: foreign players cannot be asked")
    count = subprocess.run(["soxi", "-s", wav], capture_output=True, text=True, check=True)
    assert "WARN" not in count.stderr
    decoded = subprocess.run(["sox", wav, "-t", "raw", "-"], capture_output=True, check=True)
    assert len(decoded.stdout) == 2 * int(count.stdout)
    assert decoded.stderr == b""
    words = ["ffmpeg", "-v", "error", "-xerror", "-i", str(wav), "-f", "s16le", "-"]
    raw = subprocess.run(words, capture_output=True, check=True)
    assert raw.stderr == b""
    return int(count.stdout), len(raw.stdout) / 2 / RATE


@pytest.mark.fault
@pytest.mark.parametrize(("ahead_s", "alive_s"), [(0.0, 1.7), (12.0, 1.3), (33.3, 2.1)])
def test_killed_in_mid_write(tmp_path: Path, ahead_s: float, alive_s: float) -> None:
    """kill -9 of recorder and follower: opens before recovery, is whole after it, every sample is the one heard."""
    wav = killed(tmp_path, ahead_s, alive_s)
    before, _ = played(wav)
    assert before >= (wav.stat().st_size - 44) // 2 - 2 * RATE
    said = Said()
    (found,) = recover(tmp_path, said, SystemClock())
    assert found == Recovered(f"{CALL}/side-1", wav, (wav.stat().st_size - 44) // 2)
    samples, seconds = played(wav)
    assert samples == found.samples
    assert seconds == pytest.approx(samples / RATE)
    data = wav.read_bytes()[44:]
    assert list(struct.unpack(f"<{samples}h", data)) == [n * 7919 % 20011 - 10000 for n in range(samples)]
    description = describe(wav)
    assert description.problems == ()
    assert description.state == "recovered"
    lost = description.gaps[-1]
    assert (lost.kind, lost.from_sample, lost.to_sample) == (GapKind.LOST, samples, samples)
    assert said.of("TrackRecovered") == [
        {"leg": f"{CALL}/side-1", "path": f"2026/11/23/{CALL}/side-1.wav", "samples": samples}
    ]
    told = [
        json.loads(line)
        for line in (tmp_path / "line.jsonl").read_bytes().splitlines(keepends=True)
        if line[-1:] == b"\n"
    ]
    ends = {e["data"]["to"] for e in told if e["kind"] == "SegmentClosed"} | {f["to"] for f in said.of("SegmentClosed")}
    assert ends == {s.end for s in sidecars.read(sidecars.beside(wav)).segments}


def test_second_recovery_finds_nothing(tmp_path: Path) -> None:
    wav = killed(tmp_path, 0, 0.5)
    assert len(recover(tmp_path, Said(), SystemClock())) == 1
    sidecar = sidecars.beside(wav).read_bytes()
    said = Said()
    assert recover(tmp_path, said, SystemClock()) == []
    assert said == []
    assert sidecars.beside(wav).read_bytes() == sidecar
    assert OpenList(tmp_path).read() == []


def left_open(root: Path, data: bytes, gaps: tuple[Gap, ...] = (), closed: int = 0, name: str = "side-1") -> Path:
    """A track as a dead process leaves it: header without lengths, sidecar open, name in the list."""
    wav = wav_in(root, name)
    wav.write_bytes(header(RATE, 0)[:4] + bytes(4) + header(RATE, 0)[8:] + data)
    segments = Segmenter(RATE).feed(data)[:closed]
    sidecars.write(
        sidecars.beside(wav),
        Sidecar(
            TrackState.OPEN, "us", CALL, f"{CALL}/{name}", "side", "en", wav.relative_to(root).as_posix(), RATE,
            SystemClock().now(), gaps=gaps, segments=tuple(segments), samples=10 * RATE * closed,
        ),
    )  # fmt: skip
    OpenList(root).add(wav)
    return wav


def test_only_what_is_not_yet_hashed_is_told(tmp_path: Path) -> None:
    data = os.urandom(2 * 25 * RATE)
    wav = left_open(tmp_path, data, closed=1)
    said = Said()
    recover(tmp_path, said, SystemClock())
    assert [(f["from"], f["to"]) for f in said.of("SegmentClosed")] == [(80000, 160000), (160000, 200000)]
    assert describe(wav).segments_good == 3
    assert [kind for kind, _ in said] == ["SegmentClosed", "SegmentClosed", "TrackRecovered"]


def test_open_gaps_end_with_the_last_sample(tmp_path: Path) -> None:
    wav = left_open(tmp_path, bytes(2 * 3 * RATE))
    t0 = sidecars.read(sidecars.beside(wav)).t0
    sidecar = sidecars.read(sidecars.beside(wav))
    hold = Gap(GapKind.HOLD, t0.mono_ns + NS, None, RATE, None)
    sidecars.write(sidecars.beside(wav), Sidecar(**{**_fields(sidecar), "gaps": (hold,)}))  # type: ignore[arg-type]
    recover(tmp_path, Said(), SystemClock())
    kinds = [(g.kind, g.from_sample, g.to_sample) for g in describe(wav).gaps]
    assert kinds == [(GapKind.HOLD, RATE, 3 * RATE), (GapKind.LOST, 3 * RATE, 3 * RATE)]


def _fields(sidecar: Sidecar) -> dict[str, object]:
    return {name: getattr(sidecar, name) for name in Sidecar.__dataclass_fields__}


@pytest.mark.parametrize("size", [0, 20, 43])
def test_track_killed_before_its_header(tmp_path: Path, size: int) -> None:
    wav = left_open(tmp_path, b"")
    wav.write_bytes(header(RATE, 0)[:size])
    (found,) = recover(tmp_path, Said(), SystemClock())
    assert found.samples == 0
    assert played(wav)[0] == 0


def test_track_killed_before_its_file(tmp_path: Path) -> None:
    wav = left_open(tmp_path, b"")
    wav.unlink()
    (found,) = recover(tmp_path, Said(), SystemClock())
    assert found.samples == 0
    assert sidecars.read(sidecars.beside(wav)).state is TrackState.RECOVERED
    assert not wav.exists()


def test_file_without_sidecar(tmp_path: Path) -> None:
    """Its names come from its place, its time from the file, and it says so."""
    wav = wav_in(tmp_path, "operator-2")
    wav.write_bytes(header(16000, 0) + bytes(64000))
    os.utime(wav, ns=(0, 1_795_428_312 * NS))
    (found,) = recover(tmp_path, Said(), SystemClock())
    assert found == Recovered(f"{CALL}/operator-2", wav, 32000)
    sidecar = sidecars.read(sidecars.beside(wav))
    assert (sidecar.side, sidecar.call, sidecar.role, sidecar.rate_hz) == ("us", CALL, "operator", 16000)
    assert (sidecar.t0_from, sidecar.t0.utc_ns) == (T0From.FILE_TIME, 1_795_428_310 * NS)
    assert recover(tmp_path, Said(), SystemClock()) == []


def test_empty_file_without_sidecar(tmp_path: Path) -> None:
    wav = wav_in(tmp_path)
    wav.touch()
    assert [found.samples for found in recover(tmp_path, Said(), SystemClock())] == [0]
    assert played(wav)[0] == 0


def test_damaged_sidecar_is_kept_aside(tmp_path: Path) -> None:
    wav = left_open(tmp_path, bytes(2000))
    sidecars.beside(wav).write_bytes(b'{"v": 1, "state": "op')
    assert len(recover(tmp_path, Said(), SystemClock())) == 1
    assert wav.with_name("side-1.json.damaged").read_bytes() == b'{"v": 1, "state": "op'
    assert describe(wav).problems == ()


def test_track_that_cannot_be_finished_is_an_alarm_and_stays(tmp_path: Path) -> None:
    """A file shorter than its hashes, and one that is no audio: alarms; the third is finished all the same."""
    short = left_open(tmp_path, bytes(2 * 10 * RATE), closed=1, name="side-1")
    os.truncate(short, 1000)
    other = left_open(tmp_path, b"", name="side-2")
    other.write_bytes(b"not audio " * 10)
    left_open(tmp_path, bytes(100), name="side-3")
    for _ in range(2):
        said = Said()
        found = recover(tmp_path, said, SystemClock())
        assert [f["leg"] for f in said.of("AlarmRaised")] == [f"{CALL}/side-1", f"{CALL}/side-2"]
        assert said.of("AlarmRaised")[0] == {
            "alarm": "recording-lost", "priority": "HIGH", "call": CALL, "leg": f"{CALL}/side-1",
        }  # fmt: skip
        if _ == 0:
            assert [one.leg for one in found] == [f"{CALL}/side-3"]
    assert other.read_bytes() == b"not audio " * 10
    assert short.stat().st_size == 1000


def test_old_days_are_not_read(tmp_path: Path) -> None:
    """Only listed tracks and the last two days are looked at: starting takes no longer after a year."""
    for day in ("2025/11/23", "2026/11/22", "2026/11/23"):
        wav_in(tmp_path, day=day).write_bytes(header(RATE, 0) + bytes(10))
    OpenList(tmp_path).clear()
    assert [r.path.relative_to(tmp_path).as_posix()[:10] for r in recover(tmp_path, Said(), SystemClock())] == [
        "2026/11/22",
        "2026/11/23",
    ]


def test_listed_track_of_an_old_day_is_finished(tmp_path: Path) -> None:
    old = wav_in(tmp_path, day="2025/01/02")
    for day in ("2025/01/02", "2026/11/22", "2026/11/23"):
        wav_in(tmp_path, day=day).write_bytes(header(RATE, 0) + bytes(10))
    OpenList(tmp_path).add(old)
    assert len(recover(tmp_path, Said(), SystemClock())) == 3


@pytest.mark.parametrize("content", [b"", b"{", b'{"v":2,"open":[]}', b'{"v":1,"open":[1]}', b"[" * 100_000])
def test_damaged_list_means_looking_everywhere(tmp_path: Path, content: bytes) -> None:
    for day in ("2024/01/01", "2025/11/23", "2026/11/22", "2026/11/23"):
        wav_in(tmp_path, day=day).write_bytes(header(RATE, 0) + bytes(10))
    (tmp_path / OPEN_LIST).write_bytes(content)
    assert len(recover(tmp_path, Said(), SystemClock())) == 4


def test_list_cannot_point_outside(tmp_path: Path) -> None:
    """A list that names files elsewhere changes nothing there."""
    root, outside = tmp_path / "recordings", tmp_path / "outside.wav"
    root.mkdir()
    outside.write_bytes(header(RATE, 0)[:4] + bytes(4) + header(RATE, 0)[8:] + bytes(100))
    before = outside.read_bytes()
    (root / OPEN_LIST).write_bytes(json.dumps({"v": 1, "open": ["../outside.wav", str(outside), "gone.wav"]}).encode())
    assert recover(root, Said(), SystemClock()) == []
    assert outside.read_bytes() == before
    assert list(tmp_path.glob("outside.*")) == [outside]


def test_nothing_to_recover_touches_nothing(tmp_path: Path) -> None:
    assert recover(tmp_path / "absent", Said(), SystemClock()) == []
    assert list(tmp_path.iterdir()) == []


def test_list_that_cannot_be_written_does_not_stop_the_start(tmp_path: Path) -> None:
    wav = left_open(tmp_path, bytes(100))
    (tmp_path / f"{OPEN_LIST}.new").mkdir()
    assert [found.path for found in recover(tmp_path, Said(), SystemClock())] == [wav]
    assert recover(tmp_path, Said(), SystemClock()) == []


def test_new_tracks_do_not_push_unfinished_ones_off_the_list(tmp_path: Path) -> None:
    old = wav_in(tmp_path, "side-1")
    OpenList(tmp_path).add(old)
    later = OpenList(tmp_path)
    later.add(wav_in(tmp_path, "side-2"))
    later.remove(wav_in(tmp_path, "side-2"))
    assert later.read() == [old]


def test_clock_set_back_after_the_crash(tmp_path: Path) -> None:
    """The loss never ends before it begins."""

    class Early:
        def now(self) -> Instant:
            return Instant(0, 0)

    wav = left_open(tmp_path, bytes(2 * RATE))
    recover(tmp_path, Said(), Early())
    (lost,) = describe(wav).gaps
    assert lost.from_ns == lost.to_ns
