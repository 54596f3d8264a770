/** What a replica makes of events, as the vectors and the random histories tell it. See tests/vectors/README.md. */

import { ProtocolError } from "../../src/protocol/errors.ts";
import { MemoryEventStore } from "../../src/protocol/swarm/memory.ts";
import { Replica } from "../../src/protocol/swarm/replica.ts";
import { byPlace } from "../../src/protocol/swarm/state.ts";
import { sodium } from "../support/keys.ts";

export function emptyReplica(swarm: string | null = null): Replica {
  return new Replica(sodium, new MemoryEventStore(), swarm);
}

/** What becomes of one event. */
export function step(replica: Replica, signed: unknown) {
  try {
    const outcome = replica.add(signed);
    if (outcome.kind === "duplicate") return { duplicate: true };
    if (outcome.kind === "late") return { late: true };
    if (outcome.kind === "waiting") return { waiting: outcome.missing };
    const refused = outcome.refused.map(([id, error]) => [id, error.code]);
    return { added: outcome.events.map(({ id }) => id), refused };
  } catch (error) {
    if (error instanceof ProtocolError) return { error: error.code };
    throw error;
  }
}

const pair = (name: string) => name.split(" ");

/** All that a replica shows of a group. */
export function groupView(replica: Replica) {
  if (replica.heads.length === 0) return { heads: [], order: [] };
  const { state } = replica;
  const order = replica.displayOrder().map(({ id }) => id);
  return {
    heads: replica.heads,
    members: [...state.members].sort(),
    admins: [...state.admins].sort(([, a], [, b]) => byPlace(a, b)).map(([account]) => account),
    invited: [...state.invited].sort(),
    links: [...state.links].sort(),
    devices: [...state.devices].sort().map(pair),
    revoked: [...state.revoked].sort().map(pair),
    banned: [...state.bans.keys()].sort().map((name) => [...pair(name), null].slice(0, 2)),
    profile: [...state.profile].sort().at(-1) ?? null,
    order,
    void: order.filter((id) => replica.mark(id) === "void"),
    collapsed: order.filter((id) => replica.mark(id) === "collapsed"),
  };
}
