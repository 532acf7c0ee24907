"""Whether two spellings in different scripts may be one name, by their consonants.

It proves nothing: short names may agree by chance, so a match settles a slot and a mismatch only raises it.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

Sound = tuple[str, bool]
"""A consonant, and whether it may be left out (vowel letters, silent ones)."""

# Sounds that the scripts write differently fall together: k and g, b and p, s, sh and z. Where a letter has two sounds
# (ث is s in Persian, th in Arabic; ج writes a foreign g), either will do.
_ARABIC: dict[str, Sound] = {
    "ب": ("b", False), "پ": ("b", False), "ت": ("t", False), "ط": ("t", False), "ث": ("ts", False), "ج": ("jk", False),
    "چ": ("js", False), "ح": ("h", False), "خ": ("k", False), "د": ("t", False), "ذ": ("ts", False), "ر": ("r", False),
    "ز": ("s", False), "ژ": ("js", False), "س": ("s", False), "ش": ("s", False), "ص": ("s", False), "ض": ("ts", False),
    "ظ": ("ts", False), "غ": ("k", False), "ف": ("fv", False), "ق": ("k", False), "ک": ("k", False), "گ": ("jk", False),
    "ل": ("l", False), "م": ("m", False), "ن": ("n", False), "ه": ("h", False), "و": ("v", True), "ی": ("y", True),
    "ع": ("a", True), "ا": ("a", True), "ڤ": ("v", False),
}  # fmt: skip
_LATIN: dict[str, str] = {
    "b": "b", "p": "b", "t": "t", "d": "t", "j": "j", "k": "k", "q": "k", "g": "k", "c": "k", "r": "r", "z": "s",
    "s": "s",
    "ç": "jk",  # g before e and i: either
    "f": "f", "l": "l", "m": "m", "n": "n", "v": "v", "w": "v", "x": "ks", "h": "h",
}  # fmt: skip
_PAIRS = {
    "ght": "t",
    "tch": "j", "ch": "j", "sh": "s", "kh": "k", "gh": "k", "th": "t", "dh": "t", "zh": "j", "ph": "f", "ck": "k",
    "ts": "s",
    "ce": "se", "ci": "si", "cy": "si", "ge": "çe", "gi": "çi",
}  # fmt: skip
_CLUSTERS = {"تش": "چ", "کس": "کس"}
_OPTIONAL = frozenset("aeiouyw")


@lru_cache(maxsize=8192)
def sounds(word: str) -> tuple[Sound, ...]:
    """Consonants of a folded word in either script, doubled ones once."""
    line = _latin(word) if word.isascii() else _arabic(word)
    return tuple(sound for at, sound in enumerate(line) if at == 0 or line[at - 1][0] != sound[0])


def _latin(word: str) -> list[Sound]:
    for pair, sound in _PAIRS.items():
        word = word.replace(pair, sound)
    found: list[Sound] = []
    for at, letter in enumerate(word):
        if letter in _OPTIONAL:
            found.append(({"w": "v", "y": "y", "o": "v", "u": "v"}.get(letter, "a"), True))
        else:
            last = at == len(word) - 1
            silent = (letter == "h" and at > 0 and (last or word[at - 1] not in "aeiou")) or (letter == "x" and last)
            sound = _LATIN.get(letter, "")
            found.extend((part, silent) for part in ((sound,) if letter == "ç" else sound) if part)
    return found


def _arabic(word: str) -> list[Sound]:
    for cluster, letter in _CLUSTERS.items():
        word = word.replace(cluster, letter)
    last = len(word) - 1
    return [
        (sound, optional or (at == last and sound == "h"))
        for at, letter in enumerate(word)
        for sound, optional in (_ARABIC.get(letter, ("", True)),)
        if sound
    ]


@lru_cache(maxsize=16384)
def distance(one: str, other: str) -> int:
    """Consonants of the one that the other does not have in this order, and the other way round."""
    first, second = sounds(one), sounds(other)
    row = [0]
    for _, optional in second:
        row.append(row[-1] + (0 if optional else 1))
    for symbol, optional in first:
        before, row = row, [row[0] + (0 if optional else 1)]
        for at, (also, also_optional) in enumerate(second, 1):
            same = before[at - 1] + (0 if set(symbol) & set(also) else 1)
            row.append(min(same, before[at] + (not optional), row[at - 1] + (not also_optional)))
    return row[-1]


def firm_sounds(word: str) -> int:
    """Consonants that cannot be left out."""
    return sum(not optional for _, optional in sounds(word))


def may_be_one(one: str, other: str) -> bool:
    """Whether two folded words may write one name."""
    firm = min(firm_sounds(one), firm_sounds(other))
    if firm > 0 and distance(one, other) <= (1 if firm >= 5 else 0):
        return True
    if firm == 0 and one.isascii() != other.isascii() and min(len(one), len(other)) >= _WHOLE:
        return firm_sounds(one) + firm_sounds(other) > 0 and distance(one, other) == 0  # wave, ویو
    apart = next((_apart(word) for word in (one, other) if word.isascii() and _apart(word) != word), "")
    return firm > 1 and bool(apart) and distance(apart, other if one.isascii() else one) == 0


_WHOLE = 3
"""Letters of a word of vowel letters alone that may be a name."""


def _apart(word: str) -> str:
    """The word with dh, th and sh read as two sounds: Madha."""
    return word.replace("dh", "d-h").replace("th", "t-h").replace("sh", "s-h")


@lru_cache(maxsize=16384)
def vowels_differ(one: str, other: str) -> bool:
    """Whether two folded words with the same consonants cannot be one name for a vowel that both write: Jamil and
    Jamal, Aziz and Azizi. Short vowels, which Arabic letters leave out, tell nothing."""
    first, second = _slots(one), _slots(other)
    if len(first[0]) != len(second[0]) or not all(set(a) & set(b) for a, b in zip(first[0], second[0], strict=True)):
        return False
    inner = zip(first[1][1:-1], second[1][1:-1], strict=True)
    if any(a and b and not a & b for a, b in inner):
        return True
    last, its = first[1][-1], second[1][-1]
    if last and its:
        return not last & its
    return bool(first[0]) and last | its in (_MARKED, _MARKED | frozenset("A"))


_VOWELS = {"a": "A", "e": "AI", "i": "I", "y": "I", "o": "OA", "u": "O", "w": "O", "ا": "A", "و": "O", "ی": "I"}
"""Which of three long vowels a letter may write."""
_ANY, _MARKED = frozenset("AIO"), frozenset("I")


def _slots(word: str) -> tuple[list[str], list[frozenset[str]]]:
    """The consonants of a word, and the vowels before, between and after them."""
    letters = word
    if word.isascii():
        for pair, sound in _PAIRS.items():
            letters = letters.replace(pair, sound)
    else:
        for cluster, letter in _CLUSTERS.items():
            letters = letters.replace(cluster, letter)
    consonants: list[str] = []
    slots = [""]
    for at, letter in enumerate(letters):
        if letter in _VOWELS or letter == "ع":
            slots[-1] += letter
            continue
        last = at == len(letters) - 1
        if letter in "hه" and (last or (letter == "h" and letters[at + 1] not in _VOWELS)):
            slots[-1] += "h"
            continue
        for sound in (_LATIN.get(letter, "") if word.isascii() else _ARABIC.get(letter, ("", True))[0],):
            if sound and (slots[-1] or not consonants or consonants[-1] != sound):
                consonants.append(sound)
                slots.append("")
    inner = [
        _written("ae" if slot == "a" and after.startswith("e") else slot)  # trader: تریدر
        for slot, after in pairwise(slots)
    ]
    return consonants, [*inner, _written(slots[-1], last=True)]


def _written(slot: str, *, last: bool = False) -> frozenset[str]:
    if "ع" in slot or "h" in slot or (last and slot == "e"):
        return _ANY
    if slot in ("ee", "oo"):
        return frozenset("I" if slot == "ee" else "O")
    found = frozenset(vowel for letter in slot for vowel in _VOWELS[letter])
    return found | frozenset("A") if last and slot.endswith("ی") else found  # موسى
