"""Facts compared sentence by sentence: negation, and what comes first and what then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.base.text import fold
from bridge.relay import across_facts
from bridge.relay.across_clauses import region
from bridge.relay.across_facts import Counted
from bridge.relay.across_pair import Pair
from bridge.relay.across_words import Layout, Word
from bridge.relay.concepts import word_meanings
from bridge.relay.facts import Finding
from bridge.relay.tables import IMPLIED_NEGATIVE
from bridge.relay.tokens import Token

_NOTHING = Counted(0, 0, ())
_FIRST_VERBS = frozenset(("modal:must", "modal:should", "modal:may", "modal:ask", "modal:neednot", "modal:forbid"))
"""Persian verbs that begin the next sentence rather than end this one."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A negation lost (-1) or gained (+1) in a sentence."""

    sentence: int
    sign: int
    place: int
    certain: bool
    shown: bool
    """False: nothing of the sentence was recognised, so the change only explains one next to it."""


def sentence_findings(pair: Pair, both: Layout) -> list[Finding]:
    """Negations lost or added in their sentence; first and then exchanged."""
    changes = [change for index in range(pair.sealed.sentences) for change in _negation(pair, both, index)]
    found: list[Finding] = []
    for change in changes:
        # A sentence cut in the wrong place moves a negative into the next one: that is no change.
        moved = any(abs(o.sentence - change.sentence) == 1 and o.sign == -change.sign for o in changes)
        if change.shown and not moved and not _is_mere_shape(pair, both, change):
            place = (change.place, change.place + 1)
            ours, theirs = (place, None) if change.sign < 0 else (None, place)
            found.append(pair.finding("negation", ours, theirs, certain=change.certain and denies(pair, both, change)))
    if not found:
        found.extend(_in_all(pair, both))
    for index in range(pair.sealed.sentences):
        found.extend(_order(pair, both, index))
        found.extend(_condition(pair, both, index))
    return found


def _side(pair: Pair, both: Layout, change: _Change) -> tuple[tuple[Token, ...], list[Word], str]:
    if change.sign < 0:
        return pair.sealed.tokens, both.sealed, pair.sealed.language
    return pair.line, both.heard, pair.heard.language


def denies(pair: Pair, both: Layout, change: _Change) -> bool:
    """Whether the negated word itself was recognised in the other text, so that both say something of it."""
    tokens, words, _ = _side(pair, both, change)
    if tokens[change.place].tag == "modal":
        return False  # need not: what is denied is the degree
    own = "neg" in tokens[change.place].marks
    word = next((word for word in words if word.at == change.place + (not own)), None)
    return word is not None and word.partner >= 0 and word.weight == 1.0


def _is_mere_shape(pair: Pair, both: Layout, change: _Change) -> bool:
    """Whether the negative is only the form of a word (unharmed) of which the other text says nothing (safe)."""
    tokens, words, language = _side(pair, both, change)
    token = tokens[change.place]
    if token.text == _OTHER_THAN and language == "ar" and any(word.at == change.place for word in words):
        return True  # a phrase of the tables
    if token.text == _OTHER_THAN and language == "ar":
        adjective = next((word for word in words if word.at == change.place + 1), None)
        return adjective is not None and not adjective.met  # غير مقصود: an accident
    if token.key in ("neg:not", "neg:maybe") or "neg" in token.marks:
        return False
    if not across_facts.is_negative_shape(token.text, language):
        return False
    # A word that the tables know as it is (unharmed: safe) denies nothing that the other text says.
    return _is_own(token.text, language) or not any(word.at == change.place and word.met for word in words)


def _bare(text: str) -> str:
    """The word without its negative prefix."""
    prefix = next((prefix for prefix in _PREFIXES if text.startswith(prefix)), "")
    return text[len(prefix) :]


_OTHER_THAN = fold("غير")
_PREFIXES = ("un", fold("غیر"), fold("بی"))


