"""Messages and their ledger: any beginning of the record is a point to go on from, and a disk may refuse."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.base import wire
from bridge.base.clock import ManualClock
from bridge.base.dialplan import load
from bridge.base.errors import StorageError
from bridge.base.wire import Entry, Value
from bridge.desk import acts
from bridge.desk.intake import entry_of
from bridge.ledger.entry import Record
from bridge.ledger.store import Place, Store, sqlite_url
from bridge.relay.replay import replay
from bridge.station.entries import ISSUED, SOURCE
from bridge.station.outbox import Outbox
from bridge.station.relaying import Relaying
from tests.station.plans import write_plan

TEXT = "Two vessels on course 140, speed 9 knots."
SPOKEN = "two vessels on course one four zero speed nine knots"
CALL = "ir-20261123T121000Z-0002"
OFFICER: dict[str, Value] = {"name": "A. Rad", "role": "Watch officer"}


class FailingStore(Store):
    """A ledger whose disk refuses some writes, before or after they have reached it."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.fail_before = self.fail_after = 0
        """Which write of the desk fails, from 1; 0 for none."""

    def append(self, place: Place, entries: Any) -> list[Record]:
        if place.source == SOURCE:
            self.fail_before -= 1
            self.fail_after -= 1
            if self.fail_before == 0:
                raise StorageError("the disk refused")
        written = super().append(place, entries)
        if place.source == SOURCE and self.fail_after == 0:
            raise StorageError("the disk wrote and did not say so")
        return written


class Desk:
    """The messages of one station on a ledger, without a process."""

    def __init__(self, folder: Path, plan: Path, side: str, clock: ManualClock) -> None:
        self.url = sqlite_url(folder / f"{side}.db")
        self.side = side
        self.clock = clock
        self.outbox = Outbox(folder / "nobody.sock")
        self.relaying = Relaying(load(plan), side, self.outbox, clock)
        self.store = FailingStore(self.url)
        self.relaying.open(self.store)
        self._line = 0
        self._acts = 0

    def reopen(self) -> None:
        self.store.close()
        self.store = FailingStore(self.url)
        self.relaying.open(self.store)
        self.relaying.settle()

    def hear(self, kind: str, **data: Value) -> None:
        """An entry of the line, which is in the ledger before the messages know of it."""
        self._line += 1
        now = self.clock.advance(1.0)
        entry = Entry(self._line, now.utc, now.mono_ns, now.sync.value, kind, data)
        self.store.append(Place("line", entry.seq, 0, hashlib.sha256(wire.encode(entry)).digest()), [entry])
        self.relaying.take(entry)
        self.relaying.settle()

    def leg(self, role: str, contact: str = "") -> str:
        name = f"{CALL}/{role}-1"
        self.hear("Dialled", call=CALL, leg=name, role=role, contact=contact)
        self.hear("TrackOpened", leg=name, language="en", rate_hz=8000, t0_utc=self.clock.now().utc)
        self.hear("Answered", leg=name)
        return name

    def say(self, leg: str, number: int, text: str, seconds: int) -> None:
        """A settled utterance that ends so many seconds after the track's beginning."""
        span: dict[str, Value] = {"from_sample": (seconds - 5) * 8000, "to_sample": seconds * 8000}
        self.hear("Final", leg=leg, utterance=number, text=text, engine="moonshine", **span)

    def act(self, name: str, subject: str = "", act_id: str = "", **fields: Any) -> dict[str, Any]:
        self._acts += 1
        who = {"person": "op-a", "role": "operator", "console": "A"}
        asked = {"id": act_id or f"A-{self._acts}", **who, "act": name, "subject": subject, "fields": fields}
        return self.relaying.perform(json.dumps(asked).encode())

    def done(self, name: str, subject: str = "", **fields: Any) -> dict[str, Any]:
        answer = self.act(name, subject, **fields)
        assert answer["result"] == "done", answer
        return answer

    def entries(self) -> list[Record]:
        return list(self.store.read())

    def machine(self, subject: str) -> dict[str, Any]:
        found: Any = self.relaying.relay.snapshot()["machines"]
        machine: dict[str, Any] = found[subject]
        return machine


