"""Health judged on real voices as a telephone carries them: mu-law, 8000 Hz."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bridge.base.audio import FULL_SCALE, Samples, read_wav, rms_dbfs
from bridge.base.terms import Health
from bridge.recording.health import Judge

VOICES = Path(__file__).parents[3] / "shared" / "speech"
RATE = 8000
MU = 255


def telephone(samples: Samples) -> Samples:
    """Every second sample of a 16 kHz file, through mu-law and back; aliasing does no harm to levels."""
    wave = samples[::2] / FULL_SCALE
    code = np.round(np.sign(wave) * np.log1p(MU * np.abs(wave)) / np.log1p(MU) * 127) / 127
    heard: Samples = (np.sign(code) * ((1 + MU) ** np.abs(code) - 1) / MU * 32124).astype(np.int16)
    return heard


def voices() -> list[Path]:
    manifest = VOICES / "manifest.jsonl"
    if not manifest.exists():
        return []
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    long = [VOICES / row["file"] for row in rows if row["dur"] >= 3]
    return long[:: max(1, len(long) // 12)]


@pytest.mark.skipif(not voices(), reason="test speech is not beside the repository (../shared/speech)")
@pytest.mark.parametrize("path", voices(), ids=lambda path: path.stem)
@pytest.mark.parametrize(("dbfs", "wanted"), [(None, []), (-30, []), (-36, []), (-45, [Health.QUIET])])
def test_real_voices(path: Path, dbfs: int | None, wanted: list[Health]) -> None:
    """Twenty seconds of a voice at its own level, at usual ones and at one that nobody understands."""
    wave = telephone(read_wav(path)[0])
    wave = np.tile(wave, 20 * RATE // wave.size + 1)
    if dbfs is not None:
        wave = np.clip(wave * 10 ** ((dbfs - rms_dbfs(wave)) / 20), -32768, 32767).astype(np.int16)
    judge = Judge(RATE)
    assert [c.now for i in range(0, wave.size, 2048) for c in judge.hear(wave[i : i + 2048])] == wanted
