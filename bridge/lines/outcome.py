"""What a far end's final answer means for the record: SIP status to outcome.

Silence and refusal are evidence; a class too many is better than one that lies. Nothing here ends a leg.
RFC 3261, section 21.
"""

from __future__ import annotations

from bridge.base.terms import Outcome

_BY_STATUS = {
    403: Outcome.REFUSED,
    408: Outcome.TECHNICAL,  # nobody at SIP level said anything: a dead phone system, not a person who let it ring
    480: Outcome.NO_ANSWER,
    486: Outcome.BUSY,
    487: Outcome.CANCELLED,
    600: Outcome.BUSY,
    603: Outcome.REFUSED,
    606: Outcome.TECHNICAL,
}


def of_refusal(status: int) -> Outcome:
    """Outcome of an attempt that ended with this final status (300 to 699) before it was answered."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return Outcome.TECHNICAL if 300 <= status < 700 else Outcome.CANNOT_SAY


HUNG_UP_WITHIN_S = 2.0
"""A far end that lifts and puts down within this time has not been spoken to: `hung-up`, and the ladder climbs on.
A greeting of two words takes about 1 s; nobody can take a statement in 2."""
