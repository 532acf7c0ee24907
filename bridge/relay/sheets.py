"""The three things a slip can carry, as labelled header lines and a text, and back.

It knows labels and values; the layout, the check words and the strictness are in `slip`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

from bridge.base.terms import Precedence
from bridge.relay.message import NONE, Identity, Kind, Message, Originator
from bridge.relay.returns import Outcome, Person, ReplyState, Return, Stage, Tracer
from bridge.relay.sealed_text import TextError
from bridge.relay.serials import Serial, SerialError, parse_serial

Sheet: TypeAlias = Message | Return | Tracer
Values: TypeAlias = Mapping[str, str]
_Named = TypeVar("_Named", bound=enum.Enum)

LABELS: dict[str, tuple[str, ...]] = {
    "MESSAGE": (
        *("SERIAL", "KIND", "CITES", "PRECEDENCE", "DTG", "TO SIDE", "ORIGINATOR", "ROLE", "AUTHORITY", "RANK", "TIER"),
        *("IDENTITY", "FOR", "REPLY", "CODED", "LANGUAGE"),
    ),
    "RETURN": (
        *("SERIAL", "RETURN", "DTG", "STAGE", "OUTCOME", "HEARD BY", "ROLE"),
        *("ACKNOWLEDGED BY", "IN THE ROLE OF", "GIVEN BY", "GIVEN AS", "AUTHORITY", "REPLY", "LANGUAGE"),
    ),
    "TRACER": ("SERIAL", "TRACER", "DTG", "LANGUAGE"),
}
"""Header labels of each title, in the order in which they stand."""


def title_of(sheet: Sheet) -> str:
    match sheet:
        case Message():
            return "MESSAGE"
        case Return():
            return "RETURN"
        case _:
            return "TRACER"


def serial_of(sheet: Sheet) -> Serial:
    """The serial the sheet is about; its own for a message."""
    return sheet.serial if isinstance(sheet, Message) else sheet.cites


def values_of(sheet: Sheet) -> dict[str, str]:
    """Header values in the order of `LABELS`."""
    fields = [str(value) for key, value in sheet.fields().items() if key not in ("v", "text")]
    values = dict(zip(LABELS[title_of(sheet)], fields, strict=True))
    if isinstance(sheet, Message):
        values["TO SIDE"] = sheet.to_side.upper()
    return values


def build(title: str, values: Values, text: str) -> Sheet:
    """The sheet that the values say.

    Raises:
        TextError: a value that cannot be, or the text.
        SerialError: a serial of another form.
    """
    return _BUILDERS[title](values, text)


def _message(values: Values, text: str) -> Message:
    side = values["TO SIDE"]
    if side != side.upper():
        raise TextError(f"TO SIDE {side[:12]!r}, expected capital letters")
    return Message(
        parse_serial(values["SERIAL"]),
        _named(Kind, values["KIND"]),
        None if values["CITES"] == NONE else parse_serial(values["CITES"]),
        _named(Precedence, values["PRECEDENCE"]),
        values["DTG"],
        side.lower(),
        Originator(values["ORIGINATOR"], values["ROLE"], values["AUTHORITY"], values["RANK"], values["TIER"]),
        _named(Identity, values["IDENTITY"]),
        values["FOR"],
        values["REPLY"],
        values["CODED"],
        values["LANGUAGE"],
        text,
    )


def _return(values: Values, text: str) -> Return:
    return Return(
        parse_serial(values["SERIAL"]),
        _number(values["RETURN"]),
        values["DTG"],
        _named(Stage, values["STAGE"]),
        _named(Outcome, values["OUTCOME"]),
        Person(values["HEARD BY"], values["ROLE"]),
        Person(values["ACKNOWLEDGED BY"], values["IN THE ROLE OF"]),
        _named(ReplyState, values["REPLY"]),
        values["LANGUAGE"],
        text,
        Person(values["GIVEN BY"], values["GIVEN AS"]),
        values["AUTHORITY"],
    )


def _tracer(values: Values, text: str) -> Tracer:
    number = _number(values["TRACER"])
    return Tracer(parse_serial(values["SERIAL"]), number, values["DTG"], values["LANGUAGE"], text)


_BUILDERS: dict[str, Callable[[Values, str], Sheet]] = {"MESSAGE": _message, "RETURN": _return, "TRACER": _tracer}


def _number(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and value == str(int(value[:4]))):
        raise TextError(f"{value[:8]!r}, expected a number from 1")
    return int(value)


def _named(names: type[_Named], value: str) -> _Named:
    try:
        return names(value)
    except ValueError:
        expected = ", ".join(str(one.value) for one in names)
        raise TextError(f"{value[:40]!r}, expected one of {expected}") from None


BUILD_ERRORS = (TextError, SerialError)
"""What `build` raises, for callers that report it."""
