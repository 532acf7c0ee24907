"""A desk with passkeys and a browser before it, for the tests: the real application over a clock of the test's own."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from bridge.base.clock import NS, ManualClock
from bridge.base.wire import Fields
from bridge.desk import credentials, enrol
from bridge.desk.door import Entrance, make_door
from bridge.desk.guard import Guard, enclose
from bridge.desk.passkey_door import make_passkeys
from bridge.desk.passkeys import RelyingParty
from bridge.ledger.accounts import Accounts
from tests.desk.authenticator import Device

NAME = "us.station.test"
ORIGIN = f"https://{NAME}:8443"
PASSWORD = "correct horse battery"
PARTY = RelyingParty(NAME, ORIGIN, "Test us")
Staff = tuple[Path, bytes]
"""A file of accounts with one operator, and the secret of the operator's codes."""


class Desk:
    """Door and passkeys behind their guard, over TLS as they think. Owned by the test."""

    def __init__(self, accounts: Accounts, secret: bytes, party: RelyingParty | None = PARTY) -> None:
        self.accounts, self.secret = accounts, secret
        self.clock = ManualClock()
        self.notes: list[tuple[str, Fields]] = []
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        entrance = Entrance(accounts, self.clock, self._note, True, lambda: {})
        for router in (make_door(entrance), make_passkeys(entrance, party, why_not="" if party else "no-name")):
            app.include_router(router)
        self.app: Guard = enclose(app, accounts, self.clock, is_secure=True)

    async def _note(self, kind: str, fields: Fields) -> None:
        self.notes.append((kind, fields))

    def again(self, password: str = PASSWORD) -> dict[str, str]:
        """Password and the next code: one counts once."""
        self.clock.advance(credentials.STEP_S)
        return {"password": password, "code": credentials.code_at(self.secret, self.clock.now().utc_ns // NS)}

    def play(self, play: Callable[[Browser], Awaitable[Any]], *, signed_in: bool = True) -> Any:
        async def run() -> Any:
            transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 4000))
            headers = {"sec-fetch-site": "same-origin"}
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client:
                browser = Browser(self, client)
                if signed_in:
                    answer = await client.post("/api/sign-in", json={"name": "op-a", **self.again()})
                    assert answer.status_code == 204, answer.text
                return await play(browser)

        return asyncio.run(run())

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.notes]


class Browser:
    def __init__(self, desk: Desk, client: httpx.AsyncClient) -> None:
        self.desk, self.client = desk, client

    async def offered(self) -> dict[str, Any]:
        answer = await self.client.post("/api/passkeys/options", json=self.desk.again())
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["options"]
        return found

    async def make(self, device: Device, label: str = "key ring") -> httpx.Response:
        made = {"label": label, "credential": device.make(await self.offered())}
        return await self.client.post("/api/passkeys", json=made)

    async def asked(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.client.post("/api/sign-in/passkey/options")).json()["options"]
        return found

    async def sign_in(self, credential: dict[str, Any]) -> httpx.Response:
        return await self.client.post("/api/sign-in/passkey", json={"credential": credential})

    async def enter(self, device: Device) -> httpx.Response:
        """Sign in anew."""
        self.client.cookies.clear()
        return await self.sign_in(device.prove(await self.asked()))


def enrolled(folder: Path) -> Staff:
    """One operator, named op-a."""
    path = folder / "accounts.db"
    with closing(Accounts(path)) as accounts:
        return path, enrol.add(accounts, enrol.Person("op-a", "Operator A", "operator"), PASSWORD).secret


@contextmanager
def opened(staff: Staff, folder: Path, party: RelyingParty | None = PARTY) -> Iterator[Desk]:
    """A desk over a copy of these accounts in `folder`; without a `party` there can be no passkey."""
    with closing(Accounts(Path(shutil.copy(staff[0], folder)))) as accounts:
        yield Desk(accounts, staff[1], party)
