/**
 * Who is at the other end of a websocket: both sides prove their keys over both nonces and the origin (SPEC 6.3).
 *
 * Sans-io: frames go in and come out as bytes; a broken rule throws and the shell closes. A browser only ever dials, so the listening side is here
 * for tests and for whoever serves sockets from TypeScript.
 */

import { Address, addressForm } from "./addresses.ts";
import { canonical, parse } from "./canonical.ts";
import type { Bytes } from "./encoding.ts";
import { b64encode } from "./encoding.ts";
import { isCode, ProtocolError } from "./errors.ts";
import { sign, verifyBy } from "./keys.ts";
import type { Random, SignKey, Sodium, Verifier } from "./ports.ts";
import type { Check, Members } from "./schema.ts";
import * as schema from "./schema.ts";

export const FRAME_LIMIT = 8_192;
export const ROLES = ["device", "site", "pairing"] as const;
export type Role = (typeof ROLES)[number];

export const CLOSE_BAD_INPUT = 4400;
export const CLOSE_NOT_PROVEN = 4401;
export const CLOSE_REFUSED = 4403;
export const CLOSE_TOO_SLOW = 4408;
export const CLOSE_REPLACED = 4409;
export const CLOSE_TOO_LARGE = 4413;
export const CLOSE_TOO_MANY = 4429;

const frame = schema.closed({ type: schema.label(), data: schema.opened({}) });

const FORMS: Readonly<Record<string, Check>> = {
  hello: schema.closed({
    v: schema.version,
    role: schema.oneOf(...ROLES),
    address: addressForm,
    key: schema.key,
    nonce: schema.binary(32),
    origin: schema.text(1, 300),
  }),
  challenge: schema.closed({
    v: schema.version,
    key: schema.key,
    nonce: schema.binary(32),
    sig: schema.signature,
  }),
  proof: schema.closed({ sig: schema.signature }),
  welcome: schema.opened({
    v: schema.version,
    address: addressForm,
    capabilities: schema.listing(schema.label(), 0, 64),
    limits: schema.mapping(schema.label(), schema.integer(), 0, 64),
    slot: schema.nullable(schema.nonce),
  }),
  error: schema.opened({ code: schema.label(), message: schema.label(1_024) }),
};

/** Who the client says it is. Nothing of it is proved before `ServerHandshake.proven`. */
export interface Hello {
  readonly role: Role;
  readonly address: Address;
  readonly key: string;
  readonly nonce: string;
  readonly origin: string;
}

/** What the server said last: the client's own address there, capabilities, limits, and a pairing client's slot. */
export interface Welcome {
  readonly address: Address;
  readonly capabilities: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
  readonly slot: string | null;
}

export function writeFrame(type: string, data: Members): Bytes {
  return canonical({ type, data });
}

/** The data of a frame of this type. An `error` frame throws what it says, an unknown code as `refused`; any other type is `schema`. */
export function readFrame(bytes: Bytes, expected: string): Members {
  const value = schema.matches<{ type: string; data: Members }>(frame, parse(bytes, FRAME_LIMIT), "frame");
  if (value.type !== expected && value.type !== "error") throw new ProtocolError("schema", "type");
  FORMS[value.type]?.(value.data, value.type);
  if (value.type !== "error") return value.data;
  const code = String(value.data.code);
  throw new ProtocolError(isCode(code) ? code : "refused", String(value.data.message));
}

function transcript(hello: Hello, server: string, serverNonce: string) {
  return {
    client: hello.key,
    client_nonce: hello.nonce,
    origin: hello.origin,
    server,
    server_nonce: serverNonce,
  };
}

async function proved(by: Verifier, what: string, statement: object, key: string): Promise<void> {
  try {
    await verifyBy(by, what, statement, key);
  } catch (error) {
    throw error instanceof ProtocolError ? new ProtocolError("not_proven", "sig") : error;
  }
}

