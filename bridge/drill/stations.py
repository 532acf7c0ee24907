"""A station under drill: started as on a real installation, watched through its journals, commanded by its socket.

It joins nothing: each `Station` knows one process, one data folder and one socket.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from bridge.base.errors import World
from bridge.base.wire import Entry, Follower, Value

LOOK_S = 0.02
"""How often a journal is read while something is awaited; small against every figure that is measured."""
START_LIMIT_S = 90.0
STOP_LIMIT_S = 20.0
"""A station ends its processes one after the other, each within 5 s, and then itself."""
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class StationError(World):
    """A station did not come up, ended too early, or did not write what was waited for."""

    code = "station"


class Book:
    """The entries of one journal since this drill began, older ones left out. Any thread may look."""

    def __init__(self, path: Path) -> None:
        self._follower = Follower(path)
        for _ in self._follower.read():
            pass  # what earlier drills wrote is not ours
        self.entries: list[Entry] = []
        self._lock = threading.Lock()

    def look(self) -> None:
        """Take in what was written meanwhile."""
        with self._lock:
            self.entries += self._follower.read()

    def of(self, *kinds: str) -> list[Entry]:
        self.look()
        return [entry for entry in self.entries if entry.kind in kinds]


class Station:
    """One station. Any thread may wait for its entries; one starts and ends it, as a context manager or by `close`."""

    def __init__(self, side: str, dialplan: Path, data: Path) -> None:
        """Start it; `wait_until_up` says when it serves."""
        self.side = side
        self.data = data
        data.mkdir(parents=True, exist_ok=True)
        self.line = Book(data / "journal" / "line.jsonl")
        self.speech = Book(data / "journal" / "speech.jsonl")
        self.log = data / "station.log"
        options = ["--side", side, "--dialplan", str(dialplan.absolute()), "--data", str(data.absolute())]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bridge", "station", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C is for the drill, which ends its stations itself, in order
                preexec_fn=_dies_with(os.getpid()),
            )

    def __enter__(self) -> Station:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_until_up(self) -> None:
        """Wait until line and speech serve.

        Raises:
            StationError: they do not come up in time.
        """
        self.wait_for(self.line, "LineStarted", START_LIMIT_S)
        self.wait_for(self.speech, "SpeechStarted", START_LIMIT_S)

    def wait_until_acts_are_taken(self) -> None:
        """Wait until the desk listens for acts.

        Raises:
            StationError: it does not in time, or the station ended.
        """
        limit = time.monotonic() + START_LIMIT_S
        while True:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
                try:
                    channel.connect(str(self.data / "desk.sock"))
                    return
                except OSError as error:
                    if self.has_ended or time.monotonic() > limit:
                        raise StationError(f"the desk of station {self.side} takes no acts: {error}") from error
            time.sleep(LOOK_S)

    def wait_for(self, book: Book, kind: str, timeout: float, **fields: Value) -> Entry:
        """The first entry of this kind with these fields.

        Raises:
            StationError: none came in time, or the station ended.
        """
        return self.wait_until(
            book, f"{kind} {fields or ''}", timeout, lambda e: e.kind == kind and fields.items() <= dict(e.data).items()
        )

    def wait_until_transcribed(self, leg: str, limit_s: float) -> None:
        """Until a leg's closed track is transcribed to its end, or nobody hears its language.

        Raises:
            StationError: it is not.
        """

        def is_done(entry: Entry) -> bool:
            return entry.kind in ("TrackTranscribed", "NoRecognizer") and entry.text("leg") == leg

        self.wait_until(self.speech, f"the end of {leg}", limit_s, is_done)

    def wait_until(self, book: Book, what: str, timeout: float, wanted: Callable[[Entry], bool]) -> Entry:
        """The first entry that is wanted; `what` names it in the error."""
        limit = time.monotonic() + timeout
        while True:
            code = self._process.poll()  # asked first, so that the last words of a dying station are still read
            book.look()
            found = next((entry for entry in book.entries if wanted(entry)), None)
            if found is not None:
                return found
            if code is not None:
                raise StationError(f"station {self.side} ended with exit code {code}: {self._last_words()}")
            if time.monotonic() > limit:
                raise StationError(f"station {self.side} did not write {what.strip()} in {timeout:g} s")
            time.sleep(LOOK_S)

    def command(self, name: str, timeout: float = 3.0, **fields: str) -> Entry:
        """Give the line one command and wait for its answer in the journal.

        Raises:
            StationError: the socket is not there, or the command was refused.
        """
        number = f"drill-{secrets.token_hex(8)}"
        line = json.dumps({"id": number, "command": name, **fields}) + "\n"
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
                channel.settimeout(timeout)
                channel.connect(str(self.data / "line.sock"))
                channel.sendall(line.encode())
        except OSError as error:
            raise StationError(f"station {self.side} takes no commands: {error}") from error
        answer = self.wait_for(self.line, "CommandAnswered", timeout, id=number)
        if answer.text("result") != "done":
            raise StationError(f"station {self.side} refused {name}: {answer.text('code')}, {answer.text('detail')}")
        return answer

    def ask_to_end(self) -> None:
        """SIGTERM; `close` waits for the end."""
        if self._process.poll() is None:
            self._process.terminate()

    def close(self) -> None:
        """End the station in order, and after a limit by force. Twice does no harm."""
        self.ask_to_end()
        try:
            self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):  # it ended just now
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace").strip()[-600:]


def _dies_with(parent: int) -> Callable[[], None]:
    def prepare() -> None:
        # A drill that is killed has no chance to end its stations; the kernel then does it.
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # the drill died between fork and prctl

    return prepare
