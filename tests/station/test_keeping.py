"""What is restarted when: every state with every event, and the order of an ending. Time is an argument."""

import itertools

import pytest

from bridge.base.errors import MoveError
from bridge.station.keeping import (
    FIRST_START_S,
    LINE,
    MOVES,
    OTHERS,
    STABLE_S,
    UNFIT,
    Begun,
    Child,
    Command,
    Crew,
    Event,
    Exited,
    FoundUnfit,
    Kill,
    Manner,
    Spawn,
    State,
    StopAsked,
    Terminate,
    TimeCame,
)

pytestmark = pytest.mark.pure
EVENTS: list[Event] = [Begun(), Exited(1), FoundUnfit(), StopAsked(), TimeCame()]
ROADS: dict[State, list[Event]] = {
    State.IDLE: [],
    State.RUNNING: [Begun()],
    State.WAITING: [Begun(), Exited(1)],
    State.STOPPING: [Begun(), StopAsked()],
    State.KILLED: [Begun(), StopAsked(), TimeCame()],
    State.ENDED: [StopAsked()],
    State.UNFIT: [Begun(), FoundUnfit()],
}


def child_in(state: State, manner: Manner = OTHERS) -> Child:
    child = Child(manner)
    for event in ROADS[state]:
        child.handle(event, now=0.0)
    assert child.state is state
    return child


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State, EVENTS)), ids=str)
def test_every_pair(state: State, event: Event) -> None:
    """Each state takes the events of its row and refuses all others unchanged."""
    child = child_in(state)
    if type(event) in MOVES[state]:
        child.handle(event, now=1.0)
        assert child.state is MOVES[state][type(event)]
    else:
        with pytest.raises(MoveError, match=state.name):
            child.handle(event, now=1.0)
        assert child.state is state


def test_the_line_is_restarted_at_once() -> None:
    """The first fault of the line costs no pause."""
    child = child_in(State.RUNNING, LINE)
    child.handle(Exited(-9), now=100.0)
    assert child.wake(100.0) == [Spawn(2)]


def test_pauses_of_the_others_grow_to_their_limit() -> None:
    """A process that dies again and again is started ever later, never given up."""
    child = child_in(State.RUNNING)
    pauses, now = [], 0.0
    for _ in range(8):
        assert child.handle(Exited(1), now) == []
        assert child.wake_at is not None
        pauses.append(child.wake_at - now)
        assert child.wake(child.wake_at - 0.001) == []
        now = child.wake_at
        assert len(child.wake(now)) == 1
    assert pauses == pytest.approx([0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0])
    assert child.wake(now + 99) == []


def test_a_stable_run_forgives() -> None:
    """After a run of `STABLE_S` the next fault counts as the first."""
    child = child_in(State.RUNNING)
    child.handle(Exited(1), now=0.1)
    child.wake(0.5)
    child.handle(Exited(1), now=0.5 + STABLE_S)
    assert child.wake_at == pytest.approx(0.7 + STABLE_S)


def test_unfit_counts_at_the_first_start_only() -> None:
    """A wrong set-up shows at the start; the same code later is a fault like any other."""
    early, late, again = Child(OTHERS), Child(OTHERS), Child(OTHERS)
    for child in (early, late, again):
        child.handle(Begun(), now=0.0)
    early.handle(Exited(UNFIT), now=FIRST_START_S)
    late.handle(Exited(UNFIT), now=FIRST_START_S + 0.1)
    again.handle(Exited(1), now=0.0)
    again.wake(9.0)
    again.handle(Exited(UNFIT), now=9.1)
    assert [child.state for child in (early, late, again)] == [State.UNFIT, State.WAITING, State.WAITING]


def crew() -> Crew:
    crew = Crew({"line": LINE, "speech": OTHERS, "desk": OTHERS})
    assert crew.begin(0.0) == [("line", Spawn(1)), ("speech", Spawn(1)), ("desk", Spawn(1))]
    return crew


def test_all_end_one_after_the_other() -> None:
    """The line first, so that those who follow its journal see its last entry."""
    group = crew()
    assert group.wake_at is None
    assert group.stop(1.0) == [("line", Terminate())]
    assert group.stop(1.1) == []
    assert group.exited("line", 0, 2.0) == [("speech", Terminate())]
    assert group.exited("speech", 0, 3.0) == [("desk", Terminate())]
    before = group.is_over
    assert group.exited("desk", 0, 4.0) == []
    assert (before, group.is_over, group.is_unfit) == (False, True, False)


def test_who_does_not_end_is_killed() -> None:
    """The line has 5 s to end its calls."""
    group = crew()
    group.stop(1.0)
    assert group.wake_at == 6.0
    assert group.wake(5.9) == []
    assert group.wake(6.0) == [("line", Kill())]
    assert group.wake(7.0) == []
    assert group.exited("line", -9, 7.1) == [("speech", Terminate())]


def test_one_that_waits_for_its_restart_just_ends() -> None:
    """Nothing is started only to be ended."""
    group = crew()
    group.exited("speech", 1, 1.0)
    group.stop(1.1)
    commands: list[tuple[str, Command]] = group.exited("line", 0, 1.15)
    assert commands == [("desk", Terminate())]


def test_an_unfit_process_ends_the_station() -> None:
    """A wrong set-up of one leaves nothing half started."""
    group = crew()
    assert group.exited("speech", UNFIT, 0.5) == [("line", Terminate())]
    group.exited("line", 0, 1.0)
    group.exited("desk", 0, 1.1)
    assert group.is_over
    assert group.is_unfit
