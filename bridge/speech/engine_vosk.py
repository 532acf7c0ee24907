"""Vosk: streaming recogniser with word times and confidence, for every language that a model is installed for.

A model is always opened by path: by language the library would go to the network. One model serves all legs; each
leg has its own recogniser, made anew for each utterance because a long-lived one grows in memory. Grammar mode is
not offered: it invents words at full confidence.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from bridge.base.audio import Samples
from bridge.base.errors import EngineError
from bridge.speech.recognizer import Heard
from bridge.speech.results import UNKNOWN, Final, Word


class Ear(Protocol):
    """What is used of the library's recogniser, which has no types."""

    def SetWords(self, enable: bool) -> None: ...  # the library's spelling
    def AcceptWaveform(self, data: bytes) -> int: ...
    def PartialResult(self) -> str: ...
    def Result(self) -> str: ...
    def FinalResult(self) -> str: ...


class Vosk:
    """One loaded model. The library serves several recognisers and threads of one model."""

    def __init__(self, model: Path, name: str = "") -> None:
        """Load the model (1 to 20 s, 0.3 to 6 GB by its size).

        Raises:
            EngineError: the package is missing or the folder holds no model.
        """
        if not (model / "conf").is_dir() and not (model / "am").is_dir():
            raise EngineError(f"{model.name} holds no Vosk model: expected folders am and conf")
        try:
            import vosk
        except (ImportError, OSError) as error:
            raise EngineError(f"package vosk cannot be loaded: {error}") from error
        vosk.SetLogLevel(-1)
        self._vosk = vosk
        self.name = name or model.name
        try:
            self._model = vosk.Model(str(model))
        except Exception as error:  # the library raises nothing narrower
            raise EngineError(f"model {self.name} cannot be loaded: {error}") from error

    def stream(self, rate_hz: int) -> VoskStream:
        return VoskStream(lambda: self._ear(rate_hz), self.name, rate_hz)

    def hear(self, samples: Samples, rate_hz: int) -> Heard:
        """Recognise one utterance.

        Raises:
            EngineError: the library failed on it.
        """
        stream = self.stream(rate_hz)
        stream.begin(1, 0)
        stream.feed(samples)
        final = stream.finish(samples.size)
        return Heard(final.text, final.words)

    def _ear(self, rate_hz: int) -> Ear:
        """A fresh recogniser of the library."""
        recognizer: Ear = self._vosk.KaldiRecognizer(self._model, float(rate_hz))
        recognizer.SetWords(True)
        return recognizer


class VoskStream:
    """One leg's way through the model. Owned by one thread."""

    def __init__(self, new_ear: Callable[[], Ear], name: str, rate_hz: int) -> None:
        self._new_ear = new_ear
        self._name = name
        self._rate_hz = rate_hz
        self._utterance = 0
        self._from = 0
        self._settled: list[Word] = []
        self._texts: list[str] = []
        self._shown = ""

    def begin(self, utterance: int, from_sample: int) -> None:
        self._utterance, self._from = utterance, from_sample
        self._settled, self._texts, self._shown = [], [], ""
        self._ear = self._new_ear()

    def feed(self, samples: Samples) -> None:
        try:
            ended = self._ear.AcceptWaveform(samples.tobytes())
        except Exception as error:  # the library raises nothing narrower
            raise EngineError(f"{self._name} failed on {samples.size} samples: {error}") from error
        if ended:  # its own endpointer found a pause inside our utterance: both parts belong to it
            self._keep(self._ear.Result())

    def partial(self, pausing: bool) -> str | None:
        going = str(json.loads(self._ear.PartialResult()).get("partial", ""))
        text = " ".join([*self._texts, going] if going else self._texts)
        if text == self._shown:
            return None
        self._shown = text
        return text

    def finish(self, to_sample: int) -> Final:
        self._keep(self._ear.FinalResult())
        words = tuple(word for word in self._settled if word.from_sample + word.to_sample < 2 * to_sample)
        # After a cut the library has heard past the end: what lies there is heard again in the next utterance.
        text = " ".join(self._texts) if len(words) == len(self._settled) else " ".join(word.word for word in words)
        return Final(self._utterance, self._from, to_sample, text, words, self._name)

    def _keep(self, result: str) -> None:
        found = json.loads(result)
        if found.get("text"):
            self._texts.append(str(found["text"]))
        for item in found.get("result", []):
            self._settled.append(
                Word(
                    str(item["word"]),
                    self._from + round(float(item["start"]) * self._rate_hz),
                    self._from + round(float(item["end"]) * self._rate_hz),
                    round(1000 * float(item["conf"])) if "conf" in item else UNKNOWN,
                )
            )
