"""Marked messages in three languages, and the pairs that a judge of meaning learns from.

A slot `{kind:one|other}` has two states. Texts of two languages say the same when the same slots are in the same state,
whichever it is; they differ when one slot differs, or when a sentence stands in one only. No state is the right one, so
that nothing can be learned from one text alone.
"""

from __future__ import annotations

import difflib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bench.pairs import generate
from bench.pairs.across_triples import numbers
from bridge.relay.across import readings
from bridge.relay.across_read import read_across
from bridge.relay.meaning import Shown, shown

LANGUAGES = ("en", "fa", "ar")
_SLOT = re.compile(r"\{([^:{}|]+):([^|{}]*)\|([^|{}]*)\}")
_END = re.compile(r"[.;؛?؟!](?=\s|$)")
WHOLE, SINGLE, SENTENCES, SEALED = 0.2, 0.6, 0.2, 0.4
"""Shares: whole messages; single sentences among the others; states that differ in a sentence; texts as sealed."""
RENAMED, NEAR = 0.6, 0.4
"""Shares: names that give way to others; of these, pairs that were written as a pair, often with a word in common."""
OFTENER = {"N": 2.0}
"""Kinds that are drawn more often than others to differ: names, which are learned last."""
NOISES = ("plain", "plain", "icao", "figures", *generate.NOISES)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a marked text: fixed, or a slot with its two sides."""

    sides: tuple[str, str]
    slot: str = ""
    """Kind and number among its kind: n-0, n-1; empty where fixed."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One message, its sentences by language, and sentences that may be added to it."""

    name: str
    sentences: dict[str, tuple[tuple[Piece, ...], ...]]
    added: tuple[dict[str, str], ...]

    @property
    def is_even(self) -> bool:
        """Whether every language has as many sentences, with the same slots in each."""
        slots = [[sorted(p.slot for p in one if p.slot) for one in self.sentences[code]] for code in LANGUAGES]
        return slots[0] == slots[1] == slots[2]

    @property
    def slots(self) -> list[str]:
        return [piece.slot for one in self.sentences["en"] for piece in one if piece.slot]


def files(names: Sequence[str]) -> list[Path]:
    """The files of these names; a folder stands for its text files."""
    found: list[Path] = []
    for name in names:
        path = Path(name)
        found += sorted(path.glob("*.txt")) if path.is_dir() else [path]
    return found


def load(paths: Sequence[Path]) -> list[Marked]:
    """Messages of files in the form of `bench/pairs/across_*.txt`."""
    found: list[Marked] = []
    for path in paths:
        name, texts, added = "", dict[str, str](), list[dict[str, str]]()
        for line in [*path.read_text("utf-8").splitlines(), "# "]:
            if line.startswith("# "):
                if all(code in texts for code in LANGUAGES):
                    found.append(Marked(name, {code: _sentences(texts[code]) for code in LANGUAGES}, tuple(added)))
                name, texts, added = line[2:].strip(), {}, []
            elif line[:3] in ("en:", "fa:", "ar:"):
                texts[line[:2]] = line[3:].strip()
            elif line.startswith("add:"):
                parts = [part.strip() for part in line[4:].split("|")]
                added.append(dict(zip(LANGUAGES, parts, strict=True)))
    return found


def _sentences(text: str) -> tuple[tuple[Piece, ...], ...]:
    counts: dict[str, int] = {}
    sentences: list[list[Piece]] = [[]]
    at = 0
    for match in [*_SLOT.finditer(text), None]:
        fixed = text[at : match.start()] if match else text[at:]
        start = 0
        for end in _END.finditer(fixed):
            sentences[-1].append(Piece((fixed[start : end.end()],) * 2))
            sentences.append([])
            start = end.end()
        if fixed[start:]:
            sentences[-1].append(Piece((fixed[start:],) * 2))
        if match:
            kind = match.group(1)
            counts[kind] = counts.get(kind, -1) + 1
            sentences[-1].append(Piece((match.group(2), match.group(3)), f"{kind}{counts[kind]}"))
            at = match.end()
    return tuple(tuple(one) for one in sentences if any(p.slot or p.sides[0].strip() for p in one))


@dataclass(frozen=True, slots=True)
class Side:
    """A text and the ranges of characters that the other text says otherwise or lacks."""

    text: str
    wrong: tuple[tuple[int, int], ...]


