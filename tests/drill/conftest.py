"""Addresses of this run, and phones that are gone when a test ends."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge.drill.party import Party, Setup
from tests.drill.runs import Run
from tests.rig import own_number

PhoneMaker = Callable[[Setup], Party]


@pytest.fixture(scope="session")
def net() -> str:
    """First three numbers of addresses that no other run on this host uses."""
    return f"127.{own_number()}.{random.randint(0, 250)}"


@pytest.fixture
def start() -> Iterator[PhoneMaker]:
    """Starts phones; afterwards none of them is left, in any state."""
    parties: list[Party] = []

    def make(setup: Setup) -> Party:
        parties.append(Party(setup))
        return parties[-1]

    yield make
    for party in parties:
        party.close()
    assert not [party.pid for party in parties if Path(f"/proc/{party.pid}").exists()]


@pytest.fixture
def two(start: PhoneMaker, net: str, tmp_path: Path) -> tuple[Party, Party]:
    """A caller and a callee, each recording what it hears."""
    caller = start(Setup(f"{net}.1", "alpha", hear=tmp_path / "alpha.wav"))
    callee = start(Setup(f"{net}.2", "bravo", hear=tmp_path / "bravo.wav"))
    return caller, callee


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def make(*options: str) -> Run:
        runs.append(Run(tmp_path, *options))
        return runs[-1]

    yield make
    for run in runs:
        if run.process is not None and run.process.poll() is None:
            run.process.kill()
        if run.process is not None:
            run.process.communicate()
