"""Facts that words carry (negation, modality, condition, hedge, order, direction, date), counted on both sides.

A word that may or may not carry its fact widens the count to a range; only ranges that do not meet are a finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bridge.base.text import fold
from bridge.relay.across_degrees import UNSURE
from bridge.relay.across_implied import denies_nothing, implied, is_compared, is_negated, is_question, is_timed
from bridge.relay.facts import COMPASS, is_number
from bridge.relay.tables import TABLES
from bridge.relay.tokens import Token

_GROUPS: Mapping[str, str] = {
    "modal:must": "must",
    "modal:should": "should",
    "modal:may": "may",
    "modal:might": "may",
    "modal:ask": "ask",
    "modal:demand": "demand",
    "modal:forbid": "forbid",
    "hedge:believe": "hedge",
    "hedge:perhaps": "may",
    "hedge:probably": "hedge",
    "hedge:seems": "hedge",
    "hedge:reported": "hedge",
    "hedge:suspect": "hedge",
    "hedge:estimate": "hedge",
    "cond:if": "condition",
    "cond:provided": "condition",
    "cond:unless": "condition",
    "cond:until": "condition",
    "cond:when": "condition",
    "cond:otherwise": "otherwise",
    "hedge:certain": "certain",
    "hedge:exact": "exact",
    "hedge:approx": "about",
    "order:before": "before",
    "order:after": "after",
    "order:during": "during",
    "order:within": "during",
    "order:first": "first",
    "order:then": "then",
}
KINDS: Mapping[str, str] = {
    "negation": "negation",
    "must": "modality",
    "should": "modality",
    "may": "modality",
    "ask": "modality",
    "demand": "modality",
    "forbid": "modality",
    "hedge": "hedge",
    "condition": "condition",
    "otherwise": "condition",
    "certain": "hedge",
    "exact": "hedge",
    "about": "hedge",
    "before": "order",
    "after": "order",
    "during": "order",
    "first": "order",
    "then": "order",
}
"""Group to the kind of its finding."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a fact is said at least and at most, and where."""

    least: int
    most: int
    places: tuple[int, ...]


def count(tokens: Sequence[Token], language: str, used: frozenset[int]) -> dict[str, Counted]:
    """Groups of facts in the tokens; `used` tokens belong to numbers and names."""
    least: Counter[str] = Counter()
    most: Counter[str] = Counter()
    places: dict[str, list[int]] = {}
    for at in range(len(tokens)):
        if at in used:
            continue
        for group, sure in groups(tokens, at, language):
            least[group] += sure
            most[group] += 1
            places.setdefault(group, []).append(at)
    return {group: Counted(least[group], most[group], tuple(places[group])) for group in most}


def groups(tokens: Sequence[Token], at: int, language: str) -> Iterator[tuple[str, bool]]:
    """Groups of facts that the token may carry, each with whether it surely does."""
    token = tokens[at]
    if language == "ar" and (token.key == "cond:perhaps" or (token.text in _IN and _past_follows(tokens, at))):
        yield "condition", False
    if token.key == "cond:when":
        yield "during", False
    if token.text in _UNTIL:
        yield "until", False
    if token.key in ("neg:not", "neg:maybe"):
        yield from _negative_words(tokens, at, language)
        return
    group = "" if _until_a_time(tokens, at, language) else _GROUPS.get(token.key, "")
    if token.text in (fold("فقد"), fold("وقد")) and _is_perhaps(tokens, at, language):
        group = "may"
    spellings = {token.text} if " " in token.text else {token.text, *token.forms}
    doubted = bool(spellings & TABLES[language].unsure) or UNSURE in token.marks
    sure = not doubted or _is_perhaps(tokens, at, language)
    if group:
        denied = group in ("may", "must") and token.tag == "modal" and is_negated(tokens, at, language)
        yield group, _is_sure(tokens, at, group, sure) and not (denied and group == "may")
        if denied:
            yield "forbid", False
    yield from implied(tokens, at, language)
    yield from _excused(token, group)
    yield from _negative_shapes(tokens, at, language, has_group=bool(group))


