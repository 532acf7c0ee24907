"""How alike two words of one language sound, and which letters an ear cannot tell apart.

It knows letters only, no words and no meanings.
"""

from __future__ import annotations

import re
from functools import lru_cache

SAME_SOUND = 0.9
"""`sounds_alike` from here on: no ear tells the words apart."""
_SOUNDS: dict[str, dict[int, str] | dict[int, int]] = {
    "en": str.maketrans(
        {"c": "k", "q": "k", "z": "s", "v": "f", "d": "t", "b": "p", "g": "k", "j": "k", "m": "n", "x": "k"}
    ),
    "fa": str.maketrans("ثصذضظطغح", "سسزززتقه"),
    "ar": str.maketrans("ثصذضظطغ", "سسدددتق"),
}
SPOKEN: dict[str, dict[int, int]] = {
    "en": {},
    "fa": str.maketrans("ثصذضظطغحع", "سسزززتقها"),
    "ar": str.maketrans("ثصذظطى", "سسزضتی"),
}
"""Letters that sound alike in the language: words equal under them sound the same."""
_SILENT = {"en": "aeiouyhw'", "fa": "اویهع", "ar": "اویهء"}


_SQUEEZED = re.compile(r"(.)\1+|[هایء]+$")


def same_sound(one: str, other: str, language: str) -> bool:
    """Whether no ear tells the words apart; in English vowels count for little."""
    if spoken(one, language) == spoken(other, language):
        return True
    if language == "en":
        return sounds_alike(one, other, language) >= SAME_SOUND
    return min(len(one), len(other)) > 3 and _squeezed(one, language) == _squeezed(other, language)


def _squeezed(word: str, language: str) -> str:
    """Without doubled letters and the weak ones at the end."""
    return _SQUEEZED.sub(lambda match: match[1] or "", spoken(word, language))


def spoken(word: str, language: str) -> str:
    """The word with one letter for each sound."""
    return word.translate(SPOKEN[language])


@lru_cache(maxsize=65536)
def sounds_alike(one: str, other: str, language: str) -> float:
    """0 to 1; 1 for words that sound the same to a recogniser."""
    if one == other:
        return 1.0
    if one.translate(SPOKEN[language]) == other.translate(SPOKEN[language]):
        return 1.0
    letters = _ratio(one, other)
    if min(len(one), len(other)) < 3:
        return letters if letters > 0.6 else 0.0
    first, second = _skeleton(one, language), _skeleton(other, language)
    if first == second and len(first) >= 2 and letters >= 0.6 and _open_end(one) == _open_end(other):
        return max(0.9, letters)
    return min(letters, 0.85)


def _skeleton(word: str, language: str) -> str:
    if language == "en":
        word = word.replace("sh", "ʃ").replace("ch", "ʧ")
    sounds = word.translate(_SOUNDS[language])
    kept = "".join(letter for letter in sounds if letter not in _SILENT[language])
    single = [letter for at, letter in enumerate(kept) if at == 0 or kept[at - 1] != letter]
    return "".join(single)


def _open_end(word: str) -> bool:
    """Whether the word ends in a vowel that is heard: Teymouri, not Teymur."""
    return word[-1] in "aiouy"


def _ratio(one: str, other: str) -> float:
    longest = max(len(one), len(other))
    if abs(len(one) - len(other)) * 2 > longest:
        return 0.0
    return 1.0 - edits(one, other) / longest


def edits(one: str, other: str) -> int:
    """Fewest insertions, deletions, changes and swaps of neighbours."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before = before, row
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
