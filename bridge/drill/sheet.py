"""The result sheet of an exercise of the relay: times per step, verdict per part, and what the machine caught.

Pure: entries of the desks in, figures out. Everything comes from what the desks wrote down; only where a word was said
wrongly on purpose is known from the script.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bridge.base.clock import NS
from bridge.base.wire import Fields, Value
from bridge.drill.score import Check

FOUND_LIMIT_S = 5.0
"""From the end of a wrong word to the entry of the difference. The operator is then still in the next sentence."""
AS_SEALED = ("verbatim", "equivalent")
STEPS: tuple[tuple[str, str, str, float | None, str], ...] = (
    ("statement to draft", "calling taking Opened", "calling taking ReadBackStarted", None, ""),
    ("draft to confirmed", "calling taking ReadBackStarted", "calling taking Confirmed", None, ""),
    ("confirmed to seal", "calling taking Confirmed", "calling taking SealOrdered", None, ""),
    ("seal to the other station", "calling taking SealOrdered", "called giving SlipAccepted", 600.0, "hop, FLASH"),
    ("slip to an officer", "called giving SlipAccepted", "called giving CallAnswered", None, ""),
    ("an officer to said as sealed", "called giving CallAnswered", "called giving RelayFinished", None, ""),
    ("said to receipt", "called giving RelayFinished", "called giving ReceiptGiven", None, ""),
    ("receipt to acknowledgement", "called giving ReceiptGiven", "called giving Acknowledged", 600.0, "hop, FLASH"),
    ("first word to seal", "calling taking Opened", "calling taking SealOrdered", 600.0, "hop, FLASH"),
    ("slip to receipt", "called giving SlipAccepted", "called giving ReceiptGiven", 600.0, "hop, FLASH"),
    ("first word to the principal", "calling taking Opened", "called giving RelayFinished", 600.0, "Moscow 1967"),
    ("first word to receipt", "calling taking Opened", "called giving ReceiptGiven", 300.0, "ICAO Annex 11"),
    ("first word to the return", "calling taking Opened", "calling taking ReturnTaken", None, ""),
)
"""Name, from, to, limit in seconds and its source: domain figures, section 4."""


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """One entry of a desk, as its ledger has it."""

    mono_ns: int
    kind: str
    data: Fields


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    took_s: float
    """NaN where it did not happen."""
    limit_s: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the machine said about one part of one message, in order."""

    place: str
    part: str
    matches: tuple[str, ...]
    judged_by: str
    """Whose ear decided where the machine was not sure; empty if none did."""

    @property
    def is_as_sealed(self) -> bool:
        return bool(self.matches) and (
            self.matches[-1] in AS_SEALED or (self.matches[-1] == "check" and self.is_judged)
        )

    @property
    def is_judged(self) -> bool:
        return bool(self.judged_by)


@dataclass(frozen=True, slots=True)
class Planted:
    """One word that was said otherwise on purpose."""

    part: str
    kinds: frozenset[str]
    """Classes of a difference that are right for it."""
    name: str
    """The class it is called by in the figures."""
    end_ns: int
    """When it had been said; of one left out, when the next word had been."""
    audio_s: float
    """Where that is in its track."""
    leg_ended_ns: int


@dataclass(frozen=True, slots=True)
class Catch:
    """A difference that the machine found, and when."""

    part: str
    kind: str
    sealed: str
    heard: str
    audio_s: float
    after_s: float
    """From the end of the wrong word to the desk's entry; NaN where nothing was planted."""
    left_s: float
    """From that entry to the end of the leg on which it was said."""


