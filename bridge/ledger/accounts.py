"""Who may sit at a station's desk, and who sits there now: accounts and sessions in a database of their own.

Several processes may have it open (the desk, the command line); each call is one transaction. Secrets of cookies are
kept as SHA-256 only. It checks no password: what it keeps are hashes.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bridge.base.errors import StorageError, Theirs
from bridge.ledger import passkeys
from bridge.ledger.passkeys import Passkey
from bridge.ledger.store import sqlite_url

_META = sa.MetaData()
_ACCOUNTS = sa.Table(
    "accounts",
    _META,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("display", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("qualified", sa.Text, nullable=False),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("last_step", sa.BigInteger, nullable=False),
    sa.Column("is_disabled", sa.Boolean, nullable=False),
    sa.Column("is_training", sa.Boolean, nullable=False),
    sa.Column("changed_utc", sa.Text, nullable=False),
)
_SESSIONS = sa.Table(
    "sessions",
    _META,
    sa.Column("token_sha256", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False, index=True),
    sa.Column("console", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("began_ns", sa.BigInteger, nullable=False),
    sa.Column("used_ns", sa.BigInteger, nullable=False),
)


class NoAccountError(Theirs):
    """Nobody of this name has an account."""

    code = "no-account"


class AccountTakenError(Theirs):
    """The name has an account already."""

    code = "account-taken"


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    display: str
    role: str
    language: str
    qualified: str
    """What the person is qualified for, as the administrator wrote it; empty: nothing noted."""
    password: str
    """Argon2 hash in PHC form."""
    secret: bytes
    """Of the time-based codes, RFC 6238."""
    last_step: int = 0
    """Time step of the newest code that was used: no code counts twice."""
    is_disabled: bool = False
    is_training: bool = False
    """Made for an exercise; its codes may be shown."""
    changed_utc: str = ""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session of one person."""

    id: str
    account: Account
    console: str
    language: str
    began_ns: int
    """UTC nanoseconds."""
    used_ns: int


