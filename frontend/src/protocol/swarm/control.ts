/**
 * The control history of one replica: which control events lie in a past, and the state they amount to.
 *
 * A past is named by its *frontier*, the latest control events in it (sorted ids). An event that is not control costs a look at its parents'
 * frontiers, however long the history is; states are kept by frontier and grow by one application.
 */

import type { EventStore, StoredEvent } from "../ports.ts";
import type { SignedEvent } from "./events.ts";
import { restore } from "./events.ts";
import type { State } from "./rules.ts";
import { apply, begin, replay } from "./rules.ts";

export type Frontier = readonly string[];

const KEPT = 512;

interface Control {
  readonly event: SignedEvent;
  /** The frontier of its past. */
  readonly past: Frontier;
}

export class ControlHistory {
  private readonly store: EventStore;
  private readonly events = new Map<string, Control>();
  private readonly states = new Map<string, State>();

  constructor(store: EventStore) {
    this.store = store;
  }

  /** The frontier of the union of several pasts. */
  merged(frontiers: readonly Frontier[]): Frontier {
    const distinct = new Map(frontiers.map((frontier) => [frontier.join(), frontier]));
    const [only] = distinct.values();
    if (only !== undefined && distinct.size === 1) return only;
    const latest = new Set([...distinct.values()].flat());
    for (const one of [...latest]) for (const id of this.closure(this.event(one).past)) latest.delete(id);
    return [...latest].sort();
  }

  /** What the control events of this past amount to. */
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

  private compute(frontier: Frontier): State {
    const [only] = frontier;
    if (only !== undefined && frontier.length === 1) {
      const { event, past } = this.event(only);
      if (past.length === 0) return begin(event);
      const before = this.states.get(past.join());
      if (before !== undefined) return apply(event, before);
    }
    const events = [...this.closure(frontier)].map((id) => this.event(id).event);
    return replay(events.sort((a, b) => a.depth - b.depth || (a.id < b.id ? -1 : 1)));
  }

  /** All control events that change the state, from this frontier down. */
  private closure(frontier: Frontier): Set<string> {
    const found = new Set<string>();
    const waiting = [...frontier];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      waiting.push(...this.event(id).past);
    }
    return found;
  }

  private event(id: string): Control {
    const known = this.events.get(id);
    if (known !== undefined) return known;
    const stored = held(this.store, id);
    const past = this.merged(stored.signed.event.parents.map((parent) => held(this.store, parent).frontier));
    const control = { event: restore(stored.signed, id), past };
    this.events.set(id, control);
    return control;
  }
}

/** An event that is known to be stored. */
export function held(store: EventStore, id: string): StoredEvent {
  const stored = store.get(id);
  if (stored === undefined) throw new RangeError(`the store lost event ${id}`);
  return stored;
}
