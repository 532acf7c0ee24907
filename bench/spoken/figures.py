"""Counts of the spoken bench: what was missed, what was raised, by kind and by hearing, with 95 % Wilson bounds."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.compare import wilson
from bench.spoken.hear import Heard
from bench.spoken.judge import HEARINGS, Verdict
from bench.spoken.messages import KINDS
from bench.spoken.relays import SPLITS, Relay
from bench.spoken.wording import STYLES
from bridge.relay.giving_events import Match

LIMIT_MISSED, LIMIT_RAISED = 0.02, 0.05
LIMIT_WORD_S = 0.05


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one relay."""

    relay: Relay
    heard: Heard
    verdicts: dict[str, Verdict]
    """By hearing; of a real call the fused one alone, as the desk entered it."""

    @property
    def final(self) -> Verdict:
        return self.verdicts["fused"]

    @property
    def is_miss(self) -> bool:
        return self.relay.label == "altered" and not self.final.is_flagged

    @property
    def is_false_alarm(self) -> bool:
        return self.relay.label == "faithful" and self.final.match is Match.ALTERED

    @property
    def is_placed(self) -> bool:
        """Whether a finding lies where the text was altered, give or take a word: not found by luck elsewhere."""
        sealed, meant = self.relay.sealed.split(), self.relay.text.split()
        steps = difflib.SequenceMatcher(a=sealed, b=meant, autojunk=False).get_opcodes()
        places = [(first, last) for what, first, last, _, _ in steps if what != "equal"]
        found = [finding.sealed_span for finding in self.final.findings]
        return any(a <= last + 1 and first <= b + 1 for a, b in places for first, last in found)

    @property
    def word_s(self) -> float:
        """Computing for the comparison per sealed word."""
        return self.final.seconds / max(1, len(self.relay.sealed.split()))


def share(hits: int, total: int) -> str:
    low, high = wilson(hits, total)
    return f"{100 * hits / max(1, total):.1f} % ({hits}/{total}; {100 * low:.1f}-{100 * high:.1f})"


def row(name: str, outcomes: Sequence[Outcome], hearing: str = "fused") -> str:
    altered = [o.verdicts[hearing] for o in outcomes if o.relay.label == "altered"]
    faithful = [o.verdicts[hearing].match for o in outcomes if o.relay.label == "faithful"]
    missed = sum(not verdict.is_flagged for verdict in altered)
    named = sum(verdict.match is Match.ALTERED for verdict in altered)
    return (
        f"| {name} | {share(missed, len(altered))} | {share(named, len(altered))} "
        f"| {share(faithful.count(Match.ALTERED), len(faithful))} "
        f"| {share(faithful.count(Match.CHECK), len(faithful))} |"
    )


HEAD = (
    "| | alterations missed | alterations called altered | faithful called altered | faithful to check |\n"
    "|---|---|---|---|---|"
)


def by_hearing(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield HEAD
    for hearing in HEARINGS:
        yield row(hearing, [outcome for outcome in outcomes if hearing in outcome.verdicts], hearing)


def by_group(outcomes: Sequence[Outcome], group: Callable[[Outcome], str]) -> Iterator[str]:
    yield HEAD
    for name in sorted({group(outcome) for outcome in outcomes}):
        yield row(name, [outcome for outcome in outcomes if group(outcome) == name])


def by_kind(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "| alteration | missed | called altered | to check |\n|---|---|---|---|"
    for kind in KINDS:
        of_kind = Counter(o.final.match for o in outcomes if o.relay.label == "altered" and o.relay.kind == kind)
        total = of_kind.total()
        missed = total - of_kind[Match.ALTERED] - of_kind[Match.CHECK]
        counts = (missed, of_kind[Match.ALTERED], of_kind[Match.CHECK])
        yield f"| {kind} | {' | '.join(share(count, total) for count in counts)} |"
    yield "\n| faithful, said with | called altered | to check | quiet |\n|---|---|---|---|"
    for style in STYLES:
        of_style = Counter(o.final.match for o in outcomes if o.relay.label == "faithful" and o.relay.kind == style)
        total = of_style.total()
        quiet = total - of_style[Match.ALTERED] - of_style[Match.CHECK]
        counts = (of_style[Match.ALTERED], of_style[Match.CHECK], quiet)
        yield f"| {style} | {' | '.join(share(count, total) for count in counts)} |"


def wrong(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Every miss and every false alarm, with what was sealed, said and heard."""
    for outcome in outcomes:
        if outcome.is_miss or outcome.is_false_alarm:
            yield from detail(outcome)


def detail(outcome: Outcome) -> Iterator[str]:
    relay = outcome.relay
    what = f"{relay.kind}: {relay.detail}" if relay.detail else relay.kind
    yield f"\n`{relay.id}` ({relay.voice}), {relay.label}, {what}; verdict {outcome.final.match.value}\n"
    yield f"- sealed: {relay.sealed}\n- said: {relay.said}"
    yield f"- recogniser: {outcome.heard.text('Final')}\n- checker: {outcome.heard.text('Checked')}"
    for found in outcome.final.findings:
        mark = "" if found.certain else ", doubtful"
        yield f"- found: {found.kind}{mark}: {found.sealed!r}, heard {found.heard!r}"


def failed_limits(outcomes: Sequence[Outcome]) -> list[str]:
    """Which limits are missed, in words."""
    altered = [outcome for outcome in outcomes if outcome.relay.label == "altered"]
    faithful = [outcome for outcome in outcomes if outcome.relay.label == "faithful"]
    missed, raised = sum(o.is_miss for o in altered), sum(o.is_false_alarm for o in faithful)
    slowest = max((outcome.word_s for outcome in outcomes), default=0.0)
    found = []
    if missed > LIMIT_MISSED * len(altered):
        found.append(f"{missed} of {len(altered)} alterations missed, limit {100 * LIMIT_MISSED:g} %")
    if raised > LIMIT_RAISED * len(faithful):
        found.append(f"{raised} of {len(faithful)} faithful called altered, limit {100 * LIMIT_RAISED:g} %")
    if slowest > LIMIT_WORD_S:
        found.append(f"{1000 * slowest:.0f} ms a word for one comparison, limit {1000 * LIMIT_WORD_S:g}")
    return found


def report(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """All tables."""
    yield f"{len(outcomes)} relays\n"
    yield from by_hearing(outcomes)
    yield ""
    for split in SPLITS:
        of_split = [outcome for outcome in outcomes if outcome.relay.split == split]
        if of_split:
            yield f"\n{split}: {len(of_split)} relays\n"
            yield from by_hearing(of_split)
    yield "\nBy voice\n"
    yield from by_group(outcomes, lambda outcome: outcome.relay.voice)
    placed = [outcome.is_placed for outcome in outcomes if outcome.relay.label == "altered"]
    yield f"\nAlterations with a finding at the altered place: {share(sum(placed), len(placed))}"
    yield "\nBy kind\n"
    yield from by_kind(outcomes)
    times = sorted(outcome.word_s for outcome in outcomes)
    middle, most = 1000 * times[len(times) // 2], 1000 * times[-1]
    yield f"\nComputing for a comparison, a sealed word: median {middle:.1f} ms, most {most:.1f} ms\n\nWrong\n"
    yield from wrong(outcomes)
