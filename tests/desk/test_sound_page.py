"""A browser as the operator's telephone: real microphone and loudspeaker paths, a real line, killed and reloaded."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bridge.base.audio import read_wav, write_wav
from bridge.drill.party import Party, Setup
from tests import rig
from tests.desk.voice_browser import CHROMIUM, Browser, begin, played, server, wait_heard, wait_phase
from tests.lines.webphone_page import Webphone, page_theatre
from tests.peers.tones import heard_s, heard_tones, longest_gap_s, tone

pytestmark = [pytest.mark.call, pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no {CHROMIUM}")]
OPERATOR_HZ, OFFICER_HZ = 1270, 770
FLASH = {"Resource-Priority": "dsn.flash"}


@dataclass(frozen=True, slots=True)
class Desk:
    """A line, its page's telephone, the page's server, and an officer of the side."""

    us: rig.Process
    play: rig.Theatre
    officer: Party
    url: str

    def connect(self, browser: Browser) -> str:
        """The officer calls, the page lifts; the call's name."""
        tab = browser.tab
        wait_phase(tab, "idle")
        self.officer.call(self.play.desk("us"), FLASH)
        state = wait_phase(tab, "ringing")
        call = str(state["leg"]).partition("/")[0]
        assert (state["leg"], state["precedence"]) == (f"{call}/operator-1", "FLASH")
        tab.evaluate("window.voice.lift()")
        wait_phase(tab, "up")
        self.us.wait_for_link(f"{call}/operator-1", f"{call}/side-1", 15)
        return call

    def heard_by_officer(self) -> Path:
        self.officer.close()
        assert self.officer.setup.hear is not None
        return self.officer.setup.hear


@pytest.fixture
def microphone(tmp_path: Path) -> Path:
    path = tmp_path / "microphone.wav"
    write_wav(path, tone(OPERATOR_HZ, 10.0, 48_000), 48_000)
    return path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    play = page_theatre(tmp_path)
    data = tmp_path / "us"
    with (
        rig.line(play, "us", data) as us,
        Webphone("us", play.path, data, tmp_path) as webphone,
        server("127.0.0.1", webphone.socket, tmp_path) as url,
        Party(Setup(bind=play.officer("us"), user="duty", hear=tmp_path / "officer.wav")) as officer,
    ):
        yield Desk(us, play, officer, url)


def test_both_ways(desk: Desk, microphone: Path) -> None:
    """The page's tone reaches the officer's telephone and his reaches the page's loudspeaker; none hears another."""
    with Browser(microphone) as browser:
        begin(browser.tab, desk.url)
        call = desk.connect(browser)
        desk.officer.tone(OFFICER_HZ)
        time.sleep(4.0)  # tone that is measured below
        level = browser.tab.evaluate("window.voice.level")
        samples, rate = played(browser.tab)
        desk.officer.hang_up()
        assert wait_phase(browser.tab, "ended")["why"] == "far-end"
        assert browser.complaints == []
    assert heard_s(samples, OFFICER_HZ, rate) >= 2.0
    assert heard_tones(samples[-rate:], rate).keys() == {OFFICER_HZ}
    assert level["in"] > 0.1
    assert level["out"] > 0.1
    heard = read_wav(desk.heard_by_officer())[0]
    assert heard_s(heard, OPERATOR_HZ) >= 2.0
    assert heard_tones(heard[-8000:]).keys() == {OPERATOR_HZ}
    desk.us.wait_for("TrackClosed", leg=f"{call}/operator-1")
    assert heard_tones(read_wav(desk.us.track(f"{call}/operator-1"))[0][-8000:]).keys() == {OPERATOR_HZ}


