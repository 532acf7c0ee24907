"""The list of calls, from entries alone."""

from __future__ import annotations

import pytest

from bridge.base.wire import Entry, Fields
from bridge.desk.calls import OPEN, LegRow, calls

pytestmark = pytest.mark.pure
CALL = "us-20261123T100512Z-3f9a"
SIDE, DESK = f"{CALL}/side-1", f"{CALL}/operator-1"


def entries(*steps: tuple[str, Fields]) -> list[Entry]:
    return [Entry(n, f"2026-11-23T10:05:{n:02}.000000Z", n, "unknown", *step) for n, step in enumerate(steps, 1)]


INVITED: tuple[str, Fields] = ("Invited", {"call": CALL, "leg": SIDE, "role": "side", "precedence": "FLASH"})
DIALLED: tuple[str, Fields] = ("Dialled", {"call": CALL, "leg": DESK, "role": "operator", "contact": "desk-a"})


def test_a_call_with_two_legs() -> None:
    """Legs in order, with who, how urgent, how it ended, how long, and where the recording is."""
    (row,) = calls(
        entries(
            INVITED,
            ("TrackOpened", {"leg": SIDE, "path": "2026/11/23/x.wav"}),
            DIALLED,
            ("Answered", {"leg": SIDE}),
            ("LegEnded", {"leg": DESK, "outcome": "no-answer", "talk_ms": 0}),
            ("LegEnded", {"leg": SIDE, "outcome": "answered", "talk_ms": 8100}),
        )
    )
    began = "2026-11-23T10:05:0{}.000000Z".format
    assert (row.call, row.began_utc) == (CALL, began(1))
    assert row.legs == [
        LegRow(SIDE, "side", "", began(1), "FLASH", True, "answered", 8100, "2026/11/23/x.wav"),
        LegRow(DESK, "operator", "desk-a", began(3), "", False, "no-answer", 0, ""),
    ]


def test_what_is_open_and_what_a_dead_process_left() -> None:
    """Open until ended; after a new start of the line nobody can say."""
    assert calls(entries(INVITED))[0].legs[0].outcome == OPEN
    ended: tuple[str, Fields] = ("LegEnded", {"leg": DESK, "outcome": "busy", "talk_ms": 0})
    (row,) = calls(entries(INVITED, DIALLED, ended, ("LineStarted", {}), ("Answered", {"leg": SIDE})))
    assert [leg.outcome for leg in row.legs] == ["cannot-say", "busy"]
    assert not row.legs[0].answered


@pytest.mark.parametrize("kind", ["Invited", "TrackOpened", "Answered", "LegEnded", "CallEnded"])
def test_entries_that_do_not_fit_are_passed_over(kind: str) -> None:
    """Missing fields and unknown legs break no list."""
    (row,) = calls(entries((kind, {}), (kind, {"leg": "other", "path": ""}), INVITED))
    assert row.call == CALL
