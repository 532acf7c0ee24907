"""Hashes of ten seconds each, and whether a changed byte is found."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.audio import header
from bridge.recording.segment import Segment, Segmenter, Verdict, verify

RATE = 8000
SIZE = 10 * RATE * 2
DATA = os.urandom(2 * SIZE + 5000)


def cut(data: bytes, *pieces: int) -> list[Segment]:
    segmenter, found, at = Segmenter(RATE), [], 0
    for piece in [*pieces, len(data)]:
        found += segmenter.feed(data[at : at + piece])
        at += piece
    return found + segmenter.finish()


def test_segments_are_hashes_of_ten_seconds() -> None:
    assert cut(DATA) == [
        Segment(a // 2, b // 2, hashlib.sha256(DATA[a:b]).hexdigest())
        for a, b in ((0, SIZE), (SIZE, 2 * SIZE), (2 * SIZE, len(DATA)))
    ]


@given(st.lists(st.integers(0, SIZE).map(lambda n: n * 2), max_size=10))
def test_the_cut_of_the_input_does_not_matter(pieces: list[int]) -> None:
    assert cut(DATA, *pieces) == cut(DATA)


def test_whole_segments_leave_no_rest() -> None:
    segmenter = Segmenter(RATE)
    assert len(segmenter.feed(DATA[: 2 * SIZE])) == 2
    assert segmenter.finish() == []


def test_later_start() -> None:
    """Hashing goes on where a crash left off."""
    segmenter = Segmenter(RATE, start=10 * RATE)
    assert segmenter.feed(DATA[SIZE:]) + segmenter.finish() == cut(DATA)[1:]


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    path = tmp_path / "a.wav"
    path.write_bytes(header(RATE, len(DATA)) + DATA)
    return path


def test_unchanged_file_is_sound(wav: Path) -> None:
    assert verify(wav, cut(DATA)) == Verdict(3, (), 0)
    assert verify(wav, cut(DATA)).is_sound


@pytest.mark.parametrize("at", [0, 1, SIZE - 1, SIZE, 2 * SIZE, len(DATA) - 1])
def test_one_changed_bit_is_found_in_its_segment(wav: Path, at: int) -> None:
    whole = bytearray(wav.read_bytes())
    whole[44 + at] ^= 1
    wav.write_bytes(whole)
    verdict = verify(wav, cut(DATA))
    assert [(s.start, s.end) for s in verdict.altered] == [
        (s.start, s.end) for s in cut(DATA) if s.start * 2 <= at < s.end * 2
    ]
    assert not verdict.is_sound


def test_shortened_and_lengthened_files_are_found(wav: Path) -> None:
    os.truncate(wav, 44 + len(DATA) - 2)
    assert verify(wav, cut(DATA)).altered == (cut(DATA)[2],)
    wav.write_bytes(header(RATE, 0) + DATA + bytes(10))
    assert verify(wav, cut(DATA)) == Verdict(3, (), 5)
    assert not verify(wav, cut(DATA)).is_sound


def test_header_is_not_part_of_the_evidence(wav: Path) -> None:
    wav.write_bytes(header(RATE, 0) + DATA)
    assert verify(wav, cut(DATA)).is_sound
