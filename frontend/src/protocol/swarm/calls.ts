/**
 * The calls of a conversation, told from its `call-history` events (SPEC 7.7).
 *
 * Who hosts, what runs, how it ended: a function of the events held and of how they are marked, never of times.
 */

import type { SignedEvent } from "./events.ts";
import type { Mark } from "./late.ts";
import { inOrder } from "./lines.ts";
import type { State } from "./state.ts";

/** `start` is the event that began it; `dropped`: its host may not host any more. `duration` in milliseconds, of an `ended` one only. */
export interface Call {
  readonly id: string;
  readonly start: string;
  readonly account: string;
  readonly device: string;
  readonly outcome: "running" | "dropped" | "ended" | "missed" | "declined";
  readonly duration: number | null;
}

type Marked = (id: string) => Mark | null;

/** Takes the events of one swarm in any order; others than `call-history` do nothing. */
export class Calls {
  private readonly told = new Map<string, Map<string, SignedEvent>>();

  take(events: Iterable<SignedEvent>): void {
    for (const event of events) {
      if (event.type !== "call-history") continue;
      const call = event.body.call as string;
      const told = this.told.get(call) ?? new Map<string, SignedEvent>();
      this.told.set(call, told.set(event.id, event));
    }
  }

  /** Every call that was begun, in the order of the beginnings. `mark` is that of the replica. */
  all(state: State, mark: Marked): readonly Call[] {
    const found: { start: SignedEvent; call: Call }[] = [];
    for (const told of this.told.values()) {
      const standing = [...told.values()].filter(({ id }) => mark(id) === null).sort(inOrder);
      const start = standing.find(({ body }) => body.outcome === "started");
      if (start !== undefined) found.push({ start, call: callOf(start, standing, state) });
    }
    return found.sort((a, b) => inOrder(a.start, b.start)).map(({ call }) => call);
  }

  /** The call to join: of several that run, the one that was begun first. */
  running(state: State, mark: Marked): Call | null {
    return this.all(state, mark).find(({ outcome }) => outcome === "running") ?? null;
  }
}

/** Who is to host a new call, `account/device`: the first of the profile's `hosts` that may; null: whoever calls. */
export function hostOf(hosts: readonly string[], state: State): string | null {
  const mayHost = ([account = "", device = ""]: readonly string[]) => state.entitled(account, device);
  return hosts.find((host) => mayHost(host.split("/"))) ?? null;
}

function callOf(start: SignedEvent, standing: readonly SignedEvent[], state: State): Call {
  const end = standing.find((event) => isEnd(event, start, state));
  const going = state.entitled(start.author, start.device) ? "running" : "dropped";
  return {
    id: start.body.call as string,
    start: start.id,
    account: start.author,
    device: start.device,
    outcome: (end?.body.outcome as Call["outcome"] | undefined) ?? going,
    duration: (end?.body.duration as number | null | undefined) ?? null,
  };
}

/** The host's account ends a call; between two people the other one may as well. */
function isEnd(event: SignedEvent, start: SignedEvent, state: State): boolean {
  return event.body.outcome !== "started" && (event.author === start.author || state.mode === 0);
}
