/** Letters: the plaintext inside sealed mail (SPEC 6.6). */

import type { Address, AddressWire } from "./addresses.ts";
import { accountAddressForm } from "./addresses.ts";
import { canonical, objectId, parse } from "./canonical.ts";
import type { Certificate } from "./certificates.ts";
import { requireNames } from "./certificates.ts";
import type { Bytes } from "./encoding.ts";
import { b64encode } from "./encoding.ts";
import { ProtocolError } from "./errors.ts";
import { sign, verify } from "./keys.ts";
import type { SignKey, Sodium } from "./ports.ts";
import type { Check, Members } from "./schema.ts";
import * as schema from "./schema.ts";
import { SUITE, schemaError, VERSION } from "./schema.ts";
import type { SignedEvent, SignedWire } from "./swarm/events.ts";
import { readSignedEvent } from "./swarm/events.ts";
import type { PreferenceEntry } from "./swarm/preferences.ts";
import { checkEntries } from "./swarm/preferences.ts";
import type { ContactEntry } from "./swarm/requests.ts";
import { checkContacts } from "./swarm/requests.ts";

export const LETTER_LIMIT = 40_960;
export const MAX_EVENTS = 64;
export const MAX_MISSING = 100;
export const MAX_HEADS = 64;
/** Bytes. */
export const POST_PART = 24_000;
export const MAX_POST_PARTS = 12;
/** 1,024 bytes. */
export const PICTURE_TEXT = 1_366;

const any = schema.opened({});
const ackForm = schema.closed({
  v: schema.version,
  suite: schema.suite(),
  swarm: schema.key,
  account: schema.key,
  device: schema.key,
  heads: schema.sortedIds(1, MAX_HEADS),
  time: schema.time,
  sig: schema.signature,
});

function letter(members: Readonly<Record<string, Check>>): Check {
  return schema.closed({ kind: schema.label(), swarm: schema.key, ...members });
}

const pictureText = schema.text(1, PICTURE_TEXT);
const picture: Check = (value, path) => {
  pictureText(value, path);
  schema.blob(value, path);
};

const partText = schema.text(1, (POST_PART / 3) * 4);
const postForm = schema.closed({
  kind: schema.label(),
  id: schema.key,
  part: schema.integer(1, MAX_POST_PARTS),
  parts: schema.integer(1, MAX_POST_PARTS),
  data: (value, path) => {
    partText(value, path);
    schema.blob(value, path);
  },
});
const post: Check = (value, path) => {
  const { part, parts } = schema.matches<PostLetter>(postForm, value, path);
  if (part > parts) throw schemaError(`${path}.part`);
};

const FORMS: ReadonlyMap<string, Check> = new Map([
  [
    "request",
    letter({
      initial: any,
      name: schema.label(),
      title: schema.nullable(schema.label(128)),
      description: schema.nullable(schema.label(1_024)),
      avatar: schema.nullable(picture),
      invite: schema.nullable(schema.key),
    }),
  ],
  ["events", letter({ events: schema.listing(any, 1, MAX_EVENTS) })],
  ["missing", letter({ events: schema.listing(schema.key, 1, MAX_MISSING) })],
  ["ack", schema.closed({ kind: schema.label(), ack: ackForm })],
  ["declined", letter({ invite: schema.nullable(schema.key) })],
  ["withdrawn", letter({ invite: schema.nullable(schema.key) })],
  ["contacts", schema.closed({ kind: schema.label(), entries: checkContacts })],
  ["announce", letter({ event: schema.key, device: schema.key })],
  ["wanted", letter({})],
  ["removed", letter({})],
  ["erased", letter({})],
  ["displayed", letter({ event: schema.key })],
  ["preferences", letter({ entries: checkEntries })],
  ["post", post],
  ["whereabouts", letter({ account: schema.key, address: accountAddressForm, name: schema.label() })],
  ["typing", letter({ typing: schema.boolean })],
  ["presence", schema.closed({ kind: schema.label(), here: schema.boolean, answer: schema.boolean })],
]);
const kinded = schema.opened({ kind: schema.label() });

