"""Words of a text as the comparison sees them: pieces with places, then tokens with a class and a key.

It decides nothing about another text. A token is one or more words that carry one thing: "nautical miles" is one
unit, "we believe" one hedge, "isn't" gives two tokens with one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import ModuleType

from bridge.base.text import fold
from bridge.relay import tokens_ar, tokens_en, tokens_fa
from bridge.relay.restarts import Piece, said_once, without_closings, without_starts
from bridge.relay.tables import TABLES, Phrase, Tables
from bridge.relay.vocabulary import meant

_MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u200c\u200d\u0640"
_PIECE = re.compile(rf"\d+(?:[.,:٫٬]\d+)*|[^\W\d_](?:[^\W\d_]|[{_MARKS}]|['’](?=[^\W\d_]))*|[°%'\"′″$€£]")
_WORD = re.compile(r"\S+")
_ORDINAL_ENDS = frozenset(("st", "nd", "rd", "th"))
_STOP = re.compile(r"[.!?؟;؛:]+[\"'»)\]]*$")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SYMBOLS = {"°": "deg", "%": "percent", "'": "min", "′": "min", '"': "sec", "″": "sec"}
_CURRENCY = {"$": "unit:dollar", "€": "unit:euro", "£": "unit:sterling"}
_COMPASS = {"n": "dir:n", "s": "dir:s", "e": "dir:e", "w": "dir:w"}
_SHORT_UNITS = {"m": "unit:m", "h": "unit:hour", "l": "unit:litre", "t": "unit:tonne"}
_MODULES: Mapping[str, ModuleType] = {"en": tokens_en, "fa": tokens_fa, "ar": tokens_ar}
_EN_NUMBERS = {**TABLES["en"].numbers.unit, **TABLES["en"].numbers.tens, **TABLES["en"].numbers.scale}
_SUBJECTS = frozenset(
    "you any anything anyone anybody it they we he she the your our a an this that there either".split()
)
_ASCII_CODE = re.compile(r"[a-z]{1,4}")


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    """Folded words, joined by spaces."""
    key: str
    """What makes two tokens of one language equal: `class:value` or a stem."""
    tag: str
    """Class of fact, or empty."""
    start: int
    end: int
    """Half-open word indices in the text."""
    char: tuple[int, int]
    sentence: int
    forms: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    is_light: bool = False
    is_figure: bool = False
    is_name: bool = False
    is_code: bool = False
    """Latin letters that stand for themselves, as in QX-33."""
    is_sign: bool = False
    """Came from a sign (°, ') that people may leave unsaid."""


@dataclass(frozen=True, slots=True)
class Text:
    language: str
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    """The whitespace-separated words as written."""
    sentences: int
    cues: Mapping[int, str] = field(default_factory=dict)


def pieces(text: str) -> list[Piece]:
    """Words, figures and signs in order."""
    found: list[Piece] = []
    sentence, first = 0, True
    for index, match in enumerate(_WORD.finditer(text)):
        for part in _PIECE.finditer(match.group()):
            if part.group() in "'\"′″°" and not (found and found[-1].text[-1:].isdigit()):
                continue
            start = match.start() + part.start()
            if part.group() in _ORDINAL_ENDS and found and found[-1].word == index and found[-1].text.isdigit():
                continue  # 32nd
            shown = _figure(part.group()) if part.group()[0].isdigit() else fold(part.group())
            if shown:
                found.append(Piece(shown, index, (start, match.start() + part.end()), sentence, part.group(), first))
                first = False
        if _STOP.search(match.group()):
            sentence, first = sentence + 1, True
    return found


def _figure(raw: str) -> str:
    shown = fold(raw)
    if _THOUSANDS.fullmatch(shown):
        return shown.replace(",", "")
    if ":" in shown:
        return "".join(part.zfill(2) for part in shown.split(":"))
    return shown.replace(",", ".")


def _with(piece: Piece, text: str) -> Piece:
    return Piece(text, piece.word, piece.char, piece.sentence, piece.raw, piece.first, piece.more)


def _expanded(found: Sequence[Piece], language: str) -> list[Piece]:
    """Contractions opened, colloquial and foreign spellings replaced, split Persian words joined."""
    expand: Callable[[str], tuple[str, ...]] = _MODULES[language].expand
    opened: list[Piece] = []
    for piece in found:
        if (
            language == "fa"
            and opened
            and tokens_fa.joined(opened[-1].text, piece.text)
            and opened[-1].sentence == piece.sentence
            and not opened[-1].text[-1].isdigit()
        ):
            last = opened.pop()
            both = last.text + piece.text
            more = piece.word + piece.more - last.word
            joint = Piece(both, last.word, (last.char[0], piece.char[1]), last.sentence, both, last.first, more)
            opened.extend(_with(joint, word) for word in expand(both))
            continue
        known = (piece.text,) if piece.text in _SYMBOLS else expand(piece.text)
        opened.extend(_with(piece, word) for word in known if word)
    return opened


def match_phrase(words: Sequence[tuple[str, ...]], at: int, phrase: Phrase) -> bool:
    """Whether `phrase` stands at `at`; each word may be met by any of its forms."""
    if at + len(phrase) > len(words):
        return False
    return all(part in words[at + offset] for offset, part in enumerate(phrase))


def find_class(words: Sequence[tuple[str, ...]], at: int, tables: Tables) -> tuple[str, int]:
    """The class key of the longest table phrase at `at` and its length in words; empty and 0 for none."""
    best = ("", 0)
    added = tables.language == "ar" and not words[at][0].startswith("ال")
    for rank, form in enumerate(words[at]):
        if added and form.startswith("ال") and rank:
            continue  # an article is missed inside phrases only: أحد is one, الأحد Sunday
        for phrase, key in tables.phrases.get(form, ()):
            if len(phrase) > best[1] and (rank == 0 or _may_strip(key)) and match_phrase(words, at, phrase):
                best = (key, len(phrase))
                break
    return best if best[1] >= _LEAST_MISHEARD or tables.language != "en" else _misheard_phrase(words, at, tables, best)


_LEAST_MISHEARD = 3
"""Words of a phrase that is known though one of them is written as another that sounds the same: as far as we no."""


def _misheard_phrase(
    words: Sequence[tuple[str, ...]], at: int, tables: Tables, best: tuple[str, int]
) -> tuple[str, int]:
    first = words[at][0]
    for start in (first, *_WRITTEN_FOR.get(first, ())):
        for phrase, key in tables.phrases.get(start, ()):
            if len(phrase) < _LEAST_MISHEARD or at + len(phrase) > len(words):
                continue
            wrong = [(word, said[0]) for word, said in zip(phrase, words[at:], strict=False) if word not in said]
            if len(wrong) == 1 and _lines(wrong[0][0], tables) & _lines(wrong[0][1], tables):
                return key, len(phrase)
    return best


def _lines(word: str, tables: Tables) -> frozenset[int]:
    return tables.homophones.get(word, frozenset())


def _written_for(tables: Tables) -> Mapping[str, tuple[str, ...]]:
    """Word to the words that sound like it and begin a phrase long enough to be known by the rest of it."""
    starts: dict[int, set[str]] = {}
    for word, lines in tables.homophones.items():
        if any(len(phrase) >= _LEAST_MISHEARD for phrase, _ in tables.phrases.get(word, ())):
            for line in lines:
                starts.setdefault(line, set()).add(word)
    return {
        word: tuple(sorted({start for line in lines for start in starts.get(line, ())}))
        for word, lines in tables.homophones.items()
    }


_WRITTEN_FOR = _written_for(TABLES["en"])


def _may_strip(key: str) -> bool:
    """Short particles look like the rest of many words; those classes are known by their full form only."""
    return key not in ("neg:not", "dir:from", "dir:to", "hedge:perhaps", "cond:if")


def _forms_of(piece: Piece, language: str) -> tuple[str, ...]:
    found: tuple[str, ...] = _MODULES[language].forms(piece.text)
    return (*found, *meant(piece.text, language)) if language != "en" else found


def read(text: str, language: str, *, dropped: frozenset[Phrase] = frozenset(), once_for: Text | None = None) -> Text:
    """Tokens of a text.

    Args:
        dropped: phrases to leave out (hesitations and fillers that the other text does not have).
        once_for: the text that was to be said. Words begun and begun again, and words said twice in a row count once,
            unless one is a number or this other text has them so.
    """
    tables = TABLES[language]
    whole = (tables.speech["correction"] | tables.speech["courtesy"] | _at_once(language)) - dropped
    found = _without(pieces(text), dropped, whole)
    if once_for is not None:
        found = without_starts(found, once_for.words, tables)
    found = _without(_expanded(found, language), dropped, whole)
    if once_for is not None:
        said = " ".join(token.text for token in once_for.tokens)
        found = said_once(without_closings(found, said, tables), said, tables)
    forms = [_forms_of(piece, language) for piece in found]
    tokens: list[Token] = []
    at = 0
    while at < len(found):
        key, length = _class_at(found, forms, at, tables)
        length = max(1, length)
        tokens.append(_token(found[at : at + length], forms[at], key, tables))
        at += length
    last = found[-1].sentence + 1 if found else 0
    return Text(language, tuple(tokens), tuple(text.split()), last)


def _class_at(found: Sequence[Piece], forms: Sequence[tuple[str, ...]], at: int, tables: Tables) -> tuple[str, int]:
    piece = found[at]
    after_figure = at > 0 and (found[at - 1].text[-1:].isdigit() or found[at - 1].text in _SYMBOLS)
    if piece.text in _SYMBOLS:
        return f"unit:{_SYMBOLS[piece.text]}", 1
    if piece.text in _CURRENCY:
        return _CURRENCY[piece.text], 1
    if after_figure and found[at - 1].char[1] >= piece.char[0] - 1 and piece.raw.isascii():
        if piece.text in _COMPASS and piece.raw.isupper():
            return _COMPASS[piece.text], 1
        if piece.text in _SHORT_UNITS:
            return _SHORT_UNITS[piece.text], 1
    if piece.text == "second" and at and (after_figure or found[at - 1].text in _EN_NUMBERS):
        return "unit:sec", 1
    if piece.text == "no" and at + 2 < len(found) and found[at + 1].text == "one" and found[at + 2].text in _EN_NUMBERS:
        return "neg:not", 1  # no, one four: a correction
    if piece.text == "should" and at + 1 < len(found) and found[at + 1].text in _SUBJECTS:
        return "cond:if", 1  # should anything happen: a condition by word order
    if piece.text == "الا" and (piece.raw.startswith("إ") or _denied(found, at, tables)):
        found_class = find_class(forms, at, tables)  # folding writes ألا (not to) and إلا (except) alike
        return found_class if found_class[0] == "cond:unless" else ("cond:except", 1)
    return find_class(forms, at, tables)


def _denied(found: Sequence[Piece], at: int, tables: Tables) -> bool:
    """Whether a negative stands shortly before, as in لا ... إلا."""
    return any(
        ("neg:not" in (key for _, key in tables.phrases.get(near.text, ()))) for near in found[max(0, at - 7) : at]
    )


@lru_cache(maxsize=4)
def _at_once(language: str) -> frozenset[Phrase]:
    """Phrases for now that may begin with a filler: right away."""
    rows = (row for found in TABLES[language].phrases.values() for row in found)
    return frozenset(phrase for phrase, key in rows if key == "order:now" and len(phrase) > 1)


def _longest_at(found: list[Piece], at: int, phrases: Iterable[Phrase]) -> int:
    texts = tuple(piece.text for piece in found[at : at + _LONGEST_PHRASE])
    return max((len(phrase) for phrase in phrases if texts[: len(phrase)] == phrase), default=0)


_LONGEST_PHRASE = 8
"""Words of the longest phrase of correction in the tables."""


def _without(found: list[Piece], dropped: Iterable[Phrase], kept_whole: Iterable[Phrase]) -> list[Piece]:
    """Without the phrases `dropped`, where they are not part of a longer one of `kept_whole`: that is not right."""
    by_first: dict[str, list[Phrase]] = {}
    for phrase in dropped:
        by_first.setdefault(phrase[0], []).append(phrase)
    whole: dict[str, list[Phrase]] = {}
    for phrase in kept_whole:
        whole.setdefault(phrase[0], []).append(phrase)
    kept: list[Piece] = []
    at = 0
    while at < len(found):
        length = 0
        for phrase in by_first.get(found[at].text, ()):
            end = at + len(phrase)
            counts = phrase[-1] in _EN_NUMBERS and end < len(found) and found[end].text in _EN_NUMBERS
            if tuple(piece.text for piece in found[at:end]) == phrase and not counts:  # wait, one seven zero
                length = max(length, len(phrase))
        longer = _longest_at(found, at, whole.get(found[at].text, ()))
        if longer > max(1, length):
            kept.extend(found[at : at + longer])
            at += longer
        elif length:
            at += length
        else:
            kept.append(found[at])
            at += 1
    return kept


def _light_forms(forms: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Arabic writes particles onto light words: بهذا, وهو."""
    whole = forms[:1]
    return (*whole, whole[0][1:]) if language == "ar" and len(whole[0]) > 3 and whole[0][0] in "وفبلک" else whole


def _token(group: Sequence[Piece], forms: tuple[str, ...], key: str, tables: Tables) -> Token:
    first, last = group[0], group[-1]
    module = _MODULES[tables.language]
    text = " ".join(piece.text for piece in group)
    figure = first.text[0].isdigit()
    code = not figure and first.raw.isascii() and _ASCII_CODE.fullmatch(first.text) is not None
    code = (
        code and len(group) == 1 and (tables.language != "en" or (first.raw.isupper() and first.text not in ("a", "i")))
    )
    is_name = tables.language == "en" and not first.first and first.raw[:1].isupper() and not figure and not key
    marks: frozenset[str] = frozenset().union(*(module.marks(piece.text) for piece in group))
    return Token(
        text,
        key or (first.text if figure else module.stem(text)),
        key.partition(":")[0],
        first.word,
        last.word + last.more + 1,
        (first.char[0], last.char[1]),
        first.sentence,
        forms,
        marks,
        is_light=not key and any(form in tables.light for form in _light_forms(forms, tables.language)),
        is_figure=figure,
        is_name=is_name,
        is_code=code,
        is_sign=text in _SYMBOLS,
    )
