"""SIPp as a caller or a contact: scenarios made by code, speech as a streamed tone or as the echo of what came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from tests.peers.child import Child
from tests.peers.tones import tone, write_ulaw

PROGRAM = "/usr/bin/sipp"
_SDP = """v=0
o=- 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [{port}] RTP/AVP 0 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=ptime:20
"""
_REPLY = """SIP/2.0 {status} {reason}
[last_Via:]
[last_From:]
[last_To:];tag=[pid]sipp[call_number]
[last_Call-ID:]
[last_CSeq:]
"""
_REQUEST = """{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:caller@[local_ip]:[local_port]>;tag=[pid]sipp[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>{tag}
Call-ID: [call_id]
CSeq: {cseq} {method}
Contact: <sip:caller@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
"""


def is_installed() -> bool:
    return Path(PROGRAM).exists()


@dataclass(frozen=True, slots=True)
class Caller:
    """A scenario that calls."""

    talk_ms: int = 2000
    """From the answer to our BYE; -1: it waits for the other end's BYE."""
    headers: Sequence[str] = ()
    """Further header lines of the INVITE."""
    tone_hz: int | None = None
    expect: int = 200
    """Final status that the INVITE must get; another one fails the call."""


@dataclass(frozen=True, slots=True)
class Callee:
    """A scenario that is called."""

    status: int = 200
    """Its final answer to the INVITE."""
    ring_ms: int = 200
    tone_hz: int | None = None
    """None with an answer of 200: it echoes what it hears."""


class Sipp:
    """One running SIPp. Its exit code is 0 when every call went as the scenario says."""

    def __init__(self, scenario: Caller | Callee, host: str, folder: Path, *options: str, port: int = 5060) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if scenario.tone_hz is not None:
            write_ulaw(folder / "tone.ulaw", tone(scenario.tone_hz, 10.0))
        text = _caller(scenario) if isinstance(scenario, Caller) else _callee(scenario)
        (folder / "scenario.xml").write_text(text)
        command = [PROGRAM, "-sf", "scenario.xml", "-i", host, "-p", str(port), "-nostdin", "-trace_err"]
        command += ["-mi", host, "-mp", "29000"]
        command += ["-timeout", "90", "-timeout_error", "-recv_timeout", "30000"]
        if scenario.tone_hz is None:
            command.append("-rtp_echo")
        self.host = host
        self.child = Child([*command, *options], folder, "sipp")

    def wait(self, seconds: float = 30.0) -> int:
        """Wait for the end of all its calls; returns the exit code.

        Raises:
            PeerError: it still runs.
        """
        return self.child.wait(seconds)

    def why(self) -> str:
        """What SIPp wrote down about calls that did not go as they should."""
        return "\n".join(path.read_text(errors="replace")[-2000:] for path in self.child.folder.glob("*_errors.log"))


def call(scenario: Caller, host: str, target: str, folder: Path, calls: int = 1, at_once: int = 1) -> Sipp:
    """Start a caller of `sip:user@host:port`."""
    user, _, address = target.removeprefix("sip:").partition("@")
    options = ["-s", user, "-m", str(calls), "-l", str(at_once), "-r", "50", address]
    return Sipp(scenario, host, folder, *options)


def answer(scenario: Callee, host: str, folder: Path, calls: int = 1) -> Sipp:
    """Start a contact that takes a number of calls."""
    sipp = Sipp(scenario, host, folder, "-m", str(calls))
    sipp.child.await_for("its SIP port", lambda: _is_bound(host, 5060))
    return sipp


def _is_bound(host: str, port: int) -> bool:
    """Whether some socket of this host is bound to the address, read from the kernel's table."""
    wanted = "".join(f"{int(part):02X}" for part in reversed(host.split("."))) + f":{port:04X}"
    return any(line.split()[1] == wanted for line in Path("/proc/net/udp").read_text().splitlines()[1:])


def _message(text: str, extra: Sequence[str] = (), sdp_port: str = "") -> str:
    lines = text.strip().splitlines() + list(extra)
    if sdp_port:
        lines += [
            "Content-Type: application/sdp",
            "Content-Length: [len]",
            "",
            *_SDP.format(port=sdp_port).splitlines(),
        ]
    else:
        lines += ["Content-Length: 0"]
    body = "\n".join(["", *lines, "", ""])
    return f"<![CDATA[{body}]]>"


def _scenario(name: str, steps: Sequence[str]) -> str:
    return "\n".join(['<?xml version="1.0" encoding="ISO-8859-1"?>', f'<scenario name="{escape(name)}">', *steps]) + (
        "\n</scenario>\n"
    )


def _stream(tone_hz: int | None) -> list[str]:
    if tone_hz is None:
        return []
    return ['<nop><action><exec rtp_stream="tone.ulaw,-1,0"/></action></nop>']


def _port(tone_hz: int | None) -> str:
    return "media_port" if tone_hz is None else "rtpstream_audio_port"


def _caller(scenario: Caller) -> str:
    invite = _REQUEST.format(method="INVITE", cseq=1, tag="")
    ack = _message(_REQUEST.format(method="ACK", cseq=1, tag="[peer_tag_param]"))
    steps = [
        f'<send retrans="500">{_message(invite, scenario.headers, _port(scenario.tone_hz))}</send>',
        *(f'<recv response="{status}" optional="true"></recv>' for status in (100, 180, 183)),
        f'<recv response="{scenario.expect}"></recv>',
    ]
    if scenario.expect != 200:
        # The ACK of a refusal belongs to the INVITE's transaction: same branch (RFC 3261 section 17.1.1.3).
        return _scenario("refused caller", [*steps, f"<send>{ack.replace('[branch]', '[branch-1]')}</send>"])
    steps += [f"<send>{ack}</send>", *_stream(scenario.tone_hz)]
    if scenario.talk_ms < 0:
        steps += ['<recv request="BYE"></recv>', f"<send>{_message(_reply(200, 'OK', tagged=False))}</send>"]
    else:
        bye = _message(_REQUEST.format(method="BYE", cseq=2, tag="[peer_tag_param]"))
        steps += [
            f'<pause milliseconds="{scenario.talk_ms}"/>',
            f'<send retrans="500">{bye}</send>',
            '<recv response="200"></recv>',
        ]
    return _scenario("caller", steps)


def _reply(status: int, reason: str, tagged: bool = True) -> str:
    text = _REPLY.format(status=status, reason=reason)
    return text if tagged else text.replace(";tag=[pid]sipp[call_number]", "")


def _callee(scenario: Callee) -> str:
    contact = ["Contact: <sip:[local_ip]:[local_port];transport=[transport]>"]
    steps = [
        '<recv request="INVITE" crlf="true"></recv>',
        f"<send>{_message(_reply(180, 'Ringing'), contact)}</send>",
        f'<pause milliseconds="{scenario.ring_ms}"/>',
    ]
    if scenario.status != 200:
        steps += [
            f'<send retrans="500">{_message(_reply(scenario.status, "No"))}</send>',
            '<recv request="ACK"></recv>',
        ]
        return _scenario("refusing callee", steps)
    steps += [
        f'<send retrans="500">{_message(_reply(200, "OK"), contact, _port(scenario.tone_hz))}</send>',
        '<recv request="ACK"></recv>',
        *_stream(scenario.tone_hz),
        '<recv request="BYE" timeout="60000"></recv>',
        f"<send>{_message(_reply(200, 'OK', tagged=False))}</send>",
    ]
    return _scenario("callee", steps)
