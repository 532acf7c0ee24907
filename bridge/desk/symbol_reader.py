"""Reads the QR symbols of one picture in a process of its own: `python -m bridge.desk.symbol_reader < picture`.

A picture comes from outside and is opened by C code; whatever it does to that code, it does it here, with little
memory and little time. Answers one JSON object: `texts`, or `refused` with a sentence. Symbols: ISO/IEC 18004.
"""

from __future__ import annotations

import io
import json
import resource
import struct
import sys
import warnings
import zlib

import zxingcpp
from PIL import Image

from bridge.base.errors import Theirs

LIMIT_BYTES = 12_000_000
"""A photograph of a page at the best quality of a usual camera."""
LIMIT_PIXELS = 25_000_000
SIDE_PIXELS = 3000
"""Longer sides are made this long before looking: a symbol of a page is then still four pixels a module."""
_FORMATS = ("PNG", "JPEG")
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_CPU_S = 5
_MEMORY_BYTES = 1 << 30


class UnreadableError(Theirs):
    """With a sentence for the person who took the picture."""

    code = "picture"


def texts(picture: bytes) -> list[str]:
    """What each symbol says.

    Raises:
        UnreadableError: no picture, too large, or a symbol that is no text.
    """
    found = zxingcpp.read_barcodes(_opened(picture), _QR, try_invert=False)
    try:
        return [one.bytes.decode("utf-8") for one in found]
    except UnicodeDecodeError as error:
        raise UnreadableError("a symbol of the picture holds no text; take a picture of a slip") from error


def _opened(picture: bytes) -> Image.Image:
    """Grey, of limited size. The size is judged by the head, before a pixel is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(picture), formats=_FORMATS) as image:
                width, height = image.size
                if width * height > LIMIT_PIXELS:
                    raise UnreadableError(f"{width} x {height} pixels, expected at most {LIMIT_PIXELS} in all")
                image.draft("L", (SIDE_PIXELS, SIDE_PIXELS))
                grey = _on_white(image)
    # What Pillow raises for a damaged or hostile file is not among its documented errors alone.
    except (OSError, SyntaxError, ValueError, struct.error, zlib.error, Warning, EOFError, IndexError) as error:
        raise UnreadableError("this is no PNG or JPEG picture that can be read; take it again") from error
    grey.thumbnail((SIDE_PIXELS, SIDE_PIXELS))
    return grey


def _on_white(image: Image.Image) -> Image.Image:
    """Symbols are often drawn on nothing, which would turn black."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        painted = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", painted.size, "white"), painted).convert("L")
    return image.convert("L")


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    picture = sys.stdin.buffer.read(LIMIT_BYTES + 1)
    try:
        if len(picture) > LIMIT_BYTES:
            raise UnreadableError(f"more than {LIMIT_BYTES} bytes; take a smaller picture")
        answer = {"texts": texts(picture)}
    except UnreadableError as error:
        sys.stdout.write(json.dumps({"refused": str(error)}))
    else:
        sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
