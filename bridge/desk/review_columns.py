"""One message in four columns: as spoken, as sealed, as relayed, as read back, with their differences and their audio.

Pure. A station holds its own half: what was said on the other line is at the other station, and the column says so. The
differences of what was relayed and read back are those that the record holds; those between what was spoken and what
was sealed are worked out anew for the reader, and marked so.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bridge.base.clock import utc_text
from bridge.base.terms import LANGUAGES
from bridge.base.wire import Value
from bridge.desk.review_calls import Calls
from bridge.desk.review_words import LIVE, Run, Said, Words
from bridge.relay.facts import Finding
from bridge.relay.fidelity import Comparison
from bridge.relay.giving import Giving
from bridge.relay.giving_events import Part
from bridge.relay.message import Message
from bridge.relay.sealed_text import EXERCISE_MARKS
from bridge.relay.spans import Span, union
from bridge.relay.taking import Taking

SPOKEN, SEALED, RELAYED, READ_BACK = "spoken", "sealed", "relayed", "read-back"
Compare = Callable[[str, Sequence[str], str], Comparison]
"""Sealed text, hearings of it, their language."""


@dataclass(slots=True)
class Difference:
    """One finding of the record."""

    row: Mapping[str, Value]
    first_utc: str
    stands: bool = True
    """Whether the last comparison still finds it."""


@dataclass(slots=True)
class Window:
    """When a part of a giving was said, and on which leg. UTC nanoseconds."""

    leg: str
    since_ns: int
    until_ns: int | None = None
    earlier: int = 0
    """How often it was begun before."""
    match: str = ""
    """Of the last comparison; empty where nothing was compared."""
    is_complete: bool = False
    judged_by: str = ""
    """Whose ear decided where the machine was not sure."""
    found: dict[str, Difference] = field(default_factory=dict)
    """Every difference that was ever found, by what it says: what was put right is part of the record, too."""

    def compared(self, utc: str, rows: Iterable[Mapping[str, Value]]) -> None:
        """Take in what a comparison found; what it does not find any more no longer stands."""
        for one in self.found.values():
            one.stands = False
        for row in rows:
            key = repr([row.get(name) for name in ("kind", "sealed", "heard", "sealed_span")])
            known = self.found.setdefault(key, Difference(row, utc))
            known.row, known.stands = row, True


@dataclass(frozen=True, slots=True)
class Books:
    """What columns are made from."""

    calls: Calls
    words: Words
    compare: Compare


def of_taking(taking: Taking, books: Books, reading: Span | None) -> list[Value]:
    """
    Args:
        reading: where the operator read the text to the originator.
    """
    assert taking.opened is not None  # a machine is kept only once a message was opened
    elsewhere = taking.opened.to_side
    return [
        _spoken(taking, books),
        _sealed(taking.message, [reading] if reading is not None and taking.message else [], books),
        _away(RELAYED, elsewhere),
        _away(READ_BACK, elsewhere),
    ]


def of_giving(giving: Giving, books: Books, windows: Mapping[Part, Window]) -> list[Value]:
    sealed = giving.message
    assert sealed is not None  # a machine is kept only once a slip was accepted
    said = [
        _said(name, books, windows.get(part)) for name, part in ((RELAYED, Part.RELAY), (READ_BACK, Part.READ_BACK))
    ]
    return [_away(SPOKEN, sealed.serial.side), _sealed(sealed, [], books), *said]


def _column(name: str, state: str, **rest: Value) -> dict[str, Value]:
    empty: dict[str, Value] = {"held_by": None, "language": "", "text": "", "spans": [], "runs": [], "match": None}
    return {"column": name, "state": state, **empty, "findings": [], "made_now": False, **rest}


def _away(name: str, side: str) -> Value:
    return _column(name, "other-station", held_by=side)


def _sealed(sealed: Message | None, spans: Iterable[Span], books: Books) -> Value:
    if sealed is None:
        return _column(SEALED, "not-yet")
    placed: list[Value] = [place(span, books.calls) for span in spans]
    return _column(SEALED, "there", language=sealed.language, text=sealed.text, spans=placed)


def place(span: Span, calls: Calls) -> dict[str, Value]:
    """A span of a track with its times; empty ones where the record has no such track."""
    leg = calls.legs.get(span.leg)
    from_utc, to_utc = (leg.utc(at) if leg else "" for at in (span.from_sample, span.to_sample))
    rate = leg.rate_hz if leg else 0
    where: dict[str, Value] = {"leg": span.leg, "from_sample": span.from_sample, "to_sample": span.to_sample}
    return {**where, "from_utc": from_utc, "to_utc": to_utc, "rate_hz": rate}


# -- as spoken ---------------------------------------------------------------------------------------------------------


def _spoken(taking: Taking, books: Books) -> Value:
    assert taking.opened is not None
    spans = union(taking.marked) or union([one.span for one in taking.heard])
    runs: list[tuple[str, Run, list[Said]]] = []
    for leg in sorted({span.leg for span in spans}):
        parts = [(span.from_sample, span.to_sample) for span in spans if span.leg == leg]
        runs += [(leg, run, said) for run, said in books.words.between(leg, parts)]
    placed: list[Value] = [place(span, books.calls) for span in spans]
    language = taking.opened.language
    found = _made_now(taking, runs, books)
    return _column(
        SPOKEN,
        "there" if runs else "nothing-heard",
        language=language,
        spans=placed,
        runs=[_run(leg, run, said, books.calls) for leg, run, said in runs],
        match=found.verdict.value if found else None,
        findings=[_finding(one, runs, books.calls) for one in found.findings] if found else [],
        made_now=found is not None,
    )


def _made_now(taking: Taking, runs: Sequence[tuple[str, Run, list[Said]]], books: Books) -> Comparison | None:
    sealed = taking.message
    if sealed is None or not runs or sealed.language not in LANGUAGES:
        return None
    hearings = [text for text in _texts(runs).values() if text]
    if not hearings:
        return None
    # The mark of an exercise is the desk's own and not what the originator said.
    mark = EXERCISE_MARKS[sealed.language] if sealed.serial.exercise else ""
    text = sealed.text.removeprefix(mark).lstrip()
    found = books.compare(text, hearings, sealed.language)
    by = len(sealed.text.split()) - len(text.split())
    moved = tuple(dataclasses.replace(one, sealed_span=_moved(one.sealed_span, by)) for one in found.findings)
    return dataclasses.replace(found, findings=moved)


def _moved(span: tuple[int, int], by: int) -> tuple[int, int]:
    return span[0] + by, span[1] + by


def _texts(runs: Sequence[tuple[str, Run, list[Said]]]) -> dict[tuple[str, str, int], str]:
    """Each engine's text; what a checker did not hear stands as the live engine had it."""
    live = {one.utterance: one.text for _, run, said in runs if run.kind == LIVE for one in said}
    texts: dict[tuple[str, str, int], str] = {}
    for _, run, said in runs:
        own = {one.utterance: one.text for one in said}
        whole = own if run.kind == LIVE else {**live, **own}
        key = run.kind, run.engine, run.number
        texts[key] = " ".join(filter(None, (texts.get(key, ""), *(whole[number] for number in sorted(whole)))))
    return texts