def _write(pieces: Sequence[tuple[str, bool]]) -> Side:
    text, wrong = "", list[tuple[int, int]]()
    for said, is_wrong in pieces:
        said = re.sub(r"\s+", " ", said)
        if not text or text[-1] == " ":
            said = said.lstrip()
        if said[:1] in tuple(".,;:،؛؟?!"):
            text = text.rstrip()
        start = len(text)
        text += said
        if is_wrong and said.strip():
            wrong.append((start, len(text)))
    return Side(text.strip(), tuple(wrong))


@dataclass(frozen=True, slots=True)
class Words:
    """A text as a judge sees it, and which of its words the other state says otherwise or lacks."""

    words: tuple[str, ...]
    differs: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One stretch of a message in every language and in two states: texts of one state say the same."""

    texts: dict[tuple[str, int], Words]
    """By language and state, 0 or 1."""
    kinds: tuple[str, ...]
    """Of what the states differ in."""
    name: str


Names: TypeAlias = dict[str, tuple[str, str]]
"""By language, a name and another."""


def names(messages: Sequence[Marked]) -> list[Names]:
    """The pairs of names of messages with one such slot: with two it would be unknown which is which."""
    found: list[Names] = []
    for one in messages:
        if one.slots.count("N0") == 1 and "N1" not in one.slots:
            found.append({code: _sides(one, code, "N0") for code in LANGUAGES})
    return [one for one in found if all(one[code][0] and one[code][1] for code in LANGUAGES)]


def _sides(marked: Marked, code: str, slot: str) -> tuple[str, str]:
    return next((p.sides for one in marked.sentences[code] for p in one if p.slot == slot), ("", ""))


class Maker:
    """Makes groups of messages; the same seed makes the same ones."""

    def __init__(self, seed: int, wording: str = "mid", whole: float = WHOLE) -> None:
        self._rng = random.Random(seed)
        self._wording = wording
        self._whole = whole
        self.names: Sequence[Names] = ()
        """Names that may stand for others, so that what is learned is how names are written, not which there are."""

    def make(self, marked: Marked) -> Group | None:
        """One group; None where the stretch drawn has nothing to differ in."""
        rng = self._rng
        start, end = self._window(marked)
        inside = [p.slot for one in marked.sentences["en"][start:end] for p in one if p.slot]
        changed = self._changed(marked, inside, end - start)
        if not changed:
            return None
        states = self._states(inside)
        renamed = self._renamed(marked)
        texts: dict[tuple[str, int], Words] = {}
        for state in (0, 1):
            turned = {slot: on ^ (state == 1 and slot in changed) for slot, on in states.items()}
            place = rng.random()
            for code in LANGUAGES:
                parts = self._parts(renamed, code, (start, end), turned, changed, state, place)
                made = self._words(_write(parts), code, marked.name)
                if made is None:
                    return None
                texts[code, state] = made
        kinds = tuple(sorted({one.rstrip("0123456789") for one in changed}))
        return Group(texts, kinds, marked.name)

    def _window(self, marked: Marked) -> tuple[int, int]:
        """Some sentences in a row where they say the same in every language, mostly one; otherwise all."""
        count = len(marked.sentences["en"])
        if not marked.is_even or count < 2 or self._rng.random() < self._whole:
            return 0, max(len(marked.sentences[code]) for code in LANGUAGES)
        size = 1 if self._rng.random() < SINGLE else self._rng.randrange(1, count + 1)
        start = self._rng.randrange(0, count - size + 1)
        return start, start + size

    def _changed(self, marked: Marked, inside: list[str], size: int) -> set[str]:
        """Slots that differ between the states; or `+` or `-` with the number of a sentence that one of them lacks."""
        rng = self._rng
        lacking = [f"+{at}" for at in range(len(marked.added))]
        if marked.is_even and size > 1:
            lacking += [f"-{at}" for at in range(size)]
        if lacking and (not inside or rng.random() < SENTENCES):
            return {rng.choice(lacking)}
        if not inside:
            return set()
        count = rng.choice((1, 1, 1, 2, 3))
        drawn = sorted(inside, key=lambda slot: rng.random() ** (1 / OFTENER.get(slot.rstrip("0123456789"), 1.0)))
        return set(drawn[-count:])

    def _renamed(self, marked: Marked) -> Marked:
        """The message with another pair of names, in the same places in every language."""
        rng = self._rng
        is_sure = "N0" in marked.slots and "N1" not in marked.slots
        if not is_sure or len(self.names) < 2 or rng.random() >= RENAMED:
            return marked
        one, other = rng.sample(self.names, 2)
        if rng.random() < NEAR:
            pair = one
        else:
            pair = {code: (one[code][0], other[code][0]) for code in LANGUAGES}
            if any(a == b for a, b in pair.values()):
                pair = one
        sentences = {
            code: tuple(
                tuple(Piece(pair[code], p.slot) if p.slot == "N0" else p for p in sentence)
                for sentence in marked.sentences[code]
            )
            for code in LANGUAGES
        }
        return Marked(marked.name, sentences, marked.added)

    def _states(self, inside: list[str]) -> dict[str, bool]:
        """Two of a kind may stand in another order in another language: they are in one state."""
        by_kind = {slot.rstrip("0123456789"): self._rng.random() < 0.35 for slot in inside}
        return {slot: by_kind[slot.rstrip("0123456789")] for slot in inside}

    @staticmethod
    def _parts(
        marked: Marked,
        code: str,
        window: tuple[int, int],
        states: dict[str, bool],
        changed: set[str],
        state: int,
        place: float,
    ) -> list[tuple[str, bool]]:
        """What is said, each with whether the other state says it otherwise or lacks it; state 1 lacks sentences."""
        said: list[list[tuple[str, bool]]] = []
        for at, sentence in enumerate(marked.sentences[code][window[0] : window[1]]):
            is_lacking = f"-{at}" in changed
            if is_lacking and state == 1:
                continue
            part = [(p.sides[states.get(p.slot, False)], is_lacking or p.slot in changed) for p in sentence]
            said.append([*part, (" ", False)])
        for number, extra in enumerate(marked.added):
            if f"+{number}" in changed and state == 0:
                said.insert(1 + int(place * len(said)), [(extra[code] + " ", True)])
        return [piece for one in said for piece in one]

    def _words(self, side: Side, code: str, name: str) -> Words | None:
        """The text as it is heard, or as it is sealed, and read as the comparison reads it."""
        rng = self._rng
        if rng.random() < SEALED:
            text = read_across(side.text, code)
            own = shown(text, text.tokens)
            differs = tuple(any(_meets(text.words, one, span) for span in side.wrong) for one in own)
            return Words(tuple(one.text for one in own), differs) if own else None
        noise = rng.choice(NOISES)
        message = generate.Message(name, numbers=[(v, k) for v, k, _ in numbers(side.text)])
        plain, marks = list[str](), list[bool]()
        before = " "
        for part, is_wrong in _split(side):
            spoken = generate.say(part, message, code, rng, noise).split()
            if spoken and plain and before[-1].isalpha() and part[:1].isalpha():
                plain[-1], marks[-1] = plain[-1] + spoken.pop(0), marks[-1] or is_wrong  # one word in two stretches
            plain += spoken
            marks += [is_wrong] * len(spoken)
            before = part or before
        if not plain:
            return None
        said = generate.NOISES[noise](plain, code, self._wording, rng) if noise in generate.NOISES else plain
        flags = _carried(plain, marks, said)
        read, lines = readings(" ".join(said), code)
        heard = shown(read, lines[0])
        differs = tuple(any(flags[one.start : one.end]) for one in heard)
        return Words(tuple(one.text for one in heard), differs) if heard else None


def _split(side: Side) -> list[tuple[str, bool]]:
    """The text in stretches that differ from the other state or do not."""
    found, at = list[tuple[str, bool]](), 0
    for start, end in sorted(side.wrong):
        found += [(side.text[at:start], False), (side.text[start:end], True)]
        at = end
    return [*found, (side.text[at:], False)]


def _carried(plain: list[str], marks: list[bool], said: list[str]) -> list[bool]:
    """The marks of words, on the words that noise has made of them."""
    flags = [False] * len(said)
    matcher = difflib.SequenceMatcher(None, plain, said, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        for j in range(j1, j2):
            flags[j] = marks[i1 + j - j1] if tag == "equal" else any(marks[i1:i2])
    return flags


def _meets(words: Sequence[str], one: Shown, span: tuple[int, int]) -> bool:
    """Whether a shown word lies in a range of characters."""
    start = len(" ".join(words[: one.start])) + (one.start > 0)
    end = len(" ".join(words[: one.end]))
    return start < span[1] and span[0] < end
