"""Entries and journals: one form, numbers without gaps, nothing lost that was reported, damage found."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.clock import ManualClock
from bridge.base.errors import SequenceError, StorageError, WireError
from bridge.base.wire import (
    ENTRY_LIMIT_BYTES,
    Entry,
    Follower,
    Journal,
    Value,
    canonical,
    decode,
    encode,
    write_atomically,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
UTC = "2026-11-23T10:05:12.000000Z"
ONE = Entry(1, UTC, 5, "unknown", "Answered", {"leg": "us/side-1"})
NESTED: list[object] = []
for _ in range(100_000):
    NESTED = [NESTED]


# -- form --------------------------------------------------------------------------------------------------------------


@pytest.mark.pure
@given(st.integers(1, 2**53 - 1), st.integers(0, 2**63), TEXT, st.dictionaries(TEXT, VALUES, max_size=5))
def test_what_is_encoded_is_decoded(seq: int, mono: int, kind: str, data: dict[str, Value]) -> None:
    """Any entry comes back equal, and its line has one spelling."""
    entry = Entry(seq, UTC, mono, "synchronised", kind, data)
    line = encode(entry)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode(line) == entry
    assert encode(decode(line)) == line


@pytest.mark.pure
@given(st.binary(max_size=200) | ANY_JSON.map(lambda value: repr(value).encode("utf-8", "replace")))
def test_foreign_bytes_are_refused_or_read(raw: bytes) -> None:
    """Nothing but the documented error comes out of `decode`."""
    try:
        decode(raw)
    except WireError as error:
        assert error.code == "wire"


@pytest.mark.pure
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":true'),
        (b'"v":1', b'"v":1.0'),
        (b'"seq":1', b'"seq":true'),
        (b'"seq":1', b'"seq":0'),
        (b'"seq":1', b'"seq":-1'),
        (b'"seq":1', b'"seq":' + b"9" * 5000),
        (b'"mono_ns":"5"', b'"mono_ns":5'),
        (b'"mono_ns":"5"', b'"mono_ns":"-5"'),
        (b'"mono_ns":"5"', b'"mono_ns":"\xd9\xa5"'),
        (b'"mono_ns":"5"', b'"mono_ns":"' + b"9" * 5000 + b'"'),
        (b'"us/side-1"', b"0.5"),
        (b'"us/side-1"', b"NaN"),
        (b'"us/side-1"', b"[" * 100_000),
        (b'"us/side-1"', b'"' + b"x" * ENTRY_LIMIT_BYTES + b'"'),
        (b'{"leg":"us/side-1"}', b"[]"),
        (b'"kind":"Answered",', b""),
    ],
)
def test_a_damaged_line_is_refused(old: bytes, new: bytes) -> None:
    """Another version, type, size or shape is never taken for an entry."""
    line = encode(ONE)
    assert old in line
    with pytest.raises(WireError):
        decode(line.replace(old, new))


@pytest.mark.pure
@pytest.mark.parametrize(
    "value",
    [0.5, float("nan"), [0.5], {"a": {"b": 1.0}}, (1.5,), 2**53, "\ud800", {"\ud800": 1}, {1: 2}, b"x", NESTED],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_canonical_form_is_refused(value: Value) -> None:
    """Floats, integers beyond 2**53, half surrogates, foreign types and endless nesting."""
    with pytest.raises(WireError):
        canonical({"value": value})


@pytest.mark.pure
def test_a_long_entry_is_refused_before_it_is_written() -> None:
    """The limit holds for the whole line."""
    with pytest.raises(WireError, match=str(ENTRY_LIMIT_BYTES)):
        encode(Entry(1, UTC, 5, "unknown", "X", {"text": "x" * ENTRY_LIMIT_BYTES}))


@pytest.mark.pure
def test_fields_are_read_by_type() -> None:
    """A missing field or one of another type is the peer's error, with number, kind and key."""
    entry = Entry(7, UTC, 5, "unknown", "X", {"text": "a", "number": 3, "flag": True})
    assert (entry.text("text"), entry.number("number")) == ("a", 3)
    for read in (lambda: entry.text("number"), lambda: entry.text("none"), lambda: entry.number("flag")):
        with pytest.raises(WireError, match=r"entry 7 \(X\)"):
            read()


