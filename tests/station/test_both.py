"""`hotline up`: both stations or none, started and ended together."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.station.plans import write_plan

pytestmark = pytest.mark.fault
WaitUntil = Callable[..., None]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def run(*command: str) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        )
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def pair(start: Start, folder: Path, *manners: str) -> subprocess.Popen[str]:
    return start(str(Path(__file__).with_name("pair_process.py")), str(folder), *manners)


def stations(folder: Path) -> list[int]:
    return [int(path.stem) for path in folder.glob("*.pid")]


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_ready_when_both_are(start: Start, tmp_path: Path, wait_until: WaitUntil) -> None:
    """One that is up does not make a pair."""
    process = pair(start, tmp_path, "good", "late")
    wait_until(lambda: len(stations(tmp_path)) == 2, 10, "both stations")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_request_ends_both(start: Start, tmp_path: Path, number: int) -> None:
    """Ctrl-C ends both stations in order; nobody is left."""
    process = pair(start, tmp_path, "good", "good")
    assert first_line(process) == "ready\n"
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert not any(psutil.pid_exists(pid) for pid in stations(tmp_path))


def test_one_that_ends_takes_the_other_along(start: Start, tmp_path: Path) -> None:
    """Half a pair is of no use: the exit code is that of the one that ended."""
    process = pair(start, tmp_path, "good", "unfit")
    process.communicate(timeout=30)
    assert process.returncode == 2
    assert not any(psutil.pid_exists(pid) for pid in stations(tmp_path))


def test_a_killed_station_is_a_failure(start: Start, tmp_path: Path) -> None:
    """Ended by a signal is not ended on request."""
    process = pair(start, tmp_path, "good", "good")
    assert first_line(process) == "ready\n"
    os.kill(stations(tmp_path)[0], signal.SIGKILL)
    process.communicate(timeout=30)
    assert process.returncode not in (0, 2)


def test_nobody_outlives_a_kill(start: Start, tmp_path: Path, wait_until: WaitUntil) -> None:
    """kill -9 of the pair's parent takes both stations along."""
    process = pair(start, tmp_path, "good", "deaf")
    assert first_line(process) == "ready\n"
    process.kill()
    wait_until(lambda: not any(psutil.pid_exists(pid) for pid in stations(tmp_path)), 5, "the end of both")


@pytest.mark.call
def test_the_real_pair(start: Start, tmp_path: Path, subnet: str) -> None:
    """Both real stations come up, say where their pages and lines are, are fit, and end with files closed."""
    plan = write_plan(tmp_path, subnet)
    process = start("-m", "bridge", "up", "--dialplan", str(plan), "--data", str(tmp_path / "d"))
    told = [first_line(process) for _ in range(3)]
    pages = re.findall(r"http://\S+", "".join(told))
    assert pages == [f"http://{subnet}.11:8080/", f"http://{subnet}.12:8080/"]
    assert f"sip:desk@{subnet}.11:5060" in told[0]
    assert "Ctrl-C" in told[2]
    for page in pages:
        assert httpx.get(f"{page}health", timeout=5).json()["line"] == "up"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=40)
    assert process.returncode == 0
    assert "killed" not in errors
    for side in ("us", "ir"):
        last = (tmp_path / "d" / side / "journal" / "line.jsonl").read_text().splitlines()[-1]
        assert '"kind":"LineStopped"' in last


def test_same_page_for_both_is_refused(start: Start, tmp_path: Path, subnet: str) -> None:
    """Two stations on one host need two pages; said before anything starts."""
    plan = write_plan(tmp_path, subnet)
    text = plan.read_text(encoding="utf-8").replace(
        f'page = {{ host = "{subnet}.12"', f'page = {{ host = "{subnet}.11"'
    )
    plan.write_text(text, encoding="utf-8")
    process = start("-m", "bridge", "up", "--dialplan", str(plan), "--data", str(tmp_path / "d"))
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    assert errors.startswith("hotline: both pages have the same address")
    assert not (tmp_path / "d").exists()
