"""The layer around the page's application: who asks, whether he may, and which rules the browser is given.

    request -> headers, host -> session of the cookie -> policy's row -> origin -> size -> handler

Nothing behind it runs for anybody whom `policy` does not name. It knows no handler; it is told of no content.
"""

from __future__ import annotations

import ipaddress
import json
import time
from collections.abc import Iterator
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bridge.base.clock import NS, Clock
from bridge.base.errors import Ours, StorageError
from bridge.base.wire import Value
from bridge.desk.policy import Open, Role, Row, row_of, uncovered
from bridge.desk.session import Session
from bridge.ledger.accounts import Accounts, Sitting

LONGEST_S = 14 * 3600
"""A session ends with the longest shift."""
IDLE_S = 3600
"""Without a request for so long a session ends; calls do not care."""
TOUCH_S = 60
"""How exactly the last use is kept."""
LOOK_S = 2.0
"""How soon an open WebSocket notices that its session has ended."""
DOOR = "/static/door/page.html"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self'; media-src 'self'; font-src 'self'; require-trusted-types-for 'script'; trusted-types 'none';"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(self), geolocation=()",
}
_SENTENCES = {
    401: ("no-session", "sign in"),
    403: ("not-allowed", "this person may not do that"),
    411: ("no-length", "the request does not say how long it is"),
    413: ("too-long", "the request is too long"),
}
_WS_CODES = {401: 4401, 403: 4403}