export interface RequestLetter {
  readonly kind: "request";
  readonly swarm: string;
  readonly initial: Members;
  readonly name: string;
  readonly title: string | null;
  readonly description: string | null;
  /** A small picture of at most 1,024 bytes. */
  readonly avatar: string | null;
  /** The `add` that names us; null between two people. */
  readonly invite: string | null;
}

/** A part of a signed post; `data` is base64url. */
export interface PostLetter {
  readonly kind: "post";
  readonly id: string;
  readonly part: number;
  readonly parts: number;
  readonly data: string;
}

/** As on the wire. The device's word that it holds these events of a swarm and all their ancestors. */
export interface Ack {
  readonly v: number;
  readonly suite: string;
  readonly swarm: string;
  readonly account: string;
  readonly device: string;
  readonly heads: readonly string[];
  readonly time: number;
  readonly sig: string;
}

/** A letter of good form. Events in it are not checked, an ack not verified yet. */
export type Letter =
  | RequestLetter
  | PostLetter
  | { readonly kind: "events"; readonly swarm: string; readonly events: readonly Members[] }
  | { readonly kind: "missing"; readonly swarm: string; readonly events: readonly string[] }
  | { readonly kind: "ack"; readonly ack: Ack }
  | { readonly kind: "declined" | "withdrawn"; readonly swarm: string; readonly invite: string | null }
  | { readonly kind: "contacts"; readonly entries: readonly ContactEntry[] }
  | { readonly kind: "announce"; readonly swarm: string; readonly event: string; readonly device: string }
  | { readonly kind: "wanted" | "removed" | "erased"; readonly swarm: string }
  | { readonly kind: "displayed"; readonly swarm: string; readonly event: string }
  | { readonly kind: "preferences"; readonly swarm: string; readonly entries: readonly PreferenceEntry[] }
  | {
      readonly kind: "whereabouts";
      readonly swarm: string;
      readonly account: string;
      readonly address: AddressWire;
      readonly name: string;
    }
  | { readonly kind: "typing"; readonly swarm: string; readonly typing: boolean }
  | { readonly kind: "presence"; readonly here: boolean; readonly answer: boolean };

function write(value: object): Bytes {
  const data = canonical(value);
  readLetter(data);
  return data;
}

/** The letter that asks somebody into a swarm, with its signed initial event. */
export function makeRequest(
  initial: SignedWire,
  swarm: string,
  said: Pick<RequestLetter, "name"> &
    Partial<Pick<RequestLetter, "title" | "description" | "avatar" | "invite">>,
): Bytes {
  const unsaid = { title: null, description: null, avatar: null, invite: null };
  return write({ kind: "request", swarm, initial, ...unsaid, ...said });
}

/** Up to 64 signed events, parents before children; see `lacking.batches` for more. */
export function makeEvents(swarm: string, events: readonly SignedWire[]): Bytes {
  return write({ kind: "events", swarm, events });
}

/** The letter that asks for events by id. */
export function makeMissing(swarm: string, events: readonly string[]): Bytes {
  return write({ kind: "missing", swarm, events });
}

export function makeAckLetter(ack: Ack): Bytes {
  return write({ kind: "ack", ack });
}

/** The letter to one's own devices that a request, by this invitation, was declined. */
export function makeDeclined(swarm: string, invite: string | null = null): Bytes {
  return write({ kind: "declined", swarm, invite });
}

/** The letter to whoever was sent a request that it is taken back. */
export function makeWithdrawn(swarm: string, invite: string | null = null): Bytes {
  return write({ kind: "withdrawn", swarm, invite });
}

/** The letter to one's own devices about whom one added, removed or blocked. */
export function makeContacts(entries: readonly ContactEntry[]): Bytes {
  return write({ kind: "contacts", entries });
}

