"""Levels of open tracks: read from the files while they grow, for whoever looks, and not otherwise."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bridge.desk.feed import Feed
from bridge.desk.ports import Sound
from bridge.station.levels import LEGS_LIMIT, Levels
from tests.desk.page_rig import wav

LOUD, SOFT = 16384, 3277


def grow(path: Path, level: int, seconds: float) -> None:
    count = round(8000 * seconds)
    with path.open("ab") as file:
        file.write(struct.pack(f"<{count}h", *([level, -level] * (count // 2))))


def test_peaks_follow_the_file(tmp_path: Path) -> None:
    """Ten a second of the last half minute, each the largest sample of its tenth; still when the file stands still."""
    feed = Feed()
    tracks = {"c/side-1": wav(tmp_path / "a.wav", b"")}
    levels = Levels(feed, lambda: tracks)
    stop = feed.listen(lambda: None)

    def value() -> Any:
        return feed.value("level/c/side-1")

    grow(tracks["c/side-1"].path, LOUD, 0.25)
    levels.look(10.0)
    assert value() == {"to_sample": 1600, "peaks": [500, 500], "now_permille": 500, "age_ms": 0}
    grow(tracks["c/side-1"].path, SOFT, 0.25)
    levels.look(10.2)
    assert value()["peaks"] == [500, 500, 500, 100, 100]
    number = feed.number("level/c/side-1")
    levels.look(11.0)
    assert feed.number("level/c/side-1") == number, "nothing new, nothing sent"
    levels.look(13.3)
    assert value()["age_ms"] == 3000
    grow(tracks["c/side-1"].path, SOFT, 60)
    levels.look(13.5)
    assert (len(value()["peaks"]), value()["to_sample"], value()["age_ms"]) == (300, 484_000 // 800 * 800, 0)
    tracks.clear()
    levels.look(14.0)
    assert value() is None
    stop()


def test_four_legs_and_those_that_can_be_read(tmp_path: Path) -> None:
    """The newest; a track that is none has no level."""
    feed = Feed()
    tracks = {f"c/side-{number}": wav(tmp_path / f"{number}.wav", b"") for number in range(LEGS_LIMIT + 1)}
    odd = tmp_path / "odd.wav"
    odd.write_bytes(b"no audio at all, but long enough to be read as a head......")
    tracks["c/side-4"] = Sound(odd, 8000)
    stop = feed.listen(lambda: None)
    Levels(feed, lambda: tracks).look(1.0)
    assert sorted(feed.state()[1]) == ["level/c/side-1", "level/c/side-2", "level/c/side-3"]
    stop()


def test_nobody_looks_nothing_is_read(tmp_path: Path, wait_until: Callable[..., None]) -> None:
    """The thread works for open pages only, and ends when it is told to."""
    feed = Feed()
    tracks = {"c/side-1": wav(tmp_path / "a.wav", b"")}
    grow(tracks["c/side-1"].path, LOUD, 1)
    levels = Levels(feed, lambda: tracks)
    levels.look(1.0)
    assert feed.n == 0
    stop = feed.listen(lambda: None)
    levels.start()
    wait_until(lambda: feed.value("level/c/side-1") is not None, what="a level")
    stop()
    wait_until(lambda: feed.value("level/c/side-1") is None, what="no level")
    levels.stop()
