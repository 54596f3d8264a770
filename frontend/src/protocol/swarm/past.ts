/** Ancestry in a swarm's DAG, asked of the store and cut off by depth. */

import type { EventStore, StoredEvent } from "../ports.ts";
import { held } from "./control.ts";

/** Whether `wanted` is one of the events `parents` or an ancestor of one. */
export function isInPast(store: EventStore, wanted: StoredEvent, parents: readonly string[]): boolean {
  const waiting = [...parents];
  const seen = new Set(waiting);
  if (seen.has(wanted.id)) return true;
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const { event } = held(store, id).signed;
    if (event.depth <= wanted.signed.event.depth) continue;
    if (event.parents.includes(wanted.id)) return true;
    const fresh = event.parents.filter((parent) => !seen.has(parent));
    for (const parent of fresh) seen.add(parent);
    waiting.push(...fresh);
  }
  return false;
}

/** `parents` and their ancestors of this depth or more: one walk for many questions. */
export function ancestors(
  store: EventStore,
  parents: readonly string[],
  lowest: number,
): ReadonlySet<string> {
  const waiting = [...parents];
  const found = new Set(waiting);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const { event } = held(store, id).signed;
    if (event.depth <= lowest) continue;
    const fresh = event.parents.filter((parent) => !found.has(parent));
    for (const parent of fresh) found.add(parent);
    waiting.push(...fresh);
  }
  return found;
}

/** The depth of the lowest of some events; there is at least one. */
export function lowestOf(events: readonly StoredEvent[]): number {
  return events.reduce((lowest, { signed }) => Math.min(lowest, signed.event.depth), Number.MAX_SAFE_INTEGER);
}
