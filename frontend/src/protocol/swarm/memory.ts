/** An EventStore in memory: filled from storage when a swarm is looked at, and for tests. */

import type { EventStore, ParkedEvent, StoredEvent } from "../ports.ts";
import type { Bound, EventSource, Tip } from "../sync/source.ts";
import { placeOf } from "../sync/source.ts";
import type { Place } from "./state.ts";
import { byPlace as byPlaces } from "./state.ts";

function byPlace(a: StoredEvent, b: StoredEvent): number {
  return byPlaces(placeOf(a), placeOf(b));
}

function bySeq(a: StoredEvent, b: StoredEvent): number {
  return a.signed.event.seq - b.signed.event.seq || (a.id < b.id ? -1 : 1);
}

/** How many of the first items this holds for; it holds for none after one it does not hold for. */
function countWhile<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let [from, to] = [0, items.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (holds(items[middle]!)) from = middle + 1;
    else to = middle;
  }
  return from;
}

export class MemoryEventStore implements EventStore, EventSource {
  private readonly events = new Map<string, StoredEvent>();
  private readonly ends = new Set<string>();
  private readonly devices = new Map<string, StoredEvent[]>();
  private readonly waiting = new Map<string, ParkedEvent>();
  private sorted: StoredEvent[] = [];
  private unsorted = false;
  /** What was put since the attempt began that is running, if one is. */
  private puts: Set<string> | null = null;

  get(id: string): StoredEvent | undefined {
    return this.events.get(id);
  }

  put(event: StoredEvent): void {
    if (this.events.has(event.id)) return;
    this.events.set(event.id, event);
    this.puts?.add(event.id);
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
    return this.run(device, fromSeq, Number.POSITIVE_INFINITY);
  }

  run(device: string, fromSeq: number, limit: number): readonly StoredEvent[] {
    const known = this.devices.get(device) ?? [];
    const from = countWhile(known, ({ signed }) => signed.event.seq < fromSeq);
    return known.slice(from, from + limit);
  }

  latest(device: string): StoredEvent | undefined {
    return this.devices.get(device)?.at(-1);
  }

  tips(): readonly Tip[] {
    const devices = [...this.devices].sort(([a], [b]) => (a < b ? -1 : 1));
    return devices.flatMap(([device, events]) => {
      const last = events.at(-1);
      return last === undefined
        ? []
        : [{ device, seq: last.signed.event.seq, id: last.id, count: events.length }];
    });
  }

  places(after: Bound, upto: Bound): readonly Place[] {
    const from = after === null ? 0 : this.upTo(after);
    const found = this.ordered().slice(from, upto === null ? undefined : this.upTo(upto));
    return found.map(placeOf);
  }

  latestFirst(before: Bound, limit: number): readonly StoredEvent[] {
    const events = this.ordered();
    const isBefore = (event: StoredEvent) => before === null || byPlaces(placeOf(event), before) < 0;
    const end = countWhile(events, isBefore);
    return events.slice(Math.max(0, end - limit), end).reverse();
  }

  /** How many events are not greater than this place. */
  private upTo(place: Place): number {
    return countWhile(this.ordered(), (event) => byPlaces(placeOf(event), place) <= 0);
  }

  /** What is put and parked in `change` is undone when it throws; a Replica on this is not to be used then. */
  attempt<T>(change: () => T): T {
    const waiting = new Map(this.waiting);
    this.puts = new Set();
    try {
      return change();
    } catch (error) {
      this.takeAway(this.puts);
      this.waiting.clear();
      for (const [id, event] of waiting) this.waiting.set(id, event);
      throw error;
    } finally {
      this.puts = null;
    }
  }

  private takeAway(ids: ReadonlySet<string>): void {
    const left = [...this.events.values()].filter(({ id }) => !ids.has(id));
    for (const known of [this.events, this.ends, this.devices]) known.clear();
    this.sorted = [];
    this.fill(left);
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
