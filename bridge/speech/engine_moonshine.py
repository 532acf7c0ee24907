"""Moonshine: the embedded recogniser for English. Its model lies in the package; nothing is fetched.

The tiny English model is MIT; models of other languages are for non-commercial use and not offered. Its own voice
activity detector is switched off (it cuts digit strings apart): it hears utterances of our endpointer only.
"""

from __future__ import annotations

import ctypes
import os
import threading
import time

from bridge.base.audio import Samples
from bridge.base.errors import EngineError
from bridge.speech.recognizer import Heard, Rerun
from bridge.speech.resample import resample
from bridge.speech.results import repeats_itself

NAME = "moonshine-tiny-en"
LANGUAGE = "en"
MODEL_HZ = 16000
OPTIONS = {"vad_threshold": 0, "return_audio_data": "false"}
"""The second saves handing every sample back as a Python float."""
TAILS_S = (0.6, 0.3, 0.9)
"""Silence put after the utterance: the decoder was trained on clips that end in it, and without it more words are
wrong. The other lengths are tried when it is caught in a loop; a little other silence mostly frees it."""


class Moonshine:
    """One loaded model. Any thread may call it; a lock serves one at a time, because the library is not thread-safe."""

    name = NAME

    def __init__(self) -> None:
        """Load the model (0.3 s, 150 MB).

        Raises:
            EngineError: the package or its model is missing or does not fit this machine.
        """
        # Read by the library at loading. With its two threads each run takes as long and twice the processor.
        os.environ.setdefault("MOONSHINE_ORT_SINGLE_THREAD", "1")
        try:
            from moonshine_voice.errors import MoonshineError
            from moonshine_voice.moonshine_api import ModelArch
            from moonshine_voice.transcriber import Transcriber
            from moonshine_voice.utils import get_model_path
        except (ImportError, OSError) as error:
            raise EngineError(f"package moonshine-voice cannot be loaded: {error}") from error
        self._failure: type[Exception] = MoonshineError
        self._lock = threading.Lock()
        try:
            self._transcriber = Transcriber(str(get_model_path("tiny-en")), ModelArch.TINY, options=OPTIONS)
        except MoonshineError as error:
            raise EngineError(f"model {NAME} cannot be loaded: {error}") from error

    def stream(self, rate_hz: int) -> Rerun:
        return Rerun(self, rate_hz, time.monotonic)

    def hear(self, samples: Samples, rate_hz: int) -> Heard:
        """Recognise one utterance; no word times, no confidence.

        Raises:
            EngineError: the library failed on it.
        """
        if not samples.size:
            return Heard("")
        audio: list[float] = resample(samples, rate_hz, MODEL_HZ).tolist()
        texts: list[str] = []
        for tail_s in TAILS_S:
            texts.append(self._run(audio + [0.0] * round(tail_s * MODEL_HZ)))
            if not repeats_itself(texts[-1]):
                return Heard(texts[-1])
        return Heard(texts[0])

    def _run(self, audio: list[float]) -> str:
        try:
            with self._lock:
                transcript = self._transcriber.transcribe_without_streaming(audio, MODEL_HZ)
        except (self._failure, ctypes.ArgumentError) as error:
            raise EngineError(f"{NAME} failed on {len(audio)} samples: {error}") from error
        return " ".join(line.text.strip() for line in transcript.lines if line.text.strip())