/** The dialling side. Send `start()`, feed what comes to `receive` and send what it gives until `welcome` is there. */
export class ClientHandshake {
  /** The key the server proved. */
  serverKey: string | null = null;
  welcome: Welcome | null = null;
  /** The server named another key than the expected one, or did not prove the one it named. */
  impostor = false;
  private readonly verifier: Verifier;
  private readonly key: SignKey;
  private readonly hello: Hello;
  private readonly expected: string | null;

  /** With `expectedServerKey` any other key is `not_proven`. */
  constructor(
    verifier: Verifier,
    key: SignKey,
    who: { role: Role; address: Address; origin: string },
    random: Random,
    expectedServerKey: string | null = null,
  ) {
    this.verifier = verifier;
    this.key = key;
    this.hello = { ...who, key: key.public, nonce: b64encode(random.bytes(32)) };
    this.expected = expectedServerKey;
  }

  start(): Bytes {
    return writeFrame("hello", { v: schema.VERSION, ...this.hello, address: this.hello.address.wire() });
  }

  /** The frame to send back, if any. */
  async receive(bytes: Bytes): Promise<Bytes | null> {
    if (this.serverKey === null) return this.prove(readFrame(bytes, "challenge"));
    if (this.welcome !== null) throw new ProtocolError("schema", "type");
    const data = readFrame(bytes, "welcome");
    this.welcome = {
      address: Address.fromWire(data.address),
      capabilities: data.capabilities as string[],
      limits: data.limits as Record<string, number>,
      slot: data.slot as string | null,
    };
    return null;
  }

  private async prove(challenge: Members): Promise<Bytes> {
    const server = challenge.key as string;
    const statement = transcript(this.hello, server, challenge.nonce as string);
    this.impostor = true;
    if (this.expected !== null && this.expected !== server) throw new ProtocolError("not_proven", "key");
    await proved(this.verifier, "handshake-server", { ...statement, sig: challenge.sig }, server);
    this.impostor = false;
    const { sig } = await sign("handshake-client", statement, this.key);
    this.serverKey = server;
    return writeFrame("proof", { sig });
  }
}

/** The listening side: `hello` is there after the first `receive`, `proven` after the second; then send `welcome(…)`. */
export class ServerHandshake {
  hello: Hello | null = null;
  proven = false;
  private readonly sodium: Sodium;
  private readonly key: SignKey;
  private readonly origins: readonly string[];
  private readonly nonce: string;

  constructor(sodium: Sodium, siteKey: SignKey, origins: readonly string[], random: Random) {
    this.sodium = sodium;
    this.key = siteKey;
    this.origins = origins;
    this.nonce = b64encode(random.bytes(32));
  }

  /** The frame to send back, if any. */
  async receive(bytes: Bytes): Promise<Bytes | null> {
    if (this.proven) throw new ProtocolError("schema", "type");
    if (this.hello === null) {
      this.hello = this.readHello(readFrame(bytes, "hello"));
      return this.challenge(this.hello);
    }
    const { sig } = readFrame(bytes, "proof");
    const statement = transcript(this.hello, this.key.public, this.nonce);
    await proved(this.sodium, "handshake-client", { ...statement, sig }, this.hello.key);
    this.proven = true;
    return null;
  }

  private readHello(data: Members): Hello {
    const where = Address.fromWire(data.address);
    if ((data.role === "device") !== (where.username !== "")) throw new ProtocolError("schema", "address");
    const origin = data.origin as string;
    if (!this.origins.includes(origin)) throw new ProtocolError("refused", "origin");
    const { role, key, nonce } = data as { role: Role; key: string; nonce: string };
    return { role, address: where, key, nonce, origin };
  }

  private async challenge(hello: Hello): Promise<Bytes> {
    const { sig } = await sign("handshake-server", transcript(hello, this.key.public, this.nonce), this.key);
    return writeFrame("challenge", { v: schema.VERSION, key: this.key.public, nonce: this.nonce, sig });
  }

  /** The last frame; only for a client that proved itself. */
  welcome(welcome: Welcome): Bytes {
    if (!this.proven) throw new ProtocolError("not_proven");
    return writeFrame("welcome", { v: schema.VERSION, ...welcome, address: welcome.address.wire() });
  }
}
