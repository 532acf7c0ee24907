"""Brings the journals of line and speech into the ledger, in order and exactly once, and into the picture after that.

What is shown was written down before. How far a journal has been read is stored with the entries in one transaction,
so a restart at any point continues where it stood. A journal that is not the one read so far is not read on: that is
said loudly, because what was in between is gone.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from bridge.base.errors import SequenceError, StorageError, WireError
from bridge.base.log import logger
from bridge.base.wire import ENTRY_LIMIT_BYTES, Entry, Follower, decode, encode
from bridge.desk.picture import SHOWN_ONLY, Picture
from bridge.ledger.entry import Record
from bridge.ledger.store import Place, Store

RECALLED_BYTES = 1_048_576
"""Of each journal, before the entry that was read last: minutes of what was shown and is not in the ledger."""
BATCH = 500
"""Entries in one transaction: a long backlog must not hold the disk for seconds."""
LEDGER = "ledger"
"""Name of the ledger among the troubles."""
_MARKS = {kind: f'"kind":"{kind}"'.encode() for kind in SHOWN_ONLY}
"""What a line of such an entry holds: the others need not be read."""


class Intake:
    """Owned by one thread. `step` is called again and again; it never blocks longer than one batch takes."""

    def __init__(
        self,
        journals: dict[str, Path],
        open_store: Callable[[], Store],
        watch: Callable[[Entry], None] = lambda entry: None,
    ) -> None:
        """Open the ledger and recall the picture.

        Args:
            journals: the sources of the ledger and their files.
            open_store: opens the ledger; called again after a failure.
            watch: told of each entry once it is in the ledger, or need not be there.

        Raises:
            StorageError: the ledger cannot be opened.
            SequenceError: an entry of the ledger is missing or was changed.
            WireError: an entry of the ledger is damaged.
        """
        self.picture = Picture()
        self.troubles: dict[str, str] = {}
        """Why the ledger does not grow, as error codes by journal, or by `ledger` itself; shown to the operator."""
        self._journals = journals
        self._open_store = open_store
        self._watch = watch
        self._store = open_store()
        self._followers: dict[str, Follower] = {}
        self._log = logger("desk")
        self._recall()

    @property
    def length(self) -> int:
        """Entries in the ledger."""
        return self._store.length

    @property
    def store(self) -> Store:
        """The open ledger; another one after a failure."""
        return self._store

    def ledger_failed(self, error: StorageError) -> None:
        """Somebody else's write failed: open the ledger again before anything more is written."""
        self._fail(LEDGER, error.code)
        self._followers.clear()

    def _recall(self) -> None:
        """The picture since the line last started, from the ledger; what was only shown, from the journals' ends.

        A word that was firm and was taken back must stay struck, and a sentence that is being said must not be gone.
        """
        shown = {source: self._shown(source, path) for source, path in self._journals.items()}
        for item in self._store.read(max(0, self._store.last_of("LineStarted") - 1)):
            for source, entries in shown.items():
                while entries and _is_before(entries[0], source, item):
                    self._show_again(entries.popleft())
            self.picture.take(entry_of(item))
        for entries in shown.values():
            for entry in entries:
                self._show_again(entry)

    def _show_again(self, entry: Entry) -> None:
        # What was said before the line last started is not in the picture, and neither are its legs.
        if entry.data.get("leg") in self.picture.legs:
            self.picture.take(entry)

    def _shown(self, source: str, path: Path) -> deque[Entry]:
        """Entries near the end of what was read of a journal that the ledger does not keep. None: they are lost."""
        place = self._store.place(source)
        if place is None:
            return deque()
        begin = max(0, place.offset - RECALLED_BYTES)
        try:
            with path.open("rb") as file:
                file.seek(begin)
                read = file.read(place.offset - begin) + file.readline(ENTRY_LIMIT_BYTES)
            lines = read.splitlines()[1 if begin else 0 :]  # the first one is cut
            entries = [decode(line) for line in lines if any(_MARKS[kind] in line for kind in SHOWN_ONLY)]
        except (OSError, WireError):
            return deque()  # `step` meets the same journal and says what is wrong with it
        return deque(entry for entry in entries if entry.seq <= place.seq and entry.kind in SHOWN_ONLY)

    def step(self) -> int:
        """Take what is new, at most one batch of each journal; how many entries were taken."""
        count = 0
        for source, path in self._journals.items():
            if LEDGER in self.troubles and not self._reopen():
                break
            try:
                count += self._take(source, path)
            except StorageError as error:
                self.ledger_failed(error)
            except (WireError, SequenceError) as error:
                self._fail(source, error.code)
            except OSError as error:
                self._fail(source, f"errno-{error.errno}")
            else:
                self.troubles.pop(source, None)
        return count

    def _fail(self, what: str, code: str) -> None:
        """Note it, and begin again from what the ledger has."""
        self._log.error("journal is not brought into the ledger", what=what, code=code)
        self.troubles[what] = code
        self._followers.pop(what, None)

    def _reopen(self) -> bool:
        """After a failure what reached the disk is unknown: read it again from the ledger."""
        self._store.close()
        try:
            self._store = self._open_store()
        except StorageError as error:
            self._log.error("ledger cannot be opened", code=error.code)
            return False
        del self.troubles[LEDGER]
        return True

    def _take(self, source: str, path: Path) -> int:
        if source not in self._followers:
            self._followers[source] = self._follow(source, path)
        follower = self._followers[source]
        batch = _batch(follower)
        if not batch:
            return 0
        _sync(path)
        digest = hashlib.sha256(encode(batch[-1])).digest()
        place = Place(source, follower.seq, follower.line_at, digest)
        self._store.append(place, [entry for entry in batch if entry.kind not in SHOWN_ONLY])
        for entry in batch:
            self.picture.take(entry)
            self._watch(entry)
        return len(batch)

    def _follow(self, source: str, path: Path) -> Follower:
        """Continue where the ledger stands.

        Raises:
            SequenceError: the journal does not hold the entry that was read last.
        """
        place = self._store.place(source)
        if place is None:
            return Follower(path)
        follower = Follower(path, place.seq - 1, place.offset)
        known = next(follower.read(), None)
        if known is None or hashlib.sha256(encode(known)).digest() != place.digest:
            raise SequenceError(f"journal {source} does not hold the entry {place.seq} that was read from it")
        return follower

    def close(self) -> None:
        self._store.close()


def _is_before(entry: Entry, source: str, item: Record) -> bool:
    return entry.seq < item.source_seq if item.source == source else entry.utc < item.utc


def _batch(follower: Follower) -> list[Entry]:
    """The next entries; those before a damaged one come first, the damage is met again at the next call."""
    batch: list[Entry] = []
    try:
        batch.extend(islice(follower.read(), BATCH))
    except (WireError, SequenceError):
        if not batch:
            raise
    return batch


def _sync(path: Path) -> None:
    """Make the journal itself durable first: an entry must not outlive in the ledger a power cut that it does not
    survive where it was written."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fdatasync(fd)
    finally:
        os.close(fd)


def entry_of(item: Record) -> Entry:
    """The journal's entry, as it was before it came into the ledger."""
    return Entry(item.source_seq, item.utc, item.mono_ns, item.sync, item.kind, item.data)
