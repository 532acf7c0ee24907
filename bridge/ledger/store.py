"""The ledger's table: append-only, durable when `append` returns. The only place with SQL.

SQLite (WAL, synchronous=FULL) at a station, PostgreSQL where a URL says so, with the same code. Triggers refuse
UPDATE and DELETE: they guard against mistakes of ours, not against whoever owns the file; what such a person
changes is found by the hashes.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bridge.base import wire
from bridge.base.errors import SequenceError, StorageError
from bridge.ledger.entry import Record, decode, encode, leaf_hash, record

_META = sa.MetaData()
_ENTRIES = sa.Table(
    "entries",
    _META,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("source_seq", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False, index=True),
    sa.Column("utc", sa.Text, nullable=False),
    sa.Column("canonical", sa.LargeBinary, nullable=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("source", "source_seq"),
)
_PLACES = sa.Table(
    "places",
    _META,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("offset", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
)

_SQLITE_GUARDS = (
    "CREATE TRIGGER IF NOT EXISTS entries_no_update BEFORE UPDATE ON entries"
    " BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END",
    "CREATE TRIGGER IF NOT EXISTS entries_no_delete BEFORE DELETE ON entries"
    " BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END",
    # INSERT OR REPLACE deletes without asking the trigger above.
    "CREATE TRIGGER IF NOT EXISTS entries_no_replace BEFORE INSERT ON entries WHEN EXISTS (SELECT 1 FROM entries"
    " WHERE seq = NEW.seq OR (source = NEW.source AND source_seq = NEW.source_seq))"
    " BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END",
)
_POSTGRES_GUARDS = (
    "CREATE OR REPLACE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the ledger only grows'; END $$",
    "CREATE OR REPLACE TRIGGER entries_no_change BEFORE UPDATE OR DELETE ON entries"
    " FOR EACH ROW EXECUTE FUNCTION ledger_only_grows()",
    "CREATE OR REPLACE TRIGGER entries_no_truncate BEFORE TRUNCATE ON entries"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows()",
)


@dataclass(frozen=True, slots=True)
class Place:
    """How far one journal has been read."""

    source: str
    seq: int
    """The last entry read, kept in the ledger or not."""
    offset: int
    """Where its line begins in the file, in bytes."""
    digest: bytes
    """SHA-256 of its line: a journal whose line there differs is another journal."""


class Store:
    """One open ledger; one process writes it. Owned by one thread."""

    def __init__(self, url: str) -> None:
        """Open or create.

        Args:
            url: as SQLAlchemy takes it, for example `sqlite:////srv/us/ledger.db`.

        Raises:
            StorageError: it cannot be opened.
        """
        self._engine = sa.create_engine(url)
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _prepare_sqlite)
            sa.event.listen(self._engine, "begin", _begin_immediate)
        try:
            with self._engine.begin() as connection:
                _META.create_all(connection)
                guards = _SQLITE_GUARDS if self._engine.dialect.name == "sqlite" else _POSTGRES_GUARDS
                for statement in guards:
                    connection.exec_driver_sql(statement)
                self._length = connection.scalar(sa.select(sa.func.max(_ENTRIES.c.seq))) or 0
        except sa.exc.SQLAlchemyError as error:
            self._engine.dispose()
            raise StorageError(f"ledger cannot be opened: {_cause(error)}") from error
        self._failed = False

    @property
    def length(self) -> int:
        """Number of the newest entry."""
        return self._length

    def append(self, place: Place, entries: Sequence[wire.Entry]) -> list[Record]:
        """Add entries of one journal and how far it has been read, all or nothing; durable on return.

        Raises:
            StorageError: the disk refused. The store takes nothing more until it is opened again, because what
                reached the disk is unknown.
            SequenceError: an entry is older than what the ledger has of this journal; nothing was added.
            WireError: an entry has no canonical form; nothing was added.
        """
        if self._failed:
            raise StorageError("ledger failed earlier; open it again")
        records = [record(self._length + n, place.source, entry) for n, entry in enumerate(entries, 1)]
        rows = [_row(item) for item in records]
        self._refuse_older(place, entries)
        try:
            with self._engine.begin() as connection:
                if rows:
                    connection.execute(_ENTRIES.insert(), rows)
                connection.execute(_PLACES.delete().where(_PLACES.c.source == place.source))
                connection.execute(
                    _PLACES.insert().values(
                        source=place.source, seq=place.seq, offset=place.offset, digest=place.digest
                    )
                )
        except sa.exc.SQLAlchemyError as error:
            self._failed = True
            raise StorageError(f"ledger cannot be written: {_cause(error)}") from error
        self._length += len(records)
        return records

    def _refuse_older(self, place: Place, entries: Sequence[wire.Entry]) -> None:
        known = self.place(place.source)
        last = known.seq if known else 0
        numbers = [entry.seq for entry in entries]
        if numbers != sorted(set(numbers)) or (numbers and (numbers[0] <= last or numbers[-1] > place.seq)):
            raise SequenceError(f"{place.source}: entries {numbers[0]} to {numbers[-1]} do not follow {last}")
        if place.seq < last:
            raise SequenceError(f"{place.source}: place {place.seq} lies before {last}")

    def place(self, source: str) -> Place | None:
        """How far a journal has been read; None if never.

        Raises:
            StorageError: the database cannot be read.
        """
        query = sa.select(_PLACES.c.seq, _PLACES.c.offset, _PLACES.c.digest).where(_PLACES.c.source == source)
        try:
            with self._engine.begin() as connection:
                row = connection.execute(query).one_or_none()
        except sa.exc.SQLAlchemyError as error:
            raise StorageError(f"ledger cannot be read: {_cause(error)}") from error
        return None if row is None else Place(source, row.seq, row.offset, row.digest)

    def read(self, after_seq: int = 0) -> Iterator[Record]:
        """Entries in order, checked against their hash and number.

        Raises:
            StorageError: the database cannot be read.
            SequenceError: an entry is missing, or differs from its hash.
            WireError: an entry is not in canonical form.
        """
        return _entries(self._engine, after_seq)

    def last_of(self, kind: str) -> int:
        """Number of the newest entry of a kind; 0 if there is none.

        Raises:
            StorageError: the database cannot be read.
        """
        query = sa.select(sa.func.max(_ENTRIES.c.seq)).where(_ENTRIES.c.kind == kind)
        try:
            with self._engine.begin() as connection:
                return connection.scalar(query) or 0
        except sa.exc.SQLAlchemyError as error:
            raise StorageError(f"ledger cannot be read: {_cause(error)}") from error

    def close(self) -> None:
        self._engine.dispose()


class Reader:
    """A ledger opened for reading alone, while its station may be writing it. Owned by one thread."""

    def __init__(self, path: Path) -> None:
        """Open a file that is there; nothing is made and nothing is changed."""
        name = f"file:{urllib.parse.quote(str(path.absolute()))}"
        self._engine = sa.create_engine(sa.URL.create("sqlite", database=name, query={"mode": "ro", "uri": "true"}))

    def read(self, after_seq: int = 0) -> Iterator[Record]:
        """As `Store.read`."""
        return _entries(self._engine, after_seq)

    def close(self) -> None:
        self._engine.dispose()


def _entries(engine: sa.Engine, after_seq: int) -> Iterator[Record]:
    expected = after_seq
    while True:
        query = sa.select(_ENTRIES).where(_ENTRIES.c.seq > expected).order_by(_ENTRIES.c.seq).limit(1000)
        try:
            with engine.begin() as connection:
                rows = connection.execute(query).all()
        except sa.exc.SQLAlchemyError as error:
            raise StorageError(f"ledger cannot be read: {_cause(error)}") from error
        for row in rows:
            expected += 1
            item = decode(row.canonical)
            if (row.seq, item.seq) != (expected, expected) or leaf_hash(row.canonical) != row.leaf:
                raise SequenceError(f"ledger entry {expected} is missing or was changed (found {row.seq})")
            yield item
        if not rows:
            return


def sqlite_url(path: Path) -> str:
    """The URL of a file, whatever characters its name holds."""
    return sa.URL.create("sqlite", database=str(path.absolute())).render_as_string(hide_password=False)


def _row(item: Record) -> dict[str, object]:
    raw = encode(item)
    return {
        "seq": item.seq,
        "source": item.source,
        "source_seq": item.source_seq,
        "kind": item.kind,
        "utc": item.utc,
        "canonical": raw,
        "leaf": leaf_hash(raw),
    }


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling would begin too late to hold out a second writer.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "recursive_triggers=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _cause(error: sa.exc.SQLAlchemyError) -> str:
    """The database's own words without the statement and its values, which may be a party's words."""
    return str(getattr(error, "orig", None) or type(error).__name__)
