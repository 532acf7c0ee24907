"""What the parties agreed for their messages, as keys of the dialplan: coded texts, ranks, positions, names, times.

It knows forms only. Whether a text can be sealed and a list stands together is judged where messages are known
(`relay/agreed`), before anything starts.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from bridge.base.terms import LANGUAGES, Precedence
from bridge.base.text import fold

Token: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Spelling: TypeAlias = Annotated[str, Field(min_length=1, max_length=80)]
RankCode: TypeAlias = Annotated[str, Field(pattern=r"^OF-([1-9]|10)$")]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError) as error:
        raise ValueError("expected a time zone such as Asia/Muscat") from error
    return name


Zone: TypeAlias = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_known_zone)]
Minutes: TypeAlias = Annotated[int, Field(ge=1, le=10080)]
STEPS = ("taking", "carrying", "returning", "telling", "giving", "acknowledging", "replying")
"""Steps of a message that have a deadline each (`relay/precedence`)."""
HANDLING_MINUTES = {
    Precedence.FLASH: 10,
    Precedence.IMMEDIATE: 30,
    Precedence.PRIORITY: 180,
    Precedence.ROUTINE: 360,
}
"""Handling time per step, after US Navy procedure."""


class Table(BaseModel):
    """A table of the dialplan: unknown keys are mistakes, and the text under a field is its documentation."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Names(Table):
    """A neutral name or text in the three languages of the screens."""

    en: str
    """English."""
    ar: str
    """Arabic."""
    fa: str
    """Persian."""

    def of(self, language: str) -> str:
        return {"ar": self.ar, "fa": self.fa}.get(language, self.en)


class Coded(Table):
    """A pre-agreed text. Code, number and title are said and read back; each side has the text in its own language."""

    code: str = Field(pattern=r"^[A-Z]{1,8}$")
    """Name of the list, for instance `GULF`."""
    number: int = Field(ge=1, le=9999)
    """Number in the list, once."""
    title: Names
    """Short name that is read back with the number; no two texts share one."""
    text: Names
    """What it says. Letters, digits and signs as in any sealed text."""


class Reference(Table):
    """A point that both sides know, from which every position in a message is measured."""

    name: Names
    """What it is called."""
    position: str = Field(
        pattern=r"^[0-8][0-9]-[0-5][0-9](\.[0-9]{1,3})?[NS] (0[0-9]|1[0-7])[0-9]-[0-5][0-9](\.[0-9]{1,3})?[EW]$"
    )
    """Degrees and minutes with hemisphere letters, `25-34.5N 056-12.3E`."""


class Positions(Table):
    """How positions in messages are looked at. What is found is shown as a warning and stops nothing."""

    reference: Reference | None = None
    """The agreed point; none: no distance and bearing is shown."""
    jump_m: int = Field(default=5000, ge=100, le=1_000_000)
    """An object reported farther than this from its last report is asked about again, in metres."""


class Locked(Table):
    """A name, term or form of address that is never improvised and never translated otherwise than here."""

    id: Token
    """Short name of the entry."""
    kind: Literal["place", "object", "person", "term", "address", "code"]
    """`object` is a ship, aircraft or unit whose reported positions are followed; `address` a form of address; `code`
    the name of a list of coded texts, with the ways in which it is heard."""
    en: list[Spelling] = Field(min_length=1)
    """English spellings, the one to be used first."""
    ar: list[Spelling] = Field(min_length=1)
    """Arabic spellings, the one to be used first."""
    fa: list[Spelling] = Field(min_length=1)
    """Persian spellings, the one to be used first."""

    def of(self, language: str) -> list[str]:
        return {"ar": self.ar, "fa": self.fa}.get(language, self.en)

    @property
    def spellings(self) -> list[str]:
        return [spelling for language in LANGUAGES for spelling in self.of(language)]


class Deadlines(Table):
    """Minutes that a step may take by precedence (`{ FLASH = 5 }`); where not given 10 at FLASH, 30 at IMMEDIATE, 180
    at PRIORITY and 360 at ROUTINE. A deadline that passed comes back after every further half of its time."""

    taking: dict[str, Minutes] = {}
    """From the first word to the seal."""
    carrying: dict[str, Minutes] = {}
    """From the seal until the slip has left the station."""
    returning: dict[str, Minutes] = {}
    """From the carrying until a return slip is back; then a tracer is asked for."""
    telling: dict[str, Minutes] = {}
    """From a return slip until the originator has been told."""
    giving: dict[str, Minutes] = {}
    """From the arrival of the slip to the receipt; then the next tier of the ladder is called."""
    acknowledging: dict[str, Minutes] = {}
    """From the receipt to the acknowledgement."""
    replying: dict[str, Minutes] = {}
    """From the acknowledgement until it is known whether a reply comes."""

    @field_validator(*STEPS)
    @classmethod
    def _precedences(cls, value: dict[str, int]) -> dict[str, int]:
        return by_precedence(value)

    def minutes(self, step: str, precedence: Precedence) -> int:
        given: dict[str, int] = getattr(self, step)
        return given.get(precedence.value, HANDLING_MINUTES[precedence])


class Retention(Table):
    """How long what is kept. Nothing is ever deleted by the program: `hotline check` says what has become older."""

    recordings_days: int | None = Field(default=None, ge=1, le=36500)
    """Age from which the parties let recordings be removed, by hand and in the presence of both; none: never."""


def refuse_doubles(coded: list[Coded], locked: list[Locked]) -> None:
    """Pass lists in which everything stands once.

    Raises:
        ValueError: a number, an id or a spelling stands there twice.
    """
    _refuse_double("coded", [f"{one.code} {one.number}" for one in coded])
    _refuse_double("locked: id", [one.id for one in locked])
    # One spelling for two things would make two things equal in a comparison.
    spelled = [{fold(spelling) for spelling in one.spellings} for one in locked]
    _refuse_double("locked: spelling", [spelling for entry in spelled for spelling in sorted(entry)])


def _refuse_double(what: str, names: list[str]) -> None:
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise ValueError(f"{what} {double} appears twice; expected each once")


def by_precedence(value: dict[str, int]) -> dict[str, int]:
    """Pass a table whose keys are precedences.

    Raises:
        ValueError: another key.
    """
    for name in value:
        if name not in Precedence.__members__:
            raise ValueError(f"{name}: expected one of {', '.join(Precedence.__members__)}")
    return value
