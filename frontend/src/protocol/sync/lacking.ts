/** Which events to send to another replica of the same swarm (SPEC 6.6, 7.1). Thin: letters carry the answers. */

import { canonical } from "../canonical.ts";
import { MAX_EVENTS } from "../letters.ts";
import type { EventStore, StoredEvent } from "../ports.ts";

export const BATCH_BYTES = 32_768;

/** These ids and all their ancestors that are here; `stop` cuts whole branches off where they need no visit. */
export function pastOf(
  store: EventStore,
  ids: readonly string[],
  stop: (id: string) => boolean = () => false,
): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...ids];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const stored = store.get(id);
    if (stored === undefined || found.has(id) || stop(id)) continue;
    found.add(id);
    waiting.push(...stored.signed.event.parents);
  }
  return found;
}

/** What a replica with these heads lacks, parents before children. Heads that are not known here tell nothing and are passed over. */
export function eventsAfter(store: EventStore, theirHeads: readonly string[]): readonly StoredEvent[] {
  const theirs = pastOf(store, theirHeads);
  return store.ordered().filter((event) => !theirs.has(event.id));
}

/** The events of a `missing` letter that are here, parents before children. */
export function eventsById(store: EventStore, ids: readonly string[]): readonly StoredEvent[] {
  const wanted = new Set(ids);
  return store.ordered().filter((event) => wanted.has(event.id));
}

/** The events in groups that fit into one `events` letter each, in their order. */
export function batches(events: readonly StoredEvent[]): readonly (readonly StoredEvent[])[] {
  const groups: StoredEvent[][] = [];
  let size = 0;
  for (const event of events) {
    const length = canonical(event.signed).length;
    const last = groups.at(-1);
    if (last === undefined || last.length === MAX_EVENTS || size + length > BATCH_BYTES) {
      groups.push([event]);
      size = length;
    } else {
      last.push(event);
      size += length;
    }
  }
  return groups;
}
