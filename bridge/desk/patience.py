"""How long somebody waits who failed to sign in: nothing twice, then twice as long each time, at most five minutes.

Pure. Counted by name and address together, so that nobody can lock another out from elsewhere, and by address alone,
so that trying many names from one place is slow, too.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.base.clock import NS

FREE_OF_NAME = 3
"""Failures of one name from one address that cost nothing."""
FREE_OF_ADDRESS = 20
LONGEST_S = 300
FORGOTTEN_S = 900
"""Without a further failure they are forgotten."""
KEYS = 4096
"""Kept at most; the oldest go first, which costs a guesser his own patience only."""


@dataclass(slots=True)
class _Count:
    failures: int = 0
    last_ns: int = 0


@dataclass(slots=True)
class Patience:
    """Owned by one thread or event loop."""

    _counts: dict[tuple[str, str], _Count] = field(default_factory=dict)

    def wait_s(self, name: str, address: str, now_ns: int) -> int:
        """Whole seconds until the next try counts; 0: now. Times are monotonic nanoseconds."""
        return max(
            self._wait((name, address), FREE_OF_NAME, now_ns), self._wait(("", address), FREE_OF_ADDRESS, now_ns)
        )

    def failed(self, name: str, address: str, now_ns: int) -> int:
        """Note a failure; how many seconds the next try has to wait."""
        for key in ((name, address), ("", address)):
            count = self._counts.pop(key, None)
            if count is None or now_ns - count.last_ns > FORGOTTEN_S * NS:
                count = _Count()
            count.failures, count.last_ns = count.failures + 1, now_ns
            self._counts[key] = count
        while len(self._counts) > KEYS:
            del self._counts[next(iter(self._counts))]
        return self.wait_s(name, address, now_ns)

    def succeeded(self, name: str, address: str) -> None:
        self._counts.pop((name, address), None)

    def _wait(self, key: tuple[str, str], free: int, now_ns: int) -> int:
        count = self._counts.get(key)
        if count is None or count.failures < free:
            return 0
        wait_ns = min(1 << min(count.failures - free + 1, 20), LONGEST_S) * NS
        return max(0, -((now_ns - count.last_ns - wait_ns) // NS))
