/**
 * What a letter changes (SPEC 6.6). Each function reads, judges and returns the change; storing it is the mailroom's.
 *
 * A bad event undoes all of its letter. A swarm not known here comes only with a request, or from an own device.
 */

import { Address } from "../../protocol/addresses.ts";
import type { Certificate } from "../../protocol/certificates.ts";
import type { Envelope } from "../../protocol/envelope.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import type { Letter, RequestLetter } from "../../protocol/letters.ts";
import { readRequest, swarmOf, verifyAck } from "../../protocol/letters.ts";
import type { Members } from "../../protocol/schema.ts";
import type { SignedEvent } from "../../protocol/swarm/events.ts";
import { batches, eventsById } from "../../protocol/sync/lacking.ts";
import type { Change } from "../../storage/indexeddb.ts";
import type { OutboxRow, SwarmRow } from "../../storage/records.ts";
import type { Core } from "./core.ts";
import type { Histories } from "./histories.ts";
import { History } from "./histories.ts";
import { copies, owe } from "./letters-due.ts";
import { displayedTo, displayedWith, isNews } from "./reading.ts";

const MOST_REQUESTS = 200;

/** A letter and who proved to have sent it. */
export interface Delivery {
  readonly envelope: Envelope;
  readonly sender: Certificate;
  readonly letter: Letter;
}

/** What to store; `histories` are those to be read anew if that fails. */
export interface Effect {
  readonly change: Change;
  readonly swarm: string;
}

export class Letters {
  private readonly core: Core;
  private readonly histories: Histories;

  constructor(core: Core, histories: Histories) {
    this.core = core;
    this.histories = histories;
  }

  /** ProtocolError if the letter is bad or its sender may not send it; nothing is stored then. */
  async effect(delivery: Delivery): Promise<Effect> {
    const { letter, envelope } = delivery;
    if ((letter.kind === "request") !== (envelope.type === "request")) {
      throw new ProtocolError("schema", "kind");
    }
    const swarm = swarmOf(letter) ?? "";
    try {
      return { swarm, change: await this.change(delivery, letter) };
    } catch (error) {
      this.histories.forget(swarm);
      throw error;
    }
  }

  private async change(delivery: Delivery, letter: Letter): Promise<Change> {
    switch (letter.kind) {
      case "request":
        return this.request(delivery, letter);
      case "events":
        return this.events(delivery, letter.swarm, letter.events);
      case "missing":
        return this.missing(delivery, letter.swarm, letter.events);
      case "ack":
        return this.ack(delivery, letter.ack.swarm, letter.ack);
      case "declined":
        return this.declined(delivery, letter.swarm);
      case "withdrawn":
        return this.withdrawn(delivery, letter.swarm);
      case "displayed":
        return this.displayed(delivery, letter.swarm, letter.event);
      case "whereabouts":
        return this.whereabouts(delivery, letter);
      case "post":
      case "preferences":
      case "contacts":
      case "removed":
      case "erased":
        return this.ofOwn(delivery);
      case "announce":
      case "wanted":
        return {}; // events are sent to every member here, nothing is announced
      case "typing":
      case "presence":
        throw new ProtocolError("schema", "kind");
      default:
        return assertNever(letter);
    }
  }

  private isOwn({ sender }: Delivery): boolean {
    return sender.account === this.core.self.account;
  }

  private row(swarm: string): Promise<SwarmRow | undefined> {
    return this.core.db.get("swarms", swarm);
  }

  /** The conversation, if this sender may speak of it. */
  private async admitted(delivery: Delivery, swarm: string): Promise<SwarmRow> {
    const row = await this.row(swarm);
    if (row === undefined || (row.peer !== delivery.sender.account && !this.isOwn(delivery))) {
      throw new ProtocolError("refused", "swarm");
    }
    return row;
  }

