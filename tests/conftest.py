"""Fixtures for all rooms: addresses and ports of one's own, patient waiting, and a look at what a test left behind."""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import settings

from tests.rig import own_number

UNIT_S = float(os.environ.get("HOTLINE_TEST_UNIT_S", "1"))
"""Deadlines are multiples of this; a slow machine stretches it."""
_CLAIM_PORT = 40999
WaitUntil = Callable[..., None]
# How long one example takes says more about what else the machine does than about the code.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first: begun last, it would go on alone while everything else has ended."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture
def wait_until() -> WaitUntil:
    """`wait_until(condition, units=5, what="...")`: wait for a condition, fail when the deadline passes."""

    def wait(condition: Callable[[], object], units: float = 5, what: str = "the condition") -> None:
        deadline = time.monotonic() + units * UNIT_S
        while not condition():
            if time.monotonic() > deadline:
                pytest.fail(f"{what} did not come true within {units * UNIT_S:g} s")
            time.sleep(0.01)

    return wait


@pytest.fixture
def subnet() -> Iterator[str]:
    """The first three numbers of a /24 inside 127.0.0.0/8 that no other test run uses, such as `127.57.8`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as claim:
        while True:
            prefix = f"127.{own_number()}.{random.randint(0, 255)}"
            try:
                claim.bind((f"{prefix}.254", _CLAIM_PORT))
            except OSError:
                continue
            break
        yield prefix


@pytest.fixture
def free_ports() -> Callable[[str, int], list[int]]:
    """`free_ports(host, count)`: ports free for both UDP and TCP on an address."""

    def find(host: str, count: int = 1) -> list[int]:
        held: list[socket.socket] = []
        ports: list[int] = []
        try:
            while len(ports) < count:
                udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
                held += [udp, tcp]
                udp.bind((host, 0))
                port = udp.getsockname()[1]
                try:
                    tcp.bind((host, port))
                except OSError:
                    continue
                ports.append(port)
        finally:
            for holder in held:
                holder.close()
        return ports

    return find


def _open_files() -> dict[str, str]:
    """Sockets, pipes and ordinary files by descriptor; engines may keep event descriptors and their own models."""
    found = {}
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = str(entry.readlink())
        except OSError:
            continue  # closed while we looked; the folder's own descriptor always is
        if target.startswith(("socket:", "pipe:")) or (target.startswith("/") and "site-packages" not in target):
            found[entry.name] = target
    return {name: target for name, target in found.items() if not target.startswith(("/dev/", "/proc/"))}


def _processes() -> set[tuple[int, float]]:
    return {(child.pid, child.create_time()) for child in psutil.Process().children(recursive=True)}


@pytest.fixture(autouse=True)
def leaves_nothing_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test: the same processes, threads and open files as before."""
    if request.node.get_closest_marker("pure") is not None:
        yield  # no I/O in there; looking would take longer than the test
        return
    processes, threads, files = _processes(), set(threading.enumerate()), _open_files()

    def left() -> list[str]:
        return [
            *(f"process {pid}" for pid, _ in _processes() - processes),
            *(f"thread {thread.name}" for thread in set(threading.enumerate()) - threads),
            *(f"file {target}" for name, target in _open_files().items() if files.get(name) != target),
        ]

    yield
    deadline = time.monotonic() + 2 * UNIT_S
    while left() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not left(), "the test left behind: " + ", ".join(left())
