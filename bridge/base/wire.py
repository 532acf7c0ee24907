"""The one form in which words leave a process: canonical JSON entries, appended durably and followed.

An entry is one line of RFC 8785 canonical JSON with integers, strings, booleans, nulls, lists and objects; no
floats, because two programs print them differently and a hash would break. A journal has one writer process,
numbers without gaps, and is never rewritten. Old forms are never changed: a new form gets a new `v`.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Never, TypeAlias

import rfc8785

from bridge.base.clock import Clock
from bridge.base.errors import SequenceError, StorageError, WireError

VERSION = 1
ENTRY_LIMIT_BYTES = 262_144
"""Longest line accepted. A 10,000-word draft in Persian is about 120 kB; anything longer is an attack or a bug."""

_MONO = re.compile(r"[0-9]{1,20}")

Value: TypeAlias = "str | int | bool | list[Value] | dict[str, Value] | None"
Fields: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, as written down."""

    seq: int
    """From 1, without gaps, per journal."""
    utc: str
    mono_ns: int
    sync: str
    kind: str
    """Past tense: `Answered`, `LegEnded`."""
    data: Fields

    def text(self, key: str) -> str:
        """A string field.

        Raises:
            WireError: missing or not a string.
        """
        value = self.data.get(key)
        if not isinstance(value, str):
            raise WireError(f"entry {self.seq} ({self.kind}): {key} is {value!r}, expected a string")
        return value

    def number(self, key: str) -> int:
        """An integer field.

        Raises:
            WireError: missing or not an integer.
        """
        value = self.data.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise WireError(f"entry {self.seq} ({self.kind}): {key} is {value!r}, expected an integer")
        return value


def canonical(value: Value | Fields) -> bytes:
    """RFC 8785 bytes of a value without floats.

    Raises:
        WireError: a float, a key that is no string, or an integer beyond 2**53 (RFC 8785 3.2.2.3).
    """
    try:
        _refuse_floats(value)
        return rfc8785.dumps(value)
    # A half surrogate in a key and endless nesting are not among the library's own errors.
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise WireError(f"cannot be written in canonical form: {error}") from error


def _refuse_floats(value: object) -> None:
    match value:
        case float():
            raise WireError(f"{value!r} is a float; write integers with the unit in the name")
        case Mapping():
            for item in value.values():
                _refuse_floats(item)
        case list() | tuple():
            for item in value:
                _refuse_floats(item)


def encode(entry: Entry) -> bytes:
    """One line, newline included.

    Raises:
        WireError: not canonical, or longer than `ENTRY_LIMIT_BYTES`.
    """
    line = canonical(
        {
            "v": VERSION,
            "seq": entry.seq,
            "utc": entry.utc,
            # A string: nanoseconds of a long uptime pass 2**53, the largest integer RFC 8785 allows.
            "mono_ns": str(entry.mono_ns),
            "sync": entry.sync,
            "kind": entry.kind,
            "data": dict(entry.data),
        }
    )
    if len(line) >= ENTRY_LIMIT_BYTES:
        raise WireError(f"{entry.kind} is {len(line)} bytes long, limit {ENTRY_LIMIT_BYTES}")
    return line + b"\n"


