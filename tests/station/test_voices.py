"""Captions that do not come while somebody talks: found from the recording alone, whatever became of the recogniser."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from bridge.base.audio import Samples, header, write_wav
from bridge.base.clock import SystemClock
from bridge.base.dialplan import Speech, load
from bridge.base.wire import Follower, Journal, Value
from bridge.desk.captions import Track
from bridge.desk.ports import Sound
from bridge.desk.voiced import CALM_S
from bridge.station.folder import Folder, prepare
from bridge.station.following import Following
from bridge.station.voices import BEHIND_S, Voices, has_recognizer
from tests.rig import LOOPBACK, UNIT_S
from tests.speech.station import RATE, silence, spoken

CALL = "us-20261123T100512Z-3f9a"
LEG = f"{CALL}/side-1"
ALARM = f"alarm/captions-late/{LEG}"
SPEECH = spoken(8.0)


class Board:
    """Tracks and captions as the test has them, and what was found."""

    def __init__(self, path: Path, samples: Samples, track: Track) -> None:
        write_wav(path, samples, RATE)
        self.track = track
        self.late: frozenset[str] = frozenset()
        self.asked: list[str] = []
        tracks = {LEG: Sound(path, RATE)}
        self.voices = Voices(lambda: tracks, lambda: {LEG: self.track}, self._can_hear, self._tell)

    def _can_hear(self, language: str) -> bool:
        self.asked.append(language)
        return language == "en"

    def _tell(self, legs: frozenset[str]) -> None:
        self.late = legs

    def look(self, *times: float) -> bool:
        for at in times:
            self.voices.look(at)
        return LEG in self.late


def test_voice_is_found_in_a_recording(tmp_path: Path) -> None:
    """Late when it has waited for two seconds; no more once a text covers it."""
    board = Board(tmp_path / "a.wav", SPEECH, Track("en", has_recognizer=True))
    assert not board.look(0.0)
    assert board.look(2.1)
    board.track = Track("en", has_recognizer=True, heard_to=4 * RATE)
    assert board.look(*(2.3 + look for look in range(5))), "the rest has none yet"
    board.track = Track("en", has_recognizer=True, heard_to=SPEECH.size)
    assert not board.look(8.0 + CALM_S)


@pytest.mark.parametrize(
    ("track", "is_late"),
    [
        (Track("fa", has_recognizer=False), False),
        (Track("fa"), False),
        (Track("en"), True),
        (Track("fa", has_recognizer=True), True),
    ],
)
def test_who_has_no_recogniser_has_no_captions(tmp_path: Path, track: Track, is_late: bool) -> None:
    """As the speech process has said of the leg; while it has said nothing, whether a model is there."""
    board = Board(tmp_path / "a.wav", SPEECH, track)
    assert board.look(0.0, 2.1) is is_late
    assert board.asked == ([] if track.has_recognizer is not None else [track.language])


def test_noise_and_silence_are_no_voice(tmp_path: Path) -> None:
    """However loud a line hums, and however long nobody speaks."""
    noise = np.random.default_rng(1).normal(0, 1500, 20 * RATE).astype(np.int16)
    hum = (8000 * np.sin(np.arange(20 * RATE) * 2 * np.pi * 50 / RATE)).astype(np.int16)
    quiet = np.concatenate([silence(20), noise, hum])
    board = Board(tmp_path / "a.wav", quiet, Track("en", has_recognizer=True))
    assert not any(board.look(float(look)) for look in range(20))


def test_what_is_long_past_is_not_looked_for(tmp_path: Path) -> None:
    """A desk that starts in a long call begins near its end."""
    long = np.concatenate([SPEECH, silence(BEHIND_S)])
    board = Board(tmp_path / "a.wav", long, Track("en", has_recognizer=True))
    assert not any(board.look(float(look)) for look in range(2 + round(BEHIND_S)))


def test_a_track_that_cannot_be_read(tmp_path: Path) -> None:
    """It is the keeper's alarm; the others are looked at all the same."""
    board = Board(tmp_path / "a.wav", SPEECH, Track("en", has_recognizer=True))
    (tmp_path / "a.wav").write_bytes(b"no audio at all, but long enough to be read as a head......")
    assert not board.look(0.0, 2.1)


