/**
 * SE1: sealing for one device, and account mail on top of it (SPEC section 5). Not audited.
 *
 * Nothing is erased here: opening tells which one-time prekey was used, and the caller erases it in the same transaction that stores what came with it.
 */

import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { AddressWire } from "./addresses.ts";
import { canonical, tag } from "./canonical.ts";
import type { Bytes } from "./encoding.ts";
import { b64decode, b64encode, concat } from "./encoding.ts";
import type { Envelope } from "./envelope.ts";
import { SEALED_SUITE, se1Box } from "./envelope_types.ts";
import { ProtocolError } from "./errors.ts";
import { KEY_BYTES } from "./keys.ts";
import type { DhKey, PrekeyHolder, Random, Sodium } from "./ports.ts";
import type { Members } from "./schema.ts";
import { matches } from "./schema.ts";

export const PAD = 256;
export const NONCE_BYTES = 24;

/** As on the wire. */
export interface Box {
  readonly suite: string;
  readonly dh: string;
  readonly ephemeral: string;
  readonly prekey: string;
  readonly one_time: string | null;
  readonly box: string;
}

/** A plaintext, and the one-time prekey (public half) that its box used, for the caller to erase. */
export interface Opened {
  readonly plaintext: Bytes;
  readonly oneTime: string | null;
}

/** One device to seal to: its certificate's `dh`, its signed prekey, a claimed one-time prekey if any. */
export interface Recipient {
  readonly device: string;
  readonly dh: string;
  readonly prekey: string;
  readonly oneTime: string | null;
}

/** What binds sealed parts to their envelope. */
export interface Context {
  readonly from: AddressWire;
  readonly from_device: string;
  readonly id: string;
  readonly to: AddressWire;
  readonly type: string;
  readonly to_device?: string;
}

/** An SE1 box. `ephemeral` must be fresh for each. */
export async function seal(
  sodium: Sodium,
  plaintext: Bytes,
  context: Context,
  sender: DhKey,
  recipient: Omit<Recipient, "device">,
  ephemeral: DhKey,
): Promise<Box> {
  const { dh, prekey, oneTime } = recipient;
  const shared = [await sender.agree(prekey), await ephemeral.agree(dh), await ephemeral.agree(prekey)];
  if (oneTime !== null) shared.push(await ephemeral.agree(oneTime));
  const header = {
    suite: SEALED_SUITE,
    dh: sender.public,
    ephemeral: ephemeral.public,
    prekey,
    one_time: oneTime,
  };
  const { key, nonce } = derive(shared, sender.public, dh);
  const sealed = sodium.encrypt(pad(plaintext), associated(context, header), nonce, key);
  return { ...header, box: b64encode(sealed) };
}

/** What a box for this device holds. `senderDh` is that of the sender's listed certificate. */
export async function openBox(
  sodium: Sodium,
  value: unknown,
  context: Context,
  recipient: DhKey,
  prekeys: PrekeyHolder,
  senderDh: string,
): Promise<Opened> {
  const { box, ...header } = matches<Box>(se1Box, value, "box");
  if (header.dh !== senderDh) throw new ProtocolError("wrong_identity_key", "dh");
  const shared = await sharedByRecipient(header, recipient, prekeys);
  const { key, nonce } = derive(shared, header.dh, recipient.public);
  const plaintext = decrypt(sodium, b64decode(box), associated(context, header), nonce, key);
  return { plaintext, oneTime: header.one_time };
}

async function sharedByRecipient(
  header: Omit<Box, "box">,
  recipient: DhKey,
  prekeys: PrekeyHolder,
): Promise<Bytes[]> {
  const { ephemeral } = header;
  const prekey = await prekeys.signed(header.prekey);
  const oneTime = header.one_time === null ? null : await prekeys.oneTime(header.one_time);
  if (prekey === null || (oneTime === null) !== (header.one_time === null)) {
    throw new ProtocolError("unknown_prekey", "prekey");
  }
  const shared = [
    await prekey.agree(header.dh),
    await recipient.agree(ephemeral),
    await prekey.agree(ephemeral),
  ];
  return oneTime === null ? shared : [...shared, await oneTime.agree(ephemeral)];
}

