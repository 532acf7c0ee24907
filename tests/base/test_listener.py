"""The local listener: lines in, answers out, and clients that do not behave."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.base.listener import UNSENT_LIMIT_BYTES, Listener


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.sock"


@pytest.fixture
def listener(path: Path) -> Iterator[Listener]:
    made = Listener(path, 1000, b"no\n")
    yield made
    made.close()
    assert not path.exists()


@pytest.fixture
def client(path: Path, listener: Listener) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as made:
        made.settimeout(5)
        made.connect(str(path))
        assert listener.poll(5) == []
        yield made


def test_a_line_is_answered(client: socket.socket, listener: Listener) -> None:
    """Several lines at once come in order, to whom they are answered."""
    client.sendall(b"one\ntwo\nthr")
    ((sender, lines),) = listener.poll(5)
    assert lines == [b"one", b"two"]
    listener.answer(sender, b"done\n")
    assert client.recv(100) == b"done\n"


def test_a_long_answer_goes_out_as_it_is_read(client: socket.socket, listener: Listener) -> None:
    """The owner never waits for a slow reader, and nothing is lost."""
    client.sendall(b"all\n")
    ((sender, _),) = listener.poll(5)
    answer = b"x" * 3_000_000 + b"\n"
    listener.answer(sender, answer)
    received = b""
    while len(received) < len(answer):
        listener.poll(0)
        received += client.recv(65536)
    assert received == answer


def test_who_reads_nothing_is_dropped(client: socket.socket, listener: Listener) -> None:
    """Answers do not pile up without end."""
    client.sendall(b"all\n")
    ((sender, _),) = listener.poll(5)
    listener.answer(sender, b"x" * (UNSENT_LIMIT_BYTES + 4_000_000))
    assert not sender.is_open
    listener.answer(sender, b"more\n")


def test_an_answer_to_who_has_left_is_no_fault(client: socket.socket, listener: Listener) -> None:
    """It is found out at the next look."""
    client.sendall(b"one\n")
    ((sender, _),) = listener.poll(5)
    client.close()
    listener.answer(sender, b"done\n")
    listener.poll(1)
    assert not sender.is_open
    listener.answer(sender, b"done\n")


def test_a_line_without_end_is_complained_of(client: socket.socket, listener: Listener) -> None:
    """And its sender dropped."""
    client.sendall(b"x" * 2000)
    assert [listener.poll(1), listener.poll(1)] == [[], []]
    assert client.recv(100) == b"no\n"
    assert client.recv(100) == b""
