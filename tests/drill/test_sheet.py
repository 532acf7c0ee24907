"""The result sheet from entries that are written here."""

from __future__ import annotations

import io
import json
import math

import pytest
from rich.console import Console

from bridge.base.clock import NS
from bridge.base.wire import Value
from bridge.drill.sheet import (
    DeskEntry,
    Planted,
    Sheet,
    Verdict,
    catches,
    checks,
    moments,
    outcome_of,
    steps,
    verdicts,
)
from bridge.drill.sheet_report import sheet_json, show_sheet

pytestmark = pytest.mark.pure
TAKING, GIVING = "taking/x-1", "giving/EXERCISE-US-0001"
SUBJECTS = {"calling taking": TAKING, "called giving": GIVING}
PLANTED = Planted("relay", frozenset(("number", "time")), "number-changed", 50 * NS, 31.5, 90 * NS)


def entry(at_s: float, kind: str, subject: str, **event: Value) -> DeskEntry:
    return DeskEntry(round(at_s * NS), f"Message{kind}", {"subject": subject, "event": dict(event)})


def differences(at_s: float, part: str, *findings: dict[str, Value]) -> DeskEntry:
    data: dict[str, Value] = {"subject": GIVING, "part": part, "findings": list(findings)}
    return DeskEntry(round(at_s * NS), "DifferencesFound", data)


def finding(kind: str, sealed: str, heard: str, certain: bool = True) -> dict[str, Value]:
    return {"kind": kind, "sealed": sealed, "heard": heard, "certain": certain}


CALLING = [
    entry(10, "Opened", TAKING),
    entry(25, "ReadBackStarted", TAKING),
    entry(38, "Confirmed", TAKING),
    entry(39, "SealOrdered", TAKING),
    entry(70, "ReturnTaken", TAKING, slip={"outcome": "OPEN"}),
    entry(95, "ReturnTaken", TAKING, slip={"outcome": "ACKNOWLEDGED"}),
]
CALLED = [
    entry(41, "SlipAccepted", GIVING),
    entry(45, "CallAnswered", GIVING),
    entry(50.5, "Compared", GIVING, part="relay", match="equivalent"),
    entry(51.25, "Compared", GIVING, part="relay", match="altered"),
    entry(52, "Compared", GIVING, part="relay", match="altered"),
    entry(60, "Compared", GIVING, part="relay", match="verbatim"),
    entry(61, "RelayFinished", GIVING),
    entry(70, "Compared", GIVING, part="read-back", match="check"),
    entry(74, "Judged", GIVING, part="read-back", by="op-b"),
    entry(75, "ReceiptGiven", GIVING),
    entry(80, "Acknowledged", GIVING),
    entry(80, "Compared", "giving/EXERCISE-US-0002", part="relay", match="altered"),
]
DESKS = {"calling": CALLING, "called": CALLED}


def test_times_of_the_steps() -> None:
    """From the first entry of a kind to the first of the other; of returns the last; others are left out."""
    took = {step.name: step.took_s for step in steps(moments(DESKS, SUBJECTS))}
    assert took["first word to seal"] == 29
    assert took["slip to an officer"] == 4
    assert took["first word to receipt"] == 65
    assert took["first word to the return"] == 85
    short = steps(moments({"calling": CALLING[:4], "called": []}, SUBJECTS))
    assert [step.name for step in short][-1] == "first word to seal"


def test_verdicts_in_order() -> None:
    """Each verdict once in a row, only of this message; a doubt counts once a person has listened."""
    relay, read_back = verdicts(DESKS, SUBJECTS)
    assert relay.matches == ("equivalent", "altered", "verbatim") and relay.is_as_sealed
    assert read_back == Verdict("called giving", "read-back", ("check",), "op-b") and read_back.is_as_sealed
    assert not Verdict("called giving", "relay", ("check",), "").is_as_sealed
    assert not Verdict("called giving", "relay", ("altered",), "op-b").is_as_sealed
    assert not Verdict("called giving", "relay", (), "").is_as_sealed


