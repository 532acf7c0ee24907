"""How a text is read out: numbers in a spoken form, punctuation kept for the voice, and what speakers say around it."""

from __future__ import annotations

import random
import re

from bench.pairs import spoken
from bench.pairs.wording import CLOSINGS, CORRECTIONS, FILLERS, OPENINGS, REPEATS
from bench.spoken.messages import NUMBER, Message

STYLES = ("plain", "radio digits", "fillers", "self-correction", "courtesy", "repetition")
_ROW = re.compile(r"(?:heading|bearing|course|channel|level|craft|Frigate|brigade|signal) $")
"""Before these a number is said digit by digit."""
_MONTH = re.compile(r"^ (?:January|February|March|April|May|June|July|August|September|October|November|December)")
_LISTS = {"dev": ("dev", "mid"), "held": ("held",)}


def say(text: str, split: str, style: str, message: Message, rng: random.Random) -> str:
    """What the speaker says for a text, ready for a voice.

    Args:
        style: one of `STYLES`.
        message: the text's own; a wrong first number of a self-correction is made from its numbers.
    """
    if style == "self-correction":
        text = _corrected(text, split, rng)
    said = NUMBER.sub(lambda match: _number(match, style, rng), text)
    match style:
        case "fillers":
            said = _filled(said, split, rng)
        case "courtesy":
            said = _courteous(said, split, rng)
        case "repetition":
            said = _repeated(said, split, rng)
    assert not re.search(r"\d", said), (message.id, said)
    return said


def _number(match: re.Match[str], style: str, rng: random.Random) -> str:
    before, after = match.string[: match.start()], match.string[match.end() :]
    zulu = " zulu" if match["time"] else ""
    if match["sign"]:
        letters = match.group()[:2].lower()
        options = [one for one in spoken.callsign_forms(letters, match["sign"], "en") if " " in one[:9]]
        return rng.choice([one for one in options if not re.search(r"\d", one) and len(one.split()[0]) > 1])
    value = match["time"] or match["plain"]
    if style == "radio digits":
        return spoken.digits(value, "en", icao=True) + zulu
    if match["time"]:
        options = spoken.forms("time", value, "en")
    elif _ROW.search(before) or value.startswith("0"):
        options = [spoken.digits(value, "en")]
    elif _MONTH.match(after) or len(value) < 3:
        options = spoken.cardinal(value, "en")
    else:
        options = [*spoken.cardinal(value, "en"), spoken.digits(value, "en")]
    return rng.choice([one for one in options if not re.search(r"\d", one)]) + zulu


def _phrase(lists: dict[str, dict[str, list[str]]], split: str, rng: random.Random) -> str:
    return rng.choice([one for name in _LISTS[split] for one in lists[name]["en"]])


def _filled(said: str, split: str, rng: random.Random) -> str:
    words = said.split()
    for _ in range(rng.choice((1, 2))):
        at = rng.randrange(1, len(words))
        words[at - 1] = words[at - 1].rstrip(",") + ("" if words[at - 1].endswith(".") else ",")
        words.insert(at, _phrase(FILLERS, split, rng) + ",")
    return " ".join(words)


def _courteous(said: str, split: str, rng: random.Random) -> str:
    first = _phrase(OPENINGS, split, rng).capitalize() + ". " if rng.random() < 0.7 else ""
    last = " " + _phrase(CLOSINGS, split, rng).capitalize() + "." if not first or rng.random() < 0.5 else ""
    return first + said + last


def _repeated(said: str, split: str, rng: random.Random) -> str:
    """A few words are said twice, mostly announced."""
    words = said.split()
    size = rng.randrange(2, 5)
    at = rng.randrange(0, max(1, len(words) - size))
    block = [word.strip(".,?") for word in words[at : at + size]]
    marker = [_phrase(REPEATS, split, rng) + ","] if rng.random() < 0.7 else []
    head = [*words[: at + size - 1], block[-1] + ","]
    tail = words[at + size - 1][len(block[-1]) :]
    return " ".join([*head, *marker, *block[:-1], block[-1] + tail, *words[at + size :]])


def _corrected(text: str, split: str, rng: random.Random) -> str:
    """One number is first said wrong and then put right."""
    numbers = [match for match in NUMBER.finditer(text) if not match["sign"]]
    match = rng.choice(numbers)
    value = match["time"] or match["plain"]
    at = len(value) - 1 if match["plain"] else 1
    wrong = value[:at] + str((int(value[at]) + rng.randrange(1, 4)) % 4 + (5 if at else 1)) + value[at + 1 :]
    if wrong == value:
        wrong = value[:at] + str((int(value[at]) + 1) % 10) + value[at + 1 :]
    if match["time"]:
        wrong = wrong[:1] + str(int(wrong[1]) % 4) + wrong[2:] if wrong[0] == "2" else wrong
        wrong = wrong if wrong != value else f"{(int(value[:2]) + 1) % 24:02d}{value[2:]}"
        wrong += "Z"
    marker = _phrase(CORRECTIONS, split, rng)
    return f"{text[: match.start()]}{wrong}, {marker}, {match.group()}{text[match.end() :]}"
