/**
 * Whose keys are whose: device lists and prekeys by address, asked of the own site, verified here and remembered (SPEC 4.2, 4.4).
 *
 * Promise: the account first seen at an address stays the one that counts; another one is noted on the contact and refused as `changed_key` until the
 * person accepts it. A list older than the known one is never used, nor a device that was ever revoked.
 */

import { Address } from "../../protocol/addresses.ts";
import type { Certificate } from "../../protocol/certificates.ts";
import { verifyDeviceList } from "../../protocol/certificates.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import type { KeyKnowledge } from "../../protocol/knowledge.ts";
import { activeDevices, learn } from "../../protocol/knowledge.ts";
import type { KeysDocument } from "../../protocol/prekeys.ts";
import { recipients, verifyKeysDocument } from "../../protocol/prekeys.ts";
import { verifyRevocations } from "../../protocol/revocations.ts";
import type { Recipient } from "../../protocol/seal.ts";
import type { ContactRow } from "../../storage/records.ts";
import { LocalFault } from "../faults.ts";
import type { Core } from "./core.ts";
import type { Wire } from "./wire.ts";

/** How long a keys document serves without asking anew. Claims are limited to one a minute and address. */
const FRESH = 60_000;
/** How long it serves for what is told often and kept by nobody. */
const LATELY = 3_600_000;
/** Errors of a question that a remembered document may answer instead. */
const PASSING: ReadonlySet<string> = new Set(["offline", "unreachable", "too_many", "internal"]);

export interface Person {
  readonly account: string;
  /** All devices: listed in the newest known list and not revoked. */
  readonly devices: ReadonlySet<string>;
  /** Those of them that are vaults. */
  readonly vaults: ReadonlySet<string>;
  /** Whom to seal to. */
  readonly recipients: readonly Recipient[];
}

interface Known {
  readonly knowledge: KeyKnowledge;
  readonly prekeys: KeysDocument["prekeys"];
  readonly fetched: number;
}

export class Directory {
  private readonly core: Core;
  private readonly wire: Wire;
  private readonly known = new Map<string, Known>();

  constructor(core: Core, wire: Wire) {
    this.core = core;
    this.wire = wire;
  }

  /** The next question about this address goes to the site. */
  forget(address: string): void {
    this.known.delete(address);
  }

  /** Who lives there and whom to seal to, with fresh one-time prekeys, if they are to be claimed, at most once a minute. */
  async person(address: Address, claim = true): Promise<Person> {
    const text = String(address);
    const known = this.known.get(text);
    if (known !== undefined && this.core.now - known.fetched < FRESH)
      return person(known, new Map(), this.core.now);
    return this.asked(address, claim, known);
  }

  /** The same without one-time prekeys, as of the last hour. */
  async lately(address: Address): Promise<Person> {
    const text = String(address);
    const known = this.known.get(text) ?? (await this.recall(text));
    const fetched = (await this.contact(text))?.fetched ?? 0;
    const isLate = this.core.now - Math.max(known?.fetched ?? 0, fetched) >= LATELY;
    if (known !== undefined && !isLate) return person(known, new Map(), this.core.now);
    return this.asked(address, false, known);
  }

  private async asked(address: Address, claim: boolean, known: Known | undefined): Promise<Person> {
    const text = String(address);
    try {
      const { found, oneTime } = await this.ask(address, claim);
      return person(found, oneTime, this.core.now);
    } catch (error) {
      const remembered = isPassing(error) ? (known ?? (await this.recall(text))) : undefined;
      if (remembered === undefined) throw error;
      return person(remembered, new Map(), this.core.now);
    }
  }

  /**
   * The certificate of a device that sent something; null when its account does not list it. Throws `offline`, `unreachable` and the like when that
   * cannot be known now.
   */
  async sender(address: Address, device: string): Promise<Certificate | null> {
    const text = String(address);
    const known = this.known.get(text) ?? (await this.recall(text));
    const certificate = known && activeDevices(known.knowledge).get(device);
    if (certificate !== undefined) return certificate;
    const { found } = await this.ask(address, false);
    return activeDevices(found.knowledge).get(device) ?? null;
  }

