"""The worker on tracks that grow: what it writes down, how it resumes, what it does without a recogniser.

The engine is played (it answers with the length it heard); voice activity and journals are the real ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest

from bridge.base.audio import Samples
from bridge.base.clock import ManualClock
from bridge.base.dialplan import Speech
from bridge.base.errors import EngineError, NoRecognizerError
from bridge.speech.recognizer import Heard, Rerun
from bridge.speech.worker import COMPLETE_S, LOOK_AGAIN_S, Worker
from tests.speech.station import CALL, Station, silence, spoken, steps

SPEECH = Speech(recognizer="moonshine")
AUDIO = spoken()
NewStation: TypeAlias = Callable[[Path], Station]
NewWorker: TypeAlias = Callable[..., Worker]


class Played:
    """A recogniser that answers with the number of samples; fails where told to."""

    name = "played"

    def __init__(self) -> None:
        self.fails = False

    def stream(self, rate_hz: int) -> Rerun:
        return Rerun(self, rate_hz, lambda: 0.0)

    def hear(self, samples: Samples, rate_hz: int) -> Heard:
        if self.fails:
            raise EngineError("played failure")
        return Heard(f"heard {samples.size}")


class Shelf:
    """Where the worker looks for a recogniser."""

    def __init__(self, recognizer: Played | None, error: type[EngineError] = NoRecognizerError) -> None:
        self.recognizer = recognizer
        self.error = error
        self.asked = 0

    def __call__(self, speech: Speech, language: str, models: Path) -> Played:
        self.asked += 1
        if self.recognizer is None or language != "en":
            raise self.error("none")
        return self.recognizer


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def closing() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def new_station(clock: ManualClock, closing: ExitStack) -> NewStation:
    def make(data: Path) -> Station:
        station = Station(data, clock)
        closing.callback(station.line.close)
        return station

    return make


@pytest.fixture
def station(tmp_path: Path, new_station: NewStation) -> Station:
    return new_station(tmp_path)


@pytest.fixture
def worker(clock: ManualClock, closing: ExitStack) -> NewWorker:
    def make(station: Station, shelf: Shelf) -> Worker:
        made = Worker(station.data, SPEECH, station.data / "models", clock, shelf)
        closing.callback(made.close)
        return made

    return make


def drain(made: Worker) -> None:
    while made.round():
        pass


def kinds(station: Station) -> list[str]:
    return [entry.kind for entry in station.heard()]


def test_growing_track_gives_partials_then_finals(station: Station, worker: NewWorker) -> None:
    """Partials while it grows, a final per utterance, one end; numbers and spans without gap or overlap."""
    made, track = worker(station, Shelf(Played())), station.open()
    for step in steps(AUDIO):
        track.write(step)
        drain(made)
    track.close()
    drain(made)
    finals = station.finals()
    assert kinds(station)[0] == "TrackFollowed"
    assert kinds(station)[-1] == "TrackTranscribed"
    assert len(station.heard("Partial")) > len(finals) > 1
    assert [f.utterance for f in finals] == list(range(1, len(finals) + 1))
    at = 0
    for final in finals:
        assert at <= final.from_sample < final.to_sample <= AUDIO.size
        assert final.text == f"heard {final.to_sample - final.from_sample}"
        at = final.to_sample
    assert station.heard("TrackTranscribed")[0].number("to_sample") == AUDIO.size


def test_same_spans_however_it_arrives(station: Station, worker: NewWorker, new_station: NewStation) -> None:
    """A track that is behind gives the utterances of a live one, and no captions that nobody would see."""
    track = station.open()
    track.write(AUDIO)
    track.close()
    drain(worker(station, Shelf(Played())))
    at_once = station.finals()
    other = new_station(station.data / "live")
    made, track = worker(other, Shelf(Played())), other.open()
    for step in steps(AUDIO):
        track.write(step)
        drain(made)
    track.close()
    drain(made)
    assert at_once == other.finals()
    assert len(station.heard("Partial")) < 3


@pytest.mark.parametrize("stops", [(3.1,), (6.0, 6.3), (1.0, 9.9, 14.0)])
def test_resumes_after_its_last_final(
    station: Station, worker: NewWorker, new_station: NewStation, stops: tuple[float, ...]
) -> None:
    """Killed at any moment it goes on: every utterance once, speech all covered."""
    track = station.open()
    made = worker(station, Shelf(Played()))
    seconds, left = 0.0, list(stops)
    for step in steps(AUDIO):
        track.write(step)
        drain(made)
        seconds += step.size / 8000
        if left and seconds >= left[0]:
            left.pop(0)
            made = worker(station, Shelf(Played()))  # the old one is dropped as it stands
    track.close()
    drain(made)
    other = new_station(station.data / "whole")
    whole = other.open()
    whole.write(AUDIO)
    whole.close()
    drain(worker(other, Shelf(Played())))
    finals = station.finals()
    assert [f.utterance for f in finals] == list(range(1, len(finals) + 1))
    assert all(a.to_sample <= b.from_sample for a, b in pairwise(finals))
    heard = np.zeros(AUDIO.size, dtype=bool)
    for final in finals:
        heard[final.from_sample : final.to_sample] = True
    for final in other.finals():
        missed = np.count_nonzero(~heard[final.from_sample : final.to_sample])
        assert missed <= 0.3 * 8000, "more than an utterance's soft edges was lost"
    assert len(station.heard("TrackTranscribed")) == 1
    again = worker(station, Shelf(Played()))
    before = len(station.heard())
    drain(again)
    assert len(station.heard()) == before, "a done track is not touched again"


def test_without_recogniser_says_so_once_and_fills_in_later(
    station: Station, worker: NewWorker, clock: ManualClock
) -> None:
    """No recogniser: one entry per track, also over a restart; the whole track is heard when a model arrives."""
    shelf = Shelf(None)
    track = station.open()
    track.write(AUDIO)
    for _ in range(2):
        made = worker(station, shelf)
        for _ in range(5):
            drain(made)
            clock.advance(LOOK_AGAIN_S / 2)
    assert kinds(station) == ["NoRecognizer"]
    assert station.heard()[0].text("language") == "en"
    assert shelf.asked < 10, "the shelf is not searched at every look"
    shelf.recognizer = Played()
    clock.advance(LOOK_AGAIN_S)
    track.close()
    drain(made)
    assert station.finals()[0].from_sample < 16000
    assert kinds(station)[-1] == "TrackTranscribed"


def test_broken_recogniser_is_told_from_a_missing_one(station: Station, worker: NewWorker) -> None:
    """An engine that cannot be loaded is an engine failure, and the track waits all the same."""
    station.open().write(AUDIO)
    drain(worker(station, Shelf(None, EngineError)))
    assert kinds(station) == ["EngineFailed", "NoRecognizer"]


def test_language_is_locked_per_track(station: Station, worker: NewWorker) -> None:
    """A track in another language never reaches the English engine."""
    station.open(language="fa").write(AUDIO)
    english = station.open("operator", 2)
    english.write(AUDIO)
    english.close()
    drain(worker(station, Shelf(Played())))
    assert [entry.text("language") for entry in station.heard("NoRecognizer")] == ["fa"]
    assert {entry.text("leg") for entry in station.heard("Final")} == {english.leg}


def test_failing_engine_settles_the_utterance(station: Station, worker: NewWorker) -> None:
    """Each utterance is given up once with its span, captions fail once per utterance, and the next one works."""
    played = Played()
    made, track = worker(station, Shelf(played)), station.open()
    played.fails = True
    for step in steps(AUDIO):
        track.write(step)
        drain(made)
        if any("utterance" in entry.data for entry in station.heard("EngineFailed")):
            played.fails = False
    track.close()
    drain(made)
    failures = station.heard("EngineFailed")
    assert ["utterance" in entry.data for entry in failures[:2]] == [False, True]
    assert failures[1].number("utterance") == 1
    assert failures[1].text("code") == "engine"
    assert station.finals()[0].utterance == 2
    resumed = worker(station, Shelf(played))
    drain(resumed)
    assert len(station.heard("EngineFailed")) == len(failures) <= 3


def test_two_legs_are_heard_apart(station: Station, worker: NewWorker) -> None:
    """Each leg has its own stream: both talk at once and both are heard as if alone."""
    tracks = [station.open("side", 1), station.open("operator", 2)]
    made = worker(station, Shelf(Played()))
    for step in steps(AUDIO):
        for track in tracks:
            track.write(step)
        drain(made)
    for track in tracks:
        track.close()
    drain(made)
    assert station.finals(tracks[0].leg) == station.finals(tracks[1].leg) != []


def test_old_audio_does_not_hold_up_a_live_word(station: Station, worker: NewWorker) -> None:
    """The live track is looked at first, and the old one gets only a bite at a time."""
    old = station.open("operator", 1)
    for _ in range(3):
        old.write(AUDIO)
    live = station.open("side", 2)
    made = worker(station, Shelf(Played()))
    live.write(AUDIO[:4800])
    assert made.round()
    first = [entry.text("leg") for entry in station.heard("TrackFollowed")]
    assert first == [live.leg, old.leg]
    assert station.finals(old.leg) == []


def test_file_that_is_no_audio_ends_its_track(station: Station, worker: NewWorker) -> None:
    """A damaged file is said and left; the others go on."""
    bad = station.open()
    bad.file.write_bytes(b"not audio at all, and long enough to see it" * 10)
    good = station.open("operator", 2)
    good.write(AUDIO)
    good.close()
    drain(worker(station, Shelf(Played())))
    (failed,) = station.heard("EngineFailed")
    assert (failed.text("leg"), failed.text("code")) == (bad.leg, "audio")
    assert len(station.finals(good.leg)) > 1


def test_strange_line_entries_are_passed_over(station: Station, worker: NewWorker) -> None:
    """A path that leads out, a missing field, an unknown leg: no file is read and nothing stops."""
    station.open(path="../../outside.wav")
    station.line.append("TrackOpened", {"leg": f"{CALL}/side-7"})
    station.line.append("TrackClosed", {"leg": f"{CALL}/side-9", "samples": 5})
    good = station.open("side", 8)
    good.write(AUDIO)
    good.close()
    drain(worker(station, Shelf(Played())))
    assert {entry.data["leg"] for entry in station.heard()} == {good.leg}


def test_track_of_a_dead_line_is_finished(station: Station, worker: NewWorker) -> None:
    """After the line process was killed, its track ends where its file ends."""
    track = station.open()
    track.write(AUDIO)
    made = worker(station, Shelf(Played()))
    drain(made)
    assert kinds(station)[-1] != "TrackTranscribed"
    station.line.append("LineStarted", {"pid": 1})
    station.line.append("TrackRecovered", {"leg": track.leg, "path": "x", "samples": AUDIO.size})
    drain(made)
    assert station.heard("TrackTranscribed")[0].number("to_sample") == AUDIO.size


def test_closed_track_may_lack_its_last_samples_a_while(
    station: Station, worker: NewWorker, clock: ManualClock
) -> None:
    """Samples that the line names but that are not on the disk yet are waited for, not for ever."""
    track = station.open()
    track.write(AUDIO[:-4000])
    track.close(AUDIO.size)
    made = worker(station, Shelf(Played()))
    drain(made)
    assert station.heard("TrackTranscribed") == []
    track.write(AUDIO[-4000:])
    drain(made)
    assert station.heard("TrackTranscribed")[0].number("to_sample") == AUDIO.size
    short = station.open("operator", 2)
    short.write(silence(1.0))
    short.close(16000)
    drain(made)
    clock.advance(COMPLETE_S)
    drain(made)
    assert station.heard("TrackTranscribed")[1].number("to_sample") == 8000


def test_track_without_a_file(station: Station, worker: NewWorker) -> None:
    """A leg that ended before its first sample is transcribed as nothing."""
    track = station.open()
    track.file.unlink()
    made = worker(station, Shelf(Played()))
    drain(made)
    assert kinds(station) == []
    track.close()
    drain(made)
    assert kinds(station)[-1] == "TrackTranscribed"


def test_vanished_file_ends_its_track(station: Station, worker: NewWorker, clock: ManualClock) -> None:
    """A file that is deleted while it is followed ends the track where it was heard to; spans stay sound."""
    made, track = worker(station, Shelf(Played())), station.open()
    track.write(AUDIO[: 5 * 8000])
    drain(made)
    track.file.unlink()
    track.close()
    drain(made)
    clock.advance(COMPLETE_S)
    drain(made)
    assert kinds(station)[-1] == "TrackTranscribed"
    assert station.heard("TrackTranscribed")[0].number("to_sample") > 4 * 8000
    assert all(final.from_sample < final.to_sample for final in station.finals())


def test_waiting_tracks_cost_one_look(station: Station, worker: NewWorker, clock: ManualClock) -> None:
    """Hundreds of tracks without a recogniser are refused once each, and the shelf is searched once for all."""
    shelf = Shelf(None)
    for number in range(1, 101):
        station.open(number=number).write(silence(0.1))
    made = worker(station, shelf)
    for _ in range(20):
        drain(made)
    assert shelf.asked == 1
    assert len(station.heard("NoRecognizer")) == 100
    clock.advance(LOOK_AGAIN_S)
    drain(made)
    assert shelf.asked == 2


def test_recogniser_is_ready_before_the_first_track(station: Station, worker: NewWorker) -> None:
    """Loading is done once and early; a missing recogniser writes nothing until a track needs it."""
    shelf = Shelf(Played())
    made = worker(station, shelf)
    made.prepare("en")
    made.prepare("fa")
    assert station.heard() == []
    station.open().write(AUDIO)
    station.open("operator", 2, language="fa").write(AUDIO)
    drain(made)
    assert shelf.asked == 2
    assert {"TrackFollowed", "NoRecognizer"} <= set(kinds(station))
