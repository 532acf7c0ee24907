"""What the routes of the page need of their station, and how an answer of its one thread becomes one of HTTP.

It decides nothing about acts: it waits, and names the status.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast

from fastapi import Request, Response, WebSocket
from fastapi.responses import JSONResponse

from bridge.base.clock import Clock
from bridge.base.errors import StorageError, Theirs
from bridge.base.wire import Fields, Value
from bridge.desk.feed import Feed
from bridge.desk.session import Session

Answer: TypeAlias = dict[str, Value]
ANSWER_LIMIT_S = 10.0
"""How long the record may take; after that nobody knows, and the same key finds out."""
KEY = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_FORM = frozenset(
    ("bad-act", "bad-field", "unknown-act", "bad-key", "bad-command", "unknown-command", "unknown-entry", "too-long")
)
STATUS = {
    "storage": 503,
    "no-session": 401,
    "too-large": 413,
    "not-json": 415,
    "not-there": 416,
    "no-such-thing": 404,
    "bad-time": 422,
    "bad-cursor": 422,
    "nothing-to-find": 422,
    "catching-up": 503,
    "picture": 422,
    "slip-parts": 422,
} | dict.fromkeys(_FORM, 422)
"""By the code of a refusal; any other is 409."""


@dataclass(frozen=True, slots=True)
class Sound:
    """The recording of one leg, as the line's journal named it."""

    path: Path
    rate_hz: int


@dataclass(frozen=True, slots=True)
class Ports:
    """Given by the station's process. Every future is resolved by the thread that owns the ledger."""

    feed: Feed
    clock: Clock
    act: Callable[[bytes], Future[Answer]]
    """Takes an act in the form of the desk's socket."""
    line: Callable[[bytes], Future[Answer]]
    """Takes a person's command to the line: `id` `person` `role` `console` `command`."""
    note: Callable[[str, Fields], Future[Answer]]
    """Writes down what concerns no message; durable once resolved with `done`."""
    sound: Callable[[str], Sound | None]
    """The recording of a leg; None for one that is not known. Any thread may call it."""
    recorded: Callable[[str], Fields | None] = lambda subject: None
    """The section of a message as the record holds it, for one that is on the page no more. Any thread may call it.

    Raises:
        Theirs: with `code`; the record is still being read.
    """


class RefusalError(Theirs):
    """What was asked cannot be answered; nothing was changed."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


def session_of(connection: Request | WebSocket) -> Session:
    """Who asks.

    Raises:
        RefusalError: nobody let this request in.
    """
    found = connection.scope.get("state", {}).get("session")
    if not isinstance(found, Session):
        raise RefusalError("no-session", "sign in first")
    return found


def key_of(request: Request) -> str:
    """The caller's own name for what it asks.

    Raises:
        RefusalError: missing, or of another form.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise RefusalError("bad-key", "Idempotency-Key: expected 1 to 64 letters, digits, . _ : -")
    return key


async def body_of(request: Request, limit_bytes: int) -> Mapping[str, Value]:
    """The JSON object of a request.

    Raises:
        RefusalError: another type, too long, or not one JSON object.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RefusalError("not-json", f"content type {kind[:40]!r}, expected application/json")
    raw = await read_whole(request, limit_bytes)
    try:
        found = json.loads(raw, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        raise RefusalError("bad-act", "expected one JSON object without fractions") from error
    if not isinstance(found, dict):
        raise RefusalError("bad-act", "expected one JSON object")
    return cast(Mapping[str, Value], found)


async def read_whole(request: Request, limit_bytes: int) -> bytes:
    """The body of a request.

    Raises:
        RefusalError: too long.
    """
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > limit_bytes:
            raise RefusalError("too-large", f"more than {limit_bytes} bytes")
    return raw


def _no_float(text: str) -> None:
    raise ValueError(f"{text[:40]} is no integer")


async def answer_of(waiting: Future[Answer], limit_s: float = ANSWER_LIMIT_S) -> Answer:
    """Wait for the one thread; after the limit nobody knows what became of it."""
    try:
        async with asyncio.timeout(limit_s):
            return await asyncio.shield(asyncio.wrap_future(waiting))
    except (TimeoutError, StorageError):
        return refused("storage", "no answer in time; repeat it with the same key")


def refused(code: str, detail: str) -> Answer:
    return {"result": "refused", "code": code, "detail": detail}


def respond(answer: Answer) -> Response:
    """An answer with its status."""
    status = 200 if answer["result"] == "done" else STATUS.get(str(answer.get("code")), 409)
    return JSONResponse(answer, status_code=status)


def respond_refusal(_request: Request, error: Exception) -> Response:
    """For the application's table of exceptions."""
    assert isinstance(error, RefusalError)
    return respond(refused(error.code, str(error)))
