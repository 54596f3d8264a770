/**
 * What the person does in conversations: open, accept, decline, write, try again, read (SPEC section 7, mode 0).
 *
 * Promise: each deed is one transaction of event, place in the own chain and outbox rows, on disk before the function returns.
 */

import { Address } from "../../protocol/addresses.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import type { Author } from "../../protocol/swarm/acts.ts";
import * as author from "../../protocol/swarm/author.ts";
import * as content from "../../protocol/swarm/content.ts";
import type { SignedEvent } from "../../protocol/swarm/events.ts";
import { eventId, makeInitial } from "../../protocol/swarm/events.ts";
import type { Replica } from "../../protocol/swarm/replica.ts";
import type { Change } from "../../storage/indexeddb.ts";
import type { OutboxRow, SwarmRow } from "../../storage/records.ts";
import { LocalFault } from "../faults.ts";
import type { Core } from "./core.ts";
import type { Directory } from "./directory.ts";
import type { Histories } from "./histories.ts";
import { History } from "./histories.ts";
import { copies, owe } from "./letters-due.ts";
import { displayedTo, displayedWith } from "./reading.ts";

type Place = Pick<SignedEvent, "swarm" | "device" | "seq">;

export class Talk {
  private readonly core: Core;
  private readonly directory: Directory;
  private readonly histories: Histories;
  /** The outbox has something new. */
  private readonly wake: () => void;

  constructor(core: Core, directory: Directory, histories: Histories, wake: () => void) {
    this.core = core;
    this.directory = directory;
    this.histories = histories;
    this.wake = wake;
  }

  /** Finds or starts the conversation with the account at this address. Returns its swarm. */
  async open(text: string, name: string | null): Promise<string> {
    const address = Address.parse(text.trim());
    if (address.username === "") throw new ProtocolError("address", "no name");
    const account = await this.accountAt(address);
    return this.core.serial(async () => {
      const known = await this.conversationWith(account);
      if (known === undefined) return this.begin(account, address, name);
      if (known.address !== String(address) || known.state === "declined") {
        const state = known.state === "declined" ? "request" : known.state;
        await this.core.commit({ swarms: [{ ...known, state, address: String(address) }] });
      }
      return known.swarm;
    });
  }

  private async accountAt(address: Address): Promise<string> {
    if (address.equals(this.core.self.address)) return this.core.self.account;
    const contact = await this.directory.contact(String(address));
    if (contact !== undefined && contact.changed === null) return contact.account;
    return (await this.directory.person(address)).account;
  }

  /** Of several conversations with one account, both sides take the one with the lowest id that is in use. */
  private async conversationWith(account: string): Promise<SwarmRow | undefined> {
    const rows = await this.core.db.getAllFromIndex("swarms", "peer", account);
    const rank = ({ state }: SwarmRow) => ["open", "request", "asked", "declined"].indexOf(state);
    return rows.sort((a, b) => rank(a) - rank(b) || (a.swarm < b.swarm ? -1 : 1))[0];
  }

  private async begin(account: string, address: Address, name: string | null): Promise<string> {
    const { core } = this;
    const { self, now, outside } = core;
    const start = { mode: 0, peer: account };
    const signed = await makeInitial(self.sign, self.row.certificate, start, now, outside.random);
    const swarm = eventId(signed.event);
    const history = new History(core, swarm, [], [], []);
    history.replica.add(signed);
    const to = String(address);
    const own = account === self.account;
    const row: SwarmRow = {
      swarm,
      state: own ? "open" : "asked",
      peer: account,
      address: to,
      name: name ?? address.username,
      description: null,
      created: now,
      last: swarm,
      lastTime: now,
      unread: 0,
    };
    const outbox = [...copies(core, swarm, [swarm])];
    if (self.others.length > 0) {
      outbox.push(owe(core, { kind: "whereabouts", swarm, to: String(self.address), devices: self.others }));
    }
    if (!own) outbox.push(owe(core, { kind: "request", swarm, to, events: [swarm] }));
    await this.store(history, { swarm, device: self.device, seq: 0 }, { swarms: [row], outbox });
    this.histories.adopt(history);
    return swarm;
  }

  /** Joins the conversation that was asked for. */
  accept(swarm: string): Promise<void> {
    return this.core.serial(async () => {
      const row = await this.row(swarm);
      if (row.state !== "request" && row.state !== "declined") return;
      const { self } = this.core;
      await this.write(row, { ...row, state: "open" }, (history) =>
        author.join(history.replica, self.sign, self.row.certificate, this.core.now),
      );
    });
  }

  /** Hides the request here and on the own other devices. */
  decline(swarm: string): Promise<void> {
    return this.core.serial(async () => {
      const row = await this.row(swarm);
      if (row.state !== "request") return;
      const { core } = this;
      const { others, address } = core.self;
      const debt = { kind: "declined" as const, swarm, to: String(address), devices: others };
      const outbox = others.length === 0 ? [] : [owe(core, debt)];
      await core.commit({ swarms: [{ ...row, state: "declined", unread: 0 }], outbox });
      this.wake();
    });
  }

  /** Says something, perhaps about a message that is here. Returns the event's id. */
  send(swarm: string, text: string, replyTo: string | null): Promise<string> {
    return this.say(swarm, (replica, by, now) =>
      replyTo === null
        ? author.text(replica, by.key, by.account, text, now)
        : content.reply(replica, by, replyTo, text, now),
    );
  }

