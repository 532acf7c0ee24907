"""A person's command to the line: read from JSON, its form checked. What it does is the line's own.

    {"id": "A-18", "person": "op-a", "role": "operator", "console": "A", "command": {"command": "hang-up", "leg": "x"}}

`protect` and `release` are no commands of a person: the desk tells the line itself while a message is being said.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bridge.base.linecommands import OF_A_PERSON
from bridge.base.wire import Value
from bridge.desk.acts import Act, ActError, parse

ALSO = {
    "call": ("tier", "highest", "contact", "precedence", "call"),
    "ring-operator": ("call",),
    "hang-up": ("leg", "call"),
}
"""Fields that a command may have beside those it cannot do without."""
VALUE_LIMIT = 256


@dataclass(frozen=True, slots=True)
class LineAct:
    act: Act
    """Who asks; its fields are the command's."""

    @property
    def command(self) -> str:
        return self.act.name

    def fields(self) -> dict[str, Value]:
        """Without an id, as they go to the line."""
        return {"command": self.act.name, **self.act.fields}


def read(line: bytes) -> LineAct:
    """Read one line.

    Raises:
        ActError: not JSON, no such command, or a field that is missing, unknown or of another form.
    """
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ActError("bad-command", "expected one JSON object a line") from error
    match raw:
        case {"command": {"command": str(name), **fields}, **who} if len(who) == 4:
            rest = _checked(name, {str(field): value for field, value in fields.items()})
            return LineAct(parse(json.dumps({**who, "act": name, "fields": rest}).encode()))
    raise ActError("bad-command", "expected a command, an object with its name in command")


def _checked(name: str, fields: Mapping[str, object]) -> dict[str, Value]:
    if name not in OF_A_PERSON:
        raise ActError("unknown-command", f"{name[:40]!r}, expected one of {', '.join(OF_A_PERSON)}")
    known = (*OF_A_PERSON[name], *ALSO.get(name, ()))
    unknown = sorted(fields.keys() - set(known))
    missing = [field for field in OF_A_PERSON[name] if not fields.get(field)]
    if unknown or missing:
        wanted = ", ".join(known) or "no field"
        raise ActError("bad-command", f"{name}: expected {wanted}")
    found: dict[str, Value] = {}
    for field, value in fields.items():
        text = str(value) if type(value) is int else value
        if not isinstance(text, str) or len(text) > VALUE_LIMIT or not text.isprintable():
            raise ActError("bad-command", f"{name}: {field}: expected a text of at most {VALUE_LIMIT} characters")
        found[field] = text
    return found
