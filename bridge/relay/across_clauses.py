"""Clauses omitted and added: words together on one side for which the other side has nothing of any kind.

A faithful translation leaves words that no table matches on both sides alike; a clause too many or too few leaves them
on one side only. Words unknown to the tables therefore raise nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bridge.relay.across_pair import Pair
from bridge.relay.across_words import Layout, Word
from bridge.relay.facts import Finding

SENTENCE, BETWEEN, CLAUSE, OPPOSITE = 0.5, 0.8, 1.5, 0.4
"""Share of a sentence of which the other text has nothing; weight of words between two sentences and of words inside
one, beyond which faithful translations seldom go; what the lonely words facing them take off."""
RENDERED = 0.8
"""How much of a lonely word a lonely word of the same sentence takes off."""
STRETCH, THIN = 6, 0.6
"""Words of a stretch in which the other text has nothing, light ones too, and the least weight in it, that are likelier
a sentence of its own than a wording; Arabic writes particles and pronouns onto its words and needs one less."""
SLACK = 2
"""Words that the sealed text may have in the same place without any more being wanted of the heard one."""
CERTAIN = 4.0
"""Weight from which a run can hardly be another way to say the same."""


def clause_findings(pair: Pair, both: Layout) -> list[Finding]:
    """At most one omission and one addition: the heaviest."""
    return [*_omitted(pair, both), *_added(pair, both)]


def heaviest(words: Sequence[Word]) -> tuple[float, Sequence[Word]]:
    """The run of words, most of them lonely, that weighs most; a word that meets its like takes one off."""
    best, place = 0.0, (0, 0)
    total, start = 0.0, 0
    for at, word in enumerate(words):
        if total <= 0:
            total, start = 0.0, at
        total += -1.0 if word.met else word.weight
        if total > best:
            best, place = total, (start, at + 1)
    return best, words[place[0] : place[1]]


def lonely(words: Sequence[Word], near: Sequence[Word]) -> float:
    """Weight of the lonely words in the sentences of the lonely words of `near`."""
    sentences = {word.segment for word in near if not word.met}
    return sum(word.weight for word in words if not word.met and word.segment in sentences)


def _omitted(pair: Pair, both: Layout) -> list[Finding]:
    total, run = heaviest(both.sealed)
    extra = lonely(both.heard, run)
    if total - OPPOSITE * extra <= CLAUSE:
        run = _lost_sentence(both)
    if not run:
        return []
    place = (run[0].at, run[-1].at + 1)
    return [pair.finding("omission", place, None, certain=total - extra > CERTAIN)]


def _lost_sentence(both: Layout) -> Sequence[Word]:
    """The lonely words of the sentence of which least is said."""
    worst, found = SENTENCE, list[Word]()
    for index, words in enumerate(both.sentences):
        left = [word for word in words if not word.met]
        weight = sum(word.weight for word in left)
        whole = weight + len(words) - len(left)
        rendered = sum(word.weight for word in both.heard if word.segment == index and not word.met)
        share = (weight - RENDERED * rendered) / whole * min(1.0, whole / 2) if whole >= 1 else 0.0
        if share > worst and len(left) > 1:
            worst, found = share, left
    return found


def _added(pair: Pair, both: Layout) -> list[Finding]:
    total, run = heaviest(both.heard)
    lacking = lonely(both.sealed, run)
    if total - OPPOSITE * lacking <= CLAUSE:
        run = _between(both)
    if not run:
        place = _stretch(pair, both)
        return [pair.finding("addition", None, place, certain=False)] if place else []
    place = (run[0].at, run[-1].at + 1)
    return [pair.finding("addition", None, place, certain=total - lacking > CERTAIN)]


def _between(both: Layout) -> Sequence[Word]:
    """The heaviest words between two sentences, where an added one stands."""
    words = both.heard
    best, found = BETWEEN, words[:0]
    for start in range(len(words)):
        if words[start].met or (start and not words[start - 1].met):
            continue
        weight, around = 0.0, {words[start - 1].segment} if start else set[int]()
        for end in range(start, len(words)):
            weight += -1.0 if words[end].met else words[end].weight
            last = end + 1 == len(words)
            if words[end].met or not (last or words[end + 1].met):
                continue
            if start and not last and words[start - 1].segment == words[end + 1].segment:
                continue
            near = around | {word.segment for word in words[start : end + 2]}
            if sum(not word.met and word.weight > 0 for word in words[start : end + 1]) < 2:
                continue  # a word more is no clause
            facing = sum(word.weight for word in both.sealed if not word.met and word.segment in near)
            if weight - OPPOSITE * facing > best:
                best, found = weight - OPPOSITE * facing, words[start : end + 1]
    return found


def _stretch(pair: Pair, both: Layout) -> tuple[int, int] | None:
    """A long stretch of the heard text between words that the sealed one has."""
    met = sorted({word.at for word in both.heard if word.met} | pair.numbers.heard_used)
    partners = {word.at: word.partner for word in both.heard if word.partner >= 0}
    partners.update({-1: -1, len(pair.line): len(pair.sealed.tokens)})
    least = STRETCH - (pair.heard.language == "ar")
    for start, end in pairwise((-1, *met, len(pair.line))):
        weight = sum(word.weight for word in both.heard if start < word.at < end and not word.met)
        facing = partners.get(end, 0) - partners.get(start, len(pair.sealed.tokens)) - 1
        if end - start - 1 >= least + max(0, facing - SLACK) and weight >= THIN:
            return start + 1, end
    return None


def region(both: Layout, index: int, length: int) -> tuple[int, int]:
    """Heard tokens that may belong to the sentence: between the surely other ones before and after it."""
    before = [word.at for word in both.heard if word.met and word.segment < index]
    after = [word.at for word in both.heard if word.met and word.segment > index]
    return (before[-1] + 1 if before else 0), (after[0] if after else length)


def same_sentence(pair: Pair, both: Layout, ours: int, theirs: int) -> bool:
    """Whether a heard token lies where the sentence of a sealed one may be."""
    start, end = region(both, pair.sealed.tokens[ours].sentence, len(pair.line))
    return start <= theirs < end
