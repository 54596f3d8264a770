/**
 * This browser waits to be linked by one that holds the account key (SPEC 4.8): a slot at the site, the exchange, the code, the certificate.
 *
 * Promise: keys and certificate are on disk before `done` is said. Only the own account may begin, nothing is taken before the person found the codes
 * equal or the other side scanned the ticket, and whoever gives up leaves nothing behind.
 */

import { signal } from "@preact/signals";
import type { Address } from "../../protocol/addresses.ts";
import type { Bytes } from "../../protocol/encoding.ts";
import type { Envelope } from "../../protocol/envelope.ts";
import { makeEnvelope, newId, readEnvelope, verifyEnvelope } from "../../protocol/envelope.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import { ClientHandshake } from "../../protocol/handshake.ts";
import type { Enrolment, Message } from "../../protocol/pairing.ts";
import { abort, NewcomerPairing } from "../../protocol/pairing.ts";
import { ticketText } from "../../protocol/ticket.ts";
import type { KeyHandle } from "../../storage/webcrypto.ts";
import { newDhHandle, newSignHandle, signKey } from "../../storage/webcrypto.ts";
import type { RelayState } from "../../transport/relay.ts";
import { Relay } from "../../transport/relay.ts";
import { codeOf } from "../faults.ts";
import type { LinkView } from "../views.ts";
import type { Outside } from "./outside.ts";
import type { SodiumLibrary } from "./sodium.ts";

const SECONDS = 300;
const MOST_TRIES = 5;
export const NOT_LINKING: LinkView = { step: "idle", code: null, ticket: null, fault: null };

/** What the exchange ends with. */
export interface Linked {
  readonly device: KeyHandle;
  readonly dh: KeyHandle;
  readonly enrolment: Enrolment;
}

interface Waiting {
  readonly device: KeyHandle;
  readonly dh: KeyHandle;
  readonly sodium: SodiumLibrary;
  readonly relay: Relay;
  machine: NewcomerPairing;
  slot: string | null;
  siteKey: string;
  partner: string | null;
  tries: number;
  agreed: boolean;
  /** Being stored, or stored: nobody can give up any more. */
  finishing: boolean;
}

export class Newcomer {
  readonly view = signal<LinkView>(NOT_LINKING);
  private readonly outside: Outside;
  private readonly address: Address;
  private readonly account: string;
  private readonly save: (linked: Linked) => Promise<void>;
  private waiting: Waiting | null = null;

  constructor(outside: Outside, address: Address, account: string, save: (linked: Linked) => Promise<void>) {
    this.outside = outside;
    this.address = address;
    this.account = account;
    this.save = save;
  }

  /** Waits at the site under a name that the other browser shows. */
  async start(name: string): Promise<void> {
    this.stop();
    this.view.value = { ...NOT_LINKING, step: "connecting" };
    const [device, dh, sodium] = await Promise.all([newSignHandle(), newDhHandle(), this.outside.sodium()]);
    const { random, origin } = this.outside;
    const who = { role: "pairing" as const, address: this.address.site, origin };
    const self = { device: device.public, dh: dh.public, name, role: "member" as const };
    const relay = new Relay({
      url: this.outside.socket,
      dial: this.outside.dial,
      after: this.outside.after,
      handshake: () => new ClientHandshake(sodium, signKey(device), who, random),
      changed: (state) => this.moved(state, self),
      received: (raw) => void this.received(raw),
    });
    const machine = new NewcomerPairing(sodium, self, random);
    const rest = { slot: null, siteKey: "", partner: null, tries: 0, agreed: false, finishing: false };
    this.waiting = { device, dh, sodium, relay, machine, ...rest };
    relay.start();
  }

  private moved(state: RelayState, self: ConstructorParameters<typeof NewcomerPairing>[1]): void {
    const { waiting } = this;
    if (waiting === null) return;
    if (state.phase === "open") {
      waiting.machine = new NewcomerPairing(waiting.sodium, self, this.outside.random);
      waiting.slot = state.welcome.slot;
      waiting.siteKey = state.siteKey;
      const ticket = waiting.slot && ticketText(waiting.machine.ticket(waiting.slot));
      this.view.value = { ...NOT_LINKING, step: "waiting", ticket };
    } else if (waiting.partner !== null) this.fail("pairing_lost");
    else if (state.phase === "rest") this.fail(state.fault ?? "offline");
  }

