"""Words that other words beside them make a day, a number or nothing of the kind, across languages."""

from __future__ import annotations

import pytest

from bridge.relay.across import found_across
from bridge.relay.across_read import read_across
from bridge.relay.meaning import shown
from bridge.relay.weighing import FACTS, case

pytestmark = pytest.mark.pure

Languages = tuple[str, str]


def _facts(sealed: str, heard: str, languages: Languages) -> list[tuple[str, str, str]]:
    found = case(*found_across(sealed, heard, languages)).facts
    return [(one.kind, one.sealed, one.heard) for one in found]


def _doubts(sealed: str, heard: str, languages: Languages) -> set[str]:
    return {group for _, group in case(*found_across(sealed, heard, languages)).doubts}


@pytest.mark.parametrize(
    ("sealed", "heard", "languages"),
    [
        (
            "The abbot's boat passes every Sunday with candles.",
            "يمر قارب رئيس الدير كل أحد محملا بالشموع",
            ("en", "ar"),
        ),
        ("Farmers may draw water every Sunday.", "يجوز للمزارعين أن يستقوا كل يوم أحد", ("en", "ar")),
        ("The bath house opens on Mondays.", "يفتح الحمام كل يوم اثنين", ("en", "ar")),
        ("The mill closes before the Sabbath.", "تغلق المعصرة قبل السبت", ("en", "ar")),
        ("On the morning of 17 August we fire 3 shells.", "في صباح يوم 17 أغسطس نطلق 3 قذائف", ("en", "ar")),
        ("إذا امتدت العاصفة إلى ما بعد الغد", "if the storm lasts beyond tomorrow", ("ar", "en")),
        ("The nomads move up in late May.", "ينتقل البدو في أواخر مايو", ("en", "ar")),
        ("عشایر اواخر مه بالا می‌روند.", "the nomads move up in late may", ("fa", "en")),
        ("The light is out. May a tractor come in?", "انطفأ الضوء هل يجوز أن يدخل جرار", ("en", "ar")),
        ("چون هفته‌ی پیش پلی هدف قرار گرفت", "since a bridge was hit last week", ("fa", "en")),
        ("This Friday a grader will level the road.", "جمعه همین هفته گریدر جاده را صاف می‌کند", ("en", "fa")),
        ("نهاية هذا الأسبوع تصل القافلة", "the convoy arrives this weekend", ("ar", "en")),
        ("We want 5 crates this week.", "نريد 5 صناديق هذا الأسبوع", ("en", "ar")),
        ("قذف البحر حوتاً ميتاً على الشاطئ", "a dead whale has washed up on the beach", ("ar", "en")),
        ("ونسميه نحن حكمة بديهية", "we call it common sense", ("ar", "en")),
        ("باد شمال شرقی زائران را بازداشت", "حالت ريح شمالية شرقية دون حضور الحجاج", ("fa", "ar")),
        ("احتمالاً رو به شمال شرق می‌رفتند", "they were presumably heading northeast", ("fa", "en")),
        ("A leak of 5 gallons.", "تسرب قدره خمسة غالونات", ("en", "ar")),
        ("The fox was seen at 110 metres.", "روباه در صد و ده متری دیده شد", ("en", "fa")),
        ("قاچاق‌سواری حدوداً شانزده‌ساله از کشتی پرید", "a stowaway of about sixteen jumped off the ship", ("fa", "en")),
        ("We saw divers near the monastery of Mar Shimun.", "رأينا غواصين قرب دير مار شمعون", ("en", "ar")),
        ("يعتقد أن راكبيها الاثنين عالقان", "the two on board are thought to be trapped", ("ar", "en")),
        ("الغواصون عثروا على أكثر من 60 جرة", "divers have found more than 60 jars", ("ar", "en")),
        ("يمكن جمع الجرحى لمدة يومين", "the wounded may be collected for two days", ("ar", "en")),
        ("الـ110 سيارات تحمل صواري", "the one hundred now and ten cars carry masts", ("ar", "en")),
        ("در کانال 9 لو رفت و باید عوض شود", "it leaked on channel niner it should be changed", ("fa", "en")),
    ],
)
def test_these_say_the_same(sealed: str, heard: str, languages: Languages) -> None:
    assert _facts(sealed, heard, languages) == []


