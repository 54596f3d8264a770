import type { data as english } from "../en/data.ts";
import type { Translation } from "../translation.ts";

export const data: Translation<typeof english> = {
  "house.data": "您的数据",
  "house.dataHint": "本站存储了什么、带走它、离开",
  "data.title": "您的数据",
  "data.lead": "这是本站保存的全部内容。您在对话中写的东西不在这里：它们在您的浏览器和保险库中。",
  "data.takeout": "带走全部",
  "data.takeoutHint":
    "一个 ZIP 文件，包含您的帖子和文件、早期版本、草稿、评论、关注、屏蔽、设备、登录和设置。其中的 README 说明各部分在哪里；任何 Porchlight 都能重新导入帖子。",
  "data.takeoutPrivate": "其中没有您的对话，因为本站没有它们。它们在您的保险库中。",
  "data.takeoutNow": "下载全部",
  "data.toVault": "前往保险库",
  "data.packing": "正在打包，{part}",
  "data.mine": "存储的关于您的内容",
  "data.mineHint": "刚刚在本站的数据库和文件夹中清点。",
  "data.others": "存储的关于他人的内容",
  "data.othersHint": "因为本站属于您，所以只有您能看到。访客看到的是不含数字的同一清单。",
  "data.failed": "没能加载清单",
  "data.total": "共 {size}",
  "data.rows": { other: "{count} 条" },
  "data.kept": "保留：",
  "data.place": "查看",
  "data.asJson": "以 JSON 查看此清单",
};
