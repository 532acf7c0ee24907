"""What is played: the sentences with their words' times, the parties, and the scenarios.

It reads the files that come with the program and the dialplan's addresses. Who says what when is `play`'s.
"""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass
from pathlib import Path

from bridge.base.dialplan import Dialplan, Side
from bridge.base.errors import SetupError
from bridge.base.terms import Outcome
from bridge.drill.orders import Mode

VOICES = Path(__file__).parent / "voices"
ANNOUNCEMENTS = Path(__file__).parent.parent / "lines" / "announcements"
LOOPBACK = ipaddress.ip_network("127.0.0.0/8")
CALLER_NUMBER = 21
"""Host number, in the first admitted network, of an officer who is in no ladder: anybody of a side may call."""


@dataclass(frozen=True, slots=True)
class Word:
    word: str
    from_sample: int
    to_sample: int


@dataclass(frozen=True, slots=True)
class Sentence:
    id: str
    line: str
    """`calling` or `called`: on the line of the side that calls the desk, or of the one that is called."""
    speaker: str
    """`caller`, `called` or `operator`; in the relay `originator`, `officer` or `operator`."""
    text: str
    file: Path
    rate_hz: int
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """How the first contact of the called side meets the call, and what is said; the second contact answers."""

    name: str
    first_contact: Mode
    first_outcome: Outcome
    says: frozenset[str] | None = None
    """Sentences that are said; None: all."""

    @property
    def attempts(self) -> tuple[Outcome, ...]:
        return (self.first_outcome, Outcome.ANSWERED)


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("relay", "ring", Outcome.NO_ANSWER),
        Scenario("busy", "busy", Outcome.BUSY),
        Scenario("refused", "refuse", Outcome.REFUSED),
        Scenario("quick", "busy", Outcome.BUSY, frozenset({"caller-3", "desk-1", "desk-2", "called-1"})),
    )
}
"""`relay` is the full exercise: the first contact's phone rings and nobody lifts. `quick` takes half the time."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Which side calls in, which one is called, and from where the calling officer calls."""

    calling: str
    called: str
    caller_host: str


def find_scenario(name: str) -> Scenario:
    """A scenario of the calls by name.

    Raises:
        SetupError: there is none of that name.
    """
    if name not in SCENARIOS:
        raise SetupError("no such scenario", name, f"Use one of {', '.join(SCENARIOS)}.")
    return SCENARIOS[name]


def sentences(scenario: Scenario, folder: Path = VOICES) -> list[Sentence]:
    """What is said, in order."""
    raw = json.loads((folder / "script.json").read_text(encoding="utf-8"))
    return [
        Sentence(
            item["id"],
            item["line"],
            item["speaker"],
            item["text"],
            folder / item["file"],
            raw["rate_hz"],
            tuple(Word(word["word"], word["from_sample"], word["to_sample"]) for word in item["words"]),
        )
        for item in raw["sentences"]
        if scenario.says is None or item["id"] in scenario.says
    ]


def cast(plan: Dialplan, where: str) -> Cast:
    """Check that this theatre can be drilled on this host, and give the parts.

    Raises:
        SetupError: it is not marked as an exercise, an address is not on this host, or a ladder is too short. A
            drill must never ring a real telephone.
    """
    if not plan.exercise:
        raise SetupError("the theatre is not marked as an exercise", where, "Set exercise = true, or use loopback.")
    for name, side in plan.sides.items():
        for host in _hosts(side):
            if not _is_loopback(host):
                raise SetupError(f"sides.{name} has the address {host}", where, "A drill calls 127.0.0.0/8 only.")
        if side.line.transport == "tls":
            raise SetupError(f"sides.{name}.line uses tls", where, "A drill speaks udp and tcp.")
    calling, called = plan.sides
    if len(plan.sides[called].contacts) < 2:
        raise SetupError(f"sides.{called} has one contact", where, "A drill needs two, to see the ladder climb.")
    network = ipaddress.ip_network(plan.sides[calling].line.admit[0])
    return Cast(calling, called, str(network[min(CALLER_NUMBER, network.num_addresses - 1)]))


def _hosts(side: Side) -> list[str]:
    return [side.line.host, *(c.uri.host for c in side.contacts), *(h.uri.host for h in side.handsets)]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host) in LOOPBACK
    except ValueError:
        return False  # a name: nobody knows where it leads