@pytest.mark.parametrize(
    ("sealed", "heard", "languages", "kind"),
    [
        ("The boat passes every Sunday.", "يمر القارب كل سبت", ("en", "ar"), "time"),
        ("The nomads move up in late May.", "ينتقل البدو في أواخر مارس", ("en", "ar"), "time"),
        ("چون هفته‌ی پیش پلی هدف قرار گرفت", "since a bridge was hit next week", ("fa", "en"), "time"),
        ("باد شمال شرقی زائران را بازداشت", "حالت ريح شمالية غربية دون حضور الحجاج", ("fa", "ar"), "direction"),
        ("A leak of 5 gallons.", "تسرب قدره خمسة أطنان", ("en", "ar"), "unit"),
        ("The fox was seen at 110 metres.", "روباه در صد و سی متری دیده شد", ("en", "fa"), "number"),
        (
            "قاچاق‌سواری حدوداً شانزده‌ساله از کشتی پرید",
            "a stowaway of about fifteen jumped off the ship",
            ("fa", "en"),
            "number",
        ),
        ("يمكن جمع الجرحى لمدة يومين", "مجروحان را می‌توان تا دو هفته جمع کرد", ("ar", "fa"), "unit"),
        ("The wounded may be collected for two days.", "يمكن جمع الجرحى لمدة أسبوعين", ("en", "ar"), "unit"),
        ("الـ110 سيارات تحمل صواري", "the one hundred now and two cars carry masts", ("ar", "en"), "number"),
    ],
)
def test_these_do_not(sealed: str, heard: str, languages: Languages, kind: str) -> None:
    assert kind in {one[0] for one in _facts(sealed, heard, languages)}


@pytest.mark.parametrize(
    ("sealed", "heard", "languages", "group"),
    [
        ("کدخدای ده پرچم سفیدی بالا برد", "the village elder raised a white flag", ("fa", "en"), "slight"),
        ("قایق مال سی جاسمین است", "القارب من سفينة جاسمين", ("fa", "ar"), "slight"),
        ("آن را تا امروز نگفته‌ایم", "we have not said it so far", ("fa", "en"), "slight"),
        ("38 بشکه سوخت داشت", "it carried 38 drums of fuel", ("fa", "en"), "slight"),
        ("No more than one case is recorded.", "بیش از یک مورد ثبت نشده است", ("en", "fa"), "bound"),
    ],
)
def test_what_says_something_else_as_often_is_weighed(
    sealed: str, heard: str, languages: Languages, group: str
) -> None:
    assert _facts(sealed, heard, languages) == []
    assert group in _doubts(sealed, heard, languages)


def test_another_name_that_two_words_beside_each_other_sound_like() -> None:
    sealed = "أُعفي المرشد سالم من جدول المضيق"
    found = found_across(sealed, "pilot sulaiman has been taken off the strait roster", ("ar", "en"))[1]
    assert ("name", "sulaiman") in {(one.kind, one.heard) for one in found}


def test_ten_that_is_no_village_is_a_number() -> None:
    assert ("number", "ده", "") in _facts("ده کشتی حرکت کرد.", "the ships have left", ("fa", "en"))


def test_a_day_for_another_is_a_fact_and_no_doubt() -> None:
    sealed, heard = "The convoy leaves today.", "کاروان فردا حرکت می‌کند"
    assert [one[0] for one in _facts(sealed, heard, ("en", "fa"))] == ["time"]
    assert "time" in FACTS


