"""Ways to say one thing within one language, in a frame: a faithful speaker may take any for any other."""

from __future__ import annotations

import pytest

from bridge.relay.fidelity import Verdict, compare

pytestmark = pytest.mark.pure

WAYS = {
    "fa": (
        ("کشتی ما {} 7 مایل فاصله دارد.", ("حدود", "نزدیک به", "قریب به", "تقریباً", "در حدود")),
        ("ناو {} جنوب می‌رود.", ("به سوی", "به سمت", "به طرف", "رو به", "سمت")),
        ("شلیک نمی‌کنیم {} شما شلیک کنید.", ("مگر اینکه", "مگر آنکه", "جز اینکه", "مگر این که")),
        ("{} آسیب ندید.", ("هیچ‌کس", "کسی", "هیچ کس", "هیچ‌کسی")),
        ("ارتفاع {} 500 متر است.", ("بیش از", "بیشتر از", "بالاتر از", "افزون بر", "بالای")),
        ("فاصله {} 500 متر است.", ("کمتر از", "زیر", "پایین‌تر از", "کم‌تر از")),
        ("{} پیام فرستادیم.", ("یک بار", "یکبار", "یک مرتبه")),
        ("شما {} برگردید.", ("باید", "می‌بایست", "بایستی", "لازم است")),
        ("شما {} نزدیک شوید.", ("نباید", "نبایستی", "نمی‌بایست")),
        ("{} پاسخ دهید.", ("لطفاً", "خواهشمندیم", "خواهش می‌کنیم", "لطف کنید")),
        ("{} ساعت 1200 زولو برگردید.", ("پیش از", "قبل از", "تا قبل از", "تا پیش از")),
        ("{} ساعت 1200 زولو برگردید.", ("پس از", "بعد از")),
        ("{} نزدیک شوید شلیک می‌کنیم.", ("اگر", "چنانچه", "در صورتی که", "هرگاه", "در صورتیکه")),
        ("قایق در {} بندر است.", ("جنوب غربی", "جنوب غرب", "جنوب‌غربی", "جنوب‌غرب")),
        ("{} به 2 ساعت نیاز داریم.", ("حداقل", "دست‌کم", "لااقل", "دستکم", "حد اقل")),
        ("{} 2 ساعت می‌مانیم.", ("حداکثر", "دست بالا")),
        ("{} عقب بروید.", ("فوراً", "بی‌درنگ", "بلافاصله", "سریعاً", "فوری")),
        ("هواپیما {} سقوط کرده باشد.", ("شاید", "ممکن است", "احتمال دارد")),
        ("{} هواپیما سقوط کرده است.", ("احتمالاً", "به احتمال زیاد")),
        ("{} پهپاد مال شماست.", ("گمان می‌کنیم", "فکر می‌کنیم", "تصور می‌کنیم")),
        ("این زورق {} شماست.", ("مال", "متعلق به", "از آن")),
        ("هر {} ناو برگشتند.", ("دو", "دوی")),
        ("{} سلاح ندارند.", ("آنها", "آنان", "ایشان", "آن‌ها")),
        ("پیام {} رسید.", ("شما", "شما به ما", "تان")),
        ("تا {} منتظر می‌مانیم.", ("فردا صبح", "صبح فردا")),
        ("دیدبان‌ها {} دیدند.", ("3 قایق را", "3 قایق")),
        ("مرز را {} .", ("رد نکنید", "رد نکنین", "رد نفرمایید")),
        ("آنها را {}.", ("آزاد می‌کنیم", "آزاد خواهیم کرد", "رها می‌کنیم")),
        ("شلیک {} .", ("نخواهیم کرد", "نمی‌کنیم")),
    ),
    "en": (
        ("The ship is {} 7 miles away.", ("about", "approximately", "around", "roughly", "some")),
        ("Do not fire {} we fire.", ("unless", "except if")),
        ("We {} hand them over.", ("can", "are able to")),
        ("{} was hurt.", ("Nobody", "No one", "No-one")),
        ("It flies {} 500 metres.", ("above", "over", "higher than")),
        ("It takes {} 5 hours.", ("more than", "over", "in excess of")),
        ("It takes {} 5 hours.", ("less than", "under", "below")),
        ("Return {} 1200Z.", ("before", "prior to")),
        ("Return {} 1200Z.", ("after", "later than")),
        ("{} you come closer, we fire.", ("If", "In case", "Should", "In the event that")),
        ("You {} turn back.", ("must", "have to", "need to", "are to")),
        ("They {} be armed.", ("may", "might", "could")),
        ("{} answer.", ("Please", "Kindly")),
        ("It moves {} the coast.", ("toward", "towards")),
        ("Wait {} 1200Z.", ("until", "till")),
        ("Withdraw {}.", ("at once", "immediately", "right away", "straight away", "now")),
        ("They are {} our waters.", ("within", "inside", "in")),
        ("It is {} from us.", ("4 miles", "four miles", "4 miles away")),
        ("We {} fire.", ("will not", "won't", "shall not", "shan't", "are not going to")),
        ("They {} armed.", ("are not", "aren't", "'re not")),
        ("It is {} yours.", ("probably", "likely", "most likely")),
        ("We {} it is yours.", ("believe", "think", "suppose")),
        ("They need {} 2 hours.", ("at least", "no less than", "a minimum of", "not less than")),
        ("They need {} 2 hours.", ("at most", "no more than", "a maximum of", "not more than")),
        ("The {} is down.", ("aircraft", "plane", "airplane", "aeroplane")),
        ("He {} come back.", ("has not", "hasn't", "did not", "didn't")),
        ("Both {} are safe.", ("pilots", "of the pilots", "the pilots")),
        ("{} 3 men aboard.", ("There are", "There're", "We have")),
        ("Keep {} of the wreck.", ("clear", "away", "well clear")),
    ),
    "ar": (
        ("السفينة على بعد {} 7 أميال.", ("نحو", "حوالي", "قرابة", "زهاء", "ما يقارب")),
        ("الفرقاطة تتجه {} الجنوب.", ("نحو", "باتجاه", "صوب", "إلى", "تجاه")),
        ("{} تسليمهم.", ("نستطيع", "يمكننا", "بإمكاننا", "بوسعنا", "في وسعنا")),
        ("لن نطلق النار {} أطلقتم.", ("إلا إذا", "إلا إن")),
        ("لم {} أحد.", ("يصب", "يصب بأذى")),
        ("الارتفاع {} 500 متر.", ("أكثر من", "يزيد على", "فوق", "يتجاوز", "يفوق")),
        ("المسافة {} 500 متر.", ("أقل من", "دون", "تقل عن")),
        ("{} أن تعودوا.", ("يجب", "يجب عليكم", "عليكم", "لا بد")),
        ("{} الرد.", ("نرجو", "يرجى", "الرجاء", "نرجو منكم")),
        ("عودوا {} الساعة 1200 زولو.", ("قبل", "قبل حلول", "قبيل")),
        ("عودوا {} الساعة 1200 زولو.", ("بعد", "عقب")),
        ("{} اقتربتم أطلقنا النار.", ("إذا", "إن", "لو", "في حال")),
        ("نحتاج {} ساعتين.", ("إلى", "ل")),
        ("نحتاج إلى ساعتين {}.", ("على الأقل", "في الأقل", "كحد أدنى")),
        ("نحتاج إلى ساعتين {}.", ("على الأكثر", "كحد أقصى", "في الأكثر")),
        ("انسحبوا {}.", ("فوراً", "حالاً", "على الفور", "في الحال")),
        ("{} سقطت الطائرة.", ("ربما", "لعل", "قد تكون")),
        ("{} أن الطائرة لكم.", ("نعتقد", "نظن", "نحسب")),
        ("القارب {} الميناء.", ("جنوب غرب", "جنوب غربي", "جنوبي غرب")),
        ("{} نطلق النار.", ("لن", "لا")),
        ("ننتظر {} الغد.", ("حتى", "لغاية", "إلى غاية")),
        ("{} قارباً.", ("رأينا 3", "شاهدنا 3", "لمحنا 3")),
        ("{} كلها في الميناء.", ("السفن", "المراكب")),
        ("هم {} السلاح.", ("لا يحملون", "غير حاملين")),
        ("أوقفوا {}.", ("إطلاق النار", "إطلاق النيران", "الرمي")),
    ),
}
ROWS = [
    (language, frame, one, other)
    for language, frames in WAYS.items()
    for frame, ways in frames
    for one, other in zip(ways, (*ways[1:], ways[0]), strict=True)
]


@pytest.mark.parametrize(("language", "frame", "one", "other"), ROWS)
def test_any_way_for_any_other(language: str, frame: str, one: str, other: str) -> None:
    """No finding is certain; a doubtful one costs the operator a question."""
    said = frame.format(other).replace(".", "").replace(",", "").lower()
    assert compare(frame.format(one), said, language, language).verdict is not Verdict.ALTERED


def test_most_ways_raise_no_question() -> None:
    quiet = sum(
        compare(frame.format(one), frame.format(other).lower(), language, language).verdict
        in (Verdict.VERBATIM, Verdict.EQUIVALENT)
        for language, frame, one, other in ROWS
    )
    assert quiet >= 0.75 * len(ROWS)
