"""The word tables of the comparison, read once at import from `tables/<language>/*.toml`.

It holds words only; what they mean for a verdict is decided elsewhere. The files are written for linguists: a group
is a class of fact, a key a value that is the same in every language, a list the ways to say it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType

from bridge.base.text import fold

LANGUAGES = ("en", "fa", "ar")
_NOT_LETTERS = re.compile(r"[^\w']+")

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberWords:
    """How a language says numbers; every word folded."""

    unit: Mapping[str, int]
    tens: Mapping[str, int]
    hundreds: Mapping[str, int]
    scale: Mapping[str, int]
    dual: Mapping[str, int]
    ordinal: Mapping[str, int]
    words: Mapping[str, frozenset[Phrase]]
    """`point`, `and`, `half`, ...: words that join numbers, as phrases."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything known about one language."""

    language: str
    phrases: Mapping[str, tuple[tuple[Phrase, str], ...]]
    """First word to (phrase, `class:value`), the longest phrase first."""
    unsure: frozenset[str]
    """Words and phrases that carry the fact of their class only sometimes."""
    common: frozenset[str]
    """Ordinary words that stand in no other table; whatever is in none may be a name."""
    speech: Mapping[str, frozenset[Phrase]]
    """`hesitation`, `filler`, `courtesy`, `correction`, `repeat`."""
    courtesy_words: frozenset[str]
    talk: frozenset[str]
    """Words of talk about the talk itself."""
    light: frozenset[str]
    verbs: tuple[str, ...]
    """Stems that take a negative prefix; only where the language has one."""
    homophones: Mapping[str, frozenset[int]]
    """Word to the lines of the homophone table it stands on."""
    replaced: Mapping[str, Phrase]
    """Spelling or colloquial form to the words kept here."""
    digit_homophones: Mapping[str, Phrase]
    letters: Mapping[Phrase, tuple[str, ...]]
    numbers: NumberWords
    concepts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Word or phrase to concept names shared by all languages."""
    glossary: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Word or phrase to further meanings, for comparisons across languages only."""


def split(text: str) -> Phrase:
    """Folded words of a table entry."""
    folded = fold(text)
    if folded.isalnum():
        return (folded,)  # as most entries are; a pattern takes five times as long
    return tuple(word for word in _NOT_LETTERS.split(folded) if word)


