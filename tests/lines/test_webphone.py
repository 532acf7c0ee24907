"""The page's telephone on paper: when it rings and hangs up, who has it, what is heard while frames come late."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.audio import rms_dbfs
from bridge.base.errors import MoveError, WireError
from bridge.base.voice import FRAME_BYTES, SILENCE
from bridge.lines.webphone import mouth, words
from bridge.lines.webphone import telephone as tp
from bridge.lines.webphone.mouth import Mouth, Queue
from bridge.lines.webphone.seats import Drop, Seated, Seats, TellOne, Vacant
from bridge.lines.webphone.telephone import MOVES, State, Telephone

pytestmark = pytest.mark.pure
CALL = tp.Invited(7, "us-20261123T100512Z-7f2b/operator-1", "FLASH")
SECOND = tp.Invited(8, "", "")
EVENTS: tuple[tp.Event, ...] = (
    SECOND,
    tp.Lifted(),
    tp.HungUp(),
    tp.Confirmed(),
    tp.Ended(),
    tp.PageCame(),
    tp.PageLeft(),
    tp.TimeCame(),
)
LEFT, CAME = tp.PageLeft(), tp.PageCame()
PATHS: dict[State, tuple[tp.Event, ...]] = {
    State.ABSENT: (),
    State.IDLE: (CAME,),
    State.RINGING: (CAME, CALL),
    State.RINGING_ALONE: (CAME, CALL, LEFT),
    State.LIFTED: (CAME, CALL, tp.Lifted()),
    State.LIFTED_ALONE: (CAME, CALL, tp.Lifted(), LEFT),
    State.UP: (CAME, CALL, tp.Lifted(), tp.Confirmed()),
    State.UP_ALONE: (CAME, CALL, tp.Lifted(), tp.Confirmed(), LEFT),
    State.ENDING: (CAME, CALL, tp.HungUp()),
    State.ENDING_ALONE: (CAME, CALL, tp.HungUp(), LEFT),
}
RINGS = words.Ringing(CALL.leg, "FLASH")
IS_UP = words.Up(CALL.leg, "FLASH")


def at(state: State) -> Telephone:
    """A telephone in this state since second 100."""
    made = Telephone()
    for event in PATHS[state]:
        made.handle(event, 100.0)
    assert made.state is state
    return made


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State, EVENTS)), ids=str)
def test_every_state_with_every_event(state: State, event: tp.Event) -> None:
    """The table alone moves the telephone; what it does not name is refused and changes nothing."""
    telephone = at(state)
    before = telephone.wake_at
    if type(event) in MOVES[state]:
        telephone.handle(event, 101.0)
        assert telephone.state is MOVES[state][type(event)]
        return
    with pytest.raises(MoveError):
        telephone.handle(event, 101.0)
    assert (telephone.state, telephone.wake_at) == (state, before)


@pytest.mark.parametrize("state", list(State))
def test_another_call(state: State) -> None:
    """Without a page the line hears 480 at once; with a call 486; only an idle telephone rings."""
    expected: dict[State, tp.Command] = {State.ABSENT: tp.Refuse(8, 480), State.IDLE: tp.Alert(8)}
    assert at(state).handle(SECOND, 101.0)[0] == expected.get(state, tp.Refuse(8, 486))


def test_whole_call() -> None:
    """Rung, lifted, confirmed, hung up: the page is told each step, the line asked for each."""
    telephone = at(State.IDLE)
    assert telephone.handle(CALL, 1.0) == [tp.Alert(7), tp.Tell(RINGS)]
    assert telephone.handle(tp.Lifted(), 2.0) == [tp.Answer(7)]
    assert telephone.handle(tp.Confirmed(), 2.1) == [tp.Tell(IS_UP)]
    assert telephone.handle(tp.HungUp(), 9.0) == [tp.Release(7, 486)]
    assert telephone.handle(tp.Ended(), 9.1) == [tp.Tell(words.Over(words.Why.HUNG_UP))]
    assert (telephone.state, telephone.leg) == (State.IDLE, CALL.leg)
    assert [state for state in State if at(state).has_sound] == [State.LIFTED, State.UP]


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (State.RINGING, words.Why.MISSED),
        (State.LIFTED, words.Why.FAR_END),
        (State.UP, words.Why.FAR_END),
        (State.ENDING, words.Why.HUNG_UP),
    ],
)
def test_why_it_ended(state: State, why: words.Why) -> None:
    """The page is told who ended the call."""
    assert at(state).handle(tp.Ended(), 101.0) == [tp.Tell(words.Over(why))]


@pytest.mark.parametrize("state", [s for s in State if s.name.endswith("ALONE") or s is State.ABSENT])
def test_end_without_a_page(state: State) -> None:
    """Nobody is there to be told."""
    if tp.Ended in MOVES[state]:
        assert at(state).handle(tp.Ended(), 101.0) == []


@pytest.mark.parametrize(
    ("state", "patience_s"), [(State.RINGING_ALONE, 3.0), (State.LIFTED_ALONE, 10.0), (State.UP_ALONE, 10.0)]
)
def test_lost_page(state: State, patience_s: float) -> None:
    """A call waits for its page, then tells the line that the page is lost, not that anybody hung up; once."""
    telephone = at(state)
    assert telephone.wake_at == 100.0 + patience_s
    assert telephone.wake(100.0 + patience_s - 0.01) == []
    assert telephone.wake(100.0 + patience_s) == [tp.Release(7, 480, tp.PAGE_LOST)]
    assert telephone.state is State.ENDING_ALONE
    assert telephone.wake(200.0) == []
    telephone.handle(CAME, 201.0)
    assert telephone.handle(tp.Ended(), 202.0) == [tp.Tell(words.Over(words.Why.PAGE_LOST))]


def test_page_comes_back() -> None:
    """What a page that came back must know, and no time runs any more."""
    for state, picture in ((State.RINGING_ALONE, RINGS), (State.LIFTED_ALONE, IS_UP), (State.UP_ALONE, IS_UP)):
        telephone = at(state)
        assert not telephone.has_sound
        telephone.handle(CAME, 102.0)
        assert (telephone.picture(), telephone.wake_at, telephone.has_page) == (picture, None, True)
    assert at(State.ENDING).picture() == at(State.IDLE).picture() == words.Idle()


def test_confirmed_while_alone() -> None:
    """The page has been missing since it left, whatever happened on the line meanwhile."""
    telephone = at(State.LIFTED_ALONE)
    assert telephone.handle(tp.Confirmed(), 104.0) == []
    assert telephone.wake_at == 110.0


@given(st.lists(st.sampled_from((CALL, *EVENTS)), max_size=40))
def test_any_order(events: list[tp.Event]) -> None:
    """No sequence leaves a lost page waiting for ever, or a time running where nothing waits."""
    telephone = Telephone()
    for now, event in enumerate(events):
        if type(event) in MOVES[telephone.state]:
            telephone.handle(event, float(now))
        waits = telephone.state in (State.RINGING_ALONE, State.LIFTED_ALONE, State.UP_ALONE)
        assert (telephone.wake_at is not None) is waits


# -- seats -------------------------------------------------------------------------------------------------------------


def test_first_page_sits() -> None:
    """The first has the telephone, the second is told so, and gets it when it takes it."""
    chairs = Seats()
    assert chairs.hello(1, "page-one") == [Seated(1)]
    assert chairs.hello(1, "page-one") == []
    assert chairs.hello(2, "page-two") == [TellOne(2, words.BusyElsewhere())]
    assert chairs.take(1) == []
    assert chairs.take(2) == [TellOne(1, words.BusyElsewhere()), Seated(2)]
    assert chairs.holder == 2


def test_page_leaves() -> None:
    """The others are told that it is free; none gets it unasked. Who was only waiting leaves without a word."""
    chairs = Seats()
    chairs.hello(1, "page-one")
    chairs.hello(2, "page-two")
    chairs.hello(3, "page-three")
    assert chairs.left(3) == []
    assert chairs.left(1) == [Vacant(), TellOne(2, words.Free())]
    assert chairs.holder is None
    assert chairs.take(2) == [Seated(2)]


def test_same_page_again() -> None:
    """A page's new connection replaces its old one, whether it had the telephone or waited."""
    chairs = Seats()
    chairs.hello(1, "page-one")
    assert chairs.hello(2, "page-one") == [Drop(1), Seated(2)]
    assert chairs.left(1) == []
    chairs.hello(3, "page-two")
    assert chairs.hello(4, "page-two") == [Drop(3), TellOne(4, words.BusyElsewhere())]
    assert chairs.holder == 2


