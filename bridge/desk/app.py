"""The web application of one station: page, files, health, and the routes that it is given.

It lets everybody in: `guard` stands around it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from bridge.base.clock import Clock, parse_utc
from bridge.base.wire import Value
from bridge.desk.guard import HEADERS
from bridge.desk.ports import RefusalError, respond_refusal

STATIC = Path(__file__).parent / "static"
_NO_ENTRY_AGE = -1
Application: TypeAlias = ASGIApp
"""What the server runs: the application, or a layer around it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the pages may show, made by the thread that follows the journals; replaced whole, never changed."""

    picture: dict[str, Value]
    entries: int
    """Length of the ledger."""
    trouble: str
    """Why the ledger does not grow, in codes; empty: it does."""
    line_listens: bool
    """Whether the line process takes commands right now, whatever its journal says."""
    disk_days: int
    """Busy days of duty for which the disk has room."""


@dataclass(frozen=True, slots=True)
class Title:
    """What does not change while the station runs."""

    theatre: str
    side: str
    name: str
    exercise: bool


def make_app(
    hosts: Sequence[str], title: Title, shown: Callable[[], Shown], clock: Clock, routers: Sequence[APIRouter] = ()
) -> FastAPI:
    """The web application.

    Args:
        hosts: names and addresses under which it is reached.
        shown: may be called from the server's thread at any time.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, title="hotline desk")
    # A page of a stranger could name an address of ours as its own host (DNS rebinding).
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)

    @app.middleware("http")
    async def harden(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.update(HEADERS)
        return response

    @app.get("/health")
    def health() -> JSONResponse:
        report = _health(shown(), title.side, clock)
        return JSONResponse(report, status_code=200 if report["fit"] else 503)

    @app.get("/")
    def page() -> FileResponse:
        return FileResponse(STATIC / "page.html", media_type="text/html; charset=utf-8")

    app.add_exception_handler(RefusalError, respond_refusal)
    for router in routers:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def _health(shown: Shown, side: str, clock: Clock) -> dict[str, Value]:
    newest = shown.picture["newest_utc"]
    age = max(0, clock.now().utc_ns - parse_utc(str(newest))) // 1_000_000 if newest else _NO_ENTRY_AGE
    line = "up" if shown.line_listens and shown.picture["line"] == "started" else "down"
    return {
        "fit": line == "up" and not shown.trouble,
        "side": side,
        "line": line,
        "trunk": shown.picture["trunk"],
        "ledger": shown.trouble or "ok",
        "ledger_entries": shown.entries,
        "newest_entry_utc": newest,
        "newest_entry_age_ms": age,
        "disk_days": shown.disk_days,
        "clock": clock.now().sync.value,
    }
