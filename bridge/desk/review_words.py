"""What every recogniser heard on every leg, each by itself: live results, the checker's, and each later run.

Pure: entries of the speech journal in, texts out. Nothing is joined or chosen: two engines that heard otherwise stand
side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bridge.base.errors import WireError
from bridge.base.wire import Entry, Value

LIVE, CHECK = "live", "check"


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance as one engine heard it."""

    utterance: int
    from_sample: int
    to_sample: int
    text: str
    words: tuple[dict[str, Value], ...]
    """`word` `from_sample` `to_sample` `confidence_permille`; none where the engine times no words."""
    utc: str
    is_unclear: bool = False
    marks: tuple[dict[str, Value], ...] = ()
    """Of a checker: words of the final that it heard otherwise."""

    def sample_of(self, word: int) -> tuple[int, int]:
        """Where a word of `text.split()` lies; all of the utterance where no engine timed it."""
        if len(self.words) == len(self.text.split()) and 0 <= word < len(self.words):
            start, end = self.words[word].get("from_sample"), self.words[word].get("to_sample")
            if isinstance(start, int) and isinstance(end, int) and start < end:
                return start, end
        return self.from_sample, self.to_sample

    def value(self) -> dict[str, Value]:
        return {
            "utterance": self.utterance,
            "from_sample": self.from_sample,
            "to_sample": self.to_sample,
            "text": self.text,
            "words": [*self.words],
            "unclear": self.is_unclear,
            "marks": [*self.marks],
        }


@dataclass(slots=True)
class Run:
    """One engine's hearing of one leg."""

    engine: str
    kind: str
    number: int
    """1 for the first run over a track, 2 for the next one over all of it."""
    said: dict[int, Said] = field(default_factory=dict)


@dataclass(slots=True)
class Hearing:
    """Of one leg."""

    runs: dict[tuple[str, str, int], Run] = field(default_factory=dict)
    number: int = 1
    troubles: list[Value] = field(default_factory=list)
    """Why something was not heard."""

    def run(self, engine: str, kind: str) -> Run:
        return self.runs.setdefault((kind, engine, self.number), Run(engine, kind, self.number))

    def has_finals(self) -> bool:
        return any(run.kind == LIVE and run.number == self.number and run.said for run in self.runs.values())


@dataclass(slots=True)
class Words:
    """Owned by whoever reads the ledger."""

    legs: dict[str, Hearing] = field(default_factory=dict)

    def take(self, entry: Entry) -> tuple[str, str, Said] | None:
        """Add an entry of speech; leg, engine and text where it is one to be found again."""
        try:
            match entry.kind:
                case "TrackFollowed":
                    self._follow(entry)
                case "Final":
                    return self._final(entry)
                case "Checked":
                    return self._checked(entry)
                case "NoRecognizer" | "EngineFailed":
                    self._fail(entry)
        except WireError:
            return None  # the ledger has it as it stands
        return None

    def _of(self, leg: str) -> Hearing:
        return self.legs.setdefault(leg, Hearing())

    def _follow(self, entry: Entry) -> None:
        hearing = self._of(entry.text("leg"))
        if entry.number("from_sample") == 0 and hearing.has_finals():
            hearing.number += 1

    def _final(self, entry: Entry) -> tuple[str, str, Said]:
        leg, engine = entry.text("leg"), entry.text("engine")
        said = Said(
            entry.number("utterance"),
            entry.number("from_sample"),
            entry.number("to_sample"),
            entry.text("text"),
            _rows(entry.data.get("words")),
            entry.utc,
            entry.data.get("unclear") is True,
        )
        self._of(leg).run(engine, LIVE).said[said.utterance] = said
        return leg, engine, said

    def _checked(self, entry: Entry) -> tuple[str, str, Said] | None:
        leg, engine, number = entry.text("leg"), entry.text("engine"), entry.number("utterance")
        hearing = self._of(leg)
        first = next(
            (run.said[number] for run in hearing.runs.values() if number in run.said and run.kind == LIVE), None
        )
        if first is None:
            return None
        words, marks = _rows(entry.data.get("words")), _rows(entry.data.get("marks"))
        span = first.from_sample, first.to_sample
        said = Said(number, *span, entry.text("text"), words, entry.utc, marks=marks)
        hearing.run(engine, CHECK).said[number] = said
        return leg, engine, said

    def _fail(self, entry: Entry) -> None:
        about: dict[str, Value] = {"kind": entry.kind, "utc": entry.utc}
        for name in ("engine", "language", "code", "from_sample", "to_sample"):
            if name in entry.data:
                about[name] = entry.data[name]
        self._of(entry.text("leg")).troubles.append(about)

    # -- as the page has it ----------------------------------------------------------------------------------------

    def of_leg(self, leg: str, limit: int) -> dict[str, Value]:
        """Every run over a leg, the first first; at most `limit` utterances each."""
        hearing = self.legs.get(leg, Hearing())
        runs: list[Value] = []
        for run in hearing.runs.values():
            said = [run.said[number].value() for number in sorted(run.said)]
            shown: list[Value] = [*said[:limit]]
            about: dict[str, Value] = {"engine": run.engine, "kind": run.kind, "run": run.number}
            runs.append({**about, "utterances": shown, "cut": len(said) > limit})
        return {"leg": leg, "runs": runs, "troubles": [*hearing.troubles]}

    def between(self, leg: str, spans: Iterable[tuple[int, int]]) -> list[tuple[Run, list[Said]]]:
        """What each run heard in some spans of samples: utterances that touch one of them."""
        wanted = list(spans)
        found = []
        for run in self.legs.get(leg, Hearing()).runs.values():
            said = [run.said[number] for number in sorted(run.said)]
            inside = [
                one for one in said if any(one.from_sample < to and start < one.to_sample for start, to in wanted)
            ]
            if inside:
                found.append((run, inside))
        return found


def _rows(value: Value) -> tuple[dict[str, Value], ...]:
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()