def test_mute(desk: Desk, microphone: Path) -> None:
    """Muted, nothing of the microphone reaches the line; the operator still hears."""
    with Browser(microphone) as browser:
        begin(browser.tab, desk.url)
        call = desk.connect(browser)
        desk.officer.tone(OFFICER_HZ)
        before = wait_heard(browser.tab, OFFICER_HZ, 0.5)
        since = time.monotonic()
        browser.tab.evaluate("window.voice.mute(true)")
        wait_heard(browser.tab, OFFICER_HZ, before + 2.0)
        assert browser.tab.evaluate("window.voice.state.muted") is True
        browser.tab.evaluate("window.voice.mute(false)")
        muted_s = time.monotonic() - since
        time.sleep(1.0)  # tone of the operator after it, without which there is no gap
        browser.tab.evaluate("window.voice.hangUp()")
        assert wait_phase(browser.tab, "ended")["why"] == "hung-up"
    desk.us.wait_for("TrackClosed", leg=f"{call}/operator-1")
    track = read_wav(desk.us.track(f"{call}/operator-1"))[0]
    assert 1.5 <= longest_gap_s(track, OPERATOR_HZ) <= muted_s + 1.5


def test_browser_killed(desk: Desk, microphone: Path) -> None:
    """Killed in mid-call, it takes nothing with it: the caller stays, is recorded without a gap, another is rung."""
    browser = Browser(microphone)
    try:
        begin(browser.tab, desk.url)
        call = desk.connect(browser)
        desk.officer.tone(OFFICER_HZ)
        time.sleep(1.0)
        os.kill(browser.pid, signal.SIGKILL)
    finally:
        browser.close()
    ended = desk.us.wait_for("LegEnded", 15, leg=f"{call}/operator-1")
    assert ended.text("outcome") == "technical"
    desk.us.wait_for("AlarmRaised", alarm="operator-lost", call=call)
    with Browser(microphone) as other:
        begin(other.tab, desk.url)
        leg = str(wait_phase(other.tab, "ringing")["leg"])
        other.tab.evaluate("window.voice.lift()")
        desk.us.wait_for_link(leg, f"{call}/side-1")
        time.sleep(1.5)
        desk.officer.hang_up()
        wait_phase(other.tab, "ended")
    assert desk.us.wait_for("LegEnded", leg=f"{call}/side-1").text("outcome") == "answered"
    desk.us.wait_for("TrackClosed", leg=f"{call}/side-1")
    track = read_wav(desk.us.track(f"{call}/side-1"))[0]
    assert heard_s(track, OFFICER_HZ) >= 12.0
    assert longest_gap_s(track, OFFICER_HZ) <= 0.2
    assert heard_tones(read_wav(desk.heard_by_officer())[0][-8000:]).keys() == {OPERATOR_HZ}


def test_reloaded(desk: Desk, microphone: Path) -> None:
    """A page that is reloaded in mid-call finds its call again: the same leg, heard both ways."""
    with Browser(microphone) as browser:
        begin(browser.tab, desk.url)
        call = desk.connect(browser)
        desk.officer.tone(OFFICER_HZ)
        begin(browser.tab, desk.url)
        assert wait_phase(browser.tab, "up")["leg"] == f"{call}/operator-1"
        time.sleep(2.0)
        samples, rate = played(browser.tab)
        desk.officer.hang_up()
        wait_phase(browser.tab, "ended")
    desk.us.wait_for("CallEnded", call=call)
    assert heard_s(samples, OFFICER_HZ, rate) >= 1.0
    assert len(list(desk.us.find("LegEnded", role="operator"))) == 1
    assert heard_tones(read_wav(desk.heard_by_officer())[0][-8000:]).keys() == {OPERATOR_HZ}


def test_second_tab(desk: Desk, microphone: Path) -> None:
    """A second tab is told that the telephone is elsewhere, takes it, and is told when it is free."""
    with Browser(microphone) as browser:
        begin(browser.tab, desk.url)
        wait_phase(browser.tab, "idle")
        second = browser.open()
        begin(second, desk.url)
        wait_phase(second, "busy-elsewhere")
        second.evaluate("window.voice.take()")
        wait_phase(second, "idle")
        wait_phase(browser.tab, "busy-elsewhere")
        second.evaluate("window.voice.stop()")
        wait_phase(second, "off")
        wait_phase(browser.tab, "free")


