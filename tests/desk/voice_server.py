"""A web server with nothing but a voice: `python -m tests.desk.voice_server --host H --port P --socket S`."""

from __future__ import annotations

import argparse
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import FileResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from bridge.base import log
from bridge.desk.app import STATIC
from bridge.desk.guard import HEADERS
from bridge.desk.sound import pump

PAGE = Path(__file__).parent / "voicepage"


class Strict:
    """The desk's own headers, its content security policy above all, on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] += [(k.lower().encode(), v.encode()) for k, v in HEADERS.items()]
            await send(message)

        await self.app(scope, receive, hardened)


def make_app(socket_path: Path) -> Starlette:
    async def voice(websocket: WebSocket) -> None:
        counts = await pump(websocket, socket_path)
        print(counts, flush=True)

    routes: list[BaseRoute] = [
        Route("/", lambda _request: FileResponse(PAGE / "index.html")),
        WebSocketRoute("/voice", voice),
        Mount("/page", StaticFiles(directory=PAGE)),
        Mount("/sound", StaticFiles(directory=STATIC / "sound")),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Strict)])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--socket", type=Path, required=True)
    given = parser.parse_args()
    log.configure("desk")
    uvicorn.run(
        make_app(given.socket),
        host=given.host,
        port=given.port,
        log_config=None,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=4096,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
