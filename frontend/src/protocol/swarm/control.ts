/**
 * The control history of one replica: which control events lie in a past, and the state they amount to.
 *
 * A past is named by its *frontier*, the latest control events in it (sorted ids). An event that is not control costs a look at its parents'
 * frontiers, however long the history is. States are kept by frontier: that after one latest event follows from the state before it, only a union of
 * branches is resolved anew.
 */

import type { EventStore, StoredEvent } from "../ports.ts";
import { Bits } from "./bits.ts";
import type { SignedEvent } from "./events.ts";
import { restore } from "./events.ts";
import type { Node } from "./resolve.ts";
import { follow, resolve } from "./resolve.ts";
import type { State } from "./state.ts";
import { begin, targetOf } from "./state.ts";
import type { Past } from "./votes.ts";

export type Frontier = readonly string[];

const KEPT = 128;
const REMOVING: ReadonlySet<string> = new Set(["member.ban", "device.revocation"]);

interface Control extends Node {
  /** The frontier of its past. */
  readonly before: Frontier;
}

export class ControlHistory {
  private readonly store: EventStore;
  /** By number. */
  private readonly nodes: Control[] = [];
  private readonly index = new Map<string, Control>();
  /** The accounts that bans and revocations name. */
  private readonly named = new Set<string>();
  private readonly states = new Map<string, State>();

  constructor(store: EventStore) {
    this.store = store;
  }

  /** The frontier of the union of several pasts. */
  merged(frontiers: readonly Frontier[]): Frontier {
    const distinct = new Map(frontiers.map((frontier) => [frontier.join(), frontier]));
    const [only] = distinct.values();
    if (only !== undefined && distinct.size === 1) return only;
    const latest = [...new Set([...distinct.values()].flat())].map((id) => this.node(id));
    const covered = new Bits();
    for (const node of latest) covered.addAll(node.past);
    const left = latest.filter((node) => !covered.has(node.number));
    return left.map((node) => node.event.id).sort();
  }

  /** What the control events of this past amount to. Not to be changed. */
  state(frontier: Frontier): State {
    const name = frontier.join();
    const known = this.states.get(name);
    if (known !== undefined) return known;
    const state = this.compute(frontier);
    const [oldest] = this.states.keys();
    if (oldest !== undefined && this.states.size >= KEPT) this.states.delete(oldest);
    this.states.set(name, state);
    return state;
  }

  /** The state with the control events behind it. */
  past(frontier: Frontier): Past {
    const find = (id: string) => {
      const node = this.index.get(id);
      return node !== undefined && this.covered(frontier).has(node.number) ? node.event : undefined;
    };
    const events = () =>
      this.covered(frontier)
        .within(this.nodes)
        .map((node) => node.event);
    return { state: this.state(frontier), find, events };
  }

  /** Whether the control event `id` lies in the past of this frontier. */
  holds(frontier: Frontier, id: string): boolean {
    return frontier.includes(id) || this.covered(frontier).has(this.node(id).number);
  }

  /** Whether a ban or revocation names the account, in force or not, in the past of this frontier at least. */
  names(frontier: Frontier, account: string): boolean {
    for (const id of frontier) this.node(id);
    return this.named.has(account);
  }

  /** The control event `id`. */
  event(id: string): SignedEvent {
    return this.node(id).event;
  }

  /** The frontier of an event's past, itself not in it. */
  before(stored: StoredEvent): Frontier {
    const itself = stored.frontier.length === 1 && stored.frontier[0] === stored.id;
    return itself ? this.node(stored.id).before : stored.frontier;
  }

  private compute(frontier: Frontier): State {
    const [only] = frontier;
    if (only !== undefined && frontier.length === 1) {
      const node = this.node(only);
      if (node.before.length === 0) return begin(node.event);
      const before = this.states.get(node.before.join());
      if (before !== undefined) return follow(node, before, (id) => this.node(id).number);
    }
    return resolve(this.covered(frontier).within(this.nodes));
  }

  /** The numbers of the control events from this frontier down. */
  private covered(frontier: Frontier): Bits {
    const found = new Bits();
    for (const id of frontier) {
      const node = this.node(id);
      found.addAll(node.past);
      found.add(node.number);
    }
    return found;
  }

  /** A control event, read with all its control ancestors when it is first needed. */
  private node(id: string): Control {
    const waiting = this.index.has(id) ? [] : [id];
    for (let last = waiting.at(-1); last !== undefined; last = waiting.at(-1)) {
      const stored = held(this.store, last);
      const frontiers = stored.signed.event.parents.map((parent) => held(this.store, parent).frontier);
      const absent = frontiers.flat().filter((each) => !this.index.has(each));
      waiting.push(...absent);
      if (absent.length > 0) continue;
      waiting.pop();
      if (!this.index.has(last)) this.read(stored, this.merged(frontiers));
    }
    return this.index.get(id)!;
  }

  private read(stored: StoredEvent, before: Frontier): void {
    const event = restore(stored.signed, stored.id);
    const node = { event, number: this.nodes.length, past: this.covered(before), before };
    this.nodes.push(node);
    this.index.set(stored.id, node);
    if (REMOVING.has(event.kind)) this.named.add(targetOf(event).account);
  }
}

/** An event that is known to be stored. */
export function held(store: EventStore, id: string): StoredEvent {
  const stored = store.get(id);
  if (stored === undefined) throw new RangeError(`the store lost event ${id}`);
  return stored;
}
