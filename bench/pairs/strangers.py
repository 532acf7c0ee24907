"""Pairs within one language from messages that mark, in place, how their slots are spoken and what alters them.

Other authors, other wordings, other noises than `generate`. `blind` files and wordings are for figures only: whoever
changes the comparison does not read their wrong pairs. The same seed gives the same pairs.
Usage: python -m bench.pairs.strangers open|late|blind|unseen COUNT SEED > FILE

A message: `# id`, its text, then lines. In the text `{sealed|spoken|spoken!altered!kind=altered}` is a slot; a slot of
digits gets the usual spoken forms and alterations as well. `~ kind: old > new` alters the text, `= old > new` says the
same otherwise, `+ sentence` can be added.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.pairs import spoken
from bench.pairs.manners import Manners
from bench.pairs.manners_unseen import MANNERS
from bench.pairs.rows import Row, print_pairs, row

HERE = Path(__file__).parent / "strangers"
_MANNERS = {**MANNERS, "unseen": MANNERS["blind"]}
LANGUAGES = ("en", "fa", "ar")
_SLOT = re.compile(r"\{([^{}]*)\}")
_FIGURES = re.compile(r"(?:[A-Z]{2}-)?\d+(?:\.\d+)?Z?")
_ENDS = re.compile(r"[.,;:!?،؛؟](?=\s|$)|[\u064b-\u0652]")
_CLOCK = (" at", "Since", " by", "between", "until", "ساعت", "الساعة")
_NAMED = re.compile(r"([a-z]+\d?)=(.*)")


@dataclass(frozen=True, slots=True)
class Slot:
    sealed: str
    spoken: tuple[str, ...]
    altered: tuple[tuple[str, str], ...]
    """(kind, spoken form)"""


@dataclass
class Message:
    id: str
    language: str
    template: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    """(kind, old, new) in the template."""
    same: list[tuple[str, str]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)


def load(language: str, split: str) -> list[Message]:
    found: list[Message] = []
    for path in sorted(HERE.glob(f"{language}_{split}*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                _take(line.strip(), language, found)
    for message in found:
        for old in (*(change[1] for change in message.changes), *(old for old, _ in message.same)):
            if old not in message.template:
                raise ValueError(f"{language} {message.id}: {old!r} is not in the text")
    return found


def _take(line: str, language: str, found: list[Message]) -> None:
    head, rest = line[:2], line[2:]
    if head == "# ":
        found.append(Message(rest, language))
    elif head == "~ ":
        kind, _, change = rest.partition(": ")
        old, _, new = change.partition(" >")
        found[-1].changes.append((kind.rstrip("2"), old, new.strip()))
    elif head == "= ":
        old, _, new = rest.partition(" > ")
        found[-1].same.append((old, new))
    elif head == "+ ":
        found[-1].added.append(rest)
    else:
        found[-1].template = line


def slot(marked: str, language: str, rng: random.Random, before: str = "") -> Slot:
    """The slot; `before` is the text in front of it, which says whether four figures are a clock time."""
    body, *wrong = marked.split("!")
    sealed, *ways = body.split("|")
    altered = []
    for one in wrong:
        named = _NAMED.fullmatch(one)
        altered.append((named[1], named[2]) if named else ("number", one))
    figures = sealed if _FIGURES.fullmatch(sealed) else ""
    if figures:
        clock = figures.endswith("Z") or before.rstrip("{").rstrip().endswith(_CLOCK)
        ways = [*ways, *_spoken(figures, language, clock=clock)]
        altered += [(kind, rng.choice(_spoken(other, language, clock=clock))) for kind, other in _wrong(figures, rng)]
    return Slot(sealed, tuple(ways) or (sealed,), tuple(altered))


def _spoken(figures: str, language: str, *, clock: bool) -> list[str]:
    letters, _, value = figures.rstrip("Z").rpartition("-")
    zulu = {"en": " zulu", "fa": " زولو", "ar": " زولو"}[language] if figures.endswith("Z") else ""
    if letters:
        return spoken.forms(f"callsign:{letters}", value, language)
    clock = clock and len(value) == 4 and int(value[:2]) < 24 and int(value[2:]) < 60
    kind = "decimal" if "." in value else "time" if clock else "number"
    return [form + zulu for form in spoken.forms(kind, value, language)]


def _wrong(figures: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """(kind, other figures) that a mouth or a hand makes of them."""
    digits = [at for at, letter in enumerate(figures) if letter.isdigit()]
    at = rng.choice(digits)
    other = str((int(figures[at]) + rng.randrange(1, 10)) % 10)
    if at != digits[0] or other != "0":
        yield "number", figures[:at] + other + figures[at + 1 :]
    last, before = digits[-1], digits[-2] if len(digits) > 1 else digits[-1]
    if figures[last] != figures[before] and last == before + 1 and not (len(digits) == 2 and figures[last] == "0"):
        yield "transposed", figures[:before] + figures[last] + figures[before] + figures[last + 1 :]
    if len(digits) == 2 and figures[last] == "0" and figures[before] > "2":
        yield "fifteen_fifty", figures[:before] + "1" + figures[before] + figures[last + 1 :]
    if len(digits) > 2 and "." in figures:
        yield "decimal_lost", figures[: figures.index(".")]
    double = next((at for at, after in itertools.pairwise(digits) if figures[at] == figures[after]), None)
    if double is not None and len(digits) != 4:
        yield "digit_lost", figures[:double] + figures[double + 1 :]


@dataclass
class Talk:
    """What is to be said: the template, and for each slot how."""

    template: str
    said: dict[int, str] = field(default_factory=dict)


def sealed_text(template: str) -> str:
    return " ".join(_SLOT.sub(lambda match: match[1].split("!")[0].split("|")[0], template).split())


def _say(talk: Talk, slots: list[Slot], style: str, language: str, rng: random.Random) -> list[str]:
    count = iter(range(len(slots) + 1))

    def one(match: re.Match[str]) -> str:
        at = next(count)
        mine = slot(match[1], language, rng, match.string[: match.start()])
        if at in talk.said:
            return talk.said[at]
        if style == "figures" and _FIGURES.fullmatch(mine.sealed):
            return mine.sealed
        if style == "radio" and _FIGURES.fullmatch(mine.sealed) and "-" not in mine.sealed:
            return _radio(mine.sealed, language)
        return rng.choice(mine.spoken)

    said = _ENDS.sub("", _SLOT.sub(one, talk.template)).replace("-", " ")
    return said.lower().split()


def _radio(figures: str, language: str) -> str:
    zulu = {"en": " zulu", "fa": " زولو", "ar": " زولو"}[language] if figures.endswith("Z") else ""
    return spoken.digits(figures.rstrip("Z"), language, icao=True) + zulu


def _slots(template: str, language: str, rng: random.Random) -> list[Slot]:
    return [slot(match[1], language, rng, template[: match.start()]) for match in _SLOT.finditer(template)]


def _sentences(template: str) -> list[str]:
    """Parts that end in a full stop outside slots."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(template):
        depth += (letter == "{") - (letter == "}")
        if letter in ".؟?" and not depth and template[at + 1 : at + 2] in ("", " "):
            parts.append(template[start : at + 1].strip())
            start = at + 1
    return parts


