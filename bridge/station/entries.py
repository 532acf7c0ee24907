"""The desk's own entries in the ledger: kinds and forms of those that are made in this process. Pure."""

from __future__ import annotations

import dataclasses
from typing import Protocol, cast

from bridge.base.wire import Entry, Fields, Value
from bridge.desk.spoken import Spoken
from bridge.relay.commands import AnnounceNightMode, CallTier, Command

SOURCE = "desk"
ISSUED = "CommandIssued"
LINE_ASKED = "LineAsked"
LINE_LAPSED = "LineLapsed"


class Book(Protocol):
    """Keeps something of the desk's own entries; the same entries in the same order give the same."""

    def forget(self) -> None: ...
    def take(self, entry: Entry) -> None: ...


def to_line(name: str, command: Command) -> Fields | None:
    """What the line is told for a command of a message; None if it is not the line's."""
    if isinstance(command, CallTier):
        # The message climbs, not the line: it knows when to rest and whom it tried.
        tier = str(command.tier)
        return {"id": name, "command": "call", "tier": tier, "highest": tier, "precedence": command.precedence.value}
    if isinstance(command, AnnounceNightMode):
        return {"id": name, "command": "announce", "leg": command.leg, "announcement": "night"}
    return None


def issued(name: str, subject: str, command: str, fields: Value, line: Fields | None) -> Fields:
    data: dict[str, Value] = {"id": name, "subject": subject, "command": command, "fields": fields}
    return data if line is None else {**data, "line": dict(line)}


def differences(subject: str, spoken: Spoken) -> dict[str, Value]:
    findings: list[Value] = []
    for one in spoken.findings:
        found = dataclasses.asdict(one)
        found["span"], found["sealed_span"] = list(one.span), list(one.sealed_span)
        findings.append(cast(dict[str, Value], found))
    return {
        "subject": subject,
        "part": spoken.event.part.value,
        "match": spoken.event.match.value,
        "spoken_until": spoken.spoken_until,
        "findings": findings,
    }
