"""Facts that a word carries only by its neighbours, where languages are compared.

It reads one text; whether the other says the same is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bridge.base.text import fold
from bridge.relay.tokens import Token

_QUESTIONS = frozenset(("could you", "would you", "can you"))
_ASKING = frozenset(map(fold, ("آیا", "هل", "هل لنا", "هل لكم")))
_WANTS = frozenset(
    map(fold, ("می‌خواهیم", "خواستار", "خواستاریم", "خواستار است", "می‌خواهد", "می‌خواهند", "از شما می‌خواهیم"))
)
"""Persian asks and demands with one verb."""
_UPON = frozenset(map(fold, "علي عليه عليها عليهم عليهن عليك عليكم علينا فعليه فعليكم".split()))
_THAT = frozenset((fold("أن"),))
_CLOCK = frozenset(map(fold, ("الساعة", "ساعت", "ظهر", "غروب", "شروق", "noon", "midnight", "dawn", "dusk", "sunset")))
_AS_LONG = frozenset(
    map(fold, ("تا زمانی که", "تا وقتی که", "تا هنگامی که", "مادامی که", "تا", "تا وقتی", "تا زمان", "تا موقعی که"))
)
"""Persian words for until, after which a verb stands in the negative that denies nothing."""
_CEASES = frozenset(map(fold, "يزال تزال نزال يزالون يزل تزل نزل زال زالت زالوا زلنا برح برحت ينفك تنفك".split()))
"""Arabic verbs that with a negative mean still."""
_REACH = 9
_OR = frozenset(map(fold, ("or", "else", "یا", "أو", "if not", "unless", "مگر", "ما لم")))
_COMPARED = tuple(map(fold, "more less fewer over exceed in greater بیش کمتر أكثر أقل يزيد تزيد".split()))


def implied(tokens: Sequence[Token], at: int, language: str) -> Iterator[tuple[str, bool]]:
    """Groups of facts that the token carries by what stands beside it, each with whether it surely does."""
    token = tokens[at]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.text.endswith(" have") and after is not None and after.text == "to":
        yield "must", True  # may have to
    if token.text in _QUESTIONS:
        yield "may", False
    if token.key == "modal:may" and is_question(tokens, at):
        yield "ask", False
    if token.text in _WANTS:
        yield "demand", False
    if language == "ar" and token.text in _UPON and not token.key.startswith("modal"):
        if not (token.text in _ON and not _is_duty(tokens, at)) and any(
            near.text in _THAT and near.tag == "" and not near.key.startswith("cond")
            for near in tokens[at + 1 : at + 4]
        ):
            yield "must", True  # عليه أولا أن
    if language == "ar" and token.text in _ON and _is_duty(tokens, at):
        yield "duty", False  # على الحافلات أن تعود
    if token.text in _OR or (token.key == "cond:if" and any(near.tag == "neg" for near in tokens[at + 1 : at + 5])):
        yield "otherwise", False


_ON = frozenset(map(fold, ("على", "وعلى", "فعلى")))
_VERBS = tuple(fold("يتن"))


def _is_duty(tokens: Sequence[Token], at: int) -> bool:
    """Whether on somebody a deed follows: على الحافلات أن تعود, على الربان تبديل."""
    if at + 2 >= len(tokens) or tokens[at + 1].is_figure:
        return False
    deed = tokens[at + 2]
    if not (tokens[at + 1].text.startswith(fold("ال")) or {"us", "you"} & tokens[at + 1].marks):
        return False
    return deed.text in _THAT or (deed.tag == "" and not deed.is_figure and deed.text.startswith((*_VERBS, fold("ا"))))


def is_negated(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Whether the degree is denied: may not, nobody may, لا يجوز, نمی‌توانند."""
    before, after = _NEGATIVES_NEAR[language]
    near = (*tokens[max(0, at - before) : at], *tokens[at + 1 : at + 1 + after])
    return "neg" in tokens[at].marks or any(
        token.tag == "neg" and token.sentence == tokens[at].sentence for token in near
    )


_NEGATIVES_NEAR = {"en": (3, 2), "fa": (5, 1), "ar": (2, 2)}
"""Tokens before and after a word of degree in which a negative belongs to it."""


def is_question(tokens: Sequence[Token], at: int) -> bool:
    """Whether the token asks: could you, آیا می‌توانید, هل يمكنكم."""
    if tokens[at].text in _QUESTIONS or any(near.text in _ASKING for near in tokens[max(0, at - _ASKED) : at]):
        return True
    return tokens[at].text in _INVERTED and at + 1 < len(tokens) and tokens[at + 1].text in _SUBJECTS


_ASKED = 12
_INVERTED = frozenset(("can", "could", "may", "might", "would", "will"))
_SUBJECTS = frozenset(("we", "you", "i", "he", "she", "they", "it"))
"""English subjects that stand after the verb in a question only."""


def is_timed(tokens: Sequence[Token], at: int) -> bool:
    """Whether a time of day follows, so that a word for before or after says when."""
    near = tokens[at + 1 : at + 3]
    if not near:
        return False
    return near[0].text in _CLOCK or near[0].tag == "date" or (near[0].is_figure and len(near[0].text) == 4)


def denies_nothing(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Whether a negative says still, or belongs to until: لا يزال, تا زمانی که بررسی نکرده‌اند."""
    if language == "ar" and at + 1 < len(tokens) and tokens[at + 1].text in _CEASES:
        return True
    if language != "fa" or "neg" not in tokens[at].marks:
        return False
    before = tokens[max(0, at - _REACH) : at]
    starts = [place for place, near in enumerate(before) if near.text in _AS_LONG and near.tag == "cond"]
    return bool(starts) and not any("neg" in near.marks for near in before[starts[-1] :])


def is_compared(token: Token) -> bool:
    """Whether a bound is said by a comparison, which a negative turns around: not more than."""
    return token.text.startswith(_COMPARED)
