"""The desk's duty: whose shift it is, what was tested, what was handed over. Kept by entries alone.

Pure: entries in, state out; the same entries give the same state. What belongs to one message (release by a second
person, night mode) is the message's own; here is what belongs to the room.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from bridge.base.errors import Theirs
from bridge.base.wire import Value

TESTS = ("heard", "spoken", "line-out", "line-in", "clock", "disk", "models", "alarm-sound")
"""What is tried before a shift: own ear, own voice, both directions of a line, and what the station says of itself."""
RESULTS = ("good", "bad", "not-tried")
TEXT_LIMIT = 2000
KINDS = frozenset(
    (
        "ShiftBegun",
        "SelfTested",
        "HandoverGiven",
        "HandoverTaken",
        "ShiftEnded",
        "NightBegun",
        "NightEnded",
        "NoteMade",
        "MarkerSet",
        "SaidAgainAsked",
        "SlowerAsked",
        "FieldTyped",
    )
)
"""What a person enters. The station enters `SignedIn`, `SignedOut`, `SignInFailed`, `AccountChanged` and `Listened`."""
TYPED = "FieldTyped"
"""What stands in a field of the page and is part of no act yet: entered, so that it outlives page and desk."""
LOGGED = KINDS - {TYPED} | {"SignedIn", "SignedOut", "SignInFailed", "AccountChanged"}
LOG_LENGTH = 500
TYPED_LIMIT = 7000
"""Letters of a field; the longest is a slip that is being typed in. A longer one lives in the page alone."""
TYPED_KEPT = 40
"""Of so many messages or legs, the newest."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SUBJECT = re.compile(r"[a-zA-Z0-9/_.-]{1,80}")


class DutyError(Theirs):
    """Not now, or not in this form; `code` says which, `str` is a sentence for the operator."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True)
class Shift:
    person: str
    since: str
    """UTC."""
    tests: Mapping[str, str] = field(default_factory=dict)
    """Results of the self-test by name; empty: none was made."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What the leaving person wrote, until somebody has read and taken it."""

    person: str
    utc: str
    note: str
    open: tuple[str, ...]
    overdue: tuple[str, ...]


@dataclass(slots=True)
class Duty:
    """Owned by the thread that owns the ledger."""

    shift: Shift | None = None
    handover: Handover | None = None
    night_since: str = ""
    night_by: str = ""
    night_reason: str = ""
    present: dict[str, str] = field(default_factory=dict)
    """Sessions that are there, and whose they are."""

    accounts: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """By name: role, state and when it was changed, as last entered."""

    typed: dict[str, dict[str, Value]] = field(default_factory=dict)
    """By message, leg or place of the page: what stands in its fields, and over what it was typed."""

    log: deque[dict[str, Value]] = field(default_factory=lambda: deque(maxlen=LOG_LENGTH))
    """The newest entries, oldest first."""

    def check(self, kind: str, person: str, fields: Mapping[str, Value], open_now: Collection[str]) -> None:
        """Whether a person may enter this now; changes nothing.

        Args:
            open_now: subjects of the messages that are not closed.

        Raises:
            DutyError: with `code`.
        """
        if kind not in KINDS:
            raise DutyError("unknown-entry", f"{kind[:40]!r} is nothing that is entered in the duty log")
        names = _FIELDS[kind]
        if fields.keys() != names.keys():
            raise DutyError("bad-field", f"expected the fields {', '.join(names) or '(none)'}")
        for name, is_right in names.items():
            if not is_right(fields[name]):
                raise DutyError("bad-field", f"{name}: not in the expected form")
        rule = _RULES.get(kind)
        if rule is not None:
            rule(self, person, fields, open_now)

    def take(self, kind: str, data: Mapping[str, Value], utc: str) -> None:
        """One entry of the desk; one that is not of the duty changes nothing."""
        if kind == TYPED:
            about = str(data["subject"])
            fields = self.typed.pop(about, {})
            self.typed[about] = {**fields, str(data["field"]): {"value": data["value"], "over": data["over"]}}
            if len(self.typed) > TYPED_KEPT:
                del self.typed[next(iter(self.typed))]
        elif kind in LOGGED:
            self.log.append({"utc": utc, "entry": kind, **{name: data[name] for name in data if name != "given"}})
            self._take(kind, str(data.get("person", "")), data, utc)

    def _take(self, kind: str, person: str, data: Mapping[str, Value], utc: str) -> None:
        match kind:
            case "SignedIn":
                self.present[str(data["session"])] = person
            case "SignedOut":
                self.present.pop(str(data["session"]), None)
            case "AccountChanged":
                self.accounts[person] = str(data["role"]), str(data["state"]), str(data["changed_utc"])
            case _:
                self._take_shift(kind, person, data, utc)

    def _take_shift(self, kind: str, person: str, data: Mapping[str, Value], utc: str) -> None:
        match kind:
            case "ShiftBegun":
                self.shift = Shift(person, utc)
            case "SelfTested" if self.shift:
                self.shift = Shift(self.shift.person, self.shift.since, _results(data["results"]))
            case "HandoverGiven":
                self.handover = Handover(
                    person, utc, str(data["note"]), _subjects(data["open"]), _subjects(data["overdue"])
                )
            case "HandoverTaken":
                self.handover, self.shift = None, Shift(person, utc)
            case "ShiftEnded":
                self.shift = None
            case "NightBegun":
                self.night_since, self.night_by, self.night_reason = utc, person, str(data["reason"])
            case "NightEnded":
                self.night_since = self.night_by = self.night_reason = ""

    def snapshot(self) -> dict[str, Value]:
        """The section `duty` of the page."""
        shift, over = self.shift, self.handover
        return {
            "shift": None
            if shift is None
            else {"person": shift.person, "since": shift.since, "tests": {**shift.tests}},
            "handover": None
            if over is None
            else {
                "person": over.person,
                "utc": over.utc,
                "note": over.note,
                "open": list(over.open),
                "overdue": list(over.overdue),
            },
            "night": {"since": self.night_since, "person": self.night_by, "reason": self.night_reason}
            if self.night_since
            else None,
            "crew": list(sorted(set(self.present.values()))),
            "typed": {about: {**fields} for about, fields in self.typed.items()},
        }

    # -- rules -----------------------------------------------------------------------------------------------------

    def _begins(self, person: str, _fields: Mapping[str, Value], _open: Collection[str]) -> None:
        if self.shift is not None:
            raise DutyError("shift-taken", f"{self.shift.person} has the shift; it is handed over first")
        if self.handover is not None:
            raise DutyError("handover-waits", f"{self.handover.person} left a hand-over; take it first")

    def _tested(self, person: str, _fields: Mapping[str, Value], _open: Collection[str]) -> None:
        self._has_shift(person)

    def _gives(self, person: str, _fields: Mapping[str, Value], _open: Collection[str]) -> None:
        self._has_shift(person)

    def _takes(self, person: str, fields: Mapping[str, Value], open_now: Collection[str]) -> None:
        if self.handover is None:
            raise DutyError("no-handover", "nobody has given a hand-over")
        if self.handover.person == person:
            raise DutyError("same-person", "another person takes it")
        missing = sorted(set(open_now) - set(_subjects(fields["read"])))
        if missing:
            raise DutyError("not-read", f"open and not read yet: {', '.join(missing)}")

    def _ends(self, person: str, fields: Mapping[str, Value], open_now: Collection[str]) -> None:
        self._has_shift(person)
        if open_now and not fields["reason"]:
            raise DutyError("open-messages", "messages are open: hand over, or say why nobody takes them")

    def _night(self, person: str, _fields: Mapping[str, Value], _open: Collection[str]) -> None:
        others = set(self.present.values()) - {person}
        if others:
            raise DutyError("not-alone", f"also here: {', '.join(sorted(others))}")

    def _has_shift(self, person: str) -> None:
        if self.shift is None or self.shift.person != person:
            raise DutyError("not-your-shift", f"the shift is {self.shift.person if self.shift else 'nobody'}'s")


