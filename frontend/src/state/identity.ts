/**
 * Who one is in this browser: the account, this device, the keys (SPEC section 4).
 *
 * First run: `start(member)` says `none`; `createAccount()` gives the 24 words, shown once and asked back; `enrol()` stores the keys, puts the first
 * device list up and connects. Until `enrol` nothing is kept: leaving the page means starting over with other words.
 */

import type { ReadonlySignal } from "@preact/signals";
import { computed } from "@preact/signals";
import type { Member } from "./engine.ts";
import { engine } from "./engine.ts";
import { current } from "./faults.ts";
import type {
  CommentChangeText,
  CommentText,
  DeviceView,
  IdentityView,
  PostDraft,
  SignedChange,
  SignedComment,
  SignedPost,
} from "./views.ts";

export type { Member } from "./engine.ts";
export type { DeviceView, IdentityView } from "./views.ts";

const nobody: IdentityView = {
  status: "signed-out",
  account: null,
  device: null,
  address: null,
  root: false,
  fault: null,
  alarm: null,
  listAge: null,
  siteKey: null,
};

export const identity: ReadonlySignal<IdentityView> = computed(() => engine.value?.identity.value ?? nobody);

/** The devices of the own device list, by age. */
export const devices: ReadonlySignal<readonly DeviceView[]> = computed(
  () => engine.value?.devices.value ?? [],
);

/** Called once after login, and after setup: reads the keys of this member from this browser and connects if there are any. */
export async function start(member: Member): Promise<void> {
  const { startEngine } = await import("./engine/start.ts");
  await startEngine(member);
}

/** Called at logout: closes the connection. Keys and history stay in this browser for the next login. */
export async function stop(): Promise<void> {
  const running = engine.value;
  engine.value = null;
  await running?.stop();
}

/** The person is about to go: whoever sees that they are here is told. */
export function leave(): void {
  engine.value?.leave();
}

/** The person shows or hides the light: contacts are told. */
export async function lightChanged(): Promise<void> {
  await engine.value?.lightChanged().catch(() => undefined); // told at the next round, or by itself when time is over
}

/** The person is about to block somebody, who must not go on seeing the light: once the block stands, the site lets no word of it through. */
export async function hideFrom(address: string): Promise<void> {
  await engine.value?.hideFrom(address).catch(() => undefined); // goes out by itself when time is over
}

/** Makes the account and this device's keys in memory. Returns the recovery phrase, 24 words. Throws `account_exists`. */
export function createAccount(): Promise<readonly string[]> {
  return current().createAccount();
}

/** Keeps what `createAccount` made, puts the device list up and connects. May be called again after a failure. */
export function enrol(): Promise<void> {
  return current().enrol();
}

/** Signs a change of an own comment (SPEC 8.4). Throws `no_keys`. */
export function signCommentChange(change: CommentChangeText): Promise<SignedChange> {
  return current().signCommentChange(change);
}

/** Signs a version of an own post with this device (SPEC 8.5). Throws `no_keys`. */
export function signPost(draft: PostDraft): Promise<SignedPost> {
  return current().signPost(draft);
}

/** The own vaults are to keep this version of a post, once the site has taken it (SPEC 8.5). */
export function keepPost(signed: SignedPost): Promise<void> {
  return current().keepPost(signed);
}

/** Signs a public comment with this device (SPEC 8.3). Throws `no_keys`. */
export function signComment(comment: CommentText): Promise<SignedComment> {
  return current().signComment(comment);
}
