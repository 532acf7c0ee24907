"""The record for its reader: what cannot be asked, and who may ask at all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bridge.base.clock import NS, ManualClock
from bridge.base.wire import Value
from bridge.desk import credentials, enrol
from bridge.desk.door import Entrance, make_door
from bridge.desk.guard import enclose
from bridge.desk.policy import Role
from bridge.ledger.accounts import Accounts
from tests.desk.review_rig import Written, one_of_each, written
from tests.page.scenes import CALL

ROUTES = ("calls", f"calls/{CALL}", "messages", "messages/taking/1", "search?q=9")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    made = written(tmp_path_factory.mktemp("record"))
    one_of_each(made, "en")
    assert made.reader().get("/api/review/search?q=9").status_code == 200  # opens what stays open
    yield made
    made.close()


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("calls/us-nobody", 404, "no-such-thing"),
        ("messages/taking/99", 404, "no-such-thing"),
        ("calls?from=yesterday", 422, "bad-time"),
        ("calls?from=2026-02-30", 422, "bad-time"),
        ("calls?from=2026-11-23T10:05:12", 422, "bad-time"),
        ("calls?from=٢٠٢٦-11-23", 422, "bad-time"),
        ("calls?from=2026-11-23&to=2026-11-22", 422, "bad-time"),
        ("calls?role=boss", 422, "bad-field"),
        ("calls?outcome=good", 422, "bad-field"),
        ("calls?nonsense=1", 422, "bad-field"),
        ("calls?language=en", 422, "bad-field"),
        ("calls?limit=0", 422, "bad-field"),
        ("calls?limit=201", 422, "bad-field"),
        ("calls?limit=x", 422, "bad-field"),
        ("calls?cursor=-1", 422, "bad-cursor"),
        ("calls?contact=" + "x" * 81, 422, "too-long"),
        ("messages?state=lost", 422, "bad-field"),
        ("messages?serial=" + "9" * 81, 422, "too-long"),
        ("messages?language=english", 422, "bad-field"),
        ("search", 422, "nothing-to-find"),
        ("search?q=%E2%80%A6", 422, "nothing-to-find"),
        ("search?q=" + "x" * 201, 422, "too-long"),
        ("search?q=x&cursor=9", 422, "bad-cursor"),
        ("search?q=x&kind=rumour", 422, "bad-field"),
        ("search?q=x&half=taking", 422, "bad-field"),
    ],
)
def test_what_is_refused(record: Written, path: str, status: int, code: str) -> None:
    """With a word that never changes, and a sentence."""
    answer = record.reader().get(f"/api/review/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]


@pytest.mark.parametrize("path", ROUTES)
def test_nobody_without_a_session(record: Written, path: str) -> None:
    """Should the guard ever be missing."""
    answer = record.reader(None).get(f"/api/review/{path}")
    assert (answer.status_code, answer.json()["code"]) == (401, "no-session")


@pytest.mark.parametrize("role", list(Role))
def test_who_may(record: Written, tmp_path: Path, role: Role) -> None:
    """Behind the real guard: operators, supervisors and reviewers read; whoever exports or keeps accounts does not."""
    accounts, clock = Accounts(tmp_path / "accounts.db"), ManualClock()
    secret = enrol.add(accounts, enrol.Person("one", "One", role.value), "correct horse battery").secret
    app = record.app()

    async def note(kind: str, fields: Any) -> None:
        return None

    app.include_router(make_door(Entrance(accounts, clock, note, False, lambda: {"side": "us"})))
    guarded = enclose(app, accounts, clock, is_secure=False)

    async def statuses() -> list[int]:
        transport = httpx.ASGITransport(guarded, client=("127.0.0.1", 4000))
        same = {"sec-fetch-site": "same-origin"}
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.11:8080", headers=same) as client:
            outside = [(await client.get(f"/api/review/{path}")).status_code for path in ROUTES]
            assert set(outside) == {401}
            code = credentials.code_at(secret, clock.now().utc_ns // NS)
            given: dict[str, Value] = {"name": "one", "password": "correct horse battery", "code": code}
            assert (await client.post("/api/sign-in", json=given)).status_code == 204
            return [(await client.get(f"/api/review/{path}")).status_code for path in ROUTES]

    may = role in (Role.OPERATOR, Role.SUPERVISOR, Role.REVIEWER)
    assert set(asyncio.run(statuses())) == {200 if may else 403}
    accounts.close()
