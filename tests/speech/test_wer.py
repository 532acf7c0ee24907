"""The measuring itself: counting of word errors, the interval, and the telephone version."""

import numpy as np
import pytest

from bench.wer import Score, interval, normalise, rate, score
from bench.words import mu_law

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("reference", "hypothesis", "wanted"),
    [
        ("hold fire", "Hold, fire!", Score(2, 0, 0, 0)),
        ("hold fire", "hold", Score(2, 0, 1, 0)),
        ("hold fire", "do hold fire", Score(2, 0, 0, 1)),
        ("hold fire", "hold higher", Score(2, 1, 0, 0)),
        ("", "you", Score(0, 0, 0, 1)),
        ("nine oh two", "902", Score(3, 1, 0, 0)),
        ("two one oh zero", "2 1 o 0", Score(4, 0, 0, 0)),
    ],
)
def test_errors_are_counted(reference: str, hypothesis: str, wanted: Score) -> None:
    """Substituted, deleted and inserted words, by the fewest."""
    assert score(reference, hypothesis) == wanted
    assert wanted.errors == wanted.substituted + wanted.deleted + wanted.inserted


def test_normalising_is_the_same_for_both_sides() -> None:
    """What is normalised twice does not change again."""
    for text in ("Mr. Quilter's 25 ill-disposed men, oh!", "94821 -- colour"):
        assert normalise(" ".join(normalise(text))) == normalise(text)


def test_rate_and_interval() -> None:
    """The rate weighs words, not files; the interval holds it and is the same each time."""
    scores = [Score(10, 1, 0, 0), Score(90, 0, 0, 0), Score(100, 10, 5, 4)]
    assert rate(scores) == 10.0
    assert rate([]) == 0.0
    low, high = interval(scores)
    assert low < 10.0 < high
    assert interval(scores) == (low, high)


def test_mu_law_is_g711() -> None:
    """255 levels, symmetric, about 37 dB over speech-like noise, and coding twice changes nothing more."""
    every = np.arange(-32768, 32768).astype(np.int16)
    coded = mu_law(every)
    assert np.unique(coded).size == 255
    assert (int(coded.max()), int(coded.min())) == (32124, -32124)
    assert np.array_equal(mu_law(coded), coded)
    voice = np.random.default_rng(1).normal(0, 3000, 80000).astype(np.int16)
    error = voice.astype(np.float64) - mu_law(voice)
    assert 36 < 10 * np.log10(np.mean(voice.astype(np.float64) ** 2) / np.mean(error**2)) < 39
