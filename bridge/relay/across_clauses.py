"""Sentences of the sealed text that have no counterpart in the heard one, and heard words that have none here.

Content words are compared by concept, class and sound. The heard text has no sentence ends; it is cut where the words
agree best with the sealed sentences in their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bridge.base.text import fold
from bridge.relay.across_pair import Pair
from bridge.relay.concepts import concepts, phrase_concepts
from bridge.relay.facts import Finding, is_number
from bridge.relay.similar import WEAK
from bridge.relay.tables import EVERYDAY
from bridge.relay.tokens import Token
from bridge.relay.tokens_fa import is_light_verb
from bridge.relay.translit import firm_sounds, may_be_one

_NOT_CONTENT = frozenset(("modal", "neg", "actor", "cond", "zone", "unit", "order", "quant", "hedge"))
_CLOCK = frozenset(map(fold, ("الساعة", "ساعة", "ساعت", "يوم", "روز", "o'clock", "منذ", "مدت", "لمدة", "بحلول")))


@dataclass(slots=True)
class Word:
    """A content word of one text."""

    at: int
    token: Token
    concepts: frozenset[str]
    number: int = -1
    """Index of the matched number, where it is one."""
    met: bool = False
    segment: int = -1
    partner: int = -1
    """Token of the other text that it meets."""


@dataclass(slots=True)
class Layout:
    """Both texts' content words, heard ones cut into the sealed sentences."""

    sealed: list[Word]
    heard: list[Word]
    sentences: list[list[Word]] = field(default_factory=list)


def layout(pair: Pair) -> Layout:
    """Content words with what they meet."""
    ours, theirs = pair.numbers.sealed_used, pair.numbers.heard_used
    numbers_ours = {at: index for index, (one, _) in enumerate(pair.numbers.pairs) for at in range(*one)}
    numbers_theirs = {at: index for index, (_, other) in enumerate(pair.numbers.pairs) for at in range(*other)}
    result = Layout(
        _words(pair.sealed.tokens, pair.sealed.language, ours, numbers_ours),
        _words(pair.line, pair.heard.language, theirs, numbers_theirs),
    )
    count = pair.sealed.sentences
    result.sentences = [[word for word in result.sealed if word.token.sentence == index] for index in range(count)]
    _cut(result)
    for index, sentence in enumerate(result.sentences):
        _meet(sentence, [word for word in result.heard if word.segment == index])
    return result


def _words(tokens: Sequence[Token], language: str, used: set[int], numbers: dict[int, int]) -> list[Word]:
    found: list[Word] = []
    seen: set[int] = set()
    for at, token in enumerate(tokens):
        if at in numbers:
            if numbers[at] not in seen:
                seen.add(numbers[at])
                found.append(Word(at, token, frozenset(), numbers[at]))
        elif at not in used and (_is_content(token, language) or phrase_concepts(tokens, at, language)):
            found.append(Word(at, token, phrase_concepts(tokens, at, language) or concepts(token, language)))
    return found


def _is_content(token: Token, language: str) -> bool:
    if token.is_light or token.key in WEAK or token.is_sign or token.tag in _NOT_CONTENT or token.text in _CLOCK:
        return False
    if len(token.text) < (3 if language == "en" else 2) or is_number(token, language) or token.is_code:
        return False
    if token.tag == "dir" and token.key in ("dir:ahead", "dir:behind", "dir:above", "dir:below"):
        return False
    return not (language == "fa" and is_light_verb(token.text))


def _agree(one: Word, other: Word) -> bool:
    if one.number >= 0 or other.number >= 0:
        return one.number == other.number
    if one.concepts & other.concepts:
        return True
    if one.token.tag and one.token.key == other.token.key:
        return True
    if (one.concepts or one.token.tag) and (other.concepts or other.token.tag):
        return False
    first, second = (word.token.text.split(" ")[-1].removeprefix("ال") for word in (one, other))
    least = 2 if one.token.is_name or other.token.is_name else 3
    return min(firm_sounds(first), firm_sounds(second)) >= least and may_be_one(first, second)


def _cut(result: Layout) -> None:
    """Give each heard word the sentence that makes most words agree, sentences in order."""
    count = len(result.sentences)
    agree = [[any(_agree(word, mine) for mine in sentence) for word in result.heard] for sentence in result.sentences]
    best = [[0] * (len(result.heard) + 1) for _ in range(count + 1)]
    came = [[0] * (len(result.heard) + 1) for _ in range(count + 1)]
    for index in range(1, count + 1):
        line = agree[index - 1]
        hits = [0]
        for met in line:
            hits.append(hits[-1] + met)
        lead, start = best[index - 1][0] - hits[0], 0
        for end in range(len(result.heard) + 1):
            if best[index - 1][end] - hits[end] > lead:
                lead, start = best[index - 1][end] - hits[end], end
            best[index][end] = lead + hits[end]
            came[index][end] = start
    end = len(result.heard)
    for index in range(count, 0, -1):
        start = came[index][end]
        for word in result.heard[start:end]:
            word.segment = index - 1
        end = start


