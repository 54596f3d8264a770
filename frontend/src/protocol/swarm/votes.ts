/** Who may vote, ban and unban (SPEC 7.4, rule 5). */

import { ProtocolError } from "../errors.ts";
import type { SignedEvent } from "./events.ts";
import { require, requireAdmin, requireType } from "./members.ts";
import type { Place, State, Target } from "./state.ts";
import { byPlace, named, targetOf } from "./state.ts";

/** The control events of one past. */
export interface Past {
  readonly state: State;
  /** Those of the frontiers by id, undefined outside of it. */
  readonly find: (id: string) => SignedEvent | undefined;
  readonly events: () => readonly SignedEvent[];
}

/** What decides about a target in one past. */
export class Poll {
  readonly action: string;
  readonly target: Target;
  private readonly past: Past;
  private readonly admins: ReadonlyMap<string, Place>;

  constructor(action: string, target: Target, past: Past) {
    this.action = action;
    this.target = target;
    this.past = past;
    this.admins = past.state.admins;
  }

  /** The latest ban or unban of the target. */
  get last(): string | null {
    return this.past.state.last.get(named(this.target.account, this.target.device))?.[1] ?? null;
  }

  /** More than half of the admins other than the target. */
  get quorum(): number {
    const others = this.admins.size - (this.admins.has(this.target.account) ? 1 : 0);
    return Math.floor(others / 2) + 1;
  }

  /** Whether this control event of the past is a vote in this poll. */
  counts({ id, type, author, body }: SignedEvent): boolean {
    return (
      type === "vote" &&
      body.action === this.action &&
      body.account === this.target.account &&
      body.device === this.target.device &&
      body.last === this.last &&
      !this.past.state.void.has(id) &&
      this.admins.has(author)
    );
  }

  /** The ids of one valid vote of each voter other than `own`, sorted. */
  votes(own: string): readonly string[] {
    const counted = this.past.events().filter((vote) => vote.author !== own && this.counts(vote));
    return [...new Map(counted.map((vote) => [vote.author, vote.id])).values()].sort();
  }

  /** The id of the grant (or join) of the most senior of these admins. */
  senior(voters: Iterable<string>): string {
    const ranks = [...voters].map((voter) => this.admins.get(voter)).filter((rank) => rank !== undefined);
    const [first] = ranks.sort(byPlace);
    if (first === undefined) throw new RangeError("a ban's author is an admin");
    return first[1];
  }
}

export function mayVote(event: SignedEvent, past: Past): void {
  const found = poll(event, event.body.action as string, past);
  if (event.body.last !== found.last) throw new ProtocolError("event_vote", "last");
}

export function mayBan(event: SignedEvent, past: Past): void {
  requireVotes(event, poll(event, "ban", past), past);
}

export function mayUnban(event: SignedEvent, past: Past): void {
  requireVotes(event, poll(event, "unban", past), past);
}

function poll(event: SignedEvent, action: string, past: Past): Poll {
  const { state } = past;
  const target = targetOf(event);
  requireType(state.mode !== 0, event);
  requireAdmin(event, state);
  require(event.author !== target.account, event);
  const may =
    action === "ban" ? bannable(target, state) : state.bans.has(named(target.account, target.device));
  require(may, event);
  return new Poll(action, target, past);
}

/** Whether an account, invite key or device could be banned now. */
export function bannable({ account, device }: Target, state: State): boolean {
  if (account === state.creator) return false;
  if (device !== null) return state.isMember(account) && state.isActive(account, device);
  return state.isMember(account) || state.invited.has(account) || state.links.has(account);
}

function requireVotes(event: SignedEvent, found: Poll, past: Past): void {
  const voters = new Set([event.author]);
  for (const id of event.body.votes as readonly string[]) {
    const vote = past.find(id);
    if (vote === undefined || !found.counts(vote) || voters.has(vote.author)) {
      throw new ProtocolError("event_vote", "votes");
    }
    voters.add(vote.author);
  }
  if (event.body.quorum !== found.quorum || voters.size < found.quorum) {
    throw new ProtocolError("event_vote", "quorum");
  }
  if (event.body.senior !== found.senior(voters)) throw new ProtocolError("event_vote", "senior");
}
