/**
 * Saying things about what was said (SPEC 7.6): each function writes one event on top of everything held.
 *
 * ProtocolError, and nothing stored, if it would change nothing: `event_id` for a target that is not here or cannot be changed so, `event_rights`
 * for another account's.
 */

import { ProtocolError } from "../errors.ts";
import type { Author } from "./acts.ts";
import * as author from "./author.ts";
import type { SignedEvent } from "./events.ts";
import { lookOf } from "./lines.ts";
import type { Replica } from "./replica.ts";

/** Says something about a line of content. */
export async function reply(
  replica: Replica,
  by: Author,
  target: string,
  text: string,
  now: number,
): Promise<SignedEvent> {
  line(replica, target);
  return author.text(replica, by.key, by.account, text, now, target);
}

/** Says one's own text anew. */
export async function edit(
  replica: Replica,
  by: Author,
  target: string,
  text: string,
  now: number,
): Promise<SignedEvent> {
  if (line(replica, target, by.account).type !== "text") throw new ProtocolError("event_id", "target");
  return author.write(replica, by.key, by.account, "edit", { target, text }, now);
}

/** Takes one's own content or reaction away. */
export async function remove(
  replica: Replica,
  by: Author,
  target: string,
  now: number,
): Promise<SignedEvent> {
  const event = replica.get(target);
  if (event === null || event.type !== "reaction") line(replica, target, by.account);
  else if (event.author !== by.account) throw new ProtocolError("event_rights", "target");
  return author.write(replica, by.key, by.account, "delete", { target }, now);
}

/** Puts an emoji to a line of content. */
export async function react(
  replica: Replica,
  by: Author,
  target: string,
  emoji: string,
  now: number,
): Promise<SignedEvent> {
  line(replica, target);
  return author.write(replica, by.key, by.account, "reaction", { target, emoji }, now);
}

/** The content of that id that has a line; by `account`, if given. */
function line(replica: Replica, target: string, account: string | null = null): SignedEvent {
  const event = replica.get(target);
  const look = event === null ? null : lookOf(event);
  if (event === null || look === null || look === "control") throw new ProtocolError("event_id", "target");
  if (account !== null && account !== event.author) throw new ProtocolError("event_rights", "target");
  return event;
}