# -- as relayed, as read back ------------------------------------------------------------------------------------------


def _said(name: str, books: Books, window: Window | None) -> dict[str, Value]:
    if window is None:
        return _column(name, "not-yet")
    leg = books.calls.legs.get(window.leg)
    if leg is None or leg.t0_ns is None:
        return _column(name, "nothing-heard")
    start = _sample(leg.t0_ns, leg.rate_hz, window.since_ns)
    end = 2**53 if window.until_ns is None else _sample(leg.t0_ns, leg.rate_hz, window.until_ns)
    runs = [(window.leg, run, said) for run, said in books.words.between(window.leg, [(start, end)])]
    last = max((one.to_sample for _, _, said in runs for one in said), default=start)
    span = Span(window.leg, start, max(start + 1, min(end, max(last, start + 1))))
    differences = sorted(window.found.values(), key=lambda one: one.first_utc)
    return _column(
        name,
        "there" if runs else "nothing-heard",
        language=leg.language,
        spans=[place(span, books.calls)],
        runs=[_run(window.leg, run, said, books.calls) for _, run, said in runs],
        match=window.match or None,
        findings=[_kept(one, runs, books.calls) for one in differences],
        complete=window.is_complete,
        judged_by=window.judged_by,
        earlier=window.earlier,
        until_utc=None if window.until_ns is None else utc_text(window.until_ns),
    )


def _sample(t0_ns: int, rate_hz: int, moment_ns: int) -> int:
    return max(0, (moment_ns - t0_ns) * rate_hz // 1_000_000_000)


# -- runs and findings -------------------------------------------------------------------------------------------------


def _run(leg: str, run: Run, said: Sequence[Said], calls: Calls) -> Value:
    known = calls.legs.get(leg)
    rows: list[Value] = [{**one.value(), "from_utc": known.utc(one.from_sample) if known else ""} for one in said]
    return {"leg": leg, "engine": run.engine, "kind": run.kind, "run": run.number, "utterances": rows}


def _finding(one: Finding, runs: Sequence[tuple[str, Run, list[Said]]], calls: Calls) -> Value:
    row: dict[str, Value] = {
        "kind": one.kind,
        "sealed": one.sealed,
        "heard": one.heard,
        "span": [*one.span],
        "sealed_span": [*one.sealed_span],
        "certain": one.certain,
    }
    return {**row, "first_utc": "", "stands": True, "audio": _audio(one.span, runs, calls)}


def _kept(one: Difference, runs: Sequence[tuple[str, Run, list[Said]]], calls: Calls) -> Value:
    kept: dict[str, Value] = {**one.row, "first_utc": one.first_utc, "stands": one.stands, "audio": None}
    match one.row.get("span"):
        case [int(start), int(end)]:
            return {**kept, "audio": _audio((start, end), runs, calls)}
    return kept


def _audio(span: tuple[int, int], runs: Sequence[tuple[str, Run, list[Said]]], calls: Calls) -> Value:
    """Where the words of a finding lie in the live engine's text; of words that are missing, where they would be."""
    spoken = [(leg, one, at) for leg, run, said in runs if run.kind == LIVE for one in said for at in _numbers(one)]
    if not spoken:
        return None
    first, last = min(span[0], len(spoken) - 1), min(max(span[0], span[1] - 1), len(spoken) - 1)
    leg, start = spoken[first][0], spoken[first][1].sample_of(spoken[first][2])[0]
    end = spoken[last][1].sample_of(spoken[last][2])[1] if spoken[last][0] == leg else start + 1
    return place(Span(leg, start, max(start + 1, end)), calls)


def _numbers(one: Said) -> range:
    return range(len(one.text.split()))
