import type { talk as english } from "../en/talk.ts";
import type { Translation } from "../translation.ts";

export const talk: Translation<typeof english> = {
  "talk.title": "الحديث",
  "talk.list": "المحادثات",
  "talk.empty": "لا محادثات بعد",
  "talk.emptyHint": "افتح صفحة شخص في «الناس» واختر «مراسلة». لا يقرأ ما تكتبانه إلا أنتما.",
  "talk.findPeople": "البحث عن الناس",
  "talk.pick": "اختر محادثة",
  "talk.pickHint": "تُفتح هنا. لا يقرؤها إلا أعضاؤها، وهذا الموقع يحملها مختومة.",
  "talk.failed": "تعذّر فتح محادثاتك",
  "talk.missing": "هذه المحادثة ليست في هذا المتصفح",
  "talk.missingHint": "ربما تكون في جهاز آخر لك، أو أن في الرابط خطأ.",
  "talk.back": "كل المحادثات",
  "talk.with": "محادثة مع {name}",
  "talk.preview.own": "أنت: {text}",
  "talk.preview.request": "يريد الحديث معك",
  "talk.preview.asked": "في انتظار الجواب",
  "talk.preview.none": "لا رسائل بعد",
  "talk.unread": {
    zero: "لا شيء غير مقروء",
    one: "واحدة غير مقروءة",
    two: "اثنتان غير مقروءتين",
    few: "{count} غير مقروءة",
    many: "{count} غير مقروءة",
    other: "{count} غير مقروءة",
  },
  "talk.unreadLine": "الجديد منذ كنت هنا",

  "talk.requests": "الطلبات",
  "talk.request.title": "يريد {name} الحديث معك",
  "talk.request.lead": "القبول يفتح محادثة لا يقرؤها إلا أنتما. والرفض هادئ: لا يُخبَر {name}.",
  "talk.request.accept": "قبول",
  "talk.request.decline": "رفض",
  "talk.declined": "رُفض الطلب",
  "talk.asked": "سُئل {name}. يمكنك الكتابة من الآن، وتصل رسائلك حين يقبل {name}.",
  "talk.started": "بدأت هذه المحادثة",
  "talk.startedBy": "بدأ {name} هذه المحادثة",
  "talk.joined": "انضم {name}",
  "talk.youJoined": "لقد انضممت",
  "talk.changedKey":
    "لدى {name} هوية جديدة هنا، أو أخذ العنوان شخص آخر. اسأل {name} بطريقة أخرى وقارنا رقمي الأمان. لا يُرسل شيء حتى تقبل.",
  "talk.acceptKey": "قبول المفتاح الجديد",
  "talk.acceptKeyTitle": "هل أكّد {name} المفتاح الجديد؟",
  "talk.acceptKeyHint":
    "لا تقبل إلا إن أخبرك {name} بذلك وجهًا لوجه أو بصوته. ما كان موجّهًا إلى المفتاح القديم يبقى معه.",
  "talk.sealed": "لا يقرأ هذا إلا أنت و{name}.",
  "talk.newer": "هذا يحتاج إلى إصدار أحدث من Porchlight.",

  "talk.deleted": "حُذفت هذه الرسالة.",
  "talk.edited": "معدّلة",
  "talk.reactions": "التفاعلات",
  "talk.unconfirmed": "أُرسلت من جهاز أُزيل، ولم يرها أحد من قبل",

  "talk.messages": "الرسائل",
  "talk.compose": "رسالة إلى {name}",
  "talk.placeholder": "اكتب رسالة",
  "talk.send": "إرسال",
  "talk.sendHint": "Enter يرسل، وShift مع Enter يبدأ سطرًا جديدًا.",
  "talk.tooLong": "هذه الرسالة طويلة جدًا: {count} من {limit} بايت.",
  "talk.mark.waiting": "تنتظر الإرسال",
  "talk.mark.sent": "أُرسلت",
  "talk.mark.delivered": "وصلت",
  "talk.mark.failed": "لم تصل",
  "talk.failedHint": "تبقى هنا. {reason}",
  "talk.offline": "غير متصل. ما تكتبه يُحفظ في هذا المتصفح ويخرج حين يصير الضوء أخضر.",
  "talk.you": "أنت",

  "unlinked.title": "لا يحمل هذا المتصفح أيًّا من مفاتيحك",
  "unlinked.lead":
    "دخلت بكلمة المرور، وهي تفتح أمورك العامة: المنشورات والموافقات والملف الشخصي. أما المحادثات الخاصة فتحتاج إلى مفتاح لا يُحفظ إلا في أجهزتك.",
  "unlinked.what": "ما الذي يمكنك فعله",
  "unlinked.why": "ما معنى ذلك",
  "unlinked.setup": "لم تصنع مفاتيحك بعد. تلك هي الخطوة الثانية من الإعداد.",
  "unlinked.setupNow": "اصنع مفاتيحك",
  "unlinked.evicted":
    "إن كان هذا هو ذلك المتصفح فقد مُحيت بياناته المحفوظة. وما زالت خزنتك في البيت تحفظ المحادثات.",
  "talk.staleList":
    "لم تُؤكَّد أجهزة {name} منذ 14 يومًا. قد يخفي موقعه تغييرًا: قارنا رقمي الأمان إن كان الأمر مهمًّا.",
  "talk.former":
    "صارت لدى {name} هوية جديدة. يمكن قراءة هذه المحادثة مع القديمة، لكن لا يُرسل فيها شيء بعد الآن.",
  "talk.writeAnew": "اكتب إلى الجديدة",
};
