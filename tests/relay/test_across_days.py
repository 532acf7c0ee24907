"""Days named from the present and negatives that deny nothing, between languages."""

from __future__ import annotations

import pytest

from bridge.relay.across_days import parts, parts_swapped
from bridge.relay.across_read import read_across
from bridge.relay.fidelity import Verdict, compare


@pytest.mark.parametrize(
    ("ours", "theirs", "sealed", "heard"),
    [
        ("en", "ar", "Last night our boat left the harbour.", "غادر زورقنا الميناء ليلة أمس"),
        ("fa", "en", "دیشب قایق ما بندر را ترک کرد.", "our boat left the harbour yesterday evening"),
        ("fa", "ar", "قایق ما پریروز بندر را ترک کرد.", "غادر زورقنا الميناء أول أمس"),
        ("fa", "ar", "قایق ما پس‌فردا بندر را ترک می‌کند.", "يغادر زورقنا الميناء بعد الغد"),
        ("fa", "ar", "قایق ما امشب بندر را ترک می‌کند.", "يغادر زورقنا الميناء هذا المساء"),
        ("en", "ar", "Our boat left the harbour the same day.", "غادر زورقنا الميناء في اليوم نفسه"),
        ("en", "ar", "The boat is still in the harbour.", "لا يزال القارب في الميناء"),
        ("fa", "ar", "تا قایق نرفته صبر کنید.", "انتظروا حتى يغادر القارب"),
        ("en", "fa", "It is only an exercise.", "این چیزی جز تمرین نیست"),
        ("en", "ar", "We hardly saw the boat.", "بالكاد رأينا القارب"),
        ("ar", "en", "الأرجح أنه غير مقصود.", "it is probably an accident"),
    ],
)
def test_a_free_rendering_raises_nothing(ours: str, theirs: str, sealed: str, heard: str) -> None:
    """Each language has its own words for a day, for still and for only."""
    assert compare(sealed, heard, ours, theirs).verdict is Verdict.EQUIVALENT


@pytest.mark.parametrize(
    ("ours", "theirs", "sealed", "heard"),
    [
        ("en", "ar", "Last night our boat left the harbour.", "يغادر زورقنا الميناء غدا"),
        ("en", "ar", "Our boat left the harbour the day before yesterday.", "غادر زورقنا الميناء أمس"),
        ("fa", "en", "قایق ما پس‌فردا بندر را ترک می‌کند.", "our boat leaves the harbour tomorrow"),
        ("en", "ar", "Our boat leaves the harbour this evening.", "يغادر زورقنا الميناء غدا"),
        ("en", "ar", "Today our boat left the harbour.", "غادر زورقنا الميناء"),
        ("en", "ar", "The boat did not stop.", "توقف القارب"),
        ("fa", "en", "قایق توقف نکرد.", "the boat stopped"),
        ("ar", "en", "الطاقم غير مسلح.", "the crew is armed"),
        (
            "fa",
            "en",
            "از جلوی کاروان ما که عبور خواهد کرد رد نشوید.",
            "do not cross ahead of our convoy which will not pass",
        ),
    ],
)
def test_another_day_and_a_lost_negative_are_raised(ours: str, theirs: str, sealed: str, heard: str) -> None:
    """What excuses a rendering excuses no other day and no dropped negative."""
    assert compare(sealed, heard, ours, theirs).verdict is not Verdict.EQUIVALENT


@pytest.mark.parametrize(
    ("ours", "theirs", "sealed", "heard", "verdict"),
    [
        (
            "en",
            "ar",
            "The convoy halts for 30 minutes near the bridge.",
            "تتوقف القافلة نصف ساعة قرب الجسر",
            "equivalent",
        ),
        ("en", "ar", "The convoy halts for 45 minutes near the bridge.", "تتوقف القافلة نصف ساعة قرب الجسر", "altered"),
        ("fa", "en", "کاروان نیم ساعت توقف می‌کند.", "the convoy halts for thirty minutes", "equivalent"),
        (
            "en",
            "fa",
            "Call us again in three quarters of an hour.",
            "سه ربع ساعت دیگر دوباره تماس بگیرید",
            "equivalent",
        ),
        ("en", "ar", "The flight lasts two and a half hours.", "تستغرق الرحلة ساعتين ونصف", "equivalent"),
        ("en", "fa", "Please open the gate of the camp.", "لطفا دروازه اردوگاه را ببندید", "check"),
        ("en", "ar", "Falcon has left the harbour.", "غادر النسر الميناء", "check"),
        ("fa", "en", "ما بویه‌ای نینداخته‌ایم.", "we have not dropped a buoy", "equivalent"),
    ],
)
def test_spans_contraries_and_kinds(ours: str, theirs: str, sealed: str, heard: str, verdict: str) -> None:
    """A span of time in any form; a contrary and another thing of the kind are asked about."""
    assert compare(sealed, heard, ours, theirs).verdict is Verdict(verdict)


