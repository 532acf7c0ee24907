"""The record for its reader: lists, filters and pages, one call, one message, search, and who may ask at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.base.clock import NS, ManualClock, utc_text
from bridge.desk import review_archive
from tests.desk.review_rig import Written, one_of_each, written
from tests.desk.test_review_refused import ROUTES
from tests.page.scenes import CALL, SIDE, TEXTS

Answer = dict[str, Any]


@pytest.fixture(scope="module", params=["en", "fa"])
def spoken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Written]]:
    """A record in one language; it is only read."""
    made = written(tmp_path_factory.mktemp(f"record-{request.param}"))
    one_of_each(made, request.param)
    ask(made, "search", q="9")  # opens what stays open
    yield request.param, made
    made.close()


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    made = written(tmp_path_factory.mktemp("record"))
    one_of_each(made, "en")
    ask(made, "search", q="9")
    yield made
    made.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Written]:
    made = written(tmp_path)
    yield made
    made.close()


def ask(record: Written, path: str, **query: Any) -> Answer:
    answer = record.reader().get(f"/api/review/{path}", params=query)
    assert answer.status_code == 200, answer.text
    found: Answer = answer.json()
    return found


# -- lists -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 3),
        ({"role": "operator"}, 1),
        ({"role": "monitor"}, 0),
        ({"direction": "in"}, 1),
        ({"direction": "out"}, 2),
        ({"precedence": "FLASH"}, 2),
        ({"outcome": "busy"}, 1),
        ({"contact": "watch"}, 2),
        ({"contact": "desk-a"}, 1),
        ({"exercise": "false"}, 3),
        ({"exercise": "true"}, 0),
        ({"from": "2026-11-23T10:05:12Z", "to": "2026-11-23T10:06Z"}, 1),
        ({"from": "2026-11-23T10:05:12.1Z"}, 2),
        ({"to": "2026-11-23"}, 0),
        ({"direction": "out", "outcome": "no-answer", "precedence": "FLASH"}, 1),
    ],
)
def test_calls_and_their_filters(record: Written, query: dict[str, str], count: int) -> None:
    """Each by itself and together; the newest first."""
    found = ask(record, "calls", **query)["calls"]
    assert len(found) == count
    assert [one["number"] for one in found] == sorted((one["number"] for one in found), reverse=True)


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ({}, ["giving/IR-0004", "taking/1"]),
        ({"half": "taking"}, ["taking/1"]),
        ({"state": "carried"}, ["taking/1"]),
        ({"precedence": "FLASH"}, []),
        ({"serial": "ir-0004"}, ["giving/IR-0004"]),
        ({"serial": "US-"}, ["taking/1"]),
        ({"serial": "IR-۰۰۰۴"}, ["giving/IR-0004"]),
        ({"outcome": "ACKNOWLEDGED"}, []),
        ({"language": "en"}, ["giving/IR-0004", "taking/1"]),
        ({"language": "fa"}, []),
        ({"from": "2026-11-24"}, []),
    ],
)
def test_messages_and_their_filters(record: Written, query: dict[str, str], subjects: list[str]) -> None:
    assert [one["subject"] for one in ask(record, "messages", **query)["messages"]] == subjects


def test_attempts_stand_beside_the_call(record: Written) -> None:
    """Who was tried, and how it ended."""
    (busy,) = ask(record, "calls", outcome="busy")["calls"]
    (attempt,) = busy["attempts"]
    assert (attempt["contact"], attempt["tier"], attempt["outcome"], attempt["status"]) == ("watch", 1, "busy", 486)


@pytest.mark.parametrize(("what", "rows"), [("calls", "calls"), ("messages", "messages"), ("search?q=9", "hits")])
def test_pages_follow_each_other(record: Written, what: str, rows: str) -> None:
    """One by one, without a gap and without a double, though there is nothing between them but a cursor."""
    path, _, query = what.partition("?")
    extra = {"q": query.removeprefix("q=")} if query else {}
    whole = ask(record, path, **extra)[rows]
    seen: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = ask(record, path, limit=1, **extra, **cursor)
        seen += page[rows]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == whole and len(whole) > 1


def test_a_page_does_not_move_when_something_new_comes(fresh: Written) -> None:
    one_of_each(fresh, "en")
    first = ask(fresh, "calls", limit=1)
    fresh.leg("us-20261124T000000Z-0009", "side")
    second = ask(fresh, "calls", limit=9, cursor=first["next"])
    assert [one["number"] for one in (*first["calls"], *second["calls"])] == [3, 2, 1]
    assert ask(fresh, "calls", limit=1)["calls"][0]["number"] == 4


# -- one call ----------------------------------------------------------------------------------------------------------


def test_one_call(spoken: tuple[str, Written]) -> None:
    """Tracks on one time, what happened on it, what every engine heard, and the text that a person made of it."""
    language, record = spoken
    found = ask(record, f"calls/{CALL}")
    tracks = {one["leg"]: one for one in found["axis"]["tracks"]}
    assert [gap["kind"] for gap in tracks[SIDE]["gaps"]] == ["before-media", "hold"]
    assert tracks[SIDE]["measured"] == {"rtp_received": 5000, "rtp_lost": 12, "jitter_us": 800}
    (piece,) = tracks[SIDE]["pieces"]
    assert (piece["from_utc"], piece["to_sample"]) == (tracks[SIDE]["t0_utc"], tracks[SIDE]["samples"])
    moments = [event["utc"] for event in found["events"]]
    assert moments == sorted(moments)
    assert all(found["axis"]["from_utc"] <= one <= found["axis"]["to_utc"] for one in moments)
    known = {(event["source"], event["kind"]) for event in found["events"]}
    assert {
        ("line", "HoldStarted"),
        ("desk", "SealOrdered"),
        ("desk", "RelayStarted"),
        ("line", "AlarmRaised"),
    } <= known
    sealed = next(event for event in found["events"] if event["kind"] == "SealOrdered")
    assert sealed["about"] == {"subject": "taking/1", "person": "op-a", "console": "A"}
    (of_side, of_operator) = found["transcripts"]
    assert [(run["engine"], run["kind"]) for run in of_side["runs"]] == [("moonshine", "live"), ("whisper", "check")]
    assert of_operator["troubles"][0]["kind"] == "NoRecognizer"
    taking, giving = found["messages"]
    assert taking["draft"]["text"] == taking["sealed"] == TEXTS[language]
    assert (giving["subject"], giving["draft"], giving["sealed"]) == ("giving/IR-0004", None, TEXTS[language])


def test_a_call_that_goes_on(fresh: Written) -> None:
    """It is there at once, and as long as its file is by now."""
    side = fresh.leg(CALL, "side")
    fresh.sound(side, 3)
    first = ask(fresh, f"calls/{CALL}")
    assert (first["call"]["outcome"], first["axis"]["tracks"][0]["samples"]) == ("open", 24_000)
    fresh.sound(side, 4)
    fresh.final(side, 1, 1, "two vessels")
    second = ask(fresh, f"calls/{CALL}")
    assert second["axis"]["tracks"][0]["samples"] == 32_000
    assert second["transcripts"][0]["runs"][0]["utterances"][0]["text"] == "two vessels"


# -- one message -------------------------------------------------------------------------------------------------------


def columns(found: Answer) -> dict[str, Answer]:
    assert [one["column"] for one in found["columns"]] == ["spoken", "sealed", "relayed", "read-back"]
    return {one["column"]: one for one in found["columns"]}


def test_the_half_that_was_taken(spoken: tuple[str, Written]) -> None:
    """What the originator said and what was sealed, with its audio; the other two columns are the other station's."""
    language, record = spoken
    found = ask(record, "messages/taking/1")
    has = columns(found)
    assert [has[name]["state"] for name in has] == ["there", "there", "other-station", "other-station"]
    assert has["relayed"]["held_by"] == has["read-back"]["held_by"] == "ir"
    assert has["sealed"]["text"] == TEXTS[language]
    assert has["sealed"]["spans"][0]["leg"] == f"{CALL}/operator-1"
    assert [(run["kind"], len(run["utterances"])) for run in has["spoken"]["runs"]] == [("live", 4), ("check", 1)]
    # One engine heard nineteen, the other nine: two machines that disagree prove no alteration.
    assert has["spoken"]["made_now"] and has["spoken"]["match"] in ("verbatim", "equivalent")
    assert found["calls"] == [CALL] and found["message"]["sealed"]["text"] == TEXTS[language]
    assert "may" not in found["message"]


