// Random groups: whoever hears everything, in any order, sees the same; nothing concurrent by removed authors stands.
// GROUP_RUNS sets how many there are (60).
import fc from "fast-check";
import { expect, test } from "vitest";
import type { SignedEvent } from "../../src/protocol/swarm/events.ts";
import type { Replica } from "../../src/protocol/swarm/replica.ts";
import type { Start, Step } from "./club.ts";
import { Club, emptyReplica, KEEPERS, tell } from "./club.ts";
import { groupView } from "./histories.ts";

const step = fc.record({ seat: fc.nat(7), act: fc.nat(22), whom: fc.nat(9), pick: fc.nat(999) });
const steps = fc.array(step, { minLength: 20, maxLength: 60, size: "max" });
const start = fc.record({
  mode: fc.constantFrom(0, 1, 1, 2, 2, 3),
  admins: fc.nat(4),
  retired: fc.boolean(),
});

async function told(begin: Start, happenings: readonly Step[]) {
  const club = await Club.begin(begin);
  for (const each of happenings) await club.step(each);
  await club.meet();
  return club;
}

function ancestors(events: readonly SignedEvent[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const { id, parents } of events) {
    found.set(id, new Set(parents.flatMap((parent) => [parent, ...(found.get(parent) ?? [])])));
  }
  return found;
}

/** What SPEC 7.4 promises of removals, checked by the whole past of every event. */
function checkRemovals(replica: Replica): void {
  const { state } = replica;
  const events = replica.displayOrder();
  const past = ancestors(events);
  const lies = (one: string, other: string) => past.get(other)?.has(one) ?? false;
  for (const [removal, { account, device }] of state.removals) {
    expect(replica.mark(removal)).toBeNull();
    for (const event of events) {
      if (event.author !== account || (device !== null && event.device !== device)) continue;
      if (event.kind === "device.revocation" || event.kind === "merge" || event.id === removal) continue;
      if (event.kind === "member.leave" && device === null) continue;
      if (lies(event.id, removal) || lies(removal, event.id)) continue;
      expect(replica.mark(event.id), event.kind).not.toBeNull();
    }
    const [, grant] = (device === null ? state.granted.get(account) : undefined) ?? [];
    if (grant !== undefined) expect(lies(removal, grant)).toBe(true);
  }
}

test("all who are present end alike, and so does whoever hears it all in any order", async () => {
  let removals = 0;
  await fc.assert(
    fc.asyncProperty(start, steps, fc.infiniteStream(fc.nat()), async (begin, happenings, chance) => {
      const club = await told(begin, happenings);
      const { replica } = club.seats[0]!;
      const view = groupView(replica);
      const present = club.present();
      expect(present.length).toBeGreaterThanOrEqual(KEEPERS);
      for (const seat of present) expect(groupView(seat.replica)).toEqual(view);
      const events = replica.displayOrder();
      for (let time = 0; time < 2; time++) {
        const order = events.map((event) => [chance.next().value, event] as const);
        const shuffled = order.sort(([a], [b]) => a - b).map(([, event]) => event);
        const late = emptyReplica(replica.swarm);
        while (tell(late, shuffled));
        expect(groupView(late)).toEqual(view);
      }
      checkRemovals(replica);
      removals += replica.state.removals.size;
    }),
    { numRuns: Number(process.env.GROUP_RUNS ?? 60) },
  );
  expect(removals).toBeGreaterThan(0);
}, 120_000);