  private async request(delivery: Delivery, letter: RequestLetter): Promise<Change> {
    const { core } = this;
    const initial = readRequest(core.sodium, letter);
    const { account } = delivery.sender;
    if (initial.author !== account || initial.body.peer !== core.self.account) {
      throw new ProtocolError("refused", "peer");
    }
    if ((await this.row(letter.swarm)) !== undefined) return {};
    const pending = (await core.db.getAll("swarms")).filter(({ state }) => state === "request");
    if (pending.length >= MOST_REQUESTS) throw new ProtocolError("too_many", "requests");
    const history = new History(core, letter.swarm, [], [], []);
    history.replica.add(letter.initial);
    const row: SwarmRow = {
      swarm: letter.swarm,
      state: "request",
      peer: account,
      address: String(delivery.envelope.from),
      name: letter.name || delivery.envelope.from.username,
      description: letter.description ?? letter.title,
      created: core.now,
      last: letter.swarm,
      lastTime: core.now,
      unread: 0,
    };
    return { ...history.changes(), swarms: [row] };
  }

  private async events(delivery: Delivery, swarm: string, events: readonly Members[]): Promise<Change> {
    const known = await this.row(swarm);
    if (known !== undefined || !this.isOwn(delivery)) await this.admitted(delivery, swarm);
    if (known?.state === "declined" && !this.isOwn(delivery)) throw new ProtocolError("refused", "declined");
    const history = await this.histories.open(swarm);
    const added: SignedEvent[] = [];
    for (const event of events) {
      const outcome = history.replica.add(event);
      if (outcome.kind === "added") added.push(...outcome.events);
    }
    const row = known ?? this.discovered(history);
    if (row !== null) history.recount(row.peer);
    const change = history.changes();
    const after = row === null ? null : this.moved(history, row, added);
    return {
      ...change,
      swarms: after === null ? [] : [after],
      outbox: await this.answers(delivery, history, after, added),
    };
  }

  /** A conversation that another own device took part in; null while its beginning is not here. */
  private discovered(history: History): SwarmRow | null {
    const initial = history.replica.get(history.swarm);
    if (initial === null) return null;
    const own = this.core.self.account;
    const peer = initial.author === own ? (initial.body.peer as string) : initial.author;
    const state = initial.author === own ? "asked" : "request";
    return { ...this.unknown(history.swarm), state, peer };
  }

  /** The conversation after these events: joined or not, the newest, how many unread. */
  private moved(history: History, row: SwarmRow, added: readonly SignedEvent[]): SwarmRow {
    const { creator, peer, members } = history.replica.state;
    const joined = peer !== null && members.has(peer);
    const waiting = row.state === "asked" || row.state === "request";
    const news = added.filter((event) => event.author === row.peer && isNews(event)).length;
    const counted = {
      ...row,
      state: waiting && (joined || creator === peer) ? "open" : row.state,
      last: history.lastShown()?.id ?? row.last,
      lastTime: added.length > 0 ? this.core.now : row.lastTime,
      unread: row.unread + news,
    };
    return displayedWith(history, counted, added, this.core.self.account);
  }

  /** An ack for the sender, a question for what is missing, copies for own devices that the mail was not sealed for. */
  private async answers(
    delivery: Delivery,
    history: History,
    row: SwarmRow | null,
    added: readonly SignedEvent[],
  ): Promise<readonly OutboxRow[]> {
    const { core } = this;
    const { swarm } = history;
    const to = String(delivery.envelope.from);
    const due: OutboxRow[] = [];
    if (row?.state === "open" && !this.isOwn(delivery)) due.push(owe(core, { kind: "ack", swarm, to }));
    if (history.replica.missing().length > 0) due.push(owe(core, { kind: "missing", swarm, to }));
    const waiting = await core.db.getAll("outbox");
    const news = due.filter(({ kind }) => !waiting.some((other) => isDue(other, kind, swarm, to)));
    return [...news, ...this.forwarded(delivery, swarm, added)];
  }

  private forwarded(delivery: Delivery, swarm: string, added: readonly SignedEvent[]): readonly OutboxRow[] {
    if (this.isOwn(delivery)) return [];
    const wraps = delivery.envelope.data.wraps as Members;
    const left = this.core.self.others.filter((device) => !Object.hasOwn(wraps, device));
    return copies(
      this.core,
      swarm,
      added.map(({ id }) => id),
      left,
    );
  }

