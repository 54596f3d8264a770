/**
 * A group whose members each keep a replica and do what comes to mind, hear of each other late, or fork.
 *
 * Signatures are taken as good here, so that many histories can be told; the vectors hold them.
 */

import type { Certificate } from "../../src/protocol/certificates.ts";
import { makeCertificate } from "../../src/protocol/certificates.ts";
import { b64encode } from "../../src/protocol/encoding.ts";
import { ProtocolError } from "../../src/protocol/errors.ts";
import type { SignKey, Sodium } from "../../src/protocol/ports.ts";
import { makeRevocation } from "../../src/protocol/revocations.ts";
import * as acts from "../../src/protocol/swarm/acts.ts";
import * as author from "../../src/protocol/swarm/author.ts";
import type { SignedEvent } from "../../src/protocol/swarm/events.ts";
import { MemoryEventStore } from "../../src/protocol/swarm/memory.ts";
import { Replica } from "../../src/protocol/swarm/replica.ts";
import { sodium } from "../support/keys.ts";

const NOW = 1_790_000_000_000;
export const credulous: Sodium = { ...sodium, verify: () => true };

function key(name: string): SignKey {
  const bytes = new Uint8Array(32);
  new TextEncoder().encodeInto(name, bytes);
  return { public: b64encode(bytes), sign: async () => new Uint8Array(64) };
}

export interface Person {
  readonly key: SignKey;
  readonly devices: readonly SignKey[];
  readonly certificates: readonly Certificate[];
}

async function person(name: string): Promise<Person> {
  const account = key(name);
  const devices = [key(`${name}/browser`), key(`${name}/vault`)];
  const certify = ({ public: device }: SignKey, at: number) =>
    makeCertificate(account, { device, dh: device, role: at === 0 ? "root" : "vault" }, NOW);
  return { key: account, devices, certificates: await Promise.all(devices.map(certify)) };
}

const PEOPLE = await Promise.all(["alice", "bob", "carol", "dave", "erin"].map(person));
const LINK = key("link");
/** Who sits where, by person and device: each device once, but Bob's browser runs twice, as after a restored backup. */
const SEATS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [2, 0],
  [3, 0],
  [4, 0],
  [1, 1],
  [1, 0],
] as const;
/** They are never out of the group: the creator and his vault. */
export const KEEPERS = 2;

export interface Start {
  readonly mode: number;
  readonly admins: number;
  readonly retired: boolean;
}

/** One thing that happens; the numbers are taken modulo what there is. */
export interface Step {
  readonly seat: number;
  readonly act: number;
  readonly whom: number;
  readonly pick: number;
}

interface Seat {
  readonly person: Person;
  readonly device: SignKey;
  readonly certificate: Certificate;
  readonly replica: Replica;
}

type Act = (seat: Seat, step: Step, club: Club) => Promise<unknown>;

export class Club {
  readonly seats: readonly Seat[];
  /** Everything ever written. */
  readonly written: SignedEvent[] = [];

  private constructor(swarm: string, first: Replica) {
    this.seats = SEATS.map(([who, which], at) => {
      const someone = PEOPLE[who]!;
      const replica = at === 0 ? first : emptyReplica(swarm);
      return {
        person: someone,
        device: someone.devices[which]!,
        certificate: someone.certificates[which]!,
        replica,
      };
    });
  }

  /** Alice's group; in modes 1 to 3 with all, the first `admins` of the others governing, Alice herself unless `retired`. */
  static async begin({ mode, admins, retired }: Start): Promise<Club> {
    const [alice, bob] = PEOPLE as [Person, Person];
    const first = emptyReplica(null);
    const [device, certificate] = [alice.devices[0]!, alice.certificates[0]!];
    const random = { bytes: (count: number) => new Uint8Array(count) };
    const initial =
      mode === 0
        ? await author.begin(first, device, certificate, bob.key.public, NOW, random)
        : await acts.beginGroup(first, device, certificate, mode, NOW, random);
    const club = new Club(initial.id, first);
    club.written.push(initial);
    await club.welcome(admins, retired);
    return club;
  }

  private async welcome(admins: number, retired: boolean): Promise<void> {
    const [alice, , ...guests] = this.seats.slice(0, 6) as [Seat, Seat, ...Seat[]];
    const by = authorOf(alice);
    await this.write(() =>
      author.introduce(alice.replica, by.key, by.account, PEOPLE[0]!.certificates[1]!, NOW),
    );
    for (const [at, guest] of guests.entries()) {
      const account = guest.person.key.public;
      await this.write(() => acts.invite(alice.replica, by, account, NOW));
      this.hearAll(guest);
      await this.write(() => author.join(guest.replica, guest.device, guest.certificate, NOW));
      this.hearAll(alice);
      if (at < admins) await this.write(() => acts.grant(alice.replica, by, account, NOW));
    }
    if (retired) await this.write(() => acts.resign(alice.replica, by, NOW));
    for (const seat of this.seats) this.hearAll(seat);
  }

