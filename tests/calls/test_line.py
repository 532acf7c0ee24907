"""Real SIP and RTP on loopback: the line answers, rings, connects, records and classifies."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from bridge.base.audio import read_wav, rms_dbfs
from bridge.drill.party import Party, Setup
from tests import rig
from tests.peers.tones import heard_s, heard_tones

pytestmark = pytest.mark.call
FLASH = {"Resource-Priority": "dsn.flash"}


def connected(
    us: rig.Process, officer: Party, play: rig.Theatre, headers: dict[str, str] | None = None, side: str = "us"
) -> str:
    """Call the desk and wait until both hear each other; the call's name."""
    mark = us.mark()
    officer.call(play.desk(side), headers)
    call = us.wait_for("Invited", after=mark, role="side").text("call")
    us.wait_for_link(f"{call}/operator-1", f"{call}/side-1", 15, after=mark)
    return call


def test_ringdown(us: rig.Process, handset: Party, officer: Party, play: rig.Theatre) -> None:
    """Answered at once, told of the recording, the handset rung, both directions right, each on its own track."""
    call = connected(us, officer, play, FLASH)
    officer.tone(770)
    handset.tone(1270)
    time.sleep(4.0)  # tone that is measured below; on a loaded host part of it comes late
    officer.hang_up()
    us.wait_for("CallEnded", call=call)
    us.wait_for("TrackClosed", leg=f"{call}/operator-1")
    kinds = [e.kind for e in us.read()]
    assert kinds.index("Invited") < kinds.index("TrackOpened") < kinds.index("Answered")
    assert us.wait_for("Invited").text("precedence") == "FLASH"
    assert us.wait_for("AnnouncementStarted").data["name"] == "recorded"
    assert us.wait_for("LegEnded", leg=f"{call}/side-1").text("outcome") == "answered"
    tracks = {role: read_wav(us.track(f"{call}/{role}-1"))[0] for role in ("side", "operator")}
    assert heard_tones(tracks["side"]).keys() == {770}
    assert heard_tones(tracks["operator"]).keys() == {1270}
    assert handset.setup.hear is not None and officer.setup.hear is not None
    handset.close()
    officer.close()
    assert heard_s(read_wav(handset.setup.hear)[0], 770) >= 1.5
    assert 1270 not in heard_tones(read_wav(handset.setup.hear)[0])
    heard_by_officer = read_wav(officer.setup.hear)[0]
    assert heard_s(heard_by_officer, 1270) >= 1.5
    assert heard_tones(heard_by_officer[-12000:]).keys() == {1270}  # after the announcement, whose voice has all tones
    assert rms_dbfs(heard_by_officer[8000:20000]) > -40  # the announcement came before the operator


def test_nobody_at_the_desk(us: rig.Process, officer: Party, play: rig.Theatre) -> None:
    """No handset is reachable: the caller is told so, his statement is recorded, and an alarm is raised."""
    officer.call(play.desk("us"))
    call = us.wait_for("Invited").text("call")
    us.wait_for("AlarmRaised", 12, alarm="caller-unattended", priority="HIGH", call=call)
    us.wait_for("AnnouncementEnded", 15, name="nobody")
    officer.tone(910)
    time.sleep(2.5)
    officer.hang_up()
    ended = us.wait_for("LegEnded", 10, leg=f"{call}/side-1")
    assert ended.text("outcome") == "hung-up"  # no person at the desk heard him
    us.wait_for("TrackClosed", leg=f"{call}/side-1")
    assert heard_s(read_wav(us.track(f"{call}/side-1"))[0], 910) >= 1.0


def test_ladder(us: rig.Process, handset: Party, play: rig.Theatre, tmp_path: Path) -> None:
    """The desk calls tier 1: the first lets it ring, the second is busy, the third answers and is connected."""
    with (
        Party(Setup(bind=play.officer("us", 11), user="watch")) as first,
        Party(Setup(bind=play.officer("us", 12), user="deputy")) as second,
        Party(Setup(bind=play.officer("us", 13), user="director", hear=tmp_path / "third.wav")) as third,
    ):
        first.answer_mode("ring")
        second.answer_mode("busy")
        third.answer_mode("answer", after_s=0.2)
        answer = us.command("call", tier="1", precedence="FLASH")
        assert answer.text("result") == "done"
        call = answer.text("call")
        ended = us.wait_for("LadderEnded", 25, call=call)
        assert (ended.text("result"), ended.text("contact")) == ("answered", "director")
        attempts = [(e.text("contact"), e.text("outcome"), e.number("rung")) for e in us.find("AttemptEnded")]
        assert attempts == [("watch", "no-answer", 1), ("deputy", "busy", 2)]
        incoming = third.wait_for("incoming", 5)
        assert "dsn.flash" in str(incoming.fields).lower()
        leg = us.wait_for("Linked", 15, to=f"{call}/operator-1").text("from")
        us.wait_for_link(f"{call}/operator-1", leg, 15)
        handset.tone(1490)
        time.sleep(2.5)
        us.command("hang-up", call=call)
        us.wait_for("CallEnded", call=call)
    assert heard_s(read_wav(tmp_path / "third.wav")[0], 1490) >= 1.0


