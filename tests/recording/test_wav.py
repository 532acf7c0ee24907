"""Header repair and following on real files, sound and hostile."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.base.audio import header, parse_form
from bridge.base.errors import AudioError
from bridge.recording.wav import LIMIT_BYTES, Tail, named_bytes, opened, repair

RATE = 8000


def unfinished(data: bytes = b"", rate: int = RATE) -> bytes:
    """What a recorder leaves behind that never closed its file."""
    whole = bytearray(header(rate, 0))
    whole[4:8] = bytes(4)
    return bytes(whole) + data


def lengths(path: Path) -> tuple[int, int]:
    with path.open("rb") as file:
        raw = file.read(4096)
    form = parse_form(raw)
    assert form is not None
    return struct.unpack_from("<I", raw, 4)[0], form.data_bytes


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4096, 99_999])
def test_repair_names_what_is_there(tmp_path: Path, count: int) -> None:
    """Both lengths, from the file's own; an odd last byte is left outside."""
    path = tmp_path / "a.wav"
    path.write_bytes(unfinished(bytes(count)))
    assert repair(path)
    assert lengths(path) == (36 + count // 2 * 2, count // 2 * 2)
    assert path.stat().st_size == 44 + count
    assert not repair(path)


def test_repair_finds_a_data_chunk_that_lies_elsewhere(tmp_path: Path) -> None:
    """A chunk before the samples moves them; the place of the lengths follows."""
    plain = unfinished()
    path = tmp_path / "a.wav"
    path.write_bytes(plain[:36] + b"LIST" + struct.pack("<I", 5) + b"abcde\0" + plain[36:] + bytes(1000))
    assert repair(path)
    assert lengths(path) == (36 + 14 + 1000, 1000)


def test_repair_changes_no_sample(tmp_path: Path) -> None:
    path, data = tmp_path / "a.wav", os.urandom(5001)
    path.write_bytes(unfinished(data))
    repair(path)
    assert path.read_bytes()[44:] == data


@pytest.mark.parametrize("count", [0, 1, 11, 43])
def test_file_shorter_than_a_header(tmp_path: Path, count: int) -> None:
    """Without a rate it is refused; with one it becomes an empty file that opens."""
    path = tmp_path / "a.wav"
    path.write_bytes(unfinished()[:count])
    with pytest.raises(AudioError, match=f"{count} bytes hold no WAV header"):
        repair(path)
    assert path.stat().st_size == count
    assert repair(path, RATE)
    assert path.read_bytes() == header(RATE, 0)


def test_header_that_never_ends_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(unfinished()[:36] + b"LIST" + struct.pack("<I", 3000) + bytes(900))
    before = path.read_bytes()
    with pytest.raises(AudioError, match="hold no WAV header"):
        repair(path, RATE)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [
        b"RIFX" + bytes(100),
        b"words",
        b"RIFF\0\0\0\0WAVX",
        b"\x7fELF" + bytes(100),
        unfinished()[:20] + struct.pack("<H", 7) + unfinished()[22:] + bytes(100),
        unfinished()[:22] + struct.pack("<H", 2) + unfinished()[24:] + bytes(100),
        unfinished(rate=1),
        b"RIFF" + bytes(4) + b"WAVE" + b"junk" + struct.pack("<I", 0xFFFFFFFF) + bytes(5000),
        b"RIFF" + bytes(4) + b"WAVE" + b"data" + bytes(400),
    ],
    ids=["rifx", "words", "short", "elf", "mu-law", "stereo", "1 Hz", "endless chunk", "data first"],
)
def test_other_files_are_refused_unchanged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(AudioError):
        repair(path, RATE)
    with pytest.raises(AudioError):
        Tail(path, RATE).look()
    assert path.read_bytes() == content


@given(st.binary(max_size=200), st.integers(0, 44))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files_raise_nothing_else(tmp_path: Path, junk: bytes, keep: int) -> None:
    """Whatever follows a good beginning: repaired or refused."""
    path = tmp_path / "a.wav"
    path.write_bytes(unfinished()[:keep] + junk)
    try:
        tail = Tail(path, RATE)
        b"".join(tail.take(tail.look().samples))
        repair(path)
        named, there, _ = named_bytes(path)
    except AudioError:
        return
    assert 0 <= there - named <= 1


def test_file_longer_than_its_header_can_name(tmp_path: Path) -> None:
    """Beyond 4 GB the lengths stay at the largest even number (the file is sparse here)."""
    path = tmp_path / "a.wav"
    path.write_bytes(unfinished())
    os.truncate(path, 5 * 2**30)
    assert repair(path)
    assert lengths(path) == (LIMIT_BYTES, LIMIT_BYTES)


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    for path in (tmp_path / "pipe.wav", tmp_path, Path("/dev/null")):
        with pytest.raises(AudioError, match="not a regular file"), opened(path, os.O_RDONLY):
            pass


def test_tail_reads_every_sample_once(tmp_path: Path) -> None:
    path, data = tmp_path / "a.wav", os.urandom(300_000)
    tail = Tail(path, RATE)
    with pytest.raises(FileNotFoundError):
        tail.look()
    assert list(tail.take(10)) == []
    path.write_bytes(b"")
    assert tail.look().samples == 0
    got = b""
    for end in (10, 44, 45, 4096, 4097, 200_001, 300_044):
        path.write_bytes((unfinished() + data)[:end])
        look = tail.look()
        assert look.samples == max(0, end - 44) // 2
        got += b"".join(tail.take(look.samples))
    assert got == data


def test_tail_of_a_file_cut_behind_its_back(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(unfinished(bytes(1000)))
    tail = Tail(path, RATE)
    samples = tail.look().samples
    os.truncate(path, 100)
    with pytest.raises(AudioError, match="56 of 1000 bytes"):
        list(tail.take(samples))


def test_named_bytes_of_a_file_without_header(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF")
    with pytest.raises(AudioError, match="4 bytes hold no WAV header"):
        named_bytes(path)
