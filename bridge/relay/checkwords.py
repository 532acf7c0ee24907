"""Turns a digest into a few words that a person can say, and judges whether a list of words is fit for that.

Five words are taken from a list whose length is a power of two: 50 bits of the digest with 1024 words, 45 bits with
512. A change made at random keeps all five with a probability of 2**-50 or 2**-45, below the 2**-40 asked for.

It does not guard against somebody who computes for hours: what can be said is never long enough for that. The full
digest in the ledgers of both stations is.

A list is fit for a telephone if no two of its words are one letter apart (a letter more, less, other, or two
neighbours swapped) and no two have the same `sound`: the consonants as a narrow band and a foreign ear leave them,
with the first letter. The Arabic and Persian lists have passed the same code but NOT YET NATIVE EARS; each file says so
in its first line.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable
from importlib import resources

from bridge.base.errors import Ours, Theirs

COUNT = 5
"""Words said for one digest."""
NEEDED_BITS = 40
LIST_LANGUAGES = ("en", "ar", "fa")

_ENGLISH = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(?:kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^ps", "s"),
        (r"^x", "s"),
        (r"^wh", "w"),
        (r"t?ch", "C"),
        (r"sh|sch|[st]i(?=[ao])", "S"),
        (r"th", "T"),
        (r"ph|v", "f"),
        (r"gh(?![aeiou])", ""),
        (r"dg(?=[eiy])|j|g(?=[eiy])", "J"),
        (r"c(?=[eiy])|z", "s"),
        (r"ck|c|q", "k"),
        (r"x", "ks"),
        (r"mb$", "m"),
        (r"(?<=.)[aeiouhwy]", ""),
        (r"^[aeiou]", "A"),
    )
]
"""Spelling to sound, in this order. Coarser than Metaphone (Philips 1990): v is f, z is s, any first vowel is one."""
_ARABIC = {**dict.fromkeys("اأإآٱىءع", "ا"), "ة": "ه", "ح": "ه", "ؤ": "و", "ئ": "ي"}
_ARABIC |= {"ط": "ت", "ص": "س", "ث": "س", "ظ": "ز", "ذ": "ز", "ض": "د", "ق": "ك"}
_PERSIAN = {**dict.fromkeys("اأإآعءٔ", "ا"), "ح": "ه", "ة": "ه", "ؤ": "و", "ئ": "ی", "ي": "ی", "ك": "ک", "\u200c": ""}
_PERSIAN |= {"ط": "ت", "ص": "س", "ث": "س", "ظ": "ز", "ذ": "ز", "ض": "ز", "ق": "غ"}
_FOLDED = {"ar": str.maketrans(_ARABIC), "fa": str.maketrans(_PERSIAN)}
_DOUBLED = re.compile(r"(.)\1+")


class CheckWordsError(Theirs):
    """A word that is in no list, or a language without a list."""

    code = "check-words"


class WordListError(Ours):
    """A shipped list is not fit: wrong length, or two words that can be mistaken for each other."""

    code = "word-list"


@functools.cache
def word_list(language: str) -> tuple[str, ...]:
    """The list of one language, in its fixed order. A published list is never changed: old slips must stay readable.

    Raises:
        CheckWordsError: there is no list in that language.
        WordListError: its length is no power of two or gives fewer than `NEEDED_BITS` bits.
    """
    if language not in LIST_LANGUAGES:
        raise CheckWordsError(f"no check words in {language!r}, expected one of {', '.join(LIST_LANGUAGES)}")
    text = resources.files(__package__).joinpath("words", f"{language}.txt").read_text(encoding="utf-8")
    found = tuple(line for line in text.split("\n") if line and not line.startswith("#"))
    require_size(len(found))
    return found


def require_size(size: int) -> None:
    """Pass the length of a list that gives whole bits, and enough of them.

    Raises:
        WordListError: another length.
    """
    if size & (size - 1) or bits_per_word(size) * COUNT < NEEDED_BITS:
        raise WordListError(f"{size} words, expected a power of two and {NEEDED_BITS} bits in {COUNT}")


def bits_per_word(size: int) -> int:
    return size.bit_length() - 1


def words_of(digest: bytes, language: str, count: int = COUNT) -> tuple[str, ...]:
    """The first `count` words of a digest, from its first bit on.

    Raises:
        CheckWordsError: there is no list in that language.
    """
    words = word_list(language)
    bits = bits_per_word(len(words))
    number = int.from_bytes(digest, "big")
    top = len(digest) * 8
    return tuple(words[number >> (top - bits * (at + 1)) & (len(words) - 1)] for at in range(count))


def nearest(heard: str, language: str) -> str | None:
    """The one listed word that `heard` can have been meant for, by letters or by sound; None if none or several.

    For showing an operator what a mistyped word may be; it is never taken for the word.
    """
    words = word_list(language)
    wanted = heard.casefold()
    if wanted in words:
        return wanted
    close = [word for word in words if is_one_letter_apart(wanted, word)]
    close = close or [word for word in words if sound(word, language) == sound(wanted, language)]
    return close[0] if len(close) == 1 else None


def sound(word: str, language: str) -> str:
    """What is left of a word on a bad telephone; equal for words that must not stand in one list."""
    if language != "en":
        kept = word.translate(_FOLDED.get(language, {}))
        # Long vowels inside a word are written but carry little over a narrow band; the first letter always counts.
        return _DOUBLED.sub(r"\1", kept[:1] + re.sub("[اويی]", "", kept[1:]))
    for pattern, becomes in _ENGLISH:
        word = pattern.sub(becomes, word)
    return _DOUBLED.sub(r"\1", word)


def is_one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two neighbours swapped, makes one word the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    return one[at + 1 :] == other[at + 1 :] or (
        one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    )


def confusable(words: Iterable[str], language: str) -> list[tuple[str, str]]:
    """All pairs that must not stand in one list, in order. Two equal words are a pair."""
    rooms: dict[str, list[int]] = {}
    listed = list(words)
    for at, word in enumerate(listed):
        # Words one letter apart share what is left when one letter goes; that saves comparing all with all.
        for room in {f"= {sound(word, language)}", word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}:
            rooms.setdefault(room, []).append(at)
    near = {pair for room in rooms.values() for pair in itertools.combinations(room, 2)}
    pairs = [(listed[one], listed[other]) for one, other in sorted(near)]
    return [(one, other) for one, other in pairs if one == other or _is_alike(one, other, language)]


def _is_alike(one: str, other: str, language: str) -> bool:
    return sound(one, language) == sound(other, language) or is_one_letter_apart(one, other)


def select(candidates: Iterable[str], language: str) -> list[str]:
    """Candidates in their order without those that can be mistaken for an earlier one. This made the shipped lists."""
    kept: list[str] = []
    sounds: set[str] = set()
    for word in candidates:
        key = sound(word, language)
        if key not in sounds and not any(is_one_letter_apart(word, other) for other in kept):
            kept.append(word)
            sounds.add(key)
    return kept
