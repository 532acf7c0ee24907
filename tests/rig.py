"""A station's processes under test: own addresses, own folder, conditions instead of sleeps, nothing left behind."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from bridge.base.wire import Entry, Follower, Value

LOOPBACK = Path(__file__).parent.parent / "dialplans" / "loopback.toml"
_PAGE_HANDSET = re.compile(r"\[\[sides\.\w+\.handsets\]\]\n(?:(?!\[).+\n)*page = true\n+")
UNIT_S = float(os.environ.get("HOTLINE_TEST_UNIT_S", "1"))
"""All waiting limits are multiples of this."""


_NETS = range(20, 251)
"""Second numbers of the loopback addresses that tests take."""


def own_number() -> int:
    """A number x for addresses 127.x of one test: tests that run side by side never draw the same one."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return random.choice(_NETS[worker % count :: count])


@dataclass(frozen=True, slots=True)
class Theatre:
    """The loopback dialplan moved to addresses of its own: `prefix` is the first half, as in `127.61`."""

    path: Path
    prefix: str

    def desk(self, side: str) -> str:
        """SIP URI of a side's line."""
        return f"sip:desk@{self.prefix}.0.{ {'us': 11, 'ir': 12}[side] }:5060"

    def officer(self, side: str, number: int = 21) -> str:
        """An address inside the side's phone system."""
        return f"{self.prefix}.{ {'us': 1, 'ir': 2}[side] }.{number}"

    def handset(self, side: str) -> str:
        return f"{self.prefix}.3.{ {'us': 11, 'ir': 12}[side] }"


def theatre(folder: Path, **changes: str) -> Theatre:
    """Write a copy of the loopback dialplan on addresses that nobody uses; `changes` replaces text in it.

    Handsets of a page are left out: most tests run the line alone, and nobody would answer for them.
    """
    while True:
        prefix = f"127.{own_number()}"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((f"{prefix}.0.11", 5060))
            except OSError:
                continue
        break
    text = _PAGE_HANDSET.sub("", LOOPBACK.read_text(encoding="utf-8"))
    text = text.replace('"127.0.', f'"{prefix}.').replace("@127.0.", f"@{prefix}.")
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    path = folder / f"dialplan-{prefix}.toml"
    tomllib.loads(text)
    path.write_text(text, encoding="utf-8")
    return Theatre(path, prefix)


@dataclass(slots=True)
class Process:
    """One process of a station (`line`, `speech`, `desk`) and its journal."""

    module: str
    side: str
    dialplan: Path
    data: Path
    entries: list[Entry] = field(default_factory=list)
    child: subprocess.Popen[bytes] | None = None
    _follower: Follower | None = None

    def __enter__(self) -> Process:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait for its `...Started` entry."""
        mark = self.mark()
        self.child = subprocess.Popen(
            [
                *(sys.executable, "-m", f"bridge.station.{self.module}", "--side", self.side),
                *("--dialplan", str(self.dialplan), "--data", str(self.data)),
            ],
            stdin=subprocess.DEVNULL,
            cwd=LOOPBACK.parent.parent,
        )
        self.wait_for({"line": "LineStarted", "speech": "SpeechStarted"}[self.module], 15, after=mark)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.child is not None
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(15 * UNIT_S)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise

    def kill(self) -> None:
        assert self.child is not None
        self.child.kill()
        self.child.wait()

    @property
    def pid(self) -> int:
        assert self.child is not None
        return self.child.pid

    def read(self) -> list[Entry]:
        """All entries by now."""
        if self._follower is None:
            self._follower = Follower(self.data / "journal" / f"{self.module}.jsonl")
        self.entries += self._follower.read()
        return self.entries

    def mark(self) -> int:
        """Number of the last entry by now."""
        entries = self.read()
        return entries[-1].seq if entries else 0

    def find(self, kind: str, after: int = 0, **fields: Value) -> Iterator[Entry]:
        for entry in self.read():
            if entry.seq > after and entry.kind == kind and all(entry.data.get(k) == v for k, v in fields.items()):
                yield entry

    def wait_for(self, kind: str, limit: float = 10, after: int = 0, **fields: Value) -> Entry:
        """The first entry of this kind with these fields; fails with the journal's tail after `limit` units."""
        deadline = time.monotonic() + limit * UNIT_S
        while time.monotonic() < deadline:
            for entry in self.find(kind, after, **fields):
                return entry
            if self.child is not None and self.child.poll() is not None:
                break
            time.sleep(0.02)  # the journal is a file: there is nothing to wait on but its growth
        tail = "\n".join(f"{e.seq} {e.kind} {json.dumps(dict(e.data))}" for e in self.entries[-25:])
        code = None if self.child is None else self.child.poll()
        raise AssertionError(f"no {kind} {fields} within {limit} s (exit code {code}); last entries:\n{tail}")

    def wait_for_link(self, source: str, to: str, limit: float = 15, after: int = 0) -> Entry:
        """`to` hears `source` from this entry on."""
        return self.wait_for("Linked", limit, after, **_link(source, to))

    def command(self, command: str, **fields: str) -> Entry:
        """Give a command over the socket; its answer from the journal."""
        name = f"t{random.getrandbits(40):x}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.connect(str(self.data / "line.sock"))
            client.sendall(json.dumps({"id": name, "command": command, **fields}).encode() + b"\n")
            return self.wait_for("CommandAnswered", 5, id=name)

    def track(self, leg: str) -> Path:
        """The recording of a leg."""
        return self.data / "recordings" / self.wait_for("TrackOpened", 1, leg=leg).text("path")


def _link(source: str, to: str) -> dict[str, Any]:
    return {"from": source, "to": to}  # `from` is a keyword and cannot be written as an argument


def free_port(host: str) -> int:
    """A TCP port that nobody listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def kill_pid(pid: int) -> float:
    """SIGKILL a process of ours that a supervisor started; monotonic seconds of the kill."""
    os.kill(pid, signal.SIGKILL)
    return time.monotonic()


@contextlib.contextmanager
def station(play: Theatre, side: str, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A whole station under its supervisor, ended by SIGTERM."""
    command = [sys.executable, "-m", "bridge", "station", "--side", side, "--dialplan", str(play.path)]
    child = subprocess.Popen([*command, "--data", str(data)], stdin=subprocess.DEVNULL, cwd=LOOPBACK.parent.parent)
    try:
        yield child
    finally:
        if child.poll() is None:
            child.terminate()
        try:
            child.wait(20 * UNIT_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            raise


def line(play: Theatre, side: str, data: Path) -> Process:
    return Process("line", side, play.path, data)
