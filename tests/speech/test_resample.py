"""Resampling: tones keep their pitch, place and level; nothing is invented above the band."""

import numpy as np
import pytest

from bridge.base.audio import Samples
from bridge.speech.resample import resample

pytestmark = pytest.mark.pure


def tone(rate_hz: int, hz: float, seconds: float = 1.0) -> Samples:
    times = np.arange(round(rate_hz * seconds)) / rate_hz
    return np.round(16384 * np.sin(2 * np.pi * hz * times)).astype(np.int16)


@pytest.mark.parametrize("from_hz", [8000, 11025, 16000, 22050, 44100, 48000])
def test_tone_stays_where_it_was(from_hz: int) -> None:
    """The same tone made at the new rate differs by less than -60 dB, so neither time nor level moved."""
    got = resample(tone(from_hz, 1000), from_hz, 16000)
    want = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000)
    assert got.size == 16000
    assert got.dtype == np.float32
    inner = slice(200, -200)  # at the edges there is silence on the other side
    assert np.max(np.abs(got[inner] - want[inner])) < 0.001


def test_no_image_above_the_old_band() -> None:
    """A 3,400 Hz tone makes nothing at 4,600 Hz, its image."""
    power = np.abs(np.fft.rfft(resample(tone(8000, 3400), 8000, 16000) * np.hanning(16000))) ** 2
    assert power[4600] < power[3400] * 1e-6


def test_no_alias_into_the_new_band() -> None:
    """A tone above the new band vanishes instead of folding back."""
    got = resample(tone(48000, 11000), 48000, 16000)
    assert np.max(np.abs(got[200:-200])) < 0.001


def test_empty_and_long() -> None:
    """Nothing gives nothing; blocks join without a seam."""
    assert resample(tone(8000, 1000, 0), 8000, 16000).size == 0
    got = resample(tone(8000, 1000, 5.0), 8000, 16000)
    want = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(80000) / 16000)
    assert np.max(np.abs(got[200:-200] - want[200:-200])) < 0.001
