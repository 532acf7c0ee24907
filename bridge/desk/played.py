"""Which audio was given to whom, and what of it a person may therefore say to have played.

The seal waits until the originator's audio was played: heard again as it was recorded, not only while it was said. A
page says what ran through its loudspeaker; it cannot have run what it was never given. Pure: entries in, an answer out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.base.wire import Entry, Value
from bridge.desk.acts import Act, ActError
from bridge.relay.spans import Span, SpanError, uncovered, union

LISTENED = "Listened"
PLAYED = "Played"


@dataclass(slots=True)
class Given:
    """Owned by the thread that owns the ledger."""

    _of: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    """By person."""

    def forget(self) -> None:
        """The record is read from its beginning."""
        self._of.clear()

    def take(self, entry: Entry) -> None:
        """One entry of the desk."""
        person, span = entry.data.get("person"), _span(entry.data)
        if entry.kind == LISTENED and isinstance(person, str) and span is not None:
            self._of[person] = union((*self._of.get(person, ()), span))

    def check(self, act: Act) -> None:
        """Refuse to note as played what its person was never given; any other act may go on.

        Raises:
            ActError: `not-played`.
        """
        told = act.fields.get("span")
        span = _span(told) if isinstance(told, Mapping) else None
        if act.name != PLAYED or span is None:
            return  # one of another form is refused for that
        missing = uncovered((span,), self._of.get(act.person, ()))
        if missing:
            samples = sum(one.samples for one in missing)
            raise ActError("not-played", f"{samples} of {span.samples} samples were not given to {act.person}")


def _span(told: Mapping[str, Value]) -> Span | None:
    match told:
        case {"leg": str(leg), "from_sample": int(begin), "to_sample": int(end)}:
            try:
                return Span(leg, begin, end)
            except SpanError:
                return None
    return None
