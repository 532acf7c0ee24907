"""Both stations on this host, for drills, training and trying out: two `hotline station` processes side by side.

It joins nothing: it starts two programs, waits until each says it is ready, and ends both together.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bridge.base import dialplan
from bridge.base.errors import SetupError
from bridge.desk import enrol
from bridge.ledger.accounts import Accounts
from bridge.station import check, children
from bridge.station.folder import StationLock, prepare
from bridge.station.supervisor import page

STOP_LIMIT_S = 20.0
"""A station ends its three processes one after the other, each within 5 s, and then itself."""

PAGES_LIMIT_S = 15.0
"""The lines come first; whoever waits is told of them even if a page has trouble."""


@dataclass(slots=True)
class _Station:
    child: children.Running
    channel: socket.socket
    is_ready: bool = False

    def look(self) -> None:
        """Take what the station told its service manager, which is us here."""
        while True:
            try:
                word = self.channel.recv(4096)
            except BlockingIOError:
                return
            self.is_ready = self.is_ready or word == b"READY=1"


def station_command(side: str, plan: Path, data: Path) -> list[str]:
    options = ["--side", side, "--dialplan", str(plan.absolute()), "--data", str(data.absolute())]
    return [sys.executable, "-m", "bridge", "station", *options]


def run(plan_path: Path, data: Path, say: Callable[[str], None] = print) -> int:
    """Run both stations until a signal ends them or one of them ends by itself.

    Returns:
        0 ended on request, else the exit code of the station that ended first.

    Raises:
        SetupError: one of them is not fit to start; neither was started.
    """
    plan = dialplan.load(plan_path)
    one, other = plan.sides.values()
    if (one.page.host, one.page.port) == (other.page.host, other.page.port):
        where = f"{one.page.host}, port {one.page.port}"
        raise SetupError("both pages have the same address", where, "On one host give each page its own.")
    for side in plan.sides:
        StationLock(prepare(data / side)).release()
        check.refuse_unfit(plan, side)
    enrolled = _enrol(plan, data)
    commands = {side: station_command(side, plan_path, data / side) for side in plan.sides}
    told = "\n".join(_described(side, station) for side, station in plan.sides.items())
    pages = [(station.page.host, station.page.port) for station in plan.sides.values()]

    def tell(is_served: bool) -> None:
        rest = "Both stations are up." if is_served else "Both lines are up, but a page does not answer yet."
        say(f"{told}\n{enrolled}{rest} Ctrl-C ends them.")

    return keep(commands, pages, tell)


def _enrol(plan: dialplan.Dialplan, data: Path) -> str:
    """Make the accounts of an exercise where there are none; what is said of them, once."""
    if not plan.exercise:
        return ""
    lines = []
    for side in plan.sides:
        with contextlib.closing(Accounts(prepare(data / side).accounts)) as accounts:
            for made in enrol.training(accounts):
                lines.append(f"{side}: account {made.name:8} password {made.password}   secret {made.secret_text}")
    if not lines:
        return ""
    code = f"hotline users code NAME --data {data}/SIDE"
    return "\n".join(lines) + f"\nThese accounts are shown once. `{code}` prints the code of the moment.\n"


def _described(name: str, side: dialplan.Side) -> str:
    line = side.line
    return f"{name}: page {page(side)}   call sip:{line.user}@{line.host}:{line.port} from {', '.join(line.admit)}"


def keep(
    commands: Mapping[str, Sequence[str]], pages: Sequence[tuple[str, int]], on_ready: Callable[[bool], None]
) -> int:
    """Run the commands of both stations.

    Args:
        on_ready: called once, when both lines have said so, with whether the pages answer; after `PAGES_LIMIT_S` at
            the latest.
    """
    children.block_signals()
    with ExitStack() as stack:
        stations = [_start(command, stack) for command in commands.values()]
        code = 0
        ready_at: float | None = None
        is_told = False
        while True:
            asked = children.wait_for_signal(0.2)
            if asked is not None and asked is not signal.SIGCHLD:
                break
            ended = [found for station in stations if (found := station.child.exit_code()) is not None]
            if ended:
                code = ended[0] or 1  # a station ends only when asked; here nobody asked
                break
            for station in stations:
                station.look()
            if ready_at is None and all(station.is_ready for station in stations):
                ready_at = time.monotonic()
            if ready_at is not None and not is_told:
                is_served = all(_answers(page) for page in pages)
                is_told = is_served or time.monotonic() - ready_at > PAGES_LIMIT_S
                if is_told:
                    on_ready(is_served)
        _end(stations)
        return code


def _answers(page: tuple[str, int]) -> bool:
    try:
        socket.create_connection(page, timeout=1.0).close()
    except OSError:
        return False  # not yet
    return True


def _start(command: Sequence[str], stack: ExitStack) -> _Station:
    channel = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
    channel.setblocking(False)
    channel.bind("")  # an abstract address that the kernel chooses, unix(7) "autobind"
    address = channel.getsockname()
    environ = dict(os.environ, NOTIFY_SOCKET="@" + address[1:].decode())
    environ.pop("WATCHDOG_USEC", None)
    return _Station(children.start(command, environ), channel)


def _end(stations: list[_Station]) -> None:
    for station in stations:
        if station.child.exit_code() is None:
            station.child.terminate()
    limit = time.monotonic() + STOP_LIMIT_S
    while any([station.child.exit_code() is None for station in stations]):
        left = limit - time.monotonic()
        if left <= 0:
            for station in stations:
                station.child.kill()
            limit = time.monotonic() + STOP_LIMIT_S
        children.wait_for_signal(min(0.2, max(left, 0.0)))
