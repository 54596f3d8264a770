/**
 * What the private side shows: plain data, made anew whenever it changes, never written to by the reader.
 *
 * Times are milliseconds since 1970. A `fault` is a stable code of SPEC section 9 or one of `localFaults`; words are the catalogue's.
 */

/** Codes that only this browser raises, beside those of SPEC section 9. */
export const localFaults = {
  no_keys: "this browser holds no keys of the account: public things only",
  not_ready: "signed out, or the keys are still being read",
  offline: "no connection to the own site",
  other_tab: "the tab that holds the connection did not answer",
  changed_key: "the address now names another account key than the one first seen",
  account_exists: "the account has keys already",
  storage: "the browser refused to store",
  replaced: "another window has taken the place of this one",
  passkey_cancelled: "no passkey was made or shown",
  device_list_withheld:
    "the site keeps back a device list or a revocation that a device of the account vouches for",
  pairing_lost: "the other side of a pairing went away",
  other_phrase: "these words are the phrase of another account",
  not_shown: "the question who one is was closed without an answer",
  not_found: "there is no such conversation or message here",
  devices_full: "the account has as many devices as it may have",
  bad_ticket: "that is no ticket of a browser that waits to be linked",
  site_key: "the own site proved another key than the one first seen",
} as const;

export interface AddressView {
  readonly ip: string;
  readonly port: number;
  readonly username: string;
  /** `@alice@example.org`, with the port unless it is 443. */
  readonly text: string;
}

export type IdentityStatus =
  /** nobody is signed in */
  | "signed-out"
  | "loading"
  /** signed in; the account has no keys anywhere yet: first run */
  | "none"
  /** signed in; the account has keys, this browser none: public things only */
  | "unlinked"
  | "ready"
  /** keys or storage could not be read; see `fault` */
  | "failed";

/** Whether somebody of the account said in the last 14 days that a device list is the newest (SPEC 4.11). */
export type ListAge = "fresh" | "stale" | "unknown";

export interface IdentityView {
  readonly status: IdentityStatus;
  readonly account: string | null;
  readonly device: string | null;
  readonly address: AddressView | null;
  /** This browser holds the account key: it can pair a vault. */
  readonly root: boolean;
  readonly fault: string | null;
  /** What is wrong with the own device list as the site shows it: a code, also in `fault`. */
  readonly alarm: string | null;
  /** Of the own device list; null unless `ready`. */
  readonly listAge: ListAge | null;
  /** The own site's key as first seen. */
  readonly siteKey: string | null;
}

export interface DeviceView {
  readonly device: string;
  readonly role: "root" | "member" | "vault" | "visitor";
  readonly here: boolean;
  readonly since: number;
  /** Twelve groups of five digits; the same on every device that lists this one. */
  readonly number: string;
}

/** green connected · yellow first seconds, keys being compared · orange blocked · red not connected. */
export type Light = "green" | "yellow" | "orange" | "red";

export interface ConnectionView {
  readonly light: Light;
  /** Why it is so: a fault, or null when all is well or nothing was tried yet. */
  readonly fault: string | null;
  /** When the light last changed. */
  readonly since: number;
  /** Which of the `attempts` tries is under way or next, 0 when connected or at rest. */
  readonly attempt: number;
  readonly attempts: number;
  /** When the next try comes, null when none will come by itself: ask with `reconnect`. */
  readonly nextTry: number | null;
  /** Letters that wait in this browser to be sent. */
  readonly waiting: number;
  /** A moderator's block, while the site says that there is one. */
  readonly block: BlockView | null;
  /** What moderators have said since the page was opened, the newest last. */
  readonly notices: readonly NoticeView[];
}

export interface BlockView {
  readonly until: number;
  readonly reason: string;
}

export interface NoticeView {
  readonly id: string;
  readonly text: string;
  readonly at: number;
}

/** waiting here · sent: our site has it · delivered: a device of theirs holds it · failed: will not be tried again by itself. */
export type Mark = "waiting" | "sent" | "delivered" | "failed";

export interface ReactionView {
  readonly emoji: string;
  readonly count: number;
  /** One's own among them, to take it back; empty if there is none. */
  readonly ownEvents: readonly string[];
}

