"""Who gave what a return slip says: named, with role and authority, or shown as not stated."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.agreed import NOTHING
from bridge.relay.authority import Doubt, doubts
from bridge.relay.commands import Blocker
from bridge.relay.giving_states import State
from bridge.relay.records import PREFIX, Record, from_fields, to_fields
from bridge.relay.remarks import remarks
from bridge.relay.replay import Relay
from bridge.relay.returns import NOBODY, Outcome, Person, ReplyState, Return, Stage
from bridge.relay.sealed_text import NOT_STATED
from bridge.relay.serials import Serial
from bridge.relay.slip import render
from bridge.relay.slip_check import read
from bridge.relay.taking_states import State as TakingState
from tests.relay.giving_samples import OFFICER, blockers, giving_in
from tests.relay.relay_samples import NOON
from tests.relay.taking_samples import CLOSING, ROADS

pytestmark = pytest.mark.pure

KARIMI = Person("B. Karimi", "Operations")


def slip(stage: Stage, outcome: Outcome = Outcome.OPEN, number: int = 1, **changes: Any) -> Return:
    acknowledges = stage is Stage.ACKNOWLEDGEMENT or outcome is Outcome.ACKNOWLEDGED
    made = Return(
        Serial("us", 1),
        number,
        "231210Z NOV 26",
        stage,
        outcome,
        OFFICER,
        KARIMI if acknowledges else NOBODY,
        ReplyState.NOT_STATED,
        "en",
    )
    return dataclasses.replace(made, **changes)


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (slip(Stage.UNDER_WAY), []),
        (slip(Stage.RECEIPT, given_by=Person("A. Rad")), []),
        (slip(Stage.RECEIPT), [Doubt.NOBODY_NAMED]),
        (slip(Stage.ACKNOWLEDGEMENT, given_by=KARIMI, authority="General Staff"), []),
        (slip(Stage.ACKNOWLEDGEMENT, given_by=KARIMI), [Doubt.AUTHORITY_NOT_STATED]),
        (
            slip(Stage.CLOSED, Outcome.ACKNOWLEDGED, given_by=Person("B. Karimi")),
            [Doubt.ROLE_NOT_STATED, Doubt.AUTHORITY_NOT_STATED],
        ),
        (slip(Stage.CLOSED, Outcome.REFUSED, given_by=OFFICER), []),
        (slip(Stage.CLOSED, Outcome.REFUSED, given_by=Person("A. Rad")), [Doubt.ROLE_NOT_STATED]),
        (slip(Stage.CLOSED, Outcome.NOT_AUTHORISED), [Doubt.NOBODY_NAMED]),
        (slip(Stage.CLOSED, Outcome.RECEIPT_ONLY), [Doubt.NOBODY_NAMED]),
        (slip(Stage.CLOSED, Outcome.NO_ANSWER), []),
        (slip(Stage.CLOSED, Outcome.WITHDRAWN), [Doubt.NOT_ITS_TO_GIVE]),
        (slip(Stage.CLOSED, Outcome.EXPIRED, 3), [Doubt.OUT_OF_ORDER]),
    ],
)
def test_who_may_give_what(made: Return, found: list[Doubt]) -> None:
    """An officer's outcome names him; an acknowledgement says his role and on whose authority."""
    assert list(doubts([made])) == found


def test_one_after_the_other() -> None:
    """In order and going forward; closed once."""
    receipt = slip(Stage.RECEIPT, given_by=OFFICER)
    closed = slip(Stage.CLOSED, Outcome.EXPIRED, 2)
    assert doubts([]) == doubts([receipt, closed]) == ()
    assert doubts([closed, slip(Stage.RECEIPT, number=3, given_by=OFFICER)])[-1] is Doubt.OUT_OF_ORDER
    refused = slip(Stage.CLOSED, Outcome.REFUSED, 3, given_by=OFFICER)
    assert doubts([receipt, closed, refused]) == (Doubt.CLOSED_OTHERWISE,)


@pytest.mark.parametrize(
    ("state", "event", "by", "authority"),
    [
        (State.ANSWERED, ev.Ended(Outcome.REFUSED, "", "op-b"), OFFICER, NOT_STATED),
        (State.ANSWERED, ev.Ended(Outcome.EXPIRED, "", "op-b"), NOBODY, NOT_STATED),
        (State.READING_BACK, gv.ReceiptGiven(OFFICER, "op-b"), OFFICER, NOT_STATED),
        (State.RECEIPTED, gv.Acknowledged(KARIMI, "General Staff", True, "op-b"), KARIMI, "General Staff"),
        (State.RECEIPTED, gv.Acknowledged(KARIMI, "", True, "op-b"), KARIMI, NOT_STATED),
        (State.ACKNOWLEDGED, ev.Filed("op-b"), KARIMI, "General Staff"),
    ],
)
def test_the_return_slip_says_who_gave_it(state: State, event: Any, by: Person, authority: str) -> None:
    """As it happened at the far station; and it comes over the gap as it was."""
    made = giving_in(state)
    made.handle(event, NOON)
    last = made.returns[-1]
    assert (last.given_by, last.authority) == (by, authority)
    assert read(render(last)).sheet == last


def test_an_authority_that_cannot_be_printed() -> None:
    """Refused when it is said, not when the slip is printed."""
    wrong = gv.Acknowledged(KARIMI, "General Staff Ж", True, "op-b")
    assert blockers(giving_in(State.RECEIPTED), wrong) == (Blocker.STATED,)


def test_a_return_of_an_old_record_is_read() -> None:
    """Without the fields that came later; one without any other field is none of ours."""
    taken = Record("taking/1", NOON, ev.ReturnTaken(CLOSING, "op-a"))
    data = to_fields(taken)
    event: Any = data["event"]
    for name in ("given_by", "authority"):
        del event["slip"][name]
    assert from_fields(PREFIX + "ReturnTaken", data) == taken


def test_the_originators_station_shows_it() -> None:
    """What was stated, and what was not, as such."""
    relay = Relay("us")
    for event in [*ROADS[TakingState.CARRIED], ev.ReturnTaken(CLOSING, "op-a")]:
        relay.handle(Record("taking/1", NOON, event))
    (warned,) = [one for one in remarks(relay, NOTHING, "en")["taking/1"] if one["kind"] == "return"]
    assert warned == {
        **{"kind": "return", "number": 2, "stage": "CLOSED", "outcome": "REFUSED"},
        **{"by": NOT_STATED, "role": NOT_STATED, "authority": NOT_STATED},
        "doubts": ["nobody-named", "out-of-order"],
    }
