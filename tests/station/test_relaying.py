"""Messages in the desk process: a whole taking, a whole giving, nothing shared but the slip, and kill -9 on the way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge.base.dialplan import load
from bridge.base.wire import Value
from bridge.station.folder import prepare
from bridge.station.following import Following
from tests.station.plans import write_plan
from tests.station.relay_desk import RelayDesk, kinds

pytestmark = pytest.mark.fault
WaitUntil = Callable[..., None]

TEXT = "Two vessels on course 140, speed 9 knots. They will turn south at 1430Z. No boarding is intended."
SPOKEN = (
    "two vessels on course one four zero speed nine knots",
    "they will turn south at one four three zero zulu",
    "no boarding is intended",
)
CALL = "us-20261123T120000Z-0001"
FAR_CALL = "ir-20261123T121000Z-0002"
OFFICER: dict[str, Value] = {"name": "A. Rad", "role": "Watch officer"}


@pytest.fixture
def us(tmp_path: Path, subnet: str, wait_until: WaitUntil) -> Iterator[RelayDesk]:
    made = RelayDesk(write_plan(tmp_path, subnet), "us", tmp_path / "us", wait_until)
    yield made
    made.close()


@pytest.fixture
def ir(tmp_path: Path, subnet: str, wait_until: WaitUntil) -> Iterator[RelayDesk]:
    (tmp_path / "far").mkdir()
    made = RelayDesk(write_plan(tmp_path / "far", subnet), "ir", tmp_path / "far" / "ir", wait_until)
    yield made
    made.close()


def await_leg(desk: RelayDesk, leg: str, subject: str) -> None:
    """Open a statement as soon as the desk knows of the leg."""
    desk.wait_for(lambda: desk.act("Opened", subject, leg=leg, precedence="PRIORITY")["result"] == "done", "the leg")


def drafted(desk: RelayDesk, subject: str) -> str:
    """A statement heard and written down, all its items heard: ready to be read back. Returns the side's leg."""
    leg = desk.leg(CALL, "side")
    desk.leg(CALL, "operator")
    await_leg(desk, leg, subject)
    spans = [desk.final(leg, part) for part in SPOKEN]
    desk.wait_for(lambda: len(desk.machine(subject)["heard"]) == len(SPOKEN), "all that was heard")
    span = {"leg": leg, "from_sample": spans[0][0], "to_sample": spans[-1][1]}
    desk.done("SpanMarked", subject, span=span)
    desk.done("Played", subject, span=span)
    desk.done("HeaderStated", subject, field="name", value="J. Smith")
    desk.done("IdentityChecked", subject, identity="CHALLENGE ANSWERED")
    desk.done("Edited", subject, text=TEXT.replace("140", "145"))
    desk.done("Edited", subject, text=TEXT)
    for slot in desk.machine(subject)["slots"]:
        desk.done("SlotHeard", subject, slot=slot["id"])
    return leg


def sealed(desk: RelayDesk, subject: str) -> str:
    """A whole taking; returns the slip."""
    leg = drafted(desk, subject)
    desk.done("ReadBackStarted", subject)
    assert desk.shown(subject, "SayReadBack")["text"] == TEXT
    desk.done("ReadBackSaid", subject, span={"leg": f"{CALL}/operator-2", "from_sample": 0, "to_sample": 9000})
    desk.press(leg, "1")
    desk.wait_state(subject, "confirmed")
    desk.done("SealOrdered", subject)
    return str(desk.shown(subject, "PrintSlip")["text"])


def test_a_whole_taking(us: RelayDesk) -> None:
    """From the first word to the slip; what a person said by key counts only after the text was read to him."""
    leg = drafted(us, "taking/1")
    us.press(leg, "1")  # of no meaning before the read-back
    assert us.refused("SealOrdered", "taking/1") == "no-such-move"
    us.done("ReadBackStarted", "taking/1")
    us.press(leg, "1")
    us.done("ReadBackSaid", "taking/1", span={"leg": leg, "from_sample": 0, "to_sample": 9000})
    us.press(leg, "2")
    us.wait_state("taking/1", "drafting")
    us.done("ReadBackStarted", "taking/1")
    us.done("ReadBackSaid", "taking/1", span={"leg": leg, "from_sample": 0, "to_sample": 9000})
    us.press(leg, "1")
    us.wait_state("taking/1", "confirmed")
    us.done("SealOrdered", "taking/1")
    slip = us.shown("taking/1", "PrintSlip")["text"]
    assert "SERIAL: US-0001" in slip and "CHECK WORDS EN:" in slip and "ORIGINATOR: J. Smith" in slip
    machine = us.machine("taking/1")
    assert [one["text"] for one in machine["heard"]] == list(SPOKEN)
    assert [one["text"] for one in machine["drafts"]] == [TEXT.replace("140", "145"), TEXT]
    by_act = [data["act"] for _, data in kinds(us.folder.root) if "act" in data]
    assert all((one["person"], one["role"], one["console"]) == ("op-a", "operator", "A") for one in by_act)


