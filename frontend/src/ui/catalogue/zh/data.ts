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

  "leaving.title": "删除您的账户",
  "leaving.now": "您的页面会立即消失，对关注您的人也一样；所有登录都会结束，不再接收信件。",
  "leaving.grace": {
    other: "{count} 天之内您可以反悔：只需登录即可。",
  },
  "leaving.later":
    "之后，上面列出的一切都会被抹去。只留下您的名字，以免别人得到它。别人之前复制的内容仍在他们那里。",
  "leaving.failed": "没能加载此内容",
  "leaving.ask": "删除我的账户",
  "leaving.question": "删除您的账户？",
  "leaving.takeFirst": "请先带走全部内容，并确认您的保险库里有您的对话：它们不在本站。",
  "leaving.heir": "之后由谁拥有本站？",
  "leaving.heirChoose": "选择一位成员",
  "leaving.name": "请输入您的名字 {name} 以确认",
  "leaving.confirm": "删除账户",
  "leaving.done": "您的账户已关闭。{date} 之前登录即可恢复。",
};