def _alterations(message: Message, rng: random.Random) -> list[tuple[str, Talk, str]]:
    text = message.template
    found: list[tuple[str, Talk, str]] = []
    for kind, old, new in message.changes:
        found.append((kind, Talk(text.replace(old, new, 1)), f"{old} > {new}"))
    slots = _slots(text, message.language, rng)
    for at, one in enumerate(slots):
        found += [(kind, Talk(text, {at: wrong}), f"{one.sealed} > {wrong}") for kind, wrong in one.altered]
    plain = [at for at, one in enumerate(slots) if re.fullmatch(r"\d+", one.sealed)]
    for first, second in itertools.pairwise(plain):
        if slots[first].sealed != slots[second].sealed:
            said = {first: rng.choice(slots[second].spoken), second: rng.choice(slots[first].spoken)}
            found.append(("numbers_swapped", Talk(text, said), f"{slots[first].sealed} and {slots[second].sealed}"))
    found += _clauses(message, rng)
    usable = [at for at, one in enumerate(slots) if one.altered]
    if usable:
        at = rng.choice(usable)
        marker = rng.choice(MANNERS["open"][message.language].corrections)
        said = {at: f"{rng.choice(slots[at].spoken)} {marker} {rng.choice(slots[at].altered)[1]}"}
        found.append(("wrong_correction", Talk(text, said), said[at]))
    return found


def _clauses(message: Message, rng: random.Random) -> Iterator[tuple[str, Talk, str]]:
    parts = _sentences(message.template)
    for index, part in enumerate(parts):
        if len(parts) > 1:
            yield "clause_omitted", Talk(" ".join(parts[:index] + parts[index + 1 :])), part
    for added in message.added:
        place = rng.randrange(1, len(parts) + 1)
        yield "clause_added", Talk(" ".join([*parts[:place], added, *parts[place:]])), added


