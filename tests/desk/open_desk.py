"""A desk whose pages are open to whoever reaches its loopback address, for trying them out and for tests of routes.

    python -m tests.desk.open_desk --side us --dialplan dialplans/loopback.toml --data recordings/us

It is the station's desk process with one layer in place of the guard: everybody is `op-a`, an operator at console A.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from bridge.base import log
from bridge.base.dialplan import load
from bridge.desk.session import Session
from bridge.station.desk import run

OPERATOR = Session("s-1", "op-a", "operator", "A", "en")


class Inject:
    """Puts a session where the guard would."""

    def __init__(self, app: ASGIApp, session: Session = OPERATOR) -> None:
        self._app = app
        self._session = session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            scope = {**scope, "state": {**scope.get("state", {}), "session": self._session}}
        await self._app(scope, receive, send)


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.desk.open_desk")
    parser.add_argument("--side", required=True)
    parser.add_argument("--dialplan", required=True, type=Path)
    parser.add_argument("--data", required=True, type=Path)
    given = parser.parse_args()
    log.configure("desk", given.side)
    run(load(given.dialplan), given.side, given.data, Inject)


if __name__ == "__main__":
    main()
