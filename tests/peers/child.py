"""A foreign program as a child of the test: started, watched by conditions with a deadline, ended by its own id."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")
PATIENCE = float(os.environ.get("HOTLINE_TEST_UNIT_S", "1"))
"""Multiplies every deadline; slow machines set it above 1."""


class PeerError(AssertionError):
    """A peer did not do what the test needs of it."""


def await_for(what: str, found: Callable[[], T | None], seconds: float = 10.0, detail: Callable[[], str] = str) -> T:
    """Ask `found` until it gives something other than None and False; the deadline is in units of `PATIENCE`.

    Raises:
        PeerError: it did not in time; the text says what was awaited.
    """
    deadline = time.monotonic() + seconds * PATIENCE
    while True:
        value = found()
        if value is not None and value is not False:
            return value
        if time.monotonic() > deadline:
            raise PeerError(f"waited {seconds * PATIENCE:.1f} s for {what}. {detail()}")
        time.sleep(0.02)


class Child:
    """One program, its output in a file. Ends with the `with` block, whatever happened."""

    def __init__(self, command: Sequence[str], folder: Path, name: str, env: dict[str, str] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.folder = folder
        self.log = folder / f"{name}.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=env
            )
        self.pid = self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait(self, seconds: float) -> int:
        """Wait for the end; returns the exit code.

        Raises:
            PeerError: it still runs.
        """
        return self.await_for("the end", lambda: None if self.exit_code is None else (self.exit_code,), seconds)[0]

    def await_for(self, what: str, found: Callable[[], T | None], seconds: float = 10.0) -> T:
        """As the function, with the end of this program's output in the error."""
        return await_for(f"{what} ({self.name})", found, seconds, lambda: f"Output ends: {self.output()[-1500:]}")

    def stop(self, seconds: float = 5.0) -> int:
        """Ask it to end, insist after `seconds`; returns the exit code."""
        if self.exit_code is None:
            self._process.terminate()
            try:
                self._process.wait(seconds * PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
        return self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
