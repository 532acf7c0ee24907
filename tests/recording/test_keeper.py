"""The follower thread with recorders that are processes of their own."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from bridge.base.audio import header, read_wav
from bridge.base.clock import NS, SystemClock
from bridge.base.errors import Ours, StorageError
from bridge.base.terms import GapKind, Health
from bridge.base.wire import Fields
from bridge.recording import sidecar as sidecars
from bridge.recording.describe import describe
from bridge.recording.keeper import UNSAID_LIMIT, Keeper, TrackSpec
from bridge.recording.sidecar import TrackState

RATE = 8000
CALL = "ir-20261123T100512Z-0a1b"
UNIT_S = 20.0
"""Longest wait for anything that should happen within a second or ten."""
RECORDER = Path(__file__).with_name("recorder_process.py")


class Room:
    """A keeper on an empty folder, the recorders it follows and what it says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.said: list[tuple[str, Fields]] = []
        self.refusing: BaseException | None = None
        self.clock = SystemClock()
        self.keeper = Keeper(root, self._say, self.clock)
        self.children: list[subprocess.Popen[bytes]] = []

    def _say(self, kind: str, fields: Fields) -> None:
        if self.refusing:
            raise self.refusing
        self.said.append((kind, fields))

    def spec(self, name: str = "side-1", rate_hz: int = RATE) -> TrackSpec:
        wav = self.root / "2026" / "11" / "23" / CALL / f"{name}.wav"
        return TrackSpec("ir", CALL, f"{CALL}/{name}", "side", wav, rate_hz, self.clock.now(), "fa")

    def record(self, spec: TrackSpec, seconds: float = 60, ahead_s: float = 0) -> subprocess.Popen[bytes]:
        spec.path.parent.mkdir(parents=True, exist_ok=True)
        words = [sys.executable, RECORDER, spec.path, spec.rate_hz, seconds, ahead_s]
        child = subprocess.Popen([str(word) for word in words])
        self.children.append(child)
        return child

    def of(self, kind: str, leg: str = "") -> list[Fields]:
        return [f for said, f in list(self.said) if said == kind and (not leg or f["leg"] == leg)]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path / "recordings")
    before = set(threading.enumerate())
    files = os.listdir("/proc/self/fd")
    made.keeper.start()
    yield made
    made.refusing = None
    for child in made.children:
        child.kill()
        child.wait()
    made.keeper.stop()
    assert set(threading.enumerate()) == before
    assert len(os.listdir("/proc/self/fd")) == len(files)


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + UNIT_S
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    assert child.wait(UNIT_S) == 0


def test_track_of_a_real_recorder(room: Room) -> None:
    """From before the file exists to the last sample: header, segments, sidecar and journal agree."""
    spec = room.spec()
    room.keeper.opened(spec)
    child = room.record(spec, ahead_s=21)
    until(lambda: len(room.of("SegmentClosed")) >= 2, "two segments")
    until(lambda: read_wav(spec.path)[0].size >= 21 * RATE, "header repaired while the recorder writes")
    room.keeper.statistics(spec.leg, 1000, 2, 300)
    end(child)
    room.keeper.closed(spec.leg)
    until(lambda: room.of("TrackClosed"), "closed")
    (closed,) = room.of("TrackClosed")
    until(lambda: describe(spec.path).state == "closed", "sidecar closed")
    found = describe(spec.path)
    assert found.problems == ()
    assert found.samples == closed["samples"] == room.of("SegmentClosed")[-1]["to"]
    assert found.segments == found.segments_good == 3
    assert room.of("AlarmRaised") == []


def test_last_write_of_a_dropped_recorder_is_waited_for(room: Room) -> None:
    """The recorder flushes a moment after it was dropped: those samples belong to the track."""
    spec = room.spec()
    room.keeper.opened(spec)
    child = room.record(spec, ahead_s=1)
    until(lambda: spec.path.exists() and spec.path.stat().st_size > 2 * RATE, "it is written")
    room.keeper.closed(spec.leg)
    end(child)
    until(lambda: room.of("TrackClosed"), "closed")
    until(lambda: describe(spec.path).state == "closed", "sidecar closed")
    assert describe(spec.path).problems == ()


