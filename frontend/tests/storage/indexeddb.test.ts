// All of a change or nothing, and what another tab did meanwhile.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "../../src/storage/indexeddb.ts";
import { commit, forgetTaken, openDatabase } from "../../src/storage/indexeddb.ts";
import type { EventRow, OutboxRow, PrekeyRow, TakenRow } from "../../src/storage/records.ts";
import {
  dhKey,
  newDhHandle,
  newSignHandle,
  signHandleFromSeed,
  signKey,
} from "../../src/storage/webcrypto.ts";
import { newDhKey, signKey as plainKey, sodium, systemRandom } from "../support/keys.ts";

let db: Database;
beforeEach(async () => {
  db = await openDatabase("alice");
});
afterEach(async () => {
  db.close();
  indexedDB.deleteDatabase("porchlight:alice");
});

const taken: TakenRow = { key: "device id", hash: "hash", until: 10 };

function event(id: string, seq: number): EventRow {
  const signed = {
    event: {
      v: 1,
      swarm: null,
      parents: [],
      depth: 0,
      author: "a",
      device: "d",
      seq,
      prev: null,
      type: "text",
      body: {},
      time: 0,
    },
    sig: "s",
  };
  return { id, swarm: "swarm", device: "d", seq, frontier: [], signed, delivered: false, line: null };
}

function owed(row: string): OutboxRow {
  return {
    row,
    kind: "events",
    swarm: "swarm",
    to: "@bob@example.org",
    devices: null,
    events: [],
    state: "waiting",
    envelope: null,
    since: 0,
    due: 0,
    attempts: 0,
    fault: null,
  };
}

async function prekey(): Promise<PrekeyRow> {
  return { ...(await newDhHandle()), kind: "one-time", time: 0, published: true };
}

test("an envelope that was taken stores nothing a second time", async () => {
  await commit(db, { taken, events: [event("one", 0)] });
  await expect(commit(db, { taken, events: [event("two", 1)], outbox: [owed("r")] })).rejects.toMatchObject({
    code: "replay",
  });
  expect(await db.getAllKeys("events")).toEqual(["one"]);
  expect(await db.count("outbox")).toBe(0);
});

test("a one-time prekey serves once: erased together with what came", async () => {
  const row = await prekey();
  await commit(db, { prekeys: [row] });
  await commit(db, { taken, used: row.public, events: [event("one", 0)] });
  expect(await db.count("prekeys")).toBe(0);
  const again = { taken: { ...taken, key: "other" }, used: row.public, events: [event("two", 1)] };
  await expect(commit(db, again)).rejects.toMatchObject({ code: "unknown_prekey" });
  expect(await db.getAllKeys("events")).toEqual(["one"]);
  expect(await db.count("taken")).toBe(1);
});

test("a place in the own chain is written once, whatever another tab believes", async () => {
  const authored = { swarm: "swarm", device: "d", seq: 0 };
  await commit(db, { authored, events: [event("one", 0)], outbox: [owed("1")] });
  const fork = { authored, events: [event("fork", 0)], outbox: [owed("2")] };
  await expect(commit(db, fork)).rejects.toMatchObject({ code: "event_depth" });
  expect(await db.getAllKeys("outbox")).toEqual(["1"]);
});

test("what cannot be stored takes the rest with it", async () => {
  const broken = { ...owed("2"), events: [() => {}] as unknown as string[] };
  await expect(commit(db, { events: [event("one", 0)], outbox: [broken] })).rejects.toThrow();
  expect(await db.count("events")).toBe(0);
});

test("another account begins with nothing of the one before", async () => {
  await commit(db, { taken, events: [event("one", 0)], outbox: [owed("1")] });
  await commit(db, { fresh: true, events: [event("new", 0)] });
  expect([await db.count("taken"), await db.count("outbox")]).toEqual([0, 0]);
  expect(await db.getAllKeys("events")).toEqual(["new"]);
});

test("taken envelopes are forgotten once they have expired", async () => {
  await commit(db, { taken });
  await commit(db, { taken: { ...taken, key: "later", until: 100 } });
  await forgetTaken(db, 50);
  expect(await db.getAllKeys("taken")).toEqual(["later"]);
});

test("keys come back from storage, work, and cannot be read out", async () => {
  const [sign, dh] = [await newSignHandle(), await newDhHandle()];
  await commit(db, { prekeys: [{ ...dh, kind: "signed", time: 0, published: false }] });
  const stored = await db.get("prekeys", dh.public);
  if (stored === undefined) throw new Error("the key is gone");
  await expect(crypto.subtle.exportKey("pkcs8", stored.key)).rejects.toThrow();
  const other = newDhKey();
  expect(await dhKey(stored).agree(other.public)).toEqual(await other.agree(dh.public));
  const data = systemRandom.bytes(10);
  const signature = await signKey(sign).sign(data);
  expect(sodium.verify(signature, data, Uint8Array.from(atobUrl(sign.public)))).toBe(true);
});

test("a seed gives the same key here as in libsodium, and small-order points are refused", async () => {
  const seed = systemRandom.bytes(32);
  const plain = plainKey(seed);
  const data = systemRandom.bytes(10);
  const handle = await signHandleFromSeed(seed, plain.public);
  expect(await signKey(handle).sign(data)).toEqual(await plain.sign(data));
  const zero = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  await expect(dhKey(await newDhHandle()).agree(zero)).rejects.toMatchObject({ code: "weak_key" });
});

function atobUrl(text: string): number[] {
  return [...atob(text.replaceAll("-", "+").replaceAll("_", "/"))].map((character) =>
    character.charCodeAt(0),
  );
}
