"""Passkeys in the accounts' database: kept, counted, removed, and there for another process at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bridge.ledger.accounts import Account, Accounts, NoAccountError
from bridge.ledger.passkeys import NoPasskeyError, Passkey, PasskeyTakenError

ONE = Account("op-a", "مشغّل", "operator", "ar", "", "$argon2id$x", b"secret")
KEY = Passkey("id-1", "op-a", "بطاقة", b"handle", b"public", 0, "2026-11-23T10:00:00.000000Z")


@pytest.fixture(name="accounts")
def accounts_with_two(tmp_path: Path) -> Iterator[Accounts]:
    with closing(Accounts(tmp_path / "accounts.db")) as accounts:
        accounts.add(ONE)
        accounts.add(replace(ONE, name="op-b"))
        yield accounts


def test_kept_and_seen_elsewhere(accounts: Accounts, tmp_path: Path) -> None:
    """With its account's change, in one step."""
    accounts.add_passkey(KEY, "now")
    with closing(Accounts(tmp_path / "accounts.db")) as other:
        assert other.passkey("id-1") == KEY
        assert other.passkeys("op-a") == [KEY] and other.passkeys("op-b") == []
        assert other.passkey_counts() == {"op-a": 1}
        assert (other.get("op-a").changed_utc, other.get("op-b").changed_utc) == ("now", "")
        assert other.passkey("id-2") is None


def test_no_passkey_is_two_accounts(accounts: Accounts) -> None:
    """And none is nobody's; what is refused has changed nothing."""
    accounts.add_passkey(KEY, "now")
    with pytest.raises(PasskeyTakenError):
        accounts.add_passkey(replace(KEY, name="op-b"), "later")
    with pytest.raises(NoAccountError):
        accounts.add_passkey(replace(KEY, id="id-2", name="nobody"), "later")
    assert accounts.get("op-b").changed_utc == ""
    assert accounts.passkeys("op-a") == [KEY]


def test_a_use_counts_from_where_it_was_read(accounts: Accounts) -> None:
    """Two uses at once of one device: the second has read what is no longer so."""
    accounts.add_passkey(KEY, "now")
    assert accounts.use_passkey(KEY, 1, "used")
    assert not accounts.use_passkey(KEY, 1, "again")
    assert accounts.passkey("id-1") == replace(KEY, sign_count=1, used_utc="used")


def test_removed_is_removed(accounts: Accounts) -> None:
    """By its own account alone; a use that comes after it counts nothing."""
    accounts.add_passkey(KEY, "now")
    with pytest.raises(NoPasskeyError):
        accounts.remove_passkey("op-b", "id-1", "later", ends_sessions=False)
    assert accounts.get("op-b").changed_utc == ""
    accounts.begin("token", "s-1", "op-a", "a", "en", 1)
    accounts.remove_passkey("op-a", "id-1", "later", ends_sessions=False)
    assert accounts.sitting("token") is not None
    assert not accounts.use_passkey(KEY, 1, "used")
    assert accounts.get("op-a").changed_utc == "later"


def test_a_renewed_account_has_none(accounts: Accounts) -> None:
    """Nor a session."""
    accounts.add_passkey(KEY, "now")
    accounts.begin("token", "s-1", "op-a", "a", "en", 1)
    accounts.renew(replace(ONE, password="$argon2id$y"))
    assert accounts.passkeys("op-a") == []
    assert accounts.sitting("token") is None
    with pytest.raises(NoAccountError):
        accounts.renew(replace(ONE, name="nobody"))


def test_a_database_from_before_there_were_passkeys(accounts: Accounts, tmp_path: Path) -> None:
    """It gets the table when it is opened; accounts stay as they are."""
    accounts.close()
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'accounts.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE passkeys")
    engine.dispose()
    with closing(Accounts(tmp_path / "accounts.db")) as again:
        assert again.get("op-a") == ONE
        again.add_passkey(KEY, "now")
        assert again.passkeys("op-a") == [KEY]
