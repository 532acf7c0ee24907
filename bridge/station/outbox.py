"""Commands of the desk to its line: sent until the line's journal answers them, each under one id.

What is sent was written down before, so a restart sends again what was not answered; the line does the same id once. It
decides nothing: what is still wanted is told to it.
"""

from __future__ import annotations

import socket
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from bridge.base.log import logger
from bridge.base.wire import Fields, canonical

REPEAT_S = 2.0
"""A line that is up answers within milliseconds; one that was restarted meanwhile has not heard it."""
_TIMEOUT_S = 1.0


@dataclass(slots=True)
class Outgoing:
    subject: str
    command: Fields
    sent_at: float | None = None
    """Monotonic seconds."""


@dataclass(slots=True)
class Outbox:
    """Owned by the thread that owns the relay."""

    path: Path
    """The line's socket."""
    waiting: dict[str, Outgoing] = field(default_factory=dict)
    """By id, in the order in which they were written down."""

    def add(self, subject: str, command: Fields) -> None:
        self.waiting[str(command["id"])] = Outgoing(subject, command)

    def forget(self, ids: Collection[str]) -> None:
        """Drop what was answered, or is wanted no more."""
        for name in ids:
            self.waiting.pop(name, None)

    def send(self, wanted: Collection[str], now_s: float) -> None:
        """Send what is wanted now and was not sent lately."""
        for name in wanted:
            outgoing = self.waiting[name]
            if outgoing.sent_at is not None and now_s - outgoing.sent_at < REPEAT_S:
                continue
            outgoing.sent_at = now_s
            self._say(canonical(outgoing.command) + b"\n")

    def _say(self, line: bytes) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
            channel.settimeout(_TIMEOUT_S)
            try:
                channel.connect(str(self.path))
                channel.sendall(line)
            except OSError as error:
                # The line is down or restarting. It stays in the box; the health page tells that no line listens.
                logger("station").warning("line takes no command", code=f"errno-{error.errno}")