def test_who_has_not_said_hello() -> None:
    """A connection without a name cannot take, and its end changes nothing."""
    chairs = Seats()
    assert chairs.take(9) == []
    assert chairs.left(9) == []


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ({"type": "hello", "page": "a1b2c3d4-e5"}, words.Hello("a1b2c3d4-e5")),
        ({"type": "lift"}, words.Lift()),
        ({"type": "hang-up"}, words.HangUp()),
        ({"type": "mute"}, words.Mute(True)),
        ({"type": "unmute"}, words.Mute(False)),
        ({"type": "take", "more": 1}, words.Take()),
    ],
)
def test_wishes(said: dict[str, object], wish: words.Wish) -> None:
    """What a page may ask."""
    assert words.parse_wish(json.dumps(said).encode()) == wish


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\xff",
        b"lift",
        b"[]",
        b"null",
        b'"lift"',
        b"{}",
        b'{"type":null}',
        b'{"type":["lift"]}',
        b'{"type":"dial"}',
        b'{"type":"hello"}',
        b'{"type":"hello","page":7}',
        b'{"type":"hello","page":"short"}',
        b'{"type":"hello","page":"<script>alert(1)"}',
        b"[" * 100_000,
    ],
)
def test_no_wishes(said: bytes) -> None:
    """Anything else is refused as one documented error."""
    with pytest.raises(WireError):
        words.parse_wish(said)


