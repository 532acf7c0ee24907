"""An index of the record's words, for finding them again. Derived: it is no evidence, and is made anew from the ledger.

SQLite with two FTS5 tables, one of whole words, one of groups of three letters for parts of words. What it is given is
folded already. It knows up to which entry of the ledger it was made, and of which ledger; one that is damaged, of
another form or of another ledger is thrown away.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bridge.base.errors import StorageError
from bridge.base.wire import Value
from bridge.ledger.store import sqlite_url

FORM = 1
"""Of the index: an index of another form is made anew."""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS state (form INTEGER NOT NULL, at INTEGER NOT NULL, mark TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS docs (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, kind TEXT NOT NULL,"
    " utc TEXT NOT NULL, language TEXT NOT NULL, place TEXT NOT NULL, text TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS whole USING fts5"
    " (joined, apart, content='', tokenize=\"unicode61 remove_diacritics 0\")",
    "CREATE VIRTUAL TABLE IF NOT EXISTS parts USING fts5 (joined, content='', tokenize='trigram')",
)
_DROPS = tuple(f"DROP TABLE IF EXISTS {name}" for name in ("state", "docs", "whole", "parts"))
_PART_LEAST = 3


@dataclass(frozen=True, slots=True)
class Doc:
    """One text of the record."""

    seq: int
    """Its entry in the ledger."""
    kind: str
    utc: str
    language: str
    place: dict[str, Value]
    """Where it lies, as whoever adds it understands it."""
    text: str
    joined: str = ""
    """Folded words, for finding."""
    apart: str = ""
    """The same otherwise divided into words; empty where there is no other way."""
    id: int = 0
    """Given by the index."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: every phrase, each in any of its forms."""

    phrases: tuple[tuple[str, ...], ...]
    kinds: tuple[str, ...] = ()
    language: str = ""
    from_utc: str = ""
    to_utc: str = ""


