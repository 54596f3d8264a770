/**
 * The own device list as the site shows it, and what this browser says about it: taken when newer, changed by whoever holds the account key, vouched
 * for daily (SPEC 4.9, 4.11, 4.14).
 *
 * Promise: nothing that was known is lost to what the site shows; what it turned or kept back is an alarm. A revocation is at the site before it is
 * here.
 */

import { signal } from "@preact/signals";
import type { Certificate, DeviceListWire } from "../../protocol/certificates.ts";
import { MAX_DEVICES, verifyDeviceList } from "../../protocol/certificates.ts";
import { makeFreshness, verifyFreshness } from "../../protocol/freshness.ts";
import type { Alarm, KeyKnowledge } from "../../protocol/knowledge.ts";
import { learn, statementDue } from "../../protocol/knowledge.ts";
import { verifyKeysDocument } from "../../protocol/prekeys.ts";
import { listWith, listWithout } from "../../protocol/relisting.ts";
import type { Revocations } from "../../protocol/revocations.ts";
import { makeRevocation, unite, verifyRevocations } from "../../protocol/revocations.ts";
import type { SelfRow } from "../../storage/records.ts";
import { codeOf, LocalFault } from "../faults.ts";
import type { Core } from "./core.ts";
import type { Directory } from "./directory.ts";
import { allPostsFor, histories } from "./letters-due.ts";
import type { SodiumLibrary } from "./sodium.ts";
import type { Wire } from "./wire.ts";

/** A site that says one of these about the own account hides or swaps devices. */
const ALARMING: ReadonlySet<string> = new Set(["certificate_account", "certificate_device", "signature"]);
const ALARMS: Readonly<Record<Alarm, string | null>> = {
  rolled_back: "device_list_stale",
  conflict: "device_list_conflict",
  withheld: "device_list_withheld",
  revoked: null,
};

export class OwnKeys {
  /** The code of what is wrong with the own device list as the site shows it. */
  readonly alarm = signal<string | null>(null);
  private readonly core: Core;
  private readonly wire: Wire;
  private readonly directory: Directory;
  /** Mail is owed. */
  private readonly changed: () => void;

  constructor(core: Core, wire: Wire, directory: Directory, changed: () => void) {
    this.core = core;
    this.wire = wire;
    this.directory = directory;
    this.changed = changed;
  }

  /** Learns what the site shows; says again what it forgot, and once a day that nothing is newer. */
  async compare(): Promise<void> {
    try {
      this.alarm.value = await this.refresh();
    } catch (error) {
      const code = codeOf(error);
      if (ALARMING.has(code)) this.alarm.value = code;
      return;
    }
    await this.vouch();
  }

  private async refresh(): Promise<string | null> {
    const { self, sodium } = this.core;
    const question = await this.wire.toSite("keys", { address: self.address.wire(), claim: false });
    const { keys } = (await this.wire.ask(question.id, question.raw)).data;
    if (keys === null) return ALARMS.withheld;
    const served = verifyKeysDocument(sodium, keys, self.account);
    const { knowledge, alarms } = learn(knowledgeOf(sodium, this.core.self.row), served);
    await this.adopt(knowledge);
    return alarms.map((alarm) => ALARMS[alarm]).find((code) => code !== null) ?? null;
  }

  /** The list with one device more, at the site, then here, together with what it owes the new device. */
  async add(certificate: Certificate): Promise<DeviceListWire> {
    const { self, now } = this.core;
    const list = await listWith(this.root(), self.row.list, certificate, now);
    await this.publish(list, []);
    return list;
  }

  /** Takes a device off the list that never came to be one. */
  async withdraw(device: string): Promise<void> {
    const { self, now } = this.core;
    await this.publish(await listWithout(this.root(), self.row.list, device, now), []);
  }

  /** For ever, and for all who hear of the account. Throws `recent_login`, and `no_keys` without the account key. */
  async revoke(device: string): Promise<void> {
    const { self, now } = this.core;
    const root = this.root();
    const list = await listWithout(root, self.row.list, device, now);
    const revocation = await makeRevocation(root, { account: self.account, device, vault: null }, now);
    await this.publish(list, [revocation]);
    await this.vouch();
  }

  private root() {
    const { root } = this.core.self;
    if (root === null) throw new LocalFault("no_keys");
    return root;
  }

  private async publish(wire: DeviceListWire, fresh: SelfRow["revocations"] & object): Promise<void> {
    const known = knowledgeOf(this.core.sodium, this.core.self.row);
    const added: Revocations = new Map(fresh.map((each) => [each.device, each]));
    const revocations = unite(known.revocations, added);
    await this.core.outside.site.putDeviceList(wire, [...revocations.values()]);
    const served = { list: verifyDeviceList(this.core.sodium, wire), revocations, freshness: null };
    await this.adopt(learn(known, served).knowledge);
  }

  /** Makes what is known durable, and owes devices that are new in the list all conversations, and new vaults all own posts. */
  private async adopt(known: KeyKnowledge): Promise<void> {
    const { core } = this;
    const before = core.self.row;
    if (!differs(before, known)) return;
    await core.serial(async () => {
      const mine = new Set(core.self.row.list.devices.map(({ device }) => device));
      const added = [...known.list.devices.keys()].filter((device) => !mine.has(device));
      const swarms = added.length === 0 ? [] : await core.db.getAllKeys("swarms");
      const vaults = added.filter((device) => known.list.devices.get(device)?.role === "vault");
      const owed = swarms.flatMap((swarm) => histories(core, swarm, added));
      const outbox = [...owed, ...allPostsFor(core, vaults)];
      await core.become(rowOf(known), { outbox });
    });
    this.directory.forget(String(core.self.address));
    this.changed();
  }

  private async vouch(): Promise<void> {
    const { core } = this;
    const known = knowledgeOf(core.sodium, core.self.row);
    const vouches = core.self.root !== null && known.list.devices.get(core.self.device)?.role === "root";
    if (!vouches || !(this.alarm.value === "device_list_stale" || statementDue(known, core.now))) return;
    const word = await makeFreshness(core.self.sign, known.list, [...known.revocations.keys()], core.now);
    const envelope = await this.wire.toSite("vouch", {
      list: known.list.wire,
      revocations: [...known.revocations.values()],
      freshness: word,
    });
    await this.wire.ask(envelope.id, envelope.raw);
    await core.serial(() => core.become({ freshness: word }));
  }
}

/** A device list that is full takes no further device: told before anybody compares codes. */
export function requireRoom({ devices }: DeviceListWire): void {
  if (devices.length >= MAX_DEVICES) throw new LocalFault("devices_full");
}

/** What was stored of the own account, verified anew. */
export function knowledgeOf(
  sodium: SodiumLibrary,
  { account, list, revocations, freshness }: Pick<SelfRow, "account" | "list" | "revocations" | "freshness">,
): KeyKnowledge {
  const verified = verifyDeviceList(sodium, list);
  return {
    list: verified,
    revocations: verifyRevocations(sodium, revocations ?? [], account),
    freshness: freshness ? verifyFreshness(sodium, freshness, verified) : null,
  };
}

function rowOf({ list, revocations, freshness }: KeyKnowledge): Partial<SelfRow> {
  return { list: list.wire, revocations: [...revocations.values()], freshness };
}

function differs(row: SelfRow, { list, revocations, freshness }: KeyKnowledge): boolean {
  return (
    row.list.number !== list.number ||
    (row.revocations ?? []).length !== revocations.size ||
    (row.freshness ?? null)?.sig !== freshness?.sig
  );
}
