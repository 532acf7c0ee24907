"""The speech process of one station: `python -m bridge.station.speech --side us --dialplan F --data D`."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from bridge.base import dialplan as dialplans
from bridge.base import log
from bridge.base.clock import SystemClock
from bridge.base.errors import BridgeError
from bridge.speech.worker import Worker


def main(side: str, dialplan: Path, data: Path, models: Path | None = None) -> int:
    """Run until SIGTERM or SIGINT; return the exit code: 0 stopped, 1 failed, 2 not fit to start."""
    log.configure("speech", side)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        plan = dialplans.load(dialplan).side(side)
    except BridgeError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        worker = Worker(data, plan.speech, models or data / "models", SystemClock())
        worker.prepare(plan.line_language)
        worker.run(stop)
    except BridgeError as error:
        log.logger("speech").error("speech process ends", code=error.code)
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bridge.station.speech")
    parser.add_argument("--side", required=True)
    parser.add_argument("--dialplan", required=True, type=Path)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--models", type=Path, default=None)
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    raise SystemExit(main(given.side, given.dialplan, given.data, given.models))