def test_the_half_that_was_given(spoken: tuple[str, Written]) -> None:
    """What the operator said and what was read back, with every difference that was found, put right or not."""
    _, record = spoken
    found = ask(record, "messages/giving/IR-0004")
    has = columns(found)
    assert [has[name]["state"] for name in has] == ["other-station", "there", "there", "there"]
    assert has["spoken"]["held_by"] == "ir"
    assert [len(has[name]["runs"][0]["utterances"]) for name in ("relayed", "read-back")] == [4, 4]
    assert has["relayed"]["runs"][0]["leg"] == f"{CALL}/operator-1" and has["read-back"]["runs"][0]["leg"] == SIDE
    (finding,) = has["relayed"]["findings"]
    assert (finding["kind"], finding["sealed"], finding["heard"], finding["stands"]) == ("number", "9", "19", False)
    word = has["relayed"]["runs"][0]["utterances"][0]["words"][finding["span"][0]]
    assert finding["audio"]["from_sample"] == word["from_sample"] and finding["audio"]["from_utc"] > CALL[3:7]
    assert (has["relayed"]["match"], has["relayed"]["complete"]) == ("verbatim", True)
    people = {(step["act"], step["person"], step["console"]) for step in found["history"]}
    assert {("RelayStarted", "op-a", "A"), ("ReceiptGiven", "op-a", "A"), ("CallStarted", "", "")} <= people
    assert all(step["utc"].endswith("Z") for step in found["history"])


