/**
 * One device's copy of a swarm (SPEC section 7): takes events parents first, keeps the waiting ones, knows the state.
 *
 * `add` either throws and changes nothing, or stores through the EventStore. After a transaction that was rolled back make a new Replica: this one
 * remembers what it put.
 */

import { ProtocolError } from "../errors.ts";
import type { EventStore, ParkedEvent, Sodium, StoredEvent } from "../ports.ts";
import type { Frontier } from "./control.ts";
import { ControlHistory, held } from "./control.ts";
import type { SignedEvent } from "./events.ts";
import { readSignedEvent, restore } from "./events.ts";
import { Forks } from "./forks.ts";
import type { Mark } from "./late.ts";
import { isConfirmed, isLate, isRemoved, Marks } from "./late.ts";
import { ancestors, isInPast, lowestOf } from "./past.ts";
import { changes, judge } from "./rules.ts";
import type { State } from "./state.ts";
import type { Past } from "./votes.ts";

export const MAX_PARKED = 256;
export const MAX_MISSING = 100;
const NONE: ReadonlySet<string> = new Set();
const AMENDING: ReadonlySet<string> = new Set(["edit", "delete"]);

export type Outcome =
  /**
   * `events` are now in the history, the given one first, then those that had waited for it. `refused` are waiting ones that turned out bad, with
   * the reason; they are gone.
   */
  | {
      readonly kind: "added";
      readonly events: readonly SignedEvent[];
      readonly refused: readonly (readonly [string, ProtocolError])[];
    }
  /** Kept aside until the events `missing` are here. */
  | { readonly kind: "waiting"; readonly id: string; readonly missing: readonly string[] }
  /** Already in the history. */
  | { readonly kind: "duplicate"; readonly id: string }
  /**
   * Its author was removed without its knowing. Not kept; taken when it comes again and an entitled device's event that waits stands on it.
   */
  | { readonly kind: "late"; readonly id: string };

export class Replica {
  readonly store: EventStore;
  private readonly sodium: Sodium;
  private readonly control: ControlHistory;
  private readonly forks: Forks;
  private readonly marks: Marks;
  private readonly waiting: Map<string, ParkedEvent>;
  private id: string | null;
  /** The frontier of everything held, once it was asked for. */
  private reached: Frontier | null = null;

  /** `swarm` is the id this copy is of; null takes the first initial event that comes. */
  constructor(sodium: Sodium, store: EventStore, swarm: string | null = null) {
    this.sodium = sodium;
    this.store = store;
    this.id = store.ordered()[0]?.id ?? swarm;
    this.control = new ControlHistory(store);
    this.forks = new Forks(store);
    this.marks = new Marks(store, this.control);
    this.waiting = new Map(store.parked().map((event) => [event.id, event]));
  }

  get swarm(): string | null {
    return this.id;
  }

  /**
   * Takes a signed event. ProtocolError if it is bad or not legal; `too_many` if too many wait already. `confirmed` are ids that the caller knows an
   * entitled device's event to stand on.
   */
  add(value: unknown, confirmed: ReadonlySet<string> = NONE): Outcome {
    const event = readSignedEvent(this.sodium, value);
    this.requireThisSwarm(event);
    if (this.store.get(event.id) !== undefined) return { kind: "duplicate", id: event.id };
    const missing = this.missingParents(event);
    if (missing.length > 0) return this.park(event, missing);
    return this.accept(event, confirmed) ? this.release(event) : { kind: "late", id: event.id };
  }

  private requireThisSwarm(event: SignedEvent): void {
    if (this.id !== null && this.id !== event.swarm) throw new ProtocolError("event_id", "swarm");
  }

  private missingParents(event: SignedEvent): readonly string[] {
    return event.parents.filter((parent) => this.store.get(parent) === undefined);
  }

  private park(event: SignedEvent, missing: readonly string[]): Outcome {
    if (!this.waiting.has(event.id) && this.waiting.size >= MAX_PARKED) {
      throw new ProtocolError("too_many", "waiting events");
    }
    const parked = { id: event.id, missing, signed: event.wire };
    this.waiting.set(event.id, parked);
    this.store.park(parked);
    return { kind: "waiting", id: event.id, missing };
  }

  /** False if it is late. */
  private accept(event: SignedEvent, confirmed: ReadonlySet<string> = NONE): boolean {
    const parents = event.parents.map((parent) => held(this.store, parent));
    let frontier: Frontier = [];
    if (event.type !== "initial") {
      this.checkPlace(event, parents);
      frontier = this.control.merged(parents.map((parent) => parent.frontier));
      this.judge(event, frontier);
      if (!confirmed.has(event.id) && this.isLate(event, frontier)) return false;
    }
    this.put(event, frontier);
    return true;
  }

  /** Whether its author was removed, unless what waits confirms it. */
  private isLate(event: SignedEvent, past: Frontier): boolean {
    if (!this.control.names(this.frontier, event.author)) return false;
    const { state } = this;
    return isLate(event, past, state, this.control) && !isConfirmed(event.id, this.waiting.values(), state);
  }

