"""Contacts that misbehave when the desk calls them: every attempt ends with its outcome, and the ladder climbs on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tests.peers.baresip import Baresip
from tests.peers.line import LineUnderTest
from tests.peers.rawsip import Address, Message, Speaker, reply, sdp

pytestmark = [pytest.mark.stranger, pytest.mark.call, pytest.mark.fault]


@dataclass(slots=True)
class Contact:
    """A contact made of a socket, and what it got."""

    speaker: Speaker
    line: Address
    seen: list[Message] = field(default_factory=list)

    def await_request(self, method: str, seconds: float = 10.0) -> Message:
        found = self.speaker.find(lambda m: not m.status and m.method == method, method, seconds)
        self.seen.append(found)
        return found

    def say(self, request: Message, status: int, *headers: str, body: str = "") -> None:
        contact = f"Contact: <sip:watch@{self.speaker.host}:{self.speaker.port}>"
        self.speaker.send(reply(request, status, [contact, *headers], body, tag="contact"), self.line)


@pytest.fixture
def contact(net: str, line: LineUnderTest) -> Iterator[Contact]:
    """Who is called `watch` in the dialplan."""
    with Speaker(f"{net}.80", 5060) as speaker:
        yield Contact(speaker, line.address)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the journal says of one attempt."""

    outcome: str
    status: int


def attempt(line: LineUnderTest, handset: Baresip, contact: Contact, play: Callable[[Message], None]) -> Attempt:
    """Let the desk call, play the contact's part from the INVITE on, return how the attempt ended."""
    before = line.seq
    call = line.command("call", contact="watch", precedence="IMMEDIATE").text("call")
    play(contact.await_request("INVITE"))
    ended = line.await_entry("AttemptEnded", before, call=call, seconds=15)
    handset.hang_up()
    line.await_entry("CallEnded", before, call=call)
    line.await_quiet()
    assert line.is_alive
    contact.speaker.tidy(line.address, 0.05)
    return Attempt(ended.text("outcome"), ended.number("status"))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(486, "busy"), (600, "busy"), (603, "refused"), (403, "refused"), (480, "no-answer"), (404, "technical")],
)
def test_final_answers(line: LineUnderTest, handset: Baresip, contact: Contact, status: int, outcome: str) -> None:
    """Each refusal has its own outcome; the desk can tell busy from refused from broken."""
    found = attempt(line, handset, contact, lambda invite: contact.say(invite, status))
    assert found == Attempt(outcome, status)


@pytest.mark.parametrize("status", [300, 302, 401, 407, 408, 420, 488, 500, 503, 699])
def test_other_answers(line: LineUnderTest, handset: Baresip, contact: Contact, status: int) -> None:
    """Anything else ends the attempt too; nobody is sent elsewhere or asked for a password."""
    with Speaker(contact.speaker.host.rpartition(".")[0] + ".120", 5060) as elsewhere:
        headers = [f"Contact: <sip:other@{elsewhere.host}:5060>", 'WWW-Authenticate: Digest realm="x", nonce="y"']
        found = attempt(line, handset, contact, lambda invite: contact.say(invite, status, *headers))
        assert elsewhere.look(lambda m: True, 0.1) is None
    assert found.outcome == "technical"
    assert found.status == status


def test_ringing_without_end(line: LineUnderTest, handset: Baresip, contact: Contact) -> None:
    """A contact that rings for ever is left after the dialplan's ring time, with CANCEL, as no answer."""

    def play(invite: Message) -> None:
        contact.say(invite, 180)
        cancel = contact.await_request("CANCEL", 12.0)
        contact.say(cancel, 200)
        contact.say(invite, 487)

    assert attempt(line, handset, contact, play).outcome == "no-answer"


def test_answer_that_crosses_the_cancel(line: LineUnderTest, handset: Baresip, contact: Contact) -> None:
    """A contact that lifts as we give up is not left talking to nobody: its call is ended with BYE."""

    def play(invite: Message) -> None:
        contact.say(invite, 180)
        cancel = contact.await_request("CANCEL", 12.0)
        contact.say(invite, 200, body=sdp(contact.speaker.host, 40_000))
        contact.say(cancel, 481)
        contact.await_request("ACK")
        contact.say(contact.await_request("BYE"), 200)

    assert attempt(line, handset, contact, play).outcome in ("no-answer", "cancelled", "hung-up")


def test_silent_contact(line: LineUnderTest, handset: Baresip, contact: Contact) -> None:
    """A contact's phone system that says nothing at all is a technical fault, known in seconds and not in 32."""
    assert attempt(line, handset, contact, lambda invite: None).outcome == "technical"


@pytest.mark.parametrize(
    "media",
    [
        "m=audio 40000 UDP/TLS/RTP/SAVPF 0",
        "m=audio 40000 RTP/SAVP 0",
        "m=audio 0 RTP/AVP 0",
        "m=audio 40000 RTP/AVP 77",
        "m=video 40000 RTP/AVP 31",
        "m=",
        "",
    ],
)
def test_bad_answers(line: LineUnderTest, handset: Baresip, contact: Contact, media: str) -> None:
    """A 200 whose body offers no usable audio is no call; the desk is told a technical fault."""
    body = sdp(contact.speaker.host, 40_000, media=media) if media else ""

    def play(invite: Message) -> None:
        contact.say(invite, 200, body=body)
        contact.await_request("ACK")
        contact.say(contact.await_request("BYE"), 200)

    assert attempt(line, handset, contact, play).outcome == "technical"


def test_lifted_and_put_down(line: LineUnderTest, handset: Baresip, contact: Contact) -> None:
    """A contact that lifts and hangs up before a word was not reached."""
    before = line.seq
    call = line.command("call", contact="watch", precedence="IMMEDIATE").text("call")
    invite = contact.await_request("INVITE")
    contact.say(invite, 200, body=sdp(contact.speaker.host, 40_000))
    contact.await_request("ACK")
    lines = [
        f"BYE {invite.header('Contact').strip('<>')} SIP/2.0",
        f"Via: SIP/2.0/UDP {contact.speaker.host}:5060;branch=z9hG4bKbye",
        f"From: {invite.header('To')};tag=contact",
        f"To: {invite.header('From')}",
        f"Call-ID: {invite.header('Call-ID')}",
        "CSeq: 1 BYE",
        "Max-Forwards: 70",
        "Content-Length: 0",
    ]
    contact.speaker.send("\r\n".join([*lines, "", ""]), line.address)
    leg = line.await_entry("Dialled", before, contact="watch").text("leg")
    assert line.await_entry("LegEnded", before, leg=leg).text("outcome") == "hung-up"
    handset.hang_up()
    line.await_entry("CallEnded", before, call=call)
    line.await_quiet()


def test_what_we_send(line: LineUnderTest, handset: Baresip, contact: Contact) -> None:
    """Our INVITE names its precedence as RFC 4412 does, one audio stream, and nothing of the desk's inside."""
    attempt(line, handset, contact, lambda invite: contact.say(invite, 486))
    invite = contact.seen[0]
    assert invite.header("Resource-Priority") == "dsn.immediate"
    assert [text for text in invite.body.splitlines() if text.startswith("m=")] == [
        text for text in invite.body.splitlines() if text.startswith("m=audio ")
    ]
    assert line.address[0] in invite.header("Contact")
    assert not {"User-Agent", "Server"} & {name for name, value in invite.headers if "pjsip" in value.lower()}
