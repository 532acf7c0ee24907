"""Accounts and sessions: kept, changed, ended, and seen by another process at once."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.base.errors import StorageError
from bridge.ledger.accounts import Account, Accounts, AccountTakenError, NoAccountError

ONE = Account("op-a", "مشغّل", "operator", "ar", "qualified until 2027", "$argon2id$x", b"secret")


Open = Callable[[], Accounts]


@pytest.fixture(name="again")
def another_process(tmp_path: Path) -> Iterator[Open]:
    """Opens the same database once more."""
    with ExitStack() as stack:

        def again() -> Accounts:
            accounts = Accounts(tmp_path / "accounts.db")
            stack.callback(accounts.close)
            return accounts

        yield again


@pytest.fixture(name="accounts")
def accounts_with_one(again: Open) -> Accounts:
    accounts = again()
    accounts.add(ONE)
    return accounts


def test_an_account_comes_back_as_it_went_in(tmp_path: Path, accounts: Accounts, again: Open) -> None:
    """Also in another process, and nobody else may read the file."""
    path = tmp_path / "accounts.db"
    accounts.close()
    other = again()
    assert other.get("op-a") == ONE
    assert other.all() == [ONE]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_name_has_one_account(accounts: Accounts) -> None:
    """A second one is refused, a missing one is said."""
    with pytest.raises(AccountTakenError):
        accounts.add(replace(ONE, role="reviewer"))
    assert accounts.get("op-a").role == "operator"
    with pytest.raises(NoAccountError):
        accounts.get("op-b")
    with pytest.raises(NoAccountError):
        accounts.put(replace(ONE, name="op-b"), ends_sessions=False)


def test_a_code_counts_once(accounts: Accounts) -> None:
    """Neither the same time step nor an earlier one again."""
    assert [accounts.use_step("op-a", step) for step in (5, 5, 4, 6)] == [True, False, False, True]
    assert not accounts.use_step("op-b", 7)


def test_a_session_is_found_by_its_token_only(tmp_path: Path, accounts: Accounts) -> None:
    """The token itself is not in the file."""
    accounts.begin("token-one", "s-1", "op-a", "console-1", "ar", 100)
    sitting = accounts.sitting("token-one")
    assert sitting is not None
    assert (sitting.id, sitting.account, sitting.console, sitting.began_ns) == ("s-1", ONE, "console-1", 100)
    assert accounts.sitting("token-two") is None
    accounts.used("s-1", 200)
    accounts.speaks("s-1", "fa")
    later = accounts.sitting("token-one")
    assert later is not None and (later.used_ns, later.language) == (200, "fa")
    accounts.close()
    assert all(b"token-one" not in file.read_bytes() for file in tmp_path.iterdir())


def test_sessions_end(accounts: Accounts, again: Open) -> None:
    """By request, with age, and with the account: by another process at once."""
    command_line = again()
    for number, began in enumerate((100, 200, 300)):
        accounts.begin(f"t{number}", f"s-{number}", "op-a", "c", "en", began)
    accounts.end("s-2")
    accounts.forget_before(150)
    assert [accounts.sitting(f"t{number}") is not None for number in range(3)] == [False, True, False]
    assert accounts.sessions(0, 0) == {"s-1"}
    command_line.put(replace(ONE, is_disabled=True), ends_sessions=False)
    assert accounts.sitting("t1") is None
    command_line.put(ONE, ends_sessions=True)
    assert accounts.sitting("t1") is None


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    """Not taken for an empty one."""
    path = tmp_path / "a.db"
    path.write_bytes(b"this is no database, and it is long enough to be looked at" * 40)
    with pytest.raises(StorageError):
        Accounts(path)
