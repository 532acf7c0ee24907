"""What a judge of meaning is shown, and how its answer is weighed against what the tables found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.relay.across_read import read_across
from bridge.relay.facts import Finding
from bridge.relay.fidelity import Verdict, compare, fuse, hear
from bridge.relay.meaning import NUMBER, Opinion, Shown, shown
from bridge.relay.weighing import FACTS, WEIGHTS, Case, features, weight

pytestmark = pytest.mark.pure
SEALED = "Our convoy of 14 trucks will not stop at Mehran. Please open the gate."
FAITHFUL = "قافلتنا المؤلفة من أربع عشرة شاحنة لن تتوقف في مهران نرجو فتح البوابة"
NUMBER_CHANGED = FAITHFUL.replace("أربع عشرة", "أربعين")


@dataclass
class Fixed:
    """A judge that always says the same; it keeps what it was asked."""

    altered: float
    sealed: float = 0.0
    heard: float = 0.0
    asked: int = 0

    def judge(self, sealed: Sequence[str], heard: Sequence[str]) -> Opinion:
        self.asked += 1
        return Opinion(self.altered, (self.sealed,) * len(sealed), (self.heard,) * len(heard))


SAME, OTHER = Fixed(0.0001, 0.0001, 0.0001), Fixed(0.9999, 0.9999, 0.9999)


def words(text: str, language: str) -> list[str]:
    read = read_across(text, language)
    return [one.text for one in shown(read, read.tokens)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "they hold 14 boats"),
        ("en", "they hold fourteen boats"),
        ("en", "they hold one four boats"),
        ("en", "they hold two hundred and five boats"),
        ("fa", "چهارده قایق دارند"),
        ("fa", "۱۴ قایق دارند"),
        ("ar", "لديهم أربعة عشر زورقا"),
        ("ar", "لديهم ١٤ زورقا"),
    ],
)
def test_a_number_is_one_sign_however_it_is_said(language: str, text: str) -> None:
    """The judge is not asked about numbers: those are compared exactly."""
    assert words(text, language).count(NUMBER) == 1


@pytest.mark.parametrize(("language", "text"), [("en", "one of ours"), ("fa", "یک کشتی"), ("ar", "واحد منا")])
def test_one_and_two_stay_words(language: str, text: str) -> None:
    """Articles and duals say them as well, so that they come and go between languages."""
    assert NUMBER not in words(text, language)


def test_an_article_and_its_number_are_one_sign() -> None:
    assert words("صندوق الأوسمة الـ27", "ar")[-1] == NUMBER


def test_words_that_sound_like_digits_stay_beside_a_number() -> None:
    assert words("found a mine six miles off", "en") == ["found", "a", "mine", NUMBER, "miles", "off"]
    assert words("the general will free 50 detainees", "en") == ["the", "general", "will", "free", NUMBER, "detainees"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "call sign quebec x ray three three"),
        ("en", "call sign QX-33"),
        ("ar", "النداء كيبك إكس راي ثلاثة ثلاثة"),
    ],
)
def test_a_call_sign_spelled_out_is_one_sign(language: str, text: str) -> None:
    assert words(text, language)[-2:] == [{"en": "sign", "ar": "النداء"}[language], NUMBER]
    assert words("we see delta nine", "en") == ["we", "see", "delta", NUMBER]


def test_nobody_stays_a_word() -> None:
    assert words("وليست هذه ضربة", "ar")[0] == "وليست"
    assert words("سد شناور", "fa") == ["سد", "شناور"]
    assert words("لا يستعمله أحد", "ar")[-1] == "أحد"
    assert words("یکی از ما", "fa")[0] == "یکی"


def test_both_words_of_a_verb_written_apart_are_shown() -> None:
    assert words("آنان می توانند بیایند", "fa") == ["آنان", "می توانند", "بیایند"]


def test_words_are_spelled_as_the_language_is() -> None:
    """Keyboards mix Arabic and Persian letters; the model knows each word in its own."""
    assert words("كشتي", "fa") == ["کشتی"]
    assert words("کلمة", "ar") == ["كلمة"]
    assert words("لنَ يتوقّفَ", "ar") == ["لن", "يتوقف"]
    assert words("DON’T Stop.", "en") == ["don't", "stop"]


def test_every_shown_word_has_its_place() -> None:
    """Places are words of the text, so that a finding can be shown and heard."""
    read = read_across(SEALED, "en")
    found = shown(read, read.tokens)
    assert [read.words[one.start] for one in found][:2] == ["Our", "convoy"]
    assert all(one.start < one.end <= len(read.words) for one in found)


def test_a_judge_that_is_sure_takes_back_doubts() -> None:
    """What the tables only doubt goes where the meaning is the same."""
    heard = FAITHFUL + " والسماء صافية فوق الجبل"
    alone = compare(SEALED, heard, "en", "ar")
    assert alone.verdict is Verdict.CHECK
    assert not [one for one in alone.findings if one.certain or one.kind in FACTS]
    assert compare(SEALED, heard, "en", "ar", judge=SAME).verdict is Verdict.EQUIVALENT


def test_a_number_stands_whatever_the_judge_says() -> None:
    """It sees none."""
    found = compare(SEALED, NUMBER_CHANGED, "en", "ar", judge=SAME)
    assert [one.kind for one in found.findings] == ["number"]


def test_a_judge_alone_asks_for_a_check_and_names_the_words() -> None:
    """A machine's opinion is no proof of an alteration."""
    found = compare(SEALED, FAITHFUL, "en", "ar", judge=OTHER)
    assert found.verdict is Verdict.CHECK
    assert found.findings
    assert all(not one.certain for one in found.findings)
    assert any(one.heard and one.sealed for one in found.findings)


