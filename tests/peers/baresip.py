"""baresip as a telephone: it speaks a tone, keeps what it hears, and is steered over its control port."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from bridge.base.audio import Samples, read_wav, write_wav
from tests.peers.certificates import Identity
from tests.peers.child import Child, PeerError, await_for
from tests.peers.tones import RATE_HZ, tone

PROGRAM = "/usr/bin/baresip"
MODULES = Path("/usr/lib/baresip/modules")
_CONTROL_PORT = 4444
_SPEECH_S = 120.0
"""How long a telephone speaks: longer than any call of a test."""


@dataclass(frozen=True, slots=True)
class Phone:
    """How one baresip is set up."""

    host: str
    user: str
    tone_hz: int
    is_auto: bool = True
    """Answers by itself; otherwise it rings until told."""
    identity: Identity | None = None
    """With one it speaks TLS only, on port 5061, and shows this certificate."""
    srtp: str = ""
    """baresip's word for media encryption: `srtp-mand` insists on SDES keys."""

    @property
    def uri(self) -> str:
        return f"sip:{self.user}@{self.host}:{5061 if self.identity else 5060}"


def is_installed() -> bool:
    return Path(PROGRAM).exists() and (MODULES / "ctrl_tcp.so").exists()


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of baresip's control port."""

    type: str
    peer: str
    detail: str


class Baresip:
    """One running baresip with its own configuration in its own folder."""

    def __init__(self, phone: Phone, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.phone = phone
        self.folder = folder
        write_wav(folder / "tone.wav", tone(phone.tone_hz, _SPEECH_S), RATE_HZ)
        (folder / "config").write_text(_config(phone, folder))
        (folder / "accounts").write_text(_account(phone))
        self.child = Child([PROGRAM, "-f", str(folder), "-v"], folder, "baresip")
        self.happenings: list[Happening] = []
        self._held = b""
        try:
            self._control = self.child.await_for("its control port", self._connect)
            self.child.await_for("readiness", lambda: "baresip is ready" in self.child.output())
        except PeerError:
            self.child.stop()
            raise
        self._control.setblocking(False)

    def dial(self, uri: str) -> None:
        self._command("dial", uri)

    def answer(self) -> None:
        self._command("accept")

    def hang_up(self) -> None:
        """Ends, cancels or refuses the current call, whichever it needs."""
        self._command("hangup")

    def hold(self) -> None:
        self._command("hold")

    def resume(self) -> None:
        self._command("resume")

    def press(self, digits: str) -> None:
        for digit in digits:
            self._command("sndcode", digit)

    def await_event(self, kind: str, seconds: float = 10.0, count: int = 1) -> Happening:
        """Wait for the `count`th event of a kind: CALL_RINGING, CALL_INCOMING, CALL_ESTABLISHED, CALL_CLOSED.

        Raises:
            PeerError: it did not come.
        """

        def found() -> Happening | None:
            self._read()
            all_of_it = [event for event in self.happenings if event.type == kind]
            return all_of_it[count - 1] if len(all_of_it) >= count else None

        return self.child.await_for(f"event {kind} ({count})", found, seconds)

    def count(self, kind: str) -> int:
        self._read()
        return sum(event.type == kind for event in self.happenings)

    def heard(self) -> Samples:
        """What it heard in its last call; the call must be over.

        Raises:
            PeerError: it kept nothing.
        """
        dumps = sorted(self.folder.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime_ns)
        if not dumps:
            raise PeerError(f"{self.phone.user} kept no audio")
        samples, rate = read_wav(dumps[-1])
        if rate != RATE_HZ:
            raise PeerError(f"{self.phone.user} kept audio at {rate} Hz, expected {RATE_HZ}")
        return samples

    def close(self) -> None:
        self._control.close()
        self.child.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connect(self) -> socket.socket | None:
        try:
            return socket.create_connection((self.phone.host, _CONTROL_PORT), timeout=1.0)
        except OSError:  # not listening yet; the caller has a deadline
            return None

    def _command(self, name: str, parameters: str = "") -> None:
        message = json.dumps({"command": name, "params": parameters}).encode()
        self._control.setblocking(True)
        self._control.sendall(b"%d:%s," % (len(message), message))
        self._control.setblocking(False)

    def _read(self) -> None:
        """Take in netstrings as far as they are whole."""
        while True:
            try:
                data = self._control.recv(65536)
            except BlockingIOError:
                break
            if not data:
                break
            self._held += data
        while b":" in self._held:
            size, _, rest = self._held.partition(b":")
            length = int(size)
            if len(rest) <= length:
                return
            self._take(rest[:length])
            self._held = rest[length + 1 :]

    def _take(self, message: bytes) -> None:
        raw = json.loads(message)
        if raw.get("event"):
            self.happenings.append(
                Happening(str(raw.get("type")), str(raw.get("peeruri", "")), str(raw.get("param", "")))
            )


def start_all(phones: list[Phone], folder: Path) -> list[Baresip]:
    """Start several; on failure none is left."""
    started: list[Baresip] = []
    try:
        for phone in phones:
            started.append(Baresip(phone, folder / phone.user))
    except PeerError:
        for one in started:
            one.close()
        raise
    return started


def await_heard(phone: Baresip, seconds: float = 5.0) -> Samples:
    """What it heard, once the file of the ended call is whole."""
    return await_for(f"what {phone.phone.user} heard", lambda: _some(phone), seconds)


def _some(phone: Baresip) -> Samples | None:
    try:
        samples = phone.heard()
    except PeerError:  # the dump is closed a moment after the call; the caller has a deadline
        return None
    return samples if len(samples) else None


def _account(phone: Phone) -> str:
    transport = "tls" if phone.identity else "udp"
    port = f":{5061}" if phone.identity else ""
    parts = [
        f"<sip:{phone.user}@{phone.host}{port};transport={transport}>",
        "regint=0",
        f"answermode={'auto' if phone.is_auto else 'manual'}",
        "audio_codecs=pcmu",
    ]
    if phone.srtp:
        parts.append(f"mediaenc={phone.srtp}")
    return ";".join(parts) + "\n"


def _config(phone: Phone, folder: Path) -> str:
    modules = ["g711.so", "aufile.so", "sndfile.so", *(["srtp.so"] if phone.srtp else [])]
    lines = [
        "poll_method epoll",
        f"sip_listen {phone.host}:5060",
        "call_max_calls 4",
        f"audio_player aufile,{folder}/played.wav",
        f"audio_source aufile,{folder}/tone.wav",
        f"audio_alert aufile,{folder}/alert.wav",
        f"ausrc_srate {RATE_HZ}",
        f"auplay_srate {RATE_HZ}",
        "ausrc_channels 1",
        "auplay_channels 1",
        "audio_txmode thread",
        "jitter_buffer_delay 1-5",
        # baresip binds audio to all addresses, so all of them share one range and each finds a free port in it.
        "rtp_ports 22000-27999",
        f"net_interface {phone.host}",
        f"module_path {MODULES}",
        *(f"module {name}" for name in modules),
        "module_tmp account.so",
        "module_app menu.so",
        "module_app ctrl_tcp.so",
        "module_app debug_cmd.so",
        f"ctrl_tcp_listen {phone.host}:{_CONTROL_PORT}",
        f"snd_path {folder}",
        "ringback_disabled yes",
        "statmode_default off",
    ]
    if phone.identity:
        lines += [f"sip_certificate {phone.identity.bundle}", f"sip_cafile {phone.identity.authorities}"]
    return "\n".join(lines) + "\n"
