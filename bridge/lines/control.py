"""The local socket on which the desk gives commands to the line: one JSON object a line, answered in the journal.

It checks form and size only; what a command means is `commands`'s. Nothing is sent back but a complaint about bytes
that are no command at all, because such bytes have no id that the journal could answer. Polled by the line's thread,
never blocks it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from bridge.base import log
from bridge.base.listener import CLIENTS_LIMIT as CLIENTS_LIMIT
from bridge.base.listener import Client, Listener
from bridge.lines.events import Commanded

LINE_LIMIT_BYTES = 65_536
_COMPLAINT = b'{"error":"expected one JSON object a line with id and command, all values text"}\n'
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_LOG = log.logger("lines")


class Control:
    """The desk's commands as they arrive. Owned by the line's thread."""

    def __init__(self, path: Path) -> None:
        """Listen, readable and writable for this user alone.

        Raises:
            SetupError: the folder does not allow it.
        """
        self._listener = Listener(path, LINE_LIMIT_BYTES, _COMPLAINT)

    def poll(self) -> list[Commanded]:
        """Commands that have arrived; `fresh_call` is still empty."""
        return [command for client, lines in self._listener.poll() for command in self._read(client, lines)]

    def close(self) -> None:
        self._listener.close()

    def _read(self, client: Client, lines: list[bytes]) -> list[Commanded]:
        read = [parse(line) for line in lines]
        if None in read:
            _LOG.warning("a command line could not be read")
            self._listener.complain(client)
        return [command for command in read if command is not None]


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
