"""How long after a word is said it stands on the screen, and a final after its utterance, on growing tracks.

    python -m bench.delays [--seconds 90] [--stations 2] [--json]

Each station is a real speech process of its own with captions and checks; its track grows in the recorder's steps of
256 ms with telephone speech, both sides at once, which is more than ever happens on a relayed call. A word's end is
taken from the checker's times; it is shown by the first partial, or else the final, that holds it in its place.
Limits: captions p50 <= 1.0 s, finals p95 <= 2.0 s, both from the track's own time line to the journal entry.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.waiting import await_
from bench.wer import normalise
from bench.words import RATE, SPEECH, cases
from bridge.base.audio import SAMPLE_BYTES, Samples, header
from bridge.base.clock import NS, SystemClock
from bridge.base.wire import Entry, Follower, Journal
from bridge.speech.agreement import align
from bridge.speech.results import read_final

STEP_BYTES = 4096
DIALPLAN = Path(__file__).parents[1] / "dialplans" / "loopback.toml"
LIMIT_CAPTION_P50_S, LIMIT_FINAL_P95_S = 1.0, 2.0


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds, one per word and one per utterance."""

    captions: list[float]
    finals: list[float]
    checks: list[float]


class Station:
    """One speech process and its growing track."""

    def __init__(self, side: str, data: Path, audio: Samples) -> None:
        self.side, self.data, self.audio = side, data, audio
        self.leg = f"{side}-20261123T100512Z-0001/side-1"
        self.began_ns = 0
        self.journal = Journal(data / "journal" / "line.jsonl", SystemClock())
        (data / "recordings").mkdir()
        command = [sys.executable, "-m", "bridge.station.speech", "--side", side]
        command += ["--dialplan", str(DIALPLAN), "--data", str(data)]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=DIALPLAN.parents[1])

    def entries(self) -> list[Entry]:
        return list(Follower(self.data / "journal" / "speech.jsonl").read())

    def open(self) -> None:
        (self.data / "recordings" / "a.wav").write_bytes(header(RATE, 0))
        opened: dict[str, str | int] = {"call": self.leg.split("/")[0], "leg": self.leg, "role": "side"}
        opened |= {"path": "a.wav", "rate_hz": RATE, "t0_mono_ns": "0", "t0_utc": "", "language": "en"}
        self.journal.append("TrackOpened", opened)

    def grow(self) -> None:
        """Write the track at the pace of its own time line."""
        data = self.audio.astype("<i2").tobytes()
        self.began_ns = time.monotonic_ns()
        with (self.data / "recordings" / "a.wav").open("ab", buffering=0) as file:
            for at in range(0, len(data), STEP_BYTES):
                due = self.began_ns / NS + min(at + STEP_BYTES, len(data)) / SAMPLE_BYTES / RATE
                time.sleep(max(0.0, due - time.monotonic()))
                file.write(data[at : at + STEP_BYTES])
        self.journal.append("TrackClosed", {"leg": self.leg, "samples": self.audio.size})

    def said_s(self, sample: int) -> float:
        """Monotonic time at which a sample was on the line."""
        return self.began_ns / NS + sample / RATE

    def wait(self, kind: str) -> None:
        await_(lambda: any(entry.kind == kind for entry in self.entries()), 60.0, f"{kind} of station {self.side}")

    def wait_for_checks(self) -> None:
        """Until every final has been checked or its check has failed: a late check is a slow one, not a missing one."""
        await_(self._is_checked, 120.0, f"the last check of station {self.side}")

    def _is_checked(self) -> bool:
        entries = list(self.entries())
        finals = {e.number("utterance") for e in entries if e.kind == "Final"}
        checked = {e.number("utterance") for e in entries if e.kind == "Checked"}
        return finals <= checked | {
            e.number("checked") for e in entries if e.kind == "EngineFailed" and "checked" in e.data
        }

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        self.journal.close()


def measure(station: Station) -> Delays:
    """Delays of everything that one station wrote down."""
    entries = station.entries()
    finals = {entry.number("utterance"): entry for entry in entries if entry.kind == "Final"}
    checks = {entry.number("utterance"): entry for entry in entries if entry.kind == "Checked"}
    delays = Delays([], [], [])
    for number, entry in finals.items():
        final = read_final(entry)
        delays.finals.append(entry.mono_ns / NS - station.said_s(final.to_sample))
        if number not in checks:
            continue
        delays.checks.append(checks[number].mono_ns / NS - station.said_s(final.to_sample))
        shown = [e for e in entries if e.kind == "Partial" and e.number("utterance") == number]
        for word, said_s in _timed(final.text, checks[number], station).items():
            at = next((e for e in shown if e.mono_ns / NS > said_s and _holds(e, final.text, word)), entry)
            delays.captions.append(at.mono_ns / NS - said_s)
    return delays


def _timed(text: str, check: Entry, station: Station) -> dict[int, float]:
    """Places of the words of a final that the checker heard too, with the times of their ends."""
    raw = check.data.get("words")
    ends = [
        (part, item["to_sample"])
        for item in (raw if isinstance(raw, list) else [])
        if isinstance(item, dict)
        for part in normalise(str(item["word"]))
    ]
    return {
        pair.left: station.said_s(int(str(ends[pair.right][1])))
        for pair in align(normalise(text), [part for part, _ in ends])
        if pair.same and pair.left is not None and pair.right is not None
    }


def _holds(partial: Entry, final: str, word: int) -> bool:
    """Whether a partial shows this word of the final in its place."""
    return any(pair.left == word and pair.same for pair in align(normalise(final), normalise(partial.text("text"))))


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def run(stations: int, seconds: float) -> dict[str, float | int | bool]:
    spoken = [case.audio for case in cases(SPEECH)]
    with tempfile.TemporaryDirectory() as folder:
        made: list[Station] = []
        for number, side in enumerate(("us", "ir")[:stations]):
            audio = np.concatenate(spoken[number * 11 :] + spoken)[: round(seconds * RATE)]
            data = Path(folder) / side
            data.mkdir()
            made.append(Station(side, data, audio))
        try:
            for station in made:
                station.wait("SpeechStarted")
                station.open()
            growers = [threading.Thread(target=station.grow) for station in made]
            for grower in growers:
                grower.start()
            for grower in growers:
                grower.join()
            for station in made:
                station.wait("TrackTranscribed")
                station.wait_for_checks()
            found = [measure(station) for station in made]
        finally:
            for station in made:
                station.stop()
    captions = [value for delays in found for value in delays.captions]
    finals = [value for delays in found for value in delays.finals]
    checks = [value for delays in found for value in delays.checks]
    figures: dict[str, float | int | bool] = {"stations": stations, "words": len(captions), "utterances": len(finals)}
    for name, values in (("caption", captions), ("final", finals), ("check", checks)):
        for share in (0.5, 0.95):
            figures[f"{name}_p{round(100 * share)}_s"] = round(quantile(values, share), 2)
    figures["within_limits"] = (
        figures["caption_p50_s"] <= LIMIT_CAPTION_P50_S and figures["final_p95_s"] <= LIMIT_FINAL_P95_S
    )
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.delays")
    parser.add_argument("--seconds", type=float, default=90.0)
    parser.add_argument("--stations", type=int, choices=(1, 2), default=2)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    if not (SPEECH / "manifest.jsonl").is_file():
        print(f"no test speech in {SPEECH}: expected manifest.jsonl", file=sys.stderr)
        return 2
    figures = run(given.stations, given.seconds)
    if given.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name}: {value}")
    return 0 if figures["within_limits"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
