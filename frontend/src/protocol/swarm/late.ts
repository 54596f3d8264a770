/** Events of removed authors that are concurrent to their removal (SPEC 7.4 rule 6, 7.6 marks). */

import type { EventStore, ParkedEvent, StoredEvent } from "../ports.ts";
import { CONTROL } from "./bodies.ts";
import type { ControlHistory, Frontier } from "./control.ts";
import { held } from "./control.ts";
import type { EventWire, SignedEvent } from "./events.ts";
import type { State, Target } from "./state.ts";
import { named, targetOf } from "./state.ts";

/** `void`: control without effect. `collapsed`: content not confirmed before its author's removal. */
export type Mark = "void" | "collapsed";

type Author = Pick<EventWire, "author" | "device">;

/** Whether a removal of this target hits events of this device. */
function isHit({ author, device }: Author, target: Target): boolean {
  return target.account === author && (target.device === null || target.device === device);
}

/** Whether events of this device may still come, or are removed by what is in force. */
export function isRemoved({ author, device }: Author, state: State): boolean {
  return state.revoked.has(named(author, device)) || state.inForce(author, device).length > 0;
}

/** Whether a removal in `state`, the one of all that is held, hits an event with this control past. */
export function isLate(event: SignedEvent, past: Frontier, state: State, control: ControlHistory): boolean {
  if (state.revoked.has(named(event.author, event.device))) return true;
  return state.inForce(event.author, event.device).some((ban) => !control.holds(past, ban));
}

/** Whether an entitled device's waiting event stands on this one, through waiting ones only. */
export function isConfirmed(id: string, waiting: Iterable<ParkedEvent>, state: State): boolean {
  const parked = [...waiting];
  const reached = [id];
  const seen = new Set(reached);
  for (const below of reached) {
    for (const { id: above, missing, signed } of parked) {
      if (seen.has(above) || !missing.includes(below)) continue;
      if (state.entitled(signed.event.author, signed.event.device)) return true;
      seen.add(above);
      reached.push(above);
    }
  }
  return false;
}

/** How events are to be shown. What a removal has in its past is walked through once. */
export class Marks {
  private readonly store: EventStore;
  private readonly control: ControlHistory;
  /** By removal, the events it hits that lie in its past. */
  private readonly confirmed = new Map<string, ReadonlySet<string>>();

  constructor(store: EventStore, control: ControlHistory) {
    this.store = store;
    this.control = control;
  }

  /** `state` is that of all that is held. */
  mark(stored: StoredEvent, state: State): Mark | null {
    const { event } = stored.signed;
    if (CONTROL.has(event.type)) return state.void.has(stored.id) ? "void" : null;
    for (const [removal, target] of state.removals) {
      if (isHit(event, target) && this.isConcurrent(stored, removal)) return "collapsed";
    }
    return null;
  }

  private isConcurrent(stored: StoredEvent, removal: string): boolean {
    if (this.control.holds(this.control.before(stored), removal)) return false;
    const known = this.confirmed.get(removal) ?? this.hitBefore(held(this.store, removal));
    this.confirmed.set(removal, known);
    return !known.has(stored.id);
  }

  /** The events in the past of a removal that it hits. */
  private hitBefore(removal: StoredEvent): ReadonlySet<string> {
    const target = targetOf(this.control.event(removal.id));
    const waiting = [...removal.signed.event.parents];
    const seen = new Set(waiting);
    const found = new Set<string>();
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const { event } = held(this.store, id).signed;
      if (isHit(event, target)) found.add(id);
      const fresh = event.parents.filter((parent) => !seen.has(parent));
      for (const parent of fresh) seen.add(parent);
      waiting.push(...fresh);
    }
    return found;
  }
}