@pytest.mark.parametrize(
    ("ours", "theirs", "sealed", "heard", "verdict"),
    [
        ("en", "ar", "The boats arrive at 1830Z.", "تصل القوارب في السادسة والنصف مساءً بتوقيت زولو", "equivalent"),
        ("en", "ar", "The boats arrive at 0630Z.", "تصل القوارب في السادسة والنصف مساءً بتوقيت زولو", "altered"),
        ("en", "ar", "The boats arrive at 1830Z.", "تصل القوارب الساعة السابعة والنصف مساءً بتوقيت زولو", "altered"),
        ("en", "fa", "The boats arrive at 1430Z.", "قایق‌ها ساعت دو و نیم بعد از ظهر به وقت زولو می‌رسند", "equivalent"),
        ("en", "fa", "The boats arrive at 1430Z.", "قایق‌ها ساعت دو و ربع بعد از ظهر به وقت زولو می‌رسند", "altered"),
        (
            "fa",
            "en",
            "قایق‌ها ساعت 0545Z می‌رسند.",
            "the boats arrive at a quarter to six in the morning zulu",
            "equivalent",
        ),
        (
            "fa",
            "en",
            "قایق‌ها ساعت 0545Z می‌رسند.",
            "the boats arrive at quarter past six in the morning zulu",
            "altered",
        ),
        ("ar", "en", "تصل القوارب الساعة 1830Z.", "the boats arrive at half past six in the morning zulu", "altered"),
        ("en", "en", "Arrive at 1830Z.", "arrive at half past six in the evening zulu", "equivalent"),
        ("en", "en", "Arrive at 0630Z.", "arrive at half past six in the evening zulu", "altered"),
    ],
)
def test_a_clock_as_people_say_it(ours: str, theirs: str, sealed: str, heard: str, verdict: str) -> None:
    """Half past six in the evening is 1830 in any language, and never 0630."""
    assert compare(sealed, heard, ours, theirs).verdict is Verdict(verdict)


@pytest.mark.parametrize(
    ("ours", "theirs", "sealed", "heard", "verdict"),
    [
        ("en", "fa", "Our buoy broke loose on Monday night.", "بویه ما دوشنبه‌شب رها شد", "equivalent"),
        ("en", "fa", "Our buoy broke loose on Monday night.", "بویه ما سه‌شنبه‌شب رها شد", "altered"),
        ("en", "ar", "We test the line every Tuesday.", "نختبر الخط كل ثلاثاء", "equivalent"),
        ("ar", "fa", "نختبر الخط كل ثلاثاء.", "هر دوشنبه خط را می‌آزماییم", "altered"),
        ("ar", "en", "اعترف في الليلة نفسها.", "he confessed the same night", "equivalent"),
        ("en", "ar", "The convoy leaves at first light.", "تغادر القافلة عند أول ضوء", "equivalent"),
        ("fa", "ar", "کاروان با نخستین روشنایی حرکت می‌کند.", "تتحرك القافلة عند الغروب", "altered"),
        ("en", "fa", "The talks begin next week.", "گفتگوها هفته آینده آغاز می‌شود", "equivalent"),
        ("en", "ar", "The talks begin next week.", "تبدأ المحادثات الشهر المقبل", "altered"),
        ("en", "ar", "We shall call on Thursday morning.", "سنتصل مساء الخميس", "altered"),
        ("fa", "en", "سه‌شنبه صبح تماس می‌گیریم.", "we shall call on tuesday morning", "equivalent"),
        ("fa", "en", "سه‌شنبه صبح تماس می‌گیریم.", "we shall call on tuesday night", "altered"),
    ],
)
def test_weekdays_weeks_and_parts_of_the_day(ours: str, theirs: str, sealed: str, heard: str, verdict: str) -> None:
    """A weekday written with its night, this and next week, and morning against evening."""
    assert compare(sealed, heard, ours, theirs).verdict is Verdict(verdict)


