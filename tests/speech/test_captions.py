"""Firm words: agreed twice, never changed silently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.speech.captions import Captions
from bridge.speech.results import UNKNOWN, Final

pytestmark = pytest.mark.pure

TEXTS = st.lists(
    st.lists(st.sampled_from(["hold", "fire", "Fire,", "not", "—"]), max_size=6).map(" ".join), max_size=12
)


def final(text: str) -> Final:
    return Final(1, 0, 100, text, (), "engine")


def test_words_are_firm_when_two_results_agree() -> None:
    """The first result is never firm; punctuation and case are no contradiction."""
    captions = Captions()
    assert [captions.show(t) for t in ("hold", "Hold, five", "hold fire now", "hold fire now")] == [0, 1, 1, 3]


def test_revised_word_is_said() -> None:
    """A firm word that changes is named by its place, once."""
    captions = Captions()
    for text in ("do fire", "do fire"):
        captions.show(text)
    assert captions.show("do not fire") == 1
    assert captions.revised_from == 1
    assert captions.show("do not fire") == 3
    assert captions.revised_from == UNKNOWN


def test_final_says_what_it_revises() -> None:
    """The final stays as it came and names the first firm word that it changes."""
    captions = Captions()
    for text in ("do fire now", "do fire"):
        captions.show(text)
    assert captions.settle(final("Do fire.")) == final("Do fire.")
    changed = captions.settle(final("do not fire"))
    assert (changed.text, changed.revised_from) == ("do not fire", 1)
    assert Captions().settle(final("anything")).revised_from == UNKNOWN


@given(TEXTS)
def test_firm_words_never_change_silently(texts: list[str]) -> None:
    """Whatever comes: words that were firm are the same in the next result, or the result says from where not."""
    captions = Captions()
    last: list[str] = []
    firm = 0
    for text in texts:
        captions.show(text)
        heard = [word.lower().strip(",") for word in text.split()]
        kept = firm if captions.revised_from == UNKNOWN else captions.revised_from
        assert heard[:kept] == last[:kept]
        assert captions.firm_words <= len(heard)
        last, firm = heard, captions.firm_words
