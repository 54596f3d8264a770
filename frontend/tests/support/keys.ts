/** Private keys from given bytes, for vectors and for the other side in tests. */

import type { Bytes } from "../../src/protocol/encoding.ts";
import { b64encode } from "../../src/protocol/encoding.ts";
import type { DhKey, Random, SignKey } from "../../src/protocol/ports.ts";
import { loadSodium } from "../../src/state/engine/sodium.ts";

export const sodium = await loadSodium();
const { default: library } = await import("libsodium-wrappers-sumo");

export function hex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function toHex(data: Uint8Array): string {
  return [...data].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function signKey(seed: Bytes): SignKey {
  const { publicKey, privateKey } = library.crypto_sign_seed_keypair(seed);
  return {
    public: b64encode(publicKey),
    sign: async (data) => new Uint8Array(library.crypto_sign_detached(data, privateKey)),
  };
}

export function dhKey(secret: Bytes): DhKey {
  return sodium.dhKey(secret);
}

/** The bytes given, then none. */
export function givenRandom(text: string): Random {
  let left = hex(text);
  return {
    bytes(count) {
      if (count > left.length) throw new RangeError("no more randomness was given");
      const taken = left.slice(0, count);
      left = left.slice(count);
      return taken;
    },
  };
}

export const systemRandom: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) };

export function newSignKey(): SignKey {
  return signKey(systemRandom.bytes(32));
}

export function newDhKey(): DhKey {
  return dhKey(systemRandom.bytes(32));
}
