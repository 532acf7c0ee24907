"""Finished files to text: the way of a live track, without the waiting. Writes nothing but what it returns.

Where an engine gives no word times, the checker's are taken for the words both heard; the others are placed between
their neighbours and called estimated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bridge.base.audio import FULL_SCALE, Samples, read_wav
from bridge.base.dialplan import Speech
from bridge.base.errors import AudioError, EngineError
from bridge.speech.agreement import align, numbered
from bridge.speech.engines import Opener, open_checker, open_recognizer
from bridge.speech.listener import Failed, Listener
from bridge.speech.recognizer import Engine, Heard, Recognizer
from bridge.speech.resample import resample
from bridge.speech.results import UNKNOWN, Final, Word
from bridge.speech.vad import MODEL_HZ, window_samples


@dataclass(frozen=True, slots=True)
class TimedWord:
    """One word of a transcript."""

    word: str
    start: float
    """Seconds from the file's first sample."""
    end: float
    confidence: float | None
    """0 to 1; None where nothing gave one."""
    estimated: bool
    """Placed between its neighbours: no engine timed it."""


@dataclass(frozen=True, slots=True)
class Utterance:
    start: float
    end: float
    text: str
    unclear: bool
    """Listen to the audio: the text repeats itself or is missing."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard in one file."""

    file: str
    language: str
    engine: str
    timed_by: str | None
    """Engine behind the times and confidences of the words; None: all are estimated."""
    duration: float
    text: str
    words: tuple[TimedWord, ...]
    utterances: tuple[Utterance, ...]

    def json(self) -> str:
        """One JSON object on one line, for a command's output; it is not an entry of any journal."""
        return json.dumps(asdict(self), ensure_ascii=False)


class Transcriber:
    """A recogniser, and a checker where one is installed, for any number of files. Owned by one thread."""

    def __init__(
        self, language: str, models: Path, speech: Speech | None = None, opener: Opener = open_recognizer
    ) -> None:
        """Load the engines; without `speech` the embedded recogniser, or else Vosk with an installed model.

        Args:
            models: folder of the installed models.
            opener: loads the recogniser; another one only in tests.

        Raises:
            NoRecognizerError: nothing for this language is installed.
            EngineError: it is there and cannot be loaded.
        """
        speech = speech or Speech(recognizer="moonshine" if language == "en" else "vosk", checker="whisper")
        self._language = language
        self._recognizer: Recognizer = opener(speech, language, models)
        self._timer = _optional_checker(speech, language, models)

    def transcribe(self, path: Path) -> Transcript:
        """One finished WAV file.

        Raises:
            AudioError: not 16-bit mono PCM.
            EngineError: the engine failed on it.
            OSError: it cannot be read.
        """
        samples, rate_hz = read_wav(path)
        duration = samples.size / rate_hz
        samples, rate_hz = _fit(samples, rate_hz)
        finals = list(self._finals(samples, rate_hz))
        words: list[TimedWord] = []
        for final in finals:
            words += self._timed(final, samples, rate_hz)
        return Transcript(
            path.name,
            self._language,
            self._recognizer.name,
            self._timed_by(finals),
            round(duration, 3),
            " ".join(final.text for final in finals if final.text),
            tuple(words),
            tuple(Utterance(_s(f.from_sample, rate_hz), _s(f.to_sample, rate_hz), f.text, f.unclear) for f in finals),
        )

    def _finals(self, samples: Samples, rate_hz: int) -> Iterator[Final]:
        def source(start: int, count: int) -> Samples:
            return samples[start : start + count]

        listener = Listener(source, rate_hz, self._recognizer.stream(rate_hz))
        for result in listener.finish(samples.size):
            match result:
                case Final():
                    yield result
                case Failed():
                    raise EngineError(f"{self._recognizer.name} failed ({result.code}) on utterance {result.utterance}")

    def _timed_by(self, finals: Sequence[Final]) -> str | None:
        if any(final.words for final in finals):
            return self._recognizer.name
        return None if self._timer is None else self._timer.name

    def _timed(self, final: Final, samples: Samples, rate_hz: int) -> list[TimedWord]:
        heard = Heard(final.text, final.words)
        if not final.words and self._timer is not None:
            piece = self._timer.hear(samples[final.from_sample : final.to_sample], rate_hz)
            at = final.from_sample
            moved = [Word(w.word, w.from_sample + at, w.to_sample + at, w.confidence_permille) for w in piece.words]
            heard = Heard(piece.text, tuple(moved))
        return place(final, heard.words, rate_hz)


def place(final: Final, timed: Sequence[Word], rate_hz: int) -> list[TimedWord]:
    """Times of the words of a final, from those that a timing engine heard in the same audio.

    A word that both have takes its time and confidence; the others share the room between their neighbours equally.
    """
    shown = final.text.split()
    spans: list[tuple[int, int, int] | None] = [None] * len(shown)
    ours, theirs = numbered(shown), numbered([word.word for word in timed])
    for pair in align([word for word, _ in ours], [word for word, _ in theirs]):
        if pair.same and pair.left is not None and pair.right is not None:
            found = timed[theirs[pair.right][1]]
            spans[ours[pair.left][1]] = (found.from_sample, found.to_sample, found.confidence_permille)
    return [
        TimedWord(
            word,
            _s(start, rate_hz),
            _s(end, rate_hz),
            None if confidence == UNKNOWN else confidence / 1000,
            spans[index] is None,
        )
        for index, (word, (start, end, confidence)) in enumerate(zip(shown, _filled(spans, final), strict=True))
    ]


def _filled(spans: Sequence[tuple[int, int, int] | None], final: Final) -> Iterator[tuple[int, int, int]]:
    """The same list without holes."""
    at, index = final.from_sample, 0
    while index < len(spans):
        span = spans[index]
        if span is not None:
            yield span
            at, index = span[1], index + 1
            continue
        last = index
        while last < len(spans) and spans[last] is None:
            last += 1
        following = spans[last] if last < len(spans) else None
        room = max(0, (final.to_sample if following is None else following[0]) - at)
        for step in range(last - index):
            yield (at + room * step // (last - index), at + room * (step + 1) // (last - index), UNKNOWN)
        at, index = at + room, last


def _optional_checker(speech: Speech, language: str, models: Path) -> Engine | None:
    try:
        return open_checker(speech, language, models)
    except EngineError:
        return None  # an optional extra: without it the words' times are estimated, and the transcript says so


def _fit(samples: Samples, rate_hz: int) -> tuple[Samples, int]:
    """The file at a rate that the voice detector can take; telephone audio stays as it is."""
    try:
        window_samples(rate_hz)
    except AudioError:
        wave = resample(samples, rate_hz, MODEL_HZ) * FULL_SCALE
        return np.clip(np.rint(wave), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16), MODEL_HZ
    return samples, rate_hz


def _s(sample: int, rate_hz: int) -> float:
    return round(sample / rate_hz, 3)
