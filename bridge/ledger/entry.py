"""The ledger's entry: one journal entry at its place in the ledger, its canonical bytes and its leaf hash.

It stores nothing and reads no clock. The bytes are RFC 8785 canonical JSON without floats; the hash is that of a
leaf of a Merkle tree (RFC 9162, 2.1.1), so that a tree over the ledger needs nothing but these hashes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from bridge.base.errors import WireError
from bridge.base.wire import Entry, Fields, canonical

VERSION = 1
SOURCES = ("line", "speech", "desk")
"""Journals whose entries the ledger takes."""
_LEAF = b"\x00"
"""Prefix of a leaf, RFC 9162 2.1.1: a leaf can never be taken for an inner node."""


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of the ledger."""

    seq: int
    """Place in the ledger, from 1, without gaps."""
    source: str
    """Journal it came from, one of `SOURCES`."""
    source_seq: int
    """Its number there. The ledger leaves out what need not be kept, so these may have gaps."""
    utc: str
    mono_ns: int
    sync: str
    kind: str
    data: Fields


def record(seq: int, source: str, entry: Entry) -> Record:
    """A journal's entry at its place in the ledger."""
    return Record(seq, source, entry.seq, entry.utc, entry.mono_ns, entry.sync, entry.kind, entry.data)


def encode(item: Record) -> bytes:
    """Canonical bytes.

    Raises:
        WireError: a source the ledger does not know, or data without a canonical form.
    """
    if item.source not in SOURCES:
        raise WireError(f"source {item.source!r}, expected one of {', '.join(SOURCES)}")
    return canonical(
        {
            "v": VERSION,
            "seq": item.seq,
            "source": item.source,
            "source_seq": item.source_seq,
            "utc": item.utc,
            # A string: nanoseconds of a long uptime pass 2**53, the largest integer RFC 8785 allows.
            "mono_ns": str(item.mono_ns),
            "sync": item.sync,
            "kind": item.kind,
            "data": dict(item.data),
        }
    )


def decode(raw: bytes) -> Record:
    """Read canonical bytes back.

    Raises:
        WireError: not JSON, another version, or not in canonical form to the last byte.
    """
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise WireError(f"ledger entry is not JSON: {error}") from error
    match value:
        case {
            "v": 1,
            "seq": int(seq),
            "source": str(source),
            "source_seq": int(source_seq),
            "utc": str(utc),
            "mono_ns": str(mono),
            "sync": str(sync),
            "kind": str(kind),
            "data": dict(data),
        } if mono.isdecimal() and mono.isascii():
            found = Record(seq, source, source_seq, utc, int(mono), sync, kind, data)
            if encode(found) == raw:  # two spellings of one entry would have two hashes
                return found
    raise WireError(f"not a ledger entry of version {VERSION} in canonical form")


def leaf_hash(raw: bytes) -> bytes:
    """SHA-256 of an entry as a leaf, 32 bytes."""
    return hashlib.sha256(_LEAF + raw).digest()
