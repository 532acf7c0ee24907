"""Frames between a page and its telephone: cut out of a stream wherever it is torn, refused where they cannot be."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.errors import WireError
from bridge.base.voice import CONTROL_LIMIT_BYTES, FRAME_BYTES, SILENCE, Frame, Kind, Unpacker, pack

pytestmark = pytest.mark.pure
frames = st.one_of(
    st.binary(min_size=FRAME_BYTES, max_size=FRAME_BYTES).map(lambda data: Frame(Kind.AUDIO, data)),
    st.binary(min_size=2, max_size=CONTROL_LIMIT_BYTES).map(lambda data: Frame(Kind.CONTROL, data)),
)


@given(st.lists(frames, max_size=5), st.lists(st.integers(0, 3000), max_size=8))
def test_any_tearing(sent: list[Frame], tears: list[int]) -> None:
    """Whatever pieces a stream arrives in, the same frames come out in the same order."""
    stream = b"".join(pack(frame.kind, frame.payload) for frame in sent)
    places = sorted({0, len(stream), *(tear % (len(stream) + 1) for tear in tears)})
    unpacker = Unpacker()
    got = [frame for start, end in itertools.pairwise(places) for frame in unpacker.feed(stream[start:end])]
    assert got == sent


@pytest.mark.parametrize(
    "stream",
    [
        b"\x00\x01\x40",
        b"\x03\x00\x02",
        b"\x01\x01\x3f",
        b"\x01\x00\x00",
        b"\x02\x04\x01",
        b"\x02\x00\x01",
        b"GET / HTTP",
    ],
)
def test_impossible(stream: bytes) -> None:
    """An unknown type or a length that its type cannot have is refused by its first three bytes."""
    with pytest.raises(WireError):
        Unpacker().feed(stream)


def test_own_mistakes() -> None:
    """We never send what we would refuse."""
    assert pack(Kind.AUDIO, SILENCE)[:3] == b"\x01\x01\x40"
    for kind, payload in ((Kind.AUDIO, b""), (Kind.CONTROL, b""), (Kind.CONTROL, bytes(CONTROL_LIMIT_BYTES + 1))):
        with pytest.raises(ValueError, match=r"expected|at most"):
            pack(kind, payload)


@given(st.binary(max_size=400))
def test_anything(stream: bytes) -> None:
    """Only `WireError` comes out of what a stranger sends."""
    try:
        Unpacker().feed(stream)
    except WireError:
        return
