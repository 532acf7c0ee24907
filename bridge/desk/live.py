"""The routes of the live page: its state, the socket on which the state changes, acts and commands to the line.

    GET /api/state   WS /api/events   POST /api/acts   POST /api/line      and those of `hearing` and `slips`

Whoever comes here was let in by the guard; who he is stands in the session and is never read from a body.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse

from bridge.base.wire import Value
from bridge.desk.acts import LINE_LIMIT_BYTES, STATE_ASKED
from bridge.desk.feed import Change
from bridge.desk.hearing import make_hearing
from bridge.desk.ports import Ports, RefusalError, answer_of, body_of, key_of, respond, session_of
from bridge.desk.session import Session
from bridge.desk.slips import make_slips

SOCKETS_LIMIT = 16
BEAT_S = 1.0
SEND_LIMIT_S = 10.0
"""A tab that takes nothing for so long is gone; it opens again and is sent the newest."""
PING = "ping"
"""All that a page says on the socket."""
PING_LIMIT = 64
COMMAND_LIMIT_BYTES = 4096
TOO_MANY = 1013, "too-many-pages"
TOO_LONG = 1009, "too-long"
NO_SESSION = 4401, "no-session"
NOT_EXPECTED = 1008, "not-expected"


def make_live(ports: Ports) -> APIRouter:
    """All routes of the live page."""
    router = APIRouter()
    sockets: set[WebSocket] = set()

    @router.get("/api/state")
    def state(request: Request) -> Response:
        session_of(request)
        n, sections = ports.feed.state()
        return JSONResponse({"boot": ports.feed.boot, "n": n, "sections": sections})

    @router.websocket("/api/events")
    async def events(socket: WebSocket) -> None:
        try:
            session_of(socket)
        except RefusalError:
            await socket.close(*NO_SESSION)
            return
        await socket.accept()
        if len(sockets) >= SOCKETS_LIMIT:
            await socket.close(*TOO_MANY)
            return
        sockets.add(socket)
        try:
            await _Wire(socket, ports).run()
        finally:
            sockets.discard(socket)

    @router.post("/api/acts")
    async def act(request: Request) -> Response:
        session, key = session_of(request), key_of(request)
        body = await body_of(request, LINE_LIMIT_BYTES)
        if body.keys() - {"act", "subject", "fields"} or body.get("act") == STATE_ASKED:
            raise RefusalError("bad-act", "expected act, subject and fields, and nothing else")
        return respond(await answer_of(ports.act(_signed(key, session, body))))

    @router.post("/api/line")
    async def line(request: Request) -> Response:
        session, key = session_of(request), key_of(request)
        body = await body_of(request, COMMAND_LIMIT_BYTES)
        return respond(await answer_of(ports.line(_signed(key, session, {"command": dict(body)}))))

    router.include_router(make_hearing(ports))
    router.include_router(make_slips(ports))
    return router


def _signed(key: str, session: Session, body: object) -> bytes:
    """A body with who sends it, as one line."""
    assert isinstance(body, dict)
    who = {"id": key, "person": session.person, "role": session.role, "console": session.console}
    return json.dumps({**body, **who}).encode()


@dataclass(slots=True)
class _Wire:
    """One tab's socket. Owned by the event loop."""

    socket: WebSocket
    ports: Ports
    sent: int = 0
    """Number up to which this tab has everything."""

    async def run(self) -> None:
        changed = asyncio.Event()
        loop = asyncio.get_running_loop()

        def tell() -> None:
            with contextlib.suppress(RuntimeError):  # the loop has closed; nobody listens any more
                loop.call_soon_threadsafe(changed.set)

        stop = self.ports.feed.listen(tell)
        listening = asyncio.create_task(self._listen())
        listening.add_done_callback(lambda _task: changed.set())
        try:
            await self._talk(changed, listening)
        except (TimeoutError, WebSocketDisconnect):
            return  # the tab takes nothing more, or has left; it comes back with the number it has
        finally:
            stop()
            listening.cancel()

    async def _talk(self, changed: asyncio.Event, listening: asyncio.Task[tuple[int, str] | None]) -> None:
        await self._begin()
        loop = asyncio.get_running_loop()
        beat_at = loop.time()
        while not listening.done():
            changed.clear()
            await self._catch_up()
            if loop.time() >= beat_at:
                await self._say({"n": self.sent, "beat": self.ports.clock.now().utc})
                beat_at = max(beat_at + BEAT_S, loop.time())
            with contextlib.suppress(TimeoutError):  # nothing changed: the beat is due
                await asyncio.wait_for(changed.wait(), max(0.0, beat_at - loop.time()))
        refusal = listening.result()
        if refusal is not None:
            await self.socket.close(*refusal)

    async def _begin(self) -> None:
        """Say which run this is, and whether everything comes or only what the tab lacks."""
        feed, query = self.ports.feed, self.socket.query_params
        since = query.get("since", "")
        number = int(since) if since.isascii() and since.isdecimal() and len(since) < 16 else 0
        goes_on = number > 0 and feed.knows(query.get("boot", ""), number)
        self.sent = number if goes_on else 0
        await self._say({"n": self.sent, "boot": feed.boot, "all": not goes_on})

    async def _catch_up(self) -> None:
        feed, is_new = self.ports.feed, self.sent == 0
        n, changes = feed.changes(self.sent)
        for change in changes:
            if change.value is None and is_new:
                continue  # never seen here
            if feed.number(change.name) == change.n:  # otherwise a newer version comes next
                await self._say(_text(change))
            self.sent = change.n
        self.sent = max(self.sent, n)

    async def _say(self, value: dict[str, Value]) -> None:
        async with asyncio.timeout(SEND_LIMIT_S):
            await self.socket.send_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    async def _listen(self) -> tuple[int, str] | None:
        """Take pings until the tab leaves; why it is to be closed, if it is."""
        while True:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                return None
            text = message.get("text")
            if text is None or len(text) > PING_LIMIT:
                return TOO_LONG
            if text != PING:
                return NOT_EXPECTED


def _text(change: Change) -> dict[str, Value]:
    return {"n": change.n, "s": change.name, "v": change.value}