@pytest.mark.parametrize("language", ["fa", "ar", "en"])
def test_a_part_of_the_day_is_swapped_only_where_another_stands(language: str) -> None:
    """A night that is also named costs nothing; a morning in the place of a night does."""
    night, morning, both = {
        "en": ("at night", "in the morning", "at night until the morning"),
        "fa": ("شب", "صبح", "شب تا صبح"),
        "ar": ("ليلا", "صباحا", "ليلا حتى الصباح"),
    }[language]
    found = {said: parts(read_across(said, language).tokens, language) for said in (night, morning, both)}
    assert parts_swapped(found[night], found[both]) is None
    assert parts_swapped(found[night], found[night]) is None
    assert parts_swapped(found[night], found[morning]) is not None
    assert parts_swapped(found[morning], found[night]) is not None


@pytest.mark.parametrize(
    ("ours", "theirs", "sealed", "heard", "verdict"),
    [
        ("en", "fa", "The mine lies upstream of the bridge.", "مین در بالادست پل است", "equivalent"),
        ("en", "fa", "The mine lies upstream of the bridge.", "مین در پایین‌دست پل است", "altered"),
        ("en", "ar", "The patrol walks uphill.", "تسير الدورية نزولا", "altered"),
        ("fa", "ar", "قایق به سمت دریا می‌رود.", "يمضي الزورق نحو البر", "altered"),
        ("en", "fa", "The camp is on the right bank.", "اردوگاه در ساحل سمت راست است", "equivalent"),
        ("en", "fa", "The camp is on the right bank.", "اردوگاه در ساحل سمت چپ است", "altered"),
    ],
)
def test_directions_of_rivers_slopes_and_shores(ours: str, theirs: str, sealed: str, heard: str, verdict: str) -> None:
    """Upstream, uphill, seaward and right, each against its contrary."""
    assert compare(sealed, heard, ours, theirs).verdict is Verdict(verdict)


@pytest.mark.parametrize(
    ("ours", "theirs", "sealed", "heard", "kinds"),
    [
        ("fa", "ar", "کشتی هرندی از بندر بیرون رفت.", "غادرت السفينة هرندي الميناء", []),
        ("fa", "ar", "کشتی هرندی از بندر بیرون رفت.", "غادرت السفينة مرندي الميناء", ["name"]),
        ("ar", "fa", "غادرت السفينة مرندي الميناء.", "کشتی هرندی از بندر بیرون رفت", ["name"]),
        ("fa", "ar", "مدیر کمال‌آباد تماس گرفت.", "اتصل مدير كمال آباد", []),
    ],
)
def test_names_between_persian_and_arabic(ours: str, theirs: str, sealed: str, heard: str, kinds: list[str]) -> None:
    """One script: words of no vocabulary that are not written alike."""
    assert [one.kind for one in compare(sealed, heard, ours, theirs).findings] == kinds


@pytest.mark.parametrize(
    ("language", "sealed", "heard", "verdict"),
    [
        (
            "en",
            "The flares this evening belong to a wedding.",
            "the flares this morning belong to a wedding",
            "altered",
        ),
        (
            "en",
            "The flares this afternoon belong to a wedding.",
            "the flares this evening belong to a wedding",
            "altered",
        ),
        (
            "en",
            "The flares this evening belong to a wedding.",
            "the flares this evening belong to a wedding",
            "verbatim",
        ),
        ("ar", "غادر القارب هذا المساء.", "غادر القارب صباح اليوم", "altered"),
        ("ar", "غادر القارب هذا المساء.", "غادر القارب مساء اليوم", "equivalent"),
    ],
)
def test_parts_of_one_day_within_a_language(language: str, sealed: str, heard: str, verdict: str) -> None:
    """This morning is not this evening, though both are today."""
    assert compare(sealed, heard, language, language).verdict is Verdict(verdict)
