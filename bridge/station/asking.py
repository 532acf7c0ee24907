"""A person's commands to the line, and his acknowledgements of alarms: written down first, then done, once each.

    command -> form checked -> LineAsked in the ledger -> outbox -> line.sock -> CommandAnswered in the line's journal

A command that the line has not answered lapses: nobody expects a telephone to ring ten minutes after he asked for it.
That it lapsed is an entry, too.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bridge.base.clock import NS, Clock, parse_utc
from bridge.base.wire import Entry, Fields, Value
from bridge.desk import acts, line_acts
from bridge.desk.acts import Act, ActError
from bridge.desk.alarms import ACKNOWLEDGED, Alarms
from bridge.station.entries import LINE_ASKED, LINE_LAPSED
from bridge.station.outbox import Outbox
from bridge.station.relaying import Relaying

LAPSE_S = 10
"""After so long without an answer a command is sent no more."""
LAPSED = "lapsed"


@dataclass(slots=True)
class Ask:
    id: str
    """Under which the line knows it."""
    until_ns: int
    has_lapsed: bool = False


class Asking:
    """Owned by the thread that owns the ledger; a book of `Relaying`."""

    def __init__(self, line_socket: Path, clock: Clock) -> None:
        self._outbox = Outbox(line_socket)
        self._clock = clock
        self._asks: dict[str, Ask] = {}
        """By the key of whoever asked."""

    def forget(self) -> None:
        """The record is read from its beginning."""
        self._asks.clear()
        self._outbox.waiting.clear()

    def take(self, entry: Entry) -> None:
        """One entry of the desk."""
        match entry.data:
            case {"id": str(key), "line": dict(line)} if entry.kind == LINE_ASKED:
                self._asks[key] = Ask(str(line["id"]), parse_utc(entry.utc) + LAPSE_S * NS)
                self._outbox.add("", line)
            case {"line_id": str(name)} if entry.kind == LINE_LAPSED:
                self._outbox.forget([name])
                for ask in self._asks.values():
                    ask.has_lapsed = ask.has_lapsed or ask.id == name

    def perform(self, relaying: Relaying, raw: bytes) -> dict[str, Value]:
        """Take one command; how it stands by now.

        Raises:
            StorageError: what reached the disk is unknown; nothing was sent.
        """
        name = ""
        try:
            asked = line_acts.read(raw)
            name = asked.act.id
            given = asked.fields()
            if not _is_known(relaying, name, LINE_ASKED, given):
                line: Fields = {**given, "id": _line_id(name)}
                data: dict[str, Value] = {"given": given, "line": dict(line)}
                relaying.note(LINE_ASKED, {**asked.act.signature(), **data})
        except ActError as error:
            return acts.refusal(name, error)
        self.settle(relaying)
        return self.answer(relaying, name)

    def answer(self, relaying: Relaying, key: str) -> dict[str, Value]:
        """How a command stands: `done`, `refused` by the line, or not answered yet (`pending`)."""
        ask = self._asks[key]
        seq = relaying.noted[key][0]
        found = relaying.scene.answers.get(ask.id)
        if found is None and ask.has_lapsed:
            return acts.refusal(key, ActError(LAPSED, "the line did not answer in time; it was not told again"))
        if found is None:
            return acts.answer(key, "done", seq=seq, pending=True)
        if found.result != "done":
            return acts.refusal(key, ActError(found.code or "line", found.detail or "the line refused it"))
        return acts.answer(key, "done", seq=seq, pending=False, call=found.call, leg=found.leg)

    def settle(self, relaying: Relaying) -> None:
        """Send what waits, drop what was answered, write down what has lapsed.

        Raises:
            StorageError: what reached the disk is unknown.
        """
        if not self._outbox.waiting:
            return
        now = self._clock.now()
        self._outbox.forget([name for name in self._outbox.waiting if name in relaying.scene.answers])
        late = [ask.id for ask in self._asks.values() if ask.id in self._outbox.waiting and now.utc_ns > ask.until_ns]
        for name in late:
            relaying.note(LINE_LAPSED, {"line_id": name})
        self._outbox.send(list(self._outbox.waiting), now.seconds)


def acknowledge(relaying: Relaying, alarms: Alarms, act: Act) -> dict[str, Value]:
    """Enter that a person has seen an alarm; `fields` names it as its section does.

    Raises:
        ActError: no such alarm stands, or the id is another act's.
        StorageError: what reached the disk is unknown.
    """
    given = dict(act.fields)
    if given.keys() != {"alarm"} or not isinstance(given["alarm"], str) or act.subject:
        raise ActError("bad-field", "alarm: expected the name of its section without alarm/, and no subject")
    if _is_known(relaying, act.id, ACKNOWLEDGED, given):
        return acts.answer(act.id, "done", seq=relaying.noted[act.id][0], subject="", repeated=True)
    since = alarms.stands(given["alarm"])
    if since is None:
        raise ActError("no-alarm", "this alarm does not stand")
    data: dict[str, Value] = {"given": given, "alarm": given["alarm"], "since": since}
    seq = relaying.note(ACKNOWLEDGED, {**act.signature(), **data})
    return acts.answer(act.id, "done", seq=seq, subject="", repeated=False)


def _is_known(relaying: Relaying, key: str, kind: str, given: Fields) -> bool:
    """Whether this very thing was entered under its id.

    Raises:
        ActError: the id stands for another.
    """
    known = relaying.noted.get(key)
    if known is None:
        return False
    if known[1:] != (kind, given):
        raise ActError("id-taken", "another entry has this id; nothing was changed")
    return True


def _line_id(key: str) -> str:
    """A key may look like an id of the desk's own commands; this never does, and is the same after a restart."""
    return f"ask-{hashlib.sha256(key.encode()).hexdigest()[:32]}"
