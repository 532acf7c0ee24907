"""A process that has loaded everything and waits for its turn: `python -m bridge.station.standby NAME OPTIONS...`.

Loading takes most of a start, and more on a busy host; a caller's INVITE is repeated only 0.5, 1.5 and 3.5 s after the
first (RFC 3261, timer A). The supervisor keeps one such process beside the line and gives it the turn when the line
dies. It opens no port and no file of the station before that.

NAME is a process of a station or a whole module name. The turn is one byte on standard input; its end without a byte
means that no turn will come.
"""

from __future__ import annotations

import importlib
import os
import runpy
import sys

TURN = b"!"


def main() -> None:
    name, *options = sys.argv[1:]
    module = name if "." in name else f"bridge.station.{name}"
    importlib.import_module(module)
    if os.read(0, 1) != TURN:
        return
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    # Loaded once as a library, it now runs as the program; what it imports stays loaded.
    del sys.modules[module]
    sys.argv = [module, *options]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
