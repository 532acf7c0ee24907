"""What was recorded, for the ear and the eye: a span of a leg's track as WAV, also while it grows, and its peaks.

Who heard what is written down before the first byte leaves. A path never comes from a request: a leg that the line
has named has a recording, any other has none. Samples go out as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from bridge.base.audio import FULL_SCALE, SAMPLE_BYTES, GrowingWav, Samples, header
from bridge.base.errors import AudioError
from bridge.base.wire import Fields, Value
from bridge.desk.played import LISTENED
from bridge.desk.ports import Ports, RefusalError, answer_of, respond, session_of

AUDIO_LIMIT_S = 600
"""Of one request: whoever listens for longer asks again, and it is entered again."""
PEAKS_LIMIT_S = 3600
COUNT_LIMIT = 4000
"""Peaks of one request: more than any screen has columns."""
_CHUNK = 32_768
_LARGEST = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Piece:
    """Samples `[start, end)` of a track, all of them on the disk."""

    track: GrowingWav
    rate_hz: int
    start: int
    end: int

    def read(self, size: int = _CHUNK) -> Iterator[Samples]:
        for at in range(self.start, self.end, size):
            yield self.track.read(at, min(size, self.end - at))


def make_hearing(ports: Ports) -> APIRouter:
    router = APIRouter()

    @router.get("/api/audio/{leg:path}")
    async def audio(request: Request, leg: str) -> Response:
        session = session_of(request)
        piece = _piece(ports, request, leg, AUDIO_LIMIT_S)
        who: dict[str, Value] = {"person": session.person, "role": session.role, "console": session.console}
        span: dict[str, Value] = {"leg": leg, "from_sample": piece.start, "to_sample": piece.end}
        heard: Fields = {**span, **who, "session": session.id}
        entered = await answer_of(ports.note(LISTENED, heard))
        if entered["result"] != "done":
            return respond(entered)
        size = (piece.end - piece.start) * SAMPLE_BYTES
        head = {"Content-Length": str(44 + size), "Accept-Ranges": "none", "Content-Disposition": "inline"}
        span_header = f"{piece.start}-{piece.end}"
        return StreamingResponse(_wav(piece, size), media_type="audio/wav", headers={**head, "X-Samples": span_header})

    @router.get("/api/peaks/{leg:path}")
    def peaks(request: Request, leg: str) -> Response:
        session_of(request)
        piece = _piece(ports, request, leg, PEAKS_LIMIT_S)
        count = _number(request, "n", 0)
        if not 1 <= count <= COUNT_LIMIT:
            raise RefusalError("bad-field", f"n: expected 1 to {COUNT_LIMIT}")
        found: list[Value] = [*_peaks(piece, count)]
        return JSONResponse({"from": piece.start, "to": piece.end, "rate_hz": piece.rate_hz, "peaks": found})

    return router


def _piece(ports: Ports, request: Request, leg: str, limit_s: int) -> Piece:
    """What is asked for, cut to what is recorded by now.

    Raises:
        RefusalError: no such leg, no audio there, or too much of it.
    """
    sound = ports.sound(leg)
    if sound is None:
        raise RefusalError("no-such-thing", "no recording of this leg")
    track = GrowingWav(sound.path)
    try:
        # A recording is a file; whatever else lies there could hold a reader for ever.
        length = track.length() if sound.path.is_file() else 0
    except (AudioError, OSError) as error:
        raise RefusalError("no-such-thing", "the recording of this leg cannot be read") from error
    start = _number(request, "from", 0)
    end = min(_number(request, "to", length), length)
    if start >= end:
        raise RefusalError("not-there", f"samples {start} to {end}, the track has {length} by now")
    if end - start > limit_s * sound.rate_hz:
        raise RefusalError("too-long", f"{(end - start) // sound.rate_hz} s, expected at most {limit_s} s a request")
    return Piece(track, sound.rate_hz, start, end)


def _number(request: Request, name: str, usual: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdecimal()) or len(text) > 16 or int(text) > _LARGEST:
        raise RefusalError("bad-field", f"{name}: expected a count of samples")
    return int(text)


def _wav(piece: Piece, size: int) -> Iterator[bytes]:
    yield header(piece.rate_hz, size)
    for samples in piece.read():
        yield samples.tobytes()


def _peaks(piece: Piece, count: int) -> Iterator[int]:
    """The largest sample of each of `count` equal parts, in thousandths of full scale."""
    edges = [piece.start + (piece.end - piece.start) * at // count for at in range(count + 1)]
    for start, end in pairwise(edges):
        part = Piece(piece.track, piece.rate_hz, start, end)
        yield max((permille(samples) for samples in part.read(1 << 20)), default=0)


def permille(samples: Samples) -> int:
    """The largest sample in thousandths of full scale."""
    if not samples.size:
        return 0
    return min(1000, int(np.max(np.abs(samples.astype(np.int32)))) * 1000 // FULL_SCALE)


def is_below(path: Path, folder: Path) -> bool:
    """Whether a path lies in a folder, wherever its links lead."""
    return path.resolve().is_relative_to(folder.resolve())
