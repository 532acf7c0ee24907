"""Messages of the spoken bench and the ways to alter each: one alteration at a time, of a kind that is named.

`messages.txt` was looked at while building, `messages_held.txt` was kept for the figure.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
FILES = {"dev": "messages.txt", "held": "messages_held.txt"}
FACTS = ("unit", "time", "direction", "negation", "modality", "condition", "order", "hedge", "name", "owner")
KINDS = ("number", *FACTS, "clause omitted", "clause added")
NUMBER = re.compile(r"\b(?:[A-Z]{2}-(?P<sign>\d+)|(?P<time>\d{4})Z|(?P<plain>\d+))(?!\w)")
_SENTENCE = re.compile(r"[^.?]+[.?]")


@dataclass(slots=True)
class Message:
    """One text to be sealed."""

    id: str
    text: str = ""
    facts: list[tuple[str, str, str]] = field(default_factory=list)
    """Kind, words of the text, and what takes their place."""
    added: str = ""
    """A sentence that the text does not hold; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Alteration:
    kind: str
    text: str
    """The altered text."""
    detail: str
    """What was changed, for the reader of a report."""


def load(split: str) -> list[Message]:
    """The messages of a split.

    Raises:
        ValueError: a fact is not in its text, or its kind is unknown.
    """
    found: list[Message] = []
    for line in (HERE / FILES[split]).read_text("utf-8").splitlines():
        if line.startswith("# ") and "|" not in line and len(line.split()) == 2:
            found.append(Message(line[2:]))
        elif "|" in line and not line.startswith("#"):
            _take(found[-1], *(part.strip() for part in line.split("|", 1)))
        elif line and not line.startswith("#"):
            found[-1].text = line
    return found


def _take(message: Message, kind: str, what: str) -> None:
    if kind == "add":
        message.added = what
        return
    old, _, new = (part.strip() for part in what.partition(">"))
    if kind not in FACTS or old not in message.text or not new:
        raise ValueError(f"{message.id}: {kind} | {what}")
    message.facts.append((kind, old, new))


def alterations(message: Message, rng: random.Random) -> Iterator[Alteration]:
    """Every alteration of a message; numbers are changed at random."""
    text = message.text
    for kind, old, new in message.facts:
        yield Alteration(kind, text.replace(old, new, 1), f"{old} > {new}")
    for match in NUMBER.finditer(text):
        for other in _changed(match, rng):
            kind = "time" if match["time"] else "number"
            changed = text[: match.start()] + other + text[match.end() :]
            yield Alteration(kind, changed, f"{match.group()} > {other}")
    sentences = _SENTENCE.findall(text)
    if len(sentences) > 1:
        for at, sentence in enumerate(sentences):
            rest = "".join(sentences[:at] + sentences[at + 1 :]).strip()
            yield Alteration("clause omitted", rest, sentence.strip())
    if message.added:
        at = rng.randrange(1, len(sentences) + 1)
        grown = " ".join(part.strip() for part in (*sentences[:at], message.added, *sentences[at:]))
        yield Alteration("clause added", grown, message.added)


def _changed(match: re.Match[str], rng: random.Random) -> Iterator[str]:
    """Other numbers in the place of one: a digit, two digits the other way round, fifteen for fifty."""
    shown = match.group()
    if match["time"]:
        hour, minute = int(match["time"][:2]), int(match["time"][2:])
        yield f"{(hour + rng.choice((1, 2, 12))) % 24:02d}{minute:02d}Z"
        yield f"{hour:02d}{(minute + rng.choice((5, 10, 30))) % 60:02d}Z"
        return
    value = match["sign"] or match["plain"]
    head = shown[: len(shown) - len(value)]
    at = rng.randrange(len(value))
    other = value[:at] + str((int(value[at]) + rng.randrange(1, 10)) % 10) + value[at + 1 :]
    if other[0] != "0":
        yield head + other
    if len(value) > 1 and value[-1] != value[-2] and value[-1] != "0":
        yield head + value[:-2] + value[-1] + value[-2]
    if len(value) == 2 and value[1] == "0" and value[0] > "2":
        yield head + "1" + value[0]
