"""Content words of a sealed and a heard text in two languages, and which of them meet.

Words meet by concept, class, number or sound. The heard text has no sentence ends; it is cut where its words and facts
agree best with the sealed sentences in their order. What a lonely word means is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bridge.base.text import fold
from bridge.relay.across_facts import groups
from bridge.relay.across_pair import Pair
from bridge.relay.concepts import is_phrase, meanings, phrase_meanings, skeleton_ar
from bridge.relay.facts import is_number
from bridge.relay.similar import WEAK
from bridge.relay.tables import EVERYDAY, WIDE
from bridge.relay.tokens import Token
from bridge.relay.tokens_fa import is_light_verb
from bridge.relay.translit import distance, firm_sounds, may_be_one

_NOT_CONTENT = frozenset(("modal", "neg", "actor", "cond", "zone", "unit", "order", "quant", "hedge"))
_CLOCK = frozenset(map(fold, ("الساعة", "ساعة", "ساعت", "يوم", "روز", "o'clock", "منذ", "مدت", "لمدة", "بحلول")))
_VAGUE = ("dir:ahead", "dir:behind", "dir:above", "dir:below")
UNKNOWN, EVERY_DAY, ECHO, LOOSE_ECHO = 0.7, 0.4, 0.25, 0.4
"""Weights of words that no table has, that translations add and leave out freely, that were said before, and that may
have been."""
_NO, _LOOSELY, _SURELY = 0, 1, 2
"""Whether two words say the same: no; a word for one may be rendered by one for the other; yes."""


@dataclass(slots=True)
class Word:
    """A content word of one text, or a word of grammar that carries a fact."""

    at: int
    token: Token
    concepts: frozenset[str]
    number: int = -1
    """Index of the matched number, where it is one."""
    fact: str = ""
    """Group of the fact; such a word only helps to cut the heard text."""
    met: bool = False
    echoes: int = 0
    """How surely it says again what the other text says once: it for the mine, the mine for it."""
    facing: bool = False
    """Stands beside a word that both texts have, where the other text has a lonely word too: likely its rendering."""
    segment: int = -1
    """Sealed sentence that it belongs to."""
    partner: int = -1
    """Token of the other text that it meets."""

    @property
    def weight(self) -> float:
        """How surely the other language needs a word of its own for this one."""
        if self.number >= 0 or self.token.tag == "name":
            return 1.0
        if self.token.is_light or self.token.key in WEAK:
            return 0.0  # first word of a phrase
        if self.echoes == _SURELY or self.facing:
            return ECHO
        if self.echoes:
            return LOOSE_ECHO
        if not self.concepts:
            return 1.0 if self.token.tag else UNKNOWN
        return EVERY_DAY if self.concepts & EVERYDAY else 1.0


@dataclass(slots=True)
class Layout:
    """Both texts' content words, heard ones cut into the sealed sentences."""

    sealed: list[Word]
    heard: list[Word]
    sentences: list[list[Word]] = field(default_factory=list)


def layout(pair: Pair) -> Layout:
    """Content words with what they meet."""
    numbers_ours = {at: index for index, (one, _) in enumerate(pair.numbers.pairs) for at in range(*one)}
    numbers_theirs = {at: index for index, (_, other) in enumerate(pair.numbers.pairs) for at in range(*other)}
    ours = _words(pair.sealed.tokens, pair.sealed.language, pair.numbers.sealed_used, numbers_ours)
    theirs = _words(pair.line, pair.heard.language, pair.numbers.heard_used, numbers_theirs)
    for word in ours:
        word.segment = word.token.sentence
    agree = [[_agree(mine, other) for other in theirs] for mine in ours]
    _cut(ours, theirs, agree, pair.sealed.sentences)
    for index in range(pair.sealed.sentences):
        _meet(ours, theirs, agree, index)
    _meet_elsewhere(ours, theirs, agree)
    _meet_joined(ours, theirs)
    _meet_joined(theirs, ours)
    for row, mine in zip(agree, ours, strict=True):
        mine.echoes = _NO if mine.met else max(row, default=_NO)
    for at, other in enumerate(theirs):
        other.echoes = _NO if other.met else max((row[at] for row in agree), default=_NO)
    sealed, heard = [word for word in ours if not word.fact], [word for word in theirs if not word.fact]
    _face(sealed, heard)
    count = pair.sealed.sentences
    return Layout(sealed, heard, [[word for word in sealed if word.segment == index] for index in range(count)])


