/**
 * What the parts of the private side share in the tab that leads: the database, oneself, the outside, and one queue for everything that changes a
 * history.
 */

import type { Change, Database } from "../../storage/indexeddb.ts";
import { commit } from "../../storage/indexeddb.ts";
import type { SelfRow } from "../../storage/records.ts";
import type { Outside } from "./outside.ts";
import type { Self } from "./self.ts";
import type { SodiumLibrary } from "./sodium.ts";

/** What a commit touched, so that views know what to read anew. */
export interface Touched {
  readonly self: boolean;
  /** Addresses, text form. */
  readonly contacts: readonly string[];
  readonly outbox: boolean;
  readonly swarms: readonly string[];
  /** Event ids by swarm. */
  readonly events: Readonly<Record<string, readonly string[]>>;
}

export class Core {
  readonly db: Database;
  readonly outside: Outside;
  readonly sodium: SodiumLibrary;
  self: Self;
  private readonly touched: (touched: Touched) => void;
  private turn: Promise<unknown> = Promise.resolve();
  private count = 0;

  constructor(
    db: Database,
    outside: Outside,
    sodium: SodiumLibrary,
    self: Self,
    touched: (touched: Touched) => void,
  ) {
    this.db = db;
    this.outside = outside;
    this.sodium = sodium;
    this.self = self;
    this.touched = touched;
  }

  get now(): number {
    return this.outside.clock.now();
  }

  /** Stores, then tells the views. */
  async commit(change: Change): Promise<void> {
    await commit(this.db, change);
    this.touched(touchedBy(change));
  }

  /** Changes oneself, durably; other changes may go with it. Within `serial`. */
  async become(changes: Partial<SelfRow>, change: Change = {}): Promise<void> {
    const self = this.self.with(changes);
    await this.commit({ ...change, self: self.row });
    this.self = self;
  }

  /** Runs one thing after the other: authoring, and taking what others wrote. Not to be nested. */
  serial<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** A key for an outbox row: later ones sort after earlier ones. */
  newRow(): string {
    this.count += 1;
    return `${String(this.now).padStart(15, "0")}.${String(this.count).padStart(9, "0")}`;
  }
}

function touchedBy(change: Change): Touched {
  const events: Record<string, string[]> = {};
  for (const { id, swarm } of change.events ?? []) {
    const ids = events[swarm] ?? [];
    events[swarm] = ids;
    ids.push(id);
  }
  return {
    self: change.self !== undefined,
    contacts: (change.contacts ?? []).map(({ address }) => address),
    outbox: change.outbox !== undefined || change.settle !== undefined,
    swarms: (change.swarms ?? []).map(({ swarm }) => swarm),
    events,
  };
}
