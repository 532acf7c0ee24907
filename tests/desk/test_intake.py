"""From the journals into the ledger: in order, exactly once, whatever is restarted or damaged when."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge.base.clock import ManualClock
from bridge.base.errors import StorageError
from bridge.base.wire import Journal, Value
from bridge.desk.intake import BATCH, Intake
from bridge.ledger.store import Store, sqlite_url

Opener = Callable[[], Intake]


class Desk:
    """A folder with both journals and a ledger."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = ManualClock()
        self.line = Journal(folder / "line.jsonl", self.clock)
        self.speech = Journal(folder / "speech.jsonl", self.clock)
        self.url = sqlite_url(folder / "ledger.db")
        self.broken = False
        self._opened: list[Intake] = []

    def store(self) -> Store:
        if self.broken:
            raise StorageError("no disk")
        return Store(self.url)

    def intake(self) -> Intake:
        journals = {"line": self.folder / "line.jsonl", "speech": self.folder / "speech.jsonl"}
        self._opened.append(Intake(journals, self.store))
        return self._opened[-1]

    def kept(self, source: str) -> list[int]:
        store = Store(self.url)
        found = [item.source_seq for item in store.read() if item.source == source]
        store.close()
        return found

    def close(self) -> None:
        for intake in self._opened:
            intake.close()
        self.line.close()
        self.speech.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def test_everything_but_partials_is_kept(desk: Desk) -> None:
    """Partials are shown and not kept; numbers stay those of their journal."""
    desk.line.append("LineStarted", {})
    desk.speech.append("Partial", {"leg": "x", "utterance": "1", "text": "two"})
    desk.speech.append("Final", {"leg": "x", "utterance": "1", "text": "two vessels"})
    desk.speech.append("Partial", {"leg": "x", "utterance": "2", "text": "next"})
    intake = desk.intake()
    assert intake.step() == 4
    assert (desk.kept("line"), desk.kept("speech")) == ([1], [2])
    assert [caption.text for caption in intake.picture.captions] == ["two vessels", "next"]
    assert intake.step() == 0


def test_exactly_once_over_restarts(desk: Desk) -> None:
    """Killed and started again at any point, also between two partials: each entry once, in order."""
    random.seed(seed := random.randrange(10**6))
    intake = desk.intake()
    for _ in range(60):
        match random.randrange(4):
            case 0:
                desk.line.append("Answered", {"leg": "x"})
            case 1:
                desk.speech.append("Partial", {"leg": "x", "utterance": "1", "text": "a"})
            case 2:
                intake.step()
            case 3:
                intake = desk.intake()
    while intake.step():
        pass
    assert desk.kept("line") == list(range(1, desk.line.seq + 1)), f"seed {seed}"
    assert desk.kept("speech") == []


def test_a_long_backlog_comes_in_pieces(desk: Desk) -> None:
    """One step is one batch, so that the page answers meanwhile."""
    path = desk.folder / "line.jsonl"
    desk.line.append("Answered", {"leg": "x"})
    line = path.read_bytes()
    with path.open("ab") as file:
        for number in range(2, 2 * BATCH + 2):
            file.write(line.replace(b'"seq":1,', b'"seq":%d,' % number))
    intake = desk.intake()
    assert [intake.step(), intake.step(), intake.step(), intake.step()] == [BATCH, BATCH, 1, 0]
    assert desk.kept("line") == list(range(1, 2 * BATCH + 2))


def test_a_restart_remembers_the_picture(desk: Desk) -> None:
    """What was shown since the line started is shown again, from the ledger alone."""
    desk.line.append("LineStarted", {})
    desk.line.append("TrunkDown", {})
    desk.line.append("LineStarted", {})
    desk.line.append("TrunkUp", {})
    desk.intake().step()
    (desk.folder / "line.jsonl").rename(desk.folder / "away")
    assert desk.intake().picture.trunk == "up"


