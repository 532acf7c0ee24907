"""The list of calls from the line's entries: who was at each leg, how it ended, where its recording lies.

Pure: entries in, rows out. A leg without an ending had none written: it is still up, or its process died.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bridge.base.errors import WireError
from bridge.base.wire import Entry

OPEN = "open"
"""Shown in place of an outcome until the leg has ended."""


@dataclass(slots=True)
class LegRow:
    leg: str
    role: str
    contact: str
    """Contact or handset by its name in the dialplan; empty where the far end called."""
    began_utc: str
    precedence: str = ""
    answered: bool = False
    outcome: str = OPEN
    talk_ms: int = 0
    path: str = ""
    """Recording, below the folder of recordings."""


@dataclass(slots=True)
class CallRow:
    call: str
    began_utc: str
    legs: list[LegRow] = field(default_factory=list)


def calls(entries: Iterable[Entry]) -> list[CallRow]:
    """All calls, oldest first."""
    rows: dict[str, CallRow] = {}
    legs: dict[str, LegRow] = {}
    for entry in entries:
        try:
            _take(entry, rows, legs)
        except WireError:
            continue  # an entry of another form than its kind promises adds nothing to a list
    return list(rows.values())


def _take(entry: Entry, rows: dict[str, CallRow], legs: dict[str, LegRow]) -> None:
    match entry.kind:
        case "Invited" | "Dialled":
            call, name = entry.text("call"), entry.text("leg")
            contact = str(entry.data.get("contact", ""))
            leg = LegRow(name, entry.text("role"), contact, entry.utc, str(entry.data.get("precedence", "")))
            rows.setdefault(call, CallRow(call, entry.utc)).legs.append(leg)
            legs[name] = leg
        case "TrackOpened" if (name := entry.text("leg")) in legs:
            legs[name].path = entry.text("path")
        case "Answered" if (name := entry.text("leg")) in legs:
            legs[name].answered = True
        case "LegEnded" if (name := entry.text("leg")) in legs:
            legs[name].outcome, legs[name].talk_ms = entry.text("outcome"), entry.number("talk_ms")
        case "LineStarted":
            # What was open belonged to a process that is gone; nobody can say how it ended.
            for leg in legs.values():
                leg.outcome = "cannot-say" if leg.outcome == OPEN else leg.outcome
            legs.clear()
