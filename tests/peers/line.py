"""The line process under test: its dialplan in a network of its own, its journal as what it says, its socket."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from bridge.base.audio import Samples, read_wav, write_wav
from bridge.base.wire import Entry, Follower
from tests.peers.certificates import Identity
from tests.peers.child import Child, PeerError
from tests.peers.tones import RATE_HZ, tone

ANNOUNCEMENT_HZ = 2630
"""Announcements are a short tone here, so that they are told from speech and cost no time."""
NAMES = ("engaged", "exercise", "night", "nobody", "not-recorded", "preempt", "recorded")
_PLAN = """theatre = "Strangers"
announcements = "announcements"

[timers]
contact_ring_s = {{ IMMEDIATE = {ring_s} }}
{timers}

[sides.us]
name = {{ en = "One", ar = "واحد", fa = "یک" }}
language = "en"
page = {{ host = "{net}.1", port = 8080 }}

[sides.us.line]
host = "{net}.1"
port = {port}
transport = "{transport}"
srtp = "{srtp}"
rtp_ports = [41000, 41199]
admit = ["{net}.64/26"{more}]
{tls}

{contacts}

[[sides.us.handsets]]
id = "desk-a"
uri = "sip:desk-a@{net}.130:{port}"
page = {page}

[sides.ir]
name = {{ en = "Two", ar = "اثنان", fa = "دو" }}
language = "fa"
page = {{ host = "{net}.2", port = 8080 }}

[sides.ir.line]
host = "{net}.2"
admit = ["{net}.192/26"]

[[sides.ir.contacts]]
id = "watch"
name = {{ en = "Watch", ar = "مناوب", fa = "کشیک" }}
role = {{ en = "Watch", ar = "مناوب", fa = "کشیک" }}
rank = "OF-5"
tier = 1
uri = "sip:watch@{net}.193"

[[sides.ir.handsets]]
id = "desk-b"
uri = "sip:desk-b@{net}.131"
"""
_CONTACT = """[[sides.us.contacts]]
id = "{id}"
name = {{ en = "{id}", ar = "{id}", fa = "{id}" }}
role = {{ en = "Watch", ar = "مناوب", fa = "کشیک" }}
rank = "OF-5"
tier = 1
uri = "sip:{id}@{host}:{port}"
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a test wants of its line. `.64` to `.127` of the network are the side's, `.130` is the handset."""

    net: str
    """First three numbers of the network."""
    contacts: dict[str, int] = field(default_factory=lambda: {"watch": 80})
    """Contacts by name, with the last number of their address."""
    identity: Identity | None = None
    """With one, the line speaks TLS with mandatory SRTP on port 5061."""
    timers: dict[str, float] = field(default_factory=dict)
    ring_s: float = 3.0
    """How long a contact is rung for an IMMEDIATE call."""
    is_page: bool = False
    """The handset is a page's."""

    @property
    def port(self) -> int:
        return 5061 if self.identity else 5060

    @property
    def address(self) -> tuple[str, int]:
        return f"{self.net}.1", self.port

    @property
    def uri(self) -> str:
        return f"sip:desk@{self.net}.1:{self.port}"


def write_dialplan(setting: Setting, folder: Path) -> Path:
    """The dialplan file and short announcements beside it."""
    for language in ("en", "fa"):
        voices = folder / "announcements" / language
        voices.mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            write_wav(voices / f"{name}.wav", tone(ANNOUNCEMENT_HZ, 0.3), RATE_HZ)
    tls = ""
    if setting.identity:
        one = setting.identity
        tls = f'tls = {{ certificate = "{one.certificate}", key = "{one.key}", authorities = "{one.authorities}" }}'
    plan = _PLAN.format(
        net=setting.net,
        port=setting.port,
        transport="tls" if setting.identity else "udp",
        srtp="mandatory" if setting.identity else "off",
        tls=tls,
        # baresip does not bind its own connections: over TLS it calls from the host's first address.
        more=', "127.0.0.1/32"' if setting.identity else "",
        ring_s=setting.ring_s,
        page=str(setting.is_page).lower(),
        timers="\n".join(f"{name} = {value}" for name, value in setting.timers.items()),
        contacts="\n".join(
            _CONTACT.format(id=name, host=f"{setting.net}.{last}", port=setting.port)
            for name, last in setting.contacts.items()
        ),
    )
    path = folder / "dialplan.toml"
    path.write_text(plan, encoding="utf-8")
    return path


