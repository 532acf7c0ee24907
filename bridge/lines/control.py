"""The local socket on which the desk gives commands to the line: one JSON object a line, answered in the journal.

It checks form and size only; what a command means is `commands`'s. Nothing is sent back but a complaint about bytes
that are no command at all, because such bytes have no id that the journal could answer. Polled by the line's thread,
never blocks it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import selectors
import socket
from dataclasses import dataclass
from pathlib import Path

from bridge.base import log
from bridge.base.errors import SetupError
from bridge.lines.events import Commanded

LINE_LIMIT_BYTES = 65_536
CLIENTS_LIMIT = 16
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_LOG = log.logger("lines")


@dataclass(slots=True)
class _Client:
    socket: socket.socket
    buffer: bytes = b""


class Control:
    """The listening socket and its clients. Owned by the line's thread."""

    def __init__(self, path: Path) -> None:
        """Listen, readable and writable for this user alone.

        Raises:
            SetupError: the folder does not allow it.
        """
        self._path = path
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
            raise SetupError(
                f"the command socket cannot be made: {error.strerror or error}",  # a path too long has no strerror
                str(path),
                "Give a writable, shorter data folder.",
            ) from error
        self._selector.register(self._server, selectors.EVENT_READ, None)

    def poll(self) -> list[Commanded]:
        """Commands that have arrived; `fresh_call` is still empty."""
        commands: list[Commanded] = []
        for key, _ in self._selector.select(0):
            if key.data is None:
                self._accept()
            else:
                commands += self._read(key.data)
        return commands

    def close(self) -> None:
        for key in list(self._selector.get_map().values()):
            if isinstance(key.data, _Client):
                key.data.socket.close()
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
            self._selector.register(client, selectors.EVENT_READ, _Client(client))

    def _read(self, client: _Client) -> list[Commanded]:
        try:
            data = client.socket.recv(LINE_LIMIT_BYTES)
        except BlockingIOError:
            return []
        except OSError:
            data = b""  # reset by the client: same as its leaving
        if not data:
            self._drop(client)
            return []
        *lines, client.buffer = (client.buffer + data).split(b"\n")
        if len(client.buffer) > LINE_LIMIT_BYTES:
            self._complain(client)
            return []
        read = [parse(line) for line in lines]
        if None in read:
            self._complain(client)
        return [command for command in read if command is not None]

    def _complain(self, client: _Client) -> None:
        _LOG.warning("a command line could not be read")
        with contextlib.suppress(OSError):  # it may have left; the complaint is a courtesy
            client.socket.send(b'{"error":"expected one JSON object a line with id and command, all values text"}\n')
        self._drop(client)

    def _drop(self, client: _Client) -> None:
        self._selector.unregister(client.socket)
        client.socket.close()


def parse(line: bytes) -> Commanded | None:
    """One command, or None if the bytes are none: not JSON, no id or command, or a value that is no text."""
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict):
        return None
    fields = {key: str(value) if type(value) is int else value for key, value in raw.items()}
    name, command = fields.pop("id", None), fields.pop("command", None)
    if not isinstance(name, str) or not _ID.fullmatch(name) or not isinstance(command, str) or len(command) > 64:
        return None
    if not all(isinstance(value, str) and len(value) <= 1024 for value in fields.values()):
        return None
    if not all(_is_text(part) for part in (command, *fields, *fields.values())):
        return None
    return Commanded(name, command, "", fields)


def _is_text(value: str) -> bool:
    r"""JSON may say `"\ud800"`, half a character: no journal can write that down."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
