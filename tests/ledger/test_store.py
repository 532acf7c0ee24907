"""The ledger's table: it only grows, all or nothing, and survives a kill and a full disk."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.base.errors import SequenceError, StorageError, WireError
from bridge.base.wire import Entry
from bridge.ledger.entry import decode
from bridge.ledger.store import Place, Store, sqlite_url

UTC = "2026-11-23T10:05:12.000000Z"


def entries(*numbers: int, kind: str = "Answered") -> list[Entry]:
    return [Entry(n, UTC, n, "unknown", kind, {"leg": f"us/side-{n}"}) for n in numbers]


def at(seq: int, source: str = "line") -> Place:
    return Place(source, seq, seq * 100, b"d" * 32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a folder?#%" / "ledger.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    path.parent.mkdir()
    opened = Store(sqlite_url(path))
    yield opened
    opened.close()


def test_entries_are_numbered_without_gaps(store: Store) -> None:
    """Two journals become one row of numbers; what a journal leaves out leaves no gap here."""
    store.append(at(3), entries(1, 3))
    store.append(at(2, "speech"), entries(2, kind="Final"))
    found = list(store.read())
    assert [(item.seq, item.source, item.source_seq) for item in found] == [
        (1, "line", 1),
        (2, "line", 3),
        (3, "speech", 2),
    ]
    assert store.length == 3
    assert [item.seq for item in store.read(after_seq=2)] == [3]
    assert (store.last_of("Answered"), store.last_of("Final"), store.last_of("LegEnded")) == (2, 3, 0)


def test_it_continues_where_it_stood(store: Store, path: Path) -> None:
    """Opened again: same length, same place, next number."""
    assert store.place("line") is None
    store.append(at(5), entries(4, 5))
    store.append(at(9), [])
    store.close()
    again = Store(sqlite_url(path))
    assert again.place("line") == at(9)
    assert again.append(at(10), entries(10))[0].seq == 3
    again.close()


@pytest.mark.parametrize(("place", "numbers"), [(5, (5,)), (6, (5, 6)), (7, (7, 6)), (7, (6, 6)), (6, (6, 7)), (4, ())])
def test_older_or_doubled_entries_are_refused(store: Store, place: int, numbers: tuple[int, ...]) -> None:
    """An entry is added once, in order, and never beyond the place that is noted."""
    store.append(at(5), entries(1, 5))
    with pytest.raises(SequenceError):
        store.append(at(place), entries(*numbers))
    assert (store.length, store.place("line")) == (2, at(5))


def test_an_entry_without_canonical_form_changes_nothing(store: Store) -> None:
    """A float in an entry is refused whole, with its batch."""
    bad = Entry(2, UTC, 2, "unknown", "X", {"level": 0.5})  # type: ignore[dict-item]
    with pytest.raises(WireError):
        store.append(at(2), [*entries(1), bad])
    assert (store.length, store.place("line")) == (0, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET kind = 'X'",
        "DELETE FROM entries",
        "INSERT OR REPLACE INTO entries SELECT seq, source, source_seq, 'X', utc, canonical, leaf FROM entries",
        "INSERT OR REPLACE INTO entries SELECT seq + 9, source, source_seq, 'X', utc, canonical, leaf FROM entries",
    ],
)
def test_the_table_only_grows(store: Store, path: Path, statement: str) -> None:
    """The database itself refuses to change, remove or replace an entry, whoever asks."""
    store.append(at(1), entries(1))
    other = sqlite3.connect(path)
    with pytest.raises(sqlite3.DatabaseError, match="only grows"):
        other.execute(statement)
    other.close()
    assert [item.kind for item in store.read()] == ["Answered"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ("UPDATE entries SET canonical = replace(canonical, 'side-2', 'side-9') WHERE seq = 2", WireError),
        (
            "UPDATE entries SET canonical = CAST(replace(canonical, 'side-2', 'side-9') AS BLOB) WHERE seq = 2",
            SequenceError,
        ),
        ("UPDATE entries SET leaf = x'00' WHERE seq = 2", SequenceError),
        ("DELETE FROM entries WHERE seq = 2", SequenceError),
    ],
)
def test_a_change_behind_its_back_is_found(store: Store, path: Path, change: str, error: type[Exception]) -> None:
    """Whoever drops the triggers is found by number or hash."""
    store.append(at(3), entries(1, 2, 3))
    other = sqlite3.connect(path)
    for name in ("update", "delete"):
        other.execute(f"DROP TRIGGER entries_no_{name}")
    assert other.execute(change).rowcount == 1
    other.commit()
    other.close()
    with pytest.raises((error, TypeError) if error is WireError else error):
        list(store.read())


def test_a_full_disk_stops_the_writer_until_it_is_opened_again(store: Store, path: Path) -> None:
    """After a failed write nothing is taken, nothing is half there, and a new opening continues."""
    store.append(at(1), entries(1))
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageError, match="full"):
        store.append(at(4000), entries(*range(2, 4000)))
    with pytest.raises(StorageError, match="open it again"):
        store.append(at(4000), entries(2))
    store.close()
    again = Store(sqlite_url(path))
    assert (again.length, again.place("line")) == (1, at(1))
    again.append(at(2), entries(2))
    assert again.length == 2
    again.close()


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    """A damaged file is a storage error, not a crash, and is left as it is."""
    path = tmp_path / "ledger.db"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(StorageError, match="not a database"):
        Store(sqlite_url(path))
    assert path.read_bytes().startswith(b"no database")


_WRITER = """
import sys
from bridge.base.wire import Entry
from bridge.ledger.store import Place, Store
store = Store(sys.argv[1])
n = store.length
while True:
    n += 1
    store.append(Place("line", n, n, b"d" * 32), [Entry(n, "2026", n, "unknown", "X", {"n": n})])
    print(n, flush=True)
"""


@pytest.mark.fault
def test_a_killed_writer_loses_nothing_it_reported(tmp_path: Path) -> None:
    """kill -9 in mid-write, several times: all that was reported is there, in order and without gaps."""
    url = sqlite_url(tmp_path / "ledger.db")
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", _WRITER, url], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        for _ in range(20):
            reported = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        rest, _ = writer.communicate()
        reported = max([reported, *(int(line) for line in rest.split())])
        store = Store(url)
        found = [item.data["n"] for item in store.read()]
        place = store.place("line")
        store.close()
        assert found == list(range(1, len(found) + 1))
        assert len(found) >= reported
        assert place is not None
        assert place.seq == len(found)


def test_raw_rows_decode(store: Store, path: Path) -> None:
    """The stored bytes alone hold the whole entry: no column is needed to read it."""
    store.append(at(1), entries(1))
    other = sqlite3.connect(path)
    (raw,) = other.execute("SELECT canonical FROM entries").fetchone()
    other.close()
    assert decode(raw) == next(store.read())
