"""Persian verbs as they are spoken are compared as they are written."""

from __future__ import annotations

import pytest

from bridge.base.text import fold
from bridge.relay import tokens_fa
from bridge.relay.fidelity import Verdict, compare
from bridge.relay.spoken_fa import _WRITTEN, written

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("spoken", "meant"),
    [
        ("ندی", "ندهی"),
        ("نشن", "نشوند"),
        ("می‌رین", "می‌روید"),
        ("بتونیم", "بتوانیم"),
        ("نذارین", "نگذارید"),
        ("شدین", "شدید"),
    ],
)
def test_a_spoken_verb_is_read_as_written(spoken: str, meant: str) -> None:
    assert written(fold(spoken)) == fold(meant)


@pytest.mark.parametrize("word", ["ندید", "می‌دید", "نشان", "نبرد", "نشر", "بخوان", "کشتی", "نزدیک"])
def test_a_word_of_its_own_stays(word: str) -> None:
    assert written(fold(word)) == fold(word)


def test_no_negation_is_lost_or_made() -> None:
    for spoken, meant in _WRITTEN.items():
        # نبرد is also a battle.
        assert tokens_fa.negated(meant) == spoken.startswith(fold("ن")) or meant == fold("نبرد"), spoken


@pytest.mark.parametrize(
    ("sealed", "heard"),
    [
        ("اگر جواب ندهی شلیک می‌کنم.", "اگر جواب ندی شلیک می‌کنم"),
        ("گشت‌ها از اروند رد نشوند.", "گشت‌ها از اروند رد نشن"),
        ("لطفاً تا جمعه جواب دهید.", "لطفا تا جمعه جواب بدهید"),
    ],
)
def test_another_ending_is_no_other_meaning(sealed: str, heard: str) -> None:
    assert compare(sealed, heard, "fa", "fa").verdict in (Verdict.VERBATIM, Verdict.EQUIVALENT)


@pytest.mark.parametrize(
    ("sealed", "heard"),
    [
        ("اگر جواب ندهی شلیک می‌کنم.", "اگر جواب بدی شلیک می‌کنم"),
        ("گشت‌ها از اروند رد نشوند.", "گشت‌ها از اروند رد بشن"),
        ("ناو شما را ندیدیم.", "ناو شما را ندیم"),
    ],
)
def test_a_changed_verb_is_flagged(sealed: str, heard: str) -> None:
    assert compare(sealed, heard, "fa", "fa").verdict in (Verdict.CHECK, Verdict.ALTERED)
