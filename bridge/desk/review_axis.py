"""One call as the page has it: a line of the list, and all tracks on one UTC axis.

Pure. Times are UTC; a track that stood still for a while is cut into pieces, each of which runs on evenly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from bridge.base.clock import utc_text
from bridge.base.wire import Value
from bridge.desk.review_calls import OPEN, Call, Calls, Leg, Span


def row(book: Calls, call: Call, *, exercise: bool) -> dict[str, Value]:
    """One line of the list of calls."""
    legs = [book.legs[name] for name in call.legs]
    side = [leg for leg in legs if leg.role == "side"]
    first = side[0] if side else legs[0] if legs else None
    # Of several attempts the one that was answered says how the call went.
    best = next((leg for leg in side if leg.outcome == "answered"), side[-1] if side else first)
    end = call.ended_ns or max((leg.ended_ns or 0 for leg in legs), default=0) or None
    return {
        "number": call.number,
        "call": call.call,
        "began_utc": utc_text(call.began_ns),
        "ended_utc": None if end is None else utc_text(end),
        "direction": first.direction if first else "",
        "precedence": first.precedence if first else "",
        "contact": best.contact if best else "",
        "source": first.source if first else "",
        "outcome": best.outcome if best else OPEN,
        "talk_ms": max((leg.talk_ms for leg in legs), default=0),
        "exercise": exercise or call.is_exercise,
        "legs": [_short(leg) for leg in legs],
        "attempts": [*call.attempts],
        "ladder": call.ladder,
        "messages": [*call.subjects],
    }


def _short(leg: Leg) -> Value:
    return {
        "leg": leg.leg,
        "role": leg.role,
        "direction": leg.direction,
        "contact": leg.contact,
        "outcome": leg.outcome,
    }


def axis(book: Calls, call: Call, length: Callable[[str], int]) -> dict[str, Value]:
    """All tracks of a call on one time.

    Args:
        length: samples of a leg's recording by now.
    """
    tracks = [track(book.legs[name], length) for name in call.legs]
    moments = [moment for one in tracks for moment in (one["from_utc"], one["to_utc"]) if moment]
    moments += [event.utc for event in call.events]
    shown = [*tracks]
    return {
        "from_utc": min((str(one) for one in moments), default=utc_text(call.began_ns)),
        "to_utc": max((str(one) for one in moments), default=utc_text(call.began_ns)),
        "tracks": [*shown],
    }


def track(leg: Leg, length: Callable[[str], int]) -> dict[str, Value]:
    """One leg with its recording."""
    samples = leg.samples if leg.samples is not None else length(leg.leg)
    recorded = leg.t0_ns is not None
    end = leg.utc_ns(samples) if recorded else leg.ended_ns
    return {
        "leg": leg.leg,
        "role": leg.role,
        "direction": leg.direction,
        "contact": leg.contact,
        "source": leg.source,
        "tier": leg.tier,
        "precedence": leg.precedence,
        "language": leg.language,
        "rate_hz": leg.rate_hz,
        "t0_utc": utc_text(leg.t0_ns) if leg.t0_ns is not None else None,
        "from_utc": utc_text(leg.t0_ns if leg.t0_ns is not None else leg.began_ns),
        "to_utc": None if end is None else utc_text(end),
        "samples": samples if recorded else 0,
        "recovered": leg.is_recovered,
        "began_utc": utc_text(leg.began_ns),
        "answered_utc": None if leg.answered_ns is None else utc_text(leg.answered_ns),
        "ended_utc": None if leg.ended_ns is None else utc_text(leg.ended_ns),
        "outcome": leg.outcome,
        "status": leg.status,
        "detail": leg.detail,
        "talk_ms": leg.talk_ms,
        "pieces": list(_pieces(leg, samples)) if recorded else [],
        "gaps": [_gap(gap) for gap in sorted(leg.gaps, key=lambda gap: gap.from_ns)],
        "health": [{"at_sample": at, "utc": leg.utc(at), "now": now} for at, now in leg.health],
        "measured": leg.measured,
    }


def _gap(gap: Span) -> Value:
    to = None if gap.to_ns is None else utc_text(gap.to_ns)
    return {"kind": gap.kind, "from_utc": utc_text(gap.from_ns), "to_utc": to}


def _pieces(leg: Leg, samples: int) -> Iterator[Value]:
    """Spans of the file between two stalls: each runs on evenly from its first moment."""
    edges = [0, *sorted({at for at, _ in leg.stalls if 0 < at < samples}), samples]
    for start, end in pairwise(edges):
        if start < end:
            yield {"from_sample": start, "to_sample": end, "from_utc": leg.utc(start)}
