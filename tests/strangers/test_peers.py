"""The foreign programs against each other: what proves a call must itself be proven."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.peers import sipp
from tests.peers.baresip import Baresip, Phone, await_heard, is_installed
from tests.peers.certificates import Authority
from tests.peers.rawsip import Dialog, Speaker, media_address, sdp
from tests.peers.rtp import Media
from tests.peers.tones import heard_s, heard_tones

pytestmark = [pytest.mark.stranger, pytest.mark.skipif(not is_installed(), reason="baresip is not installed")]


def talk(caller: Baresip, callee: Baresip) -> None:
    """Call, talk more than a second by the callee's events, hang up; each must have heard the other and no one else."""
    caller.dial(callee.phone.uri)
    caller.await_event("CALL_ESTABLISHED")
    callee.await_event("CALL_RTPESTAB")
    caller.await_event("CALL_RTPESTAB")
    callee.child.await_for("audio", lambda: _kept(callee) > 28_000)
    caller.hang_up()
    callee.await_event("CALL_CLOSED")
    caller.await_event("CALL_CLOSED")
    for one, other in ((caller, callee), (callee, caller)):
        samples = await_heard(one)
        assert list(heard_tones(samples)) == [other.phone.tone_hz]
        assert heard_s(samples, other.phone.tone_hz) >= 1.0


def _kept(phone: Baresip) -> int:
    return sum(path.stat().st_size for path in phone.folder.glob("dump-*-dec.wav"))


def test_plain_call(net: str, tmp_path: Path) -> None:
    """Two baresips in clear: each hears the other's tone and nothing else."""
    with (
        Baresip(Phone(f"{net}.201", "anna", 440), tmp_path / "anna") as anna,
        Baresip(Phone(f"{net}.202", "bert", 1070), tmp_path / "bert") as bert,
    ):
        talk(anna, bert)


def test_encrypted_call(net: str, tmp_path: Path) -> None:
    """Two baresips over TLS with mandatory SDES keys."""
    authority = Authority(tmp_path, "authority")
    phones = [
        Phone(f"{net}.{n}", user, hz, identity=authority.issue(user, f"{net}.{n}"), srtp="srtp-mand")
        for n, user, hz in ((203, "cora", 620), (204, "dirk", 1490))
    ]
    with Baresip(phones[0], tmp_path / "cora") as cora, Baresip(phones[1], tmp_path / "dirk") as dirk:
        talk(cora, dirk)


@pytest.mark.parametrize("hz", [None, 910])
def test_sipp_answers_raw(net: str, tmp_path: Path, hz: int | None) -> None:
    """SIPp as a contact: with a tone of its own it is heard; without one it echoes ours."""
    with (
        sipp.answer(sipp.Callee(tone_hz=hz), f"{net}.205", tmp_path).child as contact,
        Speaker(f"{net}.206") as speaker,
    ):
        media = Media(speaker.host, 770)
        call = Dialog(speaker, (f"{net}.205", 5060), "watch")
        answer = call.establish(sdp(speaker.host, media.port))
        media.speak_to(*media_address(answer))
        contact.await_for("a second of audio", lambda: media.received > 60)
        call.bye()
        assert contact.wait(10) == 0, contact.output()
        media.close()
    assert list(heard_tones(media.heard())) == [hz or 770]


def test_sipp_calls_baresip(net: str, tmp_path: Path) -> None:
    """SIPp as a caller of a baresip that answers: its tone arrives, and every call ends right."""
    with Baresip(Phone(f"{net}.207", "emil", 440), tmp_path / "emil") as emil:
        caller = sipp.call(sipp.Caller(talk_ms=1200, tone_hz=1990), f"{net}.208", emil.phone.uri, tmp_path / "sipp")
        with caller.child:
            assert caller.wait() == 0, caller.why()
        emil.await_event("CALL_CLOSED")
        assert list(heard_tones(await_heard(emil))) == [1990]


def test_sipp_sees_a_wrong_answer(net: str, tmp_path: Path) -> None:
    """A refusal where an answer was expected makes SIPp fail: it can tell."""
    with sipp.answer(sipp.Callee(status=486), f"{net}.209", tmp_path / "uas").child:
        caller = sipp.call(sipp.Caller(), f"{net}.210", f"sip:watch@{net}.209:5060", tmp_path / "uac")
        with caller.child:
            assert caller.wait() != 0
    with sipp.answer(sipp.Callee(status=486), f"{net}.209", tmp_path / "uas").child as callee:
        caller = sipp.call(sipp.Caller(expect=486), f"{net}.210", f"sip:watch@{net}.209:5060", tmp_path / "uac")
        with caller.child:
            assert caller.wait() == 0, caller.why()
        assert callee.wait(10) == 0
