"""A local socket on which other programs of this user say lines: accepted, cut into lines, answered, never waited for.

It checks sizes only; what a line means is its owner's. Polled by one thread, blocks it no longer than it is told to.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
from dataclasses import dataclass
from pathlib import Path

from bridge.base.errors import SetupError

CLIENTS_LIMIT = 16
UNSENT_LIMIT_BYTES = 16 * 1024 * 1024
"""Answers that a client does not read; above this it is dropped."""


@dataclass(slots=True, eq=False)
class Client:
    """One connection, as its owner sees it: something to answer to."""

    socket: socket.socket
    buffer: bytes = b""
    unsent: bytes = b""
    is_open: bool = True


class Listener:
    """The listening socket and its clients. Owned by one thread."""

    def __init__(self, path: Path, line_limit_bytes: int, complaint: bytes) -> None:
        """Listen, readable and writable for this user alone.

        Args:
            path: of the socket; one left by a killed process is replaced.
            line_limit_bytes: longest line.
            complaint: said to whoever sends none that ends, before he is dropped.

        Raises:
            SetupError: the folder does not allow it.
        """
        self._path = path
        self._limit = line_limit_bytes
        self._complaint = complaint
        self._selector = selectors.DefaultSelector()
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        try:
            path.unlink(missing_ok=True)  # left by a killed process; the station's lock keeps a second one out
            before = os.umask(0o177)
            try:
                self._server.bind(str(path))
            finally:
                os.umask(before)
            self._server.listen(CLIENTS_LIMIT)
        except OSError as error:
            self._server.close()
            self._selector.close()
            raise SetupError(
                f"the command socket cannot be made: {error.strerror or error}",  # a path too long has no strerror
                str(path),
                "Give a writable, shorter data folder.",
            ) from error
        self._selector.register(self._server, selectors.EVENT_READ, None)

    def poll(self, wait_s: float = 0.0) -> list[tuple[Client, list[bytes]]]:
        """Whole lines that have arrived, without their ends; waits at most so long for the first."""
        received = []
        for key, mask in self._selector.select(wait_s):
            if key.data is None:
                self._accept()
                continue
            if mask & selectors.EVENT_WRITE:
                self._send(key.data)
            lines = self._read(key.data) if mask & selectors.EVENT_READ and key.data.is_open else []
            if lines:
                received.append((key.data, lines))
        return received

    def answer(self, client: Client, line: bytes) -> None:
        """Say something to a client, now or as it reads; to one that has left, nothing."""
        if not client.is_open:
            return
        client.unsent += line
        self._send(client)

    def complain(self, client: Client) -> None:
        """Say that this is not what is expected here, and hang up."""
        with contextlib.suppress(OSError):  # it may have left; the complaint is a courtesy
            client.socket.send(self._complaint)
        self._drop(client)

    def close(self) -> None:
        for key in list(self._selector.get_map().values()):
            if isinstance(key.data, Client):
                self._drop(key.data)
        self._selector.close()
        self._server.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        with contextlib.suppress(BlockingIOError):  # the client left between select and accept
            client, _ = self._server.accept()
            client.setblocking(False)
            if len(self._selector.get_map()) > CLIENTS_LIMIT:
                client.close()
                return
            self._selector.register(client, selectors.EVENT_READ, Client(client))

    def _read(self, client: Client) -> list[bytes]:
        try:
            data = client.socket.recv(self._limit)
        except BlockingIOError:
            return []
        except OSError:
            data = b""  # reset by the client: same as its leaving
        if not data:
            self._drop(client)
            return []
        *lines, client.buffer = (client.buffer + data).split(b"\n")
        if len(client.buffer) > self._limit:
            self.complain(client)
            return []
        return lines

    def _send(self, client: Client) -> None:
        try:
            sent = client.socket.send(client.unsent)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._drop(client)  # it has left
            return
        client.unsent = client.unsent[sent:]
        if len(client.unsent) > UNSENT_LIMIT_BYTES:
            self._drop(client)
            return
        waits = selectors.EVENT_READ | (selectors.EVENT_WRITE if client.unsent else 0)
        self._selector.modify(client.socket, waits, client)

    def _drop(self, client: Client) -> None:
        if client.is_open:
            client.is_open = False
            self._selector.unregister(client.socket)
            client.socket.close()
