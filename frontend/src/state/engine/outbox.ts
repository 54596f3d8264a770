/**
 * What is owed leaves: sealed once, sent unchanged until the own site has accepted it.
 *
 * Promise: a row goes only when its envelope was accepted (a message to the peer stays as `sent` until they hold it), or when it became pointless. Own
 * devices come first, so that a vault knows a conversation before its first answer arrives. Passing errors are tried again with growing pauses;
 * final ones mark the message as failed.
 */

import { Address } from "../../protocol/addresses.ts";
import type { Recipient } from "../../protocol/seal.ts";
import { batches } from "../../protocol/sync.ts";
import type { OutboxRow } from "../../storage/records.ts";
import { codeOf } from "../faults.ts";
import type { Core } from "./core.ts";
import type { Directory } from "./directory.ts";
import type { Histories } from "./histories.ts";
import { histories as historyRows, owe } from "./letters-due.ts";
import { letterOf, sealLetter } from "./sealing.ts";
import type { Wire } from "./wire.ts";

const PAUSES = [5_000, 30_000, 120_000, 600_000, 3_600_000] as const;
const UNREADY_PAUSE = 3_000;
const UNREADY_LONGEST = 300_000;
const DAY = 86_400_000;
const LIFE = 30 * DAY;
const MOST_EVENTS = 32;
const PASSING: ReadonlySet<string> = new Set([
  "offline",
  "unreachable",
  "too_many",
  "internal",
  "mailbox_full",
  "clock",
]);

export class Outbox {
  private readonly core: Core;
  private readonly wire: Wire;
  private readonly directory: Directory;
  private readonly histories: Histories;
  private readonly name: () => string;
  private running: Promise<void> | null = null;
  private again = false;
  private stopped = false;
  private cancel: () => void = () => {};

  constructor(
    core: Core,
    parts: { wire: Wire; directory: Directory; histories: Histories },
    name: () => string,
  ) {
    this.core = core;
    this.wire = parts.wire;
    this.directory = parts.directory;
    this.histories = parts.histories;
    this.name = name;
  }

  /** There may be something to send. */
  wake(): void {
    this.again = true;
    if (this.running !== null || this.stopped) return;
    this.running = this.run()
      .catch(() => this.pause())
      .finally(() => {
        this.running = null;
        if (this.again && this.wire.siteKey !== null) this.wake();
      });
  }

  /** Ends after what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.running;
  }

  /** The browser failed to store or to read; nothing was sent that is not stored. */
  private pause(): void {
    if (!this.stopped) this.cancel = this.core.outside.after(PAUSES[1], () => this.wake());
  }

  /** Connected again: what waited for that goes now. */
  async hurry(): Promise<void> {
    await this.core.serial(async () => {
      const { now } = this.core;
      const rows = await this.core.db.getAll("outbox");
      const waiting = rows.filter((row) => row.state === "waiting" && row.due > now);
      await this.core.commit({ outbox: waiting.map((row) => ({ ...row, due: now })) });
    });
    this.wake();
  }

  /** An error about an envelope that the site had accepted: the other site did not take it. */
  async refused(ref: string, code: string): Promise<void> {
    const rows = await this.core.db.getAll("outbox");
    const row = rows.find((each) => each.envelope?.id === ref && each.state === "sent");
    if (row !== undefined && code !== "unlisted_device") await this.failed(row, code);
  }

  private async run(): Promise<void> {
    let looked = this.core.now;
    while (this.again && !this.stopped && this.wire.siteKey !== null) {
      this.again = false;
      this.cancel();
      looked = this.core.now;
      await this.pass(looked);
    }
    await this.schedule(looked);
  }

  /** Comes back when the next row is due of those that were not yet at the last look; the others wait for somebody to join. */
  private async schedule(looked: number): Promise<void> {
    const { now, outside } = this.core;
    const rows = await this.core.db.getAll("outbox");
    const later = rows.filter(({ state, due }) => state === "waiting" && due > looked);
    if (later.length === 0 || this.stopped || this.wire.siteKey === null) return;
    const wait = Math.min(...later.map(({ due }) => due)) - now;
    this.cancel();
    this.cancel = outside.after(Math.max(wait, 0), () => this.wake());
  }

  private async pass(now: number): Promise<void> {
    const { self } = this.core;
    const all = await this.core.db.getAll("outbox");
    const old = all.filter((row) => row.since < now - LIFE).map(({ row }) => row);
    if (old.length > 0) await this.core.commit({ settle: old });
    const due = all.filter((row) => row.state === "waiting" && row.due <= now && !old.includes(row.row));
    const groups = new Map<string, OutboxRow[]>();
    for (const row of due) groups.set(row.to, [...(groups.get(row.to) ?? []), row]);
    const own = String(self.address);
    await this.group(own, groups.get(own) ?? []);
    groups.delete(own);
    await Promise.all([...groups].map(([to, rows]) => this.group(to, rows)));
  }