class Index:
    """One open index. Owned by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open, or make.

        Raises:
            StorageError: it can neither be opened nor made.
        """
        self._path = path
        self.at, self.mark = 0, ""
        """The last entry of the ledger that was looked at, and what its owner knows that entry by."""
        try:
            # The words of the parties are for the station's user alone.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        except OSError as error:
            raise StorageError(f"index cannot be opened: {error.strerror}") from error
        try:
            self._open()
        except sa.exc.SQLAlchemyError:
            self._discard()
            try:
                self._open()
            except sa.exc.SQLAlchemyError as error:
                raise StorageError(f"index cannot be opened: {type(error).__name__}") from error

    def _open(self) -> None:
        self._engine = sa.create_engine(sqlite_url(self._path))
        sa.event.listen(self._engine, "connect", _prepare)
        with self._engine.begin() as connection:
            for statement in _TABLES:
                connection.exec_driver_sql(statement)
            row = connection.exec_driver_sql("SELECT form, at, mark FROM state").one_or_none()
            if row is None or row.form != FORM:
                _make_anew(connection)
                self.at, self.mark = 0, ""
            else:
                self.at, self.mark = row.at, row.mark

    def _discard(self) -> None:
        self._engine.dispose()
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._path.write_bytes(b"")

    def clear(self) -> None:
        """Forget everything: it is of another ledger.

        Raises:
            StorageError: the disk refused.
        """
        try:
            with self._engine.begin() as connection:
                _make_anew(connection)
        except sa.exc.SQLAlchemyError as error:
            raise StorageError(f"index cannot be written: {type(error).__name__}") from error
        self.at, self.mark = 0, ""

    def add(self, docs: Sequence[Doc], at: int, mark: str) -> None:
        """Add texts of entries up to `at`, all or none.

        Raises:
            StorageError: the disk refused.
        """
        try:
            with self._engine.begin() as connection:
                for doc in docs:
                    _insert(connection, doc)
                connection.exec_driver_sql("UPDATE state SET at = ?, mark = ?", (at, mark))
        except sa.exc.SQLAlchemyError as error:
            raise StorageError(f"index cannot be written: {type(error).__name__}") from error
        self.at, self.mark = at, mark

    def whole(self, wanted: Wanted, before: int, limit: int) -> list[Doc]:
        """Texts that hold every phrase in whole words, the newest first; only those with a lower id than `before`.

        Raises:
            StorageError: the index cannot be read.
        """
        if not wanted.phrases:
            return []
        return self._find(wanted, "docs.id IN (SELECT rowid FROM whole WHERE whole MATCH :whole)", before, limit)

    def parts(self, wanted: Wanted, before: int, limit: int) -> list[Doc]:
        """As `whole`: texts that hold a phrase only inside of words.

        Raises:
            StorageError: the index cannot be read.
        """
        long = [phrase for phrase in wanted.phrases if all(len(form) >= _PART_LEAST for form in phrase)]
        if not long:
            return []
        where = (
            "docs.id IN (SELECT rowid FROM parts WHERE parts MATCH :parts)"
            " AND docs.id NOT IN (SELECT rowid FROM whole WHERE whole MATCH :whole)"
        )
        if len(long) < len(wanted.phrases):
            where += " AND docs.id IN (SELECT rowid FROM whole WHERE whole MATCH :short)"
        return self._find(wanted, where, before, limit)

    def _find(self, wanted: Wanted, where: str, before: int, limit: int) -> list[Doc]:
        long = [one for one in wanted.phrases if all(len(form) >= _PART_LEAST for form in one)]
        short = [one for one in wanted.phrases if one not in long]
        values: dict[str, object] = {
            "whole": _match(wanted.phrases),
            "parts": _match(long),
            "short": _match(short),
            "before": before,
            "limit": limit,
            "language": wanted.language,
            "from": wanted.from_utc,
            "to": wanted.to_utc,
            **{f"kind{n}": kind for n, kind in enumerate(wanted.kinds)},
        }
        kinds = ", ".join(f":kind{n}" for n in range(len(wanted.kinds)))
        parts = [where, "docs.id < :before"]
        parts += [f"docs.kind IN ({kinds})"] if kinds else []
        parts += ["docs.language = :language"] if wanted.language else []
        parts += ["docs.utc >= :from"] if wanted.from_utc else []
        parts += ["docs.utc < :to"] if wanted.to_utc else []
        # Only names of ours are put together here; what anybody typed goes in as a value.
        query = f"SELECT * FROM docs WHERE {' AND '.join(parts)} ORDER BY docs.id DESC LIMIT :limit"
        try:
            with self._engine.begin() as connection:
                return list(_docs(connection.execute(sa.text(query), values)))
        except sa.exc.SQLAlchemyError as error:
            raise StorageError(f"index cannot be read: {type(error).__name__}") from error

    def close(self) -> None:
        self._engine.dispose()


def _make_anew(connection: sa.Connection) -> None:
    for statement in (*_DROPS, *_TABLES):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("INSERT INTO state VALUES (?, 0, '')", (FORM,))


def _insert(connection: sa.Connection, doc: Doc) -> None:
    place = json.dumps(doc.place, ensure_ascii=False)
    made = connection.exec_driver_sql(
        "INSERT INTO docs (seq, kind, utc, language, place, text) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (doc.seq, doc.kind, doc.utc, doc.language, place, doc.text),
    ).scalar_one()
    connection.exec_driver_sql(
        "INSERT INTO whole (rowid, joined, apart) VALUES (?, ?, ?)", (made, doc.joined, doc.apart)
    )
    connection.exec_driver_sql("INSERT INTO parts (rowid, joined) VALUES (?, ?)", (made, doc.joined))


def _docs(rows: sa.CursorResult[tuple[object, ...]]) -> Iterator[Doc]:
    for row in rows:
        yield Doc(row.seq, row.kind, row.utc, row.language, json.loads(row.place), row.text, id=row.id)


def _match(phrases: Sequence[Sequence[str]]) -> str:
    """An expression of FTS5: in quotes nothing has a meaning of its own."""
    return " AND ".join("(" + " OR ".join('"' + form.replace('"', '""') + '"' for form in one) + ")" for one in phrases)


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
