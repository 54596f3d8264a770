/**
 * Signed events: their form, ids and signatures (SPEC 7.1 to 7.3). Whether one may stand in a history is for `replica` and `rules`.
 */

import { canonical, hashBytes, tag } from "../canonical.ts";
import type { Certificate } from "../certificates.ts";
import { requireNames, verifyCertificate } from "../certificates.ts";
import type { Bytes } from "../encoding.ts";
import { b64encode, concat } from "../encoding.ts";
import { ProtocolError } from "../errors.ts";
import { verifyBytes } from "../keys.ts";
import type { Random, SignKey, Sodium } from "../ports.ts";
import type { Revocation } from "../revocations.ts";
import { requireSigner, verifyRevocation } from "../revocations.ts";
import type { Members } from "../schema.ts";
import * as schema from "../schema.ts";
import { VERSION } from "../schema.ts";
import { anyBody, CONTROL, checkBody, checkType, isByLink, kindOf } from "./bodies.ts";

export const EVENT_LIMIT = 24_576;
export const MAX_PARENTS = 16;
const INTRODUCING: ReadonlySet<string> = new Set(["initial", "member.join"]);

const signedForm = schema.closed({
  event: schema.closed({
    v: schema.version,
    swarm: schema.nullable(schema.key),
    parents: schema.sortedIds(0, MAX_PARENTS),
    depth: schema.integer(),
    author: schema.key,
    device: schema.key,
    seq: schema.integer(),
    prev: schema.nullable(schema.key),
    type: checkType,
    body: anyBody,
    time: schema.time,
  }),
  sig: schema.signature,
});

export interface EventWire {
  readonly v: number;
  readonly swarm: string | null;
  readonly parents: readonly string[];
  readonly depth: number;
  readonly author: string;
  readonly device: string;
  readonly seq: number;
  readonly prev: string | null;
  readonly type: string;
  readonly body: Members;
  readonly time: number;
}

/** As on the wire. */
export interface SignedWire {
  readonly event: EventWire;
  readonly sig: string;
}

/** An event of good form and signature. `swarm` is its own id for an initial event. */
export interface SignedEvent extends Omit<EventWire, "v" | "swarm"> {
  readonly id: string;
  readonly swarm: string;
  /** The type, and after a dot what `kindOf` tells further. */
  readonly kind: string;
  readonly control: boolean;
  readonly wire: SignedWire;
}

/** What an author decides; the rest follows from the history. */
export type EventDraft = Omit<EventWire, "v" | "device">;

/** The id of an unsigned event. */
export function eventId(event: EventWire): string {
  return hashBytes("event", canonical(event));
}

/** A signed event `{event, sig}` of the device `key`. */
export async function makeEvent(key: SignKey, draft: EventDraft): Promise<SignedWire> {
  const event = { v: VERSION, ...draft, parents: [...draft.parents].sort(), device: key.public };
  const sig = b64encode(await key.sign(concat(tag("event"), canonical(event))));
  return { event, sig };
}

/** The first event of a new swarm, by the certificate's device. */
export function makeInitial(
  key: SignKey,
  certificate: Certificate,
  start: { mode: number; peer: string | null },
  now: number,
  random: Random,
): Promise<SignedWire> {
  const body = { ...start, nonce: b64encode(random.bytes(16)), certificate, revocations: [] };
  const place = { swarm: null, parents: [], depth: 0, seq: 0, prev: null };
  return makeEvent(key, { ...place, author: certificate.account, type: "initial", body, time: now });
}

/** The event in `{event, sig}`: form, size, body, place, whom its statements name, signature, theirs, in this order (SPEC 7.5). */
export function readSignedEvent(sodium: Sodium, value: unknown): SignedEvent {
  const wire = schema.matches<SignedWire>(signedForm, value, "event");
  const data = canonical(wire.event);
  if (data.length > EVENT_LIMIT) throw new ProtocolError("json_too_large", "event");
  checkBody(wire.event.type, wire.event.body);
  checkPlace(wire.event);
  const signed = restore(wire, hashBytes("event", data));
  if (signed.type === "call-history") checkUri(signed);
  checkNames(signed);
  verifyBytes(sodium, concat(tag("event"), data), wire.sig, signed.device);
  verifyStatements(sodium, signed);
  return signed;
}

/** An event that was accepted before, without checking it again. */
export function restore(wire: SignedWire, id: string): SignedEvent {
  const { v: _, swarm, ...rest } = wire.event;
  return {
    ...rest,
    id,
    swarm: swarm ?? id,
    kind: kindOf(rest.type, rest.body),
    control: CONTROL.has(rest.type),
    wire,
  };
}

/** What holds without knowing the history. */
function checkPlace(event: EventWire): void {
  const initial = event.type === "initial";
  if (initial !== (event.swarm === null) || initial === event.parents.length > 0) {
    throw new ProtocolError("event_id", "parents");
  }
  if ((event.seq === 0) !== (event.prev === null)) throw new ProtocolError("event_id", "prev");
  if (initial !== (event.depth === 0) || (initial && event.seq !== 0)) {
    throw new ProtocolError("event_depth", "depth");
  }
}

/** `account/device/conversation/call`: where the device that wrote this `call-history` hosts its call. */
export function callUri({ author, device, swarm, body }: SignedEvent): string {
  return [author, device, swarm, body.call].join("/");
}

/** A start names the call, and as its host who wrote it. */
function checkUri(event: SignedEvent): void {
  const { uri } = event.body;
  if (uri !== null && uri !== callUri(event)) throw schema.schemaError("uri");
}

/** A certificate by which an author introduces itself is its own, a revocation that of the account or its vault. */
function checkNames({ kind, body, author, device }: SignedEvent): void {
  if (INTRODUCING.has(kind)) requireNames(body.certificate as Certificate, author, device);
  if (kind === "device.revocation") requireSigner(body.revocation as Revocation);
}

function verifyStatements(sodium: Sodium, event: SignedEvent): void {
  const { kind, body } = event;
  if (kind === "device" || INTRODUCING.has(kind)) verifyCertificate(sodium, body.certificate);
  if (kind === "device.revocation") verifyRevocation(sodium, body.revocation);
  if (kind === "member.join" && isByLink(body)) {
    verifyBytes(sodium, admission(event), body.proof as string, body.invite as string);
  }
}

/** What the invite key of a join link signs for the device that joins by it. */
export function admission({
  author,
  device,
  swarm,
}: Pick<SignedEvent, "author" | "device" | "swarm">): Bytes {
  return concat(tag("join"), canonical({ account: author, device, swarm }));
}
