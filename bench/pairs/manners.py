"""How other speakers fill, repeat, correct and greet, and what recognisers make of their words.

These may be looked at; `manners_unseen` has those that serve figures only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manners:
    fillers: tuple[str, ...]
    repeats: tuple[str, ...]
    corrections: tuple[str, ...]
    openings: tuple[str, ...]
    closings: tuple[str, ...]
    misheard: tuple[tuple[str, str], ...]
    spelling: tuple[tuple[str, str], ...]
    """Patterns of spelling and what they become."""


_CONTRACTED = (r"\b(do|did|does|is|are|was|were|have|has|should|must|could|would) not\b", r"\1n't")
_BARE = (r"\b(do|did|does|is|are|was|were|have|has|should|must|could|would) not\b", r"\1nt")
_CANNOT = (r"\bcan ?not\b", "can't")
_WE_WILL = (r"\b(we|they|it|he|she) (?:will|shall)\b", r"\1'll")
_IT_IS = (r"\b(it|that|he|she) is\b", r"\1's")
SPELLING_EN = (_CONTRACTED, _BARE, _CANNOT, _WE_WILL, _IT_IS)
SPELLING_FA = (
    ("\u200c", ""),
    ("\u200c", " "),
    ("ی", "ي"),
    ("ک", "ك"),
    ("آ", "ا"),
    ("ئ", "ی"),
    (r"هٔ|ه‌ی", "ه"),
)
SPELLING_AR = (("[أإآ]", "ا"), (r"ة\b", "ه"), (r"ى\b", "ي"), (r"ي\b", "ى"), ("[ؤ]", "و"), ("[ئ]", "ي"), ("ـ", ""))

OPEN: Mapping[str, Mapping[str, Manners]] = {
    "open": {
        "en": Manners(
            (
                "uh",
                "erm",
                "you know",
                "well",
                "i mean",
                "so",
                "let me see",
                "ah",
                "okay",
                "like",
                "right",
                "hmm",
                "now",
                "oh",
                "actually",
                "basically",
                "okay so",
            ),
            ("i say again", "repeat", "again", "that is", "i repeat", "say again"),
            (
                "correction",
                "no correction",
                "sorry",
                "i mean",
                "no",
                "wait no",
                "scratch that",
                "make that",
                "correction i say again",
                "my mistake",
                "pardon me",
                "or rather",
                "let me correct that",
                "no sorry",
                "negative",
                "strike that",
                "disregard that",
            ),
            (
                "good morning general",
                "hotline here with a message",
                "sir i have the following",
                "break break",
                "muscat desk speaking",
                "i read you the message",
                "message as follows",
            ),
            (
                "over",
                "out",
                "that is all sir",
                "end of text",
                "did you copy all",
                "thank you for your patience",
                "message ends over",
                "please confirm",
            ),
            (
                ("wait", "weight"),
                ("hour", "our"),
                ("course", "coarse"),
                ("sea", "see"),
                ("by", "buy"),
                ("for", "four"),
                ("to", "two"),
                ("their", "there"),
                ("your", "you're"),
                ("know", "no"),
                ("whether", "weather"),
                ("side", "sighed"),
                ("crew", "crude"),
                ("mines", "minds"),
                ("tow", "toe"),
                ("our", "hour"),
                ("will", "we'll"),
                ("fire", "fires"),
                ("are", "our"),
                ("and", "an"),
                ("is", "his"),
                ("been", "bin"),
                ("which", "witch"),
                ("them", "him"),
                ("not", "knot"),
                ("port", "pork"),
            ),
            SPELLING_EN,
        ),
        "fa": Manners(
            ("خب", "یعنی", "اِ", "راستش", "ببینید", "چیز", "در واقع", "اوم", "بله", "می‌دونید", "حالا"),
            ("تکرار می‌کنم", "دوباره می‌گم", "مجدداً", "یعنی", "تکرار"),
            (
                "نه ببخشید",
                "اصلاح می‌کنم",
                "ببخشید",
                "تصحیح می‌کنم",
                "اشتباه شد",
                "نه",
                "معذرت می‌خواهم",
                "منظورم",
                "یعنی",
                "نه خیر",
                "اشتباه گفتم",
                "نه اشتباه کردم",
                "اصلاحیه",
            ),
            ("سلام قربان", "جناب سرهنگ پیام از این قرار است", "اینجا خط گرم", "عرض ادب و احترام", "پیام را می‌خوانم"),
            ("تمام", "پایان پیام", "دریافت شد قربان", "متشکرم از شما", "همین بود قربان", "لطفاً تأیید بفرمایید"),
            (
                ("است", "ه"),
                ("را", "رو"),
                ("آن", "اون"),
                ("اگر", "اگه"),
                ("ساعت", "ساعته"),
                ("طرف", "ترف"),
                ("حمله", "همله"),
                ("مسیر", "مصیر"),
                ("ساحلی", "صاحلی"),
                ("هستند", "هستن"),
                ("دارند", "دارن"),
                ("دریایی", "دریائی"),
                ("سوخت", "صوخت"),
                ("توفان", "طوفان"),
                ("نفر", "نفرات"),
                ("ارتفاع", "ارتفا"),
                ("قایق", "غایق"),
                ("خواهد", "خاهد"),
                ("بعد", "بد"),
                ("یک", "یه"),
                ("مرز", "مرض"),
                ("آنجا", "اونجا"),
            ),
            SPELLING_FA,
        ),
        "ar": Manners(
            ("يعني", "طيب", "آه", "امم", "في الواقع", "حسنا", "كما تعلمون", "نعم", "إيه", "بصراحة", "لحظة"),
            ("أكرر", "أعيد", "مرة أخرى", "نكرر", "أقول مرة أخرى"),
            (
                "لا أصحح",
                "عفوا",
                "تصحيح",
                "أقصد",
                "لا بل",
                "آسف",
                "خطأ",
                "أعني",
                "بل",
                "لا عفوا",
                "المعذرة",
                "تصويب",
                "والصحيح",
                "أستدرك",
                "لا أقصد",
            ),
            ("سيدي صباح الخير", "هنا الخط الساخن", "إليكم نص الرسالة", "تحية طيبة سيادة العميد", "معكم مكتب مسقط"),
            ("انتهت الرسالة", "حول", "هل استلمتم", "شكرا لكم سيدي", "هذا كل ما في الرسالة", "أرجو التأكيد"),
            (
                ("التي", "اللي"),
                ("الساعة", "ساعة"),
                ("على", "علا"),
                ("إلى", "الى"),
                ("هذه", "هذي"),
                ("ثلاثة", "تلاتة"),
                ("طائرة", "طايرة"),
                ("إذا", "ازا"),
                ("جنوب", "جنوبا"),
                ("متراً", "متر"),
                ("ميلاً", "ميل"),
                ("ظهراً", "ضهرا"),
                ("عند", "عن"),
                ("أي", "اي"),
                ("صواريخ", "سواريخ"),
                ("ضباط", "ظباط"),
                ("الذي", "اللي"),
                ("يوماً", "يوم"),
                ("طاقمها", "تاقمها"),
                ("الأول", "الاول"),
            ),
            SPELLING_AR,
        ),
    },
}
