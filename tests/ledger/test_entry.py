"""The canonical form of a ledger entry and its hash."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.errors import WireError
from bridge.base.wire import Entry
from bridge.ledger.entry import Record, decode, encode, leaf_hash, record

pytestmark = pytest.mark.pure
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
DATA = st.dictionaries(TEXT, SCALARS | st.lists(SCALARS, max_size=3), max_size=5)
ONE = Record(7, "line", 12, "2026-11-23T10:05:12.000000Z", 2**60, "synchronised", "Answered", {"leg": "us/side-1"})


@given(DATA, st.integers(0, 2**63))
def test_what_is_written_is_read_back(data: dict[str, bool | int | str | None], mono: int) -> None:
    """Any entry a journal can hold comes back equal."""
    item = record(3, "speech", Entry(9, "2026-11-23T10:05:12.000000Z", mono, "unknown", "Final", dict(data)))
    assert decode(encode(item)) == item


def test_bytes_are_fixed() -> None:
    """The form of version 1, byte for byte: a change here breaks every ledger in the field."""
    assert encode(ONE) == (
        b'{"data":{"leg":"us/side-1"},"kind":"Answered","mono_ns":"1152921504606846976","seq":7,"source":"line",'
        b'"source_seq":12,"sync":"synchronised","utc":"2026-11-23T10:05:12.000000Z","v":1}'
    )


def test_leaf_hash_is_that_of_a_merkle_leaf() -> None:
    """RFC 9162 2.1.1: SHA-256 over a zero byte and the entry."""
    assert leaf_hash(b"") == bytes.fromhex("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
    assert leaf_hash(encode(ONE)) == hashlib.sha256(b"\0" + encode(ONE)).digest()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        encode(ONE).replace(b'"v":1', b'"v":2'),
        encode(ONE).replace(b'"seq":7', b'"seq":"7"'),
        encode(ONE).replace(b'"1152921504606846976"', b'"-1"'),
        encode(ONE).replace(b'"seq":7', b'"seq": 7'),
        encode(ONE).replace(b'"us/', b'"\\u0075s/'),
        encode(ONE) + b"\n",
    ],
)
def test_other_bytes_are_refused(raw: bytes) -> None:
    """Neither damage nor a second spelling of the same entry is accepted."""
    with pytest.raises(WireError):
        decode(raw)


def test_unknown_source_is_refused() -> None:
    """A source is part of the record's identity; a misspelt one would start a second numbering."""
    with pytest.raises(WireError, match="lines"):
        encode(Record(1, "lines", 1, "", 0, "", "X", {}))
