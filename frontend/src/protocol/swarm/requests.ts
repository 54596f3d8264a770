/**
 * Who may begin a conversation with whom (SPEC 7.9): requests, declining, contacts, blocking.
 *
 * Promise: what was declined or blocked on one device stays so on all of the account, in whatever order they hear of it, and nothing that one of
 * them hears makes it tell the others again. Nobody outside learns of it. Limits: `MOST` requests wait for an answer, `MOST` that were taken back
 * before they came are remembered.
 */

import { ProtocolError } from "../errors.ts";
import type { Check } from "../schema.ts";
import * as schema from "../schema.ts";
import type { Register } from "./registers.ts";
import { nextNumber, replaces } from "./registers.ts";

export const MOST = 200;
export const MOST_CONTACTS = 100;
export const ASK_AGAIN = 3_600_000;

/** What becomes of a request. `accepted`: join at once, for we have one conversation with them already, or had asked them too. */
export type Received = "shown" | "accepted" | "known" | "ignored";
export type Standing = "added" | "removed" | "blocked";

export interface ContactEntry {
  readonly account: string;
  readonly standing: Standing;
  readonly number: number;
  readonly device: string;
}

/**
 * Somebody asks us into the conversation `id`. `invite` is the `add` that names us, null between two people; `received` is our time; `avatar` the
 * bytes of a small picture, base64url.
 */
export interface Request {
  readonly id: string;
  readonly from: string;
  readonly received: number;
  readonly invite: string | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly avatar: string | null;
}

const contactList = schema.listing(
  schema.closed({
    account: schema.key,
    standing: schema.oneOf("added", "removed", "blocked"),
    number: schema.integer(1),
    device: schema.key,
  }),
  1,
  MOST_CONTACTS,
);

/** 1 to 100 entries, sorted by account, each once. */
export const checkContacts: Check = (value, path) => {
  const entries = schema.matches<ContactEntry[]>(contactList, value, path);
  if (!schema.ascending(entries.map(({ account }) => account))) throw schema.schemaError(path);
};

/** Those of one account, as one of its devices knows them. */
export class Requests {
  private readonly account: string;
  private readonly waiting = new Map<string, Request>();
  /** By conversation, the invitations that were turned down. */
  private readonly declined = new Map<string, Set<string | null>>();
  /** Conversation, invitation and sender of those that were taken back, oldest first. */
  private readonly withdrawals = new Set<string>();
  private readonly sent = new Map<string, { readonly whom: string; readonly time: number }>();
  /** By conversation, the invitation that brought us there. */
  private readonly open = new Map<string, string | null>();
  /** By conversation of two that we are in or asked for, the other account. */
  private readonly partners = new Map<string, string>();
  /** By conversation, whom we asked to let us in. */
  private readonly asksFor = new Map<string, string>();
  private readonly held = new Map<string, Register<Standing>>();

  constructor(account: string) {
    this.account = account;
  }

  /** Those to be answered, oldest first. */
  get pending(): readonly Request[] {
    return [...this.waiting.values()].sort((a, b) => a.received - b.received || (a.id < b.id ? -1 : 1));
  }

  standing(account: string): Standing | null {
    return this.held.get(account)?.value ?? null;
  }

  /** What a device that knows nothing is told, by account. */
  get contacts(): readonly ContactEntry[] {
    return [...this.held.keys()].sort().flatMap((account) => this.entry(account));
  }

  /**
   * A request came. `accepted`: join at once, for we asked to be let in (again), or have one conversation with them already, or had asked them too.
   * `too_many` if too many wait.
   */
  receive(request: Request): Received {
    const { id, from, invite } = request;
    if (from === this.account || this.standing(from) === "blocked") return "ignored";
    if (this.asksFor.get(id) === from) {
      this.enter(request);
      return "accepted";
    }
    if (this.declined.get(id)?.has(invite) || this.withdrawals.has(named(id, invite, from))) return "ignored";
    if (this.waiting.has(id) || this.open.has(id)) return "known";
    if (invite === null && [...this.partners.values()].filter((whom) => whom === from).length === 1) {
      this.enter(request);
      return "accepted";
    }
    if (this.waiting.size >= MOST) throw new ProtocolError("too_many", "requests");
    this.waiting.set(id, request);
    return "shown";
  }

  /** Takes a request up: join, and tell by joining. `refused` if none waits. */
  accept(swarm: string): Request {
    const request = this.request(swarm);
    this.enter(request);
    return request;
  }

  /** Turns a request down; to be told to the own other devices, to nobody else. `refused` if none waits. */
  decline(swarm: string): Request {
    const request = this.request(swarm);
    this.heardDeclined(swarm, request.invite);
    return request;
  }

