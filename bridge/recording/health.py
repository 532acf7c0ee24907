"""Judges a recording by its audio: does this track hold what a living line sounds like?

    fault     begins when                                                    ends when
    MISSING   less than half of the last 6 s reached the file                3/4 of the last 6 s did
    SILENT    79 of the last 80 blocks below -75 dBFS (8 s)                  10 of the last 20 above -72 dBFS
    STUCK     4 s in a row, each a repetition of what was just before, or    2 s in a row are not
              one constant value (the idle value of a codec is silence)
    CLIPPED   more than 1 % of 2 s at full scale                             less than 0.5 % of 5 s
    QUIET     speech of 1.5 s within 8 s, active level below -41 dBFS        active level above -38 dBFS

Blocks are 100 ms. Each fault is a latch with its own way out; the state is the worst latched fault in the order above,
so that a track never leaves a fault for a weaker one unseen. Audio under an excused span (hold, ringing) is not judged
and clears what it explains. No fault needs longer than 8.1 s of audio: with 0.5 s held back by the recorder and 0.25 s
between two looks it is reported within 10 s of its beginning.

It does not know what a party says, and reads no file and no clock.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from bridge.base.audio import FULL_SCALE, SILENCE_DBFS, Samples
from bridge.base.clock import NS
from bridge.base.terms import Health

WORST_FIRST = (Health.MISSING, Health.SILENT, Health.STUCK, Health.CLIPPED, Health.QUIET)
BLOCKS_A_SECOND = 10
SILENT_DBFS = -75.0
SOUND_DBFS = -72.0
IDLE_PEAK = 8
"""A-law has no code for zero: an idle channel decodes to +8 and -8, -72 dBFS (ITU-T G.711, table 1a)."""
IDLE_MEAN = 32
"""A constant up to this value is an idle codec (SILENT); beyond it, a stuck one (STUCK). -60 dBFS."""
FULL = 32124
"""Largest value of mu-law after decoding (G.711, table 2a): a source clipped before the codec shows this, not 32767."""
SPEECH_DBFS = -57.0
"""Blocks below are never speech: comfort noise is at about -60 dBFS (RFC 3389)."""
SPEECH_OVER_FLOOR_DB = 6.0
QUIET_DBFS = -41.0
AUDIBLE_DBFS = -38.0
CLIPPED_PART = 0.01
CLEAN_PART = 0.005
_WINDOW = 8 * BLOCKS_A_SECOND
_STUCK_S = 4
_FREE_S = 2
_PROBE = 32
_GROWTH_NS = 6 * NS
_GROWTH_LEAST_NS = 4 * NS
_GROWTH_GRACE_NS = NS // 2
"""A recorder's first write comes 0.49 s after its start."""


@dataclass(frozen=True, slots=True)
class Change:
    """The judgement changed."""

    was: Health
    now: Health
    at_sample: int
    """Where the fault began, not where it was noticed; for GOOD where sound audio was noticed."""


@dataclass(frozen=True, slots=True)
class Block:
    """100 ms of samples, measured."""

    start: int
    ac_dbfs: float
    """Level without the constant part."""
    mean: float
    peak: int
    full: int
    """Samples at full scale."""

    @property
    def is_constant(self) -> bool:
        return self.ac_dbfs < SILENT_DBFS and abs(self.mean) > IDLE_MEAN

    @property
    def is_silent(self) -> bool:
        return (self.ac_dbfs < SILENT_DBFS or self.peak <= IDLE_PEAK) and not self.is_constant


def measure(samples: Samples, start: int, size: int) -> list[Block]:
    """Measure whole blocks of `size` samples; the first sample has number `start`."""
    table = samples.reshape(-1, size).astype(np.float64)
    means = table.mean(axis=1)
    power = np.square(table - means[:, None]).mean(axis=1) / FULL_SCALE**2
    sizes = np.abs(table)
    return [
        Block(start + i * size, _dbfs(float(power[i])), float(means[i]), int(peak), int(full))
        for i, (peak, full) in enumerate(zip(sizes.max(axis=1), (sizes >= FULL).sum(axis=1), strict=True))
    ]


