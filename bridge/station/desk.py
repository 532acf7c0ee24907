"""The desk process: follows both journals into the ledger and serves the station's page.

    line.jsonl, speech.jsonl -> following --> ledger.db, line.sock     one thread: owns ledger and messages
                                    |
    tracks --> levels --------> Feed, sections --> FastAPI, uvicorn    main thread; acts go the other way
    tracks --> voices --------> voice without captions

Run by the supervisor as `python -m bridge.station.desk --side us --dialplan F --data D`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn

from bridge.base import log
from bridge.base.clock import SystemClock
from bridge.base.dialplan import Dialplan, Page, load
from bridge.base.errors import BridgeError, SetupError
from bridge.station.folder import prepare
from bridge.station.following import Following
from bridge.station.house import Enclose, Sweep, house
from bridge.station.levels import Levels
from bridge.station.voices import Voices, has_recognizer

_CONNECTIONS = 64
SOCKET_MESSAGE_LIMIT_BYTES = 65_536
"""Of one message that a page sends on a socket."""


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers, which end the process by the signal that asked it to end."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(page: Page) -> socket.socket:
    """Open the page's address.

    Raises:
        SetupError: it cannot be opened.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in page.host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((page.host, page.port))
    except OSError as error:
        listener.close()
        where = f"{page.host}, port {page.port}"
        raise SetupError(
            f"the page cannot be served: {error.strerror}", where, "Change page in the dialplan."
        ) from error
    return listener


def _certificate(page: Page) -> dict[str, Any]:
    if page.tls is None:
        return {}
    # An empty password instead of a prompt: nobody sits at a station's start.
    return {"ssl_certfile": page.tls.certificate, "ssl_keyfile": page.tls.key, "ssl_keyfile_password": ""}


async def _serve(server: uvicorn.Server, listener: socket.socket, sweep: Sweep) -> None:
    def end() -> None:
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    sweeping = asyncio.create_task(sweep.run())
    try:
        await server.serve([listener])
    finally:
        sweeping.cancel()


def run(plan: Dialplan, side: str, data: Path, around: Enclose | None = None) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        around: a layer around the application in place of the guard, for tests.

    Raises:
        BridgeError: ledger or address cannot be opened.
    """
    station = plan.side(side)
    folder = prepare(data)
    with contextlib.closing(listen(station.page)) as listener:
        following = Following(folder, plan, side)
        following.open()
        levels = Levels(following.feed, lambda: following.open_tracks)
        levels.start()
        can_hear = partial(has_recognizer, station.speech, models=folder.root / "models")
        voices = Voices(lambda: following.open_tracks, lambda: following.captioned, can_hear, following.tell_unheard)
        voices.start()
        try:
            with house(plan, side, folder, following, SystemClock(), around) as built:
                config = uvicorn.Config(
                    built.app,
                    **_certificate(station.page),
                    log_config=None,
                    access_log=False,
                    server_header=False,
                    date_header=True,
                    lifespan="off",
                    ws="websockets-sansio",
                    ws_max_size=SOCKET_MESSAGE_LIMIT_BYTES,
                    ws_per_message_deflate=False,
                    http="h11",
                    limit_concurrency=_CONNECTIONS,
                    timeout_keep_alive=5,
                    timeout_graceful_shutdown=1,
                )
                asyncio.run(_serve(_Server(config), listener, built.sweep))
        finally:
            voices.stop()
            levels.stop()
            following.stop()


def main() -> int:
    """Exit codes: 0 ended on request, 1 failed, 2 the set-up is wrong.

    A damaged ledger is no wrong set-up: the line must answer all the same while the supervisor tries again.
    """
    parser = argparse.ArgumentParser(prog="bridge.station.desk")
    parser.add_argument("--side", required=True)
    parser.add_argument("--dialplan", required=True, type=Path)
    parser.add_argument("--data", required=True, type=Path)
    given = parser.parse_args()
    log.configure("desk", given.side)
    try:
        run(load(given.dialplan), given.side, given.data)
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except BridgeError as error:
        log.logger("station").error("desk process ends", code=error.code)
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
