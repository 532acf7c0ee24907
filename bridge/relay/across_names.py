"""Names of a sealed text, looked for in a text of another language.

Listed names are compared by key, others by their consonants. Words that no table has are names only where something
else says so: a capital in a sealed English text, no place in the English dictionary, or a title before them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from bridge.base.text import fold
from bridge.relay.across_lemmas import lemmas
from bridge.relay.across_pair import Pair
from bridge.relay.across_words import Layout, Word
from bridge.relay.concepts import is_listed_wide
from bridge.relay.facts import Finding, is_number
from bridge.relay.ordinary import is_ordinary
from bridge.relay.tables import DICTIONARY, ORDINARY, TABLES, TITLES, UNSURE_NAMES
from bridge.relay.tokens import Token
from bridge.relay.tokens_fa import is_light_verb
from bridge.relay.translit import distance, firm_sounds, may_be_one, vowels_differ


def is_unknown(token: Token, language: str) -> bool:
    """Whether no table knows the word: it may be a name."""
    if token.tag or token.is_light or token.is_figure or token.is_code or len(token.text) < 3:
        return False
    if is_number(token, language) or is_listed_wide(token, language):
        return False
    if language == "fa" and (is_light_verb(token.text) or token.text.startswith(("می", "نمی")) or "neg" in token.marks):
        return False
    if language == "en":
        return not _is_english(token.text)
    return not (language == "ar" and token.text[0] in "یتن" and len(token.text) < 6)


@lru_cache(maxsize=16384)
def _is_english(word: str) -> bool:
    common = TABLES["en"].common
    if any(form in DICTIONARY or form in common for form in lemmas(word, "en")):
        return True
    # Compounds: searchlight, gunboat; but Farhad is far had only by chance.
    least = 3 if word in ORDINARY["en"] else 4
    return any(word[:at] in DICTIONARY and word[at:] in DICTIONARY for at in range(least, len(word) - least + 1))


def name_differences(pair: Pair, both: Layout) -> list[Finding]:
    """Listed names by key, other names by their consonants."""
    found: list[Finding] = []
    used_ours, used_theirs = pair.numbers.sealed_used, pair.numbers.heard_used
    ours = [(at, t) for at, t in enumerate(pair.sealed.tokens) if t.tag == "name" and at not in used_ours]
    theirs = [(at, t) for at, t in enumerate(pair.line) if t.tag == "name" and at not in used_theirs]
    own, heard = Counter(t.key for _, t in ours), Counter(t.key for _, t in theirs)
    lost = [(at, t) for at, t in ours if own[t.key] and not heard[t.key] and not _sounds(t, pair.line)]
    made = [(at, t) for at, t in theirs if not own[t.key] and not _sounds(t, pair.sealed.tokens)]
    if not (lost and made):
        lost, made = ([(at, t) for at, t in side if t.text not in UNSURE_NAMES] for side in (lost, made))
    for at, _ in lost:
        other = made.pop(0)[0] if made else None
        place = (other, other + 1) if other is not None else None
        found.append(pair.finding("name", (at, at + 1), place, certain=place is not None))
    found.extend(pair.finding("name", None, (at, at + 1), certain=False) for at, _ in made)
    return found or _others(pair, both)


def _sounds(name: Token, tokens: Sequence[Token], taken: frozenset[int] = frozenset()) -> bool:
    """Whether any word of the other text may write the name.

    Args:
        taken: words that already mean something else of this text.
    """
    first = name.text.split(" ")[-1]
    return any(
        may_be_one(first, form) and not vowels_differ(first, form)
        for at, token in enumerate(tokens)
        if at not in taken and _may_name(token, first)
        for form in _spellings(token)
    )


def _taken(words: Sequence[Word], partner: int) -> frozenset[int]:
    """Words of one text that meet a word of the other by their meaning, other than `partner`."""
    return frozenset(
        word.at
        for word in words
        if word.met and (word.concepts or word.token.tag == "date") and word.partner not in (-1, partner)
    )


def _may_name(token: Token, name: str) -> bool:
    """Whether the word of the other text can be the name: no particle, no word of another class, about as long."""
    if token.tag == "name" or token.is_name or token.is_code:
        return True
    if token.tag not in ("", "order", "actor", "date", "dir"):
        # An island may be called like a conjunction: هنگام, Hengam.
        return firm_sounds(name) >= 3 and distance(name, token.text) == 0
    if token.is_light:
        return False
    return abs(len(token.text) - len(name)) <= 4 or firm_sounds(name) >= 3


def _spellings(token: Token) -> tuple[str, ...]:
    last = token.text.split(" ")[-1]
    return (last, *token.forms, *((last[2:],) if last.startswith("ال") and len(last) > 3 else ()))


def _others(pair: Pair, both: Layout) -> list[Finding]:
    """Names that stand in no list."""
    if pair.sealed.language == "en":
        return _capitals(pair, both)
    if pair.heard.language == "en":
        return _torn(pair, both) + _no_words(pair, both)
    return _alike_scripts(pair, both)


def _capitals(pair: Pair, both: Layout) -> list[Finding]:
    """Capitalised words of a sealed English text that nothing heard says, by meaning or by sound."""
    met = {word.at for word in both.sealed if word.met and not _is_torn_off(pair, both, word)}
    return [
        pair.finding("name", (at, at + 1), None, certain=False)
        for at, token in enumerate(pair.sealed.tokens)
        if (token.is_name or is_unknown(token, "en"))
        and not token.is_code
        and not token.tag
        and len(token.text) > 2
        and at not in pair.numbers.sealed_used
        and at not in met
        and not _sounds(token, pair.line, _taken(both.heard, at))
        and not _joined(pair.sealed.tokens, at, pair.line)
    ]


def _is_torn_off(pair: Pair, both: Layout, word: Word) -> bool:
    """Whether one word of a name of several meets something far from the others by its meaning: Orion Trader and a
    trader, where the ship is now called otherwise."""
    tokens = pair.sealed.tokens
    if not word.token.is_name or word.partner < 0 or may_be_one(word.token.text, pair.line[word.partner].text):
        return False
    beside = [at for at in (word.at - 1, word.at + 1) if 0 <= at < len(tokens) and tokens[at].is_name]
    partners = {one.at: one.partner for one in both.sealed if one.partner >= 0}
    places = [partners[at] for at in beside if at in partners]
    return bool(places) and all(abs(place - word.partner) > _NAME_REACH for place in places)


_NAME_REACH = 3
"""Words that may lie between two words of one name."""


def _no_words(pair: Pair, both: Layout) -> list[Finding]:
    """Words of a heard English text that stand in no dictionary and that nothing sealed sounds like."""
    return [
        pair.finding("name", None, (at, at + 1), certain=False)
        for at, token in enumerate(pair.line)
        if is_unknown(token, "en")
        and at not in pair.numbers.heard_used
        and not _sounds(token, pair.sealed.tokens, _taken(both.sealed, at))
        and not _joined(pair.line, at, pair.sealed.tokens)
    ]


_EZAFE = ("e", "i", "ye", "el", "al", "ul")
"""Words between two halves of a name that another script joins or leaves out."""


def _joined(tokens: Sequence[Token], at: int, others: Sequence[Token]) -> bool:
    """Whether the other text writes the name and its neighbour as one word, or the name as two words."""
    texts = [token.text for token in tokens[max(0, at - 2) : at + 3]]
    pairs = [one + other for one, other in pairwise(token.text for token in tokens[max(0, at - 1) : at + 2])]
    # Pol-e Dokhtar: پلدختر
    pairs += [one + other for one, link, other in zip(texts, texts[1:], texts[2:], strict=False) if link in _EZAFE]
    wholes = [form for token in others if not token.is_light for form in _spellings(token)]
    open_words = [not token.is_light and token.tag in ("", "name") for token in others]
    parts = [one.text + other.text for at, (one, other) in enumerate(pairwise(others)) if all(open_words[at : at + 2])]
    said = [token.text for token in others]
    parts += [one + other for one, link, other in zip(said, said[1:], said[2:], strict=False) if link in _EZAFE]
    name = tokens[at].text
    return any(
        firm_sounds(one) >= 3 and distance(one, other) == 0 and not vowels_differ(one, other)
        for mine, there in ((pairs, wholes), ([name], parts))
        for one in mine
        for other in there
    )


def _torn(pair: Pair, both: Layout) -> list[Finding]:
    """Sealed words beside one that was heard by its sound, or after a title, which nothing heard says."""
    found: list[Finding] = []
    tokens, language = pair.sealed.tokens, pair.sealed.language
    met = {word.at for word in both.sealed if word.met}
    english = tuple(token for token in pair.line if len(token.text) > 2 and not token.is_light)
    open_words = [is_unknown(token, language) and at not in pair.numbers.sealed_used for at, token in enumerate(tokens)]
    heard = [
        is_open and firm_sounds(token.text) > 1 and _sounds(token, english)
        for is_open, token in zip(open_words, tokens, strict=True)
    ]
    for at, is_open in enumerate(open_words):
        if not is_open or heard[at] or at in met or _sounds(tokens[at], english) or _joined(tokens, at, pair.line):
            continue
        beside = [near for near in (at - 1, at + 1) if 0 <= near < len(tokens) and heard[near]]
        if (beside or is_titled(tokens, at, language)) and not _is_verb(tokens[at], language):
            found.append(pair.finding("name", (at, at + 1), None, certain=False))
    return found


def _is_verb(token: Token, language: str) -> bool:
    return language == "ar" and token.text[0] in "یتنس"


def _alike_scripts(pair: Pair, both: Layout) -> list[Finding]:
    """Persian and Arabic names: unknown words after a title that are not written alike."""
    ours = [w for w in both.sealed if _is_lonely_name(w, pair.sealed.tokens, pair.sealed.language, pair.line)]
    theirs = [w for w in both.heard if _is_lonely_name(w, pair.line, pair.heard.language, pair.sealed.tokens)]
    found: list[Finding] = []
    for mine in ours:
        other = next((word for word in theirs if word.segment == mine.token.sentence), None)
        place = (other.at, other.at + 1) if other else None
        if other:
            theirs.remove(other)
        found.append(pair.finding("name", (mine.at, mine.at + 1), place, certain=False))
    found.extend(pair.finding("name", None, (word.at, word.at + 1), certain=False) for word in theirs)
    return found


def _is_lonely_name(word: Word, tokens: Sequence[Token], language: str, others: Sequence[Token]) -> bool:
    if (word.met and word.concepts) or word.token.tag:
        return False
    if not is_unknown(word.token, language) or is_ordinary(word.token, language):
        return False
    if (language == "ar" and _VERB.match(word.token.text)) or _joined(tokens, word.at, others):
        return False
    mine = [form for form in _spellings(word.token) if len(form) > 2]
    return not any(_written_alike(form, other) for token in others for other in _spellings(token) for form in mine)


@lru_cache(maxsize=65536)
def _written_alike(one: str, other: str) -> bool:
    if len(other) < 3 or abs(len(one) - len(other)) > 2:
        return False
    if distance(one, other) == 0:
        return not vowels_differ(one, other)
    return SequenceMatcher(None, one, other).ratio() >= ALIKE and firm_sounds(one) >= LONG and distance(one, other) == 1


ALIKE = 0.75
"""Share of letters in common from which two words in one script may write one name."""
_VERB = re.compile(fold("[يت]....|س[يتنأ]..."))
"""Arabic words that are likelier verbs than names."""
LONG = 5
"""Consonants of a name from which one may differ."""


def is_titled(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Whether a word that introduces names stands right before."""
    if at > 1 and tokens[at - 1].text in _OURS:
        at -= 1
    before = tokens[at - 1].text.split(" ")[-1] if at > 0 else ""
    titles = TITLES.get(language, frozenset())
    if before in titles or language != "ar":
        return before in titles
    return before.endswith(_OWNED) and any(f"ال{form}" in titles for form in lemmas(before, language))


_OURS = frozenset((fold("ما"), fold("شما")))
_OWNED = (fold("نا"), fold("كم"))
