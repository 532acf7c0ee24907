"""What ends or hijacks a call in the SIP stack by default: each is refused, and a call in progress goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.peers.rawsip import Dialog, Message, Speaker, options, sdp
from tests.strangers.conftest import Witness

pytestmark = [pytest.mark.stranger, pytest.mark.call, pytest.mark.fault]

AUDIO = "m=audio 40000 RTP/AVP 0"
PROFILES = ("UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "udp/tls/rtp/savpf", "Udp/Tls/Rtp/Savp")


@pytest.fixture
def speaker(net: str) -> Iterator[Speaker]:
    """An admitted address of the side."""
    with Speaker(f"{net}.92") as one:
        yield one


def dtls_offers(host: str) -> Iterator[str]:
    """Offers with a DTLS-SRTP profile in every case, at every place, behind every line end."""
    keys = "a=setup:actpass\r\na=fingerprint:sha-256 " + ":".join(["AB"] * 32)
    for profile in PROFILES:
        dtls = f"m=audio 40000 {profile} 0"
        for media in (
            f"{dtls}\r\n{keys}",
            dtls,
            f"{AUDIO}\r\n{dtls}\r\n{keys}",
            f"{dtls}\r\n{keys}\r\n{AUDIO}",
            f"m=audio 0 RTP/AVP 0\r\n{dtls}\r\n{keys}",
            f"m=video 40002 {profile} 31\r\n{keys}\r\n{dtls}\r\n{keys}",
            f"m=audio 40000/2 {profile} 0 8 101\r\n{keys}",
        ):
            yield sdp(host, 40_000, media=media)
        whole = sdp(host, 40_000, media=f"{dtls}\r\n{keys}")
        yield whole.replace("\r\n", "\n")
        yield whole.replace("\r\n", "\r")


def test_dtls_offers(unharmed: Witness, speaker: Speaker) -> None:
    """An offer of DTLS-SRTP, however written, is refused before the stack can die of it."""
    line = unharmed.line
    before = line.seq
    refused = 0
    for offer in dtls_offers(speaker.host):
        call = Dialog(speaker, line.address)
        call.invite(offer)
        answer = call.await_answer()
        call.ack(answer)
        assert 400 <= answer.status < 500, offer
        refused += 1
    line.await_count("CallerRefused", refused, before)
    assert not line.entries("Invited", before)
    told = {entry.text("code") for entry in line.entries("CallerRefused", before)}
    assert "dtls-offer" in told


def test_dtls_in_a_call(unharmed: Witness, speaker: Speaker) -> None:
    """A call that is up and then wants DTLS is refused that (488) and goes on as it was."""
    line = unharmed.line
    call = Dialog(speaker, line.address)
    call.establish(sdp(speaker.host, 40_000))
    for profile in PROFILES:
        body = sdp(speaker.host, 40_000, media=f"m=audio 40000 {profile} 0")
        call.invite(body)
        answer = call.await_answer()
        call.ack(answer)
        assert answer.status == 488
        call.send("UPDATE", body=body)
        assert call.await_answer(method="UPDATE").status == 488
    assert call.bye().status == 200


def test_multipart_dtls(unharmed: Witness, speaker: Speaker) -> None:
    """A DTLS offer wrapped in a multipart body is seen as well."""
    offer = sdp(speaker.host, 40_000, media=f"m=audio 40000 {PROFILES[0]} 0")
    body = f"--x\r\nContent-Type: application/sdp\r\n\r\n{offer}\r\n--x--\r\n"
    call = Dialog(speaker, unharmed.line.address)
    call.send("INVITE", ["Content-Type: multipart/mixed;boundary=x"], body)
    answer = call.await_answer()
    call.ack(answer)
    assert answer.status >= 400


def test_refer_in_a_call(unharmed: Witness, speaker: Speaker) -> None:
    """Nobody can make the desk dial: REFER is declined, nothing is dialled, the call goes on."""
    line = unharmed.line
    before = line.seq
    call = Dialog(speaker, line.address)
    call.establish(sdp(speaker.host, 40_000))
    with Speaker(line.address[0].rpartition(".")[0] + ".93", 5060) as target:
        for header in (f"Refer-To: <sip:watch@{target.host}>", "Refer-To: <sip:", f"r: sip:a@{target.host}"):
            call.send("REFER", [header])
            assert call.await_answer(method="REFER").status >= 400
        assert call.bye().status == 200
        assert target.look(lambda m: True, 0.5) is None
    assert not line.entries("Dialled", before)


def test_replaces(unharmed: Witness, net: str) -> None:
    """INVITE with Replaces takes over nobody's call, known or unknown."""
    line = unharmed.line
    with Speaker(f"{net}.94") as owner, Speaker(f"{net}.95") as thief:
        call = Dialog(owner, line.address)
        answer = call.establish(sdp(owner.host, 40_000))
        for identity in (_replaces(answer), "unknown;to-tag=1;from-tag=2", f"{call.call_id};to-tag=;from-tag="):
            theft = Dialog(thief, line.address)
            theft.invite(sdp(thief.host, 40_002), [f"Replaces: {identity}", "Require: replaces"])
            refused = theft.await_answer()
            theft.ack(refused)
            assert refused.status >= 400, identity
        assert owner.look(lambda m: m.start.startswith("BYE"), 0.3) is None
        assert call.bye().status == 200
    leg = line.await_entry("Invited", sip_call_id=call.call_id).text("leg")
    assert line.await_entry("LegEnded", leg=leg).text("outcome") == "hung-up"