  /** The rows for one address, oldest first. */
  private async group(to: string, rows: readonly OutboxRow[]): Promise<void> {
    const fresh: OutboxRow[] = [];
    for (const row of rows) {
      if (row.envelope === null || row.envelope.until < this.core.now + DAY) fresh.push(row);
      else await this.deliver(row, row.envelope.id, row.envelope.raw);
    }
    const tasks = await this.ready(fresh);
    if (tasks.length === 0) return;
    try {
      const claim = tasks.some(({ kind }) => kind !== "history");
      const { account, recipients, list } = await this.directory.person(Address.parse(to), claim);
      const meant = await this.meantFor(account, tasks);
      const listed = new Set(list.devices.keys());
      for (const [at, bundle] of bundles(meant).entries()) {
        await this.seal(bundle, at === 0 ? recipients : recipients.map(withoutOneTime), listed);
      }
    } catch (error) {
      for (const row of tasks) await this.troubled(row, codeOf(error));
    }
  }

  /** Texts wait until the peer has joined. */
  private async ready(rows: readonly OutboxRow[]): Promise<readonly OutboxRow[]> {
    const ready: OutboxRow[] = [];
    for (const row of rows) {
      const swarm = await this.core.db.get("swarms", row.swarm);
      const held = row.kind === "events" && row.devices === null && swarm?.state === "asked";
      if (!held || row.to === String(this.core.self.address)) ready.push(row);
    }
    return ready;
  }

  /** The rows for this very account; what was meant for another one that lived at the address fails. */
  private async meantFor(account: string, rows: readonly OutboxRow[]): Promise<readonly OutboxRow[]> {
    if (account === this.core.self.account) return rows;
    const meant: OutboxRow[] = [];
    for (const row of rows) {
      const swarm = await this.core.db.get("swarms", row.swarm);
      if (swarm?.peer === account) meant.push(row);
      else await this.failed(row, "changed_key");
    }
    return meant;
  }

  /** Rows that make one letter: sealed for the devices that can be sealed to; own ones that cannot yet get all of the swarm later. */
  private async seal(
    bundle: readonly OutboxRow[],
    recipients: readonly Recipient[],
    listed: ReadonlySet<string>,
  ): Promise<void> {
    const [first] = bundle;
    if (first === undefined) return;
    const { device } = this.core.self;
    const wanted = (each: string) => each !== device && (first.devices?.includes(each) ?? true);
    const chosen = recipients.filter((each) => wanted(each.device));
    const unready = [...listed].filter(
      (each) => wanted(each) && !recipients.some((other) => other.device === each),
    );
    if (first.kind === "history") return this.expand(first, chosen, unready);
    if (chosen.length === 0) return this.unsealed(bundle, unready);
    await this.sealed(bundle, first, chosen, unready);
  }

