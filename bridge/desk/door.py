"""Signing in and out, and who one is: the routes before everything else. Passkeys are `passkey_door`'s.

Each coming, going and failing is an entry of the duty log. It shows no content and knows no message.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, StringConstraints

from bridge.base.clock import NS, Clock
from bridge.base.errors import StorageError
from bridge.base.log import logger
from bridge.base.wire import Fields, Value
from bridge.desk import credentials
from bridge.desk.guard import LONGEST_S, cookie_name
from bridge.desk.patience import Patience
from bridge.desk.session import Session
from bridge.ledger.accounts import Account, Accounts, NoAccountError

Note = Callable[[str, Fields], Awaitable[None]]
"""Enters something in the duty log; durable when it returns."""
CONSOLE_COOKIE = "hotline-console"
_CONSOLE = re.compile(r"[a-z0-9-]{1,16}")
_AT_ONCE = 2
"""Passwords checked at a time: each takes 64 MB for a moment."""
_YEAR_S = 365 * 86400
LANGUAGES = ("en", "ar", "fa")


class Given(BaseModel):
    """What somebody types who wants to sign in."""

    model_config = ConfigDict(extra="forbid", strict=True)
    name: Annotated[str, StringConstraints(max_length=64)]
    password: Annotated[str, StringConstraints(max_length=256)]
    code: Annotated[str, StringConstraints(max_length=16)]


class Spoken(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    language: Annotated[str, StringConstraints(max_length=8)]


@dataclass(frozen=True, slots=True)
class Entrance:
    """What the door needs of the station."""

    accounts: Accounts
    clock: Clock
    note: Note
    is_secure: bool
    about: Callable[[], dict[str, Value]]
    """What everybody who is signed in may know of the station."""
    patience: Patience = field(default_factory=Patience)
    """With those who fail, whichever way they try."""
    checking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def enter(self, kind: str, fields: Fields) -> None:
        """Enter something in the duty log, if it takes anything."""
        try:
            await self.note(kind, fields)
        except StorageError:
            # Whoever is on duty must get in while the disk is full; the alarm about the ledger stands anyway.
            logger("desk").error("not entered in the duty log", kind=kind)

    async def prove(self, request: Request, given: Given) -> Account | Response:
        """The account whose password and code these are, or the refusal; counted, and entered where it fails."""
        address, name = address_of(request), given.name.strip().lower()
        wait_s = self.patience.wait_s(name, address, self.clock.now().mono_ns)
        if wait_s:
            return refused(429, "wait", "too many tries", wait_s)
        async with self.checking:
            account = await asyncio.to_thread(_proved, self.accounts, given, name, self.clock.now().utc_ns // NS)
        if account is None:
            wait_s = self.patience.failed(name, address, self.clock.now().mono_ns)
            known = await asyncio.to_thread(_is_known, self.accounts, name)
            await self.enter("SignInFailed", {"person": name if known else "", "address": address, "wait_s": wait_s})
            return refused(401, "sign-in", "name, password or code is not right", wait_s)
        self.patience.succeeded(name, address)
        return account


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def make_door(entrance: Entrance) -> APIRouter:
    """Routes `/api/sign-in`, `/api/sign-out`, `/api/me`."""
    router = APIRouter()

    @router.post("/api/sign-in")
    async def sign_in(request: Request, given: Given) -> Response:
        account = await entrance.prove(request, given)
        return account if isinstance(account, Response) else await begin(request, entrance, account)

    @router.post("/api/sign-out")
    async def sign_out(request: Request) -> Response:
        session: Session | None = request.state.session
        if session is not None:
            entrance.accounts.end(session.id)
            await entrance.enter(
                "SignedOut", {"session": session.id, "person": session.person, "console": session.console}
            )
        response = Response(status_code=204)
        response.delete_cookie(cookie_name(is_secure=entrance.is_secure), path="/", secure=entrance.is_secure)
        return response

    _add_me(router, entrance)
    return router


def _add_me(router: APIRouter, entrance: Entrance) -> None:
    accounts = entrance.accounts

    @router.get("/api/me")
    async def me(request: Request) -> JSONResponse:
        session: Session = request.state.session
        account = accounts.get(session.person)
        return JSONResponse(
            {
                "person": session.person,
                "display": account.display,
                "qualified": account.qualified,
                "role": session.role,
                "console": session.console,
                "language": session.language,
                "server_utc": entrance.clock.now().utc,
                **entrance.about(),
            }
        )

    @router.post("/api/me/language")
    async def language(request: Request, spoken: Spoken) -> Response:
        if spoken.language not in LANGUAGES:
            return refused(422, "language", f"expected one of {', '.join(LANGUAGES)}", 0)
        accounts.speaks(request.state.session.id, spoken.language)
        return Response(status_code=204)


def _proved(accounts: Accounts, given: Given, name: str, utc_s: int) -> Account | None:
    """The account whose password and code these are; as slow for a wrong name."""
    try:
        account: Account | None = accounts.get(name)
    except NoAccountError:
        account = None
    fits = credentials.fits(given.password, account.password if account else None)
    step = credentials.step_of(account.secret if account else b"\0" * 20, given.code, utc_s)
    if account is None or account.is_disabled or not fits or step is None:
        return None
    return account if accounts.use_step(name, step) else None


def _is_known(accounts: Accounts, name: str) -> bool:
    """Only known names are written down: people type passwords into the wrong field."""
    try:
        accounts.get(name)
    except NoAccountError:
        return False
    return True


async def begin(request: Request, entrance: Entrance, account: Account, by: str = "") -> Response:
    """Begin a session of somebody who has proved who he is; `by` names how, where it was not by password and code."""
    console = request.cookies.get(CONSOLE_COOKIE, "")
    if not _CONSOLE.fullmatch(console):
        console = f"console-{secrets.token_hex(2)}"
    token, session_id = secrets.token_urlsafe(32), f"s-{secrets.token_hex(4)}"
    now_ns = entrance.clock.now().utc_ns
    entrance.accounts.forget_before(now_ns - LONGEST_S * NS)
    entrance.accounts.begin(token, session_id, account.name, console, account.language, now_ns)
    signed: Fields = {"session": session_id, "person": account.name, "role": account.role, "console": console}
    how: Fields = {"by": by} if by else {}
    await entrance.enter("SignedIn", {**signed, "address": address_of(request), **how})
    response = Response(status_code=204)
    for name, value, lasts_s in (
        (cookie_name(is_secure=entrance.is_secure), token, LONGEST_S),
        (CONSOLE_COOKIE, console, _YEAR_S),
    ):
        response.set_cookie(
            name, value, max_age=lasts_s, path="/", secure=entrance.is_secure, httponly=True, samesite="strict"
        )
    return response


def refused(status: int, code: str, detail: str, wait_s: int) -> JSONResponse:
    return JSONResponse({"result": "refused", "code": code, "detail": detail, "wait_s": wait_s}, status_code=status)
