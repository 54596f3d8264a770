/**
 * Conversations with one other person each: requests, messages and their marks (SPEC section 7, mode 0).
 *
 * Everything here is sealed for devices; the site sees ciphertext. Functions return once the deed is durable in this browser; sending goes on by
 * itself, across reloads, until the mark says `sent`. They throw errors whose code `faults.codeOf` tells.
 */

import type { ReadonlySignal } from "@preact/signals";
import { computed } from "@preact/signals";
import { engine } from "./engine.ts";
import { current } from "./faults.ts";
import type { ConversationView, MessageView } from "./views.ts";

export type { ConversationState, ConversationView, Mark, MessageView } from "./views.ts";

const all: ReadonlySignal<readonly ConversationView[]> = computed(
  () => engine.value?.conversations.value ?? [],
);

/** Conversations, the latest first; neither requests to us nor what we declined. */
export const conversations: ReadonlySignal<readonly ConversationView[]> = computed(() =>
  all.value.filter((one) => one.state === "open" || one.state === "asked"),
);

/** Requests that wait for our answer, the oldest first. */
export const requests: ReadonlySignal<readonly ConversationView[]> = computed(() =>
  all.value.filter((one) => one.state === "request").reverse(),
);

/** Unread messages and unanswered requests together. */
export const unread: ReadonlySignal<number> = computed(
  () => conversations.value.reduce((sum, one) => sum + one.unread, 0) + requests.value.length,
);

/** One conversation, whatever its state; undefined when there is none. */
export function conversation(swarm: string): ConversationView | undefined {
  return all.value.find((one) => one.swarm === swarm);
}

/** The messages of a conversation in causal order; empty until read from storage. The same signal for the same swarm. */
export function messages(swarm: string): ReadonlySignal<readonly MessageView[]> {
  return engine.value?.messages(swarm) ?? none;
}

const none: ReadonlySignal<readonly MessageView[]> = computed(() => []);

/**
 * Finds or starts the conversation with the person at `address` (`@bob@example.org`); `name` is how to call them if known.
 * Returns its swarm id. Throws `address`, `unknown_recipient`, `unreachable`, `offline`, `no_keys`, `changed_key`.
 */
export function open(address: string, name: string | null = null): Promise<string> {
  return current().open(address, name);
}

export function accept(swarm: string): Promise<void> {
  return current().accept(swarm);
}

/** Hides the request here and on the own devices; the other side is told nothing. */
export function decline(swarm: string): Promise<void> {
  return current().decline(swarm);
}

/** Writes a message, 1–16,384 bytes of UTF-8. Returns its id; it is durable in this browser then. Throws `schema` when empty or too long. */
export function send(swarm: string, text: string, replyTo: string | null = null): Promise<string> {
  return current().send(swarm, text, replyTo);
}

/** Words an own message anew. Throws `event_id` or `event_rights` for what cannot be edited, `schema` as `send`. */
export function edit(swarm: string, message: string, text: string): Promise<void> {
  return current().edit(swarm, message, text);
}

/** Takes an own message away, or a reaction: by the `ownEvents` of that. */
export function remove(swarm: string, events: readonly string[]): Promise<void> {
  return current().remove(swarm, events);
}

/** Puts an emoji, 1–64 bytes, to a message. */
export function react(swarm: string, message: string, emoji: string): Promise<void> {
  return current().react(swarm, message, emoji);
}

/** Tries a failed message again. */
export function retry(message: string): Promise<void> {
  return current().retry(message);
}

export function markRead(swarm: string): Promise<void> {
  return current().markRead(swarm);
}

/**
 * The person has compared and accepts that `address` now stands for another account key. Mail that was kept because of the change is opened; what was
 * meant for the old account stays with it.
 */
export function acceptNewKey(address: string): Promise<void> {
  return current().acceptNewKey(address);
}
