// Sentences about one's own passkeys in Persian. `{name}` becomes one value, kept whole and left to right.
// @ts-check

/** @type {Record<string, string>} */
export default {
  "passkeys.title": "کلیدهای عبور {name}",
  "passkeys.how": "کلید عبور کلیدی است روی دستگاه شما. با آن بی گذرواژه و رقم وارد می‌شوید.",
  "passkeys.none": "هنوز هیچ.",
  "passkeys.used": "ساخته {made}، آخرین کاربرد {used}",
  "passkeys.unused": "ساخته {made}، هنوز به کار نرفته",
  "passkeys.remove": "حذف",
  "passkeys.label": "نامی که به کلید تازه می‌دهید",
  "passkeys.password": "گذرواژه",
  "passkeys.code": "شش رقم دستگاه رمز",
  "passkeys.make": "ساختن کلید عبور",
  "passkeys.close": "بستن",
  "passkey-problem.sign-in": "گذرواژه یا رمز نادرست است. هر رمز یک بار به کار می‌آید: رمز بعدی را بخواهید.",
  "passkey-problem.wait": "تلاش‌های بیش از اندازه. کمی صبر کنید.",
  "passkey-problem.passkey": "پاسخ دستگاه چیزی را ثابت نمی‌کند. دوباره تلاش کنید.",
  "passkey-problem.passkey-taken": "این دستگاه از پیش کلید عبور این ایستگاه را دارد.",
  "passkey-problem.too-many-passkeys": "هشت کلید هست. نخست یکی را حذف کنید.",
  "passkey-problem.no-device": "هیچ دستگاهی پاسخ نداد.",
  "passkey-problem.no-answer": "ایستگاه پاسخ نمی‌دهد. خط بدون این صفحه کار می‌کند.",
  "passkey-problem.no-name": "صفحهٔ این ایستگاه نام ندارد: کلید عبور نمی‌تواند داشته باشد.",
  "passkey-problem.no-tls": "صفحهٔ این ایستگاه گواهی ندارد: کلید عبور نمی‌تواند داشته باشد.",
  "passkey-problem.other": "پذیرفته نشد.",
};
