/** Envelopes: what travels on websockets (SPEC section 6). `readEnvelope` looks at the form only; whoever acts on one verifies it. */

import { Address } from "./addresses.ts";
import { canonical, hashBytes, parse } from "./canonical.ts";
import type { Bytes } from "./encoding.ts";
import { b64encode } from "./encoding.ts";
import type { TypeInfo, Who } from "./envelope_types.ts";
import { TYPES } from "./envelope_types.ts";
import { ProtocolError } from "./errors.ts";
import { sign, verify, verifyBy } from "./keys.ts";
import type { Random, SignKey, Sodium, Verifier } from "./ports.ts";
import type { Members } from "./schema.ts";
import { isMembers, VERSION } from "./schema.ts";

const AHEAD = 5 * 60 * 1000;

/** A well-formed envelope. `data` has all members of its type; `raw` are the bytes as they came. */
export interface Envelope {
  readonly from: Address;
  readonly to: Address;
  readonly type: string;
  readonly id: string;
  readonly time: number;
  readonly ttl: number;
  readonly fromDevice: string;
  readonly toDevice: string | null;
  readonly data: Members;
  readonly raw: Bytes;
}

export interface Draft {
  readonly from: Address;
  readonly to: Address;
  readonly type: string;
  /** The members of `data` beyond the common ones. */
  readonly fields: Members;
  readonly fromDevice: string;
  readonly toDevice: string | null;
  readonly now: number;
  /** Seconds. */
  readonly ttl: number;
  /** Sealed fields are bound to the id: draw it with `newId` first. */
  readonly id: string;
}

/** A fresh envelope id. */
export function newId(random: Random): string {
  return b64encode(random.bytes(16));
}

/** A signed envelope. */
export async function makeEnvelope(draft: Draft, key: SignKey): Promise<Envelope> {
  const data = {
    v: VERSION,
    id: draft.id,
    time: draft.now,
    ttl: draft.ttl,
    from_device: draft.fromDevice,
    to_device: draft.toDevice,
    ...draft.fields,
  };
  const unsigned = { from: draft.from.wire(), to: draft.to.wire(), type: draft.type, data };
  const { sig } = await sign("envelope", unsigned, key);
  return readEnvelope(canonical({ ...unsigned, data: { ...data, sig } }));
}

/** The envelope in canonical bytes. Its signature is not looked at. */
export function readEnvelope(raw: Bytes): Envelope {
  const value = parse(raw);
  const names = isMembers(value) ? Object.keys(value) : [];
  if (!isMembers(value) || names.length !== 4 || !["from", "to", "type", "data"].every((n) => n in value)) {
    throw new ProtocolError("schema", "envelope");
  }
  const from = Address.fromWire(value.from, "from");
  const to = Address.fromWire(value.to, "to");
  const info = registered(value.type);
  require(info.from, from, "from");
  require(info.to, to, "to");
  if (raw.length > info.limit) throw new ProtocolError("json_too_large", "envelope");
  info.check(value.data, "data");
  return { from, to, type: value.type as string, ...common(value.data as Members), raw };
}

function common(data: Members) {
  return {
    id: data.id as string,
    time: data.time as number,
    ttl: data.ttl as number,
    fromDevice: data.from_device as string,
    toDevice: data.to_device as string | null,
    data,
  };
}

function registered(type: unknown): TypeInfo {
  if (typeof type !== "string") throw new ProtocolError("schema", "type");
  const info = TYPES.get(type);
  if (info === undefined) throw new ProtocolError("unknown_type", type.slice(0, 64));
  return info;
}

function require(who: Who, address: Address, path: string): void {
  if (who !== "any" && (who === "account") !== (address.username !== "")) {
    throw new ProtocolError("schema", path);
  }
}

/** `signature` unless `fromDevice` (a device or a site key) signed it. */
export function verifyEnvelope(sodium: Sodium, envelope: Envelope): void {
  verify(sodium, "envelope", signedPart(envelope), envelope.fromDevice);
}

/** `verifyEnvelope` with any verifier: see `verifyBy`. */
export function verifyEnvelopeBy(by: Verifier, envelope: Envelope): Promise<void> {
  return verifyBy(by, "envelope", signedPart(envelope), envelope.fromDevice);
}

function signedPart({ from, to, type, data: { sig, ...data } }: Envelope): object {
  return { from: from.wire(), to: to.wire(), type, data, sig };
}

/** `clock` if it is dated more than five minutes ahead of `now`, `expired` if its time is over. */
export function checkTime(envelope: Envelope, now: number): void {
  if (envelope.time > now + AHEAD) throw new ProtocolError("clock", "time");
  if (envelope.time + envelope.ttl * 1000 < now) throw new ProtocolError("expired", "ttl");
}

/** Its hash, by which a device acks it. */
export function envelopeHash(envelope: Envelope): string {
  return hashBytes("envelope", envelope.raw);
}