def test_which_languages_have_a_recogniser(tmp_path: Path) -> None:
    """By the dialplan's engine and what is installed."""
    assert has_recognizer(Speech(recognizer="moonshine"), "en", tmp_path)
    assert not has_recognizer(Speech(recognizer="moonshine"), "fa", tmp_path)
    assert not has_recognizer(Speech(recognizer="none"), "en", tmp_path)
    assert not has_recognizer(Speech(recognizer="vosk"), "ar", tmp_path)


class Talk:
    """A call whose officer talks at the pace of time. Owned by the test."""

    def __init__(self, folder: Folder, audio: Samples) -> None:
        self._audio = audio
        self._file = folder.recordings / f"{LEG}.wav"
        self._file.parent.mkdir(parents=True)
        self._file.write_bytes(header(RATE, 0))
        self._journal = Journal(folder.line_journal, SystemClock())
        now = SystemClock().now()
        self._begun_s, self._written = now.seconds, 0
        opened: dict[str, Value] = {"path": f"{LEG}.wav", "rate_hz": RATE, "language": "en"}
        opened |= {"t0_mono_ns": str(now.mono_ns), "t0_utc": now.utc}
        self._journal.append("LineStarted", {"side": "us"})
        self._journal.append("Invited", {"call": CALL, "leg": LEG, "role": "side"})
        self._journal.append("TrackOpened", {"call": CALL, "leg": LEG, "role": "side", **opened})

    def until(self, condition: Callable[[], object], units: float, what: str) -> None:
        """Go on talking until something is so."""
        deadline = time.monotonic() + units * UNIT_S
        while not condition():
            assert time.monotonic() < deadline, f"{what} did not come while somebody talked"
            self._grow()
            time.sleep(0.05)  # the pace of a track that grows

    def _grow(self) -> None:
        due = round((SystemClock().now().seconds - self._begun_s) * RATE)
        at = np.arange(self._written, due) % self._audio.size
        with self._file.open("ab") as file:
            file.write(self._audio[at].astype("<i2").tobytes())
        self._written = due

    def fall_silent(self) -> None:
        self._grow()
        self._audio = silence(1.0)

    def close(self) -> None:
        self._journal.append("LegEnded", {"call": CALL, "leg": LEG, "role": "side", "outcome": "talked"})
        self._journal.close()


@pytest.fixture
def speech(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The real process."""
    command = [sys.executable, "-m", "bridge.station.speech", "--side", "us"]
    child = subprocess.Popen([*command, "--dialplan", str(LOOPBACK), "--data", str(tmp_path)], cwd=LOOPBACK.parents[1])
    yield child
    child.kill()
    child.wait()


@pytest.mark.fault
def test_a_speech_process_that_stands_still(tmp_path: Path, speech: subprocess.Popen[bytes]) -> None:
    """Stopped by a signal in mid-sentence: the alarm comes, and goes when it has caught up; killed: it comes again."""
    folder = prepare(tmp_path)
    following = Following(folder, load(LOOPBACK), "us")
    following.open()
    voices = Voices(
        lambda: following.open_tracks, lambda: following.captioned, lambda language: True, following.tell_unheard
    )
    voices.start()
    talk = Talk(folder, SPEECH)

    def has_heard() -> bool:
        kinds = [entry.kind for entry in Follower(folder.speech_journal).read()]
        return kinds.count("Final") >= 1 and kinds.count("Partial") >= 5

    def is_raised() -> bool:
        return following.feed.value(ALARM) is not None

    try:
        talk.until(has_heard, 40, "captions")
        talk.until(lambda: not is_raised(), 20, "captions in time")
        speech.send_signal(signal.SIGSTOP)
        talk.until(is_raised, 20, "the alarm")
        speech.send_signal(signal.SIGCONT)
        talk.until(lambda: not is_raised(), 30, "its end")
        speech.kill()
        talk.until(is_raised, 20, "the alarm about a process that has died")
        talk.fall_silent()
        assert is_raised(), "what was said has no text yet"
    finally:
        talk.close()
        voices.stop()
        following.stop()
