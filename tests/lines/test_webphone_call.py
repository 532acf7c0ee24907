"""A page's telephone on a real line: rung, lifted, heard both ways, lost and found again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.base.audio import read_wav
from bridge.base.voice import FRAME_BYTES, Kind, pack
from bridge.drill.party import Party, Setup
from tests import rig
from tests.lines.webphone_page import Page, Webphone, page_theatre
from tests.peers.child import await_for
from tests.peers.tones import heard_s, heard_tones, longest_gap_s

pytestmark = pytest.mark.call
OPERATOR_HZ, OFFICER_HZ, OTHER_HZ = 1270, 770, 1990
FLASH = {"Resource-Priority": "dsn.flash"}


@pytest.fixture
def play(tmp_path: Path) -> rig.Theatre:
    return page_theatre(tmp_path)


@pytest.fixture
def us(play: rig.Theatre, tmp_path: Path) -> Iterator[rig.Process]:
    with rig.line(play, "us", tmp_path / "us") as line:
        yield line


@pytest.fixture
def webphone(us: rig.Process, play: rig.Theatre, tmp_path: Path) -> Iterator[Webphone]:
    with Webphone("us", play.path, tmp_path / "us", tmp_path) as process:
        yield process
        assert process.child.stop() == 0, process.child.output()[-2000:]


@pytest.fixture
def officer(play: rig.Theatre, tmp_path: Path) -> Iterator[Party]:
    with Party(Setup(bind=play.officer("us"), user="duty", hear=tmp_path / "officer.wav")) as party:
        yield party


def ringing(page: Page, officer: Party, play: rig.Theatre) -> str:
    """Call the line until the page rings; the call's name."""
    page.wait_for("idle")  # it has the telephone: before that the line would be told that no page is there
    officer.call(play.desk("us"), FLASH)
    leg = str(page.wait_for("ringing", after=0).fields["leg"])
    return leg.partition("/")[0]


def connected(us: rig.Process, page: Page, officer: Party, play: rig.Theatre) -> str:
    call = ringing(page, officer, play)
    page.ask("lift")
    page.wait_for("up")
    us.wait_for_link(f"{call}/operator-1", f"{call}/side-1", 15)
    return call


def test_both_ways(us: rig.Process, webphone: Webphone, officer: Party, play: rig.Theatre) -> None:
    """Rung with leg and precedence, answered by lifting only, each hears the other's tone and none but it."""
    with Page(webphone.socket, tone_hz=OPERATOR_HZ) as page:
        page.wait_for("idle")
        call = ringing(page, officer, play)
        assert page.wait_for("ringing").fields == {"leg": f"{call}/operator-1", "precedence": "FLASH"}
        us.wait_for("Alerted", leg=f"{call}/operator-1")
        time.sleep(0.5)  # long enough for an answer that nobody gave
        assert not list(us.find("Answered", leg=f"{call}/operator-1"))
        assert not len(page.heard())
        page.ask("lift")
        us.wait_for_link(f"{call}/operator-1", f"{call}/side-1", 15)
        officer.tone(OFFICER_HZ)
        time.sleep(3.0)  # tone that is measured below
        officer.hang_up()
        page.wait_for("ended", why="far-end")
        heard = page.heard()
    us.wait_for("TrackClosed", leg=f"{call}/operator-1")
    assert us.wait_for("LegEnded", leg=f"{call}/operator-1").text("outcome") == "answered"
    assert heard_s(heard, OFFICER_HZ) >= 1.5
    assert heard_tones(heard[-12000:]).keys() == {OFFICER_HZ}
    assert heard_tones(read_wav(us.track(f"{call}/operator-1"))[0]).keys() == {OPERATOR_HZ}
    officer.close()
    assert officer.setup.hear is not None
    heard_by_officer = read_wav(officer.setup.hear)[0]
    assert heard_s(heard_by_officer, OPERATOR_HZ) >= 1.5
    assert heard_tones(heard_by_officer[-12000:]).keys() == {OPERATOR_HZ}


def test_no_page(us: rig.Process, webphone: Webphone, officer: Party, play: rig.Theatre) -> None:
    """While no page is there the line hears so at once, and rings again; a page that comes is rung."""
    officer.call(play.desk("us"))
    ended = us.wait_for("LegEnded", role="operator")
    assert (ended.number("status"), ended.text("outcome")) == (480, "no-answer")
    with Page(webphone.socket) as page:
        page.wait_for("ringing")


