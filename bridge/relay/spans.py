"""Which samples of which track were marked or played, and how much of the one the other covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bridge.base.errors import Ours


class SpanError(Ours):
    """A span without length or before the first sample."""

    code = "span"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Samples `[from_sample, to_sample)` of one leg's track."""

    leg: str
    from_sample: int
    to_sample: int

    def __post_init__(self) -> None:
        if not self.leg or not 0 <= self.from_sample < self.to_sample:
            raise SpanError(f"span {self.from_sample} to {self.to_sample} of {self.leg!r} has no length")

    @property
    def samples(self) -> int:
        return self.to_sample - self.from_sample


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same samples as spans that neither touch nor overlap, in order."""
    merged: list[Span] = []
    for span in sorted(spans):
        last = merged[-1] if merged else None
        if last and last.leg == span.leg and span.from_sample <= last.to_sample:
            merged[-1] = Span(last.leg, last.from_sample, max(last.to_sample, span.to_sample))
        else:
            merged.append(span)
    return tuple(merged)


def uncovered(wanted: Iterable[Span], covered: Iterable[Span]) -> tuple[Span, ...]:
    """What of `wanted` is not in `covered`."""
    left = union(wanted)
    for cover in union(covered):
        left = tuple(piece for span in left for piece in _without(span, cover))
    return left


def _without(span: Span, cover: Span) -> list[Span]:
    if cover.leg != span.leg or cover.to_sample <= span.from_sample or span.to_sample <= cover.from_sample:
        return [span]
    ends = ((span.from_sample, cover.from_sample), (cover.to_sample, span.to_sample))
    return [Span(span.leg, start, end) for start, end in ends if start < end]


def coverage_permille(wanted: Iterable[Span], covered: Iterable[Span]) -> int:
    """How much of `wanted` is covered, rounded down: 1000 only if nothing is missing. 0 if nothing is wanted."""
    wanted = union(wanted)
    total = sum(span.samples for span in wanted)
    missing = sum(span.samples for span in uncovered(wanted, covered))
    return (total - missing) * 1000 // total if total else 0
