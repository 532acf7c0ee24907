// Sentences of the sign-in, which nobody needs a session to read.
// @ts-check

/** @type {Record<string, Record<string, string>>} */
export const WORDS = {
  en: {
    title: "Sign in to this station",
    again: "Your session has ended. Sign in again; what you were writing is still here.",
    name: "Name",
    password: "Password",
    code: "Six digits of your code device",
    enter: "Sign in",
    time: "Time of the station",
    drift: "The clock of this screen differs from the station's. Codes follow the station's.",
    "no-answer": "The station does not answer. The line goes on without this page.",
    left: "Wait until you may try again:",
    "sign-in": "Name, password or code is wrong.",
    wait: "Too many tries.",
    other: "Not signed in.",
  },
  ar: {
    title: "تسجيل الدخول إلى هذه المحطة",
    again: "انتهت جلستك. سجّل الدخول من جديد؛ ما كنت تكتبه باقٍ هنا.",
    name: "الاسم",
    password: "كلمة المرور",
    code: "الأرقام الستة من جهاز الرموز",
    enter: "دخول",
    time: "توقيت المحطة",
    drift: "ساعة هذه الشاشة تختلف عن ساعة المحطة. الرموز تتبع ساعة المحطة.",
    "no-answer": "المحطة لا تجيب. الخط يعمل من دون هذه الصفحة.",
    left: "انتظر حتى يمكنك المحاولة من جديد:",
    "sign-in": "الاسم أو كلمة المرور أو الرمز غير صحيح.",
    wait: "محاولات كثيرة.",
    other: "لم يتم الدخول.",
  },
  fa: {
    title: "ورود به این ایستگاه",
    again: "نشست شما پایان یافت. دوباره وارد شوید؛ آنچه می‌نوشتید همین‌جاست.",
    name: "نام",
    password: "گذرواژه",
    code: "شش رقم دستگاه رمز",
    enter: "ورود",
    time: "ساعت ایستگاه",
    drift: "ساعت این صفحه با ساعت ایستگاه فرق دارد. رمزها از ساعت ایستگاه پیروی می‌کنند.",
    "no-answer": "ایستگاه پاسخ نمی‌دهد. خط بدون این صفحه کار می‌کند.",
    left: "تا تلاش بعدی صبر کنید:",
    "sign-in": "نام، گذرواژه یا رمز نادرست است.",
    wait: "تلاش‌های بیش از اندازه.",
    other: "وارد نشدید.",
  },
};

export const NAMES = { en: "English", ar: "العربية", fa: "فارسی" };
