"""From one leg's samples to its results: voice activity, endpointer, recogniser and captions put together.

Live or finished audio go the same way, so a track that is transcribed again gives the same utterances. It writes
nothing down and knows no journal; `worker` and `transcribe` do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from bridge.base.audio import Samples
from bridge.base.errors import EngineError
from bridge.speech.captions import Captions
from bridge.speech.recognizer import Stream
from bridge.speech.results import Final, Partial
from bridge.speech.utterance import Began, Ended, Endpointer
from bridge.speech.vad import Detector

Source: TypeAlias = Callable[[int, int], Samples]
"""Samples of the track: (first sample, count); fewer at the end of what is there."""

WARM_UP_WINDOWS = 16
"""Half a second of earlier audio that the voice detector hears before a start inside a track, because its first
answers after a cold start are low and a word could be missed."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The engine failed on this utterance: its audio is there, a text is not."""

    utterance: int
    from_sample: int
    to_sample: int
    code: str
    settled: bool
    """The utterance is over; otherwise only its captions are missing and a final may come."""


Result: TypeAlias = Partial | Final | Failed


class Listener:
    """One leg's way from samples to results. Owned by one thread."""

    def __init__(self, source: Source, rate_hz: int, stream: Stream, from_sample: int = 0, utterance: int = 1) -> None:
        """Begin at `from_sample` with utterance number `utterance`.

        Raises:
            AudioError: a rate the voice detector cannot take.
        """
        self._source = source
        self._stream = stream
        self._detector = Detector(rate_hz)
        self._endpointer = Endpointer(rate_hz, self._detector.window, from_sample)
        self._captions = Captions()
        self._utterance = utterance
        self._from = self._fed_to = from_sample
        self._shown = ("", 0)
        self._captions_off = False
        self._warm_up(from_sample)

    @property
    def heard_to(self) -> int:
        """End of the audio that was looked at."""
        return self._endpointer.now

    def step(self, available: int, live: bool) -> Iterator[Result]:
        """Take all whole windows up to sample `available`; `live` asks for a partial at the end of them."""
        window = self._detector.window
        samples = self._source(self.heard_to, max(0, available - self.heard_to) // window * window)
        for at in range(0, samples.size - window + 1, window):
            for event in self._endpointer.take(self._detector.probability(samples[at : at + window])):
                match event:
                    case Began():
                        self._begin(event)
                    case Ended():
                        yield self._finish(event)
        if live and self._is_worth_hearing():
            yield from self._partial()

    def finish(self, end_sample: int) -> Iterator[Result]:
        """The track is complete with `end_sample` samples: end what is open."""
        yield from self.step(end_sample, live=False)
        for event in self._endpointer.finish(end_sample):
            yield self._finish(event)

    def _warm_up(self, from_sample: int) -> None:
        window = self._detector.window
        before = min(WARM_UP_WINDOWS, from_sample // window) * window
        samples = self._source(from_sample - before, before)
        for at in range(0, samples.size - window + 1, window):
            self._detector.probability(samples[at : at + window])

    def _begin(self, event: Began) -> None:
        self._from = self._fed_to = event.from_sample
        self._captions = Captions()
        self._shown = ("", 0)
        self._captions_off = False
        self._stream.begin(self._utterance, event.from_sample)

    def _is_worth_hearing(self) -> bool:
        pointer = self._endpointer
        return pointer.is_speech and not pointer.is_hesitating and not self._captions_off

    def _feed(self, to_sample: int) -> None:
        if to_sample > self._fed_to:
            samples = self._source(self._fed_to, to_sample - self._fed_to)
            self._stream.feed(samples)
            self._fed_to += samples.size

    def _partial(self) -> Iterator[Result]:
        try:
            self._feed(self._endpointer.audible_to)
            text = self._stream.partial(self._endpointer.is_pausing)
        except EngineError as error:
            self._captions_off = True  # or it would fail twenty times a second
            yield Failed(self._utterance, self._from, self._fed_to, error.code, settled=False)
            return
        if text is None:
            return
        shown = (text, self._captions.show(text))
        if shown != self._shown and text:
            self._shown = shown
            yield Partial(
                self._utterance, self._from, self._fed_to, text, self._captions.firm_words, self._captions.revised_from
            )

    def _finish(self, event: Ended) -> Result:
        number = self._utterance
        self._utterance += 1
        try:
            self._feed(event.to_sample)
            final = self._stream.finish(event.to_sample)
        except EngineError as error:
            return Failed(number, event.from_sample, event.to_sample, error.code, settled=True)
        return self._captions.settle(final)
