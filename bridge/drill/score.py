"""How good it was: delays of captions, word errors, likeness of audio, and the limits each figure must keep.

Pure: times and samples in, figures out. Times are monotonic nanoseconds of one host, delays seconds. What is measured
from where is said beside each function; limits are those of the domain's figures and this product's own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bridge.base.audio import FULL_SCALE, SILENCE_DBFS, Samples
from bridge.base.clock import NS
from bridge.base.text import words

_DIGITS = {word: str(value) for value, word in enumerate("zero one two three four five six seven eight nine".split())}
_DIGITS |= {"niner": "9", "oh": "0"}
SLACK_S = 0.3
"""Word times of the script are right to about this; an utterance's span is widened by it."""
PIECE_S = 0.25
"""Length of the pieces by which a sentence is found again in a recording. Longer ones are often torn where a jitter
buffer drops or repeats a frame, which is no loss of speech."""
EARLY_S = 0.2
"""How much earlier a sentence may lie than it was said: what the sample count of a file can be off by."""
PIECES = 5
"""The loudest ones are looked for; the second best counts, because a busy host tears some and chance finds none."""


def tokens(text: str) -> list[str]:
    """Words for comparing: folded, and every number as single digits, because `two six` and `26` are one thing."""
    return [
        part
        for word in words(text)
        for part in (list(word) if re.fullmatch("[0-9]+", word) else [_DIGITS.get(word, word)])
    ]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The cheapest way from what was said to what was heard."""

    errors: int
    """Substitutions, omissions and additions."""
    same: tuple[tuple[int, int], ...]
    """Places of the words that both have, in order."""


def align(said: Sequence[str], heard: Sequence[str]) -> Alignment:
    """Levenshtein over words; among equal ways the one that keeps more words wins."""
    # cost, then minus the number of kept words: tuples compare in that order
    table = [[(0, 0)] * (len(heard) + 1) for _ in range(len(said) + 1)]
    for i in range(len(said) + 1):
        for j in range(len(heard) + 1):
            if i or j:
                table[i][j] = min(_ways(table, said, heard, i, j))
    same: list[tuple[int, int]] = []
    i, j = len(said), len(heard)
    while i or j:
        here = table[i][j]
        if i and j and said[i - 1] == heard[j - 1] and here == (table[i - 1][j - 1][0], table[i - 1][j - 1][1] - 1):
            i, j = i - 1, j - 1
            same.append((i, j))
        elif i and j and here == (table[i - 1][j - 1][0] + 1, table[i - 1][j - 1][1]):
            i, j = i - 1, j - 1
        elif i and here == (table[i - 1][j][0] + 1, table[i - 1][j][1]):
            i -= 1
        else:
            j -= 1
    return Alignment(table[-1][-1][0], tuple(reversed(same)))


def _ways(
    table: list[list[tuple[int, int]]], said: Sequence[str], heard: Sequence[str], i: int, j: int
) -> list[tuple[int, int]]:
    ways = []
    if i and j:
        cost, kept = table[i - 1][j - 1]
        ways.append((cost, kept - 1) if said[i - 1] == heard[j - 1] else (cost + 1, kept))
    if i:
        ways.append((table[i - 1][j][0] + 1, table[i - 1][j][1]))
    if j:
        ways.append((table[i][j - 1][0] + 1, table[i][j - 1][1]))
    return ways


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word as it left the speaker's mouth."""

    token: str
    from_ns: int
    to_ns: int


@dataclass(frozen=True, slots=True)
class Caption:
    """One result of the recogniser, with the moment it was durable for all to read."""

    utterance: int
    is_final: bool
    at_ns: int
    from_ns: int
    """Where its audio begins."""
    to_ns: int
    """How far its audio reaches."""
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of one party's words in text."""

    said: int
    """Words spoken."""
    errors: int
    partial_s: tuple[float, ...]
    """For each word that was ever shown: from the end of the word in the speaker's mouth to the first text with it."""
    final_s: tuple[float, ...]
    """For each final: from the end of its last spoken word to the final."""

    @property
    def error_rate(self) -> float:
        return self.errors / self.said if self.said else 0.0


