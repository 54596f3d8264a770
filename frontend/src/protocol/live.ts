/**
 * Live sessions: what two devices say to each other through relays while both are connected (SPEC 5.4).
 *
 * Promise: each frame opens once, in its order, from that device, in that session; whatever was lost, repeated, changed or cut off ends the session by
 * `session_broken`. Keys are of the session alone and forgotten with it. Sans-io: hellos and frames come in and go out; the shell carries them in order.
 */

import { canonical, objectId, tag } from "./canonical.ts";
import type { Certificate } from "./certificates.ts";
import { requireNames } from "./certificates.ts";
import type { Bytes } from "./encoding.ts";
import { b64decode, b64encode, concat } from "./encoding.ts";
import { ProtocolError } from "./errors.ts";
import { KEY_BYTES, sign, verify } from "./keys.ts";
import type { Random, SecretStream, SignKey, Sodium } from "./ports.ts";
import * as schema from "./schema.ts";
import { VERSION } from "./schema.ts";

export const LIVE_SUITE = "LS1";
export const HEADER_BYTES = 24;
const REKEY_EVERY = 1_024;
const NEAR = 300_000;
const MOST_SEEN = 4_096;

/** Tags of crypto_secretstream. */
const MESSAGE = 0;
const REKEY = 2;
const FINAL = 3;

const form = schema.closed({
  v: schema.version,
  suite: schema.suite(LIVE_SUITE),
  account: schema.key,
  device: schema.key,
  peer: schema.key,
  session: schema.nonce,
  ephemeral: schema.key,
  answers: schema.nullable(schema.key),
  time: schema.time,
  sig: schema.signature,
});

/**
 * As on the wire: a device's word that `ephemeral` is its key for one session with the device `peer`; `answers` is the id of the hello that opened the
 * session, null in that one.
 */
export interface Hello {
  readonly v: number;
  readonly suite: string;
  readonly account: string;
  readonly device: string;
  readonly peer: string;
  readonly session: string;
  readonly ephemeral: string;
  readonly answers: string | null;
  readonly time: number;
  readonly sig: string;
}

export function helloId(hello: Hello): string {
  return objectId("session-hello", hello);
}

function makeHello(
  account: string,
  device: SignKey,
  about: Pick<Hello, "peer" | "session" | "ephemeral" | "answers">,
  now: number,
): Promise<Hello> {
  const statement = { v: VERSION, suite: LIVE_SUITE, account, device: device.public, ...about, time: now };
  return sign("session-hello", statement, device);
}

/**
 * A hello of the certificate's device to the device `own`; `wrong_sender` if it is for another one, `clock` and `expired` if it is not of these five
 * minutes.
 */
export function verifyHello(
  sodium: Sodium,
  value: unknown,
  certificate: Certificate,
  own: string,
  now: number,
): Hello {
  const found = schema.matches<Hello>(form, value, "hello");
  requireNames(certificate, found.account, found.device);
  if (found.peer !== own) throw new ProtocolError("wrong_sender", "peer");
  verify(sodium, "session-hello", found, certificate.device);
  if (found.time > now + NEAR) throw new ProtocolError("clock", "hello");
  if (found.time < now - NEAR) throw new ProtocolError("expired", "hello");
  return found;
}

/** The side that opens a session: send `hello`, then `finish` with the answer. */
export class Opening {
  readonly hello: Hello;
  private readonly sodium: Sodium;
  private readonly peer: Certificate;
  private readonly random: Random;
  private readonly secret: Bytes;

  private constructor(sodium: Sodium, hello: Hello, peer: Certificate, random: Random, secret: Bytes) {
    this.sodium = sodium;
    this.hello = hello;
    this.peer = peer;
    this.random = random;
    this.secret = secret;
  }

  static async begin(
    sodium: Sodium,
    account: string,
    device: SignKey,
    peer: Certificate,
    now: number,
    random: Random,
  ): Promise<Opening> {
    const secret = random.bytes(KEY_BYTES);
    const session = b64encode(random.bytes(16));
    const ephemeral = sodium.exchangePublic(secret);
    const about = { peer: peer.device, session, ephemeral, answers: null };
    return new Opening(sodium, await makeHello(account, device, about, now), peer, random, secret);
  }

  /** The session, once the peer answered; `not_proven` if this answers another hello. */
  finish(answer: unknown, now: number): LiveSession {
    const { hello, sodium } = this;
    const found = verifyHello(sodium, answer, this.peer, hello.device, now);
    const opened = helloId(hello);
    if (found.session !== hello.session || found.answers !== opened) {
      throw new ProtocolError("not_proven", "answers");
    }
    const keys = exchange(sodium, "client", this.secret, found.ephemeral);
    const context = { hello: opened, answer: helloId(found) };
    return new LiveSession(sodium, keys, context, hello.device, found.device, this.random);
  }
}

