"""The data folder: made, tried, locked."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.base.errors import SetupError
from bridge.station.folder import Folder, StationLock, is_running, listens, prepare


def test_makes_its_parts_and_leaves_no_probe(tmp_path: Path) -> None:
    """Twice is as good as once, and only the documented folders stay."""
    for _ in range(2):
        folder = prepare(tmp_path / "deep" / "us")
    assert sorted(path.name for path in folder.root.iterdir()) == ["journal", "recordings"]
    assert folder.root.stat().st_mode & 0o077 == 0


def test_paths_are_those_of_the_documented_layout() -> None:
    """docs/design/journals.md names them; other processes rely on it."""
    folder = Folder(Path("/d"))
    assert [str(p) for p in (folder.lock, folder.line_socket, folder.line_journal, folder.speech_journal)] == [
        "/d/station.lock",
        "/d/line.sock",
        "/d/journal/line.jsonl",
        "/d/journal/speech.jsonl",
    ]
    assert [str(p) for p in (folder.recordings, folder.ledger, folder.keys)] == [
        "/d/recordings",
        "/d/ledger.db",
        "/d/keys",
    ]


def test_too_long_for_a_socket(tmp_path: Path) -> None:
    """The limit of local sockets is found before anything is made."""
    root = tmp_path / ("x" * 120)
    with pytest.raises(SetupError, match="at most 107"):
        prepare(root)
    assert not root.exists()


def test_a_file_in_the_way(tmp_path: Path) -> None:
    """A path through a file is said with the path."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="is not a folder") as caught:
        prepare(tmp_path / "file" / "us")
    assert caught.value.where == str(tmp_path / "file" / "us")


_FULL = """
import resource, sys, signal
from pathlib import Path
from bridge.base.errors import SetupError
from bridge.station.folder import prepare
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    prepare(Path(sys.argv[1]))
except SetupError as error:
    print(error)
"""


def test_a_disk_that_takes_no_more(tmp_path: Path) -> None:
    """A write that fails is a refusal and leaves no probe (a limit of the process stands in for a full disk)."""
    done = subprocess.run([sys.executable, "-c", _FULL, str(tmp_path)], capture_output=True, text=True, check=True)
    assert "cannot be written: File too large" in done.stdout
    assert not list(tmp_path.glob(".probe*"))


_STRANGER = """
import os, sys
from pathlib import Path
from bridge.base.errors import SetupError
from bridge.station.folder import prepare
if os.geteuid() == 0:
    os.setuid(65534)
try:
    prepare(Path(sys.argv[1]))
except SetupError as error:
    print(error)
"""


def test_not_ours_to_write(tmp_path: Path) -> None:
    """A folder without the right to write is refused with that reason."""
    tmp_path.chmod(0o500)
    done = subprocess.run([sys.executable, "-c", _STRANGER, str(tmp_path)], capture_output=True, text=True, check=True)
    tmp_path.chmod(0o700)
    assert "may not be written by this user" in done.stdout


def test_read_only_disk() -> None:
    """/proc takes no folder from anybody."""
    with pytest.raises(SetupError, match=r"cannot be written|may not be written|read-only"):
        prepare(Path("/proc/hotline"))


def test_one_station_a_folder(tmp_path: Path) -> None:
    """The second is refused with the first one's number; once released it is free again."""
    folder = prepare(tmp_path)
    assert not is_running(folder)
    lock = StationLock(folder)
    assert is_running(folder)
    with pytest.raises(SetupError, match=f"process {os.getpid()}"):
        StationLock(folder)
    lock.release()
    assert not is_running(folder)
    StationLock(folder).release()


def test_a_killed_owner_leaves_no_claim(tmp_path: Path) -> None:
    """The kernel drops the lock with the process."""
    folder = prepare(tmp_path)
    code = (
        f"from pathlib import Path; from bridge.station.folder import *; StationLock(Folder(Path({str(tmp_path)!r})));"
    )
    done = subprocess.run([sys.executable, "-c", code + "import os; os.kill(os.getpid(), 9)"], check=False)
    assert done.returncode == -9
    StationLock(folder).release()


def test_listens(tmp_path: Path) -> None:
    """A socket file alone is nobody; somebody must take the connection."""
    path = tmp_path / "s"
    before = listens(path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        during = listens(path)
    assert (before, during, listens(path)) == (False, True, False)
