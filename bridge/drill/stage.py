"""Both stations of an exercise of the relay, and what its people share: one operator at each station.

It plays nothing (`relays`) and joins nothing: two processes, two data folders.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bridge.base.dialplan import Dialplan, load
from bridge.drill.console import LOOK_S
from bridge.drill.crew import Crew
from bridge.drill.play import SETTLE_LIMIT_S, Say
from bridge.drill.relay_script import Phrase
from bridge.drill.script import Cast
from bridge.drill.stations import Station


class Stage:
    """Both stations and what is shared by the exercises on them. `stack` ends what it starts."""

    def __init__(self, plan: Dialplan, cast: Cast, say: Say, voice: Mapping[str, Phrase]) -> None:
        self.plan = plan
        self.cast = cast
        self.say = say
        self.voice = voice
        self.stations: dict[str, Station] = {}
        self._desks = {side: threading.Lock() for side in plan.sides}
        """One operator at each station: who has it plays there."""
        self._taken = threading.Event()
        self.crews: list[Crew] = []

    def start(self, stack: ExitStack, dialplan: Path, data: Path, heard: Path) -> None:
        """Start both stations and the trunks' far ends.

        Raises:
            BridgeError: one of them does not come up.
        """
        for side in (self.cast.calling, self.cast.called):
            self.stations[side] = stack.enter_context(Station(side, dialplan, data / side))
        trunks = {f"trunk-{name}": (side, side.line.trunk) for name, side in self.plan.sides.items()}
        Crew(heard, self.say).start(stack, {name: (s, uri) for name, (s, uri) in trunks.items() if uri is not None})
        for station in self.stations.values():
            station.wait_until_up()
            station.wait_until_acts_are_taken()
            self.say(f"station {station.side}", "line, speech and desk are up")

    @contextmanager
    def desk(self, side: str) -> Iterator[Station]:
        """The operator of a station, for one exercise at a time."""
        with self._desks[side]:
            if side == self.cast.calling:
                self._taken.set()
            yield self.stations[side]

    def wait_until_taken(self, exercise: Future[Any]) -> None:
        """Until the exercise that was begun last has an operator: the next one then comes after it."""
        while not self._taken.wait(LOOK_S) and not exercise.done():
            pass
        self._taken.clear()

    def ask_to_end(self) -> None:
        for station in self.stations.values():
            station.ask_to_end()

    def break_off(self) -> None:
        """End everything that an exercise may be waiting for, so that its thread ends, too."""
        self.ask_to_end()
        for crew in self.crews:
            crew.close()


def settle(stage: Stage) -> None:
    """Wait until every track is closed and transcribed to its end.

    Raises:
        StationError: one is not.
    """
    for station in stage.stations.values():
        for opened in station.line.of("TrackOpened"):
            leg = opened.text("leg")
            station.wait_for(station.line, "TrackClosed", SETTLE_LIMIT_S, leg=leg)
            station.wait_until_transcribed(leg, SETTLE_LIMIT_S)
        stage.say(f"station {station.side}", "every track is closed and transcribed")


def spoken(dialplan: Path, side: str, language: str, folder: Path) -> Path:
    """The dialplan with another language spoken on one side's line, as a file of its own.

    Raises:
        SetupError: the result is no dialplan.
    """
    if load(dialplan).side(side).line_language == language:
        return dialplan
    lines: list[str] = []
    for line in dialplan.read_text(encoding="utf-8").splitlines():
        if re.fullmatch(r"spoken\s*=.*", line) and lines and f"[sides.{side}]" in lines:
            continue
        lines.append(line)
        if line.strip() == f"[sides.{side}]":
            lines.append(f'spoken = "{language}"')
    made = folder / dialplan.name
    made.write_text("\n".join(lines) + "\n", encoding="utf-8")
    load(made)
    return made