def test_a_difference_that_stands(fresh: Written) -> None:
    """Nobody corrected it: it is the last thing that the record says."""
    one_of_each(fresh, "en", "altered")
    relayed = columns(ask(fresh, "messages/giving/IR-0004"))["relayed"]
    assert (relayed["match"], relayed["complete"]) == ("altered", False)
    assert [finding["stands"] for finding in relayed["findings"]] == [True]
    assert columns(ask(fresh, "messages/giving/IR-0004"))["read-back"]["state"] == "not-yet"


# -- search ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["نمی شوند", "نمی‌شوند", "نمي‌شوند", "آب‌هاي", "ابهای"])
def test_persian_is_found_in_every_spelling(spoken: tuple[str, Written], query: str) -> None:
    language, record = spoken
    found = ask(record, "search", q=query)["hits"]
    assert {one["kind"] for one in found} == ({"transcript", "sealed"} if language == "fa" else set())


@pytest.mark.parametrize("query", ["190", "۱۹۰", "١٩٠"])
def test_numbers_are_found_in_every_digit_set(spoken: tuple[str, Written], query: str) -> None:
    """In what was heard, checked and sealed; a place in the audio where there is one."""
    language, record = spoken
    found = ask(record, "search", q=query)["hits"]
    assert {one["kind"] for one in found} == {"transcript", "checked", "sealed"}
    first = next(one for one in found if one["kind"] == "transcript" and one["place"]["utterance"] == 1)
    assert (first["place"]["leg"], first["place"]["call"], first["place"]["rate_hz"]) == (SIDE, CALL, 8000)
    # Of a timed word its own sample, and that moment.
    assert first["place"]["from_sample"] > 5 * 8000
    begin = 1_795_428_312 * NS
    assert first["utc"] == utc_text(begin + first["place"]["from_sample"] * NS // 8000)
    marked = [piece["text"] for piece in first["snippet"]["pieces"] if piece["hit"]]
    assert marked == ["190" if language == "en" else "۱۹۰"]
    assert {one["match"] for one in found} <= {"exact", "spelling"}


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ({"q": "vessels"}, {"transcript", "checked", "sealed", "note"}),
        ({"q": "vessels", "kind": "note"}, {"note"}),
        ({"q": "vessels", "language": "en"}, {"transcript", "checked", "sealed"}),
        ({"q": "vessels", "to": "2026-11-23T10:05Z"}, set()),
        ({"q": "essel"}, {"transcript", "checked", "sealed", "note"}),
        ({"q": '"9 knots"', "kind": "sealed"}, {"sealed"}),
        ({"q": '"knots 9"'}, set()),
    ],
)
def test_what_is_looked_for(record: Written, query: dict[str, str], kinds: set[str]) -> None:
    """By kind, language and time; a phrase in its order; a part of a word."""
    found = ask(record, "search", **query)["hits"]
    assert {one["kind"] for one in found} == kinds
    assert {one["match"] for one in found} <= ({"part"} if query["q"] == "essel" else {"exact", "spelling"})


