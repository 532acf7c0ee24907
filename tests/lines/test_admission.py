"""Who may call, and whether a slot is his: one request at a time, on paper."""

from __future__ import annotations

import dataclasses

import pytest

from bridge.base.dialplan import Contact, Handset, Line, Names, Page, Side, SipUri
from bridge.base.terms import Precedence, Role
from bridge.lines.admission import SLOTS, Admit, Refuse, Request, decide, role_of

pytestmark = pytest.mark.pure

NAMES = Names(en="a", ar="a", fa="a")
SIDE = Side(
    name=NAMES,
    language="en",
    line=Line(host="127.8.0.11", admit=["127.8.1.0/24", "2001:db8::/64"]),
    page=Page(host="127.8.0.11"),
    contacts=[
        Contact(id="watch", name=NAMES, role=NAMES, rank="OF-5", tier=1, uri=SipUri(user="watch", host="127.8.1.11"))
    ],
    handsets=[Handset(id="desk-a", uri=SipUri(user="desk-a", host="127.8.3.11"))],
)
OFFICER, HANDSET, STRANGER = "127.8.1.21", "127.8.3.11", "127.8.2.21"
ROUTINE, FLASH = Precedence.ROUTINE, Precedence.FLASH
REQUEST = Request(OFFICER, "desk", ROUTINE, precedence_required=False)
NO_SLOT = Refuse(486, "no-slot")


def asked(
    used: int = 0,
    highest: Precedence | None = None,
    *,
    has_operator: bool = True,
    is_wanted: bool = False,
    **changes: object,
) -> Admit | Refuse:
    request = dataclasses.replace(REQUEST, **changes)  # type: ignore[arg-type]
    return decide(request, SIDE, used, highest, has_operator=has_operator, is_wanted=is_wanted)


@pytest.mark.parametrize(
    ("source", "role"),
    [
        (OFFICER, Role.SIDE),
        ("2001:db8::5", Role.SIDE),
        (HANDSET, Role.OPERATOR),
        (STRANGER, None),
        ("127.8.3.12", None),
        ("2001:db9::5", None),
        ("officer.example", None),
        ("", None),
    ],
)
def test_the_address_alone_says_who_calls(source: str, role: Role | None) -> None:
    assert role_of(source, SIDE) is role


def test_a_party_and_an_operator_are_admitted() -> None:
    assert asked() == Admit(Role.SIDE, ROUTINE)
    assert asked(source=HANDSET) == Admit(Role.OPERATOR, ROUTINE)


def test_a_stranger_learns_nothing_but_that_he_is_one() -> None:
    """Address first: neither users nor namespaces can be probed from outside."""
    assert asked(source=STRANGER, user="nobody", precedence=None, precedence_required=True) == Refuse(403, "stranger")


@pytest.mark.parametrize("user", ["nobody", "DESK", "", None])
def test_another_user_is_not_known(user: str | None) -> None:
    assert asked(user=user) == Refuse(404, "unknown-user")


def test_an_unknown_namespace_is_refused_only_if_it_was_required() -> None:
    """RFC 4412 4.6.2; otherwise the call is taken as the lowest."""
    assert asked(precedence=None, precedence_required=True) == Refuse(417, "unknown-resource-priority")
    assert asked(precedence=None) == Admit(Role.SIDE, ROUTINE)
    assert asked(precedence=FLASH, precedence_required=True) == Admit(Role.SIDE, FLASH)


def test_the_last_slot_is_kept_for_a_higher_side() -> None:
    assert asked(SLOTS - 2, ROUTINE) == Admit(Role.SIDE, ROUTINE)
    assert asked(SLOTS - 1, ROUTINE) == NO_SLOT
    assert asked(SLOTS - 1, FLASH, precedence=FLASH) == NO_SLOT
    assert asked(SLOTS - 1, ROUTINE, precedence=FLASH) == Admit(Role.SIDE, FLASH)
    assert asked(SLOTS, ROUTINE, precedence=FLASH) == NO_SLOT


def test_callers_leave_the_operator_his_place() -> None:
    """Three unattended callers would lock out whoever could hear them."""
    assert asked(1, ROUTINE, has_operator=False) == Admit(Role.SIDE, ROUTINE)
    assert asked(2, ROUTINE, has_operator=False) == NO_SLOT
    assert asked(2, ROUTINE, has_operator=False, precedence=FLASH) == Admit(Role.SIDE, FLASH)
    assert asked(3, ROUTINE, has_operator=False, precedence=FLASH) == NO_SLOT


def test_the_first_operator_always_gets_in_and_a_second_one_not_into_the_kept_slot() -> None:
    operator = Admit(Role.OPERATOR, ROUTINE)
    assert asked(SLOTS - 1, FLASH, has_operator=False, source=HANDSET) == operator
    assert asked(SLOTS - 2, ROUTINE, source=HANDSET) == operator
    assert asked(SLOTS - 1, ROUTINE, source=HANDSET, precedence=FLASH) == NO_SLOT
    assert asked(SLOTS, ROUTINE, has_operator=False, source=HANDSET) == NO_SLOT


def test_an_operator_who_is_wanted_gets_the_last_slot_and_a_side_never_by_that() -> None:
    """The handset that rings for the caller stops at once; the slot is kept again."""
    assert asked(SLOTS - 1, ROUTINE, source=HANDSET, is_wanted=True) == Admit(Role.OPERATOR, ROUTINE)
    assert asked(SLOTS, ROUTINE, source=HANDSET, is_wanted=True) == NO_SLOT
    assert asked(SLOTS - 1, ROUTINE, is_wanted=True) == NO_SLOT
