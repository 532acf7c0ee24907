"""Both stations as stand-ins under `both.keep`: `pair_process.py FOLDER MANNER MANNER`; prints `ready` once."""

from __future__ import annotations

import sys
from pathlib import Path

from bridge.station.both import keep

_STATION = """
import os, signal, sys, time
from pathlib import Path
from bridge.station.systemd import Notifier
folder, manner = Path(sys.argv[1]), sys.argv[2]
(folder / f"{os.getpid()}.pid").touch()
stop = []
signal.signal(signal.SIGTERM, signal.SIG_IGN if manner == "deaf" else lambda *_: stop.append(1))
if manner == "unfit":
    raise SystemExit(2)
if manner != "late":
    Notifier().send("READY=1")
while not stop:
    signal.pause()
"""


def main(folder: str, *manners: str) -> int:
    commands = {str(n): [sys.executable, "-c", _STATION, folder, manner] for n, manner in enumerate(manners)}

    def tell(is_served: bool) -> None:
        print("ready" if is_served else "no page", flush=True)

    return keep(commands, [], tell)


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(exist_ok=True)
    raise SystemExit(main(*sys.argv[1:]))
