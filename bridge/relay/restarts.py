"""Words said after a message or twice, taken out before reading: tran transit, as far as far as we know.

What is taken out here would otherwise be read together with the words beside it. It looks at words alone, not at what
they mean; repetitions of numbers and longer ones are found by the alignment (`skips`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bridge.base.text import fold
from bridge.relay.tables import Phrase, Tables

_LONGEST_REPEAT, _LONGEST_PHRASE = 6, 10
_LONGEST_START = 4
"""Letters of a word that is begun and given up."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One word, number or sign of the text, folded."""

    text: str
    word: int
    """Index of the whitespace-separated word it comes from."""
    char: tuple[int, int]
    sentence: int
    raw: str
    first: bool
    """First piece of its sentence (its capital says nothing)."""
    more: int = 0
    """Further words of the text that belong to it: می شود, written apart."""


def without_starts(found: list[Piece], meant_words: Iterable[str], tables: Tables) -> list[Piece]:
    """Without the beginnings of words that were begun and begun again: tran transit."""
    meant = frozenset(fold(word.strip(".,;:!?،؛؟\"'«»()")) for word in meant_words)
    kept: list[Piece] = []
    for at, piece in enumerate(found):
        then = found[at + 1] if at + 1 < len(found) else None
        if then is None or then.word == piece.word:
            kept.append(piece)
        elif not (_is_start(piece.text, then.text, meant, tables) or _is_slang(piece.text, then.text, meant, tables)):
            kept.append(piece)
    return kept


def _is_slang(first: str, then: str, meant: frozenset[str], tables: Tables) -> bool:
    """Whether what may be a word of the street (مو: not) rather begins the sealed word that follows: مو موعده."""
    return (
        first in tables.replaced and first not in meant and then != first and then in meant and then.startswith(first)
    )


def _is_start(first: str, then: str, meant: frozenset[str], tables: Tables) -> bool:
    if len(first) > _LONGEST_START or first == then or not then.startswith(first) or first in meant:
        return False
    if any(word in tables.numbers.unit or word in tables.numbers.tens for word in (first, first[1:])):
        return False  # five in Arabic's "and five and fifty"
    if first[0].isdigit():
        return False
    return all(not key.startswith("neg:") for phrase, key in tables.phrases.get(first, ()) if len(phrase) == 1)


def without_closings(found: list[Piece], said: str, tables: Tables) -> list[Piece]:
    """Without phrases of courtesy after the message that the sealed text (`said`) does not hold.

    What stands before the message is left to the alignment: a name may follow the greeting."""
    last = len(found)
    while last and (size := _closing(tuple(piece.text for piece in found[:last][-_LONGEST_PHRASE:]), said, tables)):
        if size >= last:
            break
        last -= size
    return found[:last]


def _closing(texts: Phrase, said: str, tables: Tables) -> int:
    """Length of the longest phrase of courtesy that the words end with and that is not sealed; 0 for none."""
    courtesy = tables.speech["courtesy"]
    for size in range(len(texts), 1, -1):
        if texts[-size:] in courtesy and not _holds(said, texts[-size:]):
            return size
    if len(texts) > 2 and (texts[-1:] in courtesy or texts[-1:] in tables.speech["filler"]):
        before = _closing(texts[:-1], said, tables)  # that is all, sir
        return before + 1 if before and not _holds(said, texts[-1:]) else 0
    return 0


def _holds(said: str, words: Sequence[str]) -> bool:
    return f" {' '.join(words)} " in f" {said} "


def said_once(found: list[Piece], said: str, tables: Tables) -> list[Piece]:
    """Without the second copy of words repeated at once, or after words that announce it; `said` is the sealed text."""
    markers = {phrase for phrase in tables.speech["repeat"] if len(phrase) > 1 or phrase[0] not in tables.light}
    kept = list(found)
    for size in range(_LONGEST_REPEAT, 0, -1):
        at = 0
        while at + 2 * size <= len(kept):
            again = _again(kept, at, size, markers, said, tables)
            if again:
                del kept[at + size : again + size]
            else:
                at += 1
    return kept


def _again(kept: Sequence[Piece], at: int, size: int, markers: set[Phrase], said: str, tables: Tables) -> int:
    """Where the block of `size` words at `at` is said again; 0 if it is not."""
    block = [piece.text for piece in kept[at : at + size]]
    if block == [piece.text for piece in kept[at + size : at + 2 * size]]:
        return at + size if not _may_be_meant(block, tables) and not _holds(said, (*block, *block)) else 0
    for length in (1, 2, 3):
        again = at + size + length
        marker = tuple(piece.text for piece in kept[at + size : again])
        if marker in markers and block == [piece.text for piece in kept[again : again + size]]:
            return again if not _holds(said, marker) else 0
    return 0


def _may_be_meant(block: Sequence[str], tables: Tables) -> bool:
    """Whether the words may really be meant twice: six six; no no."""
    numbers, corrections = tables.numbers, tables.speech["correction"]
    digits = [
        word[0].isdigit() or word in numbers.unit or word in numbers.tens or word in tables.digit_homophones
        for word in block
    ]
    if any(digits) and (len(block) < 3 or all(digits)):
        return True
    return any((word,) in corrections for word in block)
