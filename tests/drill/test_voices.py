"""The audio that comes with the program: announcements in three languages and the exercise's sentences."""

from __future__ import annotations

import json
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from bridge.base.audio import peak_dbfs, read_wav, rms_dbfs
from bridge.base.terms import LANGUAGES
from bridge.base.text import words

ROOT = Path(__file__).resolve().parents[2]
ANNOUNCEMENTS = ROOT / "bridge" / "lines" / "announcements"
VOICES = ROOT / "bridge" / "drill" / "voices"
TEXTS = tomllib.loads((ANNOUNCEMENTS / "texts.toml").read_text(encoding="utf-8"))
SENTENCES = json.loads((VOICES / "script.json").read_text(encoding="utf-8"))["sentences"]


@pytest.mark.parametrize("name", ["recorded", "nobody", "engaged", "not-recorded", "preempt", "exercise", "night"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_announcement(name: str, language: str) -> None:
    """Each announcement is there in each language, short, at speech level and not clipped."""
    assert TEXTS[name][language]
    samples, rate_hz = read_wav(ANNOUNCEMENTS / language / f"{name}.wav")
    assert rate_hz == 8000
    assert 1.0 < samples.size / rate_hz <= 6.0
    assert -24 < rms_dbfs(samples) < -18
    assert peak_dbfs(samples) < -0.9


@pytest.mark.parametrize("sentence", SENTENCES, ids=[sentence["id"] for sentence in SENTENCES])
def test_sentence(sentence: dict[str, object]) -> None:
    """Each sentence is marked as exercise; its words are the text's, in order, inside the audio."""
    file = VOICES / str(sentence["file"])
    samples, rate_hz = read_wav(file)
    timed = sentence["words"]
    assert isinstance(timed, list)
    assert (rate_hz, samples.size) == (8000, sentence["samples"])
    assert file.stat().st_size < 150_000
    assert str(sentence["text"]).startswith("Exercise, ")
    assert [word["word"] for word in timed] == words(str(sentence["text"]))
    edges = [edge for word in timed for edge in (word["from_sample"], word["to_sample"])]
    assert all(earlier <= later for earlier, later in pairwise(edges))
    assert 0 <= edges[0] and edges[-1] <= samples.size
    assert -24 < rms_dbfs(samples) < -18
    assert peak_dbfs(samples) < -0.9


def test_script_is_made_from_its_texts() -> None:
    """Nobody changed a text and forgot to speak it."""
    source = tomllib.loads((VOICES / "sentences.toml").read_text(encoding="utf-8"))["sentence"]
    assert [(s["id"], s["line"], s["speaker"], s["text"]) for s in source] == [
        (s["id"], s["line"], s["speaker"], s["text"]) for s in SENTENCES
    ]
    assert {s["speaker"] for s in SENTENCES} == {"caller", "called", "operator"}