def test_an_act_is_done_once(us: RelayDesk) -> None:
    """The same id twice is one draft; the same id for another act is refused; neither survives a kill differently."""
    leg = us.leg(CALL, "side")
    await_leg(us, leg, "taking/1")
    first = us.act("Edited", "taking/1", act_id="A-7", text=TEXT)
    again = us.act("Edited", "taking/1", act_id="A-7", text=TEXT)
    assert (first["repeated"], again["repeated"], again["seq"]) == (False, True, first["seq"])
    us.kill_and_start()
    assert us.act("Edited", "taking/1", act_id="A-7", text=TEXT)["seq"] == first["seq"]
    other = us.act("Edited", "taking/1", act_id="A-7", text="Something else.")
    assert (other["result"], other["code"]) == ("refused", "id-taken")
    assert len(us.machine("taking/1")["drafts"]) == 1


def test_refusals(us: RelayDesk) -> None:
    """Each is a code and a sentence, and nothing has changed."""
    leg = us.leg(CALL, "side")
    await_leg(us, leg, "taking/1")
    assert us.refused("SealOrdered", "taking/1") == "no-such-move"
    assert us.refused("Edited", "taking/2", text="x") == "no-such-message"
    assert us.refused("Opened", "taking/2", leg="nobody/side-1") == "no-leg"
    assert us.refused("Opened", "taking/2", leg=leg, kind="REPLY", cites="IR-0001") == "not-ready"
    assert us.refused("Compared", "taking/1") == "unknown-act"
    assert us.refused("Confirmed", "taking/1", how="digit", leg=leg, digit="1") == "bad-field"
    assert us.refused("SlipTyped", text="HOTLINE SLIP 1 MESSAGE") == "slip"
    assert us.send(b"{")["code"] == "bad-act"
    us.done("Edited", "taking/1", text="Speed 9 knots €.")
    assert us.refused("ReadBackStarted", "taking/1") == "not-ready"


def test_the_page_hands_in_the_same_bytes(tmp_path: Path, subnet: str) -> None:
    """From another thread, without the socket; what the disk holds then is what the answer says."""
    plan = load(write_plan(tmp_path, subnet))
    folder = prepare(tmp_path / "us")
    following = Following(folder, plan, "us")
    following.open()
    try:
        who = {"id": "P-1", "person": "op-a", "role": "operator", "console": "page"}
        shown = following.submit(json.dumps({**who, "act": "StateAsked"}).encode()).result(10)
        refused = following.submit(json.dumps({**who, "act": "Filed", "subject": "taking/1"}).encode()).result(10)
    finally:
        following.stop()
    assert (shown["result"], refused["code"]) == ("done", "no-such-message")
    assert kinds(folder.root) == []
    assert not folder.desk_socket.exists()


def reached(ir: RelayDesk, slip: str) -> tuple[str, str, str]:
    """The slip typed in, the far side called and on the line; returns subject, the side's leg and the operator's."""
    subject = "giving/US-0001"
    ir.done("SlipTyped", text=slip, by="op-b")
    command = ir.await_command("call")
    assert (command["tier"], command["precedence"]) == ("1", "PRIORITY")
    operator = ir.leg(FAR_CALL, "operator")
    ir.obey(command, FAR_CALL)
    ir.wait_state(subject, "calling")
    side = ir.leg(FAR_CALL, "side", "watch")
    ir.line.append("LadderEnded", {"call": FAR_CALL, "result": "answered", "contact": "watch"})
    ir.wait_state(subject, "answered")
    ir.done("PrincipalAsked", subject, by="op-b")
    ir.done("PersonNamed", subject, by="op-b", contact="watch", person=OFFICER)
    return subject, side, operator


