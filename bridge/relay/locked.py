"""Names, terms and forms of address that the parties fixed: found in texts, said as agreed, and missed if not heard.

In one language another agreed spelling counts as the sealed one. Across languages the comparison knows few names by
itself, so a fixed one that was not heard in any agreed spelling is for a person's ear, and another fixed one of its
kind in its place is an alteration. Arabic writes particles onto a word; they are looked through.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from bridge.base.dialplan_messages import Locked
from bridge.base.text import fold
from bridge.relay.facts import Finding

_MARKS = ".,;:!?،؛؟\"'()«»"
_PARTICLES = ("", "و", "ف", "ب", "ل", "ک", "وب", "ول")
"""Folded; the last letter of the article's joint form with ل is written in the name itself."""


LATIN = "en"
"""A name may stand in Latin letters in any text, and a recogniser may write one so."""


@dataclass(frozen=True, slots=True)
class Place:
    """One fixed name in a text."""

    locked: Locked
    spelling: str
    """As it stands there."""
    words: tuple[int, int]
    """Half-open word indices."""


def find(text: str, languages: Sequence[str], locked: Sequence[Locked]) -> list[Place]:
    """Every fixed name of a text in its order, the longest where several begin at one word."""
    words = text.split()
    bare = [fold(word.strip(_MARKS)) for word in words]
    found: list[Place] = []
    at = 0
    while at < len(words):
        ends = [(end, one) for one in locked if (end := _end(bare, at, one, languages))]
        if not ends:
            at += 1
            continue
        end, one = max(ends, key=lambda item: item[0])
        found.append(Place(one, " ".join(words[at:end]).strip(_MARKS), (at, end)))
        at = end
    return found


def _end(bare: Sequence[str], at: int, one: Locked, languages: Sequence[str]) -> int:
    """The word after a name that begins at `at`; 0 if it does not."""
    ends = [0]
    for spelling in (spelling for language in languages for spelling in one.of(language)):
        parts = _parts(spelling)
        here = tuple(bare[at : at + len(parts)])
        if here[1:] == parts[1:] and here and here[0] in {particle + parts[0] for particle in _particles(parts[0])}:
            ends.append(at + len(parts))
    return max(ends)


@functools.lru_cache(maxsize=4096)
def _parts(spelling: str) -> tuple[str, ...]:
    return tuple(fold(spelling).split())


def _particles(word: str) -> Sequence[str]:
    return ("",) if word.isascii() else _PARTICLES


def as_sealed(sealed: str, heard: str, language: str, locked: Sequence[Locked]) -> str:
    """What was heard, with other agreed spellings of a name replaced by the one that the sealed text has."""
    languages = tuple(dict.fromkeys((language, LATIN)))
    meant = {place.locked.id: place.spelling for place in find(sealed, languages, locked)}
    if not meant:
        return heard
    words = heard.split()
    for place in reversed(find(heard, languages, locked)):
        spelling = meant.get(place.locked.id)
        if spelling is not None and fold(spelling) != fold(place.spelling):
            words[place.words[0] : place.words[1]] = spelling.split()
    return " ".join(words)


def missed(
    sealed: str, hearings: Sequence[str], pair: tuple[str, str], locked: Sequence[Locked], *, complete: bool
) -> list[Finding]:
    """Fixed names of a sealed text that no recogniser heard in another language.

    Args:
        pair: language of the sealed text, language of what was heard.
        complete: all has been said; while it is being said a missing name may still come.
    """
    languages = tuple(dict.fromkeys((pair[1], LATIN, pair[0])))
    heard = [find(text, languages, locked) for text in hearings]
    known = {place.locked.id for places in heard for place in places}
    ours = [one for one in find(sealed, (pair[0],), locked) if one.locked.kind != "code"]
    own = {place.locked.id for place in ours}
    found: list[Finding] = []
    for place in ours:
        if place.locked.id in known:
            continue
        others = [_instead(place, places, own) for places in heard]
        other = others[0]
        if other is not None:
            certain = all(one is not None and one.locked.id == other.locked.id for one in others)
            found.append(Finding("name", place.spelling, other.spelling, other.words, place.words, certain))
        elif complete:
            end = len(hearings[0].split())
            found.append(Finding("name", place.spelling, "", (end, end), place.words, certain=False))
    return found


def _instead(place: Place, heard: Sequence[Place], own: set[str]) -> Place | None:
    """Another fixed name of the same kind that the sealed text does not hold."""
    others = (one for one in heard if one.locked.kind == place.locked.kind and one.locked.id not in own)
    return next(others, None)
