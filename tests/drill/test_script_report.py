"""Who plays on which addresses, what is refused, and how results are told."""

from __future__ import annotations

import io
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bridge.base.dialplan import Dialplan, load
from bridge.base.errors import SetupError, WireError
from bridge.drill.orders import AnswerMode, Call, Hold, order_line, parse_order
from bridge.drill.report import Attempt, Happened, LegReport, Report, as_json, show
from bridge.drill.score import Check
from bridge.drill.script import SCENARIOS, cast, find_scenario, sentences

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = ROOT / "dialplans" / "loopback.toml"


def plan_with(tmp_path: Path, *changes: tuple[str, str]) -> Dialplan:
    text = LOOPBACK.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_cast_of_the_loopback_theatre() -> None:
    """The first side calls in, from an address of its own network that is in no ladder."""
    plan = load(LOOPBACK)
    parts = cast(plan, "here")
    assert (parts.calling, parts.called) == ("us", "ir")
    assert parts.caller_host not in [str(contact.uri.host) for contact in plan.side("us").contacts]
    assert parts.caller_host.startswith("127.0.1.")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("exercise = true", "exercise = false", "not marked as an exercise"),
        ("sip:watch@127.0.2.11", "sip:watch@192.0.2.11", "192.0.2.11"),
        ("sip:desk-b@127.0.3.12", "sip:desk-b@phone.example", "phone.example"),
        ('host = "127.0.0.12"\nrtp_ports', 'host = "192.0.2.1"\nrtp_ports', "192.0.2.1"),
    ],
)
def test_real_theatre_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    """A drill never rings a telephone that is not on this host."""
    with pytest.raises(SetupError, match=says):
        cast(plan_with(tmp_path, (old, new)), "plan.toml")


def test_tls_is_refused(tmp_path: Path) -> None:
    """What the drill cannot play it does not start."""
    tls = 'transport = "tls"\ntls = { certificate = "c.pem", key = "k.pem", authorities = "a.pem" }\nrtp_ports = [41000'
    with pytest.raises(SetupError, match="tls"):
        cast(plan_with(tmp_path, ("rtp_ports = [41000", tls)), "plan.toml")


def test_ladder_of_one_is_refused(tmp_path: Path) -> None:
    """Without a second contact there is no climb to see."""
    text = LOOPBACK.read_text(encoding="utf-8")
    second = text.rindex("[[sides.ir.contacts]]", 0, text.rindex("[[sides.ir.contacts]]"))
    path = tmp_path / "plan.toml"
    path.write_text(text[:second] + text[text.index("[[sides.ir.handsets]]") :], encoding="utf-8")
    with pytest.raises(SetupError, match="one contact"):
        cast(load(path), "plan.toml")


def test_unknown_scenario_names_the_known() -> None:
    """A wrong name is answered with the right ones."""
    assert find_scenario("relay").name == "relay"
    with pytest.raises(SetupError, match="relay, busy, refused, quick"):
        find_scenario("")


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_scenario_has_words_both_ways(name: str) -> None:
    """On both lines the officer and the operator speak."""
    said = {(sentence.line, sentence.speaker) for sentence in sentences(SCENARIOS[name])}
    assert said == {("calling", "caller"), ("calling", "operator"), ("called", "called"), ("called", "operator")}


def test_full_exercise_holds_what_goes_wrong_on_lines() -> None:
    """Numbers digit by digit, a position, a time, a negation."""
    text = " ".join(sentence.text for sentence in sentences(SCENARIOS["relay"]))
    for piece in ("two six degrees three four minutes north", "one four three zero hours", "not taking any action"):
        assert piece in text


@pytest.mark.parametrize(
    "order", [Call(uri="sip:desk@127.0.0.11:5060", headers={"A": "b"}), AnswerMode(mode="cut"), Hold()]
)
def test_orders_survive_the_wire(order: Call | AnswerMode | Hold) -> None:
    """What the party writes the phone reads."""
    assert parse_order(order_line(order)) == order


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"hold",
        b'{"order":"explode"}',
        b'{"order":"hold","why":"x"}',
        b'{"order":"call","uri":"tel:1"}',
        b'{"order":"call","uri":"sip:a@b","headers":{"X":"a\\r\\nEvil: b"}}',
        b'{"order":"call","uri":"sip:a@b","headers":{"X: y\\r\\nZ":"a"}}',
        b'{"order":"answer-mode","mode":"answer","after_s":-1}',
        b'{"order":"digits","digits":"E"}',
    ],
)
def test_bad_orders(line: bytes) -> None:
    """Anything else is refused with our own error; no line break gets into a header."""
    with pytest.raises(WireError, match="order refused"):
        parse_order(line)


REPORT = Report(
    scenario="relay",
    took_s=80.0,
    timeline=(Happened(1.5, "officer", "calls"),),
    attempts=(Attempt("watch", 1, "no-answer", "no-answer", 8.0),),
    legs=(
        LegReport("us-1/side-1", "answered", "a.wav", 10.0, 10.1, -20.0, 1.0, 9, 1, 0.5, 1.2, ("no-rtp at 3.0 s",)),
        LegReport("ir-1/side-1", "busy", "b.wav", 0.0, 0.0, math.nan, math.nan, 0, 0, math.nan, math.nan, ()),
    ),
    checks=(Check("connect", 0.1, 2.0, "s"), Check("errors", 12.0, 10.0, "%")),
    recordings=("/data/us/recordings",),
)


def test_report_for_machines() -> None:
    """One JSON value without NaN, whose verdict is that of the checks."""
    found = json.loads(json.dumps(as_json(REPORT), allow_nan=False))
    assert found["exercise"] is True
    assert found["passed"] is False
    assert [check["passed"] for check in found["checks"]] == [True, False]
    assert found["legs"][1]["level_dbfs"] is None
    assert found["timeline"] == [{"after_s": 1.5, "who": "officer", "what": "calls"}]


def test_report_for_people() -> None:
    """What missed is named, in 80 columns, marked as exercise."""
    out = io.StringIO()
    show(REPORT, Console(file=out, width=80))
    text = out.getvalue()
    assert "EXERCISE relay NOT PASSED: errors in 80 s" in text
    assert re.search(r"errors +12 % +<= 10 % +MISSED", text)
    assert re.search(r"connect +0.1 s +<= 2 s +ok", text)
    assert "no-rtp at 3.0 s" in text
    assert "/data/us/recordings" in text
    assert "nan" not in text


def test_busy_host_is_said() -> None:
    """Times measured on a host that others load are told with that."""
    for busy, is_said in ((1.0, False), (4.2, True)):
        out = io.StringIO()
        show(replace(REPORT, load_per_core=busy), Console(file=out, width=80))
        assert ("load 4.2 a core" in out.getvalue()) is is_said


def test_nothing_measured_is_not_passed() -> None:
    """A report without a single check proves nothing."""
    empty = Report("relay", 1.0, (), (), (), (), ())
    assert not empty.passed
