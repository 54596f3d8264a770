/**
 * What a conversation shows (SPEC 7.6), kept up event by event.
 *
 * Promise: the same lines for the same events, in whatever order they came. A content event costs the same however long the conversation is; a
 * removal costs what its target wrote.
 */

import type { SignedEvent } from "./events.ts";
import type { Mark } from "./late.ts";
import type { Line, Look } from "./lines.ts";
import { AMENDING, inOrder, lookOf, show } from "./lines.ts";
import type { State, Target } from "./state.ts";

/** What a view needs of a history, which is usually a `Replica`. */
export interface Marked {
  readonly state: State;
  mark(id: string): Mark | null;
}

interface Shown {
  readonly event: SignedEvent;
  readonly look: Look;
}

/** The lines of a history; give `take` whatever it holds. */
export class View {
  private readonly history: Marked;
  private readonly shown = new Map<string, Shown>();
  private readonly order: SignedEvent[] = [];
  /** By target, the events that name it. */
  private readonly naming = new Map<string, Map<string, SignedEvent>>();
  /** By reaction, what it names. */
  private readonly reacted = new Map<string, string>();
  private readonly byAuthor = new Map<string, Map<string, SignedEvent>>();
  private readonly made = new Map<string, Line>();
  private removals: ReadonlyMap<string, Target> = new Map();
  private void: ReadonlySet<string> = new Set();

  constructor(history: Marked, events: Iterable<SignedEvent> = []) {
    this.history = history;
    this.take(events);
  }

  /** Takes events that the history holds. The ids of the lines that are new or have changed. */
  take(events: Iterable<SignedEvent>): ReadonlySet<string> {
    const changed = new Set<string>();
    let control = false;
    for (const event of events) {
      const line = AMENDING.has(event.type) ? this.amend(event) : this.append(event);
      if (line !== null) changed.add(line);
      control ||= event.control;
    }
    if (control) for (const id of this.remarked()) changed.add(id);
    for (const id of changed) this.made.delete(id);
    return new Set([...changed].filter((id) => this.shown.has(id)));
  }

  get length(): number {
    return this.order.length;
  }

  /** A line by its event; null if that has none or is not here. */
  get(id: string): Line | null {
    const known = this.made.get(id);
    const found = this.shown.get(id);
    if (known !== undefined || found === undefined) return known ?? null;
    const naming = (target: string) => this.standing(target);
    const line = show(found.event, found.look, this.history.mark(id), naming);
    this.made.set(id, line);
    return line;
  }

  /** In display order, all of them or those after the line of this event. RangeError if it has none. */
  lines(after: string | null = null): readonly Line[] {
    const start = after === null ? 0 : this.indexAfter(after);
    return this.order.slice(start).flatMap(({ id }) => this.get(id) ?? []);
  }

  /** The last line that is wanted. */
  newest(wanted: (line: Line) => boolean = () => true): Line | null {
    for (let at = this.order.length - 1; at >= 0; at--) {
      const line = this.get(this.order[at]?.id ?? "");
      if (line !== null && wanted(line)) return line;
    }
    return null;
  }

  /** How many lines follow that of this event. RangeError if it has none. */
  countAfter(id: string): number {
    return this.order.length - this.indexAfter(id);
  }

  private indexAfter(id: string): number {
    const found = this.shown.get(id);
    if (found === undefined) throw new RangeError("this event has no line");
    return this.place(found.event);
  }

  /** How many lines stand at or before the place of an event. */
  private place(event: SignedEvent): number {
    let [from, to] = [0, this.order.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (inOrder(this.order[middle] as SignedEvent, event) <= 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  private append(event: SignedEvent): string | null {
    const look = lookOf(event);
    if (look === null || this.shown.has(event.id)) return null;
    this.shown.set(event.id, { event, look });
    this.order.splice(this.place(event), 0, event);
    if (!event.control) put(this.byAuthor, event.author, event);
    return event.id;
  }

  private amend(event: SignedEvent): string {
    const target = event.body.target as string;
    put(this.naming, target, event);
    put(this.byAuthor, event.author, event);
    if (event.type === "reaction") this.reacted.set(event.id, target);
    return this.reacted.get(target) ?? target;
  }

  private standing(target: string): readonly SignedEvent[] {
    const events = [...(this.naming.get(target)?.values() ?? [])];
    return events.filter(({ id }) => this.history.mark(id) === null);
  }

  /** The lines whose marks may be others after control events. */
  private remarked(): readonly string[] {
    const { state } = this.history;
    const before = { removals: this.removals, void: this.void };
    this.removals = new Map(state.removals);
    this.void = new Set(state.void);
    const changed = differences(before.void, this.void);
    if (differences(new Set(before.removals.keys()), new Set(this.removals.keys())).length === 0)
      return changed;
    const targets = [...before.removals.values(), ...this.removals.values()];
    const accounts = new Set(targets.map(({ account }) => account));
    return [...changed, ...[...accounts].flatMap((account) => this.touchedBy(account))];
  }

  private touchedBy(account: string): readonly string[] {
    return [...(this.byAuthor.get(account)?.values() ?? [])].map((event) => {
      const target = AMENDING.has(event.type) ? (event.body.target as string) : event.id;
      return this.reacted.get(target) ?? target;
    });
  }
}

function put(index: Map<string, Map<string, SignedEvent>>, key: string, event: SignedEvent): void {
  const events = index.get(key) ?? new Map<string, SignedEvent>();
  index.set(key, events.set(event.id, event));
}

function differences(a: ReadonlySet<string>, b: ReadonlySet<string>): readonly string[] {
  return [...[...a].filter((id) => !b.has(id)), ...[...b].filter((id) => !a.has(id))];
}