def repeats(history: Samples, length: int) -> bool:
    """Whether the last `length` samples are an exact repetition with any period up to the rest of the history.

    Speech and noise never repeat exactly, not even through a codec; a stuck buffer does, and so does a steady tone
    made by a machine. Tones of signalling come and go within 2 s and are over before the fault is latched.
    """
    end = history.size - 1
    periods = np.arange(1, history.size - length + 1)
    for back in range(min(length, _PROBE)):  # drops nearly all wrong periods before whole spans are compared
        periods = periods[history[end - back] == history[end - back - periods]]
        if periods.size == 0:
            return False
    return any(np.array_equal(history[-length:], history[-length - p : -p]) for p in periods[:64])


class Judge:
    """Health of one track. Owned by the keeper's thread. Starts GOOD: no evidence is no fault."""

    def __init__(self, rate_hz: int) -> None:
        self.state = Health.GOOD
        self._rate_hz = rate_hz
        self._size = rate_hz // BLOCKS_A_SECOND
        self._next = 0
        self._rest: Samples = np.zeros(0, dtype=np.int16)
        self._faults: dict[Health, int] = {}
        """Latched faults and the sample where each began."""
        self._blocks: deque[Block] = deque(maxlen=_WINDOW)
        self._history: Samples = np.zeros(0, dtype=np.int16)
        self._since_check = 0
        self._stuck_s = 0
        self._free_s = 0

    def hear(self, samples: Samples, is_excused: bool = False) -> list[Change]:
        """Take the next samples of the track.

        Args:
            samples: any number, continuing where the last ones ended.
            is_excused: they lie under a hold or before the far end's first audio.
        """
        if is_excused:
            return self._excuse(samples.size)
        changes: list[Change] = []
        data = np.concatenate((self._rest, samples))
        start = self._next - self._rest.size
        self._next += samples.size
        whole = data.size // self._size * self._size
        self._rest = data[whole:]
        for i, block in enumerate(measure(data[:whole], start, self._size)):
            self._blocks.append(block)
            self._history = np.concatenate((self._history, data[i * self._size : (i + 1) * self._size]))
            self._history = self._history[-2 * self._rate_hz :]
            self._judge()
            changes += self._settle(block.start + self._size)
        return changes

    def grows(self, is_growing: bool, at_sample: int) -> list[Change]:
        """Take what `Growth` found."""
        self._latch(Health.MISSING, not is_growing, at_sample)
        return self._settle(at_sample)

    def _excuse(self, count: int) -> list[Change]:
        self._next += count
        self._rest = self._rest[:0]
        self._blocks.clear()
        self._history = self._history[:0]
        self._since_check = self._stuck_s = self._free_s = 0
        # The hold explains silence. A stuck or clipped track is not explained; it stays so until audio says otherwise.
        self._latch(Health.SILENT, False, self._next)
        return self._settle(self._next)

    def _judge(self) -> None:
        self._judge_silence()
        self._judge_clipping()
        self._judge_level()
        self._since_check += 1
        if self._since_check == BLOCKS_A_SECOND:
            self._since_check = 0
            self._judge_stuck()

    def _judge_silence(self) -> None:
        if Health.SILENT in self._faults:
            if sum(not b.is_silent and b.ac_dbfs > SOUND_DBFS for b in self._last(20)) >= 10:
                self._latch(Health.SILENT, False, 0)
        elif len(self._blocks) == _WINDOW and sum(b.is_silent for b in self._blocks) >= _WINDOW - 1:
            # One loud block is let through: a click every few seconds is not a voice.
            self._latch(Health.SILENT, True, next(b.start for b in self._blocks if b.is_silent))

    def _judge_clipping(self) -> None:
        if Health.CLIPPED in self._faults:
            blocks = self._last(50)
            if len(blocks) == 50 and sum(b.full for b in blocks) < CLEAN_PART * 50 * self._size:
                self._latch(Health.CLIPPED, False, 0)
        else:
            blocks = self._last(20)
            if sum(b.full for b in blocks) > CLIPPED_PART * 20 * self._size:
                self._latch(Health.CLIPPED, True, next(b.start for b in blocks if b.full))

    def _judge_level(self) -> None:
        floor = float(np.percentile([b.ac_dbfs for b in self._blocks], 10))
        least = max(SPEECH_DBFS, floor + SPEECH_OVER_FLOOR_DB)
        active = [b for b in self._blocks if b.ac_dbfs > least]
        if len(active) < 1.5 * BLOCKS_A_SECOND:
            return
        level = _dbfs(sum(10 ** (b.ac_dbfs / 10) for b in active) / len(active))
        if level < QUIET_DBFS:
            self._latch(Health.QUIET, True, active[0].start)
        elif level > AUDIBLE_DBFS:
            self._latch(Health.QUIET, False, 0)

    def _judge_stuck(self) -> None:
        blocks = self._last(BLOCKS_A_SECOND)
        second = BLOCKS_A_SECOND * self._size
        is_stuck = all(b.is_constant for b in blocks) or (
            not any(b.is_silent for b in blocks) and self._history.size >= 2 * second and repeats(self._history, second)
        )
        self._stuck_s = self._stuck_s + 1 if is_stuck else 0
        self._free_s = 0 if is_stuck else self._free_s + 1
        if self._stuck_s >= _STUCK_S:
            self._latch(Health.STUCK, True, max(0, self._next - (_STUCK_S + 1) * second))
        elif self._free_s >= _FREE_S:
            self._latch(Health.STUCK, False, 0)

    def _last(self, count: int) -> list[Block]:
        return list(self._blocks)[-count:]

    def _latch(self, fault: Health, is_on: bool, at_sample: int) -> None:
        if is_on:
            self._faults.setdefault(fault, at_sample)
        else:
            self._faults.pop(fault, None)

    def _settle(self, at_sample: int) -> list[Change]:
        now = next((fault for fault in WORST_FIRST if fault in self._faults), Health.GOOD)
        if now is self.state:
            return []
        change = Change(self.state, now, self._faults.get(now, at_sample))
        self.state = now
        return [change]


