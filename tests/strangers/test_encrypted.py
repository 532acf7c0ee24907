"""The line over TLS with mandatory SRTP: who gets in, with what certificate and what keys, and who does not."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.baresip import Baresip, Phone, await_heard, is_installed
from tests.peers.certificates import Authority, Identity
from tests.peers.child import await_for
from tests.peers.line import LineUnderTest, Setting, of_call
from tests.peers.rawsip import Dialog, Speaker, StreamSpeaker, sdp
from tests.peers.tones import heard_s, heard_tones
from tests.strangers.conftest import DESK_HZ, SIDE_HZ

pytestmark = [pytest.mark.stranger, pytest.mark.call]

KEY = "a=crypto:1 {suite} inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"
SUITE = "AES_CM_128_HMAC_SHA1_80"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "authority")


@pytest.fixture(scope="module")
def secure(net: str, authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LineUnderTest]:
    """A line with TLS and mandatory SRTP."""
    setting = Setting(net, identity=authority.issue("line", f"{net}.1"))
    with LineUnderTest(setting, tmp_path_factory.mktemp("secure")) as line:
        yield line
        assert line.stop() == 0, line.child.output()


def person(authority: Authority, net: str, last: int, user: str, hz: int, srtp: str = "srtp-mand") -> Phone:
    """A telephone with a certificate for its own address."""
    return Phone(f"{net}.{last}", user, hz, identity=authority.issue(user, f"{net}.{last}"), srtp=srtp)


def dial(line: LineUnderTest, identity: Identity | None, host: str) -> StreamSpeaker:
    """A TLS connection from an admitted address, with a certificate or none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if identity:
        context.load_cert_chain(identity.certificate, identity.key)
    return StreamSpeaker(host, line.address, context)


@pytest.mark.skipif(not is_installed(), reason="baresip is not installed")
def test_side_calls(secure: LineUnderTest, authority: Authority, net: str, tmp_path: Path) -> None:
    """baresip with a certificate and SDES keys talks with the operator's baresip; both tones, one each way."""
    before = secure.seq
    with (
        Baresip(person(authority, net, 130, "desk-a", DESK_HZ), tmp_path / "desk") as handset,
        Baresip(person(authority, net, 71, "alpha", SIDE_HZ), tmp_path / "alpha") as caller,
    ):
        caller.dial(secure.setting.uri)
        secure.await_count("Linked", 2, before)
        caller.child.await_for("two seconds", lambda: _kept(caller) > 50_000 and _kept(handset) > 50_000)
        caller.hang_up()
        call = secure.await_entry("CallEnded", before).text("call")
        heard = await_heard(caller)
        assert list(heard_tones(await_heard(handset))) == [SIDE_HZ]
    assert heard_s(heard, DESK_HZ) >= 1.5
    side = of_call(secure, call, "LegEnded", lambda entry: entry.data["role"] == "side")
    assert side.text("outcome") == "answered"
    secure.await_entry("TrackClosed", leg=side.text("leg"))
    assert list(heard_tones(secure.track(side.text("leg")))) == [SIDE_HZ]


def _kept(phone: Baresip) -> int:
    return sum(path.stat().st_size for path in phone.folder.glob("dump-*-dec.wav"))


def test_keys_in_the_offer(secure: LineUnderTest, authority: Authority, net: str) -> None:
    """Only RTP/SAVP with a key of a suite that we take is answered; clear audio, DTLS and damaged keys are refused."""
    good = KEY.format(suite=SUITE)
    cases = {
        f"m=audio 40000 RTP/SAVP 0\r\n{good}": 200,
        f"m=audio 40000 RTP/SAVP 0\r\n{KEY.format(suite='AES_CM_128_HMAC_SHA1_32')}": 406,
        "m=audio 40000 RTP/AVP 0": 488,
        f"m=audio 40000 RTP/AVP 0\r\n{good}": 488,
        "m=audio 40000 RTP/SAVP 0": 406,
        "m=audio 40000 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:short": 406,
        "m=audio 40000 RTP/SAVP 0\r\na=crypto:x": 406,
    }
    with dial(secure, authority.issue("raw", f"{net}.72"), f"{net}.72") as speaker:
        for media, status in cases.items():
            call = Dialog(speaker, secure.address)
            call.invite(sdp(speaker.host, 40_000, media=media))
            answer = call.await_answer()
            call.ack(answer)
            assert answer.status == status, media
            if status == 200:
                assert f"{SUITE} inline:" in answer.body
                assert call.bye().status == 200
    assert secure.is_alive


def test_dtls_offers(secure: LineUnderTest, authority: Authority, net: str) -> None:
    """The offer that ends the SIP stack where SRTP is on: refused at every place and in every case."""
    keys = "a=setup:actpass\r\na=fingerprint:sha-256 " + ":".join(["AB"] * 32)
    good = f"m=audio 40000 RTP/SAVP 0\r\n{KEY.format(suite=SUITE)}"
    before = secure.seq
    refused = 0
    with dial(secure, authority.issue("raw2", f"{net}.73"), f"{net}.73") as speaker:
        for profile in ("UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "udp/tls/rtp/savpf", "Udp/Tls/Rtp/Savp"):
            dtls = f"m=audio 40000 {profile} 0\r\n{keys}"
            for media in (dtls, f"{good}\r\n{dtls}", f"{dtls}\r\n{good}", dtls.replace("\r\n", "\n")):
                assert 400 <= _final(speaker, secure, media) < 500, media
                assert secure.is_alive
                refused += 1
    secure.await_count("CallerRefused", refused, before, source=f"{net}.73")
    assert not secure.entries("Invited", before)


def _final(speaker: Speaker, line: LineUnderTest, media: str) -> int:
    """The answer to one offer; a caller that is told 503, because he calls too often, calls again."""

    def told() -> int | None:
        call = Dialog(speaker, line.address)
        call.invite(sdp(speaker.host, 40_000, media=media))
        answer = call.await_answer()
        call.ack(answer)
        return None if answer.status == 503 else answer.status

    return await_for("an answer", told, 3.0)


@pytest.mark.parametrize("case", ["none", "foreign", "expired"])
def test_certificates(secure: LineUnderTest, authority: Authority, net: str, tmp_path: Path, case: str) -> None:
    """No certificate, one of another authority, or one that has ended: the connection is closed before any SIP."""
    foreign = Authority(tmp_path, "foreign")
    identity = {
        "none": None,
        "foreign": foreign.issue("foreigner", f"{net}.74"),
        "expired": authority.issue("expired", f"{net}.74", expired=True),
    }[case]
    before = secure.seq
    try:
        with dial(secure, identity, f"{net}.74") as speaker:
            call = Dialog(speaker, secure.address)
            call.invite(sdp(speaker.host, 40_000))
            answered = speaker.look(lambda m: True, 1.0) is not None
    except OSError:  # closed while we connected, or while we wrote: which of the two is a matter of timing
        answered = False
    assert not answered
    assert not secure.entries("Invited", before)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_protocols(secure: LineUnderTest, authority: Authority, net: str, version: ssl.TLSVersion) -> None:
    """TLS before 1.2 is not spoken."""
    identity = authority.issue("old", f"{net}.75")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = version
    context.load_cert_chain(identity.certificate, identity.key)
    with pytest.raises(OSError, match=r"(?i)ssl|reset|closed|alert|protocol"):
        StreamSpeaker(f"{net}.75", secure.address, context).close()
