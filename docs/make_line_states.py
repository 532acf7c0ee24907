"""Writes docs/line-states.md from the tables in the code: the states of a leg and the phases of a call.

Run it after a change of `MOVES`; a test compares the page with the tables.
"""

from __future__ import annotations

from pathlib import Path

from bridge.lines import leg, phase

PAGE = Path(__file__).parent / "line-states.md"
_HEAD = """# States of a leg and phases of a call

Made by `docs/make_line_states.py` from `MOVES` in `bridge/lines/leg.py` and `bridge/lines/phase.py`. Do not edit.
"""
_LEG = """
## A leg

One leg is our side of one SIP dialog. A row is a state, a column what happened; an empty cell is refused and changes
nothing. `ENDED` accepts nothing.
"""
_CALL = """
## A call

One call is all legs of one attempt. Every change that is not in this table stops the line process as a bug.
"""


def page() -> str:
    return "\n".join([_HEAD + _LEG, *_leg_table(), _CALL, *_call_table(), ""])


def _leg_table() -> list[str]:
    kinds = list(dict.fromkeys(kind for row in leg.MOVES.values() for kind in row))
    rows = [
        [f"`{state.name}`", *(f"`{moves[kind].name}`" if kind in moves else "" for kind in kinds)]
        for state, moves in leg.MOVES.items()
    ]
    return _table(["state", *(f"`{kind.__name__}`" for kind in kinds)], rows)


def _call_table() -> list[str]:
    rows = [
        [f"`{before.name}`", ", ".join(f"`{after.name}`" for after in phase.Phase if after in moves)]
        for before, moves in phase.MOVES.items()
    ]
    return _table(["phase", "may become"], rows)


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return [_row(head), _row(["---"] * len(head)), *map(_row, rows)]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
