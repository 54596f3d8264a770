import type { data as english } from "../en/data.ts";
import type { Translation } from "../translation.ts";

export const data: Translation<typeof english> = {
  "house.data": "بياناتك",
  "house.dataHint": "ما يخزّنه هذا الموقع، وأخذه معك، والمغادرة",
  "data.title": "بياناتك",
  "data.lead": "هذا كل ما يحفظه الموقع. ما تكتبه في المحادثات ليس فيه: إنه في متصفحاتك وفي خزنتك.",
  "data.takeout": "خذ كل شيء معك",
  "data.takeoutHint":
    "ملف ZIP واحد فيه منشوراتك وملفاتك والنسخ السابقة والمسودات والتعليقات وما تتابعه والحظر والأجهزة وعمليات الدخول والإعدادات. وفيه ملف README يبيّن مكان كل شيء؛ وأي Porchlight يستعيد المنشورات.",
  "data.takeoutPrivate": "محادثاتك ليست فيه، لأن هذا الموقع لا يملكها. إنها في خزنتك.",
  "data.takeoutNow": "تنزيل كل شيء",
  "data.toVault": "إلى الخزنة",
  "data.packing": "قيد التحزيم، {part}",
  "data.mine": "المخزّن عنك",
  "data.mineHint": "عُدّ الآن في قاعدة بيانات الموقع ومجلداته.",
  "data.others": "المخزّن عن الآخرين",
  "data.othersHint": "لا يراه غيرك لأن الموقع لك. يقرأ الزوار القائمة نفسها بلا أرقام.",
  "data.failed": "تعذّر تحميل القائمة",
  "data.total": "{size} في المجموع",
  "data.rows": {
    zero: "لا مدخلات",
    one: "مدخل واحد",
    two: "مدخلان",
    few: "{count} مدخلات",
    many: "{count} مدخلًا",
    other: "{count} مدخل",
  },
  "data.kept": "مدة الحفظ:",
  "data.place": "انظر إليها",
  "data.asJson": "هذه القائمة بصيغة JSON",
};
