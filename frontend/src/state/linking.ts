/** Browsers that come to be of the account: this one by code or phrase, another one by code, and how one is taken off (SPEC 4.8, 4.9, 4.14). */
import { computed, signal } from "@preact/signals";
import { engine } from "./engine.ts";
import { current } from "./faults.ts";
import { withRecentLogin } from "./reauthentication.ts";
import { begin } from "./session.ts";
import type { LinkView } from "./views.ts";

const idle: LinkView = { step: "idle", code: null, ticket: null, fault: null };

/** This browser, waiting to be linked. */
export const link = computed(() => engine.value?.link.value ?? idle);

/** What a scanned code said, until it is used or put aside. Kept in memory only: it is a secret of the exchange. */
export const ticket = signal<string | null>(null);

/** Begins with the browser whose ticket was scanned; `pairing` then goes to `compare`, where its person confirms. Throws `bad_ticket`. */
export async function startByTicket(): Promise<void> {
  await current().pairByTicket(ticket.value ?? "");
  ticket.value = null;
}

/** Waits for a browser that holds the account key, under a name that is shown there. */
export function wait(name: string): Promise<void> {
  return current().waitForLink(name);
}

/** The codes are equal. */
export function confirmLink(): Promise<void> {
  return current().confirmLink();
}

export function abortLink(): Promise<void> {
  return current().abortLink();
}

/** The words make this browser hold the account key; `lost` revokes all other devices. Throws `recovery_phrase`, `other_phrase`, `not_shown`. */
export function linkByPhrase(words: string, lost: boolean): Promise<void> {
  return withRecentLogin(() => current().linkByPhrase(words, lost));
}

/**
 * Neither the phrase nor another device is left: the site forgets the account, and `identity` goes to `none`, from where a new one is made. Everybody who
 * knew the old one is warned. Throws `not_shown`, and `schema` unless the own name was typed.
 */
export async function abandon(username: string): Promise<void> {
  await withRecentLogin(() => current().abandon(username));
  await begin();
}

/** For ever. Throws `not_shown`, and `no_keys` in a browser without the account key. */
export function revoke(device: string): Promise<void> {
  return withRecentLogin(() => current().revoke(device));
}
