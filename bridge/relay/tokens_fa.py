"""Persian words for the comparison: joined prefixes and plurals, negated verbs, personal endings.

It knows shapes, not meanings. Folding has already removed joiners, so می‌شود stands as one word.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bridge.base.text import fold
from bridge.relay.spoken_fa import written
from bridge.relay.tables import TABLES

_TABLES = TABLES["fa"]
_PREFIX_WORDS = frozenset(fold(word) for word in ("می", "نمی"))
_SUFFIX_WORDS = frozenset(
    fold(word) for word in ("ها", "های", "هایی", "هایمان", "هایتان", "هایشان", "اند", "ایم", "اید", "تر", "ترین", "هاي")
)
_VERBS = tuple(sorted(_TABLES.verbs, key=len, reverse=True))
_ENDINGS = frozenset(fold(e) for e in ("", "م", "ی", "د", "یم", "ید", "ند", "ه", "ه‌اند", "ه‌است", "ه‌ایم", "ه‌اید", "یی"))
_FIRST, _SECOND = fold("یم"), fold("ید")
_THIRD = tuple(fold(end) for end in ("اید", "گوید", "جوید"))
"""He says, he comes: the stem ends in ی and only looks like your ending."""
_NOT = fold("ن")
_NO_VERBS = frozenset(
    map(
        fold,
        (
            "نزد",
            "نبرد",
            "ندا",
            "نماد",
            "نگار",
            "نگران",
            "نشست",
            "نشسته",
            "نشین",
            "نبردی",
            "نرده",
            "نپال",
            "نوشت",
            "نیروی",
            "نیرویی",
        ),
    )
)
_B, _PERSONAL = fold("ب"), tuple(map(fold, ("می", "خواه", "کن", "کرد", "دار", "ده", "شو")))
_OURS, _YOURS = fold("مان"), fold("تان")
_PLURALS = tuple(fold(s) for s in ("هایمان", "هایتان", "هایشان", "هایی", "های", "ها"))
_TAILS = tuple(fold(s) for s in ("ترین", "تر", "یان", "ان", "ات", "ای", "ی", "ه"))


def expand(word: str) -> tuple[str, ...]:
    """A folded word with colloquial forms replaced by the written ones."""
    return _TABLES.replaced.get(word) or (written(word),)


_SPOKEN_ENDS = (("ند", "ن"), ("ید", "ین"), ("هد", "ه"), ("ود", "ه"), ("د", "ه"))


def colloquial(word: str) -> frozenset[str]:
    """The word as it may be spoken: می‌مانند is می‌مونن, می‌داند می‌دونه, آنجا اونجا."""
    forms = {word}
    if word.startswith(_VERB_LEADS) and len(word) > 4:
        forms |= {word[: -len(written)] + said for written, said in _SPOKEN_ENDS if word.endswith(written)}
    return frozenset(_SPOKEN_AN.sub("ون", form) for form in forms)


_VERB_LEADS = (fold("می"), fold("نمی"))
_SPOKEN_AN = re.compile("(?<=.)ان|^ان(?=.)|^اون")


def joined(first: str, second: str) -> bool:
    """Whether two written words are one: می رسد, کشتی ها."""
    return first in _PREFIX_WORDS or second in _SUFFIX_WORDS


def negated(word: str) -> bool:
    """Whether the word is a verb with the negative prefix."""
    if not word.startswith(_NOT) or len(word) < 3 or word in _NO_VERBS:
        return False
    rest = word[1:]
    if rest.startswith(fold("می")) and len(rest) > 3:
        return True
    return any(_is_form(bare, verb) for bare in (rest, *_vowelled(rest)) for verb in _VERBS)


def _is_form(word: str, verb: str) -> bool:
    return word.startswith(verb) and word[len(verb) :] in _ENDINGS


def _vowelled(rest: str) -> tuple[str, ...]:
    """What a verb that begins with a vowel is without the glide after the negative prefix: نیامد, نینداخت."""
    return (fold("ا") + rest[1:], rest[1:]) if rest.startswith(fold("ی")) and len(rest) > 3 else ()


_LIGHT_VERBS = tuple(
    fold(verb) for verb in "کن کرد شو شد ده داد دار داشت باش بود گیر گرفت خواه توان توانست است هست".split()
)


def is_light_verb(word: str) -> bool:
    """Whether the word is a form of a verb that only carries another word (کردن, شدن, دادن, ...)."""
    bare = affirmed(word).removeprefix(fold("می"))
    return any(
        part.startswith(verb) and part[len(verb) :] in _ENDINGS
        for part in (bare, bare.removeprefix(fold("ب")))
        for verb in _LIGHT_VERBS
    )


def affirmed(word: str) -> str:
    """The word without the negative prefix, if it has one."""
    if not negated(word):
        return word
    glide = next((bare for bare in _vowelled(word[1:]) if any(_is_form(bare, verb) for verb in _VERBS)), "")
    return glide or word[1:]


@lru_cache(maxsize=32768)
def stem(word: str) -> str:
    """The word without negation, plural and common endings."""
    word = affirmed(word)
    for tail in _PLURALS:
        if word.endswith(tail) and len(word) - len(tail) >= 2:
            word = word[: -len(tail)]
            break
    for tail in _TAILS:
        if word.endswith(tail) and len(word) - len(tail) >= 3:
            return word[: -len(tail)]
    return word


@lru_cache(maxsize=32768)
def forms(word: str) -> tuple[str, ...]:
    """Spellings under which tables may know the word, the likeliest first."""
    base = affirmed(word)
    found = [word, base]
    if base.startswith(_B) and any(_is_form(base[1:], verb) for verb in _VERBS):
        found.append(base[1:])
    for tail in (*_PLURALS, fold("ی"), fold("ای"), fold("ه")):
        if base.endswith(tail) and len(base) - len(tail) >= 2:
            found.append(base[: -len(tail)])
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=32768)
def marks(word: str) -> frozenset[str]:
    """Facts in the word's own shape: `neg`; `us` or `you` for endings that say whose or who."""
    found = set()
    if negated(word):
        found.add("neg")
    if word.endswith(_OURS) and fold("های") in word:
        found.add("us")
    if word.endswith(_YOURS) and fold("های") in word:
        found.add("you")
    base = affirmed(word)
    if base.startswith(_B) and base[1:].startswith(_PERSONAL):
        base = base[1:]  # answer: پاسخ دهید and پاسخ بدهید are one
    if base.startswith(_PERSONAL):
        if base.endswith(_FIRST):
            found.add("us")
        elif base.endswith(_SECOND) and len(base) > 3 and not base.endswith(_THIRD):
            found.add("you")
    return frozenset(found)
