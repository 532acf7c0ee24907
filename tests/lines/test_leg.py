"""The leg machine, pair by pair, with time as an argument."""

from __future__ import annotations

import itertools
import runpy
from pathlib import Path

import pytest

from bridge.base.errors import MoveError
from bridge.base.terms import Outcome
from bridge.lines.leg import (
    CLEAR_LIMIT_S,
    MOVES,
    Accepted,
    Alerted,
    Command,
    Confirmed,
    Dialled,
    Event,
    HangUp,
    HungUp,
    Joined,
    Leg,
    Offered,
    Released,
    Report,
    SendAnswer,
    SendInvite,
    StartTrack,
    State,
    TimedOut,
)
from bridge.lines.outcome import HUNG_UP_WITHIN_S

pytestmark = pytest.mark.pure

RING_S = 8.0
HALF_OPEN_S = 4.0
EVENTS: list[Event] = [
    Dialled(RING_S),
    Offered(),
    Accepted(HALF_OPEN_S),
    Alerted(),
    Confirmed(),
    Joined(),
    HungUp(),
    Released(486),
    TimedOut(),
]
ROADS: dict[State, list[Event]] = {
    State.IDLE: [],
    State.CALLING: [Dialled(RING_S)],
    State.RINGING: [Dialled(RING_S), Alerted()],
    State.OFFERED: [Offered()],
    State.ANSWERING: [Offered(), Accepted(HALF_OPEN_S)],
    State.UP: [Dialled(RING_S), Confirmed()],
    State.JOINED: [Dialled(RING_S), Confirmed(), Joined()],
    State.CLEARING: [Dialled(RING_S), HungUp()],
    State.ENDED: [Dialled(RING_S), Released(486)],
}
BEFORE_ANSWER = [State.CALLING, State.RINGING]


def leg_in(state: State) -> Leg:
    """A leg whose every event so far came at second 0."""
    leg = Leg()
    play(leg, *((0.0, event) for event in ROADS[state]))
    return leg


def play(leg: Leg, *steps: tuple[float, Event]) -> list[Command]:
    return [command for now, event in steps for command in leg.handle(event, now)]


def outcome_of(commands: list[Command]) -> Outcome:
    (report,) = [command for command in commands if isinstance(command, Report)]
    return report.outcome


def test_all_states_and_events_are_in_the_table() -> None:
    """Nothing is left out of the pairs below."""
    assert set(MOVES) == set(State) == set(ROADS)
    assert {kind for row in MOVES.values() for kind in row} == {type(event) for event in EVENTS}


@pytest.mark.parametrize(
    ("state", "event"), list(itertools.product(State, EVENTS)), ids=lambda x: getattr(x, "name", type(x).__name__)
)
def test_every_pair(state: State, event: Event) -> None:
    """Each state takes the events of its row and refuses all others unchanged."""
    leg = leg_in(state)
    wake_at = leg.wake_at
    if type(event) in MOVES[state]:
        commands = leg.handle(event, now=1.0)
        assert leg.state is MOVES[state][type(event)]
        assert any(isinstance(command, Report) for command in commands) is (leg.state is State.ENDED)
    else:
        with pytest.raises(MoveError, match=state.name) as refused:
            leg.handle(event, now=1.0)
        assert refused.value.code == "no-such-move"
        assert (leg.state, leg.wake_at) == (state, wake_at)


@pytest.mark.parametrize("state", State, ids=lambda state: state.name)
def test_the_road_leads_there(state: State) -> None:
    assert leg_in(state).state is state


@pytest.mark.parametrize("state", State, ids=lambda state: state.name)
def test_says_whether_it_is_up_or_over(state: State) -> None:
    leg = leg_in(state)
    assert leg.is_up is (state in {State.UP, State.JOINED})
    assert leg.is_over is (state in {State.CLEARING, State.ENDED})


def test_records_before_the_first_ring() -> None:
    """The track starts before the INVITE leaves."""
    assert Leg().handle(Dialled(RING_S), now=0.0) == [StartTrack(), SendInvite()]


def test_records_before_the_answer() -> None:
    """The track of a caller starts at the offer; the answer is a later act."""
    leg = Leg()
    assert leg.handle(Offered(), now=0.0) == [StartTrack()]
    assert leg.handle(Accepted(HALF_OPEN_S), now=0.0) == [SendAnswer()]


def test_ring_limit_means_no_answer() -> None:
    """One tick early nothing happens; at the limit we clear, and the end reports no answer."""
    leg = leg_in(State.RINGING)
    assert leg.wake(RING_S - 0.001) == []
    assert leg.wake(RING_S) == [HangUp()]
    assert leg.wake(RING_S) == []
    assert play(leg, (RING_S + 0.2, Released(487))) == [Report(Outcome.NO_ANSWER, 0.0, 487)]
    assert leg.wake_at is None


def test_ringing_does_not_lengthen_the_limit() -> None:
    """A far end that says 180 again and again is given up in time all the same."""
    leg = leg_in(State.CALLING)
    play(leg, *((float(second), Alerted()) for second in range(1, 8)))
    assert leg.wake_at == RING_S


