"""The pump between a page's WebSocket and its telephone: both ways in order, bounded, and deaf to nonsense."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bridge.base.voice import FRAME_BYTES, Frame, Kind, Unpacker, pack
from bridge.desk.sound import QUEUE_LIMIT, WINDOW
from tests.desk.voice_browser import server
from tests.rig import UNIT_S

pytestmark = pytest.mark.call
LIMIT_S = 10 * UNIT_S


class Telephone:
    """The other end of the local socket, in the test's hand."""

    def __init__(self, path: Path) -> None:
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen(1)
        self._listener.settimeout(LIMIT_S)
        self._unpacker = Unpacker()
        self._frames: list[Frame] = []
        self.path = path

    def accept(self) -> None:
        self.line, _ = self._listener.accept()
        self.line.settimeout(LIMIT_S)

    def say(self, word: str) -> None:
        self.line.sendall(pack(Kind.CONTROL, json.dumps({"type": word}).encode()))

    def play(self, number: int) -> None:
        self.line.sendall(pack(Kind.AUDIO, sound(number)))

    def next(self) -> Frame:
        while not self._frames:
            data = self.line.recv(65536)
            assert data, "the pump hung up"
            self._frames += self._unpacker.feed(data)
        return self._frames.pop(0)

    def hang_up(self) -> None:
        self.line.close()

    def close(self) -> None:
        self._listener.close()
        self.path.unlink()
        if hasattr(self, "line"):
            self.line.close()


def sound(number: int) -> bytes:
    return struct.pack("<H", number) * (FRAME_BYTES // 2)


def number_of(frame: bytes | str) -> int:
    assert isinstance(frame, bytes)
    return int(struct.unpack_from("<H", frame)[0])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pump")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with server("127.0.0.1", folder / "webphone.sock", folder) as url:
        yield url.replace("http", "ws") + "voice"


@pytest.fixture
def telephone(folder: Path) -> Iterator[Telephone]:
    made = Telephone(folder / "webphone.sock")
    yield made
    made.close()


@pytest.fixture
def page(address: str) -> Iterator[ClientConnection]:
    with connect(address, compression=None) as connection:
        yield connection


def heard(page: ClientConnection) -> str | bytes:
    return page.recv(LIMIT_S)


def test_both_ways_in_order(telephone: Telephone, page: ClientConnection) -> None:
    """Sound and words arrive as they were sent, in their order."""
    telephone.accept()
    telephone.say("who")
    assert json.loads(heard(page)) == {"type": "who"}
    page.send('{"type": "hello", "page": "page-one"}')
    for number in range(5):
        page.send(sound(number))
    word = telephone.next()
    assert (word.kind, json.loads(word.payload)) == (Kind.CONTROL, {"type": "hello", "page": "page-one"})
    assert [number_of(telephone.next().payload) for _ in range(5)] == list(range(5))
    for number in range(5):
        telephone.play(number)
    assert [number_of(heard(page)) for _ in range(5)] == list(range(5))


def test_telephone_comes_and_goes(folder: Path, page: ClientConnection) -> None:
    """A page that finds no telephone is told so, once, and has it as soon as there is one; again after its death."""
    assert json.loads(heard(page)) == {"type": "no-phone"}
    for _ in range(2):
        made = Telephone(folder / "webphone.sock")
        try:
            made.accept()
            made.say("who")
            assert json.loads(heard(page)) == {"type": "who"}
        finally:
            made.close()
        assert json.loads(heard(page)) == {"type": "no-phone"}


def test_page_that_does_not_listen(telephone: Telephone, page: ClientConnection) -> None:
    """Without its acknowledgements a page gets so many frames and no more; then the newest, and every word."""
    telephone.accept()
    for number in range(WINDOW):
        telephone.play(number)
        assert number_of(heard(page)) == number
    for number in range(200):
        telephone.play(number)
        if number % 50 == 0:
            telephone.say(f"word-{number}")
    telephone.say("last")
    words = [heard(page) for _ in range(5)]
    assert [json.loads(word)["type"] for word in words] == ["word-0", "word-50", "word-100", "word-150", "last"]
    page.send(json.dumps({"type": "heard", "frames": WINDOW}))
    assert [number_of(heard(page)) for _ in range(QUEUE_LIMIT)] == list(range(200 - QUEUE_LIMIT, 200))
    page.send(json.dumps({"type": "heard", "frames": 10**9}))  # more than was ever sent acknowledges what was sent
    for number in range(WINDOW + 5):
        telephone.play(number)
    telephone.say("last")
    rest = []
    while isinstance(message := heard(page), bytes):
        rest.append(message)
    assert len(rest) <= WINDOW


@pytest.mark.parametrize("nonsense", [b"", b"\x00", bytes(FRAME_BYTES + 2), "", "x" * 2000], ids=repr)
def test_nonsense_from_the_page(telephone: Telephone, page: ClientConnection, nonsense: bytes | str) -> None:
    """A message that no page of ours sends ends its connection, with the reason; the telephone gets none of it."""
    telephone.accept()
    page.send(nonsense)
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            heard(page)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
    assert telephone.line.recv(10) == b""


def test_nonsense_from_the_telephone(telephone: Telephone, page: ClientConnection) -> None:
    """A stream that is none is cut and made anew; the page stays."""
    telephone.accept()
    telephone.line.sendall(b"\xff" * 100)
    assert json.loads(heard(page)) == {"type": "no-phone"}
    telephone.hang_up()
    telephone.accept()
    telephone.say("who")
    assert json.loads(heard(page)) == {"type": "who"}


def test_words_that_only_look_like_ours(telephone: Telephone, page: ClientConnection) -> None:
    """What is no acknowledgement goes to the telephone as it is, which judges it."""
    telephone.accept()
    said = ['["heard"]', '{"heard": 1}', '{"type": "lift", "x": "heard"}', '"heard', "[" * 900]
    for word in said:
        page.send(word)
    page.send('{"type": "heard", "frames": "many"}')
    page.send('{"type": "lift"}')
    got = [telephone.next().payload.decode() for _ in range(len(said) + 1)]
    assert got == [*said, '{"type": "lift"}']


def test_page_leaves(telephone: Telephone, address: str) -> None:
    """The telephone hears at once that its page has left."""
    with connect(address, compression=None):
        telephone.accept()
    assert telephone.line.recv(10) == b""