def _meet(sentence: Sequence[Word], segment: Sequence[Word]) -> None:
    """Match words of one sentence one to one; a word said in two words beside each other may be met twice."""
    for theirs in segment:
        free = [mine for mine in sentence if not mine.met and _agree(mine, theirs)]
        if free:
            free[0].met = theirs.met = True
            free[0].partner, theirs.partner = theirs.at, free[0].at
    for at, theirs in enumerate(segment):
        if theirs.met:
            continue
        near = [other for other in segment[max(0, at - 2) : at + 3] if other.met]
        theirs.met = bool(near) and any(_agree(mine, theirs) for mine in sentence)
    for at, mine in enumerate(sentence):
        if not mine.met:
            near_ours = [other for other in sentence[max(0, at - 2) : at + 3] if other.met]
            mine.met = bool(near_ours) and any(_agree(mine, theirs) for theirs in segment)


def clause_findings(pair: Pair, both: Layout) -> list[Finding]:
    """Clauses omitted and added."""
    return [*_omitted(pair, both), *_added(pair, both)]


def _omitted(pair: Pair, both: Layout) -> list[Finding]:
    found: list[Finding] = []
    for index, sentence in enumerate(both.sentences):
        missing = sum(not word.met for word in sentence)
        if not sentence or missing < 0.6 * len(sentence):
            continue
        start, end = region(both, index, len(pair.line))
        spoken = sum(not token.is_light or token.tag != "" for token in pair.line[start:end])
        length = sum(token.sentence == index for token in pair.sealed.tokens)
        gone = missing == len(sentence) and missing > 2
        if _surplus(both, index) < 0.5 * missing and (gone or spoken < 0.45 * length):
            place = (sentence[0].at, sentence[-1].at + 1)
            found.append(pair.finding("omission", place, None, certain=missing >= 3 and missing == len(sentence)))
    return found


def _surplus(both: Layout, index: int) -> int:
    """Heard words without counterpart where the sentence should have been said."""
    start, end = region(both, index, len(both.heard) and both.heard[-1].at + 1)
    return sum(not word.met for word in both.heard if start <= word.at < end)


def region(both: Layout, index: int, length: int) -> tuple[int, int]:
    """Heard tokens that may belong to the sentence: between the surely other ones before and after it."""
    before = [word.at for word in both.heard if word.met and word.segment < index]
    after = [word.at for word in both.heard if word.met and word.segment > index]
    return (before[-1] + 1 if before else 0), (after[0] if after else length)


def _added(pair: Pair, both: Layout) -> list[Finding]:
    found: list[Finding] = []
    run: list[Word] = []
    last = -1
    for word in [*both.heard, None]:
        if word is not None and not word.met:
            run.append(word)
            continue
        following = word.segment if word is not None else len(both.sentences)
        if run and _is_clause(both, run, last, following):
            place = (run[0].at, run[-1].at + 1)
            found.append(pair.finding("addition", None, place, certain=len(run) > 3))
        run = []
        last = word.segment if word is not None else last
    return found


def _is_clause(both: Layout, run: Sequence[Word], before: int, after: int) -> bool:
    """Whether the words stand between two sentences, or are too many to be one word of the other language."""
    near = range(max(0, before), min(after + 1, len(both.sentences)))
    lacking = sum(not word.met and bool(word.concepts) for index in near for word in both.sentences[index])
    surplus = sum(not word.met and bool(word.concepts) for word in both.heard if word.segment in near)
    said = frozenset().union(*(word.concepts for index in range(near.stop) for word in both.sentences[index]))
    telling = sum(_is_telling(word) and not word.concepts & said for word in run)  # a pronoun becomes its noun
    if before == after:
        return telling >= 1 and len(run) >= 3 and surplus - lacking >= 3
    if len(run) == 1:
        unmet = sum(not word.met for index in near for word in both.sentences[index])
        return (
            telling == 1
            and surplus - lacking >= (1 if run[0].concepts else 0)
            and (bool(run[0].concepts) or (not unmet and run[0].token.text.isascii()))
        )
    return telling >= 1 and surplus - lacking >= 1


def _is_telling(word: Word) -> bool:
    """Whether the word names a thing; verbs and adjectives of every day come and go in translation."""
    return not word.concepts or not word.concepts <= EVERYDAY
