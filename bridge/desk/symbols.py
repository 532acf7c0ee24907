"""A slip as QR symbols, and pictures of such symbols as the slip's text: another way to type it, never another truth.

What comes out of a picture is checked like any typed slip. A long slip is several symbols (`relay/parts`): they name
their number, how many there are, and the beginning of the slip's hash, so that symbols of two slips are not mixed.
Pictures are opened by a process of their own (`symbol_reader`). Symbols are ISO/IEC 18004, made by segno.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

import segno

from bridge.base.errors import Theirs
from bridge.desk import symbol_reader
from bridge.relay.parts import PartsError, is_part, join_parts, slip_parts
from bridge.relay.slip import SLIP_LIMIT, TITLE

READ_LIMIT_S = 10.0
"""A usual photograph takes half a second; what takes this long was not made by a camera."""
PICTURES_LIMIT = 64
_BORDER = 4
"""Modules of quiet zone, ISO/IEC 18004 6.3.8."""


class PictureError(Theirs):
    """A picture that cannot be read, or holds no slip. The text says what to do."""

    code = "picture"


def symbols(slip: str) -> tuple[str, ...]:
    """An SVG of each symbol, in order; black on nothing, one unit a module, for a page with its own stylesheet.

    Raises:
        PartsError: the text is longer than any slip.
    """
    return tuple(code.svg_inline(border=_BORDER, omitsize=True, svgclass="symbol") for code in codes(slip))


def codes(slip: str) -> list[segno.QRCode]:
    """The symbols themselves, for other forms of picture.

    Raises:
        PartsError: the text is longer than any slip.
    """
    if len(slip) > SLIP_LIMIT:
        raise PartsError(f"{len(slip)} characters, expected at most {SLIP_LIMIT}")
    # The encoding is named inside the symbol: a reader that guesses takes short Persian for something else.
    return [segno.make(part, error="m", micro=False, encoding="utf-8", eci=True) for part in slip_parts(slip)]


def read_picture(picture: bytes) -> str:
    """The slip in one picture that shows all of its symbols. May take seconds: never called where acts are taken.

    Raises:
        PictureError: no picture, too large, or no slip in it.
        PartsError: a symbol is missing, or there are symbols of two slips.
    """
    return read_pictures((picture,))


def read_pictures(pictures: Sequence[bytes]) -> str:
    """The slip in several pictures, in any order, each with one symbol or more.

    Raises:
        PictureError: no picture, too large, or no slip in it.
        PartsError: a symbol is missing, or there are symbols of two slips.
    """
    if len(pictures) > PICTURES_LIMIT:
        raise PictureError(f"{len(pictures)} pictures, expected at most {PICTURES_LIMIT}; take one of each page")
    texts = [text for picture in pictures for text in read_symbols(picture)]
    parts = [text for text in texts if is_part(text)]
    if parts:
        return join_parts(parts)
    whole = {text for text in texts if text.startswith(TITLE)}
    if len(whole) == 1:
        return whole.pop()
    if whole:
        raise PictureError(f"{len(whole)} slips in the picture; take a picture of one")
    raise PictureError("no symbol of a slip is in the picture; take it again, straight, near and in good light")


def read_symbols(picture: bytes) -> list[str]:
    """What each QR symbol of a picture says, without anybody's judgement of it.

    Raises:
        PictureError: no picture, too large, or a symbol that is no text.
    """
    if len(picture) > symbol_reader.LIMIT_BYTES:
        raise PictureError(
            f"{len(picture)} bytes, expected at most {symbol_reader.LIMIT_BYTES}; take a smaller picture"
        )
    command = [sys.executable, "-m", symbol_reader.__name__]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, timeout=READ_LIMIT_S, check=False)
        answer = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        answer = {}
    match answer:
        case {"texts": [*texts]}:
            return [str(text) for text in texts]
        case {"refused": str(why)}:
            raise PictureError(why)
    raise PictureError("the picture cannot be read in reasonable time; take it again with the slip alone in it")
