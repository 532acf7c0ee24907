"""A station for the page alone: sections as the test sets them, acts kept and answered as the test says.

The rules of the browser are the real ones, the strictest. There is no ledger, no line and no guard; whoever asks is
`op-a`, unless the test has ended the session.
"""

from __future__ import annotations

import asyncio
import io
import json
import socket
import threading
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp
from starlette.websockets import WebSocket, WebSocketDisconnect

from bridge.base.clock import SystemClock
from bridge.base.wire import Value
from bridge.desk.guard import HEADERS
from bridge.relay.slip import SlipError
from bridge.relay.slip_check import read
from tests.page import scenes

STATIC = Path(__file__).parents[2] / "bridge" / "desk" / "static"
DONE: dict[str, Any] = {"result": "done", "seq": 1}
Answering = Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]


def _done(_: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return 200, DONE


@dataclass(slots=True)
class Fake:
    """Owned by the test; the server's thread reads it."""

    address: str = ""
    boot: str = "boot-1"
    n: int = 1
    sections: dict[str, Value] = field(default_factory=dict)
    me: dict[str, Any] = field(default_factory=dict)
    posts: list[dict[str, Any]] = field(default_factory=list)
    """Every act, command and duty entry, with its path and key, as often as it came."""
    answer: Answering = _done
    signed_in: bool = True
    drops: int = 0
    """How many of the next posts are taken and then answered as if nobody knew."""
    sockets: set[WebSocket] = field(default_factory=set)
    loop: asyncio.AbstractEventLoop | None = None
    beats: bool = True
    turn: threading.RLock = field(default_factory=threading.RLock)
    """Held from a change to its telling: the test and every act being answered have threads of their own, and an older
    state told after a newer one would stay on the page."""

    def set(self, **sections: Value) -> None:
        """Replace everything; every page is told."""
        with self.turn:
            gone = dict.fromkeys(self.sections.keys() - sections.keys())
            self.sections = dict(sections)
            self._tell({**sections, **gone})

    def put(self, name: str, value: Value) -> None:
        with self.turn:
            self.sections = {key: one for key, one in {**self.sections, name: value}.items() if one is not None}
            self._tell({name: value})

    def _tell(self, changes: dict[str, Value]) -> None:
        for name, value in changes.items():
            self.n += 1
            self._send({"n": self.n, "s": name, "v": value})

    def _send(self, said: dict[str, Value]) -> None:
        loop = self.loop
        assert loop is not None
        for one in list(self.sockets):
            asyncio.run_coroutine_threadsafe(one.send_text(json.dumps(said)), loop).result(10)

    def cut(self) -> None:
        """Close every page's socket."""
        assert self.loop is not None
        for one in list(self.sockets):
            asyncio.run_coroutine_threadsafe(one.close(1012), self.loop).result(10)

    def acts(self, name: str = "") -> list[dict[str, Any]]:
        """Acts, each key once."""
        found = {one["key"]: one for one in self.posts if one["path"] == "/api/acts"}
        return [one for one in found.values() if not name or one["act"] == name]


class Routes:
    """What the page asks for. Owned by the server's loop."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self.clock = SystemClock()

    async def page(self, _: Request) -> Response:
        return FileResponse(STATIC / ("page.html" if self.fake.signed_in else "door/page.html"))

    async def me(self, _: Request) -> Response:
        return JSONResponse({**self.fake.me, "server_utc": self.clock.now().utc, "boot": self.fake.boot})

    async def state(self, _: Request) -> Response:
        return JSONResponse({"boot": self.fake.boot, "n": self.fake.n, "sections": self.fake.sections})

    async def events(self, channel: WebSocket) -> None:
        fake = self.fake
        await channel.accept()
        fake.loop = asyncio.get_running_loop()
        await channel.send_text(json.dumps({"n": fake.n, "boot": fake.boot, "all": False}))
        fake.sockets.add(channel)
        beating = asyncio.create_task(_beat(fake, channel, self.clock))
        try:
            while True:
                await channel.receive_text()
        except WebSocketDisconnect:
            return  # the page has left
        finally:
            beating.cancel()
            fake.sockets.discard(channel)

    async def post(self, request: Request) -> Response:
        fake, body = self.fake, json.loads(await request.body())
        fake.posts.append({"path": request.url.path, "key": request.headers.get("Idempotency-Key", ""), **body})
        if fake.drops:
            fake.drops -= 1
            # As from a desk that died before it could answer: nobody knows what became of it.
            return JSONResponse({"result": "refused", "code": "storage", "detail": ""}, status_code=503)
        # In a thread of its own: the answer may tell pages something, on this very loop.
        status, answer = await run_in_threadpool(fake.answer, fake.posts[-1])
        return JSONResponse(answer, status_code=status)

    async def sign_in(self, request: Request) -> Response:
        given = json.loads(await request.body())
        if given["code"] != "123456":
            refused = {"result": "refused", "code": "sign-in", "detail": "not right", "wait_s": 0}
            return JSONResponse(refused, status_code=401)
        self.fake.signed_in = True
        return Response(status_code=204)

    async def sign_out(self, _: Request) -> Response:
        self.fake.signed_in = False
        return Response(status_code=204)

    async def harden(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        path = request.url.path
        free = path == "/" or path.startswith("/static/door/") or path == "/api/sign-in"
        if not self.fake.signed_in and not free:
            response: Response = JSONResponse({"result": "refused", "code": "no-session"}, status_code=401)
        else:
            response = await call_next(request)
        response.headers.update(HEADERS)
        return response


def _app(fake: Fake) -> Starlette:
    has = Routes(fake)
    taken = ("/api/acts", "/api/line", "/api/duty", "/api/me/language")
    app = Starlette(
        routes=[
            Route("/", has.page),
            Route("/api/me", has.me),
            Route("/api/state", has.state),
            WebSocketRoute("/api/events", has.events),
            *(Route(path, has.post, methods=["POST"]) for path in taken),
            Route("/api/sign-in", has.sign_in, methods=["POST"]),
            Route("/api/sign-out", has.sign_out, methods=["POST"]),
            Route("/api/audio/{leg:path}", _audio),
            Route("/api/slip/check", _check, methods=["POST"]),
            Route("/api/slip/{subject:path}/symbols/{k}", _symbol),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
    )
    app.add_middleware(BaseHTTPMiddleware, dispatch=has.harden)
    return app


async def _beat(fake: Fake, channel: WebSocket, clock: SystemClock) -> None:
    while True:
        if fake.beats:
            await channel.send_text(json.dumps({"n": fake.n, "beat": clock.now().utc}))
        await asyncio.sleep(1)


async def _audio(request: Request) -> Response:
    start, end = int(request.query_params["from"]), int(request.query_params["to"])
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(scenes.RATE_HZ)
        file.writeframes(b"\0\0" * (end - start))
    return Response(made.getvalue(), media_type="audio/wav")


async def _check(request: Request) -> Response:
    text = json.loads(await request.body())["text"]
    try:
        found = read(text)
    except SlipError as error:
        one = {"what": str(error), "line": error.line, "column": error.column, "found": "", "expected": ""}
        return JSONResponse({"result": "done", "agrees": False, "check_words": [], "differences": [one]})
    differences = [
        {"what": one.what, "line": one.line, "column": one.column, "found": one.found, "expected": one.expected}
        for one in found.differences
    ]
    agrees = found.sheet is not None
    return JSONResponse(
        {"result": "done", "agrees": agrees, "check_words": list(found.computed), "differences": differences}
    )


async def _symbol(request: Request) -> Response:
    if request.path_params["k"] != "1":
        return PlainTextResponse("", status_code=404)
    drawn = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h4v4H0zM5 5h4v4H5z"/></svg>'
    return Response(drawn, media_type="image/svg+xml")


def person(language: str = "en", theme: str = "light") -> dict[str, Any]:
    """Who sits there: an operator of side `us`."""
    return {
        "person": "op-a",
        "display": "A. Operator",
        "role": "operator",
        "console": "A",
        "language": language,
        "theatre": "Exercise",
        "side": "us",
        "sides": {
            "us": {"en": "United States", "ar": "الولايات المتحدة", "fa": "ایالات متحده"},
            "ir": {"en": "Iran", "ar": "إيران", "fa": "ایران"},
        },
        "exercise": True,
        "theme": theme,
        "zones": [{"name": "MCT", "minutes": 240}, {"name": "THR", "minutes": 210}],
        "contacts": [{"contact": "watch", "name": "Watch officer", "tier": 1, "rank": "OF-5"}],
    }


@contextmanager
def serving(host: str, around: Callable[[ASGIApp], ASGIApp] = lambda app: app) -> Iterator[Fake]:
    """A fake station on a free port of a loopback address.

    Args:
        around: a layer that answers some routes otherwise.
    """
    fake = Fake(me=person())
    listener = socket.create_server((host, 0))
    fake.address = f"http://{host}:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        around(_app(fake)), log_level="critical", lifespan="off", ws="websockets-sansio", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="fake-station")
    thread.start()
    try:
        yield fake
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
