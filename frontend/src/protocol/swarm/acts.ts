/**
 * What people do in groups (SPEC 7.3, modes 1 to 3): each writes one event on top of everything held.
 *
 * ProtocolError, and nothing stored, if it would not be legal.
 */

import type { Certificate } from "../certificates.ts";
import { b64encode } from "../encoding.ts";
import type { Random, SignKey } from "../ports.ts";
import type { Members } from "../schema.ts";
import { add, write } from "./author.ts";
import type { SignedEvent } from "./events.ts";
import { admission, makeInitial } from "./events.ts";
import type { Replica } from "./replica.ts";
import type { Target } from "./state.ts";
import { Poll } from "./votes.ts";

/** Who writes: a device with its account. */
export interface Author {
  readonly key: SignKey;
  readonly account: string;
}

export type Decision = "ban" | "unban";

export interface Profile {
  readonly title: string | null;
  readonly description: string | null;
  /** The `file` of a picture. */
  readonly avatar: string | null;
  /** The devices that host its calls, `account/device`, sorted. */
  readonly hosts: readonly string[];
}

const UNTITLED: Profile = { title: null, description: null, avatar: null, hosts: [] };

/** Starts a group of mode 1, 2 or 3 in an empty replica. */
export async function beginGroup(
  replica: Replica,
  key: SignKey,
  certificate: Certificate,
  mode: number,
  now: number,
  random: Random,
): Promise<SignedEvent> {
  return add(replica, await makeInitial(key, certificate, { mode, peer: null }, now, random));
}

/** Invites an account. */
export function invite(replica: Replica, by: Author, account: string, now: number): Promise<SignedEvent> {
  return member(replica, by, { action: "add", account, invite: null }, now);
}

/** Lets whoever holds the private half of this invite key join. */
export function openLink(replica: Replica, by: Author, publicKey: string, now: number): Promise<SignedEvent> {
  return member(replica, by, { action: "add", account: null, invite: publicKey }, now);
}

/** Becomes a member by a join link. */
export async function joinByLink(
  replica: Replica,
  key: SignKey,
  certificate: Certificate,
  inviteKey: SignKey,
  now: number,
): Promise<SignedEvent> {
  const { account } = certificate;
  const signed = admission({ author: account, device: key.public, swarm: replica.swarm ?? "" });
  const proof = b64encode(await inviteKey.sign(signed));
  const body = { action: "join", certificate, invite: inviteKey.public, proof };
  return member(replica, { key, account }, body, now);
}

/** Makes a member an admin. */
export function grant(replica: Replica, by: Author, account: string, now: number): Promise<SignedEvent> {
  return member(replica, by, { action: "grant", account }, now);
}

/** Is an admin no longer. */
export function resign(replica: Replica, by: Author, now: number): Promise<SignedEvent> {
  return member(replica, by, { action: "resign" }, now);
}

/** Speaks for a ban or unban: the deed itself if one's voice completes the quorum, else a vote. */
export function decide(
  replica: Replica,
  by: Author,
  action: Decision,
  target: Target,
  now: number,
): Promise<SignedEvent> {
  const { past } = replica;
  const poll = new Poll(action, target, past);
  const votes = poll.votes(by.account);
  if (votes.length + 1 < poll.quorum || !past.state.admins.has(by.account)) {
    return vote(replica, by, action, target, now);
  }
  const voters = [by.account, ...votes.flatMap((id) => past.find(id)?.author ?? [])];
  const { quorum } = poll;
  return member(replica, by, { action, ...target, quorum, senior: poll.senior(voters), votes }, now);
}

/** A vote to ban or unban an account, an invite key or one device. */
export function vote(
  replica: Replica,
  { key, account }: Author,
  action: Decision,
  target: Target,
  now: number,
): Promise<SignedEvent> {
  const { last } = new Poll(action, target, replica.past);
  const body = { action, account: target.account, device: target.device, last };
  return write(replica, key, account, "vote", body, now);
}

/** Says what the group is called, is about and looks like; what `profile` leaves out is taken away. */
export function editProfile(
  replica: Replica,
  { key, account }: Author,
  profile: Partial<Profile>,
  now: number,
): Promise<SignedEvent> {
  return write(replica, key, account, "update-profile", { ...UNTITLED, ...profile }, now);
}

function member(replica: Replica, by: Author, body: Members, now: number): Promise<SignedEvent> {
  return write(replica, by.key, by.account, "member", body, now);
}