def _corrected(message: Message, manners: Manners, rng: random.Random) -> Talk | None:
    """A slot or a short phrase said wrong first and then right."""
    text = message.template
    slots = _slots(text, message.language, rng)
    usable = [at for at, one in enumerate(slots) if one.altered]
    short = [
        (old, new)
        for kind, old, new in message.changes
        if kind in ("dir", "unit", "time", "name", "colour", "rank")
        and len(new.split()) <= 3
        and not {"{", "}", ".", ","} & set(old + new)
    ]
    marker = rng.choice(manners.corrections)
    if short and (not usable or rng.random() < 0.3):
        old, new = rng.choice(short)
        return Talk(text.replace(old, f"{new} {marker} {old}", 1))
    if not usable:
        return None
    at = rng.choice(usable)
    wrong = rng.choice(slots[at].altered)[1]
    return Talk(text, {at: f"{wrong} {marker} {rng.choice(slots[at].spoken)}"})


def _fillers(words: list[str], manners: Manners, rng: random.Random) -> list[str]:
    words = list(words)
    for _ in range(rng.choice((1, 2, 2, 3))):
        words.insert(rng.randrange(len(words)), rng.choice(manners.fillers))
    return words


def _repetition(words: list[str], manners: Manners, rng: random.Random) -> list[str]:
    size = rng.randrange(1, 6)
    at = rng.randrange(max(1, len(words) - size))
    marker = [rng.choice(manners.repeats)] if rng.random() < 0.4 else []
    return [*words[: at + size], *marker, *words[at : at + size], *words[at + size :]]


def _stutter(words: list[str], manners: Manners, rng: random.Random) -> list[str]:
    """A word begun and begun again."""
    places = [at for at, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    words = list(words)
    for at in sorted(rng.sample(places, min(len(places), 2)), reverse=True):
        words.insert(at, words[at][: rng.choice((2, 3))])
    return words


def _courtesy(words: list[str], manners: Manners, rng: random.Random) -> list[str]:
    first = [rng.choice(manners.openings)] if rng.random() < 0.7 else []
    last = [rng.choice(manners.closings)] if not first or rng.random() < 0.6 else []
    return [*first, *words, *last]


def _misheard(words: list[str], manners: Manners, rng: random.Random) -> list[str]:
    words = list(words)
    swaps = dict(manners.misheard)
    places = [at for at, word in enumerate(words) if word in swaps]
    for at in rng.sample(places, min(len(places), 2)):
        words[at] = swaps[words[at]]
    at = rng.randrange(len(words))
    if words[at] in ("the", "a"):
        del words[at]
    elif words[at].isascii() and len(words[at]) > 4 and words[at].endswith("s") and not words[at].endswith("ss"):
        words[at] = words[at][:-1]
    elif words[at].startswith("ال") and len(words[at]) > 5:
        words[at] = words[at][2:]
    return words


def _spelling(words: list[str], manners: Manners, rng: random.Random) -> list[str]:
    said = " ".join(words)
    old, new = rng.choice(manners.spelling)
    return re.sub(old, new, said).split()


NOISES: dict[str, Callable[[list[str], Manners, random.Random], list[str]]] = {
    "fillers": _fillers,
    "repetition": _repetition,
    "stutter": _stutter,
    "courtesy": _courtesy,
    "misheard": _misheard,
    "spelling": _spelling,
}
STYLES = ("plain", "figures", "radio", "correction", "reworded")


def pairs(split: str, count: int, seed: int, languages: tuple[str, ...] = LANGUAGES) -> Iterator[Row]:
    """`count` pairs of each language, half of them altered."""
    for language in languages:
        messages = load(language, split)
        rng = random.Random(f"{split} {seed} {language}")
        for number in range(count):
            made = _pair(rng.choice(messages), _MANNERS[split][language], rng, altered=bool(number % 2))
            yield {"id": f"{split}-{language}-{number:04d}", **made}


def _pair(message: Message, manners: Manners, rng: random.Random, *, altered: bool) -> Row:
    talk, kind, detail = Talk(message.template), "", ""
    if altered:
        options = _alterations(message, rng)
        wanted = rng.choice(sorted({option[0] for option in options}))
        kind, talk, detail = rng.choice([option for option in options if option[0] == wanted])
    noise = rng.choice([*STYLES, *NOISES])
    if altered and (noise == "correction" or rng.random() < 0.5):
        noise = "plain"
    if noise == "correction":
        talk = _corrected(message, manners, rng) or talk
    if noise == "reworded" and message.same:
        old, new = rng.choice(message.same)
        talk = Talk(talk.template.replace(old, new, 1), talk.said)
    words = _say(talk, _slots(talk.template, message.language, rng), noise, message.language, rng)
    if noise in NOISES:
        words = NOISES[noise](words, manners, rng)
    languages, texts = (message.language, message.language), (sealed_text(message.template), " ".join(words))
    return row(languages, texts, kind=kind, noise=noise, detail=detail, msg=message.id)


if __name__ == "__main__":
    print_pairs(pairs)
