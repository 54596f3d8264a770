/**
 * Taking what a peer sends into a replica (SPEC 10.5).
 *
 * Late events are set aside with what stands on them, until an event of an entitled device confirms them.
 */

import { canonical } from "../canonical.ts";
import { ProtocolError } from "../errors.ts";
import type { Sodium } from "../ports.ts";
import { isMembers } from "../schema.ts";
import type { EventWire, SignedEvent } from "../swarm/events.ts";
import { eventId, readSignedEvent } from "../swarm/events.ts";
import type { Replica } from "../swarm/replica.ts";
import { byPlace, placeOf } from "../swarm/state.ts";

export const MAX_ASIDE = 4_096;
export const MAX_ASIDE_BYTES = 10_485_760;
const NONE: ReadonlySet<string> = new Set();

/** `added` came into the history, waiting ones that could follow included; `late` are set aside now. */
export interface Taken {
  readonly added: readonly SignedEvent[];
  readonly late: number;
}

/** This event (its id, if it has one) is bad; undo the whole batch and make a new Replica and Pull. */
export class Spoiled extends Error {
  readonly event: string | null;
  readonly code: string;

  constructor(event: string | null, cause: ProtocolError) {
    super(cause.message, { cause });
    this.event = event;
    this.code = cause.code;
  }
}

/** One peer's events during one sync. Bounded: what does not fit aside is forgotten and comes again. */
export class Pull {
  private readonly sodium: Sodium;
  private readonly replica: Replica;
  private readonly aside = new Map<string, SignedEvent>();
  private size = 0;

  constructor(sodium: Sodium, replica: Replica) {
    this.sodium = sodium;
    this.replica = replica;
  }

  /** Adds a batch; throws Spoiled at the first bad one. The caller undoes what was added before it. */
  take(events: readonly unknown[]): Taken {
    const added: SignedEvent[] = [];
    for (const value of events) {
      try {
        added.push(...this.takeOne(readSignedEvent(this.sodium, value)));
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        throw new Spoiled(idOf(value), error);
      }
    }
    return { added, late: this.aside.size };
  }

  private takeOne(event: SignedEvent): readonly SignedEvent[] {
    return event.parents.some((parent) => this.aside.has(parent)) ? this.confirm(event) : this.add(event);
  }

  private add(event: SignedEvent, confirmed: ReadonlySet<string> = NONE): readonly SignedEvent[] {
    const outcome = this.replica.add(event.wire, confirmed);
    if (outcome.kind === "late") this.setAside(event);
    return outcome.kind === "added" ? outcome.events : [];
  }

  /** An event on top of late ones: with an entitled author they all stand, else it is aside too. */
  private confirm(event: SignedEvent): readonly SignedEvent[] {
    if (!this.replica.state.entitled(event.author, event.device)) {
      this.setAside(event);
      return [];
    }
    const below = this.below(event);
    const confirmed = new Set(below.map(({ id }) => id));
    const added = below.flatMap((each) => this.add(each, confirmed));
    for (const { id } of below) this.aside.delete(id);
    return [...added, ...this.add(event)];
  }

  /** The events aside in its past, parents first. */
  private below(event: SignedEvent): readonly SignedEvent[] {
    const found = new Map<string, SignedEvent>();
    const waiting = [...event.parents];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const each = this.aside.get(id);
      if (each === undefined || found.has(id)) continue;
      found.set(id, each);
      waiting.push(...each.parents);
    }
    return [...found.values()].sort((a, b) => byPlace(placeOf(a), placeOf(b)));
  }

  private setAside(event: SignedEvent): void {
    if (this.aside.has(event.id)) return;
    this.size += canonical(event.wire).length;
    if (this.aside.size < MAX_ASIDE && this.size <= MAX_ASIDE_BYTES) this.aside.set(event.id, event);
  }
}

/** The id of what came in, if it has one at all. */
function idOf(value: unknown): string | null {
  const event = isMembers(value) ? value.event : null;
  return isMembers(event) ? eventId(event as unknown as EventWire) : null;
}
