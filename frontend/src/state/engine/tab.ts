/** The private side as one tab has it: it shows from storage, and either leads or asks the tab that does. */

import type { ReadonlySignal } from "@preact/signals";
import { computed, effect, signal } from "@preact/signals";
import { Address } from "../../protocol/addresses.ts";
import type { Database } from "../../storage/indexeddb.ts";
import { openDatabase } from "../../storage/indexeddb.ts";
import type { Engine, Member } from "../engine.ts";
import { codeOf, LocalFault } from "../faults.ts";
import type {
  ChangeView,
  CommentChangeText,
  CommentText,
  ConnectionView,
  ConversationView,
  DeviceView,
  IdentityStatus,
  IdentityView,
  LinkView,
  MessageView,
  PairingView,
  PostDraft,
  SignedChange,
  SignedComment,
  SignedPost,
  WaitingVault,
} from "../views.ts";
import { Asking } from "./asking.ts";
import type { Command } from "./commands.ts";
import { runCommand } from "./commands.ts";
import type { Touched } from "./core.ts";
import { Core } from "./core.ts";
import { Enrolment } from "./enrolment.ts";
import { Leader } from "./leader.ts";
import { DARK } from "./light.ts";
import { listAge } from "./list-age.ts";
import type { Linked } from "./newcomer.ts";
import { Newcomer } from "./newcomer.ts";
import type { Outside } from "./outside.ts";
import { IDLE } from "./pairing.ts";
import { Self } from "./self.ts";
import { addressView, Shown } from "./shown.ts";
import { Signing } from "./signing.ts";
import type { Status } from "./tabs.ts";
import { Tabs } from "./tabs.ts";

/** A database that is open, and what reads it. */
interface Opened {
  readonly db: Database;
  readonly shown: Shown;
  readonly enrolment: Enrolment;
  readonly tabs: Tabs;
}

const LEADER_TIME = 20_000;
const LEAD_TIME = 3_000;
const NOTHING: ReadonlySignal<readonly never[]> = signal([]);

export class TabEngine extends Asking implements Engine {
  private readonly member: Member;
  private readonly outside: Outside;
  private readonly newcomer: Newcomer;
  readonly link: ReadonlySignal<LinkView>;
  private readonly opened = signal<Opened | null>(null);
  private readonly leader = signal<Leader | null>(null);
  private readonly leading = signal(false);
  private readonly told = signal<Status | null>(null);
  private readonly state = signal<{ status: IdentityStatus; fault: string | null }>({
    status: "loading",
    fault: null,
  });
  private readonly logs = new Map<string, ReadonlySignal<readonly MessageView[]>>();
  private release: () => void = () => {};
  private stopped = false;
  private disposed: () => void = () => {};

  constructor(member: Member, outside: Outside) {
    super();
    this.member = member;
    this.outside = outside;
    const address = Address.fromWire(member.address);
    this.newcomer = new Newcomer(outside, address, member.account ?? "", (linked) => this.linked(linked));
    this.link = this.newcomer.view;
  }

  readonly identity: ReadonlySignal<IdentityView> = computed(() => {
    const row = this.opened.value?.shown.self.value ?? null;
    const { status, fault } = this.state.value;
    const { alarm } = this.status.value;
    const known = status === "ready" ? row : null;
    return {
      status,
      fault: fault ?? alarm,
      account: known?.account ?? this.member.account,
      device: known?.device.public ?? null,
      address: addressView(Address.fromWire(this.member.address)),
      root: known !== null && known.root !== null,
      alarm,
      listAge: known && listAge(known, this.outside.clock.now()),
      siteKey: known?.siteKey ?? null,
    };
  });

  readonly devices: ReadonlySignal<readonly DeviceView[]> = computed(
    () => this.opened.value?.shown.devices.value ?? [],
  );

  readonly conversations: ReadonlySignal<readonly ConversationView[]> = computed(
    () => this.opened.value?.shown.conversations.value ?? [],
  );

