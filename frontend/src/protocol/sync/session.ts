/**
 * One sync of one swarm with one device over an ordered link (SPEC section 10), without sockets or clocks.
 *
 * `start`, `receive`, `taken`, `spoiled`, `askRecent`, `tick` and `lost` give effects for the shell, in order. A session reads the history and never writes it,
 * and holds nothing that writing here has to wait for. After `ended` nothing more comes out. Rounds go on until both say the same of what they hold:
 * first by the latest event of each device; where that cannot tell by ranges; where these do not help by ids alone.
 */

import type { DeviceList } from "../certificates.ts";
import type { Bytes } from "../encoding.ts";
import { ProtocolError } from "../errors.ts";
import type { Sodium } from "../ports.ts";
import { headsFingerprint } from "./checkpoint.ts";
import type { Effect, End } from "./effects.ts";
import type { Frame, Frames, Kind } from "./frames.ts";
import { MAX_HEADS, PAGE_EVENTS, readFrame, writeFrame } from "./frames.ts";
import { Lists } from "./lists.ts";
import type { Spoiled, Taken } from "./pull.ts";
import { RangeIndex } from "./ranges.ts";
import { Pages } from "./recent.ts";
import { Reconciliation } from "./reconcile.ts";
import { atPlaces, Outgoing } from "./sending.ts";
import type { Bound, EventSource } from "./source.ts";
import { Unread } from "./unread.ts";
import { missingRuns, Vector, vectorFrames } from "./vector.ts";

export const SILENCE = 30_000;
export const MAX_ROUNDS = 2_000;

const METHODS = ["vector", "ranges", "ids"] as const;

type Phase = "greeting" | "comparing" | "pushing" | "leaving" | "over";
type Handlers = { readonly [K in Kind]: (frame: Frames[K]) => void };

/** What a side says it holds. */
interface Holding {
  readonly count: number;
  readonly fingerprint: string;
}

export interface Sides {
  readonly swarm: string;
  /** The devices that the link proved; the lower id leads. */
  readonly own: string;
  readonly peer: string;
  /** The newest device lists known here. */
  readonly lists?: Iterable<DeviceList>;
  /** A checkpoint of what is held now, if this device is a vault of the peer's account. */
  readonly vouch?: () => unknown;
}

export class Session {
  private readonly source: EventSource;
  private readonly swarm: string;
  private readonly leads: boolean;
  private readonly peer: string;
  private readonly pages: Pages;
  private readonly lists: Lists;
  private readonly index: RangeIndex;
  private readonly outgoing: Outgoing;
  private readonly unread = new Unread();
  private heard: number;
  private phase: Phase = "greeting";
  private taking = false;
  private effects: Effect[] = [];
  private added = 0;
  private late = 0;
  private rounds = 0;
  private takenFrames = 0;
  private end: End = "apart";
  // Of the round: what both said they hold, how they compare, what became of it.
  private mine: Holding = { count: 0, fingerprint: "" };
  private last = "";
  private method = 0;
  private floor: Bound = null;
  private vector = new Vector();
  private reconciliation: Reconciliation | null = null;
  private mismatch = false;
  private endedHere = false;
  private endedThere = false;

  constructor(sodium: Sodium, source: EventSource, sides: Sides, now: number) {
    const { swarm, own, peer, lists = [], vouch = () => null } = sides;
    if (own === peer) throw new RangeError("a device does not sync with itself");
    this.source = source;
    this.swarm = swarm;
    this.leads = own < peer;
    this.peer = peer;
    this.pages = new Pages(source, swarm, vouch);
    this.lists = new Lists(sodium, swarm, lists);
    this.index = new RangeIndex(source);
    this.outgoing = new Outgoing(swarm);
    this.heard = now;
  }

  get over(): boolean {
    return this.phase === "over";
  }

  start(): readonly Effect[] {
    this.greet(this.lists.numbers());
    return this.flush();
  }

  /** A frame that came; those that come while a batch is being taken wait. */
  receive(frame: Bytes, now: number): readonly Effect[] {
    if (this.over) return [];
    this.heard = now;
    this.guarded(() => this.unread.push(frame));
    this.read();
    return this.flush();
  }

