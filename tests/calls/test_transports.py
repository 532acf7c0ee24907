"""The dialplan's transports: TCP, and TLS with mandatory SRTP in both directions; a further leg that only hears."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bridge.base.audio import read_wav
from bridge.drill.party import Party, Setup
from tests import rig
from tests.calls.test_line import connected
from tests.peers.certificates import Authority
from tests.peers.tones import heard_s, heard_tones

pytestmark = pytest.mark.call


def talk(us: rig.Process, play: rig.Theatre, handset: Setup, officer: Setup) -> None:
    """A call with a tone each way; fails unless each end and each track has the right one."""
    with Party(handset) as operator, Party(officer) as caller:
        operator.answer_mode("answer", after_s=0.2)
        call = connected(us, caller, play)
        caller.tone(770)
        operator.tone(1270)
        time.sleep(2.5)
        caller.hang_up()
        us.wait_for("CallEnded", call=call)
        us.wait_for("TrackClosed", leg=f"{call}/side-1")
    assert heard_s(read_wav(us.track(f"{call}/side-1"))[0], 770) >= 1.0
    assert handset.hear is not None and officer.hear is not None
    assert heard_s(read_wav(handset.hear)[0], 770) >= 1.0
    assert heard_s(read_wav(officer.hear)[0], 1270) >= 1.0


def test_tcp(play: rig.Theatre, tmp_path: Path) -> None:
    """Signalling over TCP, called and calling."""
    play.path.write_text(play.path.read_text().replace("[sides.us.line]", '[sides.us.line]\ntransport = "tcp"', 1))
    handset = Setup(bind=play.handset("us"), user="desk-a", transport="tcp", hear=tmp_path / "handset.wav")
    officer = Setup(
        bind=play.officer("us"), user="duty", transport="tcp", hear=tmp_path / "officer.wav", rtp_port=17000
    )
    with rig.line(play, "us", tmp_path / "us") as us:
        talk(us, play, handset, officer)


def test_tls_and_srtp(play: rig.Theatre, tmp_path: Path) -> None:
    """TLS 1.2 with certificates on both ends and mandatory SRTP, called and calling."""
    authority = Authority(tmp_path / "ca", "theatre")
    desk = authority.issue("desk", f"{play.prefix}.0.11")
    text = (
        f'[sides.us.line]\ntransport = "tls"\nsrtp = "mandatory"\n'
        f'tls = {{ certificate = "{desk.certificate}", key = "{desk.key}", authorities = "{desk.authorities}" }}'
    )
    play.path.write_text(play.path.read_text().replace("[sides.us.line]", text, 1))
    ends = []
    for name, address, rtp_port in (("desk-a", play.handset("us"), 16000), ("duty", play.officer("us"), 17000)):
        one = authority.issue(name, address)
        ends.append(
            Setup(
                bind=address,
                user=name,
                transport="tls",
                srtp="mandatory",
                cert=one.certificate,
                key=one.key,
                ca=one.authorities,
                hear=tmp_path / f"{name}.wav",
                rtp_port=rtp_port,
            )
        )
    with rig.line(play, "us", tmp_path / "us") as us:
        assert us.wait_for("LineStarted").text("srtp") == "mandatory"
        talk(us, play, *ends)


def test_monitor_hears_and_is_not_heard(
    us: rig.Process, handset: Party, officer: Party, play: rig.Theatre, tmp_path: Path
) -> None:
    """A monitor gets both voices; nobody gets his. A fifth party finds the fourth slot kept."""
    call = connected(us, officer, play)
    heard = tmp_path / "monitor.wav"
    with Party(Setup(bind=play.officer("us", 40), user="monitor", hear=heard, rtp_port=17000)) as monitor:
        monitor.answer_mode("answer")
        answer = us.command("add", call=call, role="monitor", uri=monitor.uri)
        us.wait_for_link(f"{call}/operator-1", answer.text("leg"))
        refused = us.command("add", call=call, role="interpreter", uri=monitor.uri)
        assert (refused.text("result"), refused.text("code")) == ("refused", "no-slot")
        officer.tone(770)
        handset.tone(1270)
        monitor.tone(1990)
        time.sleep(2.5)
        us.command("hang-up", call=call)
        us.wait_for("CallEnded", call=call)
    assert {770, 1270} <= heard_tones(read_wav(heard)[0]).keys()
    for party in (officer, handset):
        party.close()
        assert party.setup.hear is not None
        assert 1990 not in heard_tones(read_wav(party.setup.hear)[0])
