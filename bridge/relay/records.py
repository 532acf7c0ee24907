"""The canonical form of an event of a message: what the ledger keeps and `replay` reads.

Strings, integers, booleans and lists only (RFC 8785 without floats); times are decimal strings of UTC nanoseconds,
which are too long for an integer of that form. Names of classes and fields are the names of the form: renaming one is a
new form, and the old name must stay readable.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass

from bridge.base.errors import Theirs
from bridge.base.wire import Entry, Fields, Value
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.events import Event
from bridge.relay.returns import Return
from bridge.relay.sealed_text import TextError
from bridge.relay.serials import SerialError
from bridge.relay.spans import SpanError

PREFIX = "Message"
"""Begins the kind of every entry of this form: `MessageSealOrdered`."""
ACT = "act"
"""Field of an entry beside those of the record: which act of the desk it was, by whom, where. No machine reads it."""
KINDS: dict[str, type[Event]] = {
    name: kind
    for room in (ev, gv)
    for name, kind in vars(room).items()
    if isinstance(kind, type) and issubclass(kind, Event) and kind not in (Event, ev.Act)
}


LATER: dict[type, tuple[str, ...]] = {Return: ("given_by", "authority")}
"""Fields that a form did not have at first; each has a default."""
INTEGER_LIMIT = 2**53 - 1
"""Largest integer of the canonical form (RFC 8785 3.2.2.3). Longer ones, moments, are written as strings."""


class RecordError(Theirs):
    """Data that is no event of this form."""

    code = "record"


@dataclass(frozen=True, slots=True)
class Record:
    """One event of one message at one moment."""

    subject: str
    """`taking/<id>` or `giving/<serial>`."""
    at: int
    """UTC nanoseconds."""
    event: Event


def kind_of(record: Record) -> str:
    return PREFIX + type(record.event).__name__


def to_fields(record: Record) -> dict[str, Value]:
    """The data of a record's entry."""
    return {"subject": record.subject, "at": str(record.at), "event": plain(record.event)}


def from_entry(entry: Entry) -> Record | None:
    """The record of a ledger entry; None for an entry of another kind."""
    if not entry.kind.startswith(PREFIX):
        return None
    return from_fields(entry.kind, {name: value for name, value in entry.data.items() if name != ACT})


def from_fields(kind: str, data: Fields) -> Record:
    """Read a record.

    Raises:
        RecordError: no such kind, a field missing, unknown or of another type, or a value that cannot be.
    """
    event_type = KINDS.get(kind.removeprefix(PREFIX)) if kind.startswith(PREFIX) else None
    match data:
        case {"subject": str(subject), "at": str(at), "event": event} if event_type and len(data) == 3:
            if not at.isascii() or not at.isdecimal() or len(at) > 20:
                raise RecordError(f"{kind}: at is {at[:30]!r}, expected decimal nanoseconds")
            return Record(subject, int(at), typing.cast(Event, _read(event, event_type, kind)))
    raise RecordError(f"{kind[:60]}: not a known event with subject, at and event")


def plain(value: object) -> Value:
    """A value of our dataclasses as strings, integers, lists and objects.

    Raises:
        RecordError: a type that has no place in a record.
    """
    match value:
        case int() if abs(value) > INTEGER_LIMIT:
            return str(value)
        case None | str() | bool() | int():
            return value
        case enum.Enum():
            return str(value.value)
        case tuple():
            return [plain(item) for item in value]
        case frozenset():
            return [*sorted(str(item) for item in value)]
        case dict():
            return {str(plain(key)): plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    raise RecordError(f"{type(value).__name__} has no place in a record")


def _read(value: Value, wanted: object, where: str) -> object:
    if isinstance(wanted, type):
        return _read_type(value, wanted, where)
    arguments = typing.get_args(wanted)
    if isinstance(wanted, types.UnionType):
        rest = [argument for argument in arguments if argument is not type(None)]
        return None if value is None else _read(value, rest[0], where)
    if not isinstance(value, list):
        raise RecordError(f"{where}: expected a list")
    return tuple(_read(item, arguments[0], where) for item in value)


def _read_type(value: Value, wanted: type, where: str) -> object:
    if wanted in (str, int, bool):
        if type(value) is not wanted or (isinstance(value, int) and abs(value) > INTEGER_LIMIT):
            raise RecordError(f"{where}: {type(value).__name__}, expected {wanted.__name__}")
        return value
    if issubclass(wanted, enum.Enum):
        try:
            return wanted(value)
        except ValueError:
            raise RecordError(f"{where}: {str(value)[:40]!r} is no {wanted.__name__}") from None
    return _read_dataclass(value, wanted, where)


def _read_dataclass(value: Value, wanted: type, where: str) -> object:
    hints = _hints(wanted)
    # A field that came later has a default, and an old record is read without it.
    if not isinstance(value, dict) or not _needed(wanted) <= value.keys() <= hints.keys():
        raise RecordError(f"{where}: expected the fields {', '.join(hints)}")
    fields = {name: _read(value[name], hints[name], f"{where}.{name}") for name in value}
    build = typing.cast(Callable[..., object], wanted)
    try:
        return build(**fields)
    except (TextError, SerialError, SpanError, ev.UnsignedError) as error:
        raise RecordError(f"{where}: {error}") from error


@functools.cache
def _needed(wanted: type) -> frozenset[str]:
    return frozenset(field.name for field in dataclasses.fields(wanted) if field.name not in LATER.get(wanted, ()))


@functools.cache
def _hints(wanted: type) -> dict[str, object]:
    return dict(typing.get_type_hints(wanted))