class Refused(Exception):
    """Ends a request with a status; nothing behind the guard has run."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def cookie_name(*, is_secure: bool) -> str:
    """A `__Host-` cookie cannot be set by a neighbour; a browser takes it over TLS only."""
    return "__Host-hotline" if is_secure else "hotline"


class UncoveredError(Ours):
    """A route that nobody has said who may use."""

    code = "uncovered-route"


def enclose(app: Starlette, accounts: Accounts, clock: Clock, *, is_secure: bool) -> Guard:
    """The application behind its guard.

    Raises:
        UncoveredError: `policy` has no row for one of its routes.
    """
    found = uncovered(_routes(app))
    if found:
        raise UncoveredError(f"no row in the policy: {', '.join(found)}")
    return Guard(app, accounts, clock, is_secure=is_secure)


def _routes(app: Starlette) -> Iterator[tuple[str, str]]:
    for route in app.routes:
        match route:
            case Route(path=path, methods=methods):
                yield from ((method, path) for method in sorted((methods or set()) - {"HEAD"}))
            case WebSocketRoute(path=path):
                yield "WS", path
            case Mount(path=path):
                yield "GET", path + "/{file:path}"


class Guard:
    """ASGI middleware. `accounts` may be used by any thread."""

    def __init__(self, app: ASGIApp, accounts: Accounts, clock: Clock, *, is_secure: bool) -> None:
        self._app = app
        self._accounts = accounts
        self._clock = clock
        self._cookie = cookie_name(is_secure=is_secure)
        self._scheme = "https" if is_secure else "http"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        try:
            scope = self._admit(scope)
        except Refused as refused:
            await _refuse(scope, receive, send, refused.status)
            return
        if scope["type"] == "http":
            await self._app(scope, receive, _with_headers(send))
        else:
            await self._app(scope, receive, self._while_signed_in(scope, send))

    def _admit(self, scope: Scope) -> Scope:
        """The scope with its session in it.

        Raises:
            Refused: whoever asks may not.
        """
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        method = "WS" if scope["type"] == "websocket" else scope["method"]
        row = row_of(method, scope["path"])
        sitting = self._sitting(headers)
        if row is None or (sitting is None and not _is_open(row, scope)):
            raise Refused(401 if sitting is None else 404)
        if sitting is not None and Role(sitting.account.role) not in row.roles:
            raise Refused(403)
        if method not in ("GET", "HEAD"):
            self._check_origin(headers, method)
        if method not in ("GET", "HEAD", "WS"):
            _check_length(headers, row)
        scope = dict(scope)
        if scope["path"] == "/" and sitting is None:
            scope["path"], scope["raw_path"] = DOOR, DOOR.encode()
        session = None if sitting is None else _session(sitting)
        scope["state"] = {**scope.get("state", {}), "session": session}
        return scope

    def _sitting(self, headers: dict[str, str]) -> Sitting | None:
        token = _cookie(headers.get("cookie", ""), self._cookie)
        if not token:
            return None
        now = self._clock.now().utc_ns
        sitting = self._accounts.sitting(token)
        if sitting is None or now - sitting.began_ns > LONGEST_S * NS or now - sitting.used_ns > IDLE_S * NS:
            return None
        if now - sitting.used_ns > TOUCH_S * NS:
            self._accounts.used(sitting.id, now)
        return sitting

    def _check_origin(self, headers: dict[str, str], method: str) -> None:
        """A browser says from which page a request comes; what does not say so is no page of ours.

        Raises:
            Refused: from another page, or from nowhere.
        """
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if method != "WS" and site is not None:
            if site != "same-origin":
                raise Refused(403)
            return
        parts = urlsplit(origin or "")
        if not origin or (parts.scheme, parts.netloc) != (self._scheme, headers.get("host", "")):
            raise Refused(403)

    def _while_signed_in(self, scope: Scope, send: Send) -> Send:
        """Sending that ends the socket when its session has ended."""
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        looked = time.monotonic()
        is_closed = False

        async def guarded(message: Message) -> None:
            nonlocal looked, is_closed
            if is_closed:
                return
            if message["type"] == "websocket.send" and time.monotonic() - looked > LOOK_S:
                looked = time.monotonic()
                if not self._is_signed_in(headers):
                    is_closed = True
                    await send({"type": "websocket.close", "code": _WS_CODES[401], "reason": "sign in"})
                    return
            await send(message)

        return guarded

    def _is_signed_in(self, headers: dict[str, str]) -> bool:
        try:
            return self._sitting(headers) is not None
        except StorageError:
            return True  # a full disk must not blind the desk; whoever was let in stays


def _session(sitting: Sitting) -> Session:
    account = sitting.account
    return Session(sitting.id, account.name, account.role, sitting.console, sitting.language)


def _is_open(row: Row, scope: Scope) -> bool:
    match row.without:
        case Open.EVERYBODY:
            return True
        case Open.HOST:
            client = scope.get("client")
            return client is not None and ipaddress.ip_address(client[0]).is_loopback
    return False


def _check_length(headers: dict[str, str], row: Row) -> None:
    length = headers.get("content-length", "")
    if "transfer-encoding" in headers or not length.isascii() or not length.isdigit():
        raise Refused(411)
    if len(length) > 12 or int(length) > row.body_limit:
        raise Refused(413)


def _cookie(text: str, name: str) -> str:
    try:
        found = SimpleCookie(text).get(name)
    except CookieError:
        return ""
    return "" if found is None else found.value


def _with_headers(send: Send) -> Send:
    async def hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message.get("headers", [])}
            more = [
                (name.lower().encode(), value.encode())
                for name, value in HEADERS.items()
                if name.lower().encode() not in given
            ]
            message = {**message, "headers": [*message.get("headers", []), *more]}
        await send(message)

    return hardened


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": _WS_CODES.get(status, 4404), "reason": "refused"})
        return
    code, detail = _SENTENCES.get(status, ("not-found", "nothing is there"))
    body: dict[str, Value] = {"result": "refused", "code": code, "detail": detail}
    raw = json.dumps(body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(raw)).encode())]
    if status in (411, 413):
        headers.append((b"connection", b"close"))  # the body is not read
    sender = _with_headers(send)
    await sender({"type": "http.response.start", "status": status, "headers": headers})
    await sender({"type": "http.response.body", "body": raw})
