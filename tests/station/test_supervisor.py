"""The supervisor as a real process over small stand-ins: restarts, endings, and that nobody outlives it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.fault
WaitUntil = Callable[..., None]
NAMES = ("line", "speech", "desk")


class Crew:
    """A supervisor process in a folder of its own."""

    def __init__(
        self, folder: Path, wait_until: WaitUntil, *manners: str, environ: dict[str, str] | None = None
    ) -> None:
        self.folder = folder
        self._wait = wait_until
        program = Path(__file__).with_name("crew_process.py")
        self.process = subprocess.Popen(
            [sys.executable, str(program), str(folder), *manners],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | (environ or {}),
        )

    def pids(self, name: str) -> list[int]:
        """Every process that was started under a name."""
        path = self.folder / f"{name}.pids"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def await_starts(self, name: str, count: int, units: float = 10) -> int:
        self._wait(lambda: len(self.pids(name)) >= count, units, f"start {count} of {name}")
        return self.pids(name)[-1]

    def await_ready(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"
        for name in NAMES:
            self.await_starts(name, 1)

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@pytest.fixture
def crew(tmp_path: Path, wait_until: WaitUntil) -> Iterator[Callable[..., Crew]]:
    started: list[Crew] = []

    def start(*manners: str, environ: dict[str, str] | None = None) -> Crew:
        started.append(Crew(tmp_path, wait_until, *manners, environ=environ))
        return started[-1]

    yield start
    for one in started:
        one.close()


def gone(pids: list[int]) -> bool:
    return not any(psutil.pid_exists(pid) for pid in pids)


def test_ends_on_request_in_order(crew: Callable[..., Crew], tmp_path: Path) -> None:
    """SIGTERM ends line, speech and desk one after the other; the exit code is 0."""
    group = crew()
    group.await_ready()
    pids = [group.pids(name)[0] for name in NAMES]
    code, _ = group.end()
    assert code == 0
    assert (tmp_path / "ended").read_text().split() == list(NAMES)
    assert gone(pids)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_other_signals_end_it_too(crew: Callable[..., Crew], number: int) -> None:
    """Ctrl-C and a closed terminal are requests like any other."""
    group = crew()
    group.await_ready()
    assert group.end(number)[0] == 0


def test_a_killed_line_is_back_at_once(crew: Callable[..., Crew], tmp_path: Path, wait_until: WaitUntil) -> None:
    """kill -9 of the line: another one listens within 3 s, and the others were not touched."""
    group = crew()
    group.await_ready()
    before = {name: group.pids(name) for name in ("speech", "desk")}
    began = time.monotonic()
    os.kill(group.pids("line")[0], signal.SIGKILL)

    def answers() -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return len(group.pids("line")) == 2 and probe.connect_ex(str(tmp_path / "line.sock")) == 0

    wait_until(answers, 3, "the line's return")
    assert time.monotonic() - began < 3.0
    assert {name: group.pids(name) for name in ("speech", "desk")} == before
    code, errors = group.end()
    assert code == 0
    assert '"exit_code": -9' in errors


def spares(group: Crew) -> list[psutil.Process]:
    """Processes that have loaded and wait for their turn."""
    found = []
    for child in psutil.Process(group.process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended while we looked
            if "bridge.station.standby" in child.cmdline() and child.pid not in group.pids("line"):
                found.append(child)
    return found


def test_a_spare_takes_the_place_of_a_killed_line(crew: Callable[..., Crew], wait_until: WaitUntil) -> None:
    """Loaded beside the line, it takes the turn at once; another is loaded in its place."""
    group = crew("spare=yes")
    group.await_ready()
    for round_ in (1, 2):
        wait_until(lambda: len(spares(group)) == 1, 10, "a spare")
        spare = spares(group)[0].pid
        assert len(group.pids("line")) == round_, "a spare does nothing before its turn"
        os.kill(group.pids("line")[-1], signal.SIGKILL)
        assert group.await_starts("line", round_ + 1, 3) == spare
    wait_until(lambda: len(spares(group)) == 1, 10, "the third spare")
    last = spares(group)[0].pid
    code, errors = group.end()
    assert code == 0
    assert errors.count('"was": "spare"') == 2
    assert gone([last])


def test_without_its_spare_the_line_starts_cold(crew: Callable[..., Crew], wait_until: WaitUntil) -> None:
    """A spare that was killed is noticed, and the line is started the long way."""
    group = crew("spare=yes")
    group.await_ready()
    wait_until(lambda: len(spares(group)) == 1, 10, "a spare")
    lost = spares(group)[0].pid
    os.kill(lost, signal.SIGKILL)
    wait_until(lambda: gone([lost]), 5, "its end")
    os.kill(group.pids("line")[0], signal.SIGKILL)
    group.await_starts("line", 2, 5)
    code, errors = group.end()
    assert code == 0
    assert "spare process was lost" in errors
    assert '"was": "spare"' not in errors


def test_no_spare_outlives_a_killed_supervisor(crew: Callable[..., Crew], wait_until: WaitUntil) -> None:
    """The end of the pipe is not a turn."""
    group = crew("spare=yes")
    group.await_ready()
    wait_until(lambda: len(spares(group)) == 1, 10, "a spare")
    pids = [spares(group)[0].pid, *(group.pids(name)[0] for name in NAMES)]
    group.process.kill()
    wait_until(lambda: gone(pids), 5, "the end of all")
    assert len(group.pids("line")) == 1


def test_one_that_dies_at_once_is_never_given_up(crew: Callable[..., Crew]) -> None:
    """The others go on while one process cannot stay alive."""
    group = crew("speech=brief")
    group.await_ready()
    group.await_starts("speech", 4)
    assert len(group.pids("line")) == len(group.pids("desk")) == 1
    assert group.end()[0] == 0


def test_a_deaf_process_is_killed(crew: Callable[..., Crew]) -> None:
    """Who does not end within the limit is killed, and its station still ends."""
    group = crew("desk=deaf")
    group.await_ready()
    deaf = group.pids("desk")
    code, errors = group.end()
    assert code == 0
    assert "did not end in time" in errors
    assert gone(deaf)


def test_wrong_setup_ends_the_station(crew: Callable[..., Crew]) -> None:
    """A process that exits with 2 at its first start ends all with 2."""
    group = crew("speech=unfit")
    assert group.process.wait(timeout=30) == 2
    assert gone([pid for name in NAMES for pid in group.pids(name)])
    assert len(group.pids("speech")) == 1


def test_nobody_outlives_a_killed_supervisor(crew: Callable[..., Crew], wait_until: WaitUntil) -> None:
    """kill -9 of the supervisor takes its children along."""
    group = crew("desk=deaf")
    group.await_ready()
    pids = [group.pids(name)[0] for name in NAMES]
    group.process.kill()
    wait_until(lambda: gone(pids), 3, "the end of the children")


def test_what_a_dead_process_started_is_ended(crew: Callable[..., Crew], tmp_path: Path, wait_until: WaitUntil) -> None:
    """A crashed process leaves no children of its own behind."""
    group = crew("speech=parent")
    group.await_ready()
    note = tmp_path / "speech.left"
    wait_until(lambda: note.exists() and note.read_text(), 5, "the grandchild")
    left = int(note.read_text())
    os.kill(group.pids("speech")[0], signal.SIGKILL)
    wait_until(lambda: gone([left]), 5, "the end of the grandchild")
    assert group.end()[0] == 0


def test_second_station_on_the_same_folder_is_refused(crew: Callable[..., Crew]) -> None:
    """The first goes on; the second says who holds the folder."""
    first = crew()
    first.await_ready()
    second = crew()
    assert second.process.wait(timeout=30) == 1
    assert second.process.stderr is not None
    assert f"process {first.process.pid}" in second.process.stderr.read()
    assert first.end()[0] == 0


def test_service_manager_is_told(crew: Callable[..., Crew]) -> None:
    """READY=1 when the line answers, WATCHDOG=1 as often as asked, STOPPING=1 at the end."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("")
        manager.settimeout(10)
        address = "@" + manager.getsockname()[1:].decode()
        group = crew(environ={"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "400000"})
        group.await_ready()
        words = [manager.recv(100) for _ in range(4)]
        assert words.count(b"READY=1") == 1
        assert words.count(b"WATCHDOG=1") == 3
        assert group.end()[0] == 0
        manager.setblocking(False)
        rest: list[bytes] = []
        while not rest or rest[-1] != b"STOPPING=1":
            rest.append(manager.recv(100))
