"""Where an utterance begins and ends, from speech probabilities of equal windows of one track.

One endpointer serves every engine, because segmentation decides the result: with its own, an engine cut digit
strings and made 36 % digit errors, with this one 2 %. It hears no audio and runs no model; `vad` gives the numbers.

    silence --p >= 0.5 for 96 ms--> speech --p < 0.35 for 0.7 s--> silence
                                      |--15 s--> cut at the weakest window of the last third, speech goes on

Spans are in samples of the track, ordered, half open and never overlap. The audio that an engine may hear grows up
to `audible_to`: a little past the last speech, then it stands still until somebody speaks again, so that the text
is ready when the pause has lasted long enough to end the utterance.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

START = 0.5
END = 0.35
"""Between the two the state stays: a falling voice must not chop a word."""
SILENCE_S = 0.7
"""Pause that ends an utterance. Shorter ones cut digit groups apart."""
LONG_S = 4.0
SILENCE_OF_LONG_S = 0.5
"""Pause that ends an utterance longer than `LONG_S`: its final takes the longer the more there is to hear, and whoever
says a whole message pauses no longer than this between its sentences."""
BEFORE_S = 0.25
"""Kept before the first speech window: a soft first consonant is weaker than the threshold."""
AFTER_S = 0.45
"""Kept after the last speech window: with 0.25 s more words were wrong on telephone audio (9.3 against 8.7 %)."""
HESITATION_S = 0.1
"""Quiet in which nothing is worth recognising: the voice comes back, or soon the whole utterance can be heard."""
SHORTEST_S = 0.096
"""Speech that lasts less is a click. The shortest words ("no", "one" cut short) last 150 ms."""
LONGEST_S = 15.0
"""Engines lose the thread, and captions cost more each time, when an utterance grows past this."""


@dataclass(frozen=True, slots=True)
class Began:
    """An utterance has begun."""

    from_sample: int


@dataclass(frozen=True, slots=True)
class Ended:
    """An utterance is complete."""

    from_sample: int
    to_sample: int
    cut: bool = False
    """Ended by its length, not by a pause: the next one begins at `to_sample`."""


class Endpointer:
    """Utterances of one track. Owned by one thread."""

    def __init__(self, rate_hz: int, window_samples: int, start_sample: int = 0) -> None:
        """Begin at `start_sample`; no utterance will reach back before it."""
        self._window = window_samples
        self._silence = round(SILENCE_S * rate_hz)
        self._long, self._silence_of_long = round(LONG_S * rate_hz), round(SILENCE_OF_LONG_S * rate_hz)
        self._before = round(BEFORE_S * rate_hz)
        self._after = round(AFTER_S * rate_hz)
        self._hesitation = round(HESITATION_S * rate_hz)
        self._shortest = round(SHORTEST_S * rate_hz)
        self._longest = round(LONGEST_S * rate_hz)
        self._now = start_sample
        self._free_from = start_sample
        """End of the last utterance: where the next may begin at the earliest."""
        self._loud_since = -1
        self._from = -1
        self._speech_to = start_sample
        self._recent: deque[tuple[float, int]] = deque(maxlen=max(1, self._longest // 3 // window_samples))
        """Probability and end of the latest windows, for the place of a cut."""

    @property
    def is_speech(self) -> bool:
        """An utterance has begun and not ended."""
        return self._from >= 0

    @property
    def now(self) -> int:
        """End of the last window taken."""
        return self._now

    @property
    def audible_to(self) -> int:
        """How far an engine may hear the utterance by now."""
        return min(self._now, self._speech_to + self._after)

    @property
    def is_pausing(self) -> bool:
        """The speaker may have ended: the audio of the utterance grows no more unless speech comes back."""
        return self.is_speech and self._now >= self._speech_to + self._after

    @property
    def is_hesitating(self) -> bool:
        """Speech has just stopped and it is not yet known whether it is a pause."""
        return self.is_speech and self._speech_to + self._hesitation <= self._now < self._speech_to + self._after

    def take(self, probability: float) -> list[Began | Ended]:
        """Take the next window; return what it decided, in order."""
        self._now += self._window
        if self.is_speech:
            return self._go_on(probability)
        if self._loud_since < 0 and probability >= START:
            self._loud_since = self._now - self._window
        if probability < END:
            self._loud_since = -1
        if self._loud_since < 0 or self._now - self._loud_since < self._shortest:
            return []
        return [self._begin(max(self._free_from, self._loud_since - self._before))]

    def finish(self, end_sample: int) -> list[Ended]:
        """The track ended at `end_sample`, not before `now`, maybe inside a window that was never taken."""
        if not self.is_speech:
            return []
        return [self._end(min(self._speech_to + self._after, end_sample))]

    def _begin(self, from_sample: int) -> Began:
        self._from = from_sample
        self._speech_to = self._now
        self._recent.clear()
        return Began(from_sample)

    def _go_on(self, probability: float) -> list[Began | Ended]:
        self._recent.append((probability, self._now))
        if probability >= END:
            self._speech_to = self._now
        elif self._now - self._speech_to >= self._ending_silence:
            return [self._end(self._speech_to + self._after)]
        if self._now - self._from < self._longest:
            return []
        return self._cut()

    @property
    def _ending_silence(self) -> int:
        return self._silence_of_long if self._speech_to - self._from > self._long else self._silence

    def _cut(self) -> list[Began | Ended]:
        """Divide at the weakest of the recent windows: nothing is lost and seldom a word is split."""
        at, speech_to = min(self._recent)[1], self._speech_to
        if at >= speech_to:  # a pause that came just before the limit: what follows it is an utterance of its own
            return [self._end(self.audible_to)]
        later = [item for item in self._recent if item[1] > at]
        ended = Ended(self._from, at, cut=True)
        began = self._begin(at)
        self._speech_to = speech_to
        self._recent.extend(later)
        return [ended, began]

    def _end(self, to_sample: int) -> Ended:
        ended = Ended(self._from, to_sample)
        self._free_from = to_sample
        self._from = self._loud_since = -1
        return ended
