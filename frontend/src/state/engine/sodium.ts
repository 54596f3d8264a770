/** libsodium as the core's port, loaded when first needed: it is the largest thing the app has, and nothing public needs it. */

import type { Bytes } from "../../protocol/encoding.ts";
import { b64decode, b64encode } from "../../protocol/encoding.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import type { DhKey, Sodium } from "../../protocol/ports.ts";

export interface SodiumLibrary extends Sodium {
  /** The public key of an Ed25519 seed. */
  signPublic(seed: Bytes): string;
  /** An X25519 key that lives in memory only: for one sealing. */
  dhKey(secret: Bytes): DhKey;
}

let loading: Promise<SodiumLibrary> | null = null;

/** The library, the same for all callers. */
export function loadSodium(): Promise<SodiumLibrary> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<SodiumLibrary> {
  const { default: sodium } = await import("libsodium-wrappers-sumo");
  await sodium.ready;
  return {
    verify(signature, data, key) {
      try {
        return sodium.crypto_sign_verify_detached(signature, data, key);
      } catch {
        return false;
      }
    },
    encrypt: (plaintext, aad, nonce, key) =>
      own(sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, aad, null, nonce, key)),
    decrypt(ciphertext, aad, nonce, key) {
      try {
        return own(sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, ciphertext, aad, nonce, key));
      } catch {
        return null;
      }
    },
    exchangePublic: (secret) => b64encode(sodium.crypto_scalarmult_base(secret)),
    exchange(side, secret, peer) {
      const derive =
        side === "client" ? sodium.crypto_kx_client_session_keys : sodium.crypto_kx_server_session_keys;
      try {
        const { sharedRx, sharedTx } = derive(sodium.crypto_scalarmult_base(secret), secret, peer);
        return { receive: own(sharedRx), send: own(sharedTx) };
      } catch {
        return null;
      }
    },
    stream(header, key) {
      const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key);
      return {
        push: (data, aad, tag) =>
          own(sodium.crypto_secretstream_xchacha20poly1305_push(state, data, aad, tag)),
        pull(frame, aad) {
          if (frame.length < sodium.crypto_secretstream_xchacha20poly1305_ABYTES) return null;
          const found = sodium.crypto_secretstream_xchacha20poly1305_pull(state, frame, aad);
          return found ? { data: own(found.message), tag: found.tag } : null;
        },
      };
    },
    signPublic: (seed) => b64encode(sodium.crypto_sign_seed_keypair(seed).publicKey),
    dhKey: (secret) => ({
      public: b64encode(sodium.crypto_scalarmult_base(secret)),
      agree: async (publicKey) => agree(sodium.crypto_scalarmult, secret, b64decode(publicKey, 32)),
    }),
  };
}

function agree(multiply: (secret: Bytes, point: Bytes) => Uint8Array, secret: Bytes, point: Bytes): Bytes {
  try {
    const shared = own(multiply(secret, point));
    if (shared.some((byte) => byte !== 0)) return shared;
  } catch {
    // libsodium refuses points of small order itself
  }
  throw new ProtocolError("weak_key");
}

/** A copy whose memory is its own. */
function own(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}
