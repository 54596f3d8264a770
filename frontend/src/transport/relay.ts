/**
 * The connection to the own site's relay (SPEC 6.3): dials, proves the device key, hands envelopes over both ways.
 *
 * After a loss it tries five times, ten seconds apart, then rests until `start` is called again. It rests at once where trying cannot help: when the
 * site refuses, proves another key than expected, or another window has taken the place of this one. Nothing is queued here: `send` either
 * hands over now or says no.
 */

import type { Bytes } from "../protocol/encoding.ts";
import { fromUtf8, utf8 } from "../protocol/encoding.ts";
import type { Code } from "../protocol/errors.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { ClientHandshake, Welcome } from "../protocol/handshake.ts";
import { CLOSE_NOT_PROVEN, CLOSE_REFUSED, CLOSE_REPLACED, CLOSE_TOO_MANY } from "../protocol/handshake.ts";
import type { After, Dial, Socket } from "./socket.ts";
import { ATTEMPTS, INTERVAL } from "./tries.ts";

const HANDSHAKE_TIME = 10_000;

export type RelayFault = Code | "offline" | "replaced" | "site_key";

export type RelayState =
  /** Will not try by itself. */
  | { readonly phase: "rest"; readonly fault: RelayFault | null }
  /** `attempt` is 0 for the first dial after `start`, then 1 to `ATTEMPTS`. */
  | { readonly phase: "connecting"; readonly attempt: number; readonly fault: RelayFault | null }
  | {
      readonly phase: "waiting";
      readonly attempt: number;
      readonly wait: number;
      readonly fault: RelayFault;
    }
  | { readonly phase: "open"; readonly welcome: Welcome; readonly siteKey: string };

export interface RelayOptions {
  readonly url: string;
  readonly dial: Dial;
  readonly after: After;
  /** A new handshake for each dial. */
  readonly handshake: () => ClientHandshake;
  readonly changed: (state: RelayState) => void;
  readonly received: (raw: Bytes) => void;
}

const FINAL: ReadonlySet<string> = new Set<RelayFault>([
  "refused",
  "not_proven",
  "site_key",
  "replaced",
  "unsupported_version",
  "schema",
]);
const CLOSES: Readonly<Record<number, RelayFault>> = {
  [CLOSE_NOT_PROVEN]: "not_proven",
  [CLOSE_REFUSED]: "refused",
  [CLOSE_REPLACED]: "replaced",
  [CLOSE_TOO_MANY]: "too_many",
};

export class Relay {
  private readonly options: RelayOptions;
  private socket: Socket | null = null;
  private open = false;
  private attempt = 0;
  private cancel: () => void = () => {};

  constructor(options: RelayOptions) {
    this.options = options;
  }

  /** Dials now, with `ATTEMPTS` fresh tries to follow. Nothing happens while it is connected. */
  start(): void {
    if (this.open) return;
    this.drop();
    this.attempt = 0;
    this.dial(null);
  }

  /** Connected, or on the way to it. */
  get busy(): boolean {
    return this.socket !== null;
  }

  /** Closes and rests. */
  stop(fault: RelayFault | null = null): void {
    this.drop();
    this.options.changed({ phase: "rest", fault });
  }

  /** Closes a connection that does not answer, and tries anew. */
  fail(): void {
    if (this.open) this.lost("offline");
  }

  /** False when there is no connection, or it is closing. */
  send(raw: Bytes): boolean {
    return this.open && this.socket?.send(fromUtf8(raw)) === true;
  }

  private drop(): void {
    this.cancel();
    this.cancel = () => {};
    const { socket } = this;
    this.socket = null;
    this.open = false;
    if (socket === null) return;
    socket.received = () => {};
    socket.closed = () => {};
    socket.close();
  }

  private dial(fault: RelayFault | null): void {
    this.options.changed({ phase: "connecting", attempt: this.attempt, fault });
    const handshake = this.options.handshake();
    const socket = this.options.dial(this.options.url);
    this.socket = socket;
    this.cancel = this.options.after(HANDSHAKE_TIME, () => this.lost("offline"));
    let turn = Promise.resolve();
    socket.opened = () => socket.send(fromUtf8(handshake.start()));
    socket.received = (text) => {
      turn = turn.then(() => this.shake(socket, handshake, text));
    };
    socket.closed = (code) => {
      turn = turn.then(() => {
        if (this.socket === socket) this.lost(CLOSES[code] ?? "offline");
      });
    };
  }

  private async shake(socket: Socket, handshake: ClientHandshake, text: string): Promise<void> {
    if (this.socket !== socket) return;
    if (this.open) {
      this.options.received(utf8(text));
      return;
    }
    try {
      const answer = await handshake.receive(utf8(text));
      if (this.socket !== socket) return;
      if (answer !== null) socket.send(fromUtf8(answer));
      if (handshake.welcome !== null) this.opened(socket, handshake, handshake.welcome);
    } catch (error) {
      const code = error instanceof ProtocolError ? error.code : "internal";
      this.lost(handshake.impostor ? "site_key" : code);
    }
  }

  private opened(socket: Socket, handshake: ClientHandshake, welcome: Welcome): void {
    this.cancel();
    this.cancel = this.options.after(INTERVAL, () => {
      this.attempt = 0;
    });
    this.open = true;
    socket.received = (text) => this.options.received(utf8(text));
    socket.closed = (code) => this.lost(CLOSES[code] ?? "offline");
    this.options.changed({ phase: "open", welcome, siteKey: handshake.serverKey ?? "" });
  }

  private lost(fault: RelayFault): void {
    this.drop();
    this.attempt += 1;
    if (FINAL.has(fault) || this.attempt > ATTEMPTS) {
      this.options.changed({ phase: "rest", fault });
      return;
    }
    this.options.changed({ phase: "waiting", attempt: this.attempt, wait: INTERVAL, fault });
    this.cancel = this.options.after(INTERVAL, () => this.dial(fault));
  }
}
