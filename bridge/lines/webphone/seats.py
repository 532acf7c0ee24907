"""Which page has the telephone: the first that comes, until it leaves or another one takes it over. Never two at once.

Connections are numbers. A page that connects again, under the same name, replaces its own old connection, which may
be dead without anybody having noticed. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bridge.lines.webphone.words import BusyElsewhere, Free, Telling


@dataclass(frozen=True, slots=True)
class Seated:
    """This connection has the telephone now; it must be told how the telephone stands."""

    connection: int


@dataclass(frozen=True, slots=True)
class Vacant:
    """Nobody has it."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Close a connection."""

    connection: int


@dataclass(frozen=True, slots=True)
class TellOne:
    connection: int
    telling: Telling


Command: TypeAlias = Seated | Vacant | Drop | TellOne


class Seats:
    """Owned by the process's thread."""

    def __init__(self) -> None:
        self.holder: int | None = None
        self._pages: dict[int, str] = {}

    def hello(self, connection: int, page: str) -> list[Command]:
        """A page has said who it is. A second hello changes nothing."""
        if connection in self._pages:
            return []
        old = next((number for number, name in self._pages.items() if name == page), None)
        commands: list[Command] = []
        if old is not None:
            del self._pages[old]
            commands.append(Drop(old))
        self._pages[connection] = page
        if self.holder is None or self.holder == old:
            self.holder = connection
            return [*commands, Seated(connection)]
        return [*commands, TellOne(connection, BusyElsewhere())]

    def take(self, connection: int) -> list[Command]:
        """A page asks for the telephone; who has not said hello, or has it already, gets nothing new."""
        if connection not in self._pages or connection == self.holder:
            return []
        old, self.holder = self.holder, connection
        told: list[Command] = [] if old is None else [TellOne(old, BusyElsewhere())]
        return [*told, Seated(connection)]

    def left(self, connection: int) -> list[Command]:
        """A connection is gone."""
        self._pages.pop(connection, None)
        if connection != self.holder:
            return []
        self.holder = None
        # Not handed over by itself: whoever speaks to a general must have meant to.
        return [Vacant(), *(TellOne(number, Free()) for number in self._pages)]