def _condition(pair: Pair, both: Layout, index: int) -> list[Finding]:
    """A condition of the sealed sentence for which the heard one has no word at all."""
    ours = frozenset(at for at, token in enumerate(pair.sealed.tokens) if token.sentence != index)
    start, end = region(both, index, len(pair.line))
    theirs = frozenset(at for at in range(len(pair.line)) if not start <= at < end)
    used_ours, used_theirs = frozenset(pair.numbers.sealed_used), frozenset(pair.numbers.heard_used)
    mine = across_facts.count(pair.sealed.tokens, pair.sealed.language, used_ours | ours).get("condition", _NOTHING)
    said = across_facts.count(pair.line, pair.heard.language, used_theirs | theirs).get("condition", _NOTHING)
    telling = [at for at in mine.places if pair.sealed.tokens[at].text not in _LOOSE]
    everywhere = across_facts.count(pair.line, pair.heard.language, used_theirs).get("condition", _NOTHING)
    own = across_facts.count(pair.sealed.tokens, pair.sealed.language, used_ours).get("condition", _NOTHING)
    fewer = everywhere.most < sum(pair.sealed.tokens[at].text not in _LOOSE for at in own.places)
    if telling and fewer and not said.most and any(word.met for word in both.sentences[index]):
        return [pair.finding("condition", (telling[0], telling[0] + 1), None, certain=False)]
    return []


_LOOSE = frozenset(
    fold(word)
    for word in (
        *("تا", "هنگام", "در هنگام", "هر زمان", "هر وقت", "عند", "لدى", "متى", "بينما", "while", "whilst", "upon"),
        *("إن", "أن", "على أن"),
    )
)
"""Words of condition or time that another language leaves to a preposition."""


def _in_all(pair: Pair, both: Layout) -> list[Finding]:
    """A negation more or less in the whole text, where the sentences do not show which."""
    ours, ours_soft = _count(
        pair.sealed.tokens, 0, len(pair.sealed.tokens), pair.sealed.language, pair.numbers.sealed_used
    )
    theirs, theirs_soft = _count(pair.line, 0, len(pair.line), pair.heard.language, pair.numbers.heard_used)
    implied = _implying(pair.sealed.tokens, both.sealed, (0, len(pair.sealed.tokens)), pair.line, pair.sealed.language)
    excused = _implying(pair.line, both.heard, (0, len(pair.line)), pair.sealed.tokens, pair.heard.language)
    if ours.least > theirs.most + theirs_soft.most + excused:
        lost = _Change(pair.sealed.tokens[ours.places[-1]].sentence, -1, ours.places[-1], True, True)
        if _is_mere_shape(pair, both, lost):
            return []
        certain = denies(pair, both, lost)
        return [pair.finding("negation", (ours.places[-1], ours.places[-1] + 1), None, certain=certain)]
    if theirs.least > ours.most + ours_soft.most + implied:
        made = _Change(0, 1, theirs.places[-1], True, True)
        if _is_mere_shape(pair, both, made):
            return []
        certain = denies(pair, both, made)
        return [pair.finding("negation", None, (theirs.places[-1], theirs.places[-1] + 1), certain=certain)]
    # Without a search, with a search: nothing else in the text makes up for it.
    if ours_soft.least > theirs_soft.most + max(0, theirs.most - ours.least):
        return [pair.finding("negation", (ours_soft.places[-1], ours_soft.places[-1] + 1), None, certain=False)]
    return []


def _negation(pair: Pair, both: Layout, index: int) -> list[_Change]:
    ours = [at for at, token in enumerate(pair.sealed.tokens) if token.sentence == index]
    if not ours:
        return []
    mine, soft = _count(pair.sealed.tokens, ours[0], ours[-1] + 1, pair.sealed.language, pair.numbers.sealed_used)
    wide_start, wide_end = region(both, index, len(pair.line))
    wide, wide_soft = _count(pair.line, wide_start, wide_end, pair.heard.language, pair.numbers.heard_used)
    inside = [word.at for word in both.heard if word.met and word.segment == index]
    if not inside:
        return [_Change(index, -1, mine.places[-1], False, False)] if mine.least else []
    narrow = _narrow(pair, inside, wide_start, wide_end)
    if index == 0:
        narrow = 0, narrow[1]
    sure, _ = _count(pair.line, *narrow, pair.heard.language, pair.numbers.heard_used)
    said = wide.most + wide_soft.most - _named(both.heard, pair.heard.language, wide_start, wide_end)
    implied = _implying(pair.sealed.tokens, both.sealed, (ours[0], ours[-1] + 1), pair.line, pair.sealed.language)
    said += _implying(pair.line, both.heard, (wide_start, wide_end), pair.sealed.tokens, pair.heard.language)
    if mine.least > said:
        return [_Change(index, -1, mine.places[-1], True, True)]
    if sure.least > mine.most + soft.most + implied:
        return [_Change(index, 1, sure.places[-1], True, True)]
    if mine.most and said <= 0:
        return [_Change(index, -1, mine.places[-1], False, True)]
    if sure.most and not mine.most + soft.most + implied:
        return [_Change(index, 1, sure.places[-1], False, True)]
    return []


