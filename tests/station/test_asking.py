"""A person's commands to the line: in the ledger before they are sent, done once, and dropped when nobody answers."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.base.clock import ManualClock
from bridge.desk.acts import ActError, parse
from bridge.desk.alarms import Alarms, Look
from bridge.desk.picture import Picture
from bridge.station.asking import LAPSE_S, Asking, acknowledge
from bridge.station.entries import LINE_ASKED, LINE_LAPSED
from bridge.station.relaying import Relaying
from tests.station.plans import write_plan
from tests.station.test_relaying_ledger import Desk

WHO = {"person": "op-a", "role": "operator", "console": "A"}


class AskingDesk(Desk):
    """A desk that also takes commands to its line, and a line that listens."""

    def __init__(self, folder: Path, plan: Path, clock: ManualClock) -> None:
        self.line = socket.socket(socket.AF_UNIX)
        self.line.bind(str(folder / "line.sock"))
        self.line.listen(64)
        self.line.setblocking(False)
        self.asking = Asking(folder / "line.sock", clock)
        self.alarms = Alarms()
        super().__init__(folder, plan, "us", clock)
        books = (self.asking, self.alarms)
        self.relaying = Relaying(self.relaying._plan, "us", self.outbox, clock, books)
        self.relaying.open(self.store)

    def ask(self, key: str, **command: Any) -> dict[str, Any]:
        return self.asking.perform(self.relaying, json.dumps({**WHO, "id": key, "command": command}).encode())

    def told(self) -> list[dict[str, Any]]:
        """What the line was told since the last look."""
        found = b""
        while True:
            try:
                channel, _ = self.line.accept()
            except BlockingIOError:
                return [json.loads(line) for line in found.splitlines()]
            with channel:
                channel.settimeout(5)
                while part := channel.recv(4096):
                    found += part

    def kinds(self) -> list[str]:
        return [item.kind for item in self.entries() if item.source == "desk"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[AskingDesk]:
    made = AskingDesk(tmp_path, write_plan(tmp_path, "127.20.1"), ManualClock())
    yield made
    made.store.close()
    made.line.close()


def test_written_down_then_sent_then_answered(desk: AskingDesk) -> None:
    """The line's own answer comes back, with what the command made; the id it is sent under is no key of a person."""
    first = desk.ask("desk-1-1", command="hang-up", leg="c/side-1")
    assert (first["result"], first["pending"]) == ("done", True)
    assert desk.kinds() == [LINE_ASKED]
    (told,) = desk.told()
    assert told == {"id": told["id"], "command": "hang-up", "leg": "c/side-1"} and told["id"].startswith("ask-")
    desk.hear("CommandAnswered", id=told["id"], command="hang-up", result="done", code="", detail="", leg="c/side-1")
    answered = desk.asking.answer(desk.relaying, "desk-1-1")
    assert (answered["pending"], answered["leg"], answered["seq"]) == (False, "c/side-1", first["seq"])
    desk.asking.settle(desk.relaying)
    desk.clock.advance(60)
    desk.asking.settle(desk.relaying)
    assert desk.kinds() == [LINE_ASKED] and desk.told() == []


def test_the_same_key_is_one_command(desk: AskingDesk) -> None:
    """Also after a restart; for another command it is refused."""
    desk.ask("A-1", command="ring-operator")
    again = desk.ask("A-1", command="ring-operator")
    assert again["pending"] and desk.kinds() == [LINE_ASKED] and len(desk.told()) == 1
    desk.reopen()
    assert desk.ask("A-1", command="ring-operator")["pending"]
    assert [one["command"] for one in desk.told()] == ["ring-operator"], "not answered: told again under its id"
    other = desk.ask("A-1", command="hang-up", leg="x")
    assert (other["result"], other["code"]) == ("refused", "id-taken")


def test_the_line_refuses(desk: AskingDesk) -> None:
    """Its code and sentence are the answer, now and when asked again."""
    desk.ask("A-1", command="hang-up", leg="x")
    (told,) = desk.told()
    desk.hear(
        "CommandAnswered", id=told["id"], command="hang-up", result="refused", code="no-leg", detail="no such leg"
    )
    for _ in range(2):
        answer = desk.ask("A-1", command="hang-up", leg="x")
        assert (answer["result"], answer["code"], answer["detail"]) == ("refused", "no-leg", "no such leg")


def test_what_nobody_answered_in_time_is_sent_no_more(desk: AskingDesk) -> None:
    """Nobody expects a telephone to ring ten minutes later; that it lapsed is in the record and outlives a restart."""
    desk.ask("A-1", command="ring-operator")
    desk.clock.advance(LAPSE_S / 2)
    desk.asking.settle(desk.relaying)
    assert len(desk.told()) == 2, "repeated while it may still be wanted"
    desk.clock.advance(LAPSE_S)
    desk.asking.settle(desk.relaying)
    assert desk.told() == [] and desk.kinds() == [LINE_ASKED, LINE_LAPSED]
    desk.reopen()
    desk.asking.settle(desk.relaying)
    assert desk.told() == [] and desk.kinds() == [LINE_ASKED, LINE_LAPSED]
    assert desk.ask("A-1", command="ring-operator")["code"] == "lapsed"


def test_a_bad_command_leaves_no_trace(desk: AskingDesk) -> None:
    """Refused before anything is written."""
    assert desk.ask("A-1", command="protect", call="c")["code"] == "unknown-command"
    assert desk.asking.perform(desk.relaying, b"{")["code"] == "bad-command"
    assert desk.kinds() == [] and desk.told() == []


def test_an_alarm_is_acknowledged_once(desk: AskingDesk) -> None:
    """By name; only one that stands; the same act again is the same entry."""
    act = json.dumps({**WHO, "id": "A-1", "act": "AlarmAcknowledged", "fields": {"alarm": "line-down"}}).encode()
    with pytest.raises(ActError) as caught:
        acknowledge(desk.relaying, desk.alarms, parse(act))
    assert caught.value.code == "no-alarm"
    desk.alarms.sections(Picture(), {}, Look(disk_days=41), desk.clock.now().utc_ns)
    first = acknowledge(desk.relaying, desk.alarms, parse(act))
    again = acknowledge(desk.relaying, desk.alarms, parse(act))
    assert (first["repeated"], again["repeated"], again["seq"]) == (False, True, first["seq"])
    shown: Any = desk.alarms.sections(Picture(), {}, Look(disk_days=41), desk.clock.now().utc_ns)
    assert shown["alarm/line-down"]["acknowledged_by"] == "op-a"
    desk.reopen()
    later: Any = desk.alarms.sections(Picture(), {}, Look(disk_days=41), desk.clock.now().utc_ns)
    assert later["alarm/line-down"]["acknowledged_by"] == "op-a"


@pytest.mark.parametrize("given", [{}, {"alarm": 1}, {"alarm": "x", "more": "y"}])
def test_an_alarm_is_one_name(desk: AskingDesk, given: dict[str, Any]) -> None:
    """And nothing else."""
    act = parse(json.dumps({**WHO, "id": "A-1", "act": "AlarmAcknowledged", "fields": given}).encode())
    with pytest.raises(ActError) as caught:
        acknowledge(desk.relaying, desk.alarms, act)
    assert caught.value.code == "bad-field"