  private readonly status: ReadonlySignal<Status> = computed(() => {
    const leader = this.leader.value;
    if (leader === null) return this.told.value ?? RESTING;
    return {
      connection: leader.connection.value,
      pairing: leader.pairing.view.value,
      waitingVaults: leader.pairing.waiting.value,
      changes: leader.changes.value,
      here: leader.presence.here.value,
      alarm: leader.own.alarm.value,
    };
  });

  readonly connection: ReadonlySignal<ConnectionView> = computed(() => ({
    ...this.status.value.connection,
    waiting: this.opened.value?.shown.waiting.value ?? 0,
  }));
  readonly pairing: ReadonlySignal<PairingView> = computed(() => this.status.value.pairing);
  readonly waitingVaults: ReadonlySignal<readonly WaitingVault[]> = computed(
    () => this.status.value.waitingVaults,
  );
  readonly changes: ReadonlySignal<ChangeView | null> = computed(() => this.status.value.changes);

  readonly here: ReadonlySignal<readonly string[]> = computed(() => this.status.value.here);

  messages(swarm: string): ReadonlySignal<readonly MessageView[]> {
    const known = this.logs.get(swarm);
    if (known !== undefined) return known;
    const log = computed(() => (this.opened.value?.shown.messages(swarm) ?? NOTHING).value);
    this.logs.set(swarm, log);
    return log;
  }

  /** Reads what this browser has of the member; leads as soon as no other tab does. */
  async start(): Promise<void> {
    try {
      const name = `porchlight:${this.member.username}`;
      const db = await openDatabase(this.member.username, () => void this.stop());
      const shown = new Shown(db, this.outside.clock);
      const tabs = new Tabs(this.outside, name, {
        touched: (touched) => void this.touched(touched),
        status: (status) => {
          this.told.value = status;
        },
        run: (method, args) => this.run(method, args),
        current: () => (this.leader.value === null ? null : this.status.value),
      });
      this.opened.value = { db, shown, tabs, enrolment: new Enrolment(db, this.outside, this.member) };
      await shown.load();
      this.disposed = effect(() => {
        const status = this.status.value;
        if (this.leader.value !== null) tabs.tellStatus(status);
      });
      void this.outside.lock(name, () => this.lead());
      await this.judge();
    } catch (error) {
      this.state.value = { status: "failed", fault: codeOf(error) };
    }
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.disposed();
    this.newcomer.stop();
    const leader = this.leader.value;
    this.leader.value = null;
    await leader?.stop();
    this.release();
    this.opened.value?.tabs.close();
    this.opened.value?.db.close();
    this.opened.value = null;
    this.state.value = { status: "signed-out", fault: null };
  }

  private async judge(): Promise<void> {
    const { shown, enrolment } = this.ready();
    this.state.value = { status: enrolment.status(shown.self.value), fault: null };
  }

  /** Holds the lock until stopped. */
  private async lead(): Promise<void> {
    if (this.stopped) return;
    this.leading.value = true;
    const { shown, enrolment } = this.ready();
    try {
      await enrolment.resume(shown.self.value);
      await this.reload();
      await this.begin();
    } catch (error) {
      this.state.value = { status: this.state.value.status, fault: codeOf(error) };
    }
    if (!this.stopped) {
      await new Promise<void>((resolve) => {
        this.release = resolve;
      });
    }
  }

  /** Starts the work if this tab leads and the keys are here. */
  private async begin(): Promise<void> {
    const { db, shown, tabs } = this.ready();
    const row = shown.self.value;
    if (this.state.value.status !== "ready" || row === null) return;
    if (!this.leading.value || this.leader.value !== null) return;
    const sodium = await this.outside.sodium();
    if (this.stopped) return;
    const core = new Core(db, this.outside, sodium, new Self(row), (touched) => {
      tabs.tellTouched(touched);
      void shown.touch(touched);
    });
    const leader = new Leader(core, () => this.member.name);
    this.leader.value = leader;
    leader.start();
    void this.outside.persist().catch(() => undefined);
  }