def _read(language: str, name: str) -> Mapping[str, object]:
    text = resources.files("bridge.relay").joinpath("tables", language, f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def _table(raw: object) -> Mapping[str, object]:
    return raw if isinstance(raw, dict) else {}


def _words(raw: object) -> Iterable[str]:
    return [str(item) for item in raw] if isinstance(raw, list) else []


def _numbers(raw: Mapping[str, object]) -> NumberWords:
    def values(name: str) -> Mapping[str, int]:
        return {fold(word): int(str(value)) for word, value in _table(raw.get(name)).items()}

    joins = {key: frozenset(split(phrase) for phrase in _words(entry)) for key, entry in _table(raw["words"]).items()}
    return NumberWords(
        values("unit"), values("tens"), values("hundreds"), values("scale"), values("dual"), values("ordinal"), joins
    )


def _index(entries: Iterable[tuple[Phrase, str]]) -> Mapping[str, tuple[tuple[Phrase, str], ...]]:
    found: dict[str, list[tuple[Phrase, str]]] = {}
    seen: set[Phrase] = set()
    for phrase, key in entries:
        if phrase and phrase not in seen:  # the first class that names a phrase owns it
            seen.add(phrase)
            found.setdefault(phrase[0], []).append((phrase, key))
    return {word: tuple(sorted(rows, key=lambda row: -len(row[0]))) for word, rows in found.items()}


def _class_entries(raw: Mapping[str, object]) -> Iterable[tuple[Phrase, str]]:
    for group, values in raw.items():
        for value, phrases in _table(values).items():
            for phrase in _words(phrases):
                yield split(phrase), f"{group}:{value}"


def _name_entries(raw: Mapping[str, object]) -> Iterable[tuple[Phrase, str]]:
    for name, spellings in raw.items():
        for spelling in _words(spellings):
            yield split(spelling), f"name:{name}"


def _concepts(raw: Mapping[str, object]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, ways in raw.items():
        for way in _words(ways):
            found.setdefault(" ".join(split(way)), set()).add(name)
    return {way: frozenset(names) for way, names in found.items()}


_GLOSSARIES = ("glossary.toml", "glossary_wide.toml")
_LEXICON = ("motion", "sea", "force", "medical", "nature", "talk", "people", "deeds", "qualities", "verbs", "things")
"""Files of rows of the same form by field, wider ones: every way to say nearly the same."""
WIDE = "wide "
"""Mark of the meanings of those files: words that share one only may be renderings of each other."""
_FREELY = "~"
"""Mark of a row whose words translations add and leave out freely."""


@cache
def _kinds() -> list[list[tuple[str, ...]]]:
    text = resources.files("bridge.relay").joinpath("tables", "kinds.txt").read_text("utf-8")
    found: list[list[tuple[str, ...]]] = []
    for line in text.splitlines():
        if line.startswith("##"):
            found.append([])
        elif line and not line.startswith("#"):
            found[-1].append(tuple(line.split("|")))
    return found


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    """(name of the meaning, row) of every glossary; a row of free words is named after its mark."""
    return tuple(
        (f"{_FREELY if row.startswith(_FREELY) else ''}{mark}row {number}", row.removeprefix(_FREELY))
        for number, (mark, row) in enumerate(_written_rows())
    )


def meanings() -> Iterable[tuple[str, ...]]:
    """Each meaning of the glossaries: its ways in English, Persian and Arabic, parted by commas."""
    return (tuple(row.split("|")) for _, row in _rows())


def _written_rows() -> Iterable[tuple[str, str]]:
    folder = resources.files("bridge.relay").joinpath("tables")
    for name in _GLOSSARIES:
        yield from (("", row) for row in _words(tomllib.loads(folder.joinpath(name).read_text("utf-8"))["rows"]))
    for name in _LEXICON:
        lines = folder.joinpath("lexicon", f"{name}.txt").read_text("utf-8").splitlines()
        yield from ((WIDE, line) for line in lines if "|" in line and not line.startswith("#"))
    yield from (("", "|".join(ways).replace("?", "")) for kind in _kinds() for ways in kind)


def _glossary(language: str) -> Mapping[str, frozenset[str]]:
    """The language's column of the glossaries; names of meanings are the rows."""
    found: dict[str, set[str]] = {}
    column = ("en", "fa", "ar").index(language)
    for name, row in _rows():
        for way in row.split("|")[column].split(","):
            found.setdefault(" ".join(split(way)), set()).add(name)
    return {way: frozenset(names) for way, names in found.items()}


def _letters(raw: Mapping[str, object]) -> Mapping[Phrase, tuple[str, ...]]:
    found: dict[Phrase, list[str]] = {}
    for letter, ways in raw.items():
        for way in _words(ways):
            found.setdefault(split(way), []).append(letter)
    return {way: tuple(letters) for way, letters in found.items()}


def _load(language: str) -> Tables:
    words = _read(language, "words")
    speech = _read(language, "speech")
    homophones: dict[str, set[int]] = {}
    for number, line in enumerate(_words(words["homophones"])):
        for word in split(line):
            homophones.setdefault(word, set()).add(number)
    replaced = {
        fold(word): split(str(meant))
        for source in (_table(words["spelling"]), _table(speech["colloquial"]))
        for word, meant in source.items()
    }
    courtesy = frozenset(split(phrase) for phrase in _words(speech["courtesy"]))
    return Tables(
        language,
        _index((*_class_entries(_read(language, "classes")), *_name_entries(_read(language, "names")))),
        frozenset(" ".join(split(way)) for way in _words(words.get("unsure"))),
        frozenset(word for line in _words(words.get("common")) for word in split(line)),
        {
            name: frozenset(split(phrase) for phrase in _words(speech[name]))
            for name in ("hesitation", "filler", "courtesy", "correction", "repeat")
        },
        frozenset(word for phrase in courtesy for word in phrase),
        frozenset(word for line in _words(speech["talk"]) for word in split(line)),
        frozenset(word for way in _words(words["light"]) for word in split(way)),
        tuple(fold(verb) for verb in _words(words.get("verbs"))),
        {word: frozenset(lines) for word, lines in homophones.items()},
        replaced,
        {fold(word): split(str(meant)) for word, meant in _table(words["digit_homophones"]).items()},
        _letters(_read(language, "letters")),
        _numbers(_read(language, "numbers")),
        _concepts(_read(language, "concepts")),
        _glossary(language),
    )


def _shared() -> Mapping[str, object]:
    return tomllib.loads(resources.files("bridge.relay").joinpath("tables", "shared.toml").read_text("utf-8"))


_SHARED = _shared()
EVERYDAY = frozenset(name for line in _words(_SHARED["everyday"]) for name in line.split()) | frozenset(
    name for name, _ in _rows() if name.startswith(_FREELY)
)
"""Concepts that translations add and leave out freely."""
OVERRIDES: Mapping[str, Mapping[str, str]] = {
    language: {word: str(key) for word, key in _table(rows).items()}
    for language, rows in _table(_SHARED["across"]).items()
}
"""Words whose class across languages is another one: `class:value`, `light` or `plain`."""

DAYS: Mapping[str, Mapping[str, str]] = {
    language: {fold(word): day for day, words in _table(rows).items() for word in _words(words)}
    for language, rows in _table(_SHARED["days"]).items()
}
"""Phrases for a day named from the present, to that day."""


SPANS: Mapping[str, Mapping[str, str]] = {
    language: {fold(word): said for said, words in _table(rows).items() for word in _words(words)}
    for language, rows in _table(_SHARED["spans"]).items()
}
"""Ways to say a span of time without a figure, to figure and unit."""


PARTS: Mapping[str, Mapping[str, str]] = {
    language: {fold(word): part for part, words in _table(rows).items() for word in str(words).split()}
    for language, rows in _table(_SHARED["parts"]).items()
}
"""Words that name a part of the day, to that part."""


def _degrees() -> Mapping[str, Mapping[Phrase, tuple[str, bool]]]:
    text = resources.files("bridge.relay").joinpath("tables", "degrees.txt").read_text("utf-8")
    found: dict[str, dict[Phrase, tuple[str, bool]]] = {language: {} for language in LANGUAGES}
    for line in text.splitlines():
        if "|" in line and not line.startswith("#"):
            key, *columns = line.split("|")
            for language, column in zip(LANGUAGES, columns, strict=True):
                for way in column.split(","):
                    found[language].setdefault(split(way.replace("?", "")), (key.strip(), "?" not in way))
    return found


DEGREES = _degrees()
"""Phrases that order, allow, ask, doubt or set a condition, to `class:value` and whether they surely do."""


def _list(language: str, name: str) -> frozenset[str]:
    text = resources.files("bridge.relay").joinpath("tables", language, name).read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def _contraries() -> Iterable[tuple[tuple[str, ...], ...]]:
    text = resources.files("bridge.relay").joinpath("tables", "contraries.txt").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            one, other = line.split("<>")
            yield tuple(one.split("|")), tuple(other.split("|"))


CONTRARIES = (*_contraries(), *(tuple(kind) for kind in _kinds()))
"""Things of which one is never another: contraries, and kinds; each with its ways to say it in English, Persian and
Arabic, parted by commas."""
UNSURE_NAMES = frozenset(fold(word) for line in _words(_SHARED["unsure_names"]) for word in line.split())
"""Names that are ordinary words as well."""
IMPLIED_NEGATIVE: Mapping[str, frozenset[str]] = {
    language: frozenset(fold(word) for line in _words(lines) for word in line.split())
    for language, lines in _table(_SHARED["implied_negative"]).items()
}
"""Words that say what another language may say with a negative."""
TITLES: Mapping[str, frozenset[str]] = {
    language: frozenset(fold(word) for line in _words(lines) for word in line.split())
    for language, lines in _table(_SHARED["titles"]).items()
}
"""Words that introduce a name: ranks, kinds of ship and place."""
DICTIONARY = _list("en", "dictionary.txt")
"""Base forms of English words that are no names."""
TABLES: Mapping[str, Tables] = MappingProxyType({language: _load(language) for language in LANGUAGES})


ORDINARY: Mapping[str, frozenset[str]] = {language: _list(language, "ordinary.txt") for language in LANGUAGES}
"""Words that are no names: English ones as they are written small, others folded."""
