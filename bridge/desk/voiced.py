"""Whether voice in a track has gone without captions for too long, however the recogniser is faring.

Pure: how the track grows, where voice was found and how far the captions have come goes in, a verdict comes out. It
asks nobody: a recogniser that hangs, was stopped or has died writes nothing, and that alone must be enough to tell.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

LATE_S = 2.0
"""Captions that are further behind than this are late."""
VOICE_S = 0.3
"""Less voice than this without a text is no delay: a click, or a word cut differently after a restart."""
CALM_S = 5.0
"""So long captions must have been in time again: on a busy host they catch up and fall back with each sentence, and an
alarm that comes and goes is heard as many."""
KEPT = 40_000
"""Looks that found voice, of one leg: two hours of a person who never pauses."""


@dataclass(slots=True)
class Voiced:
    """Voice on one leg's track that should have its text by now and has none. Owned by one thread."""

    rate_hz: int
    due: int = 0
    """What the track held `LATE_S` ago, in samples: this much must have been heard by now."""
    _now_s: float = 0.0
    _late_s: float = -CALM_S
    """When captions were late last."""
    _lengths: deque[tuple[float, int]] = field(default_factory=deque)
    """Monotonic seconds and the track's length then."""
    _voice: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=KEPT))
    """End of a piece of the track, and how many samples of it are voice."""

    def grow(self, length: int, now_s: float) -> None:
        """The track has so many samples now."""
        self._now_s = now_s
        self._lengths.append((now_s, length))
        while self._lengths and self._lengths[0][0] <= now_s - LATE_S:
            self.due = self._lengths.popleft()[1]

    def add(self, to_sample: int, samples: int) -> None:
        """In what is due there are so many samples of voice, the last of them at `to_sample`."""
        self._voice.append((to_sample, samples))

    def is_late(self, heard_to: int) -> bool:
        """Whether voice that is due has no text, or had none a moment ago; what lies before `heard_to` is forgotten."""
        while self._voice and self._voice[0][0] <= heard_to:
            self._voice.popleft()
        if sum(samples for _, samples in self._voice) >= VOICE_S * self.rate_hz:
            self._late_s = self._now_s
        return self._now_s < self._late_s + CALM_S
