"""Days named from the present (last night, أول أمس), each said by one token, for the comparison across languages.

A language may name the night where another names the day, and Arabic says today and the day with one word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bridge.base.text import fold
from bridge.relay.facts import is_number
from bridge.relay.tables import DAYS, PARTS
from bridge.relay.tokens import Token

_LONGEST = 4
_WEEKS = frozenset(f"{which}_{span}" for which in ("next", "last") for span in ("week", "month"))
"""Named from the present unless they are counted: two weeks ago, دو هفته پیش."""
_WEEKDAYS = frozenset(
    f"date:{day}" for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)
_THE_DAY = fold("اليوم")
_THE_NIGHT = fold("الليلة")
_BEFORE_THE_DAY = frozenset(map(fold, ("في", "طوال", "طيلة", "إلى", "لليوم", "ذلك", "كل")))
_AFTER_THE_DAY = frozenset(
    map(
        fold,
        "نفسه ذاته عينه التالي السابق الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر "
        "المذكور الواحد".split(),
    )
)

_AFTER_THE_NIGHT = frozenset(
    map(
        fold,
        "نفسها ذاتها عينها التالية السابقة الأولى الثانية الثالثة الرابعة الخامسة السادسة السابعة الثامنة التاسعة "
        "العاشرة المذكورة الواحدة الأخيرة المقررة المحددة الموعودة".split(),
    )
)


def days(tokens: Sequence[Token], language: str) -> list[Token]:
    """The tokens, a phrase for a day being one token of its class and light words."""
    phrases, found = DAYS[language], list(tokens)
    at = 0
    while at < len(found):
        for end in range(min(len(found), at + _LONGEST), at, -1):
            key = phrases.get(" ".join(token.text for token in tokens[at:end]))
            if key and not (key in _WEEKS and at > 0 and _is_count(tokens[at - 1], language)):
                found[at:end] = [_quiet(token) for token in found[at:end]]
                if key == "this_week" and any(token.key in _WEEKDAYS for token in found[max(0, at - 2) : at]):
                    at = end - 1
                    break  # Friday of this week: this Friday
                found[end - 1] = replace(found[end - 1], key=f"date:{key}", tag="date", is_light=False)
                at = end - 1
                break
        else:
            if language == "ar" and _is_the_day(tokens, at):
                found[at] = _quiet(found[at])
        at += 1
    return found


def _is_count(token: Token, language: str) -> bool:
    return token.is_figure or token.text == _ONE or is_number(token, language)


_ONE = fold("یک")


def _quiet(token: Token) -> Token:
    return replace(token, key=token.text, tag="", is_light=True, marks=frozenset())


def _is_the_day(tokens: Sequence[Token], at: int) -> bool:
    """Whether today's and tonight's words name a day or a night of their own: اليوم التالي, الليلة الثانية."""
    if tokens[at].text == _THE_NIGHT:
        return at + 1 < len(tokens) and tokens[at + 1].text in _AFTER_THE_NIGHT
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
    ("date:tonight", ("date:evening", "date:night"), "date:tonight"),
    ("date:this_evening", ("date:tonight", "date:evening"), "date:today"),
    ("date:last_night", ("date:yesterday",), "date:night"),
)


MORNING, LATER = "morning", "later"
_CLASSES = {"morning": MORNING, "afternoon": LATER, "evening": LATER}
"""Another language may call the afternoon evening; noon is left out, since Arabic writes a deck with its word."""


def parts(tokens: Sequence[Token], language: str) -> dict[str, list[int]]:
    """Places of the words that name the morning, and of those that name a later part of the day."""
    found: dict[str, list[int]] = {MORNING: [], LATER: []}
    for at, token in enumerate(tokens):
        forms = [form for word in token.text.split(" ") for form in (word, *_bare(token, word))]
        for part in sorted({_CLASSES[said] for form in forms if (said := PARTS[language].get(form)) in _CLASSES}):
            found[part].append(at)
    return found


def _bare(token: Token, word: str) -> Sequence[str]:
    """Spellings of a token of one word, as without an Arabic preposition."""
    return token.forms if word == token.text else ()


def parts_swapped(ours: Mapping[str, Sequence[int]], theirs: Mapping[str, Sequence[int]]) -> tuple[int, int] | None:
    """Places of a part of the day and of the one that was said in its stead; None where none was."""
    for lost, made in ((MORNING, LATER), (LATER, MORNING)):
        if len(ours[lost]) > len(theirs[lost]) and len(theirs[made]) > len(ours[made]):
            return ours[lost][0], theirs[made][0]
    return None
