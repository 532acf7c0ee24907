"""The voice of a page: frames between its WebSocket and its telephone's local socket, both ways, nobody waited for.

    page == WebSocket: binary = 20 ms of sound, text = one control object == pump == <data>/webphone.sock == webphone

What is late is dropped, oldest first, and counted: sound that comes half a second late is worse than none. Words are
never dropped. The browser's own buffers are kept short by its acknowledgements: at most `WINDOW` frames are on their
way to it, however much its connection would take. Words mean nothing here but two: `heard` from the page, which is the
acknowledgement, and `no-phone` to it, while the telephone cannot be reached. Who may speak is the caller's business.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bridge.base import log
from bridge.base.errors import WireError
from bridge.base.voice import CONTROL_LIMIT_BYTES, FRAME_BYTES, Kind, Unpacker, pack

QUEUE_LIMIT = 10
"""Frames of sound that wait, each way: 200 ms."""
WORDS_LIMIT = 64
"""Words that wait; an end that is so far behind is gone."""
WINDOW = 25
"""Frames sent to the page and not yet acknowledged: half a second. It acknowledges each 0.2 s."""
BUFFER_BYTES = 8192
"""Of the kernel towards the telephone, doubled by it: about 12 frames."""
RECONNECT_S = 0.5
"""The telephone's process is restarted within seconds; its page must be back before a caller gives up."""
NO_PHONE = '{"type": "no-phone"}'
_BAD_MESSAGE = 1008
"""WebSocket close code for what breaks a rule (RFC 6455 7.4.1)."""
_READ_BYTES = 65536
_LOG = log.logger("desk")


@dataclass(slots=True)
class Counts:
    """Frames of sound on one connection."""

    to_page: int = 0
    from_page: int = 0
    dropped_to_page: int = 0
    dropped_from_page: int = 0
    acknowledged: int = 0


class Lane:
    """What waits to be sent one way: words, all of them, before sound, the newest. Owned by the event loop."""

    def __init__(self) -> None:
        self.words: deque[str] = deque()
        self.sound: deque[bytes] = deque()
        self.dropped = 0
        self._changed = asyncio.Event()

    def say(self, word: str) -> None:
        """
        Raises:
            BufferError: the far end has not taken a word for too long.
        """
        self.words.append(word)
        if len(self.words) > WORDS_LIMIT:
            raise BufferError(f"{len(self.words)} words wait, at most {WORDS_LIMIT} may")
        self._changed.set()

    def play(self, frame: bytes) -> None:
        self.sound.append(frame)
        if len(self.sound) > QUEUE_LIMIT:
            self.sound.popleft()
            self.dropped += 1
        self._changed.set()

    def stir(self) -> None:
        """Whoever waits looks again."""
        self._changed.set()

    async def changed(self) -> None:
        """Wait until something was added, or `stir` was called."""
        await self._changed.wait()
        self._changed.clear()


async def pump(websocket: WebSocket, socket_path: Path) -> Counts:
    """Carry frames both ways until the page's connection ends; the telephone may come and go meanwhile.

    Args:
        websocket: of a page that may use the telephone; accepted here if it has not been.
        socket_path: `<data>/webphone.sock`.
    """
    if websocket.client_state is WebSocketState.CONNECTING:
        await websocket.accept()
    return await _Pump(websocket, socket_path).run()


def make_voice(socket_path: Path) -> APIRouter:
    """Route `/voice`; the guard has let in who may use the telephone."""
    router = APIRouter()

    @router.websocket("/voice")
    async def voice(websocket: WebSocket) -> None:
        await pump(websocket, socket_path)

    return router


