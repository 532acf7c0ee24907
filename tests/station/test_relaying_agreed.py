"""What the parties agreed in the dialplan, as it works in the desk process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.station.plans import write_plan
from tests.station.relay_desk import RelayDesk, kinds
from tests.station.test_relaying import CALL, await_leg

pytestmark = pytest.mark.fault
WaitUntil = Callable[..., None]


def plan_with(folder: Path, subnet: str, tables: str) -> Path:
    path = write_plan(folder, subnet)
    sides = path.read_text(encoding="utf-8")
    path.write_text(sides.replace("[sides.us]", f"{tables}\n[sides.us]", 1), encoding="utf-8")
    return path


def test_deadlines_are_in_the_record(tmp_path: Path, subnet: str, wait_until: WaitUntil) -> None:
    """The dialplan's deadline holds and is written down; changed, it holds from the next start on, and only once."""
    path = plan_with(tmp_path, subnet, "[deadlines]\ntaking = { PRIORITY = 7 }")
    desk = RelayDesk(path, "us", tmp_path / "us", wait_until)
    try:
        await_leg(desk, desk.leg(CALL, "side"), "taking/1")
        limit = {"hop": "taking", "precedence": "PRIORITY", "minutes": 7}
        desk.wait_for(lambda: desk.machine("taking/1")["limits"] == [limit], "the dialplan's deadline")
        since = int(desk.machine("taking/1")["_deadline"]["since"])
        assert int(desk.machine("taking/1")["wake_at"]) == since + 7 * 60_000_000_000
        path.write_text(path.read_text(encoding="utf-8").replace("PRIORITY = 7", "PRIORITY = 9"), encoding="utf-8")
        due = str(since + 9 * 60_000_000_000)
        for _ in range(2):
            desk.kill_and_start()
            desk.wait_for(lambda: desk.machine("taking/1")["wake_at"] == due, "the other deadline")
    finally:
        desk.close()
    assert [kind for kind, _ in kinds(tmp_path / "us")].count("MessageLimitsSet") == 2
