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
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
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
from bridge.drill.relay_evidence import Left, desk_entries, report
from bridge.drill.relay_script import PAIR, RELAY_SCENARIOS, RelayScenario, phrases
from bridge.drill.relays import Exercise
from bridge.drill.report import Happened, Report, reports_json, show, show_all, timeline_text
from bridge.drill.report import as_json as report_json
from bridge.drill.script import ANNOUNCEMENTS, SCENARIOS, Cast, Scenario, cast, sentences
from bridge.drill.stage import Stage, settle, spoken
from bridge.drill.stations import Station

ALL = "all"
STEPS = 90
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
    """Play scenarios and print what came of them.

    Args:
        scenario: a name, several with commas between them, `all`, or nothing for the usual pair. Several named and the
            pair share the stations, and each begins as soon as an operator is free for it.
        data: gets one data folder for each side.

    Returns:
        0 every figure keeps its limit, 1 one misses it or the exercise could not be played to its end.

    Raises:
        SetupError: the dialplan or the scenario is not fit for a drill; nothing was started.
    """
    plan = load(dialplan)
    groups, parts = chosen(scenario), cast(plan, str(dialplan))
    # For machines, standard output holds the one JSON object and nothing else.
    console = Console(stderr=as_json)
    began = time.monotonic()
    reports: list[Report] = []
    try:
        for group in groups:
            watcher = Watcher(console, line_by_line=not as_json)
            played = Run(plan, parts, dialplan, data, watcher).play(group, together=scenario != ALL)
            reports += played
            if not as_json:
                for report in played:
                    show(report, console)
    except SetupError:
        raise
    except BridgeError as error:
        print(f"hotline drill: the exercise stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("hotline drill: ended on request; nothing is left running", file=sys.stderr)
        return 1
    took_s = time.monotonic() - began
    if as_json:
        found = report_json(reports[0]) if len(reports) == 1 else reports_json(reports, took_s)
        print(json.dumps(found, ensure_ascii=False, indent=2))
    elif len(reports) > 1:
        show_all(reports, took_s, console)
    return 0 if all(report.passed for report in reports) else 1


def chosen(name: str) -> list[list[Scenario | RelayScenario]]:
    """Scenarios in groups that share their stations.

    Raises:
        SetupError: there is none of that name.
    """
    if not name:
        return grouped([RELAY_SCENARIOS[one] for one in PAIR])
    if name != ALL:
        return grouped([find(one) for one in name.split(",")])
    return grouped([*RELAY_SCENARIOS.values(), *SCENARIOS.values()])


def grouped(wanted: Sequence[Scenario | RelayScenario]) -> list[list[Scenario | RelayScenario]]:
    """Exercises of the relay with the same languages on the same stations; the others each on its own."""
    groups: dict[str, list[Scenario | RelayScenario]] = {}
    for one in wanted:
        key = one.spoken if isinstance(one, RelayScenario) else one.name
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def find(name: str) -> Scenario | RelayScenario:
    """A scenario by name.

    Raises:
        SetupError: there is none of that name.
    """
    known: dict[str, Scenario | RelayScenario] = {**RELAY_SCENARIOS, **SCENARIOS}
    if name not in known:
        raise SetupError("no such scenario", name, f"Use one of {', '.join((*known, ALL))}.")
    return known[name]


class Run:
    """Stations that are started, exercises played on them, stations ended, reports."""

    def __init__(self, plan: Dialplan, parts: Cast, dialplan: Path, data: Path, watcher: Watcher) -> None:
        self._plan = plan
        self._cast = parts
        self._dialplan = dialplan
        self._data = data
        self._watcher = watcher
        self._announcements = plan.announcements or ANNOUNCEMENTS

    def play(self, group: Sequence[Scenario | RelayScenario], *, together: bool) -> list[Report]:
        """Play exercises that share their stations.

        Args:
            together: the next one begins as soon as the operator of the first station is free.

        Raises:
            BridgeError: one could not be played to its end.
        """
        relays = [one for one in group if isinstance(one, RelayScenario)]
        with _ending_on_signals(), TemporaryDirectory(prefix="hotline-drill-") as folder:
            if relays:
                return self._relays(relays, Path(folder), together=together)
            return [self._calls(one, Path(folder)) for one in group if isinstance(one, Scenario)]

    def _calls(self, scenario: Scenario, folder: Path) -> Report:
        """An exercise of the calls alone."""
        began = time.monotonic()
        with self._watcher as watcher, ExitStack() as stack:
            drill = Drill(self._plan, self._cast, scenario, watcher, stack)
            drill.start(self._dialplan, self._data, folder)
            drill.run(sentences(scenario))
            drill.ask_to_end()
        # Phones and stations have ended in order: every file is complete.
        records = {side: _record(station) for side, station in drill.stations.items()}
        part = Part(self._cast, scenario, self._announcements)
        report = judge(drill.played, part, records, self._watcher.lines, time.monotonic() - began)
        return replace(report, load_per_core=_load())

    def _relays(self, group: Sequence[RelayScenario], folder: Path, *, together: bool) -> list[Report]:
        """Exercises of the relay, one after the other or each as soon as an operator is free for it."""
        began, voice = time.monotonic(), phrases()
        dialplan = spoken(self._dialplan, self._cast.called, group[0].spoken, folder)
        left: list[Left] = []
        with self._watcher as watcher, ExitStack() as stack:
            stage = Stage(self._plan, self._cast, watcher, voice)
            stage.start(stack, dialplan, self._data, folder)
            if together:
                left = _side_by_side(stage, group, folder, watcher)
            else:
                left = [_one(stage, scenario, folder, watcher) for scenario in group]
            settle(stage)
            stage.ask_to_end()
        records = {side: _record(station) for side, station in stage.stations.items()}
        sides = {"calling": self._cast.calling, "called": self._cast.called}
        desks = {place: desk_entries(stage.stations[side].data) for place, side in sides.items()}
        made = [report(one, self._cast, self._announcements, records, desks, voice) for one in left]
        whole_s = time.monotonic() - began
        load = _load()
        return [replace(one, load_per_core=load, took_s=whole_s if len(made) == 1 else one.took_s) for one in made]


def _one(stage: Stage, scenario: RelayScenario, folder: Path, watcher: Watcher) -> Left:
    began = time.monotonic()
    heard = folder / scenario.name
    heard.mkdir()
    first = len(watcher.lines)
    outcome = Exercise(stage, scenario, heard).run()
    return Left(outcome, tuple(watcher.lines[first:]), time.monotonic() - began)


def _side_by_side(stage: Stage, group: Sequence[RelayScenario], folder: Path, watcher: Watcher) -> list[Left]:
    """Each exercise in a thread of its own; the stations' operators serve one at a time, in order."""
    with ThreadPoolExecutor(len(group)) as pool:
        try:
            futures = []
            for scenario in group:
                futures.append(pool.submit(_one, stage, scenario, folder, watcher))
                stage.wait_until_taken(futures[-1])
            for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                future.result()  # raises what stopped it
            return [future.result() for future in futures]
        except BaseException:
            stage.break_off()  # else the pool waits for exercises that go on
            raise


def _load() -> float:
    return os.getloadavg()[0] / (os.cpu_count() or 1)


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
