"""The Vosk adapter against a played library: partials, parts of one utterance, cuts and failures."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bridge.base.errors import EngineError
from bridge.speech.engine_vosk import VoskStream
from bridge.speech.results import UNKNOWN, Word

RATE = 8000


class PlayedEar:
    """Answers as the library does: JSON texts, one word per thousand samples, an own end after `ends_after` words."""

    def __init__(self, ends_after: int = 100, confidence: bool = True) -> None:
        self.ends_after = ends_after
        self.confidence = confidence
        self.samples = 0
        self.first = 0

    def SetWords(self, enable: bool) -> None:
        raise AssertionError("the adapter's owner does this")

    def AcceptWaveform(self, data: bytes) -> int:
        if data == b"":
            raise RuntimeError("Failed to process waveform")
        self.samples += len(data) // 2
        return int(self.samples // 1000 - self.first >= self.ends_after)

    def _words(self) -> list[int]:
        return list(range(self.first, self.samples // 1000))

    def PartialResult(self) -> str:
        return json.dumps({"partial": " ".join(f"w{n}" for n in self._words())})

    def Result(self) -> str:
        words = self._words()
        self.first += len(words)
        result = [
            {"word": f"w{n}", "start": n / 8, "end": (n + 1) / 8, **({"conf": 0.5} if self.confidence else {})}
            for n in words
        ]
        return json.dumps({"text": " ".join(f"w{n}" for n in words), **({"result": result} if result else {})})

    FinalResult = Result


def stream(ear: PlayedEar) -> VoskStream:
    made = VoskStream(lambda: ear, "vosk-test", RATE)
    made.begin(4, 20000)
    return made


def feed(made: VoskStream, samples: int) -> None:
    made.feed(np.zeros(samples, dtype=np.int16))


def test_partials_only_when_they_change() -> None:
    """The same text is not shown twice; nothing is not shown at all."""
    made = stream(PlayedEar())
    feed(made, 500)
    assert made.partial(pausing=False) is None
    feed(made, 1600)
    assert made.partial(pausing=False) == "w0 w1"
    assert made.partial(pausing=True) is None


def test_parts_ended_by_the_library_stay_one_utterance() -> None:
    """Its own endpointer ends nothing of ours: parts are joined, in partials and in the final."""
    made = stream(PlayedEar(ends_after=2))
    feed(made, 2000)
    feed(made, 1000)
    assert made.partial(pausing=False) == "w0 w1 w2"
    final = made.finish(23000)
    assert (final.utterance, final.text, final.engine) == (4, "w0 w1 w2", "vosk-test")
    assert final.words[0] == Word("w0", 20000, 21000, 500)
    assert final.words[2] == Word("w2", 22000, 23000, 500)


def test_words_behind_a_cut_are_left_to_the_next_utterance() -> None:
    """A word belongs where its middle lies."""
    made = stream(PlayedEar())
    feed(made, 5000)
    final = made.finish(22400)
    assert final.text == "w0 w1"
    assert [word.word for word in final.words] == ["w0", "w1"]


def test_nothing_heard_is_an_empty_final() -> None:
    """No words, no text; the final says so."""
    final = stream(PlayedEar()).finish(20100)
    assert (final.text, final.words, final.unclear) == ("", (), True)


def test_words_without_confidence_carry_none() -> None:
    """What the library does not say is not made up."""
    made = stream(PlayedEar(confidence=False))
    feed(made, 1000)
    assert made.finish(21000).words[0].confidence_permille == UNKNOWN


def test_library_failure_is_an_engine_error() -> None:
    """Its bare exceptions do not reach the worker."""
    with pytest.raises(EngineError, match="vosk-test failed on 0 samples"):
        feed(stream(PlayedEar()), 0)
