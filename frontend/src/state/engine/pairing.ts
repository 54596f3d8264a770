/**
 * Pairing with a vault (SPEC 4.8): the exchange, the person's comparison, the certificate, the new device list, and the history for the vault.
 *
 * Promise: the list with the vault is at the site before the vault gets its certificate; a vault that then refuses is taken off the list again. The list and
 * the rows that owe the vault all conversations are stored in one transaction.
 */

import { signal } from "@preact/signals";
import type { DeviceListWire } from "../../protocol/certificates.ts";
import type { Envelope } from "../../protocol/envelope.ts";
import { makeEnvelope, newId, verifyEnvelope } from "../../protocol/envelope.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import type { Message } from "../../protocol/pairing.ts";
import { abort, HolderPairing } from "../../protocol/pairing.ts";
import { listWith, listWithout } from "../../protocol/relisting.ts";
import type { Members } from "../../protocol/schema.ts";
import { codeOf, LocalFault } from "../faults.ts";
import type { PairingView, WaitingVault } from "../views.ts";
import type { Core } from "./core.ts";
import { allPostsFor, histories } from "./letters-due.ts";
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
  /** The list with the vault is at the site. */
  listed: boolean;
  cancel: () => void;
}

export class Pairing {
  readonly view = signal<PairingView>(IDLE);
  readonly waiting = signal<readonly WaitingVault[]>([]);
  private readonly core: Core;
  private readonly wire: Wire;
  /** The own list has changed, and mail is owed. */
  private readonly changed: () => void;
  private exchange: Exchange | null = null;

  constructor(core: Core, wire: Wire, changed: () => void) {
    this.core = core;
    this.wire = wire;
    this.changed = changed;
  }

  async refresh(): Promise<void> {
    this.waiting.value = await this.core.outside.site.waitingVaults();
  }

  async start(slot: string): Promise<void> {
    const { self, outside } = this.core;
    if (self.root === null) throw new LocalFault("no_keys");
    if (this.wire.siteKey === null) throw new LocalFault("offline");
    await this.abort();
    const machine = new HolderPairing(self.account, self.device, outside.random);
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
      this.changed();
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
      const list = await listWith(root, this.core.self.row.list, certificate, this.core.now);
      await this.publish(list, [vault.device]);
      exchange.listed = true;
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

  /** The list at the site, then here, together with what it owes the new devices. */
  private async publish(list: DeviceListWire, added: readonly string[]): Promise<void> {
    await this.core.outside.site.putDeviceList(list);
    await adopt(this.core, list, added);
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

  /** The vault refused after it was listed. */
  private async withdraw(exchange: Exchange): Promise<void> {
    const { self, now } = this.core;
    const vault = exchange.machine.newcomer;
    if (self.root === null || vault === null) return;
    await this.publish(await listWithout(self.root, self.row.list, vault.device, now), []);
    this.changed();
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

/** Makes a verified own list the current one, and owes its new devices all conversations, and its new vaults all own posts. */
export async function adopt(core: Core, list: DeviceListWire, added: readonly string[]): Promise<void> {
  await core.serial(async () => {
    const swarms = added.length === 0 ? [] : await core.db.getAllKeys("swarms");
    const vaults = list.devices.filter(({ role, device }) => role === "vault" && added.includes(device));
    const outbox = [
      ...swarms.flatMap((swarm) => histories(core, swarm, added)),
      ...allPostsFor(
        core,
        vaults.map(({ device }) => device),
      ),
    ];
    await core.become({ list }, { outbox });
  });
}
