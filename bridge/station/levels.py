"""Shows how loud each leg is that is being recorded, from its file: what is monitored is what was recorded.

A small thread of the desk process; nobody waits for it. It judges nothing: that is the keeper's in the line process.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bridge.base.audio import GrowingWav
from bridge.base.errors import AudioError
from bridge.base.wire import Value
from bridge.desk.feed import Feed, Publisher
from bridge.desk.hearing import permille
from bridge.desk.ports import Sound

LOOK_S = 0.2
PEAKS_A_SECOND = 10
SHOWN_S = 30
LEGS_LIMIT = 4
STILL_S = 1.0
"""A track that has stood still for so long is shown as that each second; between two flushes it is none."""


@dataclass(slots=True)
class Meter:
    """One leg's last half minute."""

    track: GrowingWav
    rate_hz: int
    next_sample: int = 0
    peaks: deque[int] = field(default_factory=lambda: deque(maxlen=PEAKS_A_SECOND * SHOWN_S))
    grown_s: float = 0.0
    """Monotonic time of the last growth."""

    def look(self, now_s: float) -> None:
        """Measure what is new; after a long absence only what is still shown.

        Raises:
            AudioError, OSError: the file cannot be read.
        """
        size = self.rate_hz // PEAKS_A_SECOND
        length = self.track.length()
        first = length // size * size - SHOWN_S * self.rate_hz
        self.next_sample = max(self.next_sample, first, 0)
        if length - self.next_sample >= size:
            self.grown_s = now_s
        while length - self.next_sample >= size:
            self.peaks.append(permille(self.track.read(self.next_sample, size)))
            self.next_sample += size

    def value(self, now_s: float) -> dict[str, Value]:
        still_s = now_s - self.grown_s
        return {
            "to_sample": self.next_sample,
            "peaks": [*self.peaks],
            "now_permille": self.peaks[-1] if self.peaks else 0,
            "age_ms": int(still_s) * 1000 if still_s >= STILL_S else 0,
        }


class Levels(threading.Thread):
    """Reads the ends of the open tracks until told to stop; does nothing while no page is open."""

    def __init__(self, feed: Feed, tracks: Callable[[], Mapping[str, Sound]]) -> None:
        super().__init__(name="levels", daemon=True)
        self._feed = feed
        self._publisher = Publisher(feed)
        self._tracks = tracks
        self._meters: dict[str, Meter] = {}
        self._ending = threading.Event()

    def run(self) -> None:
        while not self._ending.wait(LOOK_S):
            if self._feed.has_readers or self._meters:
                self.look(time.monotonic())

    def look(self, now_s: float) -> None:
        """One look at all tracks."""
        tracks = dict(list(self._tracks().items())[-LEGS_LIMIT:]) if self._feed.has_readers else {}
        self._meters = {leg: self._meter(leg, sound, now_s) for leg, sound in tracks.items()}
        sections: dict[str, Value] = {}
        for leg, meter in self._meters.items():
            try:
                meter.look(now_s)
            except (AudioError, OSError):
                continue  # no level is shown; that the track cannot be read is the keeper's alarm
            sections[f"level/{leg}"] = meter.value(now_s)
        self._publisher.show(sections)

    def _meter(self, leg: str, sound: Sound, now_s: float) -> Meter:
        return self._meters.get(leg) or Meter(GrowingWav(sound.path), sound.rate_hz, grown_s=now_s)

    def stop(self) -> None:
        self._ending.set()
        self.join()
