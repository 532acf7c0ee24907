"""An act of a person at the desk: read from JSON, checked, and turned into the event that the record keeps.

It decides nothing about a message: the machines do. Whoever acts is named by person, role and console; `by` of an event
is always that person. What only a machine or a line can say (heard, compared, a key pressed) is no act.

    {"id": "A-17", "person": "op-a", "role": "operator", "console": "A",
     "act": "Edited", "subject": "taking/1", "fields": {"text": "Two vessels ..."}}
"""

from __future__ import annotations

import dataclasses
import json
import re
import typing
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bridge.base.dialplan import Dialplan
from bridge.base.errors import Theirs
from bridge.base.wire import Value
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.events import Answer, Event
from bridge.relay.message import Kind, Message
from bridge.relay.records import KINDS, PREFIX, Record, RecordError, from_fields, plain
from bridge.relay.returns import Return
from bridge.relay.sealed_text import TEXT_LIMIT
from bridge.relay.serials import SerialError, parse_serial
from bridge.relay.sheets import Sheet, serial_of
from bridge.relay.slip import SlipError
from bridge.relay.slip_check import Difference, read

LINE_LIMIT_BYTES = 131_072
"""Of one act: the longest slip in three-byte letters has about 60,000, escaped twice as many."""
SLIP_TYPED = "SlipTyped"
"""The act of typing a slip in; what event it becomes depends on the slip."""
STATE_ASKED = "StateAsked"
"""No act: whoever asks is shown the state of all messages."""
DRAFT_LIMIT = 2 * TEXT_LIMIT
"""Characters of a draft: twice what can be sealed, so that a text may be shortened here, and no book be pasted."""
_KEPT = frozenset("\t\n\r\u200c")
"""Of control and format characters those that a text may hold: blanks, which become spaces, and the Persian joiner."""
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_BY_SLIP = (gv.SlipAccepted, ev.ReturnTaken, gv.TracerTaken)
_BESIDE_ACTS: tuple[type[Event], ...] = (ev.Opened, ev.LegJoined, ev.Confirmed, ev.Rejected, gv.CallAnswered)
"""Events that a person may enter though a machine can, too: `by` may be empty in them."""
ALLOWED: dict[str, type[Event]] = {
    name: kind
    for name, kind in KINDS.items()
    if (issubclass(kind, ev.Act) and kind not in _BY_SLIP) or kind in _BESIDE_ACTS
}