def test_what_the_microphone_is_asked_for(microphone: Path, tmp_path: Path) -> None:
    """Echo cancelled, noise suppressed, gain controlled; and all of it under the desk's content security policy."""
    with server("127.0.0.1", tmp_path / "none.sock", tmp_path) as url, Browser(microphone) as browser:
        begin(browser.tab, url, "")
        wait_phase(browser.tab, "no-phone")
        settings = browser.tab.evaluate("window.voice.graph.microphone.mediaStream.getAudioTracks()[0].getSettings()")
        assert browser.complaints == []
    assert settings["echoCancellation"] is True
    assert settings["noiseSuppression"] is True
    assert settings["autoGainControl"] is True


RESAMPLED = """async ([from, to, hz]) => {
  const { Resampler } = await import("/sound/resample.js");
  const made = new Resampler(from, to);
  const out = new Float32Array(to);
  let filled = 0;
  for (let at = 0; at < from; at += 128) {
    const turn = (_, index) => Math.sin((2 * Math.PI * hz * (at + index)) / from);
    made.write(Float32Array.from({ length: 128 }, turn));
    filled = made.read(out, filled, to);
  }
  const middle = out.subarray(to / 10, filled - to / 10);
  return 10 * Math.log10((2 * middle.reduce((sum, x) => sum + x * x, 0)) / middle.length + 1e-12);
}"""
BURSTS = """async (pauses) => {
  const { Jitter } = await import("/sound/jitter.js");
  const jitter = new Jitter(48000);
  const out = new Float32Array(128);
  const depths = [];
  let due = 0, frame = 0, waits = 0, most = 0;
  for (let quantum = 0; quantum < 48000 * 40 / 128; quantum += 1) {
    for (; due <= quantum * 128 / 48; due += 20, frame += 1) {
      waits += 1;
      if (frame % 100 < 100 - pauses) for (; waits > 0; waits -= 1) jitter.push(new Int16Array(160).fill(8000));
    }
    jitter.pull(out);
    most = Math.max(most, jitter.depthMs);
    if (quantum % 375 === 0) depths.push(jitter.depthMs);
  }
  return { starved: jitter.starved, droppedMs: jitter.droppedMs, targetMs: jitter.targetMs, most, depths };
}"""


def test_sound_modules(microphone: Path, tmp_path: Path) -> None:
    """The resampler keeps speech and stops what would fold into it; the jitter buffer learns, and bounds its delay."""
    with server("127.0.0.1", tmp_path / "none.sock", tmp_path) as url, Browser(microphone) as browser:
        tab = browser.tab
        tab.goto(url)
        for source, to in ((48_000, 8_000), (44_100, 8_000), (8_000, 48_000)):
            for hz in (300, 1000, 3000):
                assert tab.evaluate(RESAMPLED, [source, to, hz]) == pytest.approx(0.0, abs=0.3), (source, to, hz)
        for source in (48_000, 44_100):
            for hz in (5000, 7000, 11_000):
                assert tab.evaluate(RESAMPLED, [source, 8_000, hz]) < -60.0, (source, hz)
        calm = tab.evaluate(BURSTS, 0)
        assert (calm["starved"], calm["droppedMs"], calm["targetMs"]) == (0, 0, 50)
        assert 15 <= min(calm["depths"][5:]) <= max(calm["depths"][5:]) <= 75
        late = tab.evaluate(BURSTS, 5)  # each two seconds 100 ms come late
        assert 1 <= late["starved"] <= 4
        assert late["targetMs"] > 50
        assert late["most"] <= 220
        lost = tab.evaluate(BURSTS, 30)  # each two seconds 600 ms come late and in one burst
        assert lost["droppedMs"] > 0
        assert lost["targetMs"] == 160
        assert lost["most"] <= 220
