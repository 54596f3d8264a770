/**
 * Who is who at one place of a swarm's history (SPEC 7.4): what its control events amount to.
 *
 * A State that `resolve` or `control` gave away is never changed again; `copy` first.
 */

import type { Revocation } from "../revocations.ts";
import type { SignedEvent } from "./events.ts";

/** (depth, id) of an event. */
export type Place = readonly [depth: number, id: string];

/** Whom a vote, ban, unban or revocation names: an account or invite key, and one device or all. */
export interface Target {
  readonly account: string;
  readonly device: string | null;
}

/** One text for a target, and for a pair of account and device. */
export function named(account: string, device: string | null): string {
  return device === null ? account : `${account} ${device}`;
}

export function placeOf(event: SignedEvent): Place {
  return [event.depth, event.id];
}

export function byPlace(a: Place, b: Place): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  if (a[1] === b[1]) return 0;
  return a[1] < b[1] ? -1 : 1;
}

/** Whom a vote, ban or unban, or the revocation in one, names. */
export function targetOf(event: SignedEvent): Target {
  const body = event.kind === "device.revocation" ? event.body.revocation : event.body;
  const { account, device } = body as Target | Revocation;
  return { account, device };
}

export class State {
  readonly mode: number;
  readonly creator: string;
  readonly peer: string | null;
  /** By account, the place of the join. */
  joined: Map<string, Place> = new Map();
  /** By account, the place of the grant. */
  granted: Map<string, Place> = new Map();
  invited: Set<string> = new Set();
  /** Open invite keys. */
  links: Set<string> = new Set();
  committed: Set<string> = new Set();
  revoked: Set<string> = new Set();
  /** By target as `named`, the bans in force. */
  bans: Map<string, ReadonlySet<string>> = new Map();
  /** By target as `named`, its latest ban or unban, void or not. */
  last: Map<string, Place> = new Map();
  /** The latest profile edits. */
  profile: ReadonlySet<string> = new Set();
  void: Set<string> = new Set();
  /** By event, all effective bans, lifted or not, and all revocations. */
  removals: Map<string, Target> = new Map();

  constructor(mode: number, creator: string, peer: string | null) {
    this.mode = mode;
    this.creator = creator;
    this.peer = peer;
  }

  copy(): State {
    const state = new State(this.mode, this.creator, this.peer);
    state.joined = new Map(this.joined);
    state.granted = new Map(this.granted);
    state.invited = new Set(this.invited);
    state.links = new Set(this.links);
    state.committed = new Set(this.committed);
    state.revoked = new Set(this.revoked);
    state.bans = new Map(this.bans);
    state.last = new Map(this.last);
    state.profile = this.profile;
    state.void = new Set(this.void);
    state.removals = new Map(this.removals);
    return state;
  }

  get members(): ReadonlySet<string> {
    return new Set([...this.joined.keys()].filter((account) => !this.bans.has(account)));
  }

  /** The active ones as `account device`, also of accounts that are not members. A device counts for its own account only. */
  get devices(): ReadonlySet<string> {
    return new Set([...this.committed].filter((pair) => this.activePair(pair)));
  }

  /** The admins and their ranks; the fallback admin if nobody holds a grant. */
  get admins(): ReadonlyMap<string, Place> {
    if (this.granted.size > 0 || this.mode === 0) return this.granted;
    const joins = [...this.joined].filter(([account]) => !this.bans.has(account));
    const first = joins.sort(([a, one], [b, other]) => byPlace(one, other) || (a < b ? -1 : 1))[0];
    return new Map(first === undefined ? [] : [first]);
  }

  /** Whether a whole account (or an invite key) is. */
  isBanned(account: string): boolean {
    return this.bans.has(account);
  }

  isMember(account: string): boolean {
    return this.joined.has(account) && !this.bans.has(account);
  }

  isActive(account: string, device: string): boolean {
    return this.activePair(named(account, device));
  }

  private activePair(pair: string): boolean {
    return this.committed.has(pair) && !this.revoked.has(pair) && !this.bans.has(pair);
  }

  entitled(author: string, device: string): boolean {
    return this.isMember(author) && this.isActive(author, device);
  }

  /** Whether this is an entitled device of an admin. */
  governs(author: string, device: string): boolean {
    if (!this.entitled(author, device)) return false;
    return this.granted.has(author) || (this.granted.size === 0 && this.admins.has(author));
  }

  /** The bans in force that hit events of this device. */
  inForce(author: string, device: string): readonly string[] {
    return [author, named(author, device)].flatMap((target) => [...(this.bans.get(target) ?? [])]);
  }
}

/** The state after an initial event. */
export function begin(event: SignedEvent): State {
  const state = new State(event.body.mode as number, event.author, event.body.peer as string | null);
  state.joined.set(event.author, placeOf(event));
  if (state.mode !== 0) state.granted.set(event.author, placeOf(event));
  state.committed.add(named(event.author, event.device));
  return state;
}
