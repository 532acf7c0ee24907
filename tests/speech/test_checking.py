"""The checker's thread: what it writes, in which order, and what it does when something is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge.base.audio import GrowingWav, Samples, write_wav
from bridge.base.clock import ManualClock
from bridge.base.dialplan import Speech
from bridge.base.errors import EngineError
from bridge.base.wire import Entry, Follower, Journal
from bridge.speech.checking import Check, Checking
from bridge.speech.recognizer import Heard
from bridge.speech.results import Final, Word
from tests.speech.station import CALL, RATE, silence

LEG = f"{CALL}/side-1"
ON = Speech(recognizer="moonshine", checker="whisper")
Wait = Callable[..., None]


class Played:
    """A checker that hears a fixed text and times it over the whole audio."""

    name = "played"

    def __init__(self, text: str = "hold higher") -> None:
        self.text = text
        self.fails = False

    def hear(self, samples: Samples, rate_hz: int) -> Heard:
        if self.fails:
            raise EngineError("played failure")
        return Heard(self.text, (Word(self.text, 0, samples.size, 900),))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "speech.jsonl", ManualClock())
    yield made
    made.close()


@pytest.fixture
def wav(tmp_path: Path) -> GrowingWav:
    write_wav(tmp_path / "a.wav", silence(2.0), RATE)
    return GrowingWav(tmp_path / "a.wav")


def check(wav: GrowingWav, number: int = 1, language: str = "en") -> Check:
    return Check(LEG, wav, RATE, language, Final(number, 4000, 8000, "hold fire", (), "engine"))


def written(journal: Journal) -> list[Entry]:
    return list(Follower(journal.path).read())


def test_check_marks_and_times(journal: Journal, wav: GrowingWav, wait_until: Wait) -> None:
    """The entry names the utterance, the difference, and words on the track's own time line."""
    checking = Checking(ON, Path(), journal, lambda *_: Played())
    checking.start()
    checking.put(check(wav, 7))
    wait_until(lambda: written(journal), what="a check")
    checking.stop()
    (entry,) = written(journal)
    assert (entry.kind, entry.number("utterance"), entry.number("distance_permille")) == ("Checked", 7, 500)
    assert entry.data["marks"] == [{"from_word": 1, "to_word": 2, "heard": "higher"}]
    assert entry.data["words"] == [Word("hold higher", 4000, 8000, 900).fields()]


def test_present_call_goes_before_old_ones(journal: Journal, wav: GrowingWav, wait_until: Wait) -> None:
    """What waited from before a restart comes last."""
    checking = Checking(ON, Path(), journal, lambda *_: Played())
    for number in (1, 2):
        checking.put(check(wav, number), backlog=True)
    for number in (3, 4):
        checking.put(check(wav, number))
    checking.start()
    wait_until(lambda: len(written(journal)) == 4, what="four checks")
    checking.stop()
    assert [entry.number("utterance") for entry in written(journal)] == [3, 4, 1, 2]


def test_stop_leaves_the_rest_for_the_next_start(journal: Journal, wav: GrowingWav) -> None:
    """Stopping does not work through the queue."""
    checking = Checking(ON, Path(), journal, lambda *_: Played())
    for number in range(1, 50):
        checking.put(check(wav, number))
    checking.stop()
    checking.start()
    checking.stop()
    assert written(journal) == []


def test_switched_off_it_takes_nothing(journal: Journal, wav: GrowingWav) -> None:
    """Without a checker in the dialplan there is no thread."""
    checking = Checking(Speech(recognizer="moonshine"), Path(), journal, lambda *_: Played())
    checking.start()
    checking.put(check(wav))
    checking.stop()
    assert written(journal) == []


def test_missing_engine_is_said_once(journal: Journal, wav: GrowingWav, wait_until: Wait) -> None:
    """An extra that is not installed is one entry, not one per utterance."""
    asked: list[str] = []

    def missing(speech: Speech, language: str, models: Path) -> Played | None:
        asked.append(language)
        if language == "en":
            raise EngineError("not installed")
        return None

    checking = Checking(ON, Path(), journal, missing)
    for number in (1, 2, 3):
        checking.put(check(wav, number))
        checking.put(check(wav, number, "fa"))
    checking.start()
    wait_until(lambda: checking.waiting == 0, what="an empty queue")
    checking.stop()
    (entry,) = written(journal)
    assert (entry.kind, entry.text("code"), entry.number("checked")) == ("EngineFailed", "engine", 1)
    assert sorted(asked) == ["en", "fa"]
    assert checking.of("en") == ""


@pytest.mark.parametrize(("language", "name"), [("en", "whisper"), ("fa", ""), ("ar", "")])
def test_who_hears_a_language_once_more(journal: Journal, language: str, name: str) -> None:
    """It is known before the first final, so that a result can be waited for where one will come."""
    assert Checking(ON, Path(), journal).of(language) == name
    assert Checking(Speech(recognizer="moonshine"), Path(), journal).of(language) == ""


def test_failures_are_written_and_the_next_check_works(
    journal: Journal, wav: GrowingWav, tmp_path: Path, wait_until: Wait
) -> None:
    """A failing engine, a file that is no audio and one that cannot be read cost one check each."""
    played = Played()
    (tmp_path / "bad.wav").write_bytes(b"not audio at all, not at all")
    (tmp_path / "folder.wav").mkdir()
    checking = Checking(ON, Path(), journal, lambda *_: played)
    checking.start()
    played.fails = True
    checking.put(check(wav, 1))
    wait_until(lambda: len(written(journal)) == 1, what="a failure")
    played.fails = False
    checking.put(check(GrowingWav(tmp_path / "bad.wav"), 2))
    checking.put(check(GrowingWav(tmp_path / "folder.wav"), 3))
    checking.put(check(wav, 4))
    wait_until(lambda: len(written(journal)) == 4, what="the last check")
    checking.stop()
    entries = written(journal)
    assert [entry.kind for entry in entries] == ["EngineFailed"] * 3 + ["Checked"]
    assert [entry.text("code") for entry in entries[:3]] == ["engine", "audio", "world"]


def test_full_disk_ends_the_thread(tmp_path: Path, wav: GrowingWav, wait_until: Wait) -> None:
    """A journal that takes nothing more ends the checks; the main loop meets the same and stops the process."""
    journal = Journal(tmp_path / "full.jsonl", ManualClock())
    journal.close()
    checking = Checking(ON, Path(), journal, lambda *_: Played())
    checking.put(check(wav))
    checking.start()
    wait_until(lambda: not checking.is_running, what="the thread's end")
    checking.stop()
    assert journal.path.read_bytes() == b""