def hear(spoken: Sequence[SpokenWord], captions: Sequence[Caption]) -> Heard:
    """Score one leg. `captions` in the order in which they were written."""
    finals = [caption for caption in captions if caption.is_final]
    heard = [token for caption in finals for token in tokens(caption.text)]
    errors = align([word.token for word in spoken], heard).errors
    partial_s: list[float] = []
    final_s: list[float] = []
    for final in finals:
        inside = [word for word in spoken if _lies_in(word, final)]
        shown = [c for c in captions if c.utterance == final.utterance]
        partial_s += _shown_after(inside, shown)
        if inside:
            final_s.append((final.at_ns - inside[-1].to_ns) / NS)
    return Heard(len(spoken), errors, tuple(partial_s), tuple(final_s))


def _lies_in(word: SpokenWord, caption: Caption) -> bool:
    slack = round(SLACK_S * NS)
    return caption.from_ns - slack <= word.from_ns and word.to_ns <= caption.to_ns + slack


def _shown_after(spoken: Sequence[SpokenWord], captions: Sequence[Caption]) -> list[float]:
    """How long after its end each word first stood in a text."""
    waiting = dict(enumerate(spoken))
    delays = []
    for caption in captions:
        for place, _ in align([word.token for word in spoken], tokens(caption.text)).same:
            word = waiting.pop(place, None)
            if word is not None:
                delays.append((caption.at_ns - word.to_ns) / NS)
    return delays


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest rank; NaN of nothing, which keeps no limit."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


@dataclass(frozen=True, slots=True)
class Found:
    """Where one sentence lies in a recording."""

    after_s: float
    """From when it was said to when it is there."""
    likeness: float
    """Normalised correlation, 0 to 1."""
    level_dbfs: float
    """Of the piece, as recorded."""


def find(sentence: Samples, recorded: Samples, at: int, rate_hz: int, reach_s: float) -> Found:
    """Look for a sentence, not empty, in a recording where it should begin at sample `at` or up to `reach_s` later."""
    size, early = min(sentence.size, round(PIECE_S * rate_hz)), round(EARLY_S * rate_hz)
    reach = early + round(reach_s * rate_hz)
    starts = _loudest(sentence, size)
    pieces = [_find_piece(sentence[start : start + size], recorded, at - early + start, reach) for start in starts]
    best = sorted(pieces, key=lambda piece: piece[1], reverse=True)
    level = percentile([level for _, _, level in pieces], 0.5)
    return Found((best[0][0] - early) / rate_hz, best[min(1, len(best) - 1)][1], level)


def _find_piece(piece: Samples, recorded: Samples, at: int, reach: int) -> tuple[float, float, float]:
    """How many samples late, how like, and how loud in dBFS."""
    wanted = piece.astype(np.float64)
    first = max(0, at)
    window = recorded[first : first + wanted.size + reach].astype(np.float64)
    if window.size < wanted.size:
        return math.inf, 0.0, SILENCE_DBFS
    energy = np.concatenate([[0.0], np.cumsum(window**2)])
    size = np.sqrt(np.maximum(energy[wanted.size :] - energy[: -wanted.size], 1.0))
    likeness = np.correlate(window, wanted, "valid") / (size * math.sqrt(float(np.sum(wanted**2)) or 1.0))
    best = int(np.argmax(likeness))
    level = 20 * math.log10(float(size[best]) / math.sqrt(wanted.size) / FULL_SCALE)
    return float(first + best - at), max(0.0, float(likeness[best])), level


def _loudest(samples: Samples, size: int) -> list[int]:
    """Where the loudest pieces begin; they do not overlap."""
    energy = np.concatenate([[0.0], np.cumsum(samples.astype(np.float64) ** 2)])
    power = energy[size:] - energy[:-size]
    starts: list[int] = []
    while len(starts) < PIECES and power.max() >= 0:
        starts.append(int(np.argmax(power)))
        power[max(0, starts[-1] - size + 1) : starts[-1] + size] = -1.0
    return starts


@dataclass(frozen=True, slots=True)
class Check:
    """One figure against its limit."""

    name: str
    found: float
    limit: float
    unit: str
    at_least: bool = False
    """The limit is a lower one."""

    @property
    def passed(self) -> bool:
        """A figure that is not there (NaN) has not passed."""
        return self.found >= self.limit if self.at_least else self.found <= self.limit
