"""Who may give what a return slip says, looked at where it comes back: what is missing is shown, never filled in.

    receipt, RECEIPT ONLY          somebody of the addressee's side, named
    acknowledgement, ACKNOWLEDGED  an officer, named, with role and authority
    REFUSED, NOT AUTHORISED        whoever said so, named, with role
    all others                     nobody of the addressee's side: the far station itself

A slip is taken all the same: what an officer did not state is a fact, and the originator decides what it is worth.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence

from bridge.relay.returns import Outcome, Return, Stage
from bridge.relay.sealed_text import NOT_STATED


class Doubt(enum.Enum):
    """What the originator's side is told beside a return slip."""

    NOBODY_NAMED = "nobody-named"
    ROLE_NOT_STATED = "role-not-stated"
    AUTHORITY_NOT_STATED = "authority-not-stated"
    NOT_ITS_TO_GIVE = "not-its-to-give"
    """An outcome that only the originator's own station can give."""
    OUT_OF_ORDER = "out-of-order"
    """A return before it is missing, or it says less than the one before it."""
    CLOSED_OTHERWISE = "closed-otherwise"
    """An earlier return closed the message with another outcome."""


_OURS = (Outcome.WITHDRAWN, Outcome.HUNG_UP)
_BY_AN_OFFICER = (Outcome.ACKNOWLEDGED, Outcome.RECEIPT_ONLY, Outcome.REFUSED, Outcome.NOT_AUTHORISED)
_WITH_ROLE = (Outcome.ACKNOWLEDGED, Outcome.REFUSED, Outcome.NOT_AUTHORISED)


def doubts(slips: Sequence[Return]) -> tuple[Doubt, ...]:
    """What is to be asked about the last of a message's return slips."""
    if not slips:
        return ()
    last, before = slips[-1], slips[:-1]
    return (*_of_person(last), *([Doubt.NOT_ITS_TO_GIVE] if last.outcome in _OURS else []), *_of_order(last, before))


def _of_person(slip: Return) -> list[Doubt]:
    acknowledges = slip.stage is Stage.ACKNOWLEDGEMENT or slip.outcome is Outcome.ACKNOWLEDGED
    if not (acknowledges or slip.stage is Stage.RECEIPT or slip.outcome in _BY_AN_OFFICER):
        return []
    if slip.given_by.name == NOT_STATED:
        return [Doubt.NOBODY_NAMED]
    found = []
    if slip.given_by.role == NOT_STATED and (acknowledges or slip.outcome in _WITH_ROLE):
        found.append(Doubt.ROLE_NOT_STATED)
    if slip.authority == NOT_STATED and acknowledges:
        found.append(Doubt.AUTHORITY_NOT_STATED)
    return found


def _of_order(slip: Return, before: Sequence[Return]) -> list[Doubt]:
    found = []
    stages = list(Stage)
    late = before and stages.index(slip.stage) < stages.index(before[-1].stage)
    if late or slip.number != (before[-1].number + 1 if before else 1):
        found.append(Doubt.OUT_OF_ORDER)
    closed = {one.outcome for one in before if one.stage is Stage.CLOSED}
    if slip.stage is Stage.CLOSED and closed - {slip.outcome}:
        found.append(Doubt.CLOSED_OTHERWISE)
    return found
