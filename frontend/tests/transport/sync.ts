/** Sync sessions carried over links, and the suite that every link must carry: `make` gives the two ends of a new one, at the devices A and B. */

import { describe, expect, test } from "vitest";
import { makeCertificate } from "../../src/protocol/certificates.ts";
import type { FrameLink } from "../../src/protocol/ports.ts";
import * as author from "../../src/protocol/swarm/author.ts";
import { MemoryEventStore } from "../../src/protocol/swarm/memory.ts";
import { Replica } from "../../src/protocol/swarm/replica.ts";
import { Pull } from "../../src/protocol/sync/pull.ts";
import { Session } from "../../src/protocol/sync/session.ts";
import type { After } from "../../src/transport/socket.ts";
import { run } from "../../src/transport/sync/run.ts";
import type { Links } from "../ports/link.ts";
import { A, B } from "../ports/link.ts";
import { Seat } from "../protocol/syncing.ts";
import { newDhKey, newSignKey, sodium, systemRandom } from "../support/keys.ts";

export const NOW = 1_790_000_000_000;

/** Someone's notes of so many lines at A, and at B a device that has none of them. */
export async function seats(lines: number): Promise<[Seat, Seat]> {
  const [account, browser] = [newSignKey(), newSignKey()];
  const keys = { device: browser.public, dh: newDhKey().public, role: "root" } as const;
  const replica = new Replica(sodium, new MemoryEventStore());
  const certificate = await makeCertificate(account, keys, NOW);
  await author.begin(replica, browser, certificate, account.public, NOW, systemRandom);
  for (let line = 0; line < lines; line++)
    await author.text(replica, browser, account.public, `${line}`, NOW);
  return [new Seat(A, replica), new Seat(B, new Replica(sodium, new MemoryEventStore(), replica.swarm))];
}

interface Watch {
  readonly clock: { now(): number };
  readonly after?: After;
}

export function sync(seat: Seat, link: FrameLink, watch: Watch = { clock: { now: () => NOW } }) {
  const { store, swarm, device: own, replica } = seat;
  const pull = new Pull(sodium, replica);
  const take = async (events: readonly unknown[]) => store.attempt(() => pull.take(events));
  const session = new Session(sodium, store, { swarm, own, peer: link.peer }, NOW);
  return run(session, link, { take, hear: () => {}, ...watch });
}

export function syncContract(name: string, make: () => Promise<Links> | Links): void {
  describe(`${name} under a sync`, () => {
    test("a history comes over whole, and again over the same link", async () => {
      const [a, b] = await seats(130);
      const [one, other] = await make();
      const [gave, got] = await Promise.all([sync(a, one), sync(b, other)]);
      expect(gave).toMatchObject({ end: "equal", given: 131, added: 0 });
      expect(got).toMatchObject({ end: "equal", given: 0, added: 131 });
      expect(b.replica.heads).toEqual(a.replica.heads);
      const again = await Promise.all([sync(a, one), sync(b, other)]);
      expect(again.map(({ end, added }) => [end, added])).toEqual([
        ["equal", 0],
        ["equal", 0],
      ]);
      one.close();
    });
  });
}
