/**
 * First run and later logins: which keys this browser holds for the member, and the ways from none to enrolled (SPEC section 4).
 *
 * Promise: the keys are on disk before the site hears of them, and a device list is put up again after a failure, with the same keys. What the account
 * revoked is erased here.
 */

import { Address } from "../../protocol/addresses.ts";
import { verifyDeviceList } from "../../protocol/certificates.ts";
import { verifyFreshness } from "../../protocol/freshness.ts";
import type { KeyKnowledge } from "../../protocol/knowledge.ts";
import { makePossession } from "../../protocol/possession.ts";
import { listWith, rebuild } from "../../protocol/relisting.ts";
import { verifyRevocations } from "../../protocol/revocations.ts";
import type { Database } from "../../storage/indexeddb.ts";
import { commit } from "../../storage/indexeddb.ts";
import type { SelfRow } from "../../storage/records.ts";
import { signKey } from "../../storage/webcrypto.ts";
import type { Member } from "../engine.ts";
import { codeOf, LocalFault } from "../faults.ts";
import type { IdentityStatus } from "../views.ts";
import type { Linked } from "./newcomer.ts";
import type { Outside } from "./outside.ts";
import { requireRoom } from "./own-keys.ts";
import type { Self } from "./self.ts";
import { newAccount, rootDevice, rootFromPhrase } from "./self.ts";

/** The site has gone on without the list that this browser made. */
const OVERTAKEN: ReadonlySet<string> = new Set(["device_list_stale", "device_list_conflict"]);

export class Enrolment {
  private readonly db: Database;
  private readonly outside: Outside;
  private readonly member: Member;
  private draft: Self | null = null;
  /** The account that was enrolled since the member signed in. */
  private enrolled: string | null;

  constructor(db: Database, outside: Outside, member: Member) {
    this.db = db;
    this.outside = outside;
    this.member = member;
    this.enrolled = member.account;
  }

  /** What the stored keys amount to. */
  status(row: SelfRow | null): IdentityStatus {
    if (this.enrolled === null) return "none";
    return row?.enrolled && row.account === this.enrolled ? "ready" : "unlinked";
  }

  private get address(): Address {
    return Address.fromWire(this.member.address);
  }

  /** The words of a new account, kept in memory until `enrol`. */
  async create(): Promise<readonly string[]> {
    if (this.enrolled !== null) throw new LocalFault("account_exists");
    const { clock, random, sodium } = this.outside;
    const { self, words } = await newAccount(this.address, await sodium(), random, clock.now());
    this.draft = self;
    return words;
  }

  /** Stores what `create` made and puts the list up; without a draft, what was stored by an earlier try. */
  async enrol(): Promise<void> {
    const row = this.draft?.row ?? (await this.db.get("self", "self"));
    if (row === undefined) throw new LocalFault("not_ready");
    if (this.draft !== null) await commit(this.db, { fresh: true, self: row });
    this.draft = null;
    await this.publish(row);
  }

  /**
   * The words make this browser one that holds the account key. `lost`: all other devices are gone and are revoked. Throws `recovery_phrase` for words
   * that are none, `other_phrase` for those of another account, `recent_login`, and what verification of the site's answer finds.
   */
  async byPhrase(words: string, lost: boolean): Promise<void> {
    const sodium = await this.outside.sodium();
    const root = await rootFromPhrase(words, sodium);
    if (root.public !== this.enrolled) throw new LocalFault("other_phrase");
    const found = await this.known(root.public);
    if (!lost) requireRoom(found.list.wire);
    const now = this.outside.clock.now();
    const device = await rootDevice(root, now);
    const key = signKey(root);
    const made = lost
      ? await rebuild(key, [found], [device.certificate], now)
      : {
          list: await listWith(key, found.list.wire, device.certificate, now),
          revocations: found.revocations,
        };
    const row: SelfRow = {
      name: "self",
      address: this.address.wire(),
      account: root.public,
      ...device,
      root,
      list: made.list,
      revocations: [...made.revocations.values()],
      enrolled: false,
      siteKey: null,
    };
    await commit(this.db, { fresh: true, self: row });
    await this.publish(row);
  }

  /** Neither phrase nor device is left: the site forgets the account, this browser whatever it held of one, and `create` may make another. */
  async abandon(username: string): Promise<void> {
    await this.outside.site.abandon(username);
    await commit(this.db, { fresh: true });
    this.enrolled = null;
  }

  /** Another browser of the account has certified this one. */
  async linked({ device, dh, enrolment }: Linked): Promise<void> {
    const { certificate, list, address, siteKey } = enrolment;
    const row: SelfRow = {
      name: "self",
      address: address.wire(),
      account: certificate.account,
      device,
      dh,
      root: null,
      certificate,
      list: list.wire,
      enrolled: true,
      siteKey,
    };
    await commit(this.db, { fresh: true, self: row });
  }

  /**
   * After a login: the site has the list although its answer was lost, or has it not although the keys were stored; it was made anew and knows nothing
   * of the account that this browser holds; or this browser was revoked meanwhile.
   */
  async resume(row: SelfRow | null): Promise<void> {
    if (row === null) return;
    if (this.enrolled === null) {
      await commit(this.db, { self: { ...row, siteKey: null } });
      await this.enrol();
    } else if (this.enrolled === row.account) {
      if (!row.enrolled) await this.publishAgain(row);
      else if (await this.isRevoked(row)) await commit(this.db, { fresh: true });
    }
  }

  private async publishAgain(row: SelfRow): Promise<void> {
    try {
      await this.publish(row);
    } catch (error) {
      if (!OVERTAKEN.has(codeOf(error))) throw error;
      await commit(this.db, { fresh: true });
    }
  }

  private async publish(row: SelfRow): Promise<void> {
    const { site, clock } = this.outside;
    const proof = await makePossession(row.account, signKey(row.device), this.address, clock.now());
    await site.putDeviceList(row.list, row.revocations ?? [], proof);
    await commit(this.db, { self: { ...row, enrolled: true } });
    this.enrolled = row.account;
  }

  /** Only on the word of the account or of its vault; not when nobody can be asked. */
  private async isRevoked({ account, device }: SelfRow): Promise<boolean> {
    const known = await this.known(account).catch(() => null);
    return known?.revocations.has(device.public) ?? false;
  }

  /** What the site says of the account, verified. */
  private async known(account: string): Promise<KeyKnowledge> {
    const [sodium, said] = await Promise.all([this.outside.sodium(), this.outside.site.ownKeys()]);
    if (said.list === null) throw new LocalFault("not_ready");
    const list = verifyDeviceList(sodium, said.list);
    const { freshness } = said;
    return {
      list,
      revocations: verifyRevocations(sodium, said.revocations, account),
      freshness: freshness === null ? null : verifyFreshness(sodium, freshness, list),
    };
  }
}
