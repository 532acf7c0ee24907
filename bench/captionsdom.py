"""Delay of captions on the page: from a word's end in the speaker's audio to its standing in the page's document.

    phone == SIP, RTP == line -> track -> speech -> journal -> desk -> WebSocket -> Chromium: the leg's captions

Both stations run as on an installation; an officer and the operator talk over real telephones, first sentences whose
words are timed by the voice that made them, then recordings of people, whose words are timed by the checking engine
(those that it heard as they are written, right to about 0.1 s). A signed-in page watches its own captions
(MutationObserver) and notes when each text stands there; its clock is laid beside this host's by the quickest of some
questions. The time line is the phone's: when it sent the first sample of a sentence. A word counts when it first
stands in the captions of its utterance, and again when it is firm there.

    python -m bench.captionsdom [--rounds 2] [--recordings 8] [--json]

Limit: p50 <= 1.2 s from the word to the page, of each of the two kinds. No firm word may go without being struck.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.wer import normalise
from bench.words import RATE, SPEECH, Case, cases
from bridge.base.audio import write_wav
from bridge.base.clock import NS
from bridge.base.dialplan import SipUri
from bridge.base.wire import Entry
from bridge.drill.crew import PAUSE_S, Crew, Talk, await_entry, talk
from bridge.drill.evidence import spoken_words
from bridge.drill.play import CALL_LIMIT_S, Line
from bridge.drill.relay_script import Phrase
from bridge.drill.score import Caption, SpokenWord, hear, percentile, tokens
from bridge.drill.script import Word
from bridge.drill.stations import Station
from bridge.speech.agreement import align
from bridge.speech.engine_whisper import Whisper
from tests.page.browser import CHROMIUM, FLAGS
from tests.page.real.house import House, housed
from tests.page.real.seat import Seat, sit_down

LIMIT_P50_S = 1.2
SIDE = "us"
ASKED = 40
WATCH = """() => {
  window.captionsSeen = [];
  const last = new Map();
  const readable = (word) => {
    const [was, text] = word.children;
    return [text.textContent, !word.classList.contains("soft"), was.hidden ? "" : was.textContent];
  };
  new MutationObserver((changes) => {
    const at = performance.timeOrigin + performance.now();
    const touched = new Set();
    for (const { target, addedNodes } of changes) {
      const within = (target instanceof Element ? target : target.parentElement)?.closest("li.caption");
      const found = [within, ...addedNodes].filter((one) => one instanceof Element && one.matches("li.caption"));
      for (const one of found) touched.add(one);
    }
    for (const one of touched) {
      const words = [...one.querySelectorAll(".word")].map(readable);
      const seen = { key: one.dataset.key, leg: one.dataset.leg, final: one.dataset.final === "true", words };
      const text = JSON.stringify(seen);
      if (last.get(seen.key) !== text) window.captionsSeen.push({ at, ...seen });
      last.set(seen.key, text);
    }
  }).observe(document.querySelector("ol.captions"), {
    subtree: true, childList: true, characterData: true, attributes: true,
  });
}"""


@dataclass(frozen=True, slots=True)
class Shown:
    """One caption as it stood in the page's document from a moment on."""

    at_ns: int
    """Monotonic, of this host."""
    leg: str
    utterance: int
    is_final: bool
    words: tuple[str, ...]
    firm: tuple[bool, ...]
    struck: tuple[str, ...]
    """What was firm and is struck through."""

    @property
    def firm_text(self) -> str:
        return " ".join(word for word, is_firm in zip(self.words, self.firm, strict=True) if is_firm)


@dataclass(slots=True)
class Figures:
    """Seconds from a word's end, of one kind of speech."""

    said: int = 0
    delays: dict[str, list[float]] = field(default_factory=lambda: {"written": [], "shown": [], "firm": []})
    """Until the speech process wrote it; until it stood on the page; until it was firm there."""

    def add(self, words: Sequence[SpokenWord], **captions: Sequence[Caption]) -> None:
        self.said += len(words)
        for name, found in captions.items():
            self.delays[name] += hear(words, found).partial_s

    def values(self) -> dict[str, float | int]:
        found: dict[str, float | int] = {"words": self.said}
        for name, delays in self.delays.items():
            found |= {name: len(delays), f"{name}_p50_s": percentile(delays, 0.5)}
            found[f"{name}_p95_s"] = percentile(delays, 0.95)
        return found


class Clocks:
    """A page's clock beside the monotonic clock of this host."""

    def __init__(self, page: Page) -> None:
        tries = []
        for _ in range(ASKED):
            before = time.monotonic_ns()
            theirs = float(page.evaluate("performance.timeOrigin + performance.now()")) * 1e6
            after = time.monotonic_ns()
            tries.append((after - before, theirs - (before + after) / 2))
        took, self._ahead_ns = min(tries)
        self.uncertain_ms = took / 2e6

    def mono_ns(self, page_ms: float) -> int:
        return round(page_ms * 1e6 - self._ahead_ns)


