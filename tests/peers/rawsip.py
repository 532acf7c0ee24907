"""A SIP speaker made of a plain UDP socket: it can say what no proper phone says, and leave unsaid what one must say.

What is sent is what the test sends; only a `Dialog` that awaits an answer sends its request again, as UDP needs.
`tidy` ends whatever calls came of it.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.peers.child import PATIENCE, PeerError

Address = tuple[str, int]
T1_S = 0.5


@dataclass(frozen=True, slots=True)
class Message:
    """One received message, taken apart."""

    start: str
    headers: tuple[tuple[str, str], ...]
    body: str

    @property
    def status(self) -> int:
        """Status of a response; 0 for a request."""
        return int(self.start.split()[1]) if self.start.startswith("SIP/") else 0

    @property
    def method(self) -> str:
        """Method of a request, or the one that a response answers."""
        return self.header("CSeq").split()[-1] if self.status else self.start.split()[0]

    def header(self, name: str) -> str:
        """First value; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


def parse(data: bytes) -> Message | None:
    """Take a well-formed message apart; None for a keep-alive."""
    head, _, body = data.decode(errors="replace").partition("\r\n\r\n")
    start, *lines = head.split("\r\n")
    if not start.strip():
        return None
    pairs = [line.partition(":") for line in lines]
    return Message(start, tuple((name.strip(), value.strip()) for name, _, value in pairs), body)


def sdp(host: str, port: int, *lines: str, media: str = "") -> str:
    """An offer of PCMU; `lines` follow the media line, `media` replaces it."""
    first = media or f"m=audio {port} RTP/AVP 0 101"
    text = ["v=0", f"o=- 1 1 IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0", first]
    return "\r\n".join([*text, "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000", *lines, ""])


def media_address(message: Message) -> Address:
    """Where the far end wants audio.

    Raises:
        PeerError: the body names no audio.
    """
    host = port = ""
    for line in message.body.splitlines():
        if line.startswith("c=IN IP4 "):
            host = line.split()[2]
        if line.startswith("m=audio "):
            port = line.split()[1]
    if not host or not port:
        raise PeerError(f"no audio in {message.start}: {message.body!r}")
    return host, int(port)


class Speaker:
    """One UDP socket at one address. Owned by one thread."""

    transport = "UDP"

    def __init__(self, host: str, port: int = 0) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._socket.bind((host, port))
        self.host, self.port = self._socket.getsockname()
        self._inbox: list[Message] = []

    def send(self, message: str | bytes, to: Address) -> None:
        data = message if isinstance(message, bytes) else message.encode("utf-8", "surrogateescape")
        self._socket.sendto(data, to)

    def find(self, wanted: Callable[[Message], bool], what: str, seconds: float = 5.0) -> Message:
        """Wait for a message; others are kept for later.

        Raises:
            PeerError: none came; the text lists what did.
        """
        found = self.look(wanted, seconds)
        if found is None:
            raise PeerError(f"no {what}; here are {[m.start for m in self._inbox]}")
        return found

    def look(self, wanted: Callable[[Message], bool], seconds: float = 5.0) -> Message | None:
        """As `find`; None if it did not come."""
        deadline = time.monotonic() + seconds * PATIENCE
        while True:
            for index, message in enumerate(self._inbox):
                if wanted(message):
                    return self._inbox.pop(index)
            if not self._receive(deadline - time.monotonic()):
                return None

    def has(self, wanted: Callable[[Message], bool]) -> bool:
        """Whether such a message is among those kept for later."""
        return any(wanted(message) for message in self._inbox)

    def _receive(self, seconds: float) -> bool:
        if seconds <= 0:
            return False
        self._socket.settimeout(seconds)
        try:
            data = self._socket.recv(65536)
        except (
            TimeoutError,
            ConnectionError,
        ):  # an ICMP error ends the wait as well; the caller asks again or gives up
            return seconds > 0.01
        message = parse(data)
        if message:
            self._inbox.append(message)
        return True

    def tidy(self, target: Address, quiet_s: float = 0.1) -> list[int]:
        """End every call that any answer here speaks of, until nothing more comes; returns the final statuses."""
        cancelled: set[str] = set()
        finals: list[int] = []
        while True:
            message = self.look(lambda m: True, quiet_s / PATIENCE)
            if message is None:
                return finals
            if not message.status and message.method != "ACK":
                self.send(reply(message, 200), target)
            if not message.status or message.method != "INVITE":
                continue
            if message.status >= 200:
                finals.append(message.status)
                self.send(_within(message, "ACK", target), target)
                if message.status < 300:
                    self.send(_within(message, "BYE", target), target)
            elif message.header("Call-ID") not in cancelled:
                cancelled.add(message.header("Call-ID"))
                self.send(_within(message, "CANCEL", target), target)

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class StreamSpeaker(Speaker):
    """The same over one TCP or TLS connection that the speaker opens."""

    def __init__(self, host: str, target: Address, context: ssl.SSLContext | None = None) -> None:
        """Connect from `host`.

        Raises:
            OSError: refused, or the handshake failed.
        """
        plain = socket.create_connection(target, timeout=5.0 * PATIENCE, source_address=(host, 0))
        self._socket = context.wrap_socket(plain) if context else plain
        self.host, self.port = self._socket.getsockname()
        self.transport = "TLS" if context else "TCP"
        self._inbox = []
        self._held = b""

    def send(self, message: str | bytes, to: Address) -> None:
        self._socket.sendall(message if isinstance(message, bytes) else message.encode("utf-8", "surrogateescape"))

    def _receive(self, seconds: float) -> bool:
        if seconds <= 0:
            return False
        self._socket.settimeout(seconds)
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return False
        if not data:
            return False
        self._held += data
        while b"\r\n\r\n" in self._held:
            head, _, rest = self._held.partition(b"\r\n\r\n")
            found = re.search(rb"(?im)^(?:content-length|l)[ \t]*:[ \t]*(\d+)", head)
            length = int(found[1]) if found else 0
            if len(rest) < length:
                break
            message = parse(head + b"\r\n\r\n" + rest[:length])
            self._held = rest[length:]
            if message:
                self._inbox.append(message)
        return True


