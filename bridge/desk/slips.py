"""Slips for the page: the one to be carried as text, and what is wrong with one that is being typed.

Nothing is entered here: a slip that is typed in comes as the act `SlipTyped`.
"""

from __future__ import annotations

import dataclasses

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, PlainTextResponse

from bridge.base.wire import Value
from bridge.desk.ports import Ports, RefusalError, body_of, session_of
from bridge.relay.sheets import serial_of, title_of
from bridge.relay.slip import SlipError
from bridge.relay.slip_check import Difference, read

BODY_LIMIT_BYTES = 262_144
"""A slip of the longest kind in escaped three-byte letters."""


def slip_text(ports: Ports, subject: str) -> str:
    """The slip that leaves this station for a message: sealed text, or the last return slip.

    Raises:
        RefusalError: none is to be carried.
    """
    section = ports.feed.value(f"message/{subject}")
    if isinstance(section, dict):
        wanted = section["sealed"] if section["half"] == "taking" else section["return_slip"]
        if isinstance(wanted, dict):
            return str(wanted["slip"])
    raise RefusalError("no-such-thing", "no slip of this message is to be carried")


def make_slips(ports: Ports) -> APIRouter:
    router = APIRouter()

    @router.post("/api/slip/check")
    async def check(request: Request) -> Response:
        session_of(request)
        body = await body_of(request, BODY_LIMIT_BYTES)
        text = body.get("text")
        if not isinstance(text, str) or body.keys() != {"text"}:
            raise RefusalError("bad-field", "text: expected the slip as typed, and nothing else")
        return JSONResponse(await run_in_threadpool(_checked, text))

    @router.get("/api/slip/{subject:path}")
    def text(request: Request, subject: str) -> Response:
        session_of(request)
        return PlainTextResponse(slip_text(ports, subject) + "\n")

    return router


def _checked(text: str) -> dict[str, Value]:
    try:
        found = read(text)
    except SlipError as error:
        return _result(differences=(Difference(str(error), error.line, error.column),))
    if found.sheet is None:
        return _result(computed=found.computed, differences=found.differences)
    return _result(str(serial_of(found.sheet)), title_of(found.sheet), found.computed)


def _result(
    serial: str = "", title: str = "", computed: tuple[str, ...] = (), differences: tuple[Difference, ...] = ()
) -> dict[str, Value]:
    places: list[Value] = [dict(dataclasses.asdict(one)) for one in differences]
    return {
        "result": "done",
        "agrees": bool(serial),
        "serial": serial,
        "title": title,
        "check_words": [*computed],
        "differences": places,
    }
