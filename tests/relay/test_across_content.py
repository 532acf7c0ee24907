"""Content across languages: amounts on both sides, opposites, unlisted names, and the pairs measured on."""

from __future__ import annotations

import pytest

from bench.pairs import across_triples
from bridge.relay.across_lemmas import lemmas
from bridge.relay.across_names import is_unknown
from bridge.relay.across_read import read_across
from bridge.relay.fidelity import Comparison, Verdict, compare
from bridge.relay.translit import may_be_one

pytestmark = pytest.mark.pure

EN = (
    "Two divers from the tug Zafira jumped into the water at 0412Z. The doctor washed and bandaged them. "
    "We did not open the valve."
)
FA = "دو غواص از یدک‌کش زفیرا ساعت 0412 زولو به آب پریدند. پزشک آن‌ها را شست و پانسمان کرد. ما شیر را باز نکردیم."
AR = "قفز غواصان من القاطرة زفيرا إلى الماء في الساعة 0412 زولو. غسلهما الطبيب وضمدهما. لم نفتح الصمام."
HEARD_EN = (
    "two divers from the tug zafira jumped into the water at oh four twelve zulu the doctor washed and bandaged them "
    "we did not open the valve"
)
HEARD_FA = (
    "دو غواص از یدک‌کش زفیرا ساعت صفر چهار دوازده زولو به آب پریدند پزشک آن‌ها را شست و پانسمان کرد ما شیر را باز نکردیم"
)


def kinds(result: Comparison) -> set[str]:
    return {finding.kind for finding in result.findings}


@pytest.mark.parametrize(
    ("sealed", "language", "heard", "spoken"),
    [(FA, "fa", HEARD_EN, "en"), (EN, "en", HEARD_FA, "fa"), (AR, "ar", HEARD_EN, "en")],
)
def test_words_that_no_table_pairs_raise_nothing_alone(sealed: str, language: str, heard: str, spoken: str) -> None:
    """The amounts agree: a translator's choice of words is no finding."""
    result = compare(sealed, heard, language, spoken)
    assert result.verdict is Verdict.EQUIVALENT, result.findings


@pytest.mark.parametrize(("sealed", "language"), [(FA, "fa"), (AR, "ar")])
@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("the doctor washed and bandaged them ", "", "omission"),
        ("we did not", "the shepherd sold his sheep and camels we did not", "addition"),
        ("open", "close", "substitution"),
        ("did not", "did", "negation"),
        ("zafira", "golnar", "name"),
    ],
)
def test_content_on_one_side_only_is_found(sealed: str, language: str, old: str, new: str, kind: str) -> None:
    """An omitted or an added clause, an opposite, another name."""
    assert kind in kinds(compare(sealed, HEARD_EN.replace(old, new), language, "en"))


def test_a_name_in_the_same_script_is_compared_by_its_letters() -> None:
    """Persian and Arabic write it alike; another one after a title is asked about."""
    sealed, heard = "کشتی زفیرا به بندر رسید.", "وصلت السفينة زفيرا إلى الميناء"
    assert compare(sealed, heard, "fa", "ar").verdict is Verdict.EQUIVALENT
    assert "name" in kinds(compare(sealed, heard.replace("زفيرا", "غلنار"), "fa", "ar"))


def test_was_is_no_you_in_arabic() -> None:
    """كانت only looks like ك with أنت; ألا is a negative and إلا an exception."""
    tokens = read_across("كانت السفينة هناك. قولوا لهم ألا يطلقوا النار.", "ar").tokens
    assert tokens[0].tag == ""
    assert [token.text for token in tokens if token.key == "neg:not"] == ["الا"]


@pytest.mark.parametrize(
    ("word", "language", "base"),
    [
        ("وبسفینتهم", "ar", "سفینه"),
        ("نگذاشتهایم", "fa", "گذاشت"),
        ("divers", "en", "dive"),
    ],
)
def test_inflected_words_are_traced_to_their_base(word: str, language: str, base: str) -> None:
    """Particles, owners, prefixes and endings come off."""
    assert base in lemmas(word, language)


@pytest.mark.parametrize(("one", "other"), [("kruger", "کروگر"), ("delacroix", "دلاکروا"), ("whitcombe", "ویتکامب")])
def test_foreign_names_are_known_by_their_consonants(one: str, other: str) -> None:
    """Letters that are not said, and g before e."""
    assert may_be_one(one, other)


def test_a_dictionary_word_is_no_name() -> None:
    """Inflected or compound; what it lacks may be one."""
    tokens = read_across("lifeboats drifting zafira", "en").tokens
    assert [is_unknown(token, "en") for token in tokens] == [False, False, True]


@pytest.mark.parametrize("split", ["open", "blind"])
def test_triples_give_every_direction_and_the_same_pairs_again(split: str) -> None:
    """Half of them altered, one alteration each, by seed."""
    rows = list(across_triples.pairs(split, 4, 5))
    assert rows == list(across_triples.pairs(split, 4, 5))
    assert len(rows) == 4 * 6
    assert {row["label"] for row in rows} == {"altered", "faithful"}


@pytest.mark.parametrize(
    ("sealed", "heard", "ours", "theirs"),
    [
        ("80 thousand homes are dark.", "هشت صفر هزار خانه خاموش است", "en", "fa"),
        ("80 هزار خانه خاموش است.", "eight zero thousand homes are dark", "fa", "en"),
        ("This is the third time we call you.", "این سومین بار است که شما را صدا می‌کنیم", "en", "fa"),
        ("The floods cut off the village of Pol-e Dokhtar.", "سیل راه روستای پلدختر را بست", "en", "fa"),
        ("سیل راه روستای پلدختر را بست.", "floods have cut off the village of pol e dokhtar", "fa", "en"),
        ("It will return the same evening.", "وستعود مساء اليوم نفسه", "en", "ar"),
    ],
)
def test_said_in_another_form(sealed: str, heard: str, ours: str, theirs: str) -> None:
    assert compare(sealed, heard, ours, theirs).verdict is Verdict.EQUIVALENT


@pytest.mark.parametrize(
    ("sealed", "heard", "ours", "theirs"),
    [
        ("80 thousand homes are dark.", "هشت صفر خانه خاموش است", "en", "fa"),
        ("80 thousand homes are dark.", "نه صفر هزار خانه خاموش است", "en", "fa"),
        ("This is the third time we call you.", "این چهارمین بار است که شما را صدا می‌کنیم", "en", "fa"),
        ("سیل راه روستای پلدختر را بست.", "floods have cut off the village of pol e zahab", "fa", "en"),
        ("It will return tomorrow evening.", "وستعود مساء اليوم", "en", "ar"),
    ],
)
def test_another_form_says_something_else(sealed: str, heard: str, ours: str, theirs: str) -> None:
    assert compare(sealed, heard, ours, theirs).verdict in (Verdict.CHECK, Verdict.ALTERED)
