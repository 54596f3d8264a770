/**
 * What a tab shows of the conversations, read from storage: the same in the tab that leads and in the others, which are told what was touched.
 */

import type { ReadonlySignal, Signal } from "@preact/signals";
import { signal } from "@preact/signals";
import { Address } from "../../protocol/addresses.ts";
import { safetyNumber } from "../../protocol/fingerprints.ts";
import type { Clock } from "../../protocol/ports.ts";
import type { Database } from "../../storage/indexeddb.ts";
import type { EventRow, OutboxRow, SelfRow, SwarmRow } from "../../storage/records.ts";
import type { AddressView, ConversationView, DeviceView, ListAge, MessageView } from "../views.ts";
import type { Touched } from "./core.ts";
import { listAge } from "./list-age.ts";
import type { Sending } from "./message.ts";
import { byPlace, messageOf, sendings } from "./message.ts";

interface Entry {
  readonly row: SwarmRow;
  readonly last: EventRow | null;
  readonly changedKey: boolean;
  readonly former: boolean;
  readonly listAge: ListAge | null;
}

interface Log {
  readonly rows: Map<string, EventRow>;
  readonly view: Signal<readonly MessageView[]>;
}

export class Shown {
  readonly self: Signal<SelfRow | null> = signal(null);
  readonly devices: Signal<readonly DeviceView[]> = signal([]);
  readonly conversations: Signal<readonly ConversationView[]> = signal([]);
  /** Letters to others that wait in this browser. */
  readonly waiting: Signal<number> = signal(0);
  private readonly db: Database;
  private readonly clock: Clock;
  private readonly entries = new Map<string, Entry>();
  private readonly logs = new Map<string, Log>();
  private sendings: ReadonlyMap<string, Sending> = new Map();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(db: Database, clock: Clock) {
    this.db = db;
    this.clock = clock;
  }

  /** Reads everything that lists need. */
  load(): Promise<void> {
    return this.afterwards(async () => {
      await this.readSelf();
      await this.readOutbox();
      await this.readEntries(await this.db.getAllKeys("swarms"));
      this.show();
    });
  }

  /** Reads anew what was touched. */
  touch(touched: Touched): Promise<void> {
    return this.afterwards(async () => {
      if (touched.self) await this.readSelf();
      if (touched.outbox) await this.readOutbox();
      const known = [...this.entries.values()].map(({ row }) => row);
      const met = known.filter(({ address }) => address !== null && touched.contacts.includes(address));
      const swarms = [...met.map(({ swarm }) => swarm), ...touched.swarms];
      const moved = new Set([...swarms, ...Object.keys(touched.events)]);
      await this.readEntries([...moved]);
      for (const [swarm, ids] of Object.entries(touched.events)) await this.readEvents(swarm, ids);
      this.show();
    });
  }

  /** Everything told so far is shown. */
  settled(): Promise<void> {
    return this.afterwards(async () => {});
  }

  /** The messages of a conversation; empty until read. */
  messages(swarm: string): ReadonlySignal<readonly MessageView[]> {
    const known = this.logs.get(swarm);
    if (known !== undefined) return known.view;
    const log: Log = { rows: new Map(), view: signal<readonly MessageView[]>([]) };
    this.logs.set(swarm, log);
    void this.afterwards(async () => {
      for (const row of await this.db.getAllFromIndex("events", "swarm", swarm)) log.rows.set(row.id, row);
      this.showLog(swarm, log);
    });
    return log.view;
  }

  private afterwards(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async readSelf(): Promise<void> {
    const row = (await this.db.get("self", "self")) ?? null;
    this.self.value = row;
    this.devices.value = (row?.list.devices ?? [])
      .map(({ account, device, role, time }) => ({
        device,
        role,
        here: device === row?.device.public,
        since: time,
        number: safetyNumber(account, device),
      }))
      .sort((a, b) => a.since - b.since);
  }

  private async readOutbox(): Promise<void> {
    const rows: readonly OutboxRow[] = await this.db.getAll("outbox");
    this.sendings = sendings(rows);
    this.waiting.value = [...this.sendings.values()].filter(({ state }) => state === "waiting").length;
  }

  private async readEntries(swarms: readonly string[]): Promise<void> {
    for (const swarm of swarms) {
      const row = await this.db.get("swarms", swarm);
      if (row === undefined) continue;
      const last = row.last === null ? null : ((await this.db.get("events", row.last)) ?? null);
      const contact = row.address === null ? undefined : await this.db.get("contacts", row.address);
      const changedKey = contact !== undefined && contact.changed !== null && contact.account === row.peer;
      const former = contact !== undefined && ![contact.account, contact.changed].includes(row.peer);
      const age = contact === undefined ? null : listAge(contact, this.clock.now());
      this.entries.set(swarm, { row, last, changedKey, former, listAge: former ? null : age });
    }
  }

  private async readEvents(swarm: string, ids: readonly string[]): Promise<void> {
    const log = this.logs.get(swarm);
    if (log === undefined) return;
    for (const id of ids) {
      const row = await this.db.get("events", id);
      if (row !== undefined) log.rows.set(id, row);
    }
  }

  private show(): void {
    const views = [...this.entries.values()].flatMap((entry) => this.conversationOf(entry) ?? []);
    this.conversations.value = views.sort((a, b) => b.time - a.time);
    for (const [swarm, log] of this.logs) this.showLog(swarm, log);
  }

  private showLog(swarm: string, log: Log): void {
    const peer = this.entries.get(swarm)?.row.peer ?? null;
    const rows = [...log.rows.values()].sort(byPlace);
    log.view.value = rows.flatMap((row) => this.message(row, peer) ?? []);
  }

  private message(row: EventRow, peer: string | null): MessageView | null {
    return messageOf(row, this.self.value?.account ?? "", peer, this.sendings.get(row.id));
  }

  /** Null while their address is not known. */
  private conversationOf({ row, last, changedKey, former, listAge }: Entry): ConversationView | null {
    const own = this.self.value?.account;
    if (row.address === null || own === undefined) return null;
    const address = Address.parse(row.address);
    return {
      swarm: row.swarm,
      state: row.state,
      peer: {
        account: row.peer,
        address: addressView(address),
        name: row.name || address.username,
        safetyNumber: safetyNumber(own, row.peer),
        changedKey,
        former,
        listAge,
      },
      description: row.description,
      last: last === null ? null : this.message(last, row.peer),
      unread: row.unread,
      time: row.lastTime,
    };
  }
}

export function addressView(address: Address): AddressView {
  return { ...address.wire(), text: String(address) };
}
