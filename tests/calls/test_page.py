"""A call as its page sees it: legs, levels and words over the socket while the officer speaks, and his voice again."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from bridge.base.audio import GrowingWav
from bridge.base.clock import SystemClock, parse_utc
from bridge.base.text import words as folded_words
from bridge.drill.party import Party
from tests import rig
from tests.calls.test_line import connected

pytestmark = [pytest.mark.call, pytest.mark.fault]
VOICES = sorted((Path(__file__).parents[2] / "bridge" / "drill" / "voices").glob("*.wav"))


@pytest.fixture
def page(us: rig.Process, play: rig.Theatre) -> Iterator[str]:
    """The address of the station's page, open to the test."""
    host = f"{play.prefix}.0.11:8080"
    options = ["--side", "us", "--dialplan", str(play.path), "--data", str(us.data)]
    process = subprocess.Popen([sys.executable, "-m", "tests.desk.open_desk", *options], stdin=subprocess.DEVNULL)
    deadline = time.monotonic() + 30 * rig.UNIT_S
    while True:
        try:
            httpx.get(f"http://{host}/api/state", timeout=5)
            break
        except httpx.TransportError:
            assert time.monotonic() < deadline and process.poll() is None, "the page does not answer"
            time.sleep(0.05)  # it is starting: there is nothing to wait on but its port
    yield host
    process.terminate()
    process.wait(15 * rig.UNIT_S)


class Page:
    """What a page holds, made from the socket alone."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.sections: dict[str, Any] = {}

    def wait_for(self, name: str, fits: Callable[[Any], bool]) -> Any:
        deadline = time.monotonic() + 30 * rig.UNIT_S
        while True:
            assert time.monotonic() < deadline, f"no {name}; sections {sorted(self.sections)}"
            message = json.loads(self.socket.recv(timeout=30 * rig.UNIT_S))
            if "s" not in message:
                continue
            self.sections[message["s"]] = message["v"]
            if message["s"] == name and message["v"] is not None and fits(message["v"]):
                return message["v"]


def folded(words: list[str]) -> list[list[str]]:
    return [folded_words(word) for word in words]


def test_a_call_on_the_page(us: rig.Process, handset: Party, officer: Party, play: rig.Theatre, page: str) -> None:
    """Each word on the page is the recogniser's; the level is the track's; what is played is what was recorded."""
    with rig.Process("speech", "us", play.path, us.data) as speech, connect(f"ws://{page}/api/events") as socket:
        shown = Page(socket)
        leg = connected(us, officer, play) + "/side-1"
        shown.wait_for(f"leg/{leg}", lambda value: value["state"] == "up")
        officer.say(VOICES[0])
        shown.wait_for(f"level/{leg}", lambda value: max(value["peaks"], default=0) > 50)
        growing = shown.wait_for(f"caption/{leg}/1", lambda value: bool(value["text"]))
        arrived_ns = SystemClock().now().utc_ns
        (entry, *_) = speech.find("Partial", leg=leg, utterance=1, text=growing["text"])
        print(f"caption: journal to page {(arrived_ns - parse_utc(entry.utc)) / 1e9:.3f} s")
        final = shown.wait_for(f"caption/{leg}/1", lambda value: value["final"])
        written = speech.wait_for("Final", 10, leg=leg, utterance=1)
        assert (final["text"], final["from_sample"]) == (written.text("text"), written.number("from_sample"))
        firm = folded(growing["text"].split()[: growing["firm_words"]])
        assert final["revised"] or folded(final["text"].split()[: len(firm)]) == firm, "changed without a word"
        span = f"from={final['from_sample']}&to={final['to_sample']}"
        heard = httpx.get(f"http://{page}/api/audio/{leg}?{span}", timeout=20)
        count = final["to_sample"] - final["from_sample"]
        assert heard.content[44:] == GrowingWav(us.track(leg)).read(final["from_sample"], count).tobytes()
        officer.hang_up()
        shown.wait_for(f"leg/{leg}", lambda value: value["state"] == "ended" and value["outcome"] == "answered")
