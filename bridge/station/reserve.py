"""Keeps one loaded process beside a running one, to take its place at once (`standby`)."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence

from bridge.base.log import logger
from bridge.station import children
from bridge.station.standby import TURN

AFTER_TURN_S = 1.0
"""Until the spare that took the turn is up: the next one must not compete with it for the processor."""
AFTER_FAULT_S = 10.0


class Reserve:
    """At most one spare, made again some time after it was used or lost. Owned by the parent's thread."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self._command = command
        self._environ = environ
        self._spare: children.Running | None = None
        self._turn = -1
        # At once: a line that dies in its first seconds must be back as quickly as a later one.
        self._due = -math.inf
        self._log = logger("station")

    def tend(self, now: float) -> None:
        """Start a spare when one is due; notice when it was lost."""
        if self._spare is not None and self._spare.exit_code() is not None:
            self._log.warning("spare process was lost", code="spare-lost", pid=self._spare.pid)
            self._forget(now + AFTER_FAULT_S)
        if self._spare is None and now >= self._due:
            self._start(now)

    def _start(self, now: float) -> None:
        reading, self._turn = os.pipe()
        try:
            self._spare = children.start(self._command, self._environ, reading)
        except OSError as error:
            self._log.error("spare process cannot be started", code=error.errno or 0)
            self._forget(now + AFTER_FAULT_S)
        finally:
            os.close(reading)

    def take(self, now: float) -> children.Running | None:
        """Give the spare its turn; None if there is none."""
        spare = self._spare
        if spare is None or spare.exit_code() is not None:
            return None
        try:
            os.write(self._turn, TURN)
        except BrokenPipeError:
            return None  # it died just now; `tend` will notice
        self._forget(now + AFTER_TURN_S)
        return spare

    def close(self) -> None:
        """End the spare; it has had no turn, so there is nothing to finish."""
        spare = self._spare
        if spare is not None:
            spare.kill()
            spare.process.wait()
            self._forget(math.inf)
        self._due = math.inf

    def _forget(self, due: float) -> None:
        os.close(self._turn)
        self._spare, self._turn, self._due = None, -1, due