class LineUnderTest:
    """A running line process of side `us`."""

    def __init__(self, setting: Setting, folder: Path) -> None:
        """Start it and wait until it listens.

        Raises:
            PeerError: it did not start.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.setting = setting
        self.data = folder / "data"
        shutil.rmtree(self.data, ignore_errors=True)
        command = [sys.executable, "-m", "bridge.station.line", "--side", "us"]
        command += ["--dialplan", str(write_dialplan(setting, folder)), "--data", str(self.data)]
        root = Path(__file__).parents[2]
        self.child = Child(command, folder, "line", env={**os.environ, "PYTHONPATH": str(root)})
        self._follower = Follower(self.data / "journal" / "line.jsonl")
        self._entries: list[Entry] = []
        try:
            self.await_entry("LineStarted", seconds=20)
        except PeerError:
            self.child.stop()
            raise

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def address(self) -> tuple[str, int]:
        return self.setting.address

    @property
    def is_alive(self) -> bool:
        return self.child.exit_code is None

    def entries(self, kind: str = "", after: int = 0, **fields: str) -> list[Entry]:
        """Entries of a kind with these text fields, behind a sequence number."""
        self._entries += self._follower.read()
        return [
            entry
            for entry in self._entries[after:]
            if (not kind or entry.kind == kind) and all(entry.data.get(key) == text for key, text in fields.items())
        ]

    @property
    def seq(self) -> int:
        """Number of the last entry by now."""
        self._entries += self._follower.read()
        return len(self._entries)

    def await_entry(self, kind: str, after: int = 0, seconds: float = 10.0, **fields: str) -> Entry:
        """The first such entry.

        Raises:
            PeerError: it was not written in time; the text ends with what was.
        """

        def found() -> Entry | None:
            if not self.is_alive:
                raise PeerError(f"the line ended with {self.child.exit_code}: {self.child.output()[-1500:]}")
            return next(iter(self.entries(kind, after, **fields)), None)

        try:
            return self.child.await_for(f"{kind} {fields or ''}", found, seconds)
        except PeerError as error:
            last = [f"{e.seq} {e.kind} {dict(e.data)}" for e in self._entries[-25:]]
            raise PeerError(f"{error}\nJournal ends:\n" + "\n".join(last)) from error

    def await_count(self, kind: str, count: int, after: int = 0, seconds: float = 10.0, **fields: str) -> None:
        """Wait for that many such entries.

        Raises:
            PeerError: there are fewer in time.
        """
        self.child.await_for(
            f"{count} {kind} {fields or ''}", lambda: len(self.entries(kind, after, **fields)) >= count, seconds
        )

    def await_quiet(self, seconds: float = 15.0, besides: frozenset[str] = frozenset()) -> None:
        """Wait until every leg is over but those of the named calls.

        Raises:
            PeerError: some leg lives on.
        """

        def living() -> set[str]:
            begun = {entry.text("leg") for kind in ("Invited", "Dialled") for entry in self.entries(kind)}
            over = {entry.text("leg") for entry in self.entries("LegEnded")}
            return {leg for leg in begun - over if leg.partition("/")[0] not in besides}

        self.child.await_for("the end of all other legs", lambda: not living(), seconds)

    def command(self, name: str, seconds: float = 5.0, **fields: str) -> Entry:
        """Give a command as the desk does; returns its answer from the journal.

        Raises:
            PeerError: no answer.
        """
        name_of_it = uuid.uuid4().hex
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as desk:
            desk.connect(str(self.data / "line.sock"))
            desk.sendall(json.dumps({"id": name_of_it, "command": name, **fields}).encode() + b"\n")
            return self.await_entry("CommandAnswered", seconds=seconds, id=name_of_it)

    def track(self, leg: str) -> Samples:
        """What was recorded of a leg, as an ordinary reader of WAV files sees it.

        Raises:
            PeerError: there is no track.
        """
        opened = self.entries("TrackOpened", leg=leg)
        if not opened:
            raise PeerError(f"no track of {leg}")
        samples, rate = read_wav(self.data / "recordings" / opened[0].text("path"))
        if rate != RATE_HZ:
            raise PeerError(f"track at {rate} Hz, expected {RATE_HZ}")
        return samples

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        return self.child.stop(10.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.child.stop()


def of_call(line: LineUnderTest, call: str, kind: str, wanted: Callable[[Entry], bool] = lambda entry: True) -> Entry:
    """The only such entry of a call.

    Raises:
        PeerError: there is none, or more than one.
    """
    found = [
        entry
        for entry in line.entries(kind)
        if (entry.data.get("call") == call or str(entry.data.get("leg", "")).startswith(f"{call}/")) and wanted(entry)
    ]
    if len(found) != 1:
        raise PeerError(f"{len(found)} entries {kind} of {call}, expected one")
    return found[0]
