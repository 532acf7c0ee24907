"""Command line of the phone."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from bridge.drill import orders
from bridge.drill.phone.ua import Phone


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="phone", description="A SIP phone of a simulated party")
    parser.add_argument("--bind", required=True, help="address for SIP and RTP")
    parser.add_argument("--port", type=int, default=5060)
    parser.add_argument("--user", required=True)
    parser.add_argument("--transport", choices=("udp", "tcp", "tls"), default="udp")
    parser.add_argument("--srtp", choices=("off", "mandatory"), default="off")
    parser.add_argument("--cert", default="")
    parser.add_argument("--key", default="")
    parser.add_argument("--ca", default="")
    parser.add_argument("--hear", type=Path, default=None, help="WAV file of what the phone hears")
    parser.add_argument("--rtp-port", type=int, default=16000)
    parser.add_argument("--mode", choices=get_args(orders.Mode), default="ring", help="how the first call is met")
    return parser.parse_args(arguments)


def main() -> None:
    options = _options(sys.argv[1:])
    with TemporaryDirectory(prefix="drill-phone-") as folder:
        phone = Phone(options, Path(folder))

        def end(_signal: int, _frame: object) -> None:
            phone.ending = True

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        phone.run(sys.stdin.fileno())
    # The library's objects must not be collected after its end; the interpreter's own exit would do that.
    os._exit(0)


if __name__ == "__main__":
    main()
