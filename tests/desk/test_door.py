"""The guard and the door before the real application: outsiders, roles, origins, guessing, sessions that end."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, WebSocket
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from bridge.base.clock import NS, ManualClock
from bridge.base.errors import StorageError
from bridge.base.wire import Fields
from bridge.desk import credentials, enrol
from bridge.desk.door import Entrance, make_door
from bridge.desk.guard import HEADERS, IDLE_S, LONGEST_S, Guard, UncoveredError, enclose
from bridge.desk.policy import Role
from bridge.ledger.accounts import Accounts

HOST = "127.0.0.11"
ORIGIN = f"http://{HOST}:8080"
PASSWORD = "correct horse battery"
EVENTS = f"ws://{HOST}:8080/api/events"
SAME = {"sec-fetch-site": "same-origin"}


class Desk:
    """An application with one route of each sort, behind its guard."""

    def __init__(self, accounts: Accounts, secrets: Mapping[str, bytes]) -> None:
        """`secrets` are the second factors of one person of each role, named as the role."""
        self.accounts = accounts
        self.clock = ManualClock()
        self.notes: list[tuple[str, Fields]] = []
        self.is_full = False
        self.secrets = secrets
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

        @app.get("/static/door/{file:path}")
        def door(file: str) -> str:
            return f"door {file}"

        @app.get("/")
        def page() -> str:
            return "the page"

        @app.get("/api/state")
        def state(request: Request) -> dict[str, str]:
            session = request.state.session
            return {"person": session.person, "role": session.role, "console": session.console}

        @app.post("/api/acts")
        async def acts(request: Request) -> int:
            return len(await request.body())

        @app.get("/health")
        def health() -> str:
            return "fit"

        @app.websocket("/api/events")
        async def events(socket: WebSocket) -> None:
            await socket.accept()
            with contextlib.suppress(WebSocketDisconnect):
                while True:
                    await socket.receive_text()
                    await socket.send_text(socket.state.session.person)

        app.include_router(make_door(Entrance(accounts, self.clock, self._note, False, lambda: {"side": "us"})))
        self.app: Guard = enclose(app, accounts, self.clock, is_secure=False)

    async def _note(self, kind: str, fields: Fields) -> None:
        if self.is_full:
            raise StorageError("the disk is full")
        self.notes.append((kind, fields))

    def code(self, name: str) -> str:
        return credentials.code_at(self.secrets[name], self.clock.now().utc_ns // NS)

    def given(self, who: str, **other: str) -> dict[str, str]:
        return {"name": who, "password": PASSWORD, "code": self.code(who)} | other

    def client(self, address: str = "127.0.0.1") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, client=(address, 4000))
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=SAME)

    def signed_in(self, name: str, play: Callable[[httpx.AsyncClient], Awaitable[Any]]) -> Any:
        async def run() -> Any:
            async with self.client() as client:
                answer = await client.post("/api/sign-in", json=self.given(name))
                assert answer.status_code == 204, answer.text
                return await play(client)

        return asyncio.run(run())

    def ask(self, method: str, path: str, address: str = "127.0.0.1", **options: Any) -> httpx.Response:
        async def run() -> httpx.Response:
            async with self.client(address) as client:
                return await client.request(method, path, **options)

        return asyncio.run(run())


@pytest.fixture(name="staff", scope="module")
def a_staff(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """Accounts of one person of each role, and their second factors; made once, because hashing a password is slow."""
    path = tmp_path_factory.mktemp("staff") / "accounts.db"
    accounts = Accounts(path)
    people = (enrol.Person(role.value, role.value.title(), role.value) for role in Role)
    secrets = {person.name: enrol.add(accounts, person, PASSWORD).secret for person in people}
    accounts.close()
    return path, secrets


@pytest.fixture(name="desk")
def a_desk(tmp_path: Path, staff: tuple[Path, dict[str, bytes]]) -> Iterator[Desk]:
    accounts = Accounts(Path(shutil.copy(staff[0], tmp_path)))
    yield Desk(accounts, staff[1])
    accounts.close()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/state", 401),
        ("POST", "/api/acts", 401),
        ("GET", "/static/live/page.js", 401),
        ("GET", "/nowhere", 401),
        ("DELETE", "/", 401),
        ("GET", "/static/door/door.js", 200),
        ("GET", "/health", 200),
    ],
)
def test_an_outsider_gets_the_sign_in_page_and_nothing_else(desk: Desk, method: str, path: str, status: int) -> None:
    """Not even whether a path is there."""
    answer = desk.ask(method, path)
    assert answer.status_code == status
    assert all(answer.headers[name] == value for name, value in HEADERS.items())


def test_the_first_page_of_an_outsider_is_the_door(desk: Desk) -> None:
    """And the page itself once he is signed in."""
    assert desk.ask("GET", "/").json() == "door page.html"
    assert desk.signed_in("operator", lambda client: client.get("/")).json() == "the page"


def test_health_is_for_this_host(desk: Desk) -> None:
    """A stranger on the network is told nothing."""
    assert desk.ask("GET", "/health", address="10.1.2.3").status_code == 401


@pytest.mark.parametrize(
    ("name", "state", "acts"), [("operator", 200, 200), ("reviewer", 200, 403), ("administrator", 403, 403)]
)
def test_each_role_may_what_the_table_says(desk: Desk, name: str, state: int, acts: int) -> None:
    """On the real routes."""

    async def play(client: httpx.AsyncClient) -> tuple[int, int]:
        return (await client.get("/api/state")).status_code, (await client.post("/api/acts", content=b"x")).status_code

    assert desk.signed_in(name, play) == (state, acts)


def test_the_cookie_is_out_of_reach_of_scripts(desk: Desk) -> None:
    """HttpOnly, SameSite=Strict; the console keeps its name, the session its own."""

    async def play(client: httpx.AsyncClient) -> list[Any]:
        first = (await client.get("/api/state")).json()["console"]
        desk.clock.advance(60)
        answer = await client.post("/api/sign-in", json=desk.given("operator"))
        return [first, (await client.get("/api/state")).json()["console"], answer.headers.get_list("set-cookie")]

    first, second, cookies = desk.signed_in("operator", play)
    assert first == second
    assert len(cookies) == 2
    assert all("HttpOnly" in cookie and "samesite=strict" in cookie.lower() for cookie in cookies)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://127.0.0.11:9090"}, 403),
        ({"origin": "https://127.0.0.11:8080"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ORIGIN}, 200),
        ({}, 403),
    ],
)
def test_what_another_page_sends_is_refused(desk: Desk, headers: dict[str, str], status: int) -> None:
    """By the browser's own word, or by the origin."""

    async def play(client: httpx.AsyncClient) -> int:
        del client.headers["sec-fetch-site"]
        return (await client.post("/api/acts", content=b"x", headers=headers)).status_code

    assert desk.signed_in("operator", play) == status


