"""The critical items of a draft, in three languages, and their ids from draft to draft."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.relay.sealed_text import EXERCISE_MARKS
from bridge.relay.slots import find_slots
from tests.relay.relay_samples import TEXTS

pytestmark = pytest.mark.pure


def kinds(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(slot.kind, slot.text) for slot in find_slots(text, language)]


def test_all_items_of_an_english_text() -> None:
    """Each with what makes it understandable: its unit, the word that is denied."""
    assert kinds(TEXTS["en"]) == [
        ("number", "Two vessels"),
        ("position", "25-34.5N 056-12.3E"),
        ("bearing", "140"),
        ("number", "9 knots"),
        ("direction", "south"),
        ("time", "1430Z"),
        ("number", "12 nautical miles"),
        ("negation", "No boarding"),
    ]


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_items_of_other_languages(language: str) -> None:
    """Positions, times and denials are found whatever the language."""
    found = kinds(TEXTS[language], language)
    assert ("position", "25-34.5N 056-12.3E") in found
    assert ("time", "1430Z") in found
    assert any(kind == "negation" for kind, _ in found)


def test_names_codes_and_the_end_of_a_sentence() -> None:
    """A name inside a sentence is an item; a number ends where its sentence does."""
    text = "Patrol boat Sahand will not cross 26 degrees north. Two boats follow at distance 12. Three wait, 4 leave."
    assert ("name", "Sahand") in kinds(text)
    assert ("number", "26 degrees north") in kinds(text)
    assert ("number", "12") in kinds(text)
    assert ("number", "Three wait") in kinds(text)
    assert ("call-sign", "B") in kinds("We are B")


def test_the_marks_of_an_exercise_are_no_items() -> None:
    """They stand in every exercise text."""
    assert find_slots(f"{EXERCISE_MARKS['en']} Speed 9 knots.", "en") == find_slots("Speed 9 knots.", "en")


def test_an_item_keeps_its_id() -> None:
    """In a later draft the same item has the same id, and two of the same are told apart."""
    first = find_slots("Speed 9 knots, course 140.", "en")
    later = find_slots("Our speed will be 9 knots and the course 141.", "en")
    assert first[0].id == later[0].id
    assert first[1].id != later[1].id
    assert len({slot.id for slot in find_slots("Speed 9 knots, later speed 9 knots.", "en")}) == 2


def test_a_language_without_tables() -> None:
    """It is named, nothing is guessed."""
    with pytest.raises(ValueError, match="'de'"):
        find_slots("zwei Schiffe", "de")


@given(st.text(max_size=120), st.sampled_from(sorted(TEXTS)))
def test_any_text_has_items_or_none(text: str, language: str) -> None:
    """Whatever is typed: ids are different and no item is empty."""
    found = find_slots(text, language)
    assert len({slot.id for slot in found}) == len(found)
