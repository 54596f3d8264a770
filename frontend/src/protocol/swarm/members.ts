/** Who may invite, join, leave, grant and resign, and commit devices (SPEC 7.3, table). */

import type { Certificate } from "../certificates.ts";
import { ProtocolError } from "../errors.ts";
import type { Revocation } from "../revocations.ts";
import { isByLink } from "./bodies.ts";
import { admits } from "./effects.ts";
import type { SignedEvent } from "./events.ts";
import type { State } from "./state.ts";
import { named } from "./state.ts";

export const MAX_MEMBERS = 256;
export const MAX_DEVICES = 16;

/** `event_rights` unless it holds. */
export function require(holds: boolean, event: SignedEvent): void {
  if (!holds) throw new ProtocolError("event_rights", event.kind);
}

/** `event_type` unless the mode has such events. */
export function requireType(holds: boolean, event: SignedEvent): void {
  if (!holds) throw new ProtocolError("event_type", event.kind);
}

export function requireEntitled(event: SignedEvent, state: State): void {
  require(state.entitled(event.author, event.device), event);
}

export function requireAdmin(event: SignedEvent, state: State): void {
  require(state.governs(event.author, event.device), event);
}

function requireRoom(taken: number, room: number, event: SignedEvent): void {
  if (taken >= room) throw new ProtocolError("event_limit", event.kind);
}

const adds = (state: State): boolean => state.mode === 1 || state.mode === 2;

export function mayAdd(event: SignedEvent, state: State): void {
  requireType(adds(state), event);
  (state.mode === 1 ? requireAdmin : requireEntitled)(event, state);
  const { account, invite } = event.body as Readonly<Record<string, string | null>>;
  if (account != null) {
    const known = state.joined.has(account) || state.invited.has(account);
    require(!known && !state.isBanned(account), event);
    requireRoom(state.invited.size, MAX_MEMBERS, event);
  } else if (invite != null) {
    require(!state.links.has(invite) && !state.isBanned(invite), event);
    requireRoom(state.links.size, MAX_MEMBERS, event);
  }
}

export function mayJoin(event: SignedEvent, state: State): void {
  requireType(!isByLink(event.body) || adds(state), event);
  const pair = named(event.author, event.device);
  require(!state.joined.has(event.author) && !state.isBanned(event.author), event);
  require(!state.revoked.has(pair) && !state.bans.has(pair), event);
  require(admits(event, state), event);
  if (state.mode !== 0) requireRoom(state.members.size, MAX_MEMBERS, event);
  requireRoomForDevice(event.author, event.device, event, state);
}

/** The only admin grants before leaving the others. */
export function mayLeave(event: SignedEvent, state: State): void {
  requireEntitled(event, state);
  if (state.mode === 0 || state.members.size === 1) return;
  const { admins } = state;
  require(admins.size !== 1 || !admins.has(event.author), event);
}

export function mayGrant(event: SignedEvent, state: State): void {
  requireType(state.mode !== 0, event);
  requireAdmin(event, state);
  const account = event.body.account as string;
  require(state.isMember(account) && !state.granted.has(account), event);
}

export function mayResign(event: SignedEvent, state: State): void {
  requireType(state.mode !== 0, event);
  requireEntitled(event, state);
  require(state.granted.has(event.author) && state.granted.size > 1, event);
}

export function mayEditProfile(event: SignedEvent, state: State): void {
  requireType(state.mode !== 0, event);
  requireAdmin(event, state);
}

/** A member's device commits that of any member; a new device of a member may commit itself. */
export function mayCommit(event: SignedEvent, state: State): void {
  const { account, device } = event.body.certificate as Certificate;
  const pair = named(account, device);
  require(state.isMember(account), event);
  require(!state.revoked.has(pair) && !state.bans.has(pair), event);
  if (account !== event.author || device !== event.device) requireEntitled(event, state);
  requireRoomForDevice(account, device, event, state);
}

export function mayRevoke(event: SignedEvent, state: State): void {
  requireEntitled(event, state);
  require(state.isMember((event.body.revocation as Revocation).account), event);
}

function requireRoomForDevice(account: string, device: string, event: SignedEvent, state: State): void {
  if (state.committed.has(named(account, device))) return;
  let taken = 0;
  for (const pair of state.committed) {
    if (pair.startsWith(`${account} `) && !state.revoked.has(pair)) taken++;
  }
  requireRoom(taken, MAX_DEVICES, event);
}
