"""Chromium with a microphone that plays a file, on a page that has a voice."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from playwright.sync_api import Page as Tab
from playwright.sync_api import Response, sync_playwright

from bridge.base.audio import Samples
from tests import rig
from tests.peers.child import Child, await_for
from tests.peers.tones import heard_s

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).parents[2]


@contextmanager
def server(host: str, socket: Path, folder: Path) -> Iterator[str]:
    """The page's server; its address."""
    port = rig.free_port(host)
    command = [sys.executable, "-m", "tests.desk.voice_server", "--host", host, "--port", str(port)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with Child([*command, "--socket", str(socket)], folder, "server", env) as child:
        child.await_for("its port", lambda: _listens(child.pid, port), 20)
        yield f"http://{host}:{port}/"


def _listens(pid: int, port: int) -> bool:
    return any(c.laddr.port == port and c.status == "LISTEN" for c in psutil.Process(pid).net_connections("tcp"))


class Browser:
    """One browser with one tab. Its microphone is a WAV file of 48 kHz, from its start, over and over."""

    def __init__(self, microphone: Path) -> None:
        self._playwright = sync_playwright().start()
        before = _children()
        self._browser = self._playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=[
                "--no-sandbox",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={microphone}",
            ],
        )
        (self.pid,) = {p for p, parent in _children().items() - before.items() if _name(parent) != _name(p)}
        self.complaints: list[str] = []
        self.context = self._browser.new_context()
        self.tab = self.open()

    def open(self) -> Tab:
        """A further tab."""
        tab = self.context.new_page()
        tab.on("console", lambda message: self._complain(message.type, message.text))
        tab.on("response", self._answered)
        tab.on("pageerror", lambda error: self._complain("error", str(error)))
        return tab

    def _answered(self, answer: Response) -> None:
        if not answer.ok:
            self._complain("error", f"{answer.status} {answer.url}")

    def _complain(self, kind: str, text: str) -> None:
        if kind == "error" and "favicon" not in text and "404 (Not Found)" not in text:
            self.complaints.append(text)

    def close(self) -> None:
        self._browser.close()
        self._playwright.stop()

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _children() -> dict[int, int]:
    """Chromium processes below us, each with its parent."""
    found = {}
    for child in psutil.Process().children(recursive=True):
        if "chrom" in _name(child.pid):
            found[child.pid] = child.ppid()
    return found


def _name(pid: int) -> str:
    try:
        return psutil.Process(pid).name()
    except psutil.NoSuchProcess:
        return ""


def begin(tab: Tab, url: str, query: str = "?raw") -> None:
    """Open the page and press its button; returns when the voice has started."""
    tab.goto(url + query)
    tab.click("#start")
    # Playwright's own waiting evaluates strings in the page, which the content security policy forbids.
    name = await_for("the voice", lambda: tab.evaluate("window.seen.name") or None, 20)
    assert name == "started", name


def wait_phase(tab: Tab, *phases: str, seconds: float = 15.0) -> dict[str, Any]:
    """Wait until the voice is in one of these phases; its state."""

    def found() -> dict[str, Any] | None:
        state: dict[str, Any] = tab.evaluate("window.voice.state")
        return state if state["phase"] in phases else None

    return await_for(
        f"phase {phases}", found, seconds, lambda: str(tab.evaluate("window.states.map((state) => state.phase)"))
    )


def played(tab: Tab) -> tuple[Samples, int]:
    """What left the loudspeaker so far, and its rate."""
    samples = np.frombuffer(base64.b64decode(tab.evaluate("window.played()")), dtype="<i2")
    return samples, int(tab.evaluate("window.voice.graph.context.sampleRate"))


def wait_heard(tab: Tab, hz: int, seconds: float, patience_s: float = 30.0) -> float:
    """Wait until so much of a tone has left the loudspeaker; how much it was, in seconds."""

    def heard() -> float:
        samples, rate = played(tab)
        return heard_s(samples, hz, rate)

    def enough() -> float | None:
        so_far = heard()
        return so_far if so_far >= seconds else None

    return await_for(f"{seconds:.1f} s of {hz} Hz", enough, patience_s, lambda: f"{heard():.1f} s")
