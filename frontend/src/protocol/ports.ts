/**
 * What the core needs from outside. Private keys never show their bytes: they sign and agree, asynchronously, wherever they lie.
 *
 * Times are integer milliseconds since 1970 (SPEC 2.4).
 */

import type { Bytes } from "./encoding.ts";
import type { SignedWire } from "./swarm/events.ts";

export interface Clock {
  now(): number;
}

export interface Random {
  /** `count` unpredictable bytes. */
  bytes(count: number): Bytes;
}

/** Verifies Ed25519 signatures, at once or after a while. */
export interface Verifier {
  verify(signature: Bytes, data: Bytes, key: Bytes): boolean | Promise<boolean>;
}

/** The parts of libsodium that all implementations must share (SPEC 2.3, 5). */
export interface Sodium extends Verifier {
  /** `crypto_sign_verify_detached`: false for whatever it refuses. */
  verify(signature: Bytes, data: Bytes, key: Bytes): boolean;
  /** XChaCha20-Poly1305-IETF. */
  encrypt(plaintext: Bytes, aad: Bytes, nonce: Bytes, key: Bytes): Bytes;
  /** Null if it does not open. */
  decrypt(ciphertext: Bytes, aad: Bytes, nonce: Bytes, key: Bytes): Bytes | null;
  /** The public X25519 key of a secret. */
  exchangePublic(secret: Bytes): string;
  /** `crypto_kx` with one's own secret and the other side's public key; null if the agreement is all zero. */
  exchange(side: "client" | "server", secret: Bytes, peer: Bytes): { receive: Bytes; send: Bytes } | null;
  /** `crypto_secretstream_xchacha20poly1305` from a header of 24 bytes, whether to push or to pull. */
  stream(header: Bytes, key: Bytes): SecretStream;
}

/** One direction of a stream; the state is inside. */
export interface SecretStream {
  push(data: Bytes, aad: Bytes, tag: number): Bytes;
  /** Null if it does not open. */
  pull(frame: Bytes, aad: Bytes): { data: Bytes; tag: number } | null;
}

/** A private Ed25519 key; `public` is the id of its account or device. */
export interface SignKey {
  readonly public: string;
  /** The detached signature over `data` as it stands: 64 bytes. */
  sign(data: Bytes): Promise<Bytes>;
}

/** A private X25519 key. */
export interface DhKey {
  readonly public: string;
  /** The 32 shared bytes; `weak_key` if they are all zero. */
  agree(publicKey: string): Promise<Bytes>;
}

/** The private prekeys of this device, found by their public halves. Reading never erases. */
export interface PrekeyHolder {
  signed(publicKey: string): Promise<DhKey | null>;
  oneTime(publicKey: string): Promise<DhKey | null>;
}

/**
 * One accepted event. `frontier` names the past of an event that has this one as its only parent: the latest control events in it, sorted ids.
 */
export interface StoredEvent {
  readonly id: string;
  readonly frontier: readonly string[];
  /** `{event, sig}`. */
  readonly signed: SignedWire;
}

/** An event whose parents are not all here; `missing` are those that are not, sorted. */
export interface ParkedEvent {
  readonly id: string;
  readonly missing: readonly string[];
  readonly signed: SignedWire;
}

/** The accepted and the waiting events of one swarm. */
export interface EventStore {
  get(id: string): StoredEvent | undefined;
  /** Stores; its parents stop being heads and it becomes one. An id already stored changes nothing. */
  put(event: StoredEvent): void;
  /** Sorted ids of the events that no stored event names as parent. */
  heads(): readonly string[];
  count(): number;
  /** Events by (depth, id). */
  ordered(): readonly StoredEvent[];
  /** The events of a device with seq ≥ `fromSeq`, by (seq, id). */
  byDevice(device: string, fromSeq: number): readonly StoredEvent[];
  /** The event of a device with the greatest (seq, id). */
  latest(device: string): StoredEvent | undefined;
  /** Keeps a waiting event; an id already waiting is replaced. */
  park(event: ParkedEvent): void;
  unpark(id: string): void;
  /** All waiting events, by id. */
  parked(): readonly ParkedEvent[];
}

/** The link ended, here, there or between. */
export class LinkClosed extends Error {
  constructor() {
    super("the link has ended");
    this.name = "LinkClosed";
  }
}

/**
 * A way for frames between two devices whose ids it has proved. Frames arrive whole, once, and in the order they were sent, or the link ends; it may
 * end at any time. One caller sends and one receives.
 */
export interface FrameLink {
  /** The device at the other side. */
  readonly peer: string;
  /**
   * Gives the frame on its way, waiting while too much is under way. RangeError for one larger than 65,536 bytes, LinkClosed when the link has ended.
   */
  send(frame: Bytes): Promise<void>;
  /** The next frame. LinkClosed after the last one, or if a larger one came. */
  receive(): Promise<Bytes>;
  /** Ends it for both sides; what was sent before may still arrive. Again does nothing. */
  close(): void;
}
