"""Which words of Persian and Arabic are surely no names: those of many messages (`tables/*/ordinary.txt`)."""

from __future__ import annotations

from bridge.base.text import fold
from bridge.relay.tables import ORDINARY
from bridge.relay.tokens import Token


def is_ordinary(token: Token, language: str) -> bool:
    """Whether the word, or what is left of it without what is written onto it, is known to be no name."""
    known = ORDINARY[language]
    spellings = {token.text, *token.forms}
    if language == "ar":
        spellings |= {form[2:] for form in spellings if form.startswith(_THE)}
        spellings |= {_THE + form for form in spellings}
        spellings |= {form[: -len(end)] for form in spellings for end in _ENDINGS if form.endswith(end)}
    else:
        spellings |= {form[: -len(end)] for form in spellings for end in _PLURALS if form.endswith(end)}
    return not known.isdisjoint(spellings)


_THE = fold("ال")
_ENDINGS = tuple(map(fold, ("نا", "كم", "هم", "ها")))
_PLURALS = tuple(map(fold, ("های", "ها", "هایی", "شان", "مان", "تان", "اند", "ند", "اش", "کننده", "کنندگان")))
"""Endings after which the rest is a word of its own."""
