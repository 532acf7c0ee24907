"""The relays of the spoken bench: which message is said how, by which voice, and what was altered. Same every time."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.spoken.messages import Alteration, Message, alterations, load
from bench.spoken.wording import STYLES, say

SPLITS = ("dev", "held")
LABELS = ("faithful", "altered")
PER_MESSAGE = 5
SEED = 20
VOICES = ("joe", "joe-slow", "joe-high", "joe-low", "joe", "joe-low", "joe-slow", "", "joe-high", "joe", "joe-high")
ACCENTED = ("kumo", "gongitsune", "tebukuro")
"""In turn; where the first list is empty, the second's. Its speakers are slow to make."""


@dataclass(frozen=True, slots=True)
class Relay:
    """One saying of one message."""

    id: str
    split: str
    sealed: str
    text: str
    """What is meant: the sealed text, or the altered one."""
    said: str
    """What the voice is given."""
    voice: str
    label: str
    """`altered` or `faithful`."""
    kind: str
    """Of the alteration, or the style of a faithful one."""
    style: str
    detail: str


def relays() -> list[Relay]:
    """All of them, those of the kept messages last."""
    found: list[Relay] = []
    for split in SPLITS:
        used: Counter[str] = Counter()
        styles = {label: itertools.cycle(STYLES) for label in LABELS}
        for number, message in enumerate(load(split)):
            found += _of_message(number, message, split, used, styles)
    return found


def _of_message(
    number: int, message: Message, split: str, used: Counter[str], styles: Mapping[str, Iterator[str]]
) -> list[Relay]:
    rng = random.Random(f"{SEED} {message.id}")
    options = list(alterations(message, rng))
    found: list[Relay] = []
    for turn in range(PER_MESSAGE):
        place = number * PER_MESSAGE + turn
        altered = (number + turn) % 2 == 1
        label = LABELS[altered]
        chosen = _choose(options, used, rng) if altered else None
        text = chosen.text if chosen else message.text
        # An alteration is mostly said plainly: noise around it would only help to find it.
        style = next(styles[label]) if not altered or place % 3 == 0 else "plain"
        if style == "self-correction" and not any(letter.isdigit() for letter in text):
            style = "plain"
        found.append(
            Relay(
                f"{split}-{message.id}-{turn}",
                split,
                message.text,
                text,
                say(text, split, style, message, rng),
                VOICES[place % len(VOICES)] or ACCENTED[place // len(VOICES) % len(ACCENTED)],
                label,
                chosen.kind if chosen else style,
                style,
                chosen.detail if chosen else "",
            )
        )
    return found


def _choose(options: list[Alteration], used: Counter[str], rng: random.Random) -> Alteration:
    """One of the kind that was used least so far; it is not chosen again."""
    least = min(used[option.kind] for option in options)
    chosen = rng.choice([option for option in options if used[option.kind] == least])
    used[chosen.kind] += 1
    options.remove(chosen)
    return chosen
