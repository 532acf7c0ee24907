"""The routes of the duty log, the API's page and the figures: what they answer, and that a page says all of it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from bridge.base.errors import StorageError
from bridge.base.wire import Fields, Value
from bridge.desk.acts import ActError
from bridge.desk.app import Shown
from bridge.desk.duties import api_page, make_duties
from bridge.desk.duty import Duty
from bridge.desk.policy import POLICY
from bridge.desk.ports import RefusalError, respond_refusal
from bridge.desk.session import Session

UTC = "2026-11-23T10:00:00.000000Z"
BEGIN = {"entry": "ShiftBegun", "fields": {}}


class Book:
    """A duty log in memory that checks as the real one does."""

    def __init__(self) -> None:
        self.duty = Duty()
        self.known: dict[str, tuple[str, Fields]] = {}
        self.is_full = False

    async def enter(self, kind: str, act: Fields, given: Fields) -> int:
        if self.is_full:
            raise StorageError("full")
        key = str(act["id"])
        if self.known.setdefault(key, (kind, given)) != (kind, given):
            raise ActError("id-taken", "another entry has this id")
        self.duty.check(kind, str(act["person"]), given, [])
        self.duty.take(kind, {**act, **given}, UTC)
        return len(self.duty.log)

    async def newest(self) -> list[dict[str, Value]]:
        if self.is_full:
            raise StorageError("full")
        return list(self.duty.log)


def seated(app: ASGIApp) -> ASGIApp:
    """Somebody is signed in."""

    async def with_session(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["session"] = Session("s-1", "op-a", "operator", "console-1", "en")
        await app(scope, receive, send)

    return with_session


def ask(book: Book, method: str, path: str, body: Any = None, key: str = "K-1") -> httpx.Response:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(RefusalError, respond_refusal)
    picture: dict[str, Value] = {"legs": [{"state": "up"}, {"state": "ended"}], "alarms": [{}], "trunk": "up"}
    app.include_router(make_duties(book, lambda: Shown(picture, 812, "", True, 41)))

    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(seated(app))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.11:8080") as client:
            return await client.request(method, path, json=body, headers={"Idempotency-Key": key})

    return asyncio.run(run())


def test_an_entry_names_who_made_it() -> None:
    """From the session, never from the body."""
    book = Book()
    assert ask(book, "POST", "/api/duty", BEGIN).json() == {"result": "done", "seq": 1}
    entries = ask(book, "GET", "/api/duty/log").json()["entries"]
    assert entries == [
        {"utc": UTC, "entry": "ShiftBegun", "id": "K-1", "person": "op-a", "role": "operator", "console": "console-1"}
    ]


@pytest.mark.parametrize(
    ("body", "key", "status", "code"),
    [
        ({"entry": "SignedIn", "fields": {}}, "K-2", 422, "unknown-entry"),
        ({"entry": "NoteMade", "fields": {"text": "a\u202eb"}}, "K-2", 422, "bad-field"),
        ({"entry": "ShiftBegun", "fields": {}}, "K-2", 409, "shift-taken"),
        ({"entry": "NoteMade", "fields": {"text": "other"}}, "K-1", 409, "id-taken"),
        ({"entry": "NoteMade", "fields": {"text": "a"}, "person": "lead"}, "K-2", 422, "bad-act"),
        ({"entry": "NoteMade"}, "K-2", 422, "bad-act"),
        ({"entry": "NoteMade", "fields": {"text": "x" * 20_000}}, "K-2", 413, "too-large"),
        ({"entry": "ShiftBegun", "fields": {}}, "no key!", 422, "bad-key"),
    ],
)
def test_what_is_refused_says_why(body: Any, key: str, status: int, code: str) -> None:
    """With a stable word and its status."""
    book = Book()
    ask(book, "POST", "/api/duty", BEGIN)
    answer = ask(book, "POST", "/api/duty", body, key)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_full_disk_is_said() -> None:
    """Nobody is told that something was entered."""
    book = Book()
    book.is_full = True
    assert ask(book, "POST", "/api/duty", BEGIN).status_code == 503
    assert ask(book, "GET", "/api/duty/log").status_code == 503


def test_the_apis_page_has_every_route() -> None:
    """Without script or style, so that the strictest policy shows it."""
    page = api_page()
    assert all(row.does and row.path in page for row in POLICY)
    assert "<script" not in page and "style" not in page
    assert ask(Book(), "GET", "/api/page").text == page


def test_figures_for_a_monitor() -> None:
    """In Prometheus' form, numbers only."""
    lines = ask(Book(), "GET", "/metrics").text.splitlines()
    assert {"hotline_line_up 1.0", "hotline_ledger_entries 812.0", "hotline_legs_up 1.0", "hotline_alarms 1.0"} <= set(
        lines
    )
