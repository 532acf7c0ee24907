"""A track is a timeline: silence, hold and loss keep its length, and are marked at the right place."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from bridge.base.audio import read_wav
from bridge.drill.party import Party
from tests import rig
from tests.calls.test_line import connected
from tests.peers.rawsip import Dialog, Speaker, media_address, sdp
from tests.peers.rtp import Media
from tests.peers.tones import heard_s, longest_run_s

pytestmark = pytest.mark.call
RATE_HZ = 8000


@dataclass(frozen=True, slots=True)
class Span:
    kind: str
    from_s: float
    to_s: float


def finished(us: rig.Process, leg: str) -> tuple[list[Span], float, float]:
    """Gaps of a closed track in seconds, its length, and how long the leg really lasted."""
    us.wait_for("TrackClosed", leg=leg)
    opened = us.wait_for("TrackOpened", leg=leg)
    ended = us.wait_for("LegEnded", leg=leg)
    sidecar = json.loads(us.track(leg).with_suffix(".json").read_text())
    gaps = [Span(g["kind"], g["from"] / RATE_HZ, g["to"] / RATE_HZ) for g in sidecar["gaps"]]
    samples, _ = read_wav(us.track(leg))
    assert len(samples) == sidecar["samples"]
    return gaps, len(samples) / RATE_HZ, (ended.mono_ns - int(opened.text("t0_mono_ns"))) / 1e9


def since_start(us: rig.Process, leg: str, mono_ns: int) -> float:
    return (mono_ns - int(us.wait_for("TrackOpened", leg=leg).text("t0_mono_ns"))) / 1e9


def test_ten_seconds_without_audio(us: rig.Process, handset: Party, officer: Party, play: rig.Theatre) -> None:
    """The call stays up, the gap is marked within a quarter of a second, the length is true."""
    leg = connected(us, officer, play) + "/side-1"
    officer.tone(770)
    time.sleep(1.0)
    muted = time.monotonic_ns()
    officer.mute_rtp(10.0)
    us.wait_for("MediaLost", 5, leg=leg)
    us.wait_for("MediaReturned", 15, leg=leg)
    time.sleep(1.0)
    officer.hang_up()
    gaps, length_s, lasted_s = finished(us, leg)
    missing = [gap for gap in gaps if gap.kind == "no-rtp"]
    assert len(missing) == 1
    assert missing[0].from_s == pytest.approx(since_start(us, leg, muted), abs=0.25)
    assert missing[0].to_s - missing[0].from_s == pytest.approx(10.0, abs=0.35)
    assert length_s == pytest.approx(lasted_s, abs=0.1)
    samples, _ = read_wav(us.track(leg))
    inside = samples[int((missing[0].from_s + 0.5) * RATE_HZ) : int((missing[0].to_s - 0.5) * RATE_HZ)]
    assert heard_s(inside, 770) == 0
    assert heard_s(samples[int((missing[0].to_s + 0.3) * RATE_HZ) :], 770) >= 0.5


def test_hold_and_resume(us: rig.Process, handset: Party, officer: Party, play: rig.Theatre) -> None:
    """A hold by the far side is a marked span of silence; after it both directions are linked again."""
    call = connected(us, officer, play)
    leg = f"{call}/side-1"
    officer.tone(770)
    handset.tone(1270)
    time.sleep(1.0)
    officer.hold()
    held = us.wait_for("HoldStarted", 5, leg=leg)
    time.sleep(3.0)
    officer.resume()
    resumed = us.wait_for("HoldEnded", 5, leg=leg)
    time.sleep(1.5)
    officer.hang_up()
    gaps, length_s, lasted_s = finished(us, leg)
    hold = [gap for gap in gaps if gap.kind == "hold"]
    assert len(hold) == 1
    assert hold[0].from_s == pytest.approx(since_start(us, leg, held.mono_ns), abs=0.1)
    assert hold[0].to_s == pytest.approx(since_start(us, leg, resumed.mono_ns), abs=0.1)
    assert not [gap for gap in gaps if gap.kind == "no-rtp"]
    assert length_s == pytest.approx(lasted_s, abs=0.1)
    after = read_wav(us.track(leg))[0][int((hold[0].to_s + 0.3) * RATE_HZ) :]
    assert heard_s(after, 770) >= 0.8
    assert handset.setup.hear is not None and officer.setup.hear is not None
    handset.close()
    officer.close()
    assert heard_s(read_wav(handset.setup.hear)[0][-2 * RATE_HZ :], 770) >= 0.5
    assert heard_s(read_wav(officer.setup.hear)[0][-2 * RATE_HZ :], 1270) >= 0.5


def test_hold_by_the_desk(us: rig.Process, handset: Party, officer: Party, play: rig.Theatre) -> None:
    """The desk's own hold is marked too and keeps the other leg's track going."""
    call = connected(us, officer, play)
    us.command("hold", leg=f"{call}/side-1")
    us.wait_for("HoldStarted", 5, leg=f"{call}/side-1")
    time.sleep(1.5)
    us.command("resume", leg=f"{call}/side-1")
    us.wait_for("HoldEnded", 5, leg=f"{call}/side-1")
    time.sleep(0.5)
    officer.hang_up()
    for role in ("side", "operator"):
        gaps, length_s, lasted_s = finished(us, f"{call}/{role}-1")
        assert length_s == pytest.approx(lasted_s, abs=0.1)
        assert [gap.kind for gap in gaps if gap.kind == "hold"] == (["hold"] if role == "side" else [])


def test_dead_media_ends_the_leg(handset: Party, officer: Party, tmp_path: Path, play: rig.Theatre) -> None:
    """A far end that sends nothing any more is a technical end, not an endless call."""
    text = play.path.read_text().replace("[timers]", "[timers]\ndead_media_s = 3", 1)
    play.path.write_text(text)
    with rig.line(play, "us", tmp_path / "us") as us:
        leg = connected(us, officer, play) + "/side-1"
        officer.mute_rtp(30.0)
        us.wait_for("AlarmRaised", 8, alarm="audio-dead", leg=leg)
        assert us.wait_for("LegEnded", 8, leg=leg).text("outcome") == "technical"


def test_silent_track_raises_an_alarm(us: rig.Process, play: rig.Theatre) -> None:
    """Packets arrive and hold nothing but zeros: an alarm within ten seconds of the first."""
    with Speaker(play.officer("us")) as speaker, contextlib.closing(Media(speaker.host, 770, peak=0)) as media:
        dialog = Dialog(speaker, (f"{play.prefix}.0.11", 5060))
        media.speak_to(*media_address(dialog.establish(sdp(speaker.host, media.port))))
        started = us.wait_for("MediaStarted", 3)
        raised = us.wait_for("AlarmRaised", 14, alarm="track-silent", priority="MEDIUM", leg=started.text("leg"))
        assert raised.mono_ns - started.mono_ns <= 10.5e9
        dialog.bye()
        us.wait_for("CallEnded", 10)


def test_fifteen_per_cent_loss(us: rig.Process, play: rig.Theatre) -> None:
    """Lost packets are counted and concealed: the track keeps its true length and no gap is invented."""
    with Speaker(play.officer("us")) as speaker, contextlib.closing(Media(speaker.host, 770, loss=0.15)) as media:
        dialog = Dialog(speaker, (f"{play.prefix}.0.11", 5060))
        media.speak_to(*media_address(dialog.establish(sdp(speaker.host, media.port))))
        leg = us.wait_for("MediaStarted", 3).text("leg")
        time.sleep(8.0)
        dialog.bye()
        gaps, length_s, lasted_s = finished(us, leg)
    measured = us.wait_for("LegMeasured", leg=leg)
    share = measured.number("rtp_lost") / (measured.number("rtp_lost") + measured.number("rtp_received"))
    assert share == pytest.approx(0.15, abs=0.05)
    assert length_s == pytest.approx(lasted_s, abs=0.1)
    assert [gap.kind for gap in gaps] == ["before-media"]
    assert longest_run_s(read_wav(us.track(leg))[0], 770) >= 1.0


def test_answered_and_never_a_packet(us: rig.Process, play: rig.Theatre) -> None:
    """A caller whose audio never comes raises an alarm within ten seconds, cleared when it comes."""
    with Speaker(play.officer("us")) as speaker, contextlib.closing(Media(speaker.host, 770)) as media:
        dialog = Dialog(speaker, (f"{play.prefix}.0.11", 5060))
        target = media_address(dialog.establish(sdp(speaker.host, media.port)))
        answered = us.wait_for("Answered", 3)
        raised = us.wait_for("AlarmRaised", 12, alarm="audio-missing", leg=answered.text("leg"))
        assert raised.mono_ns - answered.mono_ns <= 10e9
        media.speak_to(*target)
        us.wait_for("AlarmCleared", 5, alarm="audio-missing", leg=answered.text("leg"))
        dialog.bye()
        us.wait_for("CallEnded", 10)
