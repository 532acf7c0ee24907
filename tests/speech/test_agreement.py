"""Marks and distance of two texts of one utterance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.speech.agreement import align, compare
from bridge.speech.results import Mark, Word

pytestmark = pytest.mark.pure

WORDS = st.lists(st.sampled_from(["do", "not", "fire", "ill-disposed", "—", "Fire!"]), max_size=8)


@pytest.mark.parametrize(
    ("final", "heard", "distance", "marks"),
    [
        ("", "", 0, []),
        ("Hold fire.", "hold, fire", 0, []),
        ("do fire", "do not fire", 333, [Mark(1, 1, "not")]),
        ("do not fire", "do fire", 333, [Mark(1, 2, "")]),
        ("hold fire", "hold higher", 500, [Mark(1, 2, "higher")]),
        ("", "you", 1000, [Mark(0, 0, "you")]),
        ("you", "", 1000, [Mark(0, 1, "")]),
        ("one two three four", "one too free four", 500, [Mark(1, 3, "too free")]),
        ("an ill-disposed man", "an ill-spose man", 250, [Mark(1, 2, "ill-spose")]),
        ("old-time-sake", "hold-time-cake", 666, [Mark(0, 1, "hold-time-cake")]),
        ("old-time-sake", "hold time cake", 666, [Mark(0, 1, "hold cake")]),
        ("fire", "fire now", 500, [Mark(1, 1, "now")]),
        ("Nine, four, eight, two, one.", "94821", 0, []),
        ("twenty five ships", "25 ships", 0, []),
        ("twenty five ships", "24 ships", 333, [Mark(1, 2, "24")]),
    ],
)
def test_marks(final: str, heard: str, distance: int, marks: list[Mark]) -> None:
    """Each difference is marked at the words of the final, with what the checker heard there."""
    result = compare(final, heard)
    assert (result.distance_permille, list(result.marks)) == (distance, marks)


def test_what_the_checker_doubts_is_marked() -> None:
    """Both heard the same, but the checker is not sure of it: the distance stays, the word is marked."""
    words = [Word("do", 0, 1, 900), Word("not", 1, 2, 400), Word("25", 2, 3, 100), Word("now", 3, 4)]
    result = compare("Do not 25 now", "do not 25 now", words)
    assert (result.distance_permille, result.marks) == (0, (Mark(1, 3, "not 25"),))
    assert compare("do not", "do not", words).marks == (), "words of another text say nothing"


@given(WORDS, WORDS)
def test_alignment_uses_every_word_once_and_in_order(left: list[str], right: list[str]) -> None:
    """Both texts can be read off the alignment again, and equal steps are equal words."""
    steps = align(left, right)
    assert [s.left for s in steps if s.left is not None] == list(range(len(left)))
    assert [s.right for s in steps if s.right is not None] == list(range(len(right)))
    for step in steps:
        if step.left is not None and step.right is not None:
            assert step.same == (left[step.left] == right[step.right])
        else:
            assert not step.same


@given(WORDS, WORDS)
def test_marks_lie_inside_the_final_and_in_order(left: list[str], right: list[str]) -> None:
    """Marks never overlap, and a text agrees with itself."""
    assert compare(" ".join(left), " ".join(left)).marks == ()
    at = 0
    for mark in compare(" ".join(left), " ".join(right)).marks:
        assert at <= mark.from_word <= mark.to_word <= len(left)
        at = mark.to_word
