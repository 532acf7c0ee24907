"""What the differences between two texts of one language mean.

It turns alignment steps into findings. A finding is certain when a fact was heard with another value, and doubtful
when a recogniser or another wording could explain it; the operator is asked to have doubtful slots said again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.relay import align
from bridge.relay.align import Step
from bridge.relay.likeness import sounds_alike
from bridge.relay.numerals import atoms
from bridge.relay.similar import Relation, is_weak
from bridge.relay.tables import TABLES
from bridge.relay.tokens import Text, Token


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between what was sealed and what was heard."""

    kind: str
    """omission, addition, substitution, or the fact: number, unit, negation, time, position, bearing, name,
    call-sign, modality, condition, hedge, role, order, direction, clause."""
    sealed: str
    heard: str
    span: tuple[int, int]
    """Half-open word indices in the heard text."""
    sealed_span: tuple[int, int]
    certain: bool = True
    """False: could be a mishearing; the slot is to be said again."""


FACTS = {
    "neg": "negation",
    "modal": "modality",
    "cond": "condition",
    "hedge": "hedge",
    "actor": "role",
    "order": "order",
    "dir": "direction",
    "unit": "unit",
    "date": "time",
    "zone": "time",
    "quant": "number",
    "name": "name",
}
"""Class of a token to kind of a finding."""
_DOUBTFUL_KEYS = frozenset(
    (
        "hedge:approx",
        "hedge:certain",
        "order:now",
        "order:again",
        "actor:them",
        "cond:because",
        "modal:intend",
        "modal:try",
        "modal:will",
    )
)
_DOUBTFUL_TAGS = frozenset(("actor", "quant", "zone", "unit"))
_QUIET = frozenset(
    (Relation.SAME.value, Relation.LIKE.value, align.NUMBER, align.CODE, align.JOINED, "repeat", "corrected")
)
COMPASS = frozenset(f"dir:{point}" for point in "n s e w ne nw se sw nne nnw sse ssw ene ese wnw wsw".split())
_BEARING_CUES = frozenset(("bear", "bearing", "cours", "head", "heading", "سمت", "اتجاه", "زاويه", "مسير", "مسار"))
_COULD_BE_MISHEARD = 0.5
"""`sounds_alike` from here on: one word in place of another of another class may be the recogniser's."""
_SHORT = 3
_OPENING_WORDS = 2
"""Words of talk that make a greeting of what stands before the message, with one other word among them."""
_SHORTEST_ASIDE, _LONGEST_ASIDE = 3, 6
"""Tokens of a remark about the speaking itself, as in: how shall I put it."""
CLAUSE_WORDS = 3
"""Content words in a row that make an omission or addition a clause."""


def judge(sealed: Text, heard: Text, steps: Sequence[Step]) -> list[Finding]:
    """Findings in the order of the heard text."""
    found: list[Finding] = []
    runs: list[tuple[str, list[Step]]] = []
    for step in steps:
        if step.kind in (align.OMIT, align.ADD):
            if runs and runs[-1][0] == step.kind and _touches(runs[-1][1][-1], step):
                runs[-1][1].append(step)
            else:
                runs.append((step.kind, [step]))
        elif step.kind not in _QUIET:
            found.extend(_single(sealed, heard, step))
    found.extend(_runs(sealed, heard, runs))
    return sorted(found, key=lambda finding: (finding.span, finding.sealed_span))


def _touches(last: Step, step: Step) -> bool:
    return last.sealed_to == step.sealed_from and last.heard_to == step.heard_from


def _words(text: Text, first: int, last: int) -> tuple[int, int]:
    """Word indices of tokens [first, last); an empty range gives the place between words."""
    tokens = text.tokens
    if first < last:
        return tokens[first].start, tokens[last - 1].end
    place = tokens[first].start if first < len(tokens) else len(text.words)
    return place, place


