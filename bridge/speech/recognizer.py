"""The port of all recognisers: one stream per leg, fed as the track grows, asked for a final at each utterance's end.

`Rerun` makes a stream of an engine that only knows whole pieces of audio: it hears the growing utterance again and
again, as often as the engine's speed allows. No recogniser hears audio outside an utterance: on silence, tones and
music every one of them invents words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from bridge.base.audio import Samples
from bridge.speech.results import Final, Word

STEP_S = 0.3
"""New audio needed before an engine hears an utterance again. A syllable lasts 0.2 s: less only flickers."""
LOAD = 1.3
"""New audio needed per second that the last run took: leaves a quarter of the time for others on the same core."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an engine made of one piece of audio, as it returned it."""

    text: str
    words: tuple[Word, ...] = ()
    """Samples count from the start of the piece, at its rate."""


class Engine(Protocol):
    """Hears whole pieces of audio. Any thread may call it, one at a time is served."""

    @property
    def name(self) -> str: ...

    def hear(self, samples: Samples, rate_hz: int) -> Heard:
        """Recognise one piece.

        Raises:
            EngineError: the engine failed on it.
        """
        ...


class Stream(Protocol):
    """One leg's way through a recogniser. Owned by one thread."""

    def begin(self, utterance: int, from_sample: int) -> None:
        """Forget what was; the next sample fed is the track's sample `from_sample`."""
        ...

    def feed(self, samples: Samples) -> None:
        """Take the next samples.

        Raises:
            EngineError: the engine failed on them.
        """
        ...

    def partial(self, pausing: bool) -> str | None:
        """The text of all samples so far; None while another result is not worth its cost.

        Args:
            pausing: the speaker may have ended, so these are perhaps the last samples.

        Raises:
            EngineError: the engine failed; the samples are kept.
        """
        ...

    def finish(self, to_sample: int) -> Final:
        """End the utterance at the track's sample `to_sample`, which may lie before the last one fed.

        Raises:
            EngineError: the engine failed on it.
        """
        ...


class Recognizer(Protocol):
    """A loaded model. One serves all legs of a process."""

    @property
    def name(self) -> str: ...

    def stream(self, rate_hz: int) -> Stream: ...


class Rerun:
    """Stream of an engine that knows whole pieces only. Owned by one thread."""

    def __init__(self, engine: Engine, rate_hz: int, now: Callable[[], float]) -> None:
        """`now` gives monotonic seconds, to measure what a run costs."""
        self._engine = engine
        self._rate_hz = rate_hz
        self._now = now
        self._utterance = 0
        self._from = 0
        self._parts: list[Samples] = []
        self._length = 0
        self._heard: Heard | None = None
        self._heard_samples = 0
        self._cost_s = 0.0

    def begin(self, utterance: int, from_sample: int) -> None:
        self._utterance, self._from = utterance, from_sample
        self._parts, self._length = [], 0
        self._heard, self._heard_samples = None, 0
        self._cost_s = 0.0

    def feed(self, samples: Samples) -> None:
        self._parts.append(samples)
        self._length += samples.size

    def partial(self, pausing: bool) -> str | None:
        fresh = self._length - self._heard_samples
        # At a pause the result is most likely the final: made now, it is ready when the pause has lasted long enough.
        needed = 1 if pausing else max(STEP_S, LOAD * self._cost_s) * self._rate_hz
        if fresh < needed:
            return None
        return self._run(self._length).text

    def finish(self, to_sample: int) -> Final:
        length = min(self._length, to_sample - self._from)
        heard = self._heard
        if heard is None or self._heard_samples != length:
            heard = self._run(length)
        words = tuple(
            replace(word, from_sample=self._from + word.from_sample, to_sample=self._from + word.to_sample)
            for word in heard.words
        )
        return Final(self._utterance, self._from, to_sample, heard.text, words, self._engine.name)

    def _run(self, length: int) -> Heard:
        audio = np.concatenate(self._parts) if self._parts else np.zeros(0, dtype=np.int16)
        self._parts = [audio]
        began = self._now()
        self._heard = self._engine.hear(audio[:length], self._rate_hz)
        self._heard_samples = length
        self._cost_s = self._now() - began
        return self._heard
