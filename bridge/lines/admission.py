"""Who may call the line, and whether a slot is his: decided on paper, before anything is answered.

Only addresses and the user part of the dialplan are let in (403, 404); a caller's word about himself counts for
nothing. One of the four slots is kept for a call of higher precedence than those that are up. RFC 3261 21.4,
RFC 4412 section 4.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from bridge.base.dialplan import Side
from bridge.base.terms import Precedence, Role

SLOTS = 4
"""Dialogs that one pjsua2 endpoint of this build can hold."""
RESERVED = 1
"""Slots kept free for a higher precedence."""


@dataclass(frozen=True, slots=True)
class Request:
    """What an INVITE says, as far as admission looks."""

    source: str
    """Address it came from, without port."""
    user: str | None
    """User part of the request URI."""
    precedence: Precedence | None
    """None: only namespaces that we do not know."""
    precedence_required: bool
    """It said `Require: resource-priority`."""


@dataclass(frozen=True, slots=True)
class Admit:
    role: Role
    precedence: Precedence


@dataclass(frozen=True, slots=True)
class Refuse:
    status: int
    code: str
    """Stable, for the journal."""


def decide(
    request: Request,
    side: Side,
    used: int,
    highest: Precedence | None,
    *,
    has_operator: bool,
    is_wanted: bool = False,
) -> Admit | Refuse:
    """Admit or refuse one INVITE.

    Args:
        used: slots taken now.
        highest: highest precedence among the side's calls that are up; None if there is none.
        has_operator: an operator's leg is among the used slots. If not, one more slot is the operator's: callers who
            fill the line to the last slot would lock out the one who can hear them.
        is_wanted: an operator who calls now takes the place of a handset that rings, or spares a call its pre-emption.
    """
    role = role_of(request.source, side)
    if role is None:
        return Refuse(403, "stranger")
    if request.user != side.line.user:
        return Refuse(404, "unknown-user")
    if request.precedence is None and request.precedence_required:
        return Refuse(417, "unknown-resource-priority")
    precedence = request.precedence or Precedence.ROUTINE
    if role is Role.OPERATOR:
        is_free = used < (SLOTS - RESERVED if has_operator and not is_wanted else SLOTS)
    else:
        is_higher = highest is None or precedence.outranks(highest)
        taken = used if has_operator else used + 1
        is_free = taken < (SLOTS if is_higher else SLOTS - RESERVED)
    return Admit(role, precedence) if is_free else Refuse(486, "no-slot")


def role_of(source: str, side: Side) -> Role | None:
    """Operator for a handset's address, side for one of the admitted networks, None for a stranger."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return None
    if any(handset.uri.host == source for handset in side.handsets):
        return Role.OPERATOR
    if any(address in ipaddress.ip_network(network) for network in side.line.admit):
        return Role.SIDE
    return None
