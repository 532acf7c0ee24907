"""The arithmetic of a drill: no I/O, no clock."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.audio import Samples
from bridge.base.clock import NS
from bridge.drill.score import (
    Caption,
    Check,
    SpokenWord,
    align,
    find,
    hear,
    percentile,
    tokens,
)

pytestmark = pytest.mark.pure
RATE_HZ = 8000


def spoken(text: str, each_s: float = 0.5, start_s: float = 0.0) -> list[SpokenWord]:
    """One word every `each_s`, without pauses."""
    return [
        SpokenWord(token, round((start_s + i * each_s) * NS), round((start_s + (i + 1) * each_s) * NS))
        for i, token in enumerate(tokens(text))
    ]


def caption(text: str, at_s: float, to_s: float, *, final: bool = False, utterance: int = 1) -> Caption:
    return Caption(utterance, final, round(at_s * NS), 0, round(to_s * NS), text)


def noise(seed: int, count: int, size: float = 3000) -> Samples:
    return np.random.default_rng(seed).normal(0, size, count).astype(np.int16)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at two six degrees", ["at", "2", "6", "degrees"]),
        ("at 26 degrees", ["at", "2", "6", "degrees"]),
        ("14:30, niner oh", ["1", "4", "3", "0", "9", "0"]),
        ("Mig29 isn't", ["mig29", "isn't"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    """Spelled and written digits are one thing; a number inside a name is not taken apart."""
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("said", "heard", "errors", "same"),
    [
        ("a b c", "a b c", 0, [(0, 0), (1, 1), (2, 2)]),
        ("a b c", "a x c", 1, [(0, 0), (2, 2)]),
        ("a b c", "a c", 1, [(0, 0), (2, 1)]),
        ("a c", "a b c", 1, [(0, 0), (1, 2)]),
        ("", "a b", 2, []),
        ("a b", "", 2, []),
        ("", "", 0, []),
        ("not taking action", "taking action", 1, [(1, 0), (2, 1)]),
    ],
)
def test_align(said: str, heard: str, errors: int, same: list[tuple[int, int]]) -> None:
    """Substitution, omission and addition cost one each; common words keep their places."""
    found = align(said.split(), heard.split())
    assert (found.errors, list(found.same)) == (errors, same)


WORDS = st.lists(st.sampled_from("abc"), max_size=8)


@given(WORDS, WORDS)
def test_align_is_a_distance(said: list[str], heard: list[str]) -> None:
    """Symmetric, zero only for equal texts, and the kept words are common words in order."""
    found = align(said, heard)
    assert found.errors == align(heard, said).errors
    assert (found.errors == 0) == (said == heard)
    assert abs(len(said) - len(heard)) <= found.errors <= max(len(said), len(heard))
    assert all(said[i] == heard[j] for i, j in found.same)
    assert list(found.same) == sorted(set(found.same))


def test_delays_of_captions() -> None:
    """A word counts from its end to the first text that has it; a final from the last word's end."""
    shown = [
        caption("keep", 0.9, 0.7),
        caption("keep your", 1.4, 1.2),
        caption("keep your boats", 2.5, 1.5),
        caption("keep your boats", 2.6, 1.5, final=True),
    ]
    heard = hear(spoken("keep your boats"), shown)
    assert heard.partial_s == pytest.approx((0.4, 0.4, 1.0))
    assert heard.final_s == pytest.approx((1.1,))
    assert (heard.said, heard.errors, heard.error_rate) == (3, 0, 0.0)


def test_word_shown_late_and_word_never_shown() -> None:
    """A word that was wrong first counts from the text that has it right; one never right counts as an error only."""
    shown = [
        caption("keep your goats", 1.6, 1.5),
        caption("keep your boats", 2.0, 2.0),
        caption("keep your boats may", 2.6, 2.0, final=True),
    ]
    heard = hear(spoken("keep your boats away"), shown)
    assert heard.partial_s == pytest.approx((1.1, 0.6, 0.5))
    assert heard.errors == 1
    assert heard.error_rate == 0.25


def test_final_of_noise() -> None:
    """A final where nobody spoke has no delay; its words are errors."""
    heard = hear(spoken("yes", start_s=10), [caption("thank you", 3.0, 2.0, final=True)])
    assert (heard.final_s, heard.partial_s, heard.errors) == ((), (), 2)