export interface MessageView {
  readonly id: string;
  readonly swarm: string;
  readonly kind: "text" | "started" | "joined" | "newer-version";
  /** The author's account, and whether that is oneself. */
  readonly author: string;
  readonly own: boolean;
  readonly time: number;
  /** Only for kind `text`, as its author last worded it; null when that was deleted. */
  readonly text: string | null;
  readonly replyTo: string | null;
  readonly edited: boolean;
  readonly deleted: boolean;
  /** False for what a removed author or device wrote and nobody had confirmed before: to be shown folded up. */
  readonly confirmed: boolean;
  readonly reactions: readonly ReactionView[];
  /** Null for others' messages and for those that are no text; a `started` whose request could not be delivered is `failed`. */
  readonly mark: Mark | null;
  /** Why it failed or still waits. */
  readonly fault: string | null;
}

export type ConversationState =
  /** we asked; texts wait until they accept */
  | "asked"
  /** they ask us: accept or decline */
  | "request"
  | "open"
  /** we declined; hidden from the list of conversations */
  | "declined";

export interface ConversationView {
  readonly swarm: string;
  readonly state: ConversationState;
  readonly peer: {
    readonly account: string;
    readonly address: AddressView;
    /** Their own label, or the user name while none is known. */
    readonly name: string;
    /** Twelve groups of five digits to compare with theirs. */
    readonly safetyNumber: string;
    /** Their address now names another account key: say so, compare. */
    readonly changedKey: boolean;
    /** Another account key has been accepted for their address since: to be read, no more to be written to. */
    readonly former: boolean;
    /** Of their device list as last asked for; null before that. */
    readonly listAge: ListAge | null;
  };
  /** What the request said, null otherwise. */
  readonly description: string | null;
  readonly last: MessageView | null;
  readonly unread: number;
  readonly time: number;
}

export interface WaitingVault {
  readonly slot: string;
  readonly name: string;
  readonly since: number;
  /** A vault, or a browser that is logged in as oneself. */
  readonly role: "vault" | "member";
}

export type LinkStep =
  | "idle"
  | "connecting"
  /** a browser with the account key may begin; it may scan the `ticket` */
  | "waiting"
  /** `code` stands on both sides: compare, then `confirm` or `abort` */
  | "compare"
  /** found equal here; the other side has not said so yet */
  | "agreed"
  | "done"
  | "failed";

/** This browser, waiting to be linked. */
export interface LinkView {
  readonly step: LinkStep;
  /** Six digits. */
  readonly code: string | null;
  readonly ticket: string | null;
  readonly fault: string | null;
}

export type PairingStep =
  | "idle"
  /** keys are being exchanged */
  | "opening"
  /** `code` stands on both sides: compare, then `confirm` or `abort` */
  | "compare"
  /** the certificate is being made and sent */
  | "finishing"
  | "done"
  | "failed";

export interface PairingView {
  readonly step: PairingStep;
  readonly slot: string | null;
  readonly name: string | null;
  /** Six digits. */
  readonly code: string | null;
  readonly fault: string | null;
}

/** The site said `changed` (SPEC 6.2): there is more of this, look. `number` grows with each, so that equal topics are told apart. */
export interface ChangeView {
  readonly topic: string;
  readonly number: number;
}

/** A public comment before it is signed: the post's URL, the author's label, the text. */
export interface CommentText {
  readonly post: string;
  readonly name: string;
  readonly text: string;
}

/** A change of an own comment before it is signed; `text` null takes it back, `written` is the comment's time. */
export interface CommentChangeText {
  readonly comment: string;
  readonly name: string;
  readonly number: number;
  readonly post: string;
  readonly text: string | null;
  readonly written: number;
}

/** SPEC 8.4: what the site takes. */
export interface SignedChange {
  readonly change: unknown;
  readonly certificate: unknown;
}

/** SPEC 8.5: a picture or file of a post, by its bytes. */
export interface PostAttachment {
  readonly hash: string;
  readonly type: string;
  readonly size: number;
  readonly alt: string;
}

/** SPEC 8.5: what a version of a post says; `text` null deletes it. */
export interface PostDraft {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly text: string | null;
  readonly tags: readonly string[];
  readonly published: number;
  readonly attachments: readonly PostAttachment[];
}

/** SPEC 8.5: what the site takes. */
export interface SignedPost {
  readonly post: unknown;
  readonly certificate: unknown;
}

/** SPEC 8.3: what the site takes. */
export interface SignedComment {
  readonly comment: unknown;
  readonly certificate: unknown;
}
