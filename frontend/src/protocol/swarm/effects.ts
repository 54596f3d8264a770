/**
 * What control events do to a State, and whether their authors still may when the events of several branches are replayed (SPEC 7.4, rule 4: e and
 * f, effects).
 */

import type { Certificate } from "../certificates.ts";
import type { SignedEvent } from "./events.ts";
import type { State } from "./state.ts";
import { named, placeOf, targetOf } from "./state.ts";

/** Whether an event of this id lies in the past of the one being applied. */
export type Before = (id: string) => boolean;
type Stands = (event: SignedEvent, state: State) => boolean;
type Effect = (event: SignedEvent, state: State, before: Before) => void;

/** Whether the author is still entitled, in the middle of a replay. */
export function stands(event: SignedEvent, state: State): boolean {
  return of(STANDS, event)(event, state);
}

/** Changes the state. */
export function apply(event: SignedEvent, state: State, before: Before): void {
  of(EFFECTS, event)(event, state, before);
}

function of<T>(table: ReadonlyMap<string, T>, event: SignedEvent): T {
  const found = table.get(event.kind);
  if (found === undefined) throw new RangeError(`${event.kind} is not part of states`);
  return found;
}

/** The account or invite key of an `add`. */
export function invitedBy(event: SignedEvent): string {
  return (event.body.account ?? event.body.invite) as string;
}

/** Whether the mode lets the author of a join in. */
export function admits(event: SignedEvent, state: State): boolean {
  if (state.mode === 0) return event.author === state.peer;
  if (state.mode === 3) return true;
  const { invite } = event.body;
  return invite === undefined ? state.invited.has(event.author) : state.links.has(invite as string);
}

const governs: Stands = (event, state) => state.governs(event.author, event.device);
const entitled: Stands = (event, state) => state.entitled(event.author, event.device);

const addStands: Stands = (event, state) =>
  (state.mode === 1 ? governs : entitled)(event, state) && !state.isBanned(invitedBy(event));

const joinStands: Stands = (event, state) => {
  const pair = named(event.author, event.device);
  if (state.revoked.has(pair) || state.bans.has(pair) || state.isBanned(event.author)) return false;
  return state.joined.has(event.author) || admits(event, state);
};

const deviceStands: Stands = (event, state) => {
  const { account, device } = event.body.certificate as Certificate;
  if (!state.joined.has(account)) return false;
  return (account === event.author && device === event.device) || entitled(event, state);
};

const STANDS: ReadonlyMap<string, Stands> = new Map<string, Stands>([
  ["member.add", addStands],
  ["member.join", joinStands],
  ["member.leave", (event, state) => state.isActive(event.author, event.device)],
  ["member.grant", (event, state) => governs(event, state) && state.isMember(event.body.account as string)],
  ["member.resign", (event, state) => entitled(event, state) && state.granted.has(event.author)],
  ["member.ban", governs],
  ["member.unban", governs],
  ["vote", governs],
  ["device", deviceStands],
  ["device.revocation", () => true],
  ["update-profile", governs],
]);

const add: Effect = (event, state) => {
  const { account, invite } = event.body;
  if (invite !== null) state.links.add(invite as string);
  else if (!state.joined.has(account as string)) state.invited.add(account as string);
};

const join: Effect = (event, state) => {
  if (!state.joined.has(event.author)) state.joined.set(event.author, placeOf(event));
  state.invited.delete(event.author);
  state.committed.add(named(event.author, event.device));
};

const leave: Effect = (event, state) => {
  state.joined.delete(event.author);
  state.granted.delete(event.author);
};

const grant: Effect = (event, state) => {
  const account = event.body.account as string;
  if (!state.granted.has(account)) state.granted.set(account, placeOf(event));
};

const resign: Effect = (event, state) => {
  state.granted.delete(event.author);
};

const ban: Effect = (event, state) => {
  const target = targetOf(event);
  const name = named(target.account, target.device);
  state.bans.set(name, new Set([...(state.bans.get(name) ?? []), event.id]));
  state.removals.set(event.id, target);
  if (target.device !== null) return;
  state.granted.delete(target.account);
  state.invited.delete(target.account);
  state.links.delete(target.account);
};

const unban: Effect = (event, state, before) => {
  const target = targetOf(event);
  const name = named(target.account, target.device);
  const left = [...(state.bans.get(name) ?? [])].filter((id) => !before(id));
  if (left.length > 0) state.bans.set(name, new Set(left));
  else state.bans.delete(name);
};

const commit: Effect = (event, state) => {
  const { account, device } = event.body.certificate as Certificate;
  state.committed.add(named(account, device));
};

const revoke: Effect = (event, state) => {
  const target = targetOf(event);
  state.revoked.add(named(target.account, target.device));
  state.removals.set(event.id, target);
};

const editProfile: Effect = (event, state, before) => {
  state.profile = new Set([...state.profile].filter((edit) => !before(edit)).concat(event.id));
};

const EFFECTS: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ["member.add", add],
  ["member.join", join],
  ["member.leave", leave],
  ["member.grant", grant],
  ["member.resign", resign],
  ["member.ban", ban],
  ["member.unban", unban],
  // A vote counts in the ban that cites it.
  ["vote", () => undefined],
  ["device", commit],
  ["device.revocation", revoke],
  ["update-profile", editProfile],
]);