  private async sealed(
    bundle: readonly OutboxRow[],
    first: OutboxRow,
    chosen: readonly Recipient[],
    unready: readonly string[],
  ): Promise<void> {
    const envelope = await this.core.serial(async () => {
      const together = await this.fitting(bundle);
      if (together.length < bundle.length) this.again = true;
      const row = { ...first, events: [...new Set(together.flatMap(({ events }) => events))] };
      const letter = await letterOf(this.core, this.histories, row, this.name());
      const sealed = letter === null ? null : await sealLetter(this.core, row, letter, chosen);
      const kept = sealed === null ? null : { id: sealed.id, raw: sealed.raw, until: untilOf(sealed) };
      await this.core.commit({
        outbox: [...(kept === null ? [] : [{ ...row, envelope: kept }]), ...this.later(row, unready)],
        settle: (kept === null ? together : together.slice(1)).map((each) => each.row),
      });
      return sealed;
    });
    if (envelope !== null) await this.deliver(first, envelope.id, envelope.raw);
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

  /** Own devices that published no prekey yet get everything once they have. */
  private later(row: OutboxRow, unready: readonly string[]): readonly OutboxRow[] {
    if (row.to !== String(this.core.self.address) || row.kind !== "events") return [];
    return historyRows(this.core, row.swarm, unready).map((each) => ({
      ...each,
      due: this.core.now + UNREADY_PAUSE,
    }));
  }

  private async unsealed(bundle: readonly OutboxRow[], unready: readonly string[]): Promise<void> {
    const [first] = bundle;
    if (first === undefined) return;
    if (unready.length === 0) await this.core.commit({ settle: bundle.map(({ row }) => row) });
    else if (first.to !== String(this.core.self.address)) {
      for (const row of bundle) await this.postpone(row, "unknown_prekey");
    } else {
      const outbox = this.later(first, unready);
      await this.core.commit({ outbox, settle: bundle.map(({ row }) => row) });
      this.again = true;
    }
  }

  /** All events of a swarm, in letters, for the devices that can be sealed to now. One row a device and swarm waits for the others. */
  private async expand(
    row: OutboxRow,
    chosen: readonly Recipient[],
    unready: readonly string[],
  ): Promise<void> {
    const { core } = this;
    const { swarm, to } = row;
    const devices = chosen.map(({ device }) => device);
    await core.serial(async () => {
      const { replica } = await this.histories.open(swarm);
      const groups = devices.length === 0 ? [] : batches(replica.store.ordered());
      const outbox = groups.map((group) =>
        owe(core, { kind: "events", swarm, to, devices, events: group.map(({ id }) => id) }),
      );
      const waits = await this.waitingElsewhere(row);
      const left = unready.filter((device) => !waits.has(device));
      const attempts = row.attempts + 1;
      const due = core.now + Math.min(UNREADY_PAUSE * attempts, UNREADY_LONGEST);
      if (left.length > 0) outbox.push({ ...row, devices: left, attempts, due });
      await core.commit({ outbox, settle: left.length > 0 ? [] : [row.row] });
    });
    this.directory.forget(to);
    if (devices.length > 0) this.again = true;
  }

  private async waitingElsewhere(row: OutboxRow): Promise<ReadonlySet<string>> {
    const rows = await this.core.db.getAll("outbox");
    const others = rows.filter(
      (each) => each.kind === "history" && each.swarm === row.swarm && each.row < row.row,
    );
    return new Set(others.flatMap(({ devices }) => devices ?? []));
  }

  private async deliver(row: OutboxRow, id: string, raw: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      await this.wire.ask(id, raw);
      await this.accepted(row);
    } catch (error) {
      await this.troubled(row, codeOf(error));
    }
  }

  private async accepted(row: OutboxRow): Promise<void> {
    const message = row.kind === "request" || (row.kind === "events" && row.devices === null);
    await this.update(row, (now) => {
      if (!message || now.envelope === null) return null;
      const envelope = { ...now.envelope, raw: new Uint8Array(0) };
      return { ...now, state: "sent", fault: null, envelope };
    });
  }

  private async troubled(row: OutboxRow, code: string): Promise<void> {
    if (code === "unlisted_device" && row.attempts < PAUSES.length) {
      this.directory.forget(row.to);
      await this.update(row, (now) => ({ ...now, envelope: null, attempts: now.attempts + 1 }));
      this.again = true;
    } else if (code === "expired") {
      await this.update(row, (now) => ({ ...now, envelope: null }));
    } else if (code === "replay") await this.accepted(row);
    else if (PASSING.has(code)) await this.postpone(row, code);
    else await this.failed(row, code);
  }

  private async postpone(row: OutboxRow, code: string): Promise<void> {
    const pause = PAUSES[Math.min(row.attempts, PAUSES.length - 1)] ?? DAY;
    const due = this.core.now + pause;
    await this.update(row, (now) => ({ ...now, due, attempts: now.attempts + 1, fault: code }));
  }

  /** A message stays as failed until the person tries again; the rest is given up. */
  private async failed(row: OutboxRow, code: string): Promise<void> {
    const message = row.kind === "request" || (row.kind === "events" && row.devices === null);
    await this.update(row, (now) => (message ? { ...now, state: "failed", fault: code } : null));
  }

  /** Changes the row as it is now; null takes it away. Nothing happens if it is gone. */
  private update(row: OutboxRow, change: (now: OutboxRow) => OutboxRow | null): Promise<void> {
    return this.core.serial(async () => {
      const now = await this.core.db.get("outbox", row.row);
      if (now === undefined) return;
      const next = change(now);
      await this.core.commit(next === null ? { settle: [row.row] } : { outbox: [next] });
    });
  }
}

/** Rows of events of one swarm for the same devices go into one letter, within its limits. */
function bundles(rows: readonly OutboxRow[]): readonly (readonly OutboxRow[])[] {
  const found: OutboxRow[][] = [];
  const open = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    const single = row.kind !== "events" || row.events.length > 1;
    const name = `${row.swarm} ${row.devices?.join() ?? ""}`;
    const known = single ? undefined : open.get(name);
    if (known !== undefined && known.length < MOST_EVENTS) known.push(row);
    else {
      const fresh = [row];
      found.push(fresh);
      if (!single) open.set(name, fresh);
    }
  }
  return found;
}

/** A one-time prekey serves one letter. */
function withoutOneTime(recipient: Recipient): Recipient {
  return { ...recipient, oneTime: null };
}

function untilOf({ time, ttl }: { time: number; ttl: number }): number {
  return time + ttl * 1000;
}