  /** What is not legal does not happen. */
  private async write(act: () => Promise<unknown>): Promise<void> {
    try {
      const event = await act();
      if (event !== null) this.written.push(event as SignedEvent);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }

  async step(step: Step): Promise<void> {
    const seat = this.seats[step.seat % this.seats.length]!;
    await this.write(() => ACTS[step.act % ACTS.length]!(seat, step, this));
  }

  hearAll(seat: Seat): boolean {
    return tell(seat.replica, this.written);
  }

  /** Everybody tells everything and confirms what it holds, until nothing is new. */
  async meet(): Promise<void> {
    for (let round = 0; round < 4; round++) {
      while (this.seats.filter((seat) => this.hearAll(seat)).length > 0);
      for (const { replica, device, person } of this.seats) {
        await this.write(() => author.anchor(replica, device, person.key.public, NOW));
        await this.write(() => author.text(replica, device, person.key.public, "here", NOW));
      }
    }
    while (this.seats.filter((seat) => this.hearAll(seat)).length > 0);
  }

  /** The seats that are in the group in their own eyes and in those of the creator. */
  present(): readonly Seat[] {
    const { state } = this.seats[0]!.replica;
    return this.seats.filter(({ replica, person, device }) =>
      [state, replica.state].every((each) => each.entitled(person.key.public, device.public)),
    );
  }
}

export function emptyReplica(swarm: string | null): Replica {
  return new Replica(credulous, new MemoryEventStore(), swarm);
}

/** Gives a replica what it lacks of these, in this order. Whether it took anything. */
export function tell(replica: Replica, events: readonly SignedEvent[]): boolean {
  const before = replica.store.count();
  for (const { id, wire } of events) {
    if (replica.store.get(id) !== undefined) continue;
    try {
      replica.add(wire);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }
  return replica.store.count() > before;
}

const authorOf = ({ device, person }: Seat) => ({ key: device, account: person.key.public });
const whom = ({ whom }: Step): Person => PEOPLE[whom % PEOPLE.length]!;

function target(step: Step): { account: string; device: string | null } {
  const { key: account, devices } = PEOPLE[1 + (step.whom % (PEOPLE.length - 1))]!;
  if (step.pick % 11 === 1) return { account: LINK.public, device: null };
  return { account: account.public, device: step.pick % 5 === 0 ? devices[step.pick % 2]!.public : null };
}

function write(type: string, body: (step: Step, club: Club) => Record<string, unknown>): Act {
  return ({ replica, device, person }, step, club) =>
    author.write(replica, device, person.key.public, type, body(step, club), NOW);
}

const some = ({ pick }: Step, { written }: Club): string => written[pick % written.length]!.id;

const hear: Act = async ({ replica }, step, { written }) => {
  replica.add(written[(step.pick * 31 + step.whom) % written.length]!.wire);
  return null;
};
const hearAll: Act = async (seat, _, club) => {
  club.hearAll(seat);
  return null;
};
/** By the next seat that is an admin's in its own eyes; it has heard everything, or not. */
const governing =
  (act: Act): Act =>
  async (_, step, club) => {
    const all = club.seats.map((_, at) => club.seats[(step.seat + at) % club.seats.length]!);
    const admins = all.filter(({ replica, person, device }) =>
      replica.state.governs(person.key.public, device.public),
    );
    const [seat] = admins;
    if (seat === undefined) return null;
    if (step.pick % 2 === 0) club.hearAll(seat);
    return act(seat, step, club);
  };
const decide = (action: acts.Decision): Act =>
  governing((seat, step) => acts.decide(seat.replica, authorOf(seat), action, target(step), NOW));
const unban: Act = governing(async (seat, { pick }) => {
  const banned = [...seat.replica.state.bans.keys()];
  const [account, device] = banned[pick % banned.length]?.split(" ") ?? [];
  if (account === undefined) return null;
  return acts.decide(seat.replica, authorOf(seat), "unban", { account, device: device ?? null }, NOW);
});

const ACTS: readonly Act[] = [
  hear,
  hear,
  hearAll,
  hearAll,
  write("text", ({ pick }) => ({ text: `${pick}!`, reply_to: null })),
  decide("ban"),
  decide("ban"),
  decide("ban"),
  unban,
  unban,
  governing((seat, step) => acts.grant(seat.replica, authorOf(seat), whom(step).key.public, NOW)),
  governing((seat, step) => acts.invite(seat.replica, authorOf(seat), whom(step).key.public, NOW)),
  (seat) => acts.openLink(seat.replica, authorOf(seat), LINK.public, NOW),
  ({ replica, device, certificate }) => author.join(replica, device, certificate, NOW),
  ({ replica, device, certificate }) => acts.joinByLink(replica, device, certificate, LINK, NOW),
  async ({ replica, device, person }, { pick }) =>
    person === PEOPLE[0] || pick % 4 > 0 ? null : author.leave(replica, device, person.key.public, NOW),
  async (seat, { pick }) => (pick % 4 > 0 ? null : acts.resign(seat.replica, authorOf(seat), NOW)),
  ({ replica, device, person }, step) => {
    const certificate = whom(step).certificates[step.pick % 2]!;
    return author.introduce(replica, device, person.key.public, certificate, NOW);
  },
  async (seat, step) => {
    const { key: root, devices } = whom(step);
    if (step.pick % 3 !== 0 || root === PEOPLE[0]!.key) return null;
    const device = devices[step.whom % 2]!.public;
    const revocation = await makeRevocation(root, { account: root.public, device, vault: null }, NOW);
    return author.revoke(seat.replica, seat.device, seat.person.key.public, revocation, NOW);
  },
  (seat, { pick }) => acts.editProfile(seat.replica, authorOf(seat), { title: `${pick}` }, NOW),
  write("merge", () => ({})),
  write("edit", (step, club) => ({ target: some(step, club), text: "other words" })),
  write("hologram", ({ pick }) => ({ beam: pick })),
];
