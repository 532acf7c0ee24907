"""What a drill tells: figures, checks and the time line, as text for people and as JSON for machines.

It measures and judges nothing (`evidence`, `score`). JSON has seconds and decibels as numbers, null where there is
no figure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bridge.drill.score import Check
from bridge.drill.sheet import Sheet
from bridge.drill.sheet_report import Json, make_table, number, sheet_json, show_sheet

BUSY_PER_CORE = 1.5
"""Both stations and all phones together need less than one core on average; beyond this others take it from them."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the time line."""

    after_s: float
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class LegReport:
    leg: str
    outcome: str
    path: str
    length_s: float
    """Of the track, its stalls included."""
    up_s: float
    """From the track's first sample to the end of the leg."""
    level_dbfs: float
    """Of the sentences in it, NaN where nobody spoke."""
    likeness: float
    """Lowest among its sentences, 0 to 1."""
    said: int
    errors: int
    partial_p50_s: float
    final_p95_s: float
    gaps: tuple[str, ...]
    """Those that nothing in the script explains."""


@dataclass(frozen=True, slots=True)
class Attempt:
    contact: str
    tier: int
    outcome: str
    expected: str
    ring_s: float


@dataclass(frozen=True, slots=True)
class Report:
    scenario: str
    took_s: float
    timeline: tuple[Happened, ...]
    attempts: tuple[Attempt, ...]
    legs: tuple[LegReport, ...]
    checks: tuple[Check, ...]
    recordings: tuple[str, ...]
    load_per_core: float = 0.0
    """Processes that wanted a core of this host when the exercise ended, one-minute average."""
    sheet: Sheet | None = None
    """Of an exercise of the relay."""

    @property
    def passed(self) -> bool:
        return bool(self.checks) and all(check.passed for check in self.checks)


def as_json(report: Report) -> Json:
    return {
        "exercise": True,
        "scenario": report.scenario,
        "passed": report.passed,
        "took_s": number(report.took_s),
        "timeline": [{"after_s": number(h.after_s), "who": h.who, "what": h.what} for h in report.timeline],
        "attempts": [
            {
                "contact": a.contact,
                "tier": a.tier,
                "outcome": a.outcome,
                "expected": a.expected,
                "ring_s": number(a.ring_s),
            }
            for a in report.attempts
        ],
        "legs": [_leg(leg) for leg in report.legs],
        "checks": [
            {
                "name": c.name,
                "found": number(c.found),
                "limit": c.limit,
                "at_least": c.at_least,
                "unit": c.unit,
                "passed": c.passed,
            }
            for c in report.checks
        ],
        "recordings": list(report.recordings),
        "load_per_core": number(report.load_per_core),
        "sheet": None if report.sheet is None else sheet_json(report.sheet),
    }


def _leg(leg: LegReport) -> Json:
    return {
        "leg": leg.leg,
        "outcome": leg.outcome,
        "path": leg.path,
        "length_s": number(leg.length_s),
        "up_s": number(leg.up_s),
        "level_dbfs": number(leg.level_dbfs),
        "likeness": number(leg.likeness),
        "words": leg.said,
        "word_errors": leg.errors,
        "caption_partial_p50_s": number(leg.partial_p50_s),
        "caption_final_p95_s": number(leg.final_p95_s),
        "gaps": list(leg.gaps),
    }


def reports_json(reports: Sequence[Report], took_s: float) -> Json:
    """Several exercises of one run."""
    return {
        "exercise": True,
        "passed": all(one.passed for one in reports),
        "took_s": number(took_s),
        "scenarios": [as_json(one) for one in reports],
    }


def show_all(reports: Sequence[Report], took_s: float, console: Console) -> None:
    """One line an exercise, and the whole time."""
    for one in reports:
        missed = [check.name for check in one.checks if not check.passed]
        console.print(Text(f"{one.scenario:18} {'passed' if one.passed else 'missed: ' + ', '.join(missed)}"))
    verdict = "PASSED" if all(one.passed for one in reports) else "NOT PASSED"
    console.print(Text(f"EXERCISES {verdict}, {len(reports)} in {took_s:.0f} s", style="bold"), soft_wrap=True)


def timeline_text(line: Happened) -> Text:
    return Text(f"{line.after_s:7.2f} s  {line.who:15} {line.what}")


def show(report: Report, console: Console) -> None:
    """Print everything but the time line, which people have seen while it happened."""
    if report.attempts:
        console.print(_attempts(report))
    console.print(_legs(report))
    for leg in report.legs:
        for gap in leg.gaps:
            console.print(Text(f"{_short(leg.leg)}: {gap}"))
    if report.sheet is not None:
        show_sheet(report.sheet, console)
    console.print(_checks(report))
    for folder in report.recordings:
        console.print(Text(f"recordings: {folder}"), soft_wrap=True)
    if report.load_per_core > BUSY_PER_CORE:
        busy = f"the host was busy: load {report.load_per_core:.1f} a core; times are not the stations' alone"
        console.print(Text(busy), soft_wrap=True)
    missed = [check.name for check in report.checks if not check.passed]
    verdict = "PASSED" if report.passed else f"NOT PASSED: {', '.join(missed) or 'nothing was measured'}"
    console.print(Text(f"EXERCISE {report.scenario} {verdict} in {report.took_s:.0f} s", style="bold"), soft_wrap=True)


def _attempts(report: Report) -> Table:
    table = make_table("Attempts", "contact", "tier", "outcome", "scripted", "rang")
    for attempt in report.attempts:
        rang = f"{attempt.ring_s:.1f} s"
        table.add_row(attempt.contact, str(attempt.tier), attempt.outcome, attempt.expected, rang)
    return table


def _legs(report: Report) -> Table:
    columns = ("leg", "outcome", "s", "off s", "dBFS", "wrong", "partial s", "final s", "gaps")
    table = make_table(
        "Legs: length, its difference to the call, level, words wrong, delay of partials (p50) and finals (p95)",
        *columns,
    )
    for leg in report.legs:
        table.add_row(
            _short(leg.leg),
            leg.outcome,
            f"{leg.length_s:.1f}",
            f"{leg.length_s - leg.up_s:+.2f}",
            _or_dash(leg.level_dbfs, ".0f", ""),
            f"{leg.errors}/{leg.said}",
            _or_dash(leg.partial_p50_s, ".2f", ""),
            _or_dash(leg.final_p95_s, ".2f", ""),
            str(len(leg.gaps)),
        )
    return table


def _short(leg: str) -> str:
    """Side and role: a drill has one call on each line."""
    return f"{leg.partition('-')[0]} {leg.rpartition('/')[2]}"


def _checks(report: Report) -> Table:
    table = make_table("Figures", "figure", "found", "limit", "")
    for check in report.checks:
        sign = ">=" if check.at_least else "<="
        found = _or_dash(check.found, ".3g", f" {check.unit}")
        limit = f"{sign} {check.limit:g} {check.unit}".rstrip()
        table.add_row(check.name, found, limit, "ok" if check.passed else "MISSED")
    return table


def _or_dash(value: float, form: str, unit: str) -> str:
    return f"{value:{form}}{unit}".rstrip() if math.isfinite(value) else "-"
