/** What a device does when it is told of a new event (SPEC 7.11). */

import type { State } from "./state.ts";

/**
 * `fetch`: ask the announcing device for what lacks. `later`: the same, once one of the devices that have it is there. `ask`: ask the announcer for an
 * invitation.
 */
export type Step = "nothing" | "fetch" | "later" | "ask";

/**
 * What the receiver knows. `own`: an own device announces; `removed`: the conversation was, or its announcer is blocked; `here`: its beginning is held;
 * `member`: the own account is one; `held`: the event is; `reachable`: the announcing device answers now.
 */
export interface Known {
  readonly own: boolean;
  readonly removed: boolean;
  readonly here: boolean;
  readonly member: boolean;
  readonly held: boolean;
  readonly reachable: boolean;
}

/** What to do, and whether to tell the own other devices: of news from others, once. */
export function heed(known: Known): { readonly step: Step; readonly passOn: boolean } {
  if (known.removed || known.held) return { step: "nothing", passOn: false };
  if (!known.own && !(known.here && known.member)) return { step: "ask", passOn: false };
  return { step: known.reachable ? "fetch" : "later", passOn: !known.own };
}

/** Whether somebody who asks for an invitation is sent the request (again): who is or may become a member. The others hear nothing. */
export function mayBeInvited(state: State, account: string): boolean {
  const admitted =
    state.mode === 3 || state.invited.has(account) || [state.peer, state.creator].includes(account);
  return !state.isBanned(account) && (admitted || state.isMember(account));
}

/** Whether a device of `own` syncs the history with devices of this account (SPEC 10). */
export function mayFetch(state: State, own: string, account: string): boolean {
  return account === own || mayBeInvited(state, account);
}

/**
 * The accounts whose invitation was taken back between these states, sorted: whoever sent them the request tells them `withdrawn` (SPEC 7.9).
 */
export function takenBack(before: State, after: State): readonly string[] {
  return [...before.invited].filter((account) => !mayBeInvited(after, account)).sort();
}
