/** Your own data: what is stored. */
export const data = {
  "house.data": "Your data",
  "house.dataHint": "What this site stores, taking it along, leaving",
  "data.title": "Your data",
  "data.lead":
    "This is everything the site keeps. What you write in conversations is not on it: that lies in your browsers and in your vault.",
  "data.takeout": "Take everything along",
  "data.takeoutHint":
    "One ZIP with your posts and files, earlier versions, drafts, comments, what you follow, blocks, devices, logins and settings. A README in it says what is where; any Porchlight takes the posts back.",
  "data.takeoutPrivate":
    "Your conversations are not in it, because this site does not have them. They are in your vault.",
  "data.takeoutNow": "Download everything",
  "data.toVault": "To the vault",
  "data.packing": "Being packed, {part}",
  "data.mine": "Stored about you",
  "data.mineHint": "Counted just now in the site’s database and folders.",
  "data.others": "Stored about others",
  "data.othersHint":
    "Only you see this, because the site is yours. Visitors read the same list without numbers.",
  "data.failed": "The list could not be loaded",
  "data.total": "{size} altogether",
  "data.rows": { one: "{count} entry", other: "{count} entries" },
  "data.kept": "Kept:",
  "data.place": "Look at it",
  "data.asJson": "This list as JSON",

  "leaving.title": "Delete your account",
  "leaving.now":
    "Your pages are gone at once, for everybody who follows you too; all your logins end and no more letters are taken.",
  "leaving.grace": {
    one: "For {count} day you can take it back: just log in.",
    other: "For {count} days you can take it back: just log in.",
  },
  "leaving.later":
    "Then everything listed above is erased. Only your name stays, so that nobody else gets it. What others copied before stays with them.",
  "leaving.sent": {
    one: "You have {count} comment on another site. It stays there unless you take it back.",
    other: "You have {count} comments on other sites. They stay there unless you take them back.",
  },
  "leaving.sentList": "Look at them",
  "leaving.sentTakeBack": "Take all back",
  "leaving.sentProgress": "Comments taken back",
  "leaving.sentGoing": {
    one: "{count} comment is being taken back. Wait with deleting until its site has heard it.",
    other: "{count} comments are being taken back. Wait with deleting until their sites have heard it.",
  },
  "leaving.sentLook": "Look again",
  "leaving.sentFailed": "Your comments on other sites could not be loaded",
  "leaving.failed": "This could not be loaded",
  "leaving.ask": "Delete my account",
  "leaving.question": "Delete your account?",
  "leaving.takeFirst":
    "Take everything along first, and look whether your vault has your conversations: they are not on this site.",
  "leaving.heir": "Who owns the site after you?",
  "leaving.heirChoose": "Choose a member",
  "leaving.name": "Type your name, {name}, to be sure",
  "leaving.confirm": "Delete account",
  "leaving.done": "Your account is closed. Until {date} a login takes it back.",
} as const;
