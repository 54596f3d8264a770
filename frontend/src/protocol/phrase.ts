/**
 * The recovery phrase: 32 bytes as 24 BIP-39 English words (SPEC 4.6). No stretching, no passphrase.
 *
 * The words come as an argument, `wordlist.WORDLIST`: their file is needed once in a lifetime and loaded only then.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import type { Bytes } from "./encoding.ts";
import { concat } from "./encoding.ts";
import { ProtocolError } from "./errors.ts";
import { bigEndian } from "./fingerprints.ts";

export const WORDS = 24;
export const SEED_BYTES = 32;

/** The 24 words of a 32-byte seed. */
export function phraseFromSeed(seed: Bytes, wordlist: readonly string[]): readonly string[] {
  if (seed.length !== SEED_BYTES) throw new RangeError("a seed has 32 bytes");
  const bits = bigEndian(concat(seed, sha256(seed).subarray(0, 1)));
  return Array.from(
    { length: WORDS },
    (_, at) => wordlist[Number((bits >> BigInt(11 * (WORDS - 1 - at))) & 2047n)] ?? "",
  );
}

/** The seed of 24 words, forgiving upper case, other forms of letters, and what stands between them; `recovery_phrase` if they are not one. */
export function seedFromPhrase(text: string, wordlist: readonly string[]): Bytes {
  const words =
    text
      .normalize("NFKD")
      .toLowerCase()
      .match(/[a-z]+/g) ?? [];
  const numbers = words.map((word) => wordlist.indexOf(word));
  if (numbers.length !== WORDS || numbers.includes(-1)) throw new ProtocolError("recovery_phrase");
  const bits = numbers.reduce((sum, number) => (sum << 11n) | BigInt(number), 0n);
  const seed = Uint8Array.from({ length: SEED_BYTES }, (_, at) =>
    Number((bits >> BigInt(8 * (SEED_BYTES - at))) & 255n),
  );
  if (sha256(seed)[0] !== Number(bits & 255n)) throw new ProtocolError("recovery_phrase");
  return seed;
}

/**
 * The seed of a typed phrase that is the account key's. `publicOf` gives the Ed25519 key of a seed. `recovery_phrase`; `certificate_account` if it is not
 * that of the account expected.
 */
export function accountSeed(
  text: string,
  wordlist: readonly string[],
  account: string | null,
  publicOf: (seed: Bytes) => string,
): Bytes {
  const seed = seedFromPhrase(text, wordlist);
  if (account !== null && publicOf(seed) !== account)
    throw new ProtocolError("certificate_account", "phrase");
  return seed;
}
