"""The desk's socket: real sockets in a folder of the test, no process and no waiting."""

from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.errors import SetupError
from bridge.base.wire import canonical
from bridge.lines.control import CLIENTS_LIMIT, LINE_LIMIT_BYTES, Control, parse
from bridge.lines.events import Commanded

CALL = b'{"id":"1","command":"call","tier":2}\n'
COMPLAINT = b'{"error":"expected one JSON object a line with id and command, all values text"}\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "line.sock"


@pytest.fixture
def control(path: Path) -> Iterator[Control]:
    served = Control(path)
    yield served
    served.close()
    assert not path.exists()


@pytest.fixture
def desk(path: Path, control: Control) -> Iterator[socket.socket]:
    with connected(path) as client:
        assert control.poll() == []
        yield client


def connected(path: Path) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(5.0)
    client.connect(str(path))
    return client


def is_closed(client: socket.socket) -> bool:
    try:
        return client.recv(1024) == b""
    except ConnectionResetError:
        return True


def test_a_command_arrives(desk: socket.socket, control: Control) -> None:
    desk.sendall(CALL)
    assert control.poll() == [Commanded("1", "call", "", {"tier": "2"})]
    assert control.poll() == []


def test_a_command_may_arrive_in_pieces_and_several_at_once(desk: socket.socket, control: Control) -> None:
    desk.sendall(CALL + CALL[:10])
    assert len(control.poll()) == 1
    desk.sendall(CALL[10:])
    assert len(control.poll()) == 1


def test_several_desks_may_be_connected(path: Path, control: Control, desk: socket.socket) -> None:
    with connected(path) as other:
        control.poll()
        other.sendall(CALL)
        desk.sendall(CALL)
        assert len(control.poll()) == 2


def test_bytes_that_are_no_command_get_a_complaint_and_the_rest_is_done(desk: socket.socket, control: Control) -> None:
    desk.sendall(CALL + b"hello\n")
    assert len(control.poll()) == 1
    assert desk.recv(1024) == COMPLAINT
    assert is_closed(desk)


def test_an_endless_line_is_cut_off(desk: socket.socket, control: Control) -> None:
    desk.setblocking(False)
    sent = 0
    while sent <= LINE_LIMIT_BYTES:
        sent += desk.send(b"x" * 4096)
        assert control.poll() == []
    desk.settimeout(5.0)
    assert desk.recv(1024) == COMPLAINT


def test_a_desk_that_leaves_is_forgotten(path: Path, control: Control) -> None:
    for _ in range(3 * CLIENTS_LIMIT):
        with connected(path):
            control.poll()
        control.poll()
    with connected(path) as client:
        control.poll()
        client.sendall(CALL)
        assert len(control.poll()) == 1


def test_a_desk_that_does_not_wait_for_its_complaint_harms_nobody(path: Path, control: Control) -> None:
    client = connected(path)
    control.poll()
    client.sendall(b"hello\n")
    client.close()
    assert control.poll() == []
    assert control.poll() == []


def test_too_many_desks_are_turned_away(path: Path, control: Control) -> None:
    clients = [connected(path) for _ in range(CLIENTS_LIMIT)]
    for _ in clients:
        control.poll()
    with connected(path) as late:
        control.poll()
        assert is_closed(late)
    clients[-1].sendall(CALL)
    assert len(control.poll()) == 1
    for client in clients:
        client.close()


def test_only_this_user_may_command(path: Path, control: Control) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert control.poll() == []


def test_a_socket_left_by_a_killed_process_is_replaced(path: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    control = Control(path)
    with connected(path):
        assert control.poll() == []
    control.close()


@pytest.mark.parametrize(("folder", "why"), [("no/such/folder", "No such file"), ("x" * 120, "path too long")])
def test_a_folder_that_does_not_do_is_named(tmp_path: Path, folder: str, why: str) -> None:
    if folder.startswith("x"):
        (tmp_path / folder).mkdir()
    with pytest.raises(SetupError, match=why) as refused:
        Control(tmp_path / folder / "line.sock")
    assert "shorter data folder" in refused.value.remedy


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'{"id":"1"}',
        b'{"command":"call"}',
        b'{"id":"","command":"call"}',
        b'{"id":"a b","command":"call"}',
        b'{"id":"' + b"1" * 65 + b'","command":"call"}',
        b'{"id":"1","command":["call"]}',
        b'{"id":"1","command":"' + b"c" * 65 + b'"}',
        b'{"id":"1","command":"call","tier":true}',
        b'{"id":"1","command":"call","tier":1.5}',
        b'{"id":"1","command":"call","tier":null}',
        b'{"id":"1","command":"call","tier":' + b"9" * 5000 + b"}",
        b'{"id":"1","command":"call","tier":"' + b"9" * 1025 + b'"}',
        rb'{"id":"1","command":"\ud800"}',
        rb'{"id":"1","command":"call","tier":"\udfff"}',
        rb'{"id":"1","command":"call","\ud800":"1"}',
    ],
)
def test_what_is_no_command(line: bytes) -> None:
    assert parse(line) is None


@given(st.binary(max_size=60) | st.builds(lambda part: b'{"id":"1","command":"call","x":' + part + b"}", st.binary()))
def test_any_bytes_are_a_command_or_none(line: bytes) -> None:
    """And a command is something that a journal can write down."""
    command = parse(line)
    if command is not None:
        canonical({"id": command.id, "command": command.command, **command.fields})
