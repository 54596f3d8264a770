/** A visitor's keys in this browser: one row, erased when the session of its cookie is over. */

import { openDB } from "idb";
import type { KeyHandle } from "./webcrypto.ts";

export interface VisitorKeys {
  readonly account: KeyHandle;
  readonly device: KeyHandle;
  readonly dh: KeyHandle;
}

const STORE = "keys";
const ROW = "visitor";

async function opened() {
  return openDB("porchlight-visitor", 1, {
    upgrade: (db) => {
      db.createObjectStore(STORE);
    },
  });
}

export async function loadVisitor(): Promise<VisitorKeys | null> {
  const db = await opened();
  const found = (await db.get(STORE, ROW)) as VisitorKeys | undefined;
  db.close();
  return found ?? null;
}

/** Null erases. */
export async function keepVisitor(keys: VisitorKeys | null): Promise<void> {
  const db = await opened();
  const transaction = db.transaction(STORE, "readwrite", { durability: "strict" });
  await (keys === null ? transaction.store.delete(ROW) : transaction.store.put(keys, ROW));
  await transaction.done;
  db.close();
}