# -- journal -----------------------------------------------------------------------------------------------------------


def journal(path: Path, count: int = 0) -> Journal:
    made = Journal(path, ManualClock())
    for number in range(count):
        made.append("Answered", {"number": number})
    return made


def test_numbers_go_on_after_reopening(tmp_path: Path) -> None:
    """The folder is made; a second opening continues the numbers."""
    path = tmp_path / "journal" / "line.jsonl"
    journal(path, 3).close()
    again = journal(path, 2)
    assert again.seq == 5
    again.close()
    again.close()
    assert [entry.seq for entry in Follower(path).read()] == [1, 2, 3, 4, 5]
    assert path.stat().st_mode & 0o077 == 0


def test_a_torn_tail_is_cut_and_told(tmp_path: Path) -> None:
    """A kill in mid-write at any byte: the complete entries stay, the cut is the next entry."""
    path = tmp_path / "line.jsonl"
    journal(path, 3).close()
    whole = path.read_bytes()
    last = whole.rfind(b"\n", 0, -1) + 1
    for cut in (last + 1, len(whole) - 1, random.randrange(last + 1, len(whole))):
        path.write_bytes(whole[:cut])
        journal(path).close()
        found = list(Follower(path).read())
        assert [entry.kind for entry in found] == ["Answered", "Answered", "JournalRepaired"], cut
        assert found[-1].number("cut_bytes") == cut - last


def test_only_a_torn_line(tmp_path: Path) -> None:
    """A file that holds nothing but half an entry begins again at 1."""
    path = tmp_path / "line.jsonl"
    path.write_bytes(b'{"half')
    journal(path).close()
    assert [(entry.seq, entry.kind) for entry in Follower(path).read()] == [(1, "JournalRepaired")]


@pytest.mark.parametrize("zeros", [b"\0" * 700, b"\0" * 700 + b"\n"])
def test_zeros_after_a_power_cut_are_cut_too(tmp_path: Path, zeros: bytes) -> None:
    """Blocks that never reached the disk read as zeros, with or without the line's end behind them."""
    path = tmp_path / "line.jsonl"
    journal(path, 2).close()
    with path.open("ab") as file:
        file.write(zeros)
    journal(path).close()
    assert [entry.kind for entry in Follower(path).read()] == ["Answered", "Answered", "JournalRepaired"]


@pytest.mark.parametrize("tail", [b"{damaged}\n", b"x" * (2 * ENTRY_LIMIT_BYTES + 1)])
def test_damage_that_no_kill_explains_is_refused(tmp_path: Path, tail: bytes) -> None:
    """A complete line that is no entry was acted on: nothing is cut, nothing is written."""
    path = tmp_path / "line.jsonl"
    journal(path, 2).close()
    with path.open("ab") as file:
        file.write(tail)
    before = path.read_bytes()
    with pytest.raises(SequenceError):
        journal(path)
    assert path.read_bytes() == before


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    """A path that cannot be opened is a storage error with the path."""
    with pytest.raises(StorageError, match=str(tmp_path)):
        journal(tmp_path)


def test_a_pipe_in_the_way(tmp_path: Path) -> None:
    """What can be opened but not read back is no journal either."""
    os.mkfifo(tmp_path / "line.jsonl")
    with pytest.raises(StorageError, match="cannot be repaired"):
        journal(tmp_path / "line.jsonl")


def test_an_entry_without_form_costs_no_number(tmp_path: Path) -> None:
    """Nothing is written, and the next entry takes the number."""
    made = journal(tmp_path / "line.jsonl")
    with pytest.raises(WireError):
        made.append("X", {"level": 0.5})  # type: ignore[dict-item]
    assert made.append("X", {}).seq == 1
    made.close()


def test_a_full_disk_stops_the_writer(tmp_path: Path) -> None:
    """ENOSPC at the write: an error, and nothing more is taken until the journal is opened again."""
    path = tmp_path / "full.jsonl"
    path.symlink_to("/dev/full")
    made = journal(path)
    with pytest.raises(StorageError, match="No space left"):
        made.append("X", {})
    with pytest.raises(StorageError, match="open it again"):
        made.append("X", {})
    made.close()


