"""What the line hears from the page: a short queue that evens out the page's frames, silence, or a muted noise.

A browser sends when it finds the time; the conference takes a frame each 20 ms. `Queue` waits for `target` frames
before it begins, waits longer after it ran dry, and gives frames up when more lie there than the last second needed.
Pure. `put` belongs to one thread and `take` to another: nothing but an append and a popleft is shared.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from bridge.base.audio import FULL_SCALE
from bridge.base.voice import FRAME_SAMPLES, SILENCE

TARGET_FRAMES = 2
TARGET_LIMIT_FRAMES = 6
"""120 ms: a browser that is late more often than that is heard with gaps rather than later still."""
LIMIT_FRAMES = 10
"""200 ms, after which the oldest go."""
LOOK_EVERY = 50
CALM_FRAMES = 250
"""After 5 s in which one frame was never needed, one less is waited for."""
MUTED_DBFS = -66.0
"""Level of the noise of a muted telephone. Above what a recording's health takes for a dead track (-75 dBFS), below
what anybody hears; digital silence is kept for a page that is lost, where the alarm is right."""


class Queue:
    """Frames on their way from the page to the conference."""

    def __init__(self) -> None:
        self.dropped = 0
        """Frames given up because they were too many."""
        self.starved = 0
        """How often there was nothing to play."""
        self.target = TARGET_FRAMES
        self._frames: deque[bytes] = deque()
        self._is_filling = True
        self._taken = 0
        self._fewest = LIMIT_FRAMES
        """That lay there at once in the last second, and since the target was last thought over."""
        self._least = LIMIT_FRAMES

    def put(self, frame: bytes) -> None:
        self._frames.append(frame)

    def take(self) -> bytes | None:
        """The next frame; None when there is none yet."""
        frames = self._frames
        if len(frames) > LIMIT_FRAMES:
            self._give_up(len(frames) - self.target)
        if self._is_filling and len(frames) < self.target:
            return None
        if not frames:
            self._ran_dry()
            return None
        self._is_filling = False
        self._fewest = min(self._fewest, len(frames))
        self._least = min(self._least, len(frames))
        self._taken += 1
        if self._taken % LOOK_EVERY == 0:
            if self._fewest > self.target:
                self._give_up(1)
            self._fewest = LIMIT_FRAMES
        if self._taken >= CALM_FRAMES:
            if self._least > 1:
                self.target = max(TARGET_FRAMES, self.target - 1)
            self._taken, self._least = 0, LIMIT_FRAMES
        return frames.popleft()

    def clear(self) -> None:
        """Forget what waits; in the thread of `take`."""
        self._frames.clear()
        self._is_filling = True

    def _ran_dry(self) -> None:
        self.starved += 1
        self.target = min(TARGET_LIMIT_FRAMES, self.target + 1)
        self._is_filling = True
        self._taken, self._least = 0, LIMIT_FRAMES

    def _give_up(self, count: int) -> None:
        for _ in range(count):
            self._frames.popleft()
        self.dropped += count


class Mouth:
    """What is sent to the line, frame by frame. `take` is the conference thread's, all else the process's."""

    def __init__(self) -> None:
        self.queue = Queue()
        self.is_muted = False
        self.is_open = False
        """There is a call and a page."""
        self._random = np.random.default_rng()

    def put(self, frame: bytes) -> None:
        """A frame of the page; thrown away while nobody may hear it."""
        if self.is_open and not self.is_muted:
            self.queue.put(frame)

    def take(self) -> bytes:
        """320 bytes, always."""
        if not self.is_open or self.is_muted:
            self.queue.clear()
            return self._some_noise() if self.is_open else SILENCE
        return self.queue.take() or SILENCE

    def _some_noise(self) -> bytes:
        # Made anew each time: a noise that came back exactly would rightly be taken for a stuck device.
        noise = self._random.normal(0.0, FULL_SCALE * 10 ** (MUTED_DBFS / 20), FRAME_SAMPLES)
        return np.rint(noise).astype("<i2").tobytes()
