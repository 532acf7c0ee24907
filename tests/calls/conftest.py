"""A running line with its operator's handset, and an officer of the side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.drill.party import Party, Setup
from tests import rig


@pytest.fixture
def play(tmp_path: Path) -> rig.Theatre:
    # A short greeting keeps the tests short; what it says is tested by its own test.
    return rig.theatre(tmp_path, **{"exercise = true": "exercise = false"})


@pytest.fixture
def us(play: rig.Theatre, tmp_path: Path) -> Iterator[rig.Process]:
    with rig.line(play, "us", tmp_path / "us") as line:
        yield line


@pytest.fixture
def handset(play: rig.Theatre, tmp_path: Path) -> Iterator[Party]:
    setup = Setup(bind=play.handset("us"), user="desk-a", hear=tmp_path / "handset.wav")
    with Party(setup) as party:
        party.answer_mode("answer", after_s=0.3)
        yield party


@pytest.fixture
def officer(play: rig.Theatre, tmp_path: Path) -> Iterator[Party]:
    setup = Setup(bind=play.officer("us"), user="duty", hear=tmp_path / "officer.wav")
    with Party(setup) as party:
        yield party
