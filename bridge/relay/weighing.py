"""Weighs what the tables found across languages against what a judge of meaning says.

The tables see facts well and wording badly; the judge sees meaning and no numbers. Numbers, units, times, places and
call signs stand as the tables found them. All other findings stand or fall together with the judge's, by one sum whose
weights were learned from pairs that neither had seen (`tables/judge.toml`).
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from types import MappingProxyType

from bridge.base.text import fold
from bridge.relay.across_pair import Pair
from bridge.relay.concepts import meanings
from bridge.relay.facts import Finding
from bridge.relay.meaning import NUMBER, Judge, Opinion, Shown, shown
from bridge.relay.numerals import is_quantity
from bridge.relay.ordinary import is_ordinary
from bridge.relay.tables import ORDINARY
from bridge.relay.tokens import Token, read

FACTS = frozenset(("number", "unit", "time", "position", "bearing", "call-sign"))
"""Kinds that stand as the tables found them: a judge sees no numbers, and the words for days and hours are few."""
SURE = frozenset(("direction",))
"""Kinds whose words are few and known: what the tables are certain of stands, too."""
_GROUPS = MappingProxyType(
    {
        "addition": "clause",
        "omission": "clause",
        "clause": "clause",
        "substitution": "contrary",
        "modality": "modality",
        "condition": "condition",
        "hedge": "hedge",
        "negation": "negation",
        "order": "order",
        "role": "role",
        "direction": "direction",
    }
)
_MOST, _FURTHEST = 2, 7.0
"""Findings of a group that count; logits are cut here: a judge is never surer than that."""
_WORD, _SHORT = re.compile(r"[A-Za-z']+"), 3
"""Letters of a word that may be a name."""
_LIKELY = 0.5
"""A word that is wrong rather than right."""

_TABLE = tomllib.loads(resources.files("bridge.relay").joinpath("tables/judge.toml").read_text("utf-8"))
WEIGHTS: Mapping[str, float] = MappingProxyType(_TABLE["weights"])
ALTERED = float(_TABLE["altered"])
"""The sum above which a doubt of the tables is certain: some three of a hundred faithful texts weigh as much."""


@dataclass(frozen=True, slots=True)
class Case:
    """What the tables found in two texts, and the words that a judge is asked about."""

    ours: list[Shown]
    theirs: list[Shown]
    facts: list[Finding]
    """What stands whatever a judge says."""
    doubts: list[tuple[Finding, str]]
    """What is weighed, each with its group."""


def case(pair: Pair, found: Sequence[Finding]) -> Case:
    """Part the findings."""
    ours, theirs = shown(pair.sealed, pair.sealed.tokens), shown(pair.heard, pair.line)
    facts, doubts = list[Finding](), list[tuple[Finding, str]]()
    for one in found:
        slight = _slight(pair, one)
        if not slight and (one.kind in FACTS or (one.certain and one.kind in SURE)):
            facts.append(one)
        else:
            group = _name_group(pair, one) if one.kind == "name" else _GROUPS.get(one.kind, "clause")
            doubts.append((one, slight or group))
    return Case(ours, theirs, facts, doubts)


def _slight(pair: Pair, finding: Finding) -> str:
    """The group of a number or time that is no more than a doubt, or nothing: a bound without its figure, a unit that
    one side leaves out, and words that say something else as often (village and ten, one and somebody, today and so
    far), where the other side has nothing in their place."""
    if finding.certain:
        return ""
    sides = ((pair.sealed, finding.sealed_span), (pair.heard, finding.span))
    said = [(text.language, token) for text, span in sides for token in text.tokens if _lies_in(token, span)]
    if finding.kind == "number" and said and all(token.tag == "quant" or token.is_light for _, token in said):
        return "bound"
    if finding.kind == "unit":
        return "slight"
    if finding.kind not in ("number", "time") or (finding.sealed and finding.heard):
        return ""
    vague = all(
        token.key in _VAGUE or token.is_light or _says_else(pair, language, token, finding) for language, token in said
    )
    return "slight" if said and vague else ""


def _lies_in(token: Token, span: tuple[int, int]) -> bool:
    return span[0] <= token.start and token.end <= span[1]


def _says_else(pair: Pair, language: str, token: Token, finding: Finding) -> bool:
    """Whether a word for a number may say something else where it stands."""
    if token.text in _AMBIGUOUS[language]:
        return True
    if language != "fa" or token.text not in _NAMED:
        return False
    text, other = (pair.sealed, pair.heard) if finding.sealed else (pair.heard, pair.sealed)
    if token.text == _VILLAGE and any(meanings(one, other.language) & _VILLAGES for one in other.tokens):
        return True
    beside = [one for one in text.tokens if one.start == token.end or one.end == token.start]
    return any(
        not (one.tag or one.is_light or is_quantity(one, language) or is_ordinary(one, language)) for one in beside
    )


_SPANS = (f"date:{which}_{span}" for which in ("this", "next", "last") for span in ("week", "month"))
_VAGUE = frozenset(("date:today", "unit:week", "unit:day", *_SPANS))
_AMBIGUOUS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "en": frozenset("one single second third for to too first".split()),
        "fa": frozenset(map(fold, "نه یک یکی دوم سوم سومی جفت".split())),
        "ar": frozenset(
            map(fold, "واحد واحدة أحد إحدى ثانية ثان الثانية الثالثة ثالثة ثالث تسع عشر الأول أول ستون".split())
        ),
    }
)
_VILLAGE = fold("ده")
_NAMED = frozenset((_VILLAGE, *map(fold, ("سی", "چار", "هزار"))))
"""Numbers that are parts of names, too: Sea Falcon is written with thirty; and the village."""
_VILLAGES = meanings(read("روستا", "fa").tokens[0], "fa")


def _name_group(pair: Pair, finding: Finding) -> str:
    """How likely the words are a name: in a list of names, in no vocabulary, or written large inside a sentence."""
    if _is_listed(pair.sealed.tokens, finding.sealed_span) or _is_listed(pair.line, finding.span):
        return "name"
    if pair.sealed.language == "en" and finding.sealed:
        words = pair.sealed.words
        start, end = finding.sealed_span
        inner = [at for at in range(start, end) if at > 0 and not words[at - 1].endswith((".", "?", "!", ";", ":"))]
        if any(words[at][:1].isupper() for at in inner):
            return "name"
        return _unless_ordinary(finding.sealed) if len(inner) < end - start else "rare"  # small letters are no name
    if pair.heard.language == "en" and finding.heard:
        return _unless_ordinary(finding.heard)
    return "name facing" if finding.sealed and finding.heard else "name unread"


def _is_listed(tokens: Sequence[Token], span: tuple[int, int]) -> bool:
    return any(token.tag == "name" and token.start < span[1] and span[0] < token.end for token in tokens)


def _unless_ordinary(text: str) -> str:
    known = ORDINARY["en"]
    words = [word.lower() for word in _WORD.findall(text)]
    return "rare" if all(len(word) < _SHORT or word in known or word.rstrip("s") in known for word in words) else "name"


def settled(pair: Pair, found: Sequence[Finding]) -> list[Finding]:
    """What can be said before a judge is asked: numbers and the like, and what the tables are certain of."""
    facts = case(pair, found).facts
    return [one for one in found if one.certain or one in facts]


def weighed(pair: Pair, found: Sequence[Finding], judge: Judge) -> list[Finding]:
    """The findings that stand, and those of the judge, in the order of the heard text."""
    asked = case(pair, found)
    opinion = None
    if asked.ours and asked.theirs:
        opinion = judge.judge([one.text for one in asked.ours], [one.text for one in asked.theirs])
    if opinion is None:
        return list(found)
    total = weight(features(asked, opinion))
    if total <= 0:
        return asked.facts
    more = [one for one in _judged(pair, asked, opinion) if not _overlap(one, found)]
    standing = [*found, *more]
    if total > ALTERED and asked.doubts:
        likeliest = max(asked.doubts, key=lambda doubt: _thought(asked, opinion, doubt[0]))[0]
        standing = [replace(one, certain=True) if one is likeliest else one for one in standing]
    return sorted(standing, key=lambda finding: (finding.span, finding.sealed_span))


def features(asked: Case, opinion: Opinion) -> dict[str, float]:
    """What is summed up, by name: the judge's opinion of the whole and of the worst words, how many doubts of a group
    there are, and what the judge thinks of the words of the likeliest of them."""
    counted: dict[str, float] = {"one": 1.0, "pair": _logit(opinion.altered)}
    counted["sealed"] = _logit(max(opinion.sealed, default=0.0))
    counted["heard"] = _logit(max(opinion.heard, default=0.0))
    for doubt, group in asked.doubts:
        shared, sure = f"{group} shared", f"{group} sure"
        counted[group] = min(float(_MOST), counted.get(group, 0.0) + 1.0)
        counted[shared] = max(counted.get(shared, 0.0), _logit(_thought(asked, opinion, doubt)) + _FURTHEST)
        counted[sure] = max(counted.get(sure, 0.0), float(doubt.certain))
    return counted


def _thought(asked: Case, opinion: Opinion, doubt: Finding) -> float:
    """How likely the judge thinks the likeliest word of a doubt wrong, 0 to 1."""
    return max(_within(asked.ours, opinion.sealed, doubt.sealed_span), _within(asked.theirs, opinion.heard, doubt.span))


def _within(words: Sequence[Shown], wrong: Sequence[float], span: tuple[int, int]) -> float:
    """How likely the judge thinks the likeliest word in a range wrong, 0 to 1."""
    meant = [chance for word, chance in zip(words, wrong, strict=True) if word.start < span[1] and span[0] < word.end]
    return max(meant, default=0.0)


def weight(counted: Mapping[str, float]) -> float:
    """Above zero: to be checked."""
    return sum(WEIGHTS.get(name, 0.0) * value for name, value in counted.items())


def _logit(chance: float) -> float:
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return max(-_FURTHEST, min(_FURTHEST, math.log(chance / (1 - chance))))


def _overlap(one: Finding, others: Sequence[Finding]) -> bool:
    return any(
        (one.span[0] < other.span[1] and other.span[0] < one.span[1])
        or (one.sealed_span[0] < other.sealed_span[1] and other.sealed_span[0] < one.sealed_span[1])
        for other in others
    )


def _judged(pair: Pair, asked: Case, opinion: Opinion) -> list[Finding]:
    """The judge's finding, with the words that it thinks wrong: on both sides, or on one."""
    lost, made = _worst(asked.ours, opinion.sealed), _worst(asked.theirs, opinion.heard)
    sides = [one for one in (lost, made) if one[0] >= _LIKELY] or [max(lost, made)]
    mine = lost[1] if lost in sides else (0, 0)
    said = made[1] if made in sides else (0, 0)
    kind = "addition" if mine == (0, 0) else "omission" if said == (0, 0) else "substitution"
    ours, theirs = pair.sealed.words[mine[0] : mine[1]], pair.heard.words[said[0] : said[1]]
    return [Finding(kind, " ".join(ours), " ".join(theirs), said, mine, certain=False)]


def _worst(words: Sequence[Shown], wrong: Sequence[float]) -> tuple[float, tuple[int, int]]:
    """The likeliest wrong word, and with it the run of words around it that are likelier wrong than right."""
    likely = [0.0 if word.text == NUMBER else chance for word, chance in zip(words, wrong, strict=True)]
    at = max(range(len(likely)), key=likely.__getitem__)
    first = last = at
    while first > 0 and likely[first - 1] >= _LIKELY:
        first -= 1
    while last + 1 < len(likely) and likely[last + 1] >= _LIKELY:
        last += 1
    return likely[at], (words[first].start, words[last].end)
