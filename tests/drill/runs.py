"""One `hotline drill` as people start it, on addresses of its own, and what it may leave behind: nothing."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from bridge.base.audio import read_wav, write_wav
from bridge.base.wire import Follower
from tests.rig import own_number

ROOT = Path(__file__).resolve().parents[2]
HOST_DEPENDENT = {"caption of a word, p50", "final after the utterance, p95"}
"""Figures that a loaded host misses without anybody's fault; the bench judges them."""


class Run:
    """One `hotline drill` and everything it starts, recognised by a word in the environment."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.mark = f"DRILL_TEST={random.getrandbits(64):x}"
        self.data = folder / "data"
        self.plan = folder / "plan.toml"
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self.number = own_number()
        text = (ROOT / "dialplans" / "loopback.toml").read_text(encoding="utf-8")
        self.plan.write_text(text.replace("127.0.", f"127.{self.number}."), encoding="utf-8")
        self.options = ["--dialplan", str(self.plan), "--data", str(self.data), *options]
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> subprocess.Popen[str]:
        name, _, value = self.mark.partition("=")
        environ = dict(os.environ, TMPDIR=str(self.temporary)) | {name: value}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bridge", "drill", *self.options],
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        return self.process

    def wait_until_says(self, words: str) -> None:
        assert self.process is not None and self.process.stdout is not None
        for line in self.process.stdout:
            if words in line:
                return
        raise AssertionError(f"the drill ended without saying {words!r}")

    def left(self) -> list[str]:
        """Processes of this run that are still there."""
        found = []
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and self.mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue  # it ended while we looked
        return found

    def assert_nothing_left(self, within_s: float = 0.0) -> None:
        limit = time.monotonic() + within_s
        while self.left() and time.monotonic() < limit:
            time.sleep(0.05)
        assert self.left() == []

    def hurry(self) -> None:
        """Short rings and announcements: this run is about messages, not about waiting."""
        folder = self.plan.parent / "announcements"
        for file in (ROOT / "bridge" / "lines" / "announcements").glob("*/*.wav"):
            samples, rate_hz = read_wav(file)
            made = folder / file.parent.name / file.name
            made.parent.mkdir(parents=True, exist_ok=True)
            write_wav(made, samples[: round(1.2 * rate_hz)], rate_hz)
        text = self.plan.read_text(encoding="utf-8").replace("FLASH = 8 }", "FLASH = 2 }")
        self.plan.write_text(f'announcements = "{folder}"\n{text}', encoding="utf-8")


def assert_stations_share_nothing(run: Run) -> None:
    """Each journal knows its own addresses only, and both record folders lie in their own data folder."""
    own = {"us": ("127.%d.1.", "127.%d.0.11"), "ir": ("127.%d.2.", "127.%d.0.12")}
    for side, other in (("us", "ir"), ("ir", "us")):
        entries = list(Follower(run.data / side / "journal" / "line.jsonl").read())
        text = json.dumps([dict(entry.data) for entry in entries])
        assert entries[0].kind == "LineStarted" and entries[-1].kind == "LineStopped"
        assert all(address % run.number not in text for address in own[other])
        tracks = [entry for entry in entries if entry.kind == "TrackOpened"]
        assert tracks and all((run.data / side / "recordings" / track.text("path")).is_file() for track in tracks)