  private async reload(): Promise<void> {
    const { shown, tabs } = this.ready();
    const touched = { self: true, contacts: [], outbox: false, swarms: [], events: {} };
    await shown.touch(touched);
    tabs.tellTouched(touched);
    await this.judge();
  }

  private async touched(touched: Touched): Promise<void> {
    await this.opened.value?.shown.touch(touched);
    if (touched.self) await this.judge();
  }

  private ready(): Opened {
    if (this.opened.value === null) throw new LocalFault("not_ready");
    return this.opened.value;
  }

  async createAccount(): Promise<readonly string[]> {
    await this.untilLeading();
    return this.ready().enrolment.create();
  }

  async enrol(): Promise<void> {
    await this.untilLeading();
    await this.ready().enrolment.enrol();
    await this.reload();
    await this.begin();
  }

  /** See `Enrolment.byPhrase`. */
  async linkByPhrase(words: string, lost: boolean): Promise<void> {
    await this.untilLeading();
    await this.ready().enrolment.byPhrase(words, lost);
    await this.reload();
    await this.begin();
  }

  /** See `Enrolment.abandon`; never where the keys are here. */
  async abandon(username: string): Promise<void> {
    if (this.state.value.status !== "unlinked") throw new LocalFault("account_exists");
    await this.untilLeading();
    this.newcomer.stop();
    await this.ready().enrolment.abandon(username);
    await this.reload();
  }

  async waitForLink(name: string): Promise<void> {
    await this.untilLeading();
    await this.newcomer.start(name);
  }
  async confirmLink(): Promise<void> {
    await this.newcomer.confirm();
  }
  async abortLink(): Promise<void> {
    await this.newcomer.abort();
  }

  private async linked(linked: Linked): Promise<void> {
    await this.ready().enrolment.linked(linked);
    await this.reload();
    await this.begin();
  }

  async signCommentChange(change: CommentChangeText): Promise<SignedChange> {
    return this.signing().commentChange(change);
  }
  async signComment(comment: CommentText): Promise<SignedComment> {
    return this.signing().comment(comment);
  }
  async signPost(draft: PostDraft): Promise<SignedPost> {
    return this.signing().post(draft);
  }

  private signing(): Signing {
    const row = this.ready().shown.self.value;
    if (this.state.value.status !== "ready" || row === null) throw new LocalFault("no_keys");
    return new Signing(new Self(row), this.outside);
  }

  /** Here if this tab leads, else in the one that does; shown when this returns. */
  protected async command(method: Command, ...args: readonly unknown[]): Promise<unknown> {
    if (this.state.value.status !== "ready") throw new LocalFault("no_keys");
    await this.led();
    const { tabs, shown } = this.ready();
    const value = await (this.leader.value === null ? tabs.call(method, args) : this.run(method, args));
    await shown.settled();
    return value;
  }

  /** Only the tab that leads may make keys. Throws `other_tab` when another one keeps the lead. */
  private untilLeading(): Promise<void> {
    return this.until(() => this.leading.value, LEAD_TIME);
  }

  /** Once it is known which tab leads, and that is ready. */
  private led(): Promise<void> {
    return this.until(
      () => this.leader.value !== null || (!this.leading.value && this.told.value !== null),
      LEADER_TIME,
    );
  }

  /** Throws `other_tab` when it does not hold in time (milliseconds). */
  private until(holds: () => boolean, time: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let dispose = () => {};
      const cancel = this.outside.after(time, () => {
        dispose();
        reject(new LocalFault("other_tab"));
      });
      dispose = effect(() => {
        if (!holds()) return;
        cancel();
        queueMicrotask(() => dispose());
        resolve();
      });
    });
  }

  private run(method: string, args: readonly unknown[]): Promise<unknown> {
    const leader = this.leader.value;
    if (leader === null) throw new LocalFault("other_tab");
    return runCommand(leader, method, args);
  }

  leave(): void {
    this.leader.value?.presence.leave();
  }
}

const RESTING: Status = {
  connection: DARK,
  pairing: IDLE,
  waitingVaults: [],
  changes: null,
  here: [],
  alarm: null,
};
