// Sentences about one's own passkeys in Arabic. `{name}` becomes one value, kept whole and left to right.
// @ts-check

/** @type {Record<string, string>} */
export default {
  "passkeys.title": "مفاتيح المرور لـ {name}",
  "passkeys.how": "مفتاح المرور مفتاح محفوظ على جهاز لك. به تدخل من دون كلمة مرور وأرقام.",
  "passkeys.none": "لا شيء بعد.",
  "passkeys.used": "أُنشئ {made}، آخر استعمال {used}",
  "passkeys.unused": "أُنشئ {made}، لم يُستعمل بعد",
  "passkeys.remove": "حذف",
  "passkeys.label": "الاسم الذي تعطيه للجديد",
  "passkeys.password": "كلمة المرور",
  "passkeys.code": "الأرقام الستة من جهاز الرموز",
  "passkeys.make": "إنشاء مفتاح مرور",
  "passkeys.close": "إغلاق",
  "passkey-problem.sign-in": "كلمة المرور أو الرمز غير صحيح. الرمز يُستعمل مرة واحدة: انتظر التالي.",
  "passkey-problem.wait": "محاولات كثيرة. انتظر قليلًا.",
  "passkey-problem.passkey": "جواب الجهاز لا يُثبت شيئًا. حاول من جديد.",
  "passkey-problem.passkey-taken": "لهذا الجهاز مفتاح مرور في هذه المحطة من قبل.",
  "passkey-problem.too-many-passkeys": "هي ثمانية. احذف واحدًا أولًا.",
  "passkey-problem.no-device": "لم يُجب أي جهاز.",
  "passkey-problem.no-answer": "المحطة لا تجيب. الخط يعمل من دون هذه الصفحة.",
  "passkey-problem.no-name": "ليس لصفحة هذه المحطة اسم: لا مفاتيح مرور لها.",
  "passkey-problem.no-tls": "ليس لصفحة هذه المحطة شهادة: لا مفاتيح مرور لها.",
  "passkey-problem.other": "رُفض ذلك.",
};
