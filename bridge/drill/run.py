"""`hotline drill`: both stations, simulated officers, an exercise over real SIP and RTP, figures and a verdict.

It starts and ends everything; what is played is `play`'s, what is measured `evidence`'s. Whatever happens, Ctrl-C
included, no process and no file is left but the two data folders.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bridge.base.dialplan import Dialplan, load
from bridge.base.errors import BridgeError, SetupError
from bridge.drill.evidence import Part, Record, judge
from bridge.drill.play import Drill
from bridge.drill.report import Happened, Report, show, timeline_text
from bridge.drill.report import as_json as report_json
from bridge.drill.script import ANNOUNCEMENTS, cast, find_scenario, sentences
from bridge.drill.stations import Station

STEPS = 36
"""Lines a full exercise says; only for the bar."""


class Watcher:
    """Takes what happens, shows it while it happens, and keeps it for the report."""

    def __init__(self, console: Console, *, line_by_line: bool) -> None:
        """
        Args:
            console: gets the bar if it is a terminal.
            line_by_line: print every line for good; else only the bar shows the last one.
        """
        self.lines: list[Happened] = []
        self._began = time.monotonic()
        self._line_by_line = line_by_line
        columns = (TextColumn("EXERCISE"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._progress.add_task("starting both stations", total=STEPS)

    def __enter__(self) -> Watcher:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, who: str, what: str) -> None:
        line = Happened(time.monotonic() - self._began, who, what)
        self.lines.append(line)
        self._progress.update(self._task, advance=1, description=f"{who} {what}"[:60])
        if self._line_by_line:
            self._progress.console.print(timeline_text(line), soft_wrap=True)


def run(dialplan: Path, data: Path, as_json: bool, scenario: str) -> int:
    """Play one scenario and print what came of it.

    Args:
        data: gets one data folder for each side.

    Returns:
        0 every figure keeps its limit, 1 one misses it or the exercise could not be played to its end.

    Raises:
        SetupError: the dialplan or the scenario is not fit for a drill; nothing was started.
    """
    plan = load(dialplan)
    chosen, parts = find_scenario(scenario), cast(plan, str(dialplan))
    # For machines, standard output holds the one JSON object and nothing else.
    console = Console(stderr=as_json)
    try:
        watcher = Watcher(console, line_by_line=not as_json)
        report = _play(plan, Part(parts, chosen, plan.announcements or ANNOUNCEMENTS), dialplan, data, watcher)
    except SetupError:
        raise
    except BridgeError as error:
        print(f"hotline drill: the exercise stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("hotline drill: ended on request; nothing is left running", file=sys.stderr)
        return 1
    if as_json:
        print(json.dumps(report_json(report), ensure_ascii=False, indent=2))
    else:
        show(report, console)
    return 0 if report.passed else 1


def _play(plan: Dialplan, part: Part, dialplan: Path, data: Path, watcher: Watcher) -> Report:
    began = time.monotonic()
    with _ending_on_signals(), TemporaryDirectory(prefix="hotline-drill-") as folder:
        with watcher, ExitStack() as stack:
            drill = Drill(plan, part.cast, part.scenario, watcher, stack)
            drill.start(dialplan, data, Path(folder))
            drill.run(sentences(part.scenario))
            drill.ask_to_end()
        # Phones and stations have ended in order: every file is complete.
        records = {side: _record(station) for side, station in drill.stations.items()}
        report = judge(drill.played, part, records, watcher.lines, time.monotonic() - began)
        return replace(report, load_per_core=os.getloadavg()[0] / (os.cpu_count() or 1))


def _record(station: Station) -> Record:
    station.line.look()
    station.speech.look()
    return Record(station.side, station.data / "recordings", station.line.entries, station.speech.entries)


@contextmanager
def _ending_on_signals() -> Iterator[None]:
    """SIGINT and SIGTERM end the exercise once, in order; further ones do not disturb the ending."""

    def end(_number: int, _frame: object) -> None:
        for number in kept:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    kept = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
