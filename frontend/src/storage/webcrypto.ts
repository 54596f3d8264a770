/**
 * Private keys that never leave the browser: WebCrypto keys made non-extractable, so that not even our own script can read them out. They are stored
 * as they are in IndexedDB. Needs a browser with Ed25519 and X25519.
 */

import type { Bytes } from "../protocol/encoding.ts";
import { b64decode, b64encode, concat } from "../protocol/encoding.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { DhKey, Random, SignKey, Verifier } from "../protocol/ports.ts";

/** A private key as it is stored: the public half as text, the private one as a handle. */
export interface KeyHandle {
  readonly public: string;
  readonly key: CryptoKey;
}

/** PKCS#8 of an Ed25519 seed up to the seed itself (RFC 8410). */
const ED25519_PKCS8 = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);

export const browserRandom: Random = {
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};

export async function newSignHandle(): Promise<KeyHandle> {
  return handle((await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])) as CryptoKeyPair);
}

export async function newDhHandle(): Promise<KeyHandle> {
  return handle((await crypto.subtle.generateKey("X25519", false, ["deriveBits"])) as CryptoKeyPair);
}

async function handle(pair: CryptoKeyPair): Promise<KeyHandle> {
  const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
  return { public: b64encode(new Uint8Array(raw)), key: pair.privateKey };
}

/** The handle of a known seed, whose public key the caller computed. */
export async function signHandleFromSeed(seed: Bytes, publicKey: string): Promise<KeyHandle> {
  const encoded = concat(ED25519_PKCS8, seed);
  const key = await crypto.subtle.importKey("pkcs8", encoded, "Ed25519", false, ["sign"]);
  encoded.fill(0);
  return { public: publicKey, key };
}

export function signKey({ public: publicKey, key }: KeyHandle): SignKey {
  return {
    public: publicKey,
    sign: async (data) => new Uint8Array(await crypto.subtle.sign("Ed25519", key, data)),
  };
}

export function dhKey({ public: publicKey, key }: KeyHandle): DhKey {
  return { public: publicKey, agree: (other) => agree(key, b64decode(other, 32)) };
}

async function agree(key: CryptoKey, other: Bytes): Promise<Bytes> {
  try {
    const theirs = await crypto.subtle.importKey("raw", other, "X25519", true, []);
    const shared = new Uint8Array(
      await crypto.subtle.deriveBits({ name: "X25519", public: theirs }, key, 256),
    );
    if (shared.some((byte) => byte !== 0)) return shared;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // a point of small order
  }
  throw new ProtocolError("weak_key");
}

/** The browser's own Ed25519: for visitors, whose page does not load libsodium. See `verifyBy`. */
export const webVerifier: Verifier = {
  async verify(signature, data, key) {
    try {
      const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
      return await crypto.subtle.verify("Ed25519", imported, signature, data);
    } catch (error) {
      if (error instanceof DOMException) return false;
      throw error;
    }
  },
};
