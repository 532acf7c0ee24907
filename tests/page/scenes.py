"""What the page is shown in tests: a message at each step, made by the real machines, with legs, words and alarms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bridge.base.clock import NS, utc_text
from bridge.base.terms import Outcome as CallOutcome
from bridge.base.terms import Precedence
from bridge.base.wire import Value
from bridge.desk.items import items
from bridge.desk.scene import LegScene, Scene
from bridge.desk.trail import Step, Way
from bridge.desk.view_message import Shelf, message
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.events import Event, HeaderField
from bridge.relay.giving import Giving
from bridge.relay.giving_events import Match, Part
from bridge.relay.message import Identity, Kind, Message, Originator
from bridge.relay.records import Record
from bridge.relay.replay import Relay
from bridge.relay.returns import Outcome, Person, ReplyState, Return, Stage
from bridge.relay.serials import Serial
from bridge.relay.spans import Span
from bridge.relay.taking import Taking

RATE_HZ = 8000
CALL = "us-20261123T100512Z-3f9a"
SIDE, OPERATOR = f"{CALL}/side-1", f"{CALL}/operator-1"
TEXTS = {
    "en": "Two vessels of ours are at 25-34.5N 056-12.3E on course 190 at 9 knots. They will not enter your waters."
    " At 1430Z they turn north. Keep 12 nautical miles away.",
    "ar": "سفينتان لنا في الموقع 25-34.5N 056-12.3E على الاتجاه 190 بسرعة 9 عقد. لن تدخلا مياهكم."
    " في الساعة 1430Z تتجهان شمالا. ابقوا على بعد 12 ميلا بحريا.",
    "fa": "دو شناور ما در موقعیت 25-34.5N 056-12.3E با سمت 190 و سرعت 9 گره هستند. وارد آب‌های شما نمی‌شوند."
    " در ساعت 1430Z به شمال می‌پیچند. 12 مایل دریایی فاصله بگیرید.",
}
PEOPLE = {
    "en": Person("Col. Adams", "Watch officer"),
    "ar": Person("العقيد سالم", "ضابط المناوبة"),
    "fa": Person("سرهنگ رضایی", "افسر کشیک"),
}
TAKING = ("hearing", "drafting", "reading", "awaiting", "confirmed", "sealed", "carried", "returned")
GIVING = ("ready", "calling", "answered", "relaying", "altered", "said", "reading-back", "receipted", "acknowledged")


@dataclass(slots=True)
class Desk:
    """A relay and what the record would say beside it. `now` is UTC nanoseconds."""

    now: int
    side: str = "us"
    relay: Relay = field(default_factory=lambda: Relay("us"))
    scene: Scene = field(default_factory=Scene)
    ways: dict[str, Way] = field(default_factory=dict)

    def enter(self, subject: str, event: Event, person: str = "op-a") -> None:
        self.relay.handle(Record(subject, self.now, event))
        way = self.ways.setdefault(subject, Way())
        by = person if isinstance(event, ev.Act) else ""
        way.steps.append(Step(len(way.steps) + 1, utc_text(self.now), type(event).__name__, by, "A"))

    def section(self, subject: str) -> dict[str, Value]:
        return message(Shelf(self.relay, self.scene, self.ways, {}), subject, self.now)


def taking(desk: Desk, language: str, until: str, precedence: Precedence = Precedence.IMMEDIATE) -> str:
    """A statement that is taken as far as `until`; its subject."""
    subject, text, samples = "taking/1", TEXTS[language], 40 * RATE_HZ

    def enter(event: Event) -> None:
        desk.enter(subject, event)

    for leg, role in ((SIDE, "side"), (OPERATOR, "operator")):
        desk.scene.legs[leg] = LegScene(leg, CALL, role, "watch" if role == "side" else "")
    enter(ev.Opened("us", "ir", language, Kind.STATEMENT, None, precedence, False, SIDE))
    for number, part in enumerate(_sentences(text)):
        enter(ev.Heard(Span(SIDE, number * samples, (number + 1) * samples), part, "moonshine"))
    whole = Span(SIDE, 0, len(_sentences(text)) * samples)
    steps: dict[str, Callable[[], None]] = {
        "drafting": lambda: _drafted(desk, subject, language, whole),
        "reading": lambda: enter(ev.ReadBackStarted("op-a")),
        "awaiting": lambda: enter(ev.ReadBackSaid(Span(OPERATOR, 0, samples), "op-a")),
        "confirmed": lambda: _checked(desk, subject, whole),
        "sealed": lambda: enter(ev.SealOrdered("op-a")),
        "carried": lambda: enter(ev.SlipCarried("op-a")),
        "returned": lambda: enter(ev.ReturnTaken(_returned(desk, subject, language), "op-a")),
    }
    for name, step in steps.items():
        if until == "hearing":
            break
        step()
        if name == until:
            break
    return subject


def _sentences(text: str) -> list[str]:
    return [part if part.endswith(".") else f"{part}." for part in text.split(". ")]


def _drafted(desk: Desk, subject: str, language: str, whole: Span) -> None:
    desk.enter(subject, ev.Edited(TEXTS[language], "op-a"))
    desk.enter(subject, ev.SlotsFound(1, items(TEXTS[language], language)))
    stated = {
        HeaderField.NAME: PEOPLE[language].name,
        HeaderField.ROLE: PEOPLE[language].role,
        HeaderField.RANK: "OF-5",
    }
    for name, value in stated.items():
        desk.enter(subject, ev.HeaderStated(name, value, "op-a"))
    desk.enter(subject, ev.IdentityChecked(Identity.CALLED_BACK, "op-a"))
    desk.enter(subject, ev.SpanMarked(whole, "op-a"))
    desk.enter(subject, ev.Played(Span(whole.leg, 0, whole.to_sample // 2), "op-a"))
    machine = desk.relay.machines[subject]
    for slot in (machine.slots or ())[:2]:
        desk.enter(subject, ev.SlotHeard(slot.id, "op-a"))


def _checked(desk: Desk, subject: str, whole: Span) -> None:
    machine = desk.relay.machines[subject]
    assert isinstance(machine, Taking)
    desk.enter(subject, ev.Played(whole, "op-a"))
    for slot in machine.slots or ():
        desk.enter(subject, ev.SlotHeard(slot.id, "op-a"))
    desk.enter(subject, ev.Confirmed(ev.Answer.DIGIT, SIDE, "1"))


def _returned(desk: Desk, subject: str, language: str) -> Return:
    machine = desk.relay.machines[subject]
    assert isinstance(machine, Taking) and machine.message
    person = PEOPLE[language]
    serial = machine.message.serial
    return Return(serial, 1, "231502Z NOV 26", Stage.RECEIPT, Outcome.OPEN, person, Person(), ReplyState.OWED, language)


def giving(desk: Desk, language: str, until: str) -> str:
    """A slip that was taken in, as far as `until`; its subject."""
    serial = Serial("ir", 4)
    subject, person = f"giving/{serial}", PEOPLE[language]
    sealed = sealed_message(language, serial)
    ladder = (gv.Candidate("watch", 1, "OF-5"), gv.Candidate("deputy", 1, "OF-5"), gv.Candidate("director", 2, "OF-6"))
    for leg, role in ((SIDE, "side"), (OPERATOR, "operator")):
        desk.scene.legs[leg] = LegScene(leg, CALL, role, "watch" if role == "side" else "")

    def enter(event: Event) -> None:
        desk.enter(subject, event)

    def compared(part: Part, match: Match, *, complete: bool) -> None:
        enter(gv.Compared(part, sealed.digest().hex(), match, int(match is Match.ALTERED), complete))
        words = len(sealed.text.split())
        found: list[Value] = [finding(sealed.text)] if match is Match.ALTERED else []
        until_word = words if complete else words // 2 + 2
        desk.ways[subject].found[part.value] = {"spoken_until": until_word, "findings": found}

    enter(gv.SlipAccepted(sealed, ladder, "op-a"))
    enter(ev.SlotsFound(0, items(sealed.text, language)))
    steps: list[tuple[str, Callable[[], None]]] = [
        ("ready", lambda: None),
        ("calling", lambda: enter(gv.CallStarted(1))),
        ("calling", lambda: enter(gv.AttemptEnded("deputy", CallOutcome.NO_ANSWER))),
        ("answered", lambda: enter(gv.CallAnswered("watch", SIDE))),
        ("relaying", lambda: enter(gv.PrincipalAsked("op-a"))),
        ("relaying", lambda: enter(gv.PersonNamed(person, "watch", "op-a"))),
        ("relaying", lambda: enter(gv.RelayStarted("op-a"))),
        ("relaying", lambda: compared(Part.RELAY, Match.EQUIVALENT, complete=False)),
        ("altered", lambda: compared(Part.RELAY, Match.ALTERED, complete=False)),
        ("said", lambda: compared(Part.RELAY, Match.VERBATIM, complete=True)),
        ("said", lambda: enter(gv.RelayFinished("op-a"))),
        ("reading-back", lambda: enter(gv.ReadBackBegun("op-a"))),
        ("reading-back", lambda: compared(Part.READ_BACK, Match.CHECK, complete=True)),
        ("receipted", lambda: compared(Part.READ_BACK, Match.EQUIVALENT, complete=True)),
        ("receipted", lambda: _ticked(desk, subject)),
        ("receipted", lambda: enter(gv.ReceiptGiven(person, "op-a"))),
        ("acknowledged", lambda: enter(gv.Acknowledged(person, "J3", True, "op-a"))),
    ]
    last = max(index for index, (name, _) in enumerate(steps) if name == until)
    for _, step in steps[: last + 1]:
        step()
    return subject


def _ticked(desk: Desk, subject: str) -> None:
    machine = desk.relay.machines[subject]
    assert isinstance(machine, Giving)
    for slot in machine.slots or ():
        desk.enter(subject, ev.SlotHeard(slot.id, "op-a"))


def finding(text: str) -> dict[str, Value]:
    """The speed, said as nineteen."""
    at = text.split().index("9")
    place: list[Value] = [at, at + 1]
    return {"kind": "number", "sealed": "9", "heard": "19", "span": place, "sealed_span": place, "certain": True}


def sealed_message(language: str, serial: Serial) -> Message:
    text = TEXTS[language]
    originator = originator_of(language)
    return Message(
        serial,
        Kind.STATEMENT,
        None,
        Precedence.IMMEDIATE,
        "231435Z NOV 26",
        "us",
        originator,
        Identity.CALLED_BACK,
        "NOT STATED",
        "NOT STATED",
        "NONE",
        language,
        text,
    )


def originator_of(language: str) -> Originator:
    return Originator(PEOPLE[language].name, PEOPLE[language].role, "NOT STATED", "OF-5", "1")


def captions(language: str, now: int) -> dict[str, Value]:
    """What was heard, with a word that was taken back, one that the checker doubts, and a tail that is not firm."""
    found: dict[str, Value] = {}
    parts = _sentences(TEXTS[language])
    for number, part in enumerate(parts):
        words, start, last = part.split(), number * 10 * RATE_HZ, number == len(parts) - 1
        timed: list[Value] = [
            {
                "word": word,
                "from_sample": start + at * 3000,
                "to_sample": start + at * 3000 + 2800,
                "confidence_permille": 900,
            }
            for at, word in enumerate(words)
        ]
        revised: list[Value] = (
            [{"was": words[1], "now": words[2], "at_word": 2, "utc": utc_text(now)}] if number == 1 else []
        )
        marks: list[Value] = [{"from_word": 3, "to_word": 4, "heard": words[4]}] if number == 0 else []
        found[f"caption/{SIDE}/{number}"] = {
            "leg": SIDE,
            "utterance": number,
            "from_sample": start,
            "to_sample": start + 9 * RATE_HZ,
            "text": part,
            "firm_words": max(0, len(words) - 3) if last else len(words),
            "words": [] if last else timed,
            "final": not last,
            "unclear": False,
            "engine": "moonshine",
            "language": language,
            "revised": revised,
            "checked": None,
            "marks": marks,
            "heard_utc": utc_text(now - (len(parts) - number) * 10 * NS),
        }
    return found


def legs(language: str, now: int) -> dict[str, Value]:
    t0 = now - 67 * NS
    found: dict[str, Value] = {}
    names: dict[str, Value] = {"en": "Watch officer", "ar": "ضابط المناوبة", "fa": "افسر کشیک"}
    for leg, role in ((SIDE, "side"), (OPERATOR, "operator")):
        found[f"leg/{leg}"] = {
            "leg": leg,
            "call": CALL,
            "role": role,
            "contact": "watch" if role == "side" else "desk-a",
            "contact_name": names if role == "side" else "",
            "state": "up",
            "since": utc_text(t0),
            "precedence": "IMMEDIATE",
            "health": "good",
            "holds": False,
            "muted": False,
            "language": language,
            "rate_hz": RATE_HZ,
            "t0_utc": utc_text(t0),
            "t0_ns": str(t0),
            "outcome": "",
        }
        peaks: list[Value] = [(at * 37 % 23) * 21 if at % 60 < 42 else 4 for at in range(300)]
        found[f"level/{leg}"] = {"to_sample": 67 * RATE_HZ, "peaks": peaks, "now_permille": 140, "age_ms": 200}
    return found


def station(*, days: int = 41) -> dict[str, Value]:
    return {
        "theatre": "Exercise",
        "side": "us",
        "exercise": True,
        "line": "up",
        "trunk": "up",
        "trunk_since": "",
        "ledger": "ok",
        "ledger_entries": 41882,
        "disk_days": days,
        "clock": "synchronised",
        "last_call_utc": "",
        "far_desk": "",
    }


def alarms(*names: tuple[str, str, str]) -> dict[str, Value]:
    """Of `(alarm, priority, action)`."""
    return {
        f"alarm/{name}": {
            "alarm": name,
            "priority": priority,
            "about": "",
            "leg": SIDE,
            "call": CALL,
            "since": "2026-11-23T10:00:00Z",
            "action": action,
            "acknowledged_by": "",
        }
        for name, priority, action in names
    }


def duty() -> dict[str, Value]:
    return {
        "shift": {"person": "op-a", "since": "2026-11-23T06:00:00Z", "tests": {}},
        "handover": None,
        "night": None,
        "crew": ["op-a"],
    }


def at_step(language: str, step: str, now: int) -> dict[str, Value]:
    """All sections of a station whose message in hand is at a step."""
    desk = Desk(now)
    subject = taking(desk, language, step) if step in TAKING else giving(desk, language, step)
    found = {"station": station(), "duty": duty(), **legs(language, now), **captions(language, now)}
    if step == "altered":
        found |= alarms(("relay-differs", "HIGH", "correct-aloud"), ("captions-late", "MEDIUM", "listen"))
    return {**found, f"message/{subject}": desk.section(subject)}
