"""The structured log for engineers: device and state changes, never a party's words, names, numbers or addresses.

The journal and the ledger are the record; this is for debugging. Only the keys below may be logged, and a value
must be a number, a flag, or a short token without spaces, `@` or digits in a row: what a person said, is called or
dialled has no way in. A refused value is replaced, so that a careless call costs a debug line and nothing else.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

import structlog

KEYS = frozenset(
    "event level timestamp room side leg state was code status count seconds attempt process exit_code signal pid"
    " engine language model rung role kind what seq port bytes ms".split()
)
"""Every key that may appear. `leg` is the machine's own number of a leg, not a person's."""

_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9_./+-]{0,79}")
_NUMBERS = re.compile(r"\d{4}|\d\.\d+\.\d")
"""What a telephone number or an address would look like inside a token."""
_LEG = re.compile(r"[a-z]{2,8}-\d{8}T\d{6}Z-[0-9a-f]{4}(/[a-z]+-\d+)?")
_EVENT = re.compile(r"[A-Za-z][A-Za-z ,;'-]{0,119}")
REPEAT_S = 15.0
"""A repeating fault is printed at most this often; the line says how many were held back."""


def guard(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace whatever is not provably harmless by `(withheld)`."""
    for key in list(event):
        value = event[key]
        if key not in KEYS:
            del event[key]
            event["kind"] = "(withheld key)"
        elif isinstance(value, bool | int | float) or value is None or key in ("timestamp", "level"):
            continue
        elif not isinstance(value, str) or not _harmless(key, value):
            event[key] = "(withheld)"
    return event


def _harmless(key: str, value: str) -> bool:
    if key == "leg":
        return _LEG.fullmatch(value) is not None
    if key == "event":
        return _EVENT.fullmatch(value) is not None
    return _TOKEN.fullmatch(value) is not None and not _NUMBERS.search(value)


class Repeats:
    """Holds back repeats of one fault. Owned by one logger; safe without a lock because a lost count is harmless."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._seen: dict[tuple[object, ...], tuple[float, int]] = {}

    def __call__(self, _logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if event.get("level") not in ("warning", "error"):
            return event
        key = (event.get("event"), event.get("code"), event.get("leg"))
        now = self._monotonic()
        last, held = self._seen.get(key, (-REPEAT_S, 0))
        if now - last < REPEAT_S:
            self._seen[key] = (last, held + 1)
            raise structlog.DropEvent
        if len(self._seen) > 1000:  # faults carry leg numbers; a year of them must not fill the memory
            self._seen.clear()
        self._seen[key] = (now, 0)
        if held:
            event["count"] = held + 1
        return event


def configure(process: str, side: str = "", stream: TextIO | None = None) -> None:
    """Set up the log of this process once: one JSON object a line on standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            Repeats(),
            guard,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(process=process, **({"side": side} if side else {}))


def logger(room: str) -> structlog.stdlib.BoundLogger:
    """The logger of one room."""
    # Lazily bound: modules ask for their logger before `configure` has run, and an early binding would keep the
    # library's own unguarded set-up for ever.
    lazy: structlog.stdlib.BoundLogger = structlog.get_logger(room=room)
    return lazy
