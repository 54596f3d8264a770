// What is known of an account's keys only grows, in whatever order and from whomever it comes.
import fc from "fast-check";
import { expect, test } from "vitest";
import { makeCertificate, makeDeviceList, verifyDeviceList } from "../../src/protocol/certificates.ts";
import { makeFreshness } from "../../src/protocol/freshness.ts";
import type { KeyKnowledge } from "../../src/protocol/knowledge.ts";
import { activeDevices, learn } from "../../src/protocol/knowledge.ts";
import type { Revocation, Revocations } from "../../src/protocol/revocations.ts";
import { makeRevocation, NO_REVOCATIONS, unite } from "../../src/protocol/revocations.ts";
import { newDhKey, newSignKey, sodium } from "../support/keys.ts";

const NOW = 1_790_000_000_000;
const account = newSignKey();
const keys = Array.from({ length: 5 }, newSignKey);
const [vault] = keys;
if (vault === undefined) throw new RangeError("no keys");
const certificates = await Promise.all(
  keys.map((key) =>
    makeCertificate(account, { device: key.public, dh: newDhKey().public, role: "vault" }, NOW),
  ),
);
const [certificate] = certificates;
if (certificate === undefined) throw new RangeError("no certificates");
const lists = await Promise.all(
  keys.map(async (_, at) =>
    verifyDeviceList(sodium, await makeDeviceList(account, at + 1, certificates.slice(0, at + 1), NOW)),
  ),
);
const revocations: Revocation[] = [];
for (const key of keys.slice(1)) {
  const about = { account: account.public, device: key.public };
  revocations.push(await makeRevocation(account, { ...about, vault: null }, NOW));
  revocations.push(await makeRevocation(vault, { ...about, vault: certificate }, NOW));
}
const statements = await Promise.all(lists.map((list) => makeFreshness(vault, list, [], NOW)));

const sets: fc.Arbitrary<Revocations> = fc
  .array(fc.constantFrom(...revocations), { maxLength: 4 })
  .map((some) => some.reduce((all, each) => unite(all, new Map([[each.device, each]])), NO_REVOCATIONS));
const served: fc.Arbitrary<KeyKnowledge> = fc.record({
  list: fc.constantFrom(...lists),
  revocations: sets,
  freshness: fc.constantFrom(null, ...statements),
});

function after(sequence: readonly KeyKnowledge[]): KeyKnowledge | null {
  return sequence.reduce<KeyKnowledge | null>((known, each) => learn(known, each).knowledge, null);
}

test("sets of revocations are united in any order", () => {
  fc.assert(
    fc.property(sets, sets, sets, (a, b, c) => {
      expect([...unite(a, b)]).toEqual([...unite(b, a)]);
      expect([...unite(unite(a, b), c)]).toEqual([...unite(a, unite(b, c))]);
      expect([...unite(a, a)]).toEqual([...a]);
    }),
  );
});

test("the order of learning does not matter, and no list or revocation is lost", () => {
  const shuffled = fc
    .array(served, { minLength: 1, maxLength: 6 })
    .chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      const [one, two] = [after(all), after(other)];
      expect(one?.list).toBe(two?.list);
      expect([...(one?.revocations ?? [])]).toEqual([...(two?.revocations ?? [])]);
      expect(one?.list.number).toBe(Math.max(...all.map(({ list }) => list.number)));
      const revoked = new Set(all.flatMap((each) => [...each.revocations.keys()]));
      expect(new Set(one?.revocations.keys())).toEqual(revoked);
      for (const device of one === null ? [] : activeDevices(one).keys()) {
        expect(revoked.has(device)).toBe(false);
      }
    }),
  );
});