def _face(ours: Sequence[Word], theirs: Sequence[Word]) -> None:
    """Pair lonely words that stand within two words of the same met one, one to one."""
    places = {word.at: index for index, word in enumerate(ours)}
    for index, other in enumerate(theirs):
        if other.met or other.echoes:
            continue
        for near in (index - 1, index + 1, index - 2, index + 2):
            anchor = places.get(theirs[near].partner, -1) if 0 <= near < len(theirs) and theirs[near].met else -1
            if anchor < 0:
                continue
            beside = (ours[at] for at in (anchor - 1, anchor + 1, anchor - 2, anchor + 2) if 0 <= at < len(ours))
            mine = next((word for word in beside if not (word.met or word.echoes or word.facing)), None)
            if mine is not None and mine.segment == other.segment:
                mine.facing = other.facing = True
                break


def _words(tokens: Sequence[Token], language: str, used: set[int], numbers: dict[int, int]) -> list[Word]:
    found: list[Word] = []
    seen: set[int] = set()
    inside = -1
    for at, token in enumerate(tokens):
        if at in numbers:
            if numbers[at] not in seen:
                seen.add(numbers[at])
                found.append(Word(at, token, frozenset(), numbers[at]))
            continue
        if at in used:
            continue
        phrase = phrase_meanings(tokens, at, language)
        if at != inside and (phrase or _is_content(token, language)):
            if is_phrase(tokens, at, language) and at + 1 not in used and not tokens[at + 1].tag:
                inside = at + 1
                phrase |= meanings(tokens[inside], language)
            found.append(Word(at, token, phrase | meanings(token, language)))
        found.extend(Word(at, token, frozenset(), fact=group) for group, _ in groups(tokens, at, language))
    return found


def _is_content(token: Token, language: str) -> bool:
    if token.is_light or token.key in WEAK or token.is_sign or token.tag in _NOT_CONTENT or token.text in _CLOCK:
        return False
    if len(token.text) < (3 if language == "en" else 2) or is_number(token, language) or token.is_code:
        return False
    return token.key not in _VAGUE and not (language == "fa" and is_light_verb(token.text))


def _agree(one: Word, other: Word) -> int:
    if one.fact or other.fact:
        return _SURELY * (one.fact == other.fact)
    if one.number >= 0 or other.number >= 0:
        return _SURELY * (one.number == other.number)
    shared = one.concepts & other.concepts
    if shared and not all(WIDE in name for name in shared):
        return _SURELY
    if one.token.tag and one.token.key == other.token.key:
        return _SURELY
    if _is_one_word(one.token, other.token) or _sounds_one(one, other):
        return _SURELY
    return _LOOSELY if shared else _NO


def _sounds_one(one: Word, other: Word) -> bool:
    if "date" in (one.token.tag, other.token.tag):
        return False  # tomorrow is no name: فردا, Farhadi
    first, second = (word.token.text.split(" ")[-1].removeprefix("ال") for word in (one, other))
    firm = min(firm_sounds(first), firm_sounds(second))
    known = (one.concepts or one.token.tag) and (other.concepts or other.token.tag)
    if known and not _may_be_name(one, other):
        # A name made of ordinary words: غلف ستار, gulf star.
        return firm >= 3 and first.isascii() != second.isascii() and distance(first, second) == 0
    return firm >= (2 if one.token.is_name or other.token.is_name else 3) and may_be_one(first, second)


def _is_one_word(one: Token, other: Token) -> bool:
    """Whether Persian and Arabic write one word alike, or one as a form of the other's root."""
    if one.text.isascii() or other.text.isascii():
        return one.text == other.text
    first, second = one.text.removeprefix("ال"), other.text.removeprefix("ال")
    if first == second:
        return True
    if min(len(first), len(second)) < 4:
        return False
    return bool(set(one.forms) & set(other.forms)) or bool(
        skeleton_ar(first) and skeleton_ar(first) == skeleton_ar(second)
    )