def match(desk: RelayDesk, subject: str, part: str) -> str:
    found = [one for one in desk.machine(subject)["said"]["compared"] if one["part"] == part]
    return str(found[0]["match"]) if found else ""


def relayed(ir: RelayDesk, subject: str, operator: str) -> None:
    """Said wrongly, flagged while it is said, corrected aloud, said to the end."""
    ir.done("RelayStarted", subject, by="op-b")
    ir.await_command("protect")
    ir.partial(operator, "two vessels on course")
    ir.wait_for(lambda: match(ir, subject, "relay") in ("verbatim", "equivalent"), "a faithful beginning")
    ir.partial(operator, "two vessels on course one four zero speed nineteen knots they will turn")
    ir.wait_for(lambda: match(ir, subject, "relay") == "altered", "the changed number while it is said")
    (finding,) = ir.shown(subject, "DifferencesFound")["findings"]
    assert (finding["sealed"], finding["heard"]) == ("9", "nineteen")
    assert ir.refused("RelayFinished", subject, by="op-b") == "not-settled"
    ir.final(operator, "two vessels on course one four zero speed nineteen knots")
    assert ir.act("RelayFinished", subject, by="op-b")["code"] == "not-ready"
    ir.done("CorrectedAloud", subject, by="op-b", part="relay", finding="9 knots")
    ir.final(operator, "correction speed nine knots")
    for part in SPOKEN[1:]:
        ir.final(operator, part)
    ir.wait_for(lambda: match(ir, subject, "relay") in ("verbatim", "equivalent"), "the corrected text")
    ir.done("RelayFinished", subject, by="op-b")


def read_back(ir: RelayDesk, subject: str, side: str) -> None:
    ir.done("ReadBackBegun", subject, by="op-b")
    for part in SPOKEN:
        ir.final(side, part)
    ir.wait_for(lambda: match(ir, subject, "read-back") in ("verbatim", "equivalent"), "the read-back")
    for slot in ir.machine(subject)["slots"]:
        ir.done("SlotHeard", subject, by="op-b", slot=slot["id"])
    ir.done("ReceiptGiven", subject, by="op-b", person=OFFICER)


def test_all_is_said_only_when_both_recognisers_have_heard_it(us: RelayDesk, ir: RelayDesk) -> None:
    """A word that the first misheard would be called altered, a moment before the second puts it right."""
    subject, _, operator = reached(ir, sealed(us, "taking/1"))
    ir.followed(operator, "whisper")
    ir.done("RelayStarted", subject, by="op-b")
    for part in SPOKEN[:-1]:
        ir.final(operator, part)
        ir.checked(operator, part)
    ir.final(operator, SPOKEN[-1].replace("no ", ""))
    ir.wait_for(lambda: match(ir, subject, "relay") not in ("", "verbatim", "equivalent"), "a word of the first alone")
    assert ir.refused("RelayFinished", subject, by="op-b") == "not-settled"
    ir.checked(operator, SPOKEN[-1])
    ir.wait_for(lambda: match(ir, subject, "relay") in ("verbatim", "equivalent"), "the second hearing")
    ir.done("RelayFinished", subject, by="op-b")


def test_over_the_gap_and_back(us: RelayDesk, ir: RelayDesk) -> None:
    """Nothing but the slip's text goes over; a changed number is flagged while it is said; a return closes it."""
    slip = sealed(us, "taking/1")
    us.done("SlipCarried", "taking/1")
    wrong = slip.replace("140", "150")
    assert ir.refused("SlipTyped", text=wrong) == "slip-differs"
    subject, side, operator = reached(ir, slip)
    assert ir.refused("SlipTyped", text=slip) == "slip-repeated"
    relayed(ir, subject, operator)
    read_back(ir, subject, side)
    receipt = ir.shown(subject, "PrintReturn")["text"]
    ir.await_command("release")
    ir.done("Acknowledged", subject, by="op-b", person=OFFICER, authority="General Staff", is_authorised=True)
    ir.hang_up(side)
    ir.wait_for(lambda: ir.machine(subject)["leg"] == "", "the end of the call")
    ir.done("ReplyStated", subject, by="op-b", reply="NOT NEEDED")
    ir.done("Filed", subject, by="op-b")
    closing = ir.shown(subject, "PrintReturn")["text"]
    for text in (receipt, closing):
        us.done("SlipTyped", text=text)
        us.done("OriginatorTold", "taking/1")
    us.done("Filed", "taking/1")
    assert (us.machine("taking/1")["outcome"], ir.machine(subject)["outcome"]) == ("ACKNOWLEDGED", "ACKNOWLEDGED")
    assert {command["command"] for command in ir.commanded()} == {"call", "protect", "release"}
    assert us.commanded() == []