  contact(address: string): Promise<ContactRow | undefined> {
    return this.core.db.get("contacts", address);
  }

  /** From now on the address stands for the account that it names now. */
  async acceptChange(address: string): Promise<void> {
    const contact = await this.contact(address);
    if (contact === undefined || contact.changed === null) return;
    this.known.delete(address);
    const fresh = await this.question(Address.parse(address), false);
    if (fresh.document.list.account !== contact.changed) throw new LocalFault("changed_key");
    await this.remember(address, fresh.document, fresh.wire, null);
  }

  private async ask(
    address: Address,
    claim: boolean,
  ): Promise<{ found: Known; oneTime: ReadonlyMap<string, string | null> }> {
    const { document: served, wire, oneTime } = await this.question(address, claim);
    const text = String(address);
    const contact = await this.contact(text);
    if (contact !== undefined && contact.account !== served.list.account) {
      this.known.delete(text);
      await this.core.commit({ contacts: [{ ...contact, changed: served.list.account }] });
      throw new LocalFault("changed_key");
    }
    return { found: await this.remember(text, served, wire, contact ?? null), oneTime };
  }

  private async question(address: Address, claim: boolean) {
    const envelope = await this.wire.toSite("keys", { address: address.wire(), claim });
    const { keys, one_time } = (await this.wire.ask(envelope.id, envelope.raw)).data;
    if (keys === null) throw new ProtocolError("unknown_recipient");
    const own = address.equals(this.core.self.address) ? this.core.self.account : null;
    const document = verifyKeysDocument(this.core.sodium, keys, own);
    const oneTime = new Map(Object.entries((one_time ?? {}) as Record<string, string | null>));
    return { document, wire: keys, oneTime };
  }

  /** Stores what is known after this was served: no list or revocation that was known before is lost. */
  private async remember(
    address: string,
    served: KeysDocument,
    keys: unknown,
    contact: ContactRow | null,
  ): Promise<Known> {
    const before = contact === null ? null : this.knowledgeOf(contact);
    const { knowledge } = learn(before, served);
    const { list, revocations, freshness } = knowledge;
    const row = {
      address,
      account: list.account,
      changed: null,
      list: list.wire,
      revocations: [...revocations.values()],
      freshness,
      keys,
      fetched: this.core.now,
    };
    await this.core.commit({ contacts: [row] });
    const known = { knowledge, prekeys: served.prekeys, fetched: this.core.now };
    this.known.set(address, known);
    return known;
  }

  private knowledgeOf({ account, list, revocations, freshness }: ContactRow): KeyKnowledge {
    const { sodium } = this.core;
    return {
      list: verifyDeviceList(sodium, list),
      revocations: verifyRevocations(sodium, revocations ?? [], account),
      freshness: freshness ?? null,
    };
  }

  private async recall(address: string): Promise<Known | undefined> {
    const contact = await this.contact(address);
    if (contact === undefined || contact.changed !== null) return undefined;
    const { prekeys } = verifyKeysDocument(this.core.sodium, contact.keys, contact.account);
    const known = { knowledge: this.knowledgeOf(contact), prekeys, fetched: 0 };
    this.known.set(address, known);
    return known;
  }
}

function person(
  { knowledge, prekeys }: Known,
  oneTime: ReadonlyMap<string, string | null>,
  now: number,
): Person {
  const active = activeDevices(knowledge);
  return {
    account: knowledge.list.account,
    devices: new Set(active.keys()),
    vaults: new Set([...active].flatMap(([device, { role }]) => (role === "vault" ? device : []))),
    recipients: recipients(knowledge, prekeys, oneTime, now),
  };
}

function isPassing(error: unknown): boolean {
  return error instanceof Error && "code" in error && PASSING.has(String(error.code));
}