@pytest.mark.parametrize(
    ("sealed", "heard", "languages", "begins", "ends"),
    [
        ("جستجوی خدمه سندباد پایان یافت.", "انتهى البحث عن طاقم سندباد", ("fa", "ar"), "انتهى", "سندباد"),
        ("Thank you for the medals.", "شكرا لكم على الأوسمة", ("en", "ar"), "شكرا", "الأوسمة"),
        ("تلفات شرق چاه؟", "casualties east of the well", ("fa", "en"), "casualties", "well"),
        ("چیز دیگری به کسی نگفته‌ایم", "we have told no one else goodbye for now", ("fa", "en"), "we", "else"),
        ("Our corvette stands guard.", "ناوچه ما از آن نگهبانی می‌کند", ("en", "fa"), "ناوچه", "می کند"),
        ("The goats were in it.", "بز هم در آن بود", ("en", "fa"), "بز", "بود"),
        (
            "ننتظر الطبيب",
            "good morning general we wait for the doctor please read it back",
            ("ar", "en"),
            "we",
            "doctor",
        ),
        ("القطيع مريض", "the herd is sick i await your answer", ("ar", "en"), "the", "sick"),
        ("إن وقعتم على المسؤولية", "if you will sign for them", ("ar", "en"), "if", "them"),
    ],
)
def test_what_is_cut_off_a_heard_text(sealed: str, heard: str, languages: Languages, begins: str, ends: str) -> None:
    pair, _ = found_across(sealed, heard, languages)
    words = [one.text for one in shown(pair.heard, pair.line)]
    assert words[0] == begins
    assert words[-1].endswith(ends.split()[-1])


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("at fife knots", "at # knots"),
        ("tree batteries", "# batteries"),
        ("the tree is old", "the tree is old"),
        ("channel niner", "channel #"),
    ],
)
def test_digits_said_the_way_of_pilots_are_numbers(said: str, seen: str) -> None:
    text = read_across(said, "en")
    assert " ".join(one.text for one in shown(text, text.tokens)) == seen


@pytest.mark.parametrize(
    ("sealed", "heard", "languages"),
    [
        ("We repeat the call at 0500Z.", "تماس را ساعت صفر پنج یک صفر زولو تکرار می‌کنیم", ("en", "fa")),
        ("أنتم تحفرون منذ الساعة 0700 زولو", "you have been digging since zero seven one zero zulu", ("ar", "en")),
        ("از ساعت ۱۰۰۰ زولو در اختیار شماست", "تحت تصرفكم من الساعة 10 10 زولو", ("fa", "ar")),
        ("There are more than 60 of them.", "بیش از شصت و دو تاست", ("en", "fa")),
        ("There are more than 200 of them.", "بیش از دویست و نه رأس است", ("en", "fa")),
        ("انخفض الضغط بنسبة 20 في المئة", "pressure has fallen by twenty one percent", ("ar", "en")),
        ("الأسير 118 مريض", "prisoner three hundred and eighteen is ill", ("ar", "en")),
        ("تبلغ 1200 قدم", "تا دو هزار و دویست پا بالا می‌رود", ("ar", "fa")),
        ("عرضكم بتوفير 50 شاحنة", "your offer of fifty two trucks", ("ar", "en")),
        ("قبل الساعة 2000 زولو", "before two two zero zero zulu", ("ar", "en")),
        ("The alarm came at 0005Z.", "آژیر ساعت یک و پنج دقیقه زولو بود", ("en", "fa")),
        ("وعند الساعة 1600 زولو", "at one six tree zero zulu", ("ar", "en")),
    ],
)
def test_a_number_that_goes_on_is_another_one(sealed: str, heard: str, languages: Languages) -> None:
    assert {one[0] for one in _facts(sealed, heard, languages)} & {"number", "time"}


@pytest.mark.parametrize(
    ("sealed", "heard", "languages"),
    [
        ("They may meet from 0900 to 1130 local.", "از ساعت 0900 تا 1130 محلی می‌توانند ببینند", ("en", "fa")),
        ("احتجزناها 35 دقيقة", "we held it for three five minutes", ("ar", "en")),
        (
            "Not between 2200Z and 0500Z.",
            "ليس بين الساعة اثنان اثنان صفر صفر والساعة صفر خمسة صفر صفر زولو",
            ("en", "ar"),
        ),
        ("Between 1000Z and 1300Z.", "بين الساعة 1000 والساعة ثلاثة عشر صفر صفر زولو", ("en", "ar")),
        ("تصل في الساعة 0135 زولو", "she arrives at oh one thirty five thirty five zulu", ("ar", "en")),
        ("Boat 25 has 12 men.", "قایق بیست و پنج دوازده نفر دارد", ("en", "fa")),
    ],
)
def test_a_number_beside_another_is_none(sealed: str, heard: str, languages: Languages) -> None:
    assert _facts(sealed, heard, languages) == []
