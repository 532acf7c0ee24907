"""A station's desk process without a telephone: journals, line socket and the party's voices are the test's own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bridge.base.clock import SystemClock
from bridge.base.wire import Journal, Value
from bridge.ledger.store import Store, sqlite_url
from bridge.station.folder import prepare
from tests.rig import UNIT_S

RATE_HZ = 8000
Answer = dict[str, Any]


class RelayDesk:
    """One desk process and everything around it. Owned by the test."""

    def __init__(self, plan: Path, side: str, data: Path, wait_until: Callable[..., None]) -> None:
        self.plan, self.side = plan, side
        self.folder = prepare(data)
        self.clock = SystemClock()
        self.line = Journal(self.folder.line_journal, self.clock)
        self.speech = Journal(self.folder.speech_journal, self.clock)
        self._line_socket = socket.socket(socket.AF_UNIX)
        self._line_socket.bind(str(self.folder.line_socket))
        self._line_socket.listen(64)
        self._line_socket.setblocking(False)
        self.commands: list[Answer] = []
        """What the line was told, repeats included."""
        self._wait = wait_until
        self._acts = 0
        self._utterances: dict[str, int] = {}
        self._t0_ns: dict[str, int] = {}
        self.process = self.start()

    def start(self) -> subprocess.Popen[str]:
        options = ["--side", self.side, "--dialplan", str(self.plan), "--data", str(self.folder.root)]
        command = [sys.executable, "-m", "bridge.station.desk", *options]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def kill_and_start(self) -> None:
        """kill -9 at this point, and a new process on the same folder."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=10)
        self.process = self.start()

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()
        self.line.close()
        self.speech.close()
        self._line_socket.close()

    # -- acts ------------------------------------------------------------------------------------------------------

    def send(self, line: bytes) -> Answer:
        """One line to the desk's socket, and its answer."""
        with socket.socket(socket.AF_UNIX) as channel:
            channel.settimeout(20 * UNIT_S)
            self._connect(channel)
            channel.sendall(line + b"\n")
            received = b""
            while not received.endswith(b"\n"):
                part = channel.recv(65536)
                assert part, "the desk hung up without an answer"
                received += part
        answer: Answer = json.loads(received)
        return answer

    def _connect(self, channel: socket.socket) -> None:
        deadline = time.monotonic() + 20 * UNIT_S
        while True:
            try:
                channel.connect(str(self.folder.desk_socket))
                return
            except (FileNotFoundError, ConnectionRefusedError):
                assert self.process.poll() is None, self.process.communicate()[1]
                assert time.monotonic() < deadline, "the desk does not listen"
                time.sleep(0.02)

    def act(
        self,
        name: str,
        subject: str = "",
        *,
        by: str = "op-a",
        act_id: str = "",
        **fields: Any,
    ) -> Answer:
        self._acts += 1
        asked = {"id": act_id or f"{os.getpid()}-{self._acts}", "person": by, "role": "operator", "console": "A"}
        return self.send(json.dumps({**asked, "act": name, "subject": subject, "fields": fields}).encode())

    def done(self, name: str, subject: str = "", *, by: str = "op-a", **fields: Any) -> Answer:
        """An act that is expected to be taken."""
        answer = self.act(name, subject, by=by, **fields)
        assert answer["result"] == "done", answer
        return answer

    def refused(self, name: str, subject: str = "", *, by: str = "op-a", **fields: Any) -> str:
        """The code of an act that is expected to be refused, and to change nothing."""
        before = self.state()
        answer = self.act(name, subject, by=by, **fields)
        assert answer["result"] == "refused" and answer["detail"], answer
        assert self.state() == before
        return str(answer["code"])

    def state(self) -> Answer:
        state: Answer = self.done("StateAsked")["state"]
        return state

    def shown(self, subject: str, command: str) -> Answer:
        shown: Answer = self.done("StateAsked")["shown"][subject][command]
        return shown

    def machine(self, subject: str) -> Answer:
        machine: Answer = self.state()["machines"][subject]
        return machine

    def wait_for(self, condition: Callable[[], object], what: str) -> None:
        self._wait(condition, 15, what)

    def wait_state(self, subject: str, state: str) -> None:
        self.wait_for(lambda: self.machine(subject)["state"] == state, f"{subject} in state {state}")

    # -- the line --------------------------------------------------------------------------------------------------

    def leg(self, call: str, role: str, contact: str = "", language: str = "en") -> str:
        """A leg that is answered and recorded from now on."""
        name = f"{call}/{role}-{len(self._t0_ns) + 1}"
        known: dict[str, Value] = {"call": call, "leg": name, "role": role}
        self.line.append("Dialled" if contact else "Invited", {**known, "contact": contact})
        now = self.clock.now()
        self._t0_ns[name] = now.utc_ns
        track: dict[str, Value] = {"rate_hz": RATE_HZ, "t0_utc": now.utc, "language": language, "path": f"{name}.wav"}
        self.line.append("TrackOpened", {**known, **track})
        self.line.append("Answered", {"leg": name, "after_ms": 900})
        return name

    def hang_up(self, leg: str) -> None:
        call, _, role = leg.partition("/")
        data: dict[str, Value] = {"call": call, "leg": leg, "role": role.partition("-")[0], "outcome": "answered"}
        self.line.append("LegEnded", {**data, "status": 200, "detail": "", "talk_ms": 9000})

    def press(self, leg: str, digit: str) -> None:
        self.line.append("DigitHeard", {"leg": leg, "digit": digit})

    def commanded(self) -> list[Answer]:
        """Commands that the line has been told by now, each id once, in order."""
        while True:
            try:
                channel, _ = self._line_socket.accept()
            except BlockingIOError:
                break
            with channel:
                channel.settimeout(5)
                received = b""
                while part := channel.recv(65536):
                    received += part
            self.commands += [json.loads(line) for line in received.splitlines()]
        return list({command["id"]: command for command in self.commands}.values())

    def await_command(self, name: str, count: int = 1) -> Answer:
        """The last command of a name, once so many of it have come."""
        self.wait_for(lambda: len(self._named(name)) >= count, f"{count} times {name}")
        return self._named(name)[-1]

    def _named(self, name: str) -> list[Answer]:
        return [command for command in self.commanded() if command["command"] == name]

    def obey(self, command: Answer, call: str) -> None:
        fields: dict[str, Value] = {"command": command["command"], "id": command["id"], "result": "done"}
        self.line.append("CommandAnswered", {**fields, "code": "", "detail": "", "call": call})

    # -- voices ----------------------------------------------------------------------------------------------------

    def partial(self, leg: str, text: str) -> None:
        start, end = self._samples(leg)
        number = self._utterances.get(leg, 0) + 1
        data: dict[str, Value] = {"from_sample": start, "heard_to_sample": end, "firm_words": 0, "revised_from": -1}
        self.speech.append("Partial", {"leg": leg, "utterance": number, "text": text, **data})

    def final(self, leg: str, text: str) -> tuple[int, int]:
        """Said just now; the span of samples."""
        start, end = self._samples(leg)
        self._utterances[leg] = self._utterances.get(leg, 0) + 1
        data: dict[str, Value] = {"from_sample": start, "to_sample": end, "words": [], "engine": "moonshine"}
        rest: dict[str, Value] = {"revised_from": -1, "unclear": False}
        self.speech.append("Final", {"leg": leg, "utterance": self._utterances[leg], "text": text, **data, **rest})
        return start, end

    def followed(self, leg: str, checker: str) -> None:
        """A recogniser takes the leg up."""
        data: dict[str, Value] = {"role": "operator", "language": "en", "engine": "moonshine", "from_sample": 0}
        self.speech.append("TrackFollowed", {"call": leg.partition("/")[0], "leg": leg, "checker": checker, **data})

    def checked(self, leg: str, text: str) -> None:
        """What the second engine made of the last utterance."""
        data: dict[str, Value] = {"engine": "whisper", "distance_permille": 0, "marks": [], "words": []}
        self.speech.append("Checked", {"leg": leg, "utterance": self._utterances[leg], "text": text, **data})

    def _samples(self, leg: str) -> tuple[int, int]:
        now = (self.clock.now().utc_ns - self._t0_ns[leg]) * RATE_HZ // 1_000_000_000
        return now, now + RATE_HZ


def kinds(data: Path) -> list[tuple[str, dict[str, Any]]]:
    """Kind and data of the desk's own entries in a ledger, in order."""
    store = Store(sqlite_url(data / "ledger.db"))
    try:
        return [(item.kind, dict(item.data)) for item in store.read() if item.source == "desk"]
    finally:
        store.close()
