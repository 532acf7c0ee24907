"""Slips for the page: the one to be carried as text, sheet and symbols; what is wrong with one that comes in.

Nothing is entered here: a slip that is typed in comes as the act `SlipTyped`.
"""

from __future__ import annotations

import asyncio
import dataclasses
import io

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from bridge.base.errors import Theirs
from bridge.base.wire import Value
from bridge.desk.ports import Ports, RefusalError, body_of, read_whole, session_of
from bridge.desk.sheet_print import STYLESHEET, printable, stylesheet
from bridge.desk.symbols import PictureError, codes, read_picture
from bridge.relay.parts import PartsError
from bridge.relay.sheets import serial_of, title_of
from bridge.relay.slip import SlipError
from bridge.relay.slip_check import Difference, read

BODY_LIMIT_BYTES = 262_144
"""A slip of the longest kind in escaped three-byte letters."""
PICTURE_LIMIT_BYTES = 8_388_608
_STYLE = f"/api/slip/{STYLESHEET}"
_AT_ONCE = 1
"""Pictures read at a time: each is a process of its own, and this host has calls to carry."""


def slip_text(ports: Ports, subject: str) -> str:
    """The slip that leaves this station for a message: sealed text, or the last return slip.

    Raises:
        RefusalError: none is to be carried.
    """
    section = ports.feed.value(f"message/{subject}") or _recorded(ports, subject)
    if isinstance(section, dict):
        wanted = section["sealed"] if section["half"] == "taking" else section["return_slip"]
        if isinstance(wanted, dict):
            return str(wanted["slip"])
    raise RefusalError("no-such-thing", "no slip of this message is to be carried")


def _recorded(ports: Ports, subject: str) -> Value:
    """Messages that ended long ago are on the page no more; their slips are read and printed like any other."""
    try:
        found = ports.recorded(subject)
    except Theirs as error:
        raise RefusalError(error.code, str(error)) from error
    return None if found is None else dict(found)


def make_slips(ports: Ports) -> APIRouter:
    router = APIRouter()
    reading = asyncio.Semaphore(_AT_ONCE)

    @router.post("/api/slip/check")
    async def check(request: Request) -> Response:
        session_of(request)
        body = await body_of(request, BODY_LIMIT_BYTES)
        text = body.get("text")
        if not isinstance(text, str) or body.keys() != {"text"}:
            raise RefusalError("bad-field", "text: expected the slip as typed, and nothing else")
        return JSONResponse(await run_in_threadpool(_checked, text))

    @router.post("/api/slip/scan")
    async def scan(request: Request) -> Response:
        session_of(request)
        picture = await read_whole(request, PICTURE_LIMIT_BYTES)
        try:
            async with reading:
                found = await run_in_threadpool(read_picture, picture)
        except (PictureError, PartsError) as error:
            raise RefusalError(error.code, str(error)) from error
        return JSONResponse({"result": "done", "text": found})

    @router.get(_STYLE)
    def style(request: Request) -> Response:
        session_of(request)
        return Response(stylesheet(), media_type="text/css; charset=utf-8")

    @router.get("/api/slip/{subject:path}/page")
    def page(request: Request, subject: str) -> Response:
        session_of(request)
        return HTMLResponse(printable(slip_text(ports, subject), _STYLE))

    @router.get("/api/slip/{subject:path}/symbols/{number}")
    def symbol(request: Request, subject: str, number: int) -> Response:
        session_of(request)
        found = codes(slip_text(ports, subject))
        if not 1 <= number <= len(found):
            raise RefusalError("no-such-thing", f"this slip has {len(found)} symbols")
        picture = io.BytesIO()
        # White behind it: on a dark page a camera would see nothing.
        found[number - 1].save(picture, kind="svg", xmldecl=False, omitsize=True, border=4, light="#fff")
        return Response(picture.getvalue(), media_type="image/svg+xml", headers={"X-Symbols": str(len(found))})

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
