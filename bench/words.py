"""Word error rate, speed and checking on telephone speech, along the way that a live track takes.

    python -m bench.words [--json] [--speech ../shared/speech]

Files: English with a human reference text, no others. Each is brought to 8 kHz, through mu-law (ITU-T G.711) and back,
with half a second of silence before and one after, and goes through the endpointer, the recogniser and the checker
as in `transcribe`. How words are compared is said in `bench.wer`. Times are processor seconds of this process.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bench.wer import Score, interval, normalise, rate, score
from bridge.base.audio import FULL_SCALE, Samples, read_wav
from bridge.base.dialplan import Speech
from bridge.speech.agreement import align, compare
from bridge.speech.engines import open_checker, open_recognizer
from bridge.speech.listener import Listener
from bridge.speech.recognizer import Engine, Heard, Recognizer
from bridge.speech.resample import resample
from bridge.speech.results import Final

RATE = 8000
SPEECH = Path(__file__).parents[2] / "shared" / "speech"


@dataclass(frozen=True, slots=True)
class Case:
    """One test file."""

    id: str
    kind: str
    text: str
    audio: Samples


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file."""

    case: Case
    finals: tuple[Final, ...]
    checks: tuple[Heard, ...]
    recognised_s: float
    """Processor seconds of voice activity, endpointer and recogniser."""
    checked_s: float

    @property
    def text(self) -> str:
        return " ".join(final.text for final in self.finals)

    @property
    def seconds(self) -> float:
        return self.case.audio.size / RATE


@dataclass(frozen=True, slots=True)
class Marking:
    """How well the checking pass points at the errors of the finals."""

    words: int
    marked: int
    errors: int
    """Words of the finals that the reference does not have there, and places where words are missing."""
    covered: int
    """Errors that lie at a marked word or place."""


def mu_law(samples: Samples) -> Samples:
    """Through G.711 mu-law and back: 14 bits, 8 segments, bias 33 (ITU-T G.711 table 2a)."""
    magnitude = np.minimum(np.abs(samples.astype(np.int32)) >> 2, 8158) + 33
    segment = np.floor(np.log2(magnitude)).astype(np.int32) - 5
    step = (magnitude >> (segment + 1)) & 0x0F
    decoded = (((2 * step + 33) << segment) - 33) << 2
    signed: Samples = (np.sign(samples) * decoded).astype(np.int16)
    return signed


def telephone(samples: Samples, rate_hz: int) -> Samples:
    """The telephone version of a file: 8 kHz, mu-law."""
    wave = np.rint(resample(samples, rate_hz, RATE) * FULL_SCALE)
    return mu_law(np.clip(wave, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16))