/** The conversation that a letter is about; null if it is about none. */
export function swarmOf(found: Letter): string | null {
  if (found.kind === "contacts" || found.kind === "post" || found.kind === "presence") return null;
  return found.kind === "ack" ? found.ack.swarm : found.swarm;
}

/** The letter that tells of a new event and of a device that has it. */
export function makeAnnounce(swarm: string, event: string, device: string): Bytes {
  return write({ kind: "announce", swarm, event, device });
}

/** The letter that asks for an invitation to a conversation one was told of. */
export function makeWanted(swarm: string): Bytes {
  return write({ kind: "wanted", swarm });
}

/** The letter to one's own devices that a conversation is removed, or erased as well. */
export function makeRemoved(swarm: string, erased: boolean): Bytes {
  return write({ kind: erased ? "erased" : "removed", swarm });
}

/** The letter that tells how far its sender's account has read. */
export function makeDisplayed(swarm: string, event: string): Bytes {
  return write({ kind: "displayed", swarm, event });
}

/** The letter to one's own devices about how one wants a conversation. */
export function makePreferences(swarm: string, entries: readonly PreferenceEntry[]): Bytes {
  return write({ kind: "preferences", swarm, entries });
}

/** The letters to one's own devices that bring a version of a post, signed by the certificate's device. */
export function makePosts(post: unknown, certificate: unknown): readonly Bytes[] {
  const signed = { certificate, post };
  const data = canonical(signed);
  const id = objectId("signed-post", signed);
  const parts = Math.ceil(data.length / POST_PART);
  return Array.from({ length: parts }, (_, at) => {
    const piece = data.slice(at * POST_PART, (at + 1) * POST_PART);
    return write({ kind: "post", id, part: at + 1, parts, data: b64encode(piece) });
  });
}

/** The letter to one's own devices that tells where the other one of a conversation lives. */
export function makeWhereabouts(swarm: string, account: string, address: Address, name: string): Bytes {
  return write({ kind: "whereabouts", swarm, account, address: address.wire(), name });
}

/** The letter inside a `typing` envelope. */
export function makeTyping(swarm: string, typing: boolean): Bytes {
  return write({ kind: "typing", swarm, typing });
}

/** The letter inside a `presence` envelope; `answer` asks to be told in return. */
export function makePresence(here: boolean, answer: boolean): Bytes {
  return write({ kind: "presence", here, answer });
}

/** The letter in canonical bytes; `unknown_type` for a kind that this version does not know. */
export function readLetter(data: Bytes): Letter {
  const value = parse(data, LETTER_LIMIT);
  const { kind } = schema.matches<{ kind: string }>(kinded, value, "letter");
  const form = FORMS.get(kind);
  if (form === undefined) throw new ProtocolError("unknown_type", kind);
  return schema.matches<Letter>(form, value, kind);
}

/** The verified initial event of a `request`; `event_id` if it is not that of the swarm it names. */
export function readRequest(sodium: Sodium, request: RequestLetter): SignedEvent {
  const initial = readSignedEvent(sodium, request.initial);
  if (initial.type !== "initial" || initial.id !== request.swarm) {
    throw new ProtocolError("event_id", "initial");
  }
  return initial;
}

/** An ack signed by the device `key`; at most 64 heads. */
export function makeAck(
  key: SignKey,
  account: string,
  swarm: string,
  heads: readonly string[],
  now: number,
): Promise<Ack> {
  const sorted = [...heads].sort().slice(0, MAX_HEADS);
  const statement = {
    v: VERSION,
    suite: SUITE,
    swarm,
    account,
    device: key.public,
    heads: sorted,
    time: now,
  };
  return sign("ack", statement, key);
}

/** An ack signed by the certificate's device. */
export function verifyAck(sodium: Sodium, value: unknown, certificate: Certificate): Ack {
  const ack = schema.matches<Ack>(ackForm, value, "ack");
  requireNames(certificate, ack.account, ack.device);
  verify(sodium, "ack", ack, certificate.device);
  return ack;
}
