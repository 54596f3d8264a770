/**
 * First run and later logins: which keys this browser holds for the member, and the way from none to enrolled (SPEC section 4).
 *
 * Promise: the keys are on disk before the site hears of them, and the first device list is put up again after a failure, with the same keys.
 */

import { Address } from "../../protocol/addresses.ts";
import type { Database } from "../../storage/indexeddb.ts";
import { commit } from "../../storage/indexeddb.ts";
import type { SelfRow } from "../../storage/records.ts";
import type { Member } from "../engine.ts";
import { LocalFault } from "../faults.ts";
import type { IdentityStatus } from "../views.ts";
import type { Outside } from "./outside.ts";
import type { Self } from "./self.ts";
import { newAccount } from "./self.ts";

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

  /** The words of a new account, kept in memory until `enrol`. */
  async create(): Promise<readonly string[]> {
    if (this.enrolled !== null) throw new LocalFault("account_exists");
    const { clock, random, sodium } = this.outside;
    const address = Address.fromWire(this.member.address);
    const { self, words } = await newAccount(address, await sodium(), random, clock.now());
    this.draft = self;
    return words;
  }

  /** Stores what `create` made and puts the list up; without a draft, what was stored by an earlier try. */
  async enrol(): Promise<SelfRow> {
    const row = this.draft?.row ?? (await this.db.get("self", "self"));
    if (row === undefined) throw new LocalFault("not_ready");
    if (this.draft !== null) await commit(this.db, { fresh: true, self: row });
    this.draft = null;
    await this.outside.site.putDeviceList(row.list);
    return this.confirmed(row);
  }

  /**
   * After a login: the site has the list although its answer was lost, or has it not although the words were confirmed; or it was made anew and knows
   * nothing of the account that this browser holds.
   */
  async resume(row: SelfRow | null): Promise<void> {
    if (row === null) return;
    if (this.enrolled === null) {
      await commit(this.db, { self: { ...row, siteKey: null } });
      await this.enrol();
    } else if (this.enrolled === row.account && !row.enrolled) await this.confirmed(row);
  }

  private async confirmed(row: SelfRow): Promise<SelfRow> {
    const enrolled = { ...row, enrolled: true };
    await commit(this.db, { self: enrolled });
    this.enrolled = row.account;
    return enrolled;
  }
}
