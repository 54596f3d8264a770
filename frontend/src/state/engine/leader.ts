/**
 * The private side at work, in the one tab that leads: connected, taking mail, sending what is owed. Puts the parts together and decides what happens
 * after connecting and when the site says that something changed.
 */

import { signal } from "@preact/signals";
import type { Envelope } from "../../protocol/envelope.ts";
import { ClientHandshake } from "../../protocol/handshake.ts";
import { forgetTaken } from "../../storage/indexeddb.ts";
import { browserRandom } from "../../storage/webcrypto.ts";
import type { RelayState } from "../../transport/relay.ts";
import { Relay } from "../../transport/relay.ts";
import type { ChangeView, SignedPost } from "../views.ts";
import type { Core } from "./core.ts";
import { Directory } from "./directory.ts";
import { Histories } from "./histories.ts";
import { Letters } from "./letters.ts";
import { postFor } from "./letters-due.ts";
import { DARK, lightAfter, lightTold } from "./light.ts";
import type { Report } from "./mailroom.ts";
import { Mailroom } from "./mailroom.ts";
import { Outbox } from "./outbox.ts";
import { OwnKeys } from "./own-keys.ts";
import { Pairing } from "./pairing.ts";
import { eraseReplaced, topUp } from "./prekeys.ts";
import { Presence } from "./presence.ts";
import { followRotation } from "./site-key.ts";
import { Talk } from "./talk.ts";
import { Wire } from "./wire.ts";

/** Acks of mail that comes in a burst go together. */
const GATHER = 250;
const TIDY_EVERY = 600_000;

export class Leader {
  readonly connection = signal(DARK);
  readonly changes = signal<ChangeView | null>(null);
  readonly talk: Talk;
  readonly pairing: Pairing;
  readonly own: OwnKeys;
  readonly presence: Presence;
  private readonly core: Core;
  private readonly relay: Relay;
  private readonly wire: Wire;
  private readonly directory: Directory;
  private readonly mailroom: Mailroom;
  private readonly outbox: Outbox;
  private readonly senders = new Map<string, Promise<void>>();
  private topping: Promise<void> = Promise.resolve();
  private soon: (() => void) | null = null;
  private connectedAt = 0;
  private lastMail: number | null = null;
  private cancelTidying: () => void = () => {};

  constructor(core: Core, name: () => string) {
    this.core = core;
    this.relay = new Relay({
      url: core.outside.socket,
      dial: core.outside.dial,
      after: core.outside.after,
      handshake: () => this.handshake(),
      changed: (state) => this.moved(state),
      received: (raw) => this.wire.received(raw),
    });
    this.wire = new Wire(core, this.relay, {
      mail: (envelope) => this.mail(envelope),
      pair: (envelope) => void this.pairing.receive(envelope).catch(() => undefined),
      presence: (envelope) => void this.presence.receive(envelope).catch(() => undefined),
      changed: (topic) => void this.changed(topic).catch(() => undefined),
      told: (envelope) => {
        this.connection.value = lightTold(this.connection.value, envelope, this.core.now);
      },
      refused: (ref, code) => void this.outbox.refused(ref, code),
    });
    this.directory = new Directory(core, this.wire);
    const histories = new Histories(core);
    const parts = { wire: this.wire, directory: this.directory, histories };
    const letters = new Letters(core, histories);
    this.mailroom = new Mailroom(core, { ...parts, letters }, (report) => void this.taken(report));
    this.outbox = new Outbox(core, parts, name);
    this.talk = new Talk(core, this.directory, histories, () => this.outbox.wake());
    this.own = new OwnKeys(core, this.wire, this.directory, () => this.outbox.wake());
    this.presence = new Presence(core, this.wire, this.directory);
    this.pairing = new Pairing(core, this.wire, this.own);
  }

  start(): void {
    void forgetTaken(this.core.db, this.core.now);
    this.relay.start();
  }

  reconnect(): void {
    this.relay.start();
  }

  /** Ends after what is under way. */
  async stop(): Promise<void> {
    this.presence.leave();
    this.relay.stop();
    this.presence.end();
    this.cancelTidying();
    this.soon?.();
    await this.outbox.stop();
    await Promise.all(this.senders.values());
    await this.core.serial(async () => {});
  }

  /** From now on the address stands for the account it names; mail that was kept because of that is looked at. */
  async acceptNewKey(address: string): Promise<void> {
    await this.directory.acceptChange(address);
    await this.mailroom.retryHeld();
  }

  async accept(swarm: string): Promise<void> {
    await this.talk.accept(swarm);
    void this.attempt(() => this.presence.met(swarm));
  }

