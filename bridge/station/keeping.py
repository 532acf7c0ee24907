"""What to restart when: one machine per process of a station, and the order in which all of them end.

It starts and kills nothing; the edge in `supervisor` carries the commands out. Times are monotonic seconds.

    IDLE -> RUNNING <-> WAITING
            |     |        |
        UNFIT   STOPPING --+--> ENDED
                  |               |
                KILLED -----------+

A process is never given up: after a fault it is started again, the line at once, the others after a pause that grows.
Only an exit with `UNFIT` at the very first start ends the station, because a wrong set-up does not heal by itself.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from bridge.base.errors import MoveError

UNFIT = 2
"""Exit code of a process that cannot work with its set-up."""
FIRST_START_S = 10.0
"""How long after its first start an exit with `UNFIT` still means a wrong set-up."""
STABLE_S = 10.0
"""A process that ran this long has recovered: its next fault is treated as the first."""


class State(enum.Enum):
    IDLE = "idle"
    RUNNING = "running"
    WAITING = "waiting"
    STOPPING = "stopping"
    KILLED = "killed"
    ENDED = "ended"
    UNFIT = "unfit"
    """Ended by itself, because its set-up is wrong."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a process or was asked for it."""


@dataclass(frozen=True, slots=True)
class Begun(Event):
    """The station starts."""


@dataclass(frozen=True, slots=True)
class Exited(Event):
    """The process ended."""

    code: int
    """Exit code; minus the signal's number where a signal ended it."""


@dataclass(frozen=True, slots=True)
class FoundUnfit(Event):
    """It cannot work with its set-up. Made by `handle` of an `Exited`, never by the edge."""


@dataclass(frozen=True, slots=True)
class StopAsked(Event):
    """The process must end."""


@dataclass(frozen=True, slots=True)
class TimeCame(Event):
    """The moment `wake_at` passed. Made by `wake`, never by the edge."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something the edge must do."""


@dataclass(frozen=True, slots=True)
class Spawn(Command):
    attempt: int
    """1 for the first start."""


@dataclass(frozen=True, slots=True)
class Terminate(Command):
    """Ask the process to end."""


@dataclass(frozen=True, slots=True)
class Kill(Command):
    """It had its time."""


MOVES: dict[State, dict[type[Event], State]] = {
    State.IDLE: {Begun: State.RUNNING, StopAsked: State.ENDED},
    State.RUNNING: {Exited: State.WAITING, FoundUnfit: State.UNFIT, StopAsked: State.STOPPING},
    State.WAITING: {TimeCame: State.RUNNING, StopAsked: State.ENDED},
    State.STOPPING: {Exited: State.ENDED, TimeCame: State.KILLED},
    State.KILLED: {Exited: State.ENDED},
    State.ENDED: {},
    State.UNFIT: {},
}
"""Every legal move; nothing else changes state."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How one kind of process is treated."""

    pauses_s: tuple[float, ...]
    """Pause before the first, second, ... restart of a row of faults; the last one stays."""
    stop_limit_s: float
    """Time to end by itself before it is killed."""


LINE = Manner((0.0, 0.2, 0.5, 1.0), 5.0)
"""The line must answer again within 3 s of a fault, start included; only a row of faults is slowed down, so that
a process that dies at once does not eat the processor of the others. 5 s: the last word of a dialog may take 4 s."""
OTHERS = Manner((0.2, 0.4, 0.8, 1.6, 3.2, 5.0), 4.0)


class Child:
    """One process of a station. Owned by the supervisor's thread."""

    def __init__(self, manner: Manner) -> None:
        self.state = State.IDLE
        self.wake_at: float | None = None
        self.attempts = 0
        self._manner = manner
        self._started_at = 0.0
        self._faults_in_row = 0

    @property
    def is_over(self) -> bool:
        return self.state in (State.ENDED, State.UNFIT)

    @property
    def is_ending(self) -> bool:
        return self.state in (State.STOPPING, State.KILLED)

    def handle(self, event: Event, now: float) -> list[Command]:
        """Take one event.

        Raises:
            MoveError: the state does not allow it; nothing changed.
        """
        if isinstance(event, Exited) and self._tells_unfit(event, now):
            event = FoundUnfit()
        was = self.state
        if type(event) not in MOVES[was]:
            raise MoveError(f"{type(event).__name__} in {was.name}")
        self.state = MOVES[was][type(event)]
        self.wake_at = None
        match self.state:
            case State.RUNNING:
                self.attempts += 1
                self._started_at = now
                return [Spawn(self.attempts)]
            case State.WAITING:
                self.wake_at = now + self._pause_s(now)
            case State.STOPPING:
                self.wake_at = now + self._manner.stop_limit_s
                return [Terminate()]
            case State.KILLED:
                return [Kill()]
        return []

    def wake(self, now: float) -> list[Command]:
        """Do what is due; early or repeated calls do nothing."""
        if self.wake_at is None or now < self.wake_at:
            return []
        return self.handle(TimeCame(), now)

    def _tells_unfit(self, event: Exited, now: float) -> bool:
        is_first = self.attempts == 1 and now - self._started_at <= FIRST_START_S
        return event.code == UNFIT and is_first and self.state is State.RUNNING

    def _pause_s(self, now: float) -> float:
        self._faults_in_row = 1 if now - self._started_at >= STABLE_S else self._faults_in_row + 1
        pauses = self._manner.pauses_s
        return pauses[min(self._faults_in_row, len(pauses)) - 1]


class Crew:
    """All processes of a station: started together, ended one after the other in the order given.

    The line ends first, so that those who follow its journal still see its last entry. The station is over when all
    have ended, `is_unfit` when one could not work with its set-up.
    """

    def __init__(self, manners: dict[str, Manner]) -> None:
        self.children = {name: Child(manner) for name, manner in manners.items()}
        self._is_stopping = False

    @property
    def is_over(self) -> bool:
        return all(child.is_over for child in self.children.values())

    @property
    def is_unfit(self) -> bool:
        return any(child.state is State.UNFIT for child in self.children.values())

    @property
    def wake_at(self) -> float | None:
        return min((child.wake_at for child in self.children.values() if child.wake_at is not None), default=None)

    def begin(self, now: float) -> list[tuple[str, Command]]:
        return [(name, command) for name, child in self.children.items() for command in child.handle(Begun(), now)]

    def exited(self, name: str, code: int, now: float) -> list[tuple[str, Command]]:
        commands = [(name, command) for command in self.children[name].handle(Exited(code), now)]
        if self.is_unfit:
            self._is_stopping = True
        return commands + self._stop_next(now)

    def stop(self, now: float) -> list[tuple[str, Command]]:
        """Begin to end all; asking twice does nothing."""
        self._is_stopping = True
        return self._stop_next(now)

    def wake(self, now: float) -> list[tuple[str, Command]]:
        due = [(name, command) for name, child in self.children.items() for command in child.wake(now)]
        return due + self._stop_next(now)

    def _stop_next(self, now: float) -> list[tuple[str, Command]]:
        """Ask the first that still runs to end, unless one is ending already."""
        if not self._is_stopping:
            return []
        commands: list[tuple[str, Command]] = []
        for name, child in self.children.items():
            if not child.is_ending and not child.is_over:
                commands += [(name, command) for command in child.handle(StopAsked(), now)]
            if child.is_ending:
                break
        return commands