class ActError(Theirs):
    """An act that cannot be taken; nothing was changed. `code` says why, `str` is a sentence for the operator."""

    code = "bad-act"

    def __init__(self, code: str, why: str, differences: tuple[Difference, ...] = ()) -> None:
        super().__init__(why)
        self.code = code
        self.differences = differences


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody asks for, its form checked."""

    id: str
    """Chosen by the console; the same id is done once."""
    person: str
    role: str
    console: str
    name: str
    subject: str
    fields: Mapping[str, Value]

    def signature(self) -> dict[str, Value]:
        """What the record keeps beside the event."""
        return {"id": self.id, "person": self.person, "role": self.role, "console": self.console}


def parse(line: bytes) -> Act:
    """Read one line.

    Raises:
        ActError: not JSON, a field missing, too many, or of another form.
    """
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ActError("bad-act", "expected one JSON object a line") from error
    match raw:
        case {"id": str(id_), "person": str(person), "role": str(role), "console": str(console), "act": str(name)}:
            rest = {key: raw[key] for key in raw if key not in ("id", "person", "role", "console", "act")}
        case _:
            raise ActError("bad-act", "expected id, person, role, console and act, all of them text")
    subject, fields = rest.pop("subject", ""), rest.pop("fields", {})
    if rest or not isinstance(subject, str) or not isinstance(fields, dict):
        raise ActError("bad-act", "expected beside them subject, a text, and fields, an object, and nothing else")
    if not _ID.fullmatch(id_) or not all(_NAME.fullmatch(one) for one in (person, role, console)):
        raise ActError("bad-act", "id, person, role and console: expected short names of letters, digits, . _ -")
    if not _is_text(raw):
        raise ActError("bad-act", "a text holds half a character")
    return Act(id_, person, role, console, name, subject, fields)


def _is_text(raw: object) -> bool:
    r"""JSON may say `"\ud800"`, half a character: no ledger can write that down."""
    try:
        json.dumps(raw, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


def record(act: Act, at: int, plan: Dialplan, side: str) -> Record:
    """The event that an act means.

    Args:
        at: UTC nanoseconds.
        side: the one this station serves.

    Raises:
        ActError: no such act, or a field that is wrong.
    """
    kind = ALLOWED.get(act.name)
    if kind is None:
        raise ActError("unknown-act", f"{act.name[:60]!r} is nothing that a person does here")
    fields = dict(act.fields)
    if kind is ev.Opened:
        fields = _opened(fields, plan, side)
    if kind is ev.Edited:
        _check_draft(fields.get("text"))
    names = {field.name for field in dataclasses.fields(kind)}
    if "by" in names:
        if "by" in fields:
            raise ActError("bad-field", "by: the person who acts is named beside the fields")
        fields["by"] = act.person
    for field in dataclasses.fields(kind):
        if field.name not in fields and field.default is not dataclasses.MISSING:
            fields[field.name] = plain(field.default)
    if kind in (ev.Confirmed, ev.Rejected) and fields.get("how") != Answer.SPOKEN.value:
        raise ActError("bad-field", "how: a person at the desk reports a spoken answer only; keys come from the line")
    try:
        return from_fields(PREFIX + act.name, {"subject": act.subject, "at": str(at), "event": fields})
    except RecordError as error:
        raise ActError("bad-field", str(error).removeprefix(PREFIX)) from error


def _check_draft(text: Value) -> None:
    """Refuse what no seal could ever take and nobody would see in the draft.

    Raises:
        ActError: too long (`too-long`), or a character that is invisible or turns the text round (`character`).
    """
    if not isinstance(text, str):
        return  # the form of the event says so
    if len(text) > DRAFT_LIMIT:
        why = f"the draft has {len(text)} characters, at most {DRAFT_LIMIT} are kept and {TEXT_LIMIT} can be sealed"
        raise ActError("too-long", why)
    for at, character in enumerate(text):
        if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") and character not in _KEPT:
            raise ActError("character", f"character U+{ord(character):04X} at place {at + 1} cannot be seen or sealed")


def _opened(fields: dict[str, Value], plan: Dialplan, side: str) -> dict[str, Value]:
    """What a console need not say because the dialplan does."""
    known = {"leg", "kind", "cites", "precedence", "language"}
    if fields.keys() - known:
        raise ActError("bad-field", f"expected of {', '.join(sorted(known))}")
    other = next(name for name in plan.sides if name != side)
    return {
        "side": side,
        "to_side": other,
        "language": fields.get("language", plan.side(side).line_language),
        "kind": fields.get("kind", Kind.STATEMENT.value),
        "cites": _serial(fields.get("cites")),
        "precedence": fields.get("precedence", "ROUTINE"),
        "exercise": plan.exercise,
        "leg": fields.get("leg", ""),
    }


def _serial(text: Value) -> Value:
    if text is None:
        return None
    try:
        return plain(parse_serial(str(text)))
    except SerialError as error:
        raise ActError("bad-field", f"cites: {error}") from error


def typed_slip(act: Act) -> Sheet:
    """The sheet of a typed slip, all of whose words agree.

    Raises:
        ActError: it is no slip (`slip`), or differs from what was sealed (`slip-differs`, with the places).
    """
    text = act.fields.get("text")
    if not isinstance(text, str) or act.fields.keys() != {"text"} or act.subject:
        raise ActError("bad-field", "text: expected the slip as typed, and no subject: the slip names its own")
    try:
        found = read(text)
    except SlipError as error:
        raise ActError("slip", str(error), (Difference(str(error), error.line, error.column),)) from error
    if found.sheet is None:
        first = found.differences[0]
        place = f"line {first.line}, column {first.column}: " if first.line else ""
        raise ActError("slip-differs", f"{place}{first.what}", found.differences)
    return found.sheet


def slip_record(act: Act, sheet: Sheet, at: int, plan: Dialplan, side: str, returned_to: str) -> Record:
    """The event of a slip that agrees.

    Args:
        returned_to: subject of the message that a return slip is about.
    """
    if isinstance(sheet, Return):
        return Record(returned_to, at, ev.ReturnTaken(sheet, act.person))
    subject = f"giving/{serial_of(sheet)}"
    if isinstance(sheet, Message):
        return Record(subject, at, gv.SlipAccepted(sheet, ladder(plan, side), act.person))
    return Record(subject, at, gv.TracerTaken(sheet, act.person))


def ladder(plan: Dialplan, side: str) -> tuple[gv.Candidate, ...]:
    """The contacts of a side in ringing order."""
    contacts = sorted(plan.side(side).contacts, key=lambda one: one.tier)
    return tuple(gv.Candidate(one.id, one.tier, one.rank) for one in contacts)


def answer(act_id: str, result: str, **fields: Value) -> dict[str, Value]:
    return typing.cast(dict[str, Value], {"id": act_id, "result": result}) | fields


def refusal(act_id: str, error: ActError) -> dict[str, Value]:
    differences: list[Value] = [typing.cast(dict[str, Value], dataclasses.asdict(one)) for one in error.differences]
    return answer(act_id, "refused", code=error.code, detail=str(error), differences=differences)
