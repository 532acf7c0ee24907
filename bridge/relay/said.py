"""What was said of a message in one talk, and whether it is as sealed. Never changed, only replaced.

An alteration is overruled by nobody: it is corrected aloud and compared again. Where the machine doubts, a person's ear
decides. It compares nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from bridge.relay.commands import Command, CorrectAloud, ListenAgain
from bridge.relay.giving_events import Compared, Judged, Match, Part


@dataclass(frozen=True, slots=True)
class Said:
    """The last comparison of each part, and a person's judgement of it."""

    compared: tuple[Compared, ...] = ()
    judged: tuple[Judged, ...] = ()
    ticked: frozenset[str] = frozenset()
    """Critical items that a person heard in the read-back as they were sealed."""

    def comparison(self, part: Part) -> Compared | None:
        return next((one for one in self.compared if one.part is part), None)

    def without(self, *parts: Part) -> Said:
        """As if these parts had not been said: they are said again, or the line was lost."""
        compared = tuple(one for one in self.compared if one.part not in parts)
        judged = tuple(one for one in self.judged if one.part not in parts)
        return Said(compared, judged, frozenset() if Part.READ_BACK in parts else self.ticked)

    def corrected(self, part: Part) -> Said:
        """What was compared of a part counts no longer; items that were ticked stay so, the wrong one was not."""
        return Said(self.without(part).compared, self.without(part).judged, self.ticked)

    def with_comparison(self, event: Compared) -> Said:
        """A new comparison takes the place of the last one and of what was judged about it."""
        rest = self.corrected(event.part)
        return Said((*rest.compared, event), rest.judged, self.ticked)

    def with_judgement(self, event: Judged) -> Said:
        return Said(self.compared, (*self.judged, event), self.ticked)

    def with_tick(self, slot: str) -> Said:
        return Said(self.compared, self.judged, self.ticked | {slot})

    def is_in_doubt(self, part: Part) -> bool:
        found = self.comparison(part)
        return found is not None and found.match is Match.CHECK

    def is_as_sealed(self, part: Part) -> bool:
        """Whether a part was compared in full and is as sealed, by a person's ear where the machine doubted."""
        found = self.comparison(part)
        if found is None or not found.is_complete:
            return False
        heard = any(one.part is part for one in self.judged)
        return found.match in (Match.VERBATIM, Match.EQUIVALENT) or (found.match is Match.CHECK and heard)


def after_comparison(event: Compared) -> list[Command]:
    """What a comparison asks for."""
    match event.match:
        case Match.ALTERED:
            return [CorrectAloud(event.findings)]
        case Match.CHECK:
            return [ListenAgain(event.findings)]
    return []
