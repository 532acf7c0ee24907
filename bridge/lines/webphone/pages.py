"""The local socket on which the desk's pages reach their telephone: connections, whole frames, bounded queues.

Nobody is waited for: what a connection does not read in time is dropped, oldest audio first, and counted; one that
does not even read words is closed. Polled by one thread. It does not know what a frame means.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from bridge.base import log
from bridge.base.errors import SetupError, WireError
from bridge.base.voice import Frame, Kind, Unpacker, pack

CONNECTIONS_LIMIT = 8
AUDIO_LIMIT = 10
"""Frames of sound that wait for a slow reader: 200 ms."""
WORDS_LIMIT = 64
"""Words that wait for one; a reader that is so far behind is gone."""
BUFFER_BYTES = 8192
"""Of the kernel, each way, doubled by it: about 12 frames. Its own size would hide seconds of late sound."""
_READ_BYTES = 65536
_LOG = log.logger("lines")


@dataclass(slots=True, eq=False)
class Connection:
    """One page's connection, as seen from here."""

    number: int
    socket: socket.socket
    unpacker: Unpacker = field(default_factory=Unpacker)
    words: deque[bytes] = field(default_factory=deque)
    sound: deque[bytes] = field(default_factory=deque)
    partial: bytes = b""
    dropped: int = 0
    """Frames of sound that it did not read in time."""


class Pages:
    """The listening socket and its connections, by number. Owned by one thread."""

    def __init__(self, path: Path) -> None:
        """Listen, readable and writable for this user alone; a socket left by a killed process is replaced.

        Raises:
            SetupError: the folder does not allow it.
        """
        self._path = path
        self._connections: dict[int, Connection] = {}
        self._gone: list[int] = []
        self._numbers = 0
        self._selector = selectors.DefaultSelector()
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        try:
            path.unlink(missing_ok=True)
            before = os.umask(0o177)
            try:
                self._server.bind(str(path))
            finally:
                os.umask(before)
            self._server.listen(CONNECTIONS_LIMIT)
        except OSError as error:
            self._server.close()
            self._selector.close()
            raise SetupError(
                f"the page's socket cannot be made: {error.strerror or error}",
                str(path),
                "Give a writable, shorter data folder.",
            ) from error
        self._selector.register(self._server, selectors.EVENT_READ, None)

    def poll(self) -> tuple[list[int], list[tuple[int, Frame]], list[int]]:
        """What has arrived by now, without waiting: new connections, frames, connections that are gone."""
        came: list[int] = []
        frames: list[tuple[int, Frame]] = []
        for key, mask in self._selector.select(0):
            if key.data is None:
                came += self._accept()
                continue
            connection: Connection = key.data
            if mask & selectors.EVENT_WRITE:
                self._send(connection)
            if mask & selectors.EVENT_READ and connection.number in self._connections:
                frames += [(connection.number, frame) for frame in self._read(connection)]
        gone, self._gone = self._gone, []
        return came, frames, gone

    def tell(self, number: int, word: bytes) -> None:
        """Say one control object; words come before sound that waits."""
        connection = self._connections.get(number)
        if connection is None:
            return
        connection.words.append(pack(Kind.CONTROL, word))
        if len(connection.words) > WORDS_LIMIT:
            self._drop(connection)
            return
        self._send(connection)

    def play(self, number: int, sound: bytes) -> None:
        """Send one frame of sound."""
        connection = self._connections.get(number)
        if connection is None:
            return
        connection.sound.append(pack(Kind.AUDIO, sound))
        if len(connection.sound) > AUDIO_LIMIT:
            connection.sound.popleft()
            connection.dropped += 1
        self._send(connection)

    def dropped(self, number: int) -> int:
        """Frames of sound that a connection has missed so far."""
        connection = self._connections.get(number)
        return 0 if connection is None else connection.dropped

    def drop(self, number: int) -> None:
        """Close a connection; it is reported as gone."""
        if number in self._connections:
            self._drop(self._connections[number])

    def close(self) -> None:
        for connection in list(self._connections.values()):
            self._drop(connection)
        self._selector.close()
        self._server.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> list[int]:
        try:
            made, _ = self._server.accept()
        except BlockingIOError:
            return []  # it left between select and accept
        if len(self._connections) >= CONNECTIONS_LIMIT:
            made.close()
            return []
        made.setblocking(False)
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            made.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
        self._numbers += 1
        connection = self._connections[self._numbers] = Connection(self._numbers, made)
        self._selector.register(made, selectors.EVENT_READ, connection)
        return [connection.number]

    def _read(self, connection: Connection) -> list[Frame]:
        try:
            data = connection.socket.recv(_READ_BYTES)
        except BlockingIOError:
            return []
        except OSError:
            data = b""  # reset: the same as its leaving
        if not data:
            self._drop(connection)
            return []
        try:
            return connection.unpacker.feed(data)
        except WireError as error:
            _LOG.warning("a page's connection says what nobody understands", code=error.code)
            self._drop(connection)
            return []

    def _send(self, connection: Connection) -> None:
        """Write as much as the socket takes; the rest when it takes more."""
        while connection.partial or connection.words or connection.sound:
            # A frame that was begun must be ended before anything else.
            data = connection.partial or (connection.words or connection.sound).popleft()
            try:
                sent = connection.socket.send(data)
            except BlockingIOError:
                sent = 0
            except OSError:
                self._drop(connection)
                return
            connection.partial = data[sent:]
            if connection.partial:
                break
        waits = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.partial else 0)
        self._selector.modify(connection.socket, waits, connection)

    def _drop(self, connection: Connection) -> None:
        del self._connections[connection.number]
        self._gone.append(connection.number)
        with contextlib.suppress(KeyError):
            self._selector.unregister(connection.socket)
        connection.socket.close()
