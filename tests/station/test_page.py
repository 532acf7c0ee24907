"""The page's state from a real desk process: what happens is on the socket at once, a kill changes nothing of it."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from bridge.base.dialplan import load
from bridge.base.wire import Value
from tests.desk.page_rig import wav
from tests.station.plans import write_plan
from tests.station.relay_desk import RelayDesk, kinds
from tests.station.test_relaying import CALL, TEXT, await_leg, drafted

pytestmark = pytest.mark.fault
WaitUntil = Callable[..., None]


class PageDesk(RelayDesk):
    """A desk process whose pages are open, and a page."""

    @property
    def url(self) -> str:
        page = load(self.plan).side(self.side).page
        return f"http://{page.host}:{page.port}"

    def start(self) -> subprocess.Popen[str]:
        options = ["--side", self.side, "--dialplan", str(self.plan), "--data", str(self.folder.root)]
        return subprocess.Popen(
            [sys.executable, "-m", "tests.desk.open_desk", *options], stderr=subprocess.PIPE, text=True
        )

    def await_page(self) -> None:
        self.send(b"{}")  # waits for the desk's own socket
        self.wait_for(self._answers, "the page")

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/state", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def sections(self, prefix: str = "") -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{self.url}/api/state", timeout=20).json()["sections"]
        return {name: value for name, value in found.items() if name.startswith(prefix)}

    def post(self, path: str, body: Any, key: str) -> httpx.Response:
        headers = {"Idempotency-Key": key}
        return httpx.post(f"{self.url}/api/{path}", json=body, headers=headers, timeout=20)

    def page_act(self, name: str, subject: str, key: str, **fields: Any) -> httpx.Response:
        return self.post("acts", {"act": name, "subject": subject, "fields": fields}, key)

    def socket(self, query: str = "") -> ClientConnection:
        return connect(f"ws{self.url.removeprefix('http')}/api/events{query}", open_timeout=20)


@pytest.fixture
def desk(tmp_path: Path, subnet: str, wait_until: WaitUntil) -> Iterator[PageDesk]:
    made = PageDesk(write_plan(tmp_path, subnet), "us", tmp_path / "us", wait_until)
    made.await_page()
    yield made
    made.close()


def await_section(socket: ClientConnection, name: str, fits: Callable[[Any], bool] = lambda value: True) -> Any:
    """The next version of a section that fits."""
    while True:
        message = json.loads(socket.recv(timeout=30))
        if message.get("s") == name and fits(message["v"]):
            return message["v"]


def test_what_is_heard_is_on_the_socket(desk: PageDesk) -> None:
    """Growing, then settled, with the struck word beside the new one."""
    leg = desk.leg(CALL, "side")
    with desk.socket() as socket:
        await_section(socket, f"leg/{leg}", lambda leg: leg["state"] == "up")
        data: dict[str, Value] = {"leg": leg, "utterance": 1, "from_sample": 0, "heard_to_sample": 8000}
        began = time.monotonic()
        desk.speech.append("Partial", {**data, "text": "speed nine", "firm_words": 2, "revised_from": -1})
        name = f"caption/{leg}/1"
        assert await_section(socket, name)["firm_words"] == 2
        print(f"journal to socket {time.monotonic() - began:.3f} s")
        rest: dict[str, Value] = {"to_sample": 8000, "words": [], "engine": "moonshine", "revised_from": 1}
        desk.speech.append("Final", {**data, **rest, "text": "speed five", "unclear": False})
        final = await_section(socket, name, lambda caption: caption["final"])
    assert [(one["was"], one["now"]) for one in final["revised"]] == [("nine", "five")]


def test_an_act_of_the_page_is_on_every_socket(desk: PageDesk) -> None:
    """Done once under its key, by whom the session names; refused with what is missing."""
    leg = desk.leg(CALL, "side")
    desk.wait_for(lambda: desk.page_act("Opened", "taking/1", "k-0", leg=leg).status_code == 200, "the leg")
    with desk.socket() as one, desk.socket() as other:
        answer = desk.page_act("Edited", "taking/1", "k-1", text=TEXT)
        again = desk.page_act("Edited", "taking/1", "k-1", text=TEXT)
        assert (answer.status_code, again.json()["repeated"], again.json()["seq"]) == (200, True, answer.json()["seq"])
        for socket in (one, other):
            shown = await_section(socket, "message/taking/1", lambda value: value["draft"] is not None)
            assert (shown["draft"]["version"], shown["draft"]["by"]) == (1, "op-a")
    refused = desk.page_act("SealOrdered", "taking/1", "k-2")
    assert (refused.status_code, refused.json()["code"]) == (409, "no-such-move")
    assert desk.page_act("Edited", "taking/1", "k-1", text="other").json()["code"] == "id-taken"
    assert desk.page_act("Edited", "taking/1", "k-3", text="word " * 10_000).status_code == 422


def test_a_kill_changes_nothing_that_is_shown(desk: PageDesk) -> None:
    """kill -9 in mid-draft and in the read-back: messages, legs, captions and duty are as before, in a new run."""
    leg = drafted(desk, "taking/1")
    for step in range(2):
        if step:
            desk.done("ReadBackStarted", "taking/1")
        desk.wait_for(lambda: desk.sections("message/")["message/taking/1"]["slots"], "the items")
        desk.post("acts", {"act": "AlarmAcknowledged", "fields": {"alarm": "disk-low"}}, f"ack-{step}")
        before = desk.sections()
        with desk.socket() as socket:
            boot = json.loads(socket.recv(timeout=30))["boot"]
            desk.kill_and_start()
        desk.await_page()
        after = desk.sections()
        lasting = [name for name in before if name.startswith(("message/", "asked/", "leg/", "caption/", "duty"))]
        assert {f"leg/{leg}", "message/taking/1", f"caption/{leg}/1", "duty"} <= set(lasting)
        assert {name: after.get(name) for name in lasting} == {name: before[name] for name in lasting}
        with desk.socket(f"?boot={boot}&since=5") as socket:
            first = json.loads(socket.recv(timeout=30))
        assert first["all"] and first["boot"] != boot


def test_a_command_to_the_line(desk: PageDesk) -> None:
    """Answered as the line answers; after a kill the same key is answered again, and the line is told once."""
    answers: list[httpx.Response] = []
    command = {"command": "hang-up", "leg": f"{CALL}/side-1"}
    asking = threading.Thread(target=lambda: answers.append(desk.post("line", command, "k-1")))
    asking.start()
    told = desk.await_command("hang-up")
    desk.obey(told, "")
    asking.join(30)
    assert (answers[0].status_code, answers[0].json()["pending"]) == (200, False)
    desk.kill_and_start()
    desk.await_page()
    assert desk.post("line", command, "k-1").json()["pending"] is False
    assert desk.commands == [told]
    asked = [data for kind, data in kinds(desk.folder.root) if kind == "LineAsked"]
    assert [(one["person"], one["given"]) for one in asked] == [("op-a", command)]


def test_a_line_that_does_not_answer(desk: PageDesk) -> None:
    """The page is told that it is pending, and nothing is lost."""
    answer = desk.post("line", {"command": "ring-operator"}, "k-1").json()
    assert (answer["result"], answer["pending"]) == ("done", True)


def test_whoever_hears_is_entered_first(desk: PageDesk) -> None:
    """The audio of a leg as recorded; a path that leads elsewhere is none."""
    leg = desk.leg(CALL, "side")
    path = desk.folder.recordings / f"{leg}.wav"
    path.parent.mkdir(parents=True)
    wav(path, struct.pack("<100h", *range(100)))
    desk.wait_for(lambda: httpx.get(f"{desk.url}/api/audio/{leg}").status_code == 200, "the recording")
    heard = httpx.get(f"{desk.url}/api/audio/{leg}?from=10&to=20")
    assert heard.content[44:] == struct.pack("<10h", *range(10, 20))
    entered = [data for kind, data in kinds(desk.folder.root) if kind == "Listened"]
    assert [(one["from_sample"], one["to_sample"], one["person"]) for one in entered][-1] == (10, 20, "op-a")
    known: dict[str, Value] = {"call": CALL, "leg": leg, "role": "side", "path": "../../ledger.db"}
    now = desk.clock.now().utc
    desk.line.append("TrackOpened", {**known, "rate_hz": 8000, "t0_utc": now, "language": "en"})
    desk.wait_for(lambda: httpx.get(f"{desk.url}/api/audio/{leg}").status_code == 404, "the strange path")


def test_what_was_never_given_was_not_played(desk: PageDesk) -> None:
    """A page's word about it counts as far as the audio had left for its person; a restart forgets nothing of that."""
    leg = desk.leg(CALL, "side")
    await_leg(desk, leg, "taking/1")
    path = desk.folder.recordings / f"{leg}.wav"
    path.parent.mkdir(parents=True)
    wav(path, bytes(2 * 32000))
    span = {"leg": leg, "from_sample": 0, "to_sample": 16000}
    refused = desk.page_act("Played", "taking/1", "k-1", span=span)
    assert (refused.status_code, refused.json()["code"]) == (409, "not-played")
    assert httpx.get(f"{desk.url}/api/audio/{leg}?from=0&to=12000").status_code == 200
    assert desk.page_act("Played", "taking/1", "k-2", span=span).status_code == 409
    assert httpx.get(f"{desk.url}/api/audio/{leg}?from=12000&to=16000").status_code == 200
    desk.kill_and_start()
    desk.await_page()
    assert desk.page_act("Played", "taking/1", "k-3", span=span).status_code == 200
    assert [data["act"]["id"] for kind, data in kinds(desk.folder.root) if kind == "MessagePlayed"] == ["k-3"]


def test_an_alarm_is_acknowledged_by_name(desk: PageDesk) -> None:
    """The line has not started here: that alarm stands, and keeps the name of who has seen it."""
    with desk.socket() as socket:
        await_section(socket, "alarm/line-down")
        answer = desk.post("acts", {"act": "AlarmAcknowledged", "fields": {"alarm": "line-down"}}, "k-1")
        assert answer.status_code == 200
        seen = await_section(socket, "alarm/line-down", lambda alarm: bool(alarm["acknowledged_by"]))
    assert seen["acknowledged_by"] == "op-a"
    assert (
        desk.post("acts", {"act": "AlarmAcknowledged", "fields": {"alarm": "none"}}, "k-2").json()["code"] == "no-alarm"
    )
