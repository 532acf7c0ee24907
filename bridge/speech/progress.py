"""What a speech journal says was done: where each track goes on after a restart, and which finals wait for a check.

Only finals count as done. A partial that was written before a kill is a text that somebody saw; its utterance is
heard again and keeps its number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bridge.base.wire import Entry
from bridge.speech.results import Final, read_final


@dataclass(slots=True)
class Progress:
    """How far one leg's track has come."""

    heard_to: int = 0
    """End of the last utterance that is settled, as a final or as a failure."""
    utterance: int = 1
    """Number of the next one."""
    is_done: bool = False
    is_refused: bool = False
    """`NoRecognizer` was said."""
    unchecked: dict[int, Final] = field(default_factory=dict)
    """Finals without a check, by utterance."""


def read_progress(entries: Iterable[Entry]) -> dict[str, Progress]:
    """State of each leg after all entries.

    Raises:
        WireError: an entry lacks a field of its kind.
    """
    legs: dict[str, Progress] = {}
    for entry in entries:
        if entry.kind in _HANDLED:
            _apply(legs.setdefault(entry.text("leg"), Progress()), entry)
    return legs


_HANDLED = frozenset(("NoRecognizer", "Final", "Checked", "TrackTranscribed", "EngineFailed"))


def _apply(leg: Progress, entry: Entry) -> None:
    match entry.kind:
        case "NoRecognizer":
            leg.is_refused = True
        case "Final":
            final = read_final(entry)
            leg.heard_to, leg.utterance = final.to_sample, final.utterance + 1
            leg.unchecked[final.utterance] = final
        case "Checked":
            leg.unchecked.pop(entry.number("utterance"), None)
        case "TrackTranscribed":
            leg.is_done = True
        case _ if "utterance" in entry.data:  # a failure to load an engine names none
            leg.heard_to, leg.utterance = entry.number("to_sample"), entry.number("utterance") + 1
