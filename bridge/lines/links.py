"""Who hears whom in one call, and who is muted: the wish; the tap carries it out.

A muted leg keeps its links on paper, so that unmuting restores exactly what was there.
"""

from __future__ import annotations

from bridge.lines.events import Connect, Disconnect, Order, Write


class Links:
    """Directed links between the legs of one call. Owned by its exchange."""

    def __init__(self) -> None:
        self._links: set[tuple[str, str]] = set()
        self._muted: set[str] = set()

    def connect(self, source: str, to: str) -> list[Order]:
        """`to` hears `source` from now on."""
        if (source, to) in self._links:
            return []
        self._links.add((source, to))
        return [] if source in self._muted else _on(source, to)

    def cut(self, leg: str) -> list[Order]:
        """Nobody hears `leg`, and it hears nobody."""
        touched = sorted(link for link in self._links if leg in link)
        self._links.difference_update(touched)
        return [order for link in touched if link[0] not in self._muted for order in _off(*link)]

    def forget(self, leg: str) -> None:
        """The leg is gone and its links with it."""
        self._links = {link for link in self._links if leg not in link}
        self._muted.discard(leg)

    def mute(self, leg: str) -> list[Order]:
        if leg in self._muted:
            return []
        self._muted.add(leg)
        return [order for link in sorted(self._links) if link[0] == leg for order in _off(*link)]

    def unmute(self, leg: str) -> list[Order]:
        if leg not in self._muted:
            return []
        self._muted.discard(leg)
        return [order for link in sorted(self._links) if link[0] == leg for order in _on(*link)]


def _on(source: str, to: str) -> list[Order]:
    return [Write("Linked", {"from": source, "to": to}), Connect(source, to)]


def _off(source: str, to: str) -> list[Order]:
    return [Write("Unlinked", {"from": source, "to": to}), Disconnect(source, to)]