Maker = Callable[[str], Desk]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Maker]:
    made: list[Desk] = []

    def one(side: str) -> Desk:
        made.append(Desk(tmp_path, write_plan(tmp_path, "127.20.1"), side, ManualClock()))
        return made[-1]

    yield one
    for desk in made:
        desk.store.close()


def taken(us: Desk) -> str:
    """A whole taking; the slip."""
    leg = us.leg("side")
    us.done("Opened", "taking/1", leg=leg, precedence="FLASH")
    us.say(leg, 1, SPOKEN, 30)
    span = {"leg": leg, "from_sample": 0, "to_sample": 240_000}
    for name in ("SpanMarked", "Played"):
        us.done(name, "taking/1", span=span)
    us.done("NightModeDeclared", "taking/1", reason="one on watch")
    us.done("Edited", "taking/1", text=TEXT)
    for slot in us.machine("taking/1")["slots"]:
        us.done("SlotHeard", "taking/1", slot=slot["id"])
    us.done("ReadBackStarted", "taking/1")
    us.done("ReadBackSaid", "taking/1", span=span)
    us.hear("DigitHeard", leg=leg, digit="1")
    us.done("SealOrdered", "taking/1")
    slip: Any = us.relaying.shown["taking/1"]["PrintSlip"]
    return str(slip["text"])


def given(ir: Desk, slip: str) -> None:
    """A whole giving up to the receipt."""
    subject = "giving/US-0001"
    ir.done("SlipTyped", text=slip)
    (name,) = ir.outbox.waiting
    operator = ir.leg("operator")
    ir.hear("CommandAnswered", id=name, command="call", result="done", call=CALL)
    ir.hear("AttemptEnded", call=CALL, contact="watch", outcome="busy")
    side = ir.leg("side", "watch")
    ir.hear("LadderEnded", call=CALL, result="answered", contact="watch")
    ir.done("PrincipalAsked", subject)
    ir.done("PersonNamed", subject, person=OFFICER, contact="watch")
    ir.done("NightModeDeclared", subject, reason="one on watch")
    ir.done("RelayStarted", subject)
    ir.say(operator, 1, "two vessels on course one five zero speed nine knots", 60)
    ir.done("CorrectedAloud", subject, part="relay", finding="course")
    ir.say(operator, 2, "correction i say again", 70)
    ir.done("RelayStarted", subject)
    ir.say(operator, 3, SPOKEN, 120)
    ir.done("RelayFinished", subject)
    ir.done("ReadBackBegun", subject)
    ir.say(side, 1, SPOKEN, 200)
    for slot in ir.machine(subject)["slots"]:
        ir.done("SlotHeard", subject, slot=slot["id"])
    ir.done("ReceiptGiven", subject, person=OFFICER)


def commands_of(desk: Desk) -> Counter[str]:
    return Counter(item.data["id"] for item in desk.entries() if item.kind == ISSUED)  # type: ignore[misc]


def test_the_ledger_alone_gives_the_state(make: Maker) -> None:
    """What was written replays to what is in memory, with no help from the desk."""
    us, ir = make("us"), make("ir")
    given(ir, taken(us))
    for desk in (us, ir):
        alone = replay(desk.side, map(entry_of, desk.entries()))
        assert alone.snapshot() == desk.relaying.relay.snapshot()
        assert set(commands_of(desk).values()) == {1}
    assert ir.machine("giving/US-0001")["state"] == "receipted"


def test_a_kill_after_any_entry(make: Maker, tmp_path: Path) -> None:
    """From every beginning of the record: what was owed and asked for then is made up for, once, and stays so."""
    us, ir = make("us"), make("ir")
    given(ir, taken(us))
    whole = ir.entries()
    plan = load(write_plan(tmp_path, "127.20.1"))
    for length in range(1, len(whole) + 1):
        store = Store(sqlite_url(tmp_path / f"cut-{length}.db"))
        for item in whole[:length]:
            store.append(Place(item.source, item.source_seq, 0, b""), [entry_of(item)])
        relaying = Relaying(plan, "ir", Outbox(tmp_path / "nobody.sock"), ir.clock)
        relaying.open(store)
        relaying.settle()
        issued = Counter(item.data["id"] for item in store.read() if item.kind == ISSUED)
        assert set(issued.values()) <= {1}
        assert not relaying._due
        after, count = relaying.relay.snapshot(), store.length
        relaying.open(store)
        relaying.settle()
        assert (relaying.relay.snapshot(), store.length) == (after, count), f"after {length} entries"
        store.close()