  private put(event: SignedEvent, before: Frontier): void {
    const frontier = changes(event) ? [event.id] : before;
    const reached = event.type === "initial" ? [] : [this.frontier];
    const stored = { id: event.id, frontier, signed: event.wire };
    this.store.put(stored);
    this.forks.note(stored);
    this.reached = this.control.merged([...reached, frontier]);
    this.id = event.swarm;
  }

  private judge(event: SignedEvent, frontier: Frontier): void {
    if (event.control && this.forks.liesIn(event.device, event.parents)) {
      throw new ProtocolError("event_fork", event.kind);
    }
    judge(event, this.control.past(frontier));
    if (AMENDING.has(event.kind)) this.checkOwn(event);
  }

  /** Nobody edits or deletes what another account said, as far as it is in the event's past. */
  private checkOwn(event: SignedEvent): void {
    const target = this.store.get(event.body.target as string);
    if (target === undefined || target.signed.event.author === event.author) return;
    if (isInPast(this.store, target, event.parents)) throw new ProtocolError("event_rights", event.kind);
  }

  /** `depth`, `prev` and `seq` against the event's past. */
  private checkPlace(event: SignedEvent, parents: readonly StoredEvent[]): void {
    const deepest = Math.max(...parents.map((parent) => parent.signed.event.depth));
    if (event.depth !== deepest + 1) throw new ProtocolError("event_depth", "depth");
    if (event.prev !== null) this.checkPrev(event, event.prev);
    const later = this.store.byDevice(event.device, event.seq);
    if (later.length === 0) return;
    const past = ancestors(this.store, event.parents, lowestOf(later));
    if (later.some(({ id }) => past.has(id))) throw new ProtocolError("event_depth", "seq");
  }

  private checkPrev(event: SignedEvent, prev: string): void {
    const before = this.store.get(prev);
    const { author, device, seq } = before?.signed.event ?? {};
    if (before === undefined || author !== event.author || device !== event.device) {
      throw new ProtocolError("event_id", "prev");
    }
    if (!isInPast(this.store, before, event.parents)) throw new ProtocolError("event_id", "prev");
    if (event.seq !== (seq ?? 0) + 1) throw new ProtocolError("event_depth", "seq");
  }

  /** Takes what had waited for `first`, and for those taken in turn. */
  private release(first: SignedEvent): Outcome {
    this.forget(first.id);
    const events = [first];
    const refused: [string, ProtocolError][] = [];
    for (const event of events) {
      for (const parked of this.waitingFor(event.id)) {
        try {
          events.push(...this.retry(parked));
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
          this.forget(parked.id);
          refused.push([parked.id, error]);
        }
      }
    }
    return { kind: "added", events, refused };
  }

  private waitingFor(id: string): readonly ParkedEvent[] {
    return [...this.waiting.values()].filter((parked) => parked.missing.includes(id));
  }

  private retry(parked: ParkedEvent): readonly SignedEvent[] {
    const event = readSignedEvent(this.sodium, parked.signed);
    this.requireThisSwarm(event);
    const missing = this.missingParents(event);
    if (missing.length > 0) {
      this.park(event, missing);
      return [];
    }
    if (!this.accept(event)) throw new ProtocolError("event_late", "author");
    this.forget(event.id);
    return [event];
  }

  private forget(id: string): void {
    if (this.waiting.delete(id)) this.store.unpark(id);
  }

  /** The events that nothing here follows yet, sorted ids. */
  get heads(): readonly string[] {
    return this.store.heads();
  }

  /** Members and devices after everything held here. RangeError while there is no initial event. */
  get state(): State {
    return this.control.state(this.frontier);
  }

  /** Members and devices after these events, which are held, and all their past. */
  stateAfter(ids: readonly string[]): State {
    return this.control.state(this.control.merged(ids.map((id) => held(this.store, id).frontier)));
  }

  /** The past of the next event written here: everything held. RangeError as for `state`. */
  get past(): Past {
    return this.control.past(this.frontier);
  }

  private get frontier(): Frontier {
    if (this.reached !== null) return this.reached;
    const { heads } = this;
    if (heads.length === 0) throw new RangeError("nothing here yet");
    this.reached = this.control.merged(heads.map((head) => held(this.store, head).frontier));
    return this.reached;
  }

  /** The heads by removed authors, which an entitled device should anchor by a `merge`. */
  unconfirmed(): readonly string[] {
    const { heads, state } = this;
    return heads.filter((head) => isRemoved(held(this.store, head).signed.event, state));
  }

  /** How an event that is held is to be shown; null: as it is. */
  mark(id: string): Mark | null {
    return this.marks.mark(held(this.store, id), this.state);
  }

  /** The ids to ask for so that waiting events can be taken: at most 100, sorted. */
  missing(): readonly string[] {
    const wanted = new Set([...this.waiting.values()].flatMap((parked) => parked.missing));
    return [...wanted]
      .filter((id) => !this.waiting.has(id))
      .sort()
      .slice(0, MAX_MISSING);
  }

  get(id: string): SignedEvent | null {
    const stored = this.store.get(id);
    return stored === undefined ? null : restore(stored.signed, stored.id);
  }

  /** The history as everybody sees it: by (depth, id). */
  displayOrder(): readonly SignedEvent[] {
    return this.store.ordered().map((stored) => restore(stored.signed, stored.id));
  }
}
