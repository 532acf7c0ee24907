"""The command as people start it: both stations, five phones, real SIP and RTP, on addresses of this run."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Callable

import pytest

from bridge.base.wire import Follower
from tests.drill.runs import HOST_DEPENDENT, Run, assert_stations_share_nothing

pytestmark = pytest.mark.call


@pytest.mark.alone
def test_quick_exercise(drill: Callable[..., Run]) -> None:
    """Words both ways on both lines; every figure that does not depend on this host's load keeps its limit."""
    run = drill("--scenario", "quick", "--json")
    out, errors = run.start().communicate(timeout=150)
    run.assert_nothing_left()
    assert list(run.temporary.iterdir()) == []
    report = json.loads(out)
    missed = {check["name"] for check in report["checks"] if not check["passed"]}
    assert missed <= HOST_DEPENDENT, (report["checks"], errors)
    assert run.process is not None
    assert run.process.returncode == (0 if report["passed"] else 1)
    assert [(a["contact"], a["outcome"]) for a in report["attempts"]] == [("watch", "busy"), ("deputy", "answered")]
    assert sum(leg["words"] for leg in report["legs"]) == 50
    assert_stations_share_nothing(run)


@pytest.mark.parametrize("options", [("--scenario", "quick"), ()], ids=["calls", "two relays in threads"])
def test_interrupt_leaves_nothing(drill: Callable[..., Run], options: tuple[str, ...]) -> None:
    """Ctrl-C in a call, twice: stations and phones end in order, the temporary folder goes, the journal is closed."""
    run = drill(*options)
    process = run.start()
    run.wait_until_says("lifts")
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)  # an impatient second one, into the middle of the ending
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=90)
    assert process.returncode == 1
    assert "ended on request" in errors
    run.assert_nothing_left()
    assert list(run.temporary.iterdir()) == []
    last = list(Follower(run.data / "us" / "journal" / "line.jsonl").read())[-1]
    assert last.kind == "LineStopped"


@pytest.mark.fault
def test_kill_leaves_no_process(drill: Callable[..., Run]) -> None:
    """Killed outright, the drill takes its stations and phones with it."""
    run = drill("--scenario", "quick")
    process = run.start()
    run.wait_until_says("lifts")
    assert len(run.left()) > 8
    process.kill()
    process.wait()
    run.assert_nothing_left(within_s=8)


def test_line_in_use(drill: Callable[..., Run]) -> None:
    """Where a station cannot start, the drill says why, and ends everything else."""
    run = drill("--scenario", "quick", "--json")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((f"127.{run.number}.0.12", 5060))
        out, errors = run.start().communicate(timeout=60)
    assert run.process is not None
    assert (run.process.returncode, out) == (1, "")
    assert "station ir" in errors
    assert "Traceback" not in errors
    run.assert_nothing_left()


def test_unknown_scenario(drill: Callable[..., Run]) -> None:
    """Usage errors start nothing and exit with 2."""
    run = drill("--scenario", "surprise")
    _, errors = run.start().communicate(timeout=30)
    assert run.process is not None
    assert run.process.returncode == 2
    assert "faithful, number-changed" in errors and "quick" in errors
    assert not run.data.exists()