def test_four_tracks_at_once(room: Room) -> None:
    specs = [room.spec(f"side-{n}") for n in range(4)]
    children = [room.record(spec, ahead_s=10.5) for spec in specs]
    for spec in specs:
        room.keeper.opened(spec)
    for spec in specs:
        until(lambda spec=spec: room.of("SegmentClosed", spec.leg), "a segment of each")  # type: ignore[misc]
    for child, spec in zip(children, specs, strict=True):
        end(child)
        room.keeper.closed(spec.leg)
    until(lambda: len(room.of("TrackClosed")) == 4, "all closed")
    assert room.of("AlarmRaised") == []


def test_stop_finishes_open_tracks(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.keeper.start()
    spec = room.spec()
    end_of = room.record(spec, seconds=0.5, ahead_s=1)
    assert end_of.wait(UNIT_S) == 0
    room.keeper.opened(spec)
    room.keeper.stop()
    assert [f["samples"] for f in room.of("TrackClosed")] == [RATE]
    assert sidecars.read(sidecars.beside(spec.path)).state is TrackState.CLOSED


def test_frozen_recorder_is_told(room: Room) -> None:
    """A recorder that stands still is MISSING within 10 s; one that then writes all it owes has lost no time."""
    spec = room.spec()
    child = room.record(spec)
    room.keeper.opened(spec)
    until(lambda: spec.path.exists() and spec.path.stat().st_size > 4096, "first samples")
    child.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    until(lambda: room.of("HealthChanged"), "missing is told")
    assert time.monotonic() - began < 10
    assert room.of("HealthChanged")[0]["now"] == Health.MISSING.value
    until(lambda: [f["leg"] for f in room.of("AlarmRaised")] == [spec.leg], "alarm")
    child.send_signal(signal.SIGCONT)
    until(lambda: room.of("HealthChanged")[-1]["now"] == Health.GOOD.value, "it is sound again")
    end(child)
    room.keeper.closed(spec.leg)
    until(lambda: room.of("TrackClosed"), "closed")
    assert room.of("TrackStalled") == []


def test_gaps_come_from_any_thread(room: Room) -> None:
    spec = room.spec()
    room.keeper.opened(spec)
    room.record(spec)
    callers = [
        threading.Thread(target=room.keeper.gap_started, args=(spec.leg, kind, spec.t0.mono_ns + NS))
        for kind in (GapKind.HOLD, GapKind.NO_RTP)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    until(lambda: sidecars.beside(spec.path).exists(), "sidecar")
    until(lambda: len(sidecars.read(sidecars.beside(spec.path)).gaps) == 2, "both gaps")
    room.keeper.gap_ended(spec.leg, GapKind.HOLD, spec.t0.mono_ns + 2 * NS)
    until(lambda: sidecars.read(sidecars.beside(spec.path)).gaps[0].to_sample == 2 * RATE, "hold ended")


def test_notes_for_unknown_legs_are_harmless(room: Room) -> None:
    room.keeper.gap_started("nobody", GapKind.HOLD, 0)
    room.keeper.statistics("nobody", 1, 2, 3)
    room.keeper.closed("nobody")
    spec = room.spec()
    room.keeper.opened(spec)
    until(lambda: sidecars.beside(spec.path).exists(), "the thread lives")
    assert room.of("AlarmRaised") == []


def test_one_bad_track_does_not_stop_another(room: Room) -> None:
    """A folder where the file should be, and a file that is no audio: one alarm each, once; the third is kept."""
    folder, text, good = room.spec("side-1"), room.spec("side-2"), room.spec("side-3")
    folder.path.mkdir(parents=True)
    text.path.write_text("no audio at all, only words" * 400)
    child = room.record(good, ahead_s=11)
    for spec in (folder, text, good):
        room.keeper.opened(spec)
    until(lambda: room.of("SegmentClosed", good.leg), "the good one goes on")
    until(lambda: len(room.of("AlarmRaised")) == 2, "two alarms")
    time_of_alarm = time.monotonic()
    until(lambda: time.monotonic() > time_of_alarm + 1, "several more looks")
    assert room.of("AlarmRaised") == [
        {"alarm": "recording-lost", "priority": "HIGH", "call": CALL, "leg": spec.leg} for spec in (folder, text)
    ]
    end(child)
    room.keeper.closed(good.leg)
    until(lambda: room.of("TrackClosed", good.leg), "closed")


def test_pipe_in_the_place_of_a_file(room: Room) -> None:
    """Opening a pipe would hold the thread for ever."""
    pipe, good = room.spec("side-1"), room.spec("side-2")
    pipe.path.parent.mkdir(parents=True)
    os.mkfifo(pipe.path)
    room.keeper.opened(pipe)
    room.keeper.opened(good)
    room.record(good, ahead_s=11)
    until(lambda: room.of("SegmentClosed", good.leg), "the good one goes on")
    assert [f["leg"] for f in room.of("AlarmRaised")] == [pipe.leg]


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """The recordings folder is a file: an alarm, once, and the thread lives to be stopped."""
    root = tmp_path / "recordings"
    root.write_text("in the way")
    room = Room(root)
    room.keeper.start()
    spec = room.spec()
    room.keeper.opened(spec)
    until(lambda: room.of("AlarmRaised"), "alarm")
    room.keeper.stop()
    assert room.of("AlarmRaised") == [
        {"alarm": "recording-lost", "priority": "HIGH", "call": CALL, "leg": spec.leg},
    ]


def test_alarm_is_cleared_when_the_disk_works_again(room: Room) -> None:
    spec = room.spec()
    blocked = sidecars.beside(spec.path).with_name("side-1.json.new")
    blocked.mkdir(parents=True)
    room.record(spec, ahead_s=1)
    room.keeper.opened(spec)
    until(lambda: room.of("AlarmRaised"), "alarm")
    blocked.rmdir()
    until(lambda: room.of("AlarmCleared"), "cleared")
    assert room.of("AlarmCleared") == room.of("AlarmRaised")
    assert sidecars.read(sidecars.beside(spec.path)).state is TrackState.OPEN


def test_fault_of_our_own_does_not_stop_the_thread(room: Room) -> None:
    """A track that cannot be: an alarm for it, and the next one is followed."""
    impossible, good = replace(room.spec("side-1"), path=cast(Path, 7)), room.spec("side-2")
    room.keeper.opened(impossible)
    room.keeper.opened(good)
    until(lambda: sidecars.beside(good.path).exists(), "the next one is followed")
    until(lambda: room.of("AlarmRaised"), "alarm")
    assert room.of("AlarmRaised") == [
        {"alarm": "recording-lost", "priority": "HIGH", "call": CALL, "leg": impossible.leg}
    ]


def test_leg_opened_twice_is_an_alarm(room: Room) -> None:
    """Our own mistake: the first track stays as it is."""
    spec = room.spec()
    room.keeper.opened(spec)
    room.keeper.opened(replace(spec, language="en"))
    until(lambda: room.of("AlarmRaised"), "alarm")
    assert sidecars.read(sidecars.beside(spec.path)).language == "fa"


@pytest.mark.parametrize("error", [StorageError("full"), ValueError("a bug elsewhere")])
def test_what_the_journal_refuses_is_said_later_in_order(room: Room, error: Exception) -> None:
    spec = room.spec()
    room.refusing = error
    room.record(spec, ahead_s=31)
    room.keeper.opened(spec)
    until(lambda: describe(spec.path).segments >= 3, "segments in the sidecar")
    assert room.said == []
    room.refusing = None
    until(lambda: len(room.of("SegmentClosed")) >= 3, "said later")
    assert [f["from"] for f in room.of("SegmentClosed")] == [0, 80000, 160000]


def test_journal_dead_for_days_does_not_fill_the_memory(tmp_path: Path) -> None:
    """The newest entries are kept; what is dropped stands in the sidecars."""
    room = Room(tmp_path)
    room.refusing = StorageError("full")
    room.keeper.start()
    for number in range(UNSAID_LIMIT + 5):
        room.keeper.opened(replace(room.spec(f"side-{number}"), path=cast(Path, number)))
    marker = room.spec("operator-1")
    room.keeper.opened(marker)
    until(lambda: sidecars.beside(marker.path).exists(), "all notes are taken")
    room.refusing = None
    room.keeper.stop()
    assert len(room.said) >= UNSAID_LIMIT
    assert room.of("AlarmRaised")[0]["leg"] == f"{CALL}/side-5"


def test_full_disk(tmp_path: Path) -> None:
    """No file may grow beyond 2 kB: the sidecar no longer fits, an alarm is raised once, the thread goes on."""
    script = f"""
import resource, signal, sys, time
from pathlib import Path
sys.path.insert(0, {str(Path.cwd())!r})
from bridge.base.clock import SystemClock
from bridge.recording.keeper import UNSAID_LIMIT, Keeper, TrackSpec
root, wav = Path({str(tmp_path)!r}), Path({str(tmp_path / "side-1.wav")!r})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
clock = SystemClock()
keeper = Keeper(root, lambda kind, fields: print(kind, fields.get("leg"), flush=True), clock)
keeper.start()
keeper.opened(TrackSpec("us", "c", "c/side-1", "side", wav, 8000, clock.now(), "en"))
sys.stdin.readline()
keeper.closed("c/side-1")
keeper.stop()
"""
    wav = tmp_path / "side-1.wav"
    wav.write_bytes(header(RATE, 0) + bytes(2 * RATE * 300))
    child = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = [child.stdout.readline().strip() for _ in range(32)]
    rest, _ = child.communicate("\n", timeout=UNIT_S)
    said += rest.split("\n")
    assert child.returncode == 0
    assert said.count("AlarmRaised c/side-1") == 1
    assert said.count("SegmentClosed c/side-1") == 30
    assert "TrackClosed c/side-1" in said
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_stop_does_not_wait_for_ever(tmp_path: Path) -> None:
    """A journal that hangs must not keep the process from ending."""
    held = threading.Event()

    def hang(kind: str, fields: Fields) -> None:
        assert held.wait(UNIT_S), (kind, fields)

    keeper = Keeper(tmp_path, hang, SystemClock(), stop_limit_s=0.3)
    keeper.start()
    spec = Room(tmp_path).spec()
    keeper.opened(spec)
    keeper.closed(spec.leg)
    with pytest.raises(Ours, match="did not end within"):
        keeper.stop()
    held.set()
    until(lambda: not any(t.name == "keeper" for t in threading.enumerate()), "ends once the journal answers")


def test_little_work_while_following(room: Room) -> None:
    """Four growing tracks cost less than a tenth of a core."""
    specs = [room.spec(f"side-{n}") for n in range(4)]
    for spec in specs:
        room.record(spec)
        room.keeper.opened(spec)
    until(lambda: all(spec.path.exists() and spec.path.stat().st_size > 8192 for spec in specs), "all grow")
    (thread,) = [t for t in threading.enumerate() if t.name == "keeper"]
    before, began = thread_cpu_s(thread), time.monotonic()
    until(lambda: time.monotonic() - began >= 3, "three seconds")
    assert (thread_cpu_s(thread) - before) / (time.monotonic() - began) < 0.1


def thread_cpu_s(thread: threading.Thread) -> float:
    stat = Path(f"/proc/self/task/{thread.native_id}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
