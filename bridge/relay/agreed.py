"""What the dialplan says about messages, in the form in which the relay room uses it, checked whole.

A text that cannot be sealed, two titles alike, a point that is none: named with file and key before anything starts.
It looks nothing up in a message (`relay/remarks`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.base.dialplan import Dialplan
from bridge.base.dialplan_messages import Coded, Locked, Names
from bridge.base.errors import DialplanError
from bridge.relay import ranks
from bridge.relay.coded import CodedError, CodedList, CodedText, Wording
from bridge.relay.positions import JUMP_M, Position, parse_position
from bridge.relay.precedence import Limit, limits_of
from bridge.relay.sealed_text import VALUE_LIMIT, TextError, languages, require

_REMEDY = "Correct the key; nothing was started."


@dataclass(frozen=True, slots=True)
class Reference:
    """The point from which positions are measured."""

    name: Names
    position: Position


@dataclass(frozen=True, slots=True)
class Agreed:
    """What both parties have agreed for their messages."""

    coded: CodedList
    ranks: Mapping[str, Mapping[str, str]]
    locked: tuple[Locked, ...] = ()
    reference: Reference | None = None
    jump_m: int = JUMP_M
    limits: tuple[Limit, ...] = ()
    """Deadlines other than the usual ones."""


NOTHING = Agreed(CodedList(()), ranks.TABLES)
"""Where a dialplan says nothing about messages."""


def agreed(plan: Dialplan) -> Agreed:
    """Read and check what a dialplan says about messages.

    Raises:
        DialplanError: something that cannot be sealed, or measured from; names file, key and what was expected.
    """
    texts = [_text(plan, number, one) for number, one in enumerate(plan.coded)]
    try:
        coded = CodedList(texts)
    except CodedError as error:
        raise DialplanError(f"{error}; expected each once", plan.where("coded"), _REMEDY) from error
    for number, one in enumerate(plan.locked):
        _check_locked(plan, number, one)
    tables, locked, limits = plan.ranks or ranks.TABLES, tuple(plan.locked), limits_of(plan.deadlines)
    return Agreed(coded, tables, locked, _reference(plan), plan.positions.jump_m, limits)


def _text(plan: Dialplan, number: int, one: Coded) -> CodedText:
    for language in languages():
        for key, value, limit in (("title", one.title, VALUE_LIMIT), ("text", one.text, 0)):
            text = value.of(language)
            try:
                require(text, language, limit) if limit else require(text, language)
            except TextError as error:
                where = plan.where(f"coded.{number}.{key}.{language}")
                raise DialplanError(f"value {text[:40]!r}: {error}", where, _REMEDY) from error
    wordings = (Wording(language, one.title.of(language), one.text.of(language)) for language in languages())
    return CodedText(one.code, one.number, tuple(wordings))


def _check_locked(plan: Dialplan, number: int, one: Locked) -> None:
    for language in languages():
        for place, spelling in enumerate(one.of(language)):
            try:
                require(spelling, language, VALUE_LIMIT)
            except TextError as error:
                where = plan.where(f"locked.{number}.{language}.{place}")
                raise DialplanError(f"value {spelling[:40]!r}: {error}", where, _REMEDY) from error


def _reference(plan: Dialplan) -> Reference | None:
    point = plan.positions.reference
    if point is None:
        return None
    return Reference(point.name, parse_position(point.position))
