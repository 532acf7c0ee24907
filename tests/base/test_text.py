"""Folding: spellings of one word become one, and words stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.text import fold, fold_digits, words

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("۱۲۳۴۵۶۷۸۹۰", "1234567890"),
        ("١٢٣٤٥٦٧٨٩٠", "1234567890"),
        ("كشتي", "کشتی"),
        ("می‌رود", "میرود"),
        ("سَرْعَة", "سرعه"),
        ("أحمد إلى آخر", "احمد الی اخر"),
        ("مؤمن رئيس", "مومن رییس"),
        ("ســـفينة", "سفینه"),
        ("Café", "cafe"),
        ("ＳＩＸ", "six"),
        ("don’t", "don't"),
        ("\u200f12\u200e", "12"),
        ("  two\tvessels \n", "two vessels"),
        ("۳٫۵", "3.5"),
    ],
)
def test_spellings_of_one_word(one: str, other: str) -> None:
    """Digits, letters of two keyboards, joiners, vowel marks, width, case and space."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("9", "19"), ("not", "now"), ("سرتیپ", "سرتیپ دوم"), ("a b", "ab")])
def test_different_words_stay_different(one: str, other: str) -> None:
    """Folding never makes one word of two, or another word."""
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """The folded form is its own folded form."""
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(codec="ascii")))
def test_plain_letters_fold_as_all_others(text: str) -> None:
    """The short way for ASCII gives what the long one does."""
    assert fold(text) == fold(text + " ۱").removesuffix("1").rstrip(" ")


def test_marks_go_wherever_they_stand() -> None:
    """Of every alphabet, also of one that is met seldom."""
    assert fold("a\u0301\u05b4b 𑀓𑁆") == "ab 𑀓"


def test_digits_alone() -> None:
    """Only digits change."""
    assert fold_digits("Ab ۱٢3 ي") == "Ab 123 ي"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two vessels, at 25°34.5'N!", ["two", "vessels", "at", "25", "34", "5'n"]),
        ("'quoted' don't", ["quoted", "don't"]),
        ("— … '", []),
        ("دو شناور، سرعت ۹", ["دو", "شناور", "سرعت", "9"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    """Folded, without punctuation; an apostrophe inside a word stays."""
    assert words(text) == expected
