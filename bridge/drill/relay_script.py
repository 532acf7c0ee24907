"""The exercises of the relay: what is said, by whom, and what goes wrong on purpose.

Data only; `relays` plays it. The sentences come from `voices/relay.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from bridge.base.terms import Outcome
from bridge.drill.orders import Mode
from bridge.drill.script import VOICES, Sentence, Word

Plot: TypeAlias = Literal["one", "nobody", "refusal", "second", "reply", "crossing"]
FORGOTTEN = ""


@dataclass(frozen=True, slots=True)
class Phrase(Sentence):
    """A sentence of the relay in one voice."""

    key: str = ""
    """Its name in the script, the same for each voice."""
    language: str = "en"
    written: str = ""
    """As an operator writes it down."""
    of: str = ""
    """The sentence in whose place it is said wrongly."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One message: its sentences by their names, and what it is to another one."""

    keys: tuple[str, ...]
    kind: str = "STATEMENT"


@dataclass(frozen=True, slots=True)
class RelayScenario:
    """One exercise of the relay, from the call in to the return slip."""

    name: str
    plot: Plot = "one"
    first_contact: Mode = "ring"
    attempts: tuple[Outcome, ...] = (Outcome.NO_ANSWER, Outcome.ANSWERED)
    """Of the called side's ladder, in order."""
    statement: Statement = Statement(("engine", "arrival", "escort"))
    second: Statement | None = None
    """The later message of the plots that have one."""
    operator_says: Mapping[str, str] = field(default_factory=dict)
    """Sentences that the operator relays otherwise at first; `FORGOTTEN` leaves one out."""
    officer_says: Mapping[str, str] = field(default_factory=dict)
    """The same of the far officer's read-back."""
    catches: tuple[tuple[str, frozenset[str]], ...] = ()
    """Part of each difference that the machine has to find, and the classes that are right for it."""
    spoken: str = "en"
    """Language of the called side's line."""
    outcome: str = "ACKNOWLEDGED"


_VALUE = frozenset(("number", "time"))
_BUSY = (Outcome.BUSY, Outcome.ANSWERED)
_SILENT = (Outcome.NO_ANSWER,) * 3
RELAY_SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        RelayScenario("faithful"),
        RelayScenario(
            "number-changed",
            first_contact="busy",
            attempts=_BUSY,
            operator_says={"arrival": "arrival-wrong"},
            catches=(("relay", _VALUE),),
        ),
        RelayScenario(
            "negation-dropped",
            first_contact="busy",
            attempts=_BUSY,
            operator_says={"escort": "escort-wrong"},
            catches=(("relay", frozenset(("negation",))),),
        ),
        RelayScenario(
            "clause-forgotten",
            first_contact="busy",
            attempts=_BUSY,
            operator_says={"arrival": FORGOTTEN},
            catches=(("relay", frozenset(("clause", "omission", *_VALUE))),),
        ),
        RelayScenario(
            "wrong-read-back",
            first_contact="busy",
            attempts=_BUSY,
            officer_says={"arrival": "arrival-wrong"},
            catches=(("read-back", _VALUE),),
        ),
        RelayScenario("nobody-answers", "nobody", attempts=_SILENT, outcome="NO ANSWER"),
        RelayScenario("refusal", "refusal", "busy", _BUSY, outcome="NOT AUTHORISED TO ANSWER"),
        RelayScenario("correction", "second", "busy", _BUSY, second=Statement(("later",), "CORRECTION")),
        RelayScenario("cancel", "second", "busy", _BUSY, second=Statement(("withdrawn",), "CANCELLATION")),
        RelayScenario("reply", "reply", "busy", _BUSY, second=Statement(("away", "patrol"), "REPLY")),
        RelayScenario("crossing", "crossing", attempts=(), second=Statement(("seen",))),
        RelayScenario("interpreter", first_contact="busy", attempts=_BUSY, spoken="fa"),
    )
}
PAIR = ("faithful", "number-changed")
"""What `hotline drill` plays by itself: the second begins while the first is on its way."""


def phrases(folder: Path = VOICES) -> dict[str, Phrase]:
    """Every sentence of the relay by voice and name: `operator-engine`."""
    raw = json.loads((folder / "relay.json").read_text(encoding="utf-8"))
    made = [
        Phrase(
            f"{item['voice']}-{item['id']}",
            "",
            item["voice"],
            item["text"],
            folder / item["file"],
            raw["rate_hz"],
            tuple(Word(word["word"], word["from_sample"], word["to_sample"]) for word in item["words"]),
            item["id"],
            item["language"],
            item["written"],
            item["of"],
        )
        for item in raw["sentences"]
    ]
    return {one.id: one for one in made}


def first_difference(wrong: Phrase, right: Phrase) -> int:
    """Sample at which the first word that is said wrongly has been said; of a word left out, the word after the gap.

    Both must have words.
    """
    pairs = zip(wrong.words, right.words, strict=False)
    at = next((n for n, (one, other) in enumerate(pairs) if one.word != other.word), len(wrong.words) - 1)
    return wrong.words[min(at, len(wrong.words) - 1)].to_sample
