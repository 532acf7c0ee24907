"""The command line: quick, one sentence for a refusal, exit codes that mean something."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bridge.base.audio import write_wav
from bridge.base.clock import SystemClock
from bridge.base.wire import Journal
from bridge.station.folder import Folder

ROOT = Path(__file__).parents[2]
SPOKEN = ROOT / "bridge" / "lines" / "announcements" / "en" / "recorded.wav"


def hotline(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bridge", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=folder)


def test_help_names_every_command() -> None:
    """And nothing heavy is loaded for it."""
    heavy = ("numpy", "pjsua2", "sqlalchemy", "fastapi")
    code = f"import sys; import bridge.cli; print([name for name in {heavy} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
    shown = hotline("--help").stdout
    for command in ("station", "up", "drill", "check", "calls", "transcribe", "models", "users"):
        assert command in shown


@pytest.mark.parametrize(
    "arguments", [["station"], ["nonsense"], ["check", "--side"], ["transcribe", "--language", "en"]]
)
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    """As for every command of this kind."""
    assert hotline(*arguments).returncode == 2


def test_transcribe_prints_one_object_a_file(tmp_path: Path) -> None:
    """Text and words of a spoken sentence; a file that is no audio is named, and the others are still done."""
    write_wav(tmp_path / "silence.wav", np.zeros(8000, dtype=np.int16), 8000)
    (tmp_path / "text.wav").write_text("no audio")
    files = [str(SPOKEN), str(tmp_path / "text.wav"), str(tmp_path / "none.wav"), str(tmp_path / "silence.wav")]
    done = hotline("transcribe", *files, "--language", "en")
    spoken, silence = (json.loads(line) for line in done.stdout.splitlines())
    assert "recorded" in spoken["text"].lower()
    assert spoken["words"][0]["start"] <= spoken["words"][-1]["end"] <= spoken["duration"]
    assert (silence["text"], silence["words"]) == ("", [])
    assert done.returncode == 2
    assert [line.split(":")[1].strip() for line in done.stderr.splitlines()] == files[1:3]


def test_transcribe_without_a_model(tmp_path: Path) -> None:
    """A language nobody installed a model for: one sentence, exit code 2."""
    done = hotline("transcribe", str(SPOKEN), "--language", "fa", "--models", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hotline: ")
    assert done.stderr.count("\n") == 1


def test_models_are_listed_with_licence_and_error_rate(tmp_path: Path) -> None:
    """As a table and as JSON; an empty folder has the packaged ones only."""
    rows = json.loads(hotline("models", "list", "--json", "--models", str(tmp_path)).stdout)
    assert all(row["licence"] and row["error_rate"] and row["bytes"] for row in rows)
    table = hotline("models", "list", "--models", str(tmp_path)).stdout.splitlines()
    assert len(table) == len(rows)


def test_models_are_imported_and_verified(tmp_path: Path) -> None:
    """A carried model is pinned; a changed byte is found, with exit code 1."""
    source, shelf = tmp_path / "my-model", tmp_path / "models"
    for part in ("am", "conf"):
        (source / part).mkdir(parents=True)
        (source / part / "file").write_text(part)
    options = ["--models", str(shelf)]
    taken = hotline("models", "import", str(source), "--language", "ar", *options)
    assert (taken.returncode, taken.stderr) == (0, "")
    assert "SHA-256" in taken.stdout
    assert hotline("models", "verify", "my-model", *options).returncode == 0
    (shelf / "my-model" / "am" / "file").write_text("changed")
    changed = hotline("models", "verify", "my-model", *options)
    assert changed.returncode == 1
    assert "DIFFERS" in changed.stdout


def test_calls_are_listed(tmp_path: Path) -> None:
    """From the journal of a station's folder, as text and as JSON."""
    journal = Journal(Folder(tmp_path).line_journal, SystemClock())
    journal.append("Invited", {"call": "us-1", "leg": "us-1/side-1", "role": "side", "precedence": "FLASH"})
    journal.append("LegEnded", {"call": "us-1", "leg": "us-1/side-1", "outcome": "hung-up", "talk_ms": 0})
    journal.close()
    text = hotline("calls", "--data", str(tmp_path)).stdout
    assert all(word in text for word in ("us-1", "side", "FLASH", "hung-up"))
    (row,) = json.loads(hotline("calls", "--json", "--data", str(tmp_path)).stdout)
    assert row["legs"][0]["outcome"] == "hung-up"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["calls", "--data", "/none"], "no journal of a line is there"),
        (["calls", "--data", "/proc/self/mem"], "no journal of a line is there"),
        (["models", "install", "none"], "model 'none' is not known"),
        (["models", "verify", "none"], "model 'none' is not installed"),
        (["models", "import", "/none.zip"], "no such file or folder"),
        (["drill", "--scenario", "none"], "no such scenario"),
        (["drill", "--dialplan", "/none.toml"], "no such dialplan"),
    ],
)
def test_a_refusal_is_one_sentence(tmp_path: Path, arguments: list[str], text: str) -> None:
    """On standard error, with exit code 2 and without a traceback."""
    done = hotline(*arguments, *(["--models", str(tmp_path)] if arguments[0] == "models" else []), folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"hotline: {text}")
    assert done.stderr.count("\n") == 1


def test_a_disk_that_refuses_is_one_sentence(tmp_path: Path) -> None:
    """What the system says of a file, not a traceback."""
    (tmp_path / "file").write_text("")
    shelf = str(tmp_path / "file" / "models")
    done = hotline("models", "import", str(SPOKEN.parent), "--name", "m", "--language", "ar", "--models", shelf)
    assert done.returncode == 2
    assert done.stderr.startswith("hotline: Not a directory (")
    assert done.stderr.count("\n") == 1


def test_a_shipped_dialplan_goes_by_its_name(tmp_path: Path) -> None:
    """From any folder; a misspelt name lists those that come along."""
    done = hotline("check", "--side", "zz", "--dialplan", "baltic", folder=tmp_path)
    assert "Use one of east, west" in done.stderr
    done = hotline("check", "--side", "us", "--dialplan", "golf", folder=tmp_path)
    assert "baltic, gulf, loopback" in done.stderr
