"""Everything about a theatre as data: sides, lines, contacts, handsets, timers. Read from TOML, checked whole.

A mistake is reported with file, key, value and what was expected, and nothing starts. Unknown keys are mistakes:
a misspelt timer must not silently become the default. Every key is documented by the text under its field;
`docs/dialplan.md` is made from these texts.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, PrivateAttr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from bridge.base.dialplan_messages import (
    Coded,
    Deadlines,
    Locked,
    Positions,
    RankCode,
    Retention,
    Spelling,
    Table,
    Token,
    Zone,
    refuse_doubles,
)
from bridge.base.dialplan_messages import Names as Names
from bridge.base.dialplan_network import Line as Line
from bridge.base.dialplan_network import Page as Page
from bridge.base.dialplan_network import PageTls, Seconds, Tls
from bridge.base.dialplan_network import SipUri as SipUri
from bridge.base.errors import DialplanError
from bridge.base.terms import LANGUAGES, Precedence

SIDE_NAME = re.compile(r"[a-z]{2,8}")

Language: TypeAlias = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


class Contact(Table):
    """An officer or watch that can be called."""

    id: Token
    """Short name used in commands and records."""
    name: Names
    """Neutral display name."""
    role: Names
    """In what role this contact speaks."""
    rank: RankCode
    """NATO code of the rank (STANAG 2116), from the parties' signed table."""
    tier: int = Field(ge=1, le=9)
    """Authority tier; 1 is the watch, higher is more authority."""
    uri: SipUri
    """Where to call."""


class Handset(Table):
    """A telephone at the operators' desk."""

    id: Token
    """Short name used in records."""
    uri: SipUri
    """Where to ring it; calls from its address are an operator's."""
    page: bool = False
    """It is a browser on the desk's page: the station itself answers at `uri`, an address of this host. One a side."""


class Timers(Table):
    """Own timers, because SIP itself gives up only after 32 s (RFC 3261, timer B)."""

    contact_ring_s: dict[str, Seconds] = Field(default={})
    """How long one contact is rung, by precedence (`FLASH = 8`); 8 s where not given."""
    handset_ring_s: Seconds = 8.0
    """How long one handset rings before the next is tried."""
    nobody_after_s: Seconds = 20.0
    """When the caller is told that nobody answers and invited to leave a statement."""
    silence_s: Seconds = 1.0
    """Audio missing this long marks a gap in the track."""
    dead_media_s: Seconds = 60.0
    """A leg without any audio packet this long is ended as a technical fault. Longer than any pause a phone
    system makes for failover, shorter than a watch change."""
    half_open_s: Seconds = 4.0
    """How long a dialog may stay half open (no ACK, no last word) before it is reaped."""
    preempt_tone_s: Seconds = 3.0
    """How long the tone sounds before a leg is ended for a call of higher precedence."""

    @field_validator("contact_ring_s")
    @classmethod
    def _precedences(cls, value: dict[str, float]) -> dict[str, float]:
        for name in value:
            if name not in Precedence.__members__:
                raise ValueError(f"{name}: expected one of {', '.join(Precedence.__members__)}")
        return value

    def ring_s(self, precedence: Precedence) -> float:
        return self.contact_ring_s.get(precedence.value, 8.0)


class Speech(Table):
    """Recognition on one line. The language is locked: an engine fed another language invents words."""

    recognizer: Literal["moonshine", "vosk", "none"] = "none"
    """Engine that transcribes as people speak."""
    model: str = ""
    """Name of an installed model (`hotline models list`); empty: the one that comes with the engine."""
    checker: Literal["whisper", "none"] = "none"
    """Second engine that marks where it hears something else. It never edits."""


class Side(Table):
    """One of the two sides, with its station."""

    name: Names
    """Neutral display name."""
    language: Language
    """The side's own language: announcements and screens."""
    spoken: Language | None = None
    """Language spoken on the line, where it is not the side's own (an exercise in English, say)."""
    line: Line
    """The circuit."""
    page: Page
    """The desk's pages of this station."""
    speech: Speech = Speech()
    """Recognition."""
    contacts: list[Contact] = Field(min_length=1)
    """The ladder: rung in this order within a tier, lowest tier first."""
    handsets: list[Handset] = Field(min_length=1)
    """The operators' telephones, rung in this order."""

    @field_validator("language")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError(f"expected one of {', '.join(LANGUAGES)}")
        return value

    @property
    def line_language(self) -> str:
        return self.spoken or self.language

    @model_validator(mode="after")
    def _unique(self) -> Side:
        for what in ("contacts", "handsets"):
            ids = [item.id for item in getattr(self, what)]
            double = sorted({i for i in ids if ids.count(i) > 1})
            if double:
                raise ValueError(f"{what}: id {double[0]} appears twice; expected each once")
        pages = [handset.uri for handset in self.handsets if handset.page]
        if len(pages) > 1:
            raise ValueError(f"handsets: {len(pages)} have page = true; expected at most one")
        if any(not uri.host.replace(".", "").isdecimal() for uri in pages):
            raise ValueError(f"handsets: page = true at {pages[0].host}; expected a numeric address of this host")
        return self

    @property
    def page_handset(self) -> Handset | None:
        return next((handset for handset in self.handsets if handset.page), None)


