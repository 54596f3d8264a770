/** Conversations. */
export const talk = {
  "talk.title": "Talk",
  "talk.list": "Conversations",
  "talk.empty": "No conversations yet",
  "talk.emptyHint":
    "Open somebody’s page under People and choose “Message”. Only you two can read what you write.",
  "talk.findPeople": "Find people",
  "talk.pick": "Choose a conversation",
  "talk.pickHint": "It opens here. Only its members can read it; this site carries it sealed.",
  "talk.failed": "Your conversations could not be opened",
  "talk.missing": "This conversation is not in this browser",
  "talk.missingHint": "It may belong to another device of yours, or the link is mistyped.",
  "talk.back": "All conversations",
  "talk.with": "Conversation with {name}",
  "talk.preview.own": "You: {text}",
  "talk.preview.request": "Wants to talk to you",
  "talk.preview.asked": "Waiting for an answer",
  "talk.preview.none": "No messages yet",
  "talk.here": "Here now",
  "talk.unread": { one: "{count} unread", other: "{count} unread" },
  "talk.unreadLine": "New since you were here",

  "talk.requests": "Requests",
  "talk.request.title": "{name} wants to talk to you",
  "talk.request.lead":
    "Accepting opens a conversation that only you two can read. Declining is quiet: {name} is not told.",
  "talk.request.accept": "Accept",
  "talk.request.decline": "Decline",
  "talk.declined": "The request is declined",
  "talk.asked": "{name} has been asked. You can write already; your messages arrive once {name} accepts.",
  "talk.started": "You started this conversation",
  "talk.startedBy": "{name} started this conversation",
  "talk.joined": "{name} has joined",
  "talk.youJoined": "You have joined",
  "talk.changedKey":
    "{name} has a new identity here, or somebody else took the address. Ask {name} another way and compare safety numbers. Until you accept it, nothing is sent.",
  "talk.acceptKey": "Accept the new key",
  "talk.acceptKeyTitle": "Did {name} confirm the new key?",
  "talk.acceptKeyHint":
    "Accept only if {name} told you so in person or by voice. What was meant for the old key stays with it.",
  "talk.sealed": "Only you and {name} can read this.",
  "talk.newer": "This needs a newer version of Porchlight.",

  "talk.deleted": "This message was deleted.",
  "talk.edited": "edited",
  "talk.reactions": "Reactions",
  "talk.unconfirmed": "Sent from a device that was removed, and seen by nobody before",

  "talk.messages": "Messages",
  "talk.compose": "Message to {name}",
  "talk.placeholder": "Write a message",
  "talk.send": "Send",
  "talk.sendHint": "Enter sends, Shift and Enter makes a new line.",
  "talk.tooLong": "This message is too long: {count} of {limit} bytes.",
  "talk.mark.waiting": "Waiting to be sent",
  "talk.mark.sent": "Sent",
  "talk.mark.delivered": "Delivered",
  "talk.mark.failed": "Not delivered",
  "talk.failedHint": "It stays here. {reason}",
  "talk.offline":
    "Not connected. What you write is kept in this browser and goes out when the light is green.",
  "talk.you": "You",

  "unlinked.title": "This browser holds no key of yours",
  "unlinked.lead":
    "You are logged in by password, and that opens your public things: posts, approvals, profile. Private conversations need a key that is kept only in your own devices.",
  "unlinked.what": "What you can do",
  "unlinked.why": "What that means",
  "unlinked.setup": "You have not made your keys yet. That is the second step of setting up.",
  "unlinked.setupNow": "Make your keys",
  "unlinked.evicted":
    "If this is that browser, its stored data was cleared. Your vault at home still keeps the conversations.",
  "talk.staleList":
    "{name}’s devices were not confirmed for 14 days. Their site may hide a change: compare safety numbers if it matters.",
  "talk.former":
    "{name} has a new identity since. This conversation with the old one can be read, but nothing is sent in it any more.",
  "talk.writeAnew": "Write to the new one",
} as const;