class _Pump:
    def __init__(self, websocket: WebSocket, path: Path) -> None:
        self._websocket = websocket
        self._path = path
        self._to_page = Lane()
        self._to_phone = Lane()
        self._counts = Counts()

    async def run(self) -> Counts:
        jobs = [asyncio.create_task(job()) for job in (self._from_page, self._write_page, self._serve_phone)]
        try:
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            for job in done:
                job.result()
        except BufferError:
            _LOG.warning("a page's connection takes no words")
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
        counts = self._counts
        counts.dropped_to_page, counts.dropped_from_page = self._to_page.dropped, self._to_phone.dropped
        for kind, count in (("to-page", counts.dropped_to_page), ("from-page", counts.dropped_from_page)):
            if count:
                _LOG.info("frames of sound came too late", kind=kind, count=count)
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it has been closed by the page
            await self._websocket.close()
        return counts

    # -- the page's end --------------------------------------------------------------------------------------------

    async def _from_page(self) -> None:
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            data, text = message.get("bytes"), message.get("text")
            if data is not None and len(data) == FRAME_BYTES:
                self._counts.from_page += 1
                self._to_phone.play(data)
            elif text is not None and 2 <= len(text.encode("utf-8", "replace")) <= CONTROL_LIMIT_BYTES:
                self._hear(text)
            else:
                await self._websocket.close(_BAD_MESSAGE)
                return

    def _hear(self, text: str) -> None:
        frames = _acknowledged(text)
        if frames is None:
            self._to_phone.say(text)
            return
        self._counts.acknowledged = min(max(frames, self._counts.acknowledged), self._counts.to_page)
        self._to_page.stir()

    async def _write_page(self) -> None:
        lane, counts = self._to_page, self._counts
        try:
            while True:
                await lane.changed()
                while lane.words:
                    await self._websocket.send_text(lane.words.popleft())
                while lane.sound and counts.to_page - counts.acknowledged < WINDOW and not lane.words:
                    counts.to_page += 1
                    await self._websocket.send_bytes(lane.sound.popleft())
                if lane.words:
                    lane.stir()
        except (WebSocketDisconnect, RuntimeError):
            return  # the page has left while we spoke

    # -- the telephone's end ---------------------------------------------------------------------------------------

    async def _serve_phone(self) -> None:
        is_told = False
        while True:
            try:
                reader, writer = await asyncio.open_unix_connection(str(self._path))
            except OSError:
                if not is_told:
                    self._to_page.say(NO_PHONE)
                is_told = True
                await asyncio.sleep(RECONNECT_S)
                continue
            is_told = False
            # What was meant for the one before is none of this one's business.
            self._to_phone.words.clear()
            self._to_phone.sound.clear()
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
            writer.transport.set_write_buffer_limits(high=0)
            writing = asyncio.create_task(self._write_phone(writer))
            try:
                await self._read_phone(reader)
            finally:
                writing.cancel()
                await asyncio.gather(writing, return_exceptions=True)
                writer.close()
            self._to_page.say(NO_PHONE)
            is_told = True
            await asyncio.sleep(RECONNECT_S)

    async def _read_phone(self, reader: asyncio.StreamReader) -> None:
        """Until the telephone is gone."""
        unpacker = Unpacker()
        while True:
            try:
                data = await reader.read(_READ_BYTES)
                frames = unpacker.feed(data)
            except (OSError, WireError) as error:
                _LOG.warning("the telephone's connection broke", code=getattr(error, "code", type(error).__name__))
                return
            if not data:
                return
            for frame in frames:
                if frame.kind is Kind.AUDIO:
                    self._to_page.play(frame.payload)
                else:
                    self._to_page.say(frame.payload.decode("utf-8", "replace"))

    async def _write_phone(self, writer: asyncio.StreamWriter) -> None:
        lane = self._to_phone
        while True:
            while lane.words or lane.sound:
                if lane.words:
                    writer.write(pack(Kind.CONTROL, lane.words.popleft().encode("utf-8", "replace")))
                else:
                    writer.write(pack(Kind.AUDIO, lane.sound.popleft()))
                await writer.drain()
            await lane.changed()


def _acknowledged(text: str) -> int | None:
    """Number of frames that a `heard` acknowledges; None for any other word."""
    if '"heard"' not in text:
        return None
    try:
        word = json.loads(text)
    except (ValueError, RecursionError):
        return None  # not ours to judge: the telephone refuses it
    if not isinstance(word, dict) or word.get("type") != "heard":
        return None
    frames = word.get("frames")
    return frames if isinstance(frames, int) and not isinstance(frames, bool) else 0
