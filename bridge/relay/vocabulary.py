"""Which words of a language the tables know, and which of them a wrongly written word may have been.

A word that no table has may be a name, or a recogniser's spelling of another word. It compares nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bridge.relay import tokens_en
from bridge.relay.likeness import spoken
from bridge.relay.tables import LANGUAGES, TABLES, Tables


def _words(tables: Tables) -> Iterator[str]:
    for rows in tables.phrases.values():
        for phrase, _ in rows:
            yield from phrase
    for way in tables.concepts:
        yield from way.split(" ")
    yield from tables.light
    yield from tables.common
    yield from tables.talk
    numbers = tables.numbers
    for group in (numbers.unit, numbers.tens, numbers.hundreds, numbers.scale, numbers.dual, numbers.ordinal):
        yield from group


_KNOWN: Mapping[str, frozenset[str]] = MappingProxyType(
    {language: frozenset(_words(TABLES[language])) for language in LANGUAGES}
)
_STEMS = frozenset(tokens_en.stem(word) for word in _KNOWN["en"])


def _by_sound(language: str) -> Mapping[str, tuple[str, ...]]:
    """Sound of a word of a class of facts, or of a number, to the words; only where writing it otherwise shows."""
    tables = TABLES[language]
    numbers = tables.numbers
    listed = {word for rows in tables.phrases.values() for phrase, _ in rows for word in phrase}
    listed |= {*numbers.unit, *numbers.tens, *numbers.hundreds, *numbers.scale}
    found: dict[str, set[str]] = {}
    for word in listed:
        if len(word) >= 3:
            found.setdefault(spoken(word, language), set()).add(word)
    return {sound: tuple(sorted(words)) for sound, words in found.items()}


_SOUNDS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {language: _by_sound(language) if language != "en" else {} for language in LANGUAGES}
)


def is_known(word: str, language: str) -> bool:
    """Whether a table has the folded word, in English in any inflected form."""
    return word in _KNOWN[language] or (language == "en" and tokens_en.stem(word) in _STEMS)


def meant(word: str, language: str) -> tuple[str, ...]:
    """Words with a fact of their own that sound like this unknown one: ترف for طرف."""
    if word in _KNOWN[language] or len(word) < 3:
        return ()
    return _SOUNDS[language].get(spoken(word, language), ())
