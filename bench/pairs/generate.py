"""Pairs of a sealed and a heard text with known labels, from the messages beside this file.

Hold-out by message (`messages_held.txt`) and by wording (`wording.py`, `held`). The same seed gives the same pairs.
Usage: python -m bench.pairs.generate dev|held COUNT SEED > FILE
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.pairs import spoken, wording
from bench.pairs.rows import Row, own_digits, print_pairs, row

HERE = Path(__file__).parent
LANGUAGES = ("en", "fa", "ar")
KINDS = {
    "n-": "negation_dropped",
    "n+": "negation_added",
    "u": "unit_swapped",
    "d": "direction_flipped",
    "m": "modality_changed",
    "a": "actor_swapped",
    "N": "name_swapped",
    "c": "condition_dropped",
    "o": "order_changed",
    "h-": "hedge_removed",
    "h+": "hedge_added",
    "t": "time_changed",
}


@dataclass
class Message:
    id: str
    text: dict[str, str] = field(default_factory=dict)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    facts: list[tuple[str, dict[str, tuple[str, str]]]] = field(default_factory=list)
    added: dict[str, str] = field(default_factory=dict)


def load(split: str) -> list[Message]:
    found: list[Message] = []
    for path in sorted(HERE.glob(f"messages_{split}*.txt")):
        for line in path.read_text("utf-8").splitlines():
            _take(line.strip(), found)
    for message in found:
        _verify(message)
    return found


def _take(line: str, found: list[Message]) -> None:
    if line.startswith("# "):
        found.append(Message(line[2:]))
    elif line[:3] in ("en:", "fa:", "ar:"):
        found[-1].text[line[:2]] = line[3:].strip()
    elif line.startswith("num:"):
        for item in line[4:].split("|"):
            value, kind = item.split()
            found[-1].numbers.append((value, kind))
    elif line:
        kind, *parts = (part.strip() for part in line.split("|"))
        if kind == "add":
            found[-1].added = dict(zip(LANGUAGES, parts, strict=True))
        else:
            pairs = [tuple(side.strip() for side in (part + " ").split(">")) for part in parts]
            facts = {language: (pair[0], pair[1]) for language, pair in zip(LANGUAGES, pairs, strict=True)}
            found[-1].facts.append((kind, facts))


def _verify(message: Message) -> None:
    for kind, fact in message.facts:
        for language, (old, _) in fact.items():
            if old not in message.text[language]:
                raise ValueError(f"{message.id} {kind} {language}: {old!r} is not in the text")


def _sentences(text: str) -> list[str]:
    return re.findall(r"[^.;]+(?:\.\d+[^.;]*)*[.;]", text)


def alterations(message: Message, language: str, rng: random.Random) -> Iterator[tuple[str, str, str]]:
    """(kind, altered text, detail)"""
    text = message.text[language]
    for kind, fact in message.facts:
        old, new = fact[language]
        yield KINDS[kind], " ".join(text.replace(old, new, 1).split()), f"{old} > {new}"
    for value, kind in message.numbers:
        if value in text and "." not in value:
            for name, changed in _changed(value, kind, rng):
                yield name, text.replace(value, changed, 1), f"{value} > {changed}"
    sentences = _sentences(text)
    for index in range(len(sentences)):
        rest = sentences[:index] + sentences[index + 1 :]
        yield "clause_omitted", "".join(rest).strip(), sentences[index].strip()
    if message.added:
        place = rng.randrange(1, len(sentences) + 1)
        grown = [*sentences[:place], " " + message.added[language], *sentences[place:]]
        yield "clause_added", "".join(grown), message.added[language]


def _changed(value: str, kind: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    at = rng.randrange(len(value))
    other = value[:at] + str((int(value[at]) + rng.randrange(1, 10)) % 10) + value[at + 1 :]
    if kind == "time":
        hour = f"{(int(value[:2]) + rng.choice((1, 2, 12))) % 24:02d}{value[2:]}"
        yield "time_changed", hour
        minute = value[:2] + f"{(int(value[2:]) + rng.choice((5, 10, 30))) % 60:02d}"
        yield "number_changed", minute
        return
    if other[0] != "0" or value[0] == "0":
        yield "number_changed", other
    if len(value) >= 2 and value[-1] != value[-2]:
        swapped = value[:-2] + value[-1] + value[-2]
        if swapped[0] != "0" or value[0] == "0":
            yield "digits_transposed", swapped
    if len(value) == 2 and value[1] == "0" and value[0] > "2":
        yield "fifteen_fifty", "1" + value[0]


_PLAIN = re.compile(r"[.,;:!?،؛؟](?=\s|$)|[\u064b-\u0652]")
_NUMBER = re.compile(r"[A-Z]{2}-\d+|\d+(?:\.\d+)?Z?(?![a-z\d])")


def say(text: str, message: Message, language: str, rng: random.Random, style: str) -> str:
    """The text as a recogniser would write it, numbers spoken in some form."""
    kinds = {value: kind for value, kind in message.numbers}

    def spoken_number(match: re.Match[str]) -> str:
        shown = match.group()
        zulu = shown.endswith("Z")
        letters, _, value = shown.rstrip("Z").rpartition("-")
        kind = _kind(kinds, value, letters, zulu, text[: match.start()], message)
        options = spoken.forms(kind, value, language)
        if style == "icao" and not kind.startswith("callsign"):
            options = [spoken.digits(value, language, icao=True)]
        elif style == "figures" and not kind.startswith("callsign"):
            options = [value]
        return rng.choice(options) + (" zulu" if zulu else "")

    said = _NUMBER.sub(spoken_number, text)
    said = _PLAIN.sub("", said).replace("-", " ")
    return " ".join(said.lower().split())


def _kind(kinds: dict[str, str], value: str, letters: str, zulu: bool, before: str, message: Message) -> str:
    if letters:
        return f"callsign:{letters}"
    if value in kinds:
        return "number" if kinds[value].startswith("callsign") else kinds[value]
    if zulu or before.rstrip().endswith(("ساعت", "الساعة", "at", "before", "after", "from", "and", "by")):
        return "time" if len(value) == 4 and int(value[:2]) < 24 and int(value[2:]) < 60 else "number"
    return "number"


def _insert(words: list[str], items: list[str], rng: random.Random, count: int) -> list[str]:
    words = list(words)
    for _ in range(count):
        words.insert(rng.randrange(0, len(words)), rng.choice(items))
    return words


def _fillers(words: list[str], language: str, split: str, rng: random.Random) -> list[str]:
    return _insert(words, wording.FILLERS[split][language], rng, rng.choice((1, 2, 3)))


def _repetition(words: list[str], language: str, split: str, rng: random.Random) -> list[str]:
    size = rng.randrange(1, 5)
    at = rng.randrange(0, max(1, len(words) - size))
    block = words[at : at + size]
    marker = [rng.choice(wording.REPEATS[split][language])] if rng.random() < 0.4 else []
    return [*words[: at + size], *marker, *block, *words[at + size :]]


def _courtesy(words: list[str], language: str, split: str, rng: random.Random) -> list[str]:
    first = [rng.choice(wording.OPENINGS[split][language])] if rng.random() < 0.7 else []
    last = [rng.choice(wording.CLOSINGS[split][language])] if not first or rng.random() < 0.5 else []
    return [*first, *words, *last]


def _misheard(words: list[str], language: str, split: str, rng: random.Random) -> list[str]:
    words = list(words)
    swaps = dict(wording.HOMOPHONES[split][language])
    places = [at for at, word in enumerate(words) if word in swaps]
    for at in rng.sample(places, min(len(places), 2)):
        words[at] = swaps[words[at]]
    at = rng.randrange(len(words))
    word = words[at]
    if language == "en":
        if word in ("the", "a"):
            del words[at]
        elif len(word) > 4 and word.endswith("s"):
            words[at] = word[:-1]
    elif language == "ar" and word.startswith("ال") and len(word) > 5:
        words[at] = word[2:]
    return words


def _variants(words: list[str], language: str, split: str, rng: random.Random) -> list[str]:
    said = " ".join(words)
    if language == "en":
        for long, short in (
            ("do not", "don't"),
            ("will not", "won't"),
            ("is not", "isn't"),
            ("it is", "it's"),
            ("did not", "didn't"),
            ("cannot", "can't"),
            ("we will", "we'll"),
            ("are not", "aren't"),
            ("should not", "shouldn't"),
            ("they are", "they're"),
            ("does not", "doesn't"),
        ):
            said = re.sub(rf"\b{long}\b", short, said)
    elif language == "fa":
        said = rng.choice(
            (
                said.replace("\u200c", ""),
                said.replace("\u200c", " "),
                said.replace("ی", "ي").replace("ک", "ك"),
            )
        )
    else:
        said = said.translate(str.maketrans("أإآ", "ااا"))
        if rng.random() < 0.5:
            said = re.sub("ة\\b", "ه", said)
        if rng.random() < 0.3:
            said = re.sub("ى\\b", "ي", said)
    return said.split()


NOISES: dict[str, Callable[[list[str], str, str, random.Random], list[str]]] = {
    "fillers": _fillers,
    "repetition": _repetition,
    "courtesy": _courtesy,
    "asr_noise": _misheard,
    "variants": _variants,
}


def corrected(text: str, message: Message, language: str, split: str, rng: random.Random) -> str | None:
    """The text with one number first said wrong and then corrected, as marked text for `say`."""
    usable = [
        (v, k) for v, k in message.numbers if re.search(rf"(?<![\d-]){v}", text) and "." not in v and ":" not in k
    ]
    if not usable:
        return None
    value, kind = rng.choice(usable)
    wrong = [changed for _, changed in _changed(value, kind, rng) if len(changed) == len(value)]
    if not wrong:
        return None
    marker = rng.choice(wording.CORRECTIONS[split][language])
    return re.sub(rf"(?<![\d-]){value}", f"{wrong[0]} {marker} {value}", text, count=1)


def pairs(split: str, count: int, seed: int) -> Iterator[Row]:
    """`count` pairs of each of the nine directions, half of them altered."""
    messages = load(split)
    split = split if split in ("dev", "mid", "held") else "mid"  # wording
    for ours in LANGUAGES:
        for theirs in LANGUAGES:
            rng = random.Random(f"{split} {seed} {ours} {theirs}")
            for number in range(count):
                message = rng.choice(messages)
                made = _pair(message, ours, theirs, split, altered=bool(number % 2), rng=rng)
                yield {"id": f"{split}-{ours}-{theirs}-{number:04d}", **made}


def _pair(message: Message, ours: str, theirs: str, split: str, *, altered: bool, rng: random.Random) -> Row:
    text, kind, detail = message.text[theirs], "", ""
    if altered:
        options = list(alterations(message, theirs, rng))
        wanted = rng.choice(sorted({option[0] for option in options}))
        kind, text, detail = rng.choice([option for option in options if option[0] == wanted])
    noise = rng.choice(["plain", "icao", "figures", "self_correction", *NOISES])
    if altered and rng.random() < 0.5:
        noise = "plain"
    marked = corrected(text, message, theirs, split, rng) if noise == "self_correction" else None
    heard = say(marked or text, message, theirs, rng, noise).split()
    if noise in NOISES:
        heard = NOISES[noise](heard, theirs, split, rng)
    texts = own_digits(message.text[ours], ours, rng), " ".join(heard)
    return row((ours, theirs), texts, kind=kind, noise=noise, detail=detail, msg=message.id)


if __name__ == "__main__":
    print_pairs(pairs)
