"""The sections that every page shows, each with the number of its last change, and who wants to hear of changes.

What is kept is the newest version of each section, so a slow reader loses versions and never waits in a queue. It knows
nothing of what the sections mean. Several threads may write, each its own names; any may read.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bridge.base.wire import Value

GONE_KEPT = 4096
"""Names of removed sections that are remembered; whoever was away for longer is sent everything."""


@dataclass(frozen=True, slots=True)
class Change:
    n: int
    name: str
    value: Value
    """None: the section is gone."""


class Feed:
    def __init__(self, boot: str = "") -> None:
        self.boot = boot or secrets.token_hex(8)
        """Names this run: numbers of another one mean nothing here."""
        self._lock = threading.Lock()
        self._n = 0
        self._sections: dict[str, Change] = {}
        """In the order of their last change."""
        self._gone: dict[str, int] = {}
        self._forgotten = 0
        """Number of the newest removal that is remembered no more."""
        self._readers: set[Callable[[], None]] = set()

    @property
    def n(self) -> int:
        return self._n

    @property
    def has_readers(self) -> bool:
        return bool(self._readers)

    def put(self, changes: Mapping[str, Value]) -> int:
        """Replace sections, None to remove one; what did not change gets no new number. How many did."""
        with self._lock:
            before = self._n
            for name, value in changes.items():
                self._put(name, value)
            changed = self._n - before
            readers = list(self._readers) if changed else []
        for tell in readers:
            tell()
        return changed

    def _put(self, name: str, value: Value) -> None:
        known = self._sections.get(name)
        if value is None:
            if known is not None:
                self._n += 1
                del self._sections[name]
                self._gone[name] = self._n
                if len(self._gone) > GONE_KEPT:
                    oldest = next(iter(self._gone))
                    self._forgotten = self._gone.pop(oldest)
        elif known is None or (known.value is not value and known.value != value):
            self._n += 1
            self._sections.pop(name, None)
            self._gone.pop(name, None)
            self._sections[name] = Change(self._n, name, value)

    def value(self, name: str) -> Value:
        """One section; None if there is none."""
        known = self._sections.get(name)
        return None if known is None else known.value

    def number(self, name: str) -> int:
        """Of the last change of a section, its removal included; 0 if nothing is known of it."""
        known = self._sections.get(name)
        return self._gone.get(name, 0) if known is None else known.n

    def state(self) -> tuple[int, dict[str, Value]]:
        """The number by now, and all sections."""
        with self._lock:
            return self._n, {name: change.value for name, change in self._sections.items()}

    def knows(self, boot: str, since: int) -> bool:
        """Whether `changes` since a number of a run is all that a reader lacks."""
        return boot == self.boot and self._forgotten <= since <= self._n

    def changes(self, since: int) -> tuple[int, list[Change]]:
        """What changed after a number, in order, each section once; and the number by now."""
        with self._lock:
            found = []
            for change in reversed(self._sections.values()):
                if change.n <= since:
                    break
                found.append(change)
            removed: Iterable[Change] = (Change(n, name, None) for name, n in self._gone.items() if n > since)
            return self._n, sorted((*found, *removed), key=lambda one: one.n)

    def listen(self, tell: Callable[[], None]) -> Callable[[], None]:
        """Have `tell` called after each change, by the thread that made it; it must not wait. Returns how to stop."""
        with self._lock:
            self._readers.add(tell)

        def stop() -> None:
            with self._lock:
                self._readers.discard(tell)

        return stop


class Publisher:
    """One writer's sections as a whole: what it no longer names is gone."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._names: set[str] = set()

    def show(self, sections: Mapping[str, Value]) -> None:
        gone = self._names - sections.keys()
        self._names = set(sections)
        self._feed.put({**dict.fromkeys(gone), **sections})
