"""A small stand-in for a process of a station: `standin.py NAME FOLDER [MANNER]`.

Manners: `good` ends on SIGTERM, `deaf` ignores it, `unfit` exits with 2, `brief` dies at once, `parent` leaves a child.
Each start is noted in FOLDER/NAME.pids; the line also opens its command socket.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path


def main(name: str, folder: Path, manner: str = "good") -> int:
    with (folder / f"{name}.pids").open("a") as notes:
        notes.write(f"{os.getpid()}\n")
    if manner == "unfit":
        print("standin: the set-up is wrong", file=sys.stderr)
        return 2
    if manner == "brief":
        return 1
    if manner == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if manner == "parent":
        left = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
        (folder / f"{name}.left").write_text(str(left.pid))
    stop: list[int] = []
    if manner != "deaf":
        signal.signal(signal.SIGTERM, lambda number, _frame: stop.append(number))
    if name == "line":
        path = folder / "line.sock"
        path.unlink(missing_ok=True)
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(path))
        server.listen()
    assert sys.stdin.read() == "", "standard input is closed"
    while not stop:
        signal.pause()
    with (folder / "ended").open("a") as notes:
        notes.write(f"{name}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]))