@dataclass(frozen=True, slots=True)
class Sheet:
    steps: tuple[Step, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    catches: tuple[Catch, ...] = ()
    rewritten: tuple[str, ...] = ()
    """Sentences that the operator wrote anew because the recogniser heard them otherwise."""
    outcome: str = ""
    refused: tuple[str, ...] = ()
    """Acts that the desk refused, with the code."""
    notes: tuple[str, ...] = ()


def moments(entries: Mapping[str, Sequence[DeskEntry]], subjects: Mapping[str, str]) -> dict[str, int]:
    """When each event of each message was first written, by place and event: `called giving RelayFinished`; the last
    return counts, not the first."""
    found: dict[str, int] = {}
    for place, subject in subjects.items():
        for one in _of(entries[place.split()[0]], subject):
            name = f"{place} {one.kind.removeprefix('Message')}"
            if name not in found or one.kind == "MessageReturnTaken":
                found[name] = one.mono_ns
    return found


def steps(when: Mapping[str, int]) -> tuple[Step, ...]:
    """Steps that happened, in order."""
    return tuple(
        Step(name, (when[to] - when[start]) / NS, limit_s, source)
        for name, start, to, limit_s, source in STEPS
        if start in when and to in when
    )


def verdicts(entries: Mapping[str, Sequence[DeskEntry]], subjects: Mapping[str, str]) -> tuple[Verdict, ...]:
    """Each part of each giving, with repeated verdicts once."""
    found = []
    for place, subject in subjects.items():
        own = list(_of(entries[place.split()[0]], subject))
        for part in ("relay", "read-back"):
            matches: list[str] = []
            for one in own:
                event = _event(one)
                if one.kind == "MessageCompared" and event.get("part") == part:
                    match = str(event.get("match"))
                    matches += [match] if matches[-1:] != [match] else []
            judged = [
                str(_event(o).get("by")) for o in own if o.kind == "MessageJudged" and _event(o).get("part") == part
            ]
            if matches:
                found.append(Verdict(place, part, tuple(matches), judged[-1] if judged else ""))
    return tuple(found)


def catches(entries: Iterable[DeskEntry], subject: str, planted: Sequence[Planted]) -> tuple[Catch, ...]:
    """Differences of one giving, each class and place once: when it was first written down."""
    found: dict[tuple[str, str, str, bool], Catch] = {}
    for one in entries:
        if one.kind != "DifferencesFound" or one.data.get("subject") != subject:
            continue
        part = str(one.data.get("part"))
        for finding in _findings(one.data.get("findings")):
            kind, sealed, heard = (str(finding.get(name)) for name in ("kind", "sealed", "heard"))
            here = (p for p in planted if p.part == part and kind in p.kinds and one.mono_ns > p.end_ns - NS)
            known = next(here, None)
            name = part, kind, sealed, known is not None
            # What only could be a difference is told where one was planted; elsewhere it is the ear's matter.
            if (known is None and finding.get("certain") is not True) or name in found:
                continue
            found[name] = Catch(part, kind, sealed, heard, *_times(one.mono_ns, known))
    return tuple(found.values())


def _times(mono_ns: int, known: Planted | None) -> tuple[float, float, float]:
    if known is None:
        return math.nan, math.nan, math.nan
    return known.audio_s, (mono_ns - known.end_ns) / NS, (known.leg_ended_ns - mono_ns) / NS


def checks(sheet: Sheet, planted: Sequence[Planted], outcome: str) -> tuple[Check, ...]:
    """What of the sheet has a limit."""
    found = [Check(step.name, step.took_s, step.limit_s, "s") for step in sheet.steps if step.limit_s is not None]
    for one in planted:
        caught = [c for c in sheet.catches if c.part == one.part and math.isfinite(c.after_s)]
        after = min((c.after_s for c in caught), default=math.nan)
        left = max((c.left_s for c in caught), default=math.nan)
        found.append(Check(f"{one.name} in the {one.part}, found after", after, FOUND_LIMIT_S, "s"))
        found.append(Check(f"{one.name} found before the leg ended", left, 0.0, "s", at_least=True))
    wrong = sum(not one.is_as_sealed for one in sheet.verdicts)
    return (
        *found,
        Check("parts not as sealed in the end", wrong, 0, ""),
        Check("outcome not as scripted", int(sheet.outcome != outcome), 0, ""),
    )


def outcome_of(entries: Sequence[DeskEntry], subject: str) -> str:
    """What the last return slip at the originator's station says; empty where none came back."""
    last = [one for one in _of(entries, subject) if one.kind == "MessageReturnTaken"]
    slip = _event(last[-1]).get("slip") if last else None
    return str(slip.get("outcome")) if isinstance(slip, dict) else ""


def _of(entries: Iterable[DeskEntry], subject: str) -> Iterable[DeskEntry]:
    return (one for one in entries if one.data.get("subject") == subject)


def _event(one: DeskEntry) -> Mapping[str, Value]:
    event = one.data.get("event")
    return event if isinstance(event, dict) else {}


def _findings(value: Value) -> list[dict[str, Value]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
