"""A supervisor over stand-ins: `crew_process.py FOLDER [NAME=MANNER ...]`; prints `ready` when the line answers."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bridge.base import log
from bridge.station.folder import StationLock, prepare
from bridge.station.supervisor import Supervisor


def main(root: Path, manners: dict[str, str]) -> int:
    folder = prepare(root)
    lock = StationLock(folder)
    log.configure("supervisor", "us")
    standin = str(Path(__file__).with_name("standin.py"))
    commands = {
        name: [sys.executable, standin, name, str(folder.root), manners.get(name, "good")]
        for name in ("line", "speech", "desk")
    }
    # The spare is told by module, as the real one is.
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    waiting = [sys.executable, "-m", "bridge.station.standby", "tests.station.standin", "line", str(folder.root)]
    spares = {"line": waiting} if "spare" in manners else {}
    code = Supervisor(commands, folder, spares).run(lambda: print("ready", flush=True))
    lock.release()
    return code


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), dict(word.split("=", 1) for word in sys.argv[2:])))
