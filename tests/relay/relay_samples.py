"""Messages and events that the tests of the relay room start from."""

from __future__ import annotations

from bridge.base.terms import Precedence
from bridge.relay import events as ev
from bridge.relay.events import Answer, Event, Slot
from bridge.relay.message import NONE, Identity, Kind, Message, Originator
from bridge.relay.sealed_text import NOT_STATED, compose
from bridge.relay.serials import Serial
from bridge.relay.spans import Span

NOON = 1_795_435_200_000_000_000
"""2026-11-23 12:00:00 UTC."""
MINUTE = 60_000_000_000
TEXTS = {
    "en": "Two vessels at 25-34.5N 056-12.3E, course 140, speed 9 knots. They will turn south at 1430Z and hold 12 "
    "nautical miles from the island. No boarding is intended.",
    "ar": "سفينتان في الموقع 25-34.5N 056-12.3E، الاتجاه 140، السرعة 9 عقد. "
    "ستتجهان جنوبا في الساعة 1430Z، ولن يصعد أحد.",
    "fa": "دو شناور در موقعیت 25-34.5N 056-12.3E، مسیر 140، سرعت 9 گره. "
    "ساعت 1430Z به سمت جنوب می\u200cروند؛ کسی سوار نمی\u200cشود.",
}


def message(
    language: str = "en",
    text: str = "",
    exercise: bool = False,
    kind: Kind = Kind.STATEMENT,
    cites: Serial | None = None,
) -> Message:
    who = Originator("J. Smith", "Watch officer" if language == "en" else NOT_STATED, NOT_STATED, "OF-5", "1")
    return Message(
        Serial("us", 7, exercise),
        kind,
        cites,
        Precedence.FLASH,
        "231435Z NOV 26",
        "ir",
        who,
        Identity.CHALLENGED,
        NOT_STATED,
        NOT_STATED,
        NONE,
        language,
        text or compose(TEXTS[language], language, exercise),
    )


LEG = "us-20261123T115900Z-3f9a/side-1"
SAID = Span(LEG, 8000, 96000)
SLOTS = (Slot("number-1", "number", "9 knots"), Slot("time-1", "time", "1430Z"))
READ_BACK = Span("us-20261123T115900Z-3f9a/operator-1", 0, 64000)


def opened(precedence: Precedence = Precedence.PRIORITY, exercise: bool = False) -> ev.Opened:
    return ev.Opened("us", "ir", "en", Kind.STATEMENT, None, precedence, exercise, LEG)


def road_to_confirmation(precedence: Precedence = Precedence.PRIORITY) -> list[Event]:
    """Everything up to the originator's yes, in the usual order."""
    return [
        opened(precedence),
        ev.Heard(SAID, "two vessels at two five three four", "moonshine"),
        ev.SpanMarked(SAID, "op-a"),
        ev.Played(SAID, "op-a"),
        ev.Edited(TEXTS["en"], "op-a"),
        ev.SlotsFound(1, SLOTS),
        *(ev.SlotHeard(slot.id, "op-a") for slot in SLOTS),
        ev.ReadBackStarted("op-a"),
        ev.ReadBackSaid(READ_BACK, "op-a"),
        ev.Confirmed(Answer.DIGIT, LEG, "1"),
    ]
