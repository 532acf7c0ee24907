"""Ordinary calls with foreign telephones in clear: answered, both ways proven by tones, recorded, and told right."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bridge.base.wire import Entry
from tests.peers import sipp
from tests.peers.baresip import Baresip, Phone, await_heard
from tests.peers.line import ANNOUNCEMENT_HZ, LineUnderTest, of_call
from tests.peers.tones import heard_s, heard_tones, longest_gap_s, longest_run_s
from tests.strangers.conftest import DESK_HZ, SIDE_HZ

pytestmark = [pytest.mark.stranger, pytest.mark.call]


def talk(line: LineUnderTest, before: int, *phones: Baresip) -> None:
    """Until both ends of the desk hear each other, and some two seconds by the handset's own clock."""
    line.await_count("Linked", 2, before)
    phones[0].child.await_for("audio", lambda: all(_kept(phone) > 38_000 for phone in phones))


def _kept(phone: Baresip) -> int:
    """Bytes of the dump of the latest call."""
    dumps = sorted(phone.folder.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime_ns)
    return dumps[-1].stat().st_size if dumps else 0


def test_side_calls(line: LineUnderTest, handset: Baresip, net: str, tmp_path: Path) -> None:
    """A baresip calls the desk and talks with the operator; each hears the other's tone, the track holds its own."""
    before = line.seq
    with Baresip(Phone(f"{net}.71", "alpha", SIDE_HZ), tmp_path) as caller:
        caller.dial(line.setting.uri)
        talk(line, before, caller, handset)
        caller.hang_up()
        call = line.await_entry("CallEnded", before).text("call")
        heard = await_heard(caller)
    assert set(heard_tones(heard)) == {DESK_HZ, ANNOUNCEMENT_HZ}
    assert heard_s(heard, DESK_HZ) >= 1.0
    assert list(heard_tones(await_heard(handset))) == [SIDE_HZ]
    side = of_call(line, call, "LegEnded", lambda entry: entry.data["role"] == "side")
    operator = of_call(line, call, "LegEnded", lambda entry: entry.data["role"] == "operator")
    assert (side.text("outcome"), operator.text("outcome")) == ("answered", "answered")
    line.await_entry("TrackClosed", leg=side.text("leg"))
    line.await_entry("TrackClosed", leg=operator.text("leg"))
    assert list(heard_tones(line.track(side.text("leg")))) == [SIDE_HZ]
    assert list(heard_tones(line.track(operator.text("leg")))) == [DESK_HZ]
    assert of_call(line, call, "LegMeasured", lambda e: e.data["leg"] == side.data["leg"]).number("rtp_received") >= 60


@pytest.mark.skipif(not sipp.is_installed(), reason="SIPp is not installed")
def test_sipp_calls(line: LineUnderTest, handset: Baresip, net: str, tmp_path: Path) -> None:
    """SIPp calls, says its tone and hangs up: its tone is on the track, and the call ended as answered."""
    before = line.seq
    caller = sipp.call(sipp.Caller(talk_ms=2500, tone_hz=1990), f"{net}.72", line.setting.uri, tmp_path)
    with caller.child:
        assert caller.wait() == 0, caller.why()
    call = line.await_entry("CallEnded", before).text("call")
    side = of_call(line, call, "LegEnded", lambda entry: entry.data["role"] == "side")
    assert side.text("outcome") == "answered"
    line.await_entry("TrackClosed", leg=side.text("leg"))
    assert list(heard_tones(line.track(side.text("leg")))) == [1990]
    assert list(heard_tones(await_heard(handset))) == [1990]


@pytest.mark.skipif(not sipp.is_installed(), reason="SIPp is not installed")
def test_desk_calls_sipp(line: LineUnderTest, handset: Baresip, net: str, tmp_path: Path) -> None:
    """The desk calls a contact that echoes: the operator's tone goes there and comes back, so both ways are proven."""
    before = line.seq
    contact = sipp.answer(sipp.Callee(), f"{net}.80", tmp_path)
    with contact.child:
        answered = line.command("call", contact="watch", precedence="FLASH")
        assert answered.text("result") == "done", answered.data
        call = answered.text("call")
        line.await_entry("LadderEnded", before, call=call, result="answered", contact="watch")
        talk(line, before, handset)
        handset.hang_up()
        line.await_entry("CallEnded", before, call=call)
        assert contact.wait(10) == 0, contact.why()
    side = of_call(line, call, "LegEnded", lambda entry: entry.data["role"] == "side")
    assert side.text("outcome") == "answered"
    assert of_call(line, call, "AttemptEnded").text("outcome") == "answered"
    line.await_entry("TrackClosed", leg=side.text("leg"))
    # The echo also returns the announcement that every party hears first.
    assert set(heard_tones(line.track(side.text("leg")))) == {DESK_HZ, ANNOUNCEMENT_HZ}
    assert DESK_HZ in heard_tones(await_heard(handset))


