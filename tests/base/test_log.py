"""The log lets nothing of a party through, and does not drown in repeats."""

from __future__ import annotations

import io
import json

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bridge.base import log

pytestmark = pytest.mark.pure
WITHHELD = "(withheld)"


def guarded(**event: object) -> dict[str, object]:
    return dict(log.guard(None, "info", dict(event)))


@pytest.mark.parametrize(
    "value",
    [
        "Two vessels at 25 north",
        "sip:watch@10.64.1.1",
        "watch@side",
        "+96824123456",
        "x96824123456",
        "host10.64.1.1",
        "۲۵ شناور",
        "سرهنگ",
        "",
        "a" * 121,
        ["Two"],
        {"text": "Two"},
        b"Two",
    ],
)
def test_what_could_be_a_partys_is_withheld(value: object) -> None:
    """Sentences, addresses, numbers, other scripts and whole objects have no way in under any key."""
    for key in ("code", "what", "state", "event", "leg"):
        assert guarded(**{key: value})[key] == WITHHELD


@pytest.mark.parametrize("key", ["name", "text", "uri", "user", "caller", "exception", "exc_info"])
def test_unknown_keys_are_dropped(key: str) -> None:
    """Not even the value's place stays, only that something was withheld."""
    assert guarded(**{key: "x"}) == {"kind": "(withheld key)"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("event", "trunk is down, trying again"),
        ("code", "no-recogniser"),
        ("engine", "vosk-model-en-us-0.22-lgraph"),
        ("leg", "us-20261123T100512Z-3f9a/side-1"),
        ("leg", "us-20261123T100512Z-3f9a"),
        ("status", 486),
        ("seconds", 0.25),
        ("kind", None),
        ("was", True),
        ("level", "info"),
        ("timestamp", "2026-11-23T10:05:12Z"),
    ],
)
def test_the_devices_own_words_pass(key: str, value: object) -> None:
    """States, codes, counts and our own leg numbers are what the log is for."""
    assert guarded(**{key: value}) == {key: value}


@given(st.dictionaries(st.sampled_from(sorted(log.KEYS - {"timestamp", "level"})), st.text(min_size=1), min_size=1))
def test_nothing_with_a_space_digits_or_at_passes(event: dict[str, str]) -> None:
    """Whatever text is given: what comes out is a short token, one of our sentences or a leg's number."""
    for key, value in guarded(**event).items():
        text = str(value)
        if text == WITHHELD or key in ("event", "leg"):
            continue
        assert len(text) <= 80
        assert not set(text) & set(" @\n\"'")
        assert text.isascii()


def test_one_json_object_a_line() -> None:
    """Process and side are on every line; a careless call costs its value, not the line."""
    out = io.StringIO()
    log.configure("line", "us", out)
    log.logger("lines").info("leg ended", leg="us-20261123T100512Z-3f9a/side-1", name="Colonel")
    structlog.reset_defaults()
    line = json.loads(out.getvalue())
    assert (line["process"], line["side"], line["room"], line["event"]) == ("line", "us", "lines", "leg ended")
    assert "Colonel" not in out.getvalue()


def test_without_a_side() -> None:
    """A program that serves no side names none."""
    out = io.StringIO()
    log.configure("drill", stream=out)
    log.logger("drill").info("begins")
    structlog.reset_defaults()
    assert "side" not in json.loads(out.getvalue())


def test_repeats_are_held_back_and_counted() -> None:
    """The first is printed, the next only after `REPEAT_S`; other faults, other legs and plain news are not held."""
    now = 0.0
    repeats = log.Repeats(lambda: now)

    def told(level: str = "error", **more: object) -> dict[str, object] | None:
        try:
            return dict(repeats(None, "error", {"event": "disk full", "level": level, **more}))
        except structlog.DropEvent:
            return None

    assert told() is not None
    assert [told() for _ in range(3)] == [None] * 3
    assert told(code="other") is not None
    assert told(leg="x") is not None
    assert [told("info") is None for _ in range(2)] == [False, False]
    now = log.REPEAT_S
    again = told()
    assert again is not None
    assert again["count"] == 4


def test_a_year_of_faults_does_not_fill_the_memory() -> None:
    """Faults carry leg numbers; the table is emptied at its limit."""
    repeats = log.Repeats(lambda: 0.0)
    for number in range(2500):
        repeats(None, "error", {"event": "x", "level": "error", "leg": str(number)})
    assert len(repeats._seen) <= 1001
