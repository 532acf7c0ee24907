"""The foreground process of a station: starts line, webphone, speech and desk, restarts what dies, ends them in order.

What is restarted when is decided in `keeping`; whether anything may start at all, in `check`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bridge.base import dialplan, log
from bridge.station import check, children, keeping
from bridge.station.folder import Folder, StationLock, listens, prepare
from bridge.station.reserve import Reserve
from bridge.station.systemd import Notifier

TURN_S = 0.5
"""Longest wait for a signal: how late readiness is noticed. All else comes with a signal or is timed."""
MANNERS = {"line": keeping.LINE, "webphone": keeping.OTHERS, "speech": keeping.OTHERS, "desk": keeping.OTHERS}
"""The processes of a station in the order in which they end; `webphone` only where a handset is a page's."""
Commands = Mapping[str, Sequence[str]]


def programs(side: str, plan: Path, data: Path) -> dict[str, list[str]]:
    """The command line of each process."""
    options = ["--side", side, "--dialplan", str(plan.absolute()), "--data", str(data.absolute())]
    return {name: [sys.executable, "-m", f"bridge.station.{name}", *options] for name in MANNERS}


def spare(side: str, plan: Path, data: Path) -> list[str]:
    """The command line of a line process that waits for its turn."""
    _, _, _, *options = programs(side, plan, data)["line"]
    return [sys.executable, "-m", "bridge.station.standby", "line", *options]


def run(side: str, plan_path: Path, data: Path, say: Callable[[str], None] = print) -> int:
    """Run one station until a signal ends it.

    Args:
        say: takes the one line for the person who started it, when the line answers.

    Returns:
        The exit code: 0 ended on request, 2 a process cannot work with its set-up.

    Raises:
        SetupError: the station is not fit to start; nothing was started.
    """
    plan = dialplan.load(plan_path)
    station = plan.side(side)
    folder = prepare(data)
    lock = StationLock(folder)
    try:
        check.refuse_unfit(plan, side)
        log.configure("supervisor", side)
        line = station.line
        ready = f"station {side} is up: line sip:{line.user}@{line.host}:{line.port}, page {page(station)}"

        def tell() -> None:
            with contextlib.suppress(OSError):  # whoever started us reads no more; the station goes on
                say(ready)

        commands, reserves = programs(side, plan_path, folder.root), {"line": spare(side, plan_path, folder.root)}
        if station.page_handset is None:
            del commands["webphone"]
        return Supervisor(commands, folder, reserves).run(tell)
    finally:
        lock.release()


def page(side: dialplan.Side) -> str:
    """Address of a station's pages."""
    return side.page.url


class Supervisor:
    """Runs in the main thread of its process, which must have no other."""

    def __init__(self, commands: Commands, folder: Folder, spares: Commands | None = None) -> None:
        """Nothing is started yet.

        Args:
            commands: command line of each process, in the order in which they end.
            spares: command lines of those that have a spare waiting for its turn.
        """
        self._commands = commands
        self._folder = folder
        self._crew = keeping.Crew({name: MANNERS.get(name, keeping.OTHERS) for name in commands})
        self._running: dict[str, children.Running] = {}
        self._notifier = Notifier()
        self._log = log.logger("station")
        environ = dict(os.environ)
        environ.pop("NOTIFY_SOCKET", None)  # the service manager listens to us, not to our children
        self._environ = environ
        self._reserves = {name: Reserve(command, environ) for name, command in (spares or {}).items()}

    def run(self, on_ready: Callable[[], None]) -> int:
        """Keep the processes running until SIGTERM, SIGINT or SIGHUP; `on_ready` is called once."""
        children.block_signals()
        self._carry_out(self._crew.begin(time.monotonic()))
        waits_for_line = True
        beat_due = 0.0
        while not self._crew.is_over:
            found = children.wait_for_signal(self._patience())
            now = time.monotonic()
            if found is not None and found is not signal.SIGCHLD:
                self._log.info("asked to end", what=found.name)
                self._notifier.send("STOPPING=1")
                self._carry_out(self._crew.stop(now))
                waits_for_line = False
                self._close_reserves()
            self._collect(now)
            self._carry_out(self._crew.wake(now))
            if waits_for_line and listens(self._folder.line_socket):
                waits_for_line = False
                self._notifier.send("READY=1")
                on_ready()
            for reserve in self._reserves.values():
                reserve.tend(now)
            if self._notifier.watchdog_s is not None and now >= beat_due:
                self._notifier.send("WATCHDOG=1")
                beat_due = now + self._notifier.watchdog_s
        self._close_reserves()
        self._log.info("all processes ended", exit_code=self._exit_code())
        return self._exit_code()

    def _close_reserves(self) -> None:
        for reserve in self._reserves.values():
            reserve.close()

    def _exit_code(self) -> int:
        return keeping.UNFIT if self._crew.is_unfit else 0

    def _patience(self) -> float:
        turn = min(TURN_S, self._notifier.watchdog_s or TURN_S)
        due = self._crew.wake_at
        return turn if due is None else min(turn, due - time.monotonic())

    def _collect(self, now: float) -> None:
        """Tell the crew who ended."""
        for name, child in list(self._running.items()):
            code = child.exit_code()
            if code is None:
                continue
            del self._running[name]
            note = self._log.warning if code else self._log.info
            note("process ended", what=name, code=f"{name}-ended", exit_code=code, pid=child.pid)
            self._carry_out(self._crew.exited(name, code, now))

    def _carry_out(self, commands: list[tuple[str, keeping.Command]]) -> None:
        for name, command in commands:
            match command:
                case keeping.Spawn(attempt):
                    self._spawn(name, attempt)
                case keeping.Terminate():
                    self._running[name].terminate()
                case keeping.Kill():
                    self._log.error("process did not end in time and is killed", what=name)
                    self._running[name].kill()

    def _spawn(self, name: str, attempt: int) -> None:
        taken = self._reserves[name].take(time.monotonic()) if name in self._reserves else None
        try:
            child = taken or children.start(self._commands[name], self._environ)
        except OSError as error:  # out of processes or memory: the same as a process that died at once
            self._log.error("process cannot be started", what=name, code=error.errno or 0)
            self._carry_out(self._crew.exited(name, 71, time.monotonic()))
            return
        self._running[name] = child
        was = "cold" if taken is None else "spare"
        self._log.info("process started", what=name, pid=child.pid, attempt=attempt, was=was)