_SHORT = """
import resource, signal, sys
from pathlib import Path
from bridge.base.clock import SystemClock
from bridge.base.errors import StorageError
from bridge.base.wire import Journal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal = Journal(Path(sys.argv[1]), SystemClock())
journal.append("First", {})
resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400))
try:
    for _ in range(9):
        journal.append("More", {"text": "x" * 40})
except StorageError as error:
    print(error)
"""


def test_a_short_write_is_a_failure(tmp_path: Path) -> None:
    """A disk that takes half a line: reported, and the half is cut at the next opening."""
    path = tmp_path / "line.jsonl"
    done = subprocess.run([sys.executable, "-c", _SHORT, str(path)], capture_output=True, text=True, check=True)
    assert "bytes were taken" in done.stdout
    assert path.stat().st_size == 400
    journal(path).close()
    assert [entry.kind for entry in Follower(path).read()] == ["First", "More", "JournalRepaired"]


_WRITER = """
import sys
from pathlib import Path
from bridge.base.clock import SystemClock
from bridge.base.wire import Journal
journal = Journal(Path(sys.argv[1]), SystemClock())
while True:
    print(journal.append("Answered", {"leg": "us/side-1"}).seq, flush=True)
"""


@pytest.mark.fault
def test_kill_loses_nothing_that_was_reported(tmp_path: Path) -> None:
    """kill -9 again and again: every number that `append` returned is in the file, without gaps."""
    path = tmp_path / "line.jsonl"
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        for _ in range(30):
            reported = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        rest, _ = writer.communicate()
        reported = max([reported, *map(int, rest.split())])
        journal(path).close()
        numbers = [entry.seq for entry in Follower(path).read()]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= reported


# -- follower ----------------------------------------------------------------------------------------------------------


def test_follows_a_growing_file_byte_by_byte(tmp_path: Path) -> None:
    """However the bytes arrive, each entry is given out once and whole."""
    source, path = tmp_path / "source", tmp_path / "line.jsonl"
    journal(source, 5).close()
    raw = source.read_bytes()
    follower, found, at = Follower(path), [], 0
    random.seed(seed := random.randrange(10**6))
    assert list(follower.read()) == []
    with path.open("ab", buffering=0) as file:
        while at < len(raw):
            step = random.randrange(1, 60)
            file.write(raw[at : at + step])
            at += step
            found += [entry.seq for entry in follower.read()]
    assert found == [1, 2, 3, 4, 5], f"seed {seed}"


def test_begins_after_an_entry_or_at_an_offset(tmp_path: Path) -> None:
    """Both ways of continuing give the same rest."""
    path = tmp_path / "line.jsonl"
    journal(path, 6).close()
    first = Follower(path)
    for entry in first.read():
        if entry.seq == 4:
            break
    assert [entry.seq for entry in Follower(path, 4).read()] == [5, 6]
    assert [entry.seq for entry in Follower(path, 3, first.line_at).read()] == [4, 5, 6]
    assert [entry.seq for entry in Follower(path, 4, first.line_at).read()] == [5, 6]


@pytest.mark.parametrize(("lines", "good"), [((0, 2), 1), ((0, 1, 1), 2), ((1,), 0)])
def test_missing_and_doubled_entries_are_found(tmp_path: Path, lines: tuple[int, ...], good: int) -> None:
    """What lies before the break is given out, then the break is an error, at every further reading too."""
    path = tmp_path / "line.jsonl"
    journal(path, 3).close()
    all_lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(all_lines[line] for line in lines))
    follower, found = Follower(path), []
    with pytest.raises(SequenceError):
        for entry in follower.read():
            found.append(entry.seq)
    assert len(found) == good


def test_atomic_write_replaces_or_leaves(tmp_path: Path) -> None:
    """The new content whole, or an error and the old one."""
    path = tmp_path / "small.json"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    (tmp_path / "small.json.new").symlink_to("/dev/full")
    with pytest.raises(StorageError, match="No space left"):
        write_atomically(path, b"three")
    assert path.read_bytes() == b"two"
