"""Slips on the page: the one to be carried, and what is wrong with one that is being typed."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import segno

from bridge.base.wire import Value
from bridge.relay.slip import render
from bridge.station import house
from tests.desk.page_rig import Station, post
from tests.desk.review_rig import one_of_each, written
from tests.page import scenes
from tests.relay.relay_samples import TEXTS, message


def check(text: Any) -> Any:
    return post(Station().client(), "/api/slip/check", {"text": text}).json()


def test_the_slip_to_be_carried_is_plain_text() -> None:
    """Of a taking the sealed one, of a giving the last return slip."""
    station = Station()
    station.feed.put({"message/taking/1": {"half": "taking", "sealed": {"slip": "HOTLINE"}, "return_slip": None}})
    station.feed.put({"message/giving/US-0007": {"half": "giving", "sealed": {}, "return_slip": {"slip": "RETURN"}}})
    for subject, text in (("taking/1", "HOTLINE\n"), ("giving/US-0007", "RETURN\n")):
        answer = station.client().get(f"/api/slip/{subject}")
        assert (answer.status_code, answer.text) == (200, text)
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("section", [None, {"half": "taking", "sealed": None}, {"half": "giving", "return_slip": None}])
def test_no_slip_yet(section: Any) -> None:
    """A message that is not known, not sealed, or nothing goes back of."""
    station = Station()
    station.feed.put({"message/taking/1": section})
    assert station.client().get("/api/slip/taking/1").status_code == 404


def test_a_slip_of_long_ago(tmp_path: Path) -> None:
    """A message that is on the page no more: its slip is read and printed from the record; an unknown one is none."""
    record = written(tmp_path)
    one_of_each(record, "fa")
    record.flush()
    station = Station()
    station.recorded = partial(house.recorded, record.archive)
    client = station.client()
    while (answer := client.get("/api/slip/taking/1")).status_code == 503:
        assert answer.json()["code"] == "catching-up"
    assert answer.status_code == 200 and scenes.TEXTS["fa"].split()[0] in answer.text
    page = client.get("/api/slip/taking/1/page")
    assert page.status_code == 200 and 'class="slip"' in page.text
    assert client.get("/api/slip/taking/1/symbols/1").headers["content-type"] == "image/svg+xml"
    assert client.get("/api/slip/taking/2").status_code == 404
    record.close()


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_a_slip_that_agrees(language: str) -> None:
    """Whose it is, and its check words; nothing is entered."""
    sealed = message(language)
    found = check(render(sealed))
    assert (found["agrees"], found["serial"], found["title"], found["differences"]) == (True, "US-0007", "MESSAGE", [])
    assert len(found["check_words"]) == 5


def test_a_slip_that_differs_says_where() -> None:
    """By line and column, what stands there and what should."""
    text = render(message())
    found = check(text.replace("course 140", "course 150"))
    (place,) = found["differences"]
    line = text.split("\n")[place["line"] - 1]
    assert (found["agrees"], place["found"], place["expected"]) == (False, "5", "4")
    assert line[place["column"] - 1] == "4"


@pytest.mark.parametrize("text", ["", "hello", "HOTLINE SLIP 1 MESSAGE\nSERIAL: US-0007", "\0" * 30, "x" * 20_001])
def test_what_is_no_slip(text: str) -> None:
    """Said in a sentence."""
    found = check(text)
    assert found["agrees"] is False and found["differences"][0]["what"]


@pytest.mark.parametrize("body", [{}, {"text": 1}, {"text": "x", "more": 1}])
def test_a_slip_is_one_text(body: Any) -> None:
    """Nothing beside it."""
    assert post(Station().client(), "/api/slip/check", body).status_code == 422


def carried(language: str = "en") -> Station:
    station = Station()
    slip: Value = {"slip": render(message(language))}
    station.feed.put({"message/taking/1": {"half": "taking", "sealed": slip, "return_slip": None}})
    return station


def test_the_sheet_to_be_printed() -> None:
    """The slip's lines on a page with its stylesheet beside it."""
    client = carried("fa").client()
    answer = client.get("/api/slip/taking/1/page")
    assert answer.status_code == 200 and "US-0007" in answer.text
    assert 'href="/api/slip/slip.css"' in answer.text and "<script" not in answer.text
    style = client.get("/api/slip/slip.css")
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")


def test_symbols_one_by_one_until_there_is_none() -> None:
    """Pictures that a browser draws by themselves; the one after the last is not there."""
    client = carried().client()
    first = client.get("/api/slip/taking/1/symbols/1")
    assert first.headers["content-type"] == "image/svg+xml"
    assert first.text.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    count = int(first.headers["x-symbols"])
    for number, status in ((count, 200), (count + 1, 404), (0, 404)):
        assert client.get(f"/api/slip/taking/1/symbols/{number}").status_code == status
    assert Station().client().get("/api/slip/taking/1/symbols/1").status_code == 404


def test_a_picture_of_a_slip_is_its_text() -> None:
    """What a camera sees is what is typed."""
    slip = render(message())
    drawn = io.BytesIO()
    segno.make(slip, error="m", micro=False, encoding="utf-8", eci=True).save(drawn, kind="png", scale=6, border=4)
    headers = {"Content-Type": "image/png"}
    answer = Station().client().post("/api/slip/scan", content=drawn.getvalue(), headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"result": "done", "text": slip})


def test_a_picture_of_something_else() -> None:
    """Refused in a sentence."""
    answer = Station().client().post("/api/slip/scan", content=b"no picture", headers={"Content-Type": "image/png"})
    assert (answer.status_code, answer.json()["code"]) == (422, "picture")
