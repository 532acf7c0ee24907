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


def fold_digits(text: str) -> str:
    """Persian and Arabic-Indic digits as Latin ones; everything else as it is."""
    return text.translate(_DIGITS)


def fold(text: str) -> str:
    """Lower case, one digit set, one form of each letter, no vowel marks, single spaces."""
    plain = unicodedata.normalize("NFKC", text).translate(_DIGITS).translate(_LETTERS).casefold()
    marks_gone = "".join(c for c in unicodedata.normalize("NFD", plain) if unicodedata.category(c) != "Mn")
    return " ".join(unicodedata.normalize("NFC", marks_gone).split())


def words(text: str) -> list[str]:
    """Folded words without punctuation; an apostrophe inside a word stays."""
    kept = "".join(c if c.isalnum() or c in "'" else " " for c in fold(text))
    return [word.strip("'") for word in kept.split() if word.strip("'")]
