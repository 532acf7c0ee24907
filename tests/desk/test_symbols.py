"""A slip through symbols and pictures back to the same text; pictures of anything else are refused."""

from __future__ import annotations

import io
import struct
import xml.etree.ElementTree as ET
import zlib

import numpy as np
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bridge.desk.symbol_reader import LIMIT_BYTES, LIMIT_PIXELS, UnreadableError, texts
from bridge.desk.symbols import PICTURES_LIMIT, PictureError, codes, read_picture, read_pictures, symbols
from bridge.relay.parts import PartsError, join_parts, slip_parts
from bridge.relay.slip import SLIP_LIMIT, render
from bridge.relay.slip_check import read
from tests.relay.relay_samples import TEXTS, message

SHORT = render(message("en", "Two vessels."))
LONG = render(message("fa", " ".join([TEXTS["fa"]] * 8)))


def png(code: segno.QRCode, scale: int = 4) -> bytes:
    file = io.BytesIO()
    code.save(file, kind="png", scale=scale)
    return file.getvalue()


def saved(image: Image.Image, kind: str = "PNG", **options: int) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def page(slip: str, across: int = 3) -> Image.Image:
    """All symbols of a slip on one page."""
    made = [Image.open(io.BytesIO(png(code))) for code in codes(slip)]
    side = max(one.width for one in made) + 20
    sheet = Image.new("L", (side * across, side * -(-len(made) // across)), 255)
    for at, one in enumerate(made):
        sheet.paste(one, (at % across * side, at // across * side))
    return sheet


def test_a_slip_becomes_its_text_again() -> None:
    """One symbol or several, in any order, one of them twice; and it is still the slip that was sealed."""
    pictures = [png(code) for code in codes(LONG)]
    assert len(pictures) > 2
    assert read_pictures([*reversed(pictures), pictures[0]]) == LONG
    assert read_picture(png(codes(SHORT)[0])) == SHORT
    assert read(LONG).agrees


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_photographed_page(kind: str) -> None:
    """All symbols on one page, turned a little and noisy, as grey or colour."""
    sheet = page(LONG).rotate(3, expand=True, fillcolor=255)
    noise = np.random.default_rng(7).integers(-25, 25, (sheet.height, sheet.width))
    noisy = np.clip(np.asarray(sheet).astype(np.int16) + noise, 0, 255).astype(np.uint8)
    assert read_picture(saved(Image.fromarray(noisy).convert("RGB"), kind)) == LONG


def test_a_symbol_on_nothing() -> None:
    """A picture without a background is not black."""
    file = io.BytesIO()
    codes(SHORT)[0].save(file, kind="png", scale=4, light=None)
    assert read_picture(file.getvalue()) == SHORT


@settings(max_examples=25)
@given(st.sampled_from(["en", "ar", "fa"]), st.integers(1, 9), st.data())
def test_any_slip(language: str, times: int, data: st.DataObject) -> None:
    """Whatever was sealed: symbols, pictures in any order, the same text."""
    words = data.draw(st.lists(st.sampled_from(TEXTS[language].split(" ")), min_size=1, max_size=30 * times))
    slip = render(message(language, " ".join(words)))
    pictures = data.draw(st.permutations([png(code, scale=3) for code in codes(slip)]))
    assert join_parts(text for picture in pictures for text in texts(picture)) == slip


def test_symbols_are_drawings() -> None:
    """One SVG a part, without script, style or address outside; a longer text than any slip is refused."""
    made = symbols(LONG)
    assert len(made) == len(slip_parts(LONG))
    for one in made:
        root = ET.fromstring(one)
        assert root.tag.endswith("svg") and set(root.attrib) == {"viewBox", "class"}
        assert [child.tag.rpartition("}")[2] for child in root] == ["path"]
        assert "style" not in one and "http" not in one.replace("http://www.w3.org/2000/svg", "")
    with pytest.raises(PartsError):
        symbols("x" * (SLIP_LIMIT + 1))


def test_symbols_of_two_slips_are_not_mixed() -> None:
    """A page missing, or a page of another slip: said, and nothing is put together."""
    ours, theirs = codes(LONG), codes(render(message("fa", " ".join([TEXTS["fa"]] * 7))))
    with pytest.raises(PartsError, match="missing"):
        read_pictures([png(code) for code in ours[1:]])
    with pytest.raises(PartsError, match="2 slips"):
        read_pictures([png(ours[0]), *(png(code) for code in theirs[1:])])


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (b"", "no PNG or JPEG"),
        (b"GIF89a" + b"\0" * 100, "no PNG or JPEG"),
        (b"HOTLINE SLIP 1 MESSAGE", "no PNG or JPEG"),
        (saved(Image.new("L", (50, 50), 255)), "no symbol of a slip"),
        (png(segno.make("HOTLINE")), "no symbol of a slip"),
        (png(segno.make(b"\xff\xfe\xfd", mode="byte")), "holds no text"),
        (saved(Image.new("1", (5001, 5000))), "5001 x 5000 pixels"),
        (b"\x89PNG" + b"\0" * LIMIT_BYTES, f"{LIMIT_BYTES + 4} bytes"),
    ],
    ids=["empty", "gif", "text", "white", "other", "no text", "pixels", "bytes"],
)
def test_other_pictures_are_refused(picture: bytes, why: str) -> None:
    """With a sentence that says what to do."""
    with pytest.raises(PictureError, match=why):
        read_picture(picture)


def test_a_slip_that_was_not_cut() -> None:
    """A symbol made by other software with the whole slip in it is the slip; two of them are none."""
    other = render(message("en", "One vessel."))
    assert read_picture(png(segno.make(SHORT, micro=False))) == SHORT
    with pytest.raises(PictureError, match="2 slips"):
        read_pictures([png(segno.make(SHORT, micro=False)), png(segno.make(other, micro=False))])


def test_too_many_pictures() -> None:
    """A pile of pictures is given up after a number, not read for an hour."""
    blank = png(segno.make("x"))
    with pytest.raises(PictureError, match=f"{PICTURES_LIMIT + 1} pictures"):
        read_pictures([blank] * (PICTURES_LIMIT + 1))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_picture_larger_than_it_says() -> None:
    """Few bytes that unpack to gigabytes, or promise to: refused by the head, without unpacking."""
    bomb = zlib.compress(bytes(50_000_000), 9)
    for width, height in ((60_000, 60_000), (2**31 - 1, 2**31 - 1), (0, 9), (100, 100)):
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        picture = (
            b"\x89PNG\r\n\x1a\n" + head + chunk(b"iCCP", b"x\0\0" + bomb) + chunk(b"IDAT", bomb) + chunk(b"IEND", b"")
        )
        with pytest.raises(UnreadableError):
            texts(picture)
    assert LIMIT_PIXELS < 60_000 * 60_000


def test_a_picture_that_keeps_the_reader_busy() -> None:
    """Thousands of corners of symbols and no symbol: given up, and the station goes on."""
    corner = np.full((9, 9), 255, np.uint8)
    corner[1:8, 1:8], corner[2:7, 2:7], corner[3:6, 3:6] = 0, 255, 0
    with pytest.raises(PictureError):
        read_picture(saved(Image.fromarray(np.tile(corner, (500, 500)))))


@settings(max_examples=150)
@given(st.data())
def test_damaged_pictures(data: st.DataObject) -> None:
    """Any byte changed, lost or added anywhere: the text or the documented error, nothing else."""
    whole = bytearray(data.draw(st.sampled_from([_PNG, _JPEG])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        match data.draw(st.sampled_from(["change", "cut", "add"])):
            case "change":
                whole[at] = data.draw(st.integers(0, 255))
            case "cut":
                del whole[at : at + data.draw(st.integers(1, 40))]
            case _:
                whole[at:at] = data.draw(st.binary(max_size=20))
        if not whole:
            break
    try:
        texts(bytes(whole))
    except UnreadableError:
        return


_PNG = png(codes(SHORT)[0], scale=2)
_JPEG = saved(Image.open(io.BytesIO(_PNG)).convert("L"), "JPEG", quality=70)


@given(st.binary(max_size=400))
def test_anything_for_a_picture(noise: bytes) -> None:
    """Bytes that are no picture."""
    for begin in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"):
        with pytest.raises(UnreadableError):
            texts(begin + noise)
