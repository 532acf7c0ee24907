"""The result sheet as text for people and as JSON for machines. It measures and judges nothing (`sheet`)."""

from __future__ import annotations

import math
from typing import TypeAlias

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bridge.drill.sheet import Sheet

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


def number(value: float) -> float | None:
    """A figure for JSON, which has no NaN."""
    return round(value, 3) if math.isfinite(value) else None


def sheet_json(sheet: Sheet) -> Json:
    return {
        "outcome": sheet.outcome,
        "steps": [
            {"name": s.name, "took_s": number(s.took_s), "limit_s": s.limit_s, "source": s.source} for s in sheet.steps
        ],
        "verdicts": [
            {
                "place": v.place,
                "part": v.part,
                "matches": list(v.matches),
                "judged_by": v.judged_by,
                "as_sealed": v.is_as_sealed,
            }
            for v in sheet.verdicts
        ],
        "catches": [
            {
                "part": c.part,
                "class": c.kind,
                "sealed": c.sealed,
                "heard": c.heard,
                "audio_s": number(c.audio_s),
                "after_s": number(c.after_s),
                "left_s": number(c.left_s),
            }
            for c in sheet.catches
        ],
        "rewritten": list(sheet.rewritten),
        "refused": list(sheet.refused),
        "notes": list(sheet.notes),
    }


def make_table(title: str, *columns: str) -> Table:
    made = Table(title=title, title_justify="left", box=box.SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    for column in columns:
        made.add_column(column, no_wrap=True)
    return made


def show_sheet(sheet: Sheet, console: Console) -> None:
    """Print times per step, verdicts and what was caught."""
    times = make_table("Result sheet: times of the message", "step", "took", "limit", "source")
    for step in sheet.steps:
        limit = f"<= {step.limit_s:g} s" if step.limit_s is not None else ""
        times.add_row(step.name, f"{step.took_s:.1f} s", limit, step.source)
    console.print(times)
    for one in sheet.verdicts:
        ear = f", judged by the ear of {one.judged_by}" if one.judged_by else ""
        console.print(Text(f"{one.place}, {one.part}: {' > '.join(one.matches)}{ear}"), soft_wrap=True)
    for catch in sheet.catches:
        where = f", at {catch.audio_s:.1f} s of the track" if math.isfinite(catch.audio_s) else ""
        when = (
            f"; found {catch.after_s:.1f} s after the word, {catch.left_s:.0f} s before the leg ended"
            if math.isfinite(catch.after_s)
            else "; nothing was planted there"
        )
        heard = catch.heard or "nothing"
        line = f'caught in the {catch.part}: {catch.kind}, sealed "{catch.sealed}", heard "{heard}"{where}{when}'
        console.print(Text(line), soft_wrap=True)
    for sentence in sheet.rewritten:
        console.print(Text(f'written anew from the audio: "{sentence}"'), soft_wrap=True)
    if sheet.refused:
        console.print(Text(f"acts that a desk refused: {', '.join(sheet.refused)}"), soft_wrap=True)
    for note in sheet.notes:
        console.print(Text(note), soft_wrap=True)
    console.print(Text(f"outcome on the return slip: {sheet.outcome or 'none came back'}"), soft_wrap=True)
