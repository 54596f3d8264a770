/** One end of a sync session in memory: does what the session asks for and keeps what it says. */

import type { DeviceList } from "../../src/protocol/certificates.ts";
import type { Bytes } from "../../src/protocol/encoding.ts";
import { fromUtf8 } from "../../src/protocol/encoding.ts";
import type { Sodium } from "../../src/protocol/ports.ts";
import { MemoryEventStore } from "../../src/protocol/swarm/memory.ts";
import { Replica } from "../../src/protocol/swarm/replica.ts";
import type { Effect, Ended } from "../../src/protocol/sync/effects.ts";
import { Pull, Spoiled } from "../../src/protocol/sync/pull.ts";
import { Session } from "../../src/protocol/sync/session.ts";
import { sodium as real } from "../support/keys.ts";

/** A copy of a replica, on a device of its own. The copy is made anew after a batch was undone. */
export class Seat {
  readonly device: string;
  readonly swarm: string;
  readonly sodium: Sodium;
  readonly store = new MemoryEventStore();
  replica: Replica;

  constructor(device: string, like: Replica, sodium: Sodium = real) {
    if (like.swarm === null) throw new RangeError("of no swarm");
    this.sodium = sodium;
    this.device = device;
    this.swarm = like.swarm;
    this.store.fill(like.store.ordered());
    for (const event of like.store.parked()) this.store.park(event);
    this.replica = this.opened();
  }

  undo(): void {
    this.replica = this.opened();
  }

  private opened(): Replica {
    return new Replica(this.sodium, this.store, this.swarm);
  }
}

export class End {
  readonly session: Session;
  readonly sent: Bytes[] = [];
  readonly log: string[] = [];
  readonly said: Effect[] = [];
  readonly heard: Bytes[] = [];
  private readonly seat: Seat;
  private readonly pull: Pull;

  constructor(
    seat: Seat,
    peer: string,
    lists: readonly DeviceList[] = [],
    vouch: () => unknown = () => null,
  ) {
    const { store, swarm, device: own, replica, sodium } = seat;
    this.seat = seat;
    this.session = new Session(sodium, store, { swarm, own, peer, lists, vouch }, 0);
    this.pull = new Pull(sodium, replica);
  }

  get ended(): Ended | undefined {
    return this.said.find((effect): effect is Ended => effect.kind === "ended");
  }

  do(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === "send") {
        this.sent.push(effect.frame);
        this.log.push(fromUtf8(effect.frame));
      } else if (effect.kind === "take") {
        this.take(effect.events);
      } else {
        this.said.push(effect);
      }
    }
  }

  receive(frame: Bytes): void {
    this.heard.push(frame);
    this.do(this.session.receive(frame, 0));
  }

  private take(events: readonly unknown[]): void {
    try {
      const taken = this.seat.store.attempt(() => this.pull.take(events));
      this.do(this.session.taken(taken));
    } catch (error) {
      if (!(error instanceof Spoiled)) throw error;
      this.seat.undo();
      this.do(this.session.spoiled(error));
    }
  }
}

export type Twist = (frame: Bytes) => readonly Bytes[];

/** Carries frames both ways until neither end has one, or for this many; `twist` is what becomes of those of `b`. */
export function run(
  a: End,
  b: End,
  frames = Number.POSITIVE_INFINITY,
  twist: Twist = (frame) => [frame],
): void {
  a.do(a.session.start());
  b.do(b.session.start());
  let carried = 0;
  while (carried < frames && (a.sent.length > 0 || b.sent.length > 0)) {
    for (const [here, there] of [
      [a, b],
      [b, a],
    ] as const) {
      const frame = here.sent.shift();
      if (frame === undefined) continue;
      for (const each of here === b ? twist(frame) : [frame]) there.receive(each);
      carried += 1;
    }
  }
}

export function ends(a: Seat, b: Seat): [End, End] {
  return [new End(a, b.device), new End(b, a.device)];
}