def _within(answer: Message, method: str, target: Address) -> str:
    """ACK, BYE or CANCEL for the INVITE that an answer belongs to, made of the answer alone."""
    number = answer.header("CSeq").split()[0]
    own_branch = method == "BYE" or (method == "ACK" and answer.status < 300)
    via = answer.header("Via")
    if own_branch:
        via = f"{via.partition(';')[0]};branch={branch()}"
    to = answer.header("To")
    lines = [
        f"{method} sip:desk@{target[0]}:{target[1]} SIP/2.0",
        f"Via: {via}",
        f"From: {answer.header('From')}",
        f"To: {to.partition(';tag=')[0] if method == 'CANCEL' else to}",
        f"Call-ID: {answer.header('Call-ID')}",
        f"CSeq: {int(number) + (method == 'BYE')} {method}",
    ]
    return "\r\n".join([*lines, "Max-Forwards: 70", "Content-Length: 0", "", ""])


def branch() -> str:
    return f"z9hG4bK{uuid.uuid4().hex}"


def reply(request: Message, status: int, headers: Sequence[str] = (), body: str = "", tag: str = "") -> str:
    """A response with the fields that must be copied (RFC 3261 section 8.2.6.2)."""
    to = request.header("To")
    lines = [f"SIP/2.0 {status} Said so", *(f"Via: {via}" for via in request.all("Via"))]
    lines += [f"From: {request.header('From')}", f"To: {to};tag={tag}" if tag and ";tag=" not in to else f"To: {to}"]
    lines += [f"Call-ID: {request.header('Call-ID')}", f"CSeq: {request.header('CSeq')}", *headers]
    if body:
        lines.append("Content-Type: application/sdp")
    return "\r\n".join([*lines, f"Content-Length: {len(body.encode())}", "", body])


