"""Finds the critical items of a draft: what a person has to hear or type once more before it is sealed.

Numbers with their units, positions, times, bearings, call signs, names, directions and negations. It finds too many
rather than too few, and judges nothing. An item keeps its id while it stands in later drafts.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from bridge.base.text import fold
from bridge.relay.events import Slot
from bridge.relay.facts import is_number, number_kind
from bridge.relay.numerals import spans
from bridge.relay.sealed_text import EXERCISE_MARKS
from bridge.relay.similar import WEAK
from bridge.relay.tokens import Text, Token, read

_ALONE = {"neg": "negation", "dir": "direction", "name": "name"}
"""Classes of tokens that are an item without a number beside them."""
_BESIDE = frozenset(("unit", "zone", "date", "dir"))
"""Classes that belong to the number beside them."""
_SHOWS_NEXT = frozenset(("negation", "number"))
"""Kinds that say little without the word after them: no boarding, two vessels."""


def find_slots(text: str, language: str) -> tuple[Slot, ...]:
    """The critical items of a text, in its order; the marks of an exercise are none.

    Raises:
        ValueError: a language without tables.
    """
    if language not in EXERCISE_MARKS:
        raise ValueError(f"language {language!r} has no tables, expected one of {', '.join(EXERCISE_MARKS)}")
    found = read(text.removeprefix(EXERCISE_MARKS[language]), language)
    times: Counter[tuple[str, str]] = Counter()
    slots = []
    for kind, said in _items(found):
        key = kind, fold(said)
        times[key] += 1
        mark = hashlib.sha256(key[1].encode()).hexdigest()[:6]
        slots.append(Slot(f"{kind}-{mark}-{times[key]}", kind, said))
    return tuple(slots)


def _items(text: Text) -> Iterator[tuple[str, str]]:
    tokens, at = text.tokens, 0
    runs = {
        start: max(span.end for span in found if tokens[span.end - 1].sentence == tokens[start].sentence)
        for start, found in spans(tokens, text.language).items()
        if any(tokens[span.end - 1].sentence == tokens[start].sentence for span in found)
    }
    while at < len(tokens):
        end = _end_of_number(text, at, runs)
        kind = _kind(text, at, end) if end > at else _kind_alone(tokens[at])
        end = max(end, at + 1)
        if kind:
            yield kind, _said(text, at, end, kind)
        at = end


def _end_of_number(text: Text, at: int, runs: dict[int, int]) -> int:
    """Where the number that begins at a token ends, with its unit and the numbers it is one item with."""
    tokens, end = text.tokens, at
    while end < len(tokens) and tokens[end].sentence == tokens[at].sentence:
        token = tokens[end]
        if end in runs and (is_number(token, text.language) or end > at):
            end = runs[end]
        elif end > at and _is_beside(tokens[end - 1], token):
            end += 1
        else:
            break
        if end < len(tokens) and not _goes_on(text, end):
            break
    return end


def _is_beside(one: Token, other: Token) -> bool:
    """Whether a unit or direction is that of the number before it: in its word or the next one, and no time's."""
    if other.tag not in _BESIDE or other.key in WEAK or other.start > one.end:
        return False
    return not (other.tag == "dir" and one.tag in ("zone", "date"))


def _goes_on(text: Text, at: int) -> bool:
    """Whether no comma ends the item before token `at`."""
    return text.words[text.tokens[at - 1].end - 1][-1:] not in ",;،؛" or text.tokens[at].start < text.tokens[at - 1].end


def _kind(text: Text, at: int, end: int) -> str:
    tokens = text.tokens[at:end]
    keys = {token.key for token in tokens}
    if keys & {"dir:n", "dir:s"} and keys & {"dir:e", "dir:w"}:
        return "position"
    return "time" if any(token.tag in ("zone", "date") for token in tokens) else number_kind(text, at, end)


def _kind_alone(token: Token) -> str:
    if token.is_code:
        return "call-sign"
    if token.is_name:
        return "name"
    if "neg" in token.marks:
        return "negation"
    return "" if token.key in WEAK else _ALONE.get(token.tag, "")


def _said(text: Text, at: int, end: int, kind: str) -> str:
    """The words as they stand, without what closes the sentence."""
    last = text.tokens[end - 1]
    has_unit = any(token.tag for token in text.tokens[at:end])
    if end < len(text.tokens) and (kind == "negation" or (kind in _SHOWS_NEXT and not has_unit)):
        after = text.tokens[end]
        last = after if after.sentence == last.sentence and _goes_on(text, end) else last
    return " ".join(text.words[text.tokens[at].start : last.end]).strip(".,;:!?،؛؟")
