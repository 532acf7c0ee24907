"""Which ordinary concepts a word may stand for, found by the word, its forms or its bare consonants.

It knows the concept tables only; facts (numbers, negations, directions) are classes of their own in `tokens`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType, ModuleType

from bridge.base.text import fold
from bridge.relay import tokens_ar, tokens_en, tokens_fa
from bridge.relay.across_lemmas import lemmas
from bridge.relay.tables import LANGUAGES, TABLES
from bridge.relay.tokens import Token

_MODULES: Mapping[str, ModuleType] = {"en": tokens_en, "fa": tokens_fa, "ar": tokens_ar}
_WEAK_AR = frozenset(fold("اويىءة"))
_LEADS_AR = tuple(fold(p) for p in ("است", "مست", "ي", "ت", "ن", "ا", "م"))
_TAILS_AR = tuple(
    fold(s)
    for s in (
        "تموها",
        "تموهم",
        "وها",
        "وهم",
        "هما",
        "ها",
        "هم",
        "وا",
        "ون",
        "ين",
        "ان",
        "ات",
        "نا",
        "كم",
        "تم",
        "ت",
        "ة",
        "ه",
    )
)
_ENDS_FA = tuple(fold(s) for s in ("ندگان", "گان", "یم", "ید", "ند", "ان", "ات", "ها", "های", "م", "د", "ی", "ه"))
_STARTS_FA = tuple(fold(s) for s in ("نمی", "می", "ب", "ن"))


def skeleton_ar(word: str) -> str:
    """The consonants that Arabic inflection leaves alone; too short to trust below three."""
    base = tokens_ar.stem(word)
    for tail in _TAILS_AR:
        if base.endswith(tail) and len(base) - len(tail) >= 3:
            base = base[: -len(tail)]
            break
    for lead in _LEADS_AR:
        if base.startswith(lead) and len(base) - len(lead) >= 3:
            base = base[len(lead) :]
            break
    bare = "".join(letter for letter in base if letter not in _WEAK_AR)
    return bare if len(bare) >= 3 else ""


def root_fa(word: str) -> str:
    """The verb stem without prefix and personal ending."""
    for lead in _STARTS_FA:
        if word.startswith(lead) and len(word) - len(lead) >= 3:
            word = word[len(lead) :]
            break
    for tail in _ENDS_FA:
        if word.endswith(tail) and len(word) - len(tail) >= 3:
            return word[: -len(tail)]
    return word


_ROOTS: Mapping[str, Callable[[str], str]] = {"en": tokens_en.stem, "fa": root_fa, "ar": skeleton_ar}


def _index(language: str) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """Exact words, and stems or roots, to concepts."""
    exact: dict[str, set[str]] = {}
    rough: dict[str, set[str]] = {}
    for way, names in TABLES[language].concepts.items():
        exact.setdefault(way, set()).update(names)
        if " " not in way:
            module = _MODULES[language]
            exact.setdefault(module.stem(way), set()).update(names)
            root = _ROOTS[language](way)
            if len(root) >= 3:
                rough.setdefault(root, set()).update(names)
    return (
        {word: frozenset(names) for word, names in exact.items()},
        {word: frozenset(names) for word, names in rough.items()},
    )


_INDEX = MappingProxyType({language: _index(language) for language in LANGUAGES})


def concepts(token: Token, language: str) -> frozenset[str]:
    """Concepts the token may stand for."""
    return _found(token.text, token.forms, language)


def phrase_concepts(tokens: Sequence[Token], at: int, language: str) -> frozenset[str]:
    """Concepts of a phrase: of two tokens that stand as one in the table, or of the words of a phrase token."""
    exact = _INDEX[language][0]
    token = tokens[at]
    if at + 1 < len(tokens) and f"{token.text} {tokens[at + 1].text}" in exact:
        return exact[f"{token.text} {tokens[at + 1].text}"]
    if (token.tag == "neg" or token.key == "modal:ask") and " " in token.text:
        return frozenset().union(*(exact.get(word, frozenset()) for word in token.text.split(" ")))
    return frozenset()


def _wide(language: str) -> Mapping[str, frozenset[str]]:
    """Words and phrases of the concept table and the glossary together, with their stems."""
    found = {way: set(names) for way, names in _INDEX[language][0].items()}
    for way, names in TABLES[language].glossary.items():
        found.setdefault(way, set()).update(names)
        if " " not in way:
            found.setdefault(_MODULES[language].stem(way), set()).update(names)
    return {way: frozenset(names) for way, names in found.items()}


_WIDE = MappingProxyType({language: _wide(language) for language in LANGUAGES})


def meanings(token: Token, language: str) -> frozenset[str]:
    """Concepts the token may stand for where languages are compared: the glossary's too, by every plausible form."""
    return _meanings(token.text, language)


def word_meanings(word: str, language: str) -> frozenset[str]:
    """Meanings of a folded word that stands in a table as it is."""
    return _WIDE[language].get(word, frozenset())


@lru_cache(maxsize=16384)
def _meanings(text: str, language: str) -> frozenset[str]:
    wide = _WIDE[language]
    found: set[str] = set()
    hits = 0
    for form in lemmas(text, language):
        if form in wide:
            found |= wide[form]
            hits += 1
            if hits == _MOST_FORMS:
                break
    if not found:
        root = _ROOTS[language](text)
        found |= _INDEX[language][1].get(root, frozenset()) if len(root) >= 3 else frozenset()
    return frozenset(found)


_MOST_FORMS = 2
"""Analyses of one word that are taken; more would let any word mean anything."""


def phrase_meanings(tokens: Sequence[Token], at: int, language: str) -> frozenset[str]:
    """Concepts of a phrase of two tokens, or of the words of a phrase token, where languages are compared."""
    if at + 1 < len(tokens):
        found = _WIDE[language].get(f"{tokens[at].text} {tokens[at + 1].text}")
        if found:
            return found
    return phrase_concepts(tokens, at, language)


def is_phrase(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Whether the token and the next one stand in a table as one way to say something."""
    return at + 1 < len(tokens) and f"{tokens[at].text} {tokens[at + 1].text}" in _WIDE[language]


def is_listed_wide(token: Token, language: str) -> bool:
    """Whether a table or the glossary has the word in any plausible form."""
    wide = _WIDE[language]
    least = max(3, len(token.text) * 3 // 5)
    return token.text in wide or any(
        form in wide for form in (*token.forms, *lemmas(token.text, language)) if len(form) >= least
    )


def is_listed(token: Token, language: str) -> bool:
    """Whether a table has the word itself or its stem; a shared root is not enough to call it no name."""
    exact = _INDEX[language][0]
    return any(form in exact for form in (token.text, *token.forms)) or _MODULES[language].stem(token.text) in exact


@lru_cache(maxsize=16384)
def _found(text: str, forms: tuple[str, ...], language: str) -> frozenset[str]:
    exact, rough = _INDEX[language]
    for form in (text, *forms):
        if form in exact:
            return exact[form]
    stem = _MODULES[language].stem(text)
    if stem in exact:
        return exact[stem]
    root = _ROOTS[language](text)
    return rough.get(root, frozenset()) if len(root) >= 3 else frozenset()
