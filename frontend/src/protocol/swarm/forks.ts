/** Devices that wrote two histories (SPEC 7.4, rule 1): two events of one device with the same seq. */

import type { EventStore, StoredEvent } from "../ports.ts";
import { ancestors, lowestOf } from "./past.ts";

/** What is known of forks in one store; a device's events are read through once, when first asked. */
export class Forks {
  private readonly store: EventStore;
  /** By device and seq, the events where there are several. */
  private readonly known = new Map<string, Map<number, readonly StoredEvent[]>>();

  constructor(store: EventStore) {
    this.store = store;
  }

  /** Whether a fork of the device lies in the past of an event with these parents. */
  liesIn(device: string, parents: readonly string[]): boolean {
    const groups = [...this.of(device).values()];
    if (groups.length === 0) return false;
    const past = ancestors(this.store, parents, lowestOf(groups.flat()));
    return groups.some((same) => same.filter(({ id }) => past.has(id)).length > 1);
  }

  /** An event was put into the store. */
  note({ signed: { event } }: StoredEvent): void {
    const known = this.known.get(event.device);
    if (known === undefined) return;
    const later = this.store.byDevice(event.device, event.seq);
    const same = later.filter((each) => each.signed.event.seq === event.seq);
    if (same.length > 1) known.set(event.seq, same);
  }

  private of(device: string): ReadonlyMap<number, readonly StoredEvent[]> {
    const known = this.known.get(device);
    if (known !== undefined) return known;
    const found = new Map<number, StoredEvent[]>();
    let before: StoredEvent | undefined;
    for (const event of this.store.byDevice(device, 0)) {
      const { seq } = event.signed.event;
      if (before?.signed.event.seq === seq) found.set(seq, [...(found.get(seq) ?? [before]), event]);
      before = event;
    }
    this.known.set(device, found);
    return found;
  }
}
