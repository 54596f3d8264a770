/**
 * The histories of conversations in the tab that leads: replicas filled from storage, and what they owe to it.
 *
 * A replica is changed first and stored after, by `changes()`; whoever fails to store calls `forget`, and the next `open` reads what is stored. All
 * within `core.serial`.
 */

import type { ParkedEvent, StoredEvent } from "../../protocol/ports.ts";
import type { SignedEvent } from "../../protocol/swarm/events.ts";
import { restore } from "../../protocol/swarm/events.ts";
import { MemoryEventStore } from "../../protocol/swarm/memory.ts";
import { Replica } from "../../protocol/swarm/replica.ts";
import type { Place } from "../../protocol/swarm/state.ts";
import { View } from "../../protocol/swarm/view.ts";
import { pastOf } from "../../protocol/sync/lacking.ts";
import type { Change } from "../../storage/indexeddb.ts";
import type { AckRow, EventRow } from "../../storage/records.ts";
import type { Core } from "./core.ts";

/** A store in memory that remembers what was put since the last look. */
class RecordingStore extends MemoryEventStore {
  added: StoredEvent[] = [];
  readonly parkedNow = new Map<string, ParkedEvent>();
  readonly unparked = new Set<string>();

  override put(event: StoredEvent): void {
    if (this.get(event.id) === undefined) this.added.push(event);
    super.put(event);
  }

  override park(event: ParkedEvent): void {
    this.parkedNow.set(event.id, event);
    this.unparked.delete(event.id);
    super.park(event);
  }

  override unpark(id: string): void {
    if (!this.parkedNow.delete(id)) this.unparked.add(id);
    super.unpark(id);
  }

  settled(): void {
    this.added = [];
    this.parkedNow.clear();
    this.unparked.clear();
  }
}

export class History {
  readonly swarm: string;
  readonly replica: Replica;
  private readonly store: RecordingStore;
  /** Events that a device of the peer holds, with all their past. */
  private readonly delivered: Set<string>;
  private readonly newlyDelivered = new Set<string>();
  private readonly view: View;
  /** Lines that are others than what is stored of them. */
  private readonly redrawn = new Set<string>();
  private readonly acks: Map<string, AckRow>;

  constructor(
    core: Core,
    swarm: string,
    rows: readonly EventRow[],
    parked: readonly ParkedEvent[],
    acks: readonly AckRow[],
  ) {
    this.swarm = swarm;
    this.store = new RecordingStore();
    this.store.fill(rows);
    for (const event of parked) this.store.park(event);
    this.store.settled();
    this.delivered = new Set(rows.filter((row) => row.delivered).map(({ id }) => id));
    this.acks = new Map(acks.map((row) => [row.device, row]));
    this.replica = new Replica(core.sodium, this.store, swarm);
    this.view = new View(this.replica, this.replica.displayOrder());
  }

  /** These events and all their past are held by the peer. Those not known here count once they come. */
  heldByPeer(ids: readonly string[]): void {
    for (const id of pastOf(this.store, ids, (one) => this.delivered.has(one))) {
      this.delivered.add(id);
      this.newlyDelivered.add(id);
    }
  }

  /** Keeps the latest ack of a device of the peer. */
  acked(row: AckRow): boolean {
    const before = this.acks.get(row.device);
    if (before !== undefined && before.ack.time >= row.ack.time) return false;
    this.acks.set(row.device, row);
    this.heldByPeer(row.ack.heads);
    return true;
  }

  /** After new events: acks that named them before they came, and what the peer wrote itself. */
  recount(peer: string): void {
    for (const { signed, id } of this.store.added) if (signed.event.author === peer) this.heldByPeer([id]);
    for (const { ack } of this.acks.values()) this.heldByPeer(ack.heads);
  }

  isDelivered(id: string): boolean {
    return this.delivered.has(id);
  }

  /** What is to be stored of everything since the last call. */
  changes(): Change & { readonly events: readonly EventRow[] } {
    const { swarm, store } = this;
    this.redraw();
    const added = store.added.map((event) => this.row(event));
    const fresh = new Set(store.added.map(({ id }) => id));
    const marked = [...new Set([...this.newlyDelivered, ...this.redrawn])].flatMap((id) => {
      const event = fresh.has(id) ? undefined : store.get(id);
      return event === undefined ? [] : [this.row(event)];
    });
    const parked = [...store.parkedNow.values()].map((event) => ({ ...event, swarm }));
    const change = { events: [...added, ...marked], parked, unpark: [...store.unparked] };
    store.settled();
    this.newlyDelivered.clear();
    this.redrawn.clear();
    return change;
  }

  /** The view takes what was added; a second time changes nothing. */
  private redraw(): void {
    const events = this.store.added.map(({ id, signed }) => restore(signed, id));
    for (const id of this.view.take(events)) this.redrawn.add(id);
  }

  private row({ id, frontier, signed }: StoredEvent): EventRow {
    const { device, seq } = signed.event;
    const delivered = this.delivered.has(id);
    return { id, swarm: this.swarm, device, seq, frontier, signed, delivered, line: this.lineOf(id) };
  }

  private lineOf(id: string): EventRow["line"] {
    const found = this.view.get(id);
    if (found === null) return null;
    const { event: _, ...line } = found;
    return line;
  }

  /** (depth, id) of an event that is held. */
  placeOf(id: string): Place | null {
    const event = this.store.get(id)?.signed.event;
    return event === undefined ? null : [event.depth, id];
  }

  /** How much the peer has said after this event, which may be unknown or null: then in all. */
  newsAfter(id: string | null, peer: string): number {
    this.redraw();
    const lines = this.view.lines(id !== null && this.view.get(id) !== null ? id : null);
    return lines.filter(({ event, look, deleted }) => event.author === peer && look !== "control" && !deleted)
      .length;
  }

  /** The newest event that a conversation shows. */
  lastShown(): SignedEvent | null {
    this.redraw();
    return this.view.newest(({ event }) => isShown(event))?.event ?? null;
  }
}

/** Everything but most control events. */
export function isShown({ control, kind }: Pick<SignedEvent, "control" | "kind">): boolean {
  return !control || kind === "initial" || kind === "member.join";
}

export class Histories {
  private readonly core: Core;
  private readonly opened = new Map<string, Promise<History>>();

  constructor(core: Core) {
    this.core = core;
  }

  /** The history of a swarm, empty if nothing of it is stored. */
  open(swarm: string): Promise<History> {
    const known = this.opened.get(swarm) ?? this.read(swarm);
    this.opened.set(swarm, known);
    known.catch(() => this.forget(swarm));
    return known;
  }

  /** What is in memory may differ from what is stored: read anew next time. */
  forget(swarm: string): void {
    this.opened.delete(swarm);
  }

  /** Takes in a history that was begun in memory. */
  adopt(history: History): void {
    this.opened.set(history.swarm, Promise.resolve(history));
  }

  private async read(swarm: string): Promise<History> {
    const { db } = this.core;
    const [rows, parked, acks] = await Promise.all([
      db.getAllFromIndex("events", "swarm", swarm),
      db.getAllFromIndex("parked", "swarm", swarm),
      db.getAllFromIndex("acks", "swarm", swarm),
    ]);
    return new History(this.core, swarm, rows, parked, acks);
  }
}