class Dialplan(Table):
    """A whole theatre."""

    theatre: str = Field(min_length=1, max_length=80)
    """Name of the theatre, for titles."""
    exercise: bool = False
    """Everything is marked EXERCISE in audio, text and serials."""
    announcements: Path | None = None
    """Folder with `<language>/<name>.wav`; none: those that come with the program."""
    timers: Timers = Timers()
    """Timers."""
    zones: list[Zone] = Field(default=[], max_length=2)
    """Time zones shown beside UTC (`Asia/Muscat`); none: that of the screen."""
    sides: dict[str, Side]
    """The two sides by short name (`us`, `ir`)."""
    coded: list[Coded] = Field(default=[])
    """Pre-agreed texts. Both stations compare the check words of the list at the start of a watch."""
    ranks: dict[Token, dict[Spelling, RankCode]] = Field(default={})
    """Titles of rank and their NATO codes (STANAG 2116), one table a side or service, as the parties signed them:
    officers whose titles have one code are peers. A title with several codes has to be stated as a code. Without any,
    the tables of open sources count."""
    positions: Positions = Positions()
    """Reference point and jumps."""
    locked: list[Locked] = Field(default=[])
    """Names, terms and forms of address."""
    deadlines: Deadlines = Deadlines()
    """Time for each step of a message."""
    retention: Retention = Retention()
    """How long recordings are kept."""
    _file: Path | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _each_once(self) -> Dialplan:
        refuse_doubles(self.coded, self.locked)
        return self

    @model_validator(mode="after")
    def _two_separate_sides(self) -> Dialplan:
        if len(self.sides) != 2:
            raise ValueError(f"sides: {len(self.sides)} given, expected exactly two")
        for name in self.sides:
            if not SIDE_NAME.fullmatch(name):
                raise ValueError(f"sides.{name}: expected 2 to 8 lower-case letters")
        one, other = self.sides.values()
        if one.line.host == other.line.host:
            raise ValueError(f"sides: both lines listen on {one.line.host}; expected two separate addresses")
        return self

    def where(self, key: str) -> str:
        """File and key, for a mistake that is found after reading."""
        return f"{self._file or 'dialplan'}, key {key}"

    def side(self, name: str) -> Side:
        """One side by its short name.

        Raises:
            DialplanError: no such side.
        """
        if name not in self.sides:
            raise DialplanError(
                f"side {name!r} is not in the dialplan", "sides", f"Use one of {', '.join(sorted(self.sides))}."
            )
        return self.sides[name]


def load(path: Path) -> Dialplan:
    """Read and check a dialplan. Relative paths in it are meant from its own folder.

    Raises:
        DialplanError: the file is missing, is not TOML, or a key is wrong; the text names file, key, value and
            what was expected.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DialplanError(
            f"dialplan cannot be read: {error.strerror}", str(path), "Give an existing file with --dialplan."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DialplanError(f"not valid TOML: {error}", str(path), "Correct the named line.") from error
    try:
        plan = Dialplan.model_validate(raw)
    except ValidationError as error:
        raise _explain(path, error) from error
    return _anchored(plan, path)


def _explain(path: Path, error: ValidationError) -> DialplanError:
    """The first mistake in full and how many more there are."""
    found = error.errors()
    first = found[0]
    key = ".".join(str(part) for part in first["loc"]) or "(top level)"
    more = f" {len(found) - 1} more mistake(s) follow." if len(found) > 1 else ""
    return DialplanError(_sentence(first), f"{path}, key {key}", f"Correct the key; nothing was started.{more}")


def _sentence(detail: ErrorDetails) -> str:
    match detail["type"]:
        case "missing":
            return "key is missing, expected a value"
        case "extra_forbidden":
            return f"key is unknown (value {_short(detail['input'])}), expected one of the documented keys"
        case "value_error":
            said = detail["msg"].removeprefix("Value error, ")
            # A rule about a whole table names its keys itself; the table's text would only hide them.
            return said if isinstance(detail["input"], dict) else f"value {_short(detail['input'])}: {said}"
    return f"value {_short(detail['input'])}: expected {_expected(detail['msg'])}"


def _expected(message: str) -> str:
    return message.removeprefix("Input should be ").removeprefix("a ").removeprefix("an ")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _anchored(plan: Dialplan, path: Path) -> Dialplan:
    folder = path.resolve().parent

    def found(files: Tls | PageTls) -> Table:
        return type(files)(**{name: folder / getattr(files, name) for name in type(files).model_fields})

    def tls(side: Side) -> Side:
        changed = {
            name: one.model_copy(update={"tls": found(one.tls)})
            for name, one in (("line", side.line), ("page", side.page))
            if one.tls is not None
        }
        return side.model_copy(update=changed)

    sides = {name: tls(side) for name, side in plan.sides.items()}
    announcements = None if plan.announcements is None else folder / plan.announcements
    anchored = plan.model_copy(update={"sides": sides, "announcements": announcements})
    anchored._file = path
    return anchored