  /** Another own device turned this down, perhaps before the request came here. Not told again. */
  heardDeclined(swarm: string, invite: string | null): void {
    if (this.open.has(swarm)) return;
    this.refuse(swarm, invite);
    if (this.waiting.get(swarm)?.invite === invite) this.waiting.delete(swarm);
  }

  /** This account takes its request back, perhaps before it came. Another's, or one that was taken up, stays. */
  withdrawn(swarm: string, invite: string | null, sender: string): void {
    const waiting = this.waiting.get(swarm);
    if (waiting?.invite === invite && waiting.from === sender) this.waiting.delete(swarm);
    this.withdrawals.delete(named(swarm, invite, sender));
    this.withdrawals.add(named(swarm, invite, sender));
    for (const oldest of this.withdrawals) {
      if (this.withdrawals.size <= MOST) break;
      this.withdrawals.delete(oldest);
    }
  }

  /** We are in, or they came in: on whatever device. */
  opened(swarm: string): void {
    const request = this.waiting.get(swarm);
    if (request !== undefined) this.enter(request);
    this.sent.delete(swarm);
    if (!this.open.has(swarm)) this.open.set(swarm, null);
  }

  /** We ask this account to let us in, perhaps into what we had removed: its request is the answer. */
  wanted(swarm: string, whom: string): void {
    if (!this.open.has(swarm)) this.asksFor.set(swarm, whom);
  }

  /**
   * The conversation was removed: only another invitation brings it back, as a request, or one that we ask for. The account to be told that our request
   * is taken back, if it did not answer yet.
   */
  closed(swarm: string): string | null {
    const whom = this.sent.get(swarm)?.whom ?? null;
    this.refuse(swarm, this.open.get(swarm) ?? this.waiting.get(swarm)?.invite ?? null);
    for (const each of [this.waiting, this.sent, this.open, this.partners, this.asksFor]) each.delete(swarm);
    return whom;
  }

  private enter({ id, from, invite }: Request): void {
    this.waiting.delete(id);
    this.asksFor.delete(id);
    this.declined.get(id)?.delete(invite);
    this.open.set(id, invite);
    if (invite === null) this.partners.set(id, from);
  }

  /** We sent a request that begins a conversation of two. */
  asked(swarm: string, whom: string, now: number): void {
    if (this.open.has(swarm)) return;
    this.sent.set(swarm, { whom, time: now });
    this.partners.set(swarm, whom);
  }

  /** Somebody is there again: the conversations whose requests are to be sent once more, each at most once an hour. */
  returned(account: string, now: number): readonly string[] {
    const due = [...this.sent].filter(([, { whom, time }]) => whom === account && now - time >= ASK_AGAIN);
    for (const [swarm] of due) this.sent.set(swarm, { whom: account, time: now });
    return due.map(([swarm]) => swarm).sort();
  }

  /** Adds, removes or blocks somebody; the entries to tell the own other devices, none for oneself. */
  put(account: string, standing: Standing, device: string): readonly ContactEntry[] {
    if (account === this.account) return [];
    this.keep(account, { value: standing, number: nextNumber(this.held.values()), device });
    return this.entry(account);
  }

  /** Takes checked entries of an own device; the accounts that stand otherwise now. */
  merge(entries: readonly ContactEntry[]): readonly string[] {
    const changed: string[] = [];
    for (const { account, standing, number, device } of entries) {
      const register = { value: standing, number, device };
      if (!replaces(register, this.held.get(account))) continue;
      if (this.standing(account) !== standing) changed.push(account);
      this.keep(account, register);
    }
    return changed;
  }

  private entry(account: string): readonly ContactEntry[] {
    const held = this.held.get(account);
    return held === undefined
      ? []
      : [{ account, standing: held.value, number: held.number, device: held.device }];
  }

  private keep(account: string, register: Register<Standing>): void {
    this.held.set(account, register);
    if (register.value !== "blocked") return;
    for (const { id, from } of this.waiting.values()) if (from === account) this.waiting.delete(id);
    for (const [swarm, { whom }] of this.sent) if (whom === account) this.sent.delete(swarm);
    for (const [swarm, whom] of this.asksFor) if (whom === account) this.asksFor.delete(swarm);
  }

  private refuse(swarm: string, invite: string | null): void {
    this.declined.set(swarm, (this.declined.get(swarm) ?? new Set()).add(invite));
  }

  private request(swarm: string): Request {
    const found = this.waiting.get(swarm);
    if (found === undefined) throw new ProtocolError("refused", "request");
    return found;
  }
}

function named(swarm: string, invite: string | null, sender: string): string {
  return `${swarm} ${invite ?? ""} ${sender}`;
}
