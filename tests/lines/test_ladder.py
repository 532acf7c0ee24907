"""Whom to ring next."""

from __future__ import annotations

import pytest

from bridge.base.dialplan import Contact, Handset, Names, SipUri
from bridge.lines.ladder import Ladder, Rung, climb_from, handsets, only

pytestmark = pytest.mark.pure

NAMES = Names(en="a", ar="a", fa="a")


def uri(user: str) -> SipUri:
    return SipUri(user=user, host="127.8.1.11")


def contact(name: str, tier: int) -> Contact:
    return Contact(id=name, name=NAMES, role=NAMES, rank="OF-5", tier=tier, uri=uri(name))


CONTACTS = [contact("director", 2), contact("watch", 1), contact("chief", 3), contact("deputy", 1)]
TWO = (Rung("a", 0, uri("a"), 1), Rung("b", 0, uri("b"), 2))


def test_the_lowest_tier_comes_first_and_the_dialplan_orders_within() -> None:
    assert [(rung.id, rung.tier, rung.number) for rung in climb_from(CONTACTS, 1)] == [
        ("watch", 1, 1),
        ("deputy", 1, 2),
        ("director", 2, 3),
        ("chief", 3, 4),
    ]


def test_climbing_from_a_tier_leaves_out_those_below() -> None:
    assert [rung.id for rung in climb_from(CONTACTS, 2)] == ["director", "chief"]
    assert climb_from(CONTACTS, 4) == ()


def test_a_ladder_may_end_below_its_top() -> None:
    """Whoever asks for one tier is not answered by a higher one."""
    assert [rung.id for rung in climb_from(CONTACTS, 1, 1)] == ["watch", "deputy"]
    assert [rung.id for rung in climb_from(CONTACTS, 1, 2)] == ["watch", "deputy", "director"]
    assert climb_from(CONTACTS, 2, 1) == ()


def test_one_contact_alone_can_be_rung() -> None:
    assert only(CONTACTS, "director") == (Rung("director", 2, uri("director"), 1),)
    assert only(CONTACTS, "nobody") == ()


def test_handsets_are_rung_in_the_dialplans_order() -> None:
    sets = [Handset(id="b", uri=uri("b")), Handset(id="a", uri=uri("a"))]
    assert handsets(sets) == (Rung("b", 0, uri("b"), 1), Rung("a", 0, uri("a"), 2))


def test_a_ladder_ends_after_its_last_rung() -> None:
    ladder = Ladder(TWO)
    assert [ladder.climb() for _ in range(4)] == [*TWO, None, None]
    assert ladder.rounds == 1


def test_an_endless_ladder_begins_again() -> None:
    ladder = Ladder(TWO, is_endless=True)
    assert [ladder.climb() for _ in range(5)] == [*TWO, *TWO, TWO[0]]
    assert ladder.rounds == 2


def test_the_top_is_the_last_rung_of_a_round() -> None:
    ladder = Ladder(TWO, is_endless=True)
    seen = [ladder.is_at_the_top]
    for _ in range(5):
        ladder.climb()
        seen.append(ladder.is_at_the_top)
    assert seen == [False, False, True, False, True, False]


@pytest.mark.parametrize("is_endless", [False, True])
def test_a_ladder_without_rungs_is_exhausted(is_endless: bool) -> None:
    ladder = Ladder((), is_endless=is_endless)
    assert ladder.climb() is None
    assert (ladder.rounds, ladder.is_at_the_top) == (0, False)
