"""Tones as proof of audio: made pure, found again by frequency, each with its share of what was heard.

A tone found at its full share in a sink proves the way from its source; any other tone found there proves a leak.
Levels come from short frames, because a jitter buffer shifts the phase and a whole-file sum would cancel itself.
"""

from __future__ import annotations

import functools
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bridge.base.audio import Samples, rms_dbfs

RATE_HZ = 8000
TONES_HZ = (440, 620, 770, 910, 1070, 1270, 1490, 1730, 1990, 2270, 2630)
"""Far enough apart for 100 ms frames; none is a harmonic (twice, three times) of another within 40 Hz."""
FRAME_S = 0.1
HEARD_DB = -3.0
"""A tone that is at least half of a frame's power is what the frame holds."""
SILENT_DBFS = -55.0


@functools.cache
def tone(hz: int, seconds: float, rate_hz: int = RATE_HZ, peak: int = 8000) -> Samples:
    """A sine of the given frequency with a breath of noise, the same at each call; index 0 is at phase 0.

    Without the noise it would repeat itself exactly, which a recording's health rightly takes for a stuck device.
    """
    steps = np.arange(round(seconds * rate_hz))
    noise = np.random.default_rng(hz).normal(0.0, peak / 100, len(steps))
    made = (peak * np.sin(2 * math.pi * hz * steps / rate_hz) + noise).astype(np.int16)
    made.setflags(write=False)
    return made


def frame_shares_db(samples: Samples, hz: int, rate_hz: int = RATE_HZ) -> npt.NDArray[np.float64]:
    """Power of one tone in each frame relative to all power in it, in dB; -120 for a silent frame."""
    size = round(FRAME_S * rate_hz)
    count = len(samples) // size
    if not count:
        return np.zeros(0)
    frames = samples[: count * size].astype(np.float64).reshape(count, size)
    window = np.hanning(size)
    turn = np.exp(-2j * math.pi * hz * np.arange(size) / rate_hz)
    # A pure tone under a window w has |sum(w x e)|^2 = (A/2)^2 sum(w)^2, and sum((w x)^2) = A^2/2 sum(w^2).
    toned = np.abs((frames * window) @ turn) ** 2 * 2 * np.sum(window**2) / np.sum(window) ** 2
    total = np.sum((frames * window) ** 2, axis=1)
    quiet = np.sqrt(np.mean(frames**2, axis=1)) < 32768 * 10 ** (SILENT_DBFS / 20)
    share = np.where(quiet | (total == 0), 1e-12, toned / np.maximum(total, 1e-9))
    return np.asarray(10 * np.log10(np.maximum(share, 1e-12)), dtype=np.float64)


def share_db(samples: Samples, hz: int, rate_hz: int = RATE_HZ) -> float:
    """Power of one tone relative to all power of the samples: 0 is nothing but the tone, -120 none of it."""
    if rms_dbfs(samples) < SILENT_DBFS:
        return -120.0
    size = round(FRAME_S * rate_hz)
    count = len(samples) // size
    frames = samples[: count * size].astype(np.float64).reshape(count, size)
    weights = np.sum(frames**2, axis=1)
    shares = 10 ** (frame_shares_db(samples, hz, rate_hz) / 10)
    whole = float(np.sum(weights))
    return 10 * math.log10(max(float(np.sum(weights * shares)) / whole, 1e-12)) if whole else -120.0


def heard_tones(samples: Samples, rate_hz: int = RATE_HZ, floor_db: float = -20.0) -> dict[int, float]:
    """The tones of `TONES_HZ` that are in the samples, each with its share in dB."""
    shares = {hz: share_db(samples, hz, rate_hz) for hz in TONES_HZ}
    return {hz: share for hz, share in shares.items() if share >= floor_db}


def longest_run_s(samples: Samples, hz: int, rate_hz: int = RATE_HZ) -> float:
    """Seconds of the longest stretch in which every frame is mostly this tone."""
    longest = current = 0
    for is_heard in frame_shares_db(samples, hz, rate_hz) >= HEARD_DB:
        current = current + 1 if is_heard else 0
        longest = max(longest, current)
    return longest * FRAME_S


def longest_gap_s(samples: Samples, hz: int, rate_hz: int = RATE_HZ) -> float:
    """Longest stretch without the tone between the first and the last frame that holds it; all of it if none does."""
    is_heard = frame_shares_db(samples, hz, rate_hz) >= HEARD_DB
    frames = np.flatnonzero(is_heard)
    if not len(frames):
        return len(is_heard) * FRAME_S
    return int(np.max(np.diff(frames), initial=1) - 1) * FRAME_S


def heard_s(samples: Samples, hz: int, rate_hz: int = RATE_HZ) -> float:
    """Seconds in which this tone is most of what there is."""
    return int(np.count_nonzero(frame_shares_db(samples, hz, rate_hz) >= HEARD_DB)) * FRAME_S


def to_ulaw(samples: Samples) -> bytes:
    """G.711 mu-law of 16-bit samples (ITU-T G.711 table 2a)."""
    wide = samples.astype(np.int32)
    sign = np.where(wide < 0, 0x80, 0)
    magnitude = np.minimum(np.abs(wide), 32635) + 132
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    return bytes((~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8))


def from_ulaw(data: bytes) -> Samples:
    """16-bit samples of G.711 mu-law."""
    code = ~np.frombuffer(data, dtype=np.uint8).astype(np.int32) & 0xFF
    magnitude = ((((code & 0x0F) << 3) + 132) << ((code >> 4) & 7)) - 132
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def write_ulaw(path: Path, samples: Samples) -> Path:
    """A headerless mu-law file, as SIPp streams it."""
    path.write_bytes(to_ulaw(samples))
    return path