def test_tables_and_judge_together_are_certain_of_one_doubt() -> None:
    """Where a doubt of the tables and the judge's opinion weigh very much, the text is altered; not by doubt alone."""
    heard = FAITHFUL + " والسماء صافية فوق الجبل"
    found = compare(SEALED, heard, "en", "ar", judge=OTHER)
    assert found.verdict is Verdict.ALTERED
    assert sum(one.certain for one in found.findings) == 1


@pytest.mark.parametrize(
    ("judge", "kind"),
    [(Fixed(0.9999, 0.9999, 0.0), "omission"), (Fixed(0.9999, 0.0, 0.9999), "addition")],
)
def test_what_one_text_lacks_is_an_omission_or_an_addition(judge: Fixed, kind: str) -> None:
    """By the side on which the judge sees wrong words."""
    assert kind in {one.kind for one in compare(SEALED, FAITHFUL, "en", "ar", judge=judge).findings}


@pytest.mark.parametrize("chance", [0.0, 0.2, 0.49])
def test_a_judge_that_doubts_the_whole_but_no_word_still_asks(chance: float) -> None:
    """The likeliest word is named: a verdict without a place could not be heard again."""
    found = compare(SEALED, FAITHFUL, "en", "ar", judge=Fixed(0.9999, chance, chance))
    assert (found.verdict is Verdict.CHECK) == bool(found.findings)
    assert all(one.sealed or one.heard for one in found.findings)


def test_while_it_is_being_said_the_judge_is_not_asked() -> None:
    """What is not yet said would look left out; facts are found at once."""
    judge = Fixed(0.9999, 0.9999, 0.9999)
    half = " ".join(NUMBER_CHANGED.split()[:7])
    found = compare(SEALED, half, "en", "ar", complete=False, judge=judge)
    assert judge.asked == 0
    assert {one.kind for one in found.findings} <= FACTS


def test_one_language_does_without_a_judge() -> None:
    """Word by word is stricter than meaning."""
    judge = Fixed(0.9999)
    compare(SEALED, SEALED, "en", "en", judge=judge)
    assert judge.asked == 0


@pytest.mark.parametrize("heard", ["", "uh", "..."])
def test_nothing_heard_is_nothing_to_judge(heard: str) -> None:
    """The tables say what is missing."""
    judge = Fixed(0.0)
    found = compare("كونوا على حذر", heard, "ar", "en", judge=judge)
    assert judge.asked == 0
    assert found.verdict in (Verdict.CHECK, Verdict.ALTERED, Verdict.EQUIVALENT)


def test_two_recognisers_ask_it_twice() -> None:
    """Each hearing is judged for itself, then fused as ever."""
    judge = Fixed(0.0001, 0.0001, 0.0001)
    assert fuse(SEALED, [FAITHFUL, FAITHFUL], "en", "ar", judge=judge).verdict is Verdict.EQUIVALENT
    assert judge.asked == 2
    assert hear(SEALED, FAITHFUL, "en", "ar", judge=judge).verdict is Verdict.EQUIVALENT


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_no_opinion_makes_or_unmakes_a_fact(altered: float, sealed: float, heard: float) -> None:
    """Numbers, units, times are the same with any judge, and a judge adds nothing that is certain."""
    judge = Fixed(altered, sealed, heard)
    for said in (FAITHFUL, NUMBER_CHANGED):
        alone = compare(SEALED, said, "en", "ar").findings
        judged = compare(SEALED, said, "en", "ar", judge=judge).findings
        assert [one for one in judged if one.kind in FACTS] == [one for one in alone if one.kind in FACTS]
        assert {one for one in judged if one.certain} <= {one for one in alone if one.certain}


def test_weights_are_never_below_zero() -> None:
    """Nothing that is found makes a text look more faithful."""
    assert all(value >= 0 for name, value in WEIGHTS.items() if name != "one")
    assert {"pair", "one"} <= set(WEIGHTS)


def test_more_findings_weigh_no_less() -> None:
    """Findings of the same kind count up to two."""
    opinion = Opinion(0.5, (0.5,), (0.5,))
    one = Finding("addition", "", "x", (0, 1), (0, 0), certain=False)
    word = [Shown("x", 0, 1)]
    sums = [weight(features(Case(word, word, [], [(one, "clause")] * count), opinion)) for count in range(4)]
    assert sums == sorted(sums)
    assert sums[2] == sums[3]
