// The adapters of the core's ports against the suites of the ports.
import { describe, expect, test } from "vitest";
import type { Random } from "../../src/protocol/ports.ts";
import { MemoryEventStore } from "../../src/protocol/swarm/memory.ts";
import { browserRandom } from "../../src/storage/webcrypto.ts";
import { systemRandom } from "../support/keys.ts";
import { eventStoreContract, madeEvent } from "./event-store.ts";

eventStoreContract("MemoryEventStore", () => new MemoryEventStore());

test("a store filled at once is as one that was put into", () => {
  const events = [
    madeEvent("b", { parents: ["a"], depth: 1, seq: 1 }),
    madeEvent("a"),
    madeEvent("c", { parents: ["a"], depth: 1, device: "e" }),
  ];
  const [filled, put] = [new MemoryEventStore(), new MemoryEventStore()];
  filled.fill(events);
  for (const event of [...events].sort((one, other) => (one.id < other.id ? -1 : 1))) put.put(event);
  expect(filled.heads()).toEqual(put.heads());
  expect(filled.ordered()).toEqual(put.ordered());
  expect(filled.latest("d")).toEqual(put.latest("d"));
});

const randoms: readonly (readonly [string, Random])[] = [
  ["the browser's", browserRandom],
  ["the tests'", systemRandom],
];

describe.each(randoms)("%s randomness", (_, random) => {
  test.each([0, 1, 16, 24, 32, 33, 1_000])("gives %d bytes when asked for so many", (count) => {
    expect(random.bytes(count).length).toBe(count);
  });

  test("gives nothing twice, and leaves no bit out", () => {
    const given = Array.from({ length: 1_000 }, () => random.bytes(16));
    expect(new Set(given.map((bytes) => bytes.join())).size).toBe(given.length);
    const bytes = given.flatMap((each) => [...each]);
    expect(bytes.reduce((seen, byte) => seen | byte, 0)).toBe(255);
    expect(bytes.reduce((seen, byte) => seen & byte, 255)).toBe(0);
  });
});
