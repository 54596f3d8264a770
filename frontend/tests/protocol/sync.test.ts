// Syncs (SPEC section 10): random groups that meet by sessions, cut off at any frame, and peers that lie. SYNC_RUNS sets how many there are (25).
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonical, parse } from "../../src/protocol/canonical.ts";
import { makeCertificate } from "../../src/protocol/certificates.ts";
import type { Bytes } from "../../src/protocol/encoding.ts";
import { b64encode, utf8 } from "../../src/protocol/encoding.ts";
import * as author from "../../src/protocol/swarm/author.ts";
import { MemoryEventStore } from "../../src/protocol/swarm/memory.ts";
import { Replica } from "../../src/protocol/swarm/replica.ts";
import { confirm, makeCheckpoint } from "../../src/protocol/sync/checkpoint.ts";
import { Recent } from "../../src/protocol/sync/recent.ts";
import { newDhKey, newSignKey, sodium, systemRandom } from "../support/keys.ts";
import type { Start, Step } from "./club.ts";
import { Club, credulous } from "./club.ts";
import { groupView } from "./histories.ts";
import type { Twist } from "./syncing.ts";
import { End, ends, run, Seat } from "./syncing.ts";

const RUNS = { numRuns: Number(process.env.SYNC_RUNS ?? 25) };
const NOW = 1_790_000_000_000;

const step = fc.record({ seat: fc.nat(7), act: fc.nat(22), whom: fc.nat(9), pick: fc.nat(999) });
const steps = fc.array(step, { minLength: 10, maxLength: 40, size: "max" });
const start = fc.record({ mode: fc.constantFrom(0, 1, 2, 3), admins: fc.nat(4), retired: fc.boolean() });
const session = fc.record({ one: fc.nat(7), other: fc.nat(7), frames: fc.nat(40) });

/** Two may sit at one device, which is why each has a name of its own in sessions. */
const name = (number: number) => b64encode(new Uint8Array(32).fill(number));

async function gathered(begin: Start, happenings: readonly Step[]) {
  const club = await Club.begin(begin);
  for (const each of happenings) await club.step(each);
  const seats = club.seats.map(({ replica }, at) => new Seat(name(at), replica, credulous));
  return { club, seats };
}

/** A whole session; it ends at both sides, equal or with late events to wait for. */
function sync(a: Seat, b: Seat): void {
  const [left, right] = ends(a, b);
  run(left, right);
  const [mine, theirs] = [left.ended, right.ended];
  expect(mine?.end).toBe(theirs?.end);
  if (mine?.end === "equal") expect(a.replica.heads).toEqual(b.replica.heads);
  else expect([mine?.end, (mine?.late ?? 0) + (theirs?.late ?? 0) > 0]).toEqual(["apart", true]);
}

function entitled(club: Club, seats: readonly Seat[], at: number): boolean {
  const { person, device } = club.seats[at]!;
  return [seats[0]!, seats[at]!].every(({ replica }) =>
    replica.state.entitled(person.key.public, device.public),
  );
}

/** Everybody syncs with the creator until nothing is new, and confirms what it had held before a removal. */
async function settle(club: Club, seats: readonly Seat[]): Promise<void> {
  const [rock, ...others] = seats as [Seat, ...Seat[]];
  const counts = () => seats.map(({ store }) => store.count()).join();
  for (let before = ""; before !== counts(); ) {
    before = counts();
    for (const seat of [...others, ...others]) sync(rock, seat);
    for (const [at, { replica }] of seats.entries()) {
      if (!entitled(club, seats, at) || replica.unconfirmed().length === 0) continue;
      const { device, person } = club.seats[at]!;
      const merged = author.anchor(replica, device, person.key.public, NOW);
      await merged.catch(() => author.text(replica, device, person.key.public, "I saw this", NOW));
    }
  }
}

test("all end alike, however often they were cut off", async () => {
  await fc.assert(
    fc.asyncProperty(
      start,
      steps,
      fc.array(session, { maxLength: 12 }),
      async (begin, happenings, meetings) => {
        const { club, seats } = await gathered(begin, happenings);
        for (const { one, other, frames } of meetings) {
          if (one !== other) run(...ends(seats[one]!, seats[other]!), frames);
        }
        await settle(club, seats);
        const view = groupView(seats[0]!.replica);
        for (const [at, seat] of seats.entries()) {
          if (entitled(club, seats, at)) expect(groupView(seat.replica)).toEqual(view);
        }
      },
    ),
    RUNS,
  );
}, 120_000);

