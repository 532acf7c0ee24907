"""The data folder of one station: where everything lies, that it can be written to, and that only one station uses it.

It decides no names of recordings or journal kinds; the layout is the one of docs/design/journals.md.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from bridge.base.errors import SetupError

SOCKET_PATH_LIMIT_BYTES = 107
"""Longest path of a local socket, unix(7): 108 bytes with the closing zero."""
PROBE_BYTES = 1 << 20
"""Written and synced to see that the disk takes data: more than a file system keeps back for its own tables."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Paths below one data folder. Making one touches nothing."""

    root: Path

    @property
    def lock(self) -> Path:
        return self.root / "station.lock"

    @property
    def line_socket(self) -> Path:
        return self.root / "line.sock"

    @property
    def desk_socket(self) -> Path:
        return self.root / "desk.sock"

    @property
    def webphone_socket(self) -> Path:
        return self.root / "webphone.sock"

    @property
    def line_journal(self) -> Path:
        return self.root / "journal" / "line.jsonl"

    @property
    def speech_journal(self) -> Path:
        return self.root / "journal" / "speech.jsonl"

    @property
    def recordings(self) -> Path:
        return self.root / "recordings"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger.db"

    @property
    def search(self) -> Path:
        """Derived from the ledger; may be removed while no station runs."""
        return self.root / "search.db"

    @property
    def accounts(self) -> Path:
        return self.root / "accounts.db"

    @property
    def keys(self) -> Path:
        return self.root / "keys"


def prepare(root: Path) -> Folder:
    """Make the folder and its parts, and prove by a written and synced probe that the disk takes data.

    Raises:
        SetupError: it cannot be made or written, the disk is full, or the path is too long for a local socket.
    """
    folder = Folder(root.absolute())
    length = len(os.fsencode(folder.webphone_socket))
    if length > SOCKET_PATH_LIMIT_BYTES:
        raise SetupError(
            f"path of a local socket has {length} bytes, at most {SOCKET_PATH_LIMIT_BYTES} are possible",
            str(folder.webphone_socket),
            "Give a shorter folder with --data.",
        )
    try:
        for part in (folder.root, folder.line_journal.parent, folder.recordings):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
        _probe(folder.root)
    except OSError as error:
        raise SetupError(f"data folder {_reason(error)}", str(folder.root), _remedy(error)) from error
    return folder


def _probe(root: Path) -> None:
    path = root / f".probe-{os.getpid()}"
    try:
        with path.open("wb") as file:
            file.write(bytes(PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    finally:
        with contextlib.suppress(OSError):  # on a read-only disk there is no probe to remove; the write has said why
            path.unlink(missing_ok=True)


def _reason(error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "is on a full disk"
        case errno.EROFS:
            return "is on a read-only disk"
        case errno.EACCES | errno.EPERM:
            return "may not be written by this user"
        case errno.ENOTDIR | errno.EEXIST:
            return "is not a folder"
    return f"cannot be written: {error.strerror}"


def _remedy(error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "Free at least a gigabyte there, or give another folder with --data."
        case errno.EACCES | errno.EPERM:
            return "Give this user the right to write there, or give another folder with --data."
    return "Give a folder on a writable local disk with --data."


class StationLock:
    """The claim of one running station on its data folder; the kernel drops it when the process ends, however."""

    def __init__(self, folder: Folder) -> None:
        """Take the lock at once or not at all.

        Raises:
            SetupError: another station holds it, or the file cannot be opened.
        """
        try:
            self._fd = os.open(folder.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise SetupError(f"lock file {_reason(error)}", str(folder.lock), _remedy(error)) from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = os.pread(self._fd, 20, 0).decode("ascii", "replace").strip()
            os.close(self._fd)
            raise SetupError(
                f"another station already runs on this data folder (process {owner or 'unknown'})",
                str(folder.root),
                "End it first, or give another folder with --data.",
            ) from error
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode("ascii"), 0)

    def release(self) -> None:
        """Give the folder free; the file stays, because removing it would race with the next owner."""
        os.close(self._fd)


def is_running(folder: Folder) -> bool:
    """Whether a station holds the folder right now."""
    try:
        fd = os.open(folder.lock, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False  # no lock file, or one we may not open: no station of ours
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def listens(path: Path) -> bool:
    """Whether a process takes connections on a local socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except OSError:
            return False  # not made yet, or left by a process that is gone
    return True