def _replaces(answer: Message) -> str:
    own = answer.header("From").partition(";tag=")[2]
    theirs = answer.header("To").partition(";tag=")[2]
    return f"{answer.header('Call-ID')};to-tag={theirs};from-tag={own}"


@pytest.mark.parametrize("event", ["presence", "dialog", "refer", "message-summary", "x", ""])
def test_subscribe(unharmed: Witness, net: str, event: str) -> None:
    """Nobody is told the state of the line, admitted or not."""
    for host in (f"{net}.92", f"{net}.202"):
        with Speaker(host) as speaker:
            call = Dialog(speaker, unharmed.line.address)
            call.send("SUBSCRIBE", [f"Event: {event}", "Expires: 3600", "Accept: application/pidf+xml"])
            answer = speaker.look(lambda m: m.status >= 200 and m.method == "SUBSCRIBE", 0.3)
            assert answer is None or answer.status >= 400
            assert speaker.look(lambda m: m.method == "NOTIFY", 0.2) is None


def test_methods_out_of_a_dialog(unharmed: Witness, speaker: Speaker) -> None:
    """Every other method from nowhere changes nothing and leaves nothing behind."""
    line = unharmed.line
    before = line.seq
    bodies = ("", "x" * 2000)
    headers = ["Event: presence", "Expires: 60", f"Refer-To: <sip:a@{speaker.host}>", "RAck: 1 1 INVITE"]
    for method in "REGISTER NOTIFY PUBLISH INFO UPDATE REFER PRACK BYE CANCEL ACK FOO OPTIONS".split():
        for body in bodies:
            call = Dialog(speaker, line.address)
            call.send(method, headers, body)
        answer = speaker.look(lambda m: m.status >= 200, 0.05)
        assert answer is None or answer.status >= 400 or answer.method == "OPTIONS"
    assert options(speaker, line.address) == 200
    assert not line.entries("Invited", before)
    assert not line.entries("Dialled", before)


def test_text_is_not_taken_for_delivered(unharmed: Witness, speaker: Speaker) -> None:
    """A text sent to the desk is refused or written down; a sender must not believe that somebody has read it."""
    before = unharmed.line.seq
    call = Dialog(speaker, unharmed.line.address)
    call.send("MESSAGE", ["Content-Type: text/plain"], "hold your fire")
    answer = call.await_answer(method="MESSAGE")
    assert answer.status >= 400 or unharmed.line.entries(after=before)


def test_methods_in_a_dialog(unharmed: Witness, speaker: Speaker) -> None:
    """In a call, other methods are answered or refused, and the call goes on."""
    line = unharmed.line
    call = Dialog(speaker, line.address)
    call.establish(sdp(speaker.host, 40_000))
    for method in "OPTIONS INFO MESSAGE NOTIFY SUBSCRIBE PUBLISH PRACK FOO UPDATE".split():
        call.send(method, ["Event: presence", "RAck: 1 1 INVITE"], "" if method == "UPDATE" else "x=1\r\n")
        speaker.look(lambda m: m.status >= 200 and m.method != "INVITE", 1.0)
        assert line.is_alive, method
    assert call.bye().status == 200


def test_slots_are_used_again(unharmed: Witness, speaker: Speaker) -> None:
    """A hundred short calls in a row, each in a slot just left: all end right, none ends another's call."""
    line = unharmed.line
    before = line.seq
    for number in range(100):
        call = Dialog(speaker, line.address)
        call.establish(sdp(speaker.host, 40_000))
        assert call.bye().status == 200, number
    line.await_count("CallEnded", 100, before)
    ended = line.entries("LegEnded", before)
    assert [entry.text("outcome") for entry in ended] == ["hung-up"] * 100
    assert len({entry.text("leg") for entry in ended}) == 100
    # An object of an ended call that is collected too late hangs up whoever has its slot.
    assert speaker.look(lambda m: m.start.startswith("BYE"), 0.2) is None