def test_refused_and_put_down_at_once(us: rig.Process, handset: Party, play: rig.Theatre) -> None:
    """A refusal and a phone lifted and put down are told apart, and the ladder climbs past both."""
    with (
        Party(Setup(bind=play.officer("us", 11), user="watch")) as first,
        Party(Setup(bind=play.officer("us", 12), user="deputy")) as second,
    ):
        first.answer_mode("refuse")
        second.answer_mode("cut", after_s=0.1, for_s=0.3)
        call = us.command("call", tier="1").text("call")
        ended = us.wait_for("LadderEnded", 25, call=call, result="exhausted")
        assert ended.data["contact"] == ""
        outcomes = [(e.text("contact"), e.text("outcome")) for e in us.find("AttemptEnded")]
        assert outcomes == [("watch", "refused"), ("deputy", "hung-up"), ("director", "technical")]
        # The operator is still up and may call again.
        assert us.command("call", contact="watch", call=call).text("result") == "done"
        us.wait_for("LadderEnded", 10, after=ended.seq, call=call)


def test_digits_both_ways(us: rig.Process, handset: Party, officer: Party, play: rig.Theatre) -> None:
    """RFC 4733 digits are heard from the side and sent to it."""
    call = connected(us, officer, play)
    officer.digits("1")
    assert us.wait_for("DigitHeard", leg=f"{call}/side-1").text("digit") == "1"
    us.command("digits", leg=f"{call}/side-1", digits="2")
    officer.wait_for("digit", 5, digit="2")
    refused = us.command("digits", leg=f"{call}/side-1", digits="2\r\n")
    assert (refused.text("result"), refused.text("code")) == ("refused", "bad-field")


def test_flash_preempts_routine(us: rig.Process, handset: Party, officer: Party, play: rig.Theatre) -> None:
    """The lower call hears the tone, then ends with the reason on the wire; the operator is with the FLASH caller."""
    low = connected(us, officer, play)
    with Party(Setup(bind=play.officer("us", 22), user="general")) as general:
        general.call(play.desk("us"), FLASH)
        warned = us.wait_for("PreemptionWarned", call=low)
        high = warned.text("for_call")
        general.wait_for("answered", 3)
        moved = us.wait_for("LegMoved", 8, from_call=low, to_call=high)
        assert moved.mono_ns - warned.mono_ns >= 2.9e9  # never silently: the tone sounded first
        ended = officer.wait_for("ended", 5)
        assert "preemption" in str(ended.fields).lower() and "cause=1" in str(ended.fields)
        assert us.wait_for("LegEnded", leg=f"{low}/side-1").text("outcome") == "pre-empted"
        us.wait_for_link(f"{high}/side-1", f"{low}/operator-1", 10)
        us.wait_for_link(f"{low}/operator-1", f"{high}/side-1", 10)


def test_protected_relay_waits_for_the_operator(
    us: rig.Process, handset: Party, officer: Party, play: rig.Theatre
) -> None:
    """A relay being said is not cut by a FLASH call until the operator acts."""
    low = connected(us, officer, play)
    us.command("protect", call=low)
    us.command("announce", leg=f"{low}/side-1", announcement="night")
    us.wait_for("AnnouncementEnded", 10, leg=f"{low}/side-1", name="night")
    with Party(Setup(bind=play.officer("us", 22), user="general")) as general:
        general.call(play.desk("us"), FLASH)
        us.wait_for("PreemptionWarned", call=low, protected=True)
        general.wait_for("answered", 3)
        time.sleep(4.0)  # longer than the tone that would end an unprotected call
        assert not list(us.find("LegMoved"))
        assert us.command("preempt", call=low).text("result") == "done"
        us.wait_for("LegMoved", 5, from_call=low)


def test_trunk_supervision(play: rig.Theatre, tmp_path: Path) -> None:
    """OPTIONS finds a phone system that lives and one that is silent."""
    with Party(Setup(bind=f"{play.prefix}.1.1", user="exchange")), rig.line(play, "us", tmp_path / "us") as us:
        assert us.wait_for("TrunkUp", 5).number("status") == 200
    with rig.line(play, "ir", tmp_path / "ir") as ir:
        ir.wait_for("TrunkDown", 10)
        ir.wait_for("AlarmRaised", alarm="trunk-down")


def test_side_is_told_in_its_own_language(play: rig.Theatre, tmp_path: Path) -> None:
    """The Iranian side's announcement is Persian, whatever is spoken on the line."""
    with (
        rig.line(play, "ir", tmp_path / "ir") as ir,
        Party(Setup(bind=play.officer("ir"), user="sarhang")) as caller,
    ):
        caller.call(play.desk("ir"))
        assert ir.wait_for("AnnouncementStarted", name="recorded").text("language") == "fa"


def test_second_instance_and_busy_port(us: rig.Process, play: rig.Theatre, tmp_path: Path) -> None:
    """A second process on the same port says what and where, and leaves with 2."""
    module = [sys.executable, "-m", "bridge.station.line"]
    command = [*module, "--side", "us", "--dialplan", str(play.path), "--data", str(tmp_path / "other")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert f"{play.prefix}.0.11:5060" in done.stderr
    assert "Traceback" not in done.stderr
