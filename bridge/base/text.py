"""Folding of English, Arabic and Persian text so that spellings of one word compare equal.

For comparing and searching only: what a person said or wrote is kept as it is. Folding never joins or splits
words, except that joiners inside a Persian word become nothing. It knows no grammar and no numbers as words
(relay/tokens_*).
"""

from __future__ import annotations

import unicodedata

_DIGITS = {ord(c): str(i % 10) for i, c in enumerate("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩")}
_LETTERS = str.maketrans(
    {
        "ي": "ی",  # Arabic yeh: keyboards of both languages mix the two
        "ى": "ی",  # alef maksura
        "ك": "ک",
        "ة": "ه",
        "ۀ": "ه",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ؤ": "و",
        "ئ": "ی",
        "ـ": "",  # tatweel stretches a word and means nothing
        "\u200c": "",  # zero-width non-joiner
        "\u200d": "",
        "\u200e": "",  # direction marks
        "\u200f": "",
        "٫": ".",
        "٬": ",",
        "’": "'",
        "‘": "'",
    }
)


_PLAIN = {**_DIGITS, **_LETTERS}


_KEPT_BELOW = 0x3000
"""Alphabets end here; whoever sends all of Unicode does not fill the memory with it."""


class _Marks(dict[int, int | None]):
    """Vowel marks to nothing, filled as characters are met: asking for each one's category takes longest of all."""

    def __missing__(self, character: int) -> int | None:
        kept = None if unicodedata.category(chr(character)) == "Mn" else character
        if character < _KEPT_BELOW:
            self[character] = kept
        return kept


_MARKS = _Marks()


def fold_digits(text: str) -> str:
    """Persian and Arabic-Indic digits as Latin ones; everything else as it is."""
    return text.translate(_DIGITS)


def fold(text: str) -> str:
    """Lower case, one digit set, one form of each letter, no vowel marks, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())  # nothing below can change it
    plain = unicodedata.normalize("NFKC", text).translate(_PLAIN).casefold()
    marks_gone = unicodedata.normalize("NFD", plain).translate(_MARKS)
    return " ".join(unicodedata.normalize("NFC", marks_gone).split())


def words(text: str) -> list[str]:
    """Folded words without punctuation; an apostrophe inside a word stays."""
    kept = "".join(c if c.isalnum() or c in "'" else " " for c in fold(text))
    return [word.strip("'") for word in kept.split() if word.strip("'")]