  private async received(raw: Bytes): Promise<void> {
    const { waiting } = this;
    if (waiting === null) return;
    try {
      const envelope = readEnvelope(raw);
      if (envelope.type !== "pair" || envelope.data.slot !== waiting.slot) return;
      verifyEnvelope(waiting.sodium, envelope);
      if (!envelope.from.equals(this.address)) return;
      await this.step(waiting, envelope);
    } catch (error) {
      if (this.waiting === waiting) await this.refuse(waiting, codeOf(error));
    }
  }

  private async step(waiting: Waiting, envelope: Envelope): Promise<void> {
    const { step, payload } = envelope.data as { step: string; payload: { device?: unknown } };
    if (step === "open") this.begin(waiting, envelope.fromDevice, payload.device);
    else if (envelope.fromDevice !== waiting.partner) return;
    const answer = waiting.machine.receive(step, payload);
    if (answer !== null) await this.say(waiting, answer);
    const { code, enrolment } = waiting.machine;
    if (enrolment !== null) await this.finish(waiting);
    else if (code !== null) this.view.value = { ...NOT_LINKING, step: "compare", code };
  }

  private begin(waiting: Waiting, partner: string, named: unknown): void {
    if (named !== partner) throw new ProtocolError("wrong_sender", "open");
    if (waiting.partner !== null) throw new ProtocolError("pairing_busy");
    waiting.tries += 1;
    if (waiting.tries > MOST_TRIES) throw new ProtocolError("too_many", "pairing");
    waiting.partner = partner;
  }

  /** The person found the codes equal. */
  async confirm(): Promise<void> {
    const { waiting } = this;
    if (waiting === null || this.view.value.step !== "compare") return;
    waiting.agreed = true;
    this.view.value = { ...this.view.value, step: "agreed" };
    if (waiting.machine.enrolment !== null) await this.finish(waiting);
  }

  private async finish(waiting: Waiting): Promise<void> {
    const { enrolment } = waiting.machine;
    if (enrolment === null || !(waiting.agreed || enrolment.proven)) return;
    const { certificate, address, siteKey } = enrolment;
    if (certificate.account !== this.account) throw new ProtocolError("certificate_account", "account");
    if (!address.equals(this.address)) throw new ProtocolError("address", "address");
    if (siteKey !== waiting.siteKey) throw new ProtocolError("not_proven", "site_key");
    waiting.finishing = true;
    this.view.value = { ...this.view.value, step: "agreed" };
    await this.save({ device: waiting.device, dh: waiting.dh, enrolment });
    await this.say(waiting, waiting.machine.finish());
    this.view.value = { ...NOT_LINKING, step: "done" };
    this.waiting = null;
    this.outside.after(1_000, () => waiting.relay.stop());
  }

  /** The codes differ, or the person gave up. */
  async abort(): Promise<void> {
    const { waiting } = this;
    if (waiting?.finishing) return;
    if (waiting?.partner) await this.say(waiting, abort("refused"));
    this.stop();
    this.view.value = NOT_LINKING;
  }

  private async refuse(waiting: Waiting, code: string): Promise<void> {
    if (waiting.partner !== null) await this.say(waiting, abort(code));
    this.fail(code);
  }

  private fail(code: string): void {
    this.stop();
    this.view.value = { ...NOT_LINKING, step: "failed", fault: code };
  }

  stop(): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.relay.stop();
  }

  private async say(waiting: Waiting, [step, payload]: Message): Promise<void> {
    const { random, clock } = this.outside;
    const envelope = await makeEnvelope(
      {
        from: this.address.site,
        to: this.address,
        type: "pair",
        fields: { slot: waiting.slot, step, payload },
        fromDevice: waiting.device.public,
        toDevice: waiting.partner,
        now: clock.now(),
        ttl: SECONDS,
        id: newId(random),
      },
      signKey(waiting.device),
    );
    waiting.relay.send(envelope.raw);
  }
}
