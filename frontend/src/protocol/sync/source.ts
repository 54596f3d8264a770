/** What a sync asks of a store: reading, in pieces, whatever the length of the history. */

import type { StoredEvent } from "../ports.ts";
import type { Place } from "../swarm/state.ts";

export type { Place } from "../swarm/state.ts";
export { byPlace } from "../swarm/state.ts";

/** A place, or no bound. */
export type Bound = Place | null;

/** The event of a device with the greatest (seq, id), and how many events of the device are held. */
export interface Tip {
  readonly device: string;
  readonly seq: number;
  readonly id: string;
  readonly count: number;
}

/** The accepted events of one swarm. An iterator is read while events are added; it need not show them. */
export interface EventSource {
  get(id: string): StoredEvent | undefined;
  /** Sorted ids of the events that no stored event names as parent. */
  heads(): readonly string[];
  count(): number;
  /** One for each device, by device. */
  tips(): readonly Tip[];
  /** Events of a device with seq ≥ `fromSeq`, by (seq, id), at most `limit`. */
  run(device: string, fromSeq: number, limit: number): readonly StoredEvent[];
  /** The places greater than `after` and not greater than `upto`, ascending. */
  places(after: Bound, upto: Bound): Iterable<Place>;
  /** The greatest `limit` events smaller than `before`, descending by (depth, id). */
  latestFirst(before: Bound, limit: number): readonly StoredEvent[];
}

/** Whether two events held have the same seq: without a fork there is one for each up to `seq`. */
export function isForked({ seq, count }: Tip): boolean {
  return count !== seq + 1;
}

export function placeOf({ id, signed }: StoredEvent): Place {
  return [signed.event.depth, id];
}