@given(
    st.binary(max_size=60) | st.recursive(st.none() | st.text(), st.lists, max_leaves=5).map(json.dumps).map(str.encode)
)
def test_whatever_a_page_says(said: bytes) -> None:
    """Only `WireError` comes out."""
    try:
        words.parse_wish(said)
    except WireError:
        return


@pytest.mark.parametrize(
    ("telling", "said"),
    [
        (words.Who(), {"type": "who"}),
        (words.Idle(), {"type": "idle"}),
        (RINGS, {"type": "ringing", "leg": CALL.leg, "precedence": "FLASH"}),
        (IS_UP, {"type": "up", "leg": CALL.leg, "precedence": "FLASH"}),
        (words.Muted(True), {"type": "muted", "muted": True}),
        (words.Over(words.Why.PAGE_LOST), {"type": "ended", "why": "page-lost"}),
        (words.BusyElsewhere(), {"type": "busy-elsewhere"}),
        (words.Free(), {"type": "free"}),
    ],
)
def test_tellings(telling: words.Telling, said: dict[str, object]) -> None:
    """What a page is told."""
    assert json.loads(words.telling_bytes(telling)) == said


# -- mouth -------------------------------------------------------------------------------------------------------------


def frame(number: int) -> bytes:
    return number.to_bytes(2, "little") * (FRAME_BYTES // 2)


def fill(queue: Queue, *numbers: int) -> None:
    for number in numbers:
        queue.put(frame(number))


def test_queue_waits_then_plays_in_order() -> None:
    """Nothing until the target is there, then every frame once and in order."""
    queue = Queue()
    fill(queue, 1)
    assert queue.take() is None
    fill(queue, 2)
    assert [queue.take(), queue.take()] == [frame(1), frame(2)]
    assert (queue.dropped, queue.starved) == (0, 0)


def test_queue_learns_from_running_dry() -> None:
    """Each time it runs dry it waits for one more, up to its limit; five seconds with one to spare take one back."""
    queue = Queue()
    for starved in range(1, 8):
        fill(queue, *range(queue.target))
        while queue.take() is not None:
            pass
        assert queue.starved == starved
    assert queue.target == mouth.TARGET_LIMIT_FRAMES
    fill(queue, *range(queue.target))
    for number in range(mouth.CALM_FRAMES):
        fill(queue, number % 100)
        assert queue.take() is not None
    assert queue.target == mouth.TARGET_LIMIT_FRAMES - 1


def test_queue_keeps_what_it_needs() -> None:
    """While every frame is needed now and then, five seconds without a gap are no reason to wait for fewer."""
    queue = Queue()
    fill(queue, 0, 1)
    while queue.take() is not None:
        pass
    fill(queue, 0, 1, 2)
    for _ in range(mouth.CALM_FRAMES // 3):
        for _ in range(3):
            assert queue.take() is not None
        fill(queue, 0, 1, 2)
    assert queue.target == 3


def test_queue_gives_up_the_oldest() -> None:
    """A burst beyond the limit costs its oldest frames, which are counted; what is played is the newest."""
    queue = Queue()
    fill(queue, *range(30))
    assert queue.take() == frame(30 - mouth.TARGET_FRAMES)
    assert queue.dropped == 30 - mouth.TARGET_FRAMES


def test_queue_shrinks_what_is_never_needed() -> None:
    """Frames that lay there for a second without being needed are given up, one a second."""
    queue = Queue()
    fill(queue, *range(5))
    for second in range(1, 4):
        for number in range(mouth.LOOK_EVERY):
            assert queue.take() is not None
            fill(queue, number)
        assert queue.dropped == second
    for _ in range(3 * mouth.LOOK_EVERY):
        queue.take()
        fill(queue, 0)
    assert queue.dropped == 5 - mouth.TARGET_FRAMES


def test_mouth_is_closed_muted_open() -> None:
    """Closed: silence. Muted: a noise that never repeats and is no speech. Open: what the page says."""
    lips = Mouth()
    lips.put(frame(5))
    assert lips.take() == SILENCE
    lips.is_open = lips.is_muted = True
    lips.put(frame(5))
    noise = [lips.take() for _ in range(100)]
    assert len(set(noise)) == 100
    assert rms_dbfs(np.frombuffer(b"".join(noise), dtype="<i2")) == pytest.approx(mouth.MUTED_DBFS, abs=1.0)
    lips.is_muted = False
    assert lips.take() == SILENCE  # what was said while muted is gone
    for number in (6, 7):
        lips.put(frame(number))
    assert [lips.take(), lips.take(), lips.take()] == [frame(6), frame(7), SILENCE]
