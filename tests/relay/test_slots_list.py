"""The critical items of a text."""

from __future__ import annotations

import pytest

from bridge.relay.slots import slots

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        (
            "en",
            "Call sign QX-33 is 6 nautical miles NW of Larak at 28 knots until 1305Z.",
            [
                ("call-sign", "QX-33"),
                ("distance", "6 nautical miles"),
                ("direction", "NW"),
                ("name", "Larak"),
                ("speed", "28 knots"),
                ("condition", "until"),
                ("time", "1305Z"),
            ],
        ),
        (
            "en",
            "It isn't at 24 degrees 52 minutes north since 231435Z NOV 26.",
            [
                ("negation", "isn't"),
                ("position", "24 degrees 52 minutes north"),
                ("dtg", "231435Z"),
                ("date", "NOV 26"),
            ],
        ),
        ("en", "Steer course 130 for 40 minutes", [("bearing", "130"), ("duration", "40 minutes")]),
        ("en", "The 5 men on 19 July", [("number", "5"), ("date", "19 July")]),
        ("en", "Turn 90 degrees, about 30 kg, channel 7", [("bearing", "90 degrees"), ("hedge", "about"),
         ("number", "30 kg"), ("number", "7")]),
        ("fa", "شلیک نخواهیم کرد.", [("negation", "نخواهیم")]),
        ("en", "At 1430 hours for 48 hours", [("time", "1430 hours"), ("duration", "48 hours")]),
        ("en", "At one four three zero hours", [("time", "one four three zero hours")]),
        ("en", "One vessel to four men", [("number", "four")]),
        ("ar", "الساعة الرابعة عشرة والنصف، 48 ساعة 12 سفينة",
         [("time", "الرابعة عشرة والنصف"), ("duration", "48 ساعة"), ("number", "12")]),
        ("fa", "ساعت ۱۴۳۰ تا ساعت پانزده و سی دقیقه",
         [("time", "۱۴۳۰"), ("condition", "تا"), ("time", "پانزده و سی دقیقه")]),
        ("ar", "يجب ألا تعبر.", [("modality", "يجب"), ("negation", "ألا")]),
    ],
)  # fmt: skip
def test_items_in_order(language: str, text: str, wanted: list[tuple[str, str]]) -> None:
    """Each with its kind and the words as they stand."""
    found = slots(text, language)
    assert [(slot.kind, slot.text) for slot in found] == wanted
    assert all(text[slice(*slot.chars)] == slot.text for slot in found)


def test_a_language_without_tables_is_refused() -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="'ko' has no tables"):
        slots("a", "ko")
