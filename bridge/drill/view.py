"""What an operator sees of one message on the desk's screen: the answer to `StateAsked` as plain values.

Pure: the desk's JSON in, values out. It looks at nothing that the page does not show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.base.errors import WireError
from bridge.base.wire import Value


@dataclass(frozen=True, slots=True)
class Heard:
    """One settled utterance of the originator."""

    text: str
    leg: str
    from_sample: int
    to_sample: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference that the desk shows while something is said."""

    kind: str
    sealed: str
    heard: str
    sealed_from: int
    """Word of the sealed text where it lies."""
    certain: bool


@dataclass(frozen=True, slots=True)
class View:
    """One message."""

    state: str
    outcome: str = ""
    leg: str = ""
    heard: tuple[Heard, ...] = ()
    slots: tuple[tuple[str, str], ...] = ()
    """Id and text of each critical item."""
    matches: Mapping[str, str] | None = None
    """Last verdict of each part that was said."""
    part: str = ""
    """The part whose differences are shown."""
    differences: tuple[Difference, ...] = ()
    attempts: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()
    text: str = ""
    """The draft that is shown to be read back, or the sealed text."""
    slip: str = ""
    returned: str = ""
    """The last return slip."""

    def match(self, part: str) -> str:
        """The last verdict of a part; empty if it was not compared."""
        return (self.matches or {}).get(part, "")

    def of(self, part: str) -> tuple[Difference, ...]:
        """Differences shown for a part; none once it is as sealed."""
        return self.differences if self.part == part and self.match(part) in ("altered", "check") else ()


def view_of(state: Value, shown: Value, subject: str) -> View | None:
    """The message of a subject; None where there is none.

    Raises:
        WireError: the answer has another form.
    """
    machines = _object(_object(state).get("machines"))
    if subject not in machines:
        return None
    machine, screen = _object(machines[subject]), _object(_object(shown).get(subject, {}))
    found = _object(screen.get("DifferencesFound", {}))
    said = _object(machine.get("said", {}))
    return View(
        state=_text(machine["state"]),
        outcome=_text(machine["outcome"]),
        leg=_text(machine.get("leg", "")),
        heard=tuple(_heard(_object(one)) for one in _list(machine.get("heard", []))),
        slots=tuple((_text(_object(s)["id"]), _text(_object(s)["text"])) for s in _list(machine.get("slots") or [])),
        matches={_text(_object(c)["part"]): _text(_object(c)["match"]) for c in _list(said.get("compared", []))},
        part=_text(found.get("part", "")),
        differences=tuple(_difference(_object(one)) for one in _list(found.get("findings", []))),
        attempts=tuple(_text(_object(one)["contact"]) for one in _list(machine.get("attempts", []))),
        newer=tuple(_serial(_object(one)) for one in _list(machine.get("newer", []))),
        text=_text(_object(screen.get("SayReadBack", {})).get("text", "")),
        slip=_text(_object(screen.get("PrintSlip", {})).get("text", "")),
        returned=_text(_object(screen.get("PrintReturn", {})).get("text", "")),
    )


def _heard(one: Mapping[str, Value]) -> Heard:
    span = _object(one["span"])
    return Heard(_text(one["text"]), _text(span["leg"]), _number(span["from_sample"]), _number(span["to_sample"]))


def _difference(one: Mapping[str, Value]) -> Difference:
    start = _number(_list(one["sealed_span"])[0])
    return Difference(_text(one["kind"]), _text(one["sealed"]), _text(one["heard"]), start, one["certain"] is True)


def _serial(one: Mapping[str, Value]) -> str:
    mark = "EXERCISE-" if one.get("exercise") is True else ""
    return f"{mark}{_text(one['side']).upper()}-{_number(one['number']):04}"


def _object(value: Value) -> Mapping[str, Value]:
    if not isinstance(value, dict):
        raise WireError("expected an object in the desk's answer")
    return value


def _list(value: Value) -> list[Value]:
    if not isinstance(value, list):
        raise WireError("expected a list in the desk's answer")
    return value


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise WireError("expected a text in the desk's answer")
    return value


def _number(value: Value) -> int:
    if not isinstance(value, int):
        raise WireError("expected a number in the desk's answer")
    return value
