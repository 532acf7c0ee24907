"""How sound and words travel between a page and its telephone on the local socket: one form for both ends of it.

    1 byte type | 2 bytes length, network order | payload
    1  audio    20 ms, 16-bit signed little-endian, mono, 8 kHz: 320 bytes, never another number
    2  control  one JSON object in UTF-8, at most `CONTROL_LIMIT_BYTES`

The rate is the line's (G.711): a wider band would be thrown away one process further. It says what frames are, not
what they mean, and does no I/O.
"""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass

from bridge.base.errors import WireError

RATE_HZ = 8000
FRAME_MS = 20
FRAME_SAMPLES = RATE_HZ * FRAME_MS // 1000
FRAME_BYTES = 2 * FRAME_SAMPLES
CONTROL_LIMIT_BYTES = 1024
"""Several times the longest object that either end says."""
SILENCE = bytes(FRAME_BYTES)
_HEAD = struct.Struct(">BH")


class Kind(enum.IntEnum):
    """First byte of a frame. Never renumbered."""

    AUDIO = 1
    CONTROL = 2


@dataclass(frozen=True, slots=True)
class Frame:
    kind: Kind
    payload: bytes


def fault(kind: int, length: int) -> str:
    """What is wrong with a frame of this type and payload length; empty if nothing."""
    if kind == Kind.AUDIO:
        return "" if length == FRAME_BYTES else f"audio of {length} bytes, expected {FRAME_BYTES}"
    if kind == Kind.CONTROL:
        return "" if 2 <= length <= CONTROL_LIMIT_BYTES else f"control of {length} bytes, at most {CONTROL_LIMIT_BYTES}"
    return f"frame of type {kind}, expected 1 or 2"


def pack(kind: Kind, payload: bytes) -> bytes:
    """The bytes of one frame.

    Raises:
        ValueError: the payload has another length than its type allows; a bug of the caller.
    """
    wrong = fault(kind, len(payload))
    if wrong:
        raise ValueError(wrong)
    return _HEAD.pack(kind, len(payload)) + payload


class Unpacker:
    """Cuts a stream into frames. One for each connection; after an error the connection is of no use."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Frame]:
        """Whole frames by now, oldest first.

        Raises:
            WireError: unknown type or impossible length; nothing after it can be understood.
        """
        self._rest += data
        frames = []
        at = 0
        while len(self._rest) - at >= _HEAD.size:
            kind, length = _HEAD.unpack_from(self._rest, at)
            wrong = fault(kind, length)
            if wrong:
                raise WireError(wrong)
            end = at + _HEAD.size + length
            if len(self._rest) < end:
                break
            frames.append(Frame(Kind(kind), self._rest[at + _HEAD.size : end]))
            at = end
        self._rest = self._rest[at:]
        return frames