def test_what_is_too_long_is_not_read(desk: Desk) -> None:
    """And what does not say its length is not taken."""

    async def stream() -> Any:
        yield b"x"

    async def play(client: httpx.AsyncClient) -> tuple[int, int]:
        long = await client.post("/api/acts", content=b"x" * (128 * 1024 + 1))
        endless = await client.post("/api/acts", content=stream())
        return long.status_code, endless.status_code

    assert desk.signed_in("operator", play) == (413, 411)


@pytest.mark.parametrize("wrong", [{"password": "another password"}, {"code": "000000"}, {"name": "nobody"}])
def test_a_wrong_part_is_as_good_as_all_wrong(desk: Desk, wrong: dict[str, str]) -> None:
    """The same answer for each, and an entry; a name nobody has is not written down."""
    answer = desk.ask("POST", "/api/sign-in", json=desk.given("operator", **wrong))
    assert (answer.status_code, answer.json()["code"]) == (401, "sign-in")
    assert desk.notes[0][0] == "SignInFailed"
    assert desk.notes[0][1]["person"] == ("" if "name" in wrong else "operator")


def test_a_code_is_good_once(desk: Desk) -> None:
    """Whoever looked over a shoulder has nothing."""
    given = desk.given("operator")
    assert desk.ask("POST", "/api/sign-in", json=given).status_code == 204
    assert desk.ask("POST", "/api/sign-in", json=given).status_code == 401


