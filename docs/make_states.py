"""Makes docs/states.md from the tables of moves; `--check` only compares.

A table is `MOVES: dict[State, dict[type[Event], State]]` of a module; the page shows every state with what can happen
in it and where that leads. What else must be true for a move is in the module, not in the table.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from bridge.lines import leg
from bridge.relay import giving_states, taking_states
from bridge.station import keeping

PAGE = Path(__file__).with_name("states.md")
HEAD = """# States

Every machine changes its state by its table of moves and by nothing else. An event that is not in the row of the
present state is refused and changes nothing. This page is made by `make docs` from the tables.
"""
Name = TypeVar("Name", bound=enum.Enum)
Happening = TypeVar("Happening")


def page() -> str:
    """The whole page."""
    tables = [
        _table("A message at its originator's station", "bridge/relay/taking_states.py", taking_states.MOVES),
        _table("A message at the addressee's station", "bridge/relay/giving_states.py", giving_states.MOVES),
        _table("A leg of a line", "bridge/lines/leg.py", leg.MOVES),
        _table("A process of a station", "bridge/station/keeping.py", keeping.MOVES),
    ]
    return "\n".join([HEAD, *tables])


def _table(title: str, place: str, moves: Mapping[Name, Mapping[type[Happening], Name]]) -> str:
    rows = [f"## {title}", "", f"`{place}`", "", "| state | what happens | next |", "|---|---|---|"]
    for state, row in moves.items():
        if not row:
            rows.append(f"| {state.name} | (ends here) | |")
        for target in (one for one in type(state) if one in row.values()):
            events = ", ".join(sorted(event.__name__ for event, leads_to in row.items() if leads_to is target))
            rows.append(f"| {state.name} | {events} | {'stays' if target is state else target.name} |")
    return "\n".join([*rows, ""])


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        if PAGE.read_text(encoding="utf-8") != page():
            raise SystemExit("docs/states.md is not current: run `make docs`")
    else:
        PAGE.write_text(page(), encoding="utf-8")
