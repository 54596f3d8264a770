/**
 * Who may do what in a swarm, judged against an event's own past (SPEC 7.3).
 *
 * `State` is what the control events of a past amount to. Each kind of control event has one rule: is it legal in that state, and what does it make
 * of it. Only mode 0 is carried so far; in it rights only grow, so the state of any past is the replay of its control events by (depth, id).
 */

import type { Certificate } from "../certificates.ts";
import { ProtocolError } from "../errors.ts";
import type { SignedEvent } from "./events.ts";

export const MODES: ReadonlySet<number> = new Set([0]);

/** Members and their devices at one place of the history. */
export interface State {
  readonly mode: number;
  readonly creator: string;
  readonly peer: string | null;
  readonly members: ReadonlySet<string>;
  /** `account device`, so that a device counts for its own account only. */
  readonly devices: ReadonlySet<string>;
}

/** `legal` throws unless the event may follow the state; `apply` gives the state after it. */
interface Rule {
  readonly legal: (event: SignedEvent, past: State) => void;
  readonly apply: (event: SignedEvent, past: State) => State;
  /** A rule that does not change the state keeps its events out of the frontiers. */
  readonly changes: boolean;
}

export function entitled(state: State, author: string, device: string): boolean {
  return state.members.has(author) && state.devices.has(`${author} ${device}`);
}

/** The state after an initial event. */
export function begin(event: SignedEvent): State {
  return {
    mode: event.body.mode as number,
    creator: event.author,
    peer: event.body.peer as string | null,
    members: new Set([event.author]),
    devices: new Set([`${event.author} ${event.device}`]),
  };
}

/** `unknown_mode` unless this version carries the mode of the initial event. */
export function checkMode(event: SignedEvent): void {
  if (!MODES.has(event.body.mode as number)) throw new ProtocolError("unknown_mode", "mode");
}

/** `event_rights` or `event_type` unless the event is legal after its past. */
export function judge(event: SignedEvent, past: State): void {
  if (event.control) rule(event).legal(event, past);
  else requireEntitled(event, past);
}

/** Whether the event is one that states are made of. */
export function changes(event: SignedEvent): boolean {
  return event.type === "initial" || (event.control && rule(event).changes);
}

export function apply(event: SignedEvent, past: State): State {
  return rule(event).apply(event, past);
}

/** The state after the control events of a past, which come by (depth, id), the initial one first. */
export function replay(events: readonly SignedEvent[]): State {
  const [first, ...rest] = events;
  if (first === undefined) throw new RangeError("a past begins with an initial event");
  return rest.reduce((state, event) => apply(event, state), begin(first));
}

function requireEntitled(event: SignedEvent, past: State): void {
  if (!entitled(past, event.author, event.device)) throw new ProtocolError("event_rights", event.kind);
}

function mayJoin(event: SignedEvent, past: State): void {
  if (past.mode !== 0) throw new ProtocolError("event_type", event.kind);
  if (event.author !== past.peer || past.members.has(event.author)) {
    throw new ProtocolError("event_rights", event.kind);
  }
}

/** A member's device commits that of any member; a new device of a member may commit itself. */
function mayCommitDevice(event: SignedEvent, past: State): void {
  const { account, device } = event.body.certificate as Certificate;
  if (!past.members.has(account)) throw new ProtocolError("event_rights", event.kind);
  if (account !== event.author || device !== event.device) requireEntitled(event, past);
}

function introduced(event: SignedEvent, past: State): State {
  const { account, device } = event.body.certificate as Certificate;
  return {
    ...past,
    members: new Set([...past.members, account]),
    devices: new Set([...past.devices, `${account} ${device}`]),
  };
}

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["member.join", { legal: mayJoin, apply: introduced, changes: true }],
  ["device", { legal: mayCommitDevice, apply: introduced, changes: true }],
  ["merge", { legal: requireEntitled, apply: (_, past) => past, changes: false }],
]);

function rule(event: SignedEvent): Rule {
  const found = RULES.get(event.kind);
  if (found === undefined) throw new ProtocolError("unknown_control", event.kind);
  return found;
}