  /** Words one's own message anew. */
  edit(swarm: string, message: string, text: string): Promise<string> {
    return this.say(swarm, (replica, by, now) => content.edit(replica, by, message, text, now));
  }

  /** Takes one's own message away, or one's own reactions. */
  async remove(swarm: string, events: readonly string[]): Promise<void> {
    for (const event of events) {
      await this.say(swarm, (replica, by, now) => content.remove(replica, by, event, now));
    }
  }

  react(swarm: string, message: string, emoji: string): Promise<string> {
    return this.say(swarm, (replica, by, now) => content.react(replica, by, message, emoji, now));
  }

  /** Writes content into a conversation that takes it. Returns the event's id. */
  private say(
    swarm: string,
    authored: (replica: Replica, by: Author, now: number) => Promise<SignedEvent>,
  ): Promise<string> {
    return this.core.serial(async () => {
      const before = await this.row(swarm);
      if (before.state !== "open" && before.state !== "asked") {
        throw new ProtocolError("refused", "not a member");
      }
      if (await this.isFormer(before)) throw new LocalFault("changed_key");
      await this.introduced(before);
      const row = await this.row(swarm);
      const { self, now } = this.core;
      const by = { key: self.sign, account: self.account };
      const event = await this.write(row, row, (history) => authored(history.replica, by, now));
      return event.id;
    });
  }

  /** Their person has another account key since, which was accepted: this one hears nothing more. */
  private async isFormer({ address, peer }: SwarmRow): Promise<boolean> {
    const contact = address === null ? undefined : await this.directory.contact(address);
    return contact !== undefined && ![contact.account, contact.changed].includes(peer);
  }

  /** A device that came later says in each conversation, before its first word there, that its account certified it (SPEC 7.3). */
  private async introduced(row: SwarmRow): Promise<void> {
    const { replica } = await this.histories.open(row.swarm);
    const { self, now } = this.core;
    if (replica.store.latest(self.device) !== undefined) return;
    await this.write(row, row, (history) =>
      author.introduce(history.replica, self.sign, self.account, self.row.certificate, now),
    );
  }

  private async write(
    before: SwarmRow,
    after: SwarmRow,
    authored: (history: History) => Promise<SignedEvent>,
  ): Promise<SignedEvent> {
    const { core } = this;
    const history = await this.histories.open(before.swarm);
    try {
      const event = await authored(history);
      const joining = event.kind === "member.join";
      const own = joining ? history.replica.displayOrder().map(({ id }) => id) : [event.id];
      const outbox = [...copies(core, before.swarm, own)];
      if (before.peer !== core.self.account && before.address !== null) {
        outbox.push(
          owe(core, { kind: "events", swarm: before.swarm, to: before.address, events: [event.id] }),
        );
      }
      const shown = { ...after, last: history.lastShown()?.id ?? null, lastTime: core.now };
      const row = displayedWith(history, shown, [event], core.self.account);
      await this.store(history, event, { swarms: [row], outbox });
      return event;
    } catch (error) {
      this.histories.forget(before.swarm);
      throw error;
    }
  }

  private async store(history: History, place: Place, change: Change): Promise<void> {
    const authored = { swarm: place.swarm, device: place.device, seq: place.seq };
    await this.core.commit({ ...history.changes(), ...change, authored });
    this.wake();
  }

  /** Sends what failed once more, from the keys on. */
  async retry(message: string): Promise<void> {
    await this.core.serial(async () => {
      const rows = await this.core.db.getAll("outbox");
      const failed = rows.filter((row) => row.state === "failed" && row.events.includes(message));
      for (const { to } of failed) this.directory.forget(to);
      const due = this.core.now;
      const again = failed.map((row): OutboxRow => {
        return { ...row, state: "waiting", envelope: null, due, attempts: 0, fault: null };
      });
      await this.core.commit({ outbox: again });
    });
    this.wake();
  }

  /** All that is here was displayed; the own other devices are told, nobody else is. */
  markRead(swarm: string): Promise<void> {
    return this.core.serial(async () => {
      const row = await this.row(swarm);
      if (row.unread === 0) return;
      const history = await this.histories.open(swarm);
      const last = history.lastShown();
      const after = last === null ? row : displayedTo(history, row, last.id);
      const told = await this.toldOwn(after);
      await this.core.commit({ swarms: [{ ...after, unread: 0 }], ...told });
      this.wake();
    });
  }

  /** The mark for the own other devices, in place of one that still waits. */
  private async toldOwn({ swarm, displayed }: SwarmRow): Promise<Change> {
    const { core } = this;
    const { others, address } = core.self;
    if (others.length === 0 || displayed?.event == null) return {};
    const waiting = (await core.db.getAll("outbox")).filter(
      (row) => row.kind === "displayed" && row.swarm === swarm && row.envelope === null,
    );
    const debt = { kind: "displayed" as const, swarm, to: String(address), devices: others };
    return {
      outbox: [owe(core, { ...debt, events: [displayed.event] })],
      settle: waiting.map(({ row }) => row),
    };
  }

  private async row(swarm: string): Promise<SwarmRow> {
    const row = await this.core.db.get("swarms", swarm);
    if (row === undefined) throw new LocalFault("not_found");
    return row;
  }
}
