// Random histories that the other implementation told: every event meets the same fate here, and the group looks the same after it.
//
// GROUP_HISTORIES_FILE names the file, as in tests/protocol/test_group_histories.py that writes it; without it a small sample is read.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { canonical, hashBytes } from "../../src/protocol/canonical.ts";
import type { SignedWire } from "../../src/protocol/swarm/events.ts";
import type { Replica } from "../../src/protocol/swarm/replica.ts";
import { emptyReplica, groupView, step } from "./histories.ts";

const sample = resolve(import.meta.dirname, "../../../tests/data/group-histories.jsonl");
const file = process.env.GROUP_HISTORIES_FILE ?? sample;

/** `deliveries`: the place of an event, what becomes of it, and the hash of the view after it. */
interface History {
  readonly seed: number;
  readonly steps: number;
  readonly swarm: string;
  readonly events: readonly SignedWire[];
  readonly deliveries: readonly (readonly [number, unknown, string])[];
  readonly expected: unknown;
}

function digest(replica: Replica): string {
  return hashBytes("view", canonical(groupView(replica)));
}

function replay({ swarm, events, deliveries, expected }: History): void {
  const replica = emptyReplica(swarm);
  for (const [place, outcome, view] of deliveries) {
    expect(step(replica, events[place])).toEqual(outcome);
    expect(digest(replica)).toBe(view);
  }
  expect(groupView(replica)).toEqual(expected);
}

const lines = readFileSync(file, "utf8").trimEnd().split("\n");

test(`${lines.length} random histories of groups`, () => {
  for (const line of lines) {
    const history: History = JSON.parse(line);
    expect.soft(() => replay(history), `seed ${history.seed}, ${history.steps} steps`).not.toThrow();
  }
}, 3_600_000);
