"""Wordings of strangers within one language: noises that raise nothing, and small words that must."""

from __future__ import annotations

import pytest

from bench.pairs import strangers
from bridge.relay.fidelity import Verdict, compare
from bridge.relay.likeness import same_sound
from bridge.relay.opposites import are_opposites, are_small_opposites
from bridge.relay.vocabulary import is_known, meant

pytestmark = pytest.mark.pure

QUIET, FLAGGED = (Verdict.VERBATIM, Verdict.EQUIVALENT), (Verdict.CHECK, Verdict.ALTERED)

SAME = [
    ("en", "It is live as far as we know.", "it is live as far far as we know"),
    ("en", "It is live as far as we know.", "it is live as far as we no"),
    ("en", "Speed 50 kilometres per hour.", "speed fifty kilometres per our"),
    ("en", "It starts at 1700Z.", "it starts at nineteen hundred wait one seven zero zero zulu"),
    ("en", "East of buoy 14.", "east of buoy ninety four no one four"),
    ("en", "Our port engine is dead.", "our starboard engine i mean port engine is dead"),
    ("en", "Come before, not after.", "come before not after that is all sir"),
    ("en", "Use 31 right for 25 minutes.", "use thirty one right for twenty five minutes right"),
    ("fa", "باد ما را به طرف شمال می‌برد.", "باد ما را به ترف شمال می‌بره"),
    ("fa", "شمارشان را نمی‌دانیم.", "شمارشان رو نمی‌دونیم"),
    ("fa", "گذرگاه باشماق بسته است.", "گذرگاه تمرچین نه خیر باشماق بسته است"),
    ("fa", "سد سرریز می‌کند.", "عصر شما بخیر سد سرریز می‌کند"),
    ("ar", "عجلاته لا تنزل.", "عجلاته ما تنزل"),
    ("ar", "الجمعة موعدنا.", "جمعة موعدنا"),
    ("ar", "جزيرة زركوه بعيدة.", "جزيرة زرقوه لا بل زركوه بعيدة"),
]
OTHER = [
    ("en", "Switch it off.", "switch it on"),
    ("en", "They speak French or English.", "they speak french and english"),
    ("en", "He has been removed.", "he will be removed"),
    ("en", "You will not object when we shoot.", "you will not object when we may shoot"),
    ("en", "They pass at high tide.", "they pass at low tide"),
    ("en", "The village of Tel Ashkar burns.", "the village of tel askar burns"),
    ("en", "Admiral Teymouri agrees.", "admiral teymur agrees"),
    ("en", "They left. We stay.", "they left we stay one of them is an officer"),
    ("en", "Kill the engine.", "call the engine"),
    ("fa", "چراغ را خاموش کنید.", "چراغ را روشن کنید"),
    ("fa", "بی‌چراغ آمد.", "با چراغ آمد"),
    ("fa", "آزاد خواهد شد.", "آزاد شد"),
    ("ar", "وصل مهندسان وسائق.", "وصل مهندس وسائق"),
    ("ar", "الملازم رائد الفهدي هنا.", "الملازم راشد الفهدي هنا"),
    ("ar", "ثلثا الحالات ليلاً.", "ثلث الحالات ليلا"),
]


@pytest.mark.parametrize(("language", "sealed", "heard"), SAME)
def test_noise_is_quiet(language: str, sealed: str, heard: str) -> None:
    """Repetitions, corrections, homophones and greetings raise nothing."""
    result = compare(sealed, heard, language, language)
    assert result.verdict in QUIET, result.findings


@pytest.mark.parametrize(("language", "sealed", "heard"), OTHER)
def test_small_changes_are_flagged(language: str, sealed: str, heard: str) -> None:
    """Small words, opposites and names by one syllable are found."""
    assert compare(sealed, heard, language, language).verdict in FLAGGED


@pytest.mark.parametrize("language", strangers.LANGUAGES)
def test_pairs_of_strangers_keep_their_limits(language: str) -> None:
    """Of the messages that were looked at, nearly every alteration is flagged and hardly a faithful pair raised."""
    judged = [
        (pair["label"], compare(str(pair["sealed"]), str(pair["heard"]), language, language).verdict)
        for pair in strangers.pairs("open", 60, 11, (language,))
    ]
    assert sum(verdict in QUIET for label, verdict in judged if label == "altered") <= 1
    assert sum(verdict is Verdict.ALTERED for label, verdict in judged if label == "faithful") <= 1
    assert sum(verdict is Verdict.CHECK for label, verdict in judged if label == "faithful") <= 3


def test_pairs_are_the_same_for_the_same_seed() -> None:
    """Figures can be made again."""
    assert list(strangers.pairs("late", 6, 3)) == list(strangers.pairs("late", 6, 3))
    assert list(strangers.pairs("late", 6, 3)) != list(strangers.pairs("late", 6, 4))


def test_words_that_sound_the_same() -> None:
    """Vowels count for little in English, and much in the other two."""
    assert same_sound("kassem", "kasem", "en")
    assert not same_sound("teymouri", "teymur", "en")
    assert not same_sound("دوکه", "دکه", "ar")
    assert meant("ترف", "fa") == ("طرف",)
    assert not is_known("zubbaya", "en")


