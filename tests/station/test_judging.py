"""When a station asks a judge of meaning, and what it does without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.base.dialplan import load
from bridge.base.errors import World
from bridge.station import judging
from bridge.station.check import judging as checked
from tests.station.plans import write_plan

SEALED, HEARD = ["the", "gate", "is", "closed"], ["دروازه", "بسته", "است"]


def test_one_language_needs_no_judge(tmp_path: Path, subnet: str) -> None:
    """Word by word is stricter."""
    plan = load(write_plan(tmp_path, subnet))
    both = {side.line_language for side in plan.sides.values()}
    assert (judging.judge_for(plan) is not None) == (len(both) > 1)
    assert bool(list(checked(plan))) == (len(both) > 1)


def test_two_languages_ask_it(tmp_path: Path) -> None:
    """The theatre of the Gulf speaks English and Persian; the check says that meaning can be compared."""
    plan = load(Path("dialplans/gulf.toml"))
    judge = judging.judge_for(plan)
    assert judge is not None
    opinion = judge.judge(SEALED, HEARD)
    assert opinion is not None
    assert len(opinion.heard) == len(HEARD)
    assert [finding.level.value for finding in checked(plan)] == ["ok"]


def test_one_that_fails_at_work_has_no_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that owns the ledger goes on."""

    class Failing:
        def judge(self, sealed: list[str], heard: list[str]) -> None:
            raise World("no memory")

    monkeypatch.setattr(judging, "load_judge", Failing)
    judge = judging.LateJudge()
    assert judge.judge(SEALED, HEARD) is None
    assert judge.judge(SEALED, HEARD) is None


def test_without_its_files_it_has_no_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables decide alone, and the check warns."""

    def missing() -> None:
        raise World("no such file")

    monkeypatch.setattr(judging, "load_judge", missing)
    judge = judging.LateJudge()
    assert judge.judge(SEALED, HEARD) is None
    assert judge.judge(SEALED, HEARD) is None