class Growth:
    """Whether a file grows as fast as it should. Owned by the keeper's thread.

    Args:
        rate_hz: samples a second that should arrive.
        t0_ns: monotonic time of sample 0.
    """

    def __init__(self, rate_hz: int, t0_ns: int) -> None:
        self.is_growing = True
        self._rate_hz = rate_hz
        self._seen: deque[tuple[int, int]] = deque([(t0_ns + _GROWTH_GRACE_NS, 0)])

    def observe(self, length: int, now_ns: int, is_excused: bool) -> bool:
        """Take the file's length in samples at a time; return whether it grows. On hold it need not."""
        if is_excused:
            self._seen = deque([(now_ns, length)])
            self.is_growing = True
            return True
        self._seen.append((now_ns, length))
        while len(self._seen) > 1 and now_ns - self._seen[1][0] >= _GROWTH_NS:
            self._seen.popleft()
        start_ns, start = self._seen[0]
        span_ns = now_ns - start_ns
        if span_ns >= _GROWTH_LEAST_NS:
            due = span_ns * self._rate_hz // NS
            self.is_growing = (length - start) * 4 >= due * (2 if self.is_growing else 3)
        return self.is_growing


def _dbfs(power: float) -> float:
    """Decibels of a mean square relative to full scale."""
    return max(SILENCE_DBFS, 10 * math.log10(power)) if power > 0 else SILENCE_DBFS