@pytest.mark.skipif(not sipp.is_installed(), reason="SIPp is not installed")
def test_desk_climbs_past_a_busy_contact(line: LineUnderTest, handset: Baresip, net: str, tmp_path: Path) -> None:
    """The first contact is busy, the second refuses: both attempts are told with their outcome, the ladder is spent."""
    before = line.seq
    busy = sipp.answer(sipp.Callee(status=486), f"{net}.80", tmp_path / "busy")
    refusing = sipp.answer(sipp.Callee(status=603), f"{net}.81", tmp_path / "refusing")
    with busy.child, refusing.child:
        call = line.command("call", tier="1", precedence="IMMEDIATE").text("call")
        line.await_entry("LadderEnded", before, call=call, result="exhausted")
        assert busy.wait(10) == 0, busy.why()
        assert refusing.wait(10) == 0, refusing.why()
    handset.hang_up()
    line.await_entry("CallEnded", before, call=call)
    attempts = line.entries("AttemptEnded", before, call=call)
    told = [(a.text("contact"), a.text("outcome"), a.number("status")) for a in attempts]
    assert told == [("watch", "busy", 486), ("deputy", "refused", 603)]


def test_desk_calls_baresip(line: LineUnderTest, handset: Baresip, net: str, tmp_path: Path) -> None:
    """The desk calls a baresip that rings until it is lifted: rung, answered, both tones both ways."""
    before = line.seq
    with Baresip(Phone(f"{net}.80", "watch", SIDE_HZ, is_auto=False), tmp_path) as contact:
        call = line.command("call", contact="watch", precedence="PRIORITY").text("call")
        contact.await_event("CALL_INCOMING")
        leg = line.await_entry("Dialled", before, contact="watch").text("leg")
        line.await_entry("Alerted", before, leg=leg)
        contact.answer()
        talk(line, before, contact, handset)
        answered = line.command("hang-up", call=call)
        assert answered.text("result") == "done"
        contact.await_event("CALL_CLOSED")
        line.await_entry("CallEnded", before, call=call)
        assert set(heard_tones(await_heard(contact))) == {DESK_HZ, ANNOUNCEMENT_HZ}
    assert of_call(line, call, "LegEnded", lambda e: e.data["role"] == "side").text("outcome") == "answered"
    line.await_entry("TrackClosed", leg=leg)
    assert list(heard_tones(line.track(leg))) == [SIDE_HZ]


def test_a_hold_loses_no_time(line: LineUnderTest, handset: Baresip, net: str, tmp_path: Path) -> None:
    """The far end holds and resumes: both are told, it is heard again, and the track has kept the time between."""
    before = line.seq
    with Baresip(Phone(f"{net}.73", "alpha", SIDE_HZ), tmp_path) as caller:
        caller.dial(line.setting.uri)
        talk(line, before, caller, handset)
        caller.hold()
        held = line.await_entry("HoldStarted", before)
        caller.child.await_for("a second of hold", lambda: _later(held, 1.0))
        caller.resume()
        resumed = line.await_entry("HoldEnded", before)
        caller.child.await_for("a second more", lambda: _later(resumed, 1.0))
        caller.hang_up()
        call = line.await_entry("CallEnded", before).text("call")
    ended = of_call(line, call, "LegEnded", lambda entry: entry.data["role"] == "side")
    line.await_entry("TrackClosed", leg=ended.text("leg"))
    track = line.track(ended.text("leg"))
    assert abs(len(track) / 8000 - ended.number("talk_ms") / 1000) < 0.6
    assert 0.7 <= longest_gap_s(track, SIDE_HZ) <= 1.8
    assert longest_run_s(track[len(track) * 3 // 4 :], SIDE_HZ) >= 0.5


def _later(entry: Entry, seconds: float) -> bool:
    return time.monotonic_ns() - entry.mono_ns > seconds * 1e9