def _narrow(pair: Pair, inside: Sequence[int], first: int, last: int) -> tuple[int, int]:
    """Heard tokens that surely belong to a sentence whose words stand at `inside`, within those that may."""
    if pair.heard.language != "fa":
        return max(first, inside[0] - 2), inside[-1] + 1  # a negative stands before its verb
    start, end = inside[0], inside[-1] + 1  # the verb ends the sentence
    while end < min(last, inside[-1] + 3) and pair.line[end].key not in _FIRST_VERBS:
        end += 1
    while start > max(first, inside[0] - 2) and pair.line[start - 1].key in _FIRST_VERBS:
        start -= 1
    return start, end


def _implying(
    tokens: Sequence[Token], words: Sequence[Word], place: tuple[int, int], others: Sequence[Token], language: str
) -> int:
    """How many words say what the other language may say, and here does not say otherwise, with a negative."""
    known = IMPLIED_NEGATIVE[language]
    partners = {word.at: word.partner for word in words if word.partner >= 0}
    found = 0
    for at in range(*place):
        token = tokens[at]
        if _passes(tokens, at, language):
            continue
        if not known.isdisjoint((token.text, *token.text.split(" "), *token.forms)):
            partner = partners.get(at, -1)
            near = others[max(0, partner - 1) : partner + 3] if partner >= 0 else ()
            found += partner < 0 or any(other.tag == "neg" or "neg" in other.marks for other in near)
    return found


def _passes(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Whether Persian رد says pass, not reject: از جلوی ما رد شد."""
    if language != "fa" or tokens[at].text != _REJECT:
        return False
    before = [token for token in tokens[:at] if token.sentence == tokens[at].sentence]
    return any(token.text.split(" ")[0] == _FROM for token in before)


_REJECT, _FROM = fold("رد"), fold("از")


def _named(words: list[Word], language: str, start: int, end: int) -> int:
    """How many words of negative form the other text renders as they are: illegal by unlawful, no denial of its own."""
    found = (word for word in words if start <= word.at < end and word.partner >= 0 and not word.token.marks)
    return sum(_is_own(word.token.text, language) for word in found if word.token.tag == "")


def _is_own(text: str, language: str) -> bool:
    own = word_meanings(text, language)
    shaped = across_facts.is_negative_shape(text, language)
    return shaped and bool(own) and not own & word_meanings(_bare(text), language)


def _count(tokens: tuple[Token, ...], start: int, end: int, language: str, used: set[int]) -> tuple[Counted, Counted]:
    """Negations, and words that may imply one."""
    outside = frozenset(at for at in range(len(tokens)) if not start <= at < end)
    counted = across_facts.count(tokens, language, frozenset(used) | outside)
    soft, without = counted.get("soft negation", _NOTHING), counted.get("without", _NOTHING)
    # Places are those of "without", which other languages have too; the rest only excuses.
    return counted.get("negation", _NOTHING), Counted(without.most, soft.most + without.most, without.places)


def _order(pair: Pair, both: Layout, index: int) -> list[Finding]:
    """What stands before "then" in the sealed sentence and after it in the heard one, and the other way round."""
    turn = next((at for at, t in enumerate(pair.sealed.tokens) if t.key == "order:then" and t.sentence == index), None)
    if turn is None:
        return []
    start, end = region(both, index, len(pair.line))
    there = next((at for at in range(start, end) if pair.line[at].key == "order:then"), None)
    if there is None:
        return []
    met = [(word.at, word.partner) for word in both.sentences[index] if word.partner >= 0]
    later = [row for row in met if row[0] < turn and row[1] > there]
    sooner = [row for row in met if row[0] > turn and row[1] < there]
    if not (later and sooner):
        return []
    place = (later[0][0], sooner[-1][0] + 1)
    said = (min(row[1] for row in sooner), max(row[1] for row in later) + 1)
    return [pair.finding("order", place, said, certain=len(later) + len(sooner) > 2)]
