"""Spoken forms of numbers for generated pairs, written apart from the comparison's own reading of numbers."""

from __future__ import annotations

_EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_EN_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
_FA = "صفر یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده".split()
_FA_TENS = "- - بیست سی چهل پنجاه شصت هفتاد هشتاد نود".split()
_FA_HUNDREDS = "- صد دویست سیصد چهارصد پانصد ششصد هفتصد هشتصد نهصد".split()
_AR = "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة".split()
_AR_F = "صفر واحدة اثنتان ثلاث أربع خمس ست سبع ثماني تسع عشر".split()
_AR_TENS = "- عشرة عشرين ثلاثين أربعين خمسين ستين سبعين ثمانين تسعين".split()
_AR_TENS_NOM = "- عشرة عشرون ثلاثون أربعون خمسون ستون سبعون ثمانون تسعون".split()
_AR_HUNDREDS = "- مئة مئتين ثلاثمئة أربعمئة خمسمئة ستمئة سبعمئة ثمانمئة تسعمئة".split()
_AR_HOURS = (
    "- الواحدة الثانية الثالثة الرابعة الخامسة السادسة السابعة الثامنة التاسعة العاشرة الحادية_عشرة "
    "الثانية_عشرة الثالثة_عشرة "
    "الرابعة_عشرة الخامسة_عشرة السادسة_عشرة السابعة_عشرة الثامنة_عشرة التاسعة_عشرة العشرين الحادية_والعشرين "
    "الثانية_والعشرين "
    "الثالثة_والعشرين"
).split()
_AR_ORDINALS = "- الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر".split()
_ICAO = {"3": "tree", "5": "fife", "9": "niner"}
_NATO_EN = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec "
        "romeo sierra tango uniform victor whiskey x-ray yankee zulu".split(),
        strict=True,
    )
)
_NATO_FA = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "آلفا براوو چارلی دلتا اکو فاکسترات گلف هتل ایندیا ژولیت کیلو لیما مایک نوامبر اسکار پاپا کبک رومئو "
        "سیرا تانگو یونیفرم "
        "ویکتور ویسکی ایکس‌ری یانکی زولو".split(),
        strict=True,
    )
)
_NATO_AR = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "ألفا برافو تشارلي دلتا إيكو فوكستروت غولف هوتيل إنديا جولييت كيلو ليما مايك نوفمبر أوسكار بابا كيبك "
        "روميو سييرا تانغو "
        "يونيفورم فيكتور ويسكي إكسراي يانكي زولو".split(),
        strict=True,
    )
)
DIGITS_FA = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
DIGITS_AR = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def words_en(value: int, *, joined: str = " and ") -> str:
    if value < 20:
        return _EN[value]
    if value < 100:
        return _EN_TENS[value // 10] + (" " + _EN[value % 10] if value % 10 else "")
    scale, name = (100, "hundred") if value < 1000 else (1000, "thousand")
    rest = value % scale
    join = joined if rest and (scale == 100 or rest < 100) else " "
    return f"{words_en(value // scale)} {name}" + (join + words_en(rest, joined=joined) if rest else "")


def words_fa(value: int) -> str:
    if value < 20:
        return _FA[value]
    if value < 100:
        return _FA_TENS[value // 10] + (" و " + _FA[value % 10] if value % 10 else "")
    if value < 1000:
        return _FA_HUNDREDS[value // 100] + (" و " + words_fa(value % 100) if value % 100 else "")
    head = "هزار" if value // 1000 == 1 else words_fa(value // 1000) + " هزار"
    return head + (" و " + words_fa(value % 1000) if value % 1000 else "")


def words_ar(value: int, *, feminine: bool = False, nominative: bool = False) -> str:
    units = _AR_F if feminine else _AR
    tens = _AR_TENS_NOM if nominative else _AR_TENS
    if value <= 10:
        return units[value]
    if value < 20:
        special = {11: ("أحد عشر", "إحدى عشرة"), 12: ("اثني عشر", "اثنتي عشرة")}
        if value in special:
            return special[value][feminine]
        return units[value - 10] + (" عشرة" if feminine else " عشر")
    if value < 100:
        return (units[value % 10] + " و" if value % 10 else "") + tens[value // 10]
    if value < 1000:
        rest = value % 100
        return _AR_HUNDREDS[value // 100] + (
            " و" + words_ar(rest, feminine=feminine, nominative=nominative) if rest else ""
        )
    head = {1: "ألف", 2: "ألفين"}.get(value // 1000)
    if head is None:
        head = words_ar(value // 1000) + (" آلاف" if value // 1000 <= 10 else " ألف")
    return head + (" و" + words_ar(value % 1000, feminine=feminine) if value % 1000 else "")


def digits(value: str, language: str, *, icao: bool = False) -> str:
    """Digit by digit."""
    names = {"en": _EN, "fa": _FA, "ar": _AR}[language]
    shown = []
    for digit in value:
        if digit == ".":
            shown.append({"en": "point", "fa": "ممیز", "ar": "فاصلة"}[language])
        else:
            shown.append(_ICAO.get(digit, names[int(digit)]) if icao and language == "en" else names[int(digit)])
    return " ".join(shown)


def cardinal(value: str, language: str) -> list[str]:
    number = int(value)
    if language == "en":
        return [words_en(number), words_en(number, joined=" ")]
    if language == "fa":
        return [words_fa(number)]
    return [words_ar(number), words_ar(number, feminine=True), words_ar(number, nominative=True)]


def time_forms(value: str, language: str) -> list[str]:
    hour, minute = int(value[:2]), int(value[2:])
    if language == "en":
        return _time_en(value, hour, minute)
    if language == "fa":
        return _time_fa(value, hour, minute)
    forms = [digits(value, "ar"), f"{value[:2]} {value[2:]}"]
    if 0 < hour:
        clock = _AR_HOURS[hour].replace("_", " ")
        forms.append(clock if not minute else f"{clock} و{words_ar(minute, feminine=True)} " + _minutes_ar(minute))
    lead = ("صفر " if hour < 10 else "") + words_ar(hour)
    tail = "صفر صفر" if not minute else ("صفر " if minute < 10 else "") + words_ar(minute)
    forms.append(f"{lead} {tail}")
    return forms


def _minutes_ar(minute: int) -> str:
    return "دقائق" if 3 <= minute <= 10 else "دقيقة"


def _time_en(value: str, hour: int, minute: int) -> list[str]:
    forms = [digits(value, "en"), digits(value, "en", icao=True), f"{value[:2]} {value[2:]}", value]
    tail = "hundred" if not minute else ("oh " + _EN[minute] if minute < 10 else words_en(minute))
    forms.append(f"{words_en(hour)} {tail}" if hour else f"zero zero {tail if minute else 'zero zero'}")
    if 0 < hour < 10:
        forms += [f"oh {_EN[hour]} {tail}", f"zero {_EN[hour]} {tail}"]
    return forms


def _time_fa(value: str, hour: int, minute: int) -> list[str]:
    forms = [digits(value, "fa"), f"{value[:2]} {value[2:]}", value.translate(DIGITS_FA)]
    lead = ("صفر " if 0 < hour < 10 else "") + words_fa(hour)
    tail = "صفر صفر" if not minute else ("صفر " if minute < 10 else "") + words_fa(minute)
    forms.append(f"{lead} {tail}")
    if hour:
        forms.append(f"{words_fa(hour)} و {words_fa(minute)} دقیقه" if minute else words_fa(hour))
    return forms


def date_forms(value: str, language: str) -> list[str]:
    number = int(value)
    forms = [value, *cardinal(value, language)]
    if language == "fa":
        forms.append(words_fa(number) + "م" if number % 10 != 3 else words_fa(number))
    if language == "ar" and number <= 10:
        forms.append(_AR_ORDINALS[number])
    if language == "ar" and 13 <= number <= 19:
        forms.append(_AR_ORDINALS[number - 10] + " عشر من")
    return forms


def callsign_forms(letters: str, value: str, language: str) -> list[str]:
    names = {"en": _NATO_EN, "fa": _NATO_FA, "ar": _NATO_AR}[language]
    spelled = [" ".join(names[letter] for letter in letters), letters]
    if language == "en":
        spelled.append(" ".join(letters))
    tails = [value, digits(value, language)]
    if not value.startswith("0"):
        tails.append(cardinal(value, language)[0])
    return [f"{head} {tail}".replace("x-ray", "x ray").strip() for head in spelled for tail in tails]


def forms(kind: str, value: str, language: str) -> list[str]:
    """All spoken forms of a number of this kind, without its unit or zone."""
    if kind.startswith("callsign"):
        return callsign_forms(kind.partition(":")[2].lower(), value, language)
    if kind == "time":
        return time_forms(value, language)
    if kind == "date":
        return date_forms(value, language)
    found = [value, digits(value, language)]
    if kind == "decimal":
        whole, _, places = value.partition(".")
        point = {"en": " point ", "fa": " ممیز ", "ar": " فاصلة "}[language]
        return [digits(value, language), cardinal(whole, language)[0] + point + digits(places, language)]
    if language == "fa":
        found.append(value.translate(DIGITS_FA))
    if language == "ar":
        found.append(value.translate(DIGITS_AR))
    if not value.startswith("0") or kind == "coord":
        found.extend(cardinal(value, language))
    if language == "en":
        found.append(digits(value, "en", icao=True))
    return found
