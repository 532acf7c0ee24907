"""Readings of heard text across languages: what is taken back, and what only looks like it."""

from __future__ import annotations

import pytest

from bridge.relay.across import found_across, readings

pytestmark = pytest.mark.pure


def _said(text: str, language: str) -> list[str]:
    return [" ".join(token.text for token in line) for line in readings(text, language)[1]]


@pytest.mark.parametrize(
    ("language", "heard"),
    [
        ("ar", "العجلة اليسرى لطائرة وزيركم لا تنزل"),
        ("ar", "مصدر الدخان حرق بقايا المحصول لا القصف"),
        ("fa", "دود از سوزاندن کاه و کلش است نه از گلوله باران"),
        ("en", "the smoke is from stubble no shelling was seen"),
    ],
)
def test_a_denial_is_no_slip(language: str, heard: str) -> None:
    """The word for no between ordinary words denies; the likeliest reading takes nothing back."""
    whole = readings(heard, language)[0]
    assert _said(heard, language)[0] == " ".join(token.text for token in whole.tokens)


@pytest.mark.parametrize(
    ("language", "heard", "gone"),
    [
        ("ar", "تحركوا شرقا لا غربا", "شرقا"),
        ("fa", "به سمت شرق نه غرب بروید", "شرق"),
        ("en", "turn to port no starboard", "port"),
        ("ar", "خمسة زوارق تصحيح ستة زوارق", "خمسه"),
    ],
)
def test_like_replaces_like(language: str, heard: str, gone: str) -> None:
    """Directions and numbers said anew: one of the readings is without the first."""
    said = _said(heard, language)
    assert any(gone not in one.split() for one in said)


@pytest.mark.parametrize(
    ("language", "heard"),
    [
        ("en", "it was a slip of the tongue and he meant no insult"),
        ("en", "the list should be changed before noon"),
        ("fa", "اطمینان داریم افسر شما پوزش را بپذیرد"),
    ],
)
def test_what_was_said_stays_a_reading(language: str, heard: str) -> None:
    """A message may speak of slips and excuses itself."""
    whole = readings(heard, language)[0]
    assert " ".join(token.text for token in whole.tokens) in _said(heard, language)


@pytest.mark.parametrize(
    ("language", "heard", "last"),
    [
        ("fa", "پهپاد در ساحل افتاده است", "است"),
        ("fa", "خبرنگار در مراسم نخواهد بود", "بود"),
        ("en", "the crates may go back", "back"),
    ],
)
def test_the_last_verb_is_the_messages_own(language: str, heard: str, last: str) -> None:
    """Words that talk about the line has too are not cut from the end of a sentence."""
    assert _said(heard, language)[0].split()[-1].endswith(last)


@pytest.mark.parametrize(
    ("language", "heard"), [("en", "the crates are at the quay many thanks"), ("fa", "جعبه‌ها در اسکله است پایان پیام")]
)
def test_goodbyes_are_no_message(language: str, heard: str) -> None:
    """Thanks, and their like, belong to nobody's text."""
    assert _said(heard, language)[0].split()[-1] not in ("thanks", "پیام")


def test_a_negation_added_in_arabic_is_found() -> None:
    """It was taken for a slip once, and what it denied with it."""
    found = found_across("The left wheel of the plane will come down.", "العجلة اليسرى للطائرة لا تنزل", ("en", "ar"))[
        1
    ]
    assert [one.kind for one in found] == ["negation"]