def cases(folder: Path) -> list[Case]:
    """The English files with a human reference text."""
    found: list[Case] = []
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        if item["lang"] == "en" and item["ref"] == "human-ref":
            audio = telephone(*read_wav(folder / item["file"]))
            padded = np.concatenate([np.zeros(RATE // 2, np.int16), audio, np.zeros(RATE, np.int16)])
            found.append(Case(item["id"], item["kind"], item["text"], padded))
    return found


def run(case: Case, recognizer: Recognizer, checker: Engine | None) -> Outcome:
    """One file through everything."""
    began = time.process_time()
    listener = Listener(lambda start, count: case.audio[start : start + count], RATE, recognizer.stream(RATE))
    finals = tuple(result for result in listener.finish(case.audio.size) if isinstance(result, Final))
    recognised = time.process_time()
    checks = tuple(
        checker.hear(case.audio[final.from_sample : final.to_sample], RATE) for final in finals if checker is not None
    )
    return Outcome(case, finals, checks, recognised - began, time.process_time() - recognised)


def marking(outcomes: Iterable[Outcome]) -> Marking:
    """Compare the marks with the true errors, all in normalised words."""
    words = marked = errors = covered = 0
    for outcome in outcomes:
        said, heard, doubted, gaps = _marked(outcome)
        words, marked = words + len(heard), marked + sum(doubted)
        at = 0
        for step in align(said, heard):
            if step.right is not None:
                at = step.right + 1
            if step.same:
                continue
            errors += 1
            if step.right is not None:
                covered += doubted[step.right]
            else:
                covered += at in gaps or any(doubted[max(0, at - 1) : at + 1])
    return Marking(words, marked, errors, covered)


def _marked(outcome: Outcome) -> tuple[list[str], list[str], list[bool], set[int]]:
    """Reference, heard words, whether each is marked, and gaps where the checker heard more."""
    heard: list[str] = []
    doubted: list[bool] = []
    gaps: set[int] = set()
    for final, check in zip(outcome.finals, outcome.checks, strict=True):
        marks = compare(final.text, check.text, check.words).marks
        written = final.text.split()
        for place in range(len(written) + 1):
            if any(mark.from_word == mark.to_word == place for mark in marks):
                gaps.add(len(heard))
            words = normalise(written[place]) if place < len(written) else []
            heard += words
            doubted += [any(mark.from_word <= place < mark.to_word for mark in marks)] * len(words)
    return normalise(outcome.case.text), heard, doubted, gaps


def report(outcomes: Sequence[Outcome], has_checker: bool) -> dict[str, object]:
    """All figures."""
    scores = {outcome.case.id: score(outcome.case.text, outcome.text) for outcome in outcomes}
    seconds = sum(outcome.seconds for outcome in outcomes)
    cost = sum(outcome.recognised_s for outcome in outcomes)
    figures: dict[str, object] = {
        "files": len(outcomes),
        "seconds": round(seconds, 1),
        "recogniser": _figures([(o.case.kind, scores[o.case.id]) for o in outcomes]),
        "real_time_factor": round(cost / seconds, 3),
        "times_real_time": round(seconds / cost, 1),
    }
    if has_checker:
        checked = [(o.case.kind, score(o.case.text, " ".join(c.text for c in o.checks))) for o in outcomes]
        marks = marking(outcomes)
        figures |= {
            "checker": _figures(checked),
            "checker_real_time_factor": round(sum(o.checked_s for o in outcomes) / seconds, 3),
            "marks": asdict(marks),
            "marked_percent": round(100 * marks.marked / max(1, marks.words), 1),
            "errors_covered_percent": round(100 * marks.covered / max(1, marks.errors), 1),
        }
    return figures


def _figures(scores: Sequence[tuple[str, Score]]) -> dict[str, object]:
    every = [item for _, item in scores]
    low, high = interval(every)
    by_kind = {}
    for kind in sorted({kind for kind, _ in scores}):
        of_kind = [item for other, item in scores if other == kind]
        by_kind[kind] = {"files": len(of_kind), "words": sum(s.words for s in of_kind), "wer": round(rate(of_kind), 1)}
    return {
        "words": sum(item.words for item in every),
        "substituted": sum(item.substituted for item in every),
        "deleted": sum(item.deleted for item in every),
        "inserted": sum(item.inserted for item in every),
        "wer": round(rate(every), 2),
        "interval": [round(low, 1), round(high, 1)],
        "kinds": by_kind,
    }


def _say(name: str, figures: dict[str, object]) -> None:
    kinds = figures["kinds"]
    assert isinstance(kinds, dict)
    print(f"{name}: {figures['wer']} % of {figures['words']} words wrong, 95 % interval {figures['interval']}")
    for kind, item in kinds.items():
        print(f"  {kind:10} {item['files']:3} files {item['words']:5} words {item['wer']:6} %")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.words")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--speech", type=Path, default=SPEECH)
    given = parser.parse_args(arguments)
    if not (given.speech / "manifest.jsonl").is_file():
        print(f"no test speech in {given.speech}: expected manifest.jsonl", file=sys.stderr)
        return 2
    speech = Speech(recognizer="moonshine", checker="whisper")
    recognizer = open_recognizer(speech, "en", Path())
    checker = open_checker(speech, "en", Path())
    outcomes = [run(case, recognizer, checker) for case in cases(given.speech)]
    figures = report(outcomes, checker is not None)
    if given.json:
        print(json.dumps(figures, indent=2))
        return 0
    for name in ("recogniser", "checker"):
        part = figures.get(name)
        if isinstance(part, dict):
            _say(name, part)
    for name, value in figures.items():
        if not isinstance(value, dict):
            print(f"{name}: {value}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
