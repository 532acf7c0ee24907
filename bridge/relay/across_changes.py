"""Facts that words carry, said more often in one of two texts: what was lost, made or exchanged for another degree.

How often a fact is said is counted elsewhere (`across_facts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.relay.across_facts import Counted


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact said more often on one side."""

    group: str
    is_lost: bool
    """Said in the sealed text and not in the heard one."""
    place: int
    """Token in the text that has it."""
    sure: bool = True
    """False: the word may carry the fact and may not."""


def differences(ours: Mapping[str, Counted], theirs: Mapping[str, Counted]) -> list[Difference]:
    """Groups whose ranges do not meet."""
    nothing = Counted(0, 0, ())
    found: list[Difference] = []
    for group in sorted((set(ours) | set(theirs)) - _ELSEWHERE):
        one, other = ours.get(group, nothing), theirs.get(group, nothing)
        if group in _WIDENED:
            one, other = _widened(one, ours, group), _widened(other, theirs, group)
        if one.least > other.most and not _rendered(group, ours, theirs):
            found.append(Difference(group, True, one.places[-1]))
        elif other.least > one.most and not _rendered(group, theirs, ours):
            found.append(Difference(group, False, other.places[-1]))
    return (_without_manners(found) or _exchanged(ours, theirs)) + _made_sure(ours, theirs)


_ELSEWHERE = frozenset(("negation", "soft negation", "without", "until", "duty", "certain", "exact", "about"))
"""Groups counted sentence by sentence, and those of which one more or less tells nothing by itself."""


def _made_sure(ours: Mapping[str, Counted], theirs: Mapping[str, Counted]) -> list[Difference]:
    """A doubt that became certain, about that became exactly, and the other way round."""
    found: list[Difference] = []
    for doubts, sure in ((_DOUBTS, "certain"), (("about", *_DOUBTS), "exact")):
        for is_lost, side, other in ((True, ours, theirs), (False, theirs, ours)):
            fewer = [group for group in doubts if group in side and _doubt(side, group) > _most(other, group)]
            if fewer and _most(other, sure) > _most(side, sure):
                found.append(Difference(fewer[0], is_lost, side[fewer[0]].places[-1], sure=False))
                found.append(Difference(sure, not is_lost, other[sure].places[-1], sure=False))
    return found


def _doubt(side: Mapping[str, Counted], group: str) -> int:
    """How often a doubt is said; may only where it surely is one."""
    return side[group].least if group == _DOUBTS[0] else side[group].most


def _most(side: Mapping[str, Counted], group: str) -> int:
    return side[group].most if group in side else 0


def _without_manners(found: list[Difference]) -> list[Difference]:
    """Without a request that only one side words as one, and a demand that only became milder or plain.

    A request that turned into another degree leaves that degree on the other side.
    """
    degrees = [one for one in found if one.group in _DEGREES]
    return [
        one
        for one in found
        if (one.group != "ask" and not (one.group == "demand" and one.is_lost))
        or any(other.is_lost != one.is_lost for other in degrees)
    ]


def _rendered(group: str, side: Mapping[str, Counted], other: Mapping[str, Counted]) -> bool:
    """Whether a doubt is said by the other kind of word for a doubt: probably, may."""
    if group not in _DOUBTS:
        return False
    rendering = _DOUBTS[group == _DOUBTS[0]]
    return _most(other, rendering) > _most(side, rendering)


_DOUBTS = ("may", "hedge")
_WIDENED = {"before": "until", "must": "duty"}
"""Groups that words of another group may say."""


def _widened(counted: Counted, side: Mapping[str, Counted], group: str) -> Counted:
    """The count with the words that may say it."""
    more = side.get(_WIDENED[group])
    return Counted(counted.least, counted.most + more.most, counted.places) if more else counted


_DEGREES = ("ask", "demand", "must", "should", "may")
_TIMES = ("before", "after", "during")


def _exchanged(ours: Mapping[str, Counted], theirs: Mapping[str, Counted]) -> list[Difference]:
    """One degree of obligation for another, though each word for it is unsure by itself: asks, orders."""
    for scale in (_DEGREES, _TIMES):
        lost = [group for group in scale if group in ours and group not in theirs]
        made = [group for group in scale if group in theirs and group not in ours]
        sure = (lost and ours[lost[0]].least) or (made and theirs[made[0]].least)
        if lost and made and sure:
            return [
                Difference(lost[0], True, ours[lost[0]].places[-1], ours[lost[0]].least > 0),
                Difference(made[0], False, theirs[made[0]].places[-1], theirs[made[0]].least > 0),
            ]
    return []
