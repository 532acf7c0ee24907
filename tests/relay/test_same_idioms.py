"""Clock times, broken numbers and begun words in one language: said otherwise, and said wrong."""

from __future__ import annotations

import pytest

from bridge.relay.fidelity import Verdict, compare

pytestmark = pytest.mark.pure

QUIET, FLAGGED = (Verdict.VERBATIM, Verdict.EQUIVALENT), (Verdict.CHECK, Verdict.ALTERED)

SAME = [
    ("en", "The tug leaves at 1915.", "the tug leaves at a quarter past seven in the evening"),
    ("en", "The tug leaves at 3 p.m.", "the tug leaves at fifteen hundred"),
    ("en", "The tug leaves at 0545.", "the tug leaves at a quarter to six"),
    ("en", "The tug leaves at 0640.", "the tug leaves at twenty to seven"),
    ("en", "It bears four and a half tonnes.", "it bears four point five tonnes"),
    ("en", "We have food for two days and a half.", "we have food for two and a half days"),
    ("en", "They want $1.2 million.", "they want one point two million dollars"),
    ("en", "They want $500.", "they want five hundred dollars"),
    ("en", "Two dozen rafts drift.", "twenty four rafts drift"),
    ("en", "Stay until 1 October.", "stay until the first of october"),
    ("en", "The truce holds from 3 September.", "the truce holds from the third of september"),
    ("en", "Two F-16 aircraft came near.", "two f sixteen aircraft came near"),
    ("en", "Transit is closed.", "tran transit is clo closed"),
    ("en", "Altitude 2,600 feet.", "altitude two thousand six hundred thousand six hundred feet"),
    ("fa", "ساعت دو و ربع بامداد رسیدند.", "ساعت ۰۲۱۵ رسیدند"),
    ("fa", "ساعت ۰۲:۱۵ رسیدند.", "ساعت دو و پانزده دقیقه بامداد رسیدند"),
    ("fa", "ساعت یک ربع به شش می‌رسند.", "ساعت پنج و چهل و پنج دقیقه می‌رسند"),
    ("fa", "برای دو روز و نیم آب دارد.", "برای دو و نیم روز آب دارد"),
    ("fa", "دو فروند F-15 آمدند.", "دو فروند اف پانزده آمدند"),
    ("ar", "في الساعة الثالثة إلا ربعاً مساء.", "في الساعة 1445"),
    ("ar", "في الساعة 0215.", "في الساعة الثانية وخمس عشرة دقيقة فجرا"),
    ("ar", "في الساعة 0855.", "في الساعة الثامنة وخمس وخمسين دقيقة"),
    ("ar", "فيها 3200 لتر.", "فيها ثلاثة آلاف ومئتا لتر"),
    ("ar", "يكفيه الماء يومين ونصف يوم.", "يكفيه الماء يومين ونصفا"),
    ("ar", "يصل الوفد في الساعة 0800.", "يصل الوفد في الثامنة"),
]
OTHER = [
    ("ar", "في الساعة 0215.", "في الساعة الثانية وخمس عشرة دقيقة ظهرا"),
    ("fa", "ساعت ۰۲:۱۵ رسیدند.", "ساعت دو و پانزده دقیقه بعدازظهر رسیدند"),
    ("en", "The truce holds from 3 September.", "the truce holds from the fourth of september"),
    ("en", "We act if you fire.", "we act is you fire"),
    ("en", "The tug leaves at 1915.", "the tug leaves at a quarter past eight in the evening"),
    ("en", "The tug leaves at 3 p.m.", "the tug leaves at three a m"),
    ("en", "The tug leaves at half past six.", "the tug leaves at half past five"),
    ("en", "We have food for two days and a half.", "we have food for two days"),
    ("en", "They want $1.2 million.", "they want one point two billion dollars"),
    ("en", "Twenty-one guns are fired.", "twenty guns are fired"),
    ("fa", "بیست و یک گلوله شلیک شد.", "بیست گلوله شلیک شد"),
    ("fa", "ساعت دو و ربع بامداد رسیدند.", "ساعت دو و نیم بامداد رسیدند"),
    ("ar", "في الساعة الثالثة إلا ربعاً مساء.", "في الساعة الثالثة والربع مساء"),
    ("ar", "يكفيه الماء يومين ونصف يوم.", "يكفيه الماء يومين"),
    ("ar", "يكفيه الماء يومين.", "يكفيه الماء يوما"),
]


@pytest.mark.parametrize(("language", "sealed", "heard"), SAME)
def test_said_otherwise_is_quiet(language: str, sealed: str, heard: str) -> None:
    """Another way to say the same number or time raises nothing."""
    result = compare(sealed, heard, language, language)
    assert result.verdict in QUIET, result.findings


@pytest.mark.parametrize(("language", "sealed", "heard"), OTHER)
def test_another_value_is_flagged(language: str, sealed: str, heard: str) -> None:
    """Another number or time in the same manner of speaking is found."""
    assert compare(sealed, heard, language, language).verdict in FLAGGED
