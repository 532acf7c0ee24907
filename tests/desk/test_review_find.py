"""What is looked for is found in every spelling of it, as whole words, and nothing else is marked."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.text import words
from bridge.desk.review_find import PHRASES_LIMIT, SHOWN, hits, indexed, is_exact, parse, snippet

pytestmark = pytest.mark.pure

LATIN, EASTERN, ARABIC = "0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"
LETTERS = {"ی": "يىی", "ک": "كک", "ا": "اأإآ", "ه": "هة"}
MARKS = "\u064b\u064e\u0650\u0651\u0652\u0640"


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("speed", "Speed, 9 knots", "Speed,"),
        ("9", "سرعت ۹ گره", "۹"),
        ("١٢", "keep 12 miles", "12"),
        ("۱۲", "بسرعة ١٢ عقدة", "١٢"),
        ("الي الجنوب", "إلى الجَنُوب", "إلى الجَنُوب"),
        ("مدینه", "مدينة", "مدينة"),
        ("كشتي", "کشتی ما", "کشتی"),
        ("نمی شوند", "وارد نمی‌شوند.", "نمی‌شوند."),
        ("نمی‌شوند", "وارد نمی شوند.", "نمی شوند."),
        ("مـــرحبا", "مرحبا بكم", "مرحبا"),
        ("25-34.5n", "at 25-34.5N 056-12.3E", "25-34.5N"),
        ('"nine knots"', "nine vessels, nine knots", "nine knots"),
        ("nots", "nine knots", "knots"),
    ],
)
def test_every_spelling_is_found(query: str, text: str, marked: str) -> None:
    """In three languages and three digit sets; what is marked are whole words as they were written."""
    found = hits(parse(query), text)
    assert " ".join(text.split()[at] for at in sorted(found)) == marked


def test_whole_words_go_before_parts() -> None:
    """A part of a word is marked only where the word itself does not stand."""
    assert hits(parse("knot"), "knots and a knot") == {3}
    assert hits(parse("knot"), "knots and knotted") == {0, 2}
    assert hits(parse("vessel"), "no such word") == set()


@pytest.mark.parametrize("query", ["", "  ", "…", '"', "«»", "- -"])
def test_nothing_to_look_for(query: str) -> None:
    assert parse(query) == ()


def test_a_query_has_an_end() -> None:
    assert len(parse("a " * 90)) == PHRASES_LIMIT


def test_letter_for_letter() -> None:
    """Exact is what was typed, but for capitals and signs around it; another letter of the same word is not."""
    assert is_exact(parse("speed 9"), "At 9, SPEED.")
    assert not is_exact(parse("9"), "سرعت ۹")
    assert not is_exact(parse("كشتي"), "کشتی")
    assert is_exact(parse('"nine knots"'), "Nine knots.") and not is_exact(parse('"nine knots"'), "nine, ten knots")


def test_the_words_around_a_hit() -> None:
    """The first hit with some words before it; what is cut is said."""
    text = " ".join(f"w{n}" for n in range(100))
    found = snippet(text, {50, 51, 90})
    assert (found["cut_before"], found["cut_after"]) == (True, True)
    assert found["pieces"] == [
        {"text": "w42 w43 w44 w45 w46 w47 w48 w49", "hit": False},
        {"text": "w50 w51", "hit": True},
        {"text": " ".join(f"w{n}" for n in range(52, 42 + SHOWN)), "hit": False},
    ]
    assert snippet("nine knots", {0}) == {
        "cut_before": False,
        "cut_after": False,
        "pieces": [{"text": "nine", "hit": True}, {"text": "knots", "hit": False}],
    }


ALPHABET = st.sampled_from([*"ابتسکیهرمن", *"abcxyz", *LATIN])
WORD = st.text(ALPHABET, min_size=1, max_size=8)


@st.composite
def spelling(draw: st.DrawFn, word: str) -> str:
    """Another way to write the same word."""
    found = ""
    for letter in word:
        if letter in LETTERS:
            found += draw(st.sampled_from(LETTERS[letter]))
        elif letter.isdigit():
            found += draw(st.sampled_from((LATIN, EASTERN, ARABIC)))[int(letter)]
        else:
            found += draw(st.sampled_from((letter, letter.upper())))
        if "\u0600" < letter:
            found += draw(st.sampled_from(("", "", *MARKS)))
    return unicodedata.normalize(draw(st.sampled_from(("NFC", "NFD"))), found)


@given(st.data(), st.lists(WORD, min_size=1, max_size=12))
def test_any_spelling_finds_any_spelling(data: st.DataObject, written: list[str]) -> None:
    """Whichever word is looked for, in whichever spelling: it is marked, and what is indexed of it is the same."""
    wanted = data.draw(st.sampled_from(written))
    text = " ".join(data.draw(spelling(word)) for word in written)
    query = data.draw(spelling(wanted))
    marked = hits(parse(query), text)
    assert {at for at, word in enumerate(written) if word == wanted} <= marked
    assert words(query) == words(wanted)
    assert indexed(text)[0].split() == [one for word in written for one in words(word)]


@given(st.text(max_size=60), st.text(max_size=200))
def test_no_text_breaks_it(query: str, text: str) -> None:
    """Whatever is typed and whatever was said: marks lie within the text, and the snippet is made of its words."""
    found = hits(parse(query), text)
    pieces = text.split()
    assert all(0 <= at < len(pieces) for at in found)
    shown = snippet(text, found)["pieces"]
    assert isinstance(shown, list)
    said = " ".join(str(one["text"]) for one in shown if isinstance(one, dict))
    assert said in " ".join(pieces)
