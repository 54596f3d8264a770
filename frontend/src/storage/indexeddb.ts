/**
 * One database a member in this browser.
 *
 * Promise: `commit` writes all of a change or nothing, and returns only when it is on disk (strict durability). It re-checks what other tabs may have
 * done meanwhile: an envelope taken before is `replay`, a one-time prekey used before is `unknown_prekey`, a place in the own device's chain written
 * before is `event_depth`; nothing is stored then. Cryptography awaits outside IndexedDB, which ends its transactions, so it is done before.
 */

import type { IDBPDatabase, IDBPTransaction } from "idb";
import { openDB } from "idb";
import { ProtocolError } from "../protocol/errors.ts";
import type { OldEventRow } from "./lines.ts";
import { withLines } from "./lines.ts";
import type {
  AckRow,
  ContactRow,
  EventRow,
  HeldRow,
  OutboxRow,
  ParkedRow,
  PrekeyRow,
  Schema,
  SelfRow,
  SwarmRow,
  TakenRow,
} from "./records.ts";

export type Database = IDBPDatabase<Schema>;

/** 2: every event has its line. */
const VERSION = 2;
const STORES = [
  "self",
  "prekeys",
  "contacts",
  "swarms",
  "events",
  "parked",
  "outbox",
  "taken",
  "held",
  "acks",
] as const;
type StoreName = (typeof STORES)[number];
type Transaction = IDBPTransaction<Schema, StoreName[], "readwrite">;

/** Everything that changes together. Rows replace those with the same key. */
export interface Change {
  /** Another account begins: everything else goes first. */
  readonly fresh?: boolean;
  readonly self?: SelfRow;
  readonly contacts?: readonly ContactRow[];
  readonly prekeys?: readonly PrekeyRow[];
  readonly swarms?: readonly SwarmRow[];
  readonly events?: readonly EventRow[];
  readonly parked?: readonly ParkedRow[];
  readonly unpark?: readonly string[];
  readonly outbox?: readonly OutboxRow[];
  readonly settle?: readonly string[];
  readonly acks?: readonly AckRow[];
  /** A place in the own device's chain that must be free. */
  readonly authored?: { readonly swarm: string; readonly device: string; readonly seq: number };
  /** An envelope that has its effect here and now, and the one-time prekey that it used up. */
  readonly taken?: TakenRow;
  readonly used?: string | null;
  readonly held?: readonly HeldRow[];
  readonly unhold?: readonly string[];
}

/** Opens, and makes if need be, the database of a member. `closing` is called when another tab needs a newer version of it. */
export function openDatabase(username: string, closing: () => void = () => {}): Promise<Database> {
  return openDB<Schema>(`porchlight:${username}`, VERSION, {
    async upgrade(db, from, _to, transaction) {
      if (from < 1) create(db);
      else if (from < 2) await addLines(transaction);
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      closing();
    },
  });
}

/** The stores of every version so far, empty. */
export function create(db: Database): void {
  db.createObjectStore("self", { keyPath: "name" });
  db.createObjectStore("prekeys", { keyPath: "public" });
  db.createObjectStore("contacts", { keyPath: "address" }).createIndex("account", "account");
  db.createObjectStore("swarms", { keyPath: "swarm" }).createIndex("peer", "peer");
  const events = db.createObjectStore("events", { keyPath: "id" });
  events.createIndex("swarm", "swarm");
  events.createIndex("place", ["swarm", "device", "seq"]);
  db.createObjectStore("parked", { keyPath: "id" }).createIndex("swarm", "swarm");
  db.createObjectStore("outbox", { keyPath: "row" });
  db.createObjectStore("taken", { keyPath: "key" }).createIndex("until", "until");
  db.createObjectStore("held", { keyPath: "hash" });
  db.createObjectStore("acks", { keyPath: ["swarm", "device"] }).createIndex("swarm", "swarm");
}

/** Gives the events of version 1 that have none their line. */
async function addLines(transaction: IDBPTransaction<Schema, ArrayLike<StoreName>, "versionchange">) {
  const events = transaction.objectStore("events");
  const rows: readonly OldEventRow[] = await events.getAll();
  const lacking = new Set(rows.filter(({ line }) => line === undefined).map(({ swarm }) => swarm));
  for (const swarm of lacking) {
    for (const row of withLines(rows.filter((each) => each.swarm === swarm))) await events.put(row);
  }
}

export async function commit(db: Database, change: Change): Promise<void> {
  const transaction = db.transaction([...STORES], "readwrite", { durability: "strict" });
  try {
    await recheck(transaction, change);
    await write(transaction, change);
  } catch (error) {
    transaction.done.catch(() => {});
    abort(transaction);
    throw error;
  }
  await transaction.done;
}

function abort(transaction: Transaction): void {
  try {
    transaction.abort();
  } catch {
    // it has ended by itself
  }
}

async function recheck(transaction: Transaction, change: Change): Promise<void> {
  const { taken, used, authored } = change;
  if (taken !== undefined && (await transaction.objectStore("taken").getKey(taken.key)) !== undefined) {
    throw new ProtocolError("replay");
  }
  if (used && (await transaction.objectStore("prekeys").getKey(used)) === undefined) {
    throw new ProtocolError("unknown_prekey");
  }
  if (authored === undefined) return;
  const place: [string, string, number] = [authored.swarm, authored.device, authored.seq];
  if ((await transaction.objectStore("events").index("place").getKey(place)) !== undefined) {
    throw new ProtocolError("event_depth", "seq");
  }
}

async function write(transaction: Transaction, change: Change): Promise<void> {
  const writes: Promise<unknown>[] = [];
  const wait = (write: Promise<unknown>) => {
    write.catch(() => {}); // the whole change fails below, this one must not be reported beside
    writes.push(write);
  };
  const put = <S extends StoreName>(store: S, rows: readonly Schema[S]["value"][] = []) => {
    for (const row of rows) wait(transaction.objectStore(store).put(row));
  };
  const drop = (store: "parked" | "outbox" | "held" | "prekeys", keys: readonly string[] = []) => {
    for (const key of keys) wait(transaction.objectStore(store).delete(key));
  };
  if (change.fresh) for (const store of STORES) wait(transaction.objectStore(store).clear());
  put("self", change.self && [change.self]);
  put("contacts", change.contacts);
  put("prekeys", change.prekeys);
  put("swarms", change.swarms);
  put("events", change.events);
  put("parked", change.parked);
  drop("parked", change.unpark);
  put("outbox", change.outbox);
  drop("outbox", change.settle);
  put("acks", change.acks);
  put("taken", change.taken && [change.taken]);
  drop("prekeys", change.used ? [change.used] : []);
  put("held", change.held);
  drop("held", change.unhold);
  await Promise.all(writes);
}

/** Forgets which envelopes were taken whose own time is over: they would be refused as `expired`. */
export async function forgetTaken(db: Database, now: number): Promise<void> {
  const transaction = db.transaction("taken", "readwrite");
  for await (const cursor of transaction.store.index("until").iterate(IDBKeyRange.upperBound(now, true))) {
    await cursor.delete();
  }
  await transaction.done;
}
