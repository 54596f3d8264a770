/** Who may do what in a swarm, judged once against an event's own past (SPEC 7.3, 7.4 rule 1). */

import { ProtocolError } from "../errors.ts";
import type { SignedEvent } from "./events.ts";
import * as members from "./members.ts";
import type { State } from "./state.ts";
import type { Past } from "./votes.ts";
import * as votes from "./votes.ts";

type Rule = (event: SignedEvent, past: Past) => void;

/** `event_type`, `event_rights`, `event_limit` or `event_vote` unless the event is legal after its past. */
export function judge(event: SignedEvent, past: Past): void {
  if (!event.control) {
    members.requireEntitled(event, past.state);
    return;
  }
  const rule = RULES.get(event.kind);
  if (rule === undefined) throw new ProtocolError("unknown_control", event.kind);
  rule(event, past);
}

/** Whether the event is one that states are made of. */
export function changes(event: { readonly type: string; readonly control: boolean }): boolean {
  return event.control && event.type !== "merge";
}

function inState(rule: (event: SignedEvent, state: State) => void): Rule {
  return (event, past) => rule(event, past.state);
}

const RULES: ReadonlyMap<string, Rule> = new Map([
  ["member.add", inState(members.mayAdd)],
  ["member.join", inState(members.mayJoin)],
  ["member.leave", inState(members.mayLeave)],
  ["member.grant", inState(members.mayGrant)],
  ["member.resign", inState(members.mayResign)],
  ["member.ban", votes.mayBan],
  ["member.unban", votes.mayUnban],
  ["vote", votes.mayVote],
  ["device", inState(members.mayCommit)],
  ["device.revocation", inState(members.mayRevoke)],
  ["update-profile", inState(members.mayEditProfile)],
  ["merge", inState(members.requireEntitled)],
]);
