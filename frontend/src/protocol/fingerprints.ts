/** What two people compare to know that nobody stands between them (SPEC 4.7). */

import { sha256 } from "@noble/hashes/sha2.js";
import { tag } from "./canonical.ts";
import { b64decode, concat } from "./encoding.ts";
import { KEY_BYTES } from "./keys.ts";

export const GROUPS = 12;

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
