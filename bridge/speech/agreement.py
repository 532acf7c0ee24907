"""Where a checker heard other words than the final holds: alignment, marks and distance of two texts.

It compares, marks and counts; it corrects nothing. Agreement is not proof: both engines can hear the same wrong word.
Alignment is the word edit distance of Wagner and Fischer (1974), ties broken towards a substitution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.speech.results import Mark, Word
from bridge.speech.spoken import said

DOUBT_PERMILLE = 500
"""A word that the checker gives less is marked too: with it 12 % of the words are marked and most errors covered."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One step of an alignment: places in both texts, None where one of them has no word."""

    left: int | None
    right: int | None
    same: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    distance_permille: int
    marks: tuple[Mark, ...]


def compare(final: str, heard: str, words: Sequence[Word] = ()) -> Comparison:
    """Compare a final with what a checker heard. Marks count words of `final.split()`.

    Case, punctuation and digits for words do not count: they are the engine's taste, nobody said them.

    Args:
        words: the checker's words with its confidence; what it doubts itself is marked though both heard the same.
    """
    ours, theirs = numbered(final.split()), numbered(heard.split())
    steps = align([word for word, _ in ours], [word for word, _ in theirs])
    shown = heard.split()
    marks: list[Mark] = []
    open_pairs: list[Pair] = []
    at = 0
    doubted = _doubted(words, theirs)
    for step in [*steps, Pair(None, None, True)]:
        if not step.same or (step.right is not None and step.right in doubted):
            open_pairs.append(step)
            continue
        if open_pairs:
            marks.append(_mark(open_pairs, ours, theirs, shown, at))
            open_pairs = []
        if step.left is not None:
            at = ours[step.left][1] + 1
    wrong = sum(not step.same for step in steps)
    longer = max(len(ours), len(theirs))
    return Comparison(1000 * wrong // longer if longer else 0, _merged(marks))


def _doubted(words: Sequence[Word], theirs: Sequence[tuple[str, int]]) -> set[int]:
    """Places in the checker's said words that it gave little confidence; none where its words and text disagree."""
    timed = numbered([word.word for word in words])
    if [word for word, _ in timed] != [word for word, _ in theirs]:
        return set()
    return {at for at, (_, place) in enumerate(timed) if 0 <= words[place].confidence_permille < DOUBT_PERMILLE}


def numbered(written: Sequence[str]) -> list[tuple[str, int]]:
    """Words as said, each with the place of the written word it comes from: "25" is two words at one place."""
    return [(part, place) for place, word in enumerate(written) for part in said(word)]


def _mark(
    pairs: list[Pair],
    ours: list[tuple[str, int]],
    theirs: list[tuple[str, int]],
    shown: list[str],
    at: int,
) -> Mark:
    """One mark for a run of differing steps; `at` is where words that only the checker heard would stand."""
    places = [ours[pair.left][1] for pair in pairs if pair.left is not None]
    heard = sorted({theirs[pair.right][1] for pair in pairs if pair.right is not None})
    text = " ".join(shown[place] for place in heard)
    return Mark(places[0], places[-1] + 1, text) if places else Mark(at, at, text)


def _merged(marks: list[Mark]) -> tuple[Mark, ...]:
    """Marks that share a written word become one."""
    kept: list[Mark] = []
    for mark in marks:
        if kept and mark.from_word < kept[-1].to_word:
            last = kept.pop()
            heard = mark.heard if mark.heard == last.heard else f"{last.heard} {mark.heard}".strip()
            mark = Mark(last.from_word, max(last.to_word, mark.to_word), heard)
        kept.append(mark)
    return tuple(kept)


def align(left: Sequence[str], right: Sequence[str]) -> list[Pair]:
    """Pair two word lists with as few differences as possible, from first to last."""
    costs = _costs(left, right)
    steps: list[Pair] = []
    row, column = len(left), len(right)
    while row or column:
        here = costs[row][column]
        if row and column:
            same = left[row - 1] == right[column - 1]
            if costs[row - 1][column - 1] + (not same) == here:
                row, column = row - 1, column - 1
                steps.append(Pair(row, column, same))
                continue
        if row and costs[row - 1][column] + 1 == here:
            row -= 1
            steps.append(Pair(row, None, False))
        else:
            column -= 1
            steps.append(Pair(None, column, False))
    return steps[::-1]


def _costs(left: Sequence[str], right: Sequence[str]) -> list[list[int]]:
    costs = [list(range(len(right) + 1))]
    for row, word in enumerate(left, 1):
        above, line = costs[-1], [row]
        for column, other in enumerate(right, 1):
            line.append(min(above[column - 1] + (word != other), above[column] + 1, line[-1] + 1))
        costs.append(line)
    return costs