class Dialog:
    """One call that the speaker makes, step by step."""

    def __init__(self, speaker: Speaker, target: Address, user: str = "desk", caller: str = "raw") -> None:
        self.speaker = speaker
        self.target = target
        self.uri = f"sip:{user}@{target[0]}:{target[1]}"
        self.call_id = uuid.uuid4().hex
        self.sender = f"<sip:{caller}@{speaker.host}>;tag={uuid.uuid4().hex[:8]}"
        self.to = f"<{self.uri}>"
        self.number = 0
        self._branch = branch()
        self._sent = ""

    def request(self, method: str, headers: Sequence[str] = (), body: str = "", number: int | None = None) -> str:
        """Text of a request of this dialog; counts CSeq, except for ACK and CANCEL."""
        if method not in ("ACK", "CANCEL"):
            self.number += 1
            self._branch = branch()
        uri_suffix = "" if self.speaker.transport == "UDP" else f";transport={self.speaker.transport.lower()}"
        via = f"SIP/2.0/{self.speaker.transport} {self.speaker.host}:{self.speaker.port};rport;branch={self._branch}"
        lines = [
            f"{method} {self.uri} SIP/2.0",
            f"Via: {via}",
            f"From: {self.sender}",
            f"To: {self.to}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {number or self.number} {method}",
            f"Contact: <sip:raw@{self.speaker.host}:{self.speaker.port}{uri_suffix}>",
            "Max-Forwards: 70",
            *headers,
        ]
        if body and not any(line.lower().startswith("content-type") for line in headers):
            lines.append("Content-Type: application/sdp")
        return "\r\n".join([*lines, f"Content-Length: {len(body.encode())}", "", body])

    def send(self, method: str, headers: Sequence[str] = (), body: str = "") -> None:
        self._sent = self.request(method, headers, body)
        self.speaker.send(self._sent, self.target)

    def invite(self, offer: str, headers: Sequence[str] = ()) -> None:
        self.send("INVITE", headers, offer)

    def await_answer(self, least: int = 200, method: str = "INVITE", seconds: float = 5.0) -> Message:
        """The first response of at least this status to a method of this dialog. Takes over the To tag.

        Sends the last request again each half second until anything comes back (RFC 3261 section 17.1.1.2).

        Raises:
            PeerError: none came.
        """

        def is_ours(message: Message) -> bool:
            return message.status > 0 and message.method == method and message.header("Call-ID") == self.call_id

        deadline = time.monotonic() + seconds * PATIENCE
        is_heard = False
        found: Message | None = None
        while found is None and time.monotonic() < deadline:
            found = self.speaker.look(lambda m: is_ours(m) and m.status >= least, T1_S / PATIENCE)
            is_heard = is_heard or self.speaker.has(is_ours)
            if found is None and not is_heard and self.speaker.transport == "UDP":
                self.speaker.send(self._sent, self.target)
        if found is None:
            raise PeerError(f"no answer of {least} or more to {method}; {'some' if is_heard else 'none'} of less")
        if ";tag=" in found.header("To"):
            self.to = found.header("To")
        return found

    def await_request(self, method: str, seconds: float = 5.0) -> Message:
        """A request of the far end in this dialog.

        Raises:
            PeerError: none came.
        """
        return self.speaker.find(
            lambda m: not m.status and m.method == method and m.header("Call-ID") == self.call_id, method, seconds
        )

    def ack(self, answer: Message) -> None:
        """Acknowledge a final answer: in the same transaction a refusal, in a new one a 2xx."""
        if answer.status < 300:
            self._branch = branch()
        self.speaker.send(self.request("ACK", number=int(answer.header("CSeq").split()[0])), self.target)

    def cancel(self) -> None:
        """CANCEL of the INVITE just sent: same branch, no To tag (RFC 3261 section 9.1)."""
        text = self.request("CANCEL")
        self.speaker.send(text.replace(f"To: {self.to}", f"To: <{self.uri}>"), self.target)

    def establish(self, offer: str, headers: Sequence[str] = (), seconds: float = 10.0) -> Message:
        """INVITE, wait for the 200, ACK; returns the 200.

        Raises:
            PeerError: no answer, or another one.
        """
        self.invite(offer, headers)
        answer = self.await_answer(seconds=seconds)
        self.ack(answer)
        if answer.status != 200:
            raise PeerError(f"INVITE got {answer.start}")
        return answer

    def bye(self, seconds: float = 5.0) -> Message:
        """End the dialog and wait for the far end's word.

        Raises:
            PeerError: it said nothing.
        """
        self.send("BYE")
        return self.await_answer(method="BYE", seconds=seconds)


def options(speaker: Speaker, target: Address, user: str = "desk", seconds: float = 2.0) -> int:
    """Status that the far end gives to an OPTIONS; 0 if it says nothing."""
    probe = Dialog(speaker, target, user)
    probe.send("OPTIONS")
    found = speaker.look(lambda m: m.status >= 200 and m.header("Call-ID") == probe.call_id, seconds)
    return found.status if found else 0
