"""What the generated speakers say around a message; `dev` was looked at while the comparison was built, `held` not."""

from __future__ import annotations

FILLERS = {
    "dev": {
        "en": ["uh", "um", "er", "you know", "i mean", "well", "okay", "ah"],
        "fa": ["اه", "اهم", "یعنی", "خب", "ام", "راستش"],
        "ar": ["اه", "ايه", "يعني", "طيب", "ام", "في الواقع"],
    },
    "held": {
        "en": ["hmm", "erm", "let me see", "so", "right", "one moment", "now", "how shall i put it"],
        "fa": ["خوب", "چیز", "می‌دانید", "در واقع", "عرض کنم که", "هوم"],
        "ar": ["حسنا", "كما تعلمون", "امم", "لحظة", "تعرفون", "إن جاز القول"],
    },
}
CORRECTIONS = {
    "dev": {
        "en": [
            "correction",
            "sorry correction",
            "i correct that",
            "no correction",
            "negative i say again",
            "make that",
        ],
        "fa": ["نه ببخشید", "اصلاح می‌کنم", "ببخشید", "تصحیح", "نه اصلاح می‌کنم"],
        "ar": ["لا أصحح", "أصحح", "تصحيح", "عفوا", "عذرا أصحح"],
    },
    "held": {
        "en": ["scratch that", "no wait", "i misspoke", "let me correct that", "rather", "no sorry", "disregard"],
        "fa": ["معذرت می‌خواهم", "منظورم", "اشتباه شد", "نه اشتباه گفتم", "یا بهتر بگویم"],
        "ar": ["آسف", "أقصد", "بل", "لا أخطأت", "أو بالأحرى"],
    },
}
REPEATS = {
    "dev": {
        "en": ["i say again", "say again", "i repeat"],
        "fa": ["تکرار می‌کنم", "دوباره می‌گویم"],
        "ar": ["أعيد", "أكرر"],
    },
    "held": {
        "en": ["repeating", "once again", "that is"],
        "fa": ["تکرار", "باز می‌گویم", "مجدداً"],
        "ar": ["نكرر", "مرة أخرى", "أقول مجددا"],
    },
}
OPENINGS = {
    "dev": {
        "en": ["sir", "good morning", "this is the hotline", "message follows", "good evening sir"],
        "fa": ["با احترام", "سلام علیکم", "قربان", "پیام این است"],
        "ar": ["سيدي", "السلام عليكم", "معكم الخط الساخن", "نص الرسالة"],
    },
    "held": {
        "en": ["good day colonel", "hotline duty officer speaking", "stand by for a message", "here is what they say"],
        "fa": ["وقت بخیر جناب سرهنگ", "افسر کشیک صحبت می‌کند", "لطفاً یادداشت کنید", "عرض سلام و ادب"],
        "ar": ["صباح الخير سيادة العقيد", "الضابط المناوب يتحدث", "لدي رسالة لكم", "تحية طيبة وبعد"],
    },
}
CLOSINGS = {
    "dev": {
        "en": ["message ends", "over", "thank you", "end of message", "please"],
        "fa": ["تمام", "پایان پیام", "متشکرم", "لطفا"],
        "ar": ["انتهت الرسالة", "حول", "شكرا", "انتهى"],
    },
    "held": {
        "en": ["that is all for now", "how do you copy", "nothing more from them", "i await your answer"],
        "fa": ["همین بود", "دریافت کردید", "منتظر پاسخ شما هستم", "خدا نگهدار"],
        "ar": ["هذا كل ما لدينا", "هل سمعتم", "أنتظر جوابكم", "مع السلامة"],
    },
}
HOMOPHONES = {
    "dev": {
        "en": [
            ("wait", "weight"),
            ("radar", "raider"),
            ("course", "coarse"),
            ("their", "there"),
            ("plane", "plain"),
            ("to", "two"),
            ("for", "four"),
            ("is", "as"),
            ("hour", "our"),
            ("sea", "see"),
        ],
        "fa": [("آن", "اون"), ("است", "ه"), ("را", "رو"), ("مسیر", "مثیر"), ("پهپاد", "پهباد"), ("هستند", "هستن")],
        "ar": [("التي", "اللي"), ("الجنرال", "جنرال"), ("الساعة", "ساعة"), ("بحرياً", "بحري")],
    },
    "held": {
        "en": [
            ("crew", "crews"),
            ("board", "bored"),
            ("weigh", "way"),
            ("pier", "peer"),
            ("lines", "lions"),
            ("the", "a"),
            ("are", "our"),
            ("will", "well"),
            ("of", "off"),
            ("by", "buy"),
            ("past", "passed"),
            ("raise", "rays"),
        ],
        "fa": [
            ("طرف", "ترف"),
            ("خط", "خت"),
            ("ساعت", "سائت"),
            ("صدا", "سدا"),
            ("سطح", "صطح"),
            ("حمله", "همله"),
            ("غرق", "قرق"),
            ("باشند", "باشن"),
            ("می‌شود", "میشه"),
        ],
        "ar": [
            ("هذا", "هاد"),
            ("الذي", "اللي"),
            ("ثلاثة", "تلاتة"),
            ("ضابط", "ظابط"),
            ("طاقم", "تاقم"),
            ("إلى", "الى"),
            ("على", "علا"),
        ],
    },
}