def test_two_utterances() -> None:
    """Words belong to the utterance whose audio they lie in, though both texts have them."""
    first, second = spoken("not firing"), spoken("not firing", start_s=5)
    shown = [
        caption("not firing", 1.5, 1.1, final=True),
        Caption(2, True, round(6.4 * NS), round(4.8 * NS), round(6.2 * NS), "not firing"),
    ]
    heard = hear([*first, *second], shown)
    assert heard.final_s == pytest.approx((0.5, 0.4))
    assert heard.partial_s == pytest.approx((1.0, 0.5, 0.9, 0.4))


def test_nothing_said() -> None:
    """Silence has no rate of errors."""
    assert hear([], []).error_rate == 0.0


@pytest.mark.parametrize(("share", "expected"), [(0.5, 2.0), (0.95, 4.0), (0.0, 1.0), (0.25, 1.0)])
def test_percentile(share: float, expected: float) -> None:
    """Nearest rank: always a value that was measured."""
    assert percentile([4.0, 1.0, 3.0, 2.0], share) == expected


def test_percentile_of_nothing() -> None:
    """No figure is not a good figure."""
    assert math.isnan(percentile([], 0.5))
    assert not Check("x", percentile([], 0.5), 1.0, "s").passed


def test_find_later() -> None:
    """A sentence that arrives 90 ms later at half its level, in other noise, is found there."""
    sentence = noise(1, 2 * RATE_HZ)
    recorded = noise(2, 5 * RATE_HZ, 30)
    at = RATE_HZ
    recorded[at + 720 : at + 720 + sentence.size] += sentence // 2
    found = find(sentence, recorded, at, RATE_HZ, 0.8)
    assert found.after_s == pytest.approx(0.09)
    assert found.likeness > 0.99
    assert found.level_dbfs == pytest.approx(20 * math.log10(1500 / 32768), abs=0.5)


def test_find_earlier() -> None:
    """A file whose count of samples runs 100 ms late still holds its sentence."""
    sentence = noise(1, RATE_HZ)
    recorded = np.concatenate([noise(2, 7200, 30), sentence, noise(3, 8000, 30)])
    assert find(sentence, recorded, RATE_HZ, RATE_HZ, 0.8).after_s == pytest.approx(-0.1)


def test_find_another_voice() -> None:
    """Other sound of the same level is not taken for the sentence, nor is silence."""
    sentence = noise(1, RATE_HZ)
    assert find(sentence, noise(3, 4 * RATE_HZ), RATE_HZ, RATE_HZ, 0.8).likeness < 0.2
    assert find(sentence, np.zeros(4 * RATE_HZ, dtype=np.int16), RATE_HZ, RATE_HZ, 0.8).likeness == 0.0


def test_find_short_sentence() -> None:
    """A sentence shorter than the piece is looked for as a whole."""
    sentence = noise(4, 1000)
    recorded = np.concatenate([np.zeros(2000, dtype=np.int16), sentence, np.zeros(9000, dtype=np.int16)])
    assert find(sentence, recorded, 1900, RATE_HZ, 0.8).after_s == pytest.approx(100 / RATE_HZ)


def test_find_beyond_the_end() -> None:
    """A track that ends too early holds no sentence."""
    found = find(noise(1, RATE_HZ), noise(1, RATE_HZ), 2 * RATE_HZ, RATE_HZ, 0.8)
    assert math.isinf(found.after_s)
    assert found.likeness == 0.0


def test_find_torn() -> None:
    """Three pieces of five are torn by a repeated frame: the sentence is still found, and at the right time."""
    words = [np.concatenate([noise(seed, 2000), noise(seed, 1000, 20)]) for seed in range(5)]
    torn = [np.concatenate([word[:900], word[740:-160]]) for word in words[:3]]
    sentence, recorded = np.concatenate(words), np.concatenate([*torn, *words[3:], noise(9, 4000, 20)])
    found = find(sentence, recorded, 0, RATE_HZ, 0.5)
    assert found.after_s == 0.0
    assert found.likeness > 0.9


@pytest.mark.parametrize(
    ("found", "at_least", "passed"),
    [(1.0, False, True), (1.1, False, False), (1.0, True, True), (0.9, True, False), (math.nan, True, False)],
)
def test_check(found: float, at_least: bool, passed: bool) -> None:
    """The limit itself still passes."""
    assert Check("x", found, 1.0, "s", at_least).passed is passed
