"""Two simulated parties call each other over real SIP and RTP on loopback."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.base.audio import Samples, read_wav, rms_dbfs, write_wav
from bridge.drill.party import Party, PartyError, Setup

PhoneMaker = Callable[[Setup], Party]
pytestmark = pytest.mark.call
RATE_HZ = 8000


def strength(samples: Samples, frequency_hz: int) -> float:
    """Share of the power that lies at a frequency (+- 10 Hz), 0 to 1."""
    power = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
    at = np.fft.rfftfreq(samples.size, 1 / RATE_HZ)
    return float(power[np.abs(at - frequency_hz) <= 10].sum() / power[1:].sum())


def beep(path: Path, seconds: float, frequency_hz: int = 700) -> Path:
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    write_wav(path, np.rint(8000 * np.sin(2 * np.pi * frequency_hz * at)).astype(np.int16), RATE_HZ)
    return path


def connect(caller: Party, callee: Party) -> None:
    callee.answer_mode("answer")
    caller.call(callee.uri, {"Resource-Priority": "dsn.flash"})
    for party in (caller, callee):
        party.wait_for("media", 5)


def test_call_with_precedence(two: tuple[Party, Party]) -> None:
    """Headers arrive, it rings before it is answered, and a hang-up ends both ends with 200."""
    caller, callee = two
    connect(caller, callee)
    incoming = callee.wait_for("incoming", 1)
    assert incoming.fields["resource_priority"] == "dsn.flash"
    assert "alpha@" in str(incoming.fields["source"])
    assert incoming.fields["sip_call_id"] == caller.wait_for("called", 1).fields["sip_call_id"]
    ringing, answered = caller.wait_for("ringing", 1), caller.wait_for("answered", 1)
    assert ringing.fields["status"] == 180
    assert ringing.mono_ns <= answered.mono_ns
    caller.hang_up()
    for party in two:
        ended = party.wait_for("ended", 3)
        assert (ended.fields["status"], ended.fields["answered"]) == (200, True)


def test_each_hears_the_other(two: tuple[Party, Party], tmp_path: Path) -> None:
    """Each party sends its own tone; each file holds the other's and not its own, and noise, not zeros, before."""
    caller, callee = two
    connect(caller, callee)
    caller.tone(600)
    callee.tone(1500)
    caller.say(beep(tmp_path / "beep.wav", 2.0, 2900))  # its end marks two seconds of tone on the line
    caller.wait_for("said", 5)
    caller.hush()
    callee.hang_up()
    for party in two:
        party.wait_for("ended", 3)
        party.close()
    for name, own, other in (("alpha", 600, 1500), ("bravo", 1500, 600)):
        heard, rate_hz = read_wav(tmp_path / f"{name}.wav")
        assert rate_hz == RATE_HZ
        middle = heard[heard.size // 2 - 4000 : heard.size // 2 + 4000]
        assert strength(middle, other) > 0.2
        assert strength(middle, own) < 0.002


def test_noise_between_words(two: tuple[Party, Party], tmp_path: Path) -> None:
    """Where a party says nothing it sends low noise, as a handset does, and speech is neither cut nor said twice.

    A loaded host may deliver frames late, which the hearer's buffer bridges: some tenths of a second are no fault.
    """
    caller, callee = two
    connect(caller, callee)
    word, _ = read_wav(beep(tmp_path / "beep.wav", 1.0))
    pause = np.zeros(RATE_HZ // 2, dtype=np.int16)
    write_wav(tmp_path / "sentence.wav", np.concatenate([pause, word, pause]), RATE_HZ)
    caller.say(tmp_path / "sentence.wav")
    assert caller.wait_for("said", 4).fields["whole"] is True
    caller.hang_up()
    callee.wait_for("ended", 3)
    callee.close()
    heard, _ = read_wav(tmp_path / "bravo.wav")
    loud = np.flatnonzero(np.abs(heard.astype(np.int32)) > 1000)
    assert (loud[-1] - loud[0]) / RATE_HZ == pytest.approx(1.0, abs=0.3)
    assert -64 < rms_dbfs(heard[loud[0] - 2400 : loud[0] - 400]) < -52


def test_said_times(two: tuple[Party, Party], tmp_path: Path) -> None:
    """The told start and end frame the file's length, to within two frames and the library's own delay."""
    caller, callee = two
    connect(caller, callee)
    caller.say(beep(tmp_path / "beep.wav", 1.5))
    said = caller.wait_for("said", 5)
    length_s = (int(str(said.fields["end_mono_ns"])) - int(str(said.fields["start_mono_ns"]))) / 1e9
    assert 1.49 <= length_s < 1.7


def test_speech_cut_short(two: tuple[Party, Party], tmp_path: Path) -> None:
    """A new sentence replaces the one being said, and the cut one is told as not whole."""
    caller, callee = two
    connect(caller, callee)
    caller.say(beep(tmp_path / "long.wav", 30.0))
    caller.say(beep(tmp_path / "short.wav", 0.3))
    assert caller.wait_for("said", 3, file=str(tmp_path / "long.wav")).fields["whole"] is False
    assert caller.wait_for("said", 3, file=str(tmp_path / "short.wav")).fields["whole"] is True


def test_digits(two: tuple[Party, Party]) -> None:
    """RFC 4733 digits arrive, in order."""
    caller, callee = two
    connect(caller, callee)
    caller.digits("91#")
    callee.wait_for("digit", 3, digit="#")
    assert "".join(str(told.fields["digit"]) for told in callee.events if told.event == "digit") == "91#"


def test_hold_and_resume(two: tuple[Party, Party]) -> None:
    """Both ends know who holds; after the hold the far end hears again."""
    caller, callee = two
    connect(caller, callee)
    caller.hold()
    assert caller.wait_for("held", 3).fields["by_us"] is True
    assert callee.wait_for("held", 3).fields["by_us"] is False
    caller.resume()
    caller.wait_for("resumed", 3)
    callee.wait_for("resumed", 3)
    caller.digits("5")
    callee.wait_for("digit", 3, digit="5")


def test_rtp_stops(start: PhoneMaker, net: str) -> None:
    """While muted not one RTP packet leaves the phone; before and after they do."""
    caller = start(Setup(f"{net}.1", "alpha", rtp_port=17000))
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sip,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtp,
    ):
        sip.bind((f"{net}.3", 5060))
        rtp.bind((f"{net}.3", 18000))
        sip.settimeout(5)
        rtp.settimeout(1)
        caller.call(f"sip:x@{net}.3")
        _answer_by_hand(sip, f"{net}.3", 18000)
        caller.wait_for("media", 5)
        assert rtp.recv(2000)
        caller.mute_rtp(2)
        caller.wait_for("muted", 3)
        rtp.settimeout(0.02)
        _drain(rtp)
        rtp.settimeout(1)
        with pytest.raises(TimeoutError):
            rtp.recv(2000)
        caller.wait_for("unmuted", 5)
        assert rtp.recv(2000)


def _drain(rtp: socket.socket) -> None:
    for _ in range(200):
        try:
            rtp.recv(2000)
        except TimeoutError:
            return
    raise AssertionError("RTP goes on")


def _answer_by_hand(sip: socket.socket, host: str, port: int) -> None:
    """Answer one INVITE with 200 and plain PCMU, as a peer that is not this library would."""
    message, peer = sip.recvfrom(8192)
    lines = message.decode().split("\r\n")
    kept = [line for line in lines if line.split(":")[0] in ("Via", "From", "Call-ID", "CSeq")]
    to = next(line for line in lines if line.startswith("To:"))
    sdp = f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\n"
    head = ["SIP/2.0 200 OK", *kept, f"{to};tag=hand", f"Contact: <sip:x@{host}>", "Content-Type: application/sdp"]
    answer = "\r\n".join([*head, f"Content-Length: {len(sdp)}", "", sdp])
    sip.sendto(answer.encode(), peer)


@pytest.mark.parametrize(("mode", "status"), [("busy", 486), ("refuse", 603)])
def test_refusals(two: tuple[Party, Party], mode: str, status: int) -> None:
    """Busy and refused come back as SIP says."""
    caller, callee = two
    callee.answer_mode(mode)  # type: ignore[arg-type]
    caller.call(callee.uri)
    assert caller.wait_for("ended", 3).fields["status"] == status


def test_ring_then_lift(two: tuple[Party, Party]) -> None:
    """A ringing phone is answered only when lifted."""
    caller, callee = two
    caller.call(callee.uri)
    caller.wait_for("ringing", 3)
    callee.wait_for("incoming", 3)
    assert not any(told.event == "answered" for told in caller.events)
    callee.lift()
    caller.wait_for("answered", 3)


def test_given_up_while_ringing(two: tuple[Party, Party]) -> None:
    """A caller that gives up ends both sides with 487."""
    caller, callee = two
    caller.call(callee.uri)
    callee.wait_for("incoming", 3)
    caller.wait_for("ringing", 3)
    caller.hang_up()
    assert callee.wait_for("ended", 3).fields["status"] == 487
    assert caller.wait_for("ended", 3).fields["answered"] is False


def test_late(two: tuple[Party, Party]) -> None:
    """The late answer comes without any ringing before."""
    caller, callee = two
    callee.answer_mode("late", after_s=0.5)
    caller.call(callee.uri)
    caller.wait_for("answered", 3)
    assert not any(told.event == "ringing" and told.fields["status"] == 180 for told in caller.events)


def test_cut(two: tuple[Party, Party]) -> None:
    """Answered and cut off after the named time."""
    caller, callee = two
    callee.answer_mode("cut", for_s=0.5)
    caller.call(callee.uri)
    answered, ended = caller.wait_for("answered", 3), caller.wait_for("ended", 3)
    assert 0.4 < (ended.mono_ns - answered.mono_ns) / 1e9 < 0.8


def test_silent_and_back(start: PhoneMaker, net: str) -> None:
    """A silent phone gives back nothing at all, and works again when told to answer."""
    callee = start(Setup(f"{net}.2", "bravo", mode="silent"))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sip:
        sip.bind((f"{net}.4", 5060))
        sip.connect((f"{net}.2", 5060))
        sip.settimeout(0.5)
        ask = (
            f"OPTIONS sip:bravo@{net}.2 SIP/2.0\r\nVia: SIP/2.0/UDP {net}.4;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
            f"From: <sip:x@{net}.4>;tag=1\r\nTo: <sip:bravo@{net}.2>\r\nCall-ID: 1@{net}.4\r\nCSeq: 1 OPTIONS\r\n"
            "Content-Length: 0\r\n\r\n"
        )
        sip.send(ask.encode())
        with pytest.raises(TimeoutError):
            sip.recv(2000)
    callee.answer_mode("answer")
    caller = start(Setup(f"{net}.1", "alpha"))
    caller.call(callee.uri)
    caller.wait_for("answered", 3)


def test_second_caller_is_busy(two: tuple[Party, Party], start: PhoneMaker, net: str) -> None:
    """One call at a time: the second caller gets 486 and the first call stays."""
    caller, callee = two
    connect(caller, callee)
    other = start(Setup(f"{net}.5", "charlie"))
    other.call(callee.uri)
    assert other.wait_for("ended", 3).fields["status"] == 486
    caller.digits("7")
    callee.wait_for("digit", 3, digit="7")


def test_calls_one_after_the_other(two: tuple[Party, Party]) -> None:
    """Six calls through the same slots: no old object speaks for a new call."""
    caller, callee = two
    callee.answer_mode("answer")
    for _ in range(6):
        marks = caller.mark(), callee.mark()
        caller.call(callee.uri)
        caller.wait_for("media", 3, after=marks[0])
        caller.hang_up()
        caller.wait_for("ended", 3, after=marks[0], status=200)
        callee.wait_for("ended", 3, after=marks[1], status=200)


def test_order_without_call(two: tuple[Party, Party], tmp_path: Path) -> None:
    """Orders that cannot be carried out are told and end nothing."""
    caller, callee = two
    mark = caller.mark()
    caller.hang_up()
    assert caller.wait_for("failed", 2, after=mark).fields["why"] == "there is no call"
    mark = caller.mark()
    caller.say(tmp_path / "none.wav")
    assert caller.wait_for("failed", 2, after=mark).fields["why"] == "there is no audio path"
    connect(caller, callee)
    mark = caller.mark()
    caller.say(tmp_path / "none.wav")
    caller.wait_for("failed", 2, after=mark)
    caller.digits("1")
    callee.wait_for("digit", 3)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_hangs_up(two: tuple[Party, Party], number: int) -> None:
    """A phone that is told to end says BYE first and ends with 0."""
    caller, callee = two
    connect(caller, callee)
    os.kill(caller.pid, number)
    assert callee.wait_for("ended", 3).fields["status"] == 200
    caller.wait_for("bye", 3)
    caller.close()
    assert caller.exit_code == 0


def test_end_of_input_hangs_up(two: tuple[Party, Party]) -> None:
    """The end of the orders ends the phone in order; waiting on it then fails at once and says why."""
    caller, callee = two
    connect(caller, callee)
    caller.close()
    assert callee.wait_for("ended", 3).fields["status"] == 200
    assert caller.exit_code == 0
    with pytest.raises(PartyError, match="ended; told so far"):
        caller.wait_for("digit", 60)
    with pytest.raises(PartyError, match="is gone"):
        caller.hang_up()


def test_address_in_use(start: PhoneMaker, net: str) -> None:
    """A phone that cannot listen is an error with the phone's own words."""
    start(Setup(f"{net}.1", "alpha"))
    with pytest.raises(PartyError, match="ended"):
        Party(Setup(f"{net}.1", "bravo"))