@pytest.mark.parametrize("when", ["fail_before", "fail_after"])
@pytest.mark.parametrize("which", [1, 2])
def test_a_disk_that_refuses(make: Maker, when: str, which: int) -> None:
    """Nothing is done on a write that failed; the act repeated under its id is done once, whatever reached the disk."""
    us = make("us")
    leg = us.leg("side")
    us.done("Opened", "taking/1", leg=leg)
    setattr(us.store, when, which)
    with pytest.raises(StorageError):
        us.act("Edited", "taking/1", act_id="E-1", text=TEXT)
    us.reopen()
    answer = us.act("Edited", "taking/1", act_id="E-1", text=TEXT)
    assert (answer["result"], answer["repeated"]) == ("done", when == "fail_after" or which > 1)
    assert len(us.machine("taking/1")["drafts"]) == 1
    assert us.machine("taking/1")["slots"]


def test_night_mode_is_announced_while_the_party_is_on_the_line(make: Maker) -> None:
    """The line is asked to tell the side; once it has hung up nobody is told any more."""
    us = make("us")
    leg = us.leg("side")
    us.done("Opened", "taking/1", leg=leg, precedence="FLASH")
    us.done("NightModeDeclared", "taking/1", reason="one on watch")
    (asked,) = us.outbox.waiting.values()
    assert {**asked.command, "id": ""} == {"id": "", "command": "announce", "leg": leg, "announcement": "night"}
    us.hear("LegEnded", leg=leg, call=CALL, outcome="answered")
    assert us.outbox.waiting == {}


def test_deadlines_pass_by_themselves(make: Maker) -> None:
    """A FLASH that is not sealed in ten minutes raises the alarm once, and again after five more."""
    us = make("us")
    us.done("Opened", "taking/1", leg=us.leg("side"), precedence="FLASH")
    us.clock.advance(599)
    us.relaying.settle()
    assert "RaiseOverdue" not in us.relaying.shown.get("taking/1", {})
    for minutes, seconds in ((10, 60), (15, 300)):
        us.clock.advance(seconds)
        us.relaying.settle()
        us.relaying.settle()
        shown: Any = us.relaying.shown["taking/1"]["RaiseOverdue"]
        assert shown["minutes"] in (minutes, minutes + 1)
    assert sum(item.kind == "MessageDeadlinePassed" for item in us.entries()) == 2


def test_a_ledger_of_another_station(make: Maker, tmp_path: Path) -> None:
    """The messages are not guessed: no act is taken, and it is said why."""
    us = make("us")
    taken(us)
    other = Relaying(load(write_plan(tmp_path, "127.20.1")), "ir", Outbox(tmp_path / "nobody.sock"), us.clock)
    other.open(us.store)
    assert other.trouble == "messages-not-ready"
    other.settle()
    answer = other.perform(b'{"id":"1","person":"a","role":"b","console":"c","act":"StateAsked"}')
    assert (answer["result"], answer["code"]) == ("refused", "messages-not-ready")


def test_an_engaged_line_is_asked_again(make: Maker) -> None:
    """Refused because another call is on the line: asked again, under a new id, when that has ended, and only then."""
    us, ir = make("us"), make("ir")
    ir.done("SlipTyped", text=taken(us))
    (first,) = ir.outbox.waiting
    ir.hear("CommandAnswered", id=first, command="call", result="refused", code="line-engaged")
    assert (ir.machine("giving/US-0001")["state"], len(ir.outbox.waiting)) == ("ready", 0)
    ir.hear("CallEnded", call="another")
    (second,) = ir.outbox.waiting
    assert second != first
    ir.reopen()
    assert list(ir.outbox.waiting) == [second]
    ir.hear("CommandAnswered", id=second, command="call", result="done", call=CALL)
    assert ir.machine("giving/US-0001")["state"] == "calling"
    ir.hear("LadderEnded", call=CALL, result="stopped", contact="")
    assert ir.machine("giving/US-0001")["state"] == "ready"


