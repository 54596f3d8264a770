/**
 * Telling one's contacts that one is here, and who of them is (SPEC 7.8): sealed, live, never stored.
 *
 * Promise: nobody but the other side of an open conversation is told or believed, nothing is told while the person hides the light, and a light that is
 * not renewed goes out by itself.
 */

import { signal } from "@preact/signals";
import { Address } from "../../protocol/addresses.ts";
import type { Bytes } from "../../protocol/encoding.ts";
import type { Envelope } from "../../protocol/envelope.ts";
import { checkTime, verifyEnvelope } from "../../protocol/envelope.ts";
import { makePresence, readLetter } from "../../protocol/letters.ts";
import type { PrekeyHolder } from "../../protocol/ports.ts";
import type { Recipient } from "../../protocol/seal.ts";
import { openMail } from "../../protocol/seal.ts";
import { Callers, Company, LIFE, RENEW } from "../../protocol/swarm/presence.ts";
import type { SwarmRow } from "../../storage/records.ts";
import type { Core } from "./core.ts";
import type { Directory } from "./directory.ts";
import { prekeyHolder } from "./prekeys.ts";
import { sealFor } from "./sealing.ts";
import type { Wire } from "./wire.ts";

const LOOK_EVERY = 30_000;

/** Somebody with whom there is an open conversation: where they live, text form, and who that is. */
interface Contact {
  readonly address: string;
  readonly account: string;
}

export class Presence {
  /** The accounts that are here, sorted. */
  readonly here = signal<readonly string[]>([]);
  private readonly core: Core;
  private readonly wire: Wire;
  private readonly directory: Directory;
  private company = new Company();
  private readonly callers = new Callers();
  /** By address of who was told, what says that one has gone: sealed beforehand, for there is no time when the page closes. */
  private readonly farewells = new Map<string, Bytes>();
  /** Whether the person lets others see the light; not told while it is not known. */
  private shown = false;
  private connected = false;
  private cancelRound: () => void = () => {};
  private cancelLook: () => void = () => {};

  constructor(core: Core, wire: Wire, directory: Directory) {
    this.core = core;
    this.wire = wire;
    this.directory = directory;
  }

  /** Connected: tells all contacts and asks them. */
  async begin(): Promise<void> {
    this.connected = true;
    await this.round(true);
  }

  /** The person shows or hides the light. */
  async lightChanged(): Promise<void> {
    if (this.connected) await this.round(true);
  }

  /** Not connected any more: who is here is not known. */
  end(): void {
    this.connected = false;
    this.cancelRound();
    this.farewells.clear();
    this.company = new Company();
    this.look();
  }

  /** Whoever was told hears that one has gone. Returns at once. */
  leave(): void {
    for (const raw of this.farewells.values()) this.wire.tell(raw);
    this.farewells.clear();
  }

  /** Something came or was done in this conversation: if it has become an open one, they are told. */
  async met(swarm: string): Promise<void> {
    const row = await this.core.db.get("swarms", swarm);
    const contact = row === undefined ? null : await this.contactOf(row);
    if (contact === null || this.farewells.has(contact.address)) return;
    if (this.connected && this.shown) await this.tell(contact, true);
  }

  /** Throws whatever is wrong with the envelope; it has no effect then. */
  async receive(envelope: Envelope): Promise<void> {
    const { core } = this;
    const contact = await this.contactAt(String(envelope.from));
    if (contact === null || !envelope.to.equals(core.self.address)) return;
    checkTime(envelope, core.now);
    verifyEnvelope(core.sodium, envelope);
    const sender = await this.directory.sender(envelope.from, envelope.fromDevice);
    if (sender?.account !== contact.account) return;
    const { device, dh } = core.self;
    const opened = await openMail(core.sodium, envelope, device, dh, signedOnly(core), sender.dh);
    const letter = readLetter(opened.plaintext);
    if (letter.kind !== "presence" || !this.connected) return;
    this.company.heard(contact.account, sender.device, letter.here, envelope.time, core.now);
    this.look();
    if (letter.answer && this.shown && this.callers.asks(sender.device, core.now)) {
      await this.tell(contact, false, sender.device);
    }
  }

  /** Whoever is at this address hears, if they were told, that one has gone. */
  async hideFrom(address: string): Promise<void> {
    const farewell = this.farewells.get(address);
    this.farewells.delete(address);
    if (farewell !== undefined) this.wire.tell(farewell);
  }

  private async round(ask: boolean): Promise<void> {
    this.cancelRound();
    this.cancelRound = this.core.outside.after(RENEW, () => void this.round(false).catch(() => undefined));
    this.shown = await this.core.outside.site.lightShown();
    if (!this.shown) this.leave();
    for (const contact of this.shown ? await this.contacts() : []) {
      if (!this.connected || !this.shown) return;
      await this.tell(contact, ask).catch(() => undefined); // the others are told all the same
    }
  }

  /** Tells that one is here, all devices of a contact or one of them, and keeps what is to be said at the end. */
  private async tell({ address, account }: Contact, ask: boolean, only?: string): Promise<void> {
    const person = await this.directory.lately(Address.parse(address));
    const watching = person.recipients.filter(({ device }) => !person.vaults.has(device));
    const recipients = only === undefined ? watching : watching.filter(({ device }) => device === only);
    if (person.account !== account || recipients.length === 0) return;
    const raw = await this.sealed(address, makePresence(true, ask), recipients);
    const farewell = await this.sealed(address, makePresence(false, false), watching);
    if (!this.connected || !this.shown || !this.wire.tell(raw)) return;
    this.farewells.set(address, farewell);
  }

  private async sealed(address: string, letter: Bytes, recipients: readonly Recipient[]): Promise<Bytes> {
    const to = Address.parse(address);
    return (await sealFor(this.core, { to, type: "presence", ttl: LIFE }, letter, recipients)).raw;
  }

  private async contacts(): Promise<readonly Contact[]> {
    const rows = await this.core.db.getAll("swarms");
    const found = await Promise.all(rows.map((row) => this.contactOf(row)));
    return [...new Map(found.flatMap((each) => (each === null ? [] : [[each.address, each]]))).values()];
  }

  private async contactAt(address: string): Promise<Contact | null> {
    const known = await this.directory.contact(address);
    const rows =
      known === undefined ? [] : await this.core.db.getAllFromIndex("swarms", "peer", known.account);
    const found = await Promise.all(rows.map((row) => this.contactOf(row)));
    return found.find((each) => each?.address === address) ?? null;
  }

  /** Null unless both are in the conversation, and the address stands for the account it always stood for. */
  private async contactOf({ state, peer, address }: SwarmRow): Promise<Contact | null> {
    if (state !== "open" || address === null || peer === this.core.self.account) return null;
    const known = await this.directory.contact(address);
    return known?.account === peer && known.changed === null ? { address, account: peer } : null;
  }

  /** Shows who is here, and looks again while somebody is. */
  private look(): void {
    const accounts = this.company.accounts(this.core.now);
    if (accounts.join() !== this.here.value.join()) this.here.value = accounts;
    this.cancelLook();
    if (accounts.length > 0) this.cancelLook = this.core.outside.after(LOOK_EVERY, () => this.look());
  }
}

/** What is never stored cannot use up a one-time prekey. */
function signedOnly(core: Core): PrekeyHolder {
  return { ...prekeyHolder(core), oneTime: async () => null };
}
