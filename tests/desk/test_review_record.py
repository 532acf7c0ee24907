"""The record of real desk processes: a message that was taken here and given there, read where each half is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.station.plans import write_plan
from tests.station.test_page import PageDesk
from tests.station.test_relaying import FAR_CALL, SPOKEN, TEXT, reached, read_back, relayed, sealed

pytestmark = pytest.mark.fault
WaitUntil = Callable[..., None]


class ReadDesk(PageDesk):
    def read(self, path: str, **query: str) -> Any:
        answer = httpx.get(f"{self.url}/api/review/{path}", params=query, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def columns(self, subject: str) -> dict[str, Any]:
        return {one["column"]: one for one in self.read(f"messages/{subject}")["columns"]}


@pytest.fixture
def us(tmp_path: Path, subnet: str, wait_until: WaitUntil) -> Iterator[ReadDesk]:
    made = ReadDesk(write_plan(tmp_path, subnet), "us", tmp_path / "us", wait_until)
    made.await_page()
    yield made
    made.close()


@pytest.fixture
def ir(tmp_path: Path, subnet: str, wait_until: WaitUntil) -> Iterator[ReadDesk]:
    (tmp_path / "far").mkdir()
    made = ReadDesk(write_plan(tmp_path / "far", subnet), "ir", tmp_path / "far" / "ir", wait_until)
    made.await_page()
    yield made
    made.close()


def texts(column: Any) -> list[str]:
    return [said["text"] for said in column["runs"][0]["utterances"]]


def taken_and_given(us: ReadDesk, ir: ReadDesk) -> str:
    slip = sealed(us, "taking/1")
    subject, side, operator = reached(ir, slip)
    relayed(ir, subject, operator)
    read_back(ir, subject, side)
    return subject


def test_each_station_reads_its_half(us: ReadDesk, ir: ReadDesk) -> None:
    """Four columns in all, two at each; the number that was said wrongly stays found, put right as it was."""
    subject = taken_and_given(us, ir)
    here, there = us.columns("taking/1"), ir.columns(subject)
    assert texts(here["spoken"]) == list(SPOKEN) and here["sealed"]["text"] == there["sealed"]["text"] == TEXT
    assert [here[name]["held_by"] for name in ("relayed", "read-back")] == ["ir", "ir"]
    assert there["spoken"]["held_by"] == "us"
    assert texts(there["relayed"])[1] == "correction speed nine knots"
    assert texts(there["read-back"]) == list(SPOKEN)
    wrong = next(one for one in there["relayed"]["findings"] if one["sealed"] == "9")
    assert (wrong["heard"], wrong["stands"], wrong["audio"]["leg"]) == ("nineteen", False, f"{FAR_CALL}/operator-1")
    assert there["relayed"]["match"] in ("verbatim", "equivalent")
    acts = [(step["act"], step["person"]) for step in ir.read(f"messages/{subject}")["history"]]
    assert ("CorrectedAloud", "op-b") in acts and ("ReceiptGiven", "op-b") in acts
