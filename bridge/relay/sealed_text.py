"""Which characters and spaces a sealed text may have, so that what looks the same is the same.

`compose` helps before the seal: it turns what a keyboard, a recogniser or a copied text brings into the narrow form,
and its result is what is read back. `require` judges and changes nothing; it is used on everything sealed or carried.

    letters      a-z A-Z; in Arabic and Persian text also the letters of that language
    digits       0-9 only: 1 and the two local ones look alike to half of the readers and different to the rest
    punctuation  . , ; : ? ! ' " ( ) - / + % & = @ and the degree sign; in ar and fa also their comma, semicolon,
                 question mark and angle quotes
    space        exactly one between two words, none at the ends, nothing else that is blank
    joiner       in Persian, U+200C only between two letters of which the first would join: elsewhere nobody sees it

Letters that look alike in Arabic and Persian (ye, kaf) are allowed in one language each. Direction marks, overrides,
controls and presentation forms are refused: they are invisible and can turn a number round.
"""

from __future__ import annotations

import re
import string
import unicodedata

from bridge.base.errors import Theirs
from bridge.base.text import fold_digits

NOT_STATED = "NOT STATED"
TEXT_LIMIT = 6000
"""Characters of a message: far above 200 words, and at most nine QR symbols."""
VALUE_LIMIT = 80
"""Characters of one header value."""
WORD_LIMIT = 56
"""Characters of one word: it must fit on a line of the slip."""

_LATIN = frozenset(string.ascii_letters + string.digits + " .,;:?!'\"()-/+%&=@°")
_SHARED = frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقلمنهوپچژگ،؛؟«»")
_MARKS = frozenset("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652")
_HAMZA_ABOVE = "\u0654"
ZWNJ = "\u200c"
_ALLOWED = {
    "en": _LATIN,
    "ar": _LATIN | _SHARED | _MARKS | frozenset("يىك"),
    "fa": _LATIN | _SHARED | _MARKS | frozenset("یک" + _HAMZA_ABOVE + ZWNJ),
}
_FOREIGN = {language: re.compile(f"[^{re.escape(''.join(sorted(kept)))}]") for language, kept in _ALLOWED.items()}
_BLANKS = re.compile(r"\A | \Z|  ")
_INVISIBLE = re.compile(f"[{''.join(sorted(_MARKS))}{_HAMZA_ABOVE}{ZWNJ}]")
"""Signs that need a letter beside them."""
_JOINING = frozenset("ئبتثجحخسشصضطظعغفقلمنهپچگیک")
_QUOTES = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"}
_ANY = str.maketrans({**_QUOTES, "º": "°", "ـ": "", "٫": ".", "٬": ","})
_COMPOSED = {
    "en": str.maketrans({}),
    "ar": str.maketrans({"ی": "ي", "ک": "ك", ZWNJ: " "}),
    "fa": str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ۀ": "ه" + _HAMZA_ABOVE, "ە": "ه"}),
}
EXERCISE_MARKS = {
    "en": "EXERCISE EXERCISE EXERCISE",
    "ar": "تمرين تمرين تمرين",
    "fa": "تمرین تمرین تمرین",
}
"""First words of every exercise text, in its own language."""


class TextError(Theirs):
    """A text or value that may not be sealed or carried. `at` is the index of the first offending character."""

    code = "text"

    def __init__(self, what: str, at: int = 0) -> None:
        super().__init__(what)
        self.at = at


def languages() -> tuple[str, ...]:
    return tuple(_ALLOWED)


def alphabet(language: str) -> str:
    """Every character that may stand in a text of the language, sorted.

    Raises:
        TextError: no such language.
    """
    if language not in _ALLOWED:
        raise TextError(f"language {language[:8]!r}, expected one of {', '.join(_ALLOWED)}")
    return "".join(sorted(_ALLOWED[language]))


def compose(raw: str, language: str, exercise: bool = False) -> str:
    """The sealable form of a draft: one digit set, the language's own letters, plain quotes, single spaces.

    The result is shown and read back, so nothing it changes is hidden. It never raises; `require` judges.
    """
    text = unicodedata.normalize("NFC", fold_digits(raw).translate(_ANY).translate(_COMPOSED.get(language, {})))
    text = " ".join(text.split())
    mark = EXERCISE_MARKS.get(language, EXERCISE_MARKS["en"])
    return f"{mark} {text}" if exercise and text and not f"{text} ".startswith(f"{mark} ") else text


def require(text: str, language: str, limit: int = TEXT_LIMIT) -> None:
    """Pass a text that may be sealed.

    Raises:
        TextError: empty, too long, a character or space that is not allowed, or no such language.
    """
    alphabet(language)
    if not 1 <= len(text) <= limit:
        raise TextError(f"{len(text)} characters, expected 1 to {limit}")
    foreign = _FOREIGN[language].search(text)
    if foreign:
        raise TextError(f"character U+{ord(foreign[0]):04X} is not allowed in {language}", foreign.start())
    blank = _BLANKS.search(text)
    if blank:
        raise TextError("a space at an end or two in a row", blank.end() - 1)
    for mark in _INVISIBLE.finditer(text):
        if not _stands_well(text, mark.start()):
            raise TextError(f"mark U+{ord(mark[0]):04X} cannot be seen where it stands", mark.start())
    if unicodedata.normalize("NFC", text) != text:
        raise TextError("marks are not in their normal order (NFC)")
    long = next((word for word in text.split(" ") if len(word) > WORD_LIMIT), None)
    if long:
        raise TextError(f"a word of {len(long)} characters, expected at most {WORD_LIMIT}", text.index(long))


def _stands_well(text: str, at: int) -> bool:
    """Whether a joiner or mark at `at` has the letters beside it that make it visible."""
    here, before = text[at], text[at - 1] if at else " "
    if here == ZWNJ:
        after = text[at + 1] if at + 1 < len(text) else " "
        return before in _JOINING and after.isalpha() and after not in _LATIN
    if here == _HAMZA_ABOVE:
        return before == "ه"
    return (before.isalpha() and before not in _LATIN) or (before in _MARKS and before != here)


def word_count(text: str) -> int:
    return len(text.split())