def make(sealed: Text, heard: Text, kind: str, place: Step, *, certain: bool) -> Finding:
    """A finding about sealed and heard tokens of `place`."""
    ours = _words(sealed, place.sealed_from, place.sealed_to)
    theirs = _words(heard, place.heard_from, place.heard_to)
    said = " ".join(heard.words[theirs[0] : theirs[1]])
    return Finding(kind, " ".join(sealed.words[ours[0] : ours[1]]), said, theirs, ours, certain)


def _single(sealed: Text, heard: Text, step: Step) -> Iterator[Finding]:
    one, other = sealed.tokens[step.sealed_from : step.sealed_to], heard.tokens[step.heard_from : step.heard_to]
    if step.kind == "doubt":
        yield make(sealed, heard, "number", step, certain=False)
    elif step.kind == align.NUMBER_CONFLICT:
        yield make(sealed, heard, number_kind(sealed, step.sealed_from, step.sealed_to), step, certain=True)
    elif step.kind == align.CODE_CONFLICT:
        yield make(sealed, heard, "call-sign", step, certain=True)
    elif step.kind == Relation.TURN.value:
        kind = "modality" if "modal" in (one[0].tag, other[0].tag) else "substitution"
        yield make(sealed, heard, kind, step, certain=False)
    elif step.kind == Relation.MARK.value:
        kind = "negation" if _negates(one[0], other[0]) else "role"
        # Must and you must: one says less, not other. We must and you must differ.
        says_less = one[0].tag == "modal" and not (one[0].marks & _PARTIES and other[0].marks & _PARTIES)
        yield make(sealed, heard, kind, step, certain=kind == "negation" or not says_less)
    elif step.kind == Relation.CONFLICT.value:
        if {one[0].key, other[0].key} not in _SAME_MEANING:
            certain = not ({one[0].key, other[0].key} & _DOUBTFUL_KEYS)
            certain = certain and (bool(one[0].tag) or sounds_alike(one[0].text, other[0].text, sealed.language) < 0.6)
            yield make(sealed, heard, FACTS.get(one[0].tag, "substitution"), step, certain=certain)
    else:
        yield from _replaced(sealed, heard, step, one[0], other[0])


_PARTIES = frozenset(("us", "you"))
_SAME_MEANING = (
    {"dir:to", "dir:toward"},
    {"cond:when", "cond:if"},
    {"order:then", "order:finally"},
    {"modal:will", "modal:intend"},
)


def _is_one_letter_off(one: str, other: str) -> bool:
    """Short words that a recogniser takes for each other on a telephone: if, is."""
    if len(one) != len(other) or len(one) > _SHORT:
        return False
    return sum(here != there for here, there in zip(one, other, strict=True)) == 1


def _negates(one: Token, other: Token) -> bool:
    return "neg" in (one.marks ^ other.marks) or not (one.marks ^ other.marks)


def _replaced(sealed: Text, heard: Text, step: Step, one: Token, other: Token) -> Iterator[Finding]:
    """One word in place of another."""
    ours, theirs = _is_fact(one, sealed.language), _is_fact(other, heard.language)
    light, also_light = one.is_light or is_weak(one), other.is_light or is_weak(other)
    if step.kind == Relation.NEAR.value:
        kind = (FACTS.get(one.tag) or FACTS.get(other.tag) if ours or theirs else None) or "substitution"
        if not (light and also_light):
            yield make(sealed, heard, "name" if one.is_name else kind, step, certain=False)
        return
    if light and also_light:
        return
    if ours or theirs:
        misheard = sounds_alike(one.text, other.text, sealed.language) >= _COULD_BE_MISHEARD
        misheard = misheard or (ours != theirs and _is_one_letter_off(one.text, other.text))
        if ours:
            certain = _is_certain(one) and not misheard
            yield make(sealed, heard, fact_kind(sealed, step.sealed_from), step, certain=certain)
        if theirs:
            certain = _is_certain(other) and not misheard
            yield make(sealed, heard, fact_kind(heard, step.heard_from), step, certain=certain)
    elif one.is_name:
        yield make(sealed, heard, "name", step, certain=True)
    elif light:
        yield make(sealed, heard, "addition", step, certain=False)
    else:
        yield make(sealed, heard, "omission" if also_light else "substitution", step, certain=False)


