"""A station whose operator may sit at a browser: its telephone is a process of the station's own."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

import psutil
import pytest

from bridge.base.dialplan import load
from bridge.station.check import Level, ports
from bridge.station.folder import listens
from tests import rig
from tests.lines.webphone_page import Page
from tests.peers.child import await_for
from tests.station.plans import write_plan

pytestmark = pytest.mark.call
START_LIMIT_S = 60.0
"""Five processes load at once, and on a full host each takes its time."""
DESK = 'id = "desk"\n'


def webphones(station: int) -> list[int]:
    """Process numbers of the station's page telephones."""
    found = []
    for child in psutil.Process(station).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # a zombie counts as one: it has no command line any more
            if "bridge.station.webphone" in child.cmdline():
                found.append(child.pid)
    return found


@pytest.fixture
def plan(tmp_path: Path, subnet: str) -> Path:
    path = write_plan(tmp_path, subnet)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(DESK, f"{DESK}page = true\n", 1), encoding="utf-8")
    return path


def test_started_and_restarted(plan: Path, tmp_path: Path) -> None:
    """The supervisor starts it with the station and again after its death; pages find the new one at the same place."""
    theatre = rig.Theatre(plan, "")
    data = tmp_path / "us"
    with rig.station(theatre, "us", data) as station:
        await_for("the socket", lambda: listens(data / "webphone.sock"), START_LIMIT_S)
        with Page(data / "webphone.sock") as page:
            page.wait_for("idle")
            (first,) = webphones(station.pid)
            rig.kill_pid(first)
            await_for("the end of the connection", lambda: page.is_closed)
        await_for("another one", lambda: [pid for pid in webphones(station.pid) if pid != first] or None, START_LIMIT_S)
        await_for("its socket", lambda: listens(data / "webphone.sock"), START_LIMIT_S)
        with Page(data / "webphone.sock") as page:
            page.wait_for("idle")
    assert station.returncode == 0


def test_none_without_a_page(plan: Path, tmp_path: Path) -> None:
    """A side without a page's handset runs no such process."""
    data = tmp_path / "ir"
    with rig.station(rig.Theatre(plan, ""), "ir", data) as station:
        await_for("the line", lambda: listens(data / "line.sock"), START_LIMIT_S)
        assert webphones(station.pid) == []


def test_its_port_is_looked_at(plan: Path, subnet: str) -> None:
    """`hotline check` names the port of the page's telephone when somebody else has it."""
    side = load(plan).side("us")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((f"{subnet}.21", 5070))
        (found,) = [finding for finding in ports(side) if finding.level is Level.UNFIT]
    assert found.where == f"{subnet}.21, port 5070"
    assert all(finding.level is Level.OK for finding in ports(side))