/**
 * The hello to send back to a verified one, and the session. `schema` if that is an answer itself. The caller took it into its `SeenSessions` before.
 */
export async function answerHello(
  sodium: Sodium,
  hello: Hello,
  account: string,
  device: SignKey,
  now: number,
  random: Random,
): Promise<{ answer: Hello; session: LiveSession }> {
  if (hello.answers !== null) throw schema.schemaError("answers");
  const secret = random.bytes(KEY_BYTES);
  const ephemeral = sodium.exchangePublic(secret);
  const keys = exchange(sodium, "server", secret, hello.ephemeral);
  const opened = helloId(hello);
  const about = { peer: hello.device, session: hello.session, ephemeral, answers: opened };
  const answer = await makeHello(account, device, about, now);
  const context = { hello: opened, answer: helloId(answer) };
  return {
    answer,
    session: new LiveSession(sodium, keys, context, device.public, hello.device, random),
  };
}

interface Keys {
  readonly receive: Bytes;
  readonly send: Bytes;
}

function exchange(sodium: Sodium, side: "client" | "server", secret: Bytes, peer: string): Keys {
  const keys = sodium.exchange(side, secret, b64decode(peer, KEY_BYTES));
  secret.fill(0);
  if (keys === null) throw new ProtocolError("weak_key", "ephemeral");
  return keys;
}

/** Two streams, one a direction. `ended`: the peer said its last word. */
export class LiveSession {
  ended = false;
  private readonly sodium: Sodium;
  private readonly keys: Keys;
  private readonly out: Bytes;
  private readonly in: Bytes;
  private readonly random: Random;
  private pushing: SecretStream | null = null;
  private pulling: SecretStream | null = null;
  private pushed = 0;
  private finished = false;
  private broken = false;

  constructor(
    sodium: Sodium,
    keys: Keys,
    context: { readonly hello: string; readonly answer: string },
    own: string,
    peer: string,
    random: Random,
  ) {
    this.sodium = sodium;
    this.keys = keys;
    this.out = associated(context, own);
    this.in = associated(context, peer);
    this.random = random;
  }

  /** The frame for `data`; nothing can be sent after the `last`. `session_broken` once it is. */
  send(data: Bytes, last = false): Bytes {
    if (this.finished || this.broken) throw new ProtocolError("session_broken", "finished");
    const header = this.pushing === null ? this.random.bytes(HEADER_BYTES) : new Uint8Array(0);
    this.pushing ??= this.sodium.stream(header, this.keys.send);
    this.pushed += 1;
    this.finished = last;
    return concat(header, this.pushing.push(data, this.out, this.mark(last)));
  }

  private mark(last: boolean): number {
    if (last) return FINAL;
    return this.pushed % REKEY_EVERY === 0 ? REKEY : MESSAGE;
  }

  /** What the next frame says. After a `session_broken` nothing more is taken. */
  receive(frame: Bytes): Bytes {
    if (this.ended || this.broken) throw this.break("after the end");
    const found = this.pull(frame);
    if (found === null) throw this.break("frame");
    this.ended = found.tag === FINAL;
    return found.data;
  }

  private pull(frame: Bytes): { data: Bytes; tag: number } | null {
    if (this.pulling !== null) return this.pulling.pull(frame, this.in);
    if (frame.length < HEADER_BYTES) return null;
    this.pulling = this.sodium.stream(frame.slice(0, HEADER_BYTES), this.keys.receive);
    return this.pulling.pull(frame.slice(HEADER_BYTES), this.in);
  }

  /** The link is gone: `session_broken` unless the peer had said its last word. */
  close(): void {
    if (!this.ended || this.broken) throw this.break("cut off");
  }

  private break(where: string): ProtocolError {
    this.broken = true;
    return new ProtocolError("session_broken", where);
  }
}

/** What binds every frame to the two hellos and to its direction. */
function associated(context: { hello: string; answer: string }, sender: string): Bytes {
  return concat(tag("session"), canonical({ ...context, sender }));
}

/** Sessions that were opened in the last minutes, so that a repeated hello opens none. */
export class SeenSessions {
  private seen = new Map<string, number>();

  /** `replay` if it came before, `too_many` if more came than are remembered. */
  take(hello: Hello, now: number): void {
    this.seen = new Map([...this.seen].filter(([, until]) => until >= now));
    const name = `${hello.device} ${hello.session}`;
    if (this.seen.has(name)) throw new ProtocolError("replay", "session");
    if (this.seen.size >= MOST_SEEN) throw new ProtocolError("too_many", "sessions");
    this.seen.set(name, hello.time + NEAR);
  }
}
