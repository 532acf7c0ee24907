"""The index of words: what was added is found, newest first; one that is damaged or of another form is made anew."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.base.errors import StorageError
from bridge.ledger.index import Doc, Index, Wanted

TEXTS = ("speed nine knots", "two vessels", "speed nineteen knots", "نمیشوند", "speed nine again")
ALL = 10**9


def doc(number: int, text: str, kind: str = "transcript", language: str = "en", apart: str = "") -> Doc:
    utc = f"2026-11-23T10:0{number}:00.000000Z"
    return Doc(number, kind, utc, language, {"leg": f"c/side-{number}"}, text.upper(), text, apart)


def wanted(*words: str, **rest: object) -> Wanted:
    return Wanted(tuple((word,) for word in words), **rest)  # type: ignore[arg-type]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    made = Index(tmp_path / "search.db")
    made.add([doc(n, text) for n, text in enumerate(TEXTS, 1)], 7, "m7")
    yield made
    made.close()


def test_whole_words_newest_first(index: Index) -> None:
    """With all that was kept of each; a lower limit of ids is the next page."""
    found = index.whole(wanted("speed", "nine"), ALL, 10)
    assert [(one.seq, one.text, one.place) for one in found] == [
        (5, "SPEED NINE AGAIN", {"leg": "c/side-5"}),
        (1, "SPEED NINE KNOTS", {"leg": "c/side-1"}),
    ]
    assert [one.seq for one in index.whole(wanted("speed"), ALL, 1)] == [5]
    assert [one.seq for one in index.whole(wanted("speed"), found[0].id, 10)] == [3, 1]
    assert [one.seq for one in index.whole(Wanted((("two vessels",),)), ALL, 10)] == [2]
    assert index.whole(Wanted((("vessels two",),)), ALL, 10) == []


def test_parts_of_words(index: Index) -> None:
    """Only where the word itself does not stand; a short word must stand as a whole."""
    assert [one.seq for one in index.parts(wanted("nine"), ALL, 10)] == [3]
    assert [one.seq for one in index.parts(wanted("essel"), ALL, 10)] == [2]
    assert [one.seq for one in index.parts(wanted("kno", "speed"), ALL, 10)] == [3, 1]
    index.add([doc(6, "course by kno"), doc(7, "course knotted")], 9, "m9")
    assert [one.seq for one in index.parts(wanted("ourse", "by"), ALL, 10)] == [6]
    assert index.parts(wanted("by"), ALL, 10) == []


def test_either_form_of_a_phrase(index: Index) -> None:
    """Joined or apart."""
    index.add([doc(6, "وارد نمیشوند", apart="وارد نمی شوند")], 8, "m8")
    assert [one.seq for one in index.whole(Wanted((("نمی شوند", "نمیشوند"),)), ALL, 10)] == [6, 4]
    assert [one.seq for one in index.whole(Wanted((("نمی شوند",),)), ALL, 10)] == [6]


def test_filters(index: Index) -> None:
    """Kind, language and time, one by one."""
    index.add([doc(6, "speed nine", kind="sealed", language="fa")], 8, "m8")
    assert [one.seq for one in index.whole(wanted("speed", kinds=("sealed", "note")), ALL, 9)] == [6]
    assert [one.seq for one in index.whole(wanted("speed", language="en"), ALL, 9)] == [5, 3, 1]
    span = {"from_utc": "2026-11-23T10:03:00.000000Z", "to_utc": "2026-11-23T10:05:00.000000Z"}
    assert [one.seq for one in index.whole(wanted("speed", **span), ALL, 9)] == [3]


@pytest.mark.parametrize("typed", ['"', "a OR b", "*", "NEAR(a b)", "joined:speed", "'; DROP TABLE docs; --", "^speed"])
def test_signs_mean_nothing(index: Index, typed: str) -> None:
    """What FTS5 and SQL have signs for is looked for as words."""
    assert index.whole(wanted(typed), ALL, 9) == (
        [] if typed not in ("^speed",) else index.whole(wanted("speed"), ALL, 9)
    )
    assert index.parts(wanted(typed), ALL, 9) == []
    assert len(index.whole(wanted("speed"), ALL, 9)) == 3


def test_nothing_wanted_is_nothing_found(index: Index) -> None:
    assert index.whole(Wanted(()), ALL, 9) == [] and index.parts(Wanted(()), ALL, 9) == []


def test_it_knows_how_far_it_is(index: Index, tmp_path: Path) -> None:
    """Opened again it goes on; cleared it begins anew."""
    index.close()
    again = Index(tmp_path / "search.db")
    assert (again.at, again.mark, len(again.whole(wanted("speed"), ALL, 9))) == (7, "m7", 3)
    again.clear()
    assert (again.at, again.mark, again.whole(wanted("speed"), ALL, 9)) == (0, "", [])
    again.close()


@pytest.mark.parametrize("damage", [b"no database at all", b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_damaged_one_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "search.db"
    path.write_bytes(damage)
    made = Index(path)
    assert (made.at, made.whole(wanted("speed"), ALL, 9)) == (0, [])
    made.close()


def test_one_of_another_form_is_made_anew(index: Index, tmp_path: Path) -> None:
    index.close()
    with sqlite3.connect(tmp_path / "search.db") as raw:
        raw.execute("UPDATE state SET form = 0")
    raw.close()
    made = Index(tmp_path / "search.db")
    assert (made.at, made.whole(wanted("speed"), ALL, 9)) == (0, [])
    made.close()


def test_it_is_for_the_stations_user_alone(index: Index, tmp_path: Path) -> None:
    """It holds the parties' words."""
    assert stat.S_IMODE((tmp_path / "search.db").stat().st_mode) == 0o600


def test_a_disk_that_refuses(tmp_path: Path) -> None:
    """Said as what it is; nothing else breaks."""
    with pytest.raises(StorageError):
        Index(tmp_path / "none" / "search.db")
