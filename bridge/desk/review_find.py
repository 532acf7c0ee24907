"""What is looked for in the record, and where a text holds it: whole words in any spelling, or part of a word.

Pure. Spellings are those that `base.text` folds: yeh and kaf, forms of alef, teh marbuta, vowel marks, tatweel, digit
sets. A word that is written with a joiner is also found written as two words, and the other way round. It knows no
grammar: another form of a word is another word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bridge.base.text import words
from bridge.base.wire import Value

QUERY_LIMIT = 200
"""Characters."""
PHRASES_LIMIT = 12
PART_LEAST = 3
"""Letters of the shortest part of a word that is looked for: the index keeps groups of three."""
BEFORE, SHOWN = 8, 30
"""Words shown before the first hit, and in all."""
_JOINER = "\u200c"
_PIECE = re.compile(r'"([^"]+)"|«([^»]+)»|(\S+)')
_EDGE = re.compile(r"^[^\w]+|[^\w]+$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand next to each other."""

    typed: str
    forms: tuple[tuple[str, ...], ...]
    """Folded; any one of them is this phrase."""


def parse(text: str) -> tuple[Phrase, ...]:
    """The phrases of a query, all of which a text must hold; empty where it holds no letter and no digit."""
    found = []
    for quoted, other, word in _PIECE.findall(text):
        typed = (quoted or other or word).strip()
        forms = tuple(dict.fromkeys(form for form in (tuple(words(typed)), tuple(_split(typed))) if form))
        if forms:
            found.append(Phrase(typed, forms))
    return tuple(found[:PHRASES_LIMIT])


def indexed(text: str) -> tuple[str, str]:
    """A text as the index keeps it: joined at its joiners, and apart at them; the second is empty without any."""
    return " ".join(words(text)), " ".join(_split(text)) if _JOINER in text else ""


def _split(text: str) -> list[str]:
    return words(text.replace(_JOINER, " "))


def hits(phrases: Sequence[Phrase], text: str) -> set[int]:
    """Numbers of the words of `text.split()` that hold what is looked for, whole words before parts of words."""
    pieces = text.split()
    lines = [_numbered(pieces, words), _numbered(pieces, _split)]
    found: set[int] = set()
    for phrase in phrases:
        whole = {at for line in lines for form in phrase.forms for at in _places(line, form)}
        found |= whole or set(_parts(pieces, phrase))
    return found


def _numbered(pieces: Sequence[str], fold: Callable[[str], list[str]]) -> list[tuple[str, int]]:
    return [(word, at) for at, piece in enumerate(pieces) for word in fold(piece)]


def _places(line: Sequence[tuple[str, int]], form: tuple[str, ...]) -> Iterator[int]:
    for at in range(len(line) - len(form) + 1):
        if all(line[at + offset][0] == word for offset, word in enumerate(form)):
            yield from (line[at + offset][1] for offset in range(len(form)))


def _parts(pieces: Sequence[str], phrase: Phrase) -> Iterator[int]:
    wanted = [" ".join(form) for form in phrase.forms]
    for at, piece in enumerate(pieces):
        joined = " ".join(words(piece))
        if any(one in joined for one in wanted):
            yield at


def is_exact(phrases: Sequence[Phrase], text: str) -> bool:
    """Whether each phrase stands there letter for letter, but for capitals."""
    plain = [_plain(piece) for piece in text.split()]
    return all(_stands(plain, [_plain(word) for word in phrase.typed.split()]) for phrase in phrases)


def _stands(pieces: list[str], wanted: list[str]) -> bool:
    return any(pieces[at : at + len(wanted)] == wanted for at in range(len(pieces) - len(wanted) + 1))


def _plain(word: str) -> str:
    return _EDGE.sub("", unicodedata.normalize("NFC", word).casefold())


def snippet(text: str, found: set[int]) -> dict[str, Value]:
    """The words around the first hit: `{cut_before, cut_after, pieces: [{text, hit}]}`."""
    pieces = text.split()
    first = min(found, default=0)
    start = max(0, first - BEFORE)
    end = min(len(pieces), start + SHOWN)
    runs: list[tuple[bool, list[str]]] = []
    for at in range(start, end):
        if runs and runs[-1][0] == (at in found):
            runs[-1][1].append(pieces[at])
        else:
            runs.append((at in found, [pieces[at]]))
    shown: list[Value] = [{"text": " ".join(run), "hit": is_hit} for is_hit, run in runs]
    return {"cut_before": start > 0, "cut_after": end < len(pieces), "pieces": shown}
