"""The command as people start it: both stations, five phones, real SIP and RTP, on addresses of this run."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge.base.wire import Follower

pytestmark = [pytest.mark.call, pytest.mark.alone]
ROOT = Path(__file__).resolve().parents[2]
HOST_DEPENDENT = {"caption of a word, p50", "final after the utterance, p95"}
"""Figures that a loaded host misses without anybody's fault; the bench judges them."""


class Run:
    """One `hotline drill` and everything it starts, recognised by a word in the environment."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.mark = f"DRILL_TEST={random.getrandbits(64):x}"
        self.data = folder / "data"
        self.plan = folder / "plan.toml"
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self.number = random.randint(20, 250)
        text = (ROOT / "dialplans" / "loopback.toml").read_text(encoding="utf-8")
        self.plan.write_text(text.replace("127.0.", f"127.{self.number}."), encoding="utf-8")
        self.options = ["--dialplan", str(self.plan), "--data", str(self.data), *options]
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> subprocess.Popen[str]:
        name, _, value = self.mark.partition("=")
        environ = dict(os.environ, TMPDIR=str(self.temporary)) | {name: value}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bridge", "drill", *self.options],
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        return self.process

    def wait_until_says(self, words: str) -> None:
        assert self.process is not None and self.process.stdout is not None
        for line in self.process.stdout:
            if words in line:
                return
        raise AssertionError(f"the drill ended without saying {words!r}")

    def left(self) -> list[str]:
        """Processes of this run that are still there."""
        found = []
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and self.mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue  # it ended while we looked
        return found

    def assert_nothing_left(self, within_s: float = 0.0) -> None:
        limit = time.monotonic() + within_s
        while self.left() and time.monotonic() < limit:
            time.sleep(0.05)
        assert self.left() == []


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def make(*options: str) -> Run:
        runs.append(Run(tmp_path, *options))
        return runs[-1]

    yield make
    for run in runs:
        if run.process is not None and run.process.poll() is None:
            run.process.kill()
        if run.process is not None:
            run.process.communicate()


def test_quick_exercise(drill: Callable[..., Run]) -> None:
    """Words both ways on both lines; every figure that does not depend on this host's load keeps its limit."""
    run = drill("--scenario", "quick", "--json")
    out, errors = run.start().communicate(timeout=150)
    run.assert_nothing_left()
    assert list(run.temporary.iterdir()) == []
    report = json.loads(out)
    missed = {check["name"] for check in report["checks"] if not check["passed"]}
    assert missed <= HOST_DEPENDENT, (report["checks"], errors)
    assert run.process is not None
    assert run.process.returncode == (0 if report["passed"] else 1)
    assert [(a["contact"], a["outcome"]) for a in report["attempts"]] == [("watch", "busy"), ("deputy", "answered")]
    assert sum(leg["words"] for leg in report["legs"]) == 50
    assert_stations_share_nothing(run)


def assert_stations_share_nothing(run: Run) -> None:
    """Each journal knows its own addresses only, and both record folders lie in their own data folder."""
    own = {"us": ("127.%d.1.", "127.%d.0.11"), "ir": ("127.%d.2.", "127.%d.0.12")}
    for side, other in (("us", "ir"), ("ir", "us")):
        entries = list(Follower(run.data / side / "journal" / "line.jsonl").read())
        text = json.dumps([dict(entry.data) for entry in entries])
        assert entries[0].kind == "LineStarted" and entries[-1].kind == "LineStopped"
        assert all(address % run.number not in text for address in own[other])
        tracks = [entry for entry in entries if entry.kind == "TrackOpened"]
        assert tracks and all((run.data / side / "recordings" / track.text("path")).is_file() for track in tracks)


def test_interrupt_leaves_nothing(drill: Callable[..., Run]) -> None:
    """Ctrl-C in a call, twice: stations and phones end in order, the temporary folder goes, the journal is closed."""
    run = drill("--scenario", "quick")
    process = run.start()
    run.wait_until_says("lifts")
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)  # an impatient second one, into the middle of the ending
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "ended on request" in errors
    run.assert_nothing_left()
    assert list(run.temporary.iterdir()) == []
    last = list(Follower(run.data / "us" / "journal" / "line.jsonl").read())[-1]
    assert last.kind == "LineStopped"


@pytest.mark.fault
def test_kill_leaves_no_process(drill: Callable[..., Run]) -> None:
    """Killed outright, the drill takes its stations and phones with it."""
    run = drill("--scenario", "quick")
    process = run.start()
    run.wait_until_says("lifts")
    assert len(run.left()) > 8
    process.kill()
    process.wait()
    run.assert_nothing_left(within_s=8)


def test_line_in_use(drill: Callable[..., Run]) -> None:
    """Where a station cannot start, the drill says why, and ends everything else."""
    run = drill("--scenario", "quick", "--json")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((f"127.{run.number}.0.12", 5060))
        out, errors = run.start().communicate(timeout=60)
    assert run.process is not None
    assert (run.process.returncode, out) == (1, "")
    assert "station ir" in errors
    assert "Traceback" not in errors
    run.assert_nothing_left()


def test_unknown_scenario(drill: Callable[..., Run]) -> None:
    """Usage errors start nothing and exit with 2."""
    run = drill("--scenario", "surprise")
    _, errors = run.start().communicate(timeout=30)
    assert run.process is not None
    assert run.process.returncode == 2
    assert "faithful, number-changed" in errors and "quick" in errors
    assert not run.data.exists()
