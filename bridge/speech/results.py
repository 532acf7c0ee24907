"""What was heard, as the speech journal keeps it: words, partial, final and checked results.

It holds values and their wire form; it decides nothing but whether a text is a loop. Nothing here edits what a
recogniser returned. Samples count from the track's first sample at the track's rate; spans are half open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bridge.base.errors import WireError
from bridge.base.text import words as folded_words
from bridge.base.wire import Entry, Fields, Value

UNKNOWN = -1
"""Confidence of a word whose engine gives none, and `revised_from` of a result that changed no firm word."""
LOOP_TIMES = 4
"""A phrase said this often in a row is a decoder caught in a loop: nobody repeats a phrase four times over, while
digits ("zero zero zero") and stressed words come up to three times."""
LOOP_LONGEST_WORDS = 8
_STUTTER = re.compile(r"(\S{1,4}?)\1{7,}")
"""A piece of a word eight times over, as in "YYYYYYYY": the loop of a decoder that writes pieces of words."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word and where it was said."""

    word: str
    from_sample: int
    to_sample: int
    confidence_permille: int = UNKNOWN
    """0 to 1000 as the engine says, not as it is: a wrong word can carry 1000."""

    def fields(self) -> dict[str, Value]:
        return {
            "word": self.word,
            "from_sample": self.from_sample,
            "to_sample": self.to_sample,
            "confidence_permille": self.confidence_permille,
        }


@dataclass(frozen=True, slots=True)
class Partial:
    """A changeable result of an utterance that goes on."""

    utterance: int
    """From 1, without gaps, per leg."""
    from_sample: int
    heard_to_sample: int
    """How far the audio behind this text reaches."""
    text: str
    firm_words: int
    """So many words from the left were the same in two results in a row."""
    revised_from: int = UNKNOWN
    """First word that was firm and is another now; `UNKNOWN` where none is."""

    def fields(self, leg: str) -> Fields:
        return {
            "leg": leg,
            "utterance": self.utterance,
            "from_sample": self.from_sample,
            "heard_to_sample": self.heard_to_sample,
            "text": self.text,
            "firm_words": self.firm_words,
            "revised_from": self.revised_from,
        }


@dataclass(frozen=True, slots=True)
class Final:
    """The settled result of one utterance, as the engine returned it."""

    utterance: int
    from_sample: int
    to_sample: int
    text: str
    words: tuple[Word, ...]
    """Empty for an engine without word times."""
    engine: str
    revised_from: int = UNKNOWN
    """As in the partial: first word that had been shown as firm and is another now."""

    @property
    def unclear(self) -> bool:
        """Listen to the audio, do not trust the text: it repeats itself, or there is none for audio with speech."""
        return not self.text.strip() or repeats_itself(self.text)

    def fields(self, leg: str) -> Fields:
        return {
            "leg": leg,
            "utterance": self.utterance,
            "from_sample": self.from_sample,
            "to_sample": self.to_sample,
            "text": self.text,
            "words": [word.fields() for word in self.words],
            "engine": self.engine,
            "revised_from": self.revised_from,
            "unclear": self.unclear,
        }


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of the final, by their place in `text.split()`, where the checker heard something else."""

    from_word: int
    to_word: int
    """Half open; equal to `from_word` where the checker heard words that the final lacks."""
    heard: str
    """Empty where the checker heard nothing."""

    def fields(self) -> dict[str, Value]:
        return {"from_word": self.from_word, "to_word": self.to_word, "heard": self.heard}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a second engine heard in the same audio. It marks; it never edits."""

    utterance: int
    engine: str
    text: str
    distance_permille: int
    """Word edits between both texts per thousand words of the longer one; above 500: show "unclear, listen"."""
    marks: tuple[Mark, ...]
    words: tuple[Word, ...] = ()
    """The checker's own words with their times."""

    def fields(self, leg: str) -> Fields:
        return {
            "leg": leg,
            "utterance": self.utterance,
            "engine": self.engine,
            "text": self.text,
            "distance_permille": self.distance_permille,
            "marks": [mark.fields() for mark in self.marks],
            "words": [word.fields() for word in self.words],
        }


def read_final(entry: Entry) -> Final:
    """The final of a journal entry.

    Raises:
        WireError: a field is missing or of another type.
    """
    raw = entry.data.get("words")
    if not isinstance(raw, list):
        raise WireError(f"entry {entry.seq} (Final): words is {raw!r}, expected a list")
    return Final(
        utterance=entry.number("utterance"),
        from_sample=entry.number("from_sample"),
        to_sample=entry.number("to_sample"),
        text=entry.text("text"),
        words=tuple(_read_word(item) for item in raw),
        engine=entry.text("engine"),
    )


def _read_word(raw: Value) -> Word:
    match raw:
        case {
            "word": str(word),
            "from_sample": int(start),
            "to_sample": int(end),
            "confidence_permille": int(confidence),
        }:
            return Word(word, start, end, confidence)
    raise WireError(f"{raw!r} is no word: expected word, from_sample, to_sample, confidence_permille")


def repeats_itself(text: str) -> bool:
    """Say whether a phrase of up to `LOOP_LONGEST_WORDS` words comes `LOOP_TIMES` times in a row or a word stutters."""
    if _STUTTER.search(text):
        return True
    heard = folded_words(text)
    return any(_loops(heard, length) for length in range(1, LOOP_LONGEST_WORDS + 1))


def _loops(heard: Sequence[str], length: int) -> bool:
    """A run of `length * (LOOP_TIMES - 1)` words, each the same as the one `length` before it."""
    run = 0
    for at in range(length, len(heard)):
        run = run + 1 if heard[at] == heard[at - length] else 0
        if run == length * (LOOP_TIMES - 1):
            return True
    return False
