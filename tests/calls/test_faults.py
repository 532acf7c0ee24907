"""Kills and full disks in mid-call: what is lost is counted, and nothing else notices."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.base.audio import GrowingWav, read_wav
from bridge.drill.party import Party, Setup
from tests import rig
from tests.calls.test_line import connected
from tests.peers.tones import longest_run_s

pytestmark = [pytest.mark.call, pytest.mark.fault]
RATE_HZ = 8000


@contextlib.contextmanager
def ir_call(play: rig.Theatre, folder: Path) -> Iterator[tuple[rig.Process, Party, str]]:
    """A call that is up on the other station."""
    with (
        rig.line(play, "ir", folder / "ir") as ir,
        Party(Setup(bind=play.handset("ir"), user="desk-b", hear=folder / "desk-b.wav", rtp_port=17000)) as desk,
        Party(Setup(bind=play.officer("ir"), user="sarhang", rtp_port=18000)) as caller,
    ):
        desk.answer_mode("answer", after_s=0.2)
        call = connected(ir, caller, play, side="ir")
        caller.tone(1990)
        yield ir, desk, call


def opens_in_players(path: Path) -> None:
    for tool, command in (("soxi", ["soxi", "-D", str(path)]), ("ffprobe", ["ffprobe", "-v", "error", str(path)])):
        # A skip here would hide everything that the kill is about; the set-up of the tests installs both.
        assert shutil.which(tool) is not None, f"{tool} is not installed: run make test, which installs it"
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.alone
def test_killed_line_process(
    us: rig.Process, handset: Party, officer: Party, play: rig.Theatre, tmp_path: Path
) -> None:
    """At most half a second of audio is lost, every file opens, the line answers again, the other call goes on."""
    with ir_call(play, tmp_path) as (ir, _desk, ir_call_name):
        call = connected(us, officer, play)
        officer.tone(770)
        time.sleep(2.37)  # ends between two of the recorder's writes of 256 ms, so that something can be lost at all
        us.kill()
        killed_ns = time.monotonic_ns()
        tracks = {role: us.track(f"{call}/{role}-1") for role in ("side", "operator")}
        opened = {role: us.wait_for("TrackOpened", leg=f"{call}/{role}-1") for role in tracks}
        for role, path in tracks.items():
            lasted_s = (killed_ns - int(opened[role].text("t0_mono_ns"))) / 1e9
            assert lasted_s - GrowingWav(path).length() / RATE_HZ <= 0.5
            opens_in_players(path)
        us.start()
        for role, path in tracks.items():
            us.wait_for("TrackRecovered", 5, leg=f"{call}/{role}-1")
            opens_in_players(path)
            gaps = json.loads(path.with_suffix(".json").read_text())["gaps"]
            assert "lost" in [gap["kind"] for gap in gaps]
        handset.hang_up()  # the operator hears nothing any more; his telephone does not know that the call is gone
        handset.wait_for("ended", 10)
        with Party(Setup(bind=play.officer("us", 22), user="second", rtp_port=19000)) as second:
            connected(us, second, play)
        time.sleep(0.5)
        assert not list(ir.find("LegEnded"))
        samples = GrowingWav(ir.track(f"{ir_call_name}/side-1")).read(0, 60 * RATE_HZ)
        assert longest_run_s(samples, 1990) >= 4.0  # one unbroken tone through the other line's death


@pytest.mark.alone
def test_answers_again_within_three_seconds_under_the_supervisor(
    play: rig.Theatre, officer: Party, tmp_path: Path
) -> None:
    """The supervisor restarts a killed line; a caller is answered 3 s after the kill."""
    data = tmp_path / "us"
    port = rig.free_port(f"{play.prefix}.0.11")
    play.path.write_text(play.path.read_text().replace("port = 8080", f"port = {port}"))
    with rig.station(play, "us", data) as station:
        line = rig.line(play, "us", data)
        pid = line.wait_for("LineStarted", 20).number("pid")
        mark = line.mark()
        killed = rig.kill_pid(pid)
        officer.call(play.desk("us"))  # SIP retransmits the INVITE until somebody listens again
        officer.wait_for("answered", 8)
        took_s = time.monotonic() - killed
        assert line.wait_for("LineStarted", 5, after=mark).number("pid") != pid
        assert took_s <= 3.0 * rig.UNIT_S
        officer.hang_up()
        line.wait_for("CallEnded", 10, after=mark)
        assert station.poll() is None


@pytest.mark.alone
def test_killed_speech_process(us: rig.Process, handset: Party, officer: Party, play: rig.Theatre) -> None:
    """No audio is lost, and after a restart the transcript is complete and nothing is doubled."""
    voices = sorted((Path(__file__).parents[2] / "bridge" / "drill" / "voices").glob("*.wav"))[:3]
    with rig.Process("speech", "us", play.path, us.data) as speech:
        leg = connected(us, officer, play) + "/side-1"
        officer.say(voices[0])
        officer.wait_for("said", 20)
        speech.wait_for("Final", 10, leg=leg)
        mark = officer.mark()
        officer.say(voices[1])
        time.sleep(1.0)  # in the middle of the second sentence
        speech.kill()
        officer.wait_for("said", 20, after=mark)
        mark = officer.mark()
        officer.say(voices[2])
        officer.wait_for("said", 20, after=mark)
        time.sleep(1.0)
        officer.hang_up()
        us.wait_for("TrackClosed", 10, leg=leg)
        speech.start()
        speech.wait_for("TrackTranscribed", 30, leg=leg)
        finals = list(speech.find("Final", leg=leg))
        spans = [(e.number("from_sample"), e.number("to_sample")) for e in finals]
        assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
        said = " ".join(e.text("text") for e in finals).lower()
    script = json.loads((voices[0].parent / "script.json").read_text())
    for voice in voices:
        wanted = set(re.findall(r"[a-z]{5,}", text_of(script, voice.stem).lower()))
        found = {word for word in wanted if word in said}
        assert len(found) >= 0.6 * len(wanted), (voice.stem, wanted - found, said)
    ended = us.wait_for("LegEnded", leg=leg)
    opened = us.wait_for("TrackOpened", leg=leg)
    lasted_s = (ended.mono_ns - int(opened.text("t0_mono_ns"))) / 1e9
    assert len(read_wav(us.track(leg))[0]) / RATE_HZ == pytest.approx(lasted_s, abs=0.1)


def text_of(script: object, name: str) -> str:
    """The text of one voice file, wherever the script keeps it."""
    if isinstance(script, dict):
        if name in (script.get("id"), script.get("name"), Path(str(script.get("file", ""))).stem):
            return str(script["text"])
        script = [{**value, "id": key} if isinstance(value, dict) else value for key, value in script.items()]
    if isinstance(script, list):
        for item in script:
            found = text_of(item, name)
            if found:
                return found
    return ""


@pytest.mark.alone
def test_full_disk(handset: Party, officer: Party, play: rig.Theatre, tmp_path: Path) -> None:
    """A full disk is an alarm in the log; the caller is answered and heard all the same."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk cannot be mounted without rights")
    try:
        with rig.line(play, "us", small / "us") as us:
            (small / "filler").write_bytes(b"\0" * (free_bytes(small) - 24_000))
            officer.call(play.desk("us"))
            officer.wait_for("answered", 5)
            officer.tone(770)
            handset.wait_for("answered", 5)
            time.sleep(4.0)
            assert us.child is not None and us.child.poll() is None
            (small / "filler").unlink()
            us.wait_for("AlarmRaised", 15, alarm="recording-lost", priority="HIGH")
            officer.hang_up()
            us.wait_for("CallEnded", 10)
        handset.close()
        assert handset.setup.hear is not None
        assert longest_run_s(read_wav(handset.setup.hear)[0], 770) >= 1.5
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def test_log_says_nothing_of_the_parties(
    handset: Party, officer: Party, play: rig.Theatre, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The debugging log of a whole call, with a stranger and a bad command, holds no name, number or address."""
    with (
        rig.line(play, "us", tmp_path / "us") as us,
        Party(Setup(bind=f"{play.prefix}.9.9", user="stranger")) as stranger,
    ):
        stranger.call(play.desk("us"))
        us.wait_for("CallerRefused", status=403)
        call = connected(us, officer, play)
        us.command("digits", leg=f"{call}/side-1", digits="4711")
        us.command("call", contact="watch")
        officer.hang_up()
        us.wait_for("CallEnded", call=call)
    captured = capfd.readouterr()
    said = captured.out + captured.err
    for word in (play.prefix, "duty", "stranger", "desk-a", "watch", "4711", "sip:"):
        assert word not in said