  /** The events that the sender lacks, for the device that asks. */
  private async missing(delivery: Delivery, swarm: string, ids: readonly string[]): Promise<Change> {
    const row = await this.admitted(delivery, swarm);
    if (row.state !== "open" && !this.isOwn(delivery)) throw new ProtocolError("refused", "not open");
    const { replica } = await this.histories.open(swarm);
    const to = String(delivery.envelope.from);
    const devices = [delivery.envelope.fromDevice];
    const outbox = batches(eventsById(replica.store, ids)).map((batch) =>
      owe(this.core, { kind: "events", swarm, to, devices, events: batch.map(({ id }) => id) }),
    );
    return { outbox };
  }

  private async ack(delivery: Delivery, swarm: string, value: unknown): Promise<Change> {
    const ack = verifyAck(this.core.sodium, value, delivery.sender);
    const row = await this.admitted(delivery, swarm);
    if (row.peer !== ack.account) return {};
    const history = await this.histories.open(swarm);
    const kept = { swarm, device: ack.device, ack };
    if (!history.acked(kept)) return {};
    const change = history.changes();
    const rows = await this.core.db.getAll("outbox");
    const settle = rows.filter((each) => isSettled(each, row, history)).map((each) => each.row);
    return { ...change, acks: [kept], settle };
  }

  private async declined(delivery: Delivery, swarm: string): Promise<Change> {
    if (!this.isOwn(delivery)) throw new ProtocolError("refused", "declined");
    const row = (await this.row(swarm)) ?? this.unknown(swarm);
    if (row.state !== "request") return {};
    return { swarms: [{ ...row, state: "declined", unread: 0 }] };
  }

  /** Whoever asked takes the request back; one that was answered stays. */
  private async withdrawn(delivery: Delivery, swarm: string): Promise<Change> {
    const row = await this.admitted(delivery, swarm);
    if (row.state !== "request" || this.isOwn(delivery)) return {};
    return { swarms: [{ ...row, state: "declined", unread: 0 }] };
  }

  /** A request that another own device had before this one. */
  private unknown(swarm: string): SwarmRow {
    const { now } = this.core;
    return {
      swarm,
      state: "request",
      peer: "",
      address: null,
      name: "",
      description: null,
      created: now,
      last: null,
      lastTime: now,
      unread: 0,
    };
  }

  /** An own device has shown the conversation up to there. How far the peer has read is not shown here. */
  private async displayed(delivery: Delivery, swarm: string, event: string): Promise<Change> {
    const row = await this.admitted(delivery, swarm);
    if (!this.isOwn(delivery)) return {};
    return { swarms: [displayedTo(await this.histories.open(swarm), row, event)] };
  }

  /** An own device knew the peer before this one came to be. */
  private async whereabouts(
    delivery: Delivery,
    { swarm, account, address, name }: Letter & { kind: "whereabouts" },
  ): Promise<Change> {
    if (!this.isOwn(delivery)) throw new ProtocolError("refused", "not an own device");
    const row = await this.admitted(delivery, swarm);
    if (row.address !== null || row.peer !== account) return {};
    return { swarms: [{ ...row, address: String(Address.fromWire(address)), name: name || row.name }] };
  }

  /** What own devices tell each other and nothing here shows yet. */
  private async ofOwn(delivery: Delivery): Promise<Change> {
    if (!this.isOwn(delivery)) throw new ProtocolError("refused", "not an own device");
    return {};
  }
}

/** Sent to the peer, and now all held there. */
function isSettled(row: OutboxRow, swarm: SwarmRow, history: History): boolean {
  const toPeer = row.swarm === swarm.swarm && row.to === swarm.address && row.devices === null;
  return toPeer && row.state === "sent" && row.events.every((id) => history.isDelivered(id));
}

function isDue(row: OutboxRow, kind: string, swarm: string, to: string): boolean {
  const same = row.kind === kind && row.swarm === swarm && row.to === to;
  return same && row.state === "waiting" && row.envelope === null;
}

function assertNever(letter: never): never {
  throw new RangeError(`unknown letter ${JSON.stringify(letter)}`);
}
