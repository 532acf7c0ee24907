"""A station for the page in which the real machines take the acts; line and recognisers are the test's own."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from bridge.base.dialplan import load
from bridge.base.errors import MoveError, Theirs
from bridge.base.wire import Value
from bridge.desk import acts
from bridge.desk.acts import Act, ActError
from bridge.desk.items import items
from bridge.desk.scene import LegScene
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.commands import NotReadyError
from bridge.relay.events import Event
from bridge.relay.giving import Giving
from bridge.relay.giving_events import Match, Part
from bridge.relay.records import Record
from bridge.relay.serials import Serial
from bridge.relay.slip import render
from bridge.relay.spans import Span
from bridge.relay.taking import Taking
from tests.page import scenes
from tests.page.fake import Fake

PLAN = load(Path(__file__).parents[2] / "dialplans" / "loopback.toml")


class Station:
    """Answers the page's acts as a desk does, and shows what became of them. Owned by the test."""

    def __init__(self, fake: Fake, language: str = "en") -> None:
        self.fake, self.language = fake, language
        self.desk = scenes.Desk(time.time_ns())
        self.refused: list[tuple[str, str]] = []
        """Acts that the machines did not take, with the code."""
        fake.answer = self.answer

    def begin(self) -> None:
        """Somebody of the side is on the line and has spoken."""
        now = time.time_ns()
        for leg, role in ((scenes.SIDE, "side"), (scenes.OPERATOR, "operator")):
            self.desk.scene.legs[leg] = LegScene(leg, scenes.CALL, role, "watch" if role == "side" else "")
        # Without levels the page counts samples by the clock, as they grow.
        legs = {name: one for name, one in scenes.legs(self.language, now).items() if name.startswith("leg/")}
        sections = {"station": scenes.station(), "duty": scenes.duty(), **legs}
        self.fake.set(**sections, **scenes.captions(self.language, now))

    def answer(self, post: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if post["path"] != "/api/acts":
            return 200, {"result": "done", "seq": 1}
        act = Act(post["key"], "op-a", "operator", "A", post["act"], post["subject"], post["fields"])
        try:
            subject = self._take(act)
        except NotReadyError as error:
            self.refused.append((act.name, error.code))
            blocked = [{"blocker": one.value, "detail": detail} for one, detail in error.blocked]
            return 409, {"result": "refused", "code": error.code, "detail": str(error), "blocked": blocked}
        except (MoveError, ActError, Theirs) as error:
            self.refused.append((act.name, error.code))
            return 409, {"result": "refused", "code": error.code, "detail": str(error)}
        return 200, {"result": "done", "seq": 1, "subject": subject}

    def _take(self, act: Act) -> str:
        if act.name == acts.SLIP_TYPED:
            return self._take_slip(act)
        subject = act.subject
        named = Act(act.id, act.person, act.role, act.console, act.name, subject, act.fields)
        self.enter(subject, acts.record(named, self.desk.now, PLAN, "us").event)
        return subject

    def _take_slip(self, act: Act) -> str:
        record = acts.slip_record(act, acts.typed_slip(act), self.desk.now, PLAN, "us", self.taking)
        self.enter(record.subject, record.event)
        return record.subject

    def enter(self, subject: str, event: Event) -> None:
        """One event, what follows from it by itself, and the page is told."""
        with self.fake.turn:
            self._enter(subject, event)

    def _enter(self, subject: str, event: Event) -> None:
        self.desk.now = time.time_ns()
        self.desk.relay.check(Record(subject, self.desk.now, event))
        self.desk.enter(subject, event)
        if isinstance(event, ev.Opened):
            self._hear(subject)
        machine = self.desk.relay.machines[subject]
        if isinstance(machine, Taking) and machine.drafts and machine.slots is None:
            found = ev.SlotsFound(len(machine.drafts), items(machine.text, self.language))
            self.desk.enter(subject, found)
        if isinstance(machine, Giving) and machine.slots is None and machine.message:
            self.desk.enter(subject, ev.SlotsFound(0, items(machine.message.text, machine.message.language)))
        self.fake.put(f"message/{subject}", self.desk.section(subject))

    def _hear(self, subject: str) -> None:
        for value in scenes.captions(self.language, time.time_ns()).values():
            assert isinstance(value, dict)
            start, end = value["from_sample"], value["to_sample"]
            assert isinstance(start, int) and isinstance(end, int)
            heard = ev.Heard(Span(scenes.SIDE, start, end), str(value["text"]), "moonshine")
            self.desk.enter(subject, heard)

    def compared(self, subject: str, part: Part, match: Match, *, complete: bool = True) -> None:
        """What the desk's comparison says of what was said."""
        machine = self.desk.relay.machines[subject]
        assert isinstance(machine, Giving) and machine.message
        words = len(machine.message.text.split())
        found: list[Value] = [scenes.finding(machine.message.text)] if match is Match.ALTERED else []
        self.desk.ways[subject].found[part.value] = {"spoken_until": words, "findings": found}
        digest = machine.message.digest().hex()
        self.enter(subject, gv.Compared(part, digest, match, len(found), complete))

    @property
    def taking(self) -> str:
        """Subject of the statement that the page has opened."""
        return next((name for name in self.desk.relay.machines if name.startswith("taking/")), "")

    def state(self, subject: str = "") -> str:
        subject = subject or self.taking
        machine = self.desk.relay.machines.get(subject)
        return machine.state.value if machine else ""


def slip(language: str) -> str:
    """A slip of the other side, as it is carried here."""
    return render(scenes.sealed_message(language, Serial("ir", 4)))