def decode(line: bytes) -> Entry:
    """Read one line.

    Raises:
        WireError: too long, not JSON, another version, or a field of another type.
    """
    if len(line) > ENTRY_LIMIT_BYTES:
        raise WireError(f"line of {len(line)} bytes, limit {ENTRY_LIMIT_BYTES}")
    try:
        raw = json.loads(line, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON as we write it: {error}") from error
    match raw:
        case {
            "v": int(version),
            "seq": int(seq),
            "utc": str(utc),
            "mono_ns": str(mono),
            "sync": str(sync),
            "kind": str(kind),
            "data": dict(data),
        } if _is_number(version, 1, VERSION) and _is_number(seq, 1) and _MONO.fullmatch(mono):
            return Entry(seq, utc, int(mono), sync, kind, data)
    raise WireError(f"not an entry of version {VERSION}")


def _no_float(text: str) -> Never:
    raise ValueError(f"{text[:40]} is no integer")


def _is_number(value: int, least: int, most: int | None = None) -> bool:
    """JSON's true is an `int` to Python and equals 1."""
    return not isinstance(value, bool) and value >= least and (most is None or value <= most)


class Journal:
    """An append-only file of entries with one writer process. Any thread may append.

    `append` returns when the entry is on the disk (fdatasync); only then may anyone act on it. A half-written last
    line, left by a kill, was never acted on: it is cut off at opening and the cut is written down as the next entry.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        """Open or create.

        Raises:
            StorageError: the file cannot be opened or repaired.
            SequenceError: the last entry is not readable though its line is complete.
        """
        self.path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StorageError(f"journal {path} cannot be opened: {error.strerror}") from error
        try:
            torn, last = _repair_tail(self._fd)
        except OSError as error:
            os.close(self._fd)
            raise StorageError(f"journal {path} cannot be repaired: {error.strerror}") from error
        except SequenceError:
            os.close(self._fd)
            raise
        self.seq = last
        if torn:
            self.append("JournalRepaired", {"cut_bytes": torn})

    def append(self, kind: str, data: Fields) -> Entry:
        """Write one entry durably and return it.

        Raises:
            StorageError: the disk refused. The journal takes nothing more until it is opened again, because
                what reached the disk is unknown.
            WireError: the data has no canonical form; nothing was written.
        """
        with self._lock:
            if self._failed:
                raise StorageError(f"journal {self.path} failed earlier; open it again")
            now = self._clock.now()
            entry = Entry(self.seq + 1, now.utc, now.mono_ns, now.sync.value, kind, dict(data))
            line = encode(entry)
            try:
                written = os.write(self._fd, line)
                if written != len(line):
                    raise OSError(28, f"only {written} of {len(line)} bytes were taken")
                os.fdatasync(self._fd)
            except OSError as error:
                self._failed = True
                raise StorageError(f"journal {self.path} cannot be written: {error.strerror}") from error
            self.seq = entry.seq
            return entry

    def close(self) -> None:
        with self._lock, contextlib.suppress(OSError):  # closing twice is harmless; every entry is already synced
            os.close(self._fd)


def _repair_tail(fd: int) -> tuple[int, int]:
    """Cut a torn last line; return its length in bytes and the last sound sequence number (0 if none)."""
    size = os.fstat(fd).st_size
    window = min(size, 2 * ENTRY_LIMIT_BYTES)
    tail = os.pread(fd, window, size - window)
    end = tail.rfind(b"\n") + 1
    start = tail.rfind(b"\n", 0, max(0, end - 1)) + 1
    if b"\0" in tail[start:end]:
        # A power cut may leave zeros where a block was never written. Our entries hold no zero byte, and this one was
        # never synced, so nobody acted on it.
        end = start
        start = tail.rfind(b"\n", 0, max(0, end - 1)) + 1
    if end == 0 and size > window:
        raise SequenceError(f"the last {window} bytes of the journal hold no entry")
    torn = len(tail) - end
    if torn:
        os.ftruncate(fd, size - torn)
        os.fsync(fd)
    if end == 0:
        return torn, 0
    try:
        return torn, decode(tail[start:end]).seq
    except WireError as error:
        raise SequenceError(f"last entry of the journal is damaged: {error}") from error


class Follower:
    """Reads a journal that another process is writing, from any entry on. Owned by one thread."""

    def __init__(self, path: Path, after_seq: int = 0, offset: int = 0) -> None:
        """Begin after an entry.

        Args:
            offset: where a line begins that is not after entry `after_seq + 1`; saves reading the file from its start.
        """
        self.path = path
        self.seq = after_seq
        """Number of the last entry given out."""
        self.line_at = offset
        """Where the line of the last entry given out begins, in bytes."""
        self._offset = offset
        self._skip_to = after_seq

    def read(self) -> Iterator[Entry]:
        """Give out the entries that are complete by now; returns, never blocks.

        Raises:
            WireError: a complete line is not an entry.
            SequenceError: an entry is missing or doubled.
        """
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                for line in file:
                    if not line.endswith(b"\n"):
                        return  # the writer is in the middle of it
                    entry = decode(line)
                    begin, self._offset = self._offset, self._offset + len(line)
                    if entry.seq <= self._skip_to:
                        continue
                    if entry.seq != self.seq + 1:
                        raise SequenceError(f"{self.path}: entry {entry.seq} follows {self.seq}")
                    self.seq, self.line_at = entry.seq, begin
                    yield entry
        except FileNotFoundError:
            return  # not written to yet


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a small file so that a reader, or a crash, sees the old or the new one whole. Durable on return.

    Raises:
        StorageError: the disk refused; the old file is untouched.
    """
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}") from error
