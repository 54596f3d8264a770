/**
 * The private side of one signed-in person in this browser, and the one that is current.
 *
 * The view modules (identity, conversations, connection, pairing) only look through here; what they show is kept by the parts in `engine/`.
 */

import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import type {
  ChangeView,
  CommentChangeText,
  CommentText,
  ConnectionView,
  ConversationView,
  DeviceView,
  IdentityView,
  LinkView,
  MessageView,
  PairingView,
  PostDraft,
  SignedChange,
  SignedComment,
  SignedPost,
  WaitingVault,
} from "./views.ts";

/** Who the site says is signed in. */
export interface Member {
  readonly username: string;
  readonly address: { readonly ip: string; readonly port: number; readonly username: string };
  /** The enrolled account key, null before the first device list. */
  readonly account: string | null;
  /** The label sent with requests. */
  readonly name: string;
}

export interface Engine {
  readonly identity: ReadonlySignal<IdentityView>;
  readonly devices: ReadonlySignal<readonly DeviceView[]>;
  readonly connection: ReadonlySignal<ConnectionView>;
  readonly conversations: ReadonlySignal<readonly ConversationView[]>;
  readonly waitingVaults: ReadonlySignal<readonly WaitingVault[]>;
  readonly pairing: ReadonlySignal<PairingView>;
  readonly changes: ReadonlySignal<ChangeView | null>;
  readonly link: ReadonlySignal<LinkView>;
  /** The accounts of contacts that are here now. */
  readonly here: ReadonlySignal<readonly string[]>;
  messages(swarm: string): ReadonlySignal<readonly MessageView[]>;

  createAccount(): Promise<readonly string[]>;
  enrol(): Promise<void>;
  linkByPhrase(words: string, lost: boolean): Promise<void>;
  abandon(username: string): Promise<void>;
  waitForLink(name: string): Promise<void>;
  confirmLink(): Promise<void>;
  abortLink(): Promise<void>;
  signComment(comment: CommentText): Promise<SignedComment>;
  signCommentChange(change: CommentChangeText): Promise<SignedChange>;
  signPost(draft: PostDraft): Promise<SignedPost>;
  keepPost(signed: SignedPost): Promise<void>;
  reconnect(): void;
  /** The person goes: contacts that know of this browser are told. Returns at once. */
  leave(): void;
  /** The person shows or hides the light. */
  lightChanged(): Promise<void>;
  /** The person is about to block somebody, to whom the light goes out. */
  hideFrom(address: string): Promise<void>;
  open(address: string, name: string | null): Promise<string>;
  accept(swarm: string): Promise<void>;
  decline(swarm: string): Promise<void>;
  send(swarm: string, text: string, replyTo: string | null): Promise<string>;
  edit(swarm: string, message: string, text: string): Promise<void>;
  remove(swarm: string, events: readonly string[]): Promise<void>;
  react(swarm: string, message: string, emoji: string): Promise<void>;
  retry(message: string): Promise<void>;
  markRead(swarm: string): Promise<void>;
  acceptNewKey(address: string): Promise<void>;
  refreshVaults(): Promise<void>;
  pair(slot: string): Promise<void>;
  pairByTicket(text: string): Promise<void>;
  revoke(device: string): Promise<void>;
  confirmPairing(): Promise<void>;
  abortPairing(): Promise<void>;
  stop(): Promise<void>;
}

export const engine = signal<Engine | null>(null);