def _until_a_time(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Whether the word says until when, which is no condition: until 1900Z, تا ظهر."""
    if tokens[at].key != "cond:until" or at + 1 >= len(tokens):
        return False
    after = tokens[at + 1]
    return after.is_figure or after.tag == "date" or is_number(after, language) or is_timed(tokens, at)


_EXCUSED = {"modal:forbid": ("must", "may"), "modal:neednot": ("must", "should"), "cond:otherwise": ("condition",)}


def _excused(token: Token, group: str) -> Iterator[tuple[str, bool]]:
    """What another language may say instead of the token: no one may for forbidden."""
    yield from ((other, False) for other in _EXCUSED.get(token.key, ()))
    if token.key == "modal:neednot":
        yield "negation", UNSURE not in token.marks
    if token.key == "cond:otherwise":
        yield "soft negation", False
    if group == "condition" and token.text in _AT_ONCE:
        yield "after", False


_AT_ONCE = frozenset(map(fold, ("once", "as soon as", "when", "فور", "بمجرد", "متى", "وقتی", "به محض", "به محض اینکه")))
"""Words of condition that say after as well."""


def _is_sure(tokens: Sequence[Token], at: int, group: str, sure: bool) -> bool:
    """Whether the word surely carries its fact here, being `sure` by itself."""
    token = tokens[at]
    if group in ("before", "after"):
        sure = sure or is_timed(tokens, at)
        if tokens[at].text in _EVER_BEFORE and not is_timed(tokens, at):
            last = at + 1 == len(tokens) or tokens[at + 1].sentence != tokens[at].sentence
            if last or tokens[at + 1].tag == "actor":
                return False  # never before
        if at + 2 < len(tokens) and tokens[at + 2].tag == "unit":
            return False  # six hours before, قبل 6 ساعات: a span of notice
    return sure and token.text not in _IN_ADVANCE and not (token.tag == "modal" and is_question(tokens, at))


def _negative_words(tokens: Sequence[Token], at: int, language: str) -> Iterator[tuple[str, bool]]:
    token = tokens[at]
    if token.text in _WITHOUT:
        yield "without", True
    elif denies_nothing(tokens, at, language):
        yield "soft negation", False
    elif not _belongs_to_verb(tokens, at, language):
        firm = token.key == "neg:not" and not _only(tokens, at)
        doubted = TABLES[language].unsure - _NEGATIVES
        sure = token.text not in doubted and not set(token.forms) & doubted
        yield "negation" if firm else "soft negation", sure and not _echoes(tokens, at, language)


def _negative_shapes(tokens: Sequence[Token], at: int, language: str, *, has_group: bool) -> Iterator[tuple[str, bool]]:
    """Negation in the word's own form, or implied by it."""
    token = tokens[at]
    if "neg" in token.marks:
        idle = denies_nothing(tokens, at, language) or _only(tokens, at)
        yield "soft negation" if idle else "negation", not idle and not _echoes(tokens, at, language)
    elif token.tag == "quant" and {"no", "not", "لا"} & set(token.text.split(" ")):
        yield "soft negation", False
    elif token.key in ("cond:unless", "modal:forbid"):
        yield "soft negation", False
    elif not has_group and is_negative_shape(token.text, language):
        yield "negation", False


_EVER_BEFORE = frozenset(("before",))
_IN_ADVANCE = frozenset(
    map(fold, ("beforehand", "in advance", "مسبقا", "سابقا", "من قبل", "از قبل", "از پیش", "قبلا", "پیشاپیش"))
)
"""Words of time that a translation leaves to the tense of the verb."""
_IN = frozenset(map(fold, ("إن", "وإن", "فإن")))
_UNTIL = frozenset(map(fold, ("by", "until", "till", "earlier", "تا", "زودتر", "حتى", "بحلول", "within", "ظرف")))
"""Words that another language may render with its word for before."""


def _past_follows(tokens: Sequence[Token], at: int) -> bool:
    """Arabic إن before a verb of the past is if; folding writes it like أن (that)."""
    after = tokens[at + 1].text if at + 1 < len(tokens) else ""
    return after.startswith((fold("كان"), fold("كنت"))) or after.endswith((fold("تم"), fold("تموهم"), fold("ت")))


_NEGATIVES = frozenset(map(fold, ("لم", "ولم", "فلم")))
"""Unsure within one language for what they sound like; here nothing else is as sure."""
_WAS = frozenset(map(fold, "كان وكان كانت وكانت كانوا وكانوا كنا وكنا كنتم أكون يكون تكون".split()))
_QAD = frozenset(map(fold, ("قد", "فقد", "وقد")))


def _is_perhaps(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Arabic قد before a verb of the present says perhaps; before the past it only stresses."""
    if language != "ar" or tokens[at].text not in _QAD or at + 1 >= len(tokens):
        return False
    if any(near.text in _WAS for near in tokens[max(0, at - 3) : at]):
        return False  # كان الطاقم قد نفذ
    verb = tokens[at + 1].text
    return verb[0] in fold("ين") or (verb[0] == fold("ت") and verb[-1] != fold("ت"))


_CONCORD = 7
"""Words within which a second word belongs to the negative before it."""


_WITHOUT = frozenset(map(fold, ("without", "بدون", "دون", "بلا", "من دون", "من غير", "بغیر", "بی‌آنکه", "بی آنکه")))


def _belongs_to_verb(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Persian negative concord: هیچ and the negated verb after it are one negation."""
    if language == "ar" and tokens[at].text in _EVER:
        return any(token.tag == "neg" for token in tokens[max(0, at - _CONCORD) : at])
    if language != "fa" or not tokens[at].text.startswith((fold("هیچ"), fold("هرگز"))):
        return False
    after = tokens[at + 1 : at + 1 + _CONCORD]
    return any("neg" in token.marks or token.text.startswith(fold("نیست")) for token in after)


_EVER = frozenset(map(fold, ("قط", "أبدا", "أبداً", "البتة", "إطلاقا", "مطلقا", "أي من")))
"""Arabic words that only stress the negative before them."""


def _only(tokens: Sequence[Token], at: int) -> bool:
    """Whether the negative says only: لا ... إلا, nobody but, جز."""
    near = tokens[max(0, at - _CONCORD) : at + 1 + _CONCORD]  # Persian says جز before its verb
    return any(token.key == "cond:except" and token.sentence == tokens[at].sentence for token in near)


def _echoes(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Whether another negative shortly before already says it: neither ... nor, نه ... نه, لا ... ولا."""
    again = {"en": "nor", "fa": fold("نه"), "ar": fold("ولا")}[language]
    return tokens[at].text == again and any(near.tag == "neg" for near in tokens[max(0, at - _CONCORD) : at])


_HARMLESS = tuple(fold(word) for word in ("بی‌خطر", "بی‌ضرر", "بی‌آزار", "بی‌گناه", "بی‌سلاح", "بی‌اثر", "بی‌طرف"))
_NO_NEGATIVES = ("under", "unload", "unit", "until", "union", "unif", "unid", "unkn", "unco", "unless", "uni")
_CIVILIAN = fold("غیرنظامی")


def is_negative_shape(text: str, language: str) -> bool:
    """Whether the word is an adjective with a negative prefix: unarmed, غیرمسلح."""
    if language == "en" and text.endswith("less") and len(text) > 6 and text not in ("unless", "nevertheless"):
        return True
    if language == "fa" and text.startswith(_HARMLESS):
        return True
    if language == "en":
        return text.startswith("un") and len(text) > 5 and not text.startswith(_NO_NEGATIVES)
    return language == "fa" and text.startswith(fold("غیر")) and len(text) > 4 and not text.startswith(_CIVILIAN)


_OPPOSITES = (
    ("dir:above", "dir:below"), ("dir:toward", "dir:away"), ("dir:inside", "dir:outside"), ("dir:ahead", "dir:behind"),
    ("dir:left", "dir:right"), ("dir:enter", "dir:leave"), ("dir:seaward", "dir:landward"),
    ("dir:upper", "dir:lower"),
    ("order:before", "order:after"), ("quant:atleast", "quant:atmost"),
)  # fmt: skip
LOOSE_PLACES = (
    "dir:above",
    "dir:below",
    "dir:toward",
    "dir:away",
    "dir:inside",
    "dir:outside",
    "dir:enter",
    "dir:leave",
    "dir:ahead",
    "dir:behind",
)
"""Places that one language says by a preposition and another by the verb."""
_OPPOSED = {"order": "order", "quant": "number"}
_HARD_DATES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september before_yesterday after_tomorrow "
    "october november december today tomorrow yesterday tonight "
    "this_week next_week last_week this_month next_month last_month".split()
)
_SOFT_DATES = frozenset("noon midnight dawn dusk".split())


def keys(tokens: Sequence[Token], used: frozenset[int]) -> Counter[str]:
    """How often each class value stands in the tokens, may and مه beside a day taken for the month."""
    found: Counter[str] = Counter()
    for at, token in enumerate(tokens):
        if is_month_may(tokens, at, used):
            found["date:may"] += 1
        elif token.tag and at not in used and not _is_two(tokens, at) and not _marches(tokens, at, used):
            found[token.key] += not (token.tag == "quant" and is_compared(token) and _is_denied(tokens, at))
    return found


def _is_two(tokens: Sequence[Token], at: int) -> bool:
    """Arabic الاثنين after a dual says two, not Monday."""
    return tokens[at].text == fold("الاثنين") and at > 0 and tokens[at - 1].text.endswith(_DUALS)


_DUALS = tuple(map(fold, ("ين", "يها", "يهم", "يكم", "ينا", "يه")))


def _marches(tokens: Sequence[Token], at: int, used: frozenset[int]) -> bool:
    """Whether English march, or mar in a name, is no month: neither a day nor a word of time stands beside it."""
    if tokens[at].text not in _MARCH:
        return False
    near = [place for place in (at - 2, at - 1, at + 1) if 0 <= place < len(tokens)]
    is_dated = any(place in used or tokens[place].is_figure for place in near)
    is_named = tokens[at].text == "march" and at > 0 and tokens[at - 1].text in _BEFORE_A_MONTH
    return not is_dated and not is_named


_MARCH = frozenset(("march", "mar"))
_BEFORE_A_MONTH = frozenset("in of by since until till before after mid early late this last next during from".split())


def _is_denied(tokens: Sequence[Token], at: int) -> bool:
    """Whether a negative before turns at least into at most: not ... more than."""
    near = [token for token in tokens[max(0, at - _CONCORD) : at] if token.sentence == tokens[at].sentence]
    return any(token.tag == "neg" or "neg" in token.marks for token in near)


_MAY = frozenset(("may", "مه"))
_SUBJECTS = frozenset("a an the we you i he she it they our your my his her their this that these those".split())
_BEFORE_MAY = {
    "may": frozenset("late early mid in since until till by during".split()),
    "مه": frozenset(map(fold, "اواخر اوایل اواسط پایان آخر ماه نیمه".split())),
}
"""Words after which it is the month."""


def is_month_may(tokens: Sequence[Token], at: int, used: frozenset[int]) -> bool:
    """Whether the token is the month of May, not a permission or fog: a day stands beside it and no verb follows."""
    if tokens[at].text not in _MAY or at in used:
        return False
    before, second = (tokens[place].text if 0 <= place < len(tokens) else "" for place in (at - 1, at + 2))
    if before in _BEFORE_MAY[tokens[at].text]:
        return True
    if second == "of":
        return False  # may 4 of them
    near = [place for place in (at - 1, at - 2, at + 1) if 0 <= place < len(tokens)]
    beside = [place for place in near if tokens[place].sentence == tokens[at].sentence]
    if not any(place in used or tokens[place].is_figure for place in beside):
        return False
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if tokens[at].text != "may" or after is None or after.is_figure:
        return True
    if after.text in _SUBJECTS:
        return at > 0 and (at - 1 in used or tokens[at - 1].is_figure)  # may a tractor come in; on 14 May a tractor
    return after.is_light or after.tag not in ("", "neg", "dir")


def key_differences(ours: Counter[str], theirs: Counter[str]) -> Iterator[tuple[str, str, str]]:
    """(kind, sealed key, heard key) of points of the compass, dates and opposites; one of the keys may be empty."""
    for kind, wanted in (
        ("direction", COMPASS),
        ("time", frozenset(f"date:{day}" for day in _HARD_DATES)),
        ("time", frozenset(f"date:{part}" for part in _SOFT_DATES)),
    ):
        lost = [key for key in sorted(wanted) if ours[key] > theirs[key]]
        made = [key for key in sorted(wanted) if theirs[key] > ours[key]]
        if kind == "time" and wanted >= {"date:noon"} and not (lost and made):
            continue
        yield from (
            (kind, lost[at] if at < len(lost) else "", made[at] if at < len(made) else "")
            for at in range(max(len(lost), len(made)))
        )
    for one, other in _OPPOSITES:
        for sealed, heard in ((one, other), (other, one)):
            if ours[sealed] > theirs[sealed] and theirs[heard] > ours[heard]:
                yield _OPPOSED.get(sealed.partition(":")[0], "direction"), sealed, heard
