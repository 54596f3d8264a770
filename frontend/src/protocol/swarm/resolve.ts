/**
 * Senior-first strong removal (SPEC 7.4, rules 2 to 4): from legal control events to the state they amount to.
 *
 * Pure: the result depends on the set of events alone. Bans carry their quorum and the grant that ranks them, which were judged when they were taken.
 */

import { Bits } from "./bits.ts";
import { apply, invitedBy, stands } from "./effects.ts";
import type { SignedEvent } from "./events.ts";
import type { Place } from "./state.ts";
import { begin, byPlace, named, placeOf, State, targetOf } from "./state.ts";

/** A control event among others: its own number, and those of its control ancestors. */
export interface Node {
  readonly event: SignedEvent;
  readonly number: number;
  readonly past: Bits;
}

const BAN = "member.ban";
const ENDED: ReadonlySet<string> = new Set([BAN, "member.unban"]);
const REVOCATION = "device.revocation";

/** The state after these events, which hold all their control ancestors, `merge` events left out. */
export function resolve(nodes: readonly Node[]): State {
  return new Resolution([...nodes].sort((a, b) => byPlace(placeOf(a.event), placeOf(b.event)))).state();
}

/** The state after a legal event whose past `before` is the state of; `numberOf` finds events of that past. */
export function follow(node: Node, before: State, numberOf: (id: string) => number): State {
  const after = before.copy();
  markLast(node.event, after);
  apply(node.event, after, (id) => node.past.has(numberOf(id)));
  return after;
}

function concurrent(a: Node, b: Node): boolean {
  return a !== b && !a.past.has(b.number) && !b.past.has(a.number);
}

class Resolution {
  private readonly nodes: readonly Node[];
  private readonly index: ReadonlyMap<string, Node>;
  /** Events by author, and by author and device as `named`. */
  private readonly of = new Map<string, Node[]>();
  /** Grants and adds by whom they raise, joins by the link's invite key. */
  private readonly raising = new Map<string, Node[]>();
  private readonly revoked = new Bits();
  /** Senior to junior, those out that a revocation makes void. */
  private readonly bans: readonly Node[];
  /** By ban, the bans concurrent to it. */
  private readonly rivals = new Map<Node, Bits>();
  /** By ban, what it makes void if it is effective (rule 4, b and c). */
  private readonly voids = new Map<Node, Bits>();

  constructor(nodes: readonly Node[]) {
    this.nodes = nodes;
    this.index = new Map(nodes.map((node) => [node.event.id, node]));
    for (const node of nodes) this.note(node);
    for (const node of nodes) if (node.event.kind === REVOCATION) this.revoke(node);
    const bans = nodes.filter((node) => node.event.kind === BAN && !this.revoked.has(node.number));
    this.bans = this.bySeniority(bans);
    for (const ban of bans) {
      this.rivals.set(ban, bitsOf(bans.filter((other) => concurrent(ban, other))));
      this.voids.set(ban, bitsOf(this.voidedBy(ban)));
    }
  }

  /** Sorts an event under what removals name. */
  private note(node: Node): void {
    const { author, device, kind, body } = node.event;
    push(this.of, author, node);
    push(this.of, named(author, device), node);
    if (kind === "member.grant") push(this.raising, body.account as string, node);
    if (kind === "member.add") push(this.raising, invitedBy(node.event), node);
    if (kind === "member.join" && body.invite !== undefined) push(this.raising, body.invite as string, node);
  }

  private revoke(node: Node): void {
    for (const hit of this.hitBy(node)) this.revoked.add(hit.number);
  }

  /** The events concurrent to this removal whose device it names. */
  private hitBy(removal: Node): readonly Node[] {
    const { account, device } = targetOf(removal.event);
    const hit = this.of.get(named(account, device)) ?? [];
    return hit.filter((node) => node.event.kind !== REVOCATION && concurrent(node, removal));
  }

  private voidedBy(ban: Node): readonly Node[] {
    const { account, device } = targetOf(ban.event);
    if (device !== null) return this.hitBy(ban);
    const raised = (this.raising.get(account) ?? []).filter((node) => concurrent(node, ban));
    return [...this.hitBy(ban).filter((node) => node.event.kind !== "member.leave"), ...raised];
  }

  private bySeniority(bans: readonly Node[]): readonly Node[] {
    const ranked = bans.map((ban): [Place, Place, Node] => {
      return [placeOf(this.node(ban.event.body.senior as string).event), placeOf(ban.event), ban];
    });
    return ranked.sort((a, b) => byPlace(a[0], b[0]) || byPlace(a[1], b[1])).map(([, , ban]) => ban);
  }

  state(): State {
    const dropped = new Set<Node>();
    for (;;) {
      const outcome = this.replay(this.effective(dropped));
      if (outcome instanceof State) return outcome;
      dropped.add(outcome);
    }
  }

  /** The bans that are effective (rule 3). */
  private effective(dropped: ReadonlySet<Node>): ReadonlySet<Node> {
    const effective = new Set<Node>();
    const against = new Map<string, Bits>();
    for (const ban of this.bans) {
      if (dropped.has(ban)) continue;
      const { author, device } = ban.event;
      const rivals = this.rivals.get(ban) ?? new Bits();
      if ([author, named(author, device)].some((name) => against.get(name)?.meets(rivals))) continue;
      effective.add(ban);
      const target = targetOf(ban.event);
      const name = named(target.account, target.device);
      const known = against.get(name) ?? new Bits();
      known.add(ban.number);
      against.set(name, known);
    }
    return effective;
  }

  /** The state (rule 4), or the first effective ban that fails. */
  private replay(effective: ReadonlySet<Node>): State | Node {
    const [first, ...rest] = this.nodes;
    if (first === undefined) throw new RangeError("a past begins with an initial event");
    const void_ = new Bits();
    void_.addAll(this.revoked);
    for (const ban of effective) void_.addAll(this.voids.get(ban) ?? new Bits());
    const state = begin(first.event);
    for (const node of rest) {
      const { event } = node;
      markLast(event, state);
      const out = event.kind === BAN && !effective.has(node);
      if (!out && !void_.has(node.number) && this.holds(event, state)) {
        apply(event, state, (id) => node.past.has(this.node(id).number));
      } else if (effective.has(node)) return node;
      else state.void.add(event.id);
    }
    return state;
  }

  private holds(event: SignedEvent, state: State): boolean {
    if (ENDED.has(event.kind)) {
      const votes = (event.body.votes as readonly string[]).filter((vote) => !state.void.has(vote));
      const voters = new Set([event.author, ...votes.map((vote) => this.node(vote).event.author)]);
      if (voters.size < (event.body.quorum as number)) return false;
    }
    return stands(event, state);
  }

  private node(id: string): Node {
    const node = this.index.get(id);
    if (node === undefined) throw new RangeError(`control event ${id} is not among its descendants`);
    return node;
  }
}

function markLast(event: SignedEvent, state: State): void {
  if (!ENDED.has(event.kind)) return;
  const { account, device } = targetOf(event);
  const name = named(account, device);
  const known = state.last.get(name);
  if (known === undefined || byPlace(known, placeOf(event)) < 0) state.last.set(name, placeOf(event));
}

function push(lists: Map<string, Node[]>, name: string, node: Node): void {
  const known = lists.get(name);
  if (known === undefined) lists.set(name, [node]);
  else known.push(node);
}

function bitsOf(nodes: readonly Node[]): Bits {
  const bits = new Bits();
  for (const node of nodes) bits.add(node.number);
  return bits;
}
