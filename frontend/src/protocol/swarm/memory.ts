/** An EventStore in memory: filled from storage when a swarm is looked at, and for tests. */

import type { EventStore, ParkedEvent, StoredEvent } from "../ports.ts";

function byPlace(a: StoredEvent, b: StoredEvent): number {
  return a.signed.event.depth - b.signed.event.depth || (a.id < b.id ? -1 : 1);
}

function bySeq(a: StoredEvent, b: StoredEvent): number {
  return a.signed.event.seq - b.signed.event.seq || (a.id < b.id ? -1 : 1);
}

export class MemoryEventStore implements EventStore {
  private readonly events = new Map<string, StoredEvent>();
  private readonly ends = new Set<string>();
  private readonly devices = new Map<string, StoredEvent[]>();
  private readonly waiting = new Map<string, ParkedEvent>();
  private sorted: StoredEvent[] = [];
  private unsorted = false;

  get(id: string): StoredEvent | undefined {
    return this.events.get(id);
  }

  put(event: StoredEvent): void {
    if (this.events.has(event.id)) return;
    this.events.set(event.id, event);
    for (const parent of event.signed.event.parents) this.ends.delete(parent);
    this.ends.add(event.id);
    const known = this.ofDevice(event.signed.event.device);
    const latest = known.at(-1);
    known.push(event);
    if (latest !== undefined && bySeq(latest, event) > 0) known.sort(bySeq);
    const last = this.sorted.at(-1);
    this.unsorted ||= last !== undefined && byPlace(last, event) > 0;
    this.sorted.push(event);
  }

  /** Many at once, in any order: `heads` comes out the same. */
  fill(events: readonly StoredEvent[]): void {
    const followed = new Set(events.flatMap((event) => event.signed.event.parents));
    for (const event of events) {
      this.events.set(event.id, event);
      if (!followed.has(event.id)) this.ends.add(event.id);
      this.ofDevice(event.signed.event.device).push(event);
    }
    for (const known of this.devices.values()) known.sort(bySeq);
    this.sorted.push(...events);
    this.unsorted = true;
  }

  private ofDevice(device: string): StoredEvent[] {
    const known = this.devices.get(device) ?? [];
    this.devices.set(device, known);
    return known;
  }

  heads(): readonly string[] {
    return [...this.ends].sort();
  }

  count(): number {
    return this.events.size;
  }

  ordered(): readonly StoredEvent[] {
    if (this.unsorted) this.sorted = this.sorted.sort(byPlace);
    this.unsorted = false;
    return this.sorted;
  }

  byDevice(device: string, fromSeq: number): readonly StoredEvent[] {
    const known = this.devices.get(device) ?? [];
    let [from, to] = [0, known.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((known[middle]?.signed.event.seq ?? 0) < fromSeq) from = middle + 1;
      else to = middle;
    }
    return known.slice(from);
  }

  latest(device: string): StoredEvent | undefined {
    return this.devices.get(device)?.at(-1);
  }

  park(event: ParkedEvent): void {
    this.waiting.set(event.id, event);
  }

  unpark(id: string): void {
    this.waiting.delete(id);
  }

  parked(): readonly ParkedEvent[] {
    return [...this.waiting.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}
