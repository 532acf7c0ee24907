"""What the parties agreed in the dialplan, as it works in the desk process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.station.plans import write_plan
from tests.station.relay_desk import RelayDesk, kinds
from tests.station.test_relaying import CALL, OFFICER, await_leg, match, reached

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


CODED = """
[[coded]]
code = "GULF"
number = 12
title = { en = "Stop and report", ar = "قف وأبلغ", fa = "توقف و گزارش" }
[coded.text]
en = "We ask you to stop all movement and report your position."
ar = "نطلب منكم وقف كل حركة والإبلاغ عن موقعكم."
fa = "از شما می‌خواهیم هر حرکتی را متوقف و موقعیت خود را گزارش کنید."
[positions.reference]
name = { en = "Point A", ar = "النقطة أ", fa = "نقطه الف" }
position = "25-30.0N 056-10.0E"
"""


def test_a_coded_message_over_the_gap(tmp_path: Path, subnet: str, wait_until: WaitUntil) -> None:
    """Sent as code and number, said in full, read back by number and title; another text under it is refused."""
    us = RelayDesk(plan_with(tmp_path, subnet, CODED), "us", tmp_path / "us", wait_until)
    (tmp_path / "far").mkdir()
    ir = RelayDesk(plan_with(tmp_path / "far", subnet, CODED), "ir", tmp_path / "far" / "ir", wait_until)
    try:
        subject, side, operator = reached(ir, coded_slip(us))
        assert [slot["text"] for slot in ir.machine(subject)["slots"]] == ["GULF 12", "Stop and report"]
        (warned,) = [one for one in ir.machine(subject)["warnings"] if one["kind"] == "coded"]
        assert warned["read_back"] == "GULF 1 2, Stop and report"
        ir.done("RelayStarted", subject)
        ir.final(operator, "gulf one two stop and report")
        ir.final(operator, "we ask you to stop all movement and report your position")
        ir.wait_for(lambda: match(ir, subject, "relay") == "equivalent", "the whole text")
        ir.done("RelayFinished", subject)
        ir.done("ReadBackBegun", subject)
        ir.final(side, "gulf one three stop and report")
        ir.wait_for(lambda: match(ir, subject, "read-back") == "altered", "another number")
        ir.done("CorrectedAloud", subject, part="read-back", finding="GULF 12")
        ir.final(side, "correction gulf one two stop and report")
        ir.wait_for(lambda: match(ir, subject, "read-back") == "equivalent", "number and title")
        for slot in ir.machine(subject)["slots"]:
            ir.done("SlotHeard", subject, slot=slot["id"])
        ir.done("ReceiptGiven", subject, person=OFFICER)
    finally:
        us.close()
        ir.close()


def coded_slip(us: RelayDesk) -> str:
    """A coded message taken; on the way what was not agreed is refused."""
    leg = us.leg(CALL, "side")
    us.leg(CALL, "operator")
    await_leg(us, leg, "taking/1")
    start, end = us.final(leg, "gulf one two stop and report")
    us.wait_for(lambda: us.machine("taking/1")["heard"], "what was heard")
    span = {"leg": leg, "from_sample": start, "to_sample": end}
    us.done("SpanMarked", "taking/1", span=span)
    us.done("Played", "taking/1", span=span)
    assert us.refused("HeaderStated", "taking/1", field="coded", value="GULF 13") == "coded"
    assert us.refused("HeaderStated", "taking/1", field="rank", value="Sultan") == "rank"
    us.done("HeaderStated", "taking/1", field="rank", value="Colonel")
    us.done("HeaderStated", "taking/1", field="tier", value="1")
    us.done("HeaderStated", "taking/1", field="coded", value="GULF 12")
    us.done("Edited", "taking/1", text="Two vessels at 25-34.5N 056-12.3E.")
    (warned,) = us.machine("taking/1")["warnings"]
    assert (warned["kind"], warned["reference"]["en"], warned["bearing_deg"]) == ("position", "Point A", 25)
    assert us.refused("ReadBackStarted", "taking/1") == "coded"
    us.done("Edited", "taking/1", coded="GULF 12")
    for slot in us.machine("taking/1")["slots"]:
        us.done("SlotHeard", "taking/1", slot=slot["id"])
    us.done("ReadBackStarted", "taking/1")
    us.done("ReadBackSaid", "taking/1", span=span)
    us.press(leg, "1")
    us.wait_state("taking/1", "confirmed")
    us.done("SealOrdered", "taking/1")
    slip = str(us.shown("taking/1", "PrintSlip")["text"])
    assert "CODED: GULF 12" in slip and "RANK: OF-5" in slip
    return slip