class Accounts:
    """The database of one station. May be used by several threads, one call at a time each."""

    def __init__(self, path: Path) -> None:
        """Open or create, readable by this user alone.

        Raises:
            StorageError: it cannot be opened.
        """
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        except OSError as error:
            raise StorageError(f"accounts cannot be opened: {error.strerror}") from error
        self._engine = sa.create_engine(sqlite_url(path))
        sa.event.listen(self._engine, "connect", _prepare)
        sa.event.listen(self._engine, "begin", _begin_immediate)
        try:
            with self._transaction() as connection:
                _META.create_all(connection)
                passkeys.META.create_all(connection)
        except StorageError:
            self.close()
            raise

    def add(self, account: Account) -> None:
        """Raises: AccountTakenError."""
        with self._transaction() as connection:
            if _row(connection, account.name) is not None:
                raise AccountTakenError(f"{account.name} has an account already")
            connection.execute(_ACCOUNTS.insert().values(**_values(account)))

    def put(self, account: Account, *, ends_sessions: bool) -> None:
        """Replace an account.

        Raises:
            NoAccountError: there is none of its name.
        """
        with self._transaction() as connection:
            _put(connection, account)
            if ends_sessions:
                connection.execute(_SESSIONS.delete().where(_SESSIONS.c.name == account.name))

    def get(self, name: str) -> Account:
        """Raises: NoAccountError."""
        with self._transaction() as connection:
            row = _row(connection, name)
        if row is None:
            raise NoAccountError(f"{name} has no account")
        return row

    def all(self) -> list[Account]:
        with self._transaction() as connection:
            return [Account(**row) for row in connection.execute(sa.select(_ACCOUNTS).order_by("name")).mappings()]

    def use_step(self, name: str, step: int) -> bool:
        """Note that the code of a time step was used; False if it or a later one was used before."""
        with self._transaction() as connection:
            changed = connection.execute(
                _ACCOUNTS.update().where(_ACCOUNTS.c.name == name, _ACCOUNTS.c.last_step < step).values(last_step=step)
            )
            return changed.rowcount == 1

    # -- passkeys --------------------------------------------------------------------------------------------------

    def add_passkey(self, passkey: Passkey, now_utc: str) -> None:
        """Raises: PasskeyTakenError, NoAccountError."""
        with self._transaction() as connection:
            _touch(connection, passkey.name, now_utc)
            passkeys.add(connection, passkey)

    def remove_passkey(self, name: str, passkey_id: str, now_utc: str, *, ends_sessions: bool) -> None:
        """Raises: NoPasskeyError, NoAccountError."""
        with self._transaction() as connection:
            _touch(connection, name, now_utc)
            passkeys.remove(connection, name, passkey_id)
            if ends_sessions:
                connection.execute(_SESSIONS.delete().where(_SESSIONS.c.name == name))

    def renew(self, account: Account) -> None:
        """Replace an account whose ways in are new: its sessions end, its passkeys are gone.

        Raises:
            NoAccountError: there is none of its name.
        """
        with self._transaction() as connection:
            _put(connection, account)
            connection.execute(_SESSIONS.delete().where(_SESSIONS.c.name == account.name))
            passkeys.forget(connection, account.name)

    def use_passkey(self, passkey: Passkey, sign_count: int, used_utc: str) -> bool:
        """Note a use; False if it was removed or used otherwise meanwhile."""
        with self._transaction() as connection:
            return passkeys.use(connection, passkey, sign_count, used_utc)

    def passkey(self, passkey_id: str) -> Passkey | None:
        with self._transaction() as connection:
            return passkeys.get(connection, passkey_id)

    def passkeys(self, name: str) -> list[Passkey]:
        """Those of one account, the oldest first."""
        with self._transaction() as connection:
            return passkeys.of(connection, name)

    def passkey_counts(self) -> dict[str, int]:
        """How many each account has that has any."""
        with self._transaction() as connection:
            return passkeys.counts(connection)

    # -- sessions --------------------------------------------------------------------------------------------------

    def begin(self, token: str, session_id: str, name: str, console: str, language: str, now_ns: int) -> None:
        with self._transaction() as connection:
            connection.execute(
                _SESSIONS.insert().values(
                    token_sha256=_digest(token),
                    id=session_id,
                    name=name,
                    console=console,
                    language=language,
                    began_ns=now_ns,
                    used_ns=now_ns,
                )
            )

    def sitting(self, token: str) -> Sitting | None:
        """The session of a cookie; None if it has ended or its account is disabled."""
        with self._transaction() as connection:
            found = connection.execute(
                sa.select(_SESSIONS).where(_SESSIONS.c.token_sha256 == _digest(token))
            ).one_or_none()
            account = None if found is None else _row(connection, found.name)
        if found is None or account is None or account.is_disabled:
            return None
        return Sitting(found.id, account, found.console, found.language, found.began_ns, found.used_ns)

    def used(self, session_id: str, now_ns: int) -> None:
        with self._transaction() as connection:
            connection.execute(_SESSIONS.update().where(_SESSIONS.c.id == session_id).values(used_ns=now_ns))

    def speaks(self, session_id: str, language: str) -> None:
        with self._transaction() as connection:
            connection.execute(_SESSIONS.update().where(_SESSIONS.c.id == session_id).values(language=language))

    def end(self, session_id: str) -> None:
        with self._transaction() as connection:
            connection.execute(_SESSIONS.delete().where(_SESSIONS.c.id == session_id))

    def sessions(self, since_ns: int, used_since_ns: int) -> set[str]:
        """Names of the sessions that began and were used after these moments."""
        query = sa.select(_SESSIONS.c.id).where(_SESSIONS.c.began_ns >= since_ns, _SESSIONS.c.used_ns >= used_since_ns)
        with self._transaction() as connection:
            return set(connection.scalars(query))

    def forget_before(self, began_ns: int) -> None:
        """End all sessions that began before a moment."""
        with self._transaction() as connection:
            connection.execute(_SESSIONS.delete().where(_SESSIONS.c.began_ns < began_ns))

    def close(self) -> None:
        self._engine.dispose()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise StorageError(f"accounts: {getattr(error, 'orig', None) or type(error).__name__}") from error


def _row(connection: sa.Connection, name: str) -> Account | None:
    row = connection.execute(sa.select(_ACCOUNTS).where(_ACCOUNTS.c.name == name)).mappings().one_or_none()
    return None if row is None else Account(**row)


def _put(connection: sa.Connection, account: Account) -> None:
    """Raises: NoAccountError."""
    changed = connection.execute(_ACCOUNTS.update().where(_ACCOUNTS.c.name == account.name).values(**_values(account)))
    if changed.rowcount == 0:
        raise NoAccountError(f"{account.name} has no account")


def _touch(connection: sa.Connection, name: str, now_utc: str) -> None:
    """Note that something of an account has changed.

    Raises:
        NoAccountError: there is none of this name.
    """
    changed = connection.execute(_ACCOUNTS.update().where(_ACCOUNTS.c.name == name).values(changed_utc=now_utc))
    if changed.rowcount == 0:
        raise NoAccountError(f"{name} has no account")


def _values(account: Account) -> dict[str, object]:
    return {column.name: getattr(account, column.name) for column in _ACCOUNTS.columns}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
