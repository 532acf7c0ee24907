"""What the generated speakers say around a message; `dev` was looked at while the comparison was built, `held` not."""

from __future__ import annotations

FILLERS = {
    "dev": {
        "en": ["uh", "um", "er", "you know", "i mean", "well", "okay", "ah"],
        "fa": ["اه", "اهم", "یعنی", "خب", "ام", "راستش"],
        "ar": ["اه", "ايه", "يعني", "طيب", "ام", "في الواقع"],
    },
    "mid": {
        "en": ["hmm", "erm", "let me see", "so", "right", "one moment", "now", "how shall i put it"],
        "fa": ["خوب", "چیز", "می‌دانید", "در واقع", "عرض کنم که", "هوم"],
        "ar": ["حسنا", "كما تعلمون", "امم", "لحظة", "تعرفون", "إن جاز القول"],
    },
    "held": {
        "en": ["er um", "ok so", "mhm", "what else", "just a second", "ahem", "alright"],
        "fa": ["ببینید", "به هر حال", "صبر کنید", "عرض شود", "اوم"],
        "ar": ["شوف", "على أي حال", "لحظة واحدة", "احم", "نعم"],
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
    "mid": {
        "en": ["scratch that", "no wait", "i misspoke", "let me correct that", "rather", "no sorry", "disregard"],
        "fa": ["معذرت می‌خواهم", "منظورم", "اشتباه شد", "نه اشتباه گفتم", "یا بهتر بگویم"],
        "ar": ["آسف", "أقصد", "بل", "لا أخطأت", "أو بالأحرى"],
    },
    "held": {
        "en": ["my mistake", "that should be", "uh no", "sorry i meant", "strike that", "wait"],
        "fa": ["شرمنده", "غلط گفتم", "نه نه", "عذر می‌خواهم", "درستش"],
        "ar": ["أعتذر", "أقصد أن أقول", "كلا", "الصحيح", "سامحني"],
    },
}
REPEATS = {
    "dev": {
        "en": ["i say again", "say again", "i repeat"],
        "fa": ["تکرار می‌کنم", "دوباره می‌گویم"],
        "ar": ["أعيد", "أكرر"],
    },
    "mid": {
        "en": ["repeating", "once again", "that is"],
        "fa": ["تکرار", "باز می‌گویم", "مجدداً"],
        "ar": ["نكرر", "مرة أخرى", "أقول مجددا"],
    },
    "held": {
        "en": ["let me repeat", "again", "once more"],
        "fa": ["بار دیگر", "دوباره", "دوباره عرض می‌کنم"],
        "ar": ["أكرر القول", "مرة ثانية", "أقولها ثانية"],
    },
}
OPENINGS = {
    "dev": {
        "en": ["sir", "good morning", "this is the hotline", "message follows", "good evening sir"],
        "fa": ["با احترام", "سلام علیکم", "قربان", "پیام این است"],
        "ar": ["سيدي", "السلام عليكم", "معكم الخط الساخن", "نص الرسالة"],
    },
    "mid": {
        "en": ["good day colonel", "hotline duty officer speaking", "stand by for a message", "here is what they say"],
        "fa": ["وقت بخیر جناب سرهنگ", "افسر کشیک صحبت می‌کند", "لطفاً یادداشت کنید", "عرض سلام و ادب"],
        "ar": ["صباح الخير سيادة العقيد", "الضابط المناوب يتحدث", "لدي رسالة لكم", "تحية طيبة وبعد"],
    },
    "held": {
        "en": ["hello this is muscat", "colonel i have a text for you", "are you there sir", "go ahead please listen"],
        "fa": ["الو سلام", "جناب آقای سرتیپ", "از مسقط تماس می‌گیرم", "پیامی دارم از آن طرف"],
        "ar": ["ألو مرحبا", "أتصل من مسقط", "سعادة اللواء", "عندي نص من الجانب الآخر"],
    },
}
CLOSINGS = {
    "dev": {
        "en": ["message ends", "over", "thank you", "end of message", "please"],
        "fa": ["تمام", "پایان پیام", "متشکرم", "لطفا"],
        "ar": ["انتهت الرسالة", "حول", "شكرا", "انتهى"],
    },
    "mid": {
        "en": ["that is all for now", "how do you copy", "nothing more from them", "i await your answer"],
        "fa": ["همین بود", "دریافت کردید", "منتظر پاسخ شما هستم", "خدا نگهدار"],
        "ar": ["هذا كل ما لدينا", "هل سمعتم", "أنتظر جوابكم", "مع السلامة"],
    },
    "held": {
        "en": ["that was the whole text", "did you get it", "goodbye for now", "please read it back"],
        "fa": ["متن تمام شد", "دریافت شد", "خداحافظ شما", "لطفاً بازخوانی کنید"],
        "ar": ["هذا هو النص كاملا", "هل وصلكم", "إلى اللقاء الآن", "أرجو إعادة القراءة"],
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
    "mid": {
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
    "held": {
        "en": [
            ("their", "they're"),
            ("no", "know"),
            ("night", "knight"),
            ("in", "and"),
            ("ship", "sheep"),
            ("an", "and"),
            ("and", "in"),
            ("has", "as"),
            ("was", "were"),
            ("crews", "cruise"),
            ("it", "at"),
            ("with", "which"),
        ],
        "fa": [
            ("نظامی", "نزامی"),
            ("صبح", "سبح"),
            ("قطع", "قتع"),
            ("توسط", "طوسط"),
            ("از", "عز"),
            ("حال", "هال"),
            ("ظهر", "زهر"),
            ("غرق", "قرغ"),
            ("اصابت", "اسابت"),
        ],
        "ar": [
            ("ضرر", "درر"),
            ("صاروخ", "ساروخ"),
            ("ظهر", "ضهر"),
            ("طائرة", "تائرة"),
            ("هذه", "هاذه"),
            ("قذائف", "قزائف"),
            ("الذين", "اللي"),
            ("أي", "اي"),
        ],
    },
}
