"""The routes beside the live page: the duty log, the description of this API, and the figures for a monitor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from html import escape
from typing import Protocol

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bridge.base.errors import StorageError
from bridge.base.wire import Fields, Value
from bridge.desk.acts import ActError
from bridge.desk.app import Shown
from bridge.desk.duty import DutyError
from bridge.desk.policy import POLICY
from bridge.desk.ports import RefusalError, body_of, key_of, refused, respond, session_of

LIMIT_BYTES = 16_384


class DutyBook(Protocol):
    """The duty log in the hands of the thread that owns the ledger."""

    async def enter(self, kind: str, act: Fields, given: Fields) -> int:
        """The number of the entry, durable. Raises: DutyError, ActError, StorageError."""

    async def newest(self) -> list[dict[str, Value]]:
        """Newest entries, oldest first. Raises: StorageError."""


def make_duties(book: DutyBook, shown: Callable[[], Shown]) -> APIRouter:
    """Routes `/api/duty`, `/api/duty/log`, `/api/page` and `/metrics`."""
    router = APIRouter()
    registry = CollectorRegistry()
    registry.register(_Figures(shown))

    @router.post("/api/duty")
    async def enter(request: Request) -> Response:
        session, key = session_of(request), key_of(request)
        body = await body_of(request, LIMIT_BYTES)
        match body:
            case {"entry": str(kind), "fields": dict(given)} if len(body) == 2:
                act = {"id": key, "person": session.person, "role": session.role, "console": session.console}
                return await _answered(book.enter(kind, act, given))
        raise RefusalError("bad-act", "expected entry, a text, and fields, an object, and nothing else")

    @router.get("/api/duty/log")
    async def newest(request: Request) -> Response:
        session_of(request)
        try:
            return JSONResponse({"entries": await book.newest()})
        except StorageError:
            return respond(refused("storage", "the ledger cannot be read now"))

    @router.get("/api/page")
    def described() -> HTMLResponse:
        return HTMLResponse(api_page())

    @router.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router


async def _answered(entering: Awaitable[int]) -> Response:
    try:
        return respond({"result": "done", "seq": await entering})
    except (DutyError, ActError) as error:
        return respond(refused(error.code, str(error)))
    except StorageError:
        return respond(refused("storage", "the ledger takes nothing now; repeat it with the same key"))


def api_page() -> str:
    """This API as a page without script and style, from the table that decides who may."""
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(text)}</td>"
            for text in (
                row.method,
                row.path,
                ", ".join(sorted(role.value for role in row.roles)),
                row.without.value,
                row.does,
            )
        )
        + "</tr>"
        for row in POLICY
    )
    head = "".join(f"<th scope=col>{name}</th>" for name in ("method", "path", "roles", "without a session", "does"))
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Hotline desk: API</title><h1>The desk's API</h1>"
        f"<table border=1><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></html>"
    )


class _Figures:
    """States as numbers; no name, number or word of a party."""

    def __init__(self, shown: Callable[[], Shown]) -> None:
        self._shown = shown

    def collect(self) -> Iterator[Metric]:
        now = self._shown()
        legs = now.picture.get("legs")
        alarms = now.picture.get("alarms")
        up = [leg for leg in legs if isinstance(leg, dict) and leg["state"] == "up"] if isinstance(legs, list) else []
        for name, text, value in (
            ("hotline_line_up", "Whether the line takes commands.", int(now.line_listens)),
            ("hotline_trunk_up", "Whether the side's telephone system answers.", int(now.picture.get("trunk") == "up")),
            ("hotline_ledger_ok", "Whether the ledger grows.", int(not now.trouble)),
            ("hotline_ledger_entries", "Entries in the ledger.", now.entries),
            ("hotline_legs_up", "Legs that are up.", len(up)),
            ("hotline_alarms", "Alarms that stand.", len(alarms) if isinstance(alarms, list) else 0),
            ("hotline_disk_days", "Busy days of duty for which the disk has room.", now.disk_days),
        ):
            yield GaugeMetricFamily(name, text, value=value)