@pytest.mark.parametrize(("state", "limit_s"), [(State.CALLING, RING_S), (State.ANSWERING, HALF_OPEN_S)])
def test_a_silent_far_end_is_technical(state: State, limit_s: float) -> None:
    """No ring or no ACK: no person decided that."""
    leg = leg_in(state)
    assert leg.wake(limit_s) == [HangUp()]
    assert outcome_of(play(leg, (limit_s, Released(487)))) is Outcome.TECHNICAL


def test_clearing_does_not_wait_for_ever() -> None:
    """A far end that never confirms our hang-up is given up; the first outcome stands."""
    leg = leg_in(State.JOINED)
    assert leg.handle(HungUp(), 10.0) == [HangUp()]
    assert leg.wake(9.9 + CLEAR_LIMIT_S) == []
    assert leg.wake(10.0 + CLEAR_LIMIT_S) == [Report(Outcome.ANSWERED, 10.0, 0)]
    assert leg.wake_at is None
    assert leg.wake(100.0) == []


def test_hanging_up_twice_is_once() -> None:
    """Neither the outcome nor the limit changes."""
    leg = leg_in(State.JOINED)
    play(leg, (5.0, HungUp(Outcome.PREEMPTED)))
    assert play(leg, (6.0, HungUp())) == []
    assert leg.wake_at == 5.0 + CLEAR_LIMIT_S
    assert play(leg, (6.1, Released(200))) == [Report(Outcome.PREEMPTED, 5.0, 200)]


def test_an_answer_that_crosses_our_cancel_is_ended() -> None:
    """RFC 3261 9.1: the dialog that their 200 made gets a BYE; nobody was talked to."""
    leg = leg_in(State.RINGING)
    assert play(leg, (3.0, HungUp()), (3.05, Confirmed())) == [HangUp(), HangUp()]
    assert play(leg, (3.1, Released(200))) == [Report(Outcome.CANCELLED, 0.0, 200)]


@pytest.mark.parametrize("state", [State.CALLING, State.RINGING, State.OFFERED, State.ANSWERING])
def test_our_own_hang_up_before_the_answer_is_cancelled(state: State) -> None:
    leg = leg_in(state)
    assert outcome_of(play(leg, (1.0, HungUp()), (1.1, Released(487)))) is Outcome.CANCELLED


@pytest.mark.parametrize("state", [State.UP, State.JOINED])
def test_our_own_hang_up_after_the_answer_is_answered(state: State) -> None:
    leg = leg_in(state)
    assert outcome_of(play(leg, (1.0, HungUp()), (1.1, Released(200)))) is Outcome.ANSWERED


@pytest.mark.parametrize("state", BEFORE_ANSWER)
@pytest.mark.parametrize(("status", "outcome"), [(486, Outcome.BUSY), (603, Outcome.REFUSED), (500, Outcome.TECHNICAL)])
def test_a_refused_attempt_says_what_the_status_means(state: State, status: int, outcome: Outcome) -> None:
    assert leg_in(state).handle(Released(status), 2.0) == [Report(outcome, 0.0, status)]


@pytest.mark.parametrize("state", [State.OFFERED, State.ANSWERING])
@pytest.mark.parametrize("status", [200, 487])
def test_a_caller_who_leaves_first_has_hung_up(state: State, status: int) -> None:
    assert outcome_of(leg_in(state).handle(Released(status), 60.0)) is Outcome.HUNG_UP


def test_a_party_that_nobody_heard_has_hung_up() -> None:
    """It was connected to the machine alone, however long."""
    assert leg_in(State.UP).handle(Released(200), 60.0) == [Report(Outcome.HUNG_UP, 60.0, 200)]


def test_a_conversation_ends_answered_and_a_click_hung_up() -> None:
    """Two seconds decide whether somebody was spoken to."""
    brief = leg_in(State.JOINED).handle(Released(200), HUNG_UP_WITHIN_S - 0.001)
    assert outcome_of(brief) is Outcome.HUNG_UP
    assert leg_in(State.JOINED).handle(Released(200), HUNG_UP_WITHIN_S) == [Report(Outcome.ANSWERED, 2.0, 200)]


@pytest.mark.parametrize("state", [State.OFFERED, State.ANSWERING, State.UP, State.JOINED])
@pytest.mark.parametrize(
    ("status", "outcome"), [(408, Outcome.TECHNICAL), (503, Outcome.TECHNICAL), (0, Outcome.CANNOT_SAY)]
)
def test_a_dialog_that_the_stack_ended_was_ended_by_no_person(state: State, status: int, outcome: Outcome) -> None:
    """A session timer or a broken connection in the middle of a talk is a fault, not a hang-up."""
    assert outcome_of(leg_in(state).handle(Released(status), 60.0)) is outcome


def test_an_answered_leg_has_no_timer() -> None:
    """Nothing limits how long people talk."""
    leg = leg_in(State.UP)
    assert leg.wake_at is None
    assert leg.wake(1e6) == []


def test_the_page_of_states_is_current() -> None:
    """docs/line-states.md shows the tables of the code as they are."""
    docs = Path(__file__).parents[2] / "docs"
    made = runpy.run_path(str(docs / "make_line_states.py"))["page"]()
    assert (docs / "line-states.md").read_text(encoding="utf-8") == made