  /** The own vaults are to keep this version of a post. */
  async keepPost(signed: SignedPost): Promise<void> {
    await this.core.serial(() =>
      this.core.commit({ outbox: postFor(this.core, signed, this.core.self.vaults) }),
    );
    this.outbox.wake();
  }

  private handshake(): ClientHandshake {
    const { sodium, self, outside } = this.core;
    const who = { role: "device" as const, address: self.address, origin: outside.origin };
    return new ClientHandshake(sodium, self.sign, who, browserRandom, self.row.siteKey);
  }

  private moved(state: RelayState): void {
    if (state.phase === "rest" && state.fault === "site_key") void this.judgeKey(state);
    else this.show(state);
    this.wire.connected(state.phase === "open" ? state.siteKey : null);
    this.cancelTidying();
    if (state.phase !== "open") this.presence.end();
    else void this.connected(state.siteKey).catch(() => undefined);
  }

  private show(state: RelayState): void {
    this.connection.value = lightAfter(this.connection.value, state, this.core.now);
  }

  /** Nobody is alarmed by a key that the remembered one has vouched for. */
  private async judgeKey(state: RelayState): Promise<void> {
    const followed = await followRotation(this.core).catch(() => false);
    if (followed) this.relay.start();
    else if (!this.relay.busy) this.show(state);
  }

  private async connected(siteKey: string): Promise<void> {
    this.connectedAt = this.core.now;
    if (this.core.self.row.siteKey === null) {
      await this.core.serial(() => this.core.become({ siteKey }));
    }
    await this.attempt(() => this.topUp());
    await this.attempt(() => this.own.compare());
    await this.outbox.hurry();
    await this.attempt(() => this.mailroom.retryHeld());
    this.tidyLater();
    void this.attempt(() => this.presence.begin());
    if (this.core.self.root !== null) await this.attempt(() => this.pairing.refresh());
  }

  /** One of the things after connecting may fail without keeping the others back. */
  private async attempt(work: () => Promise<void>): Promise<void> {
    await work().catch(() => undefined);
  }

  private tidyLater(): void {
    this.cancelTidying = this.core.outside.after(TIDY_EVERY, () => {
      void this.tidy().then(() => {
        if (this.wire.siteKey !== null) this.tidyLater();
      });
    });
  }

  /** What is due now and then while connected. */
  private async tidy(): Promise<void> {
    await this.attempt(() => this.mailroom.retryHeld());
    await this.attempt(() => this.topUp());
    await this.attempt(() => this.own.compare());
    await this.attempt(() => eraseReplaced(this.core, this.connectedAt, this.lastMail));
  }

  /** One at a time: each looks at what the one before has published. */
  private topUp(): Promise<void> {
    const done = this.topping.then(() => topUp(this.core, this.wire));
    this.topping = done.catch(() => undefined);
    return done;
  }

  private async changed(topic: string): Promise<void> {
    this.changes.value = { topic, number: (this.changes.value?.number ?? 0) + 1 };
    if (topic === "prekeys") await this.topUp();
    if (topic === "devices") await this.look();
    if (topic === "vaults") await this.pairing.refresh();
  }

  /** Own devices came, went, or can be sealed to now: what is owed to them goes. */
  private async look(): Promise<void> {
    await this.own.compare();
    this.directory.forget(String(this.core.self.address));
    await this.outbox.hurry();
  }

  /** The mails of one sender one after the other, so that events come in their order. */
  private mail(envelope: Envelope): void {
    this.lastMail = this.core.now;
    const from = String(envelope.from);
    const before = this.senders.get(from) ?? Promise.resolve();
    const done = before.then(() => this.mailroom.receive(envelope)).catch(() => undefined);
    this.senders.set(from, done);
    void done.then(() => {
      if (this.senders.get(from) === done) this.senders.delete(from);
    });
  }

  private async taken(report: Report): Promise<void> {
    if (report.outcome !== "taken" || report.swarm === null) return;
    const { swarm } = report;
    await this.answerTwin(swarm).catch(() => undefined);
    void this.attempt(() => this.presence.met(swarm));
    this.soon ??= this.core.outside.after(GATHER, () => {
      this.soon = null;
      this.outbox.wake();
    });
  }

  /** Somebody asks whom we have asked or talk to: both want to talk, so no question is left. A third conversation is one. */
  private async answerTwin(swarm: string): Promise<void> {
    const row = await this.core.db.get("swarms", swarm);
    if (row?.state !== "request") return;
    const others = await this.core.db.getAllFromIndex("swarms", "peer", row.peer);
    const shared = others.filter(({ state }) => state === "asked" || state === "open");
    if (shared.length === 1) await this.talk.accept(swarm);
  }
}
