/**
 * What shows that nobody stands between two people, their safety number (SPEC 4.7), or between two devices that connect directly, their signed DTLS
 * fingerprints (SPEC 5.5).
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { tag } from "./canonical.ts";
import type { Certificate } from "./certificates.ts";
import { requireNames } from "./certificates.ts";
import { b64decode, concat } from "./encoding.ts";
import { ProtocolError } from "./errors.ts";
import { KEY_BYTES, sign, verify } from "./keys.ts";
import type { SignKey, Sodium } from "./ports.ts";
import * as schema from "./schema.ts";
import { SUITE, VERSION } from "./schema.ts";

export const GROUPS = 12;
export const MAX_FINGERPRINTS = 8;
const NEAR = 300_000;

/** Twelve groups of five digits, the same whichever of the two asks. */
export function safetyNumber(accountA: string, accountB: string): string {
  const keys = [accountA, accountB].map((account) => b64decode(account, KEY_BYTES)).sort(compareBytes);
  const digest = sha256(concat(tag("safety-number"), ...keys));
  const bits = bigEndian(digest.subarray(0, 30));
  return Array.from({ length: GROUPS }, (_, at) => {
    const piece = (bits >> BigInt(20 * (GROUPS - 1 - at))) & 0xfffffn;
    return (piece % 100_000n).toString().padStart(5, "0");
  }).join(" ");
}

export function bigEndian(data: Uint8Array): bigint {
  return data.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

const HASHES = { "sha-256": 32, "sha-384": 48, "sha-512": 64 };
const ONE = Object.entries(HASHES).map(([name, size]) => `${name} [0-9A-F]{2}(?::[0-9A-F]{2}){${size - 1}}`);
const FINGERPRINT = new RegExp(`^(?:${ONE.join("|")})$`);
const LINE = /^a=fingerprint:([!-~]+) ([0-9A-Fa-f:]+)$/;

const form = schema.closed({
  v: schema.version,
  suite: schema.suite(),
  account: schema.key,
  device: schema.key,
  peer: schema.key,
  session: schema.nonce,
  fingerprints: schema.listing(schema.matching(FINGERPRINT), 1, MAX_FINGERPRINTS),
  time: schema.time,
  sig: schema.signature,
});

/** As on the wire: a device's word which DTLS certificates are its own in one session with the device `peer`. */
export interface Fingerprints {
  readonly v: number;
  readonly suite: string;
  readonly account: string;
  readonly device: string;
  readonly peer: string;
  readonly session: string;
  readonly fingerprints: readonly string[];
  readonly time: number;
  readonly sig: string;
}

/**
 * All that a session description names, as `sha-256 AB:CD:…`, sorted, each once.
 *
 * Strict, so that no other parser sees more than this one: a line that speaks of a fingerprint in any other way, another hash function, or none at all is
 * `wrong_fingerprint`.
 */
export function sdpFingerprints(sdp: string): readonly string[] {
  const lines = sdp.split(/\r\n|\r|\n/).filter((line) => line.toLowerCase().includes("fingerprint"));
  const found = new Set(lines.map(named));
  if (found.size === 0) throw new ProtocolError("wrong_fingerprint", "none");
  return [...found].sort();
}

function named(line: string): string {
  const [, hash = "", value = ""] = LINE.exec(line) ?? [];
  const text = `${hash.toLowerCase()} ${value.toUpperCase()}`;
  if (!FINGERPRINT.test(text)) throw new ProtocolError("wrong_fingerprint", "sdp");
  return text;
}

/** Signed by the device; `fingerprints` as `sdpFingerprints` gives them, at most eight. */
export function makeFingerprints(
  account: string,
  device: SignKey,
  about: { peer: string; session: string; fingerprints: readonly string[] },
  now: number,
): Promise<Fingerprints> {
  const { peer, session } = about;
  const fingerprints = [...new Set(about.fingerprints)].sort();
  const statement = { account, device: device.public, peer, session, fingerprints, time: now };
  return sign("fingerprints", { v: VERSION, suite: SUITE, ...statement }, device);
}

/**
 * What the certificate's device says to the device `own` in this session. `wrong_sender` if it is for another device, `replay` if of another session,
 * `clock` and `expired` if it is not of these five minutes.
 */
export function verifyFingerprints(
  sodium: Sodium,
  value: unknown,
  certificate: Certificate,
  own: string,
  session: string,
  now: number,
): Fingerprints {
  const found = schema.matches<Fingerprints>(form, value, "fingerprints");
  if (!schema.ascending(found.fingerprints)) throw schema.schemaError("fingerprints");
  requireNames(certificate, found.account, found.device);
  if (found.peer !== own) throw new ProtocolError("wrong_sender", "peer");
  if (found.session !== session) throw new ProtocolError("replay", "session");
  verify(sodium, "fingerprints", found, certificate.device);
  if (found.time > now + NEAR) throw new ProtocolError("clock", "fingerprints");
  if (found.time < now - NEAR) throw new ProtocolError("expired", "fingerprints");
  return found;
}

/**
 * `wrong_fingerprint` unless the device signed every fingerprint of a description. To be called before the description is handed to the connection, so
 * that a swapped certificate never gets a byte.
 */
export function checkSdp(sdp: string, signed: Fingerprints): void {
  if (sdpFingerprints(sdp).some((each) => !signed.fingerprints.includes(each))) {
    throw new ProtocolError("wrong_fingerprint", "sdp");
  }
}
