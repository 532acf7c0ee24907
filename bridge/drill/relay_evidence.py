"""From the ledgers and the record to the report of an exercise of the relay.

It reads; figures of calls and captions are `evidence`'s, the sheet is `sheet`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bridge.base.clock import NS
from bridge.drill.evidence import Part, Record, judge, only
from bridge.drill.play import Line, Played
from bridge.drill.relay_script import FORGOTTEN, Phrase, RelayScenario, first_difference
from bridge.drill.relays import Outcome
from bridge.drill.report import Happened, Report
from bridge.drill.script import Cast
from bridge.drill.sheet import DeskEntry, Planted, Sheet, catches, checks, moments, outcome_of, steps, verdicts
from bridge.ledger.store import Store, sqlite_url


@dataclass(frozen=True, slots=True)
class Left:
    """What one exercise of the relay left behind, for the report."""

    outcome: Outcome
    timeline: tuple[Happened, ...]
    took_s: float


def desk_entries(data: Path) -> list[DeskEntry]:
    """The desk's own entries of a station's ledger, in order.

    Raises:
        StorageError, SequenceError, WireError: the ledger cannot be read.
    """
    store = Store(sqlite_url(data / "ledger.db"))
    try:
        return [DeskEntry(one.mono_ns, one.kind, one.data) for one in store.read() if one.source == "desk"]
    finally:
        store.close()


def report(
    left: Left,
    cast: Cast,
    announcements: Path,
    records: Mapping[str, Record],
    desks: Mapping[str, Sequence[DeskEntry]],
    voice: Mapping[str, Phrase],
) -> Report:
    """Figures of the calls, and the result sheet.

    Args:
        records: of the whole run, by side; those of this exercise's calls are taken out.
        desks: entries of both desks, by `calling` and `called`.

    Raises:
        WireError, AudioError, OSError: the record is damaged.
    """
    outcome = left.outcome
    own = {side: only(record, outcome.calls.get(side, set())) for side, record in records.items()}
    part = Part(cast, outcome.scenario, announcements)
    made = judge(outcome.played, part, own, left.timeline, left.took_s)
    found = planted(outcome.scenario, outcome.played, own[cast.called], voice)
    subjects = outcome.subjects
    sheet = Sheet(
        steps(moments(desks, subjects)),
        verdicts(desks, subjects),
        tuple(
            catch
            for place, subject in subjects.items()
            if "giving" in place
            for catch in catches(desks[place.split()[0]], subject, found if place == "called giving" else ())
        ),
        outcome.corrected,
        outcome_of(desks["calling"], subjects.get("calling taking", "")),
        refused=outcome.refused,
        notes=tuple(note for note in (outcome.typed,) if note),
    )
    return replace(made, checks=(*made.checks, *checks(sheet, found, outcome.scenario.outcome)), sheet=sheet)


def planted(
    scenario: RelayScenario, played: Played, called: Record, voice: Mapping[str, Phrase]
) -> tuple[Planted, ...]:
    """What was said otherwise on purpose, and when."""
    found = []
    for part, kinds in scenario.catches:
        role, voice_name = ("operator", "operator") if part == "relay" else ("side", "officer")
        instead = scenario.operator_says if part == "relay" else scenario.officer_says
        for key, wrong in instead.items():
            lines = [one for one in played.lines if one.side == called.side and one.role == role]
            line, sample = _place(lines, key, wrong, scenario.statement.keys, voice_name, voice)
            end_ns = line.start_ns + sample * NS // line.sentence.rate_hz
            opened = next(e for e in called.line if e.kind == "TrackOpened" and e.data.get("leg") == line.leg)
            ended = next(e for e in called.line if e.kind == "LegEnded" and e.data.get("leg") == line.leg)
            audio_s = (end_ns - int(opened.text("t0_mono_ns"))) / NS
            found.append(Planted(part, kinds, scenario.name, end_ns, audio_s, ended.mono_ns))
    return tuple(found)


def _place(
    lines: Sequence[Line], key: str, wrong: str, keys: Sequence[str], who: str, voice: Mapping[str, Phrase]
) -> tuple[Line, int]:
    """The line on which it went wrong, and the sample of it by which it had."""
    if wrong == FORGOTTEN:
        after = voice[f"{who}-{keys[keys.index(key) + 1]}"]
        line = next(one for one in lines if one.sentence.id == after.id)
        return line, after.words[0].to_sample
    said = voice[f"{who}-{wrong}"]
    line = next(one for one in lines if one.sentence.id == said.id)
    return line, first_difference(said, voice[f"{who}-{key}"])
