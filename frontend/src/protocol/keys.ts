/**
 * Signed objects (SPEC 2.3). Ed25519 is verified by libsodium alone: others accept keys that it refuses, and two replicas would disagree about history.
 * Only a visitor, who keeps no history and hears nobody but the site that served the page, may use another verifier (`verifyBy`).
 */

import { canonical, tag } from "./canonical.ts";
import type { Bytes } from "./encoding.ts";
import { b64decode, b64encode, concat } from "./encoding.ts";
import { ProtocolError } from "./errors.ts";
import type { SignKey, Sodium, Verifier } from "./ports.ts";
import type { Members } from "./schema.ts";

export const SIGNATURE_BYTES = 64;
export const KEY_BYTES = 32;

/** `signature` unless it is that of the key `publicKey` over `data`; `encoding` if a value is misspelled. */
export function verifyBytes(sodium: Sodium, data: Bytes, signature: unknown, publicKey: string): void {
  const key = b64decode(publicKey, KEY_BYTES);
  const sig = b64decode(signature, SIGNATURE_BYTES);
  if (!sodium.verify(sig, data, key)) throw new ProtocolError("signature");
}

/** The bytes that the `sig` of an object of kind `what` covers. */
export function signedBytes(what: string, value: Members): Bytes {
  const { sig: _, ...rest } = value;
  return concat(tag(what), canonical(rest));
}

/** A copy of `value` with the member `sig`. */
export async function sign<T extends object>(
  what: string,
  value: T,
  key: SignKey,
): Promise<T & { sig: string }> {
  const sig = b64encode(await key.sign(signedBytes(what, value as Members)));
  return { ...value, sig };
}

/** `signature` unless `value.sig` is that of `publicKey` over the rest of `value`. */
export function verify(sodium: Sodium, what: string, value: object, publicKey: string): void {
  const members = value as Members;
  verifyBytes(sodium, signedBytes(what, members), members.sig ?? "", publicKey);
}

/** `verify` with any verifier: only for what the own site says to this one connection. */
export async function verifyBy(by: Verifier, what: string, value: object, publicKey: string): Promise<void> {
  const members = value as Members;
  const key = b64decode(publicKey, KEY_BYTES);
  const sig = b64decode(members.sig ?? "", SIGNATURE_BYTES);
  if (!(await by.verify(sig, signedBytes(what, members), key))) throw new ProtocolError("signature");
}
