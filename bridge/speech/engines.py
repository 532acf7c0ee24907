"""Which recogniser and checker a line gets: from the dialplan's names to loaded models. Fetches nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from bridge.base.dialplan import Speech
from bridge.base.errors import NoRecognizerError
from bridge.speech import engine_moonshine
from bridge.speech.recognizer import Engine, Recognizer

Opener: TypeAlias = Callable[[Speech, str, Path], Recognizer]
"""Loads the recogniser of one language, as `open_recognizer` does."""
CheckerOpener: TypeAlias = Callable[[Speech, str, Path], Engine | None]
"""Loads the checker of one language, as `open_checker` does."""


def open_recognizer(speech: Speech, language: str, models: Path) -> Recognizer:
    """Load the recogniser of one language.

    Args:
        models: folder of the installed models.

    Raises:
        NoRecognizerError: none is configured, or none for this language is installed.
        EngineError: it is there and cannot be loaded.
    """
    match speech.recognizer:
        case "moonshine" if language == engine_moonshine.LANGUAGE:
            return engine_moonshine.Moonshine()
        case "vosk":
            from bridge.speech.engine_vosk import Vosk
            from bridge.speech.models import find

            return Vosk(find("vosk", language, speech.model, models))
    raise NoRecognizerError(
        f'recogniser {speech.recognizer!r} knows no {language!r}: set speech.recognizer to "vosk" and install a model'
    )


def checker_of(speech: Speech, language: str) -> str:
    """Name of the engine that hears each final of a language once more; empty where none does."""
    if speech.checker == "whisper":
        from bridge.speech import engine_whisper

        return speech.checker if language == engine_whisper.LANGUAGE else ""
    return ""


def open_checker(speech: Speech, language: str, models: Path) -> Engine | None:
    """Load the checking engine; None where none is wanted or none knows the language.

    Raises:
        EngineError: it is wanted and cannot be loaded.
    """
    if not checker_of(speech, language):
        return None
    from bridge.speech.engine_whisper import Whisper

    return Whisper.for_language(language, models)
