"""Reading a text for the comparison across languages: the tokens, with words that only look like a fact put right.

A word that carries a fact in most sentences may be mere grammar here (Arabic كانت is no "like you"); where one language
alone is compared both texts hold it and nothing is lost, across languages it would stand alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

from bridge.base.text import fold
from bridge.relay.across_bounds import bounds
from bridge.relay.across_days import days
from bridge.relay.across_degrees import degrees
from bridge.relay.across_spans import spans_of_time
from bridge.relay.facts import is_number
from bridge.relay.tables import OVERRIDES, TABLES, Phrase
from bridge.relay.tokens import Text, Token, read

_LIGHT = "light"
_PLAIN = "plain"
_KEYS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {language: {fold(word): key for word, key in rows.items()} for language, rows in OVERRIDES.items()}
)


def read_across(text: str, language: str, *, dropped: frozenset[Phrase] = frozenset()) -> Text:
    """Tokens of a text, put right for a comparison with another language."""
    found = read(text, language, dropped=dropped)
    keys = _KEYS.get(language, {})
    tokens = [_put_right(token, keys[token.text]) if token.text in keys else token for token in found.tokens]
    tokens = [_letter(tokens, at, language) for at in range(len(tokens))]
    if language == "fa":
        tokens = [part for at in range(len(tokens)) for part in _hundred(tokens, at, found.words)]
        tokens = [part for token in tokens for part in _counted(token, text)]
        tokens = _between_points([_with_ezafe(token, text) for token in tokens])
    if language == "ar":
        tokens = [_in_context(tokens, at, text) for at in range(len(tokens))]
    tokens = degrees(spans_of_time(days(tokens, language), language), language)
    tokens = [_over(tokens, at, language) for at in range(len(tokens))]
    tokens = [_else(tokens, at, language) for at in range(len(tokens))]
    tokens = [_thirtieth(tokens, at, language) for at in range(len(tokens))]
    if language == "ar":
        tokens = [_negated(tokens, at, text) for at in range(len(tokens))]
        tokens = [_perhaps_if(tokens, at, text) for at in range(len(tokens))]
        tokens = [_opened(token) for token in tokens]
    return replace(found, tokens=tuple(bounds([_heard_of(token) for token in tokens], language)))


def _hundred(tokens: Sequence[Token], at: int, words: Sequence[str]) -> list[Token]:
    """در صد و ده: in a hundred and ten, not ten per cent."""
    token = tokens[at]
    after = tokens[at + 1].text if at + 1 < len(tokens) else ""
    if token.text != "در صد" or token.end - token.start != 2 or after != "و":
        return [token]
    within, hundred = token.text.split(" ")
    middle = token.char[0] + len(words[token.start]) + 1
    first = replace(token, text=within, end=token.start + 1, char=(token.char[0], middle - 1))
    second = replace(token, text=hundred, start=token.start + 1, char=(middle, token.char[1]), forms=(), key=hundred)
    return [_put_right(first, _LIGHT), replace(second, tag="", is_light=False)]


def _counted(token: Token, text: str) -> list[Token]:
    """شانزده‌ساله: sixteen, and years old; not سه‌راهی, a junction."""
    raw = text[slice(*token.char)]
    number, joint, rest = raw.partition("\u200c")
    if token.tag or not joint or fold(rest) not in _COUNTED_FA or fold(number) not in _NUMBERS_FA:
        return [token]
    bare = [*read(number, "fa").tokens, *read(rest, "fa").tokens]
    if len(bare) != 2:
        return [token]
    middle = token.char[0] + len(number)
    chars = (token.char[0], middle), (middle + 1, token.char[1])
    return [
        replace(one, char=char, start=token.start, end=token.end, sentence=token.sentence)
        for one, char in zip(bare, chars, strict=True)
    ]


_NUMBERS_FA = frozenset(
    word
    for values in (TABLES["fa"].numbers.unit, TABLES["fa"].numbers.tens)
    for word, value in values.items()
    if value > 2
)
_COUNTED_FA = frozenset(
    map(fold, "ساله سالگی نفره نفری روزه ساعته متری کیلومتری مایلی کیلویی تنی درصدی فروندی دقیقه‌ای".split())
)


def _between_points(tokens: Sequence[Token]) -> list[Token]:
    """به شمال شرق: north with its preposition, and the east that makes it north-east."""
    found = list(tokens)
    for at, (first, then) in enumerate(pairwise(tokens)):
        if first.key in ("dir:n", "dir:s") and then.key in ("dir:e", "dir:w") and not first.text.endswith("ی"):
            found[at] = replace(first, key=first.key + then.key[-1])
            found[at + 1] = _put_right(then, _LIGHT)
    return found


def _with_ezafe(token: Token, text: str) -> Token:
    """هفته‌ی is هفته, written with the ending that other writers leave out."""
    if not token.text.endswith(_EZAFE) or "ه\u200cی" not in text[slice(*token.char)]:
        return token
    if token.tag:
        return replace(token, text=token.text[:-1])
    bare = read(token.text[:-1], "fa").tokens
    if len(bare) != 1:
        return token
    one = bare[0]
    return replace(token, text=one.text, key=one.key, tag=one.tag, forms=one.forms, is_light=one.is_light)


_EZAFE = "هی"


def _in_context(tokens: Sequence[Token], at: int, text: str) -> Token:
    """Arabic words that other words beside them, or letters that are folded away, make something else: every Sunday,
    the morning of a day, beyond tomorrow, dead, its reel."""
    token = tokens[at]
    before = tokens[at - 1].text if at else ""
    if token.text in _BARE_DAYS and before in _DAY_OF:
        return _put_right(token, _BARE_DAYS[token.text])
    if token.text == _TWO and before.split(" ")[-1] == _DAY:
        return _put_right(token, "date:monday")
    if token.key == "date:today" and token.text.endswith(_OF_DAY) and not token.text.endswith(_TODAY):
        return _put_right(token, "date:evening" if token.text.startswith(_EVENING) else "date:morning")
    if token.text == _DEAD and "ئ" not in text[slice(*token.char)]:
        return replace(token, text=_DEAD[:-1])
    if token.key == "date:august" and token.text == _FATHER and "آ" not in text[slice(*token.char)]:
        return _put_right(token, _PLAIN)
    if token.key == "date:tomorrow" and token.text.startswith(_REEL):
        return _put_right(token, _PLAIN)
    if token.text in _MORE and tokens[at + 1 : at + 2] and tokens[at + 1].text == _THAN:
        return _put_right(token, "quant:atleast" if token.text == _MORE[0] else "quant:atmost")
    return token


_DEAD, _EVENING, _THAN, _TWO, _DAY, _FATHER = map(fold, ("ميتا", "مساء", "من", "اثنين", "يوم", "أب"))
_REEL = fold("بكرت")
_MORE = tuple(map(fold, ("على أكثر", "على أقل")))
"""على أكثر من is on more than; على الأكثر is at most."""
_OF_DAY, _TODAY = map(fold, (" يوم", " اليوم"))
_DAY_OF = frozenset(map(fold, ("كل يوم", *"يوم كل ويوم وكل أول آخر هذا هاد".split())))
_BARE_DAYS: Mapping[str, str] = {
    fold(day): f"date:{name}"
    for day, name in (
        ("أحد", "sunday"),
        ("ثلاثاء", "tuesday"),
        ("أربعاء", "wednesday"),
        ("خميس", "thursday"),
        ("جمعة", "friday"),
        ("سبت", "saturday"),
    )
}


def _heard_of(token: Token) -> Token:
    """A word of hearsay in the negative is a verb like any other: شنیده نشده."""
    if token.key == "hedge:reported" and "neg" in token.marks:
        return replace(token, key=token.text, tag="")
    return token


def _letter(tokens: Sequence[Token], at: int, language: str) -> Token:
    """A letter after a number is a point of the compass, however it is written."""
    token = tokens[at]
    if token.tag or at == 0 or token.text not in ("n", "s", "e", "w"):
        return token
    before = tokens[at - 1]
    said = before.is_figure or is_number(before, language) or before.text in TABLES[language].digit_homophones
    return _put_right(token, f"dir:{token.text}") if said else token


def _over(tokens: Sequence[Token], at: int, language: str) -> Token:
    """Over is at least before a number only."""
    token = tokens[at]
    if language != "en" or token.text != "over" or token.tag != "quant":
        return token
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    return token if after is not None and (after.is_figure or is_number(after, language)) else _put_right(token, _LIGHT)


def _else(tokens: Sequence[Token], at: int, language: str) -> Token:
    """Else is a condition by itself; after nobody and anything it is another person or thing."""
    token = tokens[at]
    if language != "en" or token.key != "cond:otherwise" or token.text != "else" or at == 0:
        return token
    return _put_right(token, _PLAIN) if tokens[at - 1].text.endswith(_SOMEBODY) else token


_SOMEBODY = ("one", "body", "thing", "where", "who", "what")


def _thirtieth(tokens: Sequence[Token], at: int, language: str) -> Token:
    """سیم (wire) before a month is the thirtieth, written as it is said."""
    token = tokens[at]
    if language != "fa" or token.text != "سیم" or at + 1 == len(tokens):
        return token
    return replace(token, text=fold("سی‌ام")) if tokens[at + 1].key in _MONTHS else token


_MONTHS = frozenset(
    f"date:{month}"
    for month in "january february march april may june july august september october november december".split()
)


def _perhaps_if(tokens: Sequence[Token], at: int, text: str) -> Token:
    """إن before a verb may be if; أن is that, and إن before a noun or after saying only stresses."""
    token = tokens[at]
    if token.text not in _IN or not (text[token.char[0]] == "إ" or text[token.char[0] + 1] == "إ"):
        return token
    if at + 1 == len(tokens) or tokens[at + 1].text.startswith("ال"):
        return token
    said = at > 0 and tokens[at - 1].text.startswith(_SAID)
    return token if said else replace(token, key="cond:perhaps")


_IN = frozenset(map(fold, ("إن", "وإن", "فإن")))
_SAID = tuple(map(fold, ("قال", "يقول", "يقال", "تقول", "قائل", "حيث")))
_NOT_TO, _EXCEPT = "neg:not", "cond:except"


def _negated(tokens: Sequence[Token], at: int, text: str) -> Token:
    """ألا (not to) and إلا (except) are folded alike; bare الا is an exception only after a negative."""
    token = tokens[at]
    if token.text != fold("ألا"):
        return token
    raw = text[token.char[0]]
    if at > 0 and tokens[at - 1].tag == "modal":
        return _put_right(token, _NOT_TO)  # ينبغي الا, however it is written
    after_negative = any(near.key == _NOT_TO for near in tokens[max(0, at - _REACH) : at])
    is_except = raw == "إ" or (raw != "أ" and after_negative)
    return _put_right(token, _EXCEPT if is_except else _NOT_TO)


_REACH = 7
"""Tokens within which an exception belongs to the negative before it."""


def _opened(token: Token) -> Token:
    """A word of obligation, condition or doubt under particles written onto it: فسيحق."""
    if token.tag or token.is_figure:
        return token
    for lead in _LEADS:
        rest = token.text[len(lead) :]
        if token.text.startswith(lead) and len(rest) > 2:
            key = next((key for phrase, key in _PHRASES.get(rest, ()) if len(phrase) == 1), "")
            if key.partition(":")[0] in ("modal", "cond", "hedge", "neg"):
                return replace(token, key=key, tag=key.partition(":")[0], is_light=False)
    return token


_LEADS = tuple(fold(lead) for lead in ("فس", "وس", "ف", "و", "س"))
_PHRASES = TABLES["ar"].phrases


def _put_right(token: Token, key: str) -> Token:
    if key == _LIGHT:
        return replace(token, key=token.text, tag="", is_light=True, marks=frozenset())
    if key == _PLAIN:
        return replace(token, key=token.text, tag="", is_light=False)
    marks: frozenset[str] = frozenset() if key.startswith("neg") else token.marks
    return replace(token, key=key, tag=key.partition(":")[0], is_light=False, marks=marks)
