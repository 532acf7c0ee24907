"""A page without a browser, which speaks to the webphone's local socket as the desk does, and a webphone for it."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from bridge.base.audio import Samples
from bridge.base.voice import FRAME_BYTES, FRAME_MS, Kind, Unpacker, pack
from bridge.station.folder import listens
from tests import rig
from tests.peers.child import Child, await_for
from tests.peers.tones import tone

ROOT = Path(__file__).parents[2]


def page_theatre(folder: Path) -> rig.Theatre:
    """A theatre in which the only handset of each side is a page's."""
    pages = {f'id = "desk-{letter}"': f'id = "desk-{letter}"\npage = true' for letter in "ab"}
    return rig.theatre(folder, **{"exercise = true": "exercise = false"}, **pages)


class Webphone:
    """The process under test."""

    def __init__(self, side: str, dialplan: Path, data: Path, folder: Path) -> None:
        """Start it and wait until it takes pages."""
        self.socket = data / "webphone.sock"
        command = [sys.executable, "-m", "bridge.station.webphone", "--side", side]
        command += ["--dialplan", str(dialplan), "--data", str(data)]
        self.child = Child(command, folder, "webphone", {**os.environ, "PYTHONPATH": str(ROOT)})
        self.child.await_for("its socket", lambda: listens(self.socket), 20)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.child.stop()


@dataclass(frozen=True, slots=True)
class Word:
    """One control object, as told."""

    type: str
    fields: dict[str, object]


class Page:
    """One connection with a thread that listens, and speaks a tone where it is told to."""

    def __init__(self, path: Path, name: str = "page-under-test", tone_hz: int | None = None) -> None:
        self.name = name
        self.words: list[Word] = []
        self.is_closed = False
        """The far end has closed the connection."""
        self._tone = None if tone_hz is None else tone(tone_hz, 10.0).astype("<i2").tobytes()
        self._heard: list[bytes] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(str(path))
        self._socket.settimeout(FRAME_MS / 1000)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()
        self.wait_for("who")
        self.ask("hello", page=name)

    def ask(self, wish: str, **fields: str) -> None:
        self.send(pack(Kind.CONTROL, json.dumps({"type": wish, **fields}).encode()))

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def mark(self) -> int:
        return len(self.words)

    def wait_for(self, name: str, seconds: float = 10.0, after: int = 0, **fields: object) -> Word:
        """The first word of this type, behind a mark, with these fields."""

        def found() -> Word | None:
            for word in self.words[after:]:
                if word.type == name and all(word.fields.get(key) == value for key, value in fields.items()):
                    return word
            return None

        return await_for(f"{name} {fields}", found, seconds, lambda: f"told: {[w.type for w in self.words]}")

    def heard(self) -> Samples:
        """What came from the line so far."""
        return np.frombuffer(b"".join(self._heard), dtype="<i2")

    def close(self) -> None:
        self._ending.set()
        self._thread.join(5)
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        unpacker = Unpacker()
        due = time.monotonic()
        said = 0
        while not self._ending.is_set() and not self.is_closed:
            self._listen(unpacker)
            while self._tone is not None and time.monotonic() >= due:
                due += FRAME_MS / 1000
                at = said * FRAME_BYTES % len(self._tone)
                said += 1
                try:
                    self._socket.sendall(pack(Kind.AUDIO, self._tone[at : at + FRAME_BYTES]))
                except OSError:
                    self.is_closed = True
                    return

    def _listen(self, unpacker: Unpacker) -> None:
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return
        except OSError:
            data = b""
        if not data:
            self.is_closed = True
            return
        for frame in unpacker.feed(data):
            if frame.kind is Kind.AUDIO:
                self._heard.append(frame.payload)
                continue
            fields = json.loads(frame.payload)
            self.words.append(Word(fields.pop("type"), fields))