def test_another_tier_while_it_rings(make: Maker) -> None:
    """What an operator asks for meanwhile is called when the present ladder has ended, which is not lost sight of."""
    us, ir = make("us"), make("ir")
    ir.done("SlipTyped", text=taken(us))
    (first,) = ir.outbox.waiting
    ir.hear("CommandAnswered", id=first, command="call", result="done", call=CALL)
    ir.done("TierChosen", "giving/US-0001", tier=1)
    (second,) = ir.outbox.waiting
    assert ir.outbox.waiting[second].sent_at is None
    ir.hear("LadderEnded", call=CALL, result="exhausted", contact="")
    assert ir.machine("giving/US-0001")["state"] == "ready"
    assert ir.outbox.waiting[second].sent_at is not None


def test_somebody_of_the_side_is_on_the_line_anyhow(make: Maker) -> None:
    """An operator may give a message to who has called by himself; not to a leg that is gone or an operator's."""
    us, ir = make("us"), make("ir")
    ir.done("SlipTyped", text=taken(us))
    side, operator = ir.leg("side"), ir.leg("operator")
    assert ir.act("CallAnswered", "giving/US-0001", leg=operator, contact="")["code"] == "no-leg"
    ir.done("CallAnswered", "giving/US-0001", leg=side, contact="")
    ir.hear("LegEnded", leg=side, call=CALL, role="side", outcome="hung-up")
    assert ir.machine("giving/US-0001")["state"] == "ready"
    assert ir.act("CallAnswered", "giving/US-0001", leg=side, contact="")["code"] == "no-leg"


def test_the_end_of_a_talk_is_no_attempt_in_vain(make: Maker) -> None:
    """The line lists the leg that was talked on as well, after the next call may have been asked for."""
    us, ir = make("us"), make("ir")
    ir.done("SlipTyped", text=taken(us))
    (first,) = ir.outbox.waiting
    ir.hear("CommandAnswered", id=first, command="call", result="done", call=CALL)
    side = ir.leg("side", "watch")
    ir.hear("LegEnded", leg=side, call=CALL, role="side", outcome="answered")
    ir.clock.advance(1)
    ir.relaying.settle()
    (second,) = ir.outbox.waiting
    ir.hear("AttemptEnded", call=CALL, contact="watch", outcome="answered")
    ir.hear("CommandAnswered", id=second, command="call", result="done", call=CALL)
    assert (ir.machine("giving/US-0001")["state"], ir.machine("giving/US-0001")["attempts"]) == ("calling", [])


def test_whatever_is_sent_is_answered(make: Maker) -> None:
    """Every act with any fields of any form: an answer that can be written down, and a desk that goes on."""
    us = make("us")
    us.done("Opened", "taking/1", leg=us.leg("side"))
    seed = random.randrange(1 << 30)
    print("seed", seed)
    chosen = random.Random(seed)
    values: list[Any] = [None, True, -1, 1 << 70, 1.5, "", "x", "\u202e", "a" * 9000, [], [[]], {}, {"leg": "a"}]
    names = [*acts.ALLOWED, acts.SLIP_TYPED, acts.STATE_ASKED, "Compared", "x" * 500]
    fields = ["text", "span", "leg", "how", "slot", "value", "field", "precedence", "identity", "reason", "outcome"]
    for _ in range(400):
        given_fields = {chosen.choice(fields): chosen.choice(values) for _ in range(chosen.randrange(4))}
        subject = chosen.choice(["taking/1", "", "taking/" + "x" * 90, "giving/US-0001", "\u0000"])
        answer = us.act(chosen.choice(names), subject, **given_fields)
        assert answer["result"] in ("done", "refused") and wire.canonical(answer)
    assert us.relaying.relay.snapshot() == replay("us", map(entry_of, us.entries())).snapshot()
