"""The page and its API: what they say, to whom, and under which rules of the browser."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

import httpx
import pytest

from bridge.base.clock import ManualClock
from bridge.base.wire import Entry, Value
from bridge.desk.app import STATIC, Shown, Title, make_app
from bridge.desk.guard import HEADERS
from bridge.desk.picture import Picture

HOST = "127.0.0.11"
TITLE = Title("Loopback exercise", "us", "United States", True)
CLOCK = ManualClock()


def shown(trouble: str = "", *, listens: bool = True, kinds: tuple[str, ...] = ("LineStarted",)) -> Shown:
    picture = Picture()
    for number, kind in enumerate(kinds, 1):
        picture.take(Entry(number, CLOCK.now().utc, 1, "unknown", kind, {}))
    return Shown(picture.snapshot(with_captions=True), len(kinds), trouble, listens, 41)


def get(path: str, state: Shown, host: str = HOST, method: str = "GET") -> httpx.Response:
    async def ask() -> httpx.Response:
        app = make_app([HOST], TITLE, lambda: state, CLOCK)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{host}:8080") as client:
            return await client.request(method, path)

    return asyncio.run(ask())


def test_health_of_a_sound_station() -> None:
    """200 and the figures a monitor needs."""
    answer = get("/health", shown())
    assert answer.status_code == 200
    assert answer.json() == {
        "fit": True,
        "side": "us",
        "line": "up",
        "trunk": "unknown",
        "ledger": "ok",
        "ledger_entries": 1,
        "newest_entry_utc": CLOCK.now().utc,
        "newest_entry_age_ms": 0,
        "disk_days": 41,
        "clock": "synchronised",
    }


@pytest.mark.parametrize(
    ("state", "part"),
    [
        (shown(listens=False), {"line": "down"}),
        (shown(kinds=("LineStarted", "LineStopped")), {"line": "down"}),
        (shown(kinds=()), {"line": "down", "newest_entry_age_ms": -1}),
        (shown("ledger: storage"), {"line": "up", "ledger": "ledger: storage"}),
    ],
)
def test_health_of_an_unsound_one(state: Shown, part: Mapping[str, Value]) -> None:
    """503 and what is wrong: a dead line is down even if its journal does not say so."""
    answer = get("/health", state)
    assert answer.status_code == 503
    assert part.items() <= answer.json().items()


@pytest.mark.parametrize("path", ["/", "/health", "/static/page.js", "/static/page.css", "/none", "/static/../app.py"])
def test_every_answer_carries_the_strict_rules(path: str) -> None:
    """The policy of the page stands on every answer, also on refusals."""
    answer = get(path, shown())
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/static/page.py", "/static/%2e%2e/app.py"])
def test_nothing_else_is_served(path: str) -> None:
    """No documentation page from elsewhere, no file outside the static folder."""
    assert get(path, shown()).status_code == 404


def test_a_strangers_name_for_our_address_is_refused() -> None:
    """DNS rebinding: a page elsewhere may not speak to us under its own name."""
    assert get("/health", shown(), host="evil.example").status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(method: str) -> None:
    """The page is read-only."""
    assert get("/health", shown(), method=method).status_code == 405


def test_page_obeys_its_own_policy() -> None:
    """No inline script or style, nothing from other hosts, no text as markup; all that it names is there."""
    page = (STATIC / "page.html").read_text(encoding="utf-8")
    script = (STATIC / "page.js").read_text(encoding="utf-8")
    assert not re.search(r"style\s*=|\son\w+\s*=|<style|<script(?![^>]*src=)", page)
    assert not re.search(r"https?:|//[a-z]", page + (STATIC / "base" / "page.css").read_text(encoding="utf-8"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)
    assert not re.search(r"import\((?!\"\./)", script)  # later, too, only files of our own, named here
    for name in re.findall(r'"/static/([^"]+)"', page):
        assert get(f"/static/{name}", shown()).status_code == 200
    for name in re.findall(r'at\("([a-z-]+)"\)', script):
        assert f'id="{name}"' in page