  /** The batch of the last `take` is in the history, durably. */
  taken({ added, late }: Taken): readonly Effect[] {
    this.taking = false;
    this.added += added.length;
    this.late = late;
    for (const { depth, id } of added) this.index.note([depth, id]);
    this.acknowledge();
    this.read();
    return this.flush();
  }

  /** The batch of the last `take` was bad and nothing of it was kept. */
  spoiled({ code, event }: Spoiled): readonly Effect[] {
    this.refuse(code, event);
    return this.flush();
  }

  /** The session ends when nothing came for `SILENCE` ms. */
  tick(now: number): readonly Effect[] {
    const silent = !this.taking && now - this.heard >= SILENCE;
    return silent ? this.lost() : this.flush();
  }

  /** The link has ended. */
  lost(): readonly Effect[] {
    if (!this.over) this.finish(this.phase === "leaving" ? this.end : "unreachable");
    return this.flush();
  }

  /** Asks for the latest events before a place; the answer is a `page`. */
  askRecent(before: Bound = null, limit = PAGE_EVENTS): readonly Effect[] {
    this.effects.push(this.pages.ask(before, limit));
    return this.flush();
  }

  private read(): void {
    while (!this.taking && !this.over) {
      const data = this.unread.pop();
      if (data === undefined) return;
      this.guarded(() => this.handle(readFrame(data, this.swarm)));
    }
  }