def heard(desk: Desk, number: int, text: str, *, kind: str = "Partial", call: str = "c") -> None:
    """Two words firm while it grows."""
    known: dict[str, Value] = {"leg": f"{call}/side-1", "utterance": number, "from_sample": 0, "text": text}
    rest: dict[str, Value] = {"heard_to_sample": 800, "firm_words": 2}
    if kind == "Final":
        rest = {"to_sample": 800, "words": [], "engine": "moonshine", "unclear": False}
    desk.speech.append(kind, {**known, **rest})


def test_a_restart_shows_what_was_only_shown(desk: Desk) -> None:
    """A firm word that was taken back stays struck, a sentence that grows is there; an earlier line's are not."""
    heard(desk, 9, "on another line", call="b")
    desk.intake().step()
    desk.line.append("LineStarted", {})
    desk.line.append("Invited", {"call": "c", "leg": "c/side-1", "role": "side"})
    track: dict[str, Value] = {"leg": "c/side-1", "language": "en", "rate_hz": 8000, "t0_utc": desk.clock.now().utc}
    desk.line.append("TrackOpened", track)
    intake = desk.intake()
    intake.step()
    heard(desk, 1, "speed nine knots")
    heard(desk, 1, "speed five knots", kind="Final")
    heard(desk, 2, "they will")
    intake.step()
    shown = intake.picture.words.sections
    again = desk.intake().picture.words.sections
    assert again == shown
    assert [(one["was"], one["now"]) for one in again["caption/c/side-1/1"]["revised"]] == [("nine", "five")]  # type: ignore[index, call-overload, union-attr]
    assert set(again) == {"caption/c/side-1/1", "caption/c/side-1/2"}


def test_a_restart_without_the_journal_shows_the_rest(desk: Desk) -> None:
    """Damaged or gone: what the ledger holds is shown, and what is wrong is said when it is read on."""
    desk.line.append("LineStarted", {})
    desk.line.append("Invited", {"call": "c", "leg": "c/side-1", "role": "side"})
    heard(desk, 1, "speed nine knots")
    desk.intake().step()
    path = desk.folder / "speech.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"seq":1', b'"seq":x'))
    intake = desk.intake()
    assert intake.picture.words.sections == {} and list(intake.picture.legs) == ["c/side-1"]
    intake.step()
    assert "speech" in intake.troubles


def test_another_journal_is_not_read_on(desk: Desk) -> None:
    """A replaced journal would hide what is missing: it is refused loudly; the right one is taken again."""
    path = desk.folder / "line.jsonl"
    for _ in range(3):
        desk.line.append("Answered", {"leg": "x"})
    desk.intake().step()
    path.rename(desk.folder / "right")
    for content in (b"", (desk.folder / "right").read_bytes().replace(b'"x"', b'"y"')):
        path.write_bytes(content)
        intake = desk.intake()
        assert intake.step() == 0
        assert intake.troubles == {"line": "sequence"}
    (desk.folder / "right").rename(path)
    desk.line.append("Answered", {"leg": "x"})
    assert intake.step() == 1
    assert intake.troubles == {}
    assert desk.kept("line") == [1, 2, 3, 4]


def test_a_damaged_entry_stops_the_journal_not_the_desk(desk: Desk) -> None:
    """What lies before the damage is kept; the trouble says which journal; the other journal goes on."""
    desk.line.append("Answered", {"leg": "x"})
    with (desk.folder / "line.jsonl").open("ab") as file:
        file.write(b"{damaged}\n")
    desk.speech.append("Final", {"leg": "x", "utterance": "1", "text": "two"})
    intake = desk.intake()
    for _ in range(3):
        intake.step()
    assert intake.troubles == {"line": "wire"}
    assert desk.kept("line") == [1]
    assert desk.kept("speech") == [1]


def test_a_disk_that_comes_back(desk: Desk) -> None:
    """While the ledger cannot be opened nothing new is shown; afterwards nothing is missing."""
    desk.line.append("LineStarted", {})
    intake = desk.intake()
    intake._store._failed = True
    desk.broken = True
    assert [intake.step(), intake.step()] == [0, 0]
    assert intake.troubles == {"ledger": "storage"}
    assert intake.picture.line == "unknown"
    desk.broken = False
    assert intake.step() == 1
    assert intake.picture.line == "started"
    assert desk.kept("line") == [1]