def is_number(token: Token, language: str) -> bool:
    """Whether the token is a number by itself, not only by a homophone."""
    if token.is_figure:
        return True
    if token.is_light or token.tag:
        return False
    found = atoms(token, language)
    homophones = TABLES[language].digit_homophones
    return bool(found) and found[0].kind in "futhkd" and token.text not in homophones


def _is_fact(token: Token, language: str) -> bool:
    if is_weak(token) or token.is_light or token.is_sign:
        return False
    return token.tag in FACTS or token.is_code or is_number(token, language)


def _is_certain(token: Token) -> bool:
    return token.tag not in _DOUBTFUL_TAGS and token.key not in _DOUBTFUL_KEYS


def fact_kind(text: Text, at: int) -> str:
    """Kind of the fact that token `at` carries."""
    token = text.tokens[at]
    if is_number(token, text.language):
        return number_kind(text, at, at + 1)
    return "call-sign" if token.is_code else FACTS.get(token.tag, "substitution")


def number_kind(text: Text, start: int, end: int) -> str:
    """What the number in tokens [start, end) measures, by the words around it."""
    before, after = text.tokens[max(0, start - 2) : start], text.tokens[end : end + 5]
    if any(token.is_code for token in before[-1:]):
        return "call-sign"
    if any(token.tag == "zone" for token in after[:1]) or any(token.tag == "date" for token in after[:1]):
        return "time"
    if after and after[0].key in ("unit:deg", "unit:min") and any(token.key in COMPASS for token in after):
        return "position"
    if any(set(token.forms) & _BEARING_CUES or token.key in _BEARING_CUES for token in before):
        return "bearing"
    return "number"


@dataclass(frozen=True, slots=True)
class _Polite:
    """Tokens of the heard text that may be said around a message, and those in whole phrases of that kind."""

    words: Sequence[bool]
    phrases: Sequence[bool]


def _runs(sealed: Text, heard: Text, runs: Sequence[tuple[str, list[Step]]]) -> Iterator[Finding]:
    moved = _moved(sealed, heard, runs)
    polite = _Polite(align.courtesies(heard), align.courtesies(heard, phrases_only=True))
    for index, (kind, steps) in enumerate(runs):
        place = Step(kind, steps[0].sealed_from, steps[-1].sealed_to, steps[0].heard_from, steps[-1].heard_to)
        if index in moved:
            if kind == align.OMIT and not moved[index]:
                yield make(sealed, heard, "order", place, certain=False)
            continue
        if kind == align.OMIT:
            yield from _lost(sealed, heard, place)
        else:
            yield from _invented(sealed, heard, place, polite)


def _content(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if not token.is_light and not is_weak(token) and not token.is_sign]


def _moved(sealed: Text, heard: Text, runs: Sequence[tuple[str, list[Step]]]) -> dict[int, bool]:
    """Runs that were said elsewhere, with whether the new place means the same."""
    found: dict[int, bool] = {}
    lost = [index for index, (kind, _) in enumerate(runs) if kind == align.OMIT]
    made = [index for index, (kind, _) in enumerate(runs) if kind == align.ADD]
    for one in lost:
        ours = _content(sealed.tokens[runs[one][1][0].sealed_from : runs[one][1][-1].sealed_to])
        if not ours:
            continue
        for other in made:
            theirs = _content(heard.tokens[runs[other][1][0].heard_from : runs[other][1][-1].heard_to])
            if other not in found and Counter(t.key for t in ours) == Counter(t.key for t in theirs):
                found[one] = found[other] = all(token.tag in ("date", "zone", "unit") for token in ours)
                break
    return found


