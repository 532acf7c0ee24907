"""What the station enters by itself about people: sessions that ended, accounts that were made or changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from bridge.base.clock import ManualClock
from bridge.base.wire import Fields
from bridge.desk import enrol
from bridge.desk.duty import Duty
from bridge.ledger.accounts import Accounts
from bridge.station.following import Following
from bridge.station.house import Sweep


class Ledger:
    """Takes entries as the thread does that owns the ledger, and nothing else of it."""

    def __init__(self) -> None:
        self.duty = Duty()
        self.entered: list[tuple[str, Fields]] = []

    def enter(self, work: Callable[[Any], Any]) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(work(SimpleNamespace(duty=self.duty)))
        return done

    def note(self, kind: str, fields: Fields) -> Future[Any]:
        self.entered.append((kind, fields))
        self.duty.take(kind, fields, "2026-11-23T10:00:00.000000Z")
        return self.enter(lambda _: {"result": "done"})


def test_every_change_of_an_account_is_entered_once(tmp_path: Path) -> None:
    """Made, shut and opened again at the command line: each is in the duty log, and a second look adds nothing."""
    ledger = Ledger()
    with closing(Accounts(tmp_path / "accounts.db")) as accounts:
        sweep = Sweep(accounts, cast(Following, ledger), ManualClock())
        enrol.add(accounts, enrol.Person("lead", "Supervisor", "supervisor"), "a long enough password")
        for change in ({}, {"is_disabled": True}, {"is_disabled": False, "changed_utc": "later"}):
            accounts.put(replace(accounts.get("lead"), **change), ends_sessions=True)
            asyncio.run(sweep.once())
            asyncio.run(sweep.once())
    assert [(kind, fields["person"], fields["role"], fields["state"]) for kind, fields in ledger.entered] == [
        ("AccountChanged", "lead", "supervisor", "active"),
        ("AccountChanged", "lead", "supervisor", "disabled"),
        ("AccountChanged", "lead", "supervisor", "active"),
    ]
    assert [entry["entry"] for entry in ledger.duty.log] == ["AccountChanged"] * 3


def test_a_session_that_is_no_more_has_left(tmp_path: Path) -> None:
    """Whoever is said to be here is here."""
    ledger = Ledger()
    ledger.duty.take("SignedIn", {"session": "s-1", "person": "op-a"}, "2026-11-23T10:00:00.000000Z")
    with closing(Accounts(tmp_path / "accounts.db")) as accounts:
        asyncio.run(Sweep(accounts, cast(Following, ledger), ManualClock()).once())
    assert [(kind, fields["person"], fields["reason"]) for kind, fields in ledger.entered] == [
        ("SignedOut", "op-a", "ended-by-itself")
    ]
    assert ledger.duty.present == {}