def read(page: Page, clocks: Clocks) -> list[Shown]:
    """Everything that the page has noted."""
    found: list[Any] = page.evaluate("window.captionsSeen")
    return [
        Shown(
            clocks.mono_ns(one["at"]),
            one["leg"],
            int(one["key"].rpartition("/")[2]),
            one["final"],
            tuple(text for text, _, _ in one["words"]),
            tuple(is_firm for _, is_firm, _ in one["words"]),
            tuple(was for _, _, was in one["words"] if was),
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the speech process wrote of one leg."""

    entries: tuple[Entry, ...]
    start_ns: int
    rate_hz: int

    def captions(self) -> list[Caption]:
        """As they were written: what the page can show at the earliest."""
        return [
            self._caption(entry.number("utterance"), entry.kind == "Final", entry.mono_ns, entry.text("text"))
            for entry in self.entries
        ]

    def on_page(self, shown: Iterable[Shown], *, firm: bool) -> list[Caption]:
        """As they stood on the page."""
        found: list[Caption] = []
        ended: set[int] = set()
        for one in shown:
            if one.utterance in ended:
                continue  # marks of the checking engine
            if one.is_final:
                ended.add(one.utterance)
            text = one.firm_text if firm else " ".join(one.words)
            found.append(self._caption(one.utterance, one.is_final, one.at_ns, text))
        return found

    def _caption(self, utterance: int, is_final: bool, at_ns: int, text: str) -> Caption:
        """With the span of the track that its utterance has in the end."""
        finals = (one for one in self.entries if one.kind == "Final" and one.number("utterance") == utterance)
        final = next(finals)
        begin, end = (final.number(name) * NS // self.rate_hz for name in ("from_sample", "to_sample"))
        return Caption(utterance, is_final, at_ns, self.start_ns + begin, self.start_ns + end, text)


def heard(station: Station, leg: str) -> Heard:
    opened = next(entry for entry in station.line.of("TrackOpened") if entry.data.get("leg") == leg)
    entries = tuple(entry for entry in station.speech.of("Partial", "Final") if entry.text("leg") == leg)
    return Heard(entries, int(opened.text("t0_mono_ns")), opened.number("rate_hz"))


def changes(shown: Sequence[Shown]) -> tuple[int, int, int]:
    """Firm words, how many of them are struck in the end, and how many went from the page without that."""
    last: dict[tuple[str, int], Shown] = {}
    silent = 0
    for one in shown:
        before = last.get((one.leg, one.utterance))
        last[one.leg, one.utterance] = one
        if before is not None:
            silent += len(_gone(before, one))
    firm = sum(len(tokens(one.firm_text)) for one in last.values())
    return firm, sum(len(tokens(" ".join(one.struck))) for one in last.values()), silent


def _gone(before: Shown, after: Shown) -> list[str]:
    """Firm words that stand nowhere any more, not even struck."""
    firm, now = tokens(before.firm_text), tokens(" ".join(after.words))
    gone: list[str] = []
    for step, start, end, _, _ in SequenceMatcher(None, firm, now, autojunk=False).get_opcodes():
        if step in ("delete", "replace"):
            gone += firm[start:end]
    for word in tokens(" ".join(after.struck)):
        if word in gone:
            gone.remove(word)
    return gone


def recordings(count: int, folder: Path) -> Iterator[Phrase]:
    """People's voices as phrases; words that the checking engine heard otherwise have no time and do not count."""
    checker = Whisper.for_language("en", folder)
    if checker is None or not (SPEECH / "manifest.jsonl").is_file():
        return
    for case in [one for one in cases(SPEECH) if one.kind in ("read", "digits", "harvard")][:: max(1, 52 // count)][
        :count
    ]:
        file = folder / f"{case.id}.wav"
        write_wav(file, case.audio, RATE)
        yield Phrase(case.id, "calling", "originator", case.text, file, RATE, _timed(case, checker), written=case.text)


def _timed(case: Case, checker: Whisper) -> tuple[Word, ...]:
    heard = [(part, word) for word in checker.hear(case.audio, RATE).words for part in normalise(word.word)]
    pairs = align(normalise(case.text), [part for part, _ in heard])
    same = [pair.right for pair in pairs if pair.same and pair.right is not None]
    return tuple(Word(heard[at][0], heard[at][1].from_sample, heard[at][1].to_sample) for at in same)


def converse(
    house: House, stack: ExitStack, rounds: int, people: Sequence[Phrase]
) -> tuple[Talk, dict[str, list[Line]]]:
    """One call: the script in turn, then the people; what was said, by kind."""
    stage = house.stage
    side, station = house.plan.side(SIDE), stage.stations[SIDE]
    crew = Crew(house.heard, stage.say)
    phones = {
        "officer": (side, SipUri(user="officer", host=stage.cast.caller_host)),
        "operator": (side, side.handsets[0].uri),
    }
    crew.start(stack, phones)
    crew["operator"].answer_mode("answer", after_s=0.5)
    crew["officer"].call(f"sip:{side.line.user}@{side.line.host}:{side.line.port}")
    crew.watch("officer", "answered", "is connected")
    invited = await_entry(station, "Invited", lambda entry: entry.kind == "Invited")
    here = talk(crew, station, invited.text("call"), "operator", "officer")
    said: dict[str, list[Line]] = {"script": [], "people": []}
    script = [phrase for name, phrase in house.voice.items() if name.startswith("originator-")]
    for _ in range(rounds):
        for theirs, ours in zip(script, _of_operator(house), strict=False):
            said["script"] += [here.other_says(theirs, PAUSE_S), here.operator_says(ours, PAUSE_S)]
            here.until_heard("operator", said["script"][-1])
    for phrase in people:
        said["people"].append(here.other_says(phrase, PAUSE_S))
        here.until_heard("side", said["people"][-1])
    here.hang_up("officer")
    return here, said


def _of_operator(house: House) -> list[Phrase]:
    return [phrase for name, phrase in house.voice.items() if name.startswith("operator-")]


def await_finals(seat: Seat, station: Station, leg: str) -> None:
    """Until the page shows every utterance of a leg as settled."""
    wanted = {entry.number("utterance") for entry in station.speech.of("Final") if entry.text("leg") == leg}
    settled = f"ol.captions li[data-leg='{leg}'][data-final=true]"
    seat.until(
        lambda: seat.page.locator(settled).count() >= len(wanted), f"{len(wanted)} settled captions", CALL_LIMIT_S
    )


def measure(rounds: int, count: int, folder: Path) -> dict[str, Any]:
    people = list(recordings(count, folder)) if count else []
    kinds = {"script": Figures(), "people": Figures()}
    with housed(folder) as house, sync_playwright() as playwright, ExitStack() as stack:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        seat = sit_down(browser, house.page(SIDE), house.accounts["op-a"], "en")
        seat.page.evaluate(WATCH)
        clocks = Clocks(seat.page)
        here, said = converse(house, stack, rounds, people)
        for leg in here.legs.values():
            await_finals(seat, here.station, leg)
        shown = read(seat.page, clocks)
        drift_ms = (Clocks(seat.page).mono_ns(0) - clocks.mono_ns(0)) / 1e6
        for leg in here.legs.values():
            written, seen = heard(here.station, leg), [one for one in shown if one.leg == leg]
            pages = {name: written.on_page(seen, firm=name == "firm") for name in ("shown", "firm")}
            for kind, lines in said.items():
                words = spoken_words(line for line in lines if line.leg == leg)
                kinds[kind].add(words, written=written.captions(), **pages)
        assert seat.problems == [], seat.problems
        browser.close()
    firm, struck, silent = changes(shown)
    rest = {"clock_uncertain_ms": clocks.uncertain_ms, "clock_drift_ms": drift_ms}
    figures = {kind: one.values() for kind, one in kinds.items() if one.said}
    return {**figures, "firm_words": firm, "struck": struck, "silently_changed": silent, **rest}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.captionsdom")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--recordings", type=int, default=8)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if not CHROMIUM:
        print("no browser: expected chromium on the path", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(given.rounds, given.recordings, Path(folder))
    kinds = {kind: figures[kind] for kind in ("script", "people") if kind in figures}
    ok = all(one["shown_p50_s"] <= LIMIT_P50_S for one in kinds.values()) and figures["silently_changed"] == 0
    if given.json:
        print(json.dumps({"bench": "captionsdom", **figures, "ok": ok}))
        return 0 if ok else 1
    for kind, one in kinds.items():
        print(f"captions on the page, {kind}: {one['words']} timed words, limit p50 {LIMIT_P50_S} s until shown")
        for name in ("written", "shown", "firm"):
            print(f"  {name:8} {one[name]:4}   p50 {one[f'{name}_p50_s']:.2f} s   p95 {one[f'{name}_p95_s']:.2f} s")
    print("  of {firm_words} firm words {struck} struck, {silently_changed} gone silently".format(**figures))
    print("  clocks: +-{clock_uncertain_ms:.1f} ms, moved {clock_drift_ms:+.1f} ms meanwhile".format(**figures))
    print("  limits met" if ok else "  limits MISSED")
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