def test_opposites_are_found_by_stem() -> None:
    """Opened and closed are a pair as open and close are."""
    assert are_opposites("opened", "closing", "en")
    assert are_small_opposites("on", "off", "en")
    assert not are_opposites("open", "start", "en")


@pytest.mark.parametrize(
    ("language", "sealed", "heard"),
    [
        ("en", "Be there by 19 April.", "be there by ninety one that's not right nineteen april"),
        ("fa", "سمت 211 درجه است.", "سمت دویست راستش را بگویم و یازده درجه است"),
        ("ar", "وسنعدّ السكوت رفضاً.", "وسوف نعد السكوت رفضا"),
        ("ar", "قبل موعده بساعة.", "قبل مو موعده بساعة"),
        ("ar", "على مسافة 4 كيلومترات داخل أراضيكم.", "على بعد أربعة كيلومترات داخل أراضيكم"),
        ("ar", "تزيح المواقع نحو 7 أميال.", "تزيح المواقع حوالي سبعة أميال"),
        ("ar", "متجهة جنوباً.", "متجهة نحو الجنوب"),
        ("ar", "إن عثرتم عليهما فأعيدوهما.", "إذا عثرتم عليهما فأعيدوهما"),
        ("ar", "نستطيع تسليمهم.", "بإمكاننا تسليمهم"),
        ("ar", "التحية مرة واحدة.", "التحية مرة"),
        ("ar", "الارتفاع أكثر من 500 متر.", "الارتفاع فوق خمسمئة متر"),
        ("ar", "الارتفاع 500 متر في الحال.", "الارتفاع خمسمئة متر فورا"),
        ("en", "Stay above 500 metres.", "stay more than five hundred metres"),
        ("en", "They are within our waters.", "they are inside our waters"),
        ("en", "It is 4 miles away from us.", "it is four miles from us"),
        ("en", "Withdraw at once.", "withdraw right away"),
        ("en", "Our trainer lost its engine.", "ready to copy our trainer lost its engine"),
        ("en", "Will you tell your gunners?", "would you tell your gunners"),
        ("en", "We meet tomorrow morning.", "we meet tomorrow morning"),
        ("fa", "تا صبح فردا منتظر می‌مانیم.", "تا فردا صبح منتظر می‌مانیم"),
        ("fa", "ارتفاع بالای 500 متر است.", "ارتفاع بیش از پانصد متر است"),
        ("fa", "هیچ‌کس آسیب ندید.", "کسی آسیب ندید"),
        ("fa", "خواهشمندیم پاسخ دهید.", "لطفا پاسخ دهید"),
        ("fa", "قبل از ساعت 1200 زولو برگردید.", "تا قبل از ساعت دوازده زولو برگردید"),
        ("fa", "شلیک نمی‌کنیم مگر آنکه شما شلیک کنید.", "شلیک نمی‌کنیم جز اینکه شما شلیک کنید"),
    ],
)
def test_said_by_the_way(language: str, sealed: str, heard: str) -> None:
    assert compare(sealed, heard, language, language).verdict in (Verdict.VERBATIM, Verdict.EQUIVALENT)


@pytest.mark.parametrize(
    ("language", "sealed", "heard"),
    [
        ("en", "That is not right.", "that is right"),
        ("ar", "السفينة قريبة.", "السفينة مو قريبة"),
        ("ar", "وسنرد غداً.", "ولن نرد غدا"),
        ("ar", "على بعد 4 أميال.", "بعد أربعة أميال"),
        ("ar", "نستطيع تسليمهم.", "بإمكانكم تسليمهم"),
        ("ar", "يتجه نحو أراضيكم.", "يتجه من أراضيكم"),
        ("ar", "تتجه نحو الجنوب.", "تتجه نحو الشمال"),
        ("ar", "لن تقلع ما لم توافقوا.", "لن تقلع إذا وافقتم"),
        ("ar", "يجب عليكم أن تعودوا.", "يجب علينا أن نعود"),
        ("en", "Stay above 500 metres.", "stay below five hundred metres"),
        ("en", "They are within our waters.", "they are outside our waters"),
        ("en", "Answer within 5 minutes.", "answer after five minutes"),
        ("fa", "هیچ‌کس آسیب ندید.", "کسی آسیب دید"),
        ("fa", "ارتفاع بالای 500 متر است.", "ارتفاع زیر پانصد متر است"),
        ("fa", "قبل از ساعت 1200 زولو برگردید.", "بعد از ساعت دوازده زولو برگردید"),
    ],
)
def test_said_otherwise(language: str, sealed: str, heard: str) -> None:
    assert compare(sealed, heard, language, language).verdict is Verdict.ALTERED


def test_an_s_makes_another_name() -> None:
    """Not a plural: the operator says the name again."""
    for sealed, heard in (("Stavro", "stavros"), ("Stavros", "stavro")):
        found = compare(f"Private Emil {sealed} left his post.", f"private emil {heard} left his post", "en", "en")
        assert found.verdict is Verdict.CHECK
        assert [finding.kind for finding in found.findings] == ["name"]