def test_new_words_are_found_at_once(fresh: Written) -> None:
    side = fresh.leg(CALL, "side")
    assert ask(fresh, "search", q="tanker")["hits"] == []
    fresh.final(side, 1, 1, "our tanker has no engine")
    (hit,) = ask(fresh, "search", q="tanker")["hits"]
    assert hit["snippet"]["pieces"][1] == {"text": "tanker", "hit": True}


# -- the index is derived ----------------------------------------------------------------------------------------------


def reopened(record: Written, tmp_path: Path) -> Written:
    record.archive.close()
    again = review_archive.Archive(
        tmp_path / "ledger.db", tmp_path / "search.db", "us", exercise=False, clock=ManualClock(), length=lambda leg: 0
    )
    record.archive = again
    return record


@pytest.mark.parametrize("what", ["kept", "removed", "damaged", "of another ledger", "ahead of the ledger"])
def test_the_index_is_made_from_the_ledger(fresh: Written, tmp_path: Path, what: str) -> None:
    """Whatever becomes of it, the same is found, once each."""
    one_of_each(fresh, "en")
    before = ask(fresh, "search", q="vessels", limit=200)["hits"]
    path = tmp_path / "search.db"
    fresh.archive.close()
    if what == "removed":
        path.unlink()
    elif what == "damaged":
        path.write_bytes(b"\0" * 5000)
    elif what != "kept":
        with sqlite3.connect(path) as raw:
            raw.execute("UPDATE state SET mark = 'x'" if what == "of another ledger" else "UPDATE state SET at = 9999")
        raw.close()
    assert ask(reopened(fresh, tmp_path), "search", q="vessels", limit=200)["hits"] == before
    fresh.append("desk", "NoteMade", {"person": "op-a", "given": {"text": "one more vessels"}})
    assert len(ask(fresh, "search", q="vessels", limit=200)["hits"]) == len(before) + 1


def test_a_long_record_is_read_in_turns(fresh: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes too early is told so, and whoever comes again finds it further, and at last whole."""
    one_of_each(fresh, "en")
    reopened(fresh, tmp_path)
    monkeypatch.setattr(review_archive, "TURN_S", 0.0)
    answers: list[Any] = []
    while not answers or answers[-1].status_code != 200:
        answers.append(fresh.reader().get("/api/review/calls"))
        assert len(answers) < 1000
    assert len(answers) > 2
    assert {one.json()["code"] for one in answers[:-1]} == {"catching-up"}
    assert {one.status_code for one in answers[:-1]} == {503}
    assert len(answers[-1].json()["calls"]) == 3


def test_a_damaged_ledger_is_shown_up_to_the_damage(fresh: Written, tmp_path: Path) -> None:
    """And it says so with every answer."""
    one_of_each(fresh, "en")
    reopened(fresh, tmp_path)
    with sqlite3.connect(tmp_path / "ledger.db") as raw:
        raw.execute("DROP TRIGGER entries_no_update")
        (last,) = raw.execute("SELECT max(seq) FROM entries").fetchone()
        raw.execute("UPDATE entries SET leaf = x'00' WHERE seq = ?", (last - 5,))
    raw.close()
    found = ask(fresh, "calls")
    assert (found["trouble"], found["entries"]) == ("sequence", last - 6)
    assert [one["number"] for one in found["calls"]] == [2, 1]


def test_reading_changes_nothing(fresh: Written, tmp_path: Path) -> None:
    """No route of the record writes an entry; to hear something does."""
    one_of_each(fresh, "en")
    length = fresh.store.length
    for path in ROUTES:
        assert fresh.reader().get(f"/api/review/{path}").status_code == 200
    assert (fresh.store.length, fresh.noted) == (length, [])
    assert fresh.reader().get(f"/api/audio/{SIDE}?from=0&to=8000").status_code == 200
    assert [kind for kind, _ in fresh.noted] == ["Listened"]