_Rule = Callable[[Duty, str, Mapping[str, Value], Collection[str]], None]
_RULES: dict[str, _Rule] = {
    "ShiftBegun": Duty._begins,
    "SelfTested": Duty._tested,
    "HandoverGiven": Duty._gives,
    "HandoverTaken": Duty._takes,
    "ShiftEnded": Duty._ends,
    "NightBegun": Duty._night,
}


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_LIMIT and not _CONTROL.search(value)


def _is_said(value: Value) -> bool:
    return _is_text(value) and bool(str(value).strip())


def _is_typed(value: Value) -> bool:
    return isinstance(value, str) and len(value) <= TYPED_LIMIT and not _CONTROL.search(value)


def _is_subject(value: Value) -> bool:
    return isinstance(value, str) and _SUBJECT.fullmatch(value) is not None


def _is_subjects(value: Value) -> bool:
    return isinstance(value, list) and len(value) <= 200 and all(_is_subject(one) for one in value)


def _is_sample(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**40


def _is_results(value: Value) -> bool:
    return isinstance(value, dict) and value.keys() == set(TESTS) and all(one in RESULTS for one in value.values())


_FIELDS: dict[str, dict[str, Callable[[Value], bool]]] = {
    "ShiftBegun": {},
    "SelfTested": {"results": _is_results},
    "HandoverGiven": {"note": _is_text},
    "HandoverTaken": {"read": _is_subjects},
    "ShiftEnded": {"reason": _is_text},
    "NightBegun": {"reason": _is_said},
    "NightEnded": {},
    "NoteMade": {"text": _is_said},
    "MarkerSet": {"leg": _is_subject, "sample": _is_sample, "text": _is_text},
    "SaidAgainAsked": {"subject": _is_subject},
    "SlowerAsked": {"subject": _is_subject},
    TYPED: {"subject": _is_subject, "field": _is_subject, "value": _is_typed, "over": _is_typed},
}
"""Fields of each entry as the person gives them; the station adds what is open and overdue to `HandoverGiven`."""


def _subjects(value: Value) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _results(value: Value) -> dict[str, str]:
    return {str(name): str(result) for name, result in value.items()} if isinstance(value, dict) else {}
