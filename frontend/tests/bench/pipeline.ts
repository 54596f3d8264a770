/**
 * `node pipeline.ts FILE ROUNDS`: how many of the signed events in FILE, one a line, a replica in memory takes a second, and how many libsodium-wrappers
 * verifies, in turns; prints `{ours, bare}`, each a list.
 */

import { readFileSync } from "node:fs";
import library from "libsodium-wrappers-sumo";
import { canonical, parse, tag } from "../../src/protocol/canonical.ts";
import type { Bytes } from "../../src/protocol/encoding.ts";
import { b64decode, concat, utf8 } from "../../src/protocol/encoding.ts";
import type { SignedWire } from "../../src/protocol/swarm/events.ts";
import { MemoryEventStore } from "../../src/protocol/swarm/memory.ts";
import { Replica } from "../../src/protocol/swarm/replica.ts";
import { loadSodium } from "../../src/state/engine/sodium.ts";

const [file, rounds] = process.argv.slice(2);
const events = readFileSync(file ?? "", "utf8")
  .split("\n")
  .map(utf8);
const sodium = await loadSodium();

function verification(signed: Bytes): [Bytes, Bytes, Bytes] {
  const { event, sig } = parse(signed) as unknown as SignedWire;
  return [b64decode(sig), concat(tag("event"), canonical(event)), b64decode(event.device)];
}

function rate(work: () => void): number {
  const begun = performance.now();
  work();
  return (events.length * 1_000) / (performance.now() - begun);
}

function ours(): number {
  const replica = new Replica(sodium, new MemoryEventStore());
  return rate(() => {
    for (const signed of events) {
      if (replica.add(parse(signed)).kind !== "added") throw new Error("not taken");
    }
  });
}

const checks = events.map(verification);

function bare(): number {
  return rate(() => {
    for (const each of checks) if (!library.crypto_sign_verify_detached(...each)) throw new Error("bad");
  });
}

const measured: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
for (let round = 0; round < Number(rounds); round++) {
  measured.ours.push(ours());
  measured.bare.push(bare());
}
process.stdout.write(JSON.stringify(measured));
