"""English words as they are said, so that two engines that write numbers differently can be compared.

"94821" and "nine four eight two one" are the same speech; without this a checker that writes digits would mark every
number that was heard right. For comparing only, and only for what engines write: what a number means, positions and
times are the relay's business.
"""

from __future__ import annotations

import re

from bridge.base.text import words as folded_words

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_WRITTEN = {
    "mr": "mister",
    "mrs": "missus",
    "dr": "doctor",
    "1st": "first",
    "2nd": "second",
    "3rd": "third",
    "20th": "twentieth",
}
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
LONGEST_NUMBER_DIGITS = 3
"""Digits that are read as one number; longer rows are digit strings (telephone, serial, position)."""


def said(written: str) -> list[str]:
    """Folded words of a written word or text: "25" is "twenty five", "whole-number" is two words, "--" is none."""
    words: list[str] = []
    for word in folded_words(_THOUSANDS.sub("", written)):
        if word.isdecimal() and word.isascii():
            words += _number(word)
        else:
            words.append(_WRITTEN.get(word, word))
    return words


def _number(digits: str) -> list[str]:
    if len(digits) > LONGEST_NUMBER_DIGITS or (digits[0] == "0" and len(digits) > 1):
        return [_ONES[int(digit)] for digit in digits]
    value = int(digits)
    if value >= 100:
        return [_ONES[value // 100], "hundred", *(_number(str(value % 100)) if value % 100 else [])]
    if value < 20:
        return [_ONES[value]]
    return [_TENS[value // 10], *([_ONES[value % 10]] if value % 10 else [])]