def test_what_was_caught() -> None:
    """The planted number once, from the end of its word; certain differences elsewhere; doubts elsewhere not."""
    found = catches(
        [
            differences(48, "relay", finding("number", "1430", "14")),
            differences(51.25, "relay", finding("number", "1430", "1630"), finding("name", "A", "B", certain=False)),
            differences(52, "relay", finding("number", "1430", "1630")),
            differences(70, "read-back", finding("unit", "hours", "days")),
        ],
        GIVING,
        (PLANTED,),
    )
    assert [(c.part, c.kind, c.heard) for c in found] == [
        ("relay", "number", "14"),
        ("relay", "number", "1630"),
        ("read-back", "unit", "days"),
    ]
    assert math.isnan(found[0].after_s) and math.isnan(found[2].after_s)
    assert (found[1].audio_s, found[1].after_s, found[1].left_s) == (31.5, 1.25, 38.75)


def test_a_planted_difference_counts_when_it_is_doubtful() -> None:
    """Two engines that disagree point at it all the same; another class does not."""
    doubt = differences(52, "relay", finding("time", "1430", "1630", certain=False))
    (found,) = catches([doubt], GIVING, (PLANTED,))
    assert found.after_s == 2
    assert catches([differences(52, "relay", finding("name", "a", "b", certain=False))], GIVING, (PLANTED,)) == ()
    assert catches([doubt], "giving/EXERCISE-US-0002", (PLANTED,)) == ()


@pytest.mark.parametrize(
    ("found_at_s", "missed"),
    [
        (52.0, []),
        (58.0, ["number-changed in the relay, found after"]),
        (91.0, ["number-changed in the relay, found after", "number-changed found before the leg ended"]),
        (None, ["number-changed in the relay, found after", "number-changed found before the leg ended"]),
    ],
)
def test_a_late_or_missing_catch_is_missed(found_at_s: float | None, missed: list[str]) -> None:
    """In time, late, after the leg, never."""
    entries = [] if found_at_s is None else [differences(found_at_s, "relay", finding("number", "1430", "1630"))]
    sheet = Sheet(
        steps(moments(DESKS, SUBJECTS)),
        verdicts(DESKS, SUBJECTS),
        catches(entries, GIVING, (PLANTED,)),
        outcome=outcome_of(CALLING, TAKING),
    )
    assert [check.name for check in checks(sheet, (PLANTED,), "ACKNOWLEDGED") if not check.passed] == missed


def test_not_as_sealed_and_another_outcome_are_missed() -> None:
    """A part that ends altered, and a return slip that says otherwise or never came."""
    sheet = Sheet(verdicts=(Verdict("called giving", "relay", ("altered",), ""),), outcome=outcome_of([], TAKING))
    missed = [check.name for check in checks(sheet, (), "ACKNOWLEDGED") if not check.passed]
    assert missed == ["parts not as sealed in the end", "outcome not as scripted"]
    assert outcome_of(CALLING, TAKING) == "ACKNOWLEDGED"


def test_the_sheet_is_told() -> None:
    """In 80 columns for people, as JSON without NaN for machines."""
    sheet = Sheet(
        steps(moments(DESKS, SUBJECTS)),
        verdicts(DESKS, SUBJECTS),
        catches([differences(51.25, "relay", finding("number", "1430", "1630"))], GIVING, (PLANTED,)),
        ("Our tanker has no engine.",),
        "ACKNOWLEDGED",
        ("RelayFinished: not-ready",),
    )
    out = io.StringIO()
    show_sheet(sheet, Console(file=out, width=80))
    text = out.getvalue()
    assert "called giving, relay: equivalent > altered > verbatim" in text
    assert 'number, sealed "1430", heard "1630", at 31.5 s of the track; found 1.2 s after' in text
    assert "judged by the ear of op-b" in text
    assert "acts that a desk refused: RelayFinished: not-ready" in text
    assert "outcome on the return slip: ACKNOWLEDGED" in text
    told = json.loads(json.dumps(sheet_json(sheet), allow_nan=False))
    assert told["catches"][0]["class"] == "number"
    assert told["verdicts"][0]["as_sealed"] is True
    assert told["rewritten"] == ["Our tanker has no engine."]
