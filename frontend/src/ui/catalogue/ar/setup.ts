import type { setup as english } from "../en/setup.ts";
import type { Translation } from "../translation.ts";

export const setup: Translation<typeof english> = {
  "setup.title": "أقم موقعك",
  "setup.step": "الخطوة {number} من {total}",
  "setup.later": "لاحقًا",
  "setup.steps": "الخطوات",
  "setup.stepName": "أنت",
  "setup.stepPhrase": "عبارة الاسترداد",
  "setup.stepFactor": "العامل الثاني",
  "setup.stepVault": "الخزنة",

  "setup.factor.title": "عامل ثانٍ",
  "setup.factor.lead":
    "قد يخمّن أحدهم كلمة المرور أو يراها. مع عامل ثانٍ لا تفتح وحدها شيئًا: يطلب الدخول أيضًا رمزًا من هاتفك أو مفتاح مرور.",
  "setup.factor.done": "لدخولك عامل ثانٍ",
  "setup.factor.next": "متابعة",
  "setup.factor.skip": "المتابعة من دونه",
  "setup.factor.warn":
    "من دونه يستطيع من يعرف كلمة مرورك أن ينشر باسمك. يمكنك إضافته لاحقًا في البيت، ثم الأمان.",

  "setup.name.title": "من يسكن هنا؟",
  "setup.name.lead": "سيكون هذا الموقع لك. اختر الاسم الذي يقرؤه الناس والاسم الذي في عنوانك.",
  "setup.name.name": "اسمك",
  "setup.name.nameHint": "كما تريده مكتوبًا فوق منشوراتك.",
  "setup.name.username": "الاسم في عنوانك",
  "setup.name.usernameHint": "حروف لاتينية صغيرة وأرقام و- و_. لا يمكن تغييره لاحقًا.",
  "setup.name.address": "سيكون عنوانك {address}",
  "setup.name.password": "كلمة المرور",
  "setup.name.passwordHint": "10 أحرف على الأقل. تفتح هذا الموقع، ولرسائلك الخاصة مفاتيحها.",
  "setup.name.next": "متابعة",
  "setup.name.badUsername":
    "استخدم من 1 إلى 32 من الحروف اللاتينية الصغيرة والأرقام و- و_، على أن يبدأ وينتهي بحرف أو رقم.",
  "setup.link.title": "هذا يحتاج إلى رابط الإعداد",
  "setup.link.lead":
    "يُعدّ الموقع مرة واحدة، بالرابط الذي ظهر عند تشغيله ولا يُستعمل إلا مرة. افتح ذلك الرابط في هذا المتصفح.",

  "setup.phrase.title": "عبارة الاسترداد",
  "setup.phrase.lead":
    "هذه الكلمات الأربع والعشرون هي مفتاح هويتك. إن ضاعت كل أجهزتك أعادتك. لا يملكها غيرك، ولا حتى هذا الموقع.",
  "setup.phrase.failed": "تعذّر صنع مفاتيحك",
  "setup.phrase.making": "تُصنع مفاتيحك",
  "setup.phrase.write": "اكتبها على ورق بهذا الترتيب، واحفظ الورقة في أمان. لا تظهر إلا الآن.",
  "setup.phrase.again": "هذه كلمات جديدة. إن كنت كتبت كلمات قبل إعادة تحميل هذه الصفحة فتخلّص منها.",
  "setup.phrase.word": "الكلمة {number}",
  "setup.phrase.print": "طباعة",
  "setup.phrase.next": "لقد كتبتها",
  "setup.phrase.ask": "لنراجع ورقتك",
  "setup.phrase.askLead": "اكتب ثلاثًا من الكلمات مما دوّنته.",
  "setup.phrase.look": "النظر إلى الكلمات من جديد",
  "setup.phrase.confirm": "متابعة",
  "setup.phrase.wrong": "هذه ليست الكلمة {number}. انظر إلى ورقتك من جديد.",
  "setup.phrase.printTitle": "عبارة استرداد {name}",
  "setup.phrase.printAddress": "العنوان: {address}",
  "setup.phrase.printHint": "احفظ هذه الورقة في أمان. من يملك هذه الكلمات يستطيع الكلام باسمك.",

  "setup.vault.title": "أقرن خزنتك",
  "setup.vault.lead":
    "الخزنة حاسوب صغير في بيتك يحفظ تاريخك الخاص. هي التي تتصل بموقعك، ولا يلزم فتح شيء في البيت.",
  "setup.vault.none": "لا خزنة تنتظر بعد",
  "setup.vault.noneHint": "شغّلها في البيت بهذا الأمر. تظهر هنا من تلقاء نفسها.",
  "setup.vault.offline": "يحتاج الإقران إلى أن يكون ضوء شرفتك أخضر: اتصل من جديد أولًا.",
  "setup.vault.waiting": "تنتظر الإقران",
  "setup.vault.pair": "إقران هذه الخزنة",
  "setup.vault.working": "جارٍ الاتفاق مع الخزنة على المفاتيح",
  "setup.vault.code": "الرمز",
  "setup.vault.compare": "تعرض الخزنة رمزًا أيضًا. هل الرمزان متطابقان؟",
  "setup.vault.match": "متطابقان",
  "setup.vault.failed": "لم تُقرن الخزنة",
  "setup.vault.differ": "مختلفان",
  "setup.vault.finishing": "تُسلَّم الخزنة شهادتها",
  "setup.vault.differed": "لم يُقرن شيء. ربما بدّل أحد بينك وبين الخزنة المفاتيح، فحاول مجددًا من شبكة تثق بها.",
  "setup.vault.done": "أُقرنت خزنتك",
  "setup.vault.doneHint": "من الآن تحفظ نسخة من كل محادثة، حتى حين يكون هذا المتصفح مغلقًا.",
  "setup.vault.unnamed": "خزنة",
  "setup.vault.warn": "من دون خزنة تعيش رسائلك الخاصة في هذا المتصفح وحده.",

  "setup.done": "افتح شرفتك",
};
