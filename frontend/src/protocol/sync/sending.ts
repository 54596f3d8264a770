/** What goes to the other side, and how much of it at a time (SPEC 10.3). */

import { canonical } from "../canonical.ts";
import type { Bytes } from "../encoding.ts";
import { ProtocolError } from "../errors.ts";
import type { StoredEvent } from "../ports.ts";
import { BATCH_BYTES, BATCH_EVENTS, writeEvents } from "./frames.ts";
import type { EventSource, Place } from "./source.ts";

export const WINDOW_EVENTS = 1_000;
export const WINDOW_BYTES = 4_194_304;

/** Events in frames, as many at a time as the window lets out; `got` opens it again. */
export class Outgoing {
  given = 0;
  private readonly swarm: string;
  private events: Iterator<StoredEvent> = [].values();
  private next: StoredEvent | null = null;
  /** Events and bytes of each frame that is not acknowledged yet. */
  private readonly flying: { count: number; size: number }[] = [];
  private acknowledged = 0;

  constructor(swarm: string) {
    this.swarm = swarm;
  }

  give(events: Iterable<StoredEvent>): void {
    this.events = events[Symbol.iterator]();
    this.step();
  }

  /** Sends no more of them. */
  drop(): void {
    this.give([]);
  }

  get done(): boolean {
    return this.next === null;
  }

  /** The frames that may go now. */
  frames(): readonly Bytes[] {
    const found: Bytes[] = [];
    while (this.next !== null && this.hasRoom()) {
      const batch = this.batch();
      const frame = writeEvents(this.swarm, batch);
      this.flying.push({ count: batch.length, size: frame.length });
      this.given += batch.length;
      found.push(frame);
    }
    return found;
  }

  /** The other side took this many frames in all. `history_mismatch` if it cannot have. */
  got(frames: number): void {
    while (this.acknowledged < frames) {
      if (this.flying.shift() === undefined) throw new ProtocolError("history_mismatch", "frames");
      this.acknowledged += 1;
    }
  }

  private step(): void {
    const { done, value } = this.events.next();
    this.next = done ? null : value;
  }

  private hasRoom(): boolean {
    const events = this.flying.reduce((total, { count }) => total + count, 0);
    const size = this.flying.reduce((total, frame) => total + frame.size, 0);
    return events + BATCH_EVENTS <= WINDOW_EVENTS && size + BATCH_BYTES <= WINDOW_BYTES;
  }

  private batch(): readonly Bytes[] {
    const batch: Bytes[] = [];
    let size = 0;
    while (this.next !== null && batch.length < BATCH_EVENTS) {
      const signed = canonical(this.next.signed);
      if (batch.length > 0 && size + signed.length > BATCH_BYTES) break;
      batch.push(signed);
      size += signed.length;
      this.step();
    }
    return batch;
  }
}

export function* atPlaces(source: EventSource, places: Iterable<Place>): Iterable<StoredEvent> {
  for (const [, id] of places) {
    const event = source.get(id);
    if (event !== undefined) yield event;
  }
}
