/**
 * Rows of the outbox become one sealed envelope, for those devices that can be sealed to.
 *
 * Promise: a row and its envelope change in one transaction. An own device that published no prekey yet is owed the whole swarm instead, as it is once it has one.
 */

import type { Recipient } from "../../protocol/seal.ts";
import { batches } from "../../protocol/sync/lacking.ts";
import type { OutboxRow } from "../../storage/records.ts";
import type { Core } from "./core.ts";
import type { Histories } from "./histories.ts";
import { histories as historyRows, owe } from "./letters-due.ts";
import { letterOf, sealLetter } from "./sealing.ts";

const UNREADY_PAUSE = 3_000;
const UNREADY_LONGEST = 300_000;

export type Packed =
  /** `more`: not all rows fitted into the letter, the others are still there. */
  | {
      readonly kind: "sealed";
      readonly row: OutboxRow;
      readonly id: string;
      readonly raw: Uint8Array<ArrayBuffer>;
      readonly more: boolean;
    }
  /** There are other rows for this address now. */
  | { readonly kind: "split"; readonly to: string }
  /** No device of the person can be sealed to yet. */
  | { readonly kind: "unready" }
  /** There was nothing left to say. */
  | { readonly kind: "settled" };

/** Who of the wanted devices can be sealed to, and who not yet. */
interface Targets {
  readonly chosen: readonly Recipient[];
  readonly unready: readonly string[];
}

export class Packing {
  private readonly core: Core;
  private readonly histories: Histories;
  private readonly name: () => string;

  constructor(core: Core, histories: Histories, name: () => string) {
    this.core = core;
    this.histories = histories;
    this.name = name;
  }

  /** Rows of one letter; `listed` are all devices of the account. */
  pack(
    bundle: readonly OutboxRow[],
    recipients: readonly Recipient[],
    listed: ReadonlySet<string>,
  ): Promise<Packed> {
    return this.core.serial(async () => {
      const [first] = bundle;
      if (first === undefined) return { kind: "settled" };
      const targets = this.targets(first, recipients, listed);
      if (first.kind === "history") return this.expand(first, targets);
      return targets.chosen.length === 0
        ? this.putOff(bundle, first, targets)
        : this.seal(bundle, first, targets);
    });
  }

  private targets(row: OutboxRow, recipients: readonly Recipient[], listed: ReadonlySet<string>): Targets {
    const wanted = (device: string) =>
      device !== this.core.self.device && (row.devices?.includes(device) ?? true);
    const chosen = recipients.filter(({ device }) => wanted(device));
    const ready = new Set(recipients.map(({ device }) => device));
    return { chosen, unready: [...listed].filter((device) => wanted(device) && !ready.has(device)) };
  }

  private isOwn(row: OutboxRow): boolean {
    return row.to === String(this.core.self.address);
  }

  private async seal(
    bundle: readonly OutboxRow[],
    first: OutboxRow,
    { chosen, unready }: Targets,
  ): Promise<Packed> {
    const together = await this.fitting(bundle);
    const row = { ...first, events: [...new Set(together.flatMap(({ events }) => events))] };
    const letter = await letterOf(this.core, this.histories, row, this.name());
    if (letter === null) {
      await this.core.commit({ settle: together.map((each) => each.row) });
      return { kind: "settled" };
    }
    const { id, raw, time, ttl } = await sealLetter(this.core, row, letter, chosen);
    const sealed = { ...row, envelope: { id, raw, until: time + ttl * 1000 } };
    await this.core.commit({
      outbox: [sealed, ...this.later(row, unready)],
      settle: together.slice(1).map((each) => each.row),
    });
    return { kind: "sealed", row: sealed, id, raw, more: together.length < bundle.length };
  }

  /** As many of the first rows as one letter holds. */
  private async fitting(bundle: readonly OutboxRow[]): Promise<readonly OutboxRow[]> {
    const [first] = bundle;
    if (first === undefined || bundle.length === 1) return bundle;
    const { store } = (await this.histories.open(first.swarm)).replica;
    const events = bundle.flatMap((row) => row.events.flatMap((id) => store.get(id) ?? []));
    const held = new Set(batches(events)[0]?.map(({ id }) => id));
    const end = bundle.findIndex((row) => row.events.some((id) => store.get(id) && !held.has(id)));
    return end === -1 ? bundle : bundle.slice(0, Math.max(end, 1));
  }

  private later(row: OutboxRow, unready: readonly string[]): readonly OutboxRow[] {
    if (row.kind === "post") return this.again(row, unready);
    if (!this.isOwn(row) || row.kind !== "events") return [];
    const due = this.core.now + UNREADY_PAUSE;
    return historyRows(this.core, row.swarm, unready).map((each) => ({ ...each, due }));
  }

  /** The same letter, when these can be sealed to. */
  private again(row: OutboxRow, unready: readonly string[]): readonly OutboxRow[] {
    if (unready.length === 0) return [];
    const { core } = this;
    const attempts = row.attempts + 1;
    const due = core.now + Math.min(UNREADY_PAUSE * attempts, UNREADY_LONGEST);
    return [{ ...row, row: core.newRow(), envelope: null, devices: unready, attempts, due }];
  }

  /** Nobody can be sealed to: own devices get the swarm later, others are waited for, devices that are gone need nothing. */
  private async putOff(
    bundle: readonly OutboxRow[],
    first: OutboxRow,
    { unready }: Targets,
  ): Promise<Packed> {
    if (unready.length > 0 && !this.isOwn(first)) return { kind: "unready" };
    const settle = bundle.map(({ row }) => row);
    await this.core.commit({ outbox: this.later(first, unready), settle });
    return { kind: "settled" };
  }

  /** All events of a swarm, in letters, for the devices that can be sealed to now; one row a device and swarm waits for the others. */
  private async expand(row: OutboxRow, { chosen, unready }: Targets): Promise<Packed> {
    const { core } = this;
    const { swarm, to } = row;
    const { store } = (await this.histories.open(swarm)).replica;
    const devices = chosen.map(({ device }) => device);
    const groups = devices.length === 0 ? [] : batches(store.ordered());
    const outbox = groups.map((group) =>
      owe(core, { kind: "events", swarm, to, devices, events: group.map(({ id }) => id) }),
    );
    const known = await core.db.get("swarms", swarm);
    if (groups.length > 0 && known?.address != null) {
      outbox.push(owe(core, { kind: "whereabouts", swarm, to, devices }));
    }
    const mark = known?.displayed?.event;
    if (groups.length > 0 && mark != null) {
      outbox.push(owe(core, { kind: "displayed", swarm, to, devices, events: [mark] }));
    }
    const waits = await this.waitingElsewhere(row);
    const left = unready.filter((device) => !waits.has(device));
    const attempts = row.attempts + 1;
    const due = core.now + Math.min(UNREADY_PAUSE * attempts, UNREADY_LONGEST);
    if (left.length > 0) outbox.push({ ...row, devices: left, attempts, due });
    await core.commit({ outbox, settle: left.length > 0 ? [] : [row.row] });
    return { kind: "split", to };
  }

  private async waitingElsewhere(row: OutboxRow): Promise<ReadonlySet<string>> {
    const rows = await this.core.db.getAll("outbox");
    const others = rows.filter(
      (each) => each.kind === "history" && each.swarm === row.swarm && each.row < row.row,
    );
    return new Set(others.flatMap(({ devices }) => devices ?? []));
  }
}
