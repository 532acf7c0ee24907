"""An operator's console at one station: acts go in at `desk.sock`, the same that the page hands in.

It knows one station and joins nothing. What crosses to the other one is text that the script takes from here and types
there.
"""

from __future__ import annotations

import json
import secrets
import socket
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from bridge.base.errors import World
from bridge.base.wire import Value
from bridge.drill.stations import Station
from bridge.drill.view import View, view_of

ANSWER_LIMIT_S = 60.0
"""Far above what is judged: a desk that was killed is back in seconds."""
LOOK_S = 0.1
"""How often the screen is looked at: the page does it once a second, the desk has news ten times."""


class ActRefusedError(World):
    """The desk refused an act that the script expected to be taken."""

    code = "act-refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the desk said to an act."""

    result: str
    code: str
    detail: str
    subject: str
    raw: Mapping[str, Value]

    @property
    def is_done(self) -> bool:
        return self.result == "done"


@dataclass(frozen=True, slots=True)
class Acted:
    """One act as the drill saw it, for the time line."""

    person: str
    name: str
    mono_ns: int
    code: str
    """Empty where it was taken."""


@dataclass(slots=True)
class Console:
    """Used by one thread at a time."""

    station: Station
    person: str
    second: str
    """The second person on watch, who releases a FLASH."""
    tell: Callable[[str, str], None]
    acted: list[Acted] = field(default_factory=list)

    @property
    def side(self) -> str:
        return self.station.side

    def act(self, name: str, subject: str = "", *, by: str = "", **fields: Value) -> Answer:
        """One act and its answer.

        Raises:
            ActRefusedError: the desk does not answer.
        """
        asked = {"id": f"drill-{secrets.token_hex(8)}", "person": by or self.person, "role": "operator"}
        line = {**asked, "console": self.side, "act": name, "subject": subject, "fields": fields}
        raw = self._exchange_in_time(json.dumps(line).encode() + b"\n")
        answer = Answer(
            str(raw.get("result")),
            str(raw.get("code", "")),
            str(raw.get("detail", "")),
            str(raw.get("subject", "")),
            raw,
        )
        if name != "StateAsked":
            self.acted.append(Acted(by or self.person, name, time.monotonic_ns(), answer.code))
        return answer

    def done(self, name: str, subject: str = "", *, by: str = "", **fields: Value) -> Answer:
        """An act that must be taken.

        Raises:
            ActRefusedError: it was refused.
        """
        answer = self.act(name, subject, by=by, **fields)
        if not answer.is_done:
            raise ActRefusedError(f"station {self.side} refused {name} {subject}: {answer.code}, {answer.detail}")
        return answer

    def done_when(self, codes: Collection[str], name: str, subject: str, fields: Mapping[str, Value]) -> Answer:
        """An act that is repeated while the desk refuses it with one of these codes: its matter is not known yet.

        Raises:
            ActRefusedError: it was refused otherwise, or too long.
        """
        limit = time.monotonic() + ANSWER_LIMIT_S
        while True:
            answer = self.act(name, subject, by="", **fields)
            if answer.is_done:
                return answer
            if answer.code not in codes or time.monotonic() > limit:
                raise ActRefusedError(f"station {self.side} refused {name} {subject}: {answer.code}, {answer.detail}")
            time.sleep(LOOK_S)

    def view(self, subject: str) -> View:
        """The message as the screen shows it.

        Raises:
            ActRefusedError: there is none.
        """
        answer = self.done("StateAsked")
        found = view_of(answer.raw.get("state"), answer.raw.get("shown"), subject)
        if found is None:
            raise ActRefusedError(f"station {self.side} shows no message {subject}")
        return found

    def await_view(self, subject: str, what: str, wanted: Callable[[View], bool], timeout: float) -> View:
        """The screen as soon as it shows something.

        Raises:
            ActRefusedError: not in time.
        """
        limit = time.monotonic() + timeout
        while True:
            view = self.view(subject)
            if wanted(view):
                return view
            if time.monotonic() > limit:
                raise ActRefusedError(
                    f"station {self.side}: {subject} is {view.state}, expected {what} in {timeout:g} s"
                )
            time.sleep(LOOK_S)

    def _exchange_in_time(self, line: bytes) -> dict[str, Value]:
        """The answer, also of a desk that starts again meanwhile: an act has one id and is done once."""
        limit = time.monotonic() + ANSWER_LIMIT_S
        while True:
            try:
                return self._exchange(line)
            except ActRefusedError:
                if self.station.has_ended or time.monotonic() > limit:
                    raise
                time.sleep(LOOK_S)

    def _exchange(self, line: bytes) -> dict[str, Value]:
        received = b""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
                channel.settimeout(ANSWER_LIMIT_S)
                channel.connect(str(self.station.data / "desk.sock"))
                channel.sendall(line)
                while not received.endswith(b"\n"):
                    part = channel.recv(65536)
                    if not part:
                        break
                    received += part
            answer: dict[str, Value] = json.loads(received)
        except (OSError, ValueError) as error:
            raise ActRefusedError(f"the desk of station {self.side} does not answer: {error}") from error
        return answer
