"""Days named from the present (last night, أول أمس), each said by one token, for the comparison across languages.

A language may name the night where another names the day, and Arabic says today and the day with one word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bridge.base.text import fold
from bridge.relay.tables import DAYS
from bridge.relay.tokens import Token

_LONGEST = 4
_THE_DAY = fold("اليوم")
_BEFORE_THE_DAY = frozenset(map(fold, ("في", "طوال", "طيلة", "إلى", "لليوم", "ذلك", "كل")))
_AFTER_THE_DAY = frozenset(
    map(
        fold,
        "نفسه ذاته عينه التالي السابق الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر "
        "المذكور الواحد".split(),
    )
)


def days(tokens: Sequence[Token], language: str) -> list[Token]:
    """The tokens, a phrase for a day being one token of its class and light words."""
    phrases, found = DAYS[language], list(tokens)
    at = 0
    while at < len(found):
        for end in range(min(len(found), at + _LONGEST), at, -1):
            key = phrases.get(" ".join(token.text for token in tokens[at:end]))
            if key:
                found[at:end] = [_quiet(token) for token in found[at:end]]
                found[end - 1] = replace(found[end - 1], key=f"date:{key}", tag="date", is_light=False)
                at = end - 1
                break
        else:
            if language == "ar" and _is_the_day(tokens, at):
                found[at] = _quiet(found[at])
        at += 1
    return found


def _quiet(token: Token) -> Token:
    return replace(token, key=token.text, tag="", is_light=True, marks=frozenset())


def _is_the_day(tokens: Sequence[Token], at: int) -> bool:
    if tokens[at].text != _THE_DAY:
        return False
    before = tokens[at - 1].text if at else ""
    after = tokens[at + 1].text if at + 1 < len(tokens) else ""
    return before in _BEFORE_THE_DAY or after in _AFTER_THE_DAY


def nights(own: Counter[str], other: Mapping[str, int]) -> Counter[str]:
    """The counts, with a night taken for the day that the other text has more of.

    This evening is else today; last night is else a night like any other (during the night).
    """
    settled = own.copy()
    for night, days_named, otherwise in _NIGHTS:
        for _ in range(settled.pop(night, 0)):
            chosen = next((day for day in days_named if other.get(day, 0) > settled[day]), otherwise)
            settled[chosen] += 1
    return settled


_NIGHTS = (
    ("date:this_evening", ("date:tonight", "date:evening"), "date:today"),
    ("date:last_night", ("date:yesterday",), "date:night"),
)
