"""Results and their wire form; the loop flag."""

import pytest

from bridge.base.errors import WireError
from bridge.base.wire import Entry, Fields, canonical
from bridge.speech.results import Checked, Final, Mark, Partial, Word, read_final, repeats_itself

pytestmark = pytest.mark.pure

LEG = "us-20261123T100512Z-3f9a/side-1"
WORD = Word("hold", 800, 1600, 930)
FINAL = Final(3, 400, 9000, "hold fire", (WORD,), "engine")


def entry(data: Fields) -> Entry:
    return Entry(1, "2026-11-23T10:05:12.000000Z", 1, "synchronised", "Final", data)


def test_final_is_read_back_as_written() -> None:
    """What the journal gives back is what went in."""
    assert read_final(entry(FINAL.fields(LEG))) == FINAL


@pytest.mark.parametrize(
    "damage",
    [{"words": "none"}, {"words": [{"word": "hold"}]}, {"utterance": "3"}, {"text": None}],
    ids=["words", "word", "number", "text"],
)
def test_damaged_final_is_refused(damage: Fields) -> None:
    """A field of another type is an error of the wire, not of the program."""
    with pytest.raises(WireError):
        read_final(entry({**FINAL.fields(LEG), **damage}))


def test_every_result_has_a_canonical_form() -> None:
    """All fields are integers, strings, lists and objects."""
    partial = Partial(1, 0, 800, "hold", 0)
    checked = Checked(1, "other", "hold higher", 500, (Mark(1, 2, "higher"),), (WORD,))
    for fields in (partial.fields(LEG), FINAL.fields(LEG), checked.fields(LEG)):
        assert canonical(fields)
        assert fields["leg"] == LEG


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("", False),
        ("no no no", False),
        ("No, no. No no!", True),
        ("zero zero zero one", False),
        ("thank you for watching " * 3, False),
        ("well " + "thank you for watching " * 4, True),
        ("the vai" + "Y" * 8, True),
        ("haha hahaha", False),
        ("well... no --", False),
        ("hm " + "la" * 8, True),
        ("a b c d e f g h " * 4, True),
        ("a b c d e f g h i " * 4, False),
    ],
)
def test_loops_are_told_from_stress(text: str, loops: bool) -> None:
    """Four times the same phrase is a loop, three times is how people speak."""
    assert repeats_itself(text) is loops


@pytest.mark.parametrize(("text", "unclear"), [("", True), (" ", True), ("hold fire", False), ("go go go go", True)])
def test_unclear_final_keeps_its_text(text: str, unclear: bool) -> None:
    """A flag is added; the text stays as the engine returned it."""
    final = Final(1, 0, 10, text, (), "engine")
    assert final.fields(LEG)["unclear"] is unclear
    assert final.fields(LEG)["text"] == text