def test_guessing_is_slowed_and_entered(desk: Desk) -> None:
    """Even the right password waits then; after the wait it goes in."""
    answers = [desk.ask("POST", "/api/sign-in", json=desk.given("operator", code="000000")) for _ in range(3)]
    assert [answer.json()["wait_s"] for answer in answers] == [0, 0, 2]
    assert desk.ask("POST", "/api/sign-in", json=desk.given("operator")).status_code == 429
    assert [kind for kind, _ in desk.notes] == ["SignInFailed"] * 3
    desk.clock.advance(2)
    assert desk.ask("POST", "/api/sign-in", json=desk.given("operator")).status_code == 204


def test_a_full_disk_keeps_nobody_out(desk: Desk) -> None:
    """The duty log cannot be written; the operator is needed now."""
    desk.is_full = True
    assert desk.signed_in("operator", lambda client: client.get("/api/state")).status_code == 200


@pytest.mark.parametrize(
    ("steps", "status"), [((IDLE_S - 9,) * 3, 200), ((IDLE_S + 9,), 401), ((IDLE_S - 9,) * 15, 401)]
)
def test_a_session_ends_when_unused_and_with_the_shift(desk: Desk, steps: tuple[int, ...], status: int) -> None:
    """Use keeps it, but not beyond the longest shift."""
    assert len(steps) < 15 or sum(steps) > LONGEST_S

    async def play(client: httpx.AsyncClient) -> int:
        seen = 0
        for step in steps:
            desk.clock.advance(step)
            seen = (await client.get("/api/state")).status_code
        return seen

    assert desk.signed_in("operator", play) == status


def test_who_signs_out_is_out(desk: Desk) -> None:
    """And so is whoever copied the cookie."""

    async def play(client: httpx.AsyncClient) -> int:
        copied = dict(client.cookies)
        await client.post("/api/sign-out")
        client.cookies.update(copied)
        return (await client.get("/api/state")).status_code

    assert desk.signed_in("operator", play) == 401
    assert [kind for kind, _ in desk.notes] == ["SignedIn", "SignedOut"]


def test_the_language_stays_with_the_session(desk: Desk) -> None:
    """Another is refused."""

    async def play(client: httpx.AsyncClient) -> list[Any]:
        answers = [(await client.post("/api/me/language", json={"language": one})).status_code for one in ("fa", "xx")]
        return [*answers, (await client.get("/api/me")).json()["language"]]

    assert desk.signed_in("operator", play) == [204, 422, "fa"]


@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {}])
def test_a_socket_of_another_page_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    """Before it is opened, with or without a cookie."""
    with TestClient(desk.app, base_url=ORIGIN) as client:
        client.post("/api/sign-in", json=desk.given("operator"), headers=SAME)
        with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect(EVENTS, headers=headers):
            raise AssertionError("it was opened")
        assert refused.value.code == 4403


def test_an_open_socket_ends_with_its_session(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disabled account sees nothing more, though its page is open."""
    monkeypatch.setattr("bridge.desk.guard.LOOK_S", 0.0)
    with TestClient(desk.app, base_url=ORIGIN) as client:
        client.post("/api/sign-in", json=desk.given("operator"), headers=SAME)
        with client.websocket_connect(EVENTS, headers={"origin": ORIGIN}) as socket:
            socket.send_text("?")
            assert socket.receive_text() == "operator"
            enrol.reset(desk.accounts, "operator", PASSWORD)
            socket.send_text("?")
            with pytest.raises(WebSocketDisconnect) as ended:
                socket.receive_text()
            assert ended.value.code == 4401


def test_a_route_that_nobody_thought_of_does_not_start(desk: Desk) -> None:
    """It is named."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/api/everything", lambda: "", methods=["GET"])
    with pytest.raises(UncoveredError, match="GET /api/everything"):
        enclose(app, desk.accounts, desk.clock, is_secure=False)
