"""The desk as a real process: it serves, it dies, it returns, and nothing is missing."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bridge.base.clock import SystemClock
from bridge.base.dialplan import load
from bridge.base.wire import Journal
from bridge.ledger.store import Store, sqlite_url
from bridge.station.folder import prepare
from tests.station.plans import write_plan

pytestmark = pytest.mark.fault
WaitUntil = Callable[..., None]


class Desk:
    def __init__(self, folder: Path, subnet: str, wait_until: WaitUntil, served: str = "") -> None:
        """`served` are more keys of the page."""
        self.plan = write_plan(folder, subnet, served=served)
        self.data = prepare(folder / "us")
        self.url = load(self.plan).side("us").page.url.rstrip("/")
        self.trusts: ssl.SSLContext | bool = True
        self.journal = Journal(self.data.line_journal, SystemClock())
        self.line = socket.socket(socket.AF_UNIX)
        self.line.bind(str(self.data.line_socket))
        self.line.listen()
        self._wait = wait_until
        self.process = self.start()

    def start(self) -> subprocess.Popen[str]:
        options = ["--side", "us", "--dialplan", str(self.plan), "--data", str(self.data.root)]
        command = [sys.executable, "-m", "bridge.station.desk", *options]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def health(self) -> dict[str, object]:
        try:
            answer: dict[str, object] = httpx.get(f"{self.url}/health", timeout=2, verify=self.trusts).json()
        except httpx.TransportError:
            return {}
        return answer

    def await_entries(self, count: int) -> None:
        self._wait(lambda: self.health().get("ledger_entries") == count, 10, f"{count} entries in the ledger")

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=10)
        return self.process.returncode

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()
        self.journal.close()
        self.line.close()


@pytest.fixture
def desk(tmp_path: Path, subnet: str, wait_until: WaitUntil) -> Iterator[Desk]:
    made = Desk(tmp_path, subnet, wait_until)
    yield made
    made.close()


def test_serves_what_the_journal_says_and_ends_on_request(desk: Desk) -> None:
    """An entry is in the ledger and on the page; SIGTERM ends the process with 0, entries just written included."""
    desk.journal.append("LineStarted", {"side": "us"})
    desk.await_entries(1)
    assert (desk.health()["line"], desk.health()["fit"]) == ("up", True)
    assert "door.js" in httpx.get(desk.url).text
    assert httpx.get(f"{desk.url}/api/state").status_code == 401
    for _ in range(5):
        desk.journal.append("TrunkUp", {"status": "200", "after_ms": 3})
    assert desk.end(signal.SIGTERM) == 0
    store = Store(sqlite_url(desk.data.ledger))
    assert store.length == 6
    store.close()


def test_killed_and_back(desk: Desk) -> None:
    """kill -9, entries meanwhile, start again: all are there, once."""
    desk.journal.append("LineStarted", {"side": "us"})
    desk.await_entries(1)
    assert desk.end(signal.SIGKILL) == -signal.SIGKILL
    desk.journal.append("TrunkDown", {"status": "408", "after_ms": 9})
    desk.process = desk.start()
    desk.await_entries(2)
    assert desk.health()["trunk"] == "down"


def test_a_port_taken_is_one_sentence(desk: Desk) -> None:
    """A second desk on the same address says so and exits with 2."""
    desk.journal.append("LineStarted", {"side": "us"})
    desk.await_entries(1)
    second = desk.start()
    _, errors = second.communicate(timeout=60)
    assert second.returncode == 2
    assert errors.startswith("the page cannot be served: Address already in use")


def test_a_damaged_ledger_is_no_wrong_setup(desk: Desk) -> None:
    """Exit code 1, so that the supervisor goes on and the line answers."""
    desk.await_entries(0)
    assert desk.end(signal.SIGTERM) == 0
    for path in desk.data.root.glob("ledger.db*"):
        path.unlink()
    desk.data.ledger.write_bytes(os.urandom(8192))
    desk.process = desk.start()
    desk.process.communicate(timeout=60)
    assert desk.process.returncode == 1
