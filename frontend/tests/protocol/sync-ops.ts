// The ops about syncs.
import { verifyCertificate, verifyDeviceList } from "../../src/protocol/certificates.ts";
import { utf8 } from "../../src/protocol/encoding.ts";
import type { Replica } from "../../src/protocol/swarm/replica.ts";
import { confirm, headsFingerprint, verifyCheckpoint } from "../../src/protocol/sync/checkpoint.ts";
import { delivery } from "../../src/protocol/sync/delivery.ts";
import type { Effect, Ended } from "../../src/protocol/sync/effects.ts";
import { readFrame } from "../../src/protocol/sync/frames.ts";
import { fingerprint, summed } from "../../src/protocol/sync/ranges.ts";
import { Recent } from "../../src/protocol/sync/recent.ts";
import { after, isUnrecoverable, NO_ATTEMPTS } from "../../src/protocol/sync/retry.ts";
import { Session } from "../../src/protocol/sync/session.ts";
import { sodium } from "../support/keys.ts";
import { emptyReplica, step } from "./histories.ts";
import type { Input, Op } from "./ops.ts";
import { End, Seat } from "./syncing.ts";

function replica(given: Input): Replica {
  const found = emptyReplica(given.swarm);
  for (const signed of given.events) step(found, signed);
  return found;
}

function session(given: Input) {
  const seat = new Seat(given.own, replica(given));
  const lists = given.lists.map((each: unknown) => verifyDeviceList(sodium, each));
  const end = new End(seat, given.peer, lists, () => given.checkpoint);
  end.do(end.session.start());
  if (given.asks) end.do(end.session.askRecent());
  for (const frame of given.frames) end.receive(utf8(frame));
  return { sent: end.log, said: end.said.map(said), heads: seat.replica.heads };
}

/** How many of the same frame are heard until the session ends, while its batches are not taken; then it is asked what it makes of silence. */
function flood(given: Input) {
  const { store, swarm, device: own } = new Seat(given.own, replica(given));
  const lists = given.lists.map((each: unknown) => verifyDeviceList(sodium, each));
  const session = new Session(sodium, store, { swarm, own, peer: given.peer, lists }, 0);
  const effects = [...session.start()];
  for (const frame of given.frames) effects.push(...session.receive(utf8(frame), 0));
  let heard = 0;
  for (; heard < given.times && !session.over; heard++) {
    effects.push(...session.receive(utf8(given.flood), 0));
  }
  effects.push(...session.tick(given.silence));
  const ended = effects.find((effect): effect is Ended => effect.kind === "ended");
  return { heard, end: ended?.end ?? null, code: ended?.code ?? null };
}

function said(effect: Effect) {
  if (effect.kind === "newer-list") return { list: effect.list.account, number: effect.list.number };
  if (effect.kind === "list-conflict") return { conflict: effect.account };
  if (effect.kind === "page") return { page: effect.events.length, next: effect.next };
  const { end, code, event, added, given, late } = effect as Ended;
  return { end, code, event, added, given, late };
}

function checkpoint({ value, certificate, swarm }: Input) {
  return verifyCheckpoint(sodium, value, verifyCertificate(sodium, certificate), swarm);
}

function recent({ swarm, certificate, frames }: Input) {
  const shown = new Recent(sodium, swarm, verifyCertificate(sodium, certificate));
  return frames.map((text: string) => {
    const frame = readFrame(utf8(text), swarm);
    if (frame.kind !== "page") throw new RangeError(frame.kind);
    return shown.take(frame).map(({ id }) => id);
  });
}

function attempts({ ends }: Input) {
  let known = NO_ATTEMPTS;
  return ends.map(([end, now]: [Ended["end"], number]) => {
    const ended = { kind: "ended", end, peer: "peer", code: null, event: null, added: 0, given: 0, late: 0 };
    known = after(known, ended as Ended, now);
    return { due: known.due, unrecoverable: isUnrecoverable(known) };
  });
}

export const syncOps: Readonly<Record<string, Readonly<Record<string, Op>>>> = {
  sync: {
    frame: ({ text, swarm }) => readFrame(utf8(text), swarm).kind,
    session,
    flood,
    fingerprint: ({ ids }) => fingerprint(summed(ids.map((id: string) => [0, id]))),
    heads: ({ heads }) => headsFingerprint(heads),
    checkpoint: (given) => {
      const { heads, count, state } = checkpoint(given);
      return { heads, count, state };
    },
    confirm: (given) => confirm(checkpoint(given), replica(given)),
    recent,
    attempts,
    delivery: ({ members }) => delivery(members),
  },
};
