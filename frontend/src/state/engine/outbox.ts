/**
 * What is owed leaves: sealed once, sent unchanged until the own site has accepted it.
 *
 * Promise: a row goes only when its envelope was accepted (a message to the peer stays as `sent` until they hold it), or when it became pointless. Own
 * devices come first, so that a vault knows a conversation before its first answer arrives. Passing errors are tried again with growing pauses;
 * final ones mark the message as failed.
 */

import { Address } from "../../protocol/addresses.ts";
import type { Recipient } from "../../protocol/seal.ts";
import type { OutboxRow } from "../../storage/records.ts";
import { codeOf } from "../faults.ts";
import type { Core } from "./core.ts";
import type { Directory } from "./directory.ts";
import type { Histories } from "./histories.ts";
import { allPostsFor, postFor } from "./letters-due.ts";
import { Packing } from "./packing.ts";
import type { Wire } from "./wire.ts";

const PAUSES = [5_000, 30_000, 120_000, 600_000, 3_600_000] as const;
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
  private readonly packing: Packing;
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
    this.packing = new Packing(core, parts.histories, name);
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
    const due = all.filter((row) => row.state === "waiting" && row.due <= now);
    for (const row of all) {
      if (row.since < now - LIFE && row.state !== "failed") await this.expire(row);
    }
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
    for (const row of fresh) if (row.kind === "posts") await this.gather(row);
    const tasks = await this.ready(fresh.filter(({ kind }) => kind !== "posts"));
    if (tasks.length === 0) return;
    try {
      const claim = tasks.some(({ kind }) => kind !== "history");
      const { account, recipients, devices } = await this.directory.person(Address.parse(to), claim);
      const meant = await this.meantFor(account, tasks);
      for (const [at, bundle] of bundles(meant).entries()) {
        await this.send(bundle, at === 0 ? recipients : recipients.map(withoutOneTime), devices);
      }
    } catch (error) {
      for (const row of tasks) await this.troubled(row, codeOf(error));
    }
  }

  /** The next page of own posts, from the site, becomes letters. */
  private async gather(row: OutboxRow): Promise<void> {
    const { core } = this;
    try {
      const { posts, next } = await core.outside.site.signedPosts(row.after ?? 0);
      const devices = row.devices ?? [];
      await core.serial(async () => {
        const letters = posts.flatMap((each) => postFor(core, each, devices));
        const rest = next === null ? [] : allPostsFor(core, devices, next);
        await core.commit({ outbox: [...letters, ...rest], settle: [row.row] });
      });
      this.again = true;
    } catch (error) {
      await this.troubled(row, codeOf(error));
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

  private async send(
    bundle: readonly OutboxRow[],
    recipients: readonly Recipient[],
    listed: ReadonlySet<string>,
  ): Promise<void> {
    const packed = await this.packing.pack(bundle, recipients, listed);
    if (packed.kind === "sealed") {
      if (packed.more) this.again = true;
      await this.deliver(packed.row, packed.id, packed.raw);
    } else if (packed.kind === "unready") {
      for (const row of bundle) await this.postpone(row, "unknown_prekey");
    } else if (packed.kind === "split") {
      this.directory.forget(packed.to);
      this.again = true;
    }
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

  /** Tried for a month: what did not leave has failed, what did is not waited for any longer. */
  private async expire(row: OutboxRow): Promise<void> {
    if (row.state === "waiting") await this.failed(row, "expired");
    else await this.update(row, () => null);
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
