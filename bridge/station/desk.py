"""The desk process: follows both journals into the ledger and serves the station's page.

    line.jsonl, speech.jsonl -> intake ---+-> ledger.db          one thread: reads journals, owns ledger and messages
    desk.sock ----------------> relaying -+-> line.sock
                                           \\-> Shown -> FastAPI, uvicorn (main thread)

Run by the supervisor as `python -m bridge.station.desk --side us --dialplan F --data D`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import queue
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import uvicorn

from bridge.base import log
from bridge.base.clock import SystemClock
from bridge.base.dialplan import Dialplan, Page, load
from bridge.base.errors import BridgeError, SetupError, StorageError
from bridge.base.listener import Client, Listener
from bridge.base.wire import Value, canonical
from bridge.desk import acts
from bridge.desk.acts import LINE_LIMIT_BYTES, ActError
from bridge.desk.app import Shown, Title, is_loopback, make_app
from bridge.desk.intake import LEDGER, Intake
from bridge.ledger.store import Store, sqlite_url
from bridge.station.check import days_left
from bridge.station.folder import Folder, listens, prepare
from bridge.station.outbox import Outbox
from bridge.station.relaying import Relaying

Entered = TypeVar("Entered")

TURN_S = 0.1
"""How often the journals are looked at: what happened is shown within a quarter of a second."""
LOOK_EVERY = 20
"""Turns between two looks at whether the line takes commands and what room the disk has."""
_CONNECTIONS = 64
_COMPLAINT = b'{"result":"refused","code":"bad-act","detail":"the line does not end"}\n'


class Following(threading.Thread):
    """Follows the journals and takes acts until told to stop; the only one that touches intake, ledger and messages.

    `shown` is replaced whole and may be read by any thread; `submit` may be called by any.
    """

    def __init__(self, folder: Folder, plan: Dialplan, side: str) -> None:
        super().__init__(name="intake", daemon=True)
        self._folder = folder
        self._relaying = Relaying(plan, side, Outbox(folder.line_socket), SystemClock())
        self._submitted: queue.SimpleQueue[tuple[bytes, Future[dict[str, Value]]]] = queue.SimpleQueue()
        self._work: queue.SimpleQueue[Callable[[Relaying | None], None]] = queue.SimpleQueue()
        self._with_captions = is_loopback(plan.side(side).page.host)
        self._ending = threading.Event()
        self._opened = threading.Event()
        self._failed_to_open: BridgeError | None = None
        self._line_listens = False
        self._disk_days = 0
        self.shown = Shown({}, 0, "", False, 0)

    def open(self) -> None:
        """Start and wait until the ledger is open.

        Raises:
            BridgeError: it cannot be opened.
        """
        self.start()
        self._opened.wait()
        if self._failed_to_open is not None:
            self.join()
            raise self._failed_to_open

    def run(self) -> None:
        journals = {"line": self._folder.line_journal, "speech": self._folder.speech_journal}
        try:
            intake = Intake(journals, lambda: Store(sqlite_url(self._folder.ledger)), self._relaying.take)
            self._relaying.open(intake.store)
            listener = Listener(self._folder.desk_socket, LINE_LIMIT_BYTES, _COMPLAINT)
        except BridgeError as error:
            self._failed_to_open = error
            self._opened.set()
            return
        self._show(intake, turn=0)
        self._opened.set()
        turn = 0
        received: list[tuple[Client, list[bytes]]] = []
        while True:
            stopping = self._ending.is_set()
            # What has happened comes first: a key pressed before an act must not count as an answer to it.
            taken = intake.step()
            self._mend(intake)
            self._answer(intake, listener, received)
            self._show(intake, turn)
            turn += 1
            if stopping and not taken:
                break  # what was written before the stop is in the ledger
            received = listener.poll(0.0 if taken or stopping else TURN_S)
        listener.close()
        intake.close()

    def _answer(self, intake: Intake, listener: Listener, received: Sequence[tuple[Client, Sequence[bytes]]]) -> None:
        for client, lines in received:
            for line in lines:
                listener.answer(client, canonical(self._perform(intake, line)) + b"\n")
        while not self._work.empty():
            self._do(intake, self._work.get())
        while not self._submitted.empty():
            line, waiting = self._submitted.get()
            waiting.set_result(self._perform(intake, line))

    def _do(self, intake: Intake, run: Callable[[Relaying | None], None]) -> None:
        try:
            run(None if LEDGER in intake.troubles else self._relaying)
        except StorageError as error:
            if LEDGER not in intake.troubles:
                intake.ledger_failed(error)

    def _mend(self, intake: Intake) -> None:
        """Let the messages have what has happened; after a failure read them from the ledger again."""
        try:
            if LEDGER not in intake.troubles:
                if not self._relaying.is_of(intake.store):
                    self._relaying.open(intake.store)
                self._relaying.settle()
        except StorageError as error:
            intake.ledger_failed(error)

    def _perform(self, intake: Intake, line: bytes) -> dict[str, Value]:
        if LEDGER not in intake.troubles:
            try:
                return self._relaying.perform(line)
            except StorageError as error:
                intake.ledger_failed(error)
        return acts.refusal("", ActError("storage", "the ledger takes nothing now; repeat the act with the same id"))

    def enter(self, work: Callable[[Relaying], Entered]) -> Future[Entered]:
        """Let the thread that owns the ledger do something with it; its answer, or the error it ends with.

        Raises:
            StorageError: in the answer, while the ledger takes nothing.
        """
        waiting: Future[Entered] = Future()

        def run(relaying: Relaying | None) -> None:
            try:
                if relaying is None:
                    raise StorageError("the ledger takes nothing now")
                waiting.set_result(work(relaying))
            except BridgeError as error:
                waiting.set_exception(error)
                if isinstance(error, StorageError):
                    raise

        self._work.put(run)
        return waiting

    def submit(self, line: bytes) -> Future[dict[str, Value]]:
        """Hand in an act in the form of the socket; its answer comes when the act is in the ledger, or refused."""
        waiting: Future[dict[str, Value]] = Future()
        self._submitted.put((line, waiting))
        return waiting

    def _show(self, intake: Intake, turn: int) -> None:
        if turn % LOOK_EVERY == 0:
            self._line_listens = listens(self._folder.line_socket)
            self._disk_days = days_left(self._folder)
        troubles = intake.troubles | ({"messages": self._relaying.trouble} if self._relaying.trouble else {})
        trouble = ", ".join(f"{what}: {code}" for what, code in troubles.items())
        picture = intake.picture.snapshot(with_captions=self._with_captions)
        self.shown = Shown(picture, intake.length, trouble, self._line_listens, self._disk_days)

    def stop(self) -> None:
        self._ending.set()
        self.join()


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


async def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    def end() -> None:
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    await server.serve([listener])


def run(plan: Dialplan, side: str, data: Path) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        BridgeError: ledger or address cannot be opened.
    """
    station = plan.side(side)
    folder = prepare(data)
    with contextlib.closing(listen(station.page)) as listener:
        following = Following(folder, plan, side)
        following.open()
        title = Title(plan.theatre, side, station.name.en, plan.exercise)
        app = make_app(station.page.host, title, lambda: following.shown, SystemClock())
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            lifespan="off",
            ws="none",
            http="h11",
            limit_concurrency=_CONNECTIONS,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=1,
        )
        try:
            asyncio.run(_serve(_Server(config), listener))
        finally:
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
