/** What is owed to whom, as rows of the outbox; made in the same transaction as what causes it. */

import { makePosts } from "../../protocol/letters.ts";
import type { OutboxKind, OutboxRow } from "../../storage/records.ts";
import type { SignedPost } from "../views.ts";
import type { Core } from "./core.ts";

interface Debt {
  readonly kind: OutboxKind;
  readonly swarm: string;
  /** Text form. */
  readonly to: string;
  readonly devices?: readonly string[] | null;
  readonly events?: readonly string[];
}

export function owe(core: Core, debt: Debt): OutboxRow {
  return {
    row: core.newRow(),
    kind: debt.kind,
    swarm: debt.swarm,
    to: debt.to,
    devices: debt.devices ?? null,
    events: debt.events ?? [],
    state: "waiting",
    envelope: null,
    since: core.now,
    due: core.now,
    attempts: 0,
    fault: null,
  };
}

/** Events for the own other devices; nothing when there are none. */
export function copies(
  core: Core,
  swarm: string,
  events: readonly string[],
  devices: readonly string[] = core.self.others,
): readonly OutboxRow[] {
  if (devices.length === 0 || events.length === 0) return [];
  return [owe(core, { kind: "events", swarm, to: String(core.self.address), devices, events })];
}

/** All of a swarm for own devices that have nothing of it yet, as it is when they can first be sealed to. */
export function histories(core: Core, swarm: string, devices: readonly string[]): readonly OutboxRow[] {
  if (devices.length === 0) return [];
  return [owe(core, { kind: "history", swarm, to: String(core.self.address), devices })];
}

/** A version of an own post for own vaults. */
export function postFor(core: Core, signed: SignedPost, devices: readonly string[]): readonly OutboxRow[] {
  if (devices.length === 0) return [];
  const to = String(core.self.address);
  return makePosts(signed.post, signed.certificate).map((letter) => ({
    ...owe(core, { kind: "post", swarm: "", to, devices }),
    letter,
  }));
}

/** All own posts for vaults that are new to the account. */
export function allPostsFor(core: Core, devices: readonly string[], after = 0): readonly OutboxRow[] {
  if (devices.length === 0) return [];
  return [{ ...owe(core, { kind: "posts", swarm: "", to: String(core.self.address), devices }), after }];
}
