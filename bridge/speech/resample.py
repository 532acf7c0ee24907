"""A track's samples at the rate a model was trained on.

Windowed-sinc interpolation, computed only at the output's own times, so that odd ratios (44,100 to 16,000 Hz) cost no
more than even ones. An engine's own resampling is not used: linear interpolation folds the telephone band back.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from bridge.base.audio import FULL_SCALE, Samples

Waveform: TypeAlias = npt.NDArray[np.float32]
"""float32, one channel, full scale 1.0, shape (n,); index 0 is the earliest."""

ZEROS = 16
"""Zero crossings on each side of the sinc: the transition band is 1/16 of the lower rate's band."""
BETA = 8.0
"""Kaiser window: side lobes below -80 dB, under the noise of 8-bit mu-law."""
_BLOCK = 32768
"""Output samples per step, so that an hour of audio does not need gigabytes at once."""


def resample(samples: Samples, from_hz: int, to_hz: int) -> Waveform:
    """Zero-phase: output sample m lies at input time m * from_hz / to_hz. Silence is assumed around the input."""
    wave: Waveform = samples.astype(np.float32) / np.float32(FULL_SCALE)
    if from_hz == to_hz or not samples.size:
        return wave
    divisor = math.gcd(from_hz, to_hz)
    up, down = to_hz // divisor, from_hz // divisor
    taps = _taps(up, down)
    width = taps.shape[1]
    padded = np.concatenate([np.zeros(width // 2 - 1, np.float32), wave, np.zeros(width, np.float32)])
    views = np.lib.stride_tricks.sliding_window_view(padded, width)
    count = -(-samples.size * up // down)
    blocks: list[Waveform] = []
    for start in range(0, count, _BLOCK):
        times = np.arange(start, min(start + _BLOCK, count)) * down
        blocks.append(np.einsum("nk,nk->n", views[times // up], taps[times % up]).astype(np.float32))
    return np.concatenate(blocks)


@lru_cache(maxsize=16)
def _taps(up: int, down: int) -> Waveform:
    """One row of weights per phase of the output against the input, shape (up, width)."""
    cutoff = min(1.0, up / down)
    half = math.ceil(ZEROS / cutoff)
    offsets = np.arange(-half + 1, half + 1)[None, :] - (np.arange(up) / up)[:, None]
    window = np.i0(BETA * np.sqrt(np.clip(1 - (offsets / half) ** 2, 0, 1))) / np.i0(BETA)
    weights = cutoff * np.sinc(cutoff * offsets) * window
    taps: Waveform = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return taps
