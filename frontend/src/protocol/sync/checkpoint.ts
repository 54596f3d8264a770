/**
 * What a vault vouches for: its history of a swarm has these heads and amounts to this state (SPEC 10.6).
 *
 * The own new device believes the own vault before it has checked the history itself, and compares afterwards.
 */

import { objectId } from "../canonical.ts";
import type { Certificate } from "../certificates.ts";
import { requireNames } from "../certificates.ts";
import { ProtocolError } from "../errors.ts";
import { sign, verify } from "../keys.ts";
import type { SignKey, Sodium } from "../ports.ts";
import * as schema from "../schema.ts";
import { SUITE, VERSION } from "../schema.ts";
import { ancestors } from "../swarm/past.ts";
import type { Replica } from "../swarm/replica.ts";
import type { State } from "../swarm/state.ts";

export const MAX_HEADS = 256;
export const MAX_MEMBERS = 256;

const form = schema.closed({
  v: schema.version,
  suite: schema.suite(),
  account: schema.key,
  device: schema.key,
  swarm: schema.key,
  heads: schema.sortedIds(1, MAX_HEADS),
  count: schema.integer(1),
  fingerprint: schema.key,
  state: schema.closed({
    mode: schema.integer(0, 3),
    members: schema.sortedIds(0, MAX_MEMBERS),
    admins: schema.sortedIds(0, MAX_MEMBERS),
    profile: schema.nullable(schema.key),
  }),
  time: schema.time,
  sig: schema.signature,
});

/** What a checkpoint says of a state. */
export interface Summary {
  readonly mode: number;
  readonly members: readonly string[];
  readonly admins: readonly string[];
  readonly profile: string | null;
}

/** As on the wire. `heads` are all of them, or the first 256; `fingerprint` is of all. */
export interface Checkpoint {
  readonly v: number;
  readonly suite: string;
  readonly account: string;
  readonly device: string;
  readonly swarm: string;
  readonly heads: readonly string[];
  readonly count: number;
  readonly fingerprint: string;
  readonly state: Summary;
  readonly time: number;
  readonly sig: string;
}

/** One id for sorted heads. As each event names its parents by hash, equal heads are equal histories. */
export function headsFingerprint(heads: readonly string[]): string {
  return objectId("heads", heads);
}

/** By the vault device `key`, of all that is held; throws RangeError while that is nothing. */
export function makeCheckpoint(
  key: SignKey,
  account: string,
  replica: Replica,
  now: number,
): Promise<Checkpoint> {
  const { heads, state, store, swarm } = replica;
  if (swarm === null) throw new RangeError("nothing here yet");
  const statement = {
    v: VERSION,
    suite: SUITE,
    account,
    device: key.public,
    swarm,
    heads: heads.slice(0, MAX_HEADS),
    count: store.count(),
    fingerprint: headsFingerprint(heads),
    state: summary(state),
    time: now,
  };
  return sign("checkpoint", statement, key);
}

/**
 * A checkpoint of this swarm by a vault. `certificate_device` if the device is not one, `event_id` for another swarm, `history_mismatch` if heads and
 * fingerprint differ.
 */
export function verifyCheckpoint(
  sodium: Sodium,
  value: unknown,
  vault: Certificate,
  swarm: string,
): Checkpoint {
  const found = schema.matches<Checkpoint>(form, value, "checkpoint");
  requireNames(vault, found.account, found.device);
  if (vault.role !== "vault") throw new ProtocolError("certificate_device", "role");
  if (found.swarm !== swarm) throw new ProtocolError("event_id", "swarm");
  if (found.heads.length < MAX_HEADS && headsFingerprint(found.heads) !== found.fingerprint) {
    throw new ProtocolError("history_mismatch", "fingerprint");
  }
  verify(sodium, "checkpoint", found, vault.device);
  return found;
}

export function summary(state: State): Summary {
  return {
    mode: state.mode,
    members: [...state.members].sort(),
    admins: [...state.admins.keys()].sort(),
    profile: [...state.profile].sort().at(-1) ?? null,
  };
}

/**
 * Whether the history that was checked here has what the vault vouched for; false while some of it is not here yet. `history_mismatch` if the vault
 * said something else than is so.
 */
export function confirm(checkpoint: Checkpoint, replica: Replica): boolean {
  const { heads, fingerprint } = checkpoint;
  if (heads.some((head) => replica.store.get(head) === undefined)) return false;
  const whole = headsFingerprint(replica.heads) === fingerprint;
  if (!whole && heads.length === MAX_HEADS) return false;
  const count = whole ? replica.store.count() : ancestors(replica.store, heads, 0).size;
  const state = whole ? replica.state : replica.stateAfter(heads);
  if (count !== checkpoint.count) throw new ProtocolError("history_mismatch", "count");
  if (objectId("state", summary(state)) !== objectId("state", checkpoint.state)) {
    throw new ProtocolError("history_mismatch", "state");
  }
  return true;
}
