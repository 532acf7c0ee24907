"""The page's routes before a station of the test's own: what was handed in, and what is answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from bridge.base.audio import header
from bridge.base.clock import ManualClock
from bridge.base.errors import StorageError
from bridge.base.wire import Fields
from bridge.desk.app import Shown, Title, make_app
from bridge.desk.feed import Feed
from bridge.desk.live import make_live
from bridge.desk.ports import Answer, Ports, Sound
from bridge.desk.session import Session
from tests.desk.open_desk import OPERATOR, Inject

HOST = "127.0.0.11"


def resolved(answer: Answer) -> Future[Answer]:
    found: Future[Answer] = Future()
    found.set_result(answer)
    return found


@dataclass
class Station:
    """Answers at once, as told."""

    feed: Feed = field(default_factory=lambda: Feed("boot-1"))
    clock: ManualClock = field(default_factory=ManualClock)
    answer: Answer = field(default_factory=lambda: {"result": "done", "seq": 4})
    acts: list[dict[str, Any]] = field(default_factory=list)
    commands: list[dict[str, Any]] = field(default_factory=list)
    noted: list[tuple[str, Fields]] = field(default_factory=list)
    sounds: dict[str, Sound] = field(default_factory=dict)
    is_full: bool = False
    recorded: Callable[[str], Fields | None] = lambda subject: None

    def act(self, line: bytes) -> Future[Answer]:
        self.acts.append(json.loads(line))
        return resolved(self.answer)

    def command(self, line: bytes) -> Future[Answer]:
        self.commands.append(json.loads(line))
        return resolved(self.answer)

    def note(self, kind: str, fields: Fields) -> Future[Answer]:
        found: Future[Answer] = Future()
        if self.is_full:
            found.set_exception(StorageError("full"))
        else:
            self.noted.append((kind, fields))
            found.set_result({"result": "done", "seq": 1})
        return found

    def ports(self) -> Ports:
        return Ports(self.feed, self.clock, self.act, self.command, self.note, self.sounds.get, self.recorded)

    def client(self, session: Session | None = OPERATOR) -> TestClient:
        title = Title("Test", "us", "Side us", False)
        shown: Callable[[], Shown] = lambda: Shown({}, 0, "", False, 0)  # noqa: E731
        app = make_app([HOST], title, shown, self.clock, [make_live(self.ports())])
        served = app if session is None else Inject(app, session)
        return TestClient(served, base_url=f"http://{HOST}:8080", raise_server_exceptions=False)


def post(client: TestClient, path: str, body: Any, key: str = "k-1", **headers: str) -> Any:
    sent = {"Idempotency-Key": key, "Content-Type": "application/json", **headers}
    return client.post(path, content=body if isinstance(body, bytes | str) else json.dumps(body), headers=sent)


def wav(path: Path, samples: bytes, rate_hz: int = 8000) -> Sound:
    """A recording that is still being written: its header says 0."""
    path.write_bytes(header(rate_hz, 0) + samples)
    return Sound(path, rate_hz)
