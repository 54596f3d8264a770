/**
 * Writing into a swarm: the next event of one's own device, on top of everything held (SPEC 7.1, 7.3). What only groups have is in `acts`.
 *
 * Only one place may write for a device at a time, and nothing may be added to the replica meanwhile; the event is in the replica's store when a
 * function returns it. ProtocolError, and nothing stored, if it would not be legal.
 */

import type { Certificate } from "../certificates.ts";
import type { Random, SignKey, StoredEvent } from "../ports.ts";
import type { Revocation } from "../revocations.ts";
import type { Members } from "../schema.ts";
import { held } from "./control.ts";
import type { SignedEvent, SignedWire } from "./events.ts";
import { MAX_PARENTS, makeEvent, makeInitial } from "./events.ts";
import { isInPast } from "./past.ts";
import type { Replica } from "./replica.ts";

/** Starts a one-to-one swarm (mode 0) with the account `peer` in an empty replica. */
export async function begin(
  replica: Replica,
  key: SignKey,
  certificate: Certificate,
  peer: string,
  now: number,
  random: Random,
): Promise<SignedEvent> {
  return add(replica, await makeInitial(key, certificate, { mode: 0, peer }, now, random));
}

/** Accepts: becomes a member, where one is expected or everybody may. */
export function join(
  replica: Replica,
  key: SignKey,
  certificate: Certificate,
  now: number,
): Promise<SignedEvent> {
  return write(replica, key, certificate.account, "member", { action: "join", certificate }, now);
}

/** Commits the certificate of a member's device; one's own may be the first event of a new device. */
export function introduce(
  replica: Replica,
  key: SignKey,
  account: string,
  certificate: Certificate,
  now: number,
): Promise<SignedEvent> {
  return write(replica, key, account, "device", { certificate }, now);
}

/** Is a member no longer. */
export function leave(replica: Replica, key: SignKey, account: string, now: number): Promise<SignedEvent> {
  return write(replica, key, account, "member", { action: "leave" }, now);
}

/** Commits the statement that a member's device is not theirs any more. */
export function revoke(
  replica: Replica,
  key: SignKey,
  account: string,
  revocation: Revocation,
  now: number,
): Promise<SignedEvent> {
  return write(replica, key, account, "device", { revocation }, now);
}

/** Confirms what removed authors wrote before their removal was known here; null if nothing is unconfirmed. */
export async function anchor(
  replica: Replica,
  key: SignKey,
  account: string,
  now: number,
): Promise<SignedEvent | null> {
  return replica.unconfirmed().length === 0 ? null : write(replica, key, account, "merge", {}, now);
}

/** Says something. */
export function text(
  replica: Replica,
  key: SignKey,
  account: string,
  words: string,
  now: number,
  replyTo: string | null = null,
): Promise<SignedEvent> {
  return write(replica, key, account, "text", { text: words, reply_to: replyTo }, now);
}

/** Authors an event on the current heads. More than 16 of them are merged first. */
export async function write(
  replica: Replica,
  key: SignKey,
  account: string,
  type: string,
  body: Members,
  now: number,
): Promise<SignedEvent> {
  while (replica.heads.length > MAX_PARENTS) await append(replica, key, account, "merge", {}, now);
  return append(replica, key, account, type, body, now);
}

async function append(
  replica: Replica,
  key: SignKey,
  account: string,
  type: string,
  body: Members,
  now: number,
): Promise<SignedEvent> {
  const before = replica.store.latest(key.public);
  const parents = nextParents(replica, before);
  const signed = await makeEvent(key, {
    swarm: replica.swarm,
    parents: parents.map((parent) => parent.id),
    depth: 1 + Math.max(...parents.map((parent) => parent.signed.event.depth)),
    author: account,
    seq: before === undefined ? 0 : before.signed.event.seq + 1,
    prev: before?.id ?? null,
    type,
    body,
    time: now,
  });
  return add(replica, signed);
}

/** Up to 16 heads, one of them with the device's previous event in its past. */
function nextParents(replica: Replica, before: StoredEvent | undefined): readonly StoredEvent[] {
  const heads = replica.heads.map((head) => held(replica.store, head));
  if (before === undefined || heads.length <= MAX_PARENTS) return heads.slice(0, MAX_PARENTS);
  const own = heads.find((head) => isInPast(replica.store, before, [head.id]));
  const others = heads.filter((head) => head !== own);
  return own === undefined ? others.slice(0, MAX_PARENTS) : [own, ...others.slice(0, MAX_PARENTS - 1)];
}

/** Takes one's own event. */
export function add(replica: Replica, signed: SignedWire): SignedEvent {
  const outcome = replica.add(signed);
  const event = outcome.kind === "added" ? outcome.events[0] : undefined;
  if (event === undefined) throw new RangeError("an authored event must follow what is held");
  return event;
}
