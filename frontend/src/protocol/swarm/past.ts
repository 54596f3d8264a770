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
