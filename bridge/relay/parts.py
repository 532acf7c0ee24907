"""Cuts a slip into parts that one QR symbol holds each, and puts parts read in any order together again.

A symbol is only another way to type the same text: what comes out of `join_parts` is checked like a typed slip. Each
part names its number, how many there are, and four signs of the slip's hash, so that parts of two slips are not mixed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from bridge.base.errors import Theirs

PART_BYTES = 600
"""UTF-8 bytes of one part's text: with its first line a QR symbol of version 18 at level M, readable from a screen."""
PARTS_LIMIT = 60
_HEAD = re.compile(r"HOTLINE PART ([0-9]{1,2})/([0-9]{1,2}) ([0-9A-F]{4})")


class PartsError(Theirs):
    """Texts that are no parts, are of different slips, or are not all there. Names what is missing."""

    code = "slip-parts"


def slip_parts(text: str) -> list[str]:
    """Parts of a slip, in order, each short enough for one symbol; no character is ever split.

    Raises:
        PartsError: the text is longer than any slip.
    """
    pieces: list[str] = [""]
    for character in text:
        if len((pieces[-1] + character).encode("utf-8", "surrogatepass")) > PART_BYTES:
            pieces.append("")
        pieces[-1] += character
    if len(pieces) > PARTS_LIMIT:
        raise PartsError(f"{len(pieces)} parts, expected at most {PARTS_LIMIT}")
    mark = _mark(text)
    return [f"HOTLINE PART {number}/{len(pieces)} {mark}\n{piece}" for number, piece in enumerate(pieces, 1)]


def is_part(text: str) -> bool:
    """Whether a text begins as a part does."""
    return _HEAD.fullmatch(text.partition("\n")[0]) is not None


def join_parts(parts: Iterable[str]) -> str:
    """The slip whose parts were read, in any order; the same part twice does not matter.

    Raises:
        PartsError: not a part, parts of two slips, one missing, or together not what was cut.
    """
    found: dict[int, str] = {}
    slips: set[tuple[int, str]] = set()
    for part in parts:
        first, _, piece = part.partition("\n")
        head = _HEAD.fullmatch(first)
        if not head:
            raise PartsError(f"{first[:40]!r} is not the first line of a part")
        slips.add((int(head[2]), head[3]))
        if found.setdefault(int(head[1]), piece) != piece:
            raise PartsError(f"part {head[1]} was read twice and differs")
    if len(slips) != 1:
        raise PartsError(f"parts of {len(slips)} slips, expected one")
    total, mark = slips.pop()
    missing = [str(number) for number in range(1, total + 1) if number not in found]
    if missing or len(found) != total:
        raise PartsError(f"of {total} parts {', '.join(missing) or 'more than all'} missing")
    text = "".join(found[number] for number in range(1, total + 1))
    if _mark(text) != mark:
        raise PartsError("the parts together are not the slip that was cut: read them again")
    return text


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:4].upper()