def test_killed_at_every_stage_of_giving(us: RelayDesk, ir: RelayDesk) -> None:
    """After each kill -9 the state is the same, and the line is told nothing that it has done."""
    slip = sealed(us, "taking/1")
    assert survives(us)
    subject, side, operator = reached(ir, slip)
    assert survives(ir)
    relayed(ir, subject, operator)
    assert survives(ir)
    read_back(ir, subject, side)
    assert survives(ir)
    assert [command["command"] for command in ir.commanded()] == ["call", "protect", "release"]
    own = kinds(ir.folder.root)
    issued = Counter(data["id"] for kind, data in own if kind == "CommandIssued")
    assert max(issued.values()) == 1


def survives(desk: RelayDesk) -> bool:
    """Whether a kill and a new start give the same state and shown commands, without another entry."""
    before, entries = desk.done("StateAsked"), len(kinds(desk.folder.root))
    desk.kill_and_start()
    after = desk.done("StateAsked")
    return (before["state"], before["shown"], entries) == (after["state"], after["shown"], len(kinds(desk.folder.root)))


def test_killed_between_the_entry_and_the_line(us: RelayDesk, ir: RelayDesk) -> None:
    """The call that a slip asks for is asked again after a kill under the same id, until the line answers it."""
    ir.done("SlipTyped", text=sealed(us, "taking/1"))
    first = ir.await_command("call")
    ir.kill_and_start()
    ir.wait_for(lambda: bool(ir.commanded()) and [one["id"] for one in ir.commands].count(first["id"]) > 1, "repeats")
    assert {one["id"] for one in ir.commands} == {first["id"]}
    ir.obey(first, FAR_CALL)
    ir.wait_state("giving/US-0001", "calling")
    ir.line.append("AttemptEnded", {"call": FAR_CALL, "contact": "watch", "outcome": "no-answer"})
    ir.line.append("LadderEnded", {"call": FAR_CALL, "result": "exhausted", "contact": ""})
    ir.wait_state("giving/US-0001", "ready")
    (attempt,) = ir.machine("giving/US-0001")["attempts"]
    assert (attempt["contact"], attempt["outcome"]) == ("watch", "no-answer")


def test_the_checkers_hearing_counts(us: RelayDesk, ir: RelayDesk) -> None:
    """Where the second engine heard the sealed value, one recogniser's other number is no alteration."""
    subject, _, operator = reached(ir, sealed(us, "taking/1"))
    ir.done("RelayStarted", subject)
    ir.final(operator, f"two vessels on course one four zero speed five knots {SPOKEN[1]}")
    ir.wait_for(lambda: match(ir, subject, "relay") == "altered", "the number as one engine heard it")
    ir.checked(operator, f"{SPOKEN[0]} {SPOKEN[1]}")
    ir.wait_for(lambda: match(ir, subject, "relay") in ("verbatim", "equivalent"), "the number as both heard it")


def test_nothing_heard_is_for_a_persons_ear(us: RelayDesk, ir: RelayDesk) -> None:
    """Without any recogniser's text a person listens; nothing is altered, nothing passes by itself."""
    subject, _, operator = reached(ir, sealed(us, "taking/1"))
    ir.done("RelayStarted", subject)
    assert ir.act("RelayFinished", subject)["code"] == "not-ready"
    assert match(ir, subject, "relay") == "check"
    ir.done("Judged", subject, part="relay", span={"leg": operator, "from_sample": 0, "to_sample": 9000})
    ir.done("RelayFinished", subject)


def test_the_line_is_lost_while_it_is_said(us: RelayDesk, ir: RelayDesk) -> None:
    """The message goes back to be said again whole, the side is called again, and the call is protected no more."""
    subject, side, operator = reached(ir, sealed(us, "taking/1"))
    ir.done("RelayStarted", subject)
    ir.final(operator, SPOKEN[0])
    ir.wait_for(lambda: match(ir, subject, "relay"), "a comparison")
    ir.hang_up(side)
    ir.wait_state(subject, "ready")
    ir.await_command("call", 2)
    ir.await_command("release")
    assert ir.machine(subject)["said"]["compared"] == []
