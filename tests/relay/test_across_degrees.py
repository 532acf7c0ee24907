"""Degrees, doubts and bounds across languages, said in other words than the ordinary ones."""

from __future__ import annotations

import pytest

from bench.pairs import across_triples
from bridge.relay.across_read import read_across
from bridge.relay.fidelity import Verdict, compare

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("phrase", "language", "key"),
    [
        ("We have no choice but to wait.", "en", "modal:must"),
        ("نیازی به اسکورت نیست.", "fa", "modal:neednot"),
        ("فلا بد من الانتظار.", "ar", "modal:must"),
        ("We should be grateful for water.", "en", "modal:ask"),
        ("کشتی‌ها حق دارند بمانند.", "fa", "modal:may"),
        ("تفيد الأنباء بأن الجسر سقط.", "ar", "hedge:reported"),
        ("It looks as if the ship stopped.", "en", "hedge:seems"),
    ],
)
def test_a_phrase_is_one_token_of_its_class(phrase: str, language: str, key: str) -> None:
    """Whatever its words are elsewhere."""
    assert key in [token.key for token in read_across(phrase, language).tokens]


def test_a_denied_thought_stays_denied() -> None:
    """Where a phrase holds a negative that the message needs, it is kept."""
    token = next(t for t in read_across("گمان نمی‌کنیم عمدی باشد.", "fa").tokens if t.key == "hedge:believe")
    assert "neg" in token.marks
    assert "neg" not in next(t for t in read_across("گمان می‌کنیم عمدی باشد.", "fa").tokens if t.tag == "hedge").marks


@pytest.mark.parametrize(
    ("text", "language", "key"),
    [
        ("لا يقل العمق هناك عن 11 متراً.", "ar", "quant:atleast"),
        ("لا يزيد عرض الخط عن 4 أميال.", "ar", "quant:atmost"),
        ("يقل الارتفاع عن 18 كيلومتراً.", "ar", "quant:atmost"),
        ("فاصله کمتر از 4 مایل نباشد.", "fa", "quant:atleast"),
        ("فاصله کمتر از 4 مایل است.", "fa", "quant:atmost"),
        ("Not more than 4 boats may come.", "en", "quant:atmost"),
        ("We do not blame you; at least 3 boats came.", "en", "quant:atleast"),
    ],
)
def test_a_negative_turns_a_comparison_around(text: str, language: str, key: str) -> None:
    """Also where words stand between; at least is no comparison."""
    found = read_across(text, language).tokens
    assert [token.key for token in found if token.key in ("quant:atleast", "quant:atmost")] == [key]


@pytest.mark.parametrize(
    ("ours", "theirs", "sealed", "heard", "faithful"),
    [
        ("en", "fa", "The boats need not wait.", "لازم نیست قایق‌ها منتظر بمانند", True),
        ("en", "fa", "The boats need not wait.", "قایق‌ها باید منتظر بمانند", False),
        ("en", "ar", "We estimate that the ship will leave.", "نقدر أن السفينة ستغادر", True),
        ("en", "ar", "We estimate that the ship will leave.", "نعلم أن السفينة ستغادر", False),
        ("en", "ar", "Close the gate, otherwise we leave.", "أغلقوا البوابة وإلا غادرنا", True),
        ("en", "ar", "80 thousand men wait.", "ينتظر ثمانون ألف رجل", True),
        ("en", "ar", "80 thousand men wait.", "ينتظر تسعون ألف رجل", False),
        ("en", "fa", "He is on duty except on Fridays.", "او بجز جمعه‌ها سر کار است", True),
        ("en", "fa", "He is on duty except on Fridays.", "او بجز شنبه‌ها سر کار است", False),
        ("en", "fa", "The crew are unhurt.", "خدمه سالم هستند", True),
        ("fa", "en", "پرچم خود را پایین بیاورید.", "raise your flag", False),
        ("en", "ar", "The corvette Golden Wave arrived.", "وصلت الفرقيطة غولدن ويف", True),
        ("en", "ar", "The corvette Golden Wave arrived.", "وصلت الفرقيطة سيلفر ويف", False),
    ],
)
def test_a_degree_said_otherwise_is_quiet_and_another_is_not(
    ours: str, theirs: str, sealed: str, heard: str, faithful: bool
) -> None:
    """The same degree, number, day or name in other words raises nothing; another one is asked about at least."""
    assert (compare(sealed, heard, ours, theirs).verdict is Verdict.EQUIVALENT) is faithful


def test_the_halves_of_a_set_share_no_message() -> None:
    """The held half stays unread."""
    first, second = ({triple.id for triple in across_triples.load(half)} for half in ("fifth_a", "fifth_b"))
    assert not first & second
    assert abs(len(first) - len(second)) <= 1
    assert len(first | second) > 120


def test_free_translations_that_were_looked_at() -> None:
    """Most alterations are flagged, hardly a faithful pair is called altered, most pass without a question."""
    rows = [row for row in across_triples.pairs("fifth_a", 20, 1)]
    shown = [
        (
            row["label"],
            compare(
                str(row["sealed"]), str(row["heard"]), str(row["sealed_language"]), str(row["heard_language"])
            ).verdict,
        )
        for row in rows
    ]
    altered = [verdict for label, verdict in shown if label == "altered"]
    faithful = [verdict for label, verdict in shown if label == "faithful"]
    flagged = sum(verdict in (Verdict.CHECK, Verdict.ALTERED) for verdict in altered)
    assert flagged / len(altered) >= 0.85
    assert faithful.count(Verdict.ALTERED) / len(faithful) <= 0.05
    assert faithful.count(Verdict.CHECK) / len(faithful) <= 0.4