def _lost(sealed: Text, heard: Text, place: Step) -> Iterator[Finding]:
    tokens = sealed.tokens[place.sealed_from : place.sealed_to]
    content = _content(tokens)
    plain = [token for token in content if not _is_fact(token, sealed.language)]
    if len(content) >= CLAUSE_WORDS and plain:
        yield make(sealed, heard, "clause" if len(content) > CLAUSE_WORDS else "omission", place, certain=True)
        return
    for at, token in enumerate(tokens, place.sealed_from):
        spot = Step(place.kind, at, at + 1, place.heard_from, place.heard_from)
        if token in plain:
            yield make(sealed, heard, "omission", spot, certain=False)
        elif _is_fact(token, sealed.language) and not _is_unsaid(sealed, at):
            yield make(sealed, heard, fact_kind(sealed, at), spot, certain=_is_certain(token))


def _is_unsaid(text: Text, at: int) -> bool:
    """Degrees of a bearing, minutes of a position, hours of a clock time: left out without loss."""
    token = text.tokens[at]
    around = text.tokens[max(0, at - 3) : at + 4]
    if token.key in ("unit:deg", "unit:min"):
        kind = number_kind(text, at - 1, at) if at else "number"
        return kind == "bearing" or any(near.tag == "dir" for near in around)
    return token.key == "unit:hour" and at > 0 and any(near.tag == "zone" for near in around)


def _is_greeting(heard: Text, place: Step, content: Sequence[Token], polite_words: _Polite) -> bool:
    """Whether the words hold a phrase of courtesy and hardly more: good evening from the whole watch."""
    known = polite_words.words[place.heard_from : place.heard_to]
    opening = place.sealed_from == 0 and sum(known) >= _OPENING_WORDS
    if len(content) > 1 or not (opening or any(polite_words.phrases[place.heard_from : place.heard_to])):
        return False
    return all(token.tag in ("", "name") and not is_number(token, heard.language) for token in content)


def _is_about_others(place: Step, tokens: Sequence[Token], polite_words: _Polite) -> bool:
    """Whether words of talk say something of somebody: one of them is an officer."""
    in_phrase = any(polite_words.phrases[place.heard_from : place.heard_to])
    return not in_phrase and any(token.key == "actor:them" for token in tokens)


def _invented(sealed: Text, heard: Text, place: Step, polite_words: _Polite) -> Iterator[Finding]:
    tokens = heard.tokens[place.heard_from : place.heard_to]
    courteous = polite_words.words[place.heard_from : place.heard_to]
    if 0 < place.sealed_from < len(sealed.tokens) and len(tokens) < _SHORTEST_ASIDE:
        in_phrase = polite_words.phrases[place.heard_from : place.heard_to]
        courteous = [
            known and (sure or not token.tag) for known, sure, token in zip(courteous, in_phrase, tokens, strict=True)
        ]
    content = [
        token for token, polite in zip(tokens, courteous, strict=True) if not polite and token in _content(tokens)
    ]
    edge = place.sealed_from in (0, len(sealed.tokens))
    if edge and any(courteous) and [token.tag for token in content] == ["name"]:
        return  # hello, this is Muscat
    if edge and _is_greeting(heard, place, content, polite_words):
        return
    if edge and not content and _is_about_others(place, tokens, polite_words):
        yield make(sealed, heard, "addition", place, certain=False)
        return
    idle = all(polite or token.is_light for polite, token in zip(courteous, tokens, strict=True))
    if not content and (edge or all(courteous) or (idle and 2 <= len(tokens) <= _LONGEST_ASIDE)):
        return
    plain = [token for token in content if not _is_fact(token, heard.language)]
    if len(content) >= CLAUSE_WORDS and plain:
        yield make(sealed, heard, "clause" if len(content) > CLAUSE_WORDS else "addition", place, certain=True)
        return
    for at, token in enumerate(tokens, place.heard_from):
        spot = Step(place.kind, place.sealed_from, place.sealed_from, at, at + 1)
        if token in plain:
            yield make(sealed, heard, "addition", spot, certain=False)
        elif token in content and _is_fact(token, heard.language) and not _is_unsaid(heard, at):
            yield make(sealed, heard, fact_kind(heard, at), spot, certain=_is_certain(token))
