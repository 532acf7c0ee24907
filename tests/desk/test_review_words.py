"""Every engine's hearing stands by itself: live, checked, and heard once more by another or the same."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.base.wire import Entry, Value
from bridge.desk.review_words import Said, Words

pytestmark = pytest.mark.pure

LEG = "us-1/side-1"


def entry(kind: str, **data: Value) -> Entry:
    return Entry(1, "2026-11-23T10:00:00.000000Z", 1, "unknown", kind, {"leg": LEG, **data})


def final(utterance: int, text: str, engine: str = "moonshine", **more: Value) -> Entry:
    start = utterance * 8000
    span: dict[str, Value] = {"from_sample": start, "to_sample": start + 8000, "words": []}
    return entry("Final", utterance=utterance, text=text, engine=engine, **{**span, **more})


def checked(utterance: int, text: str) -> Entry:
    marks: list[Value] = [{"from_word": 1, "to_word": 2, "heard": "nine"}]
    return entry("Checked", utterance=utterance, text=text, engine="whisper", marks=marks, words=[])


def runs(words: Words) -> list[tuple[str, str, int, list[str]]]:
    found: Any = words.of_leg(LEG, 100)["runs"]
    return [(one["engine"], one["kind"], one["run"], [said["text"] for said in one["utterances"]]) for one in found]


def test_engines_side_by_side() -> None:
    """The checker's text with its marks beside the live one; neither changes the other."""
    words = Words()
    for one in (
        entry("TrackFollowed", from_sample=0),
        final(1, "speed five"),
        checked(1, "speed nine"),
        final(2, "ok"),
    ):
        words.take(one)
    assert runs(words) == [
        ("moonshine", "live", 1, ["speed five", "ok"]),
        ("whisper", "check", 1, ["speed nine"]),
    ]
    live: Any = words.of_leg(LEG, 100)["runs"]
    assert live[1]["utterances"][0]["marks"] == [{"from_word": 1, "to_word": 2, "heard": "nine"}]


def test_heard_once_more() -> None:
    """From the beginning, by the same engine or by another: a run of its own. A mere restart goes on with the first."""
    words = Words()
    words.take(final(1, "one"))
    words.take(entry("TrackFollowed", from_sample=16_000))
    words.take(final(2, "two"))
    words.take(entry("TrackFollowed", from_sample=0))
    words.take(final(1, "won"))
    words.take(final(2, "too", "vosk"))
    assert runs(words) == [
        ("moonshine", "live", 1, ["one", "two"]),
        ("moonshine", "live", 2, ["won"]),
        ("vosk", "live", 2, ["too"]),
    ]


def test_what_was_not_heard_is_said() -> None:
    words = Words()
    words.take(entry("NoRecognizer", language="fa"))
    words.take(entry("EngineFailed", engine="moonshine", code="engine", from_sample=0, to_sample=9))
    troubles: Any = words.of_leg(LEG, 9)["troubles"]
    assert [(one["kind"], one.get("language"), one.get("to_sample")) for one in troubles] == [
        ("NoRecognizer", "fa", None),
        ("EngineFailed", None, 9),
    ]


def test_between_samples() -> None:
    """Utterances that touch the span, of every run that has any."""
    words = Words()
    for one in (final(1, "one"), final(2, "two"), final(3, "three"), checked(2, "tow")):
        words.take(one)
    found = words.between(LEG, [(16_100, 16_200), (24_000, 24_001)])
    assert [(run.engine, [one.text for one in said]) for run, said in found] == [
        ("moonshine", ["two", "three"]),
        ("whisper", ["tow"]),
    ]
    assert words.between(LEG, [(0, 8000)]) == [] and words.between("nobody", [(0, 9)]) == []


def test_where_a_word_lies() -> None:
    """Where the engine timed it; else somewhere in the utterance."""
    times: tuple[dict[str, Value], ...] = ({"from_sample": 10, "to_sample": 20}, {"from_sample": 20, "to_sample": 30})
    timed = Said(1, 0, 90, "speed nine", times, "")
    assert [timed.sample_of(at) for at in (0, 1, 2)] == [(10, 20), (20, 30), (0, 90)]
    assert Said(1, 0, 90, "speed nine", times[:1], "").sample_of(0) == (0, 90)
    assert Said(1, 0, 90, "a", ({"from_sample": 5},), "").sample_of(0) == (0, 90)


def test_a_list_has_an_end() -> None:
    words = Words()
    for number in range(5):
        words.take(final(number, str(number)))
    found: Any = words.of_leg(LEG, 3)["runs"]
    assert (len(found[0]["utterances"]), found[0]["cut"]) == (3, True)


def test_what_is_not_as_its_kind_promises_is_left_out() -> None:
    words = Words()
    assert words.take(entry("Final", utterance="x")) is None
    assert words.take(checked(7, "of no utterance")) is None
    assert words.take(entry("TrackFollowed")) is None
    assert runs(words) == []
