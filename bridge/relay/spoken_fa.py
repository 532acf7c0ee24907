"""Persian verbs as they are spoken: بره for برود, ندین for ندهید, می‌تونن for می‌توانند.

It knows the present stems whose spoken form differs, and the endings; whole words that differ stand in the table of
colloquial words.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from bridge.base.text import fold

_STEMS = (
    *(("رو", "ر"), ("شو", "ش"), ("ده", "د"), ("خواه", "خوا"), ("توان", "تون"), ("مان", "مون"), ("رسان", "رسون")),
    *(
        ("گردان", "گردون"),
        ("خوان", "خون"),
        ("گذار", "ذار"),
        ("نشین", "شین"),
        ("کن", "کن"),
        ("زن", "زن"),
        ("گیر", "گیر"),
    ),
    *(("فرست", "فرست"), ("رس", "رس"), ("گرد", "گرد"), ("پیچ", "پیچ"), ("نویس", "نویس"), ("پرس", "پرس"), ("باش", "باش")),
    *(("دار", "دار"), ("بر", "بر"), ("کش", "کش"), ("مان", "مان"), ("خواه", "خواه"), ("گذار", "گذار"), ("شو", "شو")),
)
"""Written and spoken stem of the present."""
_PASTS = ("کرد", "شد", "داد", "رفت", "گفت", "زد", "دید", "آمد", "گرفت", "فرستاد", "بود", "داشت", "خواست", "توانست")
_ENDS = (("م", "م"), ("ی", "ی"), ("د", "ه"), ("یم", "یم"), ("ید", "ین"), ("ید", "ید"), ("ند", "ن"))
_LEADS = ("ب", "ن", "می", "نمی")
_OTHER_WORDS = frozenset(
    fold(word)
    for word in (
        *("بدم", "بدی", "بده", "بدید", "بری", "بره", "بشر", "برم", "بکش", "نده", "نشر", "نشه", "برن", "بدن", "برین"),
        *("نرم", "نری", "نبرد", "میشن", "میرم", "بکن", "نکن", "برسم", "بردن", "نزن", "بزن", "نبرم", "نبری", "نداره"),
        *("میدم", "میده", "میره", "ندارم", "نداری", "نرسه", "نخون", "بخون", "بگیر", "میخوام", "نمون", "بمون"),
        *("ندید", "میدید", "نمیدید", "نشون", "بخواه", "نخواه", "میخواه", "نمیخواه", "بخوان", "نخوان"),
    )
)
"""Spoken forms that are words of their own, or that the table of colloquial words knows."""


def _forms() -> Iterator[tuple[str, str]]:
    for stem, spoken in _STEMS:
        for lead in _LEADS:
            for end, said in _ENDS:
                yield lead + spoken + said, lead + stem + end
    for past in _PASTS:
        for lead in ("", "ن", "می", "نمی"):
            yield lead + past + "ین", lead + past + "ید"


def _known() -> dict[str, str]:
    found = {fold(spoken): fold(meant) for spoken, meant in _forms()}
    meant = set(found.values())
    return {word: full for word, full in found.items() if word not in meant | _OTHER_WORDS and word != full}


_WRITTEN = MappingProxyType(_known())


def written(word: str) -> str:
    """The written form of a folded word; the word itself where it is not a verb as it is spoken."""
    return _WRITTEN.get(word, word)