def test_operator_declines_and_hangs_up(us: rig.Process, webphone: Webphone, officer: Party, play: rig.Theatre) -> None:
    """Hanging up while it rings is busy to the line, which rings again; hanging up a call ends the leg."""
    with Page(webphone.socket) as page:
        call = ringing(page, officer, play)
        page.ask("hang-up")
        assert us.wait_for("LegEnded", leg=f"{call}/operator-1").text("outcome") == "busy"
        page.wait_for("ended", why="hung-up")
        mark = page.mark()
        page.wait_for("ringing", after=mark)
        page.ask("lift")
        us.wait_for_link(f"{call}/operator-2", f"{call}/side-1", 15)
        page.ask("hang-up")
        page.wait_for("ended", after=mark, why="hung-up")
        assert us.wait_for("LegEnded", leg=f"{call}/operator-2").text("outcome") == "answered"


def test_mute(us: rig.Process, webphone: Webphone, officer: Party, play: rig.Theatre) -> None:
    """Muted, the page's sound stays here and the track still lives; unmuted it is heard again."""
    with Page(webphone.socket, tone_hz=OPERATOR_HZ) as page:
        call = connected(us, page, officer, play)
        time.sleep(1.0)
        page.ask("mute")
        page.wait_for("muted", muted=True)
        time.sleep(10.5)  # a recording that holds silence is an alarm after 8 s; muting is none
        assert not list(us.find("HealthChanged", leg=f"{call}/operator-1"))
        mark = page.mark()
        page.ask("unmute")
        page.wait_for("muted", after=mark, muted=False)
        time.sleep(2.5)
        officer.hang_up()
        page.wait_for("ended")
    us.wait_for("TrackClosed", leg=f"{call}/operator-1")
    track = read_wav(us.track(f"{call}/operator-1"))[0]
    assert 9.5 <= longest_gap_s(track, OPERATOR_HZ) <= 12.0
    assert heard_tones(track[-8000:]).keys() == {OPERATOR_HZ}


def test_page_comes_back(us: rig.Process, webphone: Webphone, officer: Party, play: rig.Theatre) -> None:
    """A page that is lost in a call and comes back finds it as it was; the other leg never noticed."""
    with Page(webphone.socket, tone_hz=OPERATOR_HZ) as page:
        call = connected(us, page, officer, play)
        officer.tone(OFFICER_HZ)
        page.ask("mute")
        page.wait_for("muted", muted=True)
    time.sleep(3.0)  # the caller hears silence for that long
    with Page(webphone.socket, name="reloaded-page", tone_hz=OPERATOR_HZ) as page:
        assert page.wait_for("up").fields["leg"] == f"{call}/operator-1"
        page.wait_for("muted", muted=True)
        page.ask("unmute")
        await_for("the officer's voice", lambda: heard_s(page.heard(), OFFICER_HZ) >= 1.5)
        officer.hang_up()
        page.wait_for("ended")
    us.wait_for("CallEnded", call=call)
    assert len(list(us.find("LegEnded", role="operator"))) == 1
    us.wait_for("TrackClosed", leg=f"{call}/side-1")
    assert heard_s(read_wav(us.track(f"{call}/side-1"))[0], OFFICER_HZ) >= 3.0
    us.wait_for("TrackClosed", leg=f"{call}/operator-1")
    assert heard_s(read_wav(us.track(f"{call}/operator-1"))[0], OPERATOR_HZ) >= 1.0


def test_page_lost(us: rig.Process, webphone: Webphone, officer: Party, play: rig.Theatre) -> None:
    """A page that does not come back is hung up after ten seconds; caller and recording stay, and it is rung again."""
    with Page(webphone.socket, tone_hz=OPERATOR_HZ) as page:
        call = connected(us, page, officer, play)
        officer.tone(OFFICER_HZ)
    left_at = time.monotonic()
    ended = us.wait_for("LegEnded", 15, leg=f"{call}/operator-1")
    assert 9.0 <= ended.mono_ns / 1e9 - left_at <= 12.0
    us.wait_for("AlarmRaised", alarm="operator-lost", call=call)
    with Page(webphone.socket, tone_hz=OTHER_HZ) as page:
        leg = str(page.wait_for("ringing").fields["leg"])
        page.ask("lift")
        us.wait_for_link(leg, f"{call}/side-1")
        time.sleep(1.5)
        officer.hang_up()
        page.wait_for("ended")
    us.wait_for("TrackClosed", leg=f"{call}/side-1")
    assert heard_s(read_wav(us.track(f"{call}/side-1"))[0], OFFICER_HZ) >= 10.0
    assert us.wait_for("LegEnded", leg=f"{call}/side-1").text("outcome") == "answered"