  /** What the peer did wrong ends the session. */
  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.refuse(error.code);
    }
  }

  private handle(frame: Frame): void {
    const handlers: Handlers = {
      hello: (hello) => this.onHello(hello),
      list: ({ list }) => this.effects.push(this.lists.take(list)),
      vector: (vector) => this.onVector(vector),
      ranges: ({ ranges }) => this.onRanges(ranges),
      want: ({ events }) => this.reconciling().give(events),
      events: ({ events }) => this.onEvents(events),
      got: ({ frames }) => this.onGot(frames),
      end: (end) => this.onEnd(end.mismatch),
      recent: (recent) => this.effects.push(this.pages.answer(recent)),
      page: (page) => this.effects.push(this.pages.take(page)),
      bye: ({ code, event }) => this.onBye(code, event),
    };
    (handlers[frame.kind] as (frame: Frame) => void)(frame);
  }

  private onHello({ heads, count, fingerprint, late, lists }: Frames["hello"]): void {
    const repeated = this.rounds > 0 && Object.keys(lists).length > 0;
    this.require(this.phase === "greeting" && !repeated);
    if (heads.length < MAX_HEADS && headsFingerprint(heads) !== fingerprint) {
      throw new ProtocolError("history_mismatch", "fingerprint");
    }
    this.effects.push(...this.lists.answer(lists));
    if (fingerprint === this.mine.fingerprint) {
      if (count !== this.mine.count) throw new ProtocolError("history_mismatch", "count");
      this.leave("equal");
    } else if (this.rounds >= MAX_ROUNDS || !this.choose({ count, fingerprint }, late)) {
      this.leave("apart");
    } else {
      this.compare();
    }
  }

  /** How to compare in this round; false if nothing is left to try. */
  private choose(theirs: Holding, late: number): boolean {
    const { mine, last } = this;
    this.last = [mine.count, mine.fingerprint, theirs.count, theirs.fingerprint].join();
    const stuck = last === this.last && this.floor === null;
    if (this.mismatch || stuck) this.method += 1;
    const useless = this.method === 2 && stuck && (late > 0 || this.late > 0);
    return this.method < METHODS.length && !useless;
  }

  private compare(): void {
    this.rounds += 1;
    this.phase = "comparing";
    this.mismatch = this.endedHere = this.endedThere = false;
    this.vector = new Vector();
    if (METHODS[this.method] === "vector") {
      for (const frame of vectorFrames(this.source, this.swarm)) this.effects.push({ kind: "send", frame });
      return;
    }
    this.index.refresh();
    const listing = METHODS[this.method] === "ids";
    this.reconciliation = new Reconciliation(this.source, this.index, this.floor, listing);
    if (this.leads) this.send("ranges", { ranges: this.reconciliation.begin() });
  }

  private onVector(frame: Frames["vector"]): void {
    this.require(this.phase === "comparing" && this.method === 0);
    if (!this.vector.take(frame)) return;
    const events = missingRuns(this.source, this.vector.devices);
    this.phase = "pushing";
    if (events === null) this.mismatch = true;
    else if (!this.mismatch) this.outgoing.give(events);
    this.push();
  }

  private onRanges(asked: Frames["ranges"]["ranges"]): void {
    const reconciliation = this.reconciling();
    const { ranges, wanted, open } = reconciliation.receive(asked);
    if (wanted.length > 0) this.send("want", { events: wanted });
    if (ranges.length > 0) this.send("ranges", { ranges });
    if (!open) this.settle(reconciliation);
  }

  private reconciling(): Reconciliation {
    const { reconciliation } = this;
    if (this.phase !== "comparing" || this.method === 0 || reconciliation === null) {
      throw new ProtocolError("schema", "kind");
    }
    return reconciliation;
  }

  /** Both know what the other lacks. */
  private settle(reconciliation: Reconciliation): void {
    this.floor = reconciliation.ceiling;
    this.phase = "pushing";
    this.outgoing.give(atPlaces(this.source, reconciliation.given()));
    this.push();
  }

  private onEvents(events: readonly unknown[]): void {
    this.requireExchange();
    if (this.mismatch) {
      this.acknowledge();
    } else {
      this.taking = true;
      this.effects.push({ kind: "take", events });
    }
  }

  private onGot(frames: number): void {
    this.outgoing.got(frames);
    if (this.phase === "pushing") this.push();
  }

  private onEnd(mismatch: boolean): void {
    this.requireExchange();
    this.endedThere = true;
    if (mismatch) {
      this.require(this.method === 0);
      this.mismatch = true;
      this.outgoing.drop();
    }
    if (this.phase === "pushing") this.push();
  }

  private onBye(code: string | null, event: string | null): void {
    if (code !== null) this.finish("stopped", code, event);
    else this.finish(this.phase === "leaving" ? this.end : "apart");
  }

  private greet(lists: Frames["hello"]["lists"]): void {
    const heads = this.source.heads();
    this.phase = "greeting";
    this.mine = { count: this.source.count(), fingerprint: headsFingerprint(heads) };
    this.send("hello", { ...this.mine, heads: heads.slice(0, MAX_HEADS), late: this.late, lists });
  }

  /** Sends what may go, and the end after the last; then the next round once both are at the end. */
  private push(): void {
    for (const frame of this.outgoing.frames()) this.effects.push({ kind: "send", frame });
    if (this.outgoing.done && !this.endedHere) {
      this.endedHere = true;
      this.send("end", { mismatch: this.mismatch });
    }
    if (this.endedHere && this.endedThere) this.greet({});
  }

  private acknowledge(): void {
    this.takenFrames += 1;
    this.send("got", { frames: this.takenFrames });
  }

  /** Says goodbye and waits for the other's. */
  private leave(end: End): void {
    this.phase = "leaving";
    this.end = end;
    this.send("bye", { code: null, event: null });
  }

  private refuse(code: string, event: string | null = null): void {
    if (this.over) return;
    this.send("bye", { code, event });
    this.finish("refused", code, event);
  }

  private finish(end: End, code: string | null = null, event: string | null = null): void {
    this.phase = "over";
    this.unread.clear();
    const { peer, added, late } = this;
    const { given } = this.outgoing;
    this.effects.push({ kind: "ended", end, peer, code, event, added, given, late });
  }

  private send<K extends Kind>(kind: K, members: Frames[K]): void {
    this.effects.push({ kind: "send", frame: writeFrame(kind, this.swarm, members) });
  }

  private requireExchange(): void {
    this.require((this.phase === "comparing" || this.phase === "pushing") && !this.endedThere);
  }

  private require(inTurn: boolean): void {
    if (!inTurn) throw new ProtocolError("schema", "kind");
  }

  private flush(): readonly Effect[] {
    const { effects } = this;
    this.effects = [];
    return effects;
  }
}
