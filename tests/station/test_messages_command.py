"""`hotline messages` and `hotline replay`: the record of a station that runs, read and not touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.station.plans import write_plan
from tests.station.relay_desk import RelayDesk, kinds
from tests.station.test_cli import hotline
from tests.station.test_relaying import sealed

pytestmark = pytest.mark.fault
WaitUntil = Callable[..., None]


def test_a_running_station_is_read(tmp_path: Path, subnet: str, wait_until: WaitUntil) -> None:
    """While it takes acts, and after it has ended; every entry of a message in words; nothing is added."""
    desk = RelayDesk(write_plan(tmp_path, subnet), "us", tmp_path / "us", wait_until)
    data = str(tmp_path / "us")
    try:
        sealed(desk, "taking/1")
        (row,) = json.loads(hotline("messages", "--data", data, "--json").stdout)
        desk.done("SlipCarried", "taking/1")
        told = hotline("replay", "US-0001", "--data", data)
    finally:
        desk.close()
    assert (row["serial"], row["state"], row["precedence"], row["originator"]) == (
        "US-0001",
        "sealed",
        "PRIORITY",
        "J. Smith",
    )
    assert [held["hop"] for held in row["tracer"]] == ["taking", "carrying"]
    own = [data for _, data in kinds(tmp_path / "us") if data.get("subject") == "taking/1"]
    assert len(told.stdout.splitlines()) == len(own)
    assert "op-a (A)         seals it" in told.stdout and "the slip leave the station" in told.stdout
    listed = hotline("messages", "--data", data)
    assert "US-0001  taking  PRIORITY STATEMENT  us to ir" in listed.stdout and "state carried" in listed.stdout
    rows = json.loads(hotline("replay", "taking/1", "--data", data, "--json").stdout)
    assert [one["what"] for one in rows][-1] == "has let the slip leave the station"
    assert len([data for _, data in kinds(tmp_path / "us") if data.get("subject") == "taking/1"]) == len(own)


def test_what_is_not_there(tmp_path: Path, subnet: str, wait_until: WaitUntil) -> None:
    """No ledger: 2, and none is made. No such message: 1, with those that are there."""
    none = hotline("messages", "--data", str(tmp_path / "none"))
    assert (none.returncode, none.stdout) == (2, "") and "no ledger" in none.stderr
    assert not (tmp_path / "none").exists()
    desk = RelayDesk(write_plan(tmp_path, subnet), "us", tmp_path / "us", wait_until)
    try:
        desk.state()
        empty = hotline("messages", "--data", str(tmp_path / "us"))
        missing = hotline("replay", "US-0009", "--data", str(tmp_path / "us"))
    finally:
        desk.close()
    assert (empty.returncode, empty.stdout) == (0, "")
    assert missing.returncode == 1 and "no message 'US-0009' is in this record; there are: none" in missing.stderr
