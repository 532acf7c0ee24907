"""Callers that leave, fall silent or talk out of turn: each leg ends once, with its outcome, and frees its slot."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from bridge.base.wire import Entry
from tests.peers.line import LineUnderTest
from tests.peers.rawsip import Dialog, Speaker, media_address, sdp
from tests.peers.rtp import Media
from tests.peers.tones import heard_tones
from tests.strangers.conftest import Witness

pytestmark = [pytest.mark.stranger, pytest.mark.call, pytest.mark.fault]


@pytest.fixture
def speaker(net: str) -> Iterator[Speaker]:
    """An admitted address of the side."""
    with Speaker(f"{net}.101") as one:
        yield one


def ended(line: LineUnderTest, call: Dialog, seconds: float = 10.0) -> Entry:
    """How the leg of this dialog ended."""
    leg = line.await_entry("Invited", sip_call_id=call.call_id).text("leg")
    return line.await_entry("LegEnded", leg=leg, seconds=seconds)


@pytest.mark.parametrize("delay_ms", [0, 0, 0, 1, 2, 4, 8, 16])
def test_cancel_races(unharmed: Witness, speaker: Speaker, delay_ms: int) -> None:
    """A CANCEL that meets the answer anywhere: refused call or ended call, never a call left up."""
    line = unharmed.line
    call = Dialog(speaker, line.address)
    call.invite(sdp(speaker.host, 40_000))
    time.sleep(delay_ms / 1000)  # the race itself: nothing can be awaited between the two
    call.cancel()
    answer = call.await_answer()
    call.ack(answer)
    assert answer.status in (200, 487)
    if answer.status == 200:
        assert call.bye().status == 200
    assert ended(line, call).text("outcome") == "hung-up"
    speaker.tidy(line.address)


def test_cancel_of_nothing(unharmed: Witness, speaker: Speaker) -> None:
    """A CANCEL for no INVITE of ours gets 481 and ends nothing."""
    call = Dialog(speaker, unharmed.line.address)
    call.send("OPTIONS")
    call.await_answer(method="OPTIONS")
    call.cancel()
    assert call.await_answer(method="CANCEL").status == 481


def test_no_ack(unharmed: Witness, speaker: Speaker) -> None:
    """A caller that never acknowledges our 200 is ended by our own timer, long before SIP's 32 s."""
    call = Dialog(speaker, unharmed.line.address)
    call.invite(sdp(speaker.host, 40_000))
    assert call.await_answer().status == 200
    started = time.monotonic()
    last = ended(unharmed.line, call)
    assert last.text("outcome") == "technical"
    assert time.monotonic() - started < 9.0
    speaker.tidy(unharmed.line.address)


def test_invite_sent_again(unharmed: Witness, speaker: Speaker) -> None:
    """The same INVITE five times over is one call."""
    before = unharmed.line.seq
    call = Dialog(speaker, unharmed.line.address)
    text = call.request("INVITE", body=sdp(speaker.host, 40_000))
    for _ in range(5):
        speaker.send(text, call.target)
    call.ack(call.await_answer())
    assert call.bye().status == 200
    assert ended(unharmed.line, call).text("outcome") == "hung-up"
    assert len(unharmed.line.entries("Invited", before)) == 1


def test_bye_twice_and_early(unharmed: Witness, speaker: Speaker) -> None:
    """BYE without ACK ends the call, and a second BYE nothing more."""
    call = Dialog(speaker, unharmed.line.address)
    call.invite(sdp(speaker.host, 40_000))
    assert call.await_answer().status == 200
    assert call.bye().status == 200
    assert call.bye().status in (200, 481)
    assert ended(unharmed.line, call).text("outcome") == "hung-up"
    speaker.tidy(unharmed.line.address)


def test_offers_in_a_row(unharmed: Witness, speaker: Speaker) -> None:
    """Twenty re-INVITEs, changing address and direction each time: each answered, one call, one track."""
    line = unharmed.line
    before = line.seq
    call = Dialog(speaker, line.address)
    call.establish(sdp(speaker.host, 40_000))
    for number in range(20):
        direction = ("sendrecv", "sendonly", "inactive", "recvonly")[number % 4]
        call.invite(sdp(speaker.host, 40_000 + 2 * number, f"a={direction}"))
        answer = call.await_answer()
        call.ack(answer)
        assert answer.status == 200, number
    assert call.bye().status == 200
    assert ended(line, call).text("outcome") == "hung-up"
    assert len(line.entries("TrackOpened", before)) == 1


def test_silence_from_the_start(unharmed: Witness, speaker: Speaker) -> None:
    """A caller that never sends audio is ended as a technical fault with an alarm, after the plan's four seconds."""
    line = unharmed.line
    before = line.seq
    call = Dialog(speaker, line.address)
    call.establish(sdp(speaker.host, 40_000))
    call.await_request("BYE", 12.0)
    speaker.tidy(line.address)
    last = ended(line, call)
    assert last.text("outcome") == "technical"
    line.await_entry("AlarmRaised", before, alarm="audio-dead", leg=last.text("leg"))
    assert 3_500 <= last.number("talk_ms") <= 7_000


def test_loss(unharmed: Witness, speaker: Speaker) -> None:
    """Three packets of ten are lost on the way: the tone is on the track all the same, and the loss is told."""
    line = unharmed.line
    media = Media(speaker.host, 770, loss=0.3, seed=7)
    call = Dialog(speaker, line.address)
    answer = call.establish(sdp(speaker.host, media.port))
    media.speak_to(*media_address(answer))
    leg = line.await_entry("Invited", sip_call_id=call.call_id).text("leg")
    line.child.await_for("three seconds of audio from the line", lambda: media.received >= 150)
    assert call.bye().status == 200
    media.close()
    measured = line.await_entry("LegMeasured", leg=leg)
    line.await_entry("TrackClosed", leg=leg)
    sent = measured.number("rtp_received") + measured.number("rtp_lost")
    assert 0.15 <= measured.number("rtp_lost") / sent <= 0.45
    assert 770 in heard_tones(line.track(leg))


def test_audio_stops_and_returns(unharmed: Witness, speaker: Speaker) -> None:
    """A pause in a caller's packets is marked with its beginning and its end, and the call goes on."""
    line = unharmed.line
    before = line.seq
    media = Media(speaker.host, 620)
    call = Dialog(speaker, line.address)
    there = media_address(call.establish(sdp(speaker.host, media.port)))
    media.speak_to(*there)
    leg = line.await_entry("Invited", sip_call_id=call.call_id).text("leg")
    line.await_entry("MediaStarted", before, leg=leg)
    media.hush()
    lost = line.await_entry("MediaLost", before, leg=leg)
    media.speak_to(*there)
    back = line.await_entry("MediaReturned", before, leg=leg)
    assert int(back.text("since_mono_ns")) - int(lost.text("since_mono_ns")) >= 0.9e9
    assert call.bye().status == 200
    media.close()