def test_two_pages(us: rig.Process, webphone: Webphone, officer: Party, play: rig.Theatre) -> None:
    """The second page waits until it takes the telephone; then it alone is heard and hears."""
    with (
        Page(webphone.socket, "first-page", OPERATOR_HZ) as first,
        Page(webphone.socket, "second-page", OTHER_HZ) as second,
    ):
        second.wait_for("busy-elsewhere")
        call = ringing(first, officer, play)
        second.ask("lift")  # not its to lift
        time.sleep(0.3)
        assert not list(us.find("Answered", leg=f"{call}/operator-1"))
        first.ask("lift")
        us.wait_for_link(f"{call}/operator-1", f"{call}/side-1", 15)
        officer.tone(OFFICER_HZ)
        time.sleep(2.5)
        assert not len(second.heard())
        second.ask("take")
        second.wait_for("up")
        first.wait_for("busy-elsewhere")
        await_for("the officer's voice", lambda: heard_s(second.heard(), OFFICER_HZ) >= 1.5)
        heard_before = len(first.heard())
        time.sleep(0.3)
        assert len(first.heard()) == heard_before
        second.close()
        first.wait_for("free")
        first.ask("take")
        first.wait_for("up", after=first.mark())
        officer.hang_up()
        first.wait_for("ended")
    us.wait_for("TrackClosed", leg=f"{call}/operator-1")
    track = read_wav(us.track(f"{call}/operator-1"))[0]
    assert heard_s(track, OPERATOR_HZ) >= 1.0
    assert heard_s(track, OTHER_HZ) >= 1.0


def test_ghost_of_the_same_page(webphone: Webphone) -> None:
    """A page that connects again while its old connection still seems alive gets the telephone without asking."""
    with Page(webphone.socket, "same-page") as old, Page(webphone.socket, "same-page") as new:
        new.wait_for("idle")
        await_for("the end of the old connection", lambda: old.is_closed)


def test_nonsense(us: rig.Process, webphone: Webphone, officer: Party, play: rig.Theatre) -> None:
    """Wishes that do not exist are passed over; a stream that is no stream of frames is cut; a call goes on."""
    with Page(webphone.socket, tone_hz=OPERATOR_HZ) as page:
        call = connected(us, page, officer, play)
        for nonsense in (b"[]", b"{}", b"null", b"\xff\xff", b'{"type":"hello"}', b'{"type":["lift"]}', b"[" * 1000):
            page.send(pack(Kind.CONTROL, nonsense))
        with Page(webphone.socket, "other-page") as other:
            other.send(b"\x07\xff\xff" + bytes(FRAME_BYTES))
            await_for("the end of its connection", lambda: other.is_closed)
        page.ask("lift")  # too late: it has been lifted
        page.ask("mute")
        page.wait_for("muted", muted=True)
        officer.hang_up()
        page.wait_for("ended")
    us.wait_for("CallEnded", call=call)


def test_webphone_killed(us: rig.Process, play: rig.Theatre, tmp_path: Path, officer: Party) -> None:
    """Killed in a call, it takes only its own leg with it: the caller stays, is recorded, and the new one is rung."""
    data = tmp_path / "us"
    with Webphone("us", play.path, data, tmp_path / "one") as first:
        with Page(first.socket, tone_hz=OPERATOR_HZ) as page:
            call = connected(us, page, officer, play)
            officer.tone(OFFICER_HZ)
            time.sleep(0.5)
            os.kill(first.child.pid, signal.SIGKILL)
            await_for("the end of the connection", lambda: page.is_closed)
    us.wait_for("AlarmRaised", alarm="audio-missing", leg=f"{call}/operator-1")
    with Webphone("us", play.path, data, tmp_path / "two") as second, Page(second.socket, tone_hz=OTHER_HZ) as page:
        us.wait_for("AlarmRaised", alarm="operator-lost", call=call)
        leg = str(page.wait_for("ringing", 20).fields["leg"])
        page.ask("lift")
        us.wait_for_link(leg, f"{call}/side-1")
        time.sleep(2.5)
        officer.hang_up()
        page.wait_for("ended")
    assert us.wait_for("LegEnded", leg=f"{call}/side-1").text("outcome") == "answered"
    us.wait_for("TrackClosed", leg=f"{call}/side-1")
    track = read_wav(us.track(f"{call}/side-1"))[0]
    assert heard_s(track, OFFICER_HZ) >= 6.0
    assert longest_gap_s(track, OFFICER_HZ) <= 0.2
