"""Pairs across languages from freely translated triples (`across_open.txt`, `across_blind.txt`, `across_second.txt`).

A slot in a text is `{kind:as sealed|as altered}`; numbers, units and sentences are altered by rule. The open messages
may be looked at; of the blind ones only the rates are. `across_second.txt` is by another author than the tables: its
messages `s_` are open, `z_` blind. `across_fourth.txt` and `across_fifth.txt` are in two halves. The same seed gives
the same pairs.
Usage: python -m bench.pairs.across_triples open|blind|second_open|second_blind COUNT SEED > FILE
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.pairs import generate
from bench.pairs.rows import Row, own_digits, print_pairs, row

HERE = Path(__file__).parent
LANGUAGES = generate.LANGUAGES
DIRECTIONS = tuple((ours, theirs) for ours in LANGUAGES for theirs in LANGUAGES if ours != theirs)
KINDS = {**generate.KINDS, "x": "antonym", "q": "bound_swapped", "s": "clause_omitted"}
WORDING = {
    "open": "mid",
    "blind": "held",
    "second_open": "mid",
    "second_blind": "held",
    "third": "mid",
    "fresh": "held",
    "fourth_a": "mid",
    "fourth_b": "held",
    "fifth_a": "mid",
    "fifth_b": "held",
    "weigh": "mid",
    "hands": "held",
    "form": "mid",
    "own": "held",
}
SECOND = {"second_open": "s_", "second_blind": "z_"}
HALVES, HALVES_SEED = {"fourth": ("fourth_a", "fourth_b"), "fifth": ("fifth_a", "fifth_b")}, 20261123
"""Halves of a file, parted by lot: the first may be looked at, of the second only the rates are."""
HANDS = HERE.parent / "judge" / "held"
FILES = {
    "weigh": ("testa_01", "testa_02", "testb_01", "testb_02"),
    "hands": ("testa_03", "testa_04", "testb_03", "testb_04"),
    "form": ("form_06", "form_07"),
    "own": tuple(sorted(f"../messages/{path.stem}" for path in (HANDS.parent / "messages").glob("*.txt"))),
}
"""Messages of other hands: those that the weights were learned from, those that serve figures only, and those that the
judge learned from, for pairs within one language, of which it is not asked."""
_SLOT = re.compile(r"\{([^:}]+):([^|}]*)\|([^}]*)\}")
_NUMBER = re.compile(r"(?<![A-Z]-)(?<![\w.-])(\d+(?:\.\d+)?)(Z?)(?![\w.]\d)")
_MONTHS = (
    "january february march april may june july august september october november december "
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر "
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"
).split()
_UNITS = {
    "en": [
        ("nautical miles", "kilometres"),
        ("miles", "metres"),
        ("kilometres", "miles"),
        ("metres", "kilometres"),
        ("centimetres", "metres"),
        ("hours", "days"),
        ("hour", "day"),
        ("minutes", "hours"),
        ("seconds", "minutes"),
        ("days", "weeks"),
        ("knots", "kilometres per hour"),
    ],
    "fa": [
        ("مایل دریایی", "کیلومتر"),
        ("مایلی", "متری"),
        ("مایل", "متر"),
        ("کیلومتر", "مایل"),
        ("متری", "کیلومتری"),
        ("متر", "کیلومتر"),
        ("سانتی‌متر", "متر"),
        ("ساعت", "روز"),
        ("دقیقه", "ساعت"),
        ("ثانیه", "دقیقه"),
        ("روز", "هفته"),
        ("گره", "کیلومتر در ساعت"),
    ],
    "ar": [
        ("ميلاً بحرياً", "كيلومتراً"),
        ("أميال", "أمتار"),
        ("كيلومترات", "أميال"),
        ("كيلومتراً", "ميلاً"),
        ("متراً", "كيلومتراً"),
        ("متر", "كيلومتر"),
        ("سنتيمتراً", "متراً"),
        ("ساعات", "أيام"),
        ("دقيقة", "ساعة"),
        ("ثانية", "دقيقة"),
        ("أيام", "أسابيع"),
        ("عقد", "كيلومترات في الساعة"),
    ],
}


@dataclass
class Triple:
    id: str
    marked: dict[str, str] = field(default_factory=dict)
    added: list[dict[str, str]] = field(default_factory=list)

    def text(self, language: str) -> str:
        return _tidy(_SLOT.sub(lambda match: match.group(2), self.marked[language]))


def load(split: str) -> list[Triple]:
    found: list[Triple] = []
    whole = next((name for name, halves in HALVES.items() if split in halves), "")
    name = "second" if split in SECOND else whole or split
    paths = [HANDS / f"{one}.txt" for one in FILES.get(split, ())] or [HERE / f"across_{name}.txt"]
    for line in (line for path in paths for line in path.read_text("utf-8").splitlines()):
        if line.startswith("# "):
            found.append(Triple(line[2:]))
        elif line[:3] in ("en:", "fa:", "ar:"):
            found[-1].marked[line[:2]] = line[3:].strip()
        elif line.startswith("add:"):
            parts = [part.strip() for part in line[4:].split("|")]
            found[-1].added.append(dict(zip(LANGUAGES, parts, strict=True)))
    for triple in found:
        kinds = [sorted(match.group(1) for match in _SLOT.finditer(triple.marked[language])) for language in LANGUAGES]
        if not kinds[0] == kinds[1] == kinds[2]:
            raise ValueError(f"{triple.id}: slots differ between languages: {kinds}")
    if whole:
        random.Random(HALVES_SEED).shuffle(found)
        return found[HALVES[whole].index(split) :: 2]
    return [triple for triple in found if triple.id.startswith(SECOND.get(split, ""))]


def _tidy(text: str) -> str:
    return re.sub(r" +([.,;:،؛?؟])", r"\1", " ".join(text.split()))


def alterations(triple: Triple, language: str, rng: random.Random) -> Iterator[tuple[str, str, str]]:
    """(kind, altered text, detail), one alteration each."""
    marked, text = triple.marked[language], triple.text(language)
    for slot in _SLOT.finditer(marked):
        changed = marked[: slot.start()] + slot.group(3) + marked[slot.end() :]
        yield (
            KINDS[slot.group(1)],
            _tidy(_SLOT.sub(lambda match: match.group(2), changed)),
            (f"{slot.group(2)} > {slot.group(3)}"),
        )
    for value, kind, place in numbers(text):
        if "." not in value and not kind.startswith("callsign"):
            for name, other in generate._changed(value, kind, rng):
                yield name, text[:place] + other + text[place + len(value) :], f"{value} > {other}"
    yield from _unit_changes(text, language)
    sentences = _sentences(text)
    for index, sentence in enumerate(sentences):
        yield "clause_omitted", "".join(sentences[:index] + sentences[index + 1 :]).strip(), sentence.strip()
    for extra in triple.added:
        place = rng.randrange(1, len(sentences) + 1)
        grown = [*sentences[:place], " " + extra[language], *sentences[place:]]
        yield "clause_added", "".join(grown), extra[language]


def _unit_changes(text: str, language: str) -> Iterator[tuple[str, str, str]]:
    for old, new in _UNITS[language]:
        match = re.search(rf"(?<![\d-])(?<!ساعت )(\d+) {old}(?![\w\u200c])(?! \d)", text)
        if match and not match.group(1).startswith("0"):
            start = match.start() + len(match.group(1)) + 1
            yield "unit_swapped", text[:start] + new + text[start + len(old) :], f"{old} > {new}"


def _sentences(text: str) -> list[str]:
    return re.findall(r"[^.;؛?؟]+(?:\.\d+[^.;؛?؟]*)*[.;؛?؟]", text)


def numbers(text: str) -> list[tuple[str, str, int]]:
    """(value, kind, place) of the figures in a text."""
    found: list[tuple[str, str, int]] = []
    for match in _NUMBER.finditer(text):
        value = match.group(1)
        after = text[match.end() :].split()[:1]
        before = text[: match.start()].split()[-1:]
        if match.group(2) or (after and after[0].startswith("زولو")):
            kind = "time"
        elif "." in value:
            kind = "decimal"
        elif value.startswith("0"):
            kind = "coord"
        elif any(word.strip(".,،؛").lower() in _MONTHS for word in (*after, *before)):
            kind = "date"
        else:
            kind = "number"
        found.append((value, kind, match.start(1)))
    return found


def pairs(split: str, count: int, seed: int) -> Iterator[Row]:
    """`count` pairs of each of the six directions, half of them altered."""
    triples = load(split)
    for ours, theirs in DIRECTIONS if split != "own" else [(one, one) for one in LANGUAGES]:
        rng = random.Random(f"across {split} {seed} {ours} {theirs}")
        for number in range(count):
            triple = triples[number // 2 % len(triples)]
            made = _pair(triple, ours, theirs, WORDING[split], altered=bool(number % 2), rng=rng)
            yield {"id": f"{split}-{ours}-{theirs}-{number:04d}", **made}


def _pair(triple: Triple, ours: str, theirs: str, split: str, *, altered: bool, rng: random.Random) -> Row:
    text, kind, detail = triple.text(theirs), "", ""
    if altered:
        options = list(alterations(triple, theirs, rng))
        wanted = rng.choice(sorted({option[0] for option in options}))
        kind, text, detail = rng.choice([option for option in options if option[0] == wanted])
    noise = rng.choice(["plain", "icao", "figures", "self_correction", *generate.NOISES])
    if altered and rng.random() < 0.5:
        noise = "plain"
    message = generate.Message(triple.id, numbers=[(value, what) for value, what, _ in numbers(text)])
    marked = generate.corrected(text, message, theirs, split, rng) if noise == "self_correction" else None
    heard = generate.say(marked or text, message, theirs, rng, noise).split()
    if noise in generate.NOISES:
        heard = generate.NOISES[noise](heard, theirs, split, rng)
    texts = own_digits(triple.text(ours), ours, rng), " ".join(heard)
    return row((ours, theirs), texts, kind=kind, noise=noise, detail=detail, msg=triple.id)


if __name__ == "__main__":
    print_pairs(pairs)