def _may_be_name(one: Word, other: Word) -> bool:
    """Whether the English word of the two may be a name: written so, or no word of the tables."""
    return any(word.token.text.isascii() and (word.token.is_name or not word.concepts) for word in (one, other))


FACT_WEIGHT, LENGTH_WEIGHT = 0.6, 0.05
"""What an agreeing fact counts beside an agreeing word, and a word too many or too few in a sentence."""


def _cut(ours: Sequence[Word], theirs: Sequence[Word], agree: Sequence[Sequence[int]], count: int) -> None:
    """Give each heard word the sentence that makes most words agree, sentences in order."""
    gains: list[list[float]] = []
    for index in range(count):
        rows = [row for row, mine in zip(agree, ours, strict=True) if mine.segment == index]
        sums = [0.0]
        for at, other in enumerate(theirs):
            sums.append(sums[-1] + (FACT_WEIGHT if other.fact else 1.0) * any(row[at] for row in rows))
        gains.append(sums)
    stretch = len(theirs) / max(1, len(ours))
    wanted = [stretch * sum(mine.segment == index for mine in ours) for index in range(count)]
    size = len(theirs)
    best = [0.0] + [-1e9] * size
    came: list[list[int]] = []
    for index in range(count):
        sums, row, back = gains[index], [-1e9] * (size + 1), [0] * (size + 1)
        for end in range(size + 1):
            for start in range(end + 1):
                score = best[start] + sums[end] - sums[start] - LENGTH_WEIGHT * abs(end - start - wanted[index])
                if score > row[end]:
                    row[end], back[end] = score, start
        best = row
        came.append(back)
    end = size
    for index in range(count - 1, -1, -1):
        start = came[index][end]
        for word in theirs[start:end]:
            word.segment = index
        end = start


def _meet(ours: Sequence[Word], theirs: Sequence[Word], agree: Sequence[Sequence[int]], index: int) -> None:
    """Match words of one sentence one to one; a word said in two words beside each other may be met twice."""
    mine = [at for at, word in enumerate(ours) if word.segment == index]
    said = [at for at, word in enumerate(theirs) if word.segment == index]
    for least in (_SURELY, _LOOSELY):
        for other in said:
            free = [one for one in mine if not ours[one].met and agree[one][other] >= least]
            if free and not theirs[other].met:
                ours[free[0]].met = theirs[other].met = True
                ours[free[0]].partner, theirs[other].partner = theirs[other].at, ours[free[0]].at
    for place, other in enumerate(said):
        if not theirs[other].met:
            near = any(theirs[at].met for at in said[max(0, place - 2) : place + 3])
            theirs[other].met = near and any(agree[one][other] == _SURELY for one in mine)
    for place, one in enumerate(mine):
        if not ours[one].met:
            near = any(ours[at].met for at in mine[max(0, place - 2) : place + 3])
            ours[one].met = near and any(agree[one][other] == _SURELY for other in said)


def _meet_elsewhere(ours: Sequence[Word], theirs: Sequence[Word], agree: Sequence[Sequence[int]]) -> None:
    """Words that moved into another sentence."""
    for at, other in enumerate(theirs):
        if other.met:
            continue
        free = [mine for mine, row in zip(ours, agree, strict=True) if not mine.met and row[at] == _SURELY]
        if free:
            nearest = min(free, key=lambda mine: abs(mine.segment - other.segment))
            nearest.met = other.met = True


def _meet_joined(halves: Sequence[Word], wholes: Sequence[Word]) -> None:
    """Names that one language writes as two words and the other as one: كمال آباد, کمال‌آباد."""
    for one, other in pairwise(halves):
        if one.met or other.met or not 0 < other.at - one.at <= (2 if one.token.text.isascii() else 1):
            continue
        article = "al" if other.at - one.at > 1 else ""  # Ras al Kuh
        joined = one.token.text + article + other.token.text
        if firm_sounds(joined) < 3:
            continue
        for whole in wholes:
            if not whole.met and may_be_one(joined, whole.token.text):
                one.met = other.met = whole.met = True
                one.partner = other.partner = whole.at
                whole.partner = one.at
                break
