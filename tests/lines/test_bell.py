"""Which handset rings when."""

from __future__ import annotations

import pytest

from bridge.base.dialplan import SipUri
from bridge.base.terms import Precedence, Role
from bridge.lines.admission import SLOTS
from bridge.lines.bell import PAUSE_LIMIT_S, PAUSE_S, Bell
from bridge.lines.events import Invite, Release
from bridge.lines.ladder import Rung
from bridge.lines.legbook import LegBook

pytestmark = pytest.mark.pure

RING_S = 8.0
URI = SipUri(user="desk", host="127.8.3.11")
ONE = (Rung("a", 0, URI, 1),)
TWO = (Rung("a", 0, URI, 1), Rung("b", 0, URI, 2))


def bell(rungs: tuple[Rung, ...] = ONE, *, is_endless: bool = True) -> tuple[Bell, LegBook]:
    book = LegBook("en", half_open_s=4.0)
    return Bell(book, rungs, RING_S, is_endless=is_endless), book


def rung_for(ringing: Bell, now: float) -> list[str] | None:
    """Legs that were invited; None if all handsets have been rung."""
    orders = ringing.ring("c", Precedence.FLASH, now)
    return None if orders is None else [order.leg for order in orders if isinstance(order, Invite)]


def fails(ringing: Bell, book: LegBook, began: float, now: float, *, rings: bool) -> float | None:
    """Ring the next handset, let it fail; when the bell wants to ring again."""
    assert rung_for(ringing, began)
    leg = ringing.leg
    assert leg is not None
    record = book.get(leg)
    assert record is not None
    if rings:
        book.alerted(leg, 180, began)
    book.released(leg, 486, "", now)
    ringing.failed(record, now)
    assert ringing.leg is None
    return ringing.again_at


def test_a_handset_rings_with_the_calls_precedence_and_for_its_time() -> None:
    ringing, book = bell()
    (invite,) = [order for order in ringing.ring("c", Precedence.FLASH, 5.0) or [] if isinstance(order, Invite)]
    assert invite == Invite("c/operator-1", URI, Precedence.FLASH)
    assert book.wake_at == 5.0 + RING_S
    assert ringing.again_at is None


def test_the_next_handset_follows_at_once() -> None:
    ringing, book = bell(TWO)
    assert fails(ringing, book, 0.0, 0.02, rings=False) == 0.02


def test_a_round_that_nobody_heard_is_followed_by_a_growing_pause() -> None:
    ringing, book = bell()
    pauses = []
    for number in range(6):
        again_at = fails(ringing, book, 10.0 * number, 10.0 * number, rings=False)
        assert again_at is not None
        pauses.append(again_at - 10.0 * number)
    assert pauses == [1.0, 2.0, 3.0, 4.0, 4.0, 4.0]
    assert max(pauses) == PAUSE_LIMIT_S


def test_a_handset_that_rang_its_time_is_followed_at_once() -> None:
    ringing, book = bell()
    assert fails(ringing, book, 0.0, RING_S, rings=True) == RING_S


def test_a_handset_declined_at_once_is_followed_by_a_pause() -> None:
    ringing, book = bell()
    assert fails(ringing, book, 0.0, PAUSE_S - 0.1, rings=True) == pytest.approx(2 * PAUSE_S - 0.1)


def test_it_is_useless_only_when_every_handset_failed_without_a_ring() -> None:
    ringing, book = bell(TWO)
    seen = []
    for rings in (False, False, True, False):
        fails(ringing, book, 0.0, 0.0, rings=rings)
        seen.append(ringing.is_useless)
    assert seen == [False, True, False, False]


def test_a_bell_that_is_not_endless_is_over_after_its_last_handset() -> None:
    ringing, book = bell(is_endless=False)
    assert fails(ringing, book, 0.0, 0.0, rings=False) == 0.0
    assert rung_for(ringing, 0.0) is None


def test_a_bell_that_serves_a_caller_goes_on() -> None:
    ringing, book = bell(is_endless=False)
    fails(ringing, book, 0.0, 0.0, rings=False)
    ringing.serve(is_endless=True)
    assert rung_for(ringing, 1.0) == ["c/operator-2"]


def test_without_a_slot_it_waits() -> None:
    ringing, book = bell()
    legs = [book.dial("x", Role.SIDE, ONE[0], Precedence.ROUTINE, RING_S, 0.0)[0].name for _ in range(SLOTS)]
    assert rung_for(ringing, 0.0) == []
    assert (ringing.leg, ringing.again_at) == (None, PAUSE_S)
    book.released(legs[0], 486, "", 0.5)
    assert rung_for(ringing, PAUSE_S) == ["c/operator-1"]


def test_stopping_cancels_the_ringing_handset_and_the_pause() -> None:
    ringing, book = bell()
    rung_for(ringing, 0.0)
    assert ringing.stop(1.0) == [Release("c/operator-1")]
    assert ringing.stop(1.0) == []
    book.released("c/operator-1", 487, "", 1.0)
    fails(ringing, book, 2.0, 2.0, rings=False)
    assert ringing.stop(2.0) == []
    assert ringing.again_at is None
