/**
 * Linking a vault or another browser (SPEC 4.8), by the one that holds the account key: the exchange, the person's comparison, the certificate.
 *
 * Promise: the list with the newcomer is at the site before the newcomer gets its certificate; one that then refuses is taken off the list again.
 */

import { signal } from "@preact/signals";
import type { Envelope } from "../../protocol/envelope.ts";
import { makeEnvelope, newId, verifyEnvelope } from "../../protocol/envelope.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import type { Message } from "../../protocol/pairing.ts";
import { abort, HolderPairing } from "../../protocol/pairing.ts";
import type { Members } from "../../protocol/schema.ts";
import type { Ticket } from "../../protocol/ticket.ts";
import { parseTicket } from "../../protocol/ticket.ts";
import { codeOf, LocalFault } from "../faults.ts";
import type { PairingView, WaitingVault } from "../views.ts";
import type { Core } from "./core.ts";
import type { OwnKeys } from "./own-keys.ts";
import { requireRoom } from "./own-keys.ts";
import { certifyNewcomer } from "./self.ts";
import type { Wire } from "./wire.ts";

const SECONDS = 300;
const STEP_TIME = 20_000;
/** The vault's owner may have to confirm there too. */
const COMPARE_TIME = 300_000;

export const IDLE: PairingView = { step: "idle", slot: null, name: null, code: null, fault: null };

interface Exchange {
  readonly slot: string;
  readonly machine: HolderPairing;
  /** The list with the newcomer is at the site. */
  listed: boolean;
  cancel: () => void;
}

export class Pairing {
  readonly view = signal<PairingView>(IDLE);
  readonly waiting = signal<readonly WaitingVault[]>([]);
  private readonly core: Core;
  private readonly wire: Wire;
  private readonly own: OwnKeys;
  private exchange: Exchange | null = null;

  constructor(core: Core, wire: Wire, own: OwnKeys) {
    this.core = core;
    this.wire = wire;
    this.own = own;
  }

  async refresh(): Promise<void> {
    this.waiting.value = await this.core.outside.site.waitingVaults();
  }

  /** With the newcomer whose ticket was scanned. Its person is asked nothing more; ours is: anybody may send one a ticket. */
  async scan(text: string): Promise<void> {
    const ticket = readTicket(text);
    await this.start(ticket.slot, ticket);
  }

  async start(slot: string, ticket: Ticket | null = null): Promise<void> {
    const { self, outside } = this.core;
    if (self.root === null) throw new LocalFault("no_keys");
    if (this.wire.siteKey === null) throw new LocalFault("offline");
    requireRoom(self.row.list);
    await this.abort();
    const machine = new HolderPairing(self.account, self.device, outside.random, ticket);
    this.exchange = { slot, machine, listed: false, cancel: () => {} };
    this.view.value = { ...IDLE, step: "opening", slot };
    this.expectWithin(this.exchange, STEP_TIME);
    await this.say(slot, machine.start());
  }

  /** A `pair` envelope came. */
  async receive(envelope: Envelope): Promise<void> {
    const { exchange } = this;
    const { slot, step, payload } = envelope.data as { slot: string; step: string; payload: unknown };
    if (exchange === null || slot !== exchange.slot || exchange.machine.done) return;
    verifyEnvelope(this.core.sodium, envelope);
    const known = exchange.machine.newcomer;
    if (known !== null && known.device !== envelope.fromDevice) return;
    try {
      const answer = exchange.machine.receive(step, payload);
      const revealed = exchange.machine.newcomer;
      if (revealed !== null && revealed.device !== envelope.fromDevice)
        throw new ProtocolError("wrong_sender");
      if (answer !== null) await this.say(slot, answer);
      await this.advanced(exchange);
    } catch (error) {
      await this.fail(exchange, codeOf(error), step !== "abort");
    }
  }

  private async advanced(exchange: Exchange): Promise<void> {
    const { code, newcomer, done } = exchange.machine;
    if (done) {
      exchange.cancel();
      this.exchange = null;
      this.view.value = { ...this.view.value, step: "done" };
      await this.refresh().catch(() => undefined);
    } else if (code !== null && this.view.value.step === "opening") {
      this.expectWithin(exchange, COMPARE_TIME);
      this.view.value = { ...this.view.value, step: "compare", code, name: newcomer?.name ?? "" };
    }
  }

  /** The person found the codes equal. */
  async confirm(): Promise<void> {
    const { exchange } = this;
    const vault = exchange?.machine.newcomer;
    const { root } = this.core.self;
    if (!exchange || !vault || root === null || this.view.value.step !== "compare") return;
    this.view.value = { ...this.view.value, step: "finishing" };
    try {
      const certificate = await certifyNewcomer(root, vault, this.core.now);
      const list = await this.own.add(certificate);
      exchange.listed = true;
      await this.core.outside.site.nameDevice(vault.device, vault.name.trim()).catch(() => undefined); // a name may be given later
      this.expectWithin(exchange, COMPARE_TIME);
      const { address } = this.core.self;
      await this.say(
        exchange.slot,
        exchange.machine.enrol(certificate, list, address, this.wire.siteKey ?? ""),
      );
    } catch (error) {
      await this.fail(exchange, codeOf(error), true);
      throw error;
    }
  }

  async abort(): Promise<void> {
    const { exchange } = this;
    if (exchange !== null) {
      exchange.cancel();
      this.exchange = null;
      await this.say(exchange.slot, abort("refused"));
      if (exchange.listed) await this.withdraw(exchange);
    }
    this.view.value = IDLE;
  }

  private async fail(exchange: Exchange, code: string, tell: boolean): Promise<void> {
    if (this.exchange !== exchange) return;
    exchange.cancel();
    this.exchange = null;
    this.view.value = { ...this.view.value, step: "failed", fault: code };
    if (tell) await this.say(exchange.slot, abort(code));
    else if (exchange.listed) await this.withdraw(exchange);
  }

  /** The newcomer refused after it was listed. */
  private async withdraw({ machine }: Exchange): Promise<void> {
    if (machine.newcomer !== null) await this.own.withdraw(machine.newcomer.device);
  }

  private expectWithin(exchange: Exchange, milliseconds: number): void {
    exchange.cancel();
    exchange.cancel = this.core.outside.after(milliseconds, () => {
      void this.fail(exchange, "unreachable", true);
    });
  }

  private async say(slot: string, [step, payload]: Message): Promise<void> {
    const { self, now, outside } = this.core;
    const fields: Members = { slot, step, payload };
    const envelope = await makeEnvelope(
      {
        from: self.address,
        to: self.address.site,
        type: "pair",
        fields,
        fromDevice: self.device,
        toDevice: null,
        now,
        ttl: SECONDS,
        id: newId(outside.random),
      },
      self.sign,
    );
    this.wire.tell(envelope.raw);
  }
}

function readTicket(text: string): Ticket {
  try {
    return parseTicket(text);
  } catch {
    throw new LocalFault("bad_ticket");
  }
}