function derive(shared: readonly Bytes[], sender: string, recipient: string): { key: Bytes; nonce: Bytes } {
  const ikm = concat(new Uint8Array(KEY_BYTES).fill(0xff), ...shared);
  const info = concat(tag("se1"), b64decode(sender, KEY_BYTES), b64decode(recipient, KEY_BYTES));
  const okm = new Uint8Array(hkdf(sha256, ikm, new Uint8Array(KEY_BYTES), info, KEY_BYTES + NONCE_BYTES));
  return { key: okm.slice(0, KEY_BYTES), nonce: okm.slice(KEY_BYTES) };
}

function associated(context: Context, header: object): Bytes {
  return concat(tag("se1"), canonical({ context, header }));
}

/** Padded to a multiple of 256 by 0x80 and zeros, at least one byte. */
export function pad(plaintext: Bytes): Bytes {
  const padded = new Uint8Array((Math.floor(plaintext.length / PAD) + 1) * PAD);
  padded.set(plaintext);
  padded[plaintext.length] = 0x80;
  return padded;
}

/** What was padded; `decrypt` if nothing was. */
export function unpad(padded: Bytes): Bytes {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  if (padded.length % PAD !== 0 || padded[end] !== 0x80 || padded.length - end > PAD) {
    throw new ProtocolError("decrypt", "padding");
  }
  return padded.slice(0, end);
}

function decrypt(sodium: Sodium, sealed: Bytes, aad: Bytes, nonce: Bytes, key: Bytes): Bytes {
  const opens = nonce.length === NONCE_BYTES && sealed.length >= 16;
  const padded = opens ? sodium.decrypt(sealed, aad, nonce, key) : null;
  if (padded === null) throw new ProtocolError("decrypt");
  return unpad(padded);
}

export interface MailFields {
  readonly suite: string;
  readonly body: string;
  readonly wraps: Readonly<Record<string, Box>>;
}

/** The fields of account mail: the letter sealed once, its key boxed for each device with an ephemeral key of its own. */
export async function sealMail(
  sodium: Sodium,
  letter: Bytes,
  context: Context,
  sender: DhKey,
  recipients: readonly Recipient[],
  random: Random,
  ephemeral: () => Promise<DhKey>,
): Promise<MailFields> {
  const key = random.bytes(KEY_BYTES);
  const nonce = random.bytes(NONCE_BYTES);
  const body = concat(nonce, sodium.encrypt(pad(letter), mailAssociated(context), nonce, key));
  const wraps: Record<string, Box> = {};
  for (const each of recipients) {
    const bound = { ...context, to_device: each.device };
    wraps[each.device] = await seal(sodium, key, bound, sender, each, await ephemeral());
  }
  return { suite: SEALED_SUITE, body: b64encode(body), wraps };
}

function mailAssociated(context: Context): Bytes {
  return concat(tag("mail"), canonical(context));
}

/** The context of an envelope that came. */
export function mailContext(envelope: Envelope): Context {
  return {
    from: envelope.from.wire(),
    from_device: envelope.fromDevice,
    id: envelope.id,
    to: envelope.to.wire(),
    type: envelope.type,
  };
}

/** The letter of a `mail` or `request` for the device `device`; `decrypt` if it is not among the wraps. */
export async function openMail(
  sodium: Sodium,
  envelope: Envelope,
  device: string,
  recipient: DhKey,
  prekeys: PrekeyHolder,
  senderDh: string,
): Promise<Opened> {
  const wraps = envelope.data.wraps as Members;
  if (!Object.hasOwn(wraps, device)) throw new ProtocolError("decrypt", "wraps");
  const context = mailContext(envelope);
  const bound = { ...context, to_device: device };
  const opened = await openBox(sodium, wraps[device], bound, recipient, prekeys, senderDh);
  if (opened.plaintext.length !== KEY_BYTES) throw new ProtocolError("decrypt", "wraps");
  const body = b64decode(envelope.data.body);
  const nonce = body.slice(0, NONCE_BYTES);
  const sealed = body.slice(NONCE_BYTES);
  return { ...opened, plaintext: decrypt(sodium, sealed, mailAssociated(context), nonce, opened.plaintext) };
}
