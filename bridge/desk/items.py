"""The critical items of a text as the machines take them: each with an id that it keeps from draft to draft."""

from __future__ import annotations

import hashlib
from collections import Counter

from bridge.base.text import fold
from bridge.relay.agreed import Agreed
from bridge.relay.coded import CodedError
from bridge.relay.events import Slot
from bridge.relay.message import Message
from bridge.relay.sealed_text import EXERCISE_MARKS
from bridge.relay.slots import slots


def coded_items(message: Message, agreed: Agreed) -> tuple[Slot, ...]:
    """What is ticked when a coded message is read back: code with number, and title. Empty for any other message."""
    try:
        agreed.coded.to_say(message, message.language)
    except CodedError:
        return ()
    text = agreed.coded.find(message.coded)
    title = text.wording(message.language).title
    return Slot("coded-number", "number", text.name), Slot("coded-title", "name", title)


def items(text: str, language: str) -> tuple[Slot, ...]:
    """Critical items in the order of the text; the marks of an exercise are none, and a language unknown has none.

    Two texts that hold the same item of the same kind give it the same id; the second of its like has another.
    """
    if language not in EXERCISE_MARKS:
        return ()
    times: Counter[tuple[str, str]] = Counter()
    found = []
    for one in slots(text.removeprefix(EXERCISE_MARKS[language]), language):
        key = one.kind, fold(one.text)
        times[key] += 1
        mark = hashlib.sha256(key[1].encode()).hexdigest()[:6]
        found.append(Slot(f"{one.kind}-{mark}-{times[key]}", one.kind, one.text))
    return tuple(found)
