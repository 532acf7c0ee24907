"""Words, numbers and letters of the comparison's texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.pairs import spoken
from bridge.relay.numerals import canonical, letter_spans, spans
from bridge.relay.tokens import read

pytestmark = pytest.mark.pure


def readings(text: str, language: str) -> set[str]:
    """Values that the whole text may have."""
    tokens = read(text, language).tokens
    return {canonical(span.value) for span in spans(tokens, language).get(0, ()) if span.end >= len(tokens) - 1}


@given(st.integers(0, 9999))
def test_every_cardinal_is_read(value: int) -> None:
    """In all three languages, in every form."""
    for language in ("en", "fa", "ar"):
        for words in spoken.cardinal(str(value), language):
            assert str(value) in readings(words, language), (language, words)


@given(st.text("0123456789", min_size=1, max_size=6))
def test_every_digit_string_is_read(value: str) -> None:
    """Digit by digit, with the radio's own digit words."""
    for language in ("en", "fa", "ar"):
        assert canonical(value) in readings(spoken.digits(value, language, icao=True), language)


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_clock_time_is_read(hour: int, minute: int) -> None:
    """As four digits, as pairs, as a clock idiom."""
    value = f"{hour:02d}{minute:02d}"
    for language in ("en", "fa", "ar"):
        for words in spoken.time_forms(value, language):
            wanted = {canonical(value)} | ({canonical(value[:2])} if not minute else set())
            assert wanted & readings(words, language), (language, words)


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=3))
def test_every_spelled_call_sign_is_read(letters: str) -> None:
    """By the spelling alphabet."""
    for language in ("en", "fa", "ar"):
        words = spoken.callsign_forms(letters, "7", language)[0].rsplit(" ", 1)[0]
        found = letter_spans(read(words, language).tokens, language)[0]
        assert letters in {span.value for span in found}, (language, words)


@pytest.mark.parametrize(
    ("text", "language", "keys"),
    [
        ("28 kts", "en", ["28", "unit:kn"]),
        ("24°52'N", "en", ["24", "unit:deg", "52", "unit:min", "dir:n"]),
        ("1,200 metres", "en", ["1200", "unit:m"]),
        ("09:20 Z", "en", ["0920", "zone:zulu"]),
        ("isn't", "en", ["is", "neg:not"]),
        ("Should anything", "en", ["cond:if", "quant:all"]),
        ("لا شيء إلا", "ar", ["neg:not", None, "cond:except"]),
        ("به باور ما", "fa", ["hedge:believe"]),
    ],
)
def test_keys(text: str, language: str, keys: list[str | None]) -> None:
    """Phrases and signs become one token with its class."""
    found = [token.key for token in read(text, language).tokens]
    assert len(found) == len(keys)
    assert all(wanted in (None, key) for key, wanted in zip(found, keys, strict=True)), found


@pytest.mark.parametrize(
    ("word", "language", "mark"), [("نخواهیم", "fa", "neg"), ("قافلتكم", "ar", "you"), ("مدافعنا", "ar", "us")]
)
def test_marks(word: str, language: str, mark: str) -> None:
    """Facts that a word's shape carries."""
    assert mark in read(word, language).tokens[0].marks


def test_names_are_capitals_inside_a_sentence() -> None:
    """The first word of a sentence says nothing."""
    names = [token.text for token in read("Ships of Zandar left. Tugs came.", "en").tokens if token.is_name]
    assert names == ["zandar"]


@given(st.text(max_size=200), st.sampled_from(("en", "fa", "ar")))
def test_any_text_can_be_read(text: str, language: str) -> None:
    """Places lie in the text and in order."""
    found = read(text, language)
    assert all(0 <= token.start < token.end <= len(found.words) for token in found.tokens)
