/**
 * `node transcripts.ts SEED COUNT`: so many random syncs and live sessions as they go here, some with a peer that lies, in the form of the vectors: one
 * `{file, input, output}` a line. tests/protocol/test_transcripts.py has the other implementation go through them.
 */

import { canonical, parse } from "../../src/protocol/canonical.ts";
import { makeCertificate } from "../../src/protocol/certificates.ts";
import type { Bytes } from "../../src/protocol/encoding.ts";
import { b64encode, fromUtf8, utf8 } from "../../src/protocol/encoding.ts";
import type { Random } from "../../src/protocol/ports.ts";
import * as author from "../../src/protocol/swarm/author.ts";
import { MemoryEventStore } from "../../src/protocol/swarm/memory.ts";
import { Replica } from "../../src/protocol/swarm/replica.ts";
import { dhKey, signKey, sodium, toHex } from "../support/keys.ts";
import { liveOps } from "./live-ops.ts";
import type { Input } from "./ops.ts";
import { syncOps } from "./sync-ops.ts";
import type { Twist } from "./syncing.ts";
import { ends, run, Seat } from "./syncing.ts";

const NOW = 1_790_000_000_000;

/** Chance that a seed repeats (mulberry32). */
class Luck implements Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  bytes(count: number): Bytes {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
}

async function person(luck: Luck) {
  const [account, seed] = [signKey(luck.bytes(32)), luck.bytes(32)];
  const device = signKey(seed);
  const keys = { device: device.public, dh: dhKey(luck.bytes(32)).public, role: "root" } as const;
  return { account: account.public, seed, device, certificate: await makeCertificate(account, keys, NOW) };
}

type Person = Awaited<ReturnType<typeof person>>;

async function speak(
  luck: Luck,
  replica: Replica,
  lines: number,
  speakers: readonly Person[],
): Promise<void> {
  for (let line = 0; line < lines; line++) {
    const { device, account } = luck.pick(speakers);
    await author.text(replica, device, account, `${line} ${"é𐍈".repeat(luck.below(9))}`, NOW + line);
  }
}

/** Two copies of a conversation that went on apart; now and then a device writes in both, or one copy is empty. */
async function branches(luck: Luck): Promise<[Seat, Seat]> {
  const [alice, bob] = [await person(luck), await person(luck)];
  const replica = new Replica(sodium, new MemoryEventStore());
  await author.begin(replica, alice.device, alice.certificate, bob.account, NOW, luck);
  await author.join(replica, bob.device, bob.certificate, NOW);
  await speak(luck, replica, luck.below(8), [alice, bob]);
  const names = [b64encode(luck.bytes(32)), b64encode(luck.bytes(32))] as const;
  const one = new Seat(names[0], replica);
  if (luck.below(5) === 0) return [one, new Seat(names[1], emptyLike(replica))];
  const other = new Seat(names[1], replica);
  const forks = luck.below(3) === 0;
  await speak(luck, one.replica, luck.below(12), forks ? [alice, bob] : [alice]);
  await speak(luck, other.replica, luck.below(12), forks ? [alice, bob] : [bob]);
  return [one, other];
}

const emptyLike = ({ swarm }: Replica) => new Replica(sodium, new MemoryEventStore(), swarm);

const VALUES = [null, 0, 1, -1, "", "A".repeat(43), [], {}, true, [[0, "A".repeat(43)]], { a: 1 }];

/** Leaves a frame out, says it twice, says something else, or changes one member. */
function lying(luck: Luck): Twist {
  return (frame) => {
    const way = luck.below(12);
    if (way === 0) return [];
    if (way === 1) return [frame, frame];
    if (way === 2) return [utf8(luck.pick(["", "{", "[]", '{"kind":"end"}', "\u0000"]))];
    if (way > 3) return [frame];
    const members = parse(frame) as Record<string, unknown>;
    return [canonical({ ...members, [luck.pick(Object.keys(members))]: luck.pick(VALUES) })];
  };
}

async function syncs(luck: Luck): Promise<Input[]> {
  const [one, other] = await branches(luck);
  const held = [one, other].map(({ replica }) => replica.displayOrder().map(({ wire }) => wire));
  const [left, right] = ends(one, other);
  run(left, right, 500, luck.below(2) === 0 ? lying(luck) : undefined);
  return [left, right].map((end, at) => ({
    op: "session",
    swarm: one.swarm,
    own: [one, other][at]!.device,
    peer: [other, one][at]!.device,
    events: held[at],
    lists: [],
    checkpoint: null,
    asks: false,
    frames: end.heard.map(fromUtf8),
  }));
}

/** A live session: what one says, what the other hears of it, perhaps not all or not in order, and answers. */
async function talks(luck: Luck): Promise<Input[]> {
  const [mine, theirs] = [await person(luck), await person(luck)];
  const given = (own: Person, peer: Person) => ({
    account: own.account,
    seed_hex: toHex(own.seed),
    certificate: peer.certificate,
    now: NOW,
    random_hex: toHex(luck.bytes(72)),
  });
  const opening: Input = { op: "open", ...given(mine, theirs), answer: null, answer_now: NOW, steps: [] };
  const { hello } = await outputOf("live", opening);
  const answering: Input = { op: "answer", ...given(theirs, mine), hello, steps: [] };
  opening.answer = (await outputOf("live", answering)).answer;
  const says = Array.from({ length: 1 + luck.below(6) }, () => toHex(luck.bytes(luck.below(400))));
  opening.steps = says.map((send, at) => ({ send, last: at === says.length - 1 }));
  const frames: string[] = (await outputOf("live", opening)).steps;
  if (luck.below(3) === 0) frames.splice(luck.below(frames.length), 1, luck.pick(frames));
  const back = { send: toHex(luck.bytes(20)), last: false };
  answering.steps = [...frames.map((receive) => ({ receive })), back, { close: true }];
  return [opening, answering];
}

function outputOf(file: string, input: Input) {
  const ops = { ...syncOps, ...liveOps }[file] ?? {};
  const op = ops[input.op];
  if (op === undefined) throw new RangeError(input.op);
  return op(input) as Promise<Input>;
}

const [seed, count] = process.argv.slice(2).map(Number);
for (let round = 0; round < (count ?? 1); round++) {
  const luck = new Luck((seed ?? 0) + round);
  for (const [file, inputs] of [
    ["sync", await syncs(luck)],
    ["live", await talks(luck)],
  ] as const) {
    for (const input of inputs) {
      const line = { seed: (seed ?? 0) + round, file, input, output: await outputOf(file, input) };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
  }
}