const lie = fc.record({ way: fc.nat(19), junk: fc.uint8Array({ maxLength: 60 }), value: fc.jsonValue() });

/** Now and then a frame is left out, said twice, junk, or has another member. */
function liar(lies: Iterator<{ way: number; junk: Uint8Array; value: unknown }>): Twist {
  return (frame) => {
    const { way, junk, value } = lies.next().value!;
    if (way > 4) return [frame];
    if (way === 0) return [];
    if (way === 1) return [frame, frame];
    if (way === 2) return [new Uint8Array(junk)];
    return [spoiled(frame, way * junk.length, value)];
  };
}

function spoiled(frame: Bytes, at: number, value: unknown): Bytes {
  const members = parse(frame) as Record<string, unknown>;
  const names = Object.keys(members);
  const changed = { ...members, [names[at % names.length]!]: value };
  return utf8(JSON.stringify(changed));
}

test("a liar spoils nothing and is named", async () => {
  await fc.assert(
    fc.asyncProperty(start, steps, fc.infiniteStream(lie), async (begin, happenings, lies) => {
      const { seats } = await gathered(begin, happenings);
      const [a, b] = [seats[2]!, seats[3]!];
      const held = a.replica.displayOrder().map(({ id }) => id);
      const [left, right] = ends(a, b);
      run(left, right, undefined, liar(lies));
      left.do(left.session.tick(30_000));
      expect(left.ended?.peer).toBe(b.device);
      if (left.ended?.end === "refused") expect(left.ended.code).not.toBeNull();
      for (const id of held) expect(a.store.get(id)).toBeDefined();
      expect(groupView(new Replica(credulous, a.store, a.swarm))).toEqual(groupView(a.replica));
      sync(a, b);
    }),
    RUNS,
  );
}, 120_000);

async function kept(lines: number) {
  const account = newSignKey();
  const [browser, vault] = [newSignKey(), newSignKey()];
  const certify = (device: string, role: "root" | "vault") =>
    makeCertificate(account, { device, dh: newDhKey().public, role }, 1);
  const certificate = await certify(browser.public, "root");
  const vouching = await certify(vault.public, "vault");
  const replica = new Replica(sodium, new MemoryEventStore());
  await author.begin(replica, browser, certificate, account.public, 1, systemRandom);
  for (let line = 0; line < lines; line++) await author.text(replica, browser, account.public, `${line}`, 2);
  return { replica, vault, vouching, checkpoint: await makeCheckpoint(vault, account.public, replica, 3) };
}

test("a new device sees the latest history page by page, and checks all of it", async () => {
  const { replica, vouching, checkpoint } = await kept(150);
  const held = new Seat(vouching.device, replica);
  const fresh = new Seat(newSignKey().public, new Replica(sodium, new MemoryEventStore(), replica.swarm));
  const left = new End(fresh, held.device);
  const right = new End(held, fresh.device, [], () => checkpoint);
  const recent = new Recent(sodium, held.swarm, vouching);
  const shown: string[] = [];
  left.do(left.session.askRecent());
  for (let pages = 0; pages === 0 || shown.length < 151; pages++) {
    for (const frame of left.sent.splice(0)) right.receive(frame);
    for (const frame of right.sent.splice(0)) left.receive(frame);
    const page = left.said.at(-1);
    if (page?.kind !== "page") throw new RangeError("no page");
    shown.push(...recent.take(page).map(({ id }) => id));
    if (page.next !== null) left.do(left.session.askRecent(page.next));
  }
  const order = replica.displayOrder().map(({ id }) => id);
  expect(shown).toEqual(order.reverse());
  expect(confirm(checkpoint, fresh.replica)).toBe(false);
  run(left, right);
  expect(left.ended).toMatchObject({ end: "equal", added: 151 });
  expect(confirm(checkpoint, fresh.replica)).toBe(true);
  expect(canonical(parse(utf8(left.log.at(-1)!)))).toEqual(utf8(left.log.at(-1)!));
});
